use std::{env, fs, path::Path};

use anyhow::{Context, Result, bail};

use crate::{
    checkout::{Checkout, command},
    proc, progress,
};

/// Installs the packages of apt.txt that are missing. Elsewhere than on Debian and its children
/// it says what is needed and goes on.
pub(crate) fn ensure(checkout: &Checkout) -> Result<()> {
    let list = fs::read_to_string(checkout.root.join("packaging/xtask/apt.txt"))
        .context("packaging/xtask/apt.txt")?;
    install(checkout, &packages(&list))
}

/// Installs those of these packages that are missing, with the same exception.
pub(crate) fn install(checkout: &Checkout, wanted: &[&str]) -> Result<()> {
    if wanted.is_empty() {
        return Ok(());
    }
    if !Path::new("/usr/bin/dpkg-query").exists() {
        progress::say(&format!(
            "Not a Debian system: what has to be installed is called there\n  {}",
            wanted.join(" ")
        ));
        return Ok(());
    }
    let missing = missing(checkout, wanted)?;
    if missing.is_empty() {
        return Ok(());
    }
    progress::say(&format!(
        "System packages to install:\n  {}",
        missing.join(" ")
    ));
    let before: &[&str] = match () {
        () if is_root(checkout)? => &[],
        () if on_path("sudo") => {
            if env::var_os("CI").is_some() {
                &["sudo", "-n"]
            } else {
                &["sudo"]
            }
        }
        () => bail!(
            "installing packages needs root; as root run\n  apt-get install --no-install-recommends {}",
            missing.join(" ")
        ),
    };
    let next = "is the network there? If dpkg is in a bad state, `dpkg --configure -a` helps";
    progress::step("Update the package lists", || {
        apt(checkout, before, &["update"], "apt-update").context(next)
    })?;
    progress::step("Install the system packages", || {
        let mut arguments = vec!["install", "-y", "--no-install-recommends"];
        arguments.extend(&missing);
        apt(checkout, before, &arguments, "apt-install").context(next)
    })
}

/// The names in the list, without remarks.
fn packages(list: &str) -> Vec<&str> {
    list.lines()
        .map(str::trim)
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .collect()
}

fn missing<'a>(checkout: &Checkout, wanted: &[&'a str]) -> Result<Vec<&'a str>> {
    // It ends with an error when it does not know a package; what it prints is still right.
    let output = command("dpkg-query", &checkout.root)
        .args(["-W", "-f=${Package} ${db:Status-Status}\n"])
        .args(wanted)
        .output()
        .context("dpkg-query")?;
    let known = String::from_utf8_lossy(&output.stdout);
    Ok(not_installed(wanted, &known))
}

fn not_installed<'a>(wanted: &[&'a str], known: &str) -> Vec<&'a str> {
    let installed: Vec<&str> = known
        .lines()
        .filter_map(|line| line.strip_suffix(" installed"))
        .collect();
    wanted
        .iter()
        .copied()
        .filter(|package| !installed.contains(package))
        .collect()
}

fn is_root(checkout: &Checkout) -> Result<bool> {
    Ok(proc::output(command("id", &checkout.root).arg("-u"))?.trim() == "0")
}

fn on_path(program: &str) -> bool {
    env::var_os("PATH")
        .is_some_and(|path| env::split_paths(&path).any(|folder| folder.join(program).is_file()))
}

fn apt(checkout: &Checkout, before: &[&str], arguments: &[&str], log: &str) -> Result<()> {
    let mut words = before
        .iter()
        .copied()
        .chain(["env", "DEBIAN_FRONTEND=noninteractive"]);
    let mut apt = command(words.next().unwrap_or("env"), &checkout.root);
    apt.args(words).arg("apt-get").arg("-q").args(arguments);
    if before == ["sudo"] {
        // It may ask for the password.
        apt.stdin(std::process::Stdio::inherit());
    }
    proc::run_logged(
        &mut apt,
        &checkout.target.join("logs").join(format!("{log}.log")),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn remarks_and_empty_lines_are_no_packages() {
        assert_eq!(packages("# To build\n\nqpdf\n  xvfb \n"), ["qpdf", "xvfb"]);
    }

    #[test]
    fn a_package_that_was_removed_or_only_unpacked_is_missing() {
        let known = "qpdf installed\nxvfb config-files\ndunst unpacked\n";
        assert_eq!(
            not_installed(&["qpdf", "xvfb", "dunst", "dbus"], known),
            ["xvfb", "dunst", "dbus"]
        );
    }
}
