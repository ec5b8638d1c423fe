use congvan_model::{AccountId, DocumentId, Role, TaskId, Timestamp};
use jiff::civil::{Date, date};
use uuid::Uuid;

use super::*;
use crate::{
    AgencyInfo, Post,
    handling::{Actor, Refusal},
};

const DUE: Date = date(2026, 12, 10);
/// 8 December 2026 in Vietnam.
const NOW: Timestamp = Timestamp(1_796_702_400_000);

fn agency(code: &str) -> AgencyInfo {
    AgencyInfo {
        code: code.to_owned(),
        name: code.to_owned(),
    }
}

/// Everyone of the office by a word of this table; a leader gives.
const PEOPLE: [(&str, i64, Role, &str); 10] = [
    ("giver", 1, Role::Leader, "CQ"),
    ("other leader", 2, Role::Leader, "CQ"),
    ("lead", 3, Role::Official, "CQ.P1"),
    ("support", 4, Role::Official, "CQ.P2"),
    ("head", 5, Role::Head, "CQ.P1"),
    ("support's clerk", 6, Role::UnitClerk, "CQ.P2"),
    ("other head", 7, Role::Head, "CQ.P3"),
    ("colleague", 8, Role::Official, "CQ.P1"),
    ("clerk", 9, Role::Clerk, "CQ"),
    ("another agency's leader", 10, Role::Leader, "CQ2"),
];

fn party(who: &str) -> TaskParty {
    let (_, account, _, unit) = PEOPLE.iter().find(|one| one.0 == who).expect("is there");
    TaskParty {
        account: AccountId(*account),
        full_name: who.to_owned(),
        unit: agency(unit),
    }
}

fn by<T>(who: &str, act: impl FnOnce(&Actor<'_>) -> T) -> T {
    let (name, account, role, unit) = PEOPLE.iter().find(|one| one.0 == who).expect("is there");
    let posts = [Post {
        role: *role,
        title: String::new(),
        agency: agency(unit),
        since: None,
        until: None,
    }];
    act(&Actor {
        account: AccountId(*account),
        full_name: name,
        posts: &posts,
    })
}

fn order() -> TaskOrder {
    TaskOrder {
        title: " Rà soát hộ nghèo ".to_owned(),
        text: String::new(),
        source: TaskSource::Alone {},
        lead: party("lead"),
        supports: vec![party("support")],
        due: DUE,
    }
}

fn give(who: &str, order: &TaskOrder) -> Result<Task, Refusal> {
    let id = TaskId(Uuid::from_u128(1));
    by(who, |actor| Task::give(id, order, actor, agency("CQ"), NOW))
}

fn at(state: TaskState) -> Task {
    let mut task = give("giver", &order()).expect("is given");
    task.state = state;
    task.extension = Some(TaskExtension {
        until: date(2026, 12, 20),
        reason: "Chờ số liệu".to_owned(),
        at: NOW,
    });
    task
}

fn act(task: &mut Task, who: &str, act: &TaskAct) -> Result<(), Refusal> {
    by(who, |actor| task.apply(act, actor, NOW))
}

fn finish() -> TaskAct {
    TaskAct::Finish {
        text: "Đã rà soát xong".to_owned(),
        evidence: Vec::new(),
    }
}

#[test]
fn the_table_says_who_does_what_in_which_state() {
    use TaskActKind as A;
    use TaskState as S;
    let worked: &[S] = &[S::Given, S::InProgress];
    let open: &[S] = &[S::Given, S::InProgress, S::Reported];
    let table: [(A, &[S], &[&str]); 9] = [
        (A::Give, &[], &[]),
        (A::TakeUp, &[S::Given], &["lead"]),
        (A::Report, worked, &["lead", "support"]),
        (A::Finish, worked, &["lead"]),
        (A::Accept, &[S::Reported], &["giver"]),
        (A::SendBack, &[S::Reported], &["giver"]),
        (A::AskExtension, worked, &["lead"]),
        (A::AnswerExtension, worked, &["giver"]),
        // Whose agency it is, the server asks first.
        (
            A::Withdraw,
            open,
            &["giver", "other leader", "another agency's leader"],
        ),
    ];
    for (act, states, who) in table {
        for state in TaskState::ALL {
            let may = |one: &&(&str, i64, Role, &str)| {
                by(one.0, |actor| at(state).judge(act, actor)).is_ok()
            };
            let found: Vec<&str> = PEOPLE.iter().filter(may).map(|one| one.0).collect();
            let expected = if states.contains(&state) { who } else { &[] };
            assert_eq!(found, expected, "{act:?} in {state:?}");
        }
    }
}

#[test]
fn a_head_gives_to_the_people_of_the_unit_only_and_an_official_to_nobody() {
    let mut own = order();
    own.supports = vec![party("colleague")];
    assert!(give("head", &own).is_ok());
    assert_eq!(give("head", &order()), Err(Refusal::NotYours));
    assert_eq!(give("colleague", &own), Err(Refusal::NotYours));
    assert_eq!(give("clerk", &own), Err(Refusal::NotYours));
}

#[test]
fn an_order_names_its_work_and_nobody_twice() {
    let refused = |change: fn(&mut TaskOrder)| {
        let mut order = order();
        change(&mut order);
        give("giver", &order).map(|_| ())
    };
    for (change, fact) in [
        (
            (|order| order.title = "  ".to_owned()) as fn(&mut TaskOrder),
            "title",
        ),
        (|order| order.supports.push(party("support")), "supports"),
        (|order| order.supports.push(party("lead")), "supports"),
        (
            |order| {
                order.source = TaskSource::Meeting {
                    name: String::new(),
                    held_on: DUE,
                };
            },
            "meeting",
        ),
    ] {
        assert_eq!(refused(change), Err(Refusal::Fact(fact)));
    }
}

#[test]
fn the_course_goes_from_the_order_over_a_refused_acceptance_to_its_end() {
    let mut task = give("giver", &order()).expect("is given");
    assert_eq!(task.order.title, "Rà soát hộ nghèo");
    act(&mut task, "lead", &TaskAct::TakeUp {}).expect("is taken up");
    let report = |percent| TaskAct::Report {
        text: "Đã xong hai thôn".to_owned(),
        percent,
        evidence: Vec::new(),
    };
    act(&mut task, "lead", &report(40)).expect("is reported");
    act(&mut task, "support", &report(90)).expect("is reported");
    assert_eq!(task.percent, 40, "how far it is, is the lead's word");
    act(&mut task, "lead", &finish()).expect("is done");
    assert_eq!((task.state, task.percent), (TaskState::Reported, 100));
    let back = TaskAct::SendBack {
        reason: "Thiếu danh sách".to_owned(),
    };
    act(&mut task, "giver", &back).expect("goes back");
    assert_eq!((task.state, task.done_on), (TaskState::InProgress, None));
    act(&mut task, "lead", &finish()).expect("is done");
    let accept = TaskAct::Accept {
        note: String::new(),
    };
    act(&mut task, "giver", &accept).expect("is accepted");
    assert_eq!(task.state, TaskState::Accepted);
    let acts: Vec<TaskActKind> = task.steps.iter().map(|step| step.act).collect();
    use TaskActKind as A;
    assert_eq!(acts, [A::Give, A::TakeUp, A::SendBack, A::Accept]);
    assert_eq!(task.reports.len(), 4);
}

#[test]
fn more_time_is_asked_for_a_later_day_and_the_giver_says_which() {
    let mut task = give("giver", &order()).expect("is given");
    let ask = |until| TaskAct::AskExtension {
        until,
        reason: "Chờ số liệu của huyện".to_owned(),
    };
    assert_eq!(
        act(&mut task, "lead", &ask(DUE)),
        Err(Refusal::Fact("until"))
    );
    act(&mut task, "lead", &ask(date(2026, 12, 20))).expect("is asked");
    assert_eq!(task.order.due, DUE, "until it is granted, the day stays");
    let refuse = |reason: &str| TaskAct::AnswerExtension {
        until: None,
        reason: reason.to_owned(),
    };
    assert_eq!(
        act(&mut task, "giver", &refuse("")),
        Err(Refusal::Fact("reason"))
    );
    let grant = TaskAct::AnswerExtension {
        until: Some(date(2026, 12, 15)),
        reason: String::new(),
    };
    act(&mut task, "giver", &grant).expect("is granted");
    assert_eq!(task.order.due, date(2026, 12, 15));
    let again = act(&mut task, "giver", &refuse("Không"));
    assert_eq!(again, Err(Refusal::NotNow), "nothing is asked any more");
}

#[test]
fn a_task_is_late_by_the_day_it_was_done_not_by_the_day_it_was_accepted() {
    let mut task = give("giver", &order()).expect("is given");
    assert!(!task.is_overdue(DUE));
    assert!(task.is_overdue(date(2026, 12, 11)));
    act(&mut task, "lead", &finish()).expect("is done");
    assert!(!task.is_overdue(date(2027, 1, 11)), "done two days before");
    task.done_on = Some(date(2026, 12, 11));
    task.state = TaskState::Accepted;
    assert!(task.is_overdue(DUE));
    task.state = TaskState::Withdrawn;
    assert!(!task.is_overdue(date(2027, 1, 11)));
}

#[test]
fn whom_it_concerns_sees_it() {
    let task = give("giver", &order()).expect("is given");
    let sees = |one: &&(&str, i64, Role, &str)| by(one.0, |actor| task.is_seen_by(actor));
    let seen: Vec<&str> = PEOPLE.iter().filter(sees).map(|one| one.0).collect();
    assert_eq!(
        seen,
        [
            "giver",
            "other leader",
            "lead",
            "support",
            "head",
            "support's clerk",
            "clerk"
        ]
    );
}

#[test]
fn a_report_shows_each_document_once() {
    let mut task = give("giver", &order()).expect("is given");
    let document = DocumentId(Uuid::from_u128(7));
    let report = |percent, evidence| TaskAct::Report {
        text: "Xong".to_owned(),
        percent,
        evidence,
    };
    let twice = act(&mut task, "lead", &report(50, vec![document, document]));
    assert_eq!(twice, Err(Refusal::Fact("evidence")));
    let over = act(&mut task, "lead", &report(101, vec![document]));
    assert_eq!(over, Err(Refusal::Fact("percent")));
    let fine = report(50, vec![document]);
    assert_eq!(fine.documents(), [document]);
    act(&mut task, "lead", &fine).expect("is reported");
}
