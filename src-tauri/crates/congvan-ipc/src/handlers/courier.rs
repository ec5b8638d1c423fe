use std::sync::Arc;

use congvan_core::Desk;

use super::Answer;
use crate::dto::{CourierState, Empty};

/// See the command table.
///
/// # Errors
/// `NOT_LOGGED_IN`.
pub async fn courier_state(desk: &Arc<Desk>, _: Empty) -> Answer<CourierState> {
    let ready = desk.courier_ready().await?;
    Ok(CourierState { ready })
}
