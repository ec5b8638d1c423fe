use std::{
    env,
    ffi::OsString,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, Result};

/// Where things are: the checkout, what is built from it, and the tools that `setup` installed.
pub(crate) struct Checkout {
    /// The folder with the workspace's Cargo.toml.
    pub(crate) root: PathBuf,
    /// Cargo's target folder; nothing is written outside it, but for node_modules and codegen.
    pub(crate) target: PathBuf,
}

impl Checkout {
    pub(crate) fn find() -> Result<Self> {
        // At run time when cargo tells it, so that a moved checkout still finds itself.
        let here = env::var_os("CARGO_MANIFEST_DIR")
            .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")), PathBuf::from);
        let root = here
            .ancestors()
            .find(|folder| folder.join("rust-toolchain.toml").is_file())
            .context("xtask does not run inside a checkout")?
            .to_owned();
        let target = match env::var_os("CARGO_TARGET_DIR") {
            Some(folder) => env::current_dir()?.join(folder),
            None => root.join("target"),
        };
        Ok(Self { root, target })
    }

    /// Everything that `setup` installed.
    pub(crate) fn tools(&self) -> PathBuf {
        self.target.join("tools")
    }

    /// The user interface's own project.
    pub(crate) fn ui(&self) -> PathBuf {
        self.root.join("ui")
    }

    /// A program of ours, as cargo built it.
    pub(crate) fn program(&self, name: &str) -> PathBuf {
        self.target
            .join("debug")
            .join(format!("{name}{}", env::consts::EXE_SUFFIX))
    }

    /// A program in the Python environment of `setup`.
    pub(crate) fn python_tool(&self, name: &str) -> PathBuf {
        let folder = if cfg!(windows) { "Scripts" } else { "bin" };
        self.tools()
            .join("venv")
            .join(folder)
            .join(format!("{name}{}", env::consts::EXE_SUFFIX))
    }

    /// PDFium's library.
    pub(crate) fn pdfium(&self) -> PathBuf {
        let (before, after) = (env::consts::DLL_PREFIX, env::consts::DLL_SUFFIX);
        self.tools()
            .join("pdfium")
            .join(format!("{before}pdfium{after}"))
    }

    /// Cargo, the very one that runs us.
    pub(crate) fn cargo(&self) -> Command {
        let mut cargo = command(
            env::var_os("CARGO").unwrap_or_else(|| "cargo".into()),
            &self.root,
        );
        // What cargo told us about ourselves is not true of what we start.
        for (name, _) in env::vars_os() {
            if name
                .to_str()
                .is_some_and(|name| name.starts_with("CARGO_PKG_"))
            {
                cargo.env_remove(name);
            }
        }
        cargo
            .env_remove("CARGO_MANIFEST_DIR")
            .env_remove("CARGO_MANIFEST_PATH");
        cargo
    }

    /// A plug-in of cargo, from the path or from where `setup` put it.
    pub(crate) fn cargo_plugin(&self, name: &str) -> Command {
        let program = format!("cargo-{name}");
        let ours = self
            .tools()
            .join("bin")
            .join(format!("{program}{}", env::consts::EXE_SUFFIX));
        let mut plugin = self.cargo();
        if ours.is_file() {
            let mut direct = command(ours, &self.root);
            for (variable, value) in plugin.get_envs() {
                match value {
                    Some(value) => direct.env(variable, value),
                    None => direct.env_remove(variable),
                };
            }
            plugin = direct;
        }
        plugin.arg(name);
        plugin
    }

    /// npm, in the user interface's folder.
    pub(crate) fn npm(&self) -> Command {
        let mut npm = command(if cfg!(windows) { "npm.cmd" } else { "npm" }, &self.ui());
        // npm looks for news of itself otherwise, and asks for money.
        npm.env("npm_config_update_notifier", "false")
            .env("npm_config_fund", "false")
            .env("npm_config_audit", "false");
        npm
    }
}

/// A command in a folder, with nothing to read.
pub(crate) fn command(program: impl Into<OsString>, folder: &Path) -> Command {
    let mut command = Command::new(program.into());
    command
        .current_dir(folder)
        .stdin(std::process::Stdio::null());
    command
}
