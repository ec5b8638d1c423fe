//! `congvan-worker render <pdfium library>`, `congvan-worker token [<PKCS#11 module>]` and
//! `congvan-worker ocr <tesseract library> [<models>]`.
//!
//! The program behind the process wall, started by `congvan-worker`'s clients only. It speaks
//! frames on its pipes, confines itself before it says hello, and ends when its pipe closes.
//!
//! Invariant: native code never sees the pipes: descriptors 0, 1 and 2 are /dev/null before any
//! library is loaded.

mod confine;
mod ocr;
mod pipes;
mod render;
mod source;
#[allow(unsafe_code, reason = "system calls that std does not offer")]
mod system;
mod token;
mod training;
mod vocabulary;

use std::{path::PathBuf, process::ExitCode};

use anyhow::{Context, bail};
use congvan_worker::wire::{Hello, MAGIC, PROTOCOL, Role};

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            tracing::error!("{error:#}");
            ExitCode::from(2)
        }
    }
}

fn run() -> anyhow::Result<()> {
    let mut arguments = std::env::args_os().skip(1);
    let role = arguments.next().unwrap_or_default();
    let library = arguments.next().map(PathBuf::from);
    let parameters = arguments.next().and_then(|text| text.into_string().ok());
    let pipes = pipes::take().context("taking the pipes")?;
    pipes::log_to(pipes.log);
    let hello = |role, sandbox| Hello {
        magic: MAGIC,
        protocol: PROTOCOL,
        role,
        sandbox,
    };
    match (role.to_str(), library) {
        (Some("render"), Some(library)) => {
            system::keep_memory();
            #[cfg(target_os = "linux")]
            for pipe in [&pipes.input, &pipes.output] {
                system::widen(pipe);
            }
            let mut sandbox = confine::limits(confine::Memory::Limited);
            // Before the sandbox, which would refuse to read the library.
            let engine = congvan_render::Engine::load(&library)?;
            confine::seal(&mut sandbox);
            // The thread that reads the pipe starts confined, too.
            let channel = pipes::Channel::start(pipes.input, pipes.output)?;
            channel.send(&hello(Role::Render, sandbox))?;
            render::serve(engine, channel)
        }
        (Some("token"), library) => {
            let sandbox = confine::limits(confine::Memory::Free);
            let channel = pipes::Channel::start(pipes.input, pipes.output)?;
            channel.send(&hello(Role::Token, sandbox))?;
            token::serve(library, parameters, channel)
        }
        (Some("ocr"), Some(library)) => {
            let mut sandbox = confine::limits(confine::Memory::Limited);
            system::lower_priority();
            let models = parameters.map(PathBuf::from);
            // Before the sandbox, which would refuse to read the library and the model.
            let engine = congvan_ocr::Engine::load(&library, models.as_deref())?;
            confine::seal(&mut sandbox);
            let channel = pipes::Channel::start(pipes.input, pipes.output)?;
            channel.send(&hello(Role::Ocr, sandbox))?;
            ocr::serve(engine, channel)
        }
        (_, _) => bail!("this program is started by Công Văn: congvan-worker render|token|ocr"),
    }
}
