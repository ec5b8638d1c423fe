//! An agency's calendar: which days of a year are holidays and which are worked to make up for one.
//! Deadlines are counted by it at every desk.
//!
//! Invariant: no I/O, no clock; a day that is not named here is what its place in the week says.

use congvan_model::{CalendarId, DayKind, Role, nfc};
use jiff::civil::{Date, Weekday};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    AgencyInfo,
    handling::{Actor, Refusal},
    import::named,
};

/// Longest name of a day, in characters.
pub const DAY_NAME_MAX: usize = 100;

/// A named day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct CalendarDay {
    /// Which.
    #[schema(value_type = String)]
    pub day: Date,
    /// Whether it is off or worked.
    #[schema(value_type = String)]
    pub kind: DayKind,
    /// What it is called, 1 to 100 characters, e.g. `Quốc khánh`.
    pub name: String,
}

/// The named days of an agency's year.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Calendar {
    /// See [`calendar_id`].
    #[schema(value_type = String, format = Uuid)]
    pub id: CalendarId,
    /// Whose.
    pub agency: AgencyInfo,
    /// Which year.
    pub year: i16,
    /// Its named days, the first first.
    pub days: Vec<CalendarDay>,
}

/// A change of one day. Two people who change different days do not meet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "act", rename_all = "snake_case")]
pub enum CalendarAct {
    /// Names a day, or names it anew.
    Set {
        /// The day.
        day: CalendarDay,
    },
    /// Lets a day be again what its place in the week says.
    Clear {
        /// Which.
        #[schema(value_type = String)]
        day: Date,
    },
}

impl CalendarAct {
    /// The day that it changes.
    #[must_use]
    pub fn day(&self) -> Date {
        match self {
            Self::Set { day } => day.day,
            Self::Clear { day } => *day,
        }
    }

    /// Its word in the desk's outbox and for the face.
    #[must_use]
    pub fn word(&self) -> &'static str {
        match self {
            Self::Set { .. } => "calendar_set",
            Self::Clear { .. } => "calendar_clear",
        }
    }
}

/// The id of the calendar of an agency's year: of the SHA-256 of `calendar`, the agency's code and the
/// year, each ended by a line feed, the first 16 bytes with the marks of a UUID of version 8.
#[must_use]
pub fn calendar_id(agency: &str, year: i16) -> CalendarId {
    CalendarId(named(&["calendar", agency, &year.to_string()]))
}

impl Calendar {
    /// That of a year in which no day is named.
    #[must_use]
    pub fn of(agency: AgencyInfo, year: i16) -> Self {
        Self {
            id: calendar_id(&agency.code, year),
            agency,
            year,
            days: Vec::new(),
        }
    }

    /// Whether a person keeps an agency's calendar: who manages the agency.
    #[must_use]
    pub fn is_kept_by(agency: &str, actor: &Actor<'_>) -> bool {
        let mut posts = actor.posts.iter();
        posts.any(|post| post.role == Role::UnitAdmin && post.reaches(agency))
    }

    /// Changes a day.
    ///
    /// # Errors
    /// [`Refusal::NotYours`]; [`Refusal::Fact`] `day`, `kind` or `name`: then nothing has changed.
    pub fn apply(&mut self, act: &CalendarAct, actor: &Actor<'_>) -> Result<(), Refusal> {
        if !Self::is_kept_by(&self.agency.code, actor) {
            return Err(Refusal::NotYours);
        }
        if act.day().year() != self.year {
            return Err(Refusal::Fact("day"));
        }
        if let CalendarAct::Set { day } = act {
            day.check()?;
        }
        self.project(act);
        Ok(())
    }

    /// What a change that was judged makes of it: for the desk, which lays its own over the mirror.
    pub fn project(&mut self, act: &CalendarAct) {
        self.days.retain(|one| one.day != act.day());
        if let CalendarAct::Set { day } = act {
            let name = nfc(day.name.trim());
            self.days.push(CalendarDay {
                name,
                ..day.clone()
            });
            self.days.sort_by_key(|one| one.day);
        }
    }
}

impl CalendarDay {
    fn check(&self) -> Result<(), Refusal> {
        let length = nfc(self.name.trim()).chars().count();
        let is_weekend = matches!(self.day.weekday(), Weekday::Saturday | Weekday::Sunday);
        if !(1..=DAY_NAME_MAX).contains(&length) {
            Err(Refusal::Fact("name"))
        } else if self.kind == DayKind::MakeUp && !is_weekend {
            Err(Refusal::Fact("kind"))
        } else {
            Ok(())
        }
    }
}

#[cfg(test)]
mod tests {
    use congvan_model::AccountId;
    use jiff::civil::date;

    use super::*;
    use crate::Post;

    fn agency() -> AgencyInfo {
        AgencyInfo {
            code: "H99.101".to_owned(),
            name: "UBND xã Bình Minh Đông".to_owned(),
        }
    }

    fn post(role: Role, unit: &str) -> Post {
        Post {
            role,
            title: String::new(),
            agency: AgencyInfo {
                code: unit.to_owned(),
                name: String::new(),
            },
            since: None,
            until: None,
        }
    }

    fn change(posts: &[Post], act: &CalendarAct) -> Result<Vec<Date>, Refusal> {
        let actor = Actor {
            account: AccountId(1),
            full_name: "Ai đó",
            posts,
        };
        let mut calendar = Calendar::of(agency(), 2026);
        calendar.apply(act, &actor)?;
        Ok(calendar.days.iter().map(|one| one.day).collect())
    }

    fn set(day: Date, kind: DayKind, name: &str) -> CalendarAct {
        let name = name.to_owned();
        CalendarAct::Set {
            day: CalendarDay { day, kind, name },
        }
    }

    #[test]
    fn who_manages_the_agency_keeps_its_calendar_and_nobody_else() {
        let act = set(date(2026, 9, 2), DayKind::Holiday, "Quốc khánh");
        let manages = [post(Role::UnitAdmin, "H99.101")];
        assert_eq!(change(&manages, &act), Ok(vec![date(2026, 9, 2)]));
        for other in [
            post(Role::UnitAdmin, "H99.101.02"),
            post(Role::Leader, "H99.101"),
            post(Role::Clerk, "H99.101"),
        ] {
            assert_eq!(change(&[other], &act), Err(Refusal::NotYours));
        }
    }

    #[test]
    fn a_day_has_a_name_a_year_and_is_made_up_for_at_the_end_of_a_week() {
        let manages = [post(Role::UnitAdmin, "H99.101")];
        for (act, fact) in [
            (set(date(2026, 9, 2), DayKind::Holiday, "  "), "name"),
            (set(date(2027, 9, 2), DayKind::Holiday, "Quốc khánh"), "day"),
            (set(date(2026, 9, 2), DayKind::MakeUp, "Làm bù"), "kind"),
        ] {
            assert_eq!(change(&manages, &act), Err(Refusal::Fact(fact)));
        }
        let saturday = set(date(2026, 8, 22), DayKind::MakeUp, "Làm bù");
        assert!(change(&manages, &saturday).is_ok());
    }

    #[test]
    fn a_day_named_anew_stands_once_and_a_cleared_one_not_at_all() {
        let mut calendar = Calendar::of(agency(), 2026);
        let day = date(2026, 9, 2);
        calendar.project(&set(day, DayKind::Holiday, "Lễ"));
        calendar.project(&set(day, DayKind::Holiday, "Quốc khánh"));
        calendar.project(&set(date(2026, 1, 1), DayKind::Holiday, "Tết Dương lịch"));
        let names: Vec<&str> = calendar.days.iter().map(|one| one.name.as_str()).collect();
        assert_eq!(names, ["Tết Dương lịch", "Quốc khánh"]);
        calendar.project(&CalendarAct::Clear { day });
        assert_eq!(calendar.days.len(), 1);
    }

    #[test]
    fn an_agency_has_one_calendar_a_year() {
        assert_eq!(calendar_id("H99.101", 2026), calendar_id("H99.101", 2026));
        assert_ne!(calendar_id("H99.101", 2026), calendar_id("H99.101", 2027));
        assert_ne!(calendar_id("H99.101", 2026), calendar_id("H99.102", 2026));
    }
}
