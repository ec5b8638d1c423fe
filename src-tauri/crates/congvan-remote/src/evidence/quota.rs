//! How many time stamps were asked of whom: a ledger of days and months in Vietnam.

use congvan_model::{Timestamp, VN_OFFSET};

/// A time stamp authority and what may be asked of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tsa {
    /// `http://` or `https://`.
    pub url: String,
    /// Time stamps a day, in Vietnam's time; none = no limit.
    pub daily: Option<u32>,
    /// Time stamps a calendar month; none = no limit.
    pub monthly: Option<u32>,
}

impl Tsa {
    /// An authority without a limit.
    #[must_use]
    pub fn new(url: &str) -> Self {
        Self {
            url: url.to_owned(),
            daily: None,
            monthly: None,
        }
    }
}

/// What was asked of one authority. Kept by the caller between runs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QuotaUse {
    /// The authority.
    pub url: String,
    /// Year × 10 000 + month × 100 + day, in Vietnam.
    pub day: i64,
    /// Asked on that day.
    pub used_day: u32,
    /// Asked in the month of that day.
    pub used_month: u32,
}

/// The ledger.
#[derive(Clone, Debug, Default)]
pub(super) struct Ledger {
    uses: Vec<QuotaUse>,
}

impl Ledger {
    /// Goes on where an earlier run stopped.
    #[must_use]
    pub(super) fn new(uses: Vec<QuotaUse>) -> Self {
        Self { uses }
    }

    /// What was asked of whom.
    #[must_use]
    pub(super) fn uses(&self) -> &[QuotaUse] {
        &self.uses
    }

    /// Books one request.
    ///
    /// # Errors
    /// When the quota is used up: the instant at which the next day or month begins.
    pub(super) fn take(&mut self, tsa: &Tsa, now: Timestamp) -> Result<(), Timestamp> {
        let day = day_of(now);
        let entry = self.entry(&tsa.url, day);
        if tsa.monthly.is_some_and(|most| entry.used_month >= most) {
            return Err(next_month(now));
        }
        if tsa.daily.is_some_and(|most| entry.used_day >= most) {
            return Err(next_day(now));
        }
        entry.used_day = entry.used_day.saturating_add(1);
        entry.used_month = entry.used_month.saturating_add(1);
        Ok(())
    }

    /// Takes a booking back: the request never reached the authority.
    pub(super) fn give_back(&mut self, url: &str) {
        if let Some(entry) = self.uses.iter_mut().find(|entry| entry.url == url) {
            entry.used_day = entry.used_day.saturating_sub(1);
            entry.used_month = entry.used_month.saturating_sub(1);
        }
    }

    /// The authority says that its quota is used up, whatever we have counted.
    pub(super) fn exhausted(&mut self, tsa: &Tsa, now: Timestamp) {
        let entry = self.entry(&tsa.url, day_of(now));
        if let Some(most) = tsa.daily {
            entry.used_day = entry.used_day.max(most);
        }
    }

    fn entry(&mut self, url: &str, day: i64) -> &mut QuotaUse {
        let at = match self.uses.iter().position(|entry| entry.url == url) {
            Some(at) => at,
            None => {
                self.uses.push(QuotaUse {
                    url: url.to_owned(),
                    day,
                    used_day: 0,
                    used_month: 0,
                });
                self.uses.len() - 1
            }
        };
        // `at` is a place in the list in both cases.
        #[expect(clippy::indexing_slicing, reason = "found or pushed just above")]
        let entry = &mut self.uses[at];
        if entry.day / 100 != day / 100 {
            entry.used_month = 0;
        }
        if entry.day != day {
            entry.day = day;
            entry.used_day = 0;
        }
        entry
    }
}

fn day_of(now: Timestamp) -> i64 {
    let date = now.vietnam_date();
    i64::from(date.year()) * 10_000 + i64::from(date.month()) * 100 + i64::from(date.day())
}

fn next_day(now: Timestamp) -> Timestamp {
    midnight(now.vietnam_date().tomorrow().ok(), now)
}

fn next_month(now: Timestamp) -> Timestamp {
    let last = now.vietnam_date().last_of_month();
    midnight(last.tomorrow().ok(), now)
}

/// The first instant of a day in Vietnam; a day later than now at the end of the calendar.
fn midnight(date: Option<jiff::civil::Date>, now: Timestamp) -> Timestamp {
    date.and_then(|date| VN_OFFSET.to_timestamp(date.at(0, 0, 0, 0)).ok())
        .map_or(now.plus_ms(86_400_000), |at| Timestamp(at.as_millisecond()))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 2026-01-05T08:14:00+07:00.
    const MORNING: Timestamp = Timestamp(1_767_575_640_000);
    const DAY_MS: i64 = 86_400_000;

    fn tsa(daily: Option<u32>, monthly: Option<u32>) -> Tsa {
        Tsa {
            daily,
            monthly,
            ..Tsa::new("http://tsa.example/")
        }
    }

    #[test]
    fn a_day_counts_in_vietnam_and_a_new_one_begins_at_its_midnight() {
        let (mut ledger, tsa) = (Ledger::default(), tsa(Some(2), None));
        assert_eq!(ledger.take(&tsa, MORNING), Ok(()));
        assert_eq!(ledger.take(&tsa, MORNING), Ok(()));
        let midnight = ledger.take(&tsa, MORNING).expect_err("used up");
        assert_eq!(midnight.iso_vietnam(), "2026-01-06T00:00:00+07:00");
        assert!(ledger.take(&tsa, midnight.plus_ms(-1)).is_err());
        assert_eq!(ledger.take(&tsa, midnight), Ok(()));
    }

    #[test]
    fn a_month_limit_outlasts_its_days() {
        let (mut ledger, tsa) = (Ledger::default(), tsa(Some(1), Some(3)));
        for day in 0..3 {
            assert_eq!(ledger.take(&tsa, MORNING.plus_ms(day * DAY_MS)), Ok(()));
        }
        let next = ledger.take(&tsa, MORNING.plus_ms(3 * DAY_MS));
        let next = next.expect_err("used up");
        assert_eq!(next.iso_vietnam(), "2026-02-01T00:00:00+07:00");
        assert_eq!(ledger.take(&tsa, next), Ok(()));
    }

    #[test]
    fn a_ledger_goes_on_after_a_restart_and_believes_the_authority() {
        let (mut ledger, tsa) = (Ledger::default(), tsa(Some(5), None));
        assert_eq!(ledger.take(&tsa, MORNING), Ok(()));
        ledger.exhausted(&tsa, MORNING);
        let mut ledger = Ledger::new(ledger.uses().to_vec());
        assert!(ledger.take(&tsa, MORNING).is_err());
        ledger.give_back(&tsa.url);
        assert_eq!(ledger.take(&tsa, MORNING), Ok(()));
    }
}
