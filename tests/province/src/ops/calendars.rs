//! Changes of an agency's calendar.

use congvan_model::CalendarId;
use congvan_protocol::{
    OpOutcome, ProblemCode,
    calendar::{Calendar, CalendarAct, calendar_id},
    handling::Refusal,
};
use rusqlite::Transaction;

use super::{
    intents::{Decision, Sent},
    refusal::explain,
    registering::refused,
};
use crate::{accounts, books, calendars, error::Result, mutant::Mutant};

const NOT_YOURS: &str = "Lịch làm việc do người quản trị đơn vị của cơ quan giữ";

/// Changes a day, or says why not.
pub(super) fn act(tx: &Transaction<'_>, sent: Sent<'_>, act: &CalendarAct) -> Result<Decision> {
    let Some(registry) = books::registry(tx, sent.account)? else {
        let detail = "nobody of an agency";
        return Ok(Decision::rejected(ProblemCode::Forbidden, detail));
    };
    let id = CalendarId(sent.op.lane.0);
    if id != calendar_id(&registry.agency, act.day().year()) {
        return Ok(refused("another calendar"));
    }
    let (mut calendar, rev) = match calendars::load(tx, id)? {
        Some(known) => known,
        None => {
            let agency = accounts::agency(tx, &registry.agency)?;
            (Calendar::of(agency, act.day().year()), 0)
        }
    };
    match calendar.apply(act, &sent.acting.actor()) {
        Ok(()) => {}
        Err(Refusal::NotYours) if sent.mutant == Some(Mutant::AnyoneKeepsCalendars) => {
            calendar.project(act);
        }
        Err(refusal) => return Ok(explain(refusal, None, NOT_YOURS)),
    }
    let rev = calendars::save(tx, &calendar, rev)?;
    let people = accounts::people(tx, &registry.agency)?;
    Ok(Decision {
        outcome: OpOutcome::Applied { rev },
        touches: calendars::touch(&calendar, &people, rev),
    })
}
