//! Deadlines of tasks are told of when a day has begun, and after what the server says has changed them.

use std::sync::{Arc, PoisonError, Weak};

use super::{Loop, Shared, effects::on_store};
use crate::{
    ChangeTag, DeskEvent, Notice, NoticeKind, NoticeTarget,
    tasks::{Reminder, remind},
};

impl Loop {
    /// Once a day; the rest comes with the rounds.
    pub(super) fn remind_daily(&self) {
        let reminded = self.shared.reminded_on.lock();
        let last = *reminded.unwrap_or_else(PoisonError::into_inner);
        if last != Some(self.shared.now().vietnam_date()) {
            let shared = self.shared.clone();
            self.tasks.spawn(async move { tell(&shared).await });
        }
    }
}

/// Tells of what is due and was not told of.
pub(super) async fn tell(shared: &Arc<Shared>) {
    let Some(session) = shared.session.get().and_then(Weak::upgrade) else {
        return;
    };
    let (own, now) = (session.account.id, shared.now());
    let Ok(told) = on_store(shared, move |store| remind(store, own, now)).await else {
        return;
    };
    let mut reminded = shared
        .reminded_on
        .lock()
        .unwrap_or_else(PoisonError::into_inner);
    *reminded = Some(now.vietnam_date());
    let events = &shared.parts.events;
    if !told.is_empty() {
        // The history has a line for each.
        events.changed(&[ChangeTag::Sync]);
    }
    events_of(told, |notice| events.send(DeskEvent::Notify(notice)));
}

/// One is named; several at once are counted, so that a morning does not begin with a stack of them.
fn events_of(mut told: Vec<Reminder>, send: impl FnOnce(Notice)) {
    let count = u32::try_from(told.len()).unwrap_or(u32::MAX);
    let (kind, title) = match (told.pop(), count) {
        (None, _) => return,
        (Some(one), 1) => {
            let days_left = one.days_left;
            (NoticeKind::TaskDeadline { days_left }, one.title)
        }
        (Some(_), count) => (NoticeKind::TaskDeadlines { count }, String::new()),
    };
    send(Notice {
        opens: NoticeTarget::Tasks,
        kind,
        title,
        body: String::new(),
    });
}
