//! Numbers: the server's own, those that a device takes along, and what becomes of them.

use congvan_model::{
    DocumentId, DocumentState, DocumentType, FileId, RevisionId, Timestamp, Urgency,
};
use congvan_protocol::{
    BookState, BreakAnswer, Document, Intent, Lease, LeasedNumber, OpOutcome, OpResult,
    ProblemCode, RegisteredFile, RegistrationFields, Signer,
};
use congvan_province::{NumbersReport, Seed};
use congvan_testkit::{CLERK, LEADER, OFFICIAL};
use reqwest::{Method, Response, StatusCode};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::office::{Desk, Office, applied, code, json as read, problem, sha256, start};

const MINUTE: i64 = 60_000;

/// A paper on the clerk's table, its scan uploaded.
struct Paper {
    document: DocumentId,
    received_at: Timestamp,
    notation: &'static str,
    bytes: Vec<u8>,
}

impl Paper {
    async fn scan(office: &Office, desk: &Desk) -> Self {
        let document = DocumentId(Uuid::now_v7());
        let bytes = format!("%PDF-1.7\n% {document}\n%%EOF\n").into_bytes();
        desk.upload(&bytes, None).await;
        Self {
            document,
            received_at: office.province.now(),
            notation: "12/SNV-CCHC",
            bytes,
        }
    }

    fn intent(&self, year: u16, number: Option<LeasedNumber>) -> Intent {
        Intent::RegisterIncoming {
            document: self.document,
            book: "den".to_owned(),
            year,
            received_at: self.received_at,
            provisional: "T-7F3A9C01-1".to_owned(),
            number,
            fields: Box::new(RegistrationFields {
                issuer_code: None,
                issuer_name: "Sở Nội vụ".to_owned(),
                notation: Some(self.notation.parse().expect("notation")),
                issued_on: congvan_model::civil_date(2026, 11, 20),
                kind: DocumentType::OfficialLetter,
                subject: format!("Báo cáo {}", self.document),
                urgency: Urgency::Normal,
                signer: Signer {
                    position: "Giám đốc".to_owned(),
                    full_name: "Phạm Văn D".to_owned(),
                },
                due: None,
            }),
            file: RegisteredFile {
                file: FileId(Uuid::now_v7()),
                revision: RevisionId(Uuid::now_v7()),
                sha256: sha256(&self.bytes),
                size: self.bytes.len() as u64,
                name: "cong-van.pdf".to_owned(),
                pages: Some(1),
            },
        }
    }
}

/// The clerk with a book of this year.
struct Clerk {
    desk: Desk,
    year: u16,
}

impl Clerk {
    async fn at(office: &Office) -> Self {
        let desk = office.login(&CLERK).await;
        let year = year(office);
        Self { desk, year }
    }

    /// Registers a paper; its result, and the document as the feed then has it.
    async fn register(
        &mut self,
        paper: &Paper,
        number: Option<LeasedNumber>,
    ) -> (OpResult, Option<Document>) {
        let op = self
            .desk
            .op(paper.document, paper.intent(self.year, number));
        let mut answer = self.desk.sync(vec![op]).await;
        let found = crate::office::documents(answer.changes)
            .into_iter()
            .find(|document| document.id == paper.document);
        (answer.results.remove(0), found)
    }

    async fn post(&self, act: &str, body: Value) -> Response {
        post(&self.desk, self.year, act, body).await
    }

    async fn lease(&self, want: u32) -> Lease {
        let response = self.post("lease", self.ask(want)).await;
        assert_eq!(response.status(), StatusCode::OK);
        read(response).await
    }

    fn ask(&self, want: u32) -> Value {
        json!({"device": self.desk.device, "incarnation": self.desk.incarnation, "want": want})
    }
}

async fn post(desk: &Desk, year: u16, act: &str, body: Value) -> Response {
    desk.request(Method::POST, &format!("/v1/books/den/{year}/{act}"))
        .json(&body)
        .send()
        .await
        .expect("answer")
}

fn year(office: &Office) -> u16 {
    u16::try_from(office.province.now().vietnam_date().year()).expect("year")
}

async fn books(desk: &Desk) -> Vec<BookState> {
    let response = desk.request(Method::GET, "/v1/books").send().await;
    read(response.expect("books")).await
}

fn check(office: &Office) -> NumbersReport {
    let report = office.province.check_numbers().expect("check");
    assert_eq!(report.violations, Vec::<String>::new());
    report
}

fn number_of(document: Option<&Document>) -> u32 {
    let document = document.expect("in the feed");
    let entry = document.registration.as_ref().expect("registered");
    assert_eq!(document.arrival_number, Some(entry.number));
    entry.number
}

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
