//! Calendars of agencies as rows: the same for everyone of the agency.

use congvan_model::{CalendarId, DayKind};
use congvan_protocol::{
    AgencyInfo, ChangeKind, EntityType,
    calendar::{Calendar, CalendarDay},
    handling::OfficePerson,
};
use jiff::civil::{Date, date};
use rusqlite::{OptionalExtension as _, Transaction, params};

use crate::{
    accounts,
    error::Result,
    feed::{self, Touch},
};

/// The national days off of 2026 with what was worked for them, as announced for offices, and those of
/// 2027 that the Labour Code (Art. 112) fixes in the solar year.
const NATIONAL: [(Date, DayKind, &str); 21] = {
    use DayKind::{Holiday, MakeUp};
    [
        (date(2026, 1, 1), Holiday, "Tết Dương lịch"),
        (date(2026, 1, 2), Holiday, "Nghỉ hoán đổi Tết Dương lịch"),
        (date(2026, 1, 10), MakeUp, "Làm bù ngày 02/01"),
        (date(2026, 2, 16), Holiday, "Tết Nguyên đán"),
        (date(2026, 2, 17), Holiday, "Tết Nguyên đán"),
        (date(2026, 2, 18), Holiday, "Tết Nguyên đán"),
        (date(2026, 2, 19), Holiday, "Tết Nguyên đán"),
        (date(2026, 2, 20), Holiday, "Tết Nguyên đán"),
        (date(2026, 4, 27), Holiday, "Nghỉ bù Giỗ Tổ Hùng Vương"),
        (date(2026, 4, 30), Holiday, "Ngày Chiến thắng"),
        (date(2026, 5, 1), Holiday, "Quốc tế lao động"),
        (date(2026, 8, 22), MakeUp, "Làm bù ngày 31/8"),
        (date(2026, 8, 31), Holiday, "Nghỉ hoán đổi Quốc khánh"),
        (date(2026, 9, 1), Holiday, "Quốc khánh"),
        (date(2026, 9, 2), Holiday, "Quốc khánh"),
        (date(2027, 1, 1), Holiday, "Tết Dương lịch"),
        (date(2027, 4, 30), Holiday, "Ngày Chiến thắng"),
        (date(2027, 5, 1), Holiday, "Quốc tế lao động"),
        (date(2027, 5, 3), Holiday, "Nghỉ bù Quốc tế lao động"),
        (date(2027, 9, 2), Holiday, "Quốc khánh"),
        (date(2027, 9, 3), Holiday, "Quốc khánh"),
    ]
};

/// A calendar with its `rev`.
pub(crate) fn load(tx: &Transaction<'_>, id: CalendarId) -> Result<Option<(Calendar, u64)>> {
    let found: Option<(String, u64)> = tx
        .prepare_cached("SELECT body, rev FROM calendar WHERE id = ?1")?
        .query_row([id.0.as_bytes()], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    Ok(match found {
        Some((body, rev)) => Some((serde_json::from_str(&body)?, rev)),
        None => None,
    })
}

/// Writes a calendar down; the answer is its new `rev`.
pub(crate) fn save(tx: &Transaction<'_>, calendar: &Calendar, rev: u64) -> Result<u64> {
    let rev = rev + 1;
    tx.execute(
        "INSERT INTO calendar(id, rev, body) VALUES (?1, ?2, ?3)
         ON CONFLICT(id) DO UPDATE SET rev = excluded.rev, body = excluded.body",
        params![
            calendar.id.0.as_bytes(),
            rev,
            serde_json::to_string(calendar)?
        ],
    )?;
    Ok(rev)
}

/// Its feed rows, for everyone of the agency.
pub(crate) fn touch(calendar: &Calendar, people: &[OfficePerson], rev: u64) -> Vec<Touch> {
    let touch = |person: &OfficePerson| Touch {
        account: person.account,
        entity: EntityType::Calendar,
        id: calendar.id.0,
        change: ChangeKind::Upsert,
        rev,
        prio: 0,
    };
    people.iter().map(touch).collect()
}

/// The national holidays in the calendars of an agency.
pub(crate) fn seed(tx: &Transaction<'_>, agency: &AgencyInfo) -> Result<()> {
    let people = accounts::people(tx, &agency.code)?;
    for year in [2026, 2027] {
        let mut calendar = Calendar::of(agency.clone(), year);
        let days = NATIONAL.iter().filter(|(day, _, _)| day.year() == year);
        calendar.days = days
            .map(|(day, kind, name)| CalendarDay {
                day: *day,
                kind: *kind,
                name: (*name).to_owned(),
            })
            .collect();
        let rev = save(tx, &calendar, 0)?;
        feed::append(tx, touch(&calendar, &people, rev))?;
    }
    Ok(())
}
