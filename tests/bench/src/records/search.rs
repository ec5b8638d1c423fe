//! Search in the store: every key of what a clerk types, counts, what is chosen, everything in the
//! order of the best, an export; beside `rg` and LIKE over the same words.

use std::{fs, path::Path, time::Instant};

use anyhow::Result;
use congvan_model::{DocumentType, civil_date};
use congvan_protocol::Document;
use congvan_store::{Narrow, SearchOrder, SearchQuery, Store};
use congvan_testkit::SplitMix;
use serde_json::{Value, json};

use crate::queue::{MANY, NOW, document, fill, key, ms, peers};

/// Milliseconds between two documents, so that all of them are of five years.
const APART_MS: i64 = 5 * 365 * 86_400_000 / 100_000;
/// What is typed, key by key.
const TYPED: [&str; 8] = [
    "báo cáo phòng chống bão",
    "dieu dong can bo",
    "12/ubnd-vx",
    "số 1234",
    "cơ quan:sở tài chính xây dựng",
    "loại:quyết định năm:2024 đất đai",
    "\"kế hoạch\" -bão từ:01/01/2025",
    "van duc khong co chu nay",
];
/// Of those, what other programs can be asked.
const PLAIN: [&str; 3] = [
    "bao cao phong chong bao",
    "dieu dong can bo",
    "van duc khong",
];
const ROUNDS: usize = 5;

fn of_five_years(number: u64, random: &mut SplitMix) -> Document {
    let mut document = document(number, random);
    let age = MANY.saturating_sub(number);
    document.arrived_at = NOW.plus_ms(-(i64::try_from(age).unwrap_or(0) * APART_MS));
    let day = document.arrived_at.vietnam_date();
    document.issued_on = civil_date(day.year(), day.month(), day.day());
    document.kind = DocumentType::ALL[random.below(DocumentType::ALL.len())];
    document
}

pub(super) fn run(folder: &Path) -> Result<Value> {
    let (dir, text) = (folder.join("store"), folder.join("text"));
    let clock = Instant::now();
    let bytes = fill(&dir, &text, (MANY, of_five_years))?;
    println!(
        "  {MANY} documents of five years in {:.0} s, {} MiB of database",
        clock.elapsed().as_secs_f64(),
        bytes / 1024 / 1024
    );
    let (store, _) = Store::open(&dir, &key(), NOW)?;
    let mut asked = Vec::new();
    for order in [SearchOrder::Newest, SearchOrder::Best] {
        let mut keys = Vec::new();
        for typed in TYPED {
            keys.extend(as_typed(&store, typed, order)?);
        }
        asked.push(tell(&format!("each key, {order:?}"), keys));
    }
    let mut facets = Vec::new();
    let mut counts = Vec::new();
    for round in 0..ROUNDS {
        for typed in TYPED {
            let query = query(typed, SearchOrder::Newest);
            let clock = Instant::now();
            store.facets(&query)?;
            facets.push(ms(clock));
            if round == 0 {
                store.put_saved_search(typed, typed, &Narrow::default())?;
            }
        }
        let clock = Instant::now();
        store.saved_searches(NOW)?;
        counts.push(ms(clock));
    }
    asked.push(tell("what is chosen, counted", facets));
    asked.push(tell("eight saved searches, counted", counts));
    let clock = Instant::now();
    for skip in (0..5_000).step_by(200) {
        let mut page = query("báo cáo", SearchOrder::Newest);
        (page.skip, page.limit) = (skip, 200);
        store.find(&page)?;
    }
    asked.push(tell("5,000 rows for an export", vec![ms(clock)]));
    let status = fs::read_to_string("/proc/self/status")?;
    let rss = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    println!("  memory after all of it: {}", rss.unwrap_or("").trim());
    let peers = peers(&text, &PLAIN)?;
    Ok(json!({ "database_bytes": bytes, "asked": asked, "rss": rss, "peers": peers }))
}

/// The first page for every beginning of what is typed, as a person's keys ask for it.
fn as_typed(store: &Store, typed: &str, order: SearchOrder) -> Result<Vec<f64>> {
    let mut times = Vec::new();
    for _ in 0..ROUNDS {
        let mut so_far = String::new();
        for letter in typed.chars() {
            so_far.push(letter);
            let query = query(&so_far, order);
            let clock = Instant::now();
            store.find(&query)?;
            times.push(ms(clock));
        }
    }
    Ok(times)
}

fn query(text: &str, order: SearchOrder) -> SearchQuery {
    SearchQuery {
        text: text.to_owned(),
        narrow: Narrow::default(),
        order,
        skip: 0,
        limit: 50,
        now: NOW,
    }
}

pub(super) fn tell(what: &str, mut times: Vec<f64>) -> Value {
    times.sort_by(f64::total_cmp);
    let share = |percent: usize| {
        let at = (times.len() * percent).div_ceil(100).saturating_sub(1);
        times.get(at).copied().unwrap_or(f64::NAN)
    };
    let (half, most, worst) = (share(50), share(99), share(100));
    println!(
        "  {what:<32} {half:>8.2} ms (p50) {most:>8.2} (p99) {worst:>8.2} (max) of {}",
        times.len()
    );
    json!({ "what": what, "p50": half, "p99": most, "max": worst, "asked": times.len() })
}
