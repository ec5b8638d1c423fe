use std::{
    io::Write,
    sync::mpsc::{self, RecvTimeoutError},
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context, Result};

/// How often a silent step says that it is still alive.
const SIGN_OF_LIFE: Duration = Duration::from_secs(30);

/// Says what is being done, does it, and says how long it took. A step that fails gives its name
/// to the error.
pub(crate) fn step<T>(what: &str, work: impl FnOnce() -> Result<T>) -> Result<T> {
    say(&format!("==> {what}"));
    let started = Instant::now();
    let (done, waiting) = mpsc::channel::<()>();
    let alive = thread::spawn({
        let what = what.to_owned();
        move || {
            while waiting.recv_timeout(SIGN_OF_LIFE) == Err(RecvTimeoutError::Timeout) {
                say(&format!(
                    "    ... {what} ({} s so far)",
                    started.elapsed().as_secs()
                ));
            }
        }
    });
    let result = work();
    drop(done);
    // It only prints; there is nothing it could fail with that would matter here.
    let _ = alive.join();
    if result.is_ok() {
        say(&format!(
            "    done in {:.1} s",
            started.elapsed().as_secs_f32()
        ));
    }
    result.with_context(|| format!("{what} failed"))
}

/// A line for the person who watches, in order with what the children print.
pub(crate) fn say(line: &str) {
    println!("{line}");
    // A closed pipe is the reader's choice.
    let _ = std::io::stdout().flush();
}
