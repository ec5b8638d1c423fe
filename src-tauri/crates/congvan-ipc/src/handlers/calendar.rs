use std::sync::Arc;

use congvan_core::Desk;
use congvan_model::DayKind;
use congvan_protocol::calendar::{CalendarAct, CalendarDay};
use jiff::civil::Date;

use super::Answer;
use crate::{
    ErrorCode, IpcError,
    dto::{CalendarDayArgs, CalendarDayDto, CalendarDayKind, CalendarDto, Empty},
};

/// See the command table.
///
/// # Errors
/// `NOT_LOGGED_IN`, disk faults.
pub async fn calendar_get(desk: &Arc<Desk>, _: Empty) -> Answer<CalendarDto> {
    let here = desk.calendar().await?;
    let days = here.years.into_iter().flat_map(|year| year.days);
    Ok(CalendarDto {
        days: days
            .map(|one| CalendarDayDto {
                day: one.day.to_string(),
                kind: match one.kind {
                    DayKind::Holiday => CalendarDayKind::Holiday,
                    DayKind::MakeUp => CalendarDayKind::MakeUp,
                },
                name: one.name,
            })
            .collect(),
        may_keep: here.may_keep,
    })
}

/// See the command table.
///
/// # Errors
/// `ACT_FORBIDDEN`, `ACT_FIELD`, disk faults: then nothing was recorded.
pub async fn calendar_set(desk: &Arc<Desk>, args: CalendarDayDto) -> Answer<CalendarDto> {
    let day = CalendarDay {
        day: date(&args.day)?,
        kind: match args.kind {
            CalendarDayKind::Holiday => DayKind::Holiday,
            CalendarDayKind::MakeUp => DayKind::MakeUp,
        },
        name: args.name,
    };
    desk.change_calendar(CalendarAct::Set { day }).await?;
    calendar_get(desk, Empty {}).await
}

/// See the command table.
///
/// # Errors
/// As `calendar_set`.
pub async fn calendar_clear(desk: &Arc<Desk>, args: CalendarDayArgs) -> Answer<CalendarDto> {
    let day = date(&args.day)?;
    desk.change_calendar(CalendarAct::Clear { day }).await?;
    calendar_get(desk, Empty {}).await
}

fn date(text: &str) -> Answer<Date> {
    let wrong = |_| IpcError::new(ErrorCode::ActField).with("field", "day");
    text.trim().parse().map_err(wrong)
}
