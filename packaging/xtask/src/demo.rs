use std::{env, ffi::OsStr, fs, path::Path, time::Duration};

use anyhow::{Context, Result, ensure};
use serde_json::Value;

use crate::{
    build::{self, Programs},
    checkout::{Checkout, command},
    proc,
    progress::say,
    session, setup,
};

/// More than the slowest machine needs for the story.
const STORY_MAY_TAKE: Duration = Duration::from_secs(15 * 60);

/// Where the demo is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Screen {
    /// In the session of the person who asked.
    Own,
    /// On a virtual screen; photographs are left.
    Virtual,
}

impl Screen {
    /// The person's own where there is one.
    pub(crate) fn find() -> Self {
        let has_display = cfg!(not(target_os = "linux"))
            || ["DISPLAY", "WAYLAND_DISPLAY"]
                .iter()
                .any(|name| env::var_os(name).is_some_and(|value| !value.is_empty()));
        if has_display {
            Self::Own
        } else {
            Self::Virtual
        }
    }
}

/// Builds what is needed and shows the main job.
pub(crate) fn run(checkout: &Checkout, screen: Screen) -> Result<()> {
    setup::run(checkout)?;
    build::ui(checkout)?;
    build::rust(checkout, Programs::All)?;
    let folder = checkout.target.join("demo");
    match screen {
        Screen::Own => open(checkout, &folder),
        Screen::Virtual => {
            say(&format!(
                "==> The story; photographs go to {}",
                folder.display()
            ));
            play(checkout, &folder)
        }
    }
}

/// The province, a token and the desk in the person's own session, until the desk is closed.
fn open(checkout: &Checkout, folder: &Path) -> Result<()> {
    let program = checkout.program("congvan-e2e");
    let mut demo = if session::has_keyring(checkout) {
        let mut demo = command(program, &checkout.root);
        demo.env("CONGVAN_PDFIUM", checkout.pdfium());
        demo
    } else {
        say("==> This session has no keyring: the desk gets a session of its own on your screen");
        let mut demo = session::inside(checkout, "demo", program)?;
        demo.env("CONGVAN_SESSION_SCREEN", "own");
        demo
    };
    proc::run(demo.arg("open").arg(folder))
}

/// Plays the story in the real window on a virtual screen, and checks what it leaves.
pub(crate) fn play(checkout: &Checkout, folder: &Path) -> Result<()> {
    let mut story = session::inside(checkout, "story", checkout.program("congvan-e2e"))?;
    story.arg(folder);
    let ending = proc::watch(&mut story, STORY_MAY_TAKE)?;
    ensure!(
        ending.status.success(),
        "the story ended with {}; the logs are in {}",
        ending.status,
        folder.join("office/logs").display()
    );
    is_closing_line(&ending.last_line)?;
    for kind in ["png", "pdf"] {
        ensure!(
            has_file(folder, kind)?,
            "the story left no .{kind} in {}",
            folder.display()
        );
    }
    Ok(())
}

/// The last line is one of JSON, so that anyone can compare runs.
fn is_closing_line(line: &str) -> Result<()> {
    let value: Value =
        serde_json::from_str(line).with_context(|| format!("the last line is no JSON: {line}"))?;
    for (name, is_right) in [
        ("name", value.get("name").is_some_and(Value::is_string)),
        (
            "figures",
            value.get("figures").is_some_and(Value::is_object),
        ),
        ("peers", value.get("peers").is_some_and(Value::is_object)),
    ] {
        ensure!(is_right, "the last line has no `{name}`: {line}");
    }
    Ok(())
}

fn has_file(folder: &Path, kind: &str) -> Result<bool> {
    let mut files = fs::read_dir(folder)?.filter_map(|entry| Some(entry.ok()?.path()));
    Ok(files.any(|file| {
        file.extension() == Some(OsStr::new(kind))
            && fs::metadata(&file).is_ok_and(|file| file.len() > 0)
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_that_cannot_be_compared_is_refused() {
        assert!(is_closing_line(r#"{"name":"demo","figures":{"a":1},"peers":{}}"#).is_ok());
        assert!(is_closing_line(r#"{"name":"demo","figures":{}}"#).is_err());
        assert!(is_closing_line("[  3.1 s] 12. Xong").is_err());
    }
}
