//! Proving that the desk has what the server has, and starting anew where one of them was set back.
//! Nothing here deletes by itself: only the server's tombstones do, and the store's brake holds them.

use std::sync::Arc;

use congvan_model::Timestamp;
use congvan_protocol::{EntityType, InventoryKey};
use congvan_store::{RemovalProof, Store, StoreError};
use congvan_sync::{Answer, Compared, Failure, Why};
use tokio_util::sync::CancellationToken;

use super::{
    Changed, Shared,
    effects::{failure, on_store},
};
use crate::ChangeTag;

/// When the desk was last compared with the server; empty after either began a new history.
pub(crate) const COMPARED_AT: &str = "sync.compared_at";
/// Bodies asked for at once; the server gives at most so many.
const BODIES: usize = 200;

/// When the desk was last compared with the server's inventory.
pub(super) fn compared_at(store: &Store) -> Result<Option<Timestamp>, StoreError> {
    let kept = store.setting(COMPARED_AT)?;
    Ok(kept.and_then(|text| text.parse().ok()).map(Timestamp))
}

/// Compares bucket by bucket, fetches what differs, confirms held removals that the inventory bears
/// out.
pub(super) async fn compare(
    shared: Arc<Shared>,
    why: Why,
    cancel: CancellationToken,
) -> (Answer, Changed) {
    let work = async {
        let mut healed = 0_u32;
        for entity in [
            EntityType::Document,
            EntityType::Opinion,
            EntityType::Dossier,
            EntityType::Task,
            EntityType::Calendar,
        ] {
            match compare_kind(&shared, entity).await {
                // An older server has none.
                Err(Failure::Refused)
                    if !matches!(entity, EntityType::Document | EntityType::Opinion) => {}
                ended => healed = healed.saturating_add(ended?),
            }
        }
        let now = shared.now();
        on_store(&shared, move |store| {
            if healed > 0 {
                store.note("HEALED", u64::from(healed), "", now)?;
            }
            store.set_setting(COMPARED_AT, &now.0.to_string())
        })
        .await?;
        Ok(Compared { healed })
    };
    let ended = tokio::select! {
        () = cancel.cancelled() => Err(Failure::Cancelled),
        ended = work => ended,
    };
    match &ended {
        Ok(found) => tracing::info!(?why, healed = found.healed, "compared with the server"),
        Err(fault) => tracing::info!(?why, ?fault, "the comparison failed"),
    }
    (Answer::Inventory(ended), Changed::Everything)
}

async fn compare_kind(shared: &Arc<Shared>, entity: EntityType) -> Result<u32, Failure> {
    let remote = &shared.parts.remote;
    // Before the question: what a round brings meanwhile is not in the answer.
    let asked_at = on_store(shared, Store::cursor).await?;
    let summary = remote
        .inventory(entity)
        .await
        .map_err(|error| failure(&error))?;
    let (differing, known_epoch) = on_store(shared, move |store| {
        let differing = store.inventory(entity)?.differing(&summary.buckets)?;
        let other = store.epoch()?.filter(|epoch| *epoch != summary.epoch);
        Ok((differing, other.is_none()))
    })
    .await?;
    if !known_epoch {
        return Err(Failure::StaleCursor);
    }
    let mut healed = 0;
    for bucket in differing {
        let theirs = remote
            .inventory_bucket(entity, bucket)
            .await
            .map_err(|error| failure(&error))?;
        let now = shared.now();
        let diff = on_store(shared, move |store| {
            let diff = store.compare_bucket(entity, bucket, &theirs.items)?;
            if !diff.borne_out.is_empty() {
                store.confirm_removals(&diff.borne_out, RemovalProof::Inventory, now)?;
            }
            Ok(diff)
        })
        .await?;
        for page in diff.ask.chunks(BODIES) {
            let keys = page.iter().map(|id| InventoryKey { entity, id: *id });
            healed += fetch(shared, asked_at.clone(), keys.collect()).await?;
        }
        if !diff.borne_out.is_empty() {
            shared.parts.events.changed(&[ChangeTag::Documents]);
        }
    }
    Ok(healed)
}

/// Fetches the bodies of what differs, as the server has them now.
async fn fetch(
    shared: &Arc<Shared>,
    asked_at: Option<String>,
    keys: Vec<InventoryKey>,
) -> Result<u32, Failure> {
    let bodies = shared
        .parts
        .remote
        .bodies(keys)
        .await
        .map_err(|error| failure(&error))?;
    let count = u32::try_from(bodies.changes.len()).unwrap_or(u32::MAX);
    let now = shared.now();
    let outcome = on_store(shared, move |store| {
        store.apply_bodies(asked_at.as_deref(), &bodies.changes, now)
    })
    .await?;
    if outcome.stale {
        // A round came between; the machine compares again later.
        return Err(Failure::Busy {
            retry_after_s: None,
        });
    }
    if count > 0 {
        let tags = [ChangeTag::Documents, ChangeTag::Sync];
        shared.parts.events.changed(&tags);
    }
    shared.announce(outcome.urgent);
    Ok(count)
}

/// The server was restored from a backup. Nothing here is dropped: the feed starts over and what was
/// acknowledged is offered again.
pub(super) async fn new_history(shared: Arc<Shared>) -> (Answer, Changed) {
    let now = shared.now();
    let begun = on_store(&shared, move |store| {
        store.set_setting(COMPARED_AT, "")?;
        store.begin_new_history(now)
    })
    .await;
    if let Ok(offered) = &begun {
        tracing::warn!(offered, "the server has begun a new history");
    }
    (Answer::NewHistory(begun.map(drop)), Changed::Everything)
}

/// This desk is a copy or was set back: it goes on under a new name, with all it has.
pub(super) async fn new_incarnation(shared: Arc<Shared>) -> (Answer, Changed) {
    let now = shared.now();
    let taken = on_store(&shared, move |store| {
        store.set_setting(COMPARED_AT, "")?;
        store.renew_incarnation(now)
    })
    .await;
    if taken.is_ok() {
        tracing::warn!("this desk was set back and goes on as a new incarnation");
    }
    (Answer::NewIncarnation(taken.map(drop)), Changed::Everything)
}
