//! Places where a test ends the process, as a power cut would. In a release build there are none.

/// Ends the process when `CONGVAN_DIE_AT` is `name:n` and this is the n-th time it is passed; with
/// `name:n:all` every process of its group in the same moment, as a machine that stops does.
#[cfg(debug_assertions)]
#[doc(hidden)]
pub fn point(name: &str) {
    use std::sync::{
        LazyLock,
        atomic::{AtomicU32, Ordering},
    };
    static WHERE: LazyLock<Option<(String, u32, bool)>> = LazyLock::new(|| {
        let text = std::env::var("CONGVAN_DIE_AT").ok()?;
        let (name, rest) = text.split_once(':')?;
        let (number, all) = rest
            .split_once(':')
            .map_or((rest, false), |(number, all)| (number, all == "all"));
        Some((name.to_owned(), number.parse().ok()?, all))
    });
    static PASSED: AtomicU32 = AtomicU32::new(0);
    let Some((wanted, number, all)) = &*WHERE else {
        return;
    };
    if wanted == name && PASSED.fetch_add(1, Ordering::Relaxed) + 1 == *number {
        if *all {
            // 0 names the group of whoever asks. Nothing comes back from it.
            let killed = std::process::Command::new("kill")
                .args(["-KILL", "0"])
                .status();
            tracing::error!(?killed, "still here");
        }
        std::process::abort();
    }
}

/// Nothing in a release build.
#[cfg(not(debug_assertions))]
#[doc(hidden)]
pub fn point(_name: &str) {}
