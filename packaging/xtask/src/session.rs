use std::{
    path::PathBuf,
    process::{Command, Stdio},
};

use anyhow::{Result, ensure};

use crate::checkout::{Checkout, command};

/// Whether the caller's own session has a keyring, or would start one.
pub(crate) fn has_keyring(checkout: &Checkout) -> bool {
    if !cfg!(target_os = "linux") {
        return true;
    }
    ["ListNames", "ListActivatableNames"].iter().any(|method| {
        let mut ask = command("dbus-send", &checkout.root);
        ask.args([
            "--session",
            "--print-reply",
            "--dest=org.freedesktop.DBus",
            "/",
        ]);
        ask.arg(format!("org.freedesktop.DBus.{method}"))
            .stderr(Stdio::null());
        ask.output().is_ok_and(|said| {
            String::from_utf8_lossy(&said.stdout).contains("\"org.freedesktop.secrets\"")
        })
    })
}

/// A command inside a desktop session of its own (packaging/linux/session.sh): screen, bus,
/// unlocked keyring, notifications, and a home that is empty. The name keeps sessions apart.
pub(crate) fn inside(checkout: &Checkout, name: &str, program: PathBuf) -> Result<Command> {
    ensure!(
        cfg!(target_os = "linux"),
        "a session without a screen can only be made on Linux"
    );
    let mut session = command(
        checkout.root.join("packaging/linux/session.sh"),
        &checkout.root,
    );
    session
        .arg(checkout.target.join("sessions").join(name))
        .arg(program);
    // The home is another, but the caches that only cost time to fill are the caller's.
    for (variable, folder) in [("CARGO_HOME", ".cargo"), ("RUSTUP_HOME", ".rustup")] {
        if std::env::var_os(variable).is_none()
            && let Some(home) = std::env::home_dir()
        {
            session.env(variable, home.join(folder));
        }
    }
    session.env("CONGVAN_PDFIUM", checkout.pdfium());
    Ok(session)
}
