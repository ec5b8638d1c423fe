//! The machine alone: every act by every part in every state, and what the acts do.

use std::collections::BTreeSet;

use congvan_model::{
    AccountId, Deadline, Direction, DocumentId, DocumentState, OpinionId, ReceiverRole, Role,
    Timestamp, civil_date,
};
use uuid::Uuid;

use super::{
    ActKind, Actor, Course, Handling, HandlingAct, Named, OfficePerson, RULES, Refusal, in_words,
};
use crate::{AgencyInfo, Intent, Post};

pub(super) const AT: Timestamp = Timestamp(1_795_226_400_000);
pub(super) const LEADER: i64 = 1;
pub(super) const CLERK: i64 = 2;
pub(super) const OFFICIAL: i64 = 3;
pub(super) const HEAD: i64 = 4;
pub(super) const COLLEAGUE: i64 = 5;
pub(super) const OTHER_HEAD: i64 = 6;
pub(super) const STATES: [DocumentState; 14] = [
    DocumentState::Received,
    DocumentState::Registered,
    DocumentState::Presented,
    DocumentState::Directed,
    DocumentState::InProgress,
    DocumentState::Resolved,
    DocumentState::Filed,
    DocumentState::Draft,
    DocumentState::ContentReview,
    DocumentState::FormatReview,
    DocumentState::AwaitingInitials,
    DocumentState::AwaitingSignature,
    DocumentState::Signed,
    DocumentState::Issued,
];

pub(super) fn people() -> Vec<OfficePerson> {
    let person = |account, role, unit: &str| OfficePerson {
        account: AccountId(account),
        full_name: format!("Người {account}"),
        title: "Chức danh".to_owned(),
        role,
        unit: AgencyInfo {
            code: unit.to_owned(),
            name: format!("Đơn vị {unit}"),
        },
        further: Vec::new(),
    };
    vec![
        person(LEADER, Role::Leader, "H99.101"),
        person(CLERK, Role::Clerk, "H99.101.02"),
        person(OFFICIAL, Role::Official, "H99.101.03"),
        person(HEAD, Role::Head, "H99.101.03"),
        person(COLLEAGUE, Role::Official, "H99.101.03"),
        person(OTHER_HEAD, Role::Head, "H99.101.04"),
    ]
}

pub(super) fn post(person: &OfficePerson) -> Post {
    Post {
        role: person.role,
        title: person.title.clone(),
        agency: person.unit.clone(),
        since: None,
        until: None,
    }
}

/// Does an act as that person.
pub(super) fn act(course: &mut Course, who: i64, act: &HandlingAct) -> Result<(), Refusal> {
    let people = people();
    let person = people.iter().find(|one| one.account.0 == who).expect("one");
    let posts = [post(person)];
    let actor = Actor {
        account: person.account,
        full_name: &person.full_name,
        posts: &posts,
    };
    course.apply(act, &actor, Some(&people), AT)
}

fn day(day: i8) -> Option<Deadline> {
    civil_date(2026, 12, day).map(Deadline::Day)
}

fn direct(lead: i64, supports: &[i64], due: Option<Deadline>) -> HandlingAct {
    HandlingAct::Direct {
        opinion: OpinionId(Uuid::nil()),
        lead: AccountId(lead),
        supports: supports.iter().copied().map(AccountId).collect(),
        informed: Vec::new(),
        due,
        deadlines: Vec::new(),
        text: "Giao tham mưu".to_owned(),
    }
}

fn assign(lead: i64, due: Option<Deadline>) -> HandlingAct {
    HandlingAct::Assign {
        lead: AccountId(lead),
        supports: Vec::new(),
        due,
        deadlines: Vec::new(),
        text: String::new(),
    }
}

fn give_back() -> HandlingAct {
    HandlingAct::Return {
        reason: "Không thuộc chức năng".to_owned(),
    }
}

fn presented() -> Course {
    Course {
        direction: Direction::Incoming,
        state: DocumentState::Presented,
        due: day(20),
        handling: Handling {
            director: Some(Named {
                account: AccountId(LEADER),
                full_name: "Người 1".to_owned(),
            }),
            ..Handling::default()
        },
    }
}

/// Directed to the unit, assigned to the official, the other head supporting.
fn assigned() -> Course {
    let mut course = presented();
    act(&mut course, LEADER, &direct(HEAD, &[OTHER_HEAD], day(10))).expect("directed");
    act(&mut course, HEAD, &assign(OFFICIAL, day(8))).expect("assigned");
    course
}

fn holder(course: &Course) -> i64 {
    let holders: Vec<_> = course
        .handling
        .receivers
        .iter()
        .filter(|one| one.holds)
        .collect();
    assert_eq!(holders.len(), 1, "exactly one has it");
    assert_eq!(holders[0].role, ReceiverRole::Lead);
    holders[0].account.0
}

#[test]
fn the_table_has_one_line_for_each_act_and_direction_with_its_basis() {
    let lines = RULES.map(|rule| (rule.act, rule.on == Direction::Incoming));
    let different: BTreeSet<_> = lines.into_iter().collect();
    assert_eq!(different.len(), RULES.len());
    for act in ActKind::ALL {
        assert!(lines.iter().any(|(one, _)| *one == act), "{act:?}");
    }
    for rule in RULES {
        assert!(!rule.from.is_empty());
        let known = ["Art. ", "Appendix ", "practice"];
        assert!(known.iter().any(|source| rule.basis.starts_with(source)));
    }
}

/// What the table must say, written a second time and by persons: H has it, D directed it, C is the
/// clerk, P had it and passed it on.
#[test]
fn every_act_by_every_part_in_every_state_is_allowed_or_refused_as_written() {
    use DocumentState::{Directed, Filed, InProgress, Presented, Received, Registered, Resolved};
    let allowed: &[(ActKind, i64, &[DocumentState])] = &[
        (ActKind::Direct, LEADER, &[Presented]),
        (ActKind::TakeUp, OFFICIAL, &[Directed]),
        (ActKind::Resolve, OFFICIAL, &[InProgress]),
        (ActKind::File, OFFICIAL, &[Resolved]),
        (ActKind::File, CLERK, &[Resolved]),
        (ActKind::Return, LEADER, &[Presented]),
        (ActKind::Return, OFFICIAL, &[Directed, InProgress]),
        (ActKind::HandOver, OFFICIAL, &[Directed, InProgress]),
        (ActKind::AskExtension, OFFICIAL, &[Directed, InProgress]),
        (ActKind::AskExtension, OTHER_HEAD, &[Directed, InProgress]),
        (ActKind::Refuse, CLERK, &[Received]),
        (
            ActKind::AnswerRecall,
            CLERK,
            &[
                Received, Registered, Presented, Directed, InProgress, Resolved,
            ],
        ),
        (
            ActKind::Copy,
            CLERK,
            &[Registered, Presented, Directed, InProgress, Resolved, Filed],
        ),
    ];
    let mut checked = 0;
    for state in STATES {
        let mut course = assigned();
        course.state = state;
        course.handling.from_axis = true;
        course.handling.recall = Some("Gửi nhầm".to_owned());
        // Before it is directed nobody but the leader has anything to do with it.
        if matches!(state, Received | Registered | Presented) {
            course.handling.receivers.clear();
        }
        for person in people() {
            let posts = [post(&person)];
            let actor = Actor {
                account: person.account,
                full_name: &person.full_name,
                posts: &posts,
            };
            for kind in ActKind::ALL {
                checked += 1;
                let may = allowed.iter().any(|(act, who, states)| {
                    *act == kind && *who == person.account.0 && states.contains(&state)
                });
                let answer = course.judge(kind, &actor).map(|_| ());
                assert_eq!(
                    answer.is_ok(),
                    may,
                    "{kind:?} {} {state:?}",
                    person.full_name
                );
                assert_eq!(course.allowed(&actor).contains(&kind), may);
            }
        }
    }
    assert_eq!(checked, STATES.len() * 6 * ActKind::ALL.len());
}

#[test]
fn a_document_goes_from_the_leader_to_the_unit_to_its_person_and_into_the_file() {
    let mut course = assigned();
    assert_eq!(
        (course.state, holder(&course)),
        (DocumentState::Directed, OFFICIAL)
    );
    assert_eq!(course.due, day(10));
    assert_eq!(course.holder().expect("one").due, day(8));
    assert_eq!(
        act(&mut course, HEAD, &HandlingAct::TakeUp {}),
        Err(Refusal::NotNow)
    );
    assert_eq!(
        act(&mut course, COLLEAGUE, &HandlingAct::TakeUp {}),
        Err(Refusal::NotYours)
    );
    act(&mut course, OFFICIAL, &HandlingAct::TakeUp {}).expect("taken up");
    let silent = HandlingAct::Resolve {
        reply: None,
        text: "  ".to_owned(),
    };
    assert_eq!(
        act(&mut course, OFFICIAL, &silent),
        Err(Refusal::Fact("text"))
    );
    let reply = HandlingAct::Resolve {
        reply: Some(DocumentId(Uuid::nil())),
        text: String::new(),
    };
    act(&mut course, OFFICIAL, &reply).expect("resolved");
    assert_eq!(course.state, DocumentState::Resolved);
    let file = HandlingAct::File {
        dossier: "Hồ sơ 12".to_owned(),
    };
    act(&mut course, CLERK, &file).expect("filed");
    assert_eq!(
        (course.state, course.handling.dossier.as_str()),
        (DocumentState::Filed, "Hồ sơ 12")
    );
}

#[test]
fn who_is_named_twice_or_oneself_or_of_another_unit_is_refused_and_nothing_changes() {
    let mut course = presented();
    let before = course.clone();
    for (wrong, fact) in [
        (direct(LEADER, &[], None), "lead"),
        (direct(99, &[], None), "lead"),
        (direct(HEAD, &[HEAD], None), "supports"),
        (
            direct(HEAD, &[], civil_date(2020, 1, 1).map(Deadline::Day)),
            "due",
        ),
    ] {
        assert_eq!(act(&mut course, LEADER, &wrong), Err(Refusal::Fact(fact)));
        assert_eq!(course, before);
    }
    act(&mut course, LEADER, &direct(HEAD, &[], day(10))).expect("directed");
    for (wrong, fact) in [
        (assign(OTHER_HEAD, None), "lead"),
        (assign(OFFICIAL, day(11)), "due"),
    ] {
        assert_eq!(act(&mut course, HEAD, &wrong), Err(Refusal::Fact(fact)));
    }
}

#[test]
fn what_is_given_back_is_with_who_gave_it() {
    let mut course = assigned();
    act(&mut course, OFFICIAL, &give_back()).expect("back to the head");
    assert_eq!(
        (course.state, holder(&course)),
        (DocumentState::Directed, HEAD)
    );
    assert!(
        course
            .handling
            .receivers
            .iter()
            .any(|one| one.account.0 == OTHER_HEAD)
    );
    act(&mut course, HEAD, &give_back()).expect("back to the leader");
    assert_eq!(course.state, DocumentState::Presented);
    assert!(course.handling.receivers.is_empty());
    assert_eq!(
        act(&mut course, HEAD, &HandlingAct::TakeUp {}),
        Err(Refusal::NotNow)
    );
    act(&mut course, LEADER, &give_back()).expect("back to the registry");
    assert_eq!(
        (course.state, course.handling.director),
        (DocumentState::Registered, None)
    );
}

#[test]
fn a_hand_over_keeps_the_part_and_more_time_is_given_by_who_directed() {
    let mut course = assigned();
    act(&mut course, OFFICIAL, &HandlingAct::TakeUp {}).expect("taken up");
    let over = |to| HandlingAct::HandOver {
        to: AccountId(to),
        reason: "Nghỉ phép".to_owned(),
    };
    assert_eq!(
        act(&mut course, OFFICIAL, &over(OTHER_HEAD)),
        Err(Refusal::Fact("to"))
    );
    act(&mut course, OFFICIAL, &over(COLLEAGUE)).expect("handed over");
    assert_eq!(
        (course.state, holder(&course)),
        (DocumentState::InProgress, COLLEAGUE)
    );
    let has = course.holder().expect("one");
    assert_eq!((has.due, has.given_by.account), (day(8), AccountId(HEAD)));
    let ask = |until: i8| HandlingAct::AskExtension {
        due: day(until).expect("a day"),
        reason: "Chờ số liệu".to_owned(),
    };
    assert_eq!(
        act(&mut course, COLLEAGUE, &ask(8)),
        Err(Refusal::Fact("due"))
    );
    act(&mut course, COLLEAGUE, &ask(15)).expect("asked");
    assert_eq!(act(&mut course, COLLEAGUE, &ask(16)), Err(Refusal::NotNow));
    let answer = |granted: bool, text: &str| HandlingAct::AnswerExtension {
        granted,
        text: text.to_owned(),
    };
    assert_eq!(
        act(&mut course, HEAD, &answer(true, "")),
        Err(Refusal::NotYours)
    );
    assert_eq!(
        act(&mut course, LEADER, &answer(false, "")),
        Err(Refusal::Fact("text"))
    );
    let before = course.clone();
    act(&mut course, LEADER, &answer(true, "")).expect("granted");
    assert_eq!(
        (course.due, course.holder().expect("one").due),
        (day(15), day(15))
    );
    assert_eq!(
        act(&mut course, LEADER, &answer(true, "")),
        Err(Refusal::NotNow)
    );
    let mut refused = before;
    act(&mut refused, LEADER, &answer(false, "Gấp")).expect("refused");
    assert_eq!((refused.due, refused.handling.extension), (day(10), None));
}

#[test]
fn an_act_reads_as_a_sentence_and_comes_back_byte_for_byte() {
    let before = presented();
    let mut after = before.clone();
    let direction = direct(HEAD, &[OTHER_HEAD], day(10));
    act(&mut after, LEADER, &direction).expect("directed");
    assert_eq!(
        in_words(&direction, &before, &after),
        "Chuyển xử lý: Người 4 (Đơn vị H99.101.03) chủ trì; \
         Người 6 (Đơn vị H99.101.04) phối hợp; hạn 10/12/2026"
    );
    let intent = Intent::Handle {
        act: Box::new(direction),
    };
    let text = serde_json::to_string(&intent).expect("json");
    assert!(
        text.starts_with(r#"{"kind":"handle","act":{"act":"direct","opinion":"#),
        "{text}"
    );
    let back: Intent = serde_json::from_str(&text).expect("reads");
    assert_eq!(back, intent);
    let take = serde_json::json!({"kind": "handle", "act": {"act": "take_up"}});
    let take: Intent = serde_json::from_value(take).expect("reads");
    assert_eq!(
        take,
        Intent::Handle {
            act: Box::new(HandlingAct::TakeUp {})
        }
    );
}

#[test]
fn a_desk_that_knows_nobody_shows_the_same_course_without_names() {
    let mut known = presented();
    let direction = direct(HEAD, &[OTHER_HEAD], day(10));
    let mut unknown = known.clone();
    act(&mut known, LEADER, &direction).expect("directed");
    let actor = Actor {
        account: AccountId(LEADER),
        full_name: "Người 1",
        posts: &[],
    };
    unknown.project(&direction, &actor, AT);
    for one in &mut known.handling.receivers {
        one.full_name.clear();
        one.unit.clear();
        one.heads.clear();
    }
    assert_eq!(unknown, known);
}

#[test]
fn the_clerk_of_a_unit_passes_on_for_its_head_and_it_comes_back_to_the_head() {
    let assign = HandlingAct::Assign {
        lead: AccountId(OFFICIAL),
        supports: Vec::new(),
        due: None,
        deadlines: Vec::new(),
        text: String::new(),
    };
    let by = |course: &mut Course, unit: &str, act: &HandlingAct| {
        let posts = [Post {
            role: Role::UnitClerk,
            title: "Trợ lý".to_owned(),
            agency: AgencyInfo {
                code: unit.to_owned(),
                name: format!("Đơn vị {unit}"),
            },
            since: None,
            until: None,
        }];
        let actor = Actor {
            account: AccountId(77),
            full_name: "Trợ lý",
            posts: &posts,
        };
        course.apply(act, &actor, Some(&people()), AT)
    };
    let presented = Course {
        direction: Direction::Incoming,
        state: DocumentState::Presented,
        due: None,
        handling: Handling {
            director: Some(Named {
                account: AccountId(LEADER),
                full_name: "Người 1".to_owned(),
            }),
            ..Handling::default()
        },
    };
    let mut course = presented.clone();
    act(&mut course, LEADER, &direct(HEAD, &[], None)).expect("directed");
    // Only the clerk of that very unit, and nothing but passing it on.
    assert_eq!(
        by(&mut course, "H99.101.04", &assign),
        Err(Refusal::NotYours)
    );
    assert_eq!(by(&mut course, "H99.101", &assign), Err(Refusal::NotYours));
    let take = HandlingAct::TakeUp {};
    assert_eq!(by(&mut course, "H99.101.03", &take), Err(Refusal::NotYours));
    let back = HandlingAct::Assign {
        lead: AccountId(HEAD),
        supports: Vec::new(),
        due: None,
        deadlines: Vec::new(),
        text: String::new(),
    };
    let refused = by(&mut course, "H99.101.03", &back);
    assert_eq!(refused, Err(Refusal::Fact("lead")));
    by(&mut course, "H99.101.03", &assign).expect("passed on");
    let holder = course.holder().expect("one").clone();
    assert_eq!(holder.account, AccountId(OFFICIAL));
    assert_eq!(holder.given_by.account, AccountId(HEAD));
    // What a person has is not the clerk's to give.
    assert_eq!(
        by(&mut course, "H99.101.03", &assign),
        Err(Refusal::NotYours)
    );
    let reason = "Không thuộc phần việc".to_owned();
    act(&mut course, OFFICIAL, &HandlingAct::Return { reason }).expect("given back");
    assert_eq!(course.holder().expect("one").account, AccountId(HEAD));

    let mut course = presented;
    act(&mut course, LEADER, &direct(OFFICIAL, &[], None)).expect("directed");
    assert_eq!(
        by(&mut course, "H99.101.03", &assign),
        Err(Refusal::NotYours)
    );
}

#[test]
fn who_leads_by_a_second_post_may_be_named_to_sign_while_it_is_held() {
    let post = |since, until| Post {
        role: Role::Leader,
        title: "Phó Chủ tịch".to_owned(),
        agency: AgencyInfo {
            code: "H99.101".to_owned(),
            name: "Cơ quan".to_owned(),
        },
        since,
        until,
    };
    let hour = 3_600_000;
    for (since, until, expected) in [
        (None, None, true),
        (Some(AT), None, true),
        (Some(AT.plus_ms(1)), None, false),
        (None, Some(AT), false),
        (None, Some(AT.plus_ms(hour)), true),
    ] {
        let mut people = people();
        let head = people.iter_mut().find(|one| one.account.0 == HEAD);
        let head = head.expect("the head");
        head.further.push(post(since, until));
        let found = head.holds(&[Role::Leader], AT);
        assert_eq!(found, expected, "{since:?} {until:?}");
    }
}
