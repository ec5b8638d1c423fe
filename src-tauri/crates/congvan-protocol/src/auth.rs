use congvan_model::{AccountId, DeviceId, Role, Sha256, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{FieldOfActivity, Mandate, SignatureLevel, handling::OfficePerson};

/// Body of `POST /v1/auth/login`.
#[derive(Clone, Serialize, Deserialize, ToSchema)]
pub struct LoginRequest {
    /// Account name, e.g. `lanhdao`.
    pub username: String,
    /// The password in clear, inside pinned TLS. Never logged: this type has no `Debug`.
    pub password: String,
    /// This installation.
    #[schema(value_type = String, format = Uuid)]
    pub device: DeviceId,
    /// What the owner calls the machine, for the list of devices.
    pub device_name: String,
}

/// Body of `POST /v1/auth/refresh`. The refresh token rotates: the answer carries a new one, and
/// the old one stays good until the new one is first used, so that a lost answer logs nobody out.
#[derive(Clone, Serialize, Deserialize, ToSchema)]
pub struct RefreshRequest {
    /// The token of the last login or refresh.
    pub refresh_token: String,
}

/// Answer to login and refresh.
#[derive(Clone, Serialize, Deserialize, ToSchema)]
pub struct Tokens {
    /// Bearer token for all other calls.
    pub access_token: String,
    /// Seconds the access token is good for.
    pub access_expires_s: u32,
    /// Long-lived; kept in the system's keyring only.
    pub refresh_token: String,
    /// Whose tokens these are.
    pub account: AccountInfo,
}

/// The person behind an account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct AccountInfo {
    /// The account.
    #[schema(value_type = i64)]
    pub id: AccountId,
    /// Account name.
    pub username: String,
    /// The person's name.
    pub full_name: String,
    /// The posts the person holds now, the main one first; never empty.
    pub posts: Vec<Post>,
}

/// One post of a person in a unit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Post {
    /// What the person may do there.
    #[schema(value_type = String)]
    pub role: Role,
    /// The title as signed, e.g. `Chủ tịch`.
    pub title: String,
    /// The unit.
    pub agency: AgencyInfo,
    /// From when it is held, by the server's clock; none: it has been since before this was kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<i64>)]
    pub since: Option<Timestamp>,
    /// Until when, not included; none: no end is set.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<i64>)]
    pub until: Option<Timestamp>,
}

impl Post {
    /// Whether it is held at that moment: before its beginning and from its end on it grants nothing.
    #[must_use]
    pub fn is_held(&self, now: Timestamp) -> bool {
        self.since.is_none_or(|since| since <= now) && self.until.is_none_or(|until| now < until)
    }

    /// Whether a unit is this post's, or below it.
    #[must_use]
    pub fn reaches(&self, unit: &str) -> bool {
        self.agency.reaches(unit)
    }
}

impl AgencyInfo {
    /// Whether a unit is this one, or below it.
    #[must_use]
    pub fn reaches(&self, unit: &str) -> bool {
        let rest = unit.strip_prefix(self.code.as_str());
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
    }
}

/// An agency or a unit in it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct AgencyInfo {
    /// Code, e.g. `H99.101`.
    pub code: String,
    /// Name, e.g. `UBND xã Bình Minh Đông`.
    pub name: String,
}

/// Answer of `GET /v1/session`: who, limits, what the desk must know to sign.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SessionInfo {
    /// Who is logged in.
    pub account: AccountInfo,
    /// Limits of uploads.
    pub upload: UploadLimits,
    /// Posts of this account that have not begun, in the order of their beginnings, so that a desk that
    /// is offline then knows them. Empty from an older server.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub coming: Vec<Post>,
    /// Certificates (DER, base64) that anchor signatures in this province: roots.
    pub trust_roots: Vec<String>,
    /// Certificates (DER, base64) that stand between a root and a signer; real documents often
    /// carry only the signer's.
    pub trust_intermediates: Vec<String>,
    /// The signing certificates the office has registered for this account.
    pub signers: Vec<SignerBinding>,
    /// What the province asks of a person who signs.
    #[serde(default)]
    pub signing: SigningRules,
    /// How far signatures are brought, and by whose time stamps.
    #[serde(default)]
    pub completion: CompletionRules,
    /// To whom a clerk of the agency presents documents: its leaders. Empty for who is no clerk,
    /// and from an older server.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub leaders: Vec<LeaderInfo>,
    /// The people of the agency, whom acts on documents may name. Empty from an older server.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub people: Vec<OfficePerson>,
    /// The mandates that this account has given or holds and that have not ended, in the order of
    /// their beginnings. Empty from an older server.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub mandates: Vec<Mandate>,
    /// The agency whose books this account writes in; none for who writes in none, and from an older
    /// server.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub registry: Option<AgencyInfo>,
    /// The fields of activity that this agency sorts its documents by, in its order. Empty for who
    /// writes in no book, and from an older server.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub activities: Vec<FieldOfActivity>,
    /// Ed25519 public key (base64) that signs receipts, and answers to courier bundles.
    pub receipt_key: String,
    /// X25519 public key (base64) that courier bundles are sealed to. Absent from a server that takes
    /// none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub courier_key: Option<String>,
    /// The server's clock.
    #[schema(value_type = i64)]
    pub server_time: Timestamp,
}

/// A leader to whom documents are presented.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct LeaderInfo {
    /// The account.
    #[schema(value_type = i64)]
    pub account: AccountId,
    /// The person's name.
    pub full_name: String,
    /// The title as signed, e.g. `Chủ tịch`.
    pub title: String,
}

/// What the province asks of a person who signs. An older server says nothing: the strictest.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SigningRules {
    /// What must have been on the screen before a document may be signed.
    #[serde(default)]
    pub reading: ReadingRule,
    /// Whether a person may sign an unread document all the same; the desk audits it.
    #[serde(default)]
    pub unread_allowed: bool,
}

/// What must have been on the screen before a document may be signed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ReadingRule {
    /// Every page of it.
    #[default]
    EveryPage,
    /// Its first page.
    FirstPage,
    /// Nothing.
    Nothing,
}

/// How far signatures are brought after signing, without their token.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct CompletionRules {
    /// The level that every signature shall reach.
    #[serde(default = "level_by_default")]
    pub level: SignatureLevel,
    /// Whom to ask for time stamps, the preferred first.
    #[serde(default)]
    pub time_stamping: Vec<TimeStampingAuthority>,
}

/// Certificates expire while documents stay, so that their evidence must be inside.
fn level_by_default() -> SignatureLevel {
    SignatureLevel::BLT
}

impl Default for CompletionRules {
    fn default() -> Self {
        Self {
            level: level_by_default(),
            time_stamping: Vec::new(),
        }
    }
}

/// An authority that gives time stamps (RFC 3161 over HTTP).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct TimeStampingAuthority {
    /// `http://` or `https://`.
    pub url: String,
    /// Time stamps a day and desk, in Vietnam's time; none = no limit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub daily_quota: Option<u32>,
    /// Time stamps a calendar month and desk; none = no limit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub monthly_quota: Option<u32>,
}

/// Limits the desk keeps when it uploads.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct UploadLimits {
    /// Largest file, bytes.
    pub max_file: u64,
    /// Largest single PATCH, bytes.
    pub max_append: u64,
}

/// A certificate that may sign for an account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SignerBinding {
    /// SHA-256 of the certificate's DER.
    #[schema(value_type = String)]
    pub certificate: Sha256,
    /// Its subject, for people.
    pub subject: String,
}
