use std::{
    sync::atomic::{AtomicI64, Ordering},
    time::{SystemTime, UNIX_EPOCH},
};

use congvan_model::Timestamp;

/// The machine's clock and its measured distance from the server's: communes have no public NTP.
#[derive(Debug, Default)]
pub(crate) struct Clock {
    offset_ms: AtomicI64,
}

impl Clock {
    /// The machine's wall clock.
    pub(crate) fn machine(&self) -> Timestamp {
        #[allow(clippy::disallowed_methods)] // The one place that reads the wall clock.
        let since = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .unwrap_or_default();
        Timestamp(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
    }

    /// The wall clock corrected by the last measured offset: what acts are dated with.
    pub(crate) fn now(&self) -> Timestamp {
        self.machine()
            .plus_ms(self.offset_ms.load(Ordering::Relaxed))
    }

    /// Takes in the server's time. Differences under two seconds are the network's, not the
    /// clock's.
    pub(crate) fn learn(&self, server: Timestamp) {
        let offset = server.0.saturating_sub(self.machine().0);
        self.offset_ms.store(
            if offset.abs() < 2_000 { 0 } else { offset },
            Ordering::Relaxed,
        );
    }
}
