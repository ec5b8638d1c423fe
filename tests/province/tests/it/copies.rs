//! Copies of documents at the province, and what corrects or replaces what was issued: who may make them
//! of what, the one series of copies, and what each reads of the other.

use congvan_model::{DocumentId, DocumentState, DocumentType, FileId, RevisionId, Urgency};
use congvan_protocol::{
    Document, FileRole, Intent, OpResult, ProblemCode, RegisteredFile,
    handling::{ActKind, DraftFields, HandlingAct, Origin, Related, Relation},
};
use congvan_testkit::{CLERK, COLLEAGUE, HEAD, LEADER, NEIGHBOUR_CLERK, OFFICIAL, Person};
use uuid::Uuid;

use crate::{
    clerk::{books, check},
    issuing::{House, Step, to_neighbour},
    office::{Child, Desk, applied, code, sha256, sign},
    outgoing::{head, pdf},
};

/// The draft of a copy or amendment of a document.
struct Wanted {
    relation: Relation,
    source: DocumentId,
    fields: DraftFields,
    file: RegisteredFile,
    pages: Vec<u32>,
    left_out: &'static str,
}

impl Wanted {
    fn intent(&self) -> Intent {
        Intent::DraftDocument {
            fields: Box::new(self.fields.clone()),
            file: Box::new(self.file.clone()),
            origin: Some(Box::new(Origin {
                relation: self.relation,
                document: Some(self.source),
                title: String::new(),
                issued_on: None,
                pages: self.pages.clone(),
                left_out: self.left_out.to_owned(),
            })),
        }
    }
}

fn fields(kind: DocumentType, symbol: &str) -> DraftFields {
    DraftFields {
        kind,
        symbol: symbol.to_owned(),
        subject: "Một trích yếu".to_owned(),
        urgency: Urgency::Normal,
    }
}

fn file_of(bytes: &congvan_model::Sha256, size: u64) -> RegisteredFile {
    RegisteredFile {
        file: FileId(Uuid::now_v7()),
        revision: RevisionId(Uuid::now_v7()),
        sha256: *bytes,
        size,
        name: "ban-sao.pdf".to_owned(),
        pages: Some(1),
    }
}

/// The whole of a document as a copy of that form.
fn whole(source: &Document, relation: Relation) -> Wanted {
    let main = source.files.iter().find(|file| file.role == FileRole::Main);
    let last = main.expect("a file").head().expect("a head");
    Wanted {
        relation,
        source: source.id,
        fields: fields(source.kind, &format!("{}-UBND", relation.abbreviation())),
        file: file_of(&last.sha256, last.size),
        pages: Vec::new(),
        left_out: "",
    }
}

/// An extract of a document; its bytes are uploaded.
async fn extract((desk, page): (&Desk, &[u8]), source: &Document) -> Wanted {
    let end = format!("% {}\n", Uuid::now_v7());
    let bytes = [page, end.as_bytes()].concat();
    desk.upload(&bytes, None).await;
    Wanted {
        file: file_of(&sha256(&bytes), bytes.len() as u64),
        pages: vec![1, 3],
        left_out: "Phụ lục I và II",
        ..whole(source, Relation::Extract)
    }
}

async fn seen(house: &mut House, person: &Person, document: DocumentId) -> Document {
    let seen = house.staff.sees(person, document).await;
    seen.expect("is seen")
}

async fn make(house: &mut House, person: &Person, wanted: &Wanted) -> (DocumentId, OpResult) {
    let document = DocumentId(Uuid::now_v7());
    let result = house.staff.send(person, document, wanted.intent()).await;
    (document, result)
}

async fn made(house: &mut House, wanted: &Wanted) -> DocumentId {
    let (document, result) = make(house, &CLERK, wanted).await;
    assert!(applied(&result), "{result:?}");
    document
}

/// Signs a copy for the agency.
async fn seal(house: &mut House, document: DocumentId) -> OpResult {
    let copy = seen(house, &CLERK, document).await;
    let parent = head(&copy);
    let got = house.staff.desk(&CLERK).get_blob(&parent).await;
    let before = got.bytes().await.expect("bytes").to_vec();
    let now = house.staff.office.province.now();
    let trust = (house.trust.roots.clone(), house.trust.intermediates.clone());
    let agency = house.agency.clone();
    let child = Child {
        document,
        file: copy.files[0].id,
        parent,
        bytes: sign(&before, &agency, trust.0, trust.1, now),
        certificate: agency.fingerprint(),
    };
    house
        .staff
        .desk(&CLERK)
        .upload(&child.bytes, Some(parent))
        .await;
    house.staff.send(&CLERK, document, child.intent()).await
}

/// Number, the agency's signature, and the issue to the neighbour.
async fn issue(house: &mut House, document: DocumentId) {
    house
        .staff
        .done(&CLERK, document, HandlingAct::Number {})
        .await;
    let sealed = seal(house, document).await;
    assert!(applied(&sealed), "{sealed:?}");
    house.staff.done(&CLERK, document, to_neighbour()).await;
}

fn origin(document: &Document) -> Option<&Origin> {
    document.handling.as_deref()?.origin.as_deref()
}

fn derived(document: &Document) -> &[Related] {
    let handling = document.handling.as_deref();
    handling.map_or(&[], |handling| handling.derived.as_slice())
}

#[tokio::test]
async fn copies_of_every_form_share_one_series_and_each_and_its_source_name_one_another() {
    let mut house = House::open().await;
    let source = house.at(Step::Issued).await;
    let original = seen(&mut house, &CLERK, source).await;
    let notation = original.notation.clone().expect("numbered").to_string();
    let copy = made(&mut house, &whole(&original, Relation::TrueCopy)).await;

    // What stands on it is its source's; no leader is asked, and only the registry sees it.
    let fresh = seen(&mut house, &CLERK, copy).await;
    assert_eq!(fresh.state, DocumentState::Signed);
    assert_eq!(
        (fresh.kind, &fresh.subject),
        (original.kind, &original.subject)
    );
    assert_eq!(fresh.signer, original.signer);
    assert_eq!(fresh.notation, None, "no number but the server's");
    assert_eq!(fresh.flow[0].note, format!("Sao y {notation}"));
    for person in [&LEADER, &OFFICIAL, &HEAD] {
        assert!(house.staff.sees(person, copy).await.is_none());
    }
    let told = seen(&mut house, &OFFICIAL, source).await;
    assert_eq!(derived(&told)[0].title, "", "it waits for its number");
    let early = seal(&mut house, copy).await;
    assert_eq!(code(&early), Some(ProblemCode::WrongState), "no number");
    issue(&mut house, copy).await;

    let issued = seen(&mut house, &CLERK, copy).await;
    let number = issued.notation.clone().expect("numbered").to_string();
    assert_eq!(number, "01/SY-UBND");
    let revisions = &issued.files[0].revisions;
    assert_eq!(
        revisions[0].sha256,
        head(&original),
        "the source's own bytes"
    );
    assert_eq!(revisions[1].parent, Some(head(&original)));
    let mine = origin(&issued).expect("of something").clone();
    assert_eq!((mine.document, &mine.title), (Some(source), &notation));
    let told = seen(&mut house, &OFFICIAL, source).await;
    assert_eq!(derived(&told)[0].document, Some(copy));
    assert_eq!(derived(&told)[0].title, number);
    assert_eq!(told.flow.last().expect("a step").note, "Sao y: 01/SY-UBND");

    // Of the sao y a sao lục, of the original an extract: the numbers go on.
    let again = made(&mut house, &whole(&issued, Relation::CopyOfCopy)).await;
    let part = extract((house.staff.desk_of(&CLERK), &house.page), &original).await;
    let part = made(&mut house, &part).await;
    issue(&mut house, again).await;
    issue(&mut house, part).await;
    for (document, wanted) in [(again, "02/SL-UBND"), (part, "03/TrS-UBND")] {
        let notation = seen(&mut house, &CLERK, document).await.notation;
        assert_eq!(notation.expect("numbered").to_string(), wanted);
    }
    // The neighbour reads what it is, of a document that it has, and what was left out.
    let all = {
        let desk = house.staff.desk(&NEIGHBOUR_CLERK);
        desk.cursor = None;
        desk.documents().await
    };
    let notation_of = |one: &Document| one.notation.as_ref().map(ToString::to_string);
    let there = |wanted: &str| {
        let mut all = all.iter();
        all.find(|one| notation_of(one).as_deref() == Some(wanted))
            .expect("received")
    };
    let (whole, part) = (there("01/SY-UBND"), there("03/TrS-UBND"));
    let known = there(&notation).id;
    assert_eq!(origin(whole).expect("a copy").document, Some(known));
    let part = origin(part).expect("an extract");
    assert_eq!(
        (part.pages.as_slice(), part.left_out.as_str()),
        (&[1, 3][..], "Phụ lục I và II")
    );
    // No desk registers in this book, and no letter takes its numbers for its own.
    let shown = books(house.staff.desk(&CLERK)).await;
    assert!(shown.iter().all(|book| book.book != "sao"));
    assert_eq!(check(&house.staff.office).violations, [""; 0]);
}

#[tokio::test]
async fn what_may_not_be_copied_by_whom_and_of_which_file_is_refused_with_its_code() {
    let mut house = House::open().await;
    let source = house.at(Step::Issued).await;
    let original = seen(&mut house, &CLERK, source).await;
    for person in [&LEADER, &OFFICIAL, &HEAD] {
        let (_, result) = make(&mut house, person, &whole(&original, Relation::TrueCopy)).await;
        assert_eq!(
            code(&result),
            Some(ProblemCode::Forbidden),
            "{}",
            person.full_name
        );
    }
    for person in [&COLLEAGUE, &NEIGHBOUR_CLERK] {
        let (_, result) = make(&mut house, person, &whole(&original, Relation::TrueCopy)).await;
        assert_eq!(
            code(&result),
            Some(ProblemCode::NotFound),
            "{}",
            person.full_name
        );
    }
    let waits = house.at(Step::Sealed).await;
    let waits = seen(&mut house, &CLERK, waits).await;
    let (_, early) = make(&mut house, &CLERK, &whole(&waits, Relation::TrueCopy)).await;
    assert_eq!(code(&early), Some(ProblemCode::WrongState), "not issued");

    let bytes = pdf("khác");
    house.staff.desk(&CLERK).upload(&bytes, None).await;
    let other = file_of(&sha256(&bytes), bytes.len() as u64);
    let true_copy = || whole(&original, Relation::TrueCopy);
    let part = extract((house.staff.desk_of(&CLERK), &house.page), &original).await;
    let with = |change: &dyn Fn(&mut Wanted)| {
        let mut wanted = true_copy();
        change(&mut wanted);
        wanted
    };
    let of_part = |change: &dyn Fn(&mut Wanted)| {
        let mut wanted = Wanted {
            fields: part.fields.clone(),
            file: part.file.clone(),
            pages: part.pages.clone(),
            ..part
        };
        change(&mut wanted);
        wanted
    };
    let wrong = [
        (
            "an original has no sao lục",
            whole(&original, Relation::CopyOfCopy),
        ),
        ("other bytes", with(&|one| one.file = other.clone())),
        (
            "a symbol of another form",
            with(&|one| one.fields.symbol = "TrS-UBND".to_owned()),
        ),
        (
            "no agency",
            with(&|one| one.fields.symbol = "SY-".to_owned()),
        ),
        ("pages of a whole", with(&|one| one.pages = vec![1])),
        (
            "something left out of a whole",
            with(&|one| one.left_out = "Phụ lục"),
        ),
        ("an extract of no page", of_part(&|one| one.pages.clear())),
        ("a page twice", of_part(&|one| one.pages = vec![2, 2])),
        ("nothing left out", of_part(&|one| one.left_out = " ")),
        (
            "an extract that is the whole file",
            of_part(&|one| one.file = true_copy().file),
        ),
    ];
    for (why, wanted) in wrong {
        let (document, result) = make(&mut house, &CLERK, &wanted).await;
        assert_eq!(
            code(&result),
            Some(ProblemCode::InvalidRequest),
            "{why}: {result:?}"
        );
        assert!(house.staff.sees(&CLERK, document).await.is_none(), "{why}");
    }
    let told = seen(&mut house, &CLERK, source).await;
    assert_eq!(derived(&told), [], "what was refused left nothing");

    // A copy goes back to no drafter, and is not corrected; of a sao y there is no other sao y.
    let copy = made(&mut house, &true_copy()).await;
    let back = house.staff.any(ActKind::Return);
    let back = house.staff.act(&CLERK, copy, back).await;
    assert_eq!(code(&back), Some(ProblemCode::WrongState));
    issue(&mut house, copy).await;
    let issued = seen(&mut house, &CLERK, copy).await;
    let (_, second) = make(&mut house, &CLERK, &whole(&issued, Relation::TrueCopy)).await;
    assert_eq!(code(&second), Some(ProblemCode::InvalidRequest));
    let letter = Wanted {
        relation: Relation::Correction,
        fields: fields(DocumentType::OfficialLetter, "UBND-VP"),
        file: other.clone(),
        ..whole(&issued, Relation::TrueCopy)
    };
    let (_, corrected) = make(&mut house, &CLERK, &letter).await;
    assert_eq!(code(&corrected), Some(ProblemCode::WrongState));
}

#[tokio::test]
async fn a_copy_that_is_given_up_leaves_a_void_number_with_its_reason_and_its_source_forgets_it() {
    let mut house = House::open().await;
    let source = house.at(Step::Issued).await;
    let original = seen(&mut house, &CLERK, source).await;
    let first = made(&mut house, &whole(&original, Relation::TrueCopy)).await;
    house
        .staff
        .done(&CLERK, first, HandlingAct::Number {})
        .await;
    let discard = house.staff.any(ActKind::Discard);
    house.staff.done(&CLERK, first, discard).await;
    assert!(house.staff.sees(&CLERK, first).await.is_none());
    let told = seen(&mut house, &OFFICIAL, source).await;
    assert_eq!(derived(&told), []);
    let second = made(&mut house, &whole(&original, Relation::TrueCopy)).await;
    house
        .staff
        .done(&CLERK, second, HandlingAct::Number {})
        .await;
    let notation = seen(&mut house, &CLERK, second).await.notation;
    assert_eq!(notation.expect("numbered").to_string(), "02/SY-UBND");
    let numbers = numbers_of(&house);
    assert_eq!(
        numbers,
        [(1, "void".to_owned()), (2, "registered".to_owned())]
    );
    assert_eq!(check(&house.staff.office).violations, [""; 0]);
}

/// What is on record in the book of copies.
fn numbers_of(house: &House) -> Vec<(u32, String)> {
    let path = house.staff.office.province.config.data_dir.clone();
    let db = rusqlite::Connection::open(path.join("province.db")).expect("opens");
    let mut rows = db
        .prepare("SELECT number, state FROM book_entry WHERE book = 'sao' ORDER BY number")
        .expect("a query");
    rows.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))
        .expect("rows")
        .map(|row| row.expect("a row"))
        .collect()
}

/// Two desks of the registry work with the network down and send what they did in any order, some of it
/// twice: the one series of the year has no gap and gives no number twice.
#[tokio::test]
async fn two_desks_that_were_offline_get_each_number_of_the_series_once_and_leave_no_gap() {
    let mut house = House::open().await;
    let source = house.at(Step::Issued).await;
    let original = seen(&mut house, &CLERK, source).await;
    let mut desks = [
        house.staff.office.login(&CLERK).await,
        house.staff.office.login(&CLERK).await,
    ];
    // A fixed walk over who makes which form, who asks for its number, and who sends again.
    let mut dice = 0x9e37_79b9_7f4a_7c15_u64;
    let mut roll = move |sides: u64| {
        dice ^= dice << 13;
        dice ^= dice >> 7;
        dice ^= dice << 17;
        dice % sides
    };
    let mut copies = Vec::new();
    for _ in 0..24 {
        let at = usize::from(roll(2) == 1);
        let wanted = match roll(2) {
            0 => whole(&original, Relation::TrueCopy),
            _ => extract((&desks[at], &house.page), &original).await,
        };
        let document = DocumentId(Uuid::now_v7());
        let op = desks[at].op(document, wanted.intent());
        assert!(applied(&desks[at].settle(&op).await));
        copies.push((document, at));
    }
    let number = || Intent::Handle {
        act: Box::new(HandlingAct::Number {}),
    };
    let mut asked = Vec::new();
    while !copies.is_empty() {
        let next = usize::try_from(roll(copies.len() as u64)).expect("small");
        let (document, _) = copies.swap_remove(next);
        let at = usize::from(roll(2) == 1);
        let op = desks[at].op(document, number());
        let first = desks[at].settle(&op).await;
        assert!(applied(&first), "{first:?}");
        if roll(3) == 0 {
            // The answer was lost, and it is sent again.
            let again = desks[at].settle(&op).await;
            assert_eq!(again.outcome, first.outcome);
        }
        // The other desk has asked as well: it reads that it was late.
        let late = desks[1 - at].op(document, number());
        let late = desks[1 - at].settle(&late).await;
        assert_eq!(code(&late), Some(ProblemCode::WrongState));
        asked.push(document);
    }
    let numbers: Vec<u32> = numbers_of(&house)
        .iter()
        .map(|(number, _)| *number)
        .collect();
    assert_eq!(numbers, (1..=24).collect::<Vec<u32>>());
    assert_eq!(check(&house.staff.office).violations, [""; 0]);
}

#[tokio::test]
async fn what_corrects_or_replaces_a_document_is_named_on_it_at_the_sender_and_at_every_receiver() {
    let mut house = House::open().await;
    let source = house.at(Step::Issued).await;
    let original = seen(&mut house, &CLERK, source).await;
    let bytes = pdf("đính chính");
    house.staff.desk(&OFFICIAL).upload(&bytes, None).await;
    let amend = |relation, kind, symbol: &str| Wanted {
        relation,
        source,
        fields: fields(kind, symbol),
        file: file_of(&sha256(&bytes), bytes.len() as u64),
        pages: Vec::new(),
        left_out: "",
    };
    let (letter, decision) = (DocumentType::OfficialLetter, DocumentType::Decision);
    for (why, wanted, refusal) in [
        (
            "corrected by an official letter only",
            amend(Relation::Correction, decision, "QĐ-UBND"),
            ProblemCode::InvalidRequest,
        ),
        (
            "replaced by the same kind only",
            amend(Relation::Replacement, letter, "UBND-VP"),
            ProblemCode::InvalidRequest,
        ),
    ] {
        let (_, result) = make(&mut house, &OFFICIAL, &wanted).await;
        assert_eq!(code(&result), Some(refusal), "{why}");
    }
    let foreign = amend(Relation::Correction, letter, "UBND-VP");
    let (_, result) = make(&mut house, &HEAD, &foreign).await;
    assert_eq!(
        code(&result),
        Some(ProblemCode::Forbidden),
        "neither drafter nor registry"
    );

    let (correction, result) = make(&mut house, &OFFICIAL, &foreign).await;
    assert!(applied(&result), "{result:?}");
    let draft = seen(&mut house, &OFFICIAL, correction).await;
    assert_eq!(
        draft.state,
        DocumentState::Draft,
        "it goes the way of every draft"
    );
    let notation = original.notation.clone().expect("numbered").to_string();
    assert_eq!(origin(&draft).expect("of something").title, notation);
    let told = seen(&mut house, &OFFICIAL, source).await;
    assert_eq!(derived(&told), [], "not before it is issued");

    let other = HandlingAct::Revise {
        file: None,
        fields: Some(Box::new(fields(decision, "QĐ-UBND"))),
        text: String::new(),
    };
    let result = house.staff.act(&OFFICIAL, correction, other).await;
    assert_eq!(code(&result), Some(ProblemCode::InvalidRequest), "its kind");

    // The replacement goes all the way; of two that would replace it the first does.
    let late = house
        .before_the_leader_about(source, Relation::Replacement)
        .await;
    let real = house
        .before_the_leader_about(source, Relation::Replacement)
        .await;
    house.through(real).await;
    house.sealed(late).await;
    let result = house.staff.act(&CLERK, late, to_neighbour()).await;
    assert_eq!(code(&result), Some(ProblemCode::WrongState), "once");
    let number = seen(&mut house, &OFFICIAL, real).await.notation;
    let number = number.expect("numbered").to_string();
    let told = seen(&mut house, &OFFICIAL, source).await;
    let by = derived(&told).first().expect("replaced").clone();
    assert_eq!(
        (by.relation, by.document),
        (Relation::Replacement, Some(real))
    );
    assert_eq!(by.title, number);
    let note = &told.flow.last().expect("a step").note;
    assert_eq!(*note, format!("Được thay thế bởi {number}"));
    let old = house.received_as(&notation).await;
    let new = house.received_as(&number).await;
    assert_eq!(derived(&old)[0].document, Some(new.id));
    assert_eq!(origin(&new).expect("replaces").document, Some(old.id));
    assert_eq!(old.flow.last().expect("a step").note, *note);
    // Once only: what was replaced is not amended again.
    let again = amend(Relation::Correction, letter, "UBND-VP");
    let (_, result) = make(&mut house, &OFFICIAL, &again).await;
    assert_eq!(code(&result), Some(ProblemCode::WrongState));
}
