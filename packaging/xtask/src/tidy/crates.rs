use anyhow::{Context, Result};
use serde_json::Value;

use super::{Source, map::Row};

/// Crates that touch no file, socket, clock, environment, thread or runtime.
const PURE: [&str; 7] = [
    "model", "protocol", "sync", "pdf", "pades", "intake", "format",
];

/// Modules of the standard library that do.
const IMPURE_STD: [&str; 5] = ["fs", "net", "env", "thread", "process"];

/// Other ways to do so.
const IMPURE: [&str; 10] = [
    "tokio::",
    "SystemTime::now",
    "Instant::now",
    "Timestamp::now",
    "Zoned::now",
    "Uuid::now_v7",
    "Uuid::new_v4",
    "rand::rng()",
    "thread_rng",
    "OsRng",
];

/// A member of the workspace and the members it depends on, but for tests.
pub(super) struct Package {
    name: String,
    is_shipped: bool,
    uses: Vec<String>,
    /// A library that hides its errors in `anyhow`.
    has_vague_errors: bool,
}

/// Reads `cargo metadata --no-deps`.
pub(super) fn packages(metadata: &str) -> Result<Vec<Package>> {
    let metadata: Value = serde_json::from_str(metadata).context("cargo metadata")?;
    let packages = metadata
        .get("packages")
        .and_then(Value::as_array)
        .context("no packages")?;
    packages
        .iter()
        .map(|package| parse(package).context("a package without a name"))
        .collect()
}

fn parse(package: &Value) -> Option<Package> {
    let manifest = package.get("manifest_path")?.as_str()?.replace('\\', "/");
    let dependencies = package.get("dependencies")?.as_array()?;
    let used = || {
        dependencies
            .iter()
            .filter(|it| it.get("kind").and_then(Value::as_str) != Some("dev"))
    };
    let uses = used()
        .filter(|it| it.get("path").is_some_and(Value::is_string))
        .filter_map(|it| Some(it.get("name")?.as_str()?.to_owned()))
        .collect();
    Some(Package {
        name: package.get("name")?.as_str()?.to_owned(),
        is_shipped: manifest.contains("/src-tauri/"),
        uses,
        has_vague_errors: is_library(package)
            && used().any(|it| it.get("name").and_then(Value::as_str) == Some("anyhow")),
    })
}

fn is_library(package: &Value) -> bool {
    let targets = package.get("targets").and_then(Value::as_array);
    let mut kinds = targets
        .into_iter()
        .flatten()
        .filter_map(|target| target.get("kind")?.as_array());
    kinds.any(|kinds| kinds.iter().any(|kind| kind == "lib"))
}

/// Every shipped crate is on the map, the map has no other, and no crate uses one that its row
/// does not name. What is not shipped may use anything, but nothing shipped may use it.
pub(super) fn check(packages: &[Package], map: &[Row]) -> Vec<String> {
    let mut wrong = Vec::new();
    for package in packages.iter().filter(|package| package.is_shipped) {
        let Some(row) = map.iter().find(|row| row.name == package.name) else {
            wrong.push(format!(
                "{}: is not on the map of ARCHITECTURE.md",
                package.name
            ));
            continue;
        };
        if package.has_vague_errors {
            wrong.push(format!(
                "{}: a library has typed errors, not anyhow",
                package.name
            ));
        }
        for used in &package.uses {
            let short = used.strip_prefix("congvan-").unwrap_or(used);
            if short != "model" && !row.may_use.iter().any(|allowed| allowed == short) {
                wrong.push(format!(
                    "{}: uses {used}, which its row in ARCHITECTURE.md does not allow",
                    package.name
                ));
            }
        }
    }
    for row in map {
        if !packages.iter().any(|package| package.name == row.name) {
            wrong.push(format!(
                "{}: is on the map of ARCHITECTURE.md and does not exist",
                row.name
            ));
        }
    }
    wrong
}

/// Pure crates name nothing that is not.
pub(super) fn check_purity(sources: &[Source]) -> Vec<String> {
    let mut wrong = Vec::new();
    for source in sources.iter().filter(|source| source.is_rust()) {
        let is_pure = PURE.iter().any(|name| {
            source
                .path
                .starts_with(&format!("src-tauri/crates/congvan-{name}/src/"))
        });
        if is_pure {
            let shipped = source.text.split("#[cfg(test)]").next().unwrap_or_default();
            wrong.extend(impurities(shipped).into_iter().map(|what| {
                format!(
                    "{}: `{what}` in a crate that is pure by ARCHITECTURE.md",
                    source.path
                )
            }));
        }
    }
    wrong
}

fn impurities(text: &str) -> Vec<String> {
    let code: String = text
        .lines()
        .map(|line| line.split("//").next().unwrap_or_default())
        .collect::<Vec<_>>()
        .join(" ");
    let mut found: Vec<String> = IMPURE
        .iter()
        .filter(|name| code.contains(**name))
        .map(|name| (*name).to_owned())
        .collect();
    for rest in code.split("std::").skip(1) {
        found.extend(
            imported(rest)
                .into_iter()
                .filter(|name| IMPURE_STD.contains(name))
                .map(|name| format!("std::{name}")),
        );
    }
    found
}

/// The first names after `std::`, be it one or a group in braces.
fn imported(rest: &str) -> Vec<&str> {
    let is_name = |letter: char| letter.is_alphanumeric() || letter == '_';
    let Some(group) = rest.strip_prefix('{') else {
        return rest.split(|letter| !is_name(letter)).take(1).collect();
    };
    let mut names = Vec::new();
    let mut depth = 1;
    let mut at_start = true;
    for piece in group.split_inclusive(['{', '}', ',']) {
        if depth == 1 && at_start {
            names.extend(piece.trim().split(|letter| !is_name(letter)).next());
        }
        match piece.chars().next_back() {
            Some('{') => depth += 1,
            Some('}') => depth -= 1,
            _ => {}
        }
        at_start = piece.ends_with(',');
        if depth == 0 {
            break;
        }
    }
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    fn package(name: &str, uses: &[&str]) -> Package {
        let uses = uses.iter().map(|used| (*used).to_owned()).collect();
        Package {
            name: name.to_owned(),
            is_shipped: true,
            uses,
            has_vague_errors: false,
        }
    }

    fn row(name: &str, may_use: &[&str]) -> Row {
        let may_use = may_use.iter().map(|used| (*used).to_owned()).collect();
        Row {
            name: name.to_owned(),
            may_use,
        }
    }

    #[test]
    fn an_arrow_that_the_map_does_not_have_is_found() {
        let map = [
            row("congvan-pdf", &["model"]),
            row("congvan-pades", &["pdf"]),
        ];
        let good = [
            package("congvan-pdf", &["congvan-model"]),
            package("congvan-pades", &["congvan-pdf"]),
        ];
        assert!(check(&good, &map).is_empty());
        let upwards = [
            package("congvan-pdf", &["congvan-pades"]),
            package("congvan-pades", &[]),
        ];
        assert_eq!(check(&upwards, &map).len(), 1);
        let tests_shipped = [
            package("congvan-pdf", &["congvan-testkit"]),
            package("congvan-pades", &[]),
        ];
        assert_eq!(check(&tests_shipped, &map).len(), 1);
    }

    #[test]
    fn map_and_workspace_name_the_same_crates() {
        assert_eq!(check(&[package("congvan-new", &[])], &[]).len(), 1);
        assert_eq!(check(&[], &[row("congvan-gone", &[])]).len(), 1);
    }

    #[test]
    fn a_library_with_vague_errors_is_found_and_a_program_is_not() {
        let metadata = |kind: &str| {
            format!(
                r#"{{"packages":[{{"name":"a","manifest_path":"/x/src-tauri/a/Cargo.toml",
                "targets":[{{"kind":["{kind}"]}}],
                "dependencies":[{{"name":"anyhow","kind":null}}]}}]}}"#
            )
        };
        let found = |kind: &str| {
            check(
                &packages(&metadata(kind)).expect("metadata"),
                &[row("a", &[])],
            )
            .len()
        };
        assert_eq!(found("lib"), 1);
        assert_eq!(found("bin"), 0);
    }

    #[test]
    fn test_dependencies_are_no_arrows() {
        let metadata = r#"{"packages":[{"name":"congvan-pdf",
            "manifest_path":"/x/src-tauri/crates/congvan-pdf/Cargo.toml","dependencies":[
            {"name":"congvan-testkit","kind":"dev","path":"/x"},
            {"name":"congvan-model","kind":null,"path":"/x"},
            {"name":"serde","kind":null}]}]}"#;
        let packages = packages(metadata).expect("metadata");
        assert_eq!(packages.first().expect("one").uses, ["congvan-model"]);
    }

    #[test]
    fn a_pure_crate_that_opens_a_file_is_found_however_it_imports() {
        for impure in [
            "std::fs::read(a)",
            "use std::{collections::HashMap, fs::File};",
            "use std::{\n  cmp,\n  io::{Read, Write},\n  net,\n};",
            "let now = SystemTime::now();",
        ] {
            assert_eq!(impurities(impure).len(), 1, "{impure}");
        }
        for pure in [
            "use std::{collections::{BTreeMap, fs}, fmt};",
            "// std::fs would be wrong here",
            "use std::io::Read;",
            "self::env::x()",
        ] {
            assert!(impurities(pure).is_empty(), "{pure}");
        }
    }

    #[test]
    fn tests_of_a_pure_crate_may_read_files() {
        let text = "fn a() {}\n#[cfg(test)]\nmod tests { fn b() { std::fs::read(a); } }";
        let path = "src-tauri/crates/congvan-pdf/src/a.rs";
        assert!(
            check_purity(&[Source {
                path: path.into(),
                text: text.into()
            }])
            .is_empty()
        );
    }
}
