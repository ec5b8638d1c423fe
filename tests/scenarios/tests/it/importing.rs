//! A previous system's register of many rows with faults at known places, from the file to the server and
//! to another desk of the registry; ended in the middle and begun again.

use std::{
    collections::BTreeMap,
    fs,
    path::PathBuf,
    sync::Arc,
    time::{Duration, Instant},
};

use congvan_core::{Desk, ImportTable, ImportView};
use congvan_province::Clock;
use congvan_testkit::{
    CLERK, LARGE_FILE, LEADER, OldRegister, PLANTED, old_register, province_directory,
};
use serde_json::json;

use crate::{courier::core, face::Face, handling::desk_of, office::Office};

/// Rows of `test`; a soak says how many.
const ROWS: usize = 2_000;
/// Longer than the largest table takes.
const PATIENCE: Duration = Duration::from_secs(3_600);
/// The server takes no larger file.
const LARGEST: u64 = 64 * 1024;

struct Stage {
    office: Office,
    desk: Face,
    register: OldRegister,
    table: PathBuf,
    folder: PathBuf,
}

impl Stage {
    async fn of(rows: usize, faults: usize) -> Self {
        let office = Office::open_with(|config| {
            config.directory = true;
            config.next_poll_s = 1;
            config.max_file = LARGEST;
        });
        let desk = desk_of(&office, &CLERK).await;
        let directory = province_directory();
        let register = old_register((rows, faults), &directory, (seed(), today()));
        let (table, folder) = (office.file("so-cu.csv"), office.file("tep"));
        fs::write(&table, &register.text).unwrap();
        for (name, bytes) in &register.files {
            let path = folder.join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(&path, bytes).unwrap();
            if name == LARGE_FILE {
                let file = fs::File::options().write(true).open(&path).unwrap();
                file.set_len(LARGEST + 1).unwrap();
            }
        }
        // Names and codes of old agencies are looked up in it.
        desk.until("the directory", async |desk| {
            let args = json!({ "text": "Trường Mầm non", "on": "2026-01-05", "limit": 1 });
            let found = desk.ask("agencies_find", args).await;
            (!found.as_array().unwrap().is_empty()).then_some(())
        })
        .await;
        let stage = Self {
            office,
            desk,
            register,
            table,
            folder,
        };
        stage.choose().await;
        stage
    }

    async fn choose(&self) {
        let desk = core(&self.desk);
        desk.import_open(self.table.clone()).await.unwrap();
        desk.import_folder(self.folder.clone()).await.unwrap();
    }

    /// Judges the table: what was found.
    async fn judge(&self) -> ImportTable {
        core(&self.desk).import_judge().await.unwrap();
        quiet(&core(&self.desk)).await.table.unwrap()
    }

    /// Takes the table over, to its end.
    async fn take(&self) -> ImportTable {
        core(&self.desk).import_start().await.unwrap();
        quiet(&core(&self.desk)).await.table.unwrap()
    }

    /// Until the server has everything.
    async fn sent(&self) -> ImportView {
        let began = Instant::now();
        loop {
            let view = core(&self.desk).import_view().await.unwrap();
            let unsent = self.desk.unsent().await;
            if unsent == 0 && view.waiting.rows == 0 && view.waiting.files == 0 {
                return view;
            }
            assert!(began.elapsed() < PATIENCE, "{:?}", view.waiting);
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    fn planted_at_server(&self) -> u32 {
        let planted = self.register.planted.iter();
        u32::try_from(planted.filter(|(_, code)| is_servers(code)).count()).unwrap()
    }
}

fn is_servers(code: &str) -> bool {
    PLANTED.last() == Some(&code)
}

fn today() -> jiff::civil::Date {
    Clock::system().now().vietnam_date()
}

fn seed() -> u64 {
    let text = std::env::var("CONGVAN_SEED").unwrap_or_default();
    text.parse().unwrap_or(7)
}

fn rows() -> usize {
    let text = std::env::var("CONGVAN_SOAK").unwrap_or_default();
    text.parse().unwrap_or(ROWS)
}

/// Until nothing is under way on the table.
async fn quiet(desk: &Arc<Desk>) -> ImportView {
    let began = Instant::now();
    loop {
        let view = desk.import_view().await.unwrap();
        if view.table.as_ref().unwrap().progress.is_none() {
            return view;
        }
        assert!(began.elapsed() < PATIENCE);
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

fn number(count: usize) -> u32 {
    u32::try_from(count).unwrap()
}

#[tokio::test]
async fn every_planted_fault_is_told_at_its_row_and_nothing_else_is_lost() {
    let rows = rows();
    let faults = rows / 50;
    let stage = Stage::of(rows, faults).await;
    let before = stage.office.stats().documents;
    let at_server = stage.planted_at_server();
    let good = number(rows - faults) + at_server;

    let began = Instant::now();
    let table = stage.judge().await;
    eprintln!(
        "judged {rows} rows in {:.1} s",
        began.elapsed().as_secs_f64()
    );
    let judged = table.judged.unwrap();
    assert_eq!(judged.files, number(stage.register.named_files));
    let told: Vec<(u32, &str)> = judged
        .all
        .iter()
        .map(|fault| (fault.line, fault.fault.code()))
        .collect();
    let planted = stage.register.planted.iter().copied();
    let at_desk: Vec<_> = planted
        .clone()
        .filter(|(_, code)| !is_servers(code))
        .collect();
    assert_eq!(
        told, at_desk,
        "every planted fault at its row, and no other"
    );
    assert_eq!(judged.refused, number(faults) - at_server);
    assert_eq!(
        (table.rows, judged.good, judged.already),
        (number(rows), good, 0)
    );
    let kinds: BTreeMap<&str, usize> = planted.clone().fold(BTreeMap::new(), |mut kinds, one| {
        *kinds.entry(one.1).or_default() += 1;
        kinds
    });
    assert_eq!(kinds.len(), PLANTED.len().min(faults), "{kinds:?}");
    assert_eq!(
        stage.office.stats().documents,
        before,
        "a dry run writes nothing"
    );

    let began = Instant::now();
    let taken = stage.take().await.taken.unwrap();
    eprintln!(
        "put {good} rows into the outbox in {:.1} s",
        began.elapsed().as_secs_f64()
    );
    assert!(!taken.stopped);
    assert_eq!((taken.rows, taken.lost_files), (good, 0));
    assert_eq!(taken.files, number(stage.register.named_files));
    stage.sent().await;
    eprintln!(
        "the server had them {:.1} s after the start",
        began.elapsed().as_secs_f64()
    );
    let arrived = stage.office.stats().documents - before;
    assert_eq!(arrived, u64::from(good - at_server));

    // What the server alone could refuse is told at its row as well.
    let view = core(&stage.desk)
        .import_view()
        .await
        .unwrap()
        .table
        .unwrap();
    assert_eq!(view.refused, at_server);
    let report = core(&stage.desk).import_report().await.unwrap();
    let (_, bytes) = core(&stage.desk).export_take(&report.id).unwrap();
    let path = stage.office.file("bao-cao.xlsx");
    fs::write(&path, bytes).unwrap();

    // Its rows are those that were planted; mended they could be imported again, so that they are faults
    // again now.
    core(&stage.desk).import_open(path).await.unwrap();
    let again = stage.judge().await;
    assert_eq!(again.rows, number(faults));
    assert_eq!(again.missing, []);

    // The same table once more: nothing new.
    stage.choose().await;
    let judged = stage.judge().await.judged.unwrap();
    assert_eq!((judged.good, judged.already), (at_server, good - at_server));
    let taken = stage.take().await.taken.unwrap();
    assert_eq!((taken.rows, taken.files), (at_server, 0));
    stage.sent().await;
    assert_eq!(stage.office.stats().documents - before, arrived);

    // Another desk of the registry finds one by its agency's old name and by its symbol.
    let other = stage.office.desk();
    other.log_in(&CLERK).await.unwrap();
    let began = Instant::now();
    loop {
        let status = other.ask("sync_status", json!({})).await;
        if !status["last_sync"].is_null() && status["syncing"] == false {
            break;
        }
        assert!(began.elapsed() < PATIENCE, "{status}");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    eprintln!(
        "another desk had them in {:.1} s",
        began.elapsed().as_secs_f64()
    );
    let (agency, notation) = &stage.register.sought;
    for query in [
        format!("cơ quan:\"{}\" {notation}", agency.name),
        format!("{} {notation}", agency.code),
        notation.replace('/', " ").to_lowercase(),
    ] {
        let args = json!({
            "text": query, "order": "newest", "skip": 0, "limit": 20, "narrow": {
                "direction": "", "kind": "", "issuer": "", "year": "", "state": "", "urgency": "",
            },
        });
        let found = other.ask("search_find", args).await;
        let rows = found["rows"].as_array().unwrap();
        let is_it = |row: &serde_json::Value| row["row"]["notation"] == notation.as_str();
        assert!(rows.iter().any(is_it), "{query}: {found}");
    }
}

#[tokio::test]
async fn an_import_that_was_ended_in_the_middle_goes_on_without_doubles() {
    let stage = Stage::of(900, 10).await;
    let before = stage.office.stats().documents;
    stage.judge().await;
    let desk = core(&stage.desk);
    desk.import_start().await.unwrap();
    loop {
        let view = desk.import_view().await.unwrap().table.unwrap();
        match view.progress {
            Some(progress) if progress.done >= 200 => break,
            Some(_) => tokio::time::sleep(Duration::from_millis(2)).await,
            None => break,
        }
    }
    desk.import_stop().await.unwrap();
    let taken = quiet(&desk).await.table.unwrap().taken.unwrap();
    assert!(
        taken.stopped && taken.rows > 0 && taken.rows < 890,
        "{taken:?}"
    );
    let judged = stage.judge().await.judged.unwrap();
    assert_eq!(judged.already, taken.rows);
    let rest = stage.take().await.taken.unwrap();
    assert_eq!(taken.rows + rest.rows, 890);
    assert!(!rest.stopped);
    stage.sent().await;
    assert_eq!(stage.office.stats().documents - before, 890);
}

#[tokio::test]
async fn only_a_clerk_of_a_registry_imports() {
    let office = Office::open();
    let leader = office.leader().await;
    leader.everything_pulled().await;
    let desk = core(&leader);
    assert!(
        !desk.import_view().await.unwrap().clerk,
        "{}",
        LEADER.username
    );
    let refused = desk.import_open(office.file("x.csv")).await;
    assert!(
        matches!(refused, Err(congvan_core::DeskError::NotClerk)),
        "{refused:?}"
    );
}
