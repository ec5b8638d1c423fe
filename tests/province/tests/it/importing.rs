//! Rows of a previous system's registers: each once, by clerks only, where this server gives no number.

use congvan_model::{Direction, DocumentId, DocumentState, DocumentType, Urgency};
use congvan_protocol::{
    Document, FieldOfActivity, Intent, OpOutcome, OpResult, ProblemCode, RegistrationFields,
    Signer,
    import::{ImportRow, RowRefusal, imported_file},
};
use congvan_province::Seed;
use congvan_testkit::{CLERK, LEADER, OFFICIAL};
use jiff::civil::{Date, date};
use uuid::Uuid;

use crate::{
    clerk::{Clerk, books, check, year},
    office::{Desk, Office, applied, code, sha256, start},
};

pub(crate) const AGENCY: &str = "H99.101";

pub(crate) fn row(line: u32, number: u32, on: Date) -> ImportRow {
    ImportRow {
        line,
        direction: Direction::Incoming,
        old_id: None,
        book: "den".to_owned(),
        year: u16::try_from(on.year()).expect("a year"),
        number,
        on,
        fields: RegistrationFields {
            issuer_code: Some("H33".to_owned()),
            issuer_name: "UBND tỉnh Kiên Giang".to_owned(),
            notation: format!("{number}/QĐ-UBND").parse().ok(),
            issued_on: Some(on),
            kind: DocumentType::Decision,
            subject: format!("Về việc số {number}"),
            urgency: Urgency::Normal,
            signer: Signer {
                position: String::new(),
                full_name: "Trần Văn A".to_owned(),
            },
            due: None,
            activity: None,
        },
        places: Vec::new(),
        handled_by: "Phòng Kinh tế".to_owned(),
    }
}

fn outgoing(line: u32, number: u32, on: Date) -> ImportRow {
    let mut row = row(line, number, on);
    row.direction = Direction::Outgoing;
    row.book.clear();
    row.fields.issuer_code = Some(AGENCY.to_owned());
    row.places = vec!["Sở Nội vụ".to_owned()];
    row
}

pub(crate) fn intent(agency: &str, rows: Vec<ImportRow>) -> Intent {
    Intent::ImportRows {
        agency: agency.to_owned(),
        source: sha256(b"a table"),
        rows,
    }
}

async fn import(desk: &mut Desk, rows: Vec<ImportRow>) -> (OpResult, Vec<Document>) {
    let op = desk.op(DocumentId(Uuid::now_v7()), intent(AGENCY, rows));
    let mut answer = desk.sync(vec![op]).await;
    let documents = crate::office::documents(answer.changes);
    (answer.results.remove(0), documents)
}

/// How many were added and were here, and which rows were refused for what.
fn told(result: &OpResult) -> (u32, u32, Vec<(u32, RowRefusal)>) {
    match &result.outcome {
        OpOutcome::TakenIn {
            added,
            already,
            refused,
        } => {
            let refused = refused.iter().map(|one| (one.line, one.why));
            (*added, *already, refused.collect())
        }
        other => panic!("{other:?}"),
    }
}

fn ago(office: &Office, years: i16) -> Date {
    let this = i16::try_from(year(office)).expect("a year");
    date(this - years, 3, 4)
}

#[tokio::test]
async fn a_row_is_taken_over_once_and_stands_in_its_years_book_beside_the_counter() {
    let office = start(Seed::Few);
    let mut clerk = Clerk::at(&office).await;
    clerk.desk.pull().await;
    let (old, older) = (ago(&office, 2), ago(&office, 3));
    let (result, documents) = import(
        &mut clerk.desk,
        vec![row(2, 7, old), row(3, 7, older), outgoing(4, 7, old)],
    )
    .await;
    assert_eq!(told(&result), (3, 0, vec![]));
    assert!(result.receipt.is_some());
    let first = row(2, 7, old).document(AGENCY);
    let found = documents.iter().find(|one| one.id == first).expect("told");
    assert_eq!(found.state, DocumentState::Filed);
    assert_eq!(found.arrival_number, Some(7));
    let entry = found.registration.as_ref().expect("in its book");
    assert_eq!(
        (entry.book.as_str(), i16::try_from(entry.year)),
        ("den", Ok(old.year()))
    );
    assert!(found.read_at.is_some(), "nobody has to look at it");
    assert!(row(2, 7, old).stands_as(found));
    assert_eq!(found.issuer.name, "UBND tỉnh Kiên Giang");

    // Again, by another op: here already. Something else under the same number is not.
    let mut other = row(9, 7, old);
    other.fields.subject.push('!');
    let mut named = row(10, 7, old);
    named.old_id = Some("VB-1".to_owned());
    let (result, _) = import(&mut clerk.desk, vec![row(8, 7, old), other, named]).await;
    let refused = vec![(9, RowRefusal::Differs), (10, RowRefusal::NumberTaken)];
    assert_eq!(told(&result), (0, 1, refused));

    // The promises about numbers hold, and the counter goes on where it was.
    let next = books(&clerk.desk).await[0].next;
    let paper = crate::clerk::Paper::scan(&office, &clerk.desk).await;
    let (registered, document) = clerk.register(&paper, None).await;
    assert!(applied(&registered));
    assert_eq!(document.and_then(|one| one.arrival_number), Some(next));
    check(&office);
}

#[tokio::test]
async fn a_number_of_this_system_is_refused_and_one_before_it_began_is_not() {
    let office = start(Seed::Few);
    let mut clerk = Clerk::at(&office).await;
    let this = i16::try_from(year(&office)).expect("a year");
    let first_day = date(this, 1, 1);
    let next = books(&clerk.desk).await[0].next;
    let today = office.province.now().vietnam_date();
    let mut foreign = outgoing(5, 900, first_day);
    foreign.fields.issuer_code = Some("H33.01".to_owned());
    let mut nowhere = row(6, 1, ago(&office, 2));
    nowhere.book = "so-la".to_owned();
    let mut unnamed = row(7, 2, ago(&office, 2));
    unnamed.fields.activity = Some(FieldOfActivity {
        code: String::new(),
        name: "x".to_owned(),
    });
    let tomorrow = row(8, 3, today.tomorrow().expect("a day"));
    let (result, _) = import(
        &mut clerk.desk,
        vec![
            row(2, next, first_day),
            row(3, next + 900, first_day),
            foreign,
            nowhere,
            unnamed,
            tomorrow,
        ],
    )
    .await;
    let refused = vec![
        (2, RowRefusal::OfThisSystem),
        (3, RowRefusal::OfThisSystem),
        (5, RowRefusal::OfThisSystem),
        (6, RowRefusal::NoBook),
        (7, RowRefusal::Invalid),
        (8, RowRefusal::Invalid),
    ];
    assert_eq!(told(&result), (0, 0, refused));
}

#[tokio::test]
async fn only_clerks_of_the_registry_import_and_see_what_was_imported() {
    let office = start(Seed::Few);
    let old = ago(&office, 2);
    for person in [&LEADER, &OFFICIAL] {
        let mut desk = office.login(person).await;
        let (result, _) = import(&mut desk, vec![row(2, 7, old)]).await;
        assert_eq!(
            code(&result),
            Some(ProblemCode::Forbidden),
            "{}",
            person.username
        );
    }
    let mut clerk = Clerk::at(&office).await;
    let (result, documents) = import(&mut clerk.desk, vec![row(2, 7, old)]).await;
    assert_eq!(told(&result).0, 1);
    let own = row(2, 7, old).document(AGENCY);
    assert!(documents.iter().any(|one| one.id == own));
    for person in [&LEADER, &OFFICIAL] {
        let mut desk = office.login(person).await;
        let seen = desk.documents().await;
        assert!(seen.iter().all(|one| one.id != own), "{}", person.username);
    }
    let mut second = office.login(&CLERK).await;
    let seen = second.documents().await;
    assert!(
        seen.iter().any(|one| one.id == own),
        "another desk of the registry"
    );
}

#[tokio::test]
async fn a_file_comes_after_its_row_once_and_only_to_an_imported_document() {
    let office = start(Seed::Few);
    let mut clerk = Clerk::at(&office).await;
    let wanted = row(2, 7, ago(&office, 2));
    let document = wanted.document(AGENCY);
    let bytes = b"%PDF-1.7\n% a\nstartxref\n9\n%%EOF\n";
    let named = ("quyet-dinh.pdf".to_owned(), None);
    let file = imported_file(document, (sha256(bytes), bytes.len() as u64), named);
    let adding = Intent::ImportFile {
        file: Box::new(file.clone()),
    };
    let op = clerk.desk.op(document, adding.clone());
    assert_eq!(
        code(&clerk.desk.settle(&op).await),
        Some(ProblemCode::NotFound)
    );
    import(&mut clerk.desk, vec![wanted.clone()]).await;
    let op = clerk.desk.op(document, adding.clone());
    let blocked = clerk.desk.settle(&op).await;
    assert!(
        matches!(blocked.outcome, OpOutcome::Blocked { .. }),
        "{blocked:?}"
    );
    clerk.desk.upload(bytes, None).await;
    assert!(applied(&clerk.desk.settle(&op).await));
    let again = clerk.desk.op(document, adding);
    assert!(applied(&clerk.desk.settle(&again).await));
    let mut second = office.login(&CLERK).await;
    let seen = second.documents().await;
    let found = seen.iter().find(|one| one.id == document).expect("here");
    assert_eq!(found.files.len(), 1);
    assert_eq!(
        found.files[0].head().map(|head| head.sha256),
        Some(file.sha256)
    );
    assert!(wanted.stands_as(found), "files change nothing of the row");
    // Other ids than those of document and bytes.
    let mut other = file;
    other.file = congvan_model::FileId(Uuid::now_v7());
    let op = clerk.desk.op(
        document,
        Intent::ImportFile {
            file: Box::new(other),
        },
    );
    assert_eq!(
        code(&clerk.desk.settle(&op).await),
        Some(ProblemCode::InvalidRequest)
    );
}
