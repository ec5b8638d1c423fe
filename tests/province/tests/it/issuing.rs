//! A document that goes out at the province, from the leader's signature on: its number, the agency's
//! signature, its issue to an agency of the same server, what comes back from there, recall and file.

use std::sync::Arc;

use congvan_model::{DocumentId, DocumentState, OpinionId};
use congvan_pades::TrustAnchors;
use congvan_protocol::{
    AgencyInfo, Document, Intent, OpResult, ProblemCode, RegisteredFile,
    handling::{ActKind, AxisCode, Delivery, HandlingAct, Origin, Outgoing, Relation},
};
use congvan_province::Seed;
use congvan_testkit::{
    CLERK, COLLEAGUE, HEAD, LEADER, NEIGHBOUR_CLERK, NEIGHBOUR_CODE, NEIGHBOUR_HEAD,
    NEIGHBOUR_LEADER, OFFICIAL, PEOPLE, Person, Pki, SignerKind, SigningIdentity,
};
use uuid::Uuid;

use crate::{
    clerk::{books, check},
    handling::{Staff, give_back},
    office::{Child, applied, code, sha256, sign, start_with},
    outgoing::{drafted, file, head, intent},
};

const AGENCY: &str = "UBND xã Bình Minh Đông";

/// An office with the leader's certificate, the agency's and the clerk's own, and a neighbour.
pub(crate) struct House {
    pub(crate) staff: Staff,
    pub(crate) trust: TrustAnchors,
    pub(crate) leader: Arc<SigningIdentity>,
    pub(crate) agency: Arc<SigningIdentity>,
    clerk: Arc<SigningIdentity>,
    pub(crate) head: Arc<SigningIdentity>,
    /// A real PDF.
    pub(crate) page: Vec<u8>,
}

/// How far a document has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Step {
    Signed,
    Numbered,
    Sealed,
    Issued,
    Filed,
}

const STEPS: [Step; 5] = [
    Step::Signed,
    Step::Numbered,
    Step::Sealed,
    Step::Issued,
    Step::Filed,
];

impl House {
    pub(crate) async fn open() -> Self {
        let now = congvan_province::Clock::system().now();
        let pki = Pki::new(now).expect("pki");
        let leader = pki.signer(&LEADER, SignerKind::Good).expect("signer");
        let clerk = pki.signer(&CLERK, SignerKind::Good).expect("signer");
        let heads = pki.signer(&HEAD, SignerKind::Good).expect("signer");
        let agency = pki.signer_named(AGENCY, SignerKind::Good).expect("signer");
        let trust = TrustAnchors {
            roots: vec![pki.root_der()],
            intermediates: vec![pki.intermediate_der()],
        };
        let office = start_with(Seed::Few, |config| {
            config.neighbour = true;
            config.trust = vec![pki.root_der(), pki.intermediate_der()];
            config.signers = [
                (&LEADER, &leader),
                (&CLERK, &agency),
                (&CLERK, &clerk),
                (&HEAD, &heads),
            ]
            .map(|(person, one)| (person.username.to_owned(), one.certificate.clone()))
            .to_vec();
        });
        let mut staff = Staff::of(office).await;
        let all = staff.desk(&OFFICIAL).documents().await;
        let seeded = all
            .iter()
            .find(|one| one.state == DocumentState::AwaitingSignature);
        let seeded = head(seeded.expect("a seeded draft"));
        let got = staff.desk(&OFFICIAL).get_blob(&seeded).await;
        let page = got.bytes().await.expect("bytes").to_vec();
        Self {
            staff,
            trust,
            leader: Arc::new(leader),
            agency: Arc::new(agency),
            clerk: Arc::new(clerk),
            head: Arc::new(heads),
            page,
        }
    }

    /// From the official to before the leader, nobody initialling it.
    async fn put_before_the_leader(&mut self, document: DocumentId) {
        let submit = self.staff.any(ActKind::Submit);
        let approve = self.staff.any(ActKind::Approve);
        let check_format = HandlingAct::CheckFormat {
            signer: self.staff.account(&LEADER),
            initials: Vec::new(),
            text: String::new(),
        };
        for (person, act) in [
            (&OFFICIAL, submit),
            (&HEAD, approve),
            (&CLERK, check_format),
        ] {
            self.staff.done(person, document, act).await;
        }
    }

    async fn sees(&mut self, document: DocumentId) -> Document {
        let seen = self.staff.sees(&OFFICIAL, document).await;
        seen.expect("the drafter sees it")
    }

    async fn out(&mut self, document: DocumentId) -> Outgoing {
        let seen = self.sees(document).await.handling;
        *seen
            .and_then(|handling| handling.outgoing)
            .expect("goes out")
    }

    /// This person signs the document's main file as it is, with that certificate.
    pub(crate) async fn sign(
        &mut self,
        person: &Person,
        document: DocumentId,
        identity: &SigningIdentity,
    ) -> OpResult {
        let seen = self.sees(document).await;
        let parent = head(&seen);
        let got = self.staff.desk(person).get_blob(&parent).await;
        let before = got.bytes().await.expect("bytes").to_vec();
        let now = self.staff.office.province.now();
        let (roots, between) = (self.trust.roots.clone(), self.trust.intermediates.clone());
        let child = Child {
            document,
            file: seen.files[0].id,
            parent,
            bytes: sign(&before, identity, roots, between, now),
            certificate: identity.fingerprint(),
        };
        let desk = self.staff.desk(person);
        desk.upload(&child.bytes, Some(parent)).await;
        self.staff.send(person, document, child.intent()).await
    }

    /// A draft before the leader.
    pub(crate) async fn before_the_leader(&mut self) -> DocumentId {
        // Other bytes in each.
        let end = format!("% {}\n", Uuid::now_v7());
        let page = [self.page.clone(), end.into_bytes()].concat();
        let document = drafted(&mut self.staff, &page).await;
        self.put_before_the_leader(document).await;
        document
    }

    /// A draft before the leader that is something to another document.
    pub(crate) async fn before_the_leader_about(
        &mut self,
        source: DocumentId,
        relation: Relation,
    ) -> DocumentId {
        let end = format!("% {}\n", Uuid::now_v7());
        let page = [self.page.clone(), end.into_bytes()].concat();
        let mut draft = intent(&page);
        if let Intent::DraftDocument { origin, .. } = &mut draft {
            *origin = Some(Box::new(Origin {
                relation,
                document: Some(source),
                title: String::new(),
                issued_on: None,
                pages: Vec::new(),
                left_out: String::new(),
            }));
        }
        let document = DocumentId(Uuid::now_v7());
        self.staff.desk(&OFFICIAL).upload(&page, None).await;
        let result = self.staff.send(&OFFICIAL, document, draft).await;
        assert!(applied(&result), "{result:?}");
        self.put_before_the_leader(document).await;
        document
    }

    /// From before the leader to the agency's signature.
    pub(crate) async fn sealed(&mut self, document: DocumentId) {
        self.leader_signs(document).await;
        self.number(document).await;
        let sealed = self.seal(document).await;
        assert!(applied(&sealed), "{sealed:?}");
    }

    /// From before the leader to its issue.
    pub(crate) async fn through(&mut self, document: DocumentId) {
        self.sealed(document).await;
        self.issue(document).await;
    }

    /// The document of that number as the neighbour's clerk has it.
    pub(crate) async fn received_as(&mut self, notation: &str) -> Document {
        let desk = self.staff.desk(&NEIGHBOUR_CLERK);
        desk.cursor = None;
        let all = desk.documents().await;
        let mut all = all.into_iter();
        let is_it = |one: &Document| one.notation.as_ref().map(ToString::to_string);
        all.find(|one| is_it(one).as_deref() == Some(notation))
            .expect("at the neighbour's")
    }

    async fn signed(&mut self) -> DocumentId {
        let document = self.before_the_leader().await;
        self.leader_signs(document).await;
        document
    }

    async fn leader_signs(&mut self, document: DocumentId) {
        let leader = self.leader.clone();
        let result = self.sign(&LEADER, document, &leader).await;
        assert!(applied(&result), "{result:?}");
    }

    async fn seal(&mut self, document: DocumentId) -> OpResult {
        let agency = self.agency.clone();
        self.sign(&CLERK, document, &agency).await
    }

    pub(crate) async fn at(&mut self, step: Step) -> DocumentId {
        let document = self.signed().await;
        for reached in STEPS.into_iter().filter(|one| *one <= step) {
            match reached {
                Step::Signed => {}
                Step::Numbered => self.number(document).await,
                Step::Sealed => {
                    let result = self.seal(document).await;
                    assert!(applied(&result), "{result:?}");
                }
                Step::Issued => self.issue(document).await,
                Step::Filed => {
                    let act = self.staff.any(ActKind::File);
                    self.staff.done(&OFFICIAL, document, act).await;
                }
            }
        }
        document
    }

    async fn number(&mut self, document: DocumentId) {
        let act = HandlingAct::Number {};
        self.staff.done(&CLERK, document, act).await;
    }

    async fn issue(&mut self, document: DocumentId) {
        let act = to_neighbour();
        self.staff.done(&CLERK, document, act).await;
    }

    async fn notation(&mut self, document: DocumentId) -> Option<String> {
        let seen = self.sees(document).await;
        seen.notation.map(|notation| notation.to_string())
    }

    /// What the sender reads of the neighbour.
    async fn told(&mut self, document: DocumentId) -> Vec<AxisCode> {
        let delivery = self.delivery(document).await;
        delivery.statuses.iter().map(|status| status.code).collect()
    }

    async fn delivery(&mut self, document: DocumentId) -> Delivery {
        let mut deliveries = self.out(document).await.deliveries;
        assert_eq!(deliveries.len(), 1);
        deliveries.remove(0)
    }

    /// The document as the neighbour's clerk has it.
    async fn received(&mut self, subject: &str) -> Document {
        let desk = self.staff.desk(&NEIGHBOUR_CLERK);
        desk.cursor = None;
        let all = desk.documents().await;
        let mut found = all.into_iter().filter(|one| one.subject == subject);
        found.next().expect("at the neighbour's")
    }
}

fn issue(codes: &[&str]) -> HandlingAct {
    let agency = |code: &&str| AgencyInfo {
        code: (*code).to_owned(),
        name: "Nơi nhận".to_owned(),
    };
    HandlingAct::Issue {
        to: codes.iter().map(agency).collect(),
        places: vec!["Lưu: VT, KT".to_owned()],
    }
}

pub(crate) fn to_neighbour() -> HandlingAct {
    issue(&[NEIGHBOUR_CODE])
}

/// Who may do it there; written by hand, not out of the table that is tested.
fn may(kind: ActKind, step: Step) -> &'static [&'static Person] {
    use Step::{Filed, Issued, Numbered, Sealed, Signed};
    match (kind, step) {
        (ActKind::Number, Signed) => &[&CLERK],
        (ActKind::Issue, Sealed) => &[&CLERK],
        (ActKind::Return, Signed | Numbered | Sealed) => &[&CLERK],
        (ActKind::Recall | ActKind::Mail | ActKind::Lend, Issued | Filed) => &[&CLERK],
        (ActKind::File, Issued) => &[&OFFICIAL, &CLERK],
        _ => &[],
    }
}

/// What a person who may not do it is told.
fn refusal(kind: ActKind, step: Step, person: &Person) -> ProblemCode {
    let is = |other: &Person| person.username == other.username;
    if is(&COLLEAGUE) {
        return ProblemCode::NotFound;
    }
    if kind == ActKind::Seal && step == Step::Numbered && is(&CLERK) {
        // The signature is the act.
        return ProblemCode::InvalidRequest;
    }
    let parts: &[&Person] = match kind {
        ActKind::File => &[&OFFICIAL, &CLERK],
        ActKind::Return => &[&HEAD, &CLERK, &LEADER],
        _ => &[&CLERK],
    };
    match parts.iter().any(|part| is(part)) {
        true => ProblemCode::WrongState,
        false => ProblemCode::Forbidden,
    }
}

#[tokio::test]
async fn every_act_by_every_role_at_every_step_to_the_issue_is_done_or_refused_with_its_code() {
    const KINDS: [ActKind; 9] = [
        ActKind::Number,
        ActKind::Seal,
        ActKind::Issue,
        ActKind::Return,
        ActKind::Recall,
        ActKind::Mail,
        // Nobody has the file copy.
        ActKind::TakeIn,
        ActKind::Lend,
        ActKind::File,
    ];
    let mut house = House::open().await;
    for step in STEPS {
        let mut document = house.at(step).await;
        for kind in KINDS {
            for person in &PEOPLE {
                let act = match kind {
                    ActKind::Issue => to_neighbour(),
                    other => house.staff.any(other),
                };
                let allowed = may(kind, step);
                if allowed.iter().any(|one| one.username == person.username) {
                    house.staff.done(person, document, act).await;
                    document = house.at(step).await;
                    continue;
                }
                let result = house.staff.act(person, document, act).await;
                assert_eq!(
                    code(&result),
                    Some(refusal(kind, step, person)),
                    "{kind:?} {step:?} {}",
                    person.full_name
                );
            }
        }
    }
    assert_eq!(check(&house.staff.office).violations, [""; 0]);
}

#[tokio::test]
async fn numbers_follow_one_another_in_the_book_of_their_kind_and_a_void_one_keeps_its_reason() {
    let mut house = House::open().await;
    let first = house.at(Step::Numbered).await;
    assert_eq!(house.notation(first).await.as_deref(), Some("01/QĐ-UBND"));
    let day = house.staff.office.province.now().vietnam_date();
    assert_eq!(house.sees(first).await.issued_on, Some(day));
    let out = house.out(first).await;
    let numbered = out.numbered.expect("asked for");
    assert_eq!(numbered.by.full_name, CLERK.full_name);
    let number = numbered.number.expect("given");
    assert_eq!(
        (number.book.as_str(), number.notation.number()),
        ("di-QĐ", 1)
    );
    // Asked for again, it is the wrong moment: a document has one number.
    let again = HandlingAct::Number {};
    let again = house.staff.act(&CLERK, first, again).await;
    assert_eq!(code(&again), Some(ProblemCode::WrongState));

    let second = house.at(Step::Numbered).await;
    assert_eq!(house.notation(second).await.as_deref(), Some("02/QĐ-UBND"));
    let back = give_back("Sai căn cứ pháp lý");
    house.staff.done(&CLERK, second, back).await;
    let seen = house.sees(second).await;
    assert_eq!(
        (seen.state, seen.notation, seen.issued_on),
        (DocumentState::Draft, None, None)
    );
    let third = house.at(Step::Numbered).await;
    assert_eq!(house.notation(third).await.as_deref(), Some("03/QĐ-UBND"));

    // Sent back after it was signed, it needs a new version, and then gets a number of its own.
    let submit = house.staff.any(ActKind::Submit);
    let early = house.staff.act(&OFFICIAL, second, submit).await;
    assert_eq!(code(&early), Some(ProblemCode::InvalidRequest));
    let bytes = [house.page.clone(), b"% mended\n".to_vec()].concat();
    house.staff.desk(&OFFICIAL).upload(&bytes, None).await;
    let version = RegisteredFile {
        file: house.sees(second).await.files[0].id,
        ..file(&bytes)
    };
    let revise = HandlingAct::Revise {
        file: Some(Box::new(version)),
        fields: None,
        text: "Sửa căn cứ".to_owned(),
    };
    house.staff.done(&OFFICIAL, second, revise).await;
    assert_eq!(head(&house.sees(second).await), sha256(&bytes));
    house.put_before_the_leader(second).await;
    house.leader_signs(second).await;
    house.number(second).await;
    assert_eq!(house.notation(second).await.as_deref(), Some("04/QĐ-UBND"));
    // A second time void, it is void with its own reason.
    let back = give_back("Sai thể thức");
    house.staff.done(&CLERK, second, back).await;

    let path = house.staff.office.province.config.data_dir.clone();
    let db = rusqlite::Connection::open(path.join("province.db")).expect("opens");
    let mut voids = db
        .prepare(
            "SELECT number, reason FROM book_entry WHERE book = 'di-QĐ' AND state = 'void'
             ORDER BY number",
        )
        .expect("a query");
    let voids: Vec<(u32, String)> = voids
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))
        .expect("rows")
        .map(|row| row.expect("a row"))
        .collect();
    assert_eq!(
        voids,
        [
            (2, "Sai căn cứ pháp lý".to_owned()),
            (4, "Sai thể thức".to_owned())
        ]
    );
    let report = check(&house.staff.office);
    assert_eq!(report.violations, [""; 0]);
    // No desk registers in these books, or takes numbers of them along.
    let shown = books(house.staff.desk(&CLERK)).await;
    assert!(shown.iter().all(|book| !book.book.starts_with("di-")));
}

#[tokio::test]
async fn the_agency_signs_once_what_is_signed_and_numbered_and_with_no_persons_own_certificate() {
    let mut house = House::open().await;
    let document = house.at(Step::Signed).await;
    let early = house.seal(document).await;
    assert_eq!(code(&early), Some(ProblemCode::WrongState), "no number");
    house.number(document).await;
    let (own, leader) = (house.clerk.clone(), house.leader.clone());
    let result = house.sign(&CLERK, document, &own).await;
    assert_eq!(code(&result), Some(ProblemCode::SignerMismatch));
    let result = house.sign(&LEADER, document, &leader).await;
    assert_eq!(code(&result), Some(ProblemCode::WrongState));
    let early = house.staff.act(&CLERK, document, to_neighbour()).await;
    assert_eq!(code(&early), Some(ProblemCode::WrongState), "no seal");
    let sealed = house.seal(document).await;
    assert!(applied(&sealed), "{sealed:?}");
    let seen = house.sees(document).await;
    assert_eq!(seen.state, DocumentState::Signed);
    assert_eq!(seen.flow.last().expect("a step").note, "Ký số của cơ quan");
    let done = house.out(document).await.sealed.expect("sealed");
    assert_eq!(done.by.full_name, CLERK.full_name);
    let again = house.seal(document).await;
    assert_eq!(code(&again), Some(ProblemCode::WrongState), "once");
}

#[tokio::test]
async fn an_issued_document_reaches_its_agency_and_the_sender_reads_each_stage_there_once() {
    let mut house = House::open().await;
    let document = house.at(Step::Sealed).await;
    for wrong in [issue(&["H99.101"]), issue(&["H98.777"])] {
        let result = house.staff.act(&CLERK, document, wrong).await;
        assert_eq!(code(&result), Some(ProblemCode::InvalidRequest));
    }
    house.issue(document).await;
    let sent = house.sees(document).await;
    assert_eq!(sent.state, DocumentState::Issued);
    let note = &sent.flow.last().expect("a step").note;
    assert_eq!(note, "Phát hành: UBND phường An Phú Tây; Lưu: VT, KT");
    assert_eq!(house.told(document).await, [AxisCode::Arrived]);

    // There it is what was issued: the same bytes, number, day and signer.
    let received = house.received(&sent.subject).await;
    let id = received.id;
    assert_eq!(received.state, DocumentState::Received);
    assert_eq!(
        (received.notation, received.issued_on, &received.signer),
        (sent.notation.clone(), sent.issued_on, &sent.signer)
    );
    assert_eq!(received.issuer.code, "H99.101");
    assert_eq!(received.files[0].revisions.len(), 1);
    let bytes = sent.files[0].head().expect("a head").sha256;
    let got = house.staff.desk(&NEIGHBOUR_CLERK).get_blob(&bytes).await;
    assert_eq!(sha256(&got.bytes().await.expect("bytes")), bytes);
    assert!(house.staff.sees(&NEIGHBOUR_CLERK, document).await.is_none());

    let register = Intent::RegisterReceived {
        book: "den".to_owned(),
        year: house.staff.year,
        received_at: house.staff.office.province.now(),
        provisional: "T-7F3A9C01-1".to_owned(),
        number: None,
    };
    let present = Intent::PresentDocument {
        to: house.staff.account(&NEIGHBOUR_LEADER),
    };
    for intent in [register, present] {
        let result = house.staff.send(&NEIGHBOUR_CLERK, id, intent).await;
        assert!(applied(&result), "{result:?}");
    }
    let direct = HandlingAct::Direct {
        opinion: OpinionId(Uuid::now_v7()),
        lead: house.staff.account(&NEIGHBOUR_HEAD),
        supports: Vec::new(),
        informed: Vec::new(),
        due: None,
        deadlines: Vec::new(),
        text: String::new(),
    };
    let resolve = house.staff.any(ActKind::Resolve);
    for (person, act) in [
        (&NEIGHBOUR_LEADER, direct),
        (&NEIGHBOUR_HEAD, HandlingAct::TakeUp {}),
        (&NEIGHBOUR_HEAD, resolve),
    ] {
        house.staff.done(person, id, act).await;
    }
    let stages = [
        AxisCode::Arrived,
        AxisCode::Registered,
        AxisCode::Directed,
        AxisCode::InProgress,
        AxisCode::Done,
    ];
    assert_eq!(house.told(document).await, stages);
    // The clerk and the leader of the sender read the same.
    for person in [&CLERK, &LEADER] {
        let seen = house.staff.sees(person, document).await.expect("seen");
        let out = seen.handling.and_then(|handling| handling.outgoing);
        assert_eq!(out.expect("goes out").deliveries[0].statuses.len(), 5);
    }
    let filed = house.staff.any(ActKind::File);
    house.staff.done(&OFFICIAL, document, filed).await;

    // Wanted back: the neighbour's registry keeps it, and says why.
    let recall = house.staff.any(ActKind::Recall);
    house.staff.done(&CLERK, document, recall).await;
    let asked = house.received(&sent.subject).await.handling;
    assert_eq!(asked.expect("handled").recall.as_deref(), Some("Gửi nhầm"));
    let keep = HandlingAct::AnswerRecall {
        agreed: false,
        reason: "Đã xử lý xong".to_owned(),
    };
    house.staff.done(&NEIGHBOUR_CLERK, id, keep).await;
    let delivery = house.delivery(document).await;
    let last = delivery.statuses.last().expect("a status");
    assert_eq!(
        (last.code, last.reason.as_str()),
        (AxisCode::Kept, "Đã xử lý xong")
    );
    assert!(delivery.has(AxisCode::Recalled));
    let again = house.staff.any(ActKind::Recall);
    let again = house.staff.act(&CLERK, document, again).await;
    assert_eq!(code(&again), Some(ProblemCode::WrongState), "once");
    assert_eq!(check(&house.staff.office).violations, [""; 0]);
}

#[tokio::test]
async fn what_a_receiver_refuses_or_gives_back_is_gone_there_and_told_with_its_reason() {
    let mut house = House::open().await;
    let refuse = HandlingAct::Refuse {
        reason: "Sai nơi nhận".to_owned(),
    };
    let give = HandlingAct::AnswerRecall {
        agreed: true,
        reason: String::new(),
    };
    for (answer, wanted) in [
        (refuse, (AxisCode::Refused, "Sai nơi nhận")),
        (give, (AxisCode::GivenBack, "")),
    ] {
        let document = house.at(Step::Issued).await;
        let subject = house.sees(document).await.subject;
        let id = house.received(&subject).await.id;
        let is_asked = wanted.0 == AxisCode::GivenBack;
        if is_asked {
            let recall = house.staff.any(ActKind::Recall);
            house.staff.done(&CLERK, document, recall).await;
        }
        house.staff.done(&NEIGHBOUR_CLERK, id, answer).await;
        let gone = house.staff.sees(&NEIGHBOUR_CLERK, id).await;
        assert!(gone.is_none());
        let delivery = house.delivery(document).await;
        let last = delivery.statuses.last().expect("a status");
        assert_eq!((last.code, last.reason.as_str()), wanted);
        assert!(!delivery.may_recall());
    }
}
