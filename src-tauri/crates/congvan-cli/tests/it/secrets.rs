//! Where the PIN is not: in no other process, no argument, no log, no message.

use std::{fs, process::Command};

use congvan_testkit::letter_pdf;

use crate::{
    authority::Authority,
    held::{Held, Shim, descendants},
    templates::letter,
    tokens::{PIN, SoftHsm, Tokens},
};

const WRONG_PIN: &str = "135791";

fn holds(bytes: &[u8], text: &str) -> bool {
    bytes
        .windows(text.len())
        .any(|window| window == text.as_bytes())
}

/// `ps` as anybody may call it, of these processes: other tests hand PINs to tools of theirs.
fn ps(pids: impl Iterator<Item = u32>) -> Vec<u8> {
    let pids: Vec<String> = pids.map(|pid| pid.to_string()).collect();
    let output = Command::new("ps")
        .args(["-ww", "-o", "pid,args", "-p", &pids.join(",")])
        .output();
    output.expect("ps is installed").stdout
}

#[test]
fn the_pin_is_in_no_worker_and_no_argument_while_it_is_in_use() {
    let authority = Authority::start();
    let tokens = SoftHsm::new(&authority, &["leader"]);
    let shim = Shim::over(tokens, "C_Sign 1 hang\n");
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("in.pdf");
    fs::write(&file, letter_pdf(&letter()).unwrap()).unwrap();
    let mut sign = shim.sign("leader", &authority);
    // The place is sought on the page, so that the worker that reads pages is there as well.
    sign.args(["--role", "initials"])
        .arg(&file)
        .arg(folder.path().join("out.pdf"));
    let mut held = Held::start(&mut sign);
    held.until_called(&shim, "C_Sign", 1);
    let read = |pid: u32, name: &str| fs::read(format!("/proc/{pid}/{name}")).unwrap();
    let own = held.pid();
    assert!(holds(&read(own, "environ"), PIN), "it was given the PIN");
    assert!(!holds(&read(own, "cmdline"), PIN));
    let workers = descendants(own);
    let roles: Vec<String> = workers
        .iter()
        .map(|worker| String::from_utf8_lossy(&read(*worker, "cmdline")).into_owned())
        .collect();
    for role in ["\0token\0", "\0render\0"] {
        assert!(roles.iter().any(|line| line.contains(role)), "{roles:?}");
    }
    for worker in &workers {
        assert!(!holds(&read(*worker, "environ"), PIN), "worker {worker}");
        assert!(!holds(&read(*worker, "cmdline"), PIN), "worker {worker}");
    }
    let listed = ps(workers.into_iter().chain([own]));
    for name in ["congvan-cli", "congvan-worker"] {
        assert!(holds(&listed, name), "ps sees {name}");
    }
    assert!(!holds(&listed, PIN));
    held.signal_group("INT");
    let ended = held.end();
    assert!(!ended.text.contains(PIN) && !ended.complaint.contains(PIN));
}

#[test]
fn a_pin_that_is_refused_is_in_no_message() {
    let authority = Authority::start();
    let tokens = SoftHsm::new(&authority, &["seal"]);
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("in.pdf");
    fs::write(&file, letter_pdf(&letter()).unwrap()).unwrap();
    for json in [true, false] {
        let mut sign = tokens.cli();
        if json {
            sign.arg("--json");
        }
        sign.env("PIN_KIEM_THU", WRONG_PIN)
            .args(["sign", "--module"])
            .arg(tokens.module())
            .args(["--token", "seal", "--pin-env", "PIN_KIEM_THU"])
            .args(["--role", "none"])
            .args(authority.trust())
            .arg(&file)
            .arg(folder.path().join("out.pdf"));
        let ended = Held::start(&mut sign).end();
        assert_eq!(ended.code, Some(3), "{}", ended.complaint);
        assert!(ended.text.contains("PIN_INCORRECT"), "{}", ended.text);
        assert!(!ended.text.contains(WRONG_PIN) && !ended.complaint.contains(WRONG_PIN));
    }
}

#[test]
fn a_worker_that_logs_all_it_can_does_not_log_the_pin() {
    let authority = Authority::start();
    let tokens = SoftHsm::new(&authority, &["seal"]);
    // A worker has little to say; that the token does not log out is worth a line.
    let shim = Shim::over(tokens, "C_Logout 1 ckr 0x5\n");
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("in.pdf");
    fs::write(&file, letter_pdf(&letter()).unwrap()).unwrap();
    let mut sign = shim.sign("seal", &authority);
    sign.env("CONGVAN_WORKER_LOG", "trace")
        .args(["--role", "none"])
        .arg(&file)
        .arg(folder.path().join("out.pdf"));
    let ended = Held::start(&mut sign).end();
    assert_eq!(ended.code, Some(0), "{}", ended.complaint);
    assert!(ended.complaint.contains("logout"), "{}", ended.complaint);
    assert!(!ended.text.contains(PIN) && !ended.complaint.contains(PIN));
}
