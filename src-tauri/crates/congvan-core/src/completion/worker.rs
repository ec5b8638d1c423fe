//! Works the queue off, a few files at a time.

use std::{
    sync::{Arc, Weak},
    time::Duration,
};

use congvan_model::Timestamp;
use congvan_store::CompletionRow;
use tokio::{sync::broadcast, task::JoinSet};

use super::{attempt, rules};
use crate::{ChangeTag, Desk, DeskEvent, session::Session, signing::SignStage};

/// Files in work at once.
const PARALLEL: usize = 4;
/// The queue is looked at again after this, whatever it said.
const LONGEST_SLEEP: Duration = Duration::from_secs(600);
/// While a person signs, nothing new is begun.
const COURTESY: Duration = Duration::from_millis(500);
/// The store fails: something is wrong with the disk, and asking again at once does not help.
const AFTER_FAULT: Duration = Duration::from_secs(30);
/// The line says something many times a second while files move; it is listened to this often.
const GATHER: Duration = Duration::from_millis(300);

impl Desk {
    /// Starts working off the queue of a session that has just been opened; ends with it.
    pub(crate) fn start_completing(self: &Arc<Self>, session: &Arc<Session>) {
        let work = run(self.clone(), Arc::downgrade(session));
        let work = session.completion.tasks.track_future(work);
        self.tracker().spawn(work);
    }
}

async fn run(desk: Arc<Desk>, session: Weak<Session>) {
    let mut events = desk.events();
    let mut flights: JoinSet<()> = JoinSet::new();
    let mut was_online = false;
    loop {
        let Some(session) = session.upgrade() else {
            break;
        };
        let here = &session.completion;
        let sleep = launch(&desk, &session, &mut flights).await;
        tokio::select! {
            () = here.cancel.cancelled() => break,
            () = here.wake.notified() => {}
            Some(_) = flights.join_next(), if !flights.is_empty() => {}
            () = tokio::time::sleep(sleep) => {}
            () = network_changed(&mut events) => {}
        }
        // Looked at whatever woke us: a word of the line that came at the same time is not lost.
        let is_online = session.driver.is_online();
        if is_online && !was_online {
            hasten(&desk, &session).await;
        }
        was_online = is_online;
    }
    // Each of them has the cancelled token and ends by itself.
    while flights.join_next().await.is_some() {}
}

/// Begins what is due, as far as there are places. Gives how long there is nothing to do unless
/// something happens.
async fn launch(desk: &Arc<Desk>, session: &Arc<Session>, flights: &mut JoinSet<()>) -> Duration {
    if desk.sign_progress().0 != SignStage::Idle || desk.batches().view().is_some() {
        return COURTESY;
    }
    let rules = rules(session.info().as_deref());
    if rules.time_stamping.is_empty() {
        // Nobody to ask: not a failure of any file, so nothing is written down.
        return LONGEST_SLEEP;
    }
    let (wanted, now) = (rules.level, desk.now());
    let looked = session
        .with_store(move |store| {
            store.reopen_refused_completions(now)?;
            let limit = u32::try_from(PARALLEL * 2).unwrap_or(u32::MAX);
            let due = store.completions_due(wanted, now, limit)?;
            Ok((due, store.completion_next(wanted)?))
        })
        .await;
    let (due, next) = match looked {
        Ok(found) => found,
        Err(error) => {
            tracing::warn!(%error, "the queue of completions cannot be read");
            return AFTER_FAULT;
        }
    };
    for row in due {
        if flights.len() >= PARALLEL {
            break;
        }
        if session.completion.take(row.file) {
            flights.spawn(fly(desk.clone(), session.clone(), row));
        }
    }
    if flights.is_empty() {
        pause(next, now)
    } else {
        // Whatever lands wakes us.
        LONGEST_SLEEP
    }
}

async fn fly(desk: Arc<Desk>, session: Arc<Session>, row: CompletionRow) {
    let file = row.file;
    desk.events_bus().changed(&[ChangeTag::Completion]);
    if let Err(error) = attempt::run(&desk, &session, &row).await {
        tracing::warn!(%error, "a completion was not kept");
        // Its row says that it is due still: not at once.
        let cancel = session.completion.cancel.clone();
        cancel
            .run_until_cancelled(tokio::time::sleep(AFTER_FAULT))
            .await;
    }
    session.completion.put_down(file);
    desk.events_bus().changed(&[ChangeTag::Completion]);
}

fn pause(next: Option<Timestamp>, now: Timestamp) -> Duration {
    let Some(next) = next else {
        return LONGEST_SLEEP;
    };
    let ms = u64::try_from(next.0.saturating_sub(now.0)).unwrap_or(0);
    Duration::from_millis(ms.max(50)).min(LONGEST_SLEEP)
}

async fn hasten(desk: &Desk, session: &Session) {
    session.completion.client.reset_health();
    let now = desk.now();
    let done = session.with_store(move |store| store.completion_hasten(now));
    if let Err(error) = done.await {
        tracing::warn!(%error, "the queue of completions cannot be hastened");
    }
}

async fn network_changed(events: &mut broadcast::Receiver<DeskEvent>) {
    loop {
        match events.recv().await {
            Ok(DeskEvent::Changed(tags)) if tags.contains(&ChangeTag::Sync) => {
                tokio::time::sleep(GATHER).await;
                *events = events.resubscribe();
                return;
            }
            Err(broadcast::error::RecvError::Closed) => std::future::pending().await,
            Ok(
                DeskEvent::Changed(_)
                | DeskEvent::PinWanted(_)
                | DeskEvent::PinClosed(_)
                | DeskEvent::Notify(_),
            )
            | Err(broadcast::error::RecvError::Lagged(_)) => {}
        }
    }
}
