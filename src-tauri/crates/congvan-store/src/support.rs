//! What every module of the store needs and no library has.

/// A lock that a panicking thread left behind still guards sound data: every change under it is
/// one assignment or one transaction.
pub(crate) fn lock<T>(mutex: &std::sync::Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex
        .lock()
        .unwrap_or_else(std::sync::PoisonError::into_inner)
}

/// SQLite's integers are signed; no length, revision or sequence of ours comes near the border.
pub(crate) fn int(value: u64) -> i64 {
    i64::try_from(value).unwrap_or(i64::MAX)
}

/// Back again; what is stored was never negative.
pub(crate) fn uint(value: i64) -> u64 {
    u64::try_from(value).unwrap_or(0)
}
