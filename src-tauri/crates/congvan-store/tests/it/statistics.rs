//! Figures and the documents behind them, against a count in plain words of random documents: with
//! courses, several posts, years that end at local midnight, agencies that became others, and acts of
//! ours that the server does not show yet.

use std::collections::{BTreeMap, BTreeSet};

use congvan_model::{
    AccountId, AgencyId, Deadline, DeviceId, Direction, DocumentState, DocumentType, FileId,
    ReceiverRole, RevisionId, Timestamp, Urgency,
};
use congvan_protocol::{
    Agency, AgencyPage, Document, FieldOfActivity, FileRef, Issuer, RegisteredFile,
    RegistrationFields, SignatureLevel, Signer,
    handling::{
        Done, Handling, HandlingAct, Named, Origin, Outgoing, Receiver, Relation, Resolution,
    },
};
use congvan_store::{
    Counted, CountedWish, Dimension, Group, Measure, NewRegistration, Period, Statistics, Store,
};
use jiff::civil::{Date, date};
use proptest::prelude::*;
use uuid::Uuid;

use crate::support::*;

const DAY: i64 = 86_400_000;
/// 2025-12-31T17:00:00Z: the year 2026 begins in Vietnam.
const NEW_YEAR: i64 = 1_767_200_400_000;
const YEAR: (Date, Date) = (date(2026, 1, 1), date(2026, 12, 31));
const DIMENSIONS: [Dimension; 7] = [
    Dimension::Unit,
    Dimension::Person,
    Dimension::Month,
    Dimension::Activity,
    Dimension::Kind,
    Dimension::Sender,
    Dimension::Level,
];
/// Account, name, unit: the first holds posts in two units.
const PEOPLE: [(i64, &str, &str); 4] = [
    (21, "Nguyễn Văn A", "Phòng Kinh tế"),
    (21, "Nguyễn Văn A", "Phòng Văn hóa"),
    (22, "Trần Thị B", "Phòng Kinh tế"),
    (23, "Lê Văn C", "Văn phòng"),
];
/// Code and name on the letter, what it is today, its level then.
const SENDERS: [(&str, &str, &str, &str); 6] = [
    ("G01", "Bộ Nội vụ", "Bộ Nội vụ", "central"),
    ("H99.05", "Sở Tài chính", "Sở Tài chính", "province"),
    // Two that became one, under a third name since.
    (
        "H99.31",
        "Ủy ban nhân dân huyện Kim Sơn",
        "UBND xã Kim Sơn Mới",
        "district",
    ),
    (
        "H99.41",
        "Ủy ban nhân dân xã Kim Đông",
        "UBND xã Kim Sơn Mới",
        "commune",
    ),
    // Divided among two, so it stays what it was.
    (
        "H99.51",
        "Ban Quản lý dự án",
        "Ban Quản lý dự án",
        "province",
    ),
    ("", "Công ty TNHH Ánh Dương", "Công ty TNHH Ánh Dương", ""),
];
const KINDS: [DocumentType; 3] = [
    DocumentType::OfficialLetter,
    DocumentType::Decision,
    DocumentType::Plan,
];

/// A document in plain words.
#[derive(Clone, Debug)]
struct Plan {
    goes_out: bool,
    /// When it came; of what goes out when it was begun.
    at: i64,
    /// Of what comes in 0 received, 1 registered, 2 given, 3 resolved, 4 filed, the rest by our own
    /// act: 5 resolved, 6 refused. Of what goes out 0 signed, 1 issued, else filed.
    stage: u8,
    /// Local days from arrival to the deadline, and to the end.
    due: Option<i64>,
    done: i64,
    /// Places in [`PEOPLE`] of those who lead.
    leads: Vec<usize>,
    /// One who supports.
    support: Option<usize>,
    kind: usize,
    sender: usize,
    /// Has a field of activity; of what goes out is a copy.
    marked: bool,
    /// Came over the axis; of what goes out is sealed.
    axis: bool,
    signed: bool,
}

fn plans() -> impl Strategy<Value = Vec<Plan>> {
    // Around the ends of two years, to the millisecond, and anywhere between.
    let at = prop_oneof![
        (0_i64..2, -2_i64..2).prop_map(|(years, ms)| NEW_YEAR - years * 365 * DAY + ms),
        (-700_i64..320, 0..DAY).prop_map(|(days, ms)| NEW_YEAR + days * DAY + ms),
    ];
    let people = 0..PEOPLE.len();
    let fate = (
        any::<bool>(),
        at,
        0_u8..7,
        proptest::option::of(0_i64..400),
        0_i64..400,
    );
    let who = (
        proptest::collection::vec(people.clone(), 0..4),
        proptest::option::of(people),
    );
    let what = (0..KINDS.len(), 0..SENDERS.len());
    let marks = (any::<bool>(), any::<bool>(), any::<bool>());
    let plan = (fate, who, what, marks).prop_map(|(fate, who, what, marks)| Plan {
        goes_out: fate.0,
        at: fate.1,
        stage: fate.2,
        due: fate.3,
        done: fate.4,
        leads: who.0,
        support: who.1,
        kind: what.0,
        sender: what.1,
        marked: marks.0,
        axis: marks.1,
        signed: marks.2,
    });
    proptest::collection::vec(plan, 0..40)
}

/// Days since 1970 on the wall clock of Vietnam, without asking a calendar.
fn local_day(ms: i64) -> i64 {
    (ms + 7 * 3_600_000).div_euclid(DAY)
}

fn day_number(day: Date) -> i64 {
    let since = day.since(date(1970, 1, 1)).expect("a span");
    i64::from(since.get_days())
}

fn civil(number: i64) -> Date {
    let span = jiff::Span::new().days(number);
    date(1970, 1, 1).checked_add(span).expect("a day")
}

fn named(account: i64, name: &str) -> Named {
    Named {
        account: AccountId(account),
        full_name: name.to_owned(),
    }
}

fn receiver(place: usize, role: ReceiverRole) -> Receiver {
    let (account, name, unit) = PEOPLE[place];
    Receiver {
        account: AccountId(account),
        full_name: name.to_owned(),
        unit: unit.to_owned(),
        heads: String::new(),
        role,
        holds: false,
        due: None,
        given_by: named(1, "Lãnh đạo"),
        at: NOW,
    }
}

fn made(number: u128, plan: &Plan) -> Document {
    let mut document = document(number, "về việc thống kê");
    document.arrived_at = Timestamp(plan.at);
    document.issued_on = Some(civil(local_day(plan.at)));
    document.kind = KINDS[plan.kind];
    let (code, name, ..) = SENDERS[plan.sender];
    document.issuer = Issuer {
        code: code.to_owned(),
        name: name.to_owned(),
    };
    let mut handling = Handling {
        from_axis: plan.axis,
        ..Handling::default()
    };
    if plan.goes_out {
        sent(&mut document, &mut handling, plan);
    } else {
        came(&mut document, &mut handling, plan);
    }
    document.handling = Some(Box::new(handling));
    document
}

fn came(document: &mut Document, handling: &mut Handling, plan: &Plan) {
    document.state = match plan.stage {
        0 => DocumentState::Received,
        1 => DocumentState::Registered,
        2 | 5 | 6 => DocumentState::InProgress,
        3 => DocumentState::Resolved,
        _ => DocumentState::Filed,
    };
    document.due = plan
        .due
        .map(|days| Deadline::Day(civil(local_day(plan.at) + days)));
    document.activity = plan.marked.then(|| FieldOfActivity {
        code: "dat-dai".to_owned(),
        name: "Đất đai".to_owned(),
    });
    let leads = plan
        .leads
        .iter()
        .map(|who| receiver(*who, ReceiverRole::Lead));
    let support = plan.support.map(|who| receiver(who, ReceiverRole::Support));
    handling.receivers = leads.chain(support).collect();
    if matches!(plan.stage, 3 | 4) {
        handling.resolution = Some(Resolution {
            reply: None,
            reply_title: String::new(),
            text: String::new(),
            by: named(21, "Nguyễn Văn A"),
            at: Timestamp(plan.at + plan.done * DAY),
        });
    }
}

fn sent(document: &mut Document, handling: &mut Handling, plan: &Plan) {
    document.direction = Direction::Outgoing;
    document.state = match plan.stage {
        0 => DocumentState::Signed,
        1 => DocumentState::Issued,
        _ => DocumentState::Filed,
    };
    let place = plan.leads.first().copied().unwrap_or(3);
    let mut out = Outgoing::of(
        named(PEOPLE[place].0, PEOPLE[place].1),
        "QĐ-UBND".to_owned(),
    );
    out.sealed = plan.axis.then(|| Done {
        by: named(9, "Văn thư"),
        at: NOW,
    });
    handling.outgoing = Some(Box::new(out));
    handling.origin = plan.marked.then(|| {
        Box::new(Origin {
            relation: Relation::TrueCopy,
            document: None,
            title: "15/QĐ-UBND".to_owned(),
            issued_on: None,
            pages: Vec::new(),
            left_out: String::new(),
        })
    });
    let mut main: FileRef = file(document.id.0.as_u128(), congvan_model::Sha256([7; 32]), 4);
    let mut signature = main.revisions[0].clone();
    signature.level = Some(SignatureLevel::BB);
    // Initials of another are no signature of who stands under it.
    signature.signed_by = Some(match plan.signed {
        true => document.signer.full_name.clone(),
        false => "Người ký nháy".to_owned(),
    });
    main.revisions.push(signature);
    document.files = vec![main];
}

fn agency(id: i64, code: &str, name: &str, successors: &[i64]) -> Agency {
    Agency {
        id: AgencyId(id),
        code: code.to_owned(),
        former_codes: Vec::new(),
        name: name.to_owned(),
        aliases: Vec::new(),
        symbol: None,
        parent: code.contains('.').then_some(AgencyId(1)),
        successors: successors.iter().map(|id| AgencyId(*id)).collect(),
        valid_from: None,
        valid_to: (!successors.is_empty()).then_some(date(2025, 6, 30)),
    }
}

fn directory(store: &Store) {
    let page = AgencyPage {
        agencies: vec![
            agency(1, "H99", "Ủy ban nhân dân tỉnh Hưng Thịnh", &[]),
            agency(2, "G01", "Bộ Nội vụ", &[]),
            agency(3, "H99.05", "Sở Tài chính", &[]),
            agency(4, "H99.31", "Ủy ban nhân dân huyện Kim Sơn", &[6]),
            agency(5, "H99.41", "Ủy ban nhân dân xã Kim Đông", &[6]),
            agency(6, "H99.101", "UBND xã Kim Sơn", &[7]),
            agency(7, "H99.102", "UBND xã Kim Sơn Mới", &[]),
            agency(8, "H99.51", "Ban Quản lý dự án", &[3, 7]),
        ],
        removed: Vec::new(),
        cursor: "1".to_owned(),
        more: false,
    };
    assert!(store.apply_agencies(None, &page).expect("applies"));
}

/// A desk with these documents, our own acts on some of them done.
fn desk(plans: &[Plan]) -> (tempfile::TempDir, Store) {
    let (dir, store) = fresh();
    directory(&store);
    let documents = (1..).zip(plans).map(|(number, plan)| made(number, plan));
    pull(&store, "c1", documents.map(|one| upsert(one, 1)).collect());
    for (number, plan) in (1..).zip(plans) {
        let act = match (plan.goes_out, plan.stage) {
            (false, 5) => HandlingAct::Resolve {
                reply: None,
                text: "xong".to_owned(),
            },
            (false, 6) => HandlingAct::Refuse {
                reason: "Gửi nhầm".to_owned(),
            },
            (true | false, _) => continue,
        };
        store
            .handle(id(number), act, (ME, "C"), NOW)
            .expect("is recorded");
    }
    (dir, store)
}

/// In which figures a document is, by its plan.
fn expected(plan: &Plan, (from, to): (Date, Date)) -> Vec<Measure> {
    let (from, to) = (day_number(from), day_number(to));
    let day = local_day(plan.at);
    if plan.goes_out {
        if plan.stage == 0 || day < from || day > to {
            return Vec::new();
        }
        let mut found = vec![Measure::Outgoing];
        let (copy, sealed) = (plan.marked, plan.axis);
        found.extend((!copy).then_some(Measure::Personal));
        found.extend((!copy && plan.signed).then_some(Measure::Signed));
        found.extend(sealed.then_some(Measure::Sealed));
        found.extend((sealed && (copy || plan.signed)).then_some(Measure::Electronic));
        return found;
    }
    // Not registered, or sent back to where it came from.
    if plan.stage == 0 || plan.stage == 6 || day > to {
        return Vec::new();
    }
    let last = plan.due.map_or(i64::MAX, |days| day + days);
    let is_open = plan.stage <= 2;
    if day < from {
        let mut found = Vec::new();
        found.extend(is_open.then_some(Measure::Carried));
        found.extend((is_open && local_day(NOW.0) > last).then_some(Measure::CarriedOverdue));
        return found;
    }
    let ended = match plan.stage {
        3 | 4 => day + plan.done,
        _ => local_day(NOW.0),
    };
    let mut found = vec![Measure::Incoming];
    found.push(match (is_open, ended > last) {
        (true, false) => Measure::Open,
        (true, true) => Measure::Overdue,
        (false, false) => Measure::DoneInTime,
        (false, true) => Measure::DoneLate,
    });
    found.extend(plan.axis.then_some(Measure::ByAxis));
    found
}

/// To which groups a document belongs, by its plan.
fn belongs(plan: &Plan, by: Dimension, from: Date) -> BTreeSet<String> {
    let people = |tell: fn((i64, &str, &str)) -> String| {
        let all: BTreeSet<String> = plan.leads.iter().map(|who| tell(PEOPLE[*who])).collect();
        match all.is_empty() {
            true => one(""),
            false => all,
        }
    };
    fn one(name: &str) -> BTreeSet<String> {
        BTreeSet::from([name.to_owned()])
    }
    let day = civil(local_day(plan.at));
    match (by, plan.goes_out) {
        (Dimension::Month, _) if day < from => BTreeSet::new(),
        (Dimension::Month, _) => one(&format!("{:04}-{:02}", day.year(), day.month())),
        (Dimension::Kind, _) => one(["official_letter", "decision", "plan"][plan.kind]),
        (Dimension::Person, false) => people(|(_, name, _)| name.to_owned()),
        (Dimension::Person, true) => one(PEOPLE[plan.leads.first().copied().unwrap_or(3)].1),
        (Dimension::Unit, false) => people(|(_, _, unit)| unit.to_owned()),
        (Dimension::Activity, false) => one(if plan.marked { "Đất đai" } else { "" }),
        (Dimension::Sender, false) => one(SENDERS[plan.sender].2),
        (Dimension::Level, false) => one(SENDERS[plan.sender].3),
        (_, true) => BTreeSet::new(),
    }
}

fn wanted(by: Dimension, (from, to): (Date, Date)) -> Counted {
    Counted {
        period: Period { from, to },
        by,
        now: NOW,
    }
}

/// The documents behind a figure, fetched page by page.
fn behind(store: &Store, of: Counted, measure: Measure, group: Option<&Group>) -> BTreeSet<u128> {
    let mut found = BTreeSet::new();
    loop {
        let wish = CountedWish {
            of,
            measure,
            group: group.map(|group| group.key.clone()),
            offset: found.len(),
            limit: 7,
        };
        let page = store.counted(&wish).expect("counts");
        if page.rows.is_empty() {
            assert_eq!(page.total, found.len());
            return found;
        }
        let before = found.len();
        found.extend(page.rows.iter().map(|row| row.document.0.as_u128()));
        assert_eq!(found.len(), before + page.rows.len(), "each once");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn every_figure_is_the_number_of_its_documents_counted_one_by_one(
        plans in plans(),
        period in prop_oneof![
            Just(YEAR),
            Just((date(2025, 1, 1), date(2025, 12, 31))),
            Just((date(2026, 1, 1), date(2026, 1, 1))),
            Just((date(2025, 12, 31), date(2026, 3, 5))),
        ],
    ) {
        let (_dir, store) = desk(&plans);
        for by in DIMENSIONS {
            let found = store.statistics(wanted(by, period)).expect("counts");
            let mut total: BTreeMap<Measure, BTreeSet<u128>> = BTreeMap::new();
            let mut groups: BTreeMap<(String, Measure), BTreeSet<u128>> = BTreeMap::new();
            let mut overlap = false;
            for (number, plan) in (1..).zip(&plans) {
                let measures = expected(plan, period);
                let names = belongs(plan, by, period.0);
                overlap |= !measures.is_empty() && names.len() > 1;
                for measure in measures {
                    total.entry(measure).or_default().insert(number);
                    for name in &names {
                        groups.entry((name.clone(), measure)).or_default().insert(number);
                    }
                }
            }
            prop_assert_eq!(found.overlap, overlap);
            let names: BTreeSet<&String> = groups.keys().map(|(name, _)| name).collect();
            prop_assert_eq!(found.groups.iter().map(|one| &one.name).collect::<BTreeSet<_>>(), names);
            prop_assert_eq!(found.groups.len(), groups.keys().map(|(name, _)| name).collect::<BTreeSet<_>>().len());
            for measure in Measure::ALL {
                let all = total.remove(&measure).unwrap_or_default();
                prop_assert_eq!(found.total.of(measure) as usize, all.len());
                prop_assert_eq!(behind(&store, wanted(by, period), measure, None), all);
                for group in &found.groups {
                    let key = (group.name.clone(), measure);
                    let all = groups.remove(&key).unwrap_or_default();
                    prop_assert_eq!(group.figures.of(measure) as usize, all.len());
                    prop_assert_eq!(behind(&store, wanted(by, period), measure, Some(group)), all);
                }
            }
        }
    }
}

/// One document that came in on its day, led by these, done or not.
fn plan(at: i64, leads: &[usize], stage: u8, done: i64) -> Plan {
    Plan {
        goes_out: false,
        at,
        stage,
        due: Some(5),
        done,
        leads: leads.to_vec(),
        support: None,
        kind: 0,
        sender: 1,
        marked: false,
        axis: false,
        signed: false,
    }
}

fn counts(store: &Store, by: Dimension) -> Statistics {
    store.statistics(wanted(by, YEAR)).expect("counts")
}

#[test]
fn units_are_ranked_by_what_they_did_in_time_and_equals_share_a_place() {
    let at = NEW_YEAR + DAY;
    // Economy one of two in time, culture and office all of one, nobody one that is overdue.
    let (_dir, store) = desk(&[
        plan(at, &[0], 3, 1),
        plan(at, &[0], 3, 9),
        plan(at, &[1], 3, 1),
        plan(at, &[3], 3, 1),
        plan(at, &[], 1, 0),
    ]);
    let found = counts(&store, Dimension::Unit);
    let order: Vec<(&str, Option<u32>)> = found
        .groups
        .iter()
        .map(|group| (group.name.as_str(), group.place))
        .collect();
    assert_eq!(
        order,
        [
            ("Phòng Văn hóa", Some(1)),
            ("Văn phòng", Some(1)),
            ("Phòng Kinh tế", Some(3)),
            ("", None)
        ]
    );
}

#[test]
fn a_person_with_two_posts_counts_once_and_each_of_the_two_units_once() {
    let (_dir, store) = desk(&[plan(NEW_YEAR, &[0, 1, 0], 2, 0)]);
    let of = |found: Statistics| -> Vec<(String, u32)> {
        let groups = found.groups.into_iter();
        groups
            .map(|one| (one.name, one.figures.of(Measure::Incoming)))
            .collect()
    };
    let people = counts(&store, Dimension::Person);
    assert!(!people.overlap);
    assert_eq!(of(people), [("Nguyễn Văn A".to_owned(), 1)]);
    let units = counts(&store, Dimension::Unit);
    assert!(units.overlap);
    assert_eq!(units.total.of(Measure::Incoming), 1);
    assert_eq!(of(units).iter().map(|(_, count)| count).sum::<u32>(), 2);
}

#[test]
fn a_paper_that_was_registered_offline_counts_before_the_server_knows_it_and_once_afterwards() {
    let (_dir, store) = desk(&[]);
    let scan = blob(&store, b"scan");
    let new = NewRegistration {
        book: "den".to_owned(),
        year: 2026,
        received_at: NOW,
        fields: RegistrationFields {
            issuer_code: Some("H99.31".to_owned()),
            issuer_name: "Ủy ban nhân dân huyện Kim Sơn".to_owned(),
            notation: None,
            issued_on: Some(date(2025, 6, 1)),
            kind: DocumentType::OfficialLetter,
            subject: "V/v kiểm tra".to_owned(),
            urgency: Urgency::Normal,
            signer: Signer {
                position: "Chủ tịch".to_owned(),
                full_name: "Lê Văn Bình".to_owned(),
            },
            due: None,
            activity: None,
        },
        file: RegisteredFile {
            file: FileId(Uuid::now_v7()),
            revision: RevisionId(Uuid::now_v7()),
            sha256: scan,
            size: 4,
            name: "scan.pdf".to_owned(),
            pages: Some(1),
        },
        from_lease: false,
        device: DeviceId(Uuid::from_u128(0x7f3a_9c01)),
        author: ME,
        author_name: "Văn thư".to_owned(),
    };
    let registered = store.register_incoming(&new, NOW).expect("is registered");
    let found = counts(&store, Dimension::Sender);
    let told: Vec<(&str, u32)> = found
        .groups
        .iter()
        .map(|one| (one.name.as_str(), one.figures.of(Measure::Open)))
        .collect();
    assert_eq!(told, [("UBND xã Kim Sơn Mới", 1)]);
    let wish = CountedWish {
        of: wanted(Dimension::Sender, YEAR),
        measure: Measure::Open,
        group: None,
        offset: 0,
        limit: 10,
    };
    let row = store.counted(&wish).expect("counts").rows.remove(0);
    assert_eq!(
        row.issuer, "Ủy ban nhân dân huyện Kim Sơn",
        "as it was called"
    );
    assert!(!row.here, "it cannot be opened yet");

    let mut shown = made(1, &plan(NOW.0, &[], 1, 0));
    shown.id = registered.document;
    pull(&store, "c2", vec![upsert(shown, 1)]);
    let after = counts(&store, Dimension::Sender);
    assert_eq!(after.total.of(Measure::Incoming), 1);
    assert!(store.counted(&wish).expect("counts").rows[0].here);
}

#[test]
fn what_the_server_takes_away_counts_no_more() {
    let (_dir, store) = desk(&[plan(NEW_YEAR, &[0], 2, 0), plan(NEW_YEAR, &[0], 2, 0)]);
    assert_eq!(
        counts(&store, Dimension::Unit).total.of(Measure::Incoming),
        2
    );
    pull(&store, "c2", vec![remove(id(1), 2)]);
    assert_eq!(
        counts(&store, Dimension::Unit).total.of(Measure::Incoming),
        1
    );
}
