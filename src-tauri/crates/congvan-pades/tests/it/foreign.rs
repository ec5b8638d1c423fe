//! Files that pyHanko signed, alone and taking turns with us.

use std::{
    io::Write,
    path::Path,
    process::{Command, Stdio},
};

use serde_json::{Value, json};

use crate::{
    documents::{Draft, qpdf},
    evidence::{DAY, answer, list, make, root_list},
    keys::{Signer, machine_clock, pki},
    oracles::python,
    signing::sign,
};

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// One step: reads `from.pdf`, writes `to.pdf`.
fn job(from: &str, to: &str, kind: &str) -> Value {
    json!({"in": format!("{from}.pdf"), "out": format!("{to}.pdf"), "kind": kind})
}

fn signed_by(from: &str, to: &str, signer: &Signer, options: &Value) -> Value {
    let mut job = job(from, to, "sign");
    job["key"] = hex(&signer.pkcs8).into();
    job["cert"] = hex(&signer.certificate).into();
    job["field"] = "ChuKy".into();
    for (name, value) in options.as_object().unwrap() {
        job[name] = value.clone();
    }
    job
}

/// What others sign, by name; each validates at the machine's clock.
pub(crate) fn foreign() -> Vec<(String, Vec<u8>)> {
    let dir = tempfile::tempdir().unwrap();
    let pki = pki();
    let classic = Draft::new().classic();
    let form = Draft::new()
        .with(1, "/AcroForm<</Fields[7 0 R]>>")
        .with(3, "/Annots[7 0 R]")
        .plus("<</Type/Annot/Subtype/Widget/FT/Tx/T(So)/Rect[60 780 160 800]/F 4/P 3 0 R>>")
        .classic();
    let ours = sign(&classic, &pki.p256, |request| request.reserve = 4096).unwrap();
    for (name, pdf) in [
        ("classic", &classic),
        ("packed", &qpdf(&classic, &["--object-streams=generate"])),
        ("hybrid", &Draft::new().hybrid()),
        ("form", &form),
        ("ours", &ours),
    ] {
        std::fs::write(dir.path().join(format!("{name}.pdf")), pdf).unwrap();
    }
    let jobs = jobs();
    run(dir.path(), &jobs);
    let made = jobs.iter().map(|job| job["out"].as_str().unwrap());
    let mut files: Vec<_> = made
        .map(|file| {
            let name = file.trim_end_matches(".pdf").to_owned();
            (name, std::fs::read(dir.path().join(file)).unwrap())
        })
        .collect();
    for name in ["pades", "pkcs7", "certified-2"] {
        let of_them = files.iter().find(|(known, _)| known == name).unwrap();
        let both = sign(&of_them.1, &pki.rsa, |request| request.reserve = 4096);
        files.push((format!("{name}-then-ours"), both.unwrap()));
    }
    files
}

fn jobs() -> Vec<Value> {
    let pki = pki();
    let (p256, rsa) = (&pki.p256, &pki.rsa);
    let mut second = signed_by("pades", "two", rsa, &json!({"field": "Khac"}));
    second["pades"] = false.into();
    let mut fill = job("certified-2", "certified-2-filled", "fill");
    fill["index"] = 0.into();
    fill["value"] = "12".into();
    let mut fill_locked = job("locked-all", "locked-all-filled", "fill");
    fill_locked["index"] = 0.into();
    fill_locked["value"] = "12".into();
    let mut fill_plain = job("form-signed", "form-filled", "fill");
    fill_plain["index"] = 0.into();
    fill_plain["value"] = "12".into();
    let mut empty = job("pades", "empty-field-added", "empty field");
    empty["field"] = "Sau".into();
    let mut early = job("stamped", "early-established", "store");
    early["early"] = true.into();
    let mut rooted = job("stamped", "rooted-established", "store");
    rooted["rooted"] = true.into();
    let mut forbidden = job("certified-1", "certified-1-field-added", "empty field");
    forbidden["field"] = "Sau".into();
    vec![
        signed_by("classic", "pades", p256, &json!({"reason": "Phê duyệt"})),
        signed_by("classic", "pkcs7", rsa, &json!({"pades": false})),
        signed_by("packed", "packed-pades", rsa, &json!({"visible": true})),
        signed_by("hybrid", "hybrid-pades", p256, &json!({})),
        signed_by(
            "classic",
            "pss",
            rsa,
            &json!({"pss": true, "digest": "sha512"}),
        ),
        signed_by("classic", "p384", &pki.p384, &json!({"digest": "sha384"})),
        signed_by("classic", "expired", &pki.expired, &json!({})),
        signed_by("classic", "stranger", &pki.stranger, &json!({})),
        signed_by(
            "classic",
            "not-for-signing",
            &pki.not_for_signing,
            &json!({"cert": hex(&pki.not_for_signing.certificate)}),
        ),
        signed_by("form", "certified-1", p256, &json!({"certify": 1})),
        signed_by("form", "certified-2", p256, &json!({"certify": 2})),
        signed_by("form", "certified-3", p256, &json!({"certify": 3})),
        signed_by("form", "locked-all", p256, &json!({"lock": "all"})),
        signed_by("form", "locked-other", p256, &json!({"lock": "other"})),
        signed_by("form", "form-signed", p256, &json!({})),
        second,
        fill,
        fill_locked,
        fill_plain,
        empty,
        forbidden,
        signed_by("ours", "ours-then-theirs", rsa, &json!({})),
        signed_by("classic", "stamped", p256, &json!({"stamped": true})),
        job("pades", "document-stamped", "stamp"),
        job("stamped", "established", "store"),
        job("established", "archived", "stamp"),
        early,
        job("early-established", "early-archived", "stamp"),
        rooted,
        job("rooted-established", "rooted-archived", "stamp"),
    ]
}

fn run(dir: &Path, jobs: &[Value]) {
    let pki = pki();
    let all = |pieces: &[Vec<u8>]| pieces.iter().map(|der| hex(der)).collect::<Vec<_>>();
    // From before the time stamp in the signature, and from between it and the document's.
    let evidence = [-300, -60].map(|later| {
        let this = machine_clock() + later;
        let next = this + 30 * DAY;
        let made = make(&[
            answer(&pki.p256.certificate, this, next),
            answer(&pki.tsa.certificate, this, next),
            list(&pki.rsa.certificate, this, next),
            root_list(this, next),
        ]);
        json!({"ocsps": all(&made.ocsp), "crls": all(&made.crls)})
    });
    let task = json!({
        "root": hex(&pki.root),
        "chain": [hex(&pki.intermediate)],
        "tsa": {"cert": hex(&pki.tsa.certificate), "key": hex(&pki.tsa.pkcs8)},
        "evidence": evidence,
        "stamped_at": machine_clock() - 120,
        "jobs": jobs,
    });
    let mut child = Command::new(python())
        .arg(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/foreign.py"))
        .current_dir(dir)
        .stdin(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let text = serde_json::to_vec(&task).unwrap();
    child.stdin.take().unwrap().write_all(&text).unwrap();
    let output = child.wait_with_output().unwrap();
    let error = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{error}");
}
