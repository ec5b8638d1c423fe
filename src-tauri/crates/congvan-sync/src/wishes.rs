use congvan_model::Timestamp;

/// Vietnam keeps one offset all year.
const VN_MINUTES: i64 = 7 * 60;
const DAY_MINUTES: i64 = 24 * 60;

/// Part of a day, in minutes after midnight in Vietnam; `from` later than `to` goes over midnight,
/// equal ones are the whole day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    /// First minute, 0 to 1439.
    pub from: u16,
    /// First minute after it, 0 to 1439.
    pub to: u16,
}

impl Window {
    fn holds(self, minute: i64) -> bool {
        let (from, to) = (i64::from(self.from), i64::from(self.to));
        if from < to {
            (from..to).contains(&minute)
        } else {
            minute >= from || minute < to
        }
    }
}

/// When files may come that nobody waits for: prefetch and backfill. Acts, urgent files and what a
/// person opened are never held back by it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Schedule {
    /// The parts of the day; none means always.
    pub open: Vec<Window>,
}

fn minute_of_day(wall: Timestamp) -> i64 {
    wall.0
        .div_euclid(60_000)
        .saturating_add(VN_MINUTES)
        .rem_euclid(DAY_MINUTES)
}

impl Schedule {
    /// Whether they may come now.
    #[must_use]
    pub fn is_open(&self, wall: Timestamp) -> bool {
        let minute = minute_of_day(wall);
        self.open.is_empty() || self.open.iter().any(|window| window.holds(minute))
    }

    /// Milliseconds until the next window begins; none when it is open or never opens.
    pub(crate) fn opens_in(&self, wall: Timestamp) -> Option<u64> {
        if self.is_open(wall) {
            return None;
        }
        let minute = minute_of_day(wall);
        let within = wall.0.rem_euclid(60_000);
        self.open
            .iter()
            .map(|window| (i64::from(window.from).saturating_sub(minute)).rem_euclid(DAY_MINUTES))
            .filter_map(|minutes| u64::try_from(minutes.saturating_mul(60_000) - within).ok())
            .min()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(hour: i64, minute: i64) -> Timestamp {
        // 2026-11-22 00:00 in Vietnam.
        Timestamp(1_795_280_400_000 + (hour * 60 + minute) * 60_000)
    }

    #[test]
    fn a_window_over_midnight_opens_in_the_evening_and_closes_in_the_morning() {
        let night = Schedule {
            open: vec![Window {
                from: 19 * 60,
                to: 6 * 60,
            }],
        };
        assert!(night.is_open(at(23, 0)) && night.is_open(at(5, 59)));
        assert!(!night.is_open(at(6, 0)) && !night.is_open(at(18, 59)));
        assert_eq!(night.opens_in(at(18, 30)), Some(30 * 60_000));
        assert_eq!(night.opens_in(at(20, 0)), None);
        assert!(Schedule::default().is_open(at(12, 0)));
    }
}
