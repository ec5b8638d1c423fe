//! Several people at one machine. Each has a folder, a key and a keyring entry of their own; one of
//! them sits at the desk, what the others have is closed and locked.

use std::sync::Arc;

use congvan_model::Timestamp;
use congvan_store::{Home, KeyVault, KnownAccount, Store, StoreError};
use secrecy::SecretString;

use super::{Desk, Status};
use crate::{ChangeTag, DeskError, ProvinceConfig, Result, session::Session};

/// A person who has used this machine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PersonHere {
    /// Account name at the server.
    pub username: String,
    /// The person's name; none until the first login here succeeded.
    pub full_name: Option<String>,
    /// Acts the server had not received when they left; they wait, encrypted.
    pub unsent: u32,
    /// They sit at the desk now.
    pub present: bool,
}

impl Desk {
    /// Who has used this machine with the configured server, the latest first. People whose first
    /// login never succeeded are not among them.
    ///
    /// # Errors
    /// Disk errors.
    pub async fn people(&self) -> Result<Vec<PersonHere>> {
        let home = self.home().await?;
        let Some(province) = self.province_config() else {
            return Ok(Vec::new());
        };
        let session = self.current();
        let present = |device| {
            session
                .as_ref()
                .is_some_and(|session| session.known.device == device)
        };
        let server = province.server_url.clone();
        Ok(home
            .accounts()
            .into_iter()
            .filter(|known| known.server == server && known.account.is_some())
            .map(|known| PersonHere {
                present: present(known.device),
                username: known.username,
                full_name: known.full_name,
                unsent: known.unsent,
            })
            .collect())
    }

    /// Lets another person sit down: closes and locks this one's desk and asks who comes. Nobody is
    /// logged out at the server, and what is unsent waits.
    ///
    /// # Errors
    /// `NotLoggedIn`; disk errors: then nothing changed.
    pub async fn switch_user(&self) -> Result<Status> {
        let _one_at_a_time = self.login_order.lock().await;
        self.session().await?;
        let home = self.home().await?;
        // Before anything is closed: a start after a power cut must not open it without a password.
        tokio::task::spawn_blocking(move || home.unlock_only(None)).await??;
        self.leave().await;
        self.status().await
    }

    /// Takes a person's data and keys off this machine, and ends their session at the server where
    /// that answers. While the server lacks acts of theirs, or it cannot be known, only with
    /// `unsent_too`.
    ///
    /// # Errors
    /// `NotFound` when they were never here; `Store(InUse)` while they sit at the desk; keyring and
    /// disk errors.
    pub async fn forget_person(&self, username: &str, unsent_too: bool) -> Result<Forgotten> {
        let _one_at_a_time = self.login_order.lock().await;
        let (home, vault) = (self.home().await?, self.vault().await?);
        let province = self.province_config().ok_or(DeskError::Unconfigured)?;
        let server = province.server_url.clone();
        let known = home
            .accounts()
            .into_iter()
            .find(|known| known.server == server && known.username == username)
            .ok_or(DeskError::NotFound)?;
        if self
            .current()
            .is_some_and(|session| session.known.device == known.device)
        {
            return Err(DeskError::Store(StoreError::InUse));
        }
        let now = self.now();
        let (there, keys, whose) = (home.clone(), vault.clone(), known.clone());
        let unsent =
            tokio::task::spawn_blocking(move || unsent_of(&there, &keys, &whose, now)).await??;
        if unsent != Some(0) && !unsent_too {
            return Ok(Forgotten::Unsent(unsent));
        }
        // Before the token goes: afterwards nobody could end that session from here.
        self.end_session_of(province, (&home, &vault), &known)
            .await?;
        tokio::task::spawn_blocking(move || {
            vault.forget(&known.vault_name())?;
            home.forget(&known)
        })
        .await??;
        self.events.changed(&[ChangeTag::Session]);
        Ok(Forgotten::Gone)
    }

    /// Logs a person out at the server who does not sit at the desk, as far as that answers.
    async fn end_session_of(
        &self,
        province: &ProvinceConfig,
        (home, vault): (&Arc<Home>, &Arc<KeyVault>),
        known: &KnownAccount,
    ) -> Result<()> {
        let (keys, name) = (vault.clone(), known.vault_name());
        let token = tokio::task::spawn_blocking(move || keys.refresh_token(&name)).await??;
        if let Some(token) = token {
            let remote = self.remote(province, (home, vault), known).await?;
            remote.resume(token).await;
            remote.logout().await;
        }
        Ok(())
    }

    /// Keeps for the list of people what this one leaves behind.
    pub(super) async fn note_unsent(&self, session: &Session) {
        let Ok(home) = self.home().await else { return };
        let (store, known) = (session.store.clone(), session.known.clone());
        let noted = tokio::task::spawn_blocking(move || {
            let (unsent, _) = store.outbox_counts()?;
            home.note_person(&known, None, unsent)
        })
        .await;
        if let Ok(Err(error)) = noted {
            tracing::warn!(%error, "how much is unsent was not noted");
        }
    }
}

/// What came of forgetting a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Forgotten {
    /// Nothing of them is here any more.
    Gone,
    /// Nothing was done: so many acts would be lost; none when it cannot be known.
    Unsent(Option<u32>),
}

/// How much of a person's the server lacks, as their store says; none where it does not open.
fn unsent_of(
    home: &Home,
    vault: &KeyVault,
    known: &KnownAccount,
    now: Timestamp,
) -> std::result::Result<Option<u32>, StoreError> {
    let folder = home.store_dir(known);
    if !folder.join("desk.db").exists() {
        return Ok(Some(0));
    }
    let Some(key) = vault.existing_key(&known.vault_name())? else {
        return Ok(None);
    };
    match Store::open(&folder, &key, now) {
        Ok((store, _)) => Ok(Some(store.outbox_counts()?.0)),
        Err(StoreError::InUse) => Err(StoreError::InUse),
        Err(error) => {
            tracing::warn!(%error, "what a person has left unsent cannot be counted");
            Ok(None)
        }
    }
}

/// A person's entries in the keyring, where the password is asked for.
pub(super) struct Door {
    pub(super) vault: Arc<KeyVault>,
    pub(super) name: String,
}

impl Door {
    /// The server knows the password: keeps what recognises it without the server.
    pub(super) async fn keep_check(&self, password: String) -> Result<()> {
        let (vault, name) = (self.vault.clone(), self.name.clone());
        let kept = tokio::task::spawn_blocking(move || {
            let password = SecretString::from(password);
            vault.keep_password_check(&name, secrecy::ExposeSecret::expose_secret(&password))
        })
        .await?;
        Ok(kept?)
    }

    /// The server could not be asked: the refresh token, if the password is that of the last login
    /// and the person has not logged out; else the fault.
    pub(super) async fn unlock(&self, password: String, fault: DeskError) -> Result<SecretString> {
        let could_not_ask = matches!(
            fault,
            DeskError::Unreachable
                | DeskError::WrongNetwork
                | DeskError::Untrusted
                | DeskError::ProxyAuthNeeded
                | DeskError::ProxyRefused
                | DeskError::ServerBusy
        );
        if !could_not_ask {
            return Err(fault);
        }
        let (vault, name) = (self.vault.clone(), self.name.clone());
        let password = SecretString::from(password);
        let found = tokio::task::spawn_blocking(move || {
            let password = secrecy::ExposeSecret::expose_secret(&password);
            let Some(token) = vault.refresh_token(&name)? else {
                return Ok(None);
            };
            Ok::<_, congvan_store::StoreError>(
                vault
                    .password_fits(&name, password)?
                    .map(|fits| (fits, token)),
            )
        })
        .await??;
        match found {
            Some((true, token)) => Ok(token),
            Some((false, _)) => Err(DeskError::BadCredentials),
            None => Err(fault),
        }
    }
}
