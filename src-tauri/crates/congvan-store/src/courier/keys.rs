use base64::{Engine as _, engine::general_purpose::STANDARD};
use congvan_courier::{SealingKey, SigningKey};
use congvan_protocol::DeskKeys;
use rusqlite::{OptionalExtension as _, params};
use serde::{Deserialize, Serialize};

use super::envelope;
use crate::{Store, error::Result};

/// Where the keys are, in the enciphered database.
const SETTING: &str = "courier.keys";

/// What this desk signs its bundles with, and opens the answers with.
pub struct CourierKeys {
    pub(crate) sealing: SealingKey,
    pub(crate) signing: SigningKey,
}

impl CourierKeys {
    /// The public halves, for the server.
    ///
    /// # Errors
    /// Never for keys of this store.
    pub fn told(&self) -> Result<DeskKeys> {
        Ok(DeskKeys {
            sealing: self.sealing.public().to_text(),
            signing: self.signing.public().map_err(envelope)?.to_text(),
        })
    }
}

/// As they are kept: base64.
#[derive(Serialize, Deserialize)]
struct Kept {
    sealing: String,
    signing: String,
}

impl Store {
    /// The keys of this desk for courier bundles, made on first use.
    ///
    /// # Errors
    /// Disk errors.
    pub fn courier_keys(&self) -> Result<CourierKeys> {
        let text = match self.setting(SETTING)? {
            Some(text) => text,
            None => self.make_keys()?,
        };
        let kept: Kept = serde_json::from_str(&text)?;
        let bytes = |text: &str| STANDARD.decode(text).unwrap_or_default();
        Ok(CourierKeys {
            sealing: SealingKey::from_bytes(&bytes(&kept.sealing)).map_err(envelope)?,
            signing: SigningKey::from_pkcs8(&bytes(&kept.signing)).map_err(envelope)?,
        })
    }

    fn make_keys(&self) -> Result<String> {
        let sealing = SealingKey::generate().map_err(envelope)?;
        let signing = SigningKey::generate().map_err(envelope)?;
        let text = serde_json::to_string(&Kept {
            sealing: STANDARD.encode(sealing.to_bytes().as_slice()),
            signing: STANDARD.encode(signing.to_pkcs8()),
        })?;
        self.write(|tx| {
            tx.execute(
                "INSERT INTO setting(name, value) VALUES (?1, ?2) ON CONFLICT(name) DO NOTHING",
                params![SETTING, text],
            )?;
            // Another thread may have been first.
            let kept = tx
                .query_row(
                    "SELECT value FROM setting WHERE name = ?1",
                    params![SETTING],
                    |row| row.get(0),
                )
                .optional()?;
            Ok(kept.unwrap_or(text))
        })
    }
}
