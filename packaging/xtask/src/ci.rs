use std::{env, path::Path};

use anyhow::{Result, bail};

use crate::{
    build,
    checkout::{Checkout, command},
    codegen, fuzz, proc,
    progress::{say, step},
    setup::{self, Tool},
    test, tidy,
};

/// Everything a change must pass. The cheap checks all run, so that one look shows all that is
/// wrong; the tests run when they are clean.
pub(crate) fn run(checkout: &Checkout) -> Result<()> {
    setup::run(checkout)?;
    setup::tool(checkout, Tool::Deny)?;
    // The shell's macros read the built pages.
    build::ui(checkout)?;
    let mut wrong = Vec::new();
    let mut check = |what: &str, work: &dyn Fn() -> Result<()>| {
        if let Err(error) = step(what, work) {
            say(&format!("{error:#}"));
            wrong.push(what.to_owned());
        }
    };
    check("House rules (tidy)", &|| tidy::run(checkout));
    check("Format", &|| {
        proc::run(checkout.cargo().args(["fmt", "--all", "--check"]))
    });
    check("Words (typos)", &|| {
        proc::run(&mut command(checkout.python_tool("typos"), &checkout.root))
    });
    check("Dependencies (cargo-deny)", &|| dependencies(checkout));
    check("User interface (Biome, knip)", &|| {
        proc::run(checkout.npm().args(["run", "--silent", "lint"]))
    });
    check("User interface (TypeScript)", &|| {
        proc::run(checkout.npm().args(["exec", "--", "tsc", "--noEmit"]))
    });
    check("Lints (clippy)", &|| {
        let mut cargo = checkout.cargo();
        cargo.args([
            "clippy",
            "--workspace",
            "--all-targets",
            "--locked",
            "--",
            "-D",
            "warnings",
        ]);
        proc::run(&mut cargo)
    });
    check("Fuzz targets", &|| fuzz::check(checkout));
    check("Generated code", &|| codegen::check(checkout));
    if !wrong.is_empty() {
        bail!("these checks found something: {}", wrong.join(", "));
    }
    test::run(checkout)
}

/// Bans, licences and sources need nothing but the lock file. Advisories need the database of
/// RustSec, which is on another host than the crates.
fn dependencies(checkout: &Checkout) -> Result<()> {
    let mut deny = checkout.cargo_plugin("deny");
    deny.args([
        "--all-features",
        "--locked",
        "check",
        "bans",
        "licenses",
        "sources",
    ]);
    proc::run(&mut deny)?;
    if !database_is_there() {
        say(
            "    The advisory database is not on this machine, so known vulnerabilities were NOT \
             looked for.\n    With a connection to GitHub: cargo deny fetch db, and again.",
        );
        return Ok(());
    }
    let mut deny = checkout.cargo_plugin("deny");
    deny.args([
        "--all-features",
        "--locked",
        "check",
        "--disable-fetch",
        "advisories",
    ]);
    proc::run(&mut deny)
}

fn database_is_there() -> bool {
    let cargo_home = env::var_os("CARGO_HOME")
        .map(Into::into)
        .or_else(|| env::home_dir().map(|home| home.join(".cargo")));
    let has_entries = |folder: &Path| {
        folder
            .read_dir()
            .is_ok_and(|mut entries| entries.any(|entry| entry.is_ok_and(|it| it.path().is_dir())))
    };
    cargo_home.is_some_and(|home| has_entries(&home.join("advisory-dbs")))
}
