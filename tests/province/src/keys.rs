//! Secrets and hashes of the server.

use aws_lc_rs::{
    digest, hmac,
    rand::{self, SystemRandom},
    signature::{Ed25519KeyPair, KeyPair as _},
};
use congvan_courier::{SealingKey, SigningKey};
use congvan_model::Sha256;
use rusqlite::{OptionalExtension as _, Transaction, params};

use crate::{ProvinceError, error::Result};

/// What the server signs and authenticates with, and which history it is in.
pub(crate) struct ServerKeys {
    /// Random id of this history of the data, 32 hexadecimal digits.
    pub(crate) epoch: String,
    /// Opens courier bundles.
    pub(crate) courier: SealingKey,
    /// Signs the answers to them: the key of the receipts.
    pub(crate) answers: SigningKey,
    cursor: hmac::Key,
    receipt: Ed25519KeyPair,
}

impl ServerKeys {
    /// Reads the keys, making them on the first start.
    pub(crate) fn load(tx: &Transaction<'_>) -> Result<Self> {
        let epoch = fact(tx, "epoch", || Ok(random::<16>()?.to_vec()))?;
        let cursor = fact(tx, "cursor_key", || Ok(random::<32>()?.to_vec()))?;
        let receipt = fact(tx, "receipt_key", || {
            let document = Ed25519KeyPair::generate_pkcs8(&SystemRandom::new())
                .map_err(|_| ProvinceError::Key("receipt key"))?;
            Ok(document.as_ref().to_vec())
        })?;
        let courier = fact(tx, "courier_key", || {
            let key = SealingKey::generate().map_err(|_| ProvinceError::Key("courier key"))?;
            Ok(key.to_bytes().to_vec())
        })?;
        Ok(Self {
            courier: SealingKey::from_bytes(&courier)
                .map_err(|_| ProvinceError::Key("courier key"))?,
            answers: SigningKey::from_pkcs8(&receipt)
                .map_err(|_| ProvinceError::Key("receipt key"))?,
            epoch: hex::encode(epoch),
            cursor: hmac::Key::new(hmac::HMAC_SHA256, &cursor),
            receipt: Ed25519KeyPair::from_pkcs8(&receipt)
                .map_err(|_| ProvinceError::Key("receipt key"))?,
        })
    }

    pub(crate) fn authenticate(&self, payload: &[u8]) -> Vec<u8> {
        let tag = hmac::sign(&self.cursor, payload);
        tag.as_ref().iter().copied().take(16).collect()
    }

    pub(crate) fn sign_receipt(&self, text: &str) -> Vec<u8> {
        self.receipt.sign(text.as_bytes()).as_ref().to_vec()
    }

    pub(crate) fn receipt_public(&self) -> Vec<u8> {
        self.receipt.public_key().as_ref().to_vec()
    }
}

/// Starts a new history: as after a restore from backup.
pub(crate) fn new_epoch(tx: &Transaction<'_>) -> Result<()> {
    tx.execute("DELETE FROM server WHERE name = 'epoch'", [])?;
    fact(tx, "epoch", || Ok(random::<16>()?.to_vec()))?;
    Ok(())
}

/// A stored fact, made on first use.
pub(crate) fn fact(
    tx: &Transaction<'_>,
    name: &str,
    make: impl FnOnce() -> Result<Vec<u8>>,
) -> Result<Vec<u8>> {
    let stored: Option<Vec<u8>> = tx
        .query_row("SELECT value FROM server WHERE name = ?1", [name], |row| {
            row.get(0)
        })
        .optional()?;
    if let Some(value) = stored {
        return Ok(value);
    }
    let value = make()?;
    tx.execute(
        "INSERT INTO server(name, value) VALUES (?1, ?2)",
        params![name, value],
    )?;
    Ok(value)
}

pub(crate) fn random<const N: usize>() -> Result<[u8; N]> {
    let mut bytes = [0; N];
    rand::fill(&mut bytes).map_err(|_| ProvinceError::Key("no randomness"))?;
    Ok(bytes)
}

pub(crate) fn sha256(bytes: &[u8]) -> Sha256 {
    finish(digest::digest(&digest::SHA256, bytes))
}

pub(crate) fn finish(digest: digest::Digest) -> Sha256 {
    let mut hash = [0; 32];
    for (to, from) in hash.iter_mut().zip(digest.as_ref()) {
        *to = *from;
    }
    Sha256(hash)
}
