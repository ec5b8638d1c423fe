//! Deferred completion: what was signed offline is brought to the province's level when time stamp
//! authorities and responders answer. No token, no PIN, and never in anyone's way.
//!
//! Invariant: a completion is linked only while the file's current state is the one that was
//! completed, so that it never parts a file from a signature.

mod attempt;
mod blocks;
mod list;
mod worker;

use std::{
    collections::{HashMap, HashSet},
    sync::{Arc, Mutex, PoisonError},
};

use congvan_model::{FileId, Sha256, Timestamp};
use congvan_protocol::{CompletionRules, SessionInfo};
use congvan_remote::evidence::{
    EvidenceClient, EvidenceConfig, LedgerSink, ProxyChoice, QuotaUse, Tsa,
};
use congvan_store::{Store, TsaUse};
use tokio::sync::Notify;
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use crate::{DeskError, Result};

pub(crate) use blocks::check_not_blocked;
pub use list::{CompletionStage, CompletionView, Completions, EndpointView};

/// What completes signatures and looks up revocation during one session.
pub(crate) struct CompletionDesk {
    pub(crate) client: EvidenceClient,
    /// Ends everything here.
    pub(crate) cancel: CancellationToken,
    pub(crate) tasks: TaskTracker,
    wake: Notify,
    working: Mutex<HashSet<FileId>>,
    /// When which certificate was last asked about because something was shown.
    pub(crate) asked: Mutex<HashMap<Sha256, Timestamp>>,
}

impl CompletionDesk {
    /// Makes it; nothing is sent yet. Reads the ledger of time stamps from the store.
    pub(crate) fn new(
        store: &Store,
        proxy: Option<&str>,
        cancel: CancellationToken,
    ) -> Result<Self> {
        let uses = store.tsa_uses()?;
        let keeper = store.clone();
        let ledger: LedgerSink = Arc::new(move |uses: &[QuotaUse]| {
            let uses: Vec<TsaUse> = uses.iter().map(kept).collect();
            if let Err(error) = keeper.set_tsa_uses(&uses) {
                tracing::warn!(%error, "the ledger of time stamps was not kept");
            }
        });
        let client = EvidenceClient::new(EvidenceConfig {
            proxy: proxy.map_or(ProxyChoice::System, |url| match url {
                "none" => ProxyChoice::None,
                address => ProxyChoice::Explicit(address.to_owned()),
            }),
            quota: uses.into_iter().map(used).collect(),
            ledger: Some(ledger),
            ..EvidenceConfig::default()
        })
        .map_err(|error| DeskError::Internal(error.to_string()))?;
        Ok(Self {
            client,
            cancel,
            tasks: TaskTracker::new(),
            wake: Notify::new(),
            working: Mutex::default(),
            asked: Mutex::default(),
        })
    }

    /// Something was signed, or a person wants it now.
    pub(crate) fn wake(&self) {
        self.wake.notify_one();
    }

    /// Ends all work and waits until nothing of it touches the store any more.
    pub(crate) async fn stop(&self) {
        self.cancel.cancel();
        self.tasks.close();
        self.tasks.wait().await;
    }

    fn take(&self, file: FileId) -> bool {
        let mut working = self.working.lock().unwrap_or_else(PoisonError::into_inner);
        working.insert(file)
    }

    fn put_down(&self, file: FileId) {
        let mut working = self.working.lock().unwrap_or_else(PoisonError::into_inner);
        working.remove(&file);
    }

    fn is_working(&self, file: FileId) -> bool {
        let working = self.working.lock().unwrap_or_else(PoisonError::into_inner);
        working.contains(&file)
    }
}

/// How far signatures are brought here, and whose time stamps are taken.
fn rules(info: Option<&SessionInfo>) -> CompletionRules {
    info.map(|info| info.completion.clone()).unwrap_or_default()
}

fn authorities(rules: &CompletionRules) -> Vec<Tsa> {
    let list = rules.time_stamping.iter();
    list.map(|one| Tsa {
        url: one.url.clone(),
        daily: one.daily_quota,
        monthly: one.monthly_quota,
    })
    .collect()
}

fn kept(one: &QuotaUse) -> TsaUse {
    TsaUse {
        url: one.url.clone(),
        day: one.day,
        used_day: one.used_day,
        used_month: one.used_month,
    }
}

fn used(one: TsaUse) -> QuotaUse {
    QuotaUse {
        url: one.url,
        day: one.day,
        used_day: one.used_day,
        used_month: one.used_month,
    }
}
