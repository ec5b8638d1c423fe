use std::sync::Arc;

use congvan_core::{ChangeTag, Desk, NetworkState, SyncStatus};

use super::Answer;
use crate::dto::{self, Empty};

/// See the command table.
///
/// # Errors
/// `NOT_LOGGED_IN`.
pub async fn sync_status(desk: &Arc<Desk>, _: Empty) -> Answer<dto::SyncStatus> {
    Ok(status_dto(desk.sync_status().await?))
}

/// See the command table.
///
/// # Errors
/// `NOT_LOGGED_IN`.
pub async fn sync_now(desk: &Arc<Desk>, _: Empty) -> Answer<Empty> {
    desk.sync_now().await?;
    Ok(Empty {})
}

pub(super) fn status_dto(status: SyncStatus) -> dto::SyncStatus {
    dto::SyncStatus {
        network: match status.network {
            NetworkState::Connecting => dto::Network::Connecting,
            NetworkState::Online => dto::Network::Online,
            NetworkState::Busy => dto::Network::Busy,
            NetworkState::Offline => dto::Network::Offline,
            NetworkState::WrongNetwork => dto::Network::WrongNetwork,
            NetworkState::Untrusted => dto::Network::Untrusted,
            NetworkState::ProxyAuthNeeded => dto::Network::ProxyAuthNeeded,
            NetworkState::ProxyRefused => dto::Network::ProxyRefused,
            NetworkState::NeedsLogin => dto::Network::NeedsLogin,
        },
        since: status.since.0,
        last_sync: status.last_sync.map(|at| at.0),
        unsent: status.unsent,
        needs_attention: status.needs_attention,
        downloads_waiting: status.downloads_waiting,
        syncing: status.syncing,
        transfers: status
            .transfers
            .into_iter()
            .map(|transfer| dto::Transfer {
                sha256: transfer.sha256.to_hex(),
                upload: transfer.upload,
                done: transfer.done,
                total: transfer.total,
            })
            .collect(),
    }
}

impl From<&[ChangeTag]> for dto::Changed {
    fn from(tags: &[ChangeTag]) -> Self {
        Self {
            tags: tags
                .iter()
                .map(|tag| match tag {
                    ChangeTag::Documents => dto::ChangeTag::Documents,
                    ChangeTag::Sync => dto::ChangeTag::Sync,
                    ChangeTag::Session => dto::ChangeTag::Session,
                    ChangeTag::Signing => dto::ChangeTag::Signing,
                    ChangeTag::Token => dto::ChangeTag::Token,
                    ChangeTag::Settings => dto::ChangeTag::Settings,
                    ChangeTag::Signatures => dto::ChangeTag::Signatures,
                    ChangeTag::Completion => dto::ChangeTag::Completion,
                })
                .collect(),
        }
    }
}
