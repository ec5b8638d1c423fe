//! Numbers that the server gives.

use congvan_model::{DocumentId, DocumentState, Timestamp};
use congvan_protocol::{FieldOfActivity, Lease, LeasedNumber, OpOutcome, ProblemCode, SessionInfo};
use congvan_province::Seed;
use congvan_testkit::{CLERK, LEADER, OFFICIAL};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::{
    clerk::{Clerk, Paper, books, check, number_of, post},
    office::{Desk, applied, code, json as read, problem, sha256, start},
};

const MINUTE: i64 = 60_000;

#[tokio::test]
async fn the_server_numbers_papers_one_after_the_other_and_the_clerk_sees_them_at_once() {
    let office = start(Seed::Empty);
    let mut clerk = Clerk::at(&office).await;
    for expected in 1..=3 {
        let paper = Paper::scan(&office, &clerk.desk).await;
        let (result, document) = clerk.register(&paper, None).await;
        assert!(applied(&result), "{result:?}");
        assert_eq!(number_of(document.as_ref()), expected);
        let document = document.expect("there");
        assert_eq!(document.state, DocumentState::Registered);
        let entry = document.registration.expect("entry");
        assert_eq!(entry.provisional, "T-7F3A9C01-1");
        assert!(!entry.skewed);
        assert_eq!(document.files[0].revisions[0].sha256, sha256(&paper.bytes));
        assert_eq!(
            clerk.desk.get_blob(&sha256(&paper.bytes)).await.status(),
            StatusCode::OK
        );
    }
    assert_eq!(check(&office).registered, 3);
    // The leader sees what is presented, and nothing before.
    let mut leader = office.login(&LEADER).await;
    assert!(leader.documents().await.is_empty());
    let first = clerk.desk.cursor.take();
    assert!(first.is_some());
    let all = clerk.desk.documents().await;
    office.province.present(all[0].id).expect("present");
    let seen = leader.documents().await;
    assert_eq!(seen.len(), 1);
    assert_eq!(seen[0].state, DocumentState::Presented);
    assert_eq!(seen[0].arrival_number, all[0].arrival_number);
}

#[tokio::test]
async fn a_paper_carries_its_field_of_activity_by_the_name_that_the_agency_gives_it() {
    let office = start(Seed::Empty);
    let mut clerk = Clerk::at(&office).await;
    let session = |desk: &Desk| desk.request(Method::GET, "/v1/session").send();
    let known: SessionInfo = read(session(&clerk.desk).await.expect("session")).await;
    let land = known.activities.iter().find(|one| one.code == "dat-dai");
    let land = land.expect("in the list of the seeded commune").clone();
    let leader = office.login(&LEADER).await;
    let other: SessionInfo = read(session(&leader).await.expect("session")).await;
    assert_eq!(other.activities, Vec::new(), "who writes in no book");
    let named = |code: &str, name: &str| {
        Some(FieldOfActivity {
            code: code.to_owned(),
            name: name.to_owned(),
        })
    };
    for (sent, stands) in [
        (None, None),
        (named("dat-dai", "Đất"), Some(land)),
        // A list may change while papers are on their way.
        (named("chợ", "Chợ"), named("chợ", "Chợ")),
    ] {
        let mut paper = Paper::scan(&office, &clerk.desk).await;
        paper.activity = sent;
        let (result, document) = clerk.register(&paper, None).await;
        assert!(applied(&result), "{result:?}");
        assert_eq!(document.expect("in the feed").activity, stands);
    }
    for wrong in [named("", "Đất"), named("x", &"y".repeat(101))] {
        let mut paper = Paper::scan(&office, &clerk.desk).await;
        paper.activity = wrong;
        let (result, _) = clerk.register(&paper, None).await;
        assert_eq!(code(&result), Some(ProblemCode::InvalidRequest));
    }
    assert_eq!(check(&office).registered, 3);
}

#[tokio::test]
async fn many_registrations_at_once_leave_no_gap_and_no_pair() {
    let office = start(Seed::Few);
    let clerk = Clerk::at(&office).await;
    let first = books(&clerk.desk).await[0].next;
    let mut bodies = Vec::new();
    for place in 0..12_u64 {
        let paper = Paper::scan(&office, &clerk.desk).await;
        let op = congvan_protocol::Op {
            id: congvan_model::OpId(Uuid::now_v7()),
            local_seq: place + 1,
            lane: paper.document,
            base_rev: 0,
            at: office.province.now(),
            intent: paper.intent(clerk.year, None),
            capacity: None,
        };
        // Every request twice, as a nervous network does.
        bodies.extend([op.clone(), op]);
    }
    let sent = bodies.iter().map(|op| {
        let mut body = clerk.desk.body(vec![op.clone()]);
        body.highest_seq = 0;
        clerk
            .desk
            .request(Method::POST, "/v1/sync")
            .json(&body)
            .send()
    });
    for response in futures_util::future::join_all(sent).await {
        let answer: congvan_protocol::SyncResponse = read(response.expect("sync")).await;
        assert!(applied(&answer.results[0]), "{:?}", answer.results);
    }
    let report = check(&office);
    assert_eq!(report.registered, 12);
    assert_eq!(books(&clerk.desk).await[0].next, first + 12);
}

#[tokio::test]
async fn only_a_clerk_writes_in_a_book_that_is_there_and_nothing_looks_like_a_number() {
    let office = start(Seed::Empty);
    let mut clerk = Clerk::at(&office).await;
    let mut leader = office.login(&LEADER).await;
    let paper = Paper::scan(&office, &leader).await;
    let op = leader.op(paper.document, paper.intent(clerk.year, None));
    assert_eq!(
        code(&leader.settle(&op).await),
        Some(ProblemCode::Forbidden)
    );
    assert_eq!(books(&office.login(&OFFICIAL).await).await, []);
    let paper = Paper::scan(&office, &clerk.desk).await;
    type Change = fn(&mut Value);
    let changes: [(Change, ProblemCode); 7] = [
        (|intent| intent["book"] = json!("di"), ProblemCode::NotFound),
        (
            |intent| intent["year"] = json!(2020),
            ProblemCode::YearClosed,
        ),
        (
            |intent| intent["provisional"] = json!("17"),
            ProblemCode::InvalidRequest,
        ),
        (
            |intent| intent["fields"]["subject"] = json!(" "),
            ProblemCode::InvalidRequest,
        ),
        (
            |intent| intent["file"]["name"] = json!(""),
            ProblemCode::InvalidRequest,
        ),
        (
            |intent| intent["file"]["size"] = json!(3),
            ProblemCode::InvalidRequest,
        ),
        (
            |intent| intent["document"] = json!(Uuid::now_v7()),
            ProblemCode::InvalidRequest,
        ),
    ];
    for (change, expected) in changes {
        let mut intent = serde_json::to_value(paper.intent(clerk.year, None)).expect("json");
        change(&mut intent);
        let intent = serde_json::from_value(intent).expect("reads");
        let op = clerk.desk.op(paper.document, intent);
        assert_eq!(code(&clerk.desk.settle(&op).await), Some(expected));
    }
    let (result, _) = clerk.register(&paper, None).await;
    assert!(applied(&result), "none of them took anything");
    assert_eq!(check(&office).registered, 1);
}

#[tokio::test]
async fn a_registration_waits_for_its_scan_and_the_scan_must_be_a_pdf() {
    let office = start(Seed::Empty);
    let mut clerk = Clerk::at(&office).await;
    let mut paper = Paper::scan(&office, &clerk.desk).await;
    paper.bytes = b"%PDF-1.7 another".to_vec();
    let (result, _) = clerk.register(&paper, None).await;
    let missing = vec![sha256(&paper.bytes)];
    assert_eq!(result.outcome, OpOutcome::Blocked { missing });
    paper.bytes = b"GIF89a".to_vec();
    clerk.desk.upload(&paper.bytes, None).await;
    let (result, _) = clerk.register(&paper, None).await;
    assert_eq!(code(&result), Some(ProblemCode::InvalidRequest));
    assert_eq!(books(&clerk.desk).await[0].next, 1, "no number was spent");
}

#[tokio::test]
async fn a_paper_that_is_there_already_is_entered_and_flagged() {
    let office = start(Seed::Empty);
    let mut clerk = Clerk::at(&office).await;
    let first = Paper::scan(&office, &clerk.desk).await;
    let (_, document) = clerk.register(&first, None).await;
    assert_eq!(
        document
            .expect("there")
            .registration
            .expect("entry")
            .duplicate_of,
        None
    );
    let mut second = Paper::scan(&office, &clerk.desk).await;
    let (_, document) = clerk.register(&second, None).await;
    let entry = document.expect("there").registration.expect("entry");
    assert_eq!(
        entry.duplicate_of,
        Some(first.document),
        "same notation, day and issuer"
    );
    second.notation = "13/SNV-CCHC";
    second.document = DocumentId(Uuid::now_v7());
    let (_, document) = clerk.register(&second, None).await;
    let entry = document.expect("there").registration.expect("entry");
    assert!(entry.duplicate_of.is_some(), "same bytes");
    let mut other = Paper::scan(&office, &clerk.desk).await;
    other.notation = "14/SNV-CCHC";
    let (_, document) = clerk.register(&other, None).await;
    assert_eq!(
        document
            .expect("there")
            .registration
            .expect("entry")
            .duplicate_of,
        None
    );
}

#[tokio::test]
async fn reception_times_never_fall_and_a_clock_that_is_off_is_flagged() {
    let office = start(Seed::Empty);
    let mut clerk = Clerk::at(&office).await;
    let now = office.province.now();
    let cases = [
        (-60, false),
        (-30, false),
        // Came an hour ago, entered after one that came half an hour ago.
        (-90, true),
        (-28, false),
        // From a device whose clock is a day ahead.
        (24 * 60, true),
    ];
    let mut last = Timestamp(0);
    for (minutes, skewed) in cases {
        let mut paper = Paper::scan(&office, &clerk.desk).await;
        paper.received_at = now.plus_ms(minutes * MINUTE);
        let (_, document) = clerk.register(&paper, None).await;
        let document = document.expect("there");
        let entry = document.registration.expect("entry");
        assert_eq!(entry.received_at, paper.received_at);
        assert_eq!(entry.skewed, skewed, "{minutes}");
        assert!(entry.booked_at >= last && entry.booked_at <= office.province.now());
        assert_eq!(document.arrived_at, entry.booked_at);
        last = entry.booked_at;
    }
    check(&office);
}

#[tokio::test]
async fn numbers_begin_at_one_each_year_and_the_old_book_is_closed() {
    let office = start(Seed::Few);
    let mut clerk = Clerk::at(&office).await;
    let old = clerk.year;
    let next = clerk.post("lease", clerk.ask(5)).await;
    assert_eq!(next.status(), StatusCode::OK);
    let lease: Lease = read(next).await;
    let early = post(&clerk.desk, old + 1, "lease", clerk.ask(5)).await;
    let is_december = {
        let today = office.province.now().vietnam_date();
        today.month() == 12 && today.day() >= 20
    };
    if !is_december {
        assert_eq!(problem(early).await.1, ProblemCode::YearClosed);
    }
    let paper = Paper::scan(&office, &clerk.desk).await;
    let late = Paper::scan(&office, &clerk.desk).await;
    // To the second of January, with the book still out.
    let end = congvan_model::Deadline::Day(
        congvan_model::civil_date(i16::try_from(old).expect("year") + 1, 1, 2).expect("day"),
    );
    let ahead = end.instant().0 - office.province.now().0 - 12 * 60 * MINUTE;
    office.province.config.clock.advance_ms(ahead);
    clerk.desk.tokens = office.login(&CLERK).await.tokens;
    let closed = clerk.post("lease", clerk.ask(5)).await;
    assert_eq!(problem(closed).await.1, ProblemCode::YearClosed);
    // What was printed last year keeps its number.
    let number = LeasedNumber {
        fence: lease.fence,
        number: lease.lo,
    };
    assert!(applied(&clerk.register(&late, Some(number)).await.0));
    let shown = books(&clerk.desk).await;
    let years: Vec<u16> = shown
        .iter()
        .filter(|book| book.book == "den")
        .map(|book| book.year)
        .collect();
    assert_eq!(years, [old, old + 1], "last year's while it is out");
    let back = json!({"fence": lease.fence, "used_hi": lease.lo});
    assert_eq!(clerk.post("return", back).await.status(), StatusCode::OK);
    let closed = clerk.register(&paper, None).await.0;
    assert_eq!(code(&closed), Some(ProblemCode::YearClosed));
    clerk.year = old + 1;
    let (result, document) = clerk.register(&paper, None).await;
    assert!(applied(&result), "{result:?}");
    assert_eq!(number_of(document.as_ref()), 1);
    check(&office);
}

#[tokio::test]
async fn the_checker_sees_a_gap_a_pair_and_a_falling_time() {
    use congvan_province::Mutant;
    for (mutant, rule) in [
        (Mutant::GapAfterReturn, "N2 no number without a record"),
        (Mutant::TimesFall, "N3"),
    ] {
        let office = crate::office::start_with(Seed::Empty, |config| config.mutant = Some(mutant));
        let mut clerk = Clerk::at(&office).await;
        for minutes in [0, -10] {
            let mut paper = Paper::scan(&office, &clerk.desk).await;
            paper.received_at = paper.received_at.plus_ms(minutes * MINUTE);
            clerk.register(&paper, None).await;
        }
        let lease = clerk.lease(5).await;
        let back = json!({"fence": lease.fence, "used_hi": lease.lo - 1});
        clerk.post("return", back).await;
        let found = office.province.check_numbers().expect("check").violations;
        assert!(
            found.iter().any(|line| line.starts_with(rule)),
            "{rule}: {found:?}"
        );
    }
}
