//! The whole main job in the real window: the story that `cargo xtask demo --headless` plays and
//! `cargo xtask test` checks. Drives the shipped binary through tauri-driver and WebKitWebDriver.
//!
//! Usage: `congvan-e2e OUTPUT_DIR`, inside a D-Bus session with a display, an unlocked keyring and
//! a notification daemon (packaging/linux/session.sh makes one).
//! `congvan-e2e clerk OUTPUT_DIR` plays the clerk's part alone, `congvan-e2e typing OUTPUT_DIR` what is
//! typed through an input method, `congvan-e2e print OUTPUT_DIR` what is printed, `congvan-e2e tray
//! OUTPUT_DIR` the item in the system's tray;
//! `congvan-e2e open OUTPUT_DIR` opens the same desk for a person to try.

#![allow(clippy::print_stdout, clippy::print_stderr)] // A command-line program.

mod batch;
mod card;
mod intake;
mod judge;
mod office;
mod open;
mod print;
mod process;
mod records;
mod story;
mod tray;
mod typing;
mod window;

use std::{path::Path, process::ExitCode};

#[tokio::main]
async fn main() -> ExitCode {
    let arguments: Vec<_> = std::env::args_os().skip(1).collect();
    let played = match arguments.as_slice() {
        [part, output] if part == "open" => {
            return match open::open(Path::new(output)).await {
                Ok(()) => ExitCode::SUCCESS,
                Err(error) => {
                    eprintln!("the demo failed: {error:#}");
                    ExitCode::FAILURE
                }
            };
        }
        [part, output] if part == "clerk" => story::play_clerk(Path::new(output)).await,
        [part, output] if part == "typing" => story::play_typing(Path::new(output)).await,
        [part, output] if part == "print" => story::play_print(Path::new(output)).await,
        [part, output] if part == "tray" => story::play_tray(Path::new(output)).await,
        [output] => story::play(Path::new(output)).await,
        _ => {
            eprintln!("usage: congvan-e2e [open|clerk|typing|print|tray] OUTPUT_DIR");
            return ExitCode::from(2);
        }
    };
    match played {
        Ok(figures) => {
            println!(
                "{}",
                serde_json::json!({ "name": "demo", "figures": figures, "peers": {} })
            );
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("the story failed: {error:#}");
            ExitCode::FAILURE
        }
    }
}
