use std::collections::BTreeMap;

use jiff::{
    ToSpan as _,
    civil::{Date, Weekday},
};
use serde::{Deserialize, Serialize};

/// Why a day of an office's calendar is not what its place in the week says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DayKind {
    /// Nghỉ lễ, and days off given in exchange: not worked.
    Holiday,
    /// Làm bù: worked although it is a Saturday or Sunday.
    MakeUp,
}

/// Which days an office works: Monday to Friday without its holidays, and its make-up days.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WorkingDays {
    marked: BTreeMap<Date, DayKind>,
}

impl WorkingDays {
    /// Those of a calendar; a later mark of a day replaces an earlier one.
    #[must_use]
    pub fn new(marked: impl IntoIterator<Item = (Date, DayKind)>) -> Self {
        Self {
            marked: marked.into_iter().collect(),
        }
    }

    /// Whether that day is worked.
    #[must_use]
    pub fn is_worked(&self, day: Date) -> bool {
        match self.marked.get(&day) {
            Some(DayKind::Holiday) => false,
            Some(DayKind::MakeUp) => true,
            None => is_weekday(day),
        }
    }

    /// Working days after `from` until `until`, that day counted. Negative when `until` is before
    /// `from`: so many were worked since.
    #[must_use]
    pub fn between(&self, from: Date, until: Date) -> i32 {
        if until < from {
            return self.between(until, from).saturating_neg();
        }
        let Ok(first) = from.checked_add(1.day()) else {
            return 0;
        };
        if until < first {
            return 0;
        }
        let by_the_week = weekdays_until(until).saturating_sub(weekdays_until(from));
        let marks = self.marked.range(first..=until);
        marks.fold(by_the_week, |count, (day, kind)| {
            match (kind, is_weekday(*day)) {
                (DayKind::Holiday, true) => count.saturating_sub(1),
                (DayKind::MakeUp, false) => count.saturating_add(1),
                (DayKind::Holiday, false) | (DayKind::MakeUp, true) => count,
            }
        })
    }

    /// The `count`th working day after `from`; `from` itself for none. No day where the calendar of
    /// the world ends before.
    #[must_use]
    pub fn add(&self, from: Date, count: u32) -> Option<Date> {
        let mut day = from;
        for _ in 0..count {
            day = day.checked_add(1.day()).ok()?;
            while !self.is_worked(day) {
                day = day.checked_add(1.day()).ok()?;
            }
        }
        Some(day)
    }
}

fn is_weekday(day: Date) -> bool {
    !matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday)
}

/// Mondays to Fridays until a day, that day counted, since a Monday before all others.
fn weekdays_until(day: Date) -> i32 {
    // 1 January of the year 1 is a Monday.
    let days = Date::constant(1, 1, 1)
        .until(day)
        .map_or(0, |span| span.get_days())
        .saturating_add(1);
    let (weeks, rest) = (days.div_euclid(7), days.rem_euclid(7));
    weeks.saturating_mul(5).saturating_add(rest.min(5))
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use proptest::prelude::*;

    use super::*;

    /// National Day of 2026: Monday 31 August is off, Saturday 22 August is worked instead.
    fn national_day() -> WorkingDays {
        WorkingDays::new([
            (date(2026, 8, 22), DayKind::MakeUp),
            (date(2026, 8, 31), DayKind::Holiday),
            (date(2026, 9, 1), DayKind::Holiday),
            (date(2026, 9, 2), DayKind::Holiday),
        ])
    }

    #[test]
    fn a_make_up_day_is_worked_and_holidays_are_not() {
        let days = national_day();
        assert_eq!(days.between(date(2026, 8, 21), date(2026, 8, 22)), 1);
        assert_eq!(days.add(date(2026, 8, 28), 1), Some(date(2026, 9, 3)));
        assert_eq!(days.between(date(2026, 8, 28), date(2026, 9, 2)), 0);
        assert_eq!(days.between(date(2026, 9, 3), date(2026, 8, 28)), -1);
    }

    #[test]
    fn without_a_calendar_the_week_alone_counts() {
        let days = WorkingDays::default();
        assert_eq!(days.add(date(2026, 11, 20), 1), Some(date(2026, 11, 23)));
        assert_eq!(days.between(date(2026, 11, 20), date(2026, 11, 27)), 5);
        assert_eq!(days.add(Date::MAX, 1), None);
    }

    prop_compose! {
        fn day()(offset in 0_i64..900) -> Date {
            date(2025, 6, 1).saturating_add(offset.days())
        }
    }

    prop_compose! {
        fn calendar()(
            marks in proptest::collection::vec((day(), any::<bool>()), 0..60),
        ) -> WorkingDays {
            let kind = |is_off| if is_off { DayKind::Holiday } else { DayKind::MakeUp };
            WorkingDays::new(marks.into_iter().map(|(day, is_off)| (day, kind(is_off))))
        }
    }

    proptest! {
        #[test]
        fn counting_is_walking_from_day_to_day(
            days in calendar(), one in day(), other in day()
        ) {
            let (from, until) = (one.min(other), one.max(other));
            let mut walked = 0_i32;
            let mut at = from;
            while at < until {
                at = at.saturating_add(1.day());
                walked += i32::from(days.is_worked(at));
            }
            prop_assert_eq!(days.between(from, until), walked);
            prop_assert_eq!(days.between(until, from), -walked);
        }

        #[test]
        fn what_is_added_is_what_is_counted(days in calendar(), from in day(), count in 1_u32..60) {
            let last = days.add(from, count).expect("in the world's calendar");
            prop_assert!(days.is_worked(last));
            prop_assert_eq!(days.between(from, last), i32::try_from(count).expect("small"));
        }
    }
}
