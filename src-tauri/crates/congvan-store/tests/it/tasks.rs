//! Tasks and calendars on the desk: our acts counted in until the server shows them, and only its word
//! for the rest.

use congvan_model::{AccountId, DayKind, OpId, TaskId};
use congvan_protocol::{
    AgencyInfo, Change, ChangeKind, Entity, EntityType, OpOutcome, ProblemCode,
    calendar::{Calendar, CalendarAct, CalendarDay},
    handling::Actor,
    task::{Task, TaskAct, TaskOrder, TaskParty, TaskSource, TaskState},
};
use congvan_store::{Store, TaskTally, TaskView};
use jiff::civil::{Date, date};
use uuid::Uuid;

use crate::support::{ME, NOW, answer, fresh, id, open, pull, result};

const NAME: &str = "Lê Văn C";
const LEAD: AccountId = AccountId(77);
const DUE: Date = date(2026, 12, 10);

fn agency() -> AgencyInfo {
    AgencyInfo {
        code: "H99.101".to_owned(),
        name: "UBND xã".to_owned(),
    }
}

fn task_id() -> TaskId {
    TaskId(Uuid::from_u128(700))
}

fn order() -> TaskOrder {
    TaskOrder {
        title: "Rà soát hộ nghèo".to_owned(),
        text: String::new(),
        source: TaskSource::Document { document: id(1) },
        lead: TaskParty {
            account: LEAD,
            full_name: "Vũ Thị G".to_owned(),
            unit: agency(),
        },
        supports: Vec::new(),
        due: DUE,
    }
}

fn act_on(store: &Store, act: TaskAct) -> OpId {
    let recorded = store.act_on_task(task_id(), act, (ME, NAME), NOW);
    recorded.expect("is recorded").op
}

fn give(store: &Store) -> OpId {
    let order = Box::new(order());
    act_on(store, TaskAct::Give { order })
}

fn withdraw() -> TaskAct {
    TaskAct::Withdraw {
        reason: "Giao nhầm".to_owned(),
    }
}

fn here(store: &Store) -> TaskView {
    let mut views = store.tasks(&[task_id()]).expect("reads");
    views.pop().expect("is here")
}

fn open_here(store: &Store) -> Vec<(TaskState, Date)> {
    let heads = store.open_tasks().expect("reads").into_iter();
    heads.map(|head| (head.state, head.due)).collect()
}

/// What the server says of it after these acts.
fn says(rev: u64, acts: &[TaskAct]) -> Change {
    let actor = Actor {
        account: ME,
        full_name: NAME,
        posts: &[],
    };
    let mut task = Task::new(task_id(), &order(), &actor, agency(), NOW);
    for act in acts {
        task.project(act, &actor, NOW);
    }
    Change {
        entity: EntityType::Task,
        id: task_id().0,
        rev,
        change: ChangeKind::Upsert,
        body: Some(Entity::Task(Box::new(task))),
    }
}

#[test]
fn a_task_given_offline_is_here_at_once_and_after_a_restart_and_counts_once() {
    let (dir, store) = fresh();
    let given = give(&store);
    drop(store);
    let (store, _) = open(dir.path());
    assert!(here(&store).unsent);
    assert_eq!(open_here(&store), [(TaskState::Given, DUE)]);
    assert_eq!(store.tasks_of(id(1)).expect("reads").len(), 1);
    answer(
        &store,
        "b",
        vec![says(1, &[])],
        vec![result(given, OpOutcome::Applied { rev: 1 })],
    );
    assert!(!here(&store).unsent);
    assert_eq!(open_here(&store), [(TaskState::Given, DUE)]);
    assert_eq!(store.tasks_of(id(1)).expect("reads").len(), 1);
}

#[test]
fn an_act_counts_until_the_server_shows_it_and_a_refused_one_counts_no_more() {
    let (_dir, store) = fresh();
    pull(&store, "a", vec![says(1, &[])]);
    let withdrawn = act_on(&store, withdraw());
    assert_eq!(open_here(&store), []);
    assert_eq!(store.ended_tasks(9).expect("reads").len(), 1);
    let outcome = OpOutcome::Rejected {
        code: ProblemCode::Forbidden,
        detail: String::new(),
    };
    answer(&store, "b", Vec::new(), vec![result(withdrawn, outcome)]);
    assert_eq!(open_here(&store), [(TaskState::Given, DUE)]);
    assert_eq!(store.ended_tasks(9).expect("reads"), []);
    // The answer comes before the page that shows it.
    let taken = act_on(&store, withdraw());
    let applied = result(taken, OpOutcome::Applied { rev: 2 });
    answer(&store, "c", Vec::new(), vec![applied]);
    assert_eq!(open_here(&store), []);
    pull(&store, "d", vec![says(2, &[withdraw()])]);
    assert_eq!(here(&store).task.state, TaskState::Withdrawn);
}

#[test]
fn what_was_accepted_is_tallied_by_unit_and_by_whether_it_was_in_time() {
    let (_dir, store) = fresh();
    let ended = |number: u128, is_late: bool| {
        let finish = TaskAct::Finish {
            text: "Xong".to_owned(),
            evidence: Vec::new(),
        };
        let note = String::new();
        let mut change = says(1, &[finish, TaskAct::Accept { note }]);
        let Some(Entity::Task(task)) = &mut change.body else {
            panic!("a task");
        };
        task.id = TaskId(Uuid::from_u128(number));
        task.done_on = Some(if is_late { date(2026, 12, 11) } else { DUE });
        change.id = task.id.0;
        change
    };
    pull(
        &store,
        "a",
        vec![ended(1, false), ended(2, true), ended(3, false)],
    );
    pull(&store, "b", vec![says(1, &[withdraw()])]);
    let day = NOW.vietnam_date();
    let tally = TaskTally {
        unit: "UBND xã".to_owned(),
        in_time: 2,
        late: 1,
    };
    assert_eq!(store.tasks_accepted(day).expect("reads"), [tally]);
    let tomorrow = day.tomorrow().expect("a day");
    assert_eq!(store.tasks_accepted(tomorrow).expect("reads"), []);
}

#[test]
fn only_a_tombstone_takes_a_task_away_and_an_older_word_changes_nothing() {
    let (_dir, store) = fresh();
    pull(&store, "a", vec![says(5, &[withdraw()])]);
    pull(&store, "b", vec![says(4, &[])]);
    assert_eq!(here(&store).task.state, TaskState::Withdrawn);
    assert_eq!(store.inventory(EntityType::Task).expect("counts").items, 1);
    let gone = Change {
        change: ChangeKind::Remove,
        body: None,
        ..says(6, &[])
    };
    assert!(pull(&store, "c", vec![gone]).tasks);
    assert_eq!(store.tasks(&[task_id()]).expect("reads"), []);
}

#[test]
fn a_deadline_is_noted_as_reminded_once_also_after_a_restart() {
    let (dir, store) = fresh();
    let remind = |store: &Store, due, days| {
        let noted = store.remind_of_task((task_id(), due), days, NOW);
        noted.expect("is noted")
    };
    assert!(remind(&store, DUE, 3));
    drop(store);
    let (store, _) = open(dir.path());
    assert!(!remind(&store, DUE, 3));
    assert!(remind(&store, DUE, -1));
    assert!(remind(&store, date(2026, 12, 20), 3));
    let lines = store.happenings(None, 9).expect("reads");
    let codes: Vec<&str> = lines.iter().map(|line| line.code.as_str()).collect();
    assert_eq!(codes, ["TASK_DUE", "TASK_OVERDUE", "TASK_DUE"]);
}

#[test]
fn a_day_named_offline_counts_at_once_and_one_that_the_server_names_beside_it_too() {
    let (_dir, store) = fresh();
    let day = |day, kind| CalendarDay {
        day,
        kind,
        name: "Nghỉ".to_owned(),
    };
    let (own, other) = (date(2026, 9, 2), date(2026, 8, 22));
    let named = day(own, DayKind::Holiday);
    let act = CalendarAct::Set { day: named.clone() };
    let recorded = store.change_calendar("H99.101", act, (ME, NAME), NOW);
    let op = recorded.expect("is recorded").op;
    assert!(!store.working_days().expect("reads").is_worked(own));
    let mut calendar = Calendar::of(agency(), 2026);
    calendar.days = vec![day(other, DayKind::MakeUp)];
    let says = |calendar: &Calendar, rev| Change {
        entity: EntityType::Calendar,
        id: calendar.id.0,
        rev,
        change: ChangeKind::Upsert,
        body: Some(Entity::Calendar(calendar.clone())),
    };
    pull(&store, "a", vec![says(&calendar, 1)]);
    let days = store.working_days().expect("reads");
    assert!(!days.is_worked(own) && days.is_worked(other));
    calendar.days.push(named);
    answer(
        &store,
        "b",
        vec![says(&calendar, 2)],
        vec![result(op, OpOutcome::Applied { rev: 2 })],
    );
    assert_eq!(store.calendars().expect("reads"), [calendar]);
}
