//! Opening a person's store, whatever state it is in, and looking after it while it is open.

use std::{path::PathBuf, sync::Arc, time::Duration};

use congvan_model::Timestamp;
use congvan_store::{
    BALLAST, KeyVault, KnownAccount, Opened, RecoveryKey, Store, StoreError, recover_key,
};
use tokio::time::{Instant, MissedTickBehavior};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use super::Desk;
use crate::{ChangeTag, ProvinceConfig, Result, clock::Clock, events::EventBus};

/// The first round of upkeep waits until the start is over.
const AFTER_START: Duration = Duration::from_secs(60);
/// What is due once a day is looked at so often.
const EVERY: Duration = Duration::from_secs(3_600);

/// Where a store is and what opens it.
pub(super) struct Place {
    pub(super) account: String,
    pub(super) dir: PathBuf,
    pub(super) recovery: Option<PathBuf>,
    pub(super) now: Timestamp,
}

impl Place {
    /// Opens the store. A damaged database is set aside and rebuilt from its newest copy, the
    /// journal and the server; where the agency has a recovery key, the key is wrapped to it too.
    /// Blocks.
    pub(super) fn open(
        &self,
        vault: &KeyVault,
    ) -> std::result::Result<(Store, Opened), StoreError> {
        let key = vault.key_for(&self.account, &self.dir)?;
        let opened = match Store::open(&self.dir, &key, self.now) {
            Err(StoreError::Corrupt { what: "database" }) => {
                let (store, rebuilt) = Store::rebuild(&self.dir, &key, self.now)?;
                tracing::error!(
                    from_backup = rebuilt.from_backup.map(|at| at.0),
                    replayed = rebuilt.replayed,
                    "the database was damaged; it was set aside and rebuilt"
                );
                let opened = Opened {
                    created: rebuilt.from_backup.is_none(),
                    replayed: rebuilt.replayed,
                    unclean: false,
                };
                (store, opened)
            }
            other => other?,
        };
        if let Some(path) = &self.recovery {
            let kept = std::fs::read_to_string(path)
                .map_err(StoreError::from)
                .and_then(|pem| RecoveryKey::from_pem(&pem)?.keep_wrap(&self.dir, &key));
            // The desk must open all the same: without it nobody could mend the configuration.
            if let Err(error) = kept {
                tracing::error!(%error, "the key is not wrapped to the agency's recovery key");
            }
        }
        Ok(opened)
    }
}

impl Desk {
    /// Puts the key of a person's store back into the keyring, out of its recovery file and the
    /// agency's private key (PEM). The person then logs in as always, and everything unsent is
    /// there.
    ///
    /// # Errors
    /// `Store(Recovery)` when file and key do not belong together; keyring and disk errors. Nothing
    /// is deleted on any of them.
    pub async fn recover(&self, username: &str, private_pem: String) -> Result<()> {
        let (home, vault) = (self.home().await?, self.vault().await?);
        let province = self.config.province.clone();
        let province = province.ok_or(crate::DeskError::Unconfigured)?;
        let username = username.trim().to_lowercase();
        tokio::task::spawn_blocking(move || {
            let known = home
                .accounts()
                .into_iter()
                .find(|known| known.server == province.server_url && known.username == username)
                .ok_or(StoreError::Recovery {
                    what: "the account was never used here",
                })?;
            let key = recover_key(&home.store_dir(&known), &private_pem)?;
            vault.restore_key(&known.vault_name(), &key)
        })
        .await??;
        Ok(())
    }

    pub(super) fn place(
        &self,
        known: &KnownAccount,
        province: &ProvinceConfig,
        dir: PathBuf,
    ) -> Place {
        Place {
            account: known.vault_name(),
            dir,
            recovery: province.recovery_key.clone(),
            now: self.now(),
        }
    }

    pub(super) fn keep(&self, store: &Store, unclean: bool) -> Keeper {
        let cancel = self.cancel.child_token();
        let tasks = TaskTracker::new();
        let work = Work {
            store: store.clone(),
            clock: self.clock.clone(),
            events: self.events.clone(),
        };
        tasks.spawn(work.run(unclean, cancel.clone()));
        tasks.close();
        Keeper { cancel, tasks }
    }
}

/// Looks after the store of a session.
pub(super) struct Keeper {
    cancel: CancellationToken,
    tasks: TaskTracker,
}

impl Keeper {
    /// Ends; the store is free of it when this returns.
    pub(super) async fn stop(self) {
        self.cancel.cancel();
        self.tasks.wait().await;
    }
}

struct Work {
    store: Store,
    clock: Arc<Clock>,
    events: EventBus,
}

impl Work {
    async fn run(self, unclean: bool, cancel: CancellationToken) {
        if unclean {
            self.step("the check after an unclean end", |store, _| {
                store.check_pages()
            })
            .await;
        }
        self.step("the check of the audit chain", |store, now| {
            if !store.audit_holds_anchor()? {
                tracing::error!("the audit chain lacks the head that the server was given last");
                store.note("AUDIT_CHAIN_BROKEN", 0, "", now)?;
            }
            Ok(())
        })
        .await;
        let mut ticks = tokio::time::interval_at(Instant::now() + AFTER_START, EVERY);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            tokio::select! {
                () = cancel.cancelled() => return,
                _ = ticks.tick() => {}
            }
            // Each by itself: a full disk must not keep the next from making room.
            self.step("making room", |store, now| {
                store.trim_when_short(now).map(drop)
            })
            .await;
            self.step("the backup", |store, now| {
                store.back_up_if_due(now).map(drop)
            })
            .await;
            self.step("tidying files", |store, now| {
                store.tidy_blobs(now).map(drop)
            })
            .await;
            self.step("old scans", |store, now| store.scans_purge(now).map(drop))
                .await;
            self.step("old acts", |store, now| store.prune_acts(now).map(drop))
                .await;
            self.step("the reserve", |store, _| {
                match store.room()?.allows_prefetch() {
                    true => store.keep_ballast(BALLAST),
                    false => Ok(()),
                }
            })
            .await;
            self.events.changed(&[ChangeTag::Sync]);
        }
    }

    async fn step(
        &self,
        what: &'static str,
        work: impl FnOnce(&Store, Timestamp) -> std::result::Result<(), StoreError> + Send + 'static,
    ) {
        let (store, now) = (self.store.clone(), self.clock.now());
        match tokio::task::spawn_blocking(move || work(&store, now)).await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => tracing::warn!(%error, what, "upkeep failed"),
            Err(error) => tracing::error!(%error, what, "upkeep panicked"),
        }
    }
}
