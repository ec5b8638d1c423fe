use std::{collections::HashMap, num::NonZeroU32, sync::Mutex};

use aws_lc_rs::{
    hkdf, hmac, pbkdf2,
    rand::{SecureRandom, SystemRandom},
};
use keyring::Entry;
use secrecy::{ExposeSecret, SecretString};
use zeroize::Zeroizing;

use crate::error::{Result, StoreError};

/// The name under which the system's keyring files the desk's secrets; frozen.
pub const KEYRING_SERVICE: &str = "vn.congvan.desk";

const SALT: usize = 16;
const CHECK: usize = 32;
/// OWASP's figure of 2023 for PBKDF2 with HMAC-SHA-256.
const CHECK_ROUNDS: NonZeroU32 = match NonZeroU32::new(600_000) {
    Some(rounds) => rounds,
    None => NonZeroU32::MAX,
};

/// The one secret of an account's store: 32 random bytes, kept in the system's keyring. The keys
/// of database, blobs, names and journal are derived from it.
pub struct AccountKey(Zeroizing<[u8; 32]>);

impl AccountKey {
    /// A new random key.
    ///
    /// # Errors
    /// [`StoreError::KeyringUnavailable`] when the system has no randomness.
    pub fn generate() -> Result<Self> {
        let mut bytes = Zeroizing::new([0; 32]);
        random(&mut *bytes)?;
        Ok(Self(bytes))
    }

    /// The key with these bytes, e.g. from a recovery wrap.
    #[must_use]
    pub fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(Zeroizing::new(bytes))
    }

    /// The bytes, for a recovery wrap and for handing the key to a helper process.
    #[must_use]
    pub fn expose(&self) -> &[u8; 32] {
        &self.0
    }

    pub(crate) fn derive(&self, purpose: Purpose) -> Result<Zeroizing<[u8; 32]>> {
        let salt = hkdf::Salt::new(hkdf::HKDF_SHA256, b"congvan-store v1");
        let info = [purpose.info()];
        let mut out = Zeroizing::new([0; 32]);
        salt.extract(&*self.0)
            .expand(&info, hmac::HMAC_SHA256)
            .and_then(|okm| okm.fill(&mut *out))
            .map_err(|_| StoreError::Invalid {
                what: "key derivation",
            })?;
        Ok(out)
    }
}

/// What a derived key is for; the words are frozen, they are part of the file formats.
#[derive(Clone, Copy)]
pub(crate) enum Purpose {
    Database,
    BlobWrap,
    BlobName,
    Journal,
    Check,
}

impl Purpose {
    fn info(self) -> &'static [u8] {
        match self {
            Self::Database => b"database",
            Self::BlobWrap => b"blob wrap",
            Self::BlobName => b"blob name",
            Self::Journal => b"outbox journal",
            Self::Check => b"key check",
        }
    }
}

pub(crate) fn random(out: &mut [u8]) -> Result<()> {
    SystemRandom::new()
        .fill(out)
        .map_err(|_| StoreError::KeyringUnavailable {
            reason: "no randomness".to_owned(),
        })
}

/// Where secrets are kept between runs: the system's keyring, or memory for tests and for people
/// who chose not to stay logged in.
pub struct KeyVault(Backend);

enum Backend {
    System { service: String },
    Memory(Mutex<HashMap<String, Zeroizing<Vec<u8>>>>),
}

impl KeyVault {
    /// The keyring of the operating system (Secret Service, Credential Manager, Keychain). Blocks:
    /// the keyring may ask its owner to unlock it.
    ///
    /// # Errors
    /// [`StoreError::KeyringUnavailable`] when there is none.
    pub fn system(service: &str) -> Result<Self> {
        match Entry::store_status() {
            Ok(()) => Ok(Self(Backend::System {
                service: service.to_owned(),
            })),
            Err(error) => Err(unavailable(error)),
        }
    }

    /// Secrets that live as long as this value.
    #[must_use]
    pub fn in_memory() -> Self {
        Self(Backend::Memory(Mutex::new(HashMap::new())))
    }

    /// The key of an account's store; none when the account was never used with this keyring.
    ///
    /// # Errors
    /// [`StoreError::KeyringUnavailable`]; [`StoreError::KeyWrong`] when the entry is not a key.
    pub fn existing_key(&self, account: &str) -> Result<Option<AccountKey>> {
        let Some(bytes) = self.get(&key_entry(account))? else {
            return Ok(None);
        };
        let bytes: [u8; 32] = bytes
            .as_slice()
            .try_into()
            .map_err(|_| StoreError::KeyWrong)?;
        Ok(Some(AccountKey::from_bytes(bytes)))
    }

    /// The key of an account's store, made on first use and read back before it is trusted.
    ///
    /// # Errors
    /// As [`KeyVault::existing_key`].
    pub fn key(&self, account: &str) -> Result<AccountKey> {
        if let Some(key) = self.existing_key(account)? {
            return Ok(key);
        }
        self.set(&key_entry(account), AccountKey::generate()?.expose())?;
        self.existing_key(account)?
            .ok_or_else(|| StoreError::KeyringUnavailable {
                reason: "the new key did not stay in the keyring".to_owned(),
            })
    }

    /// The key of the store in that folder: from the keyring, or a new one when nothing is there
    /// yet. Where there is data and no key, none is made: a new key would open nothing and hide
    /// that the old one is gone.
    ///
    /// # Errors
    /// [`StoreError::KeyLost`]; as [`KeyVault::existing_key`].
    pub fn key_for(&self, account: &str, dir: &std::path::Path) -> Result<AccountKey> {
        if self.existing_key(account)?.is_none() && dir.join("desk.db").exists() {
            return Err(StoreError::KeyLost);
        }
        self.key(account)
    }

    /// Puts a recovered key back, and reads it again.
    ///
    /// # Errors
    /// [`StoreError::KeyringUnavailable`].
    pub fn restore_key(&self, account: &str, key: &AccountKey) -> Result<()> {
        self.set(&key_entry(account), key.expose())?;
        let back = self.existing_key(account)?;
        if back.is_some_and(|back| back.expose() == key.expose()) {
            return Ok(());
        }
        Err(StoreError::KeyringUnavailable {
            reason: "the key did not stay in the keyring".to_owned(),
        })
    }

    /// Removes the key: what the store still holds becomes unreadable for ever.
    ///
    /// # Errors
    /// [`StoreError::KeyringUnavailable`].
    pub fn delete_key(&self, account: &str) -> Result<()> {
        self.delete(&key_entry(account))
    }

    /// Removes all that the keyring keeps of an account: key, refresh token, password check. What
    /// the store still holds becomes unreadable for ever.
    ///
    /// # Errors
    /// [`StoreError::KeyringUnavailable`].
    pub fn forget(&self, account: &str) -> Result<()> {
        self.delete(&token_entry(account))?;
        self.delete(&check_entry(account))?;
        self.delete_key(account)
    }

    /// The refresh token of the last login, if the account is still logged in.
    ///
    /// # Errors
    /// [`StoreError::KeyringUnavailable`].
    pub fn refresh_token(&self, account: &str) -> Result<Option<SecretString>> {
        let Some(bytes) = self.get(&token_entry(account))? else {
            return Ok(None);
        };
        Ok(std::str::from_utf8(&bytes).ok().map(SecretString::from))
    }

    /// Keeps the refresh token.
    ///
    /// # Errors
    /// [`StoreError::KeyringUnavailable`].
    pub fn set_refresh_token(&self, account: &str, token: &SecretString) -> Result<()> {
        self.set(&token_entry(account), token.expose_secret().as_bytes())
    }

    /// Forgets the refresh token: the next start asks for the password. The data stays.
    ///
    /// # Errors
    /// [`StoreError::KeyringUnavailable`].
    pub fn forget_refresh_token(&self, account: &str) -> Result<()> {
        self.delete(&token_entry(account))
    }

    /// Keeps what recognises the account's password while the server is away. It guards the desk
    /// against another person at the same machine, as a screen lock does; who can read this keyring
    /// has the keys of the store too.
    ///
    /// # Errors
    /// [`StoreError::KeyringUnavailable`].
    pub fn keep_password_check(&self, account: &str, password: &str) -> Result<()> {
        let mut check = Zeroizing::new([0; SALT + CHECK]);
        let (salt, derived) = check.split_at_mut(SALT);
        random(salt)?;
        pbkdf2::derive(
            pbkdf2::PBKDF2_HMAC_SHA256,
            CHECK_ROUNDS,
            salt,
            password.as_bytes(),
            derived,
        );
        self.set(&check_entry(account), &*check)
    }

    /// Whether this is the password of the last login at the server; none when none is known.
    ///
    /// # Errors
    /// [`StoreError::KeyringUnavailable`].
    pub fn password_fits(&self, account: &str, password: &str) -> Result<Option<bool>> {
        let Some(check) = self.get(&check_entry(account))? else {
            return Ok(None);
        };
        let Some((salt, derived)) = check.split_at_checked(SALT) else {
            return Ok(None);
        };
        let verdict = pbkdf2::verify(
            pbkdf2::PBKDF2_HMAC_SHA256,
            CHECK_ROUNDS,
            salt,
            password.as_bytes(),
            derived,
        );
        Ok(Some(verdict.is_ok()))
    }

    fn get(&self, name: &str) -> Result<Option<Zeroizing<Vec<u8>>>> {
        match &self.0 {
            Backend::System { service } => {
                match Entry::new(service, name).and_then(|e| e.get_secret()) {
                    Ok(bytes) => Ok(Some(Zeroizing::new(bytes))),
                    Err(keyring::Error::NoEntry) => Ok(None),
                    Err(error) => Err(unavailable(&error)),
                }
            }
            Backend::Memory(map) => Ok(crate::lock(map).get(name).cloned()),
        }
    }

    fn set(&self, name: &str, secret: &[u8]) -> Result<()> {
        match &self.0 {
            Backend::System { service } => Entry::new(service, name)
                .and_then(|e| e.set_secret(secret))
                .map_err(|error| unavailable(&error)),
            Backend::Memory(map) => {
                crate::lock(map).insert(name.to_owned(), Zeroizing::new(secret.to_vec()));
                Ok(())
            }
        }
    }

    fn delete(&self, name: &str) -> Result<()> {
        match &self.0 {
            Backend::System { service } => {
                match Entry::new(service, name).and_then(|e| e.delete_credential()) {
                    Ok(()) | Err(keyring::Error::NoEntry) => Ok(()),
                    Err(error) => Err(unavailable(&error)),
                }
            }
            Backend::Memory(map) => {
                crate::lock(map).remove(name);
                Ok(())
            }
        }
    }
}

fn key_entry(account: &str) -> String {
    format!("{account} store key")
}

fn check_entry(account: &str) -> String {
    format!("{account} password check")
}

fn token_entry(account: &str) -> String {
    format!("{account} refresh token")
}

fn unavailable(error: &keyring::Error) -> StoreError {
    // The Debug form of some variants carries the secret's bytes; Display never does.
    StoreError::KeyringUnavailable {
        reason: error.to_string(),
    }
}
