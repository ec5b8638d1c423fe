//! Validation with local data only: ours and pyHanko, B-B and B-LTA.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, ensure};

use crate::{
    figures::{Report, Series},
    memory, ours, peer,
    peer::Peer,
    place::Place,
};

const ROUNDS: usize = 7;
/// Copies that we and pyHanko validate in a round.
const COPIES: usize = 400;
const FEW: usize = 10;

pub(crate) fn run() -> Result<()> {
    let place = Place::new()?;
    let paper = place.papers("paper", 200_000, 1)?;
    let made = place.path("made");
    fs::create_dir_all(&made)?;
    let mut make = peer::command("make.py")?;
    let status = make.args(&paper).arg(&made).status()?;
    ensure!(status.success(), "pyHanko could not make the files");
    let root = made.join("root.pem");
    let mut report = Report::default();
    println!("\nValidation, 200 KB, local data only, median of {ROUNDS} rounds");
    for (level, expected) in [("b-b", "indeterminate"), ("b-lta", "passed")] {
        let files = copies(&made.join(format!("{level}.pdf")), &place.path(level))?;
        measure(&root, (level, expected), &files, &mut report)?;
    }
    println!("\nMemory, one file of 300 MB");
    let big = place.papers("big", 300_000_000, 1)?;
    let out = place.outputs()?;
    let list = ours::list(&place, &big, &out)?;
    memory::peak(&mut ours::sign_command(&place, &list, false)?, |code| {
        code == 0
    })?;
    let signed = vec![out.join("paper-0.pdf")];
    let trust = [place.root.as_path(), place.authority.as_path()];
    let mut verify = ours::verify_command(&trust, &signed)?;
    report.memory(
        "validate 300 MB",
        "ours",
        &memory::peak(&mut verify, |code| code == 4)?,
    );
    let mut once = peer::command("validate.py")?;
    once.arg(&place.root).args(["b-b", "--once"]).args(&signed);
    report.memory(
        "validate 300 MB",
        "pyHanko",
        &memory::peak(&mut once, |code| code == 0)?,
    );
    report.finish("validate")
}

fn copies(file: &Path, folder: &Path) -> Result<Vec<PathBuf>> {
    fs::create_dir_all(folder)?;
    let mut all = Vec::new();
    for number in 0..COPIES {
        let copy = folder.join(format!("{number}.pdf"));
        fs::copy(file, &copy).with_context(|| format!("{}", file.display()))?;
        all.push(copy);
    }
    Ok(all)
}

fn measure(
    root: &Path,
    (level, expected): (&str, &str),
    files: &[PathBuf],
    report: &mut Report,
) -> Result<()> {
    let mut command = peer::command("validate.py")?;
    command.arg(root).arg(level);
    let mut pyhanko = Peer::start(command)?;
    let few = files.get(..FEW).unwrap_or(files);
    let (mut mine, mut whole, mut theirs) =
        (Series::default(), Series::default(), Series::default());
    for _ in 0..ROUNDS {
        let took = ours::verify(&[root], files, expected)?;
        mine.0.push(took.further);
        whole.0.push(took.whole);
        theirs.0.push(pyhanko.round(few, root)?);
    }
    pyhanko.stop()?;
    let name = level.to_uppercase();
    report.row(&name, "ours", &mine);
    report.row(&name, "ours, with start", &whole);
    report.row(&name, "pyHanko", &theirs);
    let ratio = theirs.over(&mine);
    report.ratio(
        &format!("{name}: pyHanko / ours"),
        ratio,
        ">= 20",
        ratio >= 20.0,
    );
    Ok(())
}
