//! Places where a test ends the process, as a power cut would. In a release build there are none.

/// Ends the process when `CONGVAN_DIE_AT` is `name:n` and this is the n-th time it is passed.
#[cfg(debug_assertions)]
#[doc(hidden)]
pub fn point(name: &str) {
    use std::sync::{
        LazyLock,
        atomic::{AtomicU32, Ordering},
    };
    static WHERE: LazyLock<Option<(String, u32)>> = LazyLock::new(|| {
        let text = std::env::var("CONGVAN_DIE_AT").ok()?;
        let (name, number) = text.split_once(':')?;
        Some((name.to_owned(), number.parse().ok()?))
    });
    static PASSED: AtomicU32 = AtomicU32::new(0);
    let Some((wanted, number)) = &*WHERE else {
        return;
    };
    if wanted == name && PASSED.fetch_add(1, Ordering::Relaxed) + 1 == *number {
        std::process::abort();
    }
}

/// Nothing in a release build.
#[cfg(not(debug_assertions))]
#[doc(hidden)]
pub fn point(_name: &str) {}
