use std::{
    fs::{self, File},
    io::Write as _,
    path::{Path, PathBuf},
    sync::Mutex,
};

use congvan_model::{AccountId, DeviceId};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::error::{Result, StoreError};

/// The folder of the stores.
const ACCOUNTS: &str = "accounts";
/// Begins the name of a store's folder that is to be removed.
const FORGOTTEN: &str = "forgotten-";

/// What the desk must know before anyone has logged in: which accounts have been used here, with
/// which server, under which device id. Not secret, not content: a small file in clear.
pub struct Home {
    dir: PathBuf,
    state: Mutex<State>,
}

#[derive(Clone, Default, Serialize, Deserialize)]
struct State {
    #[serde(default)]
    accounts: Vec<KnownAccount>,
    #[serde(default)]
    settings: std::collections::BTreeMap<String, String>,
}

/// An account that was used on this machine.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KnownAccount {
    /// Base address of its server.
    pub server: String,
    /// Account name at that server.
    pub username: String,
    /// The server's id; none until the first login succeeded.
    pub account: Option<AccountId>,
    /// This installation for this account.
    pub device: DeviceId,
    /// The person's name, for the list of people at this machine; none until the first login.
    #[serde(default)]
    pub full_name: Option<String>,
    /// Another person sits here now: the desk opens with the password only.
    #[serde(default)]
    pub locked: bool,
    /// How many acts the server had not received when the desk was last closed.
    #[serde(default)]
    pub unsent: u32,
}

impl KnownAccount {
    /// The name under which the keyring keeps this account's secrets.
    #[must_use]
    pub fn vault_name(&self) -> String {
        format!("{}@{}", self.username, self.server)
    }
}

impl Home {
    /// Opens the data folder, made when missing.
    ///
    /// # Errors
    /// Disk errors; [`StoreError::Encoding`] when the file is not ours (it is left alone).
    pub fn open(dir: &Path) -> Result<Self> {
        fs::create_dir_all(dir)?;
        sweep_forgotten(&dir.join(ACCOUNTS));
        let state = match fs::read(dir.join("home.json")) {
            Ok(bytes) => serde_json::from_slice(&bytes)?,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => State::default(),
            Err(error) => return Err(error.into()),
        };
        Ok(Self {
            dir: dir.to_owned(),
            state: Mutex::new(state),
        })
    }

    /// The accounts used here, the latest first.
    #[must_use]
    pub fn accounts(&self) -> Vec<KnownAccount> {
        crate::lock(&self.state).accounts.clone()
    }

    /// The account as known here, with a new device id on first use; it becomes the latest.
    ///
    /// # Errors
    /// Disk errors.
    pub fn account(&self, server: &str, username: &str) -> Result<KnownAccount> {
        self.change(|state| {
            let found = state
                .accounts
                .iter()
                .position(|known| known.server == server && known.username == username);
            let known = match found {
                Some(index) => state.accounts.remove(index),
                None => KnownAccount {
                    server: server.to_owned(),
                    username: username.to_owned(),
                    account: None,
                    device: DeviceId(Uuid::now_v7()),
                    full_name: None,
                    locked: false,
                    unsent: 0,
                },
            };
            state.accounts.insert(0, known.clone());
            known
        })
    }

    /// Notes the server's id of an account after its first login.
    ///
    /// # Errors
    /// Disk errors.
    pub fn set_account_id(&self, known: &KnownAccount, id: AccountId) -> Result<()> {
        self.change(|state| {
            for account in &mut state.accounts {
                if account.device == known.device {
                    account.account = Some(id);
                }
            }
        })
    }

    /// Opens the machine for one person and locks it for all others; for all of them with none.
    ///
    /// # Errors
    /// Disk errors: then nothing changed.
    pub fn unlock_only(&self, open: Option<&KnownAccount>) -> Result<()> {
        self.change(|state| {
            for account in &mut state.accounts {
                account.locked = open.is_none_or(|open| open.device != account.device);
            }
        })
    }

    /// Notes a person's name, or how much of theirs the server had not received when they left.
    ///
    /// # Errors
    /// Disk errors.
    pub fn note_person(
        &self,
        known: &KnownAccount,
        full_name: Option<&str>,
        unsent: u32,
    ) -> Result<()> {
        self.change(|state| {
            for account in &mut state.accounts {
                if account.device == known.device {
                    account.unsent = unsent;
                    if let Some(name) = full_name {
                        account.full_name = Some(name.to_owned());
                    }
                }
            }
        })
    }

    /// The folder of an account's store. Named by device id: it says nothing about the person.
    #[must_use]
    pub fn store_dir(&self, known: &KnownAccount) -> PathBuf {
        self.dir.join(ACCOUNTS).join(folder_name(known))
    }

    /// Takes an account and everything of it off this machine, unsent acts too. Its keys are the
    /// keyring's: forget them first ([`crate::KeyVault::forget`]).
    ///
    /// # Errors
    /// [`StoreError::InUse`] while its store is open; disk errors: then it is still here, or what
    /// is left of its files goes at the next start.
    pub fn forget(&self, known: &KnownAccount) -> Result<()> {
        let folder = self.store_dir(known);
        // Renamed first: after a crash the next start knows what was to go.
        let going = self
            .dir
            .join(ACCOUNTS)
            .join(format!("{FORGOTTEN}{}", folder_name(known)));
        if folder.exists() {
            drop(crate::store::take_lock(&folder)?);
            rename_patiently(&folder, &going)?;
            sync_dir(&self.dir.join(ACCOUNTS))?;
        }
        self.change(|state| {
            state
                .accounts
                .retain(|account| account.device != known.device);
        })?;
        sweep_forgotten(&self.dir.join(ACCOUNTS));
        Ok(())
    }

    /// A setting of the machine (language, theme, server), none when never set.
    #[must_use]
    pub fn setting(&self, name: &str) -> Option<String> {
        crate::lock(&self.state).settings.get(name).cloned()
    }

    /// Keeps a setting of the machine.
    ///
    /// # Errors
    /// Disk errors.
    pub fn set_setting(&self, name: &str, value: &str) -> Result<()> {
        self.change(|state| {
            state.settings.insert(name.to_owned(), value.to_owned());
        })
    }

    fn change<T>(&self, change: impl FnOnce(&mut State) -> T) -> Result<T> {
        let mut guard = crate::lock(&self.state);
        let mut next = guard.clone();
        let out = change(&mut next);
        let bytes = serde_json::to_vec_pretty(&next)?;
        replace_file(&self.dir.join("home.json"), &bytes)?;
        *guard = next;
        Ok(out)
    }
}

fn folder_name(known: &KnownAccount) -> String {
    known.device.0.simple().to_string()
}

/// Removes what [`Home::forget`] has set aside; what cannot be removed now goes another time.
fn sweep_forgotten(accounts: &Path) {
    let Ok(entries) = fs::read_dir(accounts) else {
        return;
    };
    for entry in entries.flatten() {
        if entry.file_name().to_string_lossy().starts_with(FORGOTTEN)
            && let Err(error) = fs::remove_dir_all(entry.path())
        {
            tracing::warn!(%error, "files of a forgotten person are left");
        }
    }
}

/// Writes a small file so that after a crash it is either the old one or the new one.
pub(crate) fn replace_file(path: &Path, bytes: &[u8]) -> Result<()> {
    let temporary = path.with_extension("new");
    let mut file = File::create(&temporary)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    drop(file);
    rename_durably(&temporary, path)
}

/// Gives a file, durable by itself, the name under which it counts.
pub(crate) fn rename_durably(from: &Path, to: &Path) -> Result<()> {
    rename_patiently(from, to)?;
    sync_dir(to.parent().ok_or(StoreError::Invalid {
        what: "path without a folder",
    })?)
}

/// Makes a rename or a new file durable. Windows has no such call and needs none on NTFS.
pub(crate) fn sync_dir(dir: &Path) -> Result<()> {
    #[cfg(unix)]
    File::open(dir)?.sync_all()?;
    #[cfg(not(unix))]
    let _ = dir;
    Ok(())
}

/// Renames over what is there. Virus scanners hold new files open for a moment, so a refusal is
/// tried again for about 2.5 seconds.
pub(crate) fn rename_patiently(from: &Path, to: &Path) -> Result<()> {
    let mut wait_ms = 50;
    loop {
        match fs::rename(from, to) {
            Ok(()) => return Ok(()),
            Err(error) if wait_ms <= 1_000 && is_held(&error) => {
                std::thread::sleep(std::time::Duration::from_millis(wait_ms));
                wait_ms = wait_ms.saturating_mul(2);
            }
            Err(error) if is_held(&error) => return Err(StoreError::Locked),
            Err(error) => return Err(error.into()),
        }
    }
}

// On Windows ERROR_ACCESS_DENIED, ERROR_SHARING_VIOLATION, ERROR_LOCK_VIOLATION; elsewhere EBUSY.
fn is_held(error: &std::io::Error) -> bool {
    if cfg!(windows) {
        return matches!(error.raw_os_error(), Some(5 | 32 | 33));
    }
    error.kind() == std::io::ErrorKind::ResourceBusy
}
