//! The agency's calendar at the desk: which days are worked, and keeping it.

use congvan_model::Role;
use congvan_protocol::{
    AgencyInfo, Post,
    calendar::{Calendar, CalendarAct, calendar_id},
};

use crate::{Desk, DeskError, Result};

/// The agency's calendar.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CalendarHere {
    /// The years that have named days, the earliest first.
    pub years: Vec<Calendar>,
    /// Whether this person keeps it.
    pub may_keep: bool,
}

impl Desk {
    /// The agency's calendar as it is known here.
    ///
    /// # Errors
    /// `NotLoggedIn`, disk errors.
    pub async fn calendar(&self) -> Result<CalendarHere> {
        let (session, now) = (self.session().await?, self.now());
        let years = session.with_store(|store| store.calendars()).await?;
        let acting = session.acting_by_post(now).ok();
        let may_keep = acting.is_some_and(|acting| {
            let agency = agency_of(&years, &acting.posts);
            agency.is_some_and(|agency| Calendar::is_kept_by(&agency, &acting.actor()))
        });
        Ok(CalendarHere { years, may_keep })
    }

    /// Names a day of the agency's calendar or clears it: counted here when this returns, at every desk
    /// when the server answers.
    ///
    /// # Errors
    /// `ActForbidden`, `ActField`, disk errors: then nothing was recorded.
    pub async fn change_calendar(&self, act: CalendarAct) -> Result<()> {
        let (session, now) = (self.session().await?, self.now());
        let acting = session.acting_by_post(now)?;
        let mut years = self.calendar().await?.years;
        let agency = agency_of(&years, &acting.posts).ok_or(DeskError::ActForbidden)?;
        let (year, id) = (act.day().year(), calendar_id(&agency, act.day().year()));
        let mut calendar = match years.iter().position(|one| one.id == id) {
            Some(place) => years.swap_remove(place),
            None => Calendar::of(nameless(&agency), year),
        };
        calendar.agency.code.clone_from(&agency);
        calendar.apply(&act, &acting.actor())?;
        let (account, name) = (acting.account, acting.full_name);
        session
            .with_store(move |store| store.change_calendar(&agency, act, (account, &name), now))
            .await?;
        self.acted(&session);
        Ok(())
    }
}

/// Code of the agency whose calendar is here; before the server has shown one, of what the person manages.
fn agency_of(years: &[Calendar], posts: &[Post]) -> Option<String> {
    let shown = years.iter().map(|one| &one.agency.code);
    let managed = posts.iter().filter(|post| post.role == Role::UnitAdmin);
    let mut codes = shown.chain(managed.map(|post| &post.agency.code));
    codes.find(|code| !code.is_empty()).cloned()
}

fn nameless(code: &str) -> AgencyInfo {
    AgencyInfo {
        code: code.to_owned(),
        name: String::new(),
    }
}
