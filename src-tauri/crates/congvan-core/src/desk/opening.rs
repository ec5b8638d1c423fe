//! Opening and leaving a person's desk: by password at the server, or without it as it was left.

use std::{
    fs,
    sync::{Arc, PoisonError},
};

use congvan_protocol::{AccountInfo, LoginRequest};
use congvan_remote::{RemoteClient, RemoteConfig, TokenSink};
use congvan_store::{Home, KEYRING_SERVICE, KeyVault, KnownAccount, Store, StoreError};
use congvan_worker::RenderClient;
use secrecy::SecretString;

use super::{Desk, Ready, Status, VaultChoice, faults::login_fault, people};
use crate::{
    ChangeTag, DeskError, ProvinceConfig, Result,
    completion::CompletionDesk,
    driver,
    intake::IntakeDesk,
    session::{Session, remember_account, remembered_account},
};

impl Desk {
    /// Logs in at the server and opens the person's store, and locks what others have here. While
    /// the server does not answer, the password of the last login opens the desk of a person who has
    /// not logged out.
    ///
    /// # Errors
    /// `BadCredentials`, network and keyring errors; then nothing changed.
    pub async fn login(self: &Arc<Self>, username: &str, password: String) -> Result<Status> {
        let _one_at_a_time = self.login_order.lock().await;
        let home = self.home().await?;
        let vault = self.vault().await?;
        let province = self
            .config
            .province
            .clone()
            .ok_or(DeskError::Unconfigured)?;
        let username = username.trim().to_lowercase();
        let known = {
            let (home, server, name) =
                (home.clone(), province.server_url.clone(), username.clone());
            tokio::task::spawn_blocking(move || home.account(&server, &name)).await??
        };
        let remote = self.remote(&province, (&home, &vault), &known).await?;
        let request = LoginRequest {
            username,
            password,
            device: known.device,
            device_name: std::env::consts::OS.to_owned(),
        };
        let door = people::Door {
            vault: vault.clone(),
            name: known.vault_name(),
        };
        let account = match remote.login(&request).await {
            Ok(account) => {
                door.keep_check(request.password).await?;
                Some(account)
            }
            Err(error) => {
                let token = door.unlock(request.password, login_fault(error)).await?;
                remote.resume(token).await;
                None
            }
        };
        self.leave().await;
        let place = self.place(&known, &province, home.store_dir(&known));
        let (store, opened) = tokio::task::spawn_blocking(move || place.open(&vault)).await??;
        tracing::info!(
            created = opened.created,
            replayed = opened.replayed,
            "store open"
        );
        let account = match account {
            Some(account) => {
                remember_account(&store, &account)?;
                home.set_account_id(&known, account.id)?;
                account
            }
            None => remembered_account(&store)?.ok_or(DeskError::Unreachable)?,
        };
        home.note_person(&known, Some(&account.full_name), store.outbox_counts()?.0)?;
        home.unlock_only(Some(&known))?;
        self.enter(account, known, (store, opened.unclean), remote)?;
        self.ready.send_modify(|ready| {
            if let Some(ready) = ready {
                ready.fault = None;
            }
        });
        self.status().await
    }

    /// Ends the session. The data stays, encrypted, and so do unsent acts: they go out after the
    /// next login of the same account.
    ///
    /// # Errors
    /// Keyring errors.
    pub async fn logout(&self) -> Result<Status> {
        let _one_at_a_time = self.login_order.lock().await;
        let session = self.session().await?;
        let vault = self.vault().await?;
        session.remote.logout().await;
        let name = session.known.vault_name();
        tokio::task::spawn_blocking(move || vault.forget_refresh_token(&name)).await??;
        drop(session);
        self.leave().await;
        self.status().await
    }

    /// Opens what was open when the program last ended: no server and no password needed.
    pub(super) async fn open(self: &Arc<Self>) {
        let (data_dir, choice) = (self.config.data_dir.clone(), self.config.vault);
        let opened = tokio::task::spawn_blocking(move || {
            let home = Home::open(&data_dir).map(Arc::new).map_err(Arc::new);
            let vault = match choice {
                VaultChoice::System => KeyVault::system(KEYRING_SERVICE),
                VaultChoice::Memory => Ok(KeyVault::in_memory()),
            };
            (home, vault.map(Arc::new).map_err(Arc::new))
        })
        .await;
        let Ok((home, vault)) = opened else {
            tracing::error!("opening the data folder panicked");
            return;
        };
        let mut fault = None;
        if let (Ok(home), Ok(vault), Some(province)) = (&home, &vault, &self.config.province)
            && let Err(error) = self.reopen(home, vault, province).await
        {
            tracing::warn!(%error, "the last person's desk did not open");
            fault = Some(Arc::new(error));
        }
        self.ready.send_replace(Some(Ready { home, vault, fault }));
        self.events.changed(&[ChangeTag::Session]);
    }

    async fn reopen(
        self: &Arc<Self>,
        home: &Arc<Home>,
        vault: &Arc<KeyVault>,
        province: &ProvinceConfig,
    ) -> Result<()> {
        let last = home
            .accounts()
            .into_iter()
            .find(|known| known.server == province.server_url);
        let Some(known) = last.filter(|known| known.account.is_some() && !known.locked) else {
            return Ok(());
        };
        let (vault_here, name) = (vault.clone(), known.vault_name());
        let place = self.place(&known, province, home.store_dir(&known));
        let opened = tokio::task::spawn_blocking(move || {
            let Some(token) = vault_here.refresh_token(&name)? else {
                return Ok(None);
            };
            // Without a key the person logs in, and is told then that it is lost.
            if vault_here.existing_key(&name)?.is_none() {
                return Ok(None);
            }
            let (store, opened) = place.open(&vault_here)?;
            Ok::<_, StoreError>(Some((token, (store, opened.unclean))))
        })
        .await??;
        let Some((token, store)) = opened else {
            return Ok(());
        };
        let Some(account) = remembered_account(&store.0)? else {
            return Ok(());
        };
        let remote = self.remote(province, (home, vault), &known).await?;
        remote.resume(token).await;
        self.enter(account, known, store, remote)
    }

    pub(super) async fn remote(
        &self,
        province: &ProvinceConfig,
        (home, vault): (&Arc<Home>, &Arc<KeyVault>),
        known: &KnownAccount,
    ) -> Result<RemoteClient> {
        let ca_file = province.ca_file.clone();
        let (home, keys) = (home.clone(), vault.clone());
        let (ca_pem, proxy) = tokio::task::spawn_blocking(move || {
            (fs::read(ca_file), super::proxy::choice(&home, &keys))
        })
        .await?;
        let ca_pem = ca_pem.map_err(|_| DeskError::Unconfigured)?;
        let mut config = RemoteConfig::new(
            province.server_url.clone(),
            ca_pem,
            province.province.clone(),
        );
        config.proxy = proxy?;
        let (vault, name) = (vault.clone(), known.vault_name());
        let sink: TokenSink = Arc::new(move |token: &SecretString| {
            if let Err(error) = vault.set_refresh_token(&name, token) {
                tracing::warn!(%error, "the keyring did not take the new token");
            }
        });
        RemoteClient::new(&config, sink).map_err(|_| DeskError::Unconfigured)
    }

    fn enter(
        self: &Arc<Self>,
        account: AccountInfo,
        known: KnownAccount,
        (store, unclean): (Store, bool),
        remote: RemoteClient,
    ) -> Result<()> {
        let kept = store.clone();
        let driver = driver::start(driver::Parts {
            store: store.clone(),
            remote: remote.clone(),
            device: known.device,
            events: self.events.clone(),
            clock: self.clock.clone(),
            tracker: self.tracker.clone(),
            cancel: self.cancel.child_token(),
        });
        let completion = CompletionDesk::new(&store, self.proxy(), self.cancel.child_token())?;
        let render = RenderClient::new(self.config.workers.clone());
        let intake = IntakeDesk::new(render, self.cancel.child_token());
        let work = (driver, completion, intake);
        let session = Session::new(account, known, store, remote, work)?;
        let session = Arc::new(session);
        session.driver.attach(Arc::downgrade(&session));
        self.start_completing(&session);
        self.start_intake(&session);
        self.start_reading(&session);
        self.start_directory(&session);
        let keeper = self.keep(&kept, unclean);
        *self.keeper.lock().unwrap_or_else(PoisonError::into_inner) = Some(keeper);
        *self.session.write().unwrap_or_else(PoisonError::into_inner) = Some(session);
        self.start_scanning(&kept);
        self.events
            .changed(&[ChangeTag::Session, ChangeTag::Documents, ChangeTag::Sync]);
        Ok(())
    }

    /// Closes the present person's desk, if any, and waits until its store is free.
    pub(super) async fn leave(&self) {
        self.leave_batch().await;
        self.stop_scanning().await;
        let keeper = self
            .keeper
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        if let Some(keeper) = keeper {
            keeper.stop().await;
        }
        let session = self
            .session
            .write()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        self.cover.take_off();
        if let Some(session) = session {
            self.note_unsent(&session).await;
            self.viewer.close_all().await;
            session.completion.stop().await;
            session.intake.stop().await;
            session.driver.stop().await;
            self.events
                .changed(&[ChangeTag::Session, ChangeTag::Documents, ChangeTag::Sync]);
        }
    }
}
