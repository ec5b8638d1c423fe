use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Name of the server-sent event whose data is a [`StateEvent`].
pub const STATE_EVENT: &str = "state";
/// Name of the server-sent event whose data is a [`PingEvent`]. A named event and not a comment:
/// many readers never show comments to the program, and the silence would look like a dead line.
pub const PING_EVENT: &str = "ping";

/// A hint that the account's feed has moved; its event id is the same number. Nothing depends on
/// it: whoever misses it learns the same at the next poll.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct StateEvent {
    /// The head of the account's feed. Only equality means something: after a restore it may be
    /// lower than before.
    pub head: u64,
}

/// The line is alive.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PingEvent {
    /// Seconds until the next one; a line silent for more than twice that is dead.
    pub interval: u32,
}
