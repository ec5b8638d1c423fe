//! What people want of the traffic: pause, limits, hours; and the measured clock over restarts.

use std::collections::BTreeSet;

use congvan_model::{DocumentId, Timestamp};
use congvan_store::{Bandwidth, Pause, Store, StoreError};
use congvan_sync::{Event, Schedule, Window, Wishes};

use super::Loop;

/// Documents whose acts and files rest: a list of ids.
pub(crate) const PAUSED_DOCUMENTS: &str = "sync.paused_documents";
/// The server's clock minus ours, ms.
pub(super) const CLOCK_OFFSET: &str = "sync.clock_offset_ms";
const DAY_MINUTES: i64 = 24 * 60;
const MINUTE_MS: i64 = 60_000;
/// Bytes a second of a kilobit a second.
const KILOBIT: u64 = 125;

/// What the store says people want, and what of it was last passed on.
#[derive(Default)]
pub(super) struct Pacing {
    pause: Option<Pause>,
    bandwidth: Bandwidth,
    paused_documents: BTreeSet<DocumentId>,
    told: Option<(Wishes, congvan_remote::Bandwidth)>,
    offset_kept: i64,
}

impl Pacing {
    /// What holds at that moment.
    fn at(&self, now: Timestamp) -> (Wishes, congvan_remote::Bandwidth) {
        let paused = self
            .pause
            .is_some_and(|pause| pause.until.is_none_or(|until| now < until));
        let limit = self.bandwidth.limit_at(now);
        let wishes = Wishes {
            paused,
            paused_documents: self.paused_documents.clone(),
            background: match limit {
                Some(0) => closed_until(&self.bandwidth, now),
                Some(_) | None => Schedule::default(),
            },
        };
        // At 0 only what nobody waits for rests; what is urgent goes as fast as it can.
        let rate = limit
            .filter(|kbps| *kbps > 0)
            .map(|kbps| u64::from(kbps) * KILOBIT);
        let bandwidth = congvan_remote::Bandwidth {
            up: rate,
            down: rate,
        };
        (wishes, bandwidth)
    }
}

/// A schedule that opens at the next minute at which files may come, or not within a day.
fn closed_until(bandwidth: &Bandwidth, now: Timestamp) -> Schedule {
    let opens = (1..DAY_MINUTES)
        .find(|minutes| bandwidth.limit_at(now.plus_ms(minutes * MINUTE_MS)) != Some(0))
        .unwrap_or(DAY_MINUTES - 1);
    let local = now.plus_ms(opens * MINUTE_MS).vietnam();
    let minute =
        |hour: i8, minute: i8| u16::try_from(i32::from(hour) * 60 + i32::from(minute)).unwrap_or(0);
    let from = minute(local.hour(), local.minute());
    let to = (from + 1) % 1_440;
    Schedule {
        open: vec![Window { from, to }],
    }
}

fn read(store: &Store, now: Timestamp) -> Result<Pacing, StoreError> {
    let paused: Option<Vec<DocumentId>> = store
        .setting(PAUSED_DOCUMENTS)?
        .and_then(|text| serde_json::from_str(&text).ok());
    Ok(Pacing {
        pause: store.pause(now)?,
        bandwidth: store.bandwidth()?,
        paused_documents: paused.unwrap_or_default().into_iter().collect(),
        told: None,
        offset_kept: 0,
    })
}

impl Loop {
    /// Reads what people want and passes it on.
    pub(super) async fn take_wishes(&mut self) {
        let (store, now) = (self.shared.parts.store.clone(), self.shared.now());
        match tokio::task::spawn_blocking(move || read(&store, now)).await {
            Ok(Ok(read)) => {
                let told = self.pacing.told.take();
                let offset_kept = self.pacing.offset_kept;
                self.pacing = Pacing {
                    told,
                    offset_kept,
                    ..read
                };
                self.pass_wishes_on();
            }
            Ok(Err(error)) => tracing::warn!(%error, "the wishes cannot be read"),
            Err(error) => tracing::error!(%error, "reading the wishes panicked"),
        }
    }

    /// Hours begin and end, a pause runs out; a step of the machine finds out that it slept.
    pub(super) fn look_around(&mut self) {
        self.pass_wishes_on();
        self.keep_clock();
        self.remind_daily();
        self.step(Event::Tick);
    }

    fn pass_wishes_on(&mut self) {
        let (wishes, bandwidth) = self.pacing.at(self.shared.now());
        let now_told = (wishes, bandwidth);
        if self.pacing.told.as_ref() == Some(&now_told) {
            return;
        }
        self.shared.parts.remote.set_bandwidth(now_told.1);
        self.pacing.told = Some(now_told.clone());
        self.step(Event::Wishes(now_told.0));
    }

    /// Until the server has answered, the distance of the last run is the best there is.
    pub(super) async fn restore_clock(&mut self) {
        let store = self.shared.parts.store.clone();
        let kept = tokio::task::spawn_blocking(move || store.setting(CLOCK_OFFSET)).await;
        let offset = kept
            .ok()
            .and_then(Result::ok)
            .flatten()
            .and_then(|text| text.parse::<i64>().ok());
        if let Some(offset) = offset {
            self.pacing.offset_kept = offset;
            self.shared.parts.clock.restore(offset);
        }
    }

    fn keep_clock(&mut self) {
        let offset = self.shared.parts.clock.offset_ms();
        if (offset - self.pacing.offset_kept).abs() < 1_000 {
            return;
        }
        self.pacing.offset_kept = offset;
        let store = self.shared.parts.store.clone();
        self.tasks.spawn_blocking(move || {
            if let Err(error) = store.set_setting(CLOCK_OFFSET, &offset.to_string()) {
                tracing::warn!(%error, "the clock's distance was not kept");
            }
        });
    }
}

#[cfg(test)]
mod tests {
    use congvan_store::BandwidthWindow;

    use super::*;

    /// 2026-11-22, a Sunday, at that hour in Vietnam.
    fn at(hour: i64) -> Timestamp {
        Timestamp(1_795_280_400_000 + hour * 3_600_000)
    }

    #[test]
    fn office_hours_without_files_close_the_background_and_limit_nothing_else() {
        let pacing = Pacing {
            bandwidth: Bandwidth {
                limit_kbps: Some(8_000),
                windows: vec![BandwidthWindow {
                    days: 0b111_1111,
                    from_min: 8 * 60,
                    to_min: 17 * 60,
                    limit_kbps: Some(0),
                }],
            },
            ..Pacing::default()
        };
        let (wishes, bandwidth) = pacing.at(at(9));
        assert!(!wishes.background.is_open(at(9)));
        assert!(wishes.background.is_open(at(17)), "it opens at five");
        assert_eq!(bandwidth, congvan_remote::Bandwidth::default());
        let (wishes, bandwidth) = pacing.at(at(18));
        assert!(wishes.background.is_open(at(18)));
        assert_eq!(bandwidth.up, Some(1_000_000));
    }

    #[test]
    fn a_pause_runs_out_by_itself() {
        let pacing = Pacing {
            pause: Some(Pause {
                since: at(8),
                until: Some(at(10)),
            }),
            ..Pacing::default()
        };
        assert!(pacing.at(at(9)).0.paused);
        assert!(!pacing.at(at(10)).0.paused);
    }
}
