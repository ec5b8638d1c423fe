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

/// The optional packages that a package of the lock file names and that have no entry of their own:
/// npm writes such a file where the registry lacks the packages of other platforms, and refuses it
/// everywhere.
pub(crate) fn incomplete(lock: &Value) -> Vec<String> {
    let Some(packages) = lock.get("packages").and_then(Value::as_object) else {
        return vec!["no packages".to_owned()];
    };
    let mut missing = Vec::new();
    for (place, package) in packages {
        let optional = package
            .get("optionalDependencies")
            .and_then(Value::as_object);
        for name in optional.into_iter().flat_map(|names| names.keys()) {
            let places = [
                format!("node_modules/{name}"),
                format!("{place}/node_modules/{name}"),
            ];
            if !places.iter().any(|place| packages.contains_key(place)) {
                missing.push(format!("{name}, which {place} names, has no entry"));
            }
        }
    }
    missing
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
    fn a_lock_file_without_the_packages_of_other_platforms_is_found() {
        let mut lock = json!({ "packages": {
            "node_modules/a": { "optionalDependencies": { "a-linux": "1", "a-win32": "1" } },
            "node_modules/a-linux": {},
        } });
        assert_eq!(
            incomplete(&lock),
            ["a-win32, which node_modules/a names, has no entry"]
        );
        lock["packages"]["node_modules/a/node_modules/a-win32"] = json!({});
        assert!(incomplete(&lock).is_empty());
    }

    #[test]
    fn node_18_is_too_old_and_nothing_is_no_node() {
        assert!(is_new_enough("v20.20.2\n"));
        assert!(is_new_enough("v22.0.0"));
        assert!(!is_new_enough("v18.20.0"));
        assert!(!is_new_enough(""));
    }
}
