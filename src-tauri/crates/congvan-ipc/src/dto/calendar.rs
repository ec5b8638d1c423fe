use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Why a day is not what its place in the week says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum CalendarDayKind {
    /// Nghỉ.
    Holiday,
    /// Làm bù.
    MakeUp,
}

/// A named day of the agency's calendar.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct CalendarDayDto {
    /// `YYYY-MM-DD`.
    pub day: String,
    /// Whether it is off or worked.
    pub kind: CalendarDayKind,
    /// What it is called.
    pub name: String,
}

/// The agency's calendar.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct CalendarDto {
    /// Its named days of all years, the first first.
    pub days: Vec<CalendarDayDto>,
    /// Whether this person keeps it.
    pub may_keep: bool,
}

/// Names a day.
#[derive(Clone, Debug, Deserialize, TS)]
pub struct CalendarDayArgs {
    /// `YYYY-MM-DD`.
    pub day: String,
}
