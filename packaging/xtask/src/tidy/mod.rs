//! The rules of the house that no compiler checks.

mod crates;
mod files;
mod map;
mod references;
mod words;

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, bail};

use crate::{
    checkout::{Checkout, command},
    proc,
    progress::say,
};

/// A text file of the checkout that git knows or would add.
pub(crate) struct Source {
    /// From the root, with slashes.
    pub(crate) path: String,
    pub(crate) text: String,
}

impl Source {
    /// Written by a program, or a list that nobody reads.
    pub(crate) fn is_generated(&self) -> bool {
        [
            "Cargo.lock",
            "package-lock.json",
            "requirements.txt",
            "openapi.json",
        ]
        .iter()
        .any(|name| self.path.ends_with(name))
            || self.path.starts_with("ui/src/generated/")
            || self.path == "LICENSE"
    }

    pub(crate) fn is_rust(&self) -> bool {
        self.path.ends_with(".rs")
    }
}

/// Says everything that is wrong, and fails when something is.
pub(crate) fn run(checkout: &Checkout) -> Result<()> {
    let sources = sources(checkout)?;
    let metadata = proc::output(checkout.cargo().args([
        "metadata",
        "--format-version",
        "1",
        "--no-deps",
        "--offline",
    ]))?;
    let packages = crates::packages(&metadata)?;
    let map = map::parse(&text(&sources, "src-tauri/ARCHITECTURE.md")?);
    let mut wrong = Vec::new();
    wrong.extend(files::check(&sources));
    wrong.extend(references::check(&sources));
    wrong.extend(crates::check(&packages, &map));
    wrong.extend(crates::check_purity(&sources));
    wrong.extend(words::check(
        &text(&sources, "ui/src/i18n/vi.json")?,
        &text(&sources, "ui/src/i18n/en.json")?,
        &text(&sources, "ui/src/generated/errorCodes.ts")?,
    )?);
    let lock = serde_json::from_str(&text(&sources, "ui/package-lock.json")?)?;
    wrong.extend(
        crate::setup::incomplete(&lock)
            .into_iter()
            .map(|what| format!("ui/package-lock.json: {what}; npm would refuse it")),
    );
    if wrong.is_empty() {
        say(&format!("    {} files are in order", sources.len()));
        return Ok(());
    }
    wrong.sort();
    bail!(
        "{} things are not in order:\n  {}",
        wrong.len(),
        wrong.join("\n  ")
    )
}

fn sources(checkout: &Checkout) -> Result<Vec<Source>> {
    let mut git = command("git", &checkout.root);
    git.args([
        "ls-files",
        "-z",
        "--cached",
        "--others",
        "--exclude-standard",
    ]);
    let list = proc::output(&mut git).context("tidy reads the list of files from git")?;
    Ok(list
        .split('\0')
        .filter(|path| !path.is_empty())
        .filter_map(|path| {
            // Deleted and not yet committed, or no text: nothing to judge.
            let text = String::from_utf8(fs::read(checkout.root.join(path)).ok()?).ok()?;
            (!text.contains('\0')).then(|| Source {
                path: path.to_owned(),
                text,
            })
        })
        .collect())
}

fn text(sources: &[Source], path: &str) -> Result<String> {
    let source = sources.iter().find(|source| source.path == path);
    Ok(source
        .with_context(|| format!("{path} is missing"))?
        .text
        .clone())
}

/// Whether a path of the checkout exists once its `..` are resolved; never outside of it.
pub(crate) fn resolve(folder: &Path, reference: &str) -> Option<PathBuf> {
    let mut resolved: Vec<&str> = folder
        .to_str()?
        .split('/')
        .filter(|part| !part.is_empty())
        .collect();
    for part in reference.split('/') {
        match part {
            "" | "." => {}
            ".." => drop(resolved.pop()?),
            part => resolved.push(part),
        }
    }
    Some(resolved.join("/").into())
}
