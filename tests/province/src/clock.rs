use std::sync::{
    Arc,
    atomic::{AtomicI64, Ordering},
};

use congvan_model::Timestamp;

/// The server's clock: the host's, shifted by an offset that tests turn.
#[derive(Clone, Debug, Default)]
pub struct Clock {
    offset_ms: Arc<AtomicI64>,
}

impl Clock {
    /// The host's clock.
    #[must_use]
    pub fn system() -> Self {
        Self::default()
    }

    /// Now.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        #[expect(
            clippy::disallowed_methods,
            reason = "the one place where the server reads it"
        )]
        let now = jiff::Timestamp::now();
        Timestamp(now.as_millisecond()).plus_ms(self.offset_ms.load(Ordering::SeqCst))
    }

    /// Shifts the clock by so many milliseconds, in addition to earlier shifts.
    pub fn advance_ms(&self, ms: i64) {
        self.offset_ms.fetch_add(ms, Ordering::SeqCst);
    }
}
