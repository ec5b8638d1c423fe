use congvan_model::{
    AccountId, Direction, DocumentId, DocumentState, DossierId, Role, Sha256, Timestamp,
};
use jiff::civil::{Date, date};
use uuid::Uuid;

use super::*;
use crate::{
    AgencyInfo, Post,
    handling::{Actor, Named, Refusal},
};

const NOW: Timestamp = Timestamp(1_790_000_000_000);
const CREATOR: AccountId = AccountId(1);
const STARTED: Date = date(2026, 1, 5);
const ENDED: Date = date(2026, 10, 30);

fn agency(code: &str) -> AgencyInfo {
    AgencyInfo {
        code: code.to_owned(),
        name: code.to_owned(),
    }
}

fn post(role: Role, unit: &str) -> Post {
    Post {
        role,
        title: String::new(),
        agency: agency(unit),
        since: None,
        until: None,
    }
}

fn fields() -> DossierFields {
    DossierFields {
        year: 2026,
        number: None,
        code: "TCCB".to_owned(),
        large: "Tổ chức cán bộ".to_owned(),
        small: String::new(),
        title: " Hồ sơ tuyển dụng năm 2026 ".to_owned(),
        retention: Retention::Years { years: 70 },
        creator: Named {
            account: CREATOR,
            full_name: "Lê Văn C".to_owned(),
        },
        note: String::new(),
    }
}

/// Everyone of the office by a word of this table.
fn person<'a>(who: &str, posts: &'a mut Vec<Post>) -> Actor<'a> {
    let (account, role, unit) = match who {
        "creator" => (1, Role::Official, "CQ.P1"),
        "colleague" => (2, Role::Official, "CQ.P1"),
        "head" => (3, Role::Head, "CQ.P1"),
        "other unit" => (4, Role::Official, "CQ.P2"),
        "other head" => (5, Role::Head, "CQ.P2"),
        "clerk" => (6, Role::Clerk, "CQ"),
        "leader" => (7, Role::Leader, "CQ"),
        _ => (8, Role::Archivist, "CQ"),
    };
    posts.push(post(role, unit));
    Actor {
        account: AccountId(account),
        full_name: "Ai đó",
        posts,
    }
}

const PEOPLE: [&str; 8] = [
    "creator",
    "colleague",
    "head",
    "other unit",
    "other head",
    "clerk",
    "leader",
    "archivist",
];

fn began() -> Dossier {
    let mut posts = Vec::new();
    let act = DossierAct::Start {
        fields: Box::new(fields()),
        started_on: STARTED,
    };
    let id = DossierId(Uuid::from_u128(1));
    let places = (agency("CQ"), agency("CQ.P1"));
    Dossier::make(id, &act, &person("creator", &mut posts), places, NOW).expect("is begun")
}

fn at(state: DossierState) -> Dossier {
    let mut dossier = began();
    dossier.state = state;
    dossier.ended_on = Some(ENDED);
    dossier
}

fn may(act: DossierActKind, state: DossierState) -> Vec<&'static str> {
    let judged = |who: &&&str| {
        let mut posts = Vec::new();
        at(state).judge(act, &person(who, &mut posts)).is_ok()
    };
    PEOPLE.iter().filter(judged).copied().collect()
}

#[test]
fn the_table_says_who_does_what() {
    use DossierActKind as A;
    use DossierState as S;
    let planners = ["head", "other head", "clerk", "leader", "archivist"];
    let table: [(A, S, &[&str]); 12] = [
        (A::Approve, S::Planned, &["leader"]),
        (A::Strike, S::Planned, &planners),
        (A::Open, S::Listed, &["creator"]),
        (
            A::Amend,
            S::Listed,
            &[
                "creator",
                "head",
                "other head",
                "clerk",
                "leader",
                "archivist",
            ],
        ),
        (A::Amend, S::Open, &["creator", "head"]),
        (A::Add, S::Open, &["creator", "colleague", "head"]),
        (A::Remove, S::Open, &["creator", "head"]),
        (A::Close, S::Open, &["creator", "head"]),
        (A::Reopen, S::Closed, &["creator", "head"]),
        (A::HandOver, S::Closed, &["creator", "head"]),
        (A::Receive, S::HandedOver, &["archivist"]),
        (A::SendBack, S::HandedOver, &["archivist"]),
    ];
    for (act, state, who) in table {
        assert_eq!(may(act, state), who, "{act:?} in {state:?}");
    }
}

#[test]
fn an_act_is_done_in_the_states_of_its_line_and_in_no_other() {
    use DossierState as S;
    let all = [
        S::Planned,
        S::Listed,
        S::Open,
        S::Closed,
        S::HandedOver,
        S::Archived,
    ];
    for rule in &RULES {
        for state in all {
            let anyone = !may(rule.act, state).is_empty();
            assert_eq!(
                anyone,
                rule.from.contains(&state),
                "{:?} {state:?}",
                rule.act
            );
        }
    }
}

#[test]
fn a_dossier_beside_the_list_is_begun_by_its_creator_and_a_planned_one_by_who_makes_the_list() {
    let mut posts = Vec::new();
    let other = person("colleague", &mut posts);
    let id = DossierId(Uuid::from_u128(1));
    let places = || (agency("CQ"), agency("CQ.P1"));
    let fields = || Box::new(fields());
    let start = DossierAct::Start {
        fields: fields(),
        started_on: STARTED,
    };
    let refused = Dossier::make(id, &start, &other, places(), NOW);
    assert_eq!(refused, Err(Refusal::Fact("creator")));
    let plan = DossierAct::Plan { fields: fields() };
    let refused = Dossier::make(id, &plan, &other, places(), NOW);
    assert_eq!(refused, Err(Refusal::NotYours));
    let mut posts = Vec::new();
    let clerk = person("clerk", &mut posts);
    let planned = Dossier::make(id, &plan, &clerk, places(), NOW).expect("is planned");
    assert_eq!(planned.state, DossierState::Planned);
    assert_eq!(planned.fields.title, "Hồ sơ tuyển dụng năm 2026");
}

#[test]
fn ordinals_are_never_given_twice_and_have_no_gaps_once_it_is_closed() {
    let mut dossier = began();
    let mut posts = Vec::new();
    let creator = person("creator", &mut posts);
    let document = |number| DocumentId(Uuid::from_u128(number));
    for number in [1, 2, 3, 2] {
        let act = DossierAct::Add {
            document: document(number),
        };
        dossier.apply(&act, &creator, NOW).expect("is added");
    }
    let act = DossierAct::Remove {
        document: document(2),
    };
    dossier.apply(&act, &creator, NOW).expect("is taken out");
    let gone = dossier.apply(&act, &creator, NOW);
    assert_eq!(gone, Err(Refusal::Fact("document")));
    let act = DossierAct::Add {
        document: document(4),
    };
    dossier.apply(&act, &creator, NOW).expect("is added");
    let ordinals =
        |dossier: &Dossier| -> Vec<u32> { dossier.items.iter().map(|item| item.ordinal).collect() };
    assert_eq!(ordinals(&dossier), [1, 3, 4]);
    assert_eq!(dossier.count, 3);
    let act = DossierAct::Close {
        ended_on: ENDED,
        settled: Vec::new(),
    };
    dossier.apply(&act, &creator, NOW).expect("is closed");
    assert_eq!(ordinals(&dossier), [1, 2, 3]);
}

fn content(number: u128, change: impl FnOnce(&mut Content)) -> Content {
    let mut content = Content {
        document: DocumentId(Uuid::from_u128(number)),
        direction: Direction::Incoming,
        state: DocumentState::Resolved,
        arrival: Some(1),
        notation: Some(format!("{number}/CV")),
        issued_on: Some(STARTED),
        issuer: "Sở Nội vụ".to_owned(),
        subject: "V/v tuyển dụng".to_owned(),
        main: Some(Sha256([u8::try_from(number).unwrap_or(0); 32])),
    };
    change(&mut content);
    content
}

#[test]
fn what_is_wrong_is_found_before_closing_and_may_stand_only_with_a_reason() {
    use FindingKind as F;
    let mut dossier = began();
    assert_eq!(
        findings(&dossier, &[]),
        [Finding {
            kind: F::Empty,
            document: None
        }]
    );
    let contents = [
        content(1, |_| {}),
        content(2, |one| one.notation = Some("1/CV".to_owned())),
        content(3, |one| one.main = Some(Sha256([1; 32]))),
        content(4, |one| one.arrival = None),
        content(5, |one| one.issued_on = None),
        content(6, |one| {
            one.direction = Direction::Outgoing;
            one.state = DocumentState::Signed;
        }),
    ];
    let mut posts = Vec::new();
    let creator = person("creator", &mut posts);
    for number in 1..=7 {
        let document = DocumentId(Uuid::from_u128(number));
        let act = DossierAct::Add { document };
        dossier.apply(&act, &creator, NOW).expect("is added");
    }
    let found = findings(&dossier, &contents);
    let kinds: Vec<(F, u128)> = found
        .iter()
        .filter_map(|one| Some((one.kind, one.document?.0.as_u128())))
        .collect();
    let expected = [
        (F::Duplicate, 2),
        (F::Duplicate, 3),
        (F::NotRegistered, 4),
        (F::FieldsMissing, 5),
        (F::Draft, 6),
        (F::NotSeen, 7),
    ];
    assert_eq!(kinds, expected);
    let let_stand = |reason: &str| -> Vec<LetStand> {
        let stand = |finding: &Finding| LetStand {
            finding: *finding,
            reason: reason.to_owned(),
        };
        found.iter().map(stand).collect()
    };
    assert_eq!(unsettled(&found, &let_stand("  ")), found);
    assert_eq!(unsettled(&found, &let_stand("Bản lưu thứ hai")), []);
}

#[test]
fn a_closed_dossier_goes_to_the_archive_in_a_year_or_two_years_later_at_most() {
    let mut dossier = at(DossierState::Closed);
    assert_eq!(dossier.hand_over_by(), Some(date(2027, 10, 30)));
    let mut posts = Vec::new();
    let creator = person("creator", &mut posts);
    let keep = |until| DossierAct::KeepBack {
        until,
        reference: "12/CV-UBND".to_owned(),
        reason: "Còn thanh tra".to_owned(),
    };
    for until in [date(2027, 10, 30), date(2029, 10, 31)] {
        let refused = dossier.apply(&keep(until), &creator, NOW);
        assert_eq!(refused, Err(Refusal::Fact("until")), "{until}");
    }
    let most = date(2029, 10, 30);
    dossier.apply(&keep(most), &creator, NOW).expect("is kept");
    assert_eq!(dossier.hand_over_by(), Some(most));
    dossier.fields.retention = Retention::Years { years: 4 };
    assert_eq!(dossier.hand_over_by(), None);
}

#[test]
fn what_is_inside_is_for_its_unit_the_leaders_and_later_the_archive() {
    let sees = |state| -> Vec<&str> {
        let seen = |who: &&&str| {
            let mut posts = Vec::new();
            at(state).is_seen_by(&person(who, &mut posts))
        };
        PEOPLE.iter().filter(seen).copied().collect()
    };
    let unit = ["creator", "colleague", "head", "leader"];
    assert_eq!(sees(DossierState::Open), unit);
    let later = ["creator", "colleague", "head", "leader", "archivist"];
    assert_eq!(sees(DossierState::HandedOver), later);
    let mut hidden = at(DossierState::Open);
    hidden.hide_inside();
    assert!(hidden.items.is_empty() && hidden.steps.is_empty() && !hidden.inside);
}

/// Takes what stands on a dossier out of its bounds.
type Spoil = fn(&mut DossierFields);

#[test]
fn what_stands_on_a_dossier_has_its_bounds() {
    let faults: [(&str, Spoil); 5] = [
        ("code", |one| one.code = " ".to_owned()),
        ("title", |one| one.title = "x".repeat(501)),
        ("year", |one| one.year = 26),
        ("number", |one| one.number = Some(0)),
        ("retention", |one| {
            one.retention = Retention::Years { years: 0 };
        }),
    ];
    for (fact, spoil) in faults {
        let mut dossier = began();
        let mut spoilt = fields();
        spoil(&mut spoilt);
        let mut posts = Vec::new();
        let act = DossierAct::Amend {
            fields: Box::new(spoilt),
        };
        let refused = dossier.apply(&act, &person("creator", &mut posts), NOW);
        assert_eq!(refused, Err(Refusal::Fact(fact)));
    }
    assert_eq!(fields().notation(), "TCCB");
    let numbered = DossierFields {
        number: Some(1),
        ..fields()
    };
    assert_eq!(numbered.notation(), "01.TCCB");
}
