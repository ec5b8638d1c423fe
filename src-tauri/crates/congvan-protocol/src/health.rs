use congvan_model::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// How busy the server is; a desk does less as it rises.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Load {
    /// Nothing to spare anybody.
    #[default]
    Calm,
    /// No prefetch, no backfill.
    Busy,
    /// Poll three times less often.
    Strained,
    /// Only acts, urgent documents and receipts.
    Critical,
}

/// Answer of `GET /v1/health?n=NONCE`: the probe that decides whether the server is reachable.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Health {
    /// The province's code, e.g. `H99`; another one means the wrong network.
    pub province: String,
    /// Random id of this history of the server's data; changes after a restore from backup.
    pub epoch: String,
    /// The server's clock, for measuring the offset of ours.
    #[schema(value_type = i64)]
    pub time: Timestamp,
    /// How busy it is.
    pub load: Load,
    /// Over how many seconds reconnecting desks should spread themselves.
    pub reconnect_window_s: u32,
    /// The nonce of the request, so that no cache or captive portal can answer.
    pub nonce: String,
}
