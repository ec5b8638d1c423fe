use std::sync::Arc;

use congvan_core::Desk;

use super::Answer;
use crate::{
    ErrorCode, IpcError,
    dto::{BatchArgs, BatchDesk, BatchId, BatchPreflight, BatchView, Empty},
};

fn not_yet<T>() -> Answer<T> {
    Err(IpcError::new(ErrorCode::Internal).with("detail", "being built"))
}

/// See the command table.
///
/// # Errors
/// `NOT_LOGGED_IN`, disk faults. What a document, the token or the certificate lacks is in the
/// answer.
pub async fn batch_preflight(_desk: &Arc<Desk>, _args: BatchArgs) -> Answer<BatchPreflight> {
    not_yet()
}

/// See the command table.
///
/// # Errors
/// `TOKEN_BUSY`, `NOTHING_TO_SIGN`, the token's and certificate's findings, disk faults: then
/// nothing was started.
pub async fn batch_sign(_desk: &Arc<Desk>, _args: BatchArgs) -> Answer<BatchView> {
    not_yet()
}

/// See the command table.
///
/// # Errors
/// `NOT_LOGGED_IN`, disk faults.
pub async fn batch_view(_desk: &Arc<Desk>, _: Empty) -> Answer<BatchDesk> {
    not_yet()
}

/// See the command table.
///
/// # Errors
/// Never; without a batch under way nothing happens.
pub async fn batch_cancel(_desk: &Arc<Desk>, _: Empty) -> Answer<Empty> {
    not_yet()
}

/// See the command table.
///
/// # Errors
/// As [`batch_sign`], and `NOT_FOUND`.
pub async fn batch_resume(_desk: &Arc<Desk>, _args: BatchId) -> Answer<BatchView> {
    not_yet()
}

/// See the command table.
///
/// # Errors
/// `NOT_FOUND`, `TOKEN_BUSY` while it is under way.
pub async fn batch_dismiss(_desk: &Arc<Desk>, _args: BatchId) -> Answer<Empty> {
    not_yet()
}
