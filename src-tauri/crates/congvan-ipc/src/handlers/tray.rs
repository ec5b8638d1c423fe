use std::sync::Arc;

use congvan_core::Desk;

use super::Answer;
use crate::{
    ErrorCode, IpcError,
    dto::{
        Empty, MarkArgs, PageSeenArgs, PlacementArgs, PlacementFound, PlacementRemember,
        ReadingDto, TrayPage, TrayQuery,
    },
};

fn not_yet<T>() -> Answer<T> {
    Err(IpcError::new(ErrorCode::Internal).with("detail", "being built"))
}

/// See the command table.
///
/// # Errors
/// `NOT_LOGGED_IN`, disk faults.
pub async fn signing_tray(_desk: &Arc<Desk>, _args: TrayQuery) -> Answer<TrayPage> {
    not_yet()
}

/// See the command table.
///
/// # Errors
/// `SHOWN_IS_STALE`, `READING_REQUIRED`, `NOT_FOUND`, disk faults.
pub async fn tray_mark(_desk: &Arc<Desk>, _args: MarkArgs) -> Answer<Empty> {
    not_yet()
}

/// See the command table.
///
/// # Errors
/// `SHOWN_IS_STALE`, `NOT_FOUND`, what `file_open` answers.
pub async fn page_seen(_desk: &Arc<Desk>, _args: PageSeenArgs) -> Answer<ReadingDto> {
    not_yet()
}

/// See the command table.
///
/// # Errors
/// `NOT_FOUND`, what `file_open` answers.
pub async fn placement_get(_desk: &Arc<Desk>, _args: PlacementArgs) -> Answer<PlacementFound> {
    not_yet()
}

/// See the command table.
///
/// # Errors
/// `NOT_FOUND`, disk faults.
pub async fn placement_remember(_desk: &Arc<Desk>, _args: PlacementRemember) -> Answer<Empty> {
    not_yet()
}
