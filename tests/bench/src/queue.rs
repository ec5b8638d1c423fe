//! A hundred thousand documents in the store: how soon the list is usable, every list with every
//! filter, and search, beside `rg` over the same text and a plain SQLite table with LIKE.

use std::{
    env, fs,
    io::Write as _,
    path::Path,
    process::{Command, Stdio},
    time::Instant,
};

use anyhow::{Context, Result, ensure};
use congvan_model::{
    Direction, DocumentId, DocumentState, DocumentType, ReceiverRole, Timestamp, Urgency, fold,
};
use congvan_protocol::{
    Change, ChangeKind, Document, Entity, EntityType, Issuer, Load, Signer, SyncResponse,
};
use congvan_store::{AccountKey, Filter, ListQuery, Page, Store, View};
use congvan_testkit::SplitMix;
use serde_json::{Value, json};
use uuid::Uuid;

pub(crate) const MANY: u64 = 100_000;
pub(crate) const NOW: Timestamp = Timestamp(1_795_224_600_000);
const ROUNDS: usize = 3;
const ASKED: usize = 100;
/// Where a person lands who drags the bar to the end, in a list and in what a search found.
const DEEP: u32 = 70_000;
const DEEP_HITS: u32 = 9_000;
/// What people type: prefixes, several words without marks, parts of a notation.
const TYPED: [&str; 8] = [
    "qu",
    "dieu dong",
    "bao cao thang",
    "12/ubnd",
    "so xay dung kiem",
    "Ủy ban phòng chống bão",
    "van duc ke hoach",
    "khong co chu nay",
];
const WORDS: [&str; 40] = [
    "báo",
    "cáo",
    "kiểm",
    "tra",
    "điều",
    "động",
    "cán",
    "bộ",
    "phòng",
    "chống",
    "bão",
    "lụt",
    "đất",
    "đai",
    "quy",
    "hoạch",
    "đầu",
    "tư",
    "công",
    "ngân",
    "sách",
    "xây",
    "dựng",
    "nông",
    "thôn",
    "mới",
    "giáo",
    "dục",
    "y",
    "tế",
    "hạn",
    "hán",
    "tháng",
    "quý",
    "kế",
    "thanh",
    "quyết",
    "toán",
    "đường",
    "liên",
];
const ISSUERS: [&str; 8] = [
    "Sở Tài chính",
    "Sở Xây dựng",
    "Ủy ban nhân dân tỉnh",
    "Sở Nông nghiệp và Môi trường",
    "Văn phòng UBND tỉnh",
    "Sở Nội vụ",
    "Thanh tra tỉnh",
    "Sở Y tế",
];

/// All of it, or with `measure DIR` one process that opens the store and asks.
pub(crate) fn run(arguments: &[String]) -> Result<()> {
    if let [role, dir] = arguments
        && role == "measure"
    {
        return measure(Path::new(dir));
    }
    let folder = tempfile::tempdir()?;
    let store_dir = folder.path().join("store");
    let text = folder.path().join("text");
    let started = Instant::now();
    let bytes = fill(&store_dir, &text, (MANY, document))?;
    let filling = started.elapsed().as_secs_f64();
    println!(
        "  {MANY} documents fed in pages of 200 in {filling:.1} s ({:.0}/s), {} MiB of database",
        MANY as f64 / filling,
        bytes / 1024 / 1024
    );
    let mut rounds = Vec::new();
    for _ in 0..ROUNDS {
        let output = Command::new(env::current_exe()?)
            .args(["queue", "measure"])
            .arg(&store_dir)
            .stderr(Stdio::inherit())
            .output()?;
        ensure!(output.status.success(), "{}", output.status);
        let said = String::from_utf8(output.stdout)?;
        let line = said.lines().last().context("no answer")?;
        rounds.push(serde_json::from_str::<Value>(line)?);
    }
    let starts: Vec<f64> = rounds
        .iter()
        .filter_map(|r| r["start_ms"].as_f64())
        .collect();
    println!(
        "  start to usable list (open, first page of what waits, counts): {}",
        spread(&starts)
    );
    let last = rounds.last().context("no rounds")?;
    println!(
        "  memory after all of it: {:.0} MiB resident",
        last["rss_mib"].as_f64().unwrap_or(f64::NAN)
    );
    for kind in ["lists", "searches"] {
        println!("  {kind}: milliseconds, up to {ASKED} times each, p50 / p99 / first, hits");
        for entry in last[kind].as_array().into_iter().flatten() {
            println!(
                "    {:<34} {:>8.2} {:>8.2} {:>8.2} {:>8}",
                entry["what"].as_str().unwrap_or(""),
                entry["p50"].as_f64().unwrap_or(f64::NAN),
                entry["p99"].as_f64().unwrap_or(f64::NAN),
                entry["first"].as_f64().unwrap_or(f64::NAN),
                entry["total"]
            );
        }
    }
    let peers = peers(&text, &TYPED)?;
    let report = json!({
        "name": "bench queue", "machine": crate::machine::state(), "documents": MANY,
        "fill_s": filling, "database_bytes": bytes, "start_ms": starts, "rounds": rounds,
        "peers": peers,
    });
    match env::var_os("CONGVAN_BENCH_REPORT") {
        Some(path) => fs::write(path, serde_json::to_vec_pretty(&report)?)?,
        None => println!("{report}"),
    }
    Ok(())
}

/// Fills the store as the feed does, and the same words, folded, into a file with a line for each
/// document.
pub(crate) fn fill(
    dir: &Path,
    text: &Path,
    (many, document): (u64, impl Fn(u64, &mut SplitMix) -> Document),
) -> Result<u64> {
    let (store, _) = Store::open(dir, &key(), NOW)?;
    let mut random = SplitMix::new(1);
    let mut lines = std::io::BufWriter::new(fs::File::create(text)?);
    let mut next = 1;
    while next <= many {
        let mut changes = Vec::with_capacity(200);
        for number in next..(next + 200).min(many + 1) {
            let document = document(number, &mut random);
            let words = format!(
                "{} {} {} {} {} {}",
                document
                    .notation
                    .as_ref()
                    .map_or(String::new(), ToString::to_string),
                document.kind.name(),
                document.subject,
                document.issuer.name,
                document.signer.full_name,
                document.signer.position
            );
            writeln!(lines, "{}", fold(&words))?;
            changes.push(Change {
                entity: EntityType::Document,
                id: document.id.0,
                rev: 1,
                change: ChangeKind::Upsert,
                body: Some(Entity::Document(Box::new(document))),
            });
        }
        next += 200;
        let sent = store.cursor()?;
        let response = SyncResponse {
            results: Vec::new(),
            changes,
            cursor: format!("c{next}"),
            more: next <= many,
            server_time: NOW,
            next_poll_s: 60,
            load: Load::Calm,
            epoch: "e".to_owned(),
            directory: None,
            standing: None,
        };
        store.apply_page(Page {
            sent_cursor: sent.as_deref(),
            response: &response,
            now: NOW,
        })?;
    }
    lines.flush()?;
    Ok(store.database_bytes())
}

pub(crate) fn key() -> AccountKey {
    AccountKey::from_bytes([7; 32])
}

pub(crate) fn document(number: u64, random: &mut SplitMix) -> Document {
    let mut pick = |all: &[&'static str]| all[random.below(all.len())];
    let subject: Vec<&str> = (0..14).map(|_| pick(&WORDS)).collect();
    let subject = format!("V/v {} số {number}", subject.join(" "));
    let issuer = pick(&ISSUERS);
    let die = random.below(1_000);
    let direction = if die < 200 {
        Direction::Outgoing
    } else {
        Direction::Incoming
    };
    let state = match die {
        0..5 => DocumentState::AwaitingSignature,
        5..200 => DocumentState::Issued,
        200..230 => DocumentState::InProgress,
        _ => DocumentState::Resolved,
    };
    Document {
        id: DocumentId(Uuid::from_u128(
            u128::from(number) << 64 | u128::from(random.bits()),
        )),
        direction,
        state,
        notation: format!("{}/UBND-VX", number % 4_000 + 1).parse().ok(),
        issued_on: congvan_model::civil_date(2026, 1, 5),
        arrival_number: u32::try_from(number).ok(),
        registration: None,
        arrived_at: NOW.plus_ms(-(MANY as i64 - number as i64) * 600_000),
        kind: DocumentType::OfficialLetter,
        issuer: Issuer {
            code: "H99.05".to_owned(),
            name: issuer.to_owned(),
        },
        subject,
        urgency: if random.below(100) == 0 {
            Urgency::Urgent
        } else {
            Urgency::Normal
        },
        due: None,
        activity: None,
        signer: Signer {
            position: "Giám đốc".to_owned(),
            full_name: "Trần Văn Đức".to_owned(),
        },
        role: Some(ReceiverRole::Lead),
        read_at: (random.below(50) > 0).then_some(NOW),
        files: Vec::new(),
        handling: None,
        flow: Vec::new(),
    }
}

/// One process of the desk: opens, shows, searches; one line of JSON.
fn measure(dir: &Path) -> Result<()> {
    let clock = Instant::now();
    let (store, _) = Store::open(dir, &key(), NOW)?;
    let first = store.list(&query(View::IncomingPending, "", Filter::default()))?;
    let counts = store.counts(NOW)?;
    let start_ms = ms(clock);
    ensure!(
        first.rows.len() == 50 && counts.incoming_all > 0,
        "an empty list"
    );
    let views = [
        ("pending", View::IncomingPending),
        ("overdue", View::IncomingOverdue),
        ("incoming", View::IncomingAll),
        ("to sign", View::ToSign),
        ("outgoing", View::OutgoingAll),
        ("all", View::All),
    ];
    let filters = [
        (false, false, ""),
        (true, false, ", unread"),
        (false, true, ", urgent"),
        (true, true, ", unread and urgent"),
    ];
    let mut lists = Vec::new();
    for (name, view) in views {
        for (unread, urgent, words) in filters {
            let filter = Filter { unread, urgent };
            lists.push(ask(
                &store,
                &format!("{name}{words}"),
                &query(view, "", filter),
            )?);
        }
    }
    let mut deep = query(View::IncomingAll, "", Filter::default());
    deep.skip = DEEP;
    lists.push(ask(&store, "incoming, 70,000 rows down", &deep)?);
    deep.search = "bao cao".to_owned();
    deep.skip = DEEP_HITS;
    lists.push(ask(&store, "incoming, 9,000 hits down", &deep)?);
    let mut searches = Vec::new();
    for typed in TYPED {
        searches.push(ask(
            &store,
            typed,
            &query(View::All, typed, Filter::default()),
        )?);
    }
    let clock = Instant::now();
    store.inventory(EntityType::Document)?;
    searches.push(
        json!({"what": "(inventory digests)", "p50": ms(clock), "p99": null,
        "first": null, "total": MANY}),
    );
    let status = fs::read_to_string("/proc/self/status")?;
    let rss = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let rss: f64 = rss
        .and_then(|rest| rest.split_whitespace().next()?.parse().ok())
        .unwrap_or(f64::NAN);
    println!(
        "{}",
        json!({"start_ms": start_ms, "lists": lists, "searches": searches,
            "rss_mib": rss / 1024.0})
    );
    Ok(())
}

fn query(view: View, search: &str, filter: Filter) -> ListQuery {
    ListQuery {
        view,
        search: search.to_owned(),
        filter,
        after: None,
        skip: 0,
        limit: 50,
        now: NOW,
    }
}

fn ask(store: &Store, what: &str, query: &ListQuery) -> Result<Value> {
    let mut times = Vec::with_capacity(ASKED);
    let mut total = 0;
    let started = Instant::now();
    // A slow question is known after a few answers.
    while times.len() < ASKED && (times.len() < 11 || started.elapsed().as_secs() < 2) {
        let clock = Instant::now();
        total = store.list(query)?.total;
        times.push(ms(clock));
    }
    let (first, asked) = (times.first().copied(), times.len());
    times.sort_by(f64::total_cmp);
    let (p50, p99) = (times.get(asked / 2), times.get(asked * 99 / 100));
    Ok(
        json!({"what": what, "p50": p50, "p99": p99, "first": first, "total": total,
        "asked": asked}),
    )
}

pub(crate) fn ms(clock: Instant) -> f64 {
    clock.elapsed().as_secs_f64() * 1000.0
}

fn spread(values: &[f64]) -> String {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let at = |part: usize| sorted.get(part).copied().unwrap_or(f64::NAN);
    format!(
        "median {:.0} ms, worst {:.0} ms of {}",
        at(sorted.len() / 2),
        at(sorted.len().saturating_sub(1)),
        sorted.len()
    )
}

/// The same questions to others: `rg` over a file with a line for each document, and a plain table
/// of the same folded lines with LIKE. Both know no order of relevance, no fields and no prefixes of
/// words: they find every occurrence.
pub(crate) fn peers(text: &Path, typed: &[&str]) -> Result<Value> {
    println!("  the same words elsewhere: milliseconds, p50 of 11, hits");
    let mut all = Vec::new();
    let python = env::var_os("CONGVAN_PYTHON").unwrap_or_else(|| "python3".into());
    let words: Vec<String> = typed.iter().map(|typed| fold(typed)).collect();
    let output = Command::new(python)
        .args(["-c", LIKE])
        .arg(text)
        .args(&words)
        .output()?;
    ensure!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let like: Value = serde_json::from_slice(&output.stdout)?;
    for (number, typed) in words.iter().enumerate() {
        // Every word somewhere in the line: one pass for each, as a person with a shell does it.
        let script = typed
            .split_whitespace()
            .map(|word| format!("rg -F -- '{word}'"))
            .collect::<Vec<_>>()
            .join(" | ");
        let script = format!("cat '{}' | {script} | wc -l", text.display());
        let mut times = Vec::new();
        let mut hits = String::new();
        for _ in 0..11 {
            let clock = Instant::now();
            let output = Command::new("sh").args(["-c", &script]).output()?;
            times.push(ms(clock));
            hits = String::from_utf8(output.stdout)?.trim().to_owned();
        }
        times.sort_by(f64::total_cmp);
        let rg = times.get(5).copied().unwrap_or(f64::NAN);
        let like_ms = like[number]["ms"].as_f64().unwrap_or(f64::NAN);
        println!(
            "    {typed:<34} rg {rg:>8.2} ({hits}), LIKE {like_ms:>8.2} ({})",
            like[number]["hits"]
        );
        all.push(json!({"what": typed, "rg_ms": rg, "rg_hits": hits, "like": like[number]}));
    }
    Ok(Value::Array(all))
}

const LIKE: &str = r#"
import json, sqlite3, sys, time
db = sqlite3.connect(":memory:")
db.execute("CREATE TABLE t(id INTEGER PRIMARY KEY, words TEXT)")
db.executemany("INSERT INTO t(words) VALUES (?)", ((line,) for line in open(sys.argv[1], encoding="utf-8")))
out = []
for typed in sys.argv[2:]:
    words = ["%" + w + "%" for w in typed.split()]
    where = " AND ".join("words LIKE ?" for _ in words)
    times = []
    for _ in range(11):
        start = time.perf_counter()
        hits = db.execute("SELECT count(*) FROM t WHERE " + where, words).fetchone()[0]
        db.execute("SELECT id FROM t WHERE " + where + " ORDER BY id DESC LIMIT 50", words).fetchall()
        times.append((time.perf_counter() - start) * 1000)
    out.append({"ms": sorted(times)[5], "hits": hits})
print(json.dumps(out))
"#;
