//! The second wrap of the key: to the agency's recovery key, in a file beside the database.
//!
//! RSA-OAEP with SHA-256, because everything can open it: this program, `openssl pkeyutl`, a smart
//! card or HSM that keeps the private half. The file is no secret.

use std::{fs, path::Path};

use aws_lc_rs::{
    digest,
    rsa::{
        OAEP_SHA256_MGF1SHA256, OaepPrivateDecryptingKey, OaepPublicEncryptingKey,
        PrivateDecryptingKey, PublicEncryptingKey,
    },
};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use congvan_model::Sha256;
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use crate::{
    error::{Result, StoreError},
    home::replace_file,
    keys::{AccountKey, Purpose},
};

/// Name of the file beside the database.
const FILE: &str = "desk.recovery";
const FORMAT: &str = "congvan-recovery-1 RSA-OAEP-SHA256";
/// Shorter keys do not last as long as the documents.
const BITS_MIN: usize = 3_072;

/// The public half of the agency's recovery key.
pub struct RecoveryKey {
    key: OaepPublicEncryptingKey,
    fingerprint: Sha256,
}

#[derive(Serialize, Deserialize)]
struct Wrap {
    format: String,
    /// SHA-256 of the recovery key's SubjectPublicKeyInfo: which private key opens it.
    recovery_key: String,
    /// Tells this key's wrap from that of an earlier key of the store.
    key_check: String,
    /// Base64.
    wrapped: String,
}

impl RecoveryKey {
    /// Reads a public key: PEM (`BEGIN PUBLIC KEY`), RSA of at least 3,072 bits.
    ///
    /// # Errors
    /// [`StoreError::Recovery`].
    pub fn from_pem(pem: &str) -> Result<Self> {
        let der = pem_body(pem, "PUBLIC KEY")?;
        let key = PublicEncryptingKey::from_der(&der).map_err(|_| malformed())?;
        if key.key_size_bits() < BITS_MIN {
            return Err(StoreError::Recovery {
                what: "the recovery key is RSA of at least 3,072 bits",
            });
        }
        Ok(Self {
            key: OaepPublicEncryptingKey::new(key).map_err(|_| malformed())?,
            fingerprint: hash(&der),
        })
    }

    /// SHA-256 of the key, as the file names it.
    #[must_use]
    pub fn fingerprint(&self) -> Sha256 {
        self.fingerprint
    }

    /// Makes sure that the file in the folder of a store is the wrap of this key to this recovery
    /// key. Says whether it was written now.
    ///
    /// # Errors
    /// [`StoreError::Recovery`]; disk errors.
    pub fn keep_wrap(&self, dir: &Path, key: &AccountKey) -> Result<bool> {
        let check = check_text(key)?;
        if let Ok(found) = read(dir)
            && found.recovery_key == self.fingerprint.to_hex()
            && found.key_check == check
        {
            return Ok(false);
        }
        let mut room = vec![0; self.key.ciphertext_size()];
        let wrapped = self
            .key
            .encrypt(&OAEP_SHA256_MGF1SHA256, key.expose(), &mut room, None)
            .map_err(|_| malformed())?;
        let wrap = Wrap {
            format: FORMAT.to_owned(),
            recovery_key: self.fingerprint.to_hex(),
            key_check: check,
            wrapped: STANDARD.encode(wrapped),
        };
        fs::create_dir_all(dir)?;
        replace_file(&dir.join(FILE), &serde_json::to_vec_pretty(&wrap)?)?;
        Ok(true)
    }
}

/// The key of the store in that folder, from its recovery file and the agency's private key: PEM
/// (`BEGIN PRIVATE KEY`, without a password). Nothing is changed; put the key back into the keyring
/// with [`crate::KeyVault::restore_key`].
///
/// # Errors
/// [`StoreError::Recovery`] when there is no file, the private key is another, or the file is of an
/// earlier key of the store; disk errors.
pub fn recover_key(dir: &Path, private_pem: &str) -> Result<AccountKey> {
    let wrap = read(dir)?;
    let der = Zeroizing::new(pem_body(private_pem, "PRIVATE KEY")?);
    let private = PrivateDecryptingKey::from_pkcs8(&der).map_err(|_| malformed())?;
    let private = OaepPrivateDecryptingKey::new(private).map_err(|_| malformed())?;
    let wrapped = STANDARD.decode(&wrap.wrapped).map_err(|_| damaged())?;
    let mut room = Zeroizing::new(vec![0; private.min_output_size()]);
    let plain = private
        .decrypt(&OAEP_SHA256_MGF1SHA256, &wrapped, &mut room, None)
        .map_err(|_| StoreError::Recovery {
            what: "the private key is not the one of this file",
        })?;
    let bytes: [u8; 32] = (&*plain).try_into().map_err(|_| damaged())?;
    let key = AccountKey::from_bytes(bytes);
    match fs::read_to_string(dir.join("desk.keycheck")) {
        Ok(check) if check.trim() != check_text(&key)? => Err(StoreError::Recovery {
            what: "the file wraps another key than the store's",
        }),
        Ok(_) | Err(_) => Ok(key),
    }
}

fn read(dir: &Path) -> Result<Wrap> {
    let bytes = match fs::read(dir.join(FILE)) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            return Err(StoreError::Recovery {
                what: "there is no recovery file",
            });
        }
        Err(error) => return Err(error.into()),
    };
    let wrap: Wrap = serde_json::from_slice(&bytes).map_err(|_| damaged())?;
    if wrap.format != FORMAT {
        return Err(damaged());
    }
    Ok(wrap)
}

fn check_text(key: &AccountKey) -> Result<String> {
    Ok(hex::encode(key.derive(Purpose::Check)?.as_slice()))
}

fn pem_body(pem: &str, label: &str) -> Result<Vec<u8>> {
    let (begin, end) = (
        format!("-----BEGIN {label}-----"),
        format!("-----END {label}-----"),
    );
    let (_, rest) = pem.split_once(&begin).ok_or_else(malformed)?;
    let (body, _) = rest.split_once(&end).ok_or_else(malformed)?;
    let body: Zeroizing<String> =
        Zeroizing::new(body.chars().filter(|c| !c.is_whitespace()).collect());
    STANDARD.decode(body.as_bytes()).map_err(|_| malformed())
}

fn hash(bytes: &[u8]) -> Sha256 {
    let mut out = Sha256([0; 32]);
    out.0
        .copy_from_slice(digest::digest(&digest::SHA256, bytes).as_ref());
    out
}

fn malformed() -> StoreError {
    StoreError::Recovery {
        what: "the recovery key is malformed",
    }
}

fn damaged() -> StoreError {
    StoreError::Recovery {
        what: "the recovery file is damaged",
    }
}
