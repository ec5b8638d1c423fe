//! Levels against a local authority, judged by pyHanko with nothing from the network; certificates
//! that expire or are revoked, judged as pyHanko judges them.

use std::{
    fs,
    path::{Path, PathBuf},
    time::{SystemTime, UNIX_EPOCH},
};

use congvan_model::Timestamp;
use congvan_testkit::forms::Draft;
use serde_json::Value;

use crate::{
    authority::Authority,
    judges,
    program::{Ran, cli, run},
    tokens::{SoftHsm, Tokens},
};

const DAY: i64 = 86_400_000;

#[expect(clippy::disallowed_methods, reason = "other programs read it too")]
fn machine_clock() -> Timestamp {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    Timestamp(since.as_millis() as i64)
}

struct Office {
    authority: Authority,
    tokens: SoftHsm,
    folder: tempfile::TempDir,
}

impl Office {
    fn new(signers: &[&str]) -> Self {
        let authority = Authority::start();
        let tokens = SoftHsm::new(&authority, signers);
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("plain.pdf"), Draft::new().classic()).unwrap();
        Self {
            authority,
            tokens,
            folder,
        }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Signs `plain.pdf`.
    fn sign(&self, signer: &str, level: &str, to: &str) -> Ran {
        let mut sign = self.tokens.sign(signer, &self.authority);
        sign.args(["--role", "none", "--level", level]);
        sign.args(["--tsa", &self.authority.tsa("tsa")]);
        run(sign.arg(self.path("plain.pdf")).arg(self.path(to)))
    }

    fn complete(&self, level: &str, at: Option<Timestamp>, files: [&str; 2]) -> Ran {
        let mut complete = cli();
        complete.args(["--json", "complete", "--level", level]);
        complete.args(["--tsa", &self.authority.tsa("tsa")]);
        complete.args(self.authority.trust());
        if let Some(at) = at {
            complete.args(["--at", &at.iso_vietnam()]);
        }
        run(complete.args(files.map(|name| self.path(name))))
    }

    /// Our verdict on a file at a moment, with lists at hand.
    fn verify(&self, at: Timestamp, lists: &[PathBuf], name: &str) -> Ran {
        let mut verify = cli();
        verify.args(["--json", "verify", "--at", &at.iso_vietnam()]);
        verify.args(self.authority.trust());
        for list in lists {
            verify.arg("--evidence").arg(list);
        }
        run(verify.arg(self.path(name)))
    }

    /// The lists of both authorities at a moment.
    fn lists(&self, at: Timestamp) -> Vec<PathBuf> {
        self.authority.set_clock(&at.iso_vietnam());
        let lists = ["root", "sub"].map(|name| {
            let path = self.path(&format!("{name}-{}.crl", at.0));
            let list = self.authority.fetch(&format!("crls/{name}/latest.crl"));
            fs::write(&path, list).unwrap();
            path
        });
        self.authority.set_clock("");
        lists.into()
    }

    /// pyHanko's verdict on a file at a moment, with lists at hand.
    fn pyhanko(&self, at: Timestamp, lists: &[PathBuf], name: &str) -> Value {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/judge_with.py");
        let lists: Vec<String> = lists
            .iter()
            .map(|list| list.display().to_string())
            .collect();
        let output = judges::python_at(at.0 / 1000)
            .arg(script)
            .arg(self.authority.file("root.pem"))
            .arg(self.authority.file("sub.pem"))
            .args([(at.0 / 1000).to_string(), lists.join(",")])
            .arg(self.path(name))
            .output()
            .unwrap();
        let error = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.success(), "{error}");
        serde_json::from_slice(&output.stdout).unwrap()
    }
}

/// Indication and sub-indication of the first signature.
fn first(ran: &Ran) -> (String, String) {
    let signature = ran.line("verdict")["signatures"][0].clone();
    let text = |name: &str| signature[name].as_str().unwrap_or("").to_owned();
    (text("indication"), text("sub_indication"))
}

#[test]
fn every_level_is_reached_at_signing_and_pyhanko_passes_it_without_a_network() {
    let office = Office::new(&["leader", "seal"]);
    for (signer, level, name) in [
        ("leader", "b-t", "B-T"),
        ("seal", "b-lt", "B-LT"),
        ("leader", "b-lta", "B-LTA"),
    ] {
        let to = format!("{level}.pdf");
        let ran = office.sign(signer, level, &to).well();
        assert_eq!(ran.line("file")["level"], "B-B", "{ran}");
        assert_eq!(ran.line("completion")["level"], name, "{ran}");
        assert_eq!(judges::qpdf(&office.path(&to)), "");
    }
    let at = machine_clock();
    let files: Vec<PathBuf> = ["b-t.pdf", "b-lt.pdf", "b-lta.pdf"]
        .map(|name| office.path(name))
        .into();
    for verdict in judges::pyhanko(&office.authority.file("root.pem"), &files) {
        for signature in verdict["signatures"].as_array().unwrap() {
            assert_eq!(signature["ok"], true, "{verdict}");
        }
    }
    let archived = judges::pyhanko_ades(
        &office.authority.file("root.pem"),
        at.0 / 1000 + 60,
        &files[1..],
    );
    // Clause 5.6 asks for a time stamp over the evidence, which B-LTA alone has.
    assert_eq!(archived[0]["timed"], "PASSED", "{}", archived[0]);
    assert_eq!(archived[1]["indication"], "PASSED", "{}", archived[1]);
    for name in ["b-lt.pdf", "b-lta.pdf"] {
        let ran = office.verify(at.plus_ms(60_000), &[], name).well();
        let signature = &ran.line("verdict")["signatures"][0];
        assert_eq!(signature["indication"], "TOTAL-PASSED", "{ran}");
        assert!(signature["proven_time"].is_string(), "{ran}");
    }
    // The time stamp of B-T went inside the signature: no revision came after it.
    let ran = office.verify(at.plus_ms(60_000), &[], "b-t.pdf");
    let signature = &ran.line("verdict")["signatures"][0];
    assert_eq!(signature["level"], "B-T", "{ran}");
    assert_eq!(signature["covers_whole_file"], true, "{ran}");
}

#[test]
fn what_was_signed_offline_is_completed_a_day_later_without_the_token() {
    let office = Office::new(&["initials"]);
    let ran = office.sign("initials", "b-b", "b-b.pdf").well();
    assert_eq!(ran.line("file")["level"], "B-B", "{ran}");
    let later = machine_clock().plus_ms(DAY);
    office.authority.set_clock(&later.iso_vietnam());
    let at = later.plus_ms(30_000);
    let ran = office
        .complete("b-lta", Some(at), ["b-b.pdf", "b-lta.pdf"])
        .well();
    let line = ran.line("completion");
    assert_eq!(line["level"], "B-LTA", "{ran}");
    let bytes = fs::read(office.path("b-lta.pdf")).unwrap();
    let hash = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, &bytes);
    let hash: String = hash
        .as_ref()
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    assert_eq!(line["sha256"], hash.as_str(), "{ran}");
    assert_eq!(judges::qpdf(&office.path("b-lta.pdf")), "");
    let root = office.authority.file("root.pem");
    let verdict = &judges::pyhanko_ades(&root, at.0 / 1000 + 60, &[office.path("b-lta.pdf")])[0];
    assert_eq!(verdict["indication"], "PASSED", "{verdict}");
    office.verify(at.plus_ms(60_000), &[], "b-lta.pdf").well();
    // What is there already is not done again, and nothing is written.
    let again = office.complete("b-lta", Some(at.plus_ms(1000)), ["b-lta.pdf", "again.pdf"]);
    assert_eq!(
        again.line("completion")["code"],
        "NOTHING_TO_COMPLETE",
        "{again}"
    );
    assert!(!office.path("again.pdf").exists());
}

#[test]
fn a_network_that_is_down_costs_a_level_and_never_a_signature() {
    let office = Office::new(&["seal"]);
    // Bound and closed: nobody listens there.
    let closed = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let dead = format!("http://{}/", closed.local_addr().unwrap());
    drop(closed);
    let sign = |tsas: &[&str], to: &str| {
        let mut sign = office.tokens.sign("seal", &office.authority);
        sign.args(["--role", "none", "--level", "b-lta"]);
        for tsa in tsas {
            sign.args(["--tsa", tsa]);
        }
        run(sign.arg(office.path("plain.pdf")).arg(office.path(to)))
    };
    let down = sign(&[&dead], "down.pdf");
    assert_eq!(down.code, 4, "{down}");
    assert_eq!(down.line("file")["level"], "B-B", "{down}");
    assert_eq!(down.line("completion")["code"], "NET_UNREACHABLE", "{down}");
    let ran = office.verify(machine_clock(), &[], "down.pdf");
    assert_eq!(first(&ran).1, "TRY_LATER", "{ran}");
    // The next in the list is asked, and later is time enough.
    let up = sign(&[&dead, &office.authority.tsa("tsa2")], "up.pdf").well();
    assert_eq!(up.line("completion")["level"], "B-LTA", "{up}");
    let ran = office
        .complete("b-lt", None, ["down.pdf", "later.pdf"])
        .well();
    assert_eq!(ran.line("completion")["level"], "B-LT", "{ran}");
}

#[test]
fn a_certificate_that_expired_since_is_judged_as_pyhanko_does() {
    let office = Office::new(&["short"]);
    office.sign("short", "b-b", "b-b.pdf").well();
    office.sign("short", "b-lta", "b-lta.pdf").well();
    let later = machine_clock().plus_ms(60 * DAY);
    let lists = office.lists(later);
    let at = later.plus_ms(60_000);
    let bare = office.verify(at, &lists, "b-b.pdf");
    assert_eq!(bare.code, 4, "{bare}");
    assert_eq!(
        first(&bare),
        ("INDETERMINATE".into(), "OUT_OF_BOUNDS_NO_POE".into()),
        "{bare}"
    );
    let theirs = office.pyhanko(at, &lists, "b-b.pdf");
    assert_eq!(theirs["sub"], "OUT_OF_BOUNDS_NO_POE", "{theirs}");
    let archived = office.verify(at, &lists, "b-lta.pdf");
    let theirs = office.pyhanko(at, &lists, "b-lta.pdf");
    assert_eq!(first(&archived).0, "TOTAL-PASSED", "{archived}");
    assert_eq!(theirs["indication"], "PASSED", "{theirs}");
}

#[test]
fn a_certificate_revoked_before_signing_is_never_completed() {
    let office = Office::new(&["revoked-before"]);
    // Nothing says so at signing, which is offline.
    office.sign("revoked-before", "b-b", "b-b.pdf").well();
    let ran = office.complete("b-lt", None, ["b-b.pdf", "b-lt.pdf"]);
    assert_eq!(ran.code, 1, "{ran}");
    assert_eq!(
        ran.line("completion")["code"],
        "CERTIFICATE_REVOKED",
        "{ran}"
    );
    assert!(!office.path("b-lt.pdf").exists());
    let at = machine_clock();
    let lists = office.lists(at);
    let ours = office.verify(at.plus_ms(60_000), &lists, "b-b.pdf");
    let theirs = office.pyhanko(at.plus_ms(60_000), &lists, "b-b.pdf");
    assert_eq!(theirs["sub"], first(&ours).1.as_str(), "{ours} {theirs}");
    assert_eq!(first(&ours).1, "REVOKED_NO_POE", "{ours}");
}

#[test]
fn a_certificate_revoked_after_signing_counts_only_where_the_time_is_proven() {
    let office = Office::new(&["revoked-after"]);
    office.sign("revoked-after", "b-b", "b-b.pdf").well();
    office.sign("revoked-after", "b-lta", "b-lta.pdf").well();
    // It is revoked two days from now.
    let later = machine_clock().plus_ms(4 * DAY);
    let lists = office.lists(later);
    let at = later.plus_ms(60_000);
    let bare = office.verify(at, &lists, "b-b.pdf");
    let theirs = office.pyhanko(at, &lists, "b-b.pdf");
    assert_eq!(first(&bare).1, "REVOKED_NO_POE", "{bare}");
    assert_eq!(theirs["sub"], "REVOKED_NO_POE", "{theirs}");
    let proven = office.verify(at, &lists, "b-lta.pdf");
    let theirs = office.pyhanko(at, &lists, "b-lta.pdf");
    assert_eq!(first(&proven).0, "TOTAL-PASSED", "{proven}");
    assert_eq!(theirs["indication"], "PASSED", "{theirs}");
}
