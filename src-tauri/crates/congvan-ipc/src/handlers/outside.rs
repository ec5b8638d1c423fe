use std::sync::Arc;

use congvan_core::Desk;

use super::Answer;
use crate::dto::{Empty, OutsideProgress, OutsideState};

/// See the command table.
///
/// # Errors
/// None.
pub async fn outside_state(desk: &Arc<Desk>, _: Empty) -> Answer<OutsideState> {
    let under_way = desk.outside();
    Ok(OutsideState {
        under_way: under_way.map(|(done, total)| OutsideProgress { done, total }),
    })
}

/// See the command table.
///
/// # Errors
/// None.
pub async fn outside_cancel(desk: &Arc<Desk>, _: Empty) -> Answer<Empty> {
    desk.give_up_outside();
    Ok(Empty {})
}
