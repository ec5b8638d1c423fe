//! Interrupted in the middle: what was reported stays, nothing else does, and the shell is told why.

use std::{
    fs,
    io::Read as _,
    net::{TcpListener, TcpStream},
    path::Path,
    process::Command,
};

use congvan_testkit::forms::Draft;

use crate::{
    authority::Authority,
    held::{Held, Shim, descendants, is_gone, names},
    program::{cli, run},
    tokens::{SoftHsm, Tokens},
};

#[test]
fn ctrl_c_during_a_signature_keeps_what_was_reported_and_leaves_nothing_half_done() {
    let authority = Authority::start();
    let tokens = SoftHsm::new(&authority, &["seal"]);
    let shim = Shim::over(tokens, "C_Sign 3 hang\n");
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("out");
    let files: Vec<_> = (0..6)
        .map(|number| folder.path().join(format!("{number}.pdf")))
        .collect();
    for file in &files {
        fs::write(file, Draft::new().classic()).unwrap();
    }
    let mut sign = shim.sign("seal", &authority);
    sign.args(["--role", "none", "--out-dir"])
        .arg(&out)
        .args(&files);
    let mut held = Held::start(&mut sign);
    let mut reported: Vec<String> = (0..2)
        .map(|_| {
            let line = held.line();
            assert_eq!(line["status"], "signed", "{line}");
            line["output"].as_str().unwrap().to_owned()
        })
        .collect();
    reported.sort();
    held.until_called(&shim, "C_Sign", 3);
    let half_done = names(&out);
    assert!(
        half_done.iter().any(|name| name.ends_with(".tmp")),
        "the moment is the right one: {half_done:?}"
    );
    let workers = descendants(held.pid());
    assert!(!workers.is_empty());
    held.signal_group("INT");
    let ended = held.end();
    assert_eq!(ended.code, Some(130), "{}", ended.complaint);
    assert!(ended.complaint.contains("[INTERRUPTED]"));
    let lines: Vec<&str> = ended.text.lines().collect();
    assert_eq!(lines.len(), 2, "nothing failed: {lines:?}");
    let mut left: Vec<String> = names(&out)
        .iter()
        .map(|name| out.join(name).display().to_string())
        .collect();
    left.sort();
    assert_eq!(left, reported);
    let verified = run(cli()
        .args(["--json", "verify"])
        .args(authority.trust())
        .args(&left));
    for verdict in verified.lines("verdict") {
        assert_eq!(verdict["signatures"][0]["intact"], true, "{verdict}");
    }
    for worker in workers {
        assert!(is_gone(worker), "a worker outlives the program");
    }
}

/// An authority that takes every question and answers none; a question is here when `wait` returns.
struct Silent {
    listener: TcpListener,
}

impl Silent {
    fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        Self { listener }
    }

    fn url(&self) -> String {
        format!("http://{}/", self.listener.local_addr().unwrap())
    }

    fn wait(&self) -> TcpStream {
        let (mut stream, _) = self.listener.accept().unwrap();
        stream.read_exact(&mut [0; 16]).unwrap();
        stream
    }
}

/// A file signed at B-B.
fn signed(authority: &Authority, tokens: &SoftHsm, folder: &Path) -> std::path::PathBuf {
    let (plain, signed) = (folder.join("plain.pdf"), folder.join("signed.pdf"));
    fs::write(&plain, Draft::new().classic()).unwrap();
    let mut sign = tokens.sign("seal", authority);
    run(sign.args(["--role", "none"]).arg(plain).arg(&signed)).well();
    signed
}

fn complete(authority: &Authority, silent: &Silent, files: [&Path; 2]) -> Command {
    let mut complete = cli();
    complete
        .args(["--json", "complete", "--level", "b-t", "--tsa"])
        .arg(silent.url())
        .args(authority.trust())
        .args(files);
    complete
}

#[test]
fn a_completion_that_is_killed_leaves_no_file_and_says_so_in_the_exit_code() {
    let authority = Authority::start();
    let tokens = SoftHsm::new(&authority, &["seal"]);
    let folder = tempfile::tempdir().unwrap();
    let signed = signed(&authority, &tokens, folder.path());
    let before = names(folder.path());
    let silent = Silent::start();
    for (signal, code) in [("INT", 130), ("TERM", 143), ("HUP", 129)] {
        let to = folder.path().join("completed.pdf");
        let held = Held::start(&mut complete(&authority, &silent, [&signed, &to]));
        let _question = silent.wait();
        let meanwhile = names(folder.path());
        assert_eq!(meanwhile.len(), before.len() + 1, "{meanwhile:?}");
        held.signal(signal);
        let ended = held.end();
        assert_eq!(ended.code, Some(code), "{signal}: {}", ended.complaint);
        assert_eq!(names(folder.path()), before, "{signal}");
    }
}

#[test]
fn a_signal_that_whoever_started_the_run_told_to_ignore_is_ignored() {
    let authority = Authority::start();
    let tokens = SoftHsm::new(&authority, &["seal"]);
    let folder = tempfile::tempdir().unwrap();
    let signed = signed(&authority, &tokens, folder.path());
    let silent = Silent::start();
    let to = folder.path().join("completed.pdf");
    let plain = complete(&authority, &silent, [&signed, &to]);
    // As nohup does.
    let mut deaf = Command::new("sh");
    deaf.args(["-c", "trap '' HUP; exec \"$@\"", "sh"])
        .arg(plain.get_program())
        .args(plain.get_args());
    let held = Held::start(&mut deaf);
    let _question = silent.wait();
    held.signal("HUP");
    held.signal("TERM");
    // Both were sent by the time the first could have been answered; the order of numbers decides
    // which is seen first, and HUP is 1.
    assert_eq!(held.end().code, Some(143));
}

#[test]
fn a_signature_that_is_on_the_disk_survives_an_interruption_of_its_completion() {
    let authority = Authority::start();
    let tokens = SoftHsm::new(&authority, &["seal"]);
    let folder = tempfile::tempdir().unwrap();
    let (plain, to) = (
        folder.path().join("plain.pdf"),
        folder.path().join("signed.pdf"),
    );
    fs::write(&plain, Draft::new().classic()).unwrap();
    let silent = Silent::start();
    let mut sign = tokens.sign("seal", &authority);
    sign.args(["--role", "none", "--level", "b-t", "--tsa", &silent.url()])
        .arg(&plain)
        .arg(&to);
    let mut held = Held::start(&mut sign);
    assert_eq!(held.line()["status"], "signed");
    let _question = silent.wait();
    held.signal_group("INT");
    assert_eq!(held.end().code, Some(130));
    assert_eq!(
        names(folder.path()),
        ["plain.pdf", "signed.pdf"].map(str::to_owned).into()
    );
    let verified = run(cli()
        .args(["--json", "verify"])
        .args(authority.trust())
        .arg(&to));
    let signature = &verified.line("verdict")["signatures"][0];
    assert_eq!(signature["intact"], true, "{verified}");
    assert_eq!(signature["level"], "B-B", "{verified}");
}
