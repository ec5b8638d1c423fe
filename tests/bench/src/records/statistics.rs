//! Statistics of a year, told apart in every way, and the documents behind a figure; beside the register
//! that follows the handling, which reads every document of the same year.

use std::{path::Path, time::Instant};

use anyhow::{Context as _, Result, ensure};
use congvan_model::{
    AccountId, AgencyId, Deadline, Direction, DocumentState, ReceiverRole, civil_date,
};
use congvan_protocol::{
    Agency, AgencyPage, Document, FieldOfActivity,
    handling::{Handling, HandlingAct, Named, Outgoing, Receiver, Resolution},
};
use congvan_store::{BookWish, Counted, CountedWish, Dimension, Measure, Period, Store};
use congvan_testkit::SplitMix;
use serde_json::{Value, json};

use super::search::tell;
use crate::queue::{NOW, document, fill, key, ms};

const DAY: i64 = 86_400_000;
/// Agencies of the directory, of which every tenth has become another.
const AGENCIES: i64 = 3_400;
/// Agencies that send, units and people that lead.
const SENDERS: usize = 400;
const UNITS: usize = 12;
const PEOPLE: usize = 80;
/// Acts of ours that the server does not show yet.
const UNSENT: usize = 200;
const ROUNDS: usize = 10;
const DIMENSIONS: [Dimension; 7] = [
    Dimension::Unit,
    Dimension::Person,
    Dimension::Month,
    Dimension::Activity,
    Dimension::Kind,
    Dimension::Sender,
    Dimension::Level,
];

fn named(person: usize) -> Named {
    Named {
        account: AccountId(i64::try_from(person).unwrap_or(0)),
        full_name: format!("Nguyễn Văn {person}"),
    }
}

fn lead(person: usize) -> Receiver {
    let Named { account, full_name } = named(person);
    Receiver {
        account,
        full_name,
        unit: format!("Phòng Chuyên môn số {}", person % UNITS),
        heads: String::new(),
        role: ReceiverRole::Lead,
        holds: true,
        due: None,
        given_by: named(0),
        at: NOW,
    }
}

/// One of so many of five years, with a course.
fn handled(many: u64, number: u64, random: &mut SplitMix) -> Document {
    let mut one = document(number, random);
    let apart = 5 * 365 * DAY / i64::try_from(many.max(1)).unwrap_or(1);
    let age = i64::try_from(many.saturating_sub(number)).unwrap_or(0);
    one.arrived_at = NOW.plus_ms(-(age * apart));
    one.issued_on = Some(one.arrived_at.vietnam_date());
    let sender = random.below(SENDERS);
    one.issuer.code = code(i64::try_from(sender).unwrap_or(0));
    let mut handling = Handling::default();
    let person = random.below(PEOPLE);
    if one.direction == Direction::Outgoing {
        handling.outgoing = Some(Box::new(Outgoing::of(named(person), "UBND-VX".to_owned())));
    } else {
        handling.receivers = vec![lead(person), lead(random.below(PEOPLE))];
        one.due = Some(Deadline::At(one.arrived_at.plus_ms(10 * DAY)));
        one.activity = Some(FieldOfActivity {
            code: format!("linh-vuc-{}", person % 9),
            name: format!("Lĩnh vực {}", person % 9),
        });
    }
    if one.state == DocumentState::Resolved {
        let days = i64::try_from(random.below(12)).unwrap_or(0);
        handling.resolution = Some(Resolution {
            reply: None,
            reply_title: String::new(),
            text: "Đã báo cáo".to_owned(),
            by: named(person),
            at: one.arrived_at.plus_ms(days * DAY),
        });
    }
    one.handling = Some(Box::new(handling));
    one
}

fn code(agency: i64) -> String {
    format!("H99.{:02}.{:02}", agency / 90 + 10, agency % 90 + 10)
}

fn directory(store: &Store) -> Result<()> {
    let agencies = (1..=AGENCIES).map(|number| Agency {
        id: AgencyId(number),
        code: code(number - 1),
        former_codes: Vec::new(),
        name: format!("Ủy ban nhân dân xã Bình Minh {number}"),
        aliases: Vec::new(),
        symbol: None,
        parent: None,
        successors: match number % 10 {
            0 => vec![AgencyId(number + 1)],
            _ => Vec::new(),
        },
        valid_from: None,
        valid_to: (number % 10 == 0)
            .then(|| civil_date(2025, 6, 30))
            .flatten(),
    });
    let page = AgencyPage {
        agencies: agencies.collect(),
        removed: Vec::new(),
        cursor: "1".to_owned(),
        more: false,
    };
    ensure!(store.apply_agencies(None, &page)?, "a directory");
    Ok(())
}

pub(super) fn run(folder: &Path, many: u64) -> Result<Value> {
    let (dir, text) = (folder.join("counted"), folder.join("counted-text"));
    let clock = Instant::now();
    let make = |number, random: &mut SplitMix| handled(many, number, random);
    let bytes = fill(&dir, &text, (many, make))?;
    println!(
        "  {many} documents with courses in {:.0} s, {} MiB of database",
        clock.elapsed().as_secs_f64(),
        bytes / 1024 / 1024
    );
    let (store, _) = Store::open(&dir, &key(), NOW)?;
    directory(&store)?;
    let period = Period {
        from: civil_date(2025, 1, 1).context("a day")?,
        to: civil_date(2025, 12, 31).context("a day")?,
    };
    let counted = |by| Counted {
        period,
        by,
        now: NOW,
    };
    let wish = |by| CountedWish {
        of: counted(by),
        measure: Measure::Incoming,
        group: None,
        offset: 0,
        limit: 50,
    };
    let of_year = store.counted(&wish(Dimension::Month))?;
    ensure!(!of_year.rows.is_empty(), "an empty year");
    let waiting = CountedWish {
        measure: Measure::Carried,
        limit: UNSENT,
        ..wish(Dimension::Month)
    };
    for row in store.counted(&waiting)?.rows {
        let act = HandlingAct::Resolve {
            reply: None,
            text: "Đã báo cáo".to_owned(),
        };
        store.handle(row.document, act, (AccountId(7), "B"), NOW)?;
    }
    let mut asked = Vec::new();
    for by in DIMENSIONS {
        let mut times = Vec::new();
        for _ in 0..ROUNDS {
            let clock = Instant::now();
            store.statistics(counted(by))?;
            times.push(ms(clock));
        }
        asked.push(tell(&format!("a year by {by:?}"), times));
    }
    let mut behind = Vec::new();
    let mut register = Vec::new();
    for _ in 0..ROUNDS {
        let clock = Instant::now();
        store.counted(&wish(Dimension::Sender))?;
        behind.push(ms(clock));
    }
    for _ in 0..3 {
        let clock = Instant::now();
        let year = BookWish {
            book: "den".to_owned(),
            year: 2025,
            limit: 50,
            ..BookWish::default()
        };
        store.tracking_lines(&year, NOW)?;
        register.push(ms(clock));
    }
    asked.push(tell("50 documents behind a figure", behind));
    let register = tell("the year's register, for scale", register);
    Ok(json!({
        "documents": many, "of_the_year": of_year.total, "database_bytes": bytes, "asked": asked,
        "peers": { "register": register },
    }))
}
