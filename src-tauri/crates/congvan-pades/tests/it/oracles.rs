//! Independent judges. A missing one fails the test: `cargo xtask setup` installs them.

use std::{
    path::{Path, PathBuf},
    process::Command,
};

use serde_json::Value;

use crate::keys::pki;

pub(crate) fn tool(name: &str) -> PathBuf {
    let found = std::env::var_os("PATH")
        .iter()
        .flat_map(std::env::split_paths)
        .map(|dir| dir.join(name))
        .find(|path| path.is_file());
    found.unwrap_or_else(|| panic!("{name} is missing: run `cargo xtask setup`"))
}

pub(crate) fn python() -> PathBuf {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../..");
    let path = root.join("target/tools/venv/bin/python");
    assert!(
        path.is_file(),
        "pyHanko's environment is missing: run `cargo xtask setup`"
    );
    path
}

/// pyHanko's verdicts, a line for each file.
pub(crate) fn pyhanko(files: &[(String, Vec<u8>)]) -> Vec<Value> {
    pyhanko_at(files, None)
}

/// The same at a moment, in seconds.
pub(crate) fn pyhanko_at(files: &[(String, Vec<u8>)], moment: Option<i64>) -> Vec<Value> {
    let dir = tempfile::tempdir().unwrap();
    let root = dir.path().join("root.pem");
    std::fs::write(&root, &pki().root_pem).unwrap();
    let mut command = Command::new(python());
    command
        .arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/judge.py"))
        .arg(&root);
    if let Some(moment) = moment {
        command.args(["--at", &moment.to_string()]);
    }
    for (name, bytes) in files {
        let path = dir.path().join(format!("{name}.pdf"));
        std::fs::write(&path, bytes).unwrap();
        command.arg(path);
    }
    let output = command.output().unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8(output.stdout)
        .unwrap()
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

/// pyHanko's verdicts on the first signature for the long term, at a moment and offline.
pub(crate) fn pyhanko_archive(files: &[(String, Vec<u8>)], moment: i64) -> Vec<Value> {
    let dir = tempfile::tempdir().unwrap();
    let root = dir.path().join("root.pem");
    std::fs::write(&root, &pki().root_pem).unwrap();
    let mut command = Command::new(python());
    command
        .arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/judge_archive.py"))
        .arg(&root)
        .arg(moment.to_string());
    for (name, bytes) in files {
        let path = dir.path().join(format!("{name}.pdf"));
        std::fs::write(&path, bytes).unwrap();
        command.arg(path);
    }
    let output = command.output().unwrap();
    let error = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{error}");
    String::from_utf8(output.stdout)
        .unwrap()
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

/// Complaints of `qpdf --check`; empty when it has none.
pub(crate) fn qpdf_check(pdf: &[u8]) -> String {
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), pdf).unwrap();
    let output = Command::new(tool("qpdf"))
        .arg("--check")
        .arg(file.path())
        .output()
        .unwrap();
    if output.status.success() {
        String::new()
    } else {
        format!(
            "{}{}",
            String::from_utf8_lossy(&output.stdout),
            String::from_utf8_lossy(&output.stderr)
        )
    }
}

/// What pdfsig prints; the trust store is empty, so only integrity counts.
pub(crate) fn pdfsig(pdf: &[u8]) -> String {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("signed.pdf");
    std::fs::write(&file, pdf).unwrap();
    let output = Command::new(tool("pdfsig"))
        .env("HOME", dir.path())
        .arg("-nocert")
        .arg(&file)
        .output()
        .unwrap();
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// Verifies a detached CMS with OpenSSL, which also checks the chain.
pub(crate) fn openssl_cms(cms: &[u8], content: &[u8]) -> Result<(), String> {
    let dir = tempfile::tempdir().unwrap();
    let path = |name: &str| dir.path().join(name);
    std::fs::write(path("cms.der"), cms).unwrap();
    std::fs::write(path("content"), content).unwrap();
    std::fs::write(path("root.pem"), &pki().root_pem).unwrap();
    let output = Command::new(tool("openssl"))
        .args(["cms", "-verify", "-binary", "-inform", "DER"])
        .args(["-purpose", "any", "-cades", "-in"])
        .arg(path("cms.der"))
        .arg("-content")
        .arg(path("content"))
        .arg("-CAfile")
        .arg(path("root.pem"))
        .args(["-out", "/dev/null"])
        .output()
        .unwrap();
    if output.status.success() {
        Ok(())
    } else {
        Err(String::from_utf8_lossy(&output.stderr).into_owned())
    }
}

/// The text of the first page as PDFium extracts it, stamps included.
pub(crate) fn pdfium_text(files: &[(String, Vec<u8>)]) -> Vec<String> {
    let dir = tempfile::tempdir().unwrap();
    let mut command = Command::new(python());
    command.arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/text.py"));
    for (name, bytes) in files {
        let path = dir.path().join(format!("{name}.pdf"));
        std::fs::write(&path, bytes).unwrap();
        command.arg(path);
    }
    let output = command.output().unwrap();
    assert!(
        output.status.success(),
        "PDFium (pypdfium2 in the environment): {}",
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8(output.stdout)
        .unwrap()
        .lines()
        .map(|line| {
            let value: Value = serde_json::from_str(line).unwrap();
            value["text"].as_str().unwrap().to_owned()
        })
        .collect()
}
