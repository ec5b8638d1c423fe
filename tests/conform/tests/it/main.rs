//! The suite on the reference server: all rules hold there, and every seeded fault is caught by the
//! rule that is named for it.

#![expect(
    clippy::print_stdout,
    reason = "the table of faults and catches is meant to be read"
)]

use congvan_conform::{Account, RULES, Report, Target, Verdict, run};
use congvan_province::{Mutant, Province, ProvinceConfig, RunningProvince, Seed};
use congvan_testkit::{CLERK, LEADER, NEIGHBOUR_CLERK, OFFICIAL, Person};

fn account(person: &Person) -> Account {
    Account {
        user: person.username.to_owned(),
        password: person.password.to_owned(),
    }
}

fn province(dir: &std::path::Path, mutant: Option<Mutant>) -> RunningProvince {
    let mut config = ProvinceConfig::new(dir);
    config.seed = Seed::Few;
    config.admin = true;
    config.directory = true;
    config.neighbour = true;
    config.mutant = mutant;
    let province = Province::start(config).expect("province");
    province.appoint_clerk(OFFICIAL.username).expect("a clerk");
    province
}

fn target(province: &RunningProvince) -> Target {
    Target {
        server: province.url.clone(),
        ca_pem: Some(province.ca_pem.clone().into_bytes()),
        clerk: account(&CLERK),
        second: Some(account(&LEADER)),
        colleague: Some(account(&OFFICIAL)),
        receiver: Some(account(&NEIGHBOUR_CLERK)),
        admin: province.admin_url.clone(),
    }
}

async fn suite(province: &RunningProvince, only: &[&str]) -> Report {
    let say = |line: &congvan_conform::Line| println!("{line}");
    run(target(province), only, say).await.expect("begins")
}

#[tokio::test]
async fn every_rule_holds_on_the_reference_server() {
    let dir = tempfile::tempdir().expect("dir");
    let province = province(dir.path(), None);
    let report = suite(&province, &[]).await;
    let wrong: Vec<String> = report
        .lines
        .iter()
        .filter(|line| line.verdict != Verdict::Pass)
        .map(ToString::to_string)
        .collect();
    assert_eq!(wrong, Vec::<String>::new());
    assert_eq!(report.lines.len(), RULES.len());
    // What the suite did to the books keeps the promises, with nothing left over.
    let numbers = province.check_numbers().expect("check");
    assert_eq!(numbers.violations, Vec::<String>::new());
    assert_eq!((numbers.promised, numbers.set_aside), (0, 0));
}

/// The rule that must catch it.
fn caught_by(mutant: Mutant) -> &'static str {
    match mutant {
        Mutant::ReappliesDuplicates => "OPS-2",
        Mutant::TakesOtherContent => "OPS-4",
        Mutant::OvertakesInLane => "OPS-6",
        Mutant::CursorSkips => "FEED-1",
        Mutant::ForgetsTombstones => "FEED-5",
        Mutant::IgnoresLimit => "FEED-2",
        Mutant::KeepsOldCursors => "EPOCH-2",
        Mutant::MissesRollback => "OPS-9",
        Mutant::InventoryWithoutRev => "INV-1",
        Mutant::ForgesReceipts => "OPS-5",
        Mutant::IgnoresOffset => "UP-3",
        Mutant::TrustsDigest => "UP-5",
        Mutant::IgnoresBase => "UP-7",
        Mutant::RangeFromStart => "BLOB-2",
        Mutant::BlobsForAll => "BLOB-4",
        Mutant::PlainErrors => "PROB-1",
        Mutant::ForgetsLogout => "AUTH-5",
        Mutant::SilentEvents => "EVT-2",
        Mutant::IssuesWhileLeased => "BOOK-5",
        Mutant::IgnoresFence => "BOOK-6",
        Mutant::ReusesBrokenBlock => "BOOK-8",
        Mutant::GapAfterReturn => "BOOK-7",
        Mutant::TimesFall => "BOOK-9",
        Mutant::SilentToSenders => "AXIS-1",
        Mutant::ForgetsWhoWasFirst => "AXIS-2",
        Mutant::KeepsNoPlaces => "NOTE-1",
        Mutant::SettlesAnything => "NOTE-2",
        Mutant::ReopensAnything => "NOTE-3",
        Mutant::RefusesNewerAbout => "NOTE-4",
        Mutant::HidesMandates => "CAP-1",
        Mutant::OutlivesRevocation => "CAP-2",
        Mutant::PassesMandatesOn => "CAP-3",
        Mutant::ForgetsTheGiver => "CAP-4",
        Mutant::OneDeadlineForAll => "DUE-1",
        Mutant::TakesLateDeadlines => "DUE-2",
        Mutant::MoreTimeForAll => "DUE-3",
        Mutant::SkipsANumber => "OUT-1",
        Mutant::AnyoneNumbers => "OUT-2",
        Mutant::TakesSealAsAct => "OUT-3",
        Mutant::IssuesUnsealed => "OUT-4",
        Mutant::LosesDeliveries => "OUT-5",
        Mutant::TellsAnotherStep => "OUT-6",
        Mutant::ForgetsRefusals => "OUT-7",
        Mutant::DeafToRecalls => "OUT-8",
        Mutant::HidesReplacements => "OUT-10",
        Mutant::KeepsVoidNumbers => "OUT-9",
        Mutant::RepeatsDossierNumbers => "DOS-1",
        Mutant::ClosesUnlooked => "DOS-2",
        Mutant::AnyoneEndsTasks => "TASK-1",
        Mutant::AnyoneKeepsCalendars => "CAL-1",
    }
}

/// Rules of the office; the others are of the wire.
const OFFICE: [&str; 9] = [
    "BOOK", "AXIS", "NOTE", "CAP", "DUE", "OUT", "DOS", "TASK", "CAL",
];

/// Tries each fault whose rule is of the office, or of the wire, on a server that has it.
async fn every_fault(of_office: bool) {
    let mut missed = Vec::new();
    for mutant in Mutant::ALL {
        let rule = caught_by(*mutant);
        if OFFICE.iter().any(|group| rule.starts_with(group)) != of_office {
            continue;
        }
        let dir = tempfile::tempdir().expect("dir");
        let province = province(dir.path(), Some(*mutant));
        let report = suite(&province, &[rule]).await;
        assert_eq!(report.lines.len(), 1, "{rule}");
        let is_caught = report.count(Verdict::Fail) == 1;
        println!(
            "{:<22} {}",
            mutant.word(),
            if is_caught { rule } else { "MISSED" }
        );
        if !is_caught {
            missed.push(mutant.word());
        }
    }
    assert_eq!(missed, Vec::<&str>::new());
}

#[tokio::test]
async fn every_seeded_fault_of_the_wire_is_caught_by_its_rule() {
    every_fault(false).await;
}

#[tokio::test]
async fn every_seeded_fault_of_the_office_is_caught_by_its_rule() {
    every_fault(true).await;
}

#[tokio::test]
async fn what_cannot_be_tried_is_said_and_is_no_failure() {
    let dir = tempfile::tempdir().expect("dir");
    let province = province(dir.path(), None);
    let mut alone = target(&province);
    alone.second = None;
    alone.admin = None;
    let report = run(alone, &["BLOB-4", "EPOCH-2", "SESS-1"], |_| {})
        .await
        .expect("begins");
    assert_eq!(report.count(Verdict::NotRun), 2);
    assert_eq!(report.count(Verdict::Pass), 1);
}

#[tokio::test]
async fn the_program_says_one_line_for_each_rule_and_ends_by_what_it_found() {
    let dir = tempfile::tempdir().expect("dir");
    for (mutant, code) in [(None, 0), (Some(Mutant::IgnoresLimit), 1)] {
        let province = province(&dir.path().join(format!("{code}")), mutant);
        let ca = dir.path().join("ca.pem");
        std::fs::write(&ca, &province.ca_pem).expect("ca");
        let said = tokio::process::Command::new(env!("CARGO_BIN_EXE_congvan-conform"))
            .args(["--server", &province.url, "--user", CLERK.username, "--ca"])
            .arg(&ca)
            .args(["--only", "HEALTH-1,FEED-2"])
            .env("CONGVAN_CONFORM_PASSWORD", CLERK.password)
            .output()
            .await
            .expect("runs");
        assert_eq!(said.status.code(), Some(code), "{said:?}");
        let text = String::from_utf8(said.stdout).expect("text");
        assert_eq!(text.lines().count(), 3, "{text}");
        assert!(text.contains("FEED-2"), "{text}");
    }
}
