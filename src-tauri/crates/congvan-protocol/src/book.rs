//! The books of the office and the numbers in them.

use congvan_model::{
    Deadline, DeviceId, DocumentId, DocumentType, FileId, Notation, RevisionId, Sha256, Timestamp,
    Urgency,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{Revision, Signer};

/// One book of one year (sổ đăng ký văn bản đến), an item of `GET /v1/books`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct BookState {
    /// Its code in the agency, e.g. `den`.
    pub book: String,
    /// What people call it, e.g. `Sổ văn bản đến`.
    pub name: String,
    /// Its year; numbers start at 1 each year.
    pub year: u16,
    /// The number that the server would give next.
    pub next: u32,
    /// Whether a device may take numbers along (mode L); else only the server gives them (mode S).
    pub leasable: bool,
    /// Who has taken numbers along; while that lasts the server gives none in this book.
    pub lease: Option<LeaseInfo>,
}

/// Who holds the lease of a book.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct LeaseInfo {
    /// The device.
    #[schema(value_type = String, format = Uuid)]
    pub device: DeviceId,
    /// The person's name, for those who wait.
    pub holder: String,
    /// The lease itself.
    pub lease: Lease,
}

/// The right to give the numbers `lo..=hi` of a book away from the server.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Lease {
    /// Code of the book.
    pub book: String,
    /// Its year.
    pub year: u16,
    /// Rises with each new lease of the book; names this one.
    pub fence: u64,
    /// First number.
    pub lo: u32,
    /// Last number.
    pub hi: u32,
    /// After this instant the device gives no number any more. It stays the holder all the same:
    /// the server takes nothing back by itself.
    #[schema(value_type = i64)]
    pub expires_at: Timestamp,
}

/// Body of `POST /v1/books/{book}/{year}/lease`. Sent again by the holder it answers the same lease,
/// extended when less than half of `want` is left and prolonged when it is the next day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct LeaseRequest {
    /// This installation.
    #[schema(value_type = String, format = Uuid)]
    pub device: DeviceId,
    /// Its incarnation: a clone of the holder is not the holder.
    pub incarnation: String,
    /// How many numbers, 1 to 50.
    pub want: u32,
}

/// Body of `POST /v1/books/{book}/{year}/return`. Before it is sent the device durably marks that it
/// gives no number of this lease any more; without that mark a lost answer leads to two papers with
/// one number.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ReturnRequest {
    /// Which lease.
    pub fence: u64,
    /// The last number that was given; `lo - 1` when none was.
    pub used_hi: u32,
}

/// Body of `POST /v1/books/{book}/{year}/break`: the device with the lease is lost. Takes effect
/// when two officials, a clerk or a leader each, have named one another.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct BreakRequest {
    /// Why, for the minutes; 1 to 500 characters.
    pub reason: String,
    /// Account name of the other official.
    pub second: String,
    /// The device is destroyed for certain: the numbers nobody has seen are recorded as void now.
    /// Else they stay set aside until the device comes back.
    #[serde(default)]
    pub give_up: bool,
}

/// Answer to a [`BreakRequest`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct BreakAnswer {
    /// Whether the lease is broken now.
    pub done: bool,
    /// Whose word is missing.
    pub waiting_for: Option<String>,
    /// The book as it stands.
    pub book: BookState,
}

/// A number that a device gave out of its lease.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
pub struct LeasedNumber {
    /// Which lease.
    pub fence: u64,
    /// The số đến.
    pub number: u32,
}

/// A field of activity (lĩnh vực) that an agency sorts its documents by. On a document it is as it was
/// called on that day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct FieldOfActivity {
    /// Its code in the agency, 1 to 30 characters, e.g. `dat-dai`.
    pub code: String,
    /// What people call it, 1 to 100 characters, e.g. `Đất đai, môi trường`.
    pub name: String,
}

/// What a clerk reads off a paper (Decree 30/2020, appendix VI).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RegistrationFields {
    /// Code of the issuing agency, where it has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub issuer_code: Option<String>,
    /// Cơ quan ban hành, 1 to 300 characters.
    pub issuer_name: String,
    /// Số và ký hiệu; some papers have none.
    #[schema(value_type = Option<String>)]
    pub notation: Option<Notation>,
    /// Ngày văn bản.
    #[schema(value_type = Option<String>)]
    pub issued_on: Option<jiff::civil::Date>,
    /// Tên loại.
    #[schema(value_type = String)]
    pub kind: DocumentType,
    /// Trích yếu, 1 to 2,000 characters.
    pub subject: String,
    /// Độ khẩn.
    #[schema(value_type = String)]
    pub urgency: Urgency,
    /// Người ký.
    pub signer: Signer,
    /// Thời hạn giải quyết, where the paper sets one.
    #[schema(value_type = Option<Object>)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due: Option<Deadline>,
    /// Lĩnh vực, where the clerk chose one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub activity: Option<FieldOfActivity>,
}

/// The scan of a paper that is registered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RegisteredFile {
    /// Id of the new file.
    #[schema(value_type = String, format = Uuid)]
    pub file: FileId,
    /// Id of its first revision.
    #[schema(value_type = String, format = Uuid)]
    pub revision: RevisionId,
    /// The bytes; uploaded before the op can be applied.
    #[schema(value_type = String)]
    pub sha256: Sha256,
    /// Their length.
    pub size: u64,
    /// Display name, NFC, 1 to 200 characters.
    pub name: String,
    /// Pages, where known.
    pub pages: Option<u32>,
}

impl RegisteredFile {
    /// Its first state, unsigned.
    #[must_use]
    pub fn first_state(&self, at: Timestamp) -> Revision {
        Revision {
            id: self.revision,
            sha256: self.sha256,
            size: self.size,
            parent: None,
            level: None,
            signed_by: None,
            at,
        }
    }
}

/// The entry of a document in a book.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Registration {
    /// Code of the book.
    pub book: String,
    /// Its year.
    pub year: u16,
    /// The số đến; never changes.
    pub number: u32,
    /// What stood on the slip before; empty when there was none.
    pub provisional: String,
    /// When the paper reached the office, by the device that registered it.
    #[schema(value_type = i64)]
    pub received_at: Timestamp,
    /// The same as it stands in the book: never earlier than in the entry before, never later than
    /// in the entry after, never in the future.
    #[schema(value_type = i64)]
    pub booked_at: Timestamp,
    /// Whether the two differ by more than five minutes: someone should look.
    pub skewed: bool,
    /// Another document of the office with the same issuer, notation and day, or the same bytes.
    #[schema(value_type = Option<String>, format = Uuid)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub duplicate_of: Option<DocumentId>,
    /// Who of those that it was presented to opened it first (ký nhận).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub acknowledged: Option<Acknowledged>,
}

/// Who has taken a document over.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Acknowledged {
    /// The person's name.
    pub who: String,
    /// When.
    #[schema(value_type = i64)]
    pub at: Timestamp,
}

/// A number of a book that is on no document, an item of `GET /v1/books/{book}/{year}/voids`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct VoidEntry {
    /// The number.
    pub number: u32,
    /// Why.
    pub reason: String,
    /// When it became void.
    #[schema(value_type = i64)]
    pub at: Timestamp,
    /// What stood there before it was withdrawn; none for a number that was on no document.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub withdrawn: Option<Box<WithdrawnEntry>>,
}

/// The entry of a document that was withdrawn.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct WithdrawnEntry {
    /// The document, which nobody has any more.
    #[schema(value_type = String, format = Uuid)]
    pub document: DocumentId,
    /// Ngày đến.
    #[schema(value_type = i64)]
    pub booked_at: Timestamp,
    /// What stood on it.
    pub fields: RegistrationFields,
}
