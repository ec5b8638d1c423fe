//! The agency's calendars: the mirror with our changes laid over it that the server does not show yet.

use congvan_model::{AccountId, CalendarId, DocumentId, Timestamp, WorkingDays};
use congvan_protocol::{
    AgencyInfo, Intent,
    calendar::{Calendar, CalendarAct, calendar_id},
};
use rusqlite::{Connection, OptionalExtension as _, Transaction, params};
use uuid::Uuid;

use crate::{
    Recorded, Store, acts,
    error::{Result, StoreError},
    laid,
};

impl Store {
    /// The calendars that are here, the earliest year first, our changes counted in.
    ///
    /// # Errors
    /// Disk errors.
    pub fn calendars(&self) -> Result<Vec<Calendar>> {
        self.read(known)
    }

    /// Which days the office works, by them.
    ///
    /// # Errors
    /// Disk errors.
    pub fn working_days(&self) -> Result<WorkingDays> {
        let days = self.calendars()?.into_iter().flat_map(|one| one.days);
        Ok(WorkingDays::new(days.map(|one| (one.day, one.kind))))
    }

    /// Records a change of an agency's calendar; it counts here at once. Whether it may be made is the
    /// caller's question.
    ///
    /// # Errors
    /// Disk errors: then nothing was recorded.
    pub fn change_calendar(
        &self,
        agency: &str,
        act: CalendarAct,
        (author, author_name): (AccountId, &str),
        now: Timestamp,
    ) -> Result<Recorded> {
        let id = calendar_id(agency, act.day().year());
        let intent = Intent::Calendar { act: Box::new(act) };
        self.then_journalled(|tx| {
            let rev: Option<i64> = tx
                .prepare_cached("SELECT rev FROM calendar WHERE id = ?1")?
                .query_row([id.0.as_bytes()], |row| row.get(0))
                .optional()?;
            let on = (DocumentId(id.0), rev.map_or(0, crate::uint));
            acts::record_on(tx, on, intent.clone(), (author, author_name), now)
        })
    }
}

fn known(db: &Connection) -> Result<Vec<Calendar>> {
    let mut calendars = Vec::new();
    let mut query = db.prepare_cached("SELECT body FROM calendar")?;
    let mut rows = query.query([])?;
    while let Some(row) = rows.next()? {
        calendars.push(serde_json::from_str(&row.get::<_, String>(0)?)?);
    }
    let mut query = db.prepare_cached(
        "SELECT DISTINCT a.thing FROM overlay_thing a JOIN outbox o ON o.op_id = a.op_id
         WHERE o.kind = 'calendar'",
    )?;
    let mut rows = query.query([])?;
    while let Some(row) = rows.next()? {
        lay(
            db,
            CalendarId(Uuid::from_bytes(row.get(0)?)),
            &mut calendars,
        )?;
    }
    calendars.sort_by_key(|one| one.year);
    Ok(calendars)
}

fn lay(db: &Connection, id: CalendarId, calendars: &mut Vec<Calendar>) -> Result<()> {
    for one in laid::on(db, id.0)? {
        let Intent::Calendar { act } = one.intent else {
            return Err(StoreError::Corrupt { what: "act" });
        };
        match calendars.iter_mut().find(|calendar| calendar.id == id) {
            Some(calendar) => calendar.project(&act),
            // One that the server does not show yet: the agency is its word.
            None => {
                let agency = AgencyInfo {
                    code: String::new(),
                    name: String::new(),
                };
                let mut calendar = Calendar::of(agency, act.day().year());
                calendar.id = id;
                calendar.project(&act);
                calendars.push(calendar);
            }
        }
    }
    Ok(())
}

/// Takes in the server's word. Says whether it was news.
pub(crate) fn take(tx: &Transaction<'_>, body: &Calendar, rev: u64) -> Result<bool> {
    let changed = tx
        .prepare_cached(
            "INSERT INTO calendar(id, rev, body) VALUES (?1, ?2, ?3)
             ON CONFLICT(id) DO UPDATE SET rev = excluded.rev, body = excluded.body
               WHERE excluded.rev > calendar.rev",
        )?
        .execute(params![
            body.id.0.as_bytes(),
            crate::int(rev),
            serde_json::to_string(body)?
        ])?;
    laid::shown(tx, body.id.0)?;
    Ok(changed > 0)
}

/// Takes a calendar off the desk, by a tombstone. Says whether it was here.
pub(crate) fn remove(tx: &Transaction<'_>, id: CalendarId, rev: u64) -> Result<bool> {
    let gone = tx.execute(
        "DELETE FROM calendar WHERE id = ?1 AND rev <= ?2",
        params![id.0.as_bytes(), crate::int(rev)],
    )?;
    laid::shown(tx, id.0)?;
    Ok(gone > 0)
}
