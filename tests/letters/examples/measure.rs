//! `measure CLI COUNT [FOLDER [hard]]`: reads letters of the half to develop on by the program, and
//! prints what is wrong; `hard` takes the hard ones. Letters that are in the folder are not drawn again.

#![allow(clippy::print_stdout, reason = "a program for a person")]

use std::path::PathBuf;

use anyhow::{Context, Result};
use congvan_letters::{Half, measure, write_missing};

fn main() -> Result<()> {
    let mut arguments = std::env::args().skip(1);
    let cli = PathBuf::from(
        arguments
            .next()
            .context("measure CLI COUNT [FOLDER [hard]]")?,
    );
    let count: usize = arguments.next().context("a count")?.parse()?;
    let folder = arguments.next().map_or_else(
        || std::env::temp_dir().join("congvan-letters"),
        PathBuf::from,
    );
    let half = match arguments.next().as_deref() {
        Some("hard") => Half::Hard,
        Some(_) | None => Half::Develop,
    };
    let letters = write_missing(half, count, &folder)?;
    let measured = measure(&cli, &letters, &[])?;
    for error in &measured.errors {
        println!("{error}");
    }
    println!("{}", measured.table());
    Ok(())
}
