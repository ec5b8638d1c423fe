//! Ctrl-C, a polite kill, a terminal that closes: what is unfinished goes, what is finished stays.
//!
//! Exit codes are the shell's: 128 and the number of the signal (130 Ctrl-C, 143 kill, 129 a closed
//! terminal).

use std::{
    collections::BTreeSet,
    fs, io,
    path::PathBuf,
    process,
    sync::{Mutex, MutexGuard, PoisonError},
    thread,
};

use tokio::runtime::{Builder, Runtime};

use crate::{
    fault::{Fault, Result},
    output::{self, Face},
    words::Code,
};

static UNFINISHED: Mutex<BTreeSet<PathBuf>> = Mutex::new(BTreeSet::new());

/// The temporary files of this process. Whoever makes, names or removes one holds this meanwhile:
/// no interruption comes between the act and its note.
pub(crate) fn unfinished() -> MutexGuard<'static, BTreeSet<PathBuf>> {
    UNFINISHED.lock().unwrap_or_else(PoisonError::into_inner)
}

/// From now on an interruption ends the program in good order. To be called before the first
/// temporary file is made.
pub(crate) fn watch(face: Face) -> Result<()> {
    let failed = |error: io::Error| Fault::new(Code::Internal).with("detail", error);
    let runtime = Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(failed)?;
    // Listening begins here, not when the thread gets its turn.
    let listening = system::listen(&runtime).map_err(failed)?;
    thread::spawn(move || {
        if let Some(code) = runtime.block_on(listening) {
            end(face, code);
        }
    });
    Ok(())
}

fn end(face: Face, code: i32) -> ! {
    // Held until the process is gone: nobody makes another file or gives one its final name.
    let unfinished = unfinished();
    for path in unfinished.iter() {
        // It may never have come to be; and there is nobody left to tell.
        fs::remove_file(path).ok();
    }
    // Standard output may be stopped at a reader that waits for something else.
    output::complain_in_words(face, &Fault::new(Code::Interrupted));
    process::exit(code)
}

#[cfg(unix)]
mod system {
    use std::{io, pin::Pin};

    use futures_util::future::select_all;
    use tokio::signal::unix::{Signal, SignalKind, signal};

    use super::Runtime;

    /// The code to end with, once somebody interrupts; none where nobody can.
    pub(super) fn listen(
        runtime: &Runtime,
    ) -> io::Result<impl Future<Output = Option<i32>> + Send + use<>> {
        let _inside = runtime.enter();
        let mut signals = Vec::new();
        for kind in [
            SignalKind::interrupt(),
            SignalKind::terminate(),
            SignalKind::hangup(),
        ] {
            let number = kind.as_raw_value();
            if !is_ignored(number) {
                signals.push((128 + number, signal(kind)?));
            }
        }
        Ok(async move {
            let come = signals.into_iter().map(come);
            let come: Vec<Pin<Box<dyn Future<Output = i32> + Send>>> = come
                .map(|one| Box::pin(one) as Pin<Box<dyn Future<Output = i32> + Send>>)
                .collect();
            if come.is_empty() {
                return None;
            }
            let (code, _, _) = select_all(come).await;
            Some(code)
        })
    }

    async fn come((code, mut signal): (i32, Signal)) -> i32 {
        signal.recv().await;
        code
    }

    /// Who started us may have said that a signal does not matter: `nohup`, or a script's `&`.
    #[cfg(target_os = "linux")]
    fn is_ignored(number: i32) -> bool {
        let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
        let ignored = status
            .lines()
            .find_map(|line| line.strip_prefix("SigIgn:"))
            .and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok())
            .unwrap_or(0);
        ignored >> (number - 1) & 1 == 1
    }

    /// Elsewhere it cannot be known without native calls; a closed terminal is left to the system,
    /// so that `nohup` works.
    #[cfg(not(target_os = "linux"))]
    fn is_ignored(number: i32) -> bool {
        number == SignalKind::hangup().as_raw_value()
    }
}

#[cfg(windows)]
mod system {
    use std::io;

    use super::Runtime;

    /// STATUS_CONTROL_C_EXIT, as the system itself ends a program.
    const ENDED_BY_CTRL_C: i32 = -1_073_741_510;

    /// The code to end with, once somebody interrupts.
    pub(super) fn listen(
        runtime: &Runtime,
    ) -> io::Result<impl Future<Output = Option<i32>> + Send + use<>> {
        let _inside = runtime.enter();
        let mut ctrl_c = tokio::signal::windows::ctrl_c()?;
        let mut closed = tokio::signal::windows::ctrl_close()?;
        Ok(async move {
            tokio::select! {
                _ = ctrl_c.recv() => {}
                _ = closed.recv() => {}
            }
            Some(ENDED_BY_CTRL_C)
        })
    }
}
