use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

macro_rules! problem_codes {
    ($($(#[doc = $doc:literal])* $name:ident = $code:literal;)*) => {
        /// Machine-readable reason of an error or a refused op.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
        pub enum ProblemCode {
            $($(#[doc = $doc])* #[serde(rename = $code)] $name,)*
            /// A code of a newer server that this desk does not know.
            #[serde(other, rename = "UNKNOWN")]
            Unknown,
        }
        impl ProblemCode {
            /// Every code with its meaning, for the description.
            pub const EXPLAINED: &'static [(Self, &'static str)] =
                &[$((Self::$name, concat!($($doc),*))),*];

            /// The code as it stands on the wire.
            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$name => $code,)* Self::Unknown => "UNKNOWN" }
            }
        }
    };
}

problem_codes! {
    /// Unknown account or wrong password.
    BadCredentials = "BAD_CREDENTIALS";
    /// The access token is missing or expired.
    TokenExpired = "TOKEN_EXPIRED";
    /// The refresh token was revoked or is unknown: log in again.
    RefreshRevoked = "REFRESH_REVOKED";
    /// Too many wrong passwords; wait.
    TooManyAttempts = "TOO_MANY_ATTEMPTS";
    /// The cursor belongs to another history of the server (epoch); start over without deleting.
    CannotCalculateChanges = "CANNOT_CALCULATE_CHANGES";
    /// The device has reported a lower `highest_seq` than before: its data went back in time. It
    /// takes a new incarnation, pulls anew without deleting and offers its outbox again.
    DeviceRolledBack = "DEVICE_ROLLED_BACK";
    /// The same op id came with another content.
    OpHashMismatch = "OP_HASH_MISMATCH";
    /// The account has no such document, or no longer.
    NotFound = "NOT_FOUND";
    /// The account may see it, but not do this.
    Forbidden = "FORBIDDEN";
    /// The post or mandate in whose capacity it was done is not the person's, or not in force.
    CapacityEnded = "CAPACITY_ENDED";
    /// Who acts by a delegation does not pass it on.
    NoRedelegation = "NO_REDELEGATION";
    /// The document's state does not allow it.
    WrongState = "WRONG_STATE";
    /// Someone signed first: sign over the new head.
    HeadMoved = "HEAD_MOVED";
    /// Another clerk has entered the document in a book; the detail is who.
    AlreadyRegistered = "ALREADY_REGISTERED";
    /// The new revision does not start with the bytes of its parent.
    NotAnExtension = "NOT_AN_EXTENSION";
    /// The signature does not verify, or something other than a signature was added.
    SignatureInvalid = "SIGNATURE_INVALID";
    /// The signature is sound, but its certificate is not registered for the account.
    SignerMismatch = "SIGNER_MISMATCH";
    /// The certificate does not lead to a root of this province.
    CertificateUntrusted = "CERTIFICATE_UNTRUSTED";
    /// Another device holds the lease of the book.
    LeaseHeld = "LEASE_HELD";
    /// The lease is over or was never given: another fence is in force.
    LeaseStale = "LEASE_STALE";
    /// The book's year has ended, or has not begun.
    YearClosed = "YEAR_CLOSED";
    /// The number stands on another document, or is void; a person must decide.
    NumberTaken = "NUMBER_TAKEN";
    /// A field is missing, too long or malformed.
    InvalidRequest = "INVALID_REQUEST";
    /// The offset is not where the upload stands; the answer says where it does.
    OffsetMismatch = "OFFSET_MISMATCH";
    /// The bytes do not have the hash that was announced.
    DigestMismatch = "DIGEST_MISMATCH";
    /// Larger than the limit.
    TooLarge = "TOO_LARGE";
    /// The upload is over: finished, cancelled or expired.
    UploadGone = "UPLOAD_GONE";
    /// The file is no courier bundle, or a byte of it was changed or lost.
    BundleDamaged = "BUNDLE_DAMAGED";
    /// The courier bundle is for another province, or sealed to a key that this one no longer has.
    BundleForeign = "BUNDLE_FOREIGN";
    /// The courier bundle is of a newer version than this server reads.
    BundleVersion = "BUNDLE_VERSION";
    /// Nobody known has signed the courier bundle, or that desk's login has ended.
    BundleUnknownDesk = "BUNDLE_UNKNOWN_DESK";
    /// The courier bundle was written more than 45 days ago.
    BundleTooOld = "BUNDLE_TOO_OLD";
    /// The server is over its capacity.
    Overloaded = "OVERLOADED";
    /// The server has a fault of its own.
    Internal = "INTERNAL";
}

/// An RFC 9457 problem with our members.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Problem {
    /// `about:blank` or an address that explains it.
    #[serde(rename = "type", default = "about_blank")]
    pub type_uri: String,
    /// A short English title, for logs.
    pub title: String,
    /// The HTTP status.
    pub status: u16,
    /// Machine-readable reason.
    #[schema(value_type = String)]
    pub code: ProblemCode,
    /// Whether the same request may succeed later.
    pub retryable: bool,
    /// Seconds to wait at least.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retry_after_s: Option<u32>,
}

fn about_blank() -> String {
    "about:blank".to_owned()
}
