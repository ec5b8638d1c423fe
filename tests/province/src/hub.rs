//! Who waits for news of which account. One channel per account, however many listen.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

use congvan_model::AccountId;
use tokio::sync::watch;

/// The heads of the accounts that somebody listens to.
#[derive(Default)]
pub(crate) struct Hub {
    channels: Mutex<HashMap<AccountId, watch::Sender<u64>>>,
}

impl Hub {
    /// From now on; what the head is at this moment the caller reads after subscribing.
    pub(crate) fn subscribe(&self, account: AccountId) -> watch::Receiver<u64> {
        let mut channels = self.channels.lock().unwrap_or_else(PoisonError::into_inner);
        channels
            .entry(account)
            .or_insert_with(|| watch::Sender::new(0))
            .subscribe()
    }

    /// A transaction that moved the account's head has been committed.
    pub(crate) fn publish(&self, account: AccountId, head: u64) {
        let mut channels = self.channels.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(channel) = channels.get(&account) else {
            return;
        };
        if channel.receiver_count() == 0 {
            channels.remove(&account);
        } else {
            channel.send_replace(head);
        }
    }
}
