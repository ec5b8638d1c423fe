//! How long the directory of a whole country takes: to come in, and to be searched while somebody
//! types. `agencies [COUNT]`; 120,000 without one.

#![allow(clippy::print_stdout, reason = "a program for a person")]

use std::time::{Duration, Instant};

use congvan_model::{AgencyId, Timestamp};
use congvan_protocol::{Agency, AgencyPage};
use congvan_store::{AccountKey, AgencyWish, Store};
use congvan_testkit::country_directory;

/// What people type, as it grows.
const TYPED: &[&str] = &[
    "u",
    "uy",
    "ubnd",
    "uy ban nhan dan",
    "uy ban nhan dan xa",
    "ubnd xa binh",
    "UBND xã Bình Minh Đ",
    "so",
    "so noi",
    "sở nội vụ",
    "snv",
    "phong kinh te",
    "phong kinh te binh minh",
    "truong",
    "H05.101",
    "000.00.11.H07",
    "van phong",
    "b",
    "khong co chu nay",
];

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let count = std::env::args()
        .nth(1)
        .map_or(Ok(120_000), |text| text.parse())?;
    let folder = tempfile::tempdir()?;
    let key = AccountKey::from_bytes([7; 32]);
    let (store, _) = Store::open(folder.path(), &key, Timestamp(1_795_224_600_000))?;
    let one = country_directory(90);
    let all: Vec<Agency> = (0..)
        .zip(one.iter().cycle())
        .take(count)
        .map(|(number, agency)| {
            let round = number / one.len() as i64;
            let far = |id: AgencyId| AgencyId(id.0 + round * one.len() as i64);
            Agency {
                id: AgencyId(number + 1),
                parent: agency.parent.map(far),
                successors: agency.successors.iter().map(|id| far(*id)).collect(),
                ..agency.clone()
            }
        })
        .collect();
    let (start, mut cursor, mut slowest) = (Instant::now(), None, Duration::ZERO);
    let mut bytes = 0;
    for (number, part) in all.chunks(500).enumerate() {
        let page = AgencyPage {
            agencies: part.to_vec(),
            cursor: format!("c-{number}"),
            ..AgencyPage::default()
        };
        bytes += serde_json::to_vec(&page)?.len();
        let began = Instant::now();
        store.apply_agencies(cursor.as_deref(), &page)?;
        slowest = slowest.max(began.elapsed());
        cursor = Some(page.cursor);
    }
    println!(
        "{count} agencies ({} provinces' worth of names), {} KB of JSON, taken in in {:.1} s, the slowest page of 500 in {} ms, database {} MB",
        90,
        bytes / 1024,
        start.elapsed().as_secs_f64(),
        slowest.as_millis(),
        store.database_bytes() / 1_048_576
    );
    let mut worst = Duration::ZERO;
    for text in TYPED {
        let wish = AgencyWish {
            text,
            on: jiff::civil::date(2026, 11, 21),
            home: Some("H05"),
            limit: 50,
        };
        let (mut best, mut found) = (Duration::MAX, 0);
        for _ in 0..5 {
            let began = Instant::now();
            found = store.agencies_find(wish)?.len();
            best = best.min(began.elapsed());
        }
        worst = worst.max(best);
        println!(
            "  {text:<24} {found:>3} in {:>6.2} ms",
            best.as_secs_f64() * 1000.0
        );
    }
    println!("  slowest {:.2} ms", worst.as_secs_f64() * 1000.0);
    let began = Instant::now();
    let listed = store.agencies_all()?.len();
    println!(
        "  all {listed} for reading in {} ms",
        began.elapsed().as_millis()
    );
    Ok(())
}
