//! Many files in one session: what stops a run, what costs a file, and what is never written.

use std::{collections::BTreeSet, fs, path::Path, process::Command};

use congvan_testkit::forms::Draft;

use crate::{
    authority::Authority,
    held::names,
    program::{cli, run},
    tokens::{SoftHsm, Tokens},
};

fn plain_files(folder: &Path, count: usize) -> Vec<std::path::PathBuf> {
    let pdf = Draft::new().classic();
    (0..count)
        .map(|number| {
            let path = folder.join(format!("{number}.pdf"));
            fs::write(&path, &pdf).unwrap();
            path
        })
        .collect()
}

#[test]
fn a_wrong_pin_spends_one_try_and_stops_the_run_with_nothing_written() {
    let authority = Authority::start();
    let tokens = SoftHsm::new(&authority, &["seal"]);
    let folder = tempfile::tempdir().unwrap();
    let files = plain_files(folder.path(), 5);
    let out = folder.path().join("out");
    let mut sign = tokens.sign("seal", &authority);
    sign.env("PIN_KIEM_THU", "135791")
        .args(["--role", "none", "--out-dir"])
        .arg(&out)
        .args(&files);
    let ran = run(&mut sign);
    assert_eq!(ran.code, 3, "{ran}");
    let summary = ran.line("summary");
    assert_eq!(summary["code"], "PIN_INCORRECT", "{ran}");
    assert_eq!(summary["signed"], 0);
    assert_eq!(summary["failed"], 1);
    assert_eq!(summary["not_tried"], 4);
    assert!(names(&out).is_empty(), "{:?}", names(&out));
    assert!(!ran.text.contains("135791") && !ran.complaint.contains("135791"));
}

#[test]
fn what_the_token_lacks_is_named_with_its_code_before_any_file_is_touched() {
    let authority = Authority::start();
    let tokens = SoftHsm::new(&authority, &["seal", "expired", "cipher"]);
    let folder = tempfile::tempdir().unwrap();
    let file = &plain_files(folder.path(), 1)[0];
    let out = folder.path().join("out.pdf");
    let check = |change: &dyn Fn(&mut Command), label: &str, code: &str| {
        let mut sign = tokens.sign(label, &authority);
        sign.args(["--role", "none"]);
        change(&mut sign);
        let ran = run(sign.arg(file).arg(&out));
        assert_eq!(ran.code, 3, "{code}: {ran}");
        assert_eq!(ran.line("error")["code"], code, "{ran}");
        let remedy = ran.line("error")["remedy"].as_str().unwrap().to_owned();
        assert!(remedy.len() > 10, "{remedy}");
        assert!(!out.exists(), "{code}");
    };
    check(&|_| {}, "không có", "TOKEN_ABSENT");
    check(&|_| {}, "expired", "CERTIFICATE_EXPIRED");
    check(&|_| {}, "cipher", "CERTIFICATE_USAGE");
    let no_pin = |sign: &mut Command| {
        sign.env_remove("PIN_KIEM_THU");
    };
    check(&no_pin, "seal", "PIN_NOT_GIVEN");
    let other = |sign: &mut Command| {
        sign.args(["--cert", &"00".repeat(32)]);
    };
    check(&other, "seal", "CERTIFICATE_MISSING");
    // An authority that nobody here trusts.
    let mut sign = tokens.cli();
    sign.env("PIN_KIEM_THU", crate::tokens::PIN)
        .args(["--json", "sign", "--module"])
        .arg(tokens.module())
        .args([
            "--token",
            "seal",
            "--pin-env",
            "PIN_KIEM_THU",
            "--role",
            "none",
            "--trust",
        ])
        .arg(authority.file("expired.pem"))
        .arg(file)
        .arg(&out);
    let ran = run(&mut sign);
    assert_eq!(ran.code, 5, "{ran}");
    assert_eq!(ran.line("error")["code"], "TRUST_MISSING", "{ran}");
}

#[test]
fn a_file_that_cannot_be_signed_is_skipped_and_the_others_are_signed() {
    let authority = Authority::start();
    let tokens = SoftHsm::new(&authority, &["seal"]);
    let folder = tempfile::tempdir().unwrap();
    let mut files = plain_files(folder.path(), 3);
    let before = fs::read(&files[0]).unwrap();
    let put = |name: &str, bytes: &[u8]| {
        let path = folder.path().join(name);
        fs::write(&path, bytes).unwrap();
        path
    };
    files.insert(1, put("word.pdf", b"PK\x03\x04 not a PDF"));
    files.insert(2, put("cut.pdf", &before[..before.len() / 2]));
    files.insert(3, folder.path().join("missing.pdf"));
    let out = folder.path().join("out");
    fs::create_dir(&out).unwrap();
    fs::write(out.join("2.pdf"), b"an older result").unwrap();
    let mut sign = tokens.sign("seal", &authority);
    sign.args(["--role", "none", "--out-dir"])
        .arg(&out)
        .args(&files);
    let ran = run(&mut sign);
    assert_eq!(ran.code, 1, "{ran}");
    assert_eq!(ran.line("summary")["signed"], 2, "{ran}");
    let code_of = |name: &str| {
        let lines = ran.lines("file");
        let line = lines
            .iter()
            .find(|line| line["input"].as_str().unwrap().ends_with(name))
            .unwrap();
        line["code"].as_str().unwrap_or("signed").to_owned()
    };
    assert_eq!(code_of("word.pdf"), "PDF_CORRUPT");
    assert_eq!(code_of("cut.pdf"), "PDF_CORRUPT");
    assert_eq!(code_of("missing.pdf"), "FILE_UNREADABLE");
    assert_eq!(code_of("2.pdf"), "OUTPUT_EXISTS");
    assert_eq!(code_of("0.pdf"), "signed");
    // No half file, no forgotten temporary one, and what was there is as it was.
    let expected = ["0.pdf", "1.pdf", "2.pdf"].map(str::to_owned);
    assert_eq!(names(&out), BTreeSet::from(expected));
    assert_eq!(fs::read(out.join("2.pdf")).unwrap(), b"an older result");
    assert_eq!(fs::read(&files[0]).unwrap(), before);
    let signed = fs::read(out.join("0.pdf")).unwrap();
    assert!(signed.starts_with(&before) && signed.len() > before.len());
}

#[test]
fn the_input_is_never_the_output_by_any_name() {
    let authority = Authority::start();
    let tokens = SoftHsm::new(&authority, &["seal"]);
    let folder = tempfile::tempdir().unwrap();
    let file = &plain_files(folder.path(), 1)[0];
    let before = fs::read(file).unwrap();
    let link = folder.path().join("link.pdf");
    fs::hard_link(file, &link).unwrap();
    for output in [file, &link] {
        let mut sign = tokens.sign("seal", &authority);
        sign.args(["--role", "none", "--overwrite"])
            .arg(file)
            .arg(output);
        let ran = run(&mut sign);
        assert_eq!(ran.code, 1, "{ran}");
        assert_eq!(ran.line("file")["code"], "OUTPUT_IS_INPUT", "{ran}");
        assert_eq!(fs::read(file).unwrap(), before);
    }
}

#[test]
fn a_list_of_pairs_is_signed_in_one_session_and_every_hash_is_that_of_the_file() {
    let authority = Authority::start();
    let tokens = SoftHsm::new(&authority, &["initials"]);
    let folder = tempfile::tempdir().unwrap();
    let files = plain_files(folder.path(), 30);
    // One that is too large to be read at once.
    let image = "x".repeat(3 << 20);
    let large = Draft::new().plus(&format!(
        "<</Length {}>>\nstream\n{image}\nendstream",
        image.len()
    ));
    fs::write(&files[7], large.classic()).unwrap();
    let lines: Vec<String> = files
        .iter()
        .enumerate()
        .map(|(at, file)| {
            format!(
                "{}\t{}",
                file.display(),
                folder.path().join(format!("đã ký {at}.pdf")).display()
            )
        })
        .collect();
    let list = folder.path().join("list");
    fs::write(&list, lines.join("\n")).unwrap();
    let mut sign = tokens.sign("initials", &authority);
    sign.args(["--role", "appendix", "--notation", "12/QĐ-UBND", "--list"])
        .arg(&list);
    let ran = run(&mut sign).well();
    assert_eq!(ran.line("summary")["signed"], 30, "{ran}");
    for line in ran.lines("file") {
        let bytes = fs::read(line["output"].as_str().unwrap()).unwrap();
        let hash = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, &bytes);
        let hash: String = hash
            .as_ref()
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect();
        assert_eq!(line["sha256"], hash.as_str());
        assert_eq!(line["size"], bytes.len());
    }
    let mut verify = cli();
    verify.args(["--json", "verify"]).args(authority.trust());
    verify.args(
        ran.lines("file")
            .iter()
            .map(|line| line["output"].as_str().unwrap().to_owned()),
    );
    let verified = run(&mut verify);
    assert_eq!(verified.code, 4, "{verified}");
    assert_eq!(verified.lines("verdict").len(), 30);
}
