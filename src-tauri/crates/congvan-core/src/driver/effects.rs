//! The probe and the round.

use std::sync::Arc;

use congvan_model::OpId;
use congvan_protocol::{ProblemCode, SyncRequest};
use congvan_remote::RemoteError;
use congvan_store::{Page, StoreError};
use congvan_sync::{Answer, Failure, Healthy, Round};

use super::Shared;
use crate::ChangeTag;

/// Changes wanted per round; the server gives at most so many.
const PAGE: u32 = 200;

/// What a failed call means to the machine.
pub(super) fn failure(error: &RemoteError) -> Failure {
    match error {
        RemoteError::Unreachable => Failure::Unreachable,
        RemoteError::Untrusted => Failure::Untrusted,
        RemoteError::WrongNetwork { .. } => Failure::WrongNetwork,
        RemoteError::LoginNeeded => Failure::LoginNeeded,
        RemoteError::Refused {
            retryable,
            status,
            retry_after_s,
            code,
            ..
        } => {
            if *code == ProblemCode::CannotCalculateChanges {
                Failure::StaleCursor
            } else if *retryable || *status >= 500 || *status == 429 {
                Failure::Busy {
                    retry_after_s: *retry_after_s,
                }
            } else if *status == 413 {
                Failure::TooLarge
            } else {
                Failure::Refused
            }
        }
        RemoteError::Protocol { .. } => Failure::Busy {
            retry_after_s: None,
        },
        RemoteError::Source | RemoteError::Configuration { .. } => Failure::Local,
        RemoteError::Cancelled => Failure::Cancelled,
    }
}

pub(super) async fn probe(shared: Arc<Shared>) -> (Answer, bool) {
    let answer = match shared.parts.remote.probe().await {
        Ok(health) => {
            shared.parts.clock.learn(health.time);
            Ok(Healthy {
                load: health.load,
                reconnect_window_s: health.reconnect_window_s,
            })
        }
        Err(error) => Err(failure(&error)),
    };
    (Answer::Probe(answer), false)
}

/// One round: these intents up, the next part of the feed down and into the store.
pub(super) async fn round(shared: Arc<Shared>, send: Vec<OpId>) -> (Answer, bool) {
    match exchange(&shared, send).await {
        Ok(round) => (Answer::Sync(Ok(round)), true),
        Err(fault) => (Answer::Sync(Err(fault)), false),
    }
}

async fn exchange(shared: &Arc<Shared>, send: Vec<OpId>) -> Result<Round, Failure> {
    learn_session(shared).await;
    let device = shared.parts.device;
    let request = on_store(shared, move |store| {
        Ok(SyncRequest {
            device,
            incarnation: store.incarnation()?,
            cursor: store.cursor()?,
            settled_through: store.settled_through()?,
            // 0: nothing is compared until the store gives the highest it ever gave out.
            highest_seq: 0,
            ops: store.ops(&send)?,
            want: PAGE,
        })
    })
    .await?;
    let response = match shared.parts.remote.sync(&request).await {
        Ok(response) => response,
        Err(error) => {
            tracing::info!(%error, ops = request.ops.len(), "a round failed");
            return Err(failure(&error));
        }
    };
    shared.parts.clock.learn(response.server_time);
    let round = Round {
        more: response.more,
        next_poll_s: response.next_poll_s,
        load: response.load,
    };
    let now = shared.now();
    let outcome = on_store(shared, move |store| {
        store.apply_page(Page {
            sent_cursor: request.cursor.as_deref(),
            response: &response,
            now,
        })
    })
    .await?;
    tracing::info!(
        changed = outcome.changed.len(),
        removed = outcome.removed.len(),
        applied = outcome.applied,
        trouble = outcome.trouble,
        more = round.more,
        "a round ended"
    );
    let settled = outcome.applied > 0 || outcome.trouble > 0;
    if settled || !outcome.changed.is_empty() || !outcome.removed.is_empty() {
        shared
            .parts
            .events
            .changed(&[ChangeTag::Documents, ChangeTag::Sync]);
    }
    shared.announce(outcome.urgent);
    Ok(round)
}

/// The server was restored from a backup. Nothing here is dropped: the feed starts over and what was
/// acknowledged is offered again.
pub(super) async fn new_history(shared: Arc<Shared>) -> (Answer, bool) {
    let now = shared.now();
    let begun = on_store(&shared, move |store| store.begin_new_history(now)).await;
    if let Ok(offered) = &begun {
        tracing::warn!(offered, "the server has begun a new history");
    }
    (Answer::NewHistory(begun.map(drop)), true)
}

/// Not spoken yet: the machine then asks from time to time.
pub(super) async fn listen() -> (Answer, bool) {
    (Answer::Listen(Err(Failure::Refused)), false)
}

/// Not spoken yet.
pub(super) async fn compare() -> (Answer, bool) {
    (Answer::Inventory(Err(Failure::Refused)), false)
}

/// Not spoken yet; the server does not ask for it either.
pub(super) async fn new_incarnation() -> (Answer, bool) {
    (Answer::NewIncarnation(Err(Failure::Refused)), false)
}

/// Once per run, and until it succeeds: limits, trust and signers, for signing offline later.
async fn learn_session(shared: &Arc<Shared>) {
    let Some(session) = shared.session.get().and_then(std::sync::Weak::upgrade) else {
        return;
    };
    if session.is_informed() {
        return;
    }
    match shared.parts.remote.session().await {
        Ok(info) => {
            if let Err(error) = session.learn(info).await {
                tracing::warn!(%error, "the session's facts were not kept");
            }
        }
        Err(error) => tracing::info!(%error, "the session's facts are not known yet"),
    }
}

/// Work on the store, on a thread that may block.
pub(super) async fn on_store<T: Send + 'static>(
    shared: &Shared,
    work: impl FnOnce(&congvan_store::Store) -> Result<T, StoreError> + Send + 'static,
) -> Result<T, Failure> {
    let store = shared.parts.store.clone();
    match tokio::task::spawn_blocking(move || work(&store)).await {
        Ok(Ok(done)) => Ok(done),
        Ok(Err(error)) => {
            tracing::warn!(%error, "the store refused");
            Err(Failure::Local)
        }
        Err(error) => {
            tracing::error!(%error, "work on the store panicked");
            Err(Failure::Local)
        }
    }
}
