//! What is inside a courier bundle (gói chuyển tay), and how one reaches the server by another desk's
//! hands. The envelope is of `congvan-courier`.

use congvan_model::{Sha256, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{ProblemCode, SyncRequest, SyncResponse};

/// Days after which a bundle is refused, by the clock of the desk that wrote it: within them the server
/// knows every op that it has settled, whatever name the desk goes by since.
pub const BUNDLE_DAYS: i64 = 45;

/// Body of `PUT /v1/courier/keys`: what a desk is known by when it writes bundles, and what answers are
/// sealed to. In force until the login under which it was told ends.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct DeskKeys {
    /// X25519 public key, base64.
    pub sealing: String,
    /// Ed25519 public key, base64.
    pub signing: String,
}

/// The manifest of a bundle that a desk writes. The files' bytes follow it, one behind the other, each
/// without those of its base.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Bundle {
    /// When it was written, by the desk's clock, corrected by the last measured offset.
    #[schema(value_type = i64)]
    pub made_at: Timestamp,
    /// What the desk would send, with any number of ops. `highest_seq` is 0: a bundle may arrive after
    /// what was written later.
    pub sync: SyncRequest,
    /// The files that the ops need.
    pub files: Vec<BundleFile>,
    /// Files that are not at the desk, the most needed first.
    #[schema(value_type = Vec<String>)]
    pub wanted: Vec<Sha256>,
    /// Beginnings, sixteen digits each, of the hashes of files that are at the desk, the latest first:
    /// they need not come again.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub has: Vec<String>,
    /// Bytes of files that the answer may hold.
    pub room: u64,
}

/// A file in a bundle.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct BundleFile {
    /// The whole.
    #[schema(value_type = String)]
    pub sha256: Sha256,
    /// Its length in bytes.
    pub size: u64,
    /// What its first bytes are; only the rest is in the bundle.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub base: Option<BundleBase>,
}

impl BundleFile {
    /// How many bytes of it are in the bundle.
    #[must_use]
    pub fn inside(&self) -> u64 {
        let base = self.base.map_or(0, |base| base.size);
        self.size.saturating_sub(base)
    }
}

/// A file that the one who opens the bundle has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct BundleBase {
    /// Which.
    #[schema(value_type = String)]
    pub sha256: Sha256,
    /// Its length in bytes.
    pub size: u64,
}

/// The manifest of the server's answer, sealed to the desk that wrote the bundle. The files' bytes
/// follow.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct BundleAnswer {
    /// The incarnation that the bundle named.
    pub incarnation: String,
    /// The cursor that the bundle named.
    pub cursor: Option<String>,
    /// Why nothing of it was done, as `POST /v1/sync` would refuse it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub refused: Option<ProblemCode>,
    /// The first answers the ops, each goes on where the one before ends; `more` of the last says
    /// whether there is more than fitted.
    pub pages: Vec<SyncResponse>,
    /// The files that came along.
    pub files: Vec<BundleFile>,
    /// How many did not fit.
    pub files_left: u32,
}

/// Body of `POST /v1/courier`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct CarryRequest {
    /// The bundle, uploaded before as any file is.
    #[schema(value_type = String)]
    pub bundle: Sha256,
}

/// Answer of `POST /v1/courier`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct CarryAnswer {
    /// The answering bundle: `GET /v1/blobs/{sha256}` gives it to whoever carried, for some days.
    #[schema(value_type = String)]
    pub answer: Sha256,
    /// Its length in bytes.
    pub size: u64,
}
