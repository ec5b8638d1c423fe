//! What an account has, as digests and by name.

use congvan_model::AccountId;
use congvan_protocol::{
    Change, EntityType, INVENTORY_BUCKETS, InventoryItem, InventoryKey, InventorySummary,
    inventory_bucket, inventory_digest,
};
use rusqlite::{Transaction, params};

use crate::{error::Result, feed, mutant::Mutant, office::Office, text::uuid};

/// Most things in one request for bodies.
pub(crate) const BODIES_MAX: usize = 200;

pub(crate) fn summary(
    office: &Office,
    account: AccountId,
    entity: EntityType,
) -> Result<InventorySummary> {
    let (items, head) = office.db.read(|tx| {
        Ok::<_, crate::ProvinceError>((items(tx, account, entity)?, feed::head(tx, account)?))
    })?;
    let mut sorted: Vec<Vec<InventoryItem>> = vec![Vec::new(); INVENTORY_BUCKETS];
    for mut item in items {
        if office.config.mutant == Some(Mutant::InventoryWithoutRev) {
            item.rev = 0;
        }
        let bucket = usize::from(inventory_bucket(item.id));
        if let Some(bucket) = sorted.get_mut(bucket) {
            bucket.push(item);
        }
    }
    Ok(InventorySummary {
        epoch: office.keys().epoch.clone(),
        head_hint: u64::try_from(head).unwrap_or(0),
        buckets: sorted.into_iter().map(inventory_digest).collect(),
    })
}

/// The things of one bucket, in ascending order of their ids.
pub(crate) fn bucket(
    office: &Office,
    account: AccountId,
    (entity, bucket): (EntityType, u8),
) -> Result<Vec<InventoryItem>> {
    let mut found = office.db.read(|tx| items(tx, account, entity))?;
    found.retain(|item| inventory_bucket(item.id) == bucket);
    found.sort_by_key(|item| item.id);
    Ok(found)
}

/// The current bodies and tombstones; what was never in the account's feed is left out.
pub(crate) fn bodies(
    office: &Office,
    account: AccountId,
    keys: &[InventoryKey],
) -> Result<Vec<Change>> {
    office.db.read(|tx| {
        let mut changes = Vec::new();
        for key in keys {
            changes.extend(feed::current(tx, account, key.entity, key.id)?);
        }
        Ok(changes)
    })
}

/// What stands in the account's feed and may still be read: exactly what a pull from the start
/// would bring.
fn items(
    tx: &Transaction<'_>,
    account: AccountId,
    entity: EntityType,
) -> Result<Vec<InventoryItem>> {
    let readable = match entity {
        EntityType::Document => {
            "EXISTS (SELECT 1 FROM document d
                     JOIN access a ON a.document = d.id AND a.account = f.account
                     WHERE d.id = f.eid AND d.recalled = 0)"
        }
        EntityType::Opinion => {
            "EXISTS (SELECT 1 FROM opinion o
                     JOIN document d ON d.id = o.document AND d.recalled = 0
                     JOIN access a ON a.document = d.id AND a.account = f.account
                     WHERE o.id = f.eid)"
        }
        EntityType::Dossier => "EXISTS (SELECT 1 FROM dossier d WHERE d.id = f.eid)",
        EntityType::Task => "EXISTS (SELECT 1 FROM task t WHERE t.id = f.eid)",
        EntityType::Calendar => "EXISTS (SELECT 1 FROM calendar c WHERE c.id = f.eid)",
    };
    let mut statement = tx.prepare_cached(&format!(
        "SELECT f.eid, f.rev FROM feed f
         WHERE f.account = ?1 AND f.etype = ?2 AND f.kind = 'u' AND {readable}"
    ))?;
    let rows = statement.query_map(params![account.0, feed::etype(entity)], |row| {
        Ok(InventoryItem {
            id: uuid(row, "eid")?,
            rev: row.get("rev")?,
        })
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}
