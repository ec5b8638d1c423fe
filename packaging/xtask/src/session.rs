use std::{path::PathBuf, process::Command};

use anyhow::{Result, ensure};

use crate::checkout::{Checkout, command};

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
