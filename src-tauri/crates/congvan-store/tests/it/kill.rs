//! kill -9 while acts are being recorded: what was called saved must be there, twice.

use std::{
    fs,
    io::{BufRead as _, BufReader, Write as _},
    path::Path,
    process::{Command, Stdio},
};

use congvan_model::OpId;

use crate::support::*;

const DIR: &str = "CONGVAN_TEST_STORE";

#[test]
#[ignore = "the victim; started by the test below"]
fn victim() {
    let dir = std::env::var(DIR).expect("started by the test below");
    let (store, _) = open(Path::new(&dir));
    if store.cursor().expect("reads").is_none() {
        pull(&store, "c1", vec![upsert(document(1, "x"), 1)]);
    }
    let mut out = std::io::stdout().lock();
    for number in 0.. {
        let act = store
            .add_opinion(&opinion(id(1), &format!("ý kiến {number}")), NOW)
            .expect("records");
        // Said only now: it is saved.
        writeln!(out, "saved {}", act.op).expect("says");
        out.flush().expect("says");
    }
}

#[test]
fn what_was_called_saved_survives_kill_9_in_database_and_journal() {
    let dir = tempfile::tempdir().expect("folder");
    let mut saved: Vec<OpId> = Vec::new();
    for round in 1..=6_usize {
        let mut child = Command::new(std::env::current_exe().expect("own path"))
            .args(["--ignored", "--exact", "kill::victim", "--nocapture"])
            .env(DIR, dir.path())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("starts");
        let mut lines = BufReader::new(child.stdout.take().expect("output")).lines();
        let mut heard = 0;
        while heard < round * 7 {
            let line = lines.next().expect("more").expect("text");
            if let Some(op) = line.strip_prefix("saved ") {
                saved.push(op.parse().expect("id"));
                heard += 1;
            }
        }
        child.kill().expect("kills");
        // What it said between our last look and its death counts too.
        for line in lines.map_while(Result::ok) {
            if let Some(op) = line.strip_prefix("saved ") {
                saved.push(op.parse().expect("id"));
            }
        }
        child.wait().expect("ends");
        let (store, _) = open(dir.path());
        assert_eq!(store.ops(&saved).expect("reads").len(), saved.len());
        assert_eq!(store.audit_verify().expect("verifies"), None);
    }
    for suffix in ["", "-wal", "-shm"] {
        let _ = fs::remove_file(dir.path().join(format!("desk.db{suffix}")));
    }
    let (store, opened) = open(dir.path());
    assert!(opened.replayed as usize >= saved.len());
    assert_eq!(store.ops(&saved).expect("reads").len(), saved.len());
}
