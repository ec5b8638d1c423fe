//! Tasks and calendars at the server: who gives, who sees, who ends, and whose documents are named.

use congvan_model::{DayKind, DocumentId, Role};
use congvan_protocol::{
    Entity, Intent, OpResult, ProblemCode,
    calendar::{Calendar, CalendarAct, CalendarDay, calendar_id},
    task::{Task, TaskAct, TaskOrder, TaskParty, TaskSource, TaskState},
};
use congvan_province::Seed;
use congvan_testkit::{
    CLERK, COLLEAGUE, HEAD, LEADER, NEIGHBOUR_LEADER, OFFICIAL, OTHER_HEAD, Person, UNIT_ADMIN,
    UNIT_CLERK,
};
use jiff::civil::{Date, date};
use uuid::Uuid;

use crate::{
    handling::Staff,
    office::{applied, code, start_with},
};

const DUE: Date = date(2030, 1, 31);

async fn staff() -> Staff {
    let office = start_with(Seed::Empty, |config| {
        config.neighbour = true;
        config.holidays = true;
    });
    let mut staff = Staff::of(office).await;
    for person in [&UNIT_CLERK, &UNIT_ADMIN] {
        staff.hire(person).await;
    }
    staff
}

fn party(staff: &Staff, person: &Person) -> TaskParty {
    TaskParty {
        account: staff.account(person),
        full_name: "Tên khác".to_owned(),
        unit: congvan_protocol::AgencyInfo {
            code: "H99.101.03".to_owned(),
            name: String::new(),
        },
    }
}

fn order(staff: &Staff, lead: &Person, support: &Person) -> Box<TaskOrder> {
    Box::new(TaskOrder {
        title: "Rà soát hộ nghèo".to_owned(),
        text: String::new(),
        source: TaskSource::Alone {},
        lead: party(staff, lead),
        supports: vec![party(staff, support)],
        due: DUE,
    })
}

fn id() -> DocumentId {
    DocumentId(Uuid::now_v7())
}

async fn act(staff: &mut Staff, who: &Person, id: DocumentId, act: TaskAct) -> OpResult {
    let intent = Intent::Task { act: Box::new(act) };
    staff.send(who, id, intent).await
}

async fn seen(staff: &mut Staff, who: &Person, id: DocumentId) -> Option<Task> {
    let desk = staff.desk(who);
    desk.cursor = None;
    let changes = desk.pull().await;
    let of_it = |change: &congvan_protocol::Change| change.id == id.0;
    match changes.into_iter().rfind(of_it)?.body? {
        Entity::Task(task) => Some(*task),
        Entity::Document(_) | Entity::Opinion(_) | Entity::Dossier(_) | Entity::Calendar(_) => None,
    }
}

#[tokio::test]
async fn a_task_is_shown_to_whom_it_concerns_by_the_names_that_the_agency_knows() {
    let mut staff = staff().await;
    let one = id();
    let given = TaskAct::Give {
        order: order(&staff, &OFFICIAL, &OTHER_HEAD),
    };
    let result = act(&mut staff, &LEADER, one, given).await;
    assert!(applied(&result), "{result:?}");
    for person in [&LEADER, &CLERK, &OFFICIAL, &OTHER_HEAD, &HEAD, &UNIT_CLERK] {
        let task = seen(&mut staff, person, one).await;
        let task = task.unwrap_or_else(|| panic!("{} sees it", person.username));
        assert_eq!(task.order.lead.full_name, OFFICIAL.full_name);
        assert_eq!(task.order.supports[0].unit.code, OTHER_HEAD.unit_code);
    }
    for person in [&COLLEAGUE, &UNIT_ADMIN] {
        assert_eq!(seen(&mut staff, person, one).await, None);
    }
    let other = act(&mut staff, &OTHER_HEAD, one, TaskAct::TakeUp {}).await;
    assert_eq!(code(&other), Some(ProblemCode::Forbidden));
    let result = act(&mut staff, &OFFICIAL, one, TaskAct::TakeUp {}).await;
    assert!(applied(&result));
    let again = act(&mut staff, &OFFICIAL, one, TaskAct::TakeUp {}).await;
    assert_eq!(code(&again), Some(ProblemCode::WrongState));
    let task = seen(&mut staff, &LEADER, one).await.expect("is seen");
    assert_eq!(task.state, TaskState::InProgress);
}

#[tokio::test]
async fn units_are_the_servers_word_and_nobody_outside_the_agency_is_named() {
    let mut staff = staff().await;
    // The desk claims that the other head is of the giver's own unit.
    let claimed = TaskAct::Give {
        order: order(&staff, &OTHER_HEAD, &COLLEAGUE),
    };
    let result = act(&mut staff, &HEAD, id(), claimed).await;
    assert_eq!(code(&result), Some(ProblemCode::Forbidden));
    let mut outside = order(&staff, &OFFICIAL, &COLLEAGUE);
    outside.supports[0].account = congvan_model::AccountId(4_000);
    let result = act(&mut staff, &LEADER, id(), TaskAct::Give { order: outside }).await;
    assert_eq!(code(&result), Some(ProblemCode::InvalidRequest));
    let one = id();
    let given = TaskAct::Give {
        order: order(&staff, &OFFICIAL, &COLLEAGUE),
    };
    assert!(applied(&act(&mut staff, &HEAD, one, given.clone()).await));
    let twice = act(&mut staff, &LEADER, one, given).await;
    assert_eq!(code(&twice), Some(ProblemCode::InvalidRequest));
    let withdraw = TaskAct::Withdraw {
        reason: "Không thuộc cơ quan".to_owned(),
    };
    let result = act(&mut staff, &NEIGHBOUR_LEADER, one, withdraw).await;
    assert_eq!(code(&result), Some(ProblemCode::NotFound));
}

#[tokio::test]
async fn a_task_names_no_document_that_its_giver_or_reporter_does_not_see() {
    let mut staff = staff().await;
    let mut unseen = order(&staff, &OFFICIAL, &COLLEAGUE);
    unseen.source = TaskSource::Document { document: id() };
    let result = act(&mut staff, &LEADER, id(), TaskAct::Give { order: unseen }).await;
    assert_eq!(code(&result), Some(ProblemCode::NotFound));
    let one = id();
    let given = TaskAct::Give {
        order: order(&staff, &OFFICIAL, &COLLEAGUE),
    };
    assert!(applied(&act(&mut staff, &LEADER, one, given).await));
    let report = TaskAct::Report {
        text: "Xong".to_owned(),
        percent: 10,
        evidence: vec![id()],
    };
    let result = act(&mut staff, &OFFICIAL, one, report).await;
    assert_eq!(code(&result), Some(ProblemCode::NotFound));
}

async fn calendar(staff: &mut Staff, who: &Person, year: i16) -> Option<Calendar> {
    let desk = staff.desk(who);
    desk.cursor = None;
    let changes = desk.pull().await.into_iter();
    let mut calendars = changes.filter_map(|change| match change.body? {
        Entity::Calendar(calendar) => Some(calendar),
        Entity::Document(_) | Entity::Opinion(_) | Entity::Dossier(_) | Entity::Task(_) => None,
    });
    calendars.find(|calendar| calendar.year == year)
}

#[tokio::test]
async fn who_manages_the_agency_changes_its_calendar_and_everyone_of_it_has_it() {
    let mut staff = staff().await;
    let before = calendar(&mut staff, &OFFICIAL, 2026).await.expect("seeded");
    let national = before.days.iter().find(|one| one.day == date(2026, 9, 2));
    assert_eq!(national.map(|one| one.kind), Some(DayKind::Holiday));
    let day = CalendarDay {
        day: date(2028, 5, 15),
        kind: DayKind::Holiday,
        name: "Ngày hội xã".to_owned(),
    };
    let set = Intent::Calendar {
        act: Box::new(CalendarAct::Set { day: day.clone() }),
    };
    let lane = DocumentId(calendar_id("H99.101", 2028).0);
    let result = staff.send(&LEADER, lane, set.clone()).await;
    assert_eq!(code(&result), Some(ProblemCode::Forbidden));
    let elsewhere = staff.send(&UNIT_ADMIN, id(), set.clone()).await;
    assert_eq!(code(&elsewhere), Some(ProblemCode::InvalidRequest));
    assert_eq!(UNIT_ADMIN.role, Role::UnitAdmin);
    let result = staff.send(&UNIT_ADMIN, lane, set).await;
    assert!(applied(&result), "{result:?}");
    for person in [&UNIT_ADMIN, &LEADER, &COLLEAGUE] {
        let found = calendar(&mut staff, person, 2028).await.expect("is here");
        assert_eq!(
            (found.agency.code.as_str(), &found.days[..]),
            ("H99.101", std::slice::from_ref(&day))
        );
    }
    assert_eq!(calendar(&mut staff, &NEIGHBOUR_LEADER, 2028).await, None);
}
