//! Writes the TypeScript of the border and the list of commands for the shell's manifest.
//! Usage: `ipc-codegen UI_GENERATED_DIR SHELL_DIR`

use std::{env, fs, io, path::Path, process::ExitCode};

use congvan_core::FORMAT_RULES;
use congvan_ipc::{COMMANDS, ErrorCode, IpcError, PIN_COMMANDS, dto, typescript_commands};
use ts_rs::{Config, TS};

const HEAD: &str = "// Made from congvan-ipc by `cargo xtask codegen`. Do not edit.\n\n";

fn write(ui: &Path, shell: &Path) -> io::Result<()> {
    let config = Config::new().with_large_int("number");
    fs::create_dir_all(ui)?;
    fs::write(
        ui.join("types.ts"),
        format!(
            "{HEAD}{}export {}\n\nexport {}\n",
            dto::typescript_types(&config),
            ErrorCode::decl(&config),
            IpcError::decl(&config)
        ),
    )?;
    fs::write(
        ui.join("commands.ts"),
        format!(
            "{HEAD}import type * as t from \"./types\";\n\n{}",
            qualified(&config)
        ),
    )?;
    let codes: String = ErrorCode::ALL
        .iter()
        .map(|code| format!("  \"{}\",\n", code.as_str()))
        .collect();
    fs::write(
        ui.join("errorCodes.ts"),
        format!("{HEAD}export const ERROR_CODES = [\n{codes}] as const;\n"),
    )?;
    let rules: String = FORMAT_RULES
        .iter()
        .filter_map(|rule| {
            let part = serde_json::to_string(&rule.part).ok()?;
            let aspect = serde_json::to_string(&rule.aspect).ok()?;
            Some(format!("  {{ part: {part}, aspect: {aspect} }},\n"))
        })
        .collect();
    fs::write(
        ui.join("formatRules.ts"),
        format!("{HEAD}export const FORMAT_RULES = [\n{rules}] as const;\n"),
    )?;
    let names: String = COMMANDS
        .iter()
        .map(|name| {
            let window = if PIN_COMMANDS.contains(name) {
                "pin"
            } else {
                "main"
            };
            format!("{window} {name}\n")
        })
        .collect();
    fs::write(shell.join("commands.txt"), names)
}

/// The command table with every type taken from the module `t`.
fn qualified(config: &Config) -> String {
    let table = typescript_commands(config);
    let mut text = String::with_capacity(table.len() * 2);
    for line in table.lines() {
        match line.split_once(": { args: ").and_then(|(name, rest)| {
            let (args, result) = rest.split_once("; result: ")?;
            Some((name, args, result.strip_suffix(" };")?))
        }) {
            Some((name, args, result)) => {
                let result = result
                    .strip_prefix("Array<")
                    .and_then(|inner| inner.strip_suffix('>'))
                    .map_or_else(|| format!("t.{result}"), |inner| format!("t.{inner}[]"));
                text.push_str(&format!(
                    "{name}: {{ args: t.{args}; result: {result} }};\n"
                ));
            }
            None => {
                text.push_str(line);
                text.push('\n');
            }
        }
    }
    text
}

fn main() -> ExitCode {
    let mut args = env::args_os().skip(1);
    let (Some(ui), Some(shell)) = (args.next(), args.next()) else {
        return ExitCode::from(2);
    };
    match write(Path::new(&ui), Path::new(&shell)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(_) => ExitCode::FAILURE,
    }
}
