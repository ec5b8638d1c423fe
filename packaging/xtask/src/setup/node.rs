use std::fs;

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::{
    checkout::{Checkout, command},
    proc, progress,
};

/// Installs the packages of the user interface's lock file, unless they are there.
pub(crate) fn ensure(checkout: &Checkout) -> Result<()> {
    let lock = fs::read_to_string(checkout.ui().join("package-lock.json"))
        .context("ui/package-lock.json")?;
    let installed = fs::read_to_string(checkout.ui().join("node_modules/.package-lock.json"));
    if let Ok(installed) = installed
        && is_installed(
            &serde_json::from_str(&lock)?,
            &serde_json::from_str(&installed)?,
        )
    {
        return Ok(());
    }
    let node = command("node", &checkout.root).arg("--version").output();
    match node {
        Ok(node) if is_new_enough(&String::from_utf8_lossy(&node.stdout)) => {}
        _ => bail!("Node 20.19 or newer is needed (https://nodejs.org)"),
    }
    progress::step("Install the npm packages", || {
        let mut npm = checkout.npm();
        npm.arg("ci");
        proc::run_logged(&mut npm, &checkout.target.join("logs/npm.log"))
            .context("is the network there?")
    })
}

/// Whether npm's own note of what it installed has every package of the lock file in its version.
/// Packages for other platforms may be missing.
fn is_installed(lock: &Value, installed: &Value) -> bool {
    let (Some(wanted), Some(there)) = (
        lock.get("packages").and_then(Value::as_object),
        installed.get("packages"),
    ) else {
        return false;
    };
    wanted
        .iter()
        .filter(|(place, _)| !place.is_empty())
        .all(|(place, package)| match there.get(place) {
            Some(found) => found.get("version") == package.get("version"),
            None => package.get("optional").and_then(Value::as_bool) == Some(true),
        })
}

fn is_new_enough(version: &str) -> bool {
    let mut numbers = version
        .trim()
        .trim_start_matches('v')
        .split('.')
        .map(str::parse::<u32>);
    let (Some(Ok(major)), Some(Ok(minor))) = (numbers.next(), numbers.next()) else {
        return false;
    };
    (major, minor) >= (20, 19)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_package_in_another_version_is_not_installed() {
        let lock = json!({ "packages": { "": {}, "node_modules/a": { "version": "2" } } });
        let old = json!({ "packages": { "node_modules/a": { "version": "1" } } });
        let new = json!({ "packages": { "node_modules/a": { "version": "2" } } });
        assert!(!is_installed(&lock, &old));
        assert!(is_installed(&lock, &new));
    }

    #[test]
    fn only_packages_for_other_platforms_may_be_missing() {
        let lock = |optional: bool| json!({ "packages": { "node_modules/a": { "version": "1", "optional": optional } } });
        let nothing = json!({ "packages": {} });
        assert!(is_installed(&lock(true), &nothing));
        assert!(!is_installed(&lock(false), &nothing));
    }

    #[test]
    fn node_18_is_too_old_and_nothing_is_no_node() {
        assert!(is_new_enough("v20.20.2\n"));
        assert!(is_new_enough("v22.0.0"));
        assert!(!is_new_enough("v18.20.0"));
        assert!(!is_new_enough(""));
    }
}
