//! A document that goes out at the province, from its draft to the leader's signature: every act by
//! every role in every state, who sees it from when on, its versions, and initials by signature.

use congvan_model::{DocumentId, DocumentState, FileId, ReceiverRole, RevisionId};
use congvan_pades::TrustAnchors;
use congvan_protocol::{
    Document, Intent, OpOutcome, OpResult, ProblemCode, RegisteredFile,
    handling::{ActKind, HandlingAct},
};
use congvan_province::Seed;
use congvan_testkit::{
    CLERK, COLLEAGUE, HEAD, LEADER, OFFICIAL, OTHER_HEAD, PEOPLE, Person, Pki, SignerKind,
};
use uuid::Uuid;

use crate::{
    handling::{Staff, fields, give_back},
    office::{Child, applied, code, sha256, sign, start, start_with},
};

const COURSE: [DocumentState; 5] = [
    DocumentState::Draft,
    DocumentState::ContentReview,
    DocumentState::FormatReview,
    DocumentState::AwaitingInitials,
    DocumentState::AwaitingSignature,
];

fn place(state: DocumentState) -> usize {
    let place = COURSE.iter().position(|known| *known == state);
    place.expect("a state of the course")
}

pub(crate) fn file(bytes: &[u8]) -> RegisteredFile {
    RegisteredFile {
        file: FileId(Uuid::now_v7()),
        revision: RevisionId(Uuid::now_v7()),
        sha256: sha256(bytes),
        size: bytes.len() as u64,
        name: "du-thao.pdf".to_owned(),
        pages: Some(1),
    }
}

pub(crate) fn pdf(words: &str) -> Vec<u8> {
    format!("%PDF-1.7\n% {words} {}\n%%EOF\n", Uuid::now_v7()).into_bytes()
}

pub(crate) fn intent(bytes: &[u8]) -> Intent {
    Intent::DraftDocument {
        fields: Box::new(fields("Kiện toàn Ban Chỉ huy")),
        file: Box::new(file(bytes)),
        origin: None,
    }
}

/// A draft of the official with these bytes.
pub(crate) async fn drafted(staff: &mut Staff, bytes: &[u8]) -> DocumentId {
    let document = DocumentId(Uuid::now_v7());
    staff.desk(&OFFICIAL).upload(bytes, None).await;
    let result = staff.send(&OFFICIAL, document, intent(bytes)).await;
    assert!(applied(&result), "{result:?}");
    document
}

/// A draft that has come as far as this state.
pub(crate) async fn document_in(staff: &mut Staff, state: DocumentState) -> DocumentId {
    let document = drafted(staff, &pdf("dự thảo")).await;
    let steps: [(&Person, ActKind); 4] = [
        (&OFFICIAL, ActKind::Submit),
        (&HEAD, ActKind::Approve),
        (&CLERK, ActKind::CheckFormat),
        (&HEAD, ActKind::Initial),
    ];
    for (person, kind) in steps.into_iter().take(place(state)) {
        let act = staff.any(kind);
        staff.done(person, document, act).await;
    }
    document
}

/// Who may do it there; written by hand, not out of the table that is tested.
fn may(kind: ActKind, state: DocumentState) -> Option<&'static Person> {
    use DocumentState::{AwaitingInitials, AwaitingSignature, ContentReview, Draft, FormatReview};
    match (kind, state) {
        (ActKind::Revise | ActKind::Submit | ActKind::Discard, Draft) => Some(&OFFICIAL),
        (ActKind::Revise | ActKind::Approve | ActKind::Return, ContentReview) => Some(&HEAD),
        (ActKind::CheckFormat | ActKind::Return, FormatReview) => Some(&CLERK),
        (ActKind::Initial | ActKind::Return, AwaitingInitials) => Some(&HEAD),
        (ActKind::Return, AwaitingSignature) => Some(&LEADER),
        (
            ActKind::TakeBack,
            ContentReview | FormatReview | AwaitingInitials | AwaitingSignature,
        ) => Some(&OFFICIAL),
        _ => None,
    }
}

/// From which state on a person sees it.
fn sees_from(person: &Person) -> Option<DocumentState> {
    match person.username {
        name if name == OFFICIAL.username => Some(DocumentState::Draft),
        name if name == CLERK.username => Some(DocumentState::FormatReview),
        name if name == LEADER.username => Some(DocumentState::AwaitingSignature),
        name if name == COLLEAGUE.username => None,
        _ => Some(DocumentState::ContentReview),
    }
}

/// What a person who may not do it is told.
fn refusal(kind: ActKind, state: DocumentState, person: &Person) -> ProblemCode {
    let sees = sees_from(person).is_some_and(|from| place(from) <= place(state));
    if !sees {
        return ProblemCode::NotFound;
    }
    // The part is this person's at another step.
    let parts: &[&Person] = match kind {
        ActKind::Revise => &[&OFFICIAL, &HEAD],
        ActKind::Submit | ActKind::TakeBack | ActKind::Discard => &[&OFFICIAL],
        ActKind::Approve => &[&HEAD],
        ActKind::CheckFormat => &[&CLERK],
        ActKind::Initial if place(state) >= place(DocumentState::AwaitingInitials) => &[&HEAD],
        ActKind::Return => &[&HEAD, &CLERK, &LEADER],
        ActKind::Number
        | ActKind::Seal
        | ActKind::Issue
        | ActKind::Recall
        | ActKind::Mail
        | ActKind::Lend
        | ActKind::TakeIn => &[&CLERK],
        ActKind::File | ActKind::Amend => &[&OFFICIAL, &CLERK],
        ActKind::Copy => &[&CLERK],
        ActKind::Initial
        | ActKind::Direct
        | ActKind::Assign
        | ActKind::TakeUp
        | ActKind::Resolve
        | ActKind::HandOver
        | ActKind::AskExtension
        | ActKind::AnswerExtension
        | ActKind::Refuse
        | ActKind::AnswerRecall => &[],
    };
    if parts.iter().any(|part| part.username == person.username) {
        ProblemCode::WrongState
    } else {
        ProblemCode::Forbidden
    }
}

#[tokio::test]
async fn every_act_by_every_role_in_every_state_of_a_draft_is_done_or_refused_with_its_code() {
    let mut staff = Staff::of(start(Seed::Empty)).await;
    let mut tried = 0;
    for state in COURSE {
        let mut document = document_in(&mut staff, state).await;
        for kind in ActKind::ALL {
            for person in &PEOPLE {
                tried += 1;
                let act = staff.any(kind);
                if may(kind, state).is_some_and(|one| one.username == person.username) {
                    staff.done(person, document, act).await;
                    document = document_in(&mut staff, state).await;
                    continue;
                }
                let result = staff.act(person, document, act).await;
                assert_eq!(
                    code(&result),
                    Some(refusal(kind, state, person)),
                    "{kind:?} {state:?} {}",
                    person.full_name
                );
            }
        }
        let seen = staff.sees(&OFFICIAL, document).await.expect("there");
        assert_eq!(seen.state, state, "what is refused changes nothing");
    }
    assert_eq!(tried, COURSE.len() * ActKind::ALL.len() * PEOPLE.len());
}

#[tokio::test]
async fn each_sees_a_draft_from_the_step_that_concerns_them_and_reads_who_did_what() {
    let mut staff = Staff::of(start(Seed::Empty)).await;
    for state in COURSE {
        let document = document_in(&mut staff, state).await;
        for person in &PEOPLE {
            let seen = staff.sees(person, document).await;
            let should = sees_from(person).is_some_and(|from| place(from) <= place(state));
            assert_eq!(seen.is_some(), should, "{state:?} {}", person.full_name);
        }
    }
    let document = document_in(&mut staff, DocumentState::AwaitingSignature).await;
    let seen = staff
        .sees(&LEADER, document)
        .await
        .expect("before the leader");
    assert_eq!(seen.role, Some(ReceiverRole::Lead));
    assert_eq!(
        (
            seen.signer.full_name.as_str(),
            seen.signer.position.as_str()
        ),
        (LEADER.full_name, LEADER.title)
    );
    assert_eq!(seen.issuer.name, "UBND xã Bình Minh Đông");
    let notes: Vec<&str> = seen.flow.iter().map(|step| step.note.as_str()).collect();
    assert_eq!(
        notes,
        [
            "Soạn thảo",
            "Trình duyệt nội dung Hoàng Văn E (Phòng Kinh tế xã Bình Minh Đông); \
             xin ý kiến Đặng Thị H (Phòng Văn hóa – Xã hội xã Bình Minh Đông)",
            "Duyệt nội dung",
            "Duyệt thể thức; trình ký Nguyễn Văn A; ký nháy Hoàng Văn E",
            "Ký nháy",
        ]
    );
    // Sent back by the leader, it is the drafter's again, and nobody's signature stands on it.
    staff
        .done(&LEADER, document, give_back("Thiếu căn cứ"))
        .await;
    let seen = staff
        .sees(&OFFICIAL, document)
        .await
        .expect("the drafter's");
    assert_eq!(
        (seen.state, seen.signer.full_name.as_str()),
        (DocumentState::Draft, "")
    );
    let out = seen.handling.and_then(|handling| handling.outgoing);
    let back = out.and_then(|out| out.sent_back).expect("why");
    assert_eq!(
        (back.by.full_name.as_str(), back.reason.as_str()),
        (LEADER.full_name, "Thiếu căn cứ")
    );
    // Given up, it is gone from every desk.
    let act = staff.any(ActKind::Discard);
    staff.done(&OFFICIAL, document, act).await;
    for person in &PEOPLE {
        assert!(staff.sees(person, document).await.is_none());
    }
}

#[tokio::test]
async fn who_takes_a_draft_back_first_is_named_to_who_comes_too_late() {
    let mut staff = Staff::of(start(Seed::Empty)).await;
    let document = document_in(&mut staff, DocumentState::ContentReview).await;
    staff
        .done(&OFFICIAL, document, HandlingAct::TakeBack {})
        .await;
    let act = staff.any(ActKind::Approve);
    let late = staff.act(&HEAD, document, act).await;
    let OpOutcome::Conflict { code, detail } = late.outcome else {
        panic!("{late:?}");
    };
    assert_eq!(code, ProblemCode::WrongState);
    assert!(
        detail.starts_with("Lê Văn C: Rút lại dự thảo ("),
        "{detail}"
    );
}

pub(crate) fn head(document: &Document) -> congvan_model::Sha256 {
    document.files[0].head().expect("a head").sha256
}

#[tokio::test]
async fn a_version_is_numbered_and_uploaded_first_and_the_versions_before_stay() {
    let mut staff = Staff::of(start(Seed::Empty)).await;
    let first = pdf("lần 1");
    let document = drafted(&mut staff, &first).await;
    let seen = staff.sees(&OFFICIAL, document).await.expect("there");
    let bytes = pdf("lần 2");
    let version = RegisteredFile {
        file: seen.files[0].id,
        ..file(&bytes)
    };
    let revise = |file: &RegisteredFile| HandlingAct::Revise {
        file: Some(Box::new(file.clone())),
        fields: None,
        text: "Sửa căn cứ".to_owned(),
    };
    let early = staff.act(&OFFICIAL, document, revise(&version)).await;
    let OpOutcome::Blocked { missing } = early.outcome else {
        panic!("{early:?}");
    };
    assert_eq!(missing, [sha256(&bytes)]);
    staff.desk(&OFFICIAL).upload(&bytes, None).await;
    // Of another file than the draft's own, it is no version of it.
    let foreign = RegisteredFile {
        file: FileId(Uuid::now_v7()),
        ..version.clone()
    };
    let refused = staff.act(&OFFICIAL, document, revise(&foreign)).await;
    assert_eq!(code(&refused), Some(ProblemCode::InvalidRequest));
    staff.done(&OFFICIAL, document, revise(&version)).await;
    let again = staff.act(&OFFICIAL, document, revise(&version)).await;
    assert_eq!(code(&again), Some(ProblemCode::InvalidRequest));
    let seen = staff.sees(&OFFICIAL, document).await.expect("there");
    assert_eq!(head(&seen), sha256(&bytes));
    let states = &seen.files[0].revisions;
    assert_eq!(states.len(), 2);
    assert_eq!((states[0].sha256, states[1].parent), (sha256(&first), None));
    let out = seen.handling.and_then(|handling| handling.outgoing);
    let numbers: Vec<u32> = out
        .expect("goes out")
        .versions
        .iter()
        .map(|one| one.number)
        .collect();
    assert_eq!(numbers, [1, 2]);
    assert_eq!(
        seen.flow.last().expect("a step").note,
        "Thay dự thảo, lần 2: Sửa căn cứ"
    );
    // Who is asked for the content reads every version.
    let act = staff.any(ActKind::Submit);
    staff.done(&OFFICIAL, document, act).await;
    for bytes in [&first, &bytes] {
        let got = staff.desk(&HEAD).get_blob(&sha256(bytes)).await;
        assert_eq!(got.bytes().await.expect("bytes").as_ref(), bytes.as_slice());
    }
}

#[tokio::test]
async fn a_draft_is_made_once_of_a_whole_pdf_with_a_symbol_of_its_kind() {
    let mut staff = Staff::of(start(Seed::Empty)).await;
    let bytes = pdf("dự thảo");
    let document = DocumentId(Uuid::now_v7());
    let early = staff.send(&OFFICIAL, document, intent(&bytes)).await;
    assert!(
        matches!(early.outcome, OpOutcome::Blocked { .. }),
        "{early:?}"
    );
    let words = b"not a PDF at all".to_vec();
    for bytes in [&bytes, &words] {
        staff.desk(&OFFICIAL).upload(bytes, None).await;
    }
    let op = staff.desk(&OFFICIAL).op(document, intent(&bytes));
    let first = staff.desk(&OFFICIAL).settle(&op).await;
    assert!(applied(&first), "{first:?}");
    let again = staff.desk(&OFFICIAL).settle(&op).await;
    assert!(applied(&again) && again.duplicate, "{again:?}");
    let refused = |result: OpResult| assert_eq!(code(&result), Some(ProblemCode::InvalidRequest));
    refused(staff.send(&OFFICIAL, document, intent(&bytes)).await);
    let other = DocumentId(Uuid::now_v7());
    refused(staff.send(&OFFICIAL, other, intent(&words)).await);
    let mut wrong = intent(&bytes);
    if let Intent::DraftDocument { fields, .. } = &mut wrong {
        fields.symbol = "UBND-VX".to_owned();
    }
    refused(staff.send(&OFFICIAL, other, wrong).await);
    let desk = staff.desk(&OFFICIAL);
    desk.cursor = None;
    assert_eq!(desk.documents().await.len(), 1);
}

/// Gives a person another post in the same unit.
fn also(staff: &Staff, person: &Person, role: &str) {
    change(
        staff,
        "INSERT INTO post(account, ordinal, role, title, agency_code, agency_name)
         SELECT account, 2, ?2, title, agency_code, agency_name FROM post
         JOIN account ON account.id = post.account WHERE username = ?1 AND ordinal = 1",
        (person.username, role),
    );
}

fn change(staff: &Staff, sql: &str, facts: impl rusqlite::Params) {
    let path = staff.office.province.config.data_dir.join("province.db");
    let db = rusqlite::Connection::open(path).expect("opens");
    assert!(db.execute(sql, facts).expect("changes") > 0);
}

#[tokio::test]
async fn a_clerk_of_a_unit_with_books_of_its_own_does_not_return_drafts_of_the_agency_above() {
    let mut staff = Staff::of(start(Seed::Empty)).await;
    let document = document_in(&mut staff, DocumentState::FormatReview).await;
    also(&staff, &OTHER_HEAD, "clerk");
    change(
        &staff,
        "INSERT INTO book(agency, code, ordinal, name, leasable)
         VALUES (?1, 'den', 1, 'Sổ đăng ký văn bản đến', 0)",
        [OTHER_HEAD.unit_code],
    );
    for kind in [ActKind::CheckFormat, ActKind::Return] {
        let act = staff.any(kind);
        let result = staff.act(&OTHER_HEAD, document, act).await;
        assert_eq!(code(&result), Some(ProblemCode::Forbidden), "{kind:?}");
    }
    let seen = staff.sees(&OFFICIAL, document).await.expect("there");
    assert_eq!(seen.state, DocumentState::FormatReview);
    let act = staff.any(ActKind::Return);
    staff.done(&CLERK, document, act).await;
}

#[tokio::test]
async fn who_was_named_initials_by_a_signature_too_and_the_leader_it_was_put_before_signs_over_it()
{
    let now = congvan_province::Clock::system().now();
    let pki = Pki::new(now).expect("pki");
    let signer = |person| pki.signer(person, SignerKind::Good).expect("signer");
    let (leader, own, other) = (signer(&LEADER), signer(&HEAD), signer(&OTHER_HEAD));
    let office = start_with(Seed::Few, |config| {
        config.trust = vec![pki.root_der(), pki.intermediate_der()];
        config.signers = [(&LEADER, &leader), (&HEAD, &own), (&OTHER_HEAD, &other)]
            .map(|(person, one)| (person.username.to_owned(), one.certificate.clone()))
            .to_vec();
    });
    let mut staff = Staff::of(office).await;
    // A real PDF: that of a seeded draft, with another end.
    let all = staff.desk(&OFFICIAL).documents().await;
    let seeded = all
        .iter()
        .find(|one| one.state == DocumentState::AwaitingSignature);
    let seeded = head(seeded.expect("a seeded draft"));
    let got = staff.desk(&OFFICIAL).get_blob(&seeded).await;
    let bytes = got.bytes().await.expect("bytes").to_vec();
    let document = drafted(&mut staff, &bytes).await;
    for (person, kind) in [
        (&OFFICIAL, ActKind::Submit),
        (&HEAD, ActKind::Approve),
        (&CLERK, ActKind::CheckFormat),
    ] {
        let act = staff.any(kind);
        staff.done(person, document, act).await;
    }
    let seen = staff.sees(&HEAD, document).await.expect("there");
    let mut child = Child {
        document,
        file: seen.files[0].id,
        parent: sha256(&bytes),
        bytes,
        certificate: sha256(b""),
    };
    let roots = TrustAnchors {
        roots: vec![pki.root_der()],
        intermediates: vec![pki.intermediate_der()],
    };
    // A deputy, who sees the draft and is a leader, and is not who it was put before.
    also(&staff, &OTHER_HEAD, "leader");
    for (person, identity, wanted) in [
        (&OTHER_HEAD, &other, Err(ProblemCode::WrongState)),
        (&HEAD, &own, Ok(DocumentState::AwaitingSignature)),
        (&OTHER_HEAD, &other, Err(ProblemCode::Forbidden)),
        (&LEADER, &leader, Ok(DocumentState::Signed)),
    ] {
        let before = child.bytes.clone();
        let now = staff.office.province.now();
        let (root, between) = (roots.roots.clone(), roots.intermediates.clone());
        child.bytes = sign(&before, identity, root, between, now);
        child.certificate = identity.fingerprint();
        staff
            .desk(person)
            .upload(&child.bytes, Some(child.parent))
            .await;
        let result = staff.send(person, document, child.intent()).await;
        match wanted {
            Err(refused) => {
                assert_eq!(code(&result), Some(refused));
                child.bytes = before;
            }
            Ok(state) => {
                assert!(applied(&result), "{result:?}");
                let seen = staff.sees(&OFFICIAL, document).await.expect("there");
                assert_eq!(seen.state, state);
                child.parent = sha256(&child.bytes);
            }
        }
    }
    let seen = staff.sees(&CLERK, document).await.expect("there");
    let by: Vec<_> = seen.files[0]
        .revisions
        .iter()
        .map(|one| one.signed_by.as_deref())
        .collect();
    assert_eq!(by, [None, Some(HEAD.full_name), Some(LEADER.full_name)]);
    let out = seen
        .handling
        .and_then(|handling| handling.outgoing)
        .expect("goes out");
    assert!(out.initials[0].at.is_some());
    // What is signed is taken back no more.
    let late = staff
        .act(&OFFICIAL, document, HandlingAct::TakeBack {})
        .await;
    assert_eq!(code(&late), Some(ProblemCode::WrongState));
}
