//! `measure CLI COUNT [FOLDER]`: reads letters of the half to develop on and prints what is wrong.

#![allow(clippy::print_stdout, reason = "a program for a person")]

use std::path::PathBuf;

use anyhow::{Context, Result};
use congvan_letters::{Half, measure, write};

fn main() -> Result<()> {
    let mut arguments = std::env::args().skip(1);
    let cli = PathBuf::from(arguments.next().context("measure CLI COUNT [FOLDER]")?);
    let count: usize = arguments.next().context("a count")?.parse()?;
    let folder = arguments.next().map_or_else(
        || std::env::temp_dir().join("congvan-letters"),
        PathBuf::from,
    );
    let letters = write(Half::Develop, count, &folder)?;
    let measured = measure(&cli, &letters, &[])?;
    for error in &measured.errors {
        println!("{error}");
    }
    println!("{}", measured.table());
    Ok(())
}
