//! The first documents of a province, and those that tests and the demo add later.

mod incoming;
mod insert;
mod later;
mod many;
mod paper;

use congvan_model::{
    AccountId, Deadline, Direction, DocumentId, DocumentState, OpinionId, ReceiverRole, Timestamp,
    Urgency,
};
use congvan_protocol::{
    FileRole, Issuer, OpinionKind, Signer,
    handling::{Course, Handling, Initials, Named, Numbered, Outgoing, OutgoingNumber, Receiver},
};
use congvan_testkit::{
    CLERK, LEADER, NEIGHBOURS, OFFICIAL, OTHER_ROLES, PEOPLE, SplitMix, Topic, province_directory,
};
use rusqlite::{OptionalExtension as _, Transaction};

use crate::{
    ProvinceError, Seed, accounts, calendars, course, directory,
    error::Result,
    feed,
    office::Office,
    ops::{touch_document, touch_opinion},
};

pub(crate) use later::{draft, present, recall, seal, urgent_document};
pub(crate) use many::{amend, letters};

use incoming::{DRAFTS, Form, INCOMING, Incoming};
use insert::insert_opinion;
pub(crate) use insert::{NewDocument, NewFile, Step, insert_document};

const HOUR: i64 = 3_600_000;
const DAY: i64 = 24 * HOUR;
/// Số đến of the oldest seeded document.
const FIRST_ARRIVAL: u32 = 1187;
pub(crate) const OWN_CODE: &str = "H99.101";
const OWN_NAME: &str = "UBND xã Bình Minh Đông";

/// The three accounts of the office.
#[derive(Clone, Copy)]
struct Staff {
    leader: AccountId,
    clerk: AccountId,
    official: AccountId,
}

impl Staff {
    fn load(tx: &Transaction<'_>) -> Result<Self> {
        let find = |name: &str| -> Result<AccountId> {
            let found = accounts::by_name(tx, name)?;
            Ok(found
                .ok_or_else(|| ProvinceError::NoAccount(name.to_owned()))?
                .0)
        };
        Ok(Self {
            leader: find(LEADER.username)?,
            clerk: find(CLERK.username)?,
            official: find(OFFICIAL.username)?,
        })
    }
}

/// Writes the accounts and documents of the configuration's seed, once.
pub(crate) fn seed(office: &Office) -> Result<()> {
    let done: Option<Vec<u8>> = office.db.read(|tx| {
        tx.query_row(
            "SELECT value FROM server WHERE name = 'seeded'",
            [],
            |row| row.get(0),
        )
        .optional()
        .map_err(ProvinceError::from)
    })?;
    if done.is_some() {
        return Ok(());
    }
    let now = office.now();
    office.db.write(|tx| {
        for person in &PEOPLE {
            accounts::insert(tx, person)?;
        }
        if office.config.other_roles {
            for person in &OTHER_ROLES {
                accounts::insert(tx, person)?;
            }
        }
        if office.config.neighbour {
            for person in &NEIGHBOURS {
                accounts::insert(tx, person)?;
            }
        }
        if office.config.holidays || office.config.seed == Seed::Full {
            calendars::seed(tx, &accounts::agency(tx, OWN_CODE)?)?;
        }
        let staff = Staff::load(tx)?;
        let (arrivals, drafts) = match office.config.seed {
            Seed::Empty => (0, 0),
            Seed::Few => (12, 3),
            Seed::Full => (INCOMING.len(), DRAFTS.len()),
        };
        // Oldest first, so that arrival numbers and feed order follow the calendar.
        for (index, row) in INCOMING.iter().take(arrivals).enumerate().rev() {
            arrive(tx, office, staff, (index, row), now)?;
        }
        let drafts = office.config.drafts.unwrap_or(drafts);
        for index in (0..drafts).rev() {
            seed_draft(tx, office, staff, index, now)?;
        }
        if office.config.directory || office.config.seed == Seed::Full {
            directory::put(tx, &province_directory())?;
        }
        tx.execute(
            "INSERT INTO server(name, value) VALUES ('seeded', x'01')",
            [],
        )?;
        Ok(())
    })
}

/// When a document of that age arrived: in office hours, and never in the future.
fn arrival(now: Timestamp, age: i64, index: usize) -> Timestamp {
    let minutes = (index as i64 * 37) % 480;
    if age == 0 {
        return now.plus_ms(-(10 + minutes / 8) * 60_000);
    }
    let local = now.vietnam();
    let into_day = i64::from(local.hour()) * HOUR + i64::from(local.minute()) * 60_000;
    now.plus_ms(-into_day - age * DAY + 7 * HOUR + HOUR / 2 + minutes * 60_000)
}

fn arrive(
    tx: &Transaction<'_>,
    office: &Office,
    staff: Staff,
    (index, row): (usize, &Incoming),
    now: Timestamp,
) -> Result<()> {
    let at = arrival(now, row.age, index);
    let mut random = SplitMix::new(index as u64 + 1);
    let number = 20 + random.below(900);
    let notation = format!("{number:02}/{}", row.symbol);
    let issued = at.plus_ms(-(random.below(3) as i64) * DAY).vietnam_date();
    // Scans of small seeds would be slow to make for no gain.
    let form = match (office.config.seed, row.form) {
        (Seed::Few, Form::Scan(_) | Form::Long | Form::Huge) => Form::Text(2),
        (Seed::Few | Seed::Full | Seed::Empty, form) => form,
    };
    let paper = paper::incoming(office, row, (&notation, issued), form, index)?;
    let registered = row.state != DocumentState::Received;
    let place = u32::try_from(INCOMING.len() - 1 - index).unwrap_or(0);
    let due = row
        .due
        .map(|days| Deadline::Day(now.plus_ms(days * DAY).vietnam_date()));
    let document = NewDocument {
        id: insert::id(at, index as u64),
        direction: Direction::Incoming,
        state: row.state,
        notation: Some(notation),
        issued_on: Some(issued),
        arrival_number: registered.then_some(FIRST_ARRIVAL + place),
        arrived_at: at,
        kind: row.kind,
        issuer: Issuer {
            code: row.issuer.code.to_owned(),
            name: row.issuer.name.to_owned(),
        },
        subject: row.subject.to_owned(),
        urgency: row.urgency,
        due,
        signer: Signer {
            position: row.issuer.position.to_owned(),
            full_name: row.issuer.signer.to_owned(),
        },
        files: vec![NewFile {
            name: paper::file_name(row.kind, row.subject),
            role: FileRole::Main,
            bytes: paper.bytes,
            pages: paper.pages,
        }],
        access: access(staff, row, at),
        flow: flow(row, at, FIRST_ARRIVAL + place),
    };
    insert_document(tx, office, &document)?;
    opinions(tx, staff, row, &document, now)
}

fn reached(state: DocumentState, wanted: DocumentState) -> bool {
    const ORDER: [DocumentState; 7] = [
        DocumentState::Received,
        DocumentState::Registered,
        DocumentState::Presented,
        DocumentState::Directed,
        DocumentState::InProgress,
        DocumentState::Resolved,
        DocumentState::Filed,
    ];
    let place = |state: DocumentState| ORDER.iter().position(|other| *other == state);
    place(state) >= place(wanted)
}

/// The registry sees everything; the leader what was presented; the official of the economic
/// section what was directed to it.
fn access(
    staff: Staff,
    row: &Incoming,
    at: Timestamp,
) -> Vec<(AccountId, Option<ReceiverRole>, Option<Timestamp>)> {
    let read = |hours: i64| (row.age > 3).then(|| at.plus_ms(hours * HOUR));
    let mut access = vec![(staff.clerk, None, read(1))];
    if reached(row.state, DocumentState::Presented) {
        let role = if row.state == DocumentState::Presented {
            ReceiverRole::Lead
        } else {
            ReceiverRole::Inform
        };
        access.push((staff.leader, Some(role), read(3)));
    }
    let role = match row.topic {
        Topic::Finance | Topic::Land | Topic::Agriculture => ReceiverRole::Lead,
        Topic::Works | Topic::Disaster => ReceiverRole::Support,
        Topic::Welfare
        | Topic::Reform
        | Topic::Society
        | Topic::Digital
        | Topic::Order
        | Topic::Personnel
        | Topic::Meeting => ReceiverRole::Inform,
    };
    let concerns = role != ReceiverRole::Inform || row.topic == Topic::Digital;
    if concerns && reached(row.state, DocumentState::Directed) {
        access.push((staff.official, Some(role), read(6)));
    }
    access
}

fn flow(row: &Incoming, at: Timestamp, number: u32) -> Vec<Step> {
    let steps = [
        (
            DocumentState::Received,
            row.issuer.name,
            "Gửi đến".to_owned(),
            0,
        ),
        (
            DocumentState::Registered,
            CLERK.full_name,
            format!("Vào sổ văn bản đến, số đến {number}"),
            20,
        ),
        (
            DocumentState::Presented,
            CLERK.full_name,
            "Trình Chủ tịch UBND xã".to_owned(),
            30,
        ),
        (
            DocumentState::Directed,
            LEADER.full_name,
            "Cho ý kiến chỉ đạo".to_owned(),
            90,
        ),
        (
            DocumentState::InProgress,
            OFFICIAL.full_name,
            "Chuyển xử lý: Phòng Kinh tế (chủ trì)".to_owned(),
            150,
        ),
        (
            DocumentState::Resolved,
            OFFICIAL.full_name,
            "Hoàn thành xử lý".to_owned(),
            1500,
        ),
        (
            DocumentState::Filed,
            CLERK.full_name,
            "Đưa vào hồ sơ công việc".to_owned(),
            1560,
        ),
    ];
    steps
        .into_iter()
        .filter(|(state, ..)| reached(row.state, *state))
        .map(|(state, who, note, minutes)| Step {
            at: at.plus_ms(
                if row.age == 0 {
                    minutes.min(8)
                } else {
                    minutes
                } * 60_000,
            ),
            who: who.to_owned(),
            state,
            note,
        })
        .collect()
}

const DIRECTIONS: &[&str] = &[
    "Giao Phòng Kinh tế chủ trì, phối hợp Văn phòng HĐND và UBND tham mưu thực hiện đúng thời hạn.",
    "Chuyển đ/c Phó Chủ tịch phụ trách chỉ đạo; Phòng Văn hóa – Xã hội chủ trì tham mưu văn bản triển khai.",
    "Giao Văn phòng tham mưu kế hoạch thực hiện, báo cáo kết quả trước ngày 28 hằng tháng.",
    "Để biết, theo dõi và lồng ghép trong nhiệm vụ thường xuyên của các phòng.",
];

const REMARKS: &[&str] = &[
    "Đã tiếp nhận, đang tổng hợp số liệu của các thôn; dự kiến trình dự thảo báo cáo trước hạn 01 ngày.",
    "Đề nghị Văn phòng cung cấp thêm danh sách đầu mối của các thôn để phối hợp.",
    "Đã hoàn thành nội dung được giao, kính trình lãnh đạo xem xét.",
];

fn opinions(
    tx: &Transaction<'_>,
    staff: Staff,
    row: &Incoming,
    document: &NewDocument,
    now: Timestamp,
) -> Result<()> {
    let mut random = SplitMix::new(document.arrived_at.0 as u64);
    let mut add = |kind, author: (AccountId, &str), text: &str, hours: i64| -> Result<()> {
        let at = Timestamp(document.arrived_at.plus_ms(hours * HOUR).0.min(now.0));
        let id = OpinionId(insert::id(at, random.bits()).0);
        insert_opinion(tx, (id, document.id), (kind, text), author, at)?;
        feed::append(tx, touch_opinion(tx, document.id, id)?)
    };
    let pick = document.subject.chars().count();
    if reached(row.state, DocumentState::Directed) {
        let text = DIRECTIONS
            .get(pick % DIRECTIONS.len())
            .copied()
            .unwrap_or_default();
        add(
            OpinionKind::Direction,
            (staff.leader, LEADER.full_name),
            text,
            2,
        )?;
    }
    let worked_on = reached(row.state, DocumentState::InProgress)
        && document
            .access
            .iter()
            .any(|(account, ..)| *account == staff.official);
    if worked_on {
        let text = REMARKS
            .get(pick % REMARKS.len())
            .copied()
            .unwrap_or_default();
        add(
            OpinionKind::Opinion,
            (staff.official, OFFICIAL.full_name),
            text,
            5,
        )?;
    }
    Ok(())
}

fn seed_draft(
    tx: &Transaction<'_>,
    office: &Office,
    staff: Staff,
    index: usize,
    now: Timestamp,
) -> Result<()> {
    let row = DRAFTS.get(index % DRAFTS.len()).copied();
    let Some((kind, symbol, topic, urgency, length, subject)) = row else {
        return Ok(());
    };
    let subject = &match index / DRAFTS.len() {
        0 => subject.to_owned(),
        round => format!("{subject} (đợt {})", round + 1),
    };
    let paper = paper::draft((kind, symbol), (topic, length), urgency, subject, index)?;
    let at = now.plus_ms(-(index as i64 * 95 + 25) * 60_000);
    let file = NewFile {
        name: paper::file_name(kind, subject),
        role: FileRole::Main,
        bytes: paper.bytes,
        pages: paper.pages,
    };
    let document = draft_document(
        staff,
        (kind, urgency),
        subject,
        file,
        (at, index as u64 + 1000),
    );
    insert_document(tx, office, &document)?;
    prepared(tx, &document, symbol)
}

/// A seeded draft was drafted by the official and checked by the clerk, and lies before the leader.
fn prepared(tx: &Transaction<'_>, document: &NewDocument, symbol: &str) -> Result<()> {
    let staff = Staff::load(tx)?;
    let named = |account: AccountId, person: &congvan_testkit::Person| Named {
        account,
        full_name: person.full_name.to_owned(),
    };
    let drafter = named(staff.official, &OFFICIAL);
    let waits_for_initials = document.state == DocumentState::AwaitingInitials;
    let initials = waits_for_initials.then(|| Initials {
        person: drafter.clone(),
        at: None,
    });
    let numbered = document.notation.as_deref().zip(document.issued_on);
    let numbered = numbered.map(|(notation, issued_on)| {
        let number = OutgoingNumber {
            book: "di".to_owned(),
            year: crate::books::year_of(document.arrived_at),
            notation: crate::text::parse("notation", notation)?,
            issued_on,
        };
        Ok::<_, ProvinceError>(Numbered {
            by: named(staff.clerk, &CLERK),
            at: document.arrived_at,
            number: Some(number),
        })
    });
    let outgoing = Outgoing {
        numbered: numbered.transpose()?,
        checker: Some(named(staff.clerk, &CLERK)),
        initials: initials.into_iter().collect(),
        ..Outgoing::of(drafter.clone(), symbol.to_owned())
    };
    let receiver = Receiver {
        account: drafter.account,
        full_name: drafter.full_name.clone(),
        unit: OFFICIAL.unit_name.to_owned(),
        heads: String::new(),
        role: ReceiverRole::Support,
        holds: false,
        due: None,
        given_by: drafter,
        at: document.arrived_at,
    };
    let course = Course {
        direction: document.direction,
        state: document.state,
        due: document.due,
        handling: Handling {
            director: Some(named(staff.leader, &LEADER)),
            receivers: vec![receiver],
            outgoing: Some(Box::new(outgoing)),
            ..Handling::default()
        },
    };
    course::save(tx, document.id, &course)
}

fn draft_document(
    staff: Staff,
    (kind, urgency): (congvan_model::DocumentType, Urgency),
    subject: &str,
    file: NewFile,
    (at, salt): (Timestamp, u64),
) -> NewDocument {
    let step = |state, who: &str, note: &str, minutes: i64| Step {
        at: at.plus_ms(minutes * 60_000),
        who: who.to_owned(),
        state,
        note: note.to_owned(),
    };
    NewDocument {
        id: insert::id(at, salt),
        direction: Direction::Outgoing,
        state: DocumentState::AwaitingSignature,
        notation: None,
        issued_on: None,
        arrival_number: None,
        arrived_at: at,
        kind,
        issuer: Issuer {
            code: OWN_CODE.to_owned(),
            name: OWN_NAME.to_owned(),
        },
        subject: subject.to_owned(),
        urgency,
        due: None,
        signer: Signer {
            position: LEADER.title.to_owned(),
            full_name: LEADER.full_name.to_owned(),
        },
        files: vec![file],
        access: vec![
            (staff.clerk, None, Some(at)),
            (staff.leader, Some(ReceiverRole::Lead), None),
            (staff.official, Some(ReceiverRole::Support), Some(at)),
        ],
        flow: vec![
            step(DocumentState::Draft, OFFICIAL.full_name, "Soạn thảo", -180),
            step(
                DocumentState::AwaitingSignature,
                CLERK.full_name,
                "Kiểm tra thể thức, trình ký",
                0,
            ),
        ],
    }
}

/// The feed rows of a new document.
fn announce(tx: &Transaction<'_>, document: DocumentId, accounts: &[AccountId]) -> Result<()> {
    feed::append(tx, touch_document(tx, document, 1, accounts)?)
}
