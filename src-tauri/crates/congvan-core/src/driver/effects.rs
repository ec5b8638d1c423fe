//! The probe and the round.

use std::sync::{Arc, PoisonError};

use congvan_model::OpId;
use congvan_protocol::{EntityType, Load, ProblemCode, SyncRequest};
use congvan_remote::RemoteError;
use congvan_store::{Page, Store, StoreError};
use congvan_sync::{Answer, Failure, Healthy, Round};

use super::{Changed, Shared, reminding};
use crate::ChangeTag;

/// Changes wanted per round; the server gives at most so many.
const PAGE: u32 = 500;

/// What a failed call means to the machine.
pub(super) fn failure(error: &RemoteError) -> Failure {
    match error {
        RemoteError::Unreachable | RemoteError::ProxyAuthNeeded | RemoteError::ProxyRefused => {
            Failure::Unreachable
        }
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
            } else if *code == ProblemCode::DeviceRolledBack {
                Failure::RolledBack
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

pub(super) async fn probe(shared: Arc<Shared>) -> (Answer, Changed) {
    let probed = shared.parts.remote.probe().await;
    *shared
        .probe_fault
        .lock()
        .unwrap_or_else(PoisonError::into_inner) = probed.as_ref().err().cloned();
    let answer = match probed {
        Ok(health) => {
            shared
                .parts
                .clock
                .learn(health.time, health.took, health.arrived);
            Ok(Healthy {
                load: health.load,
                reconnect_window_s: health.reconnect_window_s,
            })
        }
        Err(error) => Err(failure(&error)),
    };
    (Answer::Probe(answer), Changed::Nothing)
}

/// One round: these intents up, the next part of the feed down and into the store.
pub(super) async fn round(shared: Arc<Shared>, send: Vec<OpId>) -> (Answer, Changed) {
    match exchange(&shared, send).await {
        Ok(round) => (Answer::Sync(Ok(round)), Changed::Everything),
        Err(fault) => (Answer::Sync(Err(fault)), Changed::Nothing),
    }
}

async fn exchange(shared: &Arc<Shared>, send: Vec<OpId>) -> Result<Round, Failure> {
    learn_session(shared).await;
    let device = shared.parts.device;
    let sent_at = shared.now();
    let (request, head) = on_store(shared, move |store| {
        let (head, cursor) = (store.audit_head()?, store.cursor()?);
        // A server that begins anew, with us or altogether, is told even what it had before.
        let is_news = cursor.is_none() || store.audit_anchor() != Some(head);
        let request = SyncRequest {
            device,
            incarnation: store.incarnation()?,
            cursor,
            settled_through: store.settled_through()?,
            highest_seq: store.highest_seq()?,
            audit_head: is_news.then(|| format!("{}:{}", head.seq, head.hash)),
            ops: store.take_ops(&send, sent_at)?,
            given: store.given_numbers(&send)?,
            want: PAGE,
            takes: vec![EntityType::Dossier, EntityType::Task, EntityType::Calendar],
        };
        Ok((request, head))
    })
    .await?;
    let response = match shared.parts.remote.sync(&request).await {
        Ok(response) => response,
        Err(error) => {
            tracing::info!(%error, ops = request.ops.len(), "a round failed");
            return Err(failure(&error));
        }
    };
    shared
        .parts
        .clock
        .learn(response.server_time, response.took, response.arrived);
    let round = Round {
        more: response.more,
        next_poll_s: response.next_poll_s,
        load: response.load,
    };
    let directory = response.directory.clone();
    let standing = response.standing.clone();
    let (now, key) = (shared.now(), shared.receipt_key());
    let taken = on_store(shared, move |store| {
        if store.calls_settled_what_waits(&response.results)? {
            return Ok(None);
        }
        let outcome = store.apply_page(Page {
            sent_cursor: request.cursor.as_deref(),
            response: &response,
            now,
        })?;
        store.audit_anchored(head)?;
        if let Some(key) = key.filter(|_| !response.results.is_empty()) {
            check_receipts(store, &key)?;
        }
        Ok(Some(outcome))
    })
    .await?;
    let Some(outcome) = taken else {
        return Err(Failure::RolledBack);
    };
    tracing::info!(
        changed = outcome.changed.len(),
        removed = outcome.removed.len(),
        applied = outcome.applied,
        trouble = outcome.trouble,
        more = round.more,
        "a round ended"
    );
    if let Some(session) = shared.session.get().and_then(std::sync::Weak::upgrade) {
        session.heard_standing(standing);
        learn_session(shared).await;
    }
    let settled = outcome.applied > 0 || outcome.trouble > 0;
    let documents = !outcome.changed.is_empty() || !outcome.removed.is_empty();
    if settled || documents || outcome.dossiers || outcome.tasks {
        shared
            .parts
            .events
            .changed(&[ChangeTag::Documents, ChangeTag::Sync]);
    }
    if outcome.tasks {
        reminding::tell(shared).await;
    }
    shared.announce(outcome.urgent);
    // Letters come first, and a server that is busy is left alone.
    if !round.more && round.load == Load::Calm {
        shared.directory.send_replace(directory);
    }
    Ok(round)
}

/// Looks at receipts before anybody is shown one.
pub(crate) fn check_receipts(store: &Store, key: &str) -> Result<(), StoreError> {
    let seen = store.verify_receipts(key)?;
    if seen.bad > 0 {
        tracing::warn!(
            bad = seen.bad,
            "receipts that the server's key does not bear out"
        );
    }
    Ok(())
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
            let key = info.receipt_key.clone();
            if info.courier_key.is_some() && !tell_courier_keys(shared).await {
                return;
            }
            if let Err(error) = session.learn(info).await {
                tracing::warn!(%error, "the session's facts were not kept");
            }
            // Posts, mandates, and with these the lists of work.
            shared
                .parts
                .events
                .changed(&[ChangeTag::Session, ChangeTag::Documents]);
            // Those that came before the key was known.
            let _ = on_store(shared, move |store| check_receipts(store, &key)).await;
        }
        Err(error) => tracing::info!(%error, "the session's facts are not known yet"),
    }
}

/// Tells what this desk's courier bundles are known by, for days without a network; false when the line
/// broke, and it is to be told again.
async fn tell_courier_keys(shared: &Arc<Shared>) -> bool {
    let told = on_store(shared, |store| store.courier_keys()?.told()).await;
    let Ok(keys) = told else {
        return true;
    };
    match shared.parts.remote.tell_courier_keys(&keys).await {
        Ok(()) => true,
        Err(error) => {
            tracing::info!(%error, "the courier's keys were not told");
            matches!(
                error,
                RemoteError::Refused {
                    retryable: false,
                    ..
                }
            )
        }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_means_what_its_code_says() {
        let refused = |code, status| {
            failure(&RemoteError::Refused {
                code,
                status,
                retryable: false,
                retry_after_s: None,
            })
        };
        let cases = [
            (
                ProblemCode::CannotCalculateChanges,
                409,
                Failure::StaleCursor,
            ),
            (ProblemCode::DeviceRolledBack, 409, Failure::RolledBack),
            (ProblemCode::TooLarge, 413, Failure::TooLarge),
            (ProblemCode::NotFound, 404, Failure::Refused),
            (
                ProblemCode::Internal,
                500,
                Failure::Busy {
                    retry_after_s: None,
                },
            ),
        ];
        for (code, status, meaning) in cases {
            assert_eq!(refused(code, status), meaning, "{code:?}");
        }
        for proxy in [RemoteError::ProxyAuthNeeded, RemoteError::ProxyRefused] {
            assert_eq!(failure(&proxy), Failure::Unreachable, "{proxy:?}");
        }
    }
}
