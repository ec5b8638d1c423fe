//! The session's hold on its driver, and what it tells people.

use std::sync::{Arc, PoisonError, Weak, atomic::Ordering};

use congvan_model::{DeviceId, Sha256, Timestamp};
use congvan_remote::RemoteError;
use congvan_store::{Store, UrgentArrival};
use congvan_sync::{Moving, Network};
use tokio::sync::{mpsc, watch};
use tokio_util::task::TaskTracker;

use super::{Message, Shared};
use crate::{
    NetworkState, SyncStatus, Transfer,
    session::Session,
    status::{TransferTrouble, TroubleKind},
};

/// The session's hold on its driver.
pub(crate) struct DriverHandle {
    sender: mpsc::UnboundedSender<Message>,
    shared: Arc<Shared>,
    status: watch::Receiver<congvan_sync::Status>,
    tasks: TaskTracker,
}

impl DriverHandle {
    pub(super) fn new(
        sender: mpsc::UnboundedSender<Message>,
        shared: Arc<Shared>,
        status: watch::Receiver<congvan_sync::Status>,
        tasks: TaskTracker,
    ) -> Self {
        Self {
            sender,
            shared,
            status,
            tasks,
        }
    }

    pub(crate) fn attach(&self, session: Weak<Session>) {
        let _ = self.shared.session.set(session);
    }

    pub(crate) fn acted(&self) {
        let _ = self.sender.send(Message::Acted);
    }

    pub(crate) fn sync_now(&self) {
        let _ = self.sender.send(Message::SyncNow);
    }

    /// Compares this desk with the server now.
    pub(crate) fn compare_now(&self) {
        let _ = self.sender.send(Message::CompareNow);
    }

    /// Something about the network may have changed; only a hint.
    pub(crate) fn network_changed(&self) {
        let _ = self.sender.send(Message::NetworkChanged);
    }

    /// What people want of the traffic was changed in the store.
    pub(crate) fn wishes_changed(&self) {
        let _ = self.sender.send(Message::WishesChanged);
    }

    /// What came by hand is in the store: the machine is told, and people of what is urgent.
    pub(crate) fn brought(&self, urgent: Vec<UrgentArrival>) {
        self.shared.announce(urgent);
        self.shared.to_be_read();
        self.wishes_changed();
    }

    /// This installation.
    pub(crate) fn device(&self) -> DeviceId {
        self.shared.parts.device
    }

    pub(crate) fn want(&self, sha256: Sha256) {
        let _ = self.sender.send(Message::Want(sha256));
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.shared.parts.clock.now()
    }

    /// Where the server's directory of agencies ends; told again by each round that left nothing
    /// waiting.
    pub(crate) fn directory(&self) -> watch::Receiver<Option<String>> {
        self.shared.directory.subscribe()
    }

    /// Whether the server answers; asks nothing of the store.
    pub(crate) fn is_online(&self) -> bool {
        self.network(&self.status.borrow()) == NetworkState::Online
    }

    /// The network line.
    pub(crate) async fn status(&self) -> SyncStatus {
        let machine = self.status.borrow().clone();
        let (store, now) = (self.shared.parts.store.clone(), self.now());
        let transfers: Vec<Transfer> = machine
            .moving
            .iter()
            .map(|moving| self.transfer(moving))
            .collect();
        let troubles: Vec<TransferTrouble> = machine.troubles.iter().map(trouble).collect();
        let Kept {
            last_sync,
            counts,
            paused_until,
            transfers,
            troubles,
        } = tokio::task::spawn_blocking(move || kept(&store, now, transfers, troubles))
            .await
            .unwrap_or_default();
        let network = self.network(&machine);
        SyncStatus {
            network,
            since: machine.since,
            last_sync,
            unsent: counts.0,
            needs_attention: counts.1,
            downloads_waiting: machine
                .downloads_waiting
                .saturating_add(self.shared.wanted_beyond.load(Ordering::Relaxed)),
            syncing: machine.syncing,
            transfers,
            remaining_s: machine.remaining_s,
            troubles,
            paused: machine.paused,
            paused_until,
            load: machine.load,
            live: machine.live,
            comparing: machine.comparing,
            healed: machine.healed,
            held_removals: machine.held_removals,
            stalls: machine.stalls,
            clock_wrong_by_ms: self.shared.parts.clock.wrong_by_ms(),
        }
    }

    /// The machine knows whether the server answers; the last probe knows more of why not.
    fn network(&self, machine: &congvan_sync::Status) -> NetworkState {
        if machine.needs_login {
            return NetworkState::NeedsLogin;
        }
        match machine.network {
            Network::Connecting => NetworkState::Connecting,
            Network::Online => NetworkState::Online,
            Network::Busy => NetworkState::Busy,
            Network::WrongNetwork => NetworkState::WrongNetwork,
            Network::Untrusted => NetworkState::Untrusted,
            Network::Offline => match &*lock(&self.shared.probe_fault) {
                Some(RemoteError::ProxyAuthNeeded) => NetworkState::ProxyAuthNeeded,
                Some(RemoteError::ProxyRefused) => NetworkState::ProxyRefused,
                _ => NetworkState::Offline,
            },
        }
    }

    /// The machine's view of a file's way, with bytes that are fresher.
    fn transfer(&self, moving: &Moving) -> Transfer {
        let fresh = lock(&self.shared.transfers).get(&moving.sha256).cloned();
        let (done, total) = match &fresh {
            Some(fresh) => (fresh.done, fresh.total),
            None => (moving.done, moving.total),
        };
        Transfer {
            sha256: moving.sha256,
            upload: moving.upload,
            done,
            total,
            rate: moving.rate,
            remaining_s: moving.remaining_s,
            document: None,
        }
    }

    /// Ends the driver and waits until nothing of it touches the store any more.
    pub(crate) async fn stop(&self) {
        self.shared.parts.cancel.cancel();
        self.tasks.close();
        self.tasks.wait().await;
    }
}

/// What the store adds to the machine's view.
#[derive(Default)]
struct Kept {
    last_sync: Option<Timestamp>,
    counts: (u32, u32),
    paused_until: Option<Timestamp>,
    transfers: Vec<Transfer>,
    troubles: Vec<TransferTrouble>,
}

fn kept(
    store: &Store,
    now: Timestamp,
    mut transfers: Vec<Transfer>,
    mut troubles: Vec<TransferTrouble>,
) -> Kept {
    let named = |sha256| store.document_of(sha256).ok().flatten();
    for transfer in &mut transfers {
        transfer.document = named(transfer.sha256);
    }
    for trouble in &mut troubles {
        trouble.document = named(trouble.sha256);
    }
    Kept {
        last_sync: store.synced_at().ok().flatten(),
        counts: store.outbox_counts().unwrap_or_default(),
        paused_until: store
            .pause(now)
            .ok()
            .flatten()
            .and_then(|pause| pause.until),
        transfers,
        troubles,
    }
}

fn trouble(trouble: &congvan_sync::Trouble) -> TransferTrouble {
    use congvan_sync::Failure;
    TransferTrouble {
        sha256: trouble.sha256,
        upload: trouble.upload,
        kind: match trouble.failure {
            Failure::Unreachable | Failure::Untrusted | Failure::WrongNetwork => {
                TroubleKind::Network
            }
            Failure::Busy { .. } => TroubleKind::Server,
            Failure::TooLarge => TroubleKind::TooLarge,
            Failure::Local => TroubleKind::Machine,
            Failure::Refused
            | Failure::LoginNeeded
            | Failure::StaleCursor
            | Failure::RolledBack
            | Failure::Cancelled => TroubleKind::Refused,
        },
        failures: trouble.failures,
        given_up: trouble.given_up,
        document: None,
    }
}

fn lock<T>(mutex: &std::sync::Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
