//! Writes letters and what stands on them to a folder: `letters FOLDER [COUNT]`; the half to
//! develop on.

#![allow(clippy::print_stdout, reason = "a program for a person")]

use anyhow::{Context, Result};
use congvan_letters::{Half, sample};

fn main() -> Result<()> {
    let mut arguments = std::env::args().skip(1);
    let folder = std::path::PathBuf::from(arguments.next().context("letters FOLDER [COUNT]")?);
    let count: usize = arguments.next().map_or(Ok(33), |count| count.parse())?;
    std::fs::create_dir_all(&folder)?;
    for number in 0..count {
        let sample = sample(Half::Develop, number)?;
        let name = format!("{number:03}.{}", sample.format.extension());
        std::fs::write(folder.join(&name), &sample.bytes)?;
        println!(
            "{name} {} {} pages\n  {:?}",
            sample.layout, sample.pages, sample.truth
        );
    }
    Ok(())
}
