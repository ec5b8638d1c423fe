//! Numbers that a device takes along, and what becomes of them.

use congvan_model::DocumentId;
use congvan_protocol::{BookState, BreakAnswer, Intent, LeasedNumber, OpOutcome, ProblemCode};
use congvan_province::Seed;
use congvan_testkit::{CLERK, LEADER, OFFICIAL};
use reqwest::StatusCode;
use serde_json::json;
use uuid::Uuid;

use crate::{
    clerk::{Clerk, Paper, books, check, number_of, post},
    office::{applied, code, json as read, problem, start},
};

#[tokio::test]
async fn while_a_device_has_numbers_the_server_gives_none_and_after_it_there_is_no_gap() {
    let office = start(Seed::Few);
    let mut clerk = Clerk::at(&office).await;
    let first = books(&clerk.desk).await[0].next;
    let lease = clerk.lease(10).await;
    assert_eq!((lease.lo, lease.hi, lease.fence), (first, first + 9, 1));
    assert_eq!(clerk.lease(10).await, lease, "asked again");
    assert_eq!(
        lease.expires_at.vietnam_date(),
        office.province.now().vietnam_date()
    );
    let state = &books(&clerk.desk).await[0];
    assert_eq!(state.lease.as_ref().expect("out").lease, lease);
    assert_eq!(state.lease.as_ref().expect("out").holder, CLERK.full_name);
    // From another machine, and without a number: both wait.
    let mut other = Clerk::at(&office).await;
    let held = other.post("lease", other.ask(5)).await;
    assert_eq!(
        problem(held).await,
        (StatusCode::CONFLICT, ProblemCode::LeaseHeld)
    );
    let waiting = Paper::scan(&office, &other.desk).await;
    let (result, _) = other.register(&waiting, None).await;
    assert!(
        matches!(result.outcome, OpOutcome::Deferred { .. }),
        "{result:?}"
    );
    let urgent = office.province.add_urgent_document().expect("urgent");
    let of_urgent = other.desk.documents().await;
    let of_urgent = of_urgent.iter().find(|document| document.id == urgent);
    assert_eq!(of_urgent.expect("there").arrival_number, None, "chờ vào sổ");
    // Three papers offline; the middle stamp is spoiled.
    for offset in [0, 2] {
        let paper = Paper::scan(&office, &clerk.desk).await;
        let number = LeasedNumber {
            fence: lease.fence,
            number: lease.lo + offset,
        };
        let (result, document) = clerk.register(&paper, Some(number)).await;
        assert!(applied(&result), "{result:?}");
        assert_eq!(number_of(document.as_ref()), lease.lo + offset);
    }
    let void = Intent::VoidNumber {
        book: "den".to_owned(),
        year: clerk.year,
        number: lease.lo + 1,
        reason: "Đóng dấu nhầm".to_owned(),
    };
    let op = clerk.desk.op(DocumentId(Uuid::now_v7()), void);
    assert!(applied(&clerk.desk.settle(&op).await));
    // A fourth is on paper; its scan is still on the way when the lease goes back.
    let late = Paper::scan(&office, &clerk.desk).await;
    let back = json!({"fence": lease.fence, "used_hi": lease.lo + 3});
    let response = clerk.post("return", back.clone()).await;
    assert_eq!(response.status(), StatusCode::OK);
    let state: BookState = read(response).await;
    assert_eq!((state.next, state.lease), (lease.lo + 4, None));
    assert_eq!(check(&office).promised, 1);
    assert_eq!(
        clerk.post("return", back).await.status(),
        StatusCode::OK,
        "said twice"
    );
    let (result, document) = other.register(&waiting, None).await;
    assert!(applied(&result));
    assert_eq!(number_of(document.as_ref()), lease.lo + 4);
    let number = LeasedNumber {
        fence: lease.fence,
        number: lease.lo + 3,
    };
    let (result, document) = clerk.register(&late, Some(number)).await;
    assert!(applied(&result), "{result:?}");
    let entry = document.expect("there").registration.expect("entry");
    assert_eq!(entry.number, lease.lo + 3);
    let report = check(&office);
    assert_eq!((report.registered, report.void, report.promised), (4, 1, 0));
}

#[tokio::test]
async fn a_number_is_refused_without_its_lease_beyond_it_or_when_it_is_on_another_paper() {
    let office = start(Seed::Empty);
    let mut clerk = Clerk::at(&office).await;
    let lease = clerk.lease(5).await;
    let used = Paper::scan(&office, &clerk.desk).await;
    let at = |fence, number| Some(LeasedNumber { fence, number });
    assert!(applied(&clerk.register(&used, at(1, 1)).await.0));
    let paper = Paper::scan(&office, &clerk.desk).await;
    let cases = [
        (at(1, 1), ProblemCode::NumberTaken),
        (at(2, 2), ProblemCode::LeaseStale),
        (at(1, lease.hi + 1), ProblemCode::InvalidRequest),
    ];
    for (number, expected) in cases {
        assert_eq!(
            code(&clerk.register(&paper, number).await.0),
            Some(expected)
        );
    }
    // A number of one device, sent by another.
    let mut other = Clerk::at(&office).await;
    let stolen = other.register(&paper, at(1, 2)).await.0;
    assert_eq!(code(&stolen), Some(ProblemCode::LeaseStale));
    let wrong = clerk
        .post("return", json!({"fence": 1, "used_hi": 0}))
        .await;
    assert_eq!(problem(wrong).await.1, ProblemCode::InvalidRequest);
    let back = clerk
        .post("return", json!({"fence": 1, "used_hi": 1}))
        .await;
    assert_eq!(back.status(), StatusCode::OK);
    // What went back is the server's again: the device no longer has it.
    let gone = clerk.register(&paper, at(1, 3)).await.0;
    assert_eq!(code(&gone), Some(ProblemCode::LeaseStale));
    let (result, document) = clerk.register(&paper, None).await;
    assert!(applied(&result));
    assert_eq!(number_of(document.as_ref()), 2);
    check(&office);
}

#[tokio::test]
async fn a_lost_device_takes_two_officials_and_its_unused_numbers_become_voids_when_it_is_back() {
    let office = start(Seed::Empty);
    let mut clerk = Clerk::at(&office).await;
    let leader = office.login(&LEADER).await;
    let official = office.login(&OFFICIAL).await;
    let lease = clerk.lease(6).await;
    let papers = [
        Paper::scan(&office, &clerk.desk).await,
        Paper::scan(&office, &clerk.desk).await,
    ];
    let reason = "Máy hỏng trên đường";
    let name =
        |person: &congvan_testkit::Person| json!({"reason": reason, "second": person.username});
    for (desk, second) in [(&clerk.desk, &CLERK), (&clerk.desk, &OFFICIAL)] {
        let refused = post(desk, clerk.year, "break", name(second)).await;
        assert_eq!(problem(refused).await.1, ProblemCode::InvalidRequest);
    }
    let refused = post(&official, clerk.year, "break", name(&LEADER)).await;
    assert_eq!(problem(refused).await.1, ProblemCode::Forbidden);
    for _ in 0..2 {
        let answer: BreakAnswer = read(clerk.post("break", name(&LEADER)).await).await;
        assert!(!answer.done, "one alone, however often");
        assert_eq!(answer.waiting_for.as_deref(), Some("lanhdao"));
        assert!(answer.book.lease.is_some());
    }
    let answer: BreakAnswer = read(post(&leader, clerk.year, "break", name(&CLERK)).await).await;
    assert!(answer.done);
    assert_eq!((answer.book.next, answer.book.lease), (lease.hi + 1, None));
    assert_eq!(check(&office).set_aside, 6);
    // The office goes on behind the block; then the device is found after all.
    let mut other = Clerk::at(&office).await;
    let paper = Paper::scan(&office, &other.desk).await;
    let (_, document) = other.register(&paper, None).await;
    assert_eq!(number_of(document.as_ref()), lease.hi + 1);
    for (offset, paper) in papers.iter().enumerate() {
        let number = LeasedNumber {
            fence: lease.fence,
            number: lease.lo + u32::try_from(offset).expect("small"),
        };
        let (result, document) = clerk.register(paper, Some(number)).await;
        assert!(applied(&result), "{result:?}");
        // Its time stands before that of the later number.
        let entry = document.expect("there").registration.expect("entry");
        assert_eq!(entry.number, number.number);
    }
    let stale = clerk.post("lease", clerk.ask(5)).await;
    assert_eq!(
        problem(stale).await.1,
        ProblemCode::LeaseStale,
        "it owes an answer first"
    );
    let back = json!({"fence": lease.fence, "used_hi": lease.lo + 1});
    assert_eq!(clerk.post("return", back).await.status(), StatusCode::OK);
    let report = check(&office);
    let found = (
        report.registered,
        report.void,
        report.set_aside,
        report.promised,
    );
    assert_eq!(found, (3, 4, 0, 0));
    assert_eq!(clerk.lease(5).await.lo, lease.hi + 2);
}

#[tokio::test]
async fn a_destroyed_device_leaves_voids_when_two_officials_say_so() {
    let office = start(Seed::Empty);
    let mut clerk = Clerk::at(&office).await;
    let leader = office.login(&LEADER).await;
    let lease = clerk.lease(5).await;
    let paper = Paper::scan(&office, &clerk.desk).await;
    let number = LeasedNumber {
        fence: lease.fence,
        number: lease.lo + 1,
    };
    assert!(applied(&clerk.register(&paper, Some(number)).await.0));
    let word = |second: &str| json!({"reason": "Cháy trụ sở", "second": second, "give_up": true});
    clerk.post("break", word("lanhdao")).await;
    let answer: BreakAnswer = read(post(&leader, clerk.year, "break", word("vanthu")).await).await;
    assert!(answer.done);
    let report = check(&office);
    assert_eq!(
        (report.registered, report.void, report.set_aside),
        (1, 4, 0)
    );
}
