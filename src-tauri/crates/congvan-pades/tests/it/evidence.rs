//! Revocation: answers and lists made by an independent library, from all sides.

use std::{
    io::Write,
    process::{Command, Stdio},
};

use congvan_model::Timestamp;
use congvan_pades::{
    Doubt, Evidence, RevocationState, Status, answers_nonce, evidence_wanted, validate,
    validate_with,
};
use serde_json::{Value, json};

use crate::{
    documents::Draft,
    keys::{CRL_URL, NOW, OCSP_URL, Signer, machine_clock, pki},
    oracles::{python, tool},
    signing::sign,
};

pub(crate) const DAY: i64 = 86_400;
/// The time of the tests in seconds.
pub(crate) const T: i64 = NOW.0 / 1000;

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A list of the lower authority about a signer.
pub(crate) fn list(subject: &[u8], this: i64, next: i64) -> Value {
    json!({"kind": "crl", "key": hex(&pki().intermediate_key), "issuer": hex(&pki().intermediate),
        "subject": hex(subject), "this": this, "next": next})
}

/// The root's list; the lower authority is not on it.
pub(crate) fn root_list(this: i64, next: i64) -> Value {
    json!({"kind": "crl", "key": hex(&pki().root_key), "issuer": hex(&pki().root),
        "subject": hex(&pki().intermediate), "this": this, "next": next})
}

/// An answer of the delegated responder about a signer.
pub(crate) fn answer(subject: &[u8], this: i64, next: i64) -> Value {
    json!({"kind": "ocsp", "key": hex(&pki().responder.pkcs8), "issuer": hex(&pki().intermediate),
        "responder": hex(&pki().responder.certificate), "subject": hex(subject), "this": this,
        "next": next})
}

pub(crate) fn with(mut job: Value, key: &str, value: impl Into<Value>) -> Value {
    job[key] = value.into();
    job
}

/// Makes the pieces.
pub(crate) fn make(jobs: &[Value]) -> Evidence {
    let mut child = Command::new(python())
        .arg(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/evidence.py"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let text = serde_json::to_vec(jobs).unwrap();
    child.stdin.take().unwrap().write_all(&text).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success());
    let mut evidence = Evidence::default();
    for (job, line) in jobs
        .iter()
        .zip(std::str::from_utf8(&output.stdout).unwrap().lines())
    {
        let der = (0..line.len() / 2)
            .map(|at| u8::from_str_radix(&line[at * 2..at * 2 + 2], 16).unwrap())
            .collect();
        if job["kind"] == "crl" {
            evidence.crls.push(der);
        } else {
            evidence.ocsp.push(der);
        }
    }
    evidence
}

fn signed(signer: &Signer) -> Vec<u8> {
    sign(&Draft::new().classic(), signer, |_| {}).unwrap()
}

/// The verdict at [`NOW`], given pieces about P-256's owner and a good list of the root.
fn verdict(pdf: &Vec<u8>, mut jobs: Vec<Value>) -> Status {
    jobs.push(root_list(T - DAY, T + DAY));
    let evidence = make(&jobs);
    let report = validate_with(pdf, &pki().trust(), &evidence, NOW).unwrap();
    report.signatures[0].status.clone()
}

fn unknown() -> Status {
    Status::CouldNotCheck(vec![Doubt::RevocationUnknown])
}

#[test]
fn a_signature_is_valid_once_its_whole_chain_is_known_not_to_be_revoked() {
    let pdf = signed(&pki().p256);
    let subject = &pki().p256.certificate;
    let good = [
        list(subject, T - DAY, T + DAY),
        answer(subject, T - 60, T + DAY),
        with(answer(subject, T - 60, T + DAY), "by_name", true),
        with(answer(subject, T - 60, T + DAY), "sha256", true),
        with(list(subject, T - DAY, T + DAY), "point", CRL_URL),
    ];
    for job in good {
        assert_eq!(verdict(&pdf, vec![job.clone()]), Status::Valid, "{job}");
    }
    let authority = json!({"responder": hex(&pki().intermediate), "kind": "ocsp",
        "key": hex(&pki().intermediate_key), "issuer": hex(&pki().intermediate),
        "subject": hex(subject), "this": T, "next": T + DAY});
    assert_eq!(verdict(&pdf, vec![authority]), Status::Valid);
    let leaf_only = make(&[list(subject, T - DAY, T + DAY)]);
    let report = validate_with(&pdf, &pki().trust(), &leaf_only, NOW).unwrap();
    assert_eq!(report.signatures[0].status, unknown());
}

#[test]
fn evidence_that_does_not_fit_leaves_revocation_unknown() {
    let pdf = signed(&pki().p256);
    let subject = &pki().p256.certificate;
    let other = &pki().rsa.certificate;
    let good = || answer(subject, T - 60, T + DAY);
    let bad = [
        ("nothing", vec![]),
        ("stale list", vec![list(subject, T - 9 * DAY, T - DAY)]),
        ("stale answer", vec![answer(subject, T - 9 * DAY, T - 1)]),
        (
            "from the future",
            vec![answer(subject, T + DAY, T + 2 * DAY)],
        ),
        ("about another", vec![answer(other, T - 60, T + DAY)]),
        (
            "another authority's responder",
            vec![with(
                with(good(), "key", hex(&pki().stranger.pkcs8)),
                "responder",
                hex(&pki().stranger.certificate),
            )],
        ),
        (
            "no responder's purpose",
            vec![with(
                with(good(), "key", hex(&pki().rsa.pkcs8)),
                "responder",
                hex(&pki().rsa.certificate),
            )],
        ),
        (
            "a list with another's key",
            vec![with(
                list(subject, T - DAY, T + DAY),
                "key",
                hex(&pki().root_key),
            )],
        ),
        (
            "a list of another point",
            vec![with(
                list(subject, T - DAY, T + DAY),
                "point",
                "http://crl.kiemthu.invalid/other.crl",
            )],
        ),
        (
            "on hold",
            vec![with(
                with(list(subject, T - DAY, T + DAY), "revoked", T - 2 * DAY),
                "reason",
                "certificate_hold",
            )],
        ),
    ];
    for (name, jobs) in bad {
        assert_eq!(verdict(&pdf, jobs), unknown(), "{name}");
    }
}

#[test]
fn a_revoked_certificate_is_never_valid_without_proof_of_an_earlier_signature() {
    let pdf = signed(&pki().p256);
    let subject = &pki().p256.certificate;
    let at = Timestamp((T - DAY) * 1000);
    for job in [
        with(list(subject, T - 60, T + DAY), "revoked", T - DAY),
        with(answer(subject, T - 60, T + DAY), "revoked", T - DAY),
        // Stale news of a revocation is still news.
        with(
            answer(subject, T - 9 * DAY, T - 8 * DAY),
            "revoked",
            T - DAY,
        ),
    ] {
        // A good answer beside it changes nothing.
        let status = verdict(&pdf, vec![answer(subject, T - 60, T + DAY), job]);
        assert_eq!(
            status,
            Status::CouldNotCheck(vec![Doubt::RevokedNoProof { at }])
        );
        assert_eq!(status.sub_indication(), Some("REVOKED_NO_POE"));
    }
    let evidence = make(&[
        answer(subject, T - 60, T + DAY),
        with(root_list(T - 60, T + DAY), "revoked", T - DAY),
    ]);
    let report = validate_with(&pdf, &pki().trust(), &evidence, NOW).unwrap();
    let status = &report.signatures[0].status;
    assert_eq!(status.sub_indication(), Some("REVOKED_CA_NO_POE"));
}

#[test]
fn damaged_evidence_is_no_evidence() {
    let pdf = signed(&pki().p256);
    let subject = &pki().p256.certificate;
    let good = make(&[
        answer(subject, T - 60, T + DAY),
        list(subject, T - 60, T + DAY),
        root_list(T - 60, T + DAY),
    ]);
    let root = good.crls[1].clone();
    for (index, whole) in [&good.ocsp[0], &good.crls[0]].into_iter().enumerate() {
        for at in (0..whole.len()).step_by(5) {
            let mut damaged = whole.clone();
            damaged[at] ^= 0x41;
            let mut evidence = Evidence::default();
            evidence.crls.push(root.clone());
            if index == 0 {
                evidence.ocsp.push(damaged);
            } else {
                evidence.crls.push(damaged);
            }
            let report = validate_with(&pdf, &pki().trust(), &evidence, NOW).unwrap();
            let state = &report.signatures[0].revocation[0].state;
            assert_ne!(*state, RevocationState::Good, "byte {at} of {index}");
        }
        let cut = Evidence {
            ocsp: (0..whole.len())
                .step_by(3)
                .map(|end| whole[..end].to_vec())
                .collect(),
            crls: (0..whole.len())
                .step_by(3)
                .map(|end| whole[..end].to_vec())
                .collect(),
            ..Evidence::default()
        };
        let report = validate_with(&pdf, &pki().trust(), &cut, NOW).unwrap();
        assert_eq!(report.signatures[0].status, unknown());
    }
}

#[test]
fn the_caller_is_told_what_to_fetch_and_from_where() {
    let pdf = signed(&pki().p256);
    let report = validate(&pdf, &pki().trust(), NOW).unwrap();
    let wanted = evidence_wanted(&report);
    assert_eq!(wanted.len(), 2);
    assert_eq!(wanted[0].ocsp_urls, [OCSP_URL]);
    assert_eq!(wanted[0].crl_urls, [CRL_URL]);
    assert!(wanted[1].ocsp_urls.is_empty());
    let nonce = [7; 16];
    for request in [
        wanted[0].ocsp_request.clone(),
        wanted[0].ocsp_request_with_nonce(&nonce).unwrap(),
    ] {
        let text = ask(&pki().p256.certificate, &request);
        assert!(text.contains("Response verify OK"), "{text}");
    }
    let evidence = make(&[
        answer(&pki().p256.certificate, T - 60, T + DAY),
        root_list(T - 60, T + DAY),
    ]);
    assert_eq!(answers_nonce(&evidence.ocsp[0], &nonce), None);
    let report = validate_with(&pdf, &pki().trust(), &evidence, NOW).unwrap();
    assert!(evidence_wanted(&report).is_empty());
}

/// OpenSSL's responder answers our request; its own reader judges the answer.
fn ask(subject: &[u8], request: &[u8]) -> String {
    let dir = tempfile::tempdir().unwrap();
    let path = |name: &str| dir.path().join(name);
    let pki = pki();
    let run = |arguments: &[&str]| {
        let output = Command::new(tool("openssl"))
            .args(arguments)
            .current_dir(dir.path())
            .output()
            .unwrap();
        let text = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.success(), "openssl {arguments:?}: {text}");
        text + &String::from_utf8_lossy(&output.stdout)
    };
    for (name, der) in [("ca", &pki.intermediate), ("signer", &subject.to_vec())] {
        std::fs::write(path(&format!("{name}.der")), der).unwrap();
        let (from, to) = (format!("{name}.der"), format!("{name}.pem"));
        run(&["x509", "-inform", "DER", "-in", &from, "-out", &to]);
    }
    std::fs::write(path("root.pem"), &pki.root_pem).unwrap();
    std::fs::write(path("key.der"), &pki.intermediate_key).unwrap();
    run(&[
        "pkey", "-inform", "DER", "-in", "key.der", "-out", "key.pem",
    ]);
    std::fs::write(path("request"), request).unwrap();
    let serial = run(&["x509", "-in", "signer.pem", "-noout", "-serial"]);
    let serial = serial.trim().trim_start_matches("serial=").to_owned();
    std::fs::write(
        path("index.txt"),
        format!("V\t350101000000Z\t\t{serial}\tunknown\t/CN=a\n"),
    )
    .unwrap();
    run(&[
        "ocsp",
        "-index",
        "index.txt",
        "-CA",
        "ca.pem",
        "-rsigner",
        "ca.pem",
        "-rkey",
        "key.pem",
        "-reqin",
        "request",
        "-respout",
        "answer",
        "-ndays",
        "1",
    ]);
    let text = run(&[
        "ocsp",
        "-respin",
        "answer",
        "-issuer",
        "ca.pem",
        "-cert",
        "signer.pem",
        "-CAfile",
        "root.pem",
        "-no_nonce",
        "-verify_other",
        "ca.pem",
    ]);
    assert!(text.contains("signer.pem: good"), "{text}");
    let evidence = Evidence {
        ocsp: vec![std::fs::read(path("answer")).unwrap()],
        ..Evidence::default()
    };
    let now = Timestamp((machine_clock() + 2) * 1000);
    let pdf = signed(&pki.p256);
    let report = validate_with(&pdf, &pki.trust(), &evidence, now).unwrap();
    let state = &report.signatures[0].revocation[0].state;
    assert_eq!(*state, RevocationState::Good);
    text
}
