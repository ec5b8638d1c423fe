//! What came over the axis is entered in a book: its number by the server or out of a lease, two clerks
//! for one document, and what its sender is told.

use congvan_model::{DocumentId, DocumentState};
use congvan_protocol::{
    Document, Intent, LeasedNumber, OpOutcome, OpResult, ProblemCode, VoidEntry,
};
use congvan_province::{AxisDelivery, Seed};
use congvan_testkit::{CLERK, LEADER, OFFICIAL};
use reqwest::Method;

use crate::{
    clerk::{Clerk, Paper, check, number_of},
    office::{Desk, Office, applied, code, json as read, start},
};

/// A document that another agency sent; the clerk has not pulled it yet.
fn delivered(office: &Office, number: u32) -> DocumentId {
    let delivery = AxisDelivery {
        axis_id: format!("H99.05,2026/11/22,{number}/STC-NS"),
        sender: "H99.05".to_owned(),
        sender_name: "Sở Tài chính".to_owned(),
        notation: format!("{number}/STC-NS").parse().expect("notation"),
        subject: format!("V/v quyết toán {number}"),
    };
    let pdf = format!("%PDF-1.7\n% axis {number}\n%%EOF\n");
    let id = office.province.deliver_by_axis(&delivery, pdf.as_bytes());
    id.expect("delivered")
}

fn intent(office: &Office, year: u16, number: Option<LeasedNumber>) -> Intent {
    Intent::RegisterReceived {
        book: "den".to_owned(),
        year,
        received_at: office.province.now(),
        provisional: "T-7F3A9C01-1".to_owned(),
        number,
    }
}

/// Sends one intent; its result and the document as the feed then has it.
async fn act(
    desk: &mut Desk,
    document: DocumentId,
    intent: Intent,
) -> (OpResult, Option<Document>) {
    let op = desk.op(document, intent);
    let mut answer = desk.sync(vec![op]).await;
    let found = crate::office::documents(answer.changes)
        .into_iter()
        .find(|found| found.id == document);
    (answer.results.remove(0), found)
}

fn told(office: &Office) -> Vec<(String, String)> {
    let told = office.province.axis_statuses().expect("statuses");
    told.into_iter()
        .map(|one| (one.axis_id, one.code))
        .collect()
}

fn times_told(office: &Office, code: &str) -> usize {
    told(office).iter().filter(|(_, one)| one == code).count()
}

#[tokio::test]
async fn what_came_over_the_axis_gets_the_next_number_once_and_its_sender_is_told_once() {
    let office = start(Seed::Empty);
    let mut clerk = Clerk::at(&office).await;
    let id = delivered(&office, 88);
    let wanted = intent(&office, clerk.year, None);
    let op = clerk.desk.op(id, wanted);
    let answer = clerk.desk.sync(vec![op.clone()]).await;
    assert!(applied(&answer.results[0]), "{:?}", answer.results);
    let document = crate::office::documents(answer.changes)
        .into_iter()
        .rfind(|found| found.id == id);
    assert_eq!(number_of(document.as_ref()), 1);
    let document = document.expect("there");
    assert_eq!(document.state, DocumentState::Registered);
    // What its sender said of it stays.
    assert_eq!(document.subject, "V/v quyết toán 88");
    assert_eq!(document.issuer.code, "H99.05");
    assert_eq!(
        document.flow.last().expect("a step").note,
        "Vào sổ văn bản đến, số đến 1"
    );
    // The same op again, and the same wish under another id: nothing more happens.
    assert!(applied(&clerk.desk.settle(&op).await));
    let (again, _) = act(&mut clerk.desk, id, intent(&office, clerk.year, None)).await;
    assert!(applied(&again), "{again:?}");
    assert_eq!(times_told(&office, "03"), 1);
    assert_eq!(check(&office).registered, 1);
    // A paper beside it gets the next number; the document can be presented like one.
    let paper = Paper::scan(&office, &clerk.desk).await;
    let (_, paper) = clerk.register(&paper, None).await;
    assert_eq!(number_of(paper.as_ref()), 2);
}

#[tokio::test]
async fn of_two_clerks_the_second_learns_who_was_first_and_the_leased_number_becomes_void() {
    let office = start(Seed::Empty);
    office
        .province
        .appoint_clerk(OFFICIAL.username)
        .expect("appointed");
    let mut first = office.login(&OFFICIAL).await;
    let mut second = Clerk::at(&office).await;
    let (taken, own) = (delivered(&office, 88), delivered(&office, 89));
    let (result, _) = act(&mut first, taken, intent(&office, second.year, None)).await;
    assert!(applied(&result), "{result:?}");
    let lease = second.lease(10).await;
    let leased = |number| {
        Some(LeasedNumber {
            fence: lease.fence,
            number,
        })
    };
    let wish = intent(&office, second.year, leased(lease.lo));
    let (result, _) = act(&mut second.desk, taken, wish).await;
    let OpOutcome::Conflict { code, detail } = &result.outcome else {
        panic!("{result:?}");
    };
    assert_eq!(*code, ProblemCode::AlreadyRegistered);
    assert_eq!(detail, OFFICIAL.full_name);
    // The next number of the lease stands on the next document.
    let wish = intent(&office, second.year, leased(lease.lo + 1));
    let (result, document) = act(&mut second.desk, own, wish).await;
    assert!(applied(&result), "{result:?}");
    assert_eq!(number_of(document.as_ref()), lease.lo + 1);
    assert_eq!(times_told(&office, "03"), 2);
    let path = format!("/v1/books/den/{}/voids", second.year);
    let response = second.desk.request(Method::GET, &path).send().await;
    let voids: Vec<VoidEntry> = read(response.expect("voids")).await;
    assert_eq!(voids.len(), 1);
    assert_eq!(
        (voids[0].number, voids[0].reason.as_str()),
        (lease.lo, "Văn bản đã vào sổ trước, số đến 1")
    );
    let report = check(&office);
    assert_eq!((report.registered, report.void), (2, 1));
}

#[tokio::test]
async fn only_a_clerk_who_has_it_registers_what_waits_and_only_into_an_open_book() {
    let office = start(Seed::Empty);
    let mut clerk = Clerk::at(&office).await;
    let mut leader = office.login(&LEADER).await;
    let id = delivered(&office, 88);
    let year = clerk.year;
    let (refused, _) = act(&mut leader, id, intent(&office, year, None)).await;
    assert_eq!(code(&refused), Some(ProblemCode::Forbidden));
    let nowhere = DocumentId(uuid::Uuid::now_v7());
    let (refused, _) = act(&mut clerk.desk, nowhere, intent(&office, year, None)).await;
    assert_eq!(code(&refused), Some(ProblemCode::NotFound));
    let (refused, _) = act(&mut clerk.desk, id, intent(&office, year - 1, None)).await;
    assert_eq!(code(&refused), Some(ProblemCode::YearClosed));
    let mut wrong = intent(&office, year, None);
    if let Intent::RegisterReceived { provisional, .. } = &mut wrong {
        "17".clone_into(provisional);
    }
    let (refused, _) = act(&mut clerk.desk, id, wrong).await;
    assert_eq!(code(&refused), Some(ProblemCode::InvalidRequest));
    // A lease of another device is no lease of this one.
    let mut other = Clerk {
        desk: office.login(&CLERK).await,
        year,
    };
    let lease = other.lease(5).await;
    let stolen = LeasedNumber {
        fence: lease.fence,
        number: lease.lo,
    };
    let (refused, _) = act(&mut clerk.desk, id, intent(&office, year, Some(stolen))).await;
    assert_eq!(code(&refused), Some(ProblemCode::LeaseStale));
    // While the book is out, a document without a number waits as a paper does.
    let (waits, _) = act(&mut clerk.desk, id, intent(&office, year, None)).await;
    assert!(
        matches!(waits.outcome, OpOutcome::Deferred { .. }),
        "{waits:?}"
    );
    assert_eq!(times_told(&office, "03"), 0);
    let (done, _) = act(&mut other.desk, id, intent(&office, year, Some(stolen))).await;
    assert!(applied(&done), "{done:?}");
    assert_eq!(times_told(&office, "03"), 1);
}
