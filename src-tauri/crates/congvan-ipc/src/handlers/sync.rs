use std::sync::Arc;

use congvan_core::{ChangeTag, Desk, NetworkState, SyncStatus, TransferTrouble, TroubleKind};
use congvan_protocol::Load;

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
                rate: transfer.rate,
                remaining_s: transfer.remaining_s,
                document: transfer.document.as_ref().map(|(id, _)| id.to_string()),
                document_title: transfer.document.map(|(_, title)| title),
            })
            .collect(),
        remaining_s: status.remaining_s,
        troubles: status.troubles.into_iter().map(trouble_dto).collect(),
        paused: status.paused,
        paused_until: status.paused_until.map(|at| at.0),
        load: match status.load {
            Load::Calm => dto::ServerLoad::Calm,
            Load::Busy => dto::ServerLoad::Busy,
            Load::Strained => dto::ServerLoad::Strained,
            Load::Critical => dto::ServerLoad::Critical,
        },
        comparing: status.comparing,
        healed: status.healed,
        held_removals: status.held_removals,
        clock_wrong_by_ms: status.clock_wrong_by_ms,
    }
}

fn trouble_dto(trouble: TransferTrouble) -> dto::TransferTrouble {
    dto::TransferTrouble {
        sha256: trouble.sha256.to_hex(),
        upload: trouble.upload,
        kind: match trouble.kind {
            TroubleKind::Network => dto::TroubleKind::Network,
            TroubleKind::Server => dto::TroubleKind::Server,
            TroubleKind::Refused => dto::TroubleKind::Refused,
            TroubleKind::TooLarge => dto::TroubleKind::TooLarge,
            TroubleKind::Machine => dto::TroubleKind::Machine,
        },
        failures: trouble.failures,
        given_up: trouble.given_up,
        document: trouble.document.as_ref().map(|(id, _)| id.to_string()),
        document_title: trouble.document.map(|(_, title)| title),
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
                    ChangeTag::Intake => dto::ChangeTag::Intake,
                })
                .collect(),
        }
    }
}
