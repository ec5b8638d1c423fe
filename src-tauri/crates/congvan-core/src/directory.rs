//! The directory of agencies comes to this machine when nothing else waits: after the letters, page by
//! page, and again only when a round says that it has changed. A pull that is cut goes on where it
//! stopped, after the next round that leaves nothing waiting.

use std::sync::{Arc, Weak};

use congvan_protocol::ProblemCode;
use congvan_remote::RemoteError;
use congvan_store::Store;
use tokio::sync::watch;

use crate::{ChangeTag, Desk, Result, desk::faults::remote_fault, intake, session::Session};

/// Agencies asked for at once: a page holds the store's one writer for tens of milliseconds.
const PAGE: u32 = 500;

impl Desk {
    /// Follows the directory for a session that has just been opened; ends with it.
    pub(crate) fn start_directory(self: &Arc<Self>, session: &Arc<Session>) {
        let said = session.driver.directory();
        let work = run(self.clone(), Arc::downgrade(session), said);
        let work = session.intake.tasks.track_future(work);
        self.tracker().spawn(work);
    }
}

async fn run(desk: Arc<Desk>, session: Weak<Session>, mut said: watch::Receiver<Option<String>>) {
    let Some(cancel) = session
        .upgrade()
        .map(|session| session.intake.cancel.clone())
    else {
        return;
    };
    loop {
        tokio::select! {
            () = cancel.cancelled() => break,
            told = said.changed() => if told.is_err() {
                break;
            },
        }
        let end = said.borrow_and_update().clone();
        let (Some(end), Some(session)) = (end, session.upgrade()) else {
            continue;
        };
        match cancel
            .run_until_cancelled(pull(&desk, &session, &end))
            .await
        {
            None => break,
            Some(Ok(0)) => {}
            Some(Ok(pages)) => {
                tracing::info!(pages, "the directory of agencies was brought up to date");
                intake::directory_changed(&session);
                desk.events_bus().changed(&[ChangeTag::Intake]);
            }
            Some(Err(error)) => {
                tracing::info!(%error, "the directory of agencies comes later");
            }
        }
    }
}

/// Fetches pages until this desk is where the server is. How many were taken in.
async fn pull(desk: &Desk, session: &Session, end: &str) -> Result<u32> {
    let (mut pages, mut restarted) = (0, false);
    loop {
        let now = desk.now();
        let (cursor, may_go_on) = session
            .with_store(move |store| {
                let may_go_on = store.room()?.allows_prefetch() && store.pause(now)?.is_none();
                Ok((store.agencies_cursor()?, may_go_on))
            })
            .await?;
        if cursor.as_deref() == Some(end) || !may_go_on {
            return Ok(pages);
        }
        let page = match session.remote.agencies(cursor.as_deref(), PAGE).await {
            Ok(Some(page)) => page,
            Ok(None) => return Ok(pages),
            Err(RemoteError::Refused { code, .. })
                if code == ProblemCode::CannotCalculateChanges
                    && cursor.is_some()
                    && !restarted =>
            {
                // Once: a server that refuses what it has just given would be asked for ever.
                restarted = true;
                session.with_store(Store::restart_agencies).await?;
                continue;
            }
            Err(error) => return Err(remote_fault(&error)),
        };
        let more = page.more;
        if more && cursor.as_deref() == Some(page.cursor.as_str()) {
            // The same page would come for ever.
            let what = "a directory page that leads nowhere";
            return Err(remote_fault(&RemoteError::Protocol { what }));
        }
        let taken = session
            .with_store(move |store| {
                congvan_store::fail_point("directory.page");
                store.apply_agencies(cursor.as_deref(), &page)
            })
            .await?;
        if !taken {
            return Ok(pages);
        }
        pages += 1;
        if !more {
            return Ok(pages);
        }
    }
}
