//! Numbers after the server was restored from a backup: two clerks' machines, each with papers that
//! were given numbers after it.

use std::path::Path;

use congvan_model::DocumentId;
use congvan_protocol::{BreakAnswer, GivenNumber, LeasedNumber, Op, OpOutcome, SyncResponse};
use congvan_province::Seed;
use congvan_testkit::{CLERK, LEADER};
use reqwest::{Method, StatusCode};
use serde_json::json;

use crate::{
    clerk::{Clerk, Paper, books, check, number_of},
    journal::copy,
    office::{Desk, Office, applied, code, json as read, start},
};

/// A registration that was acknowledged, with the number that came.
struct Given {
    op: Op,
    number: u32,
}

async fn register(office: &Office, clerk: &mut Clerk, leased: Option<LeasedNumber>) -> Given {
    let paper = Paper::scan(office, &clerk.desk).await;
    let op = clerk
        .desk
        .op(paper.document, paper.intent(clerk.year, leased));
    let answer = clerk.desk.sync(vec![op.clone()]).await;
    assert!(applied(&answer.results[0]), "{:?}", answer.results);
    let documents = crate::office::documents(answer.changes);
    let document = documents.iter().find(|it| it.id == paper.document);
    let number = number_of(document);
    Given { op, number }
}

/// What a desk does with a server that has forgotten: it offers its acts again, with their numbers.
async fn offer_again(desk: &mut Desk, given: &[&Given]) -> SyncResponse {
    desk.cursor = None;
    let mut body = desk.body(given.iter().map(|it| it.op.clone()).collect());
    body.given = given
        .iter()
        .map(|it| GivenNumber {
            op: it.op.id,
            number: it.number,
        })
        .collect();
    let request = desk.request(Method::POST, "/v1/sync").json(&body);
    let response = request.send().await.expect("sync");
    assert_eq!(response.status(), StatusCode::OK);
    read(response).await
}

/// The scans are asked for again, too.
async fn upload_again(desk: &Desk, given: &[&Given]) {
    for it in given {
        let bytes = format!("%PDF-1.7\n% {}\n%%EOF\n", it.op.lane).into_bytes();
        desk.upload(&bytes, None).await;
    }
}

fn restore(office: Office, backup: &Path, numbers: Option<u32>) -> Office {
    office.stopped(|config| {
        std::fs::remove_dir_all(&config.data_dir).expect("the disk is lost");
        copy(backup, &config.data_dir);
        let mark = congvan_province::restore_mark(&config.data_dir, numbers).expect("mark");
        assert!(!mark.set_aside.is_empty(), "{mark:?}");
    })
}

async fn numbers_of(desk: &mut Desk, documents: &[DocumentId]) -> Vec<u32> {
    desk.cursor = None;
    let all = desk.documents().await;
    let number = |id: &DocumentId| number_of(all.iter().find(|it| it.id == *id));
    documents.iter().map(number).collect()
}

/// Two officials give up what nobody has claimed: every number then has its record.
async fn close(office: &Office) -> congvan_province::NumbersReport {
    let (clerk, leader) = (office.login(&CLERK).await, office.login(&LEADER).await);
    let year = crate::clerk::year(office);
    for book in ["den", "don-thu"] {
        for (desk, second) in [(&clerk, LEADER.username), (&leader, CLERK.username)] {
            let body = json!({"reason": "khôi phục", "second": second, "give_up": true});
            let path = format!("/v1/books/{book}/{year}/break");
            let response = desk.request(Method::POST, &path).json(&body).send().await;
            let answer: BreakAnswer = read(response.expect("answer")).await;
            assert!(answer.done || answer.waiting_for.is_some(), "{book}");
        }
    }
    check(office)
}

#[tokio::test]
async fn after_a_restore_papers_keep_their_numbers_and_new_ones_get_none_of_them() {
    let backup = tempfile::tempdir().expect("dir");
    let office = start(Seed::Empty);
    let mut one = Clerk::at(&office).await;
    let kept = register(&office, &mut one, None).await;
    let office = office.stopped(|config| copy(&config.data_dir, backup.path()));
    one.desk.client = office.client();
    let mut two = Clerk::at(&office).await;
    let first = register(&office, &mut one, None).await;
    let second = register(&office, &mut two, None).await;
    let third = register(&office, &mut one, None).await;
    let numbers = [&kept, &first, &second, &third].map(|it| it.number);
    assert_eq!(numbers, [1, 2, 3, 4]);

    let office = restore(office, backup.path(), None);
    let mut stranger = Clerk::at(&office).await;
    let mut two_again = office.login(&CLERK).await;
    (two_again.device, two_again.seq) = (two.desk.device, two.desk.seq);
    one.desk.client = office.client();
    // Someone registers before any of the papers has come again.
    let new = register(&office, &mut stranger, None).await;
    assert!(new.number > 4, "{} may be on a paper", new.number);
    upload_again(&stranger.desk, &[&first, &second, &third]).await;
    // They come in the wrong order, and one of them twice.
    let answer = offer_again(&mut two_again, &[&second]).await;
    assert!(applied(&answer.results[0]), "{:?}", answer.results);
    for _ in 0..2 {
        let answer = offer_again(&mut one.desk, &[&kept, &first, &third]).await;
        assert!(answer.results.iter().all(applied), "{:?}", answer.results);
    }
    let documents = [&kept, &first, &second, &third, &new].map(|it| it.op.lane);
    let found = numbers_of(&mut stranger.desk, &documents).await;
    assert_eq!(found, [1, 2, 3, 4, new.number]);
    let report = check(&office);
    assert!(report.set_aside > 0, "{report:?}");
    let report = close(&office).await;
    assert_eq!((report.set_aside, report.registered), (0, 5));
    // What lies between in this book, and the twenty of the other, in which nobody wrote.
    assert_eq!(report.void, u64::from(new.number) - 5 + 20, "never reused");
    let next = books(&stranger.desk).await[0].next;
    assert_eq!(next, new.number + 1);
}

#[tokio::test]
async fn numbers_out_of_a_lease_that_the_backup_does_not_know_are_taken_and_its_rest_is_void() {
    let backup = tempfile::tempdir().expect("dir");
    let office = start(Seed::Empty);
    let mut one = Clerk::at(&office).await;
    register(&office, &mut one, None).await;
    let office = office.stopped(|config| copy(&config.data_dir, backup.path()));
    one.desk.client = office.client();
    let lease = one.lease(10).await;
    let leased = |number| {
        Some(LeasedNumber {
            fence: lease.fence,
            number,
        })
    };
    let sent = register(&office, &mut one, leased(lease.lo)).await;
    assert_eq!((lease.lo, sent.number), (2, 2));

    let office = restore(office, backup.path(), Some(30));
    one.desk.client = office.client();
    // Another device takes numbers; nothing of what the first one may have printed is among them.
    let other = Clerk::at(&office).await;
    let theirs = other.lease(10).await;
    assert!(
        theirs.lo > lease.hi && theirs.fence > lease.fence,
        "{theirs:?}"
    );
    upload_again(&other.desk, &[&sent]).await;
    let paper = Paper::scan(&office, &other.desk).await;
    let printed = one
        .desk
        .op(paper.document, paper.intent(one.year, leased(3)));
    one.desk.cursor = None;
    let answer = one.desk.sync(vec![sent.op.clone(), printed.clone()]).await;
    assert!(answer.results.iter().all(applied), "{:?}", answer.results);
    // Its fence is good for its own numbers only: not for one of the other's block.
    let paper = Paper::scan(&office, &other.desk).await;
    let forged = paper.intent(one.year, leased(theirs.lo));
    let forged = one.desk.op(paper.document, forged);
    let result = one.desk.settle(&forged).await;
    assert!(
        matches!(result.outcome, OpOutcome::Conflict { .. }),
        "{result:?}"
    );
    let found = numbers_of(&mut one.desk, &[sent.op.lane, printed.lane]).await;
    assert_eq!(found, [2, 3]);
    check(&office);
}

#[tokio::test]
async fn a_number_behind_what_was_set_aside_is_kept_while_nobody_was_given_it() {
    let backup = tempfile::tempdir().expect("dir");
    let office = start(Seed::Empty);
    let mut one = Clerk::at(&office).await;
    register(&office, &mut one, None).await;
    let office = office.stopped(|config| copy(&config.data_dir, backup.path()));
    one.desk.client = office.client();
    let mut given = Vec::new();
    for _ in 0..4 {
        given.push(register(&office, &mut one, None).await);
    }
    assert_eq!(given[3].number, 5);
    // The operator thought of two.
    let office = restore(office, backup.path(), Some(2));
    one.desk.client = office.client();
    let mut two = Clerk::at(&office).await;
    let new = register(&office, &mut two, None).await;
    assert_eq!(new.number, 4);
    let all: Vec<&Given> = given.iter().collect();
    upload_again(&two.desk, &all).await;
    let answer = offer_again(&mut one.desk, &all).await;
    let results = answer.results;
    assert!(applied(&results[0]) && applied(&results[1]), "{results:?}");
    // 4 stands on two papers now, and a person is told; 5 is kept.
    assert!(
        matches!(results[2].outcome, OpOutcome::Conflict { .. }),
        "{results:?}"
    );
    assert_eq!(
        code(&results[2]),
        Some(congvan_protocol::ProblemCode::LeaseStale)
    );
    assert!(applied(&results[3]), "{results:?}");
    let found = numbers_of(&mut two.desk, &[given[3].op.lane, new.op.lane]).await;
    assert_eq!(found, [5, 4]);
    check(&office);
}
