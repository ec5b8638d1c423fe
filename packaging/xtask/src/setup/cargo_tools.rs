use std::{env, fs};

use anyhow::{Context, Result};

use crate::{checkout::Checkout, proc, progress};

/// A program that cargo installs into `target/tools/bin`, unless the path has it.
#[derive(Clone, Copy)]
pub(crate) enum Tool {
    /// Brings WebDriver to the real window.
    TauriDriver,
    /// Runs the tests.
    Nextest,
    /// Judges the dependencies.
    Deny,
    /// Feeds the readers what nobody wrote.
    Fuzz,
}

impl Tool {
    fn package(self) -> &'static str {
        match self {
            Self::TauriDriver => "tauri-driver",
            Self::Nextest => "cargo-nextest",
            Self::Deny => "cargo-deny",
            Self::Fuzz => "cargo-fuzz",
        }
    }

    fn version(self) -> &'static str {
        match self {
            Self::TauriDriver => "2.1.0",
            Self::Nextest => "0.9.143",
            Self::Deny => "0.20.2",
            Self::Fuzz => "0.13.2",
        }
    }

    /// What of it is built.
    fn features(self) -> &'static [&'static str] {
        match self {
            Self::TauriDriver | Self::Deny | Self::Fuzz => &[],
            // Without the part that downloads newer versions of itself: half the time to build.
            Self::Nextest => &["--no-default-features", "--features", "default-no-update"],
        }
    }
}

pub(crate) fn ensure(checkout: &Checkout, tools: &[Tool]) -> Result<()> {
    for tool in tools {
        if !is_there(checkout, *tool) {
            install(checkout, *tool)?;
        }
    }
    Ok(())
}

fn is_there(checkout: &Checkout, tool: Tool) -> bool {
    let program = format!("{}{}", tool.package(), env::consts::EXE_SUFFIX);
    if checkout.tools().join("bin").join(&program).is_file() {
        let notes = fs::read_to_string(checkout.tools().join(".crates.toml")).unwrap_or_default();
        return notes.contains(&format!("\"{} {} ", tool.package(), tool.version()));
    }
    env::var_os("PATH")
        .is_some_and(|path| env::split_paths(&path).any(|folder| folder.join(&program).is_file()))
}

fn install(checkout: &Checkout, tool: Tool) -> Result<()> {
    let (package, version) = (tool.package(), tool.version());
    progress::step(&format!("Build {package} {version} (once)"), || {
        // A target folder of its own: the checkout's would be locked, and filled for nothing.
        let build = checkout.tools().join("build");
        let mut cargo = checkout.cargo();
        cargo.args([
            "install",
            "--locked",
            "--force",
            "--debug",
            package,
            "--version",
            version,
        ]);
        cargo
            .args(tool.features())
            .arg("--root")
            .arg(checkout.tools())
            .arg("--target-dir")
            .arg(&build);
        // They run for seconds and are built once: what counts is how soon they are there.
        cargo
            .env("CARGO_PROFILE_DEV_DEBUG", "false")
            .env("CARGO_INCREMENTAL", "0");
        let log = checkout.target.join("logs").join(format!("{package}.log"));
        let result = proc::run_logged(&mut cargo, &log).context("is the network there?");
        if build.exists() {
            fs::remove_dir_all(&build)?;
        }
        result
    })
}
