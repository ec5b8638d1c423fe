use std::{fs, path::Path};

use anyhow::{Context, Result, ensure};

use super::{stamp, stamped};
use crate::{
    checkout::{Checkout, command},
    proc, progress,
};

/// Takes the library and the licences out of the wheel and nothing else; each file appears whole
/// or not at all. Arguments: wheel, folder.
const UNPACK: &str = r#"
import os, sys, zipfile
wheel, folder = sys.argv[1:]
os.makedirs(os.path.join(folder, "licenses"), exist_ok=True)
for entry in zipfile.ZipFile(wheel).infolist():
    base = os.path.basename(entry.filename)
    if entry.filename.startswith("pypdfium2_raw/") and base.endswith((".so", ".dll", ".dylib")):
        place = os.path.join(folder, base)
    elif "/licenses/" in entry.filename and base:
        place = os.path.join(folder, "licenses", base)
    else:
        continue
    with open(place + ".new", "wb") as file:
        file.write(zipfile.ZipFile(wheel).read(entry))
    os.replace(place + ".new", place)
"#;

/// Gets PDFium's library from the wheel that pdfium.txt pins by hash for every platform.
pub(crate) fn ensure(checkout: &Checkout) -> Result<()> {
    let pins = checkout.root.join("packaging/xtask/pdfium.txt");
    let wanted = fs::read_to_string(&pins).context("packaging/xtask/pdfium.txt")?;
    let folder = checkout.tools().join("pdfium");
    let mark = folder.join("installed.txt");
    if stamped(&mark, &wanted) && checkout.pdfium().is_file() {
        return Ok(());
    }
    progress::step("Get PDFium's library", || {
        let wheels = checkout.tools().join("wheels");
        if wheels.exists() {
            fs::remove_dir_all(&wheels)?;
        }
        download(checkout, &pins, &wheels, &[])?;
        let wheel = fs::read_dir(&wheels)?
            .filter_map(|entry| Some(entry.ok()?.path()))
            .find(|path| path.extension().is_some_and(|ending| ending == "whl"))
            .context("pip downloaded no wheel")?;
        let mut python = command(checkout.python_tool("python"), &checkout.root);
        python.args(["-c", UNPACK]).arg(&wheel).arg(&folder);
        proc::run_logged(&mut python, &checkout.target.join("logs/pdfium-unpack.log"))?;
        ensure!(
            checkout.pdfium().is_file(),
            "no PDFium library in {}",
            wheel.display()
        );
        fs::remove_dir_all(&wheels)?;
        Ok(())
    })?;
    stamp(&mark, &wanted)
}

/// Downloads what a file of pins names; pip refuses every file whose hash is not in it.
fn download(checkout: &Checkout, pins: &Path, folder: &Path, more: &[&str]) -> Result<()> {
    let mut pip = command(checkout.python_tool("python"), &checkout.root);
    pip.args([
        "-m",
        "pip",
        "download",
        "--quiet",
        "--disable-pip-version-check",
    ]);
    pip.args([
        "--require-hashes",
        "--no-deps",
        "--only-binary=:all:",
        "--no-cache-dir",
    ]);
    pip.args(more).arg("-r").arg(pins).arg("-d").arg(folder);
    proc::run_logged(&mut pip, &checkout.target.join("logs/pdfium.log"))
        .context("the library could not be downloaded, or is not the one that is pinned")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A wheel that pip takes for pypdfium2, with other bytes than the pinned one.
    const FORGE: &str = r#"
import sys, zipfile
with zipfile.ZipFile(sys.argv[1], "w") as wheel:
    wheel.writestr("pypdfium2_raw/libpdfium.so", b"not PDFium")
    wheel.writestr("pypdfium2-5.15.2.dist-info/METADATA",
                   "Metadata-Version: 2.1\nName: pypdfium2\nVersion: 5.15.2\n")
    wheel.writestr("pypdfium2-5.15.2.dist-info/WHEEL",
                   "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
    wheel.writestr("pypdfium2-5.15.2.dist-info/RECORD", "")
"#;

    #[test]
    fn a_library_with_other_bytes_than_the_pinned_one_is_refused() {
        let checkout = Checkout::find().expect("a checkout");
        let folder = std::env::temp_dir().join(format!("xtask-pdfium-{}", std::process::id()));
        fs::create_dir_all(&folder).expect("a folder");
        let forged = folder.join("pypdfium2-5.15.2-py3-none-any.whl");
        let mut python = command(checkout.python_tool("python"), &folder);
        proc::run(python.args(["-c", FORGE]).arg(&forged)).expect("`cargo xtask setup` has run");
        let place = folder.display().to_string();
        let offline = ["--no-index", "--find-links", place.as_str()];
        let result = download(
            &checkout,
            &checkout.root.join("packaging/xtask/pdfium.txt"),
            &folder.join("out"),
            &offline,
        );
        let downloaded = folder
            .join("out")
            .join("pypdfium2-5.15.2-py3-none-any.whl")
            .exists();
        fs::remove_dir_all(&folder).expect("the folder can go");
        let error = format!("{:#}", result.expect_err("pip must refuse it"));
        assert!(error.contains("DO NOT MATCH THE HASHES"), "{error}");
        assert!(!downloaded);
    }
}
