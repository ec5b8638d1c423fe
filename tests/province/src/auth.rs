//! Logins and tokens. Only hashes of tokens are stored.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use congvan_model::{AccountId, DeviceId, Timestamp};
use congvan_protocol::Tokens;
use rusqlite::{OptionalExtension as _, Transaction, params};

use crate::{
    accounts,
    error::Result,
    keys::{random, sha256},
};

/// Most names with wrong passwords that are remembered.
const NAMES_MAX: usize = 10_000;

/// Wrong passwords per account name, in memory: a restart forgives.
#[derive(Default)]
pub(crate) struct LoginLimit {
    failures: Mutex<HashMap<String, Vec<i64>>>,
}

impl LoginLimit {
    /// Seconds to wait before the next try, when there were too many.
    pub(crate) fn wait_s(&self, name: &str, now: Timestamp, limit: (u32, u32)) -> Option<u32> {
        let (tries, window_s) = limit;
        let window = i64::from(window_s) * 1000;
        let mut failures = self.failures.lock().unwrap_or_else(PoisonError::into_inner);
        let of_name = failures.get_mut(name)?;
        of_name.retain(|at| now.0 - at < window);
        if of_name.len() < usize::try_from(tries).unwrap_or(usize::MAX) {
            return None;
        }
        let oldest = of_name.first().copied().unwrap_or(now.0);
        u32::try_from((oldest + window - now.0) / 1000 + 1).ok()
    }

    pub(crate) fn failed(&self, name: &str, now: Timestamp) {
        let mut failures = self.failures.lock().unwrap_or_else(PoisonError::into_inner);
        if failures.len() >= NAMES_MAX {
            // Somebody tries names at random; forgetting is cheaper than running out of memory.
            failures.clear();
        }
        failures.entry(name.to_owned()).or_default().push(now.0);
    }

    pub(crate) fn succeeded(&self, name: &str) {
        self.failures
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .remove(name);
    }
}

/// Opens a session on a device.
pub(crate) fn open_session(
    tx: &Transaction<'_>,
    account: AccountId,
    device: DeviceId,
    device_name: &str,
    now: Timestamp,
) -> Result<i64> {
    Ok(tx.query_row(
        "INSERT INTO session(account, device, device_name, created_at) VALUES (?1, ?2, ?3, ?4)
         RETURNING id",
        params![account.0, device.0.as_bytes(), device_name, now.0],
        |row| row.get(0),
    )?)
}

/// New tokens of a session; the generation counts its refreshes.
pub(crate) fn issue(
    tx: &Transaction<'_>,
    (session, generation): (i64, i64),
    account: AccountId,
    now: Timestamp,
    ttl_s: u32,
) -> Result<Tokens> {
    let access_token = URL_SAFE_NO_PAD.encode(random::<32>()?);
    let refresh_token = URL_SAFE_NO_PAD.encode(random::<32>()?);
    tx.execute("DELETE FROM access_token WHERE expires_at < ?1", [now.0])?;
    tx.execute(
        "INSERT INTO access_token(hash, session, expires_at) VALUES (?1, ?2, ?3)",
        params![
            sha256(access_token.as_bytes()).0,
            session,
            now.0 + i64::from(ttl_s) * 1000
        ],
    )?;
    tx.execute(
        "INSERT INTO refresh_token(hash, session, generation) VALUES (?1, ?2, ?3)",
        params![sha256(refresh_token.as_bytes()).0, session, generation],
    )?;
    Ok(Tokens {
        access_token,
        access_expires_s: ttl_s,
        refresh_token,
        account: accounts::info(tx, account)?,
    })
}

/// Trades a refresh token; none when it is unknown, revoked or already superseded.
///
/// The presented token stays good until one of its successors is presented, so a lost answer logs
/// nobody out. A token that comes back after that was stolen or restored: the session ends.
pub(crate) fn refresh(
    tx: &Transaction<'_>,
    token: &str,
    now: Timestamp,
    ttl_s: u32,
) -> Result<Option<Tokens>> {
    let hash = sha256(token.as_bytes());
    let found: Option<(i64, i64, bool, bool, i64)> = tx
        .query_row(
            "SELECT t.session, s.account, t.spent, s.revoked, t.generation FROM refresh_token t
             JOIN session s ON s.id = t.session WHERE t.hash = ?1",
            [hash.0],
            |row| {
                Ok((
                    row.get(0)?,
                    row.get(1)?,
                    row.get(2)?,
                    row.get(3)?,
                    row.get(4)?,
                ))
            },
        )
        .optional()?;
    let Some((session, account, spent, revoked, generation)) = found else {
        return Ok(None);
    };
    if spent || revoked {
        revoke(tx, session)?;
        return Ok(None);
    }
    // Using this one proves that its answer arrived: its elders and its twins are over.
    tx.execute(
        "UPDATE refresh_token SET spent = 1 WHERE session = ?1 AND generation <= ?2 AND hash <> ?3",
        params![session, generation, hash.0],
    )?;
    issue(
        tx,
        (session, generation + 1),
        AccountId(account),
        now,
        ttl_s,
    )
    .map(Some)
}

/// Ends a session and all its tokens.
pub(crate) fn revoke(tx: &Transaction<'_>, session: i64) -> Result<()> {
    tx.execute("UPDATE session SET revoked = 1 WHERE id = ?1", [session])?;
    tx.execute("DELETE FROM access_token WHERE session = ?1", [session])?;
    Ok(())
}

/// Whose access token this is, and of which session; none when expired or unknown.
pub(crate) fn caller(
    tx: &Transaction<'_>,
    token: &str,
    now: Timestamp,
) -> Result<Option<(AccountId, i64)>> {
    Ok(tx
        .query_row(
            "SELECT s.account, s.id FROM access_token t JOIN session s ON s.id = t.session
             WHERE t.hash = ?1 AND t.expires_at > ?2 AND s.revoked = 0",
            params![sha256(token.as_bytes()).0, now.0],
            |row| Ok((AccountId(row.get(0)?), row.get(1)?)),
        )
        .optional()?)
}
