use std::{
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, ensure};

/// What two programs that are not ours say about a signed PDF: pyHanko must find every signature
/// intact, trusted against the test root and covering the file; pdfsig must agree.
pub(crate) fn judge(pdf: &Path, root_pem: &Path, intermediates: &Path) -> anyhow::Result<String> {
    let pyhanko = crate::process::programs()?.join("../tools/venv/bin/pyhanko");
    let output = Command::new(&pyhanko)
        .args([
            "sign",
            "validate",
            "--pretty-print",
            "--no-revocation-check",
            "--trust",
        ])
        .arg(root_pem)
        .arg("--other-certs")
        .arg(intermediates)
        .arg(pdf)
        .output()
        .with_context(|| format!("{} does not run", pyhanko.display()))?;
    let mut said = String::from_utf8_lossy(&output.stdout).into_owned();
    said.push_str(&String::from_utf8_lossy(&output.stderr));
    ensure!(output.status.success(), "pyHanko refuses the PDF:\n{said}");
    ensure!(
        said.contains("VALID") && !said.contains("INVALID"),
        "pyHanko says:\n{said}"
    );
    let output = Command::new("pdfsig").arg("-nocert").arg(pdf).output()?;
    let pdfsig = String::from_utf8_lossy(&output.stdout).into_owned();
    ensure!(
        pdfsig.contains("Signature is Valid."),
        "pdfsig says:\n{pdfsig}"
    );
    ensure!(
        pdfsig.contains("Total document signed"),
        "pdfsig says:\n{pdfsig}"
    );
    let output = Command::new("qpdf").arg("--check").arg(pdf).output()?;
    ensure!(
        output.status.success(),
        "qpdf: {}",
        String::from_utf8_lossy(&output.stdout)
    );
    Ok(said)
}

/// How many signatures pdfsig counts.
pub(crate) fn count_signatures(pdf: &Path) -> anyhow::Result<usize> {
    let output = Command::new("pdfsig").arg("-nocert").arg(pdf).output()?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    Ok(text
        .lines()
        .filter(|line| line.starts_with("Signature #"))
        .count())
}

/// Where the story leaves a file for a person to look at.
pub(crate) fn exhibit(output: &Path, name: &str) -> PathBuf {
    output.join(name)
}
