//! Each who leads or supports has a deadline of the person's own.

use congvan_model::{AccountId, Deadline, DocumentState, OpinionId, civil_date};
use uuid::Uuid;

use super::{
    Actor, Course, Handling, HandlingAct, Named, OwnDeadline, Refusal, in_words,
    tests::{CLERK, COLLEAGUE, HEAD, LEADER, OFFICIAL, OTHER_HEAD, act, people, post},
};
use crate::Intent;

fn day(day: i8) -> Deadline {
    Deadline::Day(civil_date(2026, 12, day).expect("a day"))
}

fn own(deadlines: &[(i64, i8)]) -> Vec<OwnDeadline> {
    let own = deadlines.iter().map(|(account, until)| OwnDeadline {
        account: AccountId(*account),
        due: day(*until),
    });
    own.collect()
}

fn direct(due: Option<i8>, deadlines: &[(i64, i8)]) -> HandlingAct {
    HandlingAct::Direct {
        opinion: OpinionId(Uuid::nil()),
        lead: AccountId(HEAD),
        supports: vec![AccountId(OTHER_HEAD), AccountId(COLLEAGUE)],
        informed: vec![AccountId(CLERK)],
        due: due.map(day),
        deadlines: own(deadlines),
        text: String::new(),
    }
}

fn assign(due: Option<i8>, deadlines: &[(i64, i8)]) -> HandlingAct {
    HandlingAct::Assign {
        lead: AccountId(OFFICIAL),
        supports: vec![AccountId(COLLEAGUE)],
        due: due.map(day),
        deadlines: own(deadlines),
        text: String::new(),
    }
}

fn presented() -> Course {
    Course {
        direction: congvan_model::Direction::Incoming,
        state: DocumentState::Presented,
        due: Some(day(20)),
        handling: Handling {
            director: Some(Named {
                account: AccountId(LEADER),
                full_name: "Người 1".to_owned(),
            }),
            ..Handling::default()
        },
    }
}

/// Until when that person has, by the eyes of that person.
fn due_for(course: &Course, who: i64) -> Option<Deadline> {
    let people = people();
    let person = people.iter().find(|one| one.account.0 == who).expect("one");
    course.due_for(&Actor {
        account: person.account,
        full_name: &person.full_name,
        posts: &[post(person)],
    })
}

#[test]
fn each_has_the_deadline_given_to_that_person_and_who_has_none_that_of_the_whole() {
    let mut course = presented();
    let direction = direct(Some(10), &[(HEAD, 8), (OTHER_HEAD, 5)]);
    act(&mut course, LEADER, &direction).expect("directed");
    assert_eq!(course.due, Some(day(10)));
    for (who, until) in [
        (HEAD, 8),
        (OTHER_HEAD, 5),
        (COLLEAGUE, 10),
        (LEADER, 10),
        (OFFICIAL, 10),
    ] {
        assert_eq!(due_for(&course, who), Some(day(until)), "{who}");
    }
    // Who is informed has nothing to do until a day.
    let informed = course.receiver(AccountId(CLERK)).expect("named");
    assert_eq!(informed.due, None);
    assert_eq!(
        in_words(&direction, &presented(), &course),
        "Chuyển xử lý: Người 4 (Đơn vị H99.101.03, hạn 08/12/2026) chủ trì; \
         Người 6 (Đơn vị H99.101.04, hạn 05/12/2026), Người 5 (Đơn vị H99.101.03) phối hợp; \
         Người 2 (Đơn vị H99.101.02) để biết; hạn 10/12/2026"
    );
}

#[test]
fn no_deadline_of_ones_own_is_after_the_whole_or_over_or_of_somebody_who_does_nothing() {
    for wrong in [
        direct(Some(10), &[(HEAD, 11)]),
        direct(None, &[(HEAD, 21)]),
        direct(Some(10), &[(CLERK, 5)]),
        direct(Some(10), &[(99, 5)]),
        direct(Some(10), &[(HEAD, 5), (HEAD, 6)]),
        HandlingAct::Direct {
            opinion: OpinionId(Uuid::nil()),
            lead: AccountId(HEAD),
            supports: Vec::new(),
            informed: Vec::new(),
            due: None,
            deadlines: vec![OwnDeadline {
                account: AccountId(HEAD),
                due: Deadline::Day(civil_date(2020, 1, 1).expect("a day")),
            }],
            text: String::new(),
        },
    ] {
        let mut course = presented();
        let refused = act(&mut course, LEADER, &wrong);
        assert_eq!(refused, Err(Refusal::Fact("deadlines")), "{wrong:?}");
        assert_eq!(course, presented());
    }
}

#[test]
fn nobody_in_a_unit_has_longer_than_the_leader_gave_the_unit() {
    let mut directed = presented();
    let direction = direct(Some(10), &[(HEAD, 8)]);
    act(&mut directed, LEADER, &direction).expect("directed");
    for (wrong, fact) in [
        (assign(Some(9), &[]), "due"),
        (assign(None, &[(COLLEAGUE, 9)]), "deadlines"),
        (assign(Some(7), &[(OFFICIAL, 9)]), "deadlines"),
    ] {
        let mut course = directed.clone();
        assert_eq!(act(&mut course, HEAD, &wrong), Err(Refusal::Fact(fact)));
    }
    let mut course = directed.clone();
    act(&mut course, HEAD, &assign(None, &[(COLLEAGUE, 6)])).expect("assigned");
    assert_eq!(due_for(&course, OFFICIAL), Some(day(8)), "the unit's");
    assert_eq!(due_for(&course, COLLEAGUE), Some(day(6)));
    assert_eq!(due_for(&course, HEAD), Some(day(8)));
    assert_eq!(due_for(&course, LEADER), Some(day(10)));
}

#[test]
fn more_time_is_given_to_who_asked_and_to_nobody_beside() {
    let mut course = presented();
    let direction = direct(Some(10), &[(HEAD, 8), (OTHER_HEAD, 5)]);
    act(&mut course, LEADER, &direction).expect("directed");
    act(&mut course, HEAD, &assign(Some(7), &[])).expect("assigned");
    let ask = |until: i8| HandlingAct::AskExtension {
        due: day(until),
        reason: "Chờ số liệu".to_owned(),
    };
    let grant = HandlingAct::AnswerExtension {
        granted: true,
        text: String::new(),
    };
    // Who supports asks for itself; its own deadline is what must be passed.
    let refused = act(&mut course, OTHER_HEAD, &ask(5));
    assert_eq!(refused, Err(Refusal::Fact("due")));
    act(&mut course, OTHER_HEAD, &ask(6)).expect("asked");
    act(&mut course, LEADER, &grant).expect("granted");
    assert_eq!(due_for(&course, OTHER_HEAD), Some(day(6)));
    for (who, until) in [(HEAD, 8), (OFFICIAL, 7), (LEADER, 10)] {
        assert_eq!(due_for(&course, who), Some(day(until)), "{who} did not ask");
    }
    // Who answers for a person, and the whole, have as long at least.
    act(&mut course, OFFICIAL, &ask(9)).expect("asked");
    act(&mut course, LEADER, &grant).expect("granted");
    for (who, until) in [(OFFICIAL, 9), (HEAD, 9), (LEADER, 10), (OTHER_HEAD, 6)] {
        assert_eq!(due_for(&course, who), Some(day(until)), "{who}");
    }
    act(&mut course, OFFICIAL, &ask(15)).expect("asked");
    act(&mut course, LEADER, &grant).expect("granted");
    for (who, until) in [(OFFICIAL, 15), (HEAD, 15), (LEADER, 15), (OTHER_HEAD, 6)] {
        assert_eq!(due_for(&course, who), Some(day(until)), "{who}");
    }
}

#[test]
fn who_supports_is_answered_after_the_leading_unit_has_given_it_back_inside() {
    let mut course = presented();
    act(&mut course, LEADER, &direct(Some(10), &[(OTHER_HEAD, 5)])).expect("directed");
    act(&mut course, HEAD, &assign(None, &[])).expect("assigned");
    let ask = HandlingAct::AskExtension {
        due: day(7),
        reason: "Chờ số liệu".to_owned(),
    };
    act(&mut course, OTHER_HEAD, &ask).expect("asked");
    let back = HandlingAct::Return {
        reason: "Không thuộc phần việc".to_owned(),
    };
    act(&mut course, OFFICIAL, &back).expect("given back");
    assert!(course.handling.extension.is_some(), "still asked");
    act(&mut course, HEAD, &back).expect("given back");
    assert_eq!(course.handling.extension, None, "nobody is named any more");
}

#[test]
fn an_act_of_an_older_desk_has_no_deadlines_and_one_without_them_is_written_as_before() {
    let old = serde_json::json!({
        "kind": "handle",
        "act": { "act": "assign", "lead": OFFICIAL, "text": "" },
    });
    let read: Intent = serde_json::from_value(old.clone()).expect("reads");
    let Intent::Handle { act } = &read else {
        panic!("an act");
    };
    assert!(matches!(act.as_ref(), HandlingAct::Assign { deadlines, .. } if deadlines.is_empty()));
    assert_eq!(serde_json::to_value(&read).expect("json"), old);
}
