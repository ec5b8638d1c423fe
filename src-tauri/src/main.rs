//! Công Văn, the desktop shell: windows, the page:// scheme, notifications, and nothing else.
//! Everything the program knows and does is in `congvan-core`.

// No console window beside the desk on Windows.
#![cfg_attr(windows, windows_subsystem = "windows")]

mod commands;
mod downloads;
mod host;
mod importing;
#[cfg(target_os = "linux")]
mod input_method;
#[cfg(target_os = "linux")]
mod only_one;
mod outside;
mod pages;
mod paths;
mod pin_window;
mod scans;
mod system_tray;

fn main() -> anyhow::Result<()> {
    tracing_subscriber::fmt()
        .with_env_filter(
            tracing_subscriber::EnvFilter::try_from_env("CONGVAN_LOG")
                .unwrap_or_else(|_| "info".into()),
        )
        .with_writer(std::io::stderr)
        .init();
    host::run()
}
