//! What a person decided about moving data: pause, and how much of the line at which hours.

use congvan_model::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{Store, error::Result};

const PAUSE: &str = "sync.pause";
const BANDWIDTH: &str = "sync.bandwidth";

/// The person paused the exchange with the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pause {
    /// Since when.
    pub since: Timestamp,
    /// Until when; none until the person says so.
    pub until: Option<Timestamp>,
}

/// How much of the line files may take. Intents and urgent letters are never held back by it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bandwidth {
    /// Outside all windows: kilobits a second; none for no limit, 0 for no files at all.
    #[serde(default)]
    pub limit_kbps: Option<u32>,
    /// Hours with a limit of their own; the first that fits counts.
    #[serde(default)]
    pub windows: Vec<BandwidthWindow>,
}

/// Hours of the day with a limit of their own, by the clock of Vietnam.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BandwidthWindow {
    /// Days it counts on: bit 0 is Monday.
    pub days: u8,
    /// Minutes after midnight, 0 to 1,439.
    pub from_min: u16,
    /// Minutes after midnight, exclusive; not above `from_min` means past midnight, and the day is
    /// that of the beginning.
    pub to_min: u16,
    /// Kilobits a second; none for no limit, 0 for no files at all.
    pub limit_kbps: Option<u32>,
}

impl Bandwidth {
    /// What files may take at that moment, kilobits a second; none for no limit.
    #[must_use]
    pub fn limit_at(&self, now: Timestamp) -> Option<u32> {
        self.windows
            .iter()
            .find(|window| window.covers(now))
            .map_or(self.limit_kbps, |window| window.limit_kbps)
    }
}

impl BandwidthWindow {
    fn covers(&self, now: Timestamp) -> bool {
        let local = now.vietnam();
        let hours = u16::try_from(local.hour()).unwrap_or(0);
        let minutes = u16::try_from(local.minute()).unwrap_or(0);
        let minute = hours.saturating_mul(60).saturating_add(minutes);
        let today = local.date().weekday().to_monday_zero_offset();
        let yesterday = local.date().weekday().previous().to_monday_zero_offset();
        let on = |day: i8| u32::try_from(day).is_ok_and(|day| (self.days >> day) & 1 == 1);
        if self.from_min < self.to_min {
            return on(today) && (self.from_min..self.to_min).contains(&minute);
        }
        (on(today) && minute >= self.from_min) || (on(yesterday) && minute < self.to_min)
    }
}

impl Store {
    /// Whether the person has paused; a pause that is over counts as none.
    ///
    /// # Errors
    /// Disk errors.
    pub fn pause(&self, now: Timestamp) -> Result<Option<Pause>> {
        let pause: Option<Pause> = self.kept(PAUSE)?;
        Ok(pause.filter(|pause| pause.until.is_none_or(|until| now < until)))
    }

    /// Pauses, or goes on with none. It stays over restarts.
    ///
    /// # Errors
    /// Disk errors.
    pub fn set_pause(&self, pause: Option<Pause>) -> Result<()> {
        self.keep(PAUSE, &pause)
    }

    /// The person's limits.
    ///
    /// # Errors
    /// Disk errors.
    pub fn bandwidth(&self) -> Result<Bandwidth> {
        Ok(self.kept(BANDWIDTH)?.unwrap_or_default())
    }

    /// Keeps the person's limits.
    ///
    /// # Errors
    /// Disk errors.
    pub fn set_bandwidth(&self, bandwidth: &Bandwidth) -> Result<()> {
        self.keep(BANDWIDTH, &Some(bandwidth))
    }

    fn kept<T: serde::de::DeserializeOwned>(&self, name: &str) -> Result<Option<T>> {
        match self.setting(name)? {
            // A setting that an older or newer program wrote otherwise counts as never made.
            Some(text) => Ok(serde_json::from_str(&text).unwrap_or_default()),
            None => Ok(None),
        }
    }

    fn keep<T: Serialize>(&self, name: &str, value: &Option<T>) -> Result<()> {
        self.set_setting(name, &serde_json::to_string(value)?)
    }
}
