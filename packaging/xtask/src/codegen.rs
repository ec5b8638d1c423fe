use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, bail};

use crate::{
    checkout::{Checkout, command},
    proc,
    progress::{self, say},
};

/// Generated files that are committed, by their place in the checkout.
type Files = BTreeMap<PathBuf, String>;

const TYPESCRIPT: &str = "ui/src/generated";
const COMMANDS: &str = "src-tauri/commands.txt";
const CAPABILITY: &str = "src-tauri/capabilities/main.json";
const OPENAPI: &str = "tests/province/openapi.json";

/// Writes what is generated into the checkout.
pub(crate) fn write(checkout: &Checkout) -> Result<()> {
    let made = generate(checkout)?;
    let mut changed = 0;
    for (place, text) in &made {
        let file = checkout.root.join(place);
        if fs::read_to_string(&file).is_ok_and(|old| old == *text) {
            continue;
        }
        if let Some(folder) = file.parent() {
            fs::create_dir_all(folder)?;
        }
        fs::write(&file, text)?;
        say(&format!("    wrote {}", place.display()));
        changed += 1;
    }
    for place in left_over(&committed(checkout)?, &made) {
        fs::remove_file(checkout.root.join(&place))?;
        say(&format!("    removed {}", place.display()));
        changed += 1;
    }
    say(&format!(
        "{} generated files, {changed} changed",
        made.len()
    ));
    Ok(())
}

/// Fails when what is committed is not what would be generated.
pub(crate) fn check(checkout: &Checkout) -> Result<()> {
    let made = generate(checkout)?;
    let differences = compare(&committed(checkout)?, &made);
    if differences.is_empty() {
        return Ok(());
    }
    bail!(
        "generated files are out of date; run `cargo xtask codegen` and commit:\n{}",
        differences.join("\n")
    )
}

fn generate(checkout: &Checkout) -> Result<Files> {
    progress::step("Build the generators", || {
        // With the features of the whole workspace, so that nothing is compiled a second time.
        let mut cargo = checkout.cargo();
        cargo.args(["build", "--locked", "--workspace", "--examples"]);
        cargo.args(["--bin", "ipc-codegen", "--bin", "congvan-province"]);
        proc::run(&mut cargo)
    })?;
    let folder = checkout.target.join("codegen");
    if folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    let (ui, shell) = (folder.join("ui"), folder.join("shell"));
    fs::create_dir_all(&ui)?;
    fs::create_dir_all(&shell)?;
    proc::run(
        command(checkout.program("ipc-codegen"), &checkout.root)
            .arg(&ui)
            .arg(&shell),
    )?;
    let mut made = read_folder(&ui, Path::new(TYPESCRIPT))?;
    let commands = fs::read_to_string(shell.join("commands.txt"))
        .context("ipc-codegen wrote no commands.txt")?;
    made.insert(CAPABILITY.into(), capability(&commands));
    made.insert(COMMANDS.into(), commands);
    let openapi =
        proc::output(command(checkout.program("congvan-province"), &checkout.root).arg("openapi"))?;
    made.insert(OPENAPI.into(), openapi);
    Ok(made)
}

/// What the main window may call: everything in the table that is its own, and what only the shell has
/// (`OF_THE_SHELL` in its build script).
fn capability(commands: &str) -> String {
    let own = commands
        .lines()
        .filter_map(|line| line.strip_prefix("main "));
    let of_the_shell = [
        "choose_scans",
        "choose_draft_file",
        "choose_scan_folder",
        "courier_write",
        "courier_carry",
        "courier_receive",
        "dossier_package",
        "import_choose_table",
        "import_choose_folder",
    ];
    let allowed = own
        .chain(of_the_shell)
        .map(|name| format!("allow-{}", name.replace('_', "-")));
    // Printing needs the shell on macOS alone; elsewhere the webview does it by itself.
    let of_tauri = [
        "core:event:allow-listen",
        "core:event:allow-unlisten",
        "core:webview:allow-print",
    ]
    .map(str::to_owned);
    let permissions: Vec<String> = of_tauri
        .into_iter()
        .chain(allowed)
        .map(|permission| format!("    \"{permission}\""))
        .collect();
    format!(
        "{{\n  \"$schema\": \"../gen/schemas/desktop-schema.json\",\n  \"identifier\": \"main\",\n  \
         \"description\": \"The desk: everything but the PIN.\",\n  \"windows\": [\n    \"main\"\n  ],\n  \
         \"permissions\": [\n{}\n  ]\n}}\n",
        permissions.join(",\n")
    )
}

fn committed(checkout: &Checkout) -> Result<Files> {
    let typescript = checkout.root.join(TYPESCRIPT);
    let mut files = if typescript.is_dir() {
        read_folder(&typescript, Path::new(TYPESCRIPT))?
    } else {
        Files::new()
    };
    for place in [COMMANDS, CAPABILITY, OPENAPI] {
        if let Ok(text) = fs::read_to_string(checkout.root.join(place)) {
            files.insert(place.into(), text);
        }
    }
    Ok(files)
}

fn read_folder(folder: &Path, place: &Path) -> Result<Files> {
    let mut files = Files::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        files.insert(
            place.join(entry.file_name()),
            fs::read_to_string(entry.path())?,
        );
    }
    Ok(files)
}

/// One line for each file that is missing, different or no longer made.
fn compare(committed: &Files, made: &Files) -> Vec<String> {
    let mut differences: Vec<String> = made
        .iter()
        .filter_map(|(place, text)| match committed.get(place) {
            Some(old) if old == text => None,
            Some(old) => Some(format!(
                "  {} {}",
                place.display(),
                first_difference(old, text)
            )),
            None => Some(format!("  {} is missing", place.display())),
        })
        .collect();
    differences.extend(
        left_over(committed, made)
            .iter()
            .map(|place| format!("  {} is no longer generated", place.display())),
    );
    differences
}

fn left_over(committed: &Files, made: &Files) -> Vec<PathBuf> {
    committed
        .keys()
        .filter(|place| !made.contains_key(*place))
        .cloned()
        .collect()
}

fn first_difference(old: &str, new: &str) -> String {
    let mut pairs = old.lines().zip(new.lines()).zip(1..);
    match pairs.find(|((old, new), _)| old != new) {
        Some(((old, new), line)) => format!("line {line}: `{old}` should be `{new}`"),
        None => format!(
            "has {} lines, should have {}",
            old.lines().count(),
            new.lines().count()
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files(of: &[(&str, &str)]) -> Files {
        of.iter()
            .map(|(place, text)| (PathBuf::from(place), (*text).to_owned()))
            .collect()
    }

    #[test]
    fn a_changed_a_missing_and_a_stale_generated_file_are_each_named() {
        let committed = files(&[("types.ts", "a\nb\n"), ("old.ts", ""), ("same.ts", "x")]);
        let made = files(&[("types.ts", "a\nc\n"), ("new.ts", ""), ("same.ts", "x")]);
        let said = compare(&committed, &made).join("\n");
        assert!(
            said.contains("types.ts line 2: `b` should be `c`"),
            "{said}"
        );
        assert!(said.contains("new.ts is missing"), "{said}");
        assert!(said.contains("old.ts is no longer generated"), "{said}");
        assert!(!said.contains("same.ts"), "{said}");
    }

    #[test]
    fn a_file_that_only_grew_is_a_difference() {
        assert!(!compare(&files(&[("a", "x\n")]), &files(&[("a", "x\ny\n")])).is_empty());
    }
}
