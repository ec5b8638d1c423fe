//! Digests of what an account has, so that a desk can prove that it has the same, and find what
//! differs without pulling everything.

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{Change, EntityType};

/// How many buckets an inventory has.
pub const INVENTORY_BUCKETS: usize = 256;

/// Answer of `GET /v1/inventory?entity=...`: what the account has, in 256 numbers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct InventorySummary {
    /// Random id of this history of the server's data.
    pub epoch: String,
    /// The head of the account's feed when this was computed. A desk whose cursor is older pulls
    /// first and compares then.
    pub head_hint: u64,
    /// 256 digests, each 32 lower-case hexadecimal digits: the exclusive or of [`inventory_term`]
    /// over the items of the bucket; zeros for an empty one.
    pub buckets: Vec<String>,
}

/// Answer of `GET /v1/inventory?entity=...&bucket=N`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct InventoryBucket {
    /// Which.
    pub bucket: u8,
    /// Its items, in ascending order of their ids.
    pub items: Vec<InventoryItem>,
}

/// One thing an account has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
pub struct InventoryItem {
    /// Which.
    pub id: Uuid,
    /// The `rev` of the last [`Change`] about it in the account's feed.
    pub rev: u64,
}

/// Body of `POST /v1/inventory/bodies`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct InventoryBodiesRequest {
    /// What is missing or differs; at most 200.
    pub items: Vec<InventoryKey>,
}

/// A thing by name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
pub struct InventoryKey {
    /// What kind of thing.
    pub entity: EntityType,
    /// Which.
    pub id: Uuid,
}

/// Answer of `POST /v1/inventory/bodies`: the current body of each thing that the account has, and
/// the tombstone of each that it no longer has. A thing this server has never heard of is not in
/// the answer: only a tombstone removes anything, and a restored server may simply have forgotten.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct InventoryBodies {
    /// In the order of the request.
    pub changes: Vec<Change>,
}

/// The bucket of a thing: the first byte of the SHA-256 of its id's 16 bytes.
#[must_use]
pub fn inventory_bucket(id: Uuid) -> u8 {
    let hash: [u8; 32] = Sha256::digest(id.as_bytes()).into();
    let [first, ..] = hash;
    first
}

/// What a thing adds to the digest of its bucket: the first 16 bytes of the SHA-256 of its id's 16
/// bytes and its `rev` as 8 bytes, big-endian.
#[must_use]
pub fn inventory_term(id: Uuid, rev: u64) -> [u8; 16] {
    let mut hash = Sha256::new();
    hash.update(id.as_bytes());
    hash.update(rev.to_be_bytes());
    let hash: [u8; 32] = hash.finalize().into();
    let mut term = [0; 16];
    for (to, from) in term.iter_mut().zip(hash) {
        *to = from;
    }
    term
}

/// The digest of a bucket with these items, in any order, as [`InventorySummary`] writes it.
#[must_use]
pub fn inventory_digest(items: impl IntoIterator<Item = InventoryItem>) -> String {
    let sum = items.into_iter().fold(0_u128, |sum, item| {
        sum ^ u128::from_be_bytes(inventory_term(item.id, item.rev))
    });
    format!("{sum:032x}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn item(id: u128, rev: u64) -> InventoryItem {
        let id = Uuid::from_u128(id);
        InventoryItem { id, rev }
    }

    #[test]
    fn the_digest_does_not_depend_on_the_order_and_sees_every_rev() {
        let (a, b) = (item(1, 7), item(2, 7));
        assert_eq!(inventory_digest([a, b]), inventory_digest([b, a]));
        assert_ne!(inventory_digest([a, b]), inventory_digest([a, item(2, 8)]));
        assert_eq!(inventory_digest([a, a]), inventory_digest([]));
        assert_eq!(inventory_digest([]), "0".repeat(32));
    }

    /// Computed with `printf ... | xxd -r -p | sha256sum`: another implementation must agree.
    #[test]
    fn bucket_and_term_are_those_of_the_description() {
        let id = Uuid::from_u128(0x0123_4567_89ab_7def_8123_4567_89ab_cdef);
        assert_eq!(inventory_bucket(id), BUCKET);
        assert_eq!(inventory_digest([item(id.as_u128(), 258)]), TERM);
    }

    const BUCKET: u8 = 0x11;
    const TERM: &str = "0a8b4037367600928a799d4ef9fc8b67";
}
