//! The machine from the leader's signature on: number, agency's signature, issue, what receivers say,
//! recall and file.

use congvan_model::{AccountId, DocumentState, LoanId, civil_date};
use jiff::civil::Date;
use uuid::Uuid;

use super::{
    ActKind, Actor, AxisCode, Course, DeliveryStatus, HandlingAct, OutgoingNumber, PLACES_MAX,
    Refusal, in_words,
    tests::{AT, CLERK, COLLEAGUE, HEAD, LEADER, OFFICIAL, act, people, post},
    tests_outgoing::{approve, check_format, drafted, give_back, revise, submit},
};
use crate::AgencyInfo;

/// How far it has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Step {
    Signed,
    Asked,
    Numbered,
    Sealed,
    Issued,
    Filed,
}

const STEPS: [Step; 6] = [
    Step::Signed,
    Step::Asked,
    Step::Numbered,
    Step::Sealed,
    Step::Issued,
    Step::Filed,
];

fn agency(code: &str) -> AgencyInfo {
    AgencyInfo {
        code: code.to_owned(),
        name: format!("UBND {code}"),
    }
}

fn issue(to: &[&str], places: &[&str]) -> HandlingAct {
    HandlingAct::Issue {
        to: to.iter().copied().map(agency).collect(),
        places: places.iter().map(|line| (*line).to_owned()).collect(),
    }
}

fn recall(to: &[&str]) -> HandlingAct {
    HandlingAct::Recall {
        to: to.iter().map(|code| (*code).to_owned()).collect(),
        reason: "Gửi nhầm".to_owned(),
    }
}

fn file() -> HandlingAct {
    HandlingAct::File {
        dossier: "01.VP".to_owned(),
    }
}

/// As the server does it.
fn give(course: &mut Course) {
    let out = course.handling.outgoing.as_mut().expect("goes out");
    out.numbered.as_mut().expect("asked for").number = Some(OutgoingNumber {
        book: "di-QĐ".to_owned(),
        year: 2026,
        notation: "1/QĐ-UBND".parse().expect("a notation"),
        issued_on: civil_date(2026, 11, 22).expect("a day"),
    });
}

fn at(step: Step) -> Course {
    let mut course = drafted();
    act(&mut course, OFFICIAL, &submit(HEAD, &[])).expect("submitted");
    act(&mut course, HEAD, &approve()).expect("approved");
    act(&mut course, CLERK, &check_format(LEADER, &[])).expect("checked");
    // The leader's signature is not an act.
    course.state = DocumentState::Signed;
    let acts = [
        (Step::Asked, HandlingAct::Number {}),
        (Step::Sealed, HandlingAct::Seal {}),
        (
            Step::Issued,
            issue(&["H99.102", "H99.103"], &["Lưu: VT, KT"]),
        ),
        (Step::Filed, file()),
    ];
    for (reached, next) in acts.into_iter().filter(|(reached, _)| *reached <= step) {
        act(&mut course, CLERK, &next).expect("done");
        if reached == Step::Asked && step >= Step::Numbered {
            give(&mut course);
        }
    }
    course
}

#[test]
fn every_act_by_every_part_at_every_step_after_the_signature_is_allowed_or_refused_as_written() {
    use Step::{Asked, Filed, Issued, Numbered, Sealed, Signed};
    let allowed: &[(ActKind, i64, &[Step])] = &[
        (ActKind::Number, CLERK, &[Signed]),
        (ActKind::Seal, CLERK, &[Numbered]),
        (ActKind::Issue, CLERK, &[Sealed]),
        (ActKind::Return, CLERK, &[Signed, Asked, Numbered, Sealed]),
        (ActKind::Recall, CLERK, &[Issued, Filed]),
        (ActKind::Mail, CLERK, &[Issued, Filed]),
        (ActKind::Lend, CLERK, &[Issued, Filed]),
        (ActKind::File, CLERK, &[Issued]),
        (ActKind::File, OFFICIAL, &[Issued]),
        (ActKind::Copy, CLERK, &[Issued, Filed]),
        (ActKind::Amend, CLERK, &[Issued, Filed]),
        (ActKind::Amend, OFFICIAL, &[Issued, Filed]),
    ];
    for step in STEPS {
        let course = at(step);
        for person in people() {
            let posts = [post(&person)];
            let actor = Actor {
                account: person.account,
                full_name: &person.full_name,
                posts: &posts,
            };
            for kind in ActKind::ALL {
                let may = allowed.iter().any(|(act, who, steps)| {
                    *act == kind && *who == person.account.0 && steps.contains(&step)
                });
                let answer = course.judge(kind, &actor).is_ok();
                assert_eq!(answer, may, "{kind:?} {} {step:?}", person.full_name);
            }
        }
    }
}

#[test]
fn who_has_the_part_is_told_that_it_is_not_the_time_and_others_that_it_is_not_theirs() {
    let mut course = at(Step::Signed);
    for early in [HandlingAct::Seal {}, issue(&["H99.102"], &[]), file()] {
        assert_eq!(act(&mut course, CLERK, &early), Err(Refusal::NotNow));
    }
    for kind in [HandlingAct::Number {}, HandlingAct::Seal {}, recall(&[])] {
        assert_eq!(act(&mut course, LEADER, &kind), Err(Refusal::NotYours));
    }
    let mut issued = at(Step::Issued);
    assert_eq!(
        act(&mut issued, CLERK, &give_back()),
        Err(Refusal::NotNow),
        "what is out is recalled"
    );
    assert_eq!(act(&mut issued, COLLEAGUE, &file()), Err(Refusal::NotYours));
}

#[test]
fn a_number_is_the_servers_and_until_then_it_is_only_asked_for() {
    let mut course = at(Step::Signed);
    let before = course.clone();
    act(&mut course, CLERK, &HandlingAct::Number {}).expect("asked for");
    let out = course.handling.outgoing.as_ref().expect("goes out");
    assert_eq!(out.numbered.as_ref().expect("asked").number, None);
    assert_eq!(course.state, DocumentState::Signed);
    let words = |after: &Course| in_words(&HandlingAct::Number {}, &before, after);
    assert_eq!(words(&course), "Đề nghị cấp số");
    give(&mut course);
    assert_eq!(words(&course), "Cấp số 01/QĐ-UBND, ngày 22/11/2026");
}

#[test]
fn what_was_signed_is_replaced_before_it_is_submitted_again_and_has_no_number_any_more() {
    for step in [Step::Signed, Step::Numbered, Step::Sealed] {
        let mut course = at(step);
        act(&mut course, CLERK, &give_back()).expect("sent back");
        assert_eq!(course.state, DocumentState::Draft);
        let out = course.handling.outgoing.as_ref().expect("goes out");
        assert!(out.numbered.is_none() && out.sealed.is_none() && out.to_replace);
        assert_eq!(
            act(&mut course, OFFICIAL, &submit(HEAD, &[])),
            Err(Refusal::Fact("file"))
        );
        act(&mut course, OFFICIAL, &revise(2)).expect("replaced");
        act(&mut course, OFFICIAL, &submit(HEAD, &[])).expect("submitted");
    }
    // What nobody had signed needs no new version.
    let mut course = drafted();
    act(&mut course, OFFICIAL, &submit(HEAD, &[])).expect("submitted");
    act(&mut course, HEAD, &give_back()).expect("sent back");
    act(&mut course, OFFICIAL, &submit(HEAD, &[])).expect("submitted again");
}

#[test]
fn a_document_is_issued_to_somebody_and_to_nobody_twice() {
    let ready = at(Step::Sealed);
    let long = "x".repeat(301);
    let many = vec!["Như trên"; PLACES_MAX + 1];
    let wrong = [
        (issue(&[], &[]), "to"),
        (issue(&["H99.102", "H99.102"], &[]), "to"),
        (issue(&["H99.102", " H99.102 "], &[]), "to"),
        (issue(&[" "], &[]), "to"),
        (issue(&["H99.102"], &[" "]), "places"),
        (issue(&["H99.102"], &[&long]), "places"),
        (issue(&["H99.102"], &many), "places"),
    ];
    for (wrong, fact) in wrong {
        let mut course = ready.clone();
        let answer = act(&mut course, CLERK, &wrong);
        assert_eq!(answer, Err(Refusal::Fact(fact)), "{wrong:?}");
        assert_eq!(course, ready);
    }
    let mut course = ready.clone();
    let sent = issue(&["H99.102", "H99.103"], &["Lưu: VT"]);
    act(&mut course, CLERK, &sent).expect("issued");
    assert_eq!(course.state, DocumentState::Issued);
    assert_eq!(
        in_words(&sent, &ready, &course),
        "Phát hành: UBND H99.102; UBND H99.103; Lưu: VT"
    );
    let mut only_words = ready.clone();
    act(&mut only_words, CLERK, &issue(&[], &["Như trên"])).expect("issued");
    let answer = act(&mut only_words, CLERK, &recall(&[]));
    assert_eq!(answer, Err(Refusal::NotNow), "paper does not come back");
}

#[test]
fn a_document_is_asked_back_once_from_who_has_it() {
    let mut course = at(Step::Issued);
    let out = course.handling.outgoing.as_mut().expect("goes out");
    let refused = DeliveryStatus {
        code: AxisCode::Refused,
        at: AT,
        reason: "Sai nơi nhận".to_owned(),
    };
    out.deliveries[1].statuses.push(refused);
    for (wrong, fact) in [(recall(&["H99.103"]), "to"), (recall(&["H99.199"]), "to")] {
        let answer = act(&mut course, CLERK, &wrong);
        assert_eq!(answer, Err(Refusal::Fact(fact)), "{wrong:?}");
    }
    let silent = HandlingAct::Recall {
        to: Vec::new(),
        reason: " ".to_owned(),
    };
    assert_eq!(
        act(&mut course, CLERK, &silent),
        Err(Refusal::Fact("reason"))
    );
    let before = course.clone();
    act(&mut course, CLERK, &recall(&["H99.102"])).expect("recalled");
    assert_eq!(
        in_words(&recall(&["H99.102"]), &before, &course),
        "Thu hồi từ UBND H99.102: Gửi nhầm"
    );
    let out = course.handling.outgoing.as_ref().expect("goes out");
    let asked = |at: usize| out.deliveries[at].has(AxisCode::Recalled);
    assert!(asked(0) && !asked(1), "who refused it has it no more");
    assert_eq!(
        act(&mut course, CLERK, &recall(&[])),
        Err(Refusal::NotNow),
        "once"
    );
    assert_eq!(course.state, DocumentState::Issued);
}

#[test]
fn a_status_is_written_as_the_axis_writes_it() {
    for code in AxisCode::ALL {
        assert_eq!(AxisCode::read(code.code()), Some(code));
        let text = serde_json::to_string(&code).expect("json");
        assert_eq!(text, format!("\"{}\"", code.code()));
    }
    assert_eq!(AxisCode::read("07"), None);
    let drafter = at(Step::Filed).handling.outgoing.expect("goes out").drafter;
    assert_eq!(drafter.account, AccountId(OFFICIAL));
}

const LOAN: LoanId = LoanId(Uuid::from_u128(7));

fn today() -> Date {
    AT.vietnam_date()
}

fn mail(to: &str, envelopes: u16) -> HandlingAct {
    HandlingAct::Mail {
        on: today(),
        to: to.to_owned(),
        envelopes,
        note: String::new(),
    }
}

fn lend(loan: LoanId, on: Date) -> HandlingAct {
    HandlingAct::Lend {
        loan,
        on,
        borrower: " Lê Văn D ".to_owned(),
        permitted_by: "Nguyễn Văn A".to_owned(),
        note: "Đọc tại phòng".to_owned(),
    }
}

fn take_in(loan: LoanId, on: Date) -> HandlingAct {
    HandlingAct::TakeIn { loan, on }
}

#[test]
fn what_goes_by_post_is_written_down_as_often_as_it_goes() {
    let mut course = at(Step::Issued);
    for (wrong, fact) in [
        (mail(" ", 1), "to"),
        (mail("Bưu điện", 0), "envelopes"),
        (mail("Bưu điện", 10_000), "envelopes"),
    ] {
        let answer = act(&mut course, CLERK, &wrong);
        assert_eq!(answer, Err(Refusal::Fact(fact)), "{wrong:?}");
    }
    let first = mail(" Hạt Kiểm lâm khu vực 2 ", 2);
    act(&mut course, CLERK, &first).expect("sent");
    act(&mut course, CLERK, &first).expect("sent again");
    let out = course.handling.outgoing.as_ref().expect("goes out");
    assert_eq!(out.mailings.len(), 2);
    assert_eq!(out.mailings[0].to, "Hạt Kiểm lâm khu vực 2");
    assert_eq!(
        in_words(&first, &course, &course),
        "Gửi bưu điện 2 bì: Hạt Kiểm lâm khu vực 2"
    );
    assert_eq!(course.state, DocumentState::Issued);
}

#[test]
fn a_file_copy_comes_back_once_and_not_before_it_went() {
    let mut course = at(Step::Filed);
    let tomorrow = today().tomorrow().expect("a day");
    let yesterday = today().yesterday().expect("a day");
    assert_eq!(
        act(&mut course, CLERK, &lend(LOAN, tomorrow)),
        Err(Refusal::Fact("on"))
    );
    assert_eq!(
        act(&mut course, CLERK, &take_in(LOAN, today())),
        Err(Refusal::NotNow),
        "nobody has it"
    );
    act(&mut course, CLERK, &lend(LOAN, today())).expect("given out");
    assert_eq!(
        act(&mut course, CLERK, &lend(LOAN, today())),
        Err(Refusal::Fact("loan"))
    );
    let other = LoanId(Uuid::from_u128(8));
    for (wrong, fact) in [
        (take_in(other, today()), "loan"),
        (take_in(LOAN, yesterday), "on"),
        (take_in(LOAN, tomorrow), "on"),
    ] {
        let answer = act(&mut course, CLERK, &wrong);
        assert_eq!(answer, Err(Refusal::Fact(fact)), "{wrong:?}");
    }
    let before = course.clone();
    let back = take_in(LOAN, today());
    act(&mut course, CLERK, &back).expect("came back");
    assert_eq!(
        in_words(&back, &before, &course),
        "Nhận lại bản lưu Lê Văn D"
    );
    assert_eq!(act(&mut course, CLERK, &back), Err(Refusal::NotNow), "once");
    let out = course.handling.outgoing.as_ref().expect("goes out");
    assert_eq!(out.loans[0].borrower, "Lê Văn D");
    assert_eq!(out.loans[0].returned_on, Some(today()));
    assert_eq!(course.state, DocumentState::Filed);
}
