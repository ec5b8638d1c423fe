use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{Placement, SentState};

/// Arguments of `signing_tray`.
#[derive(Clone, Debug, Deserialize, TS)]
pub struct TrayQuery {
    /// Only what is marked to be signed.
    pub marked_only: bool,
    /// What was typed into the search field; empty for everything.
    pub search: String,
    /// `next` of the page before; none for the first.
    pub after: Option<String>,
    /// Rows wanted, at most 200.
    pub limit: u32,
}

/// What must have been on the screen before a document may be marked; the province says it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ReadingRule {
    /// Every page of it.
    EveryPage,
    /// Its first page.
    FirstPage,
    /// Nothing.
    Nothing,
}

/// Answer of `signing_tray`.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct TrayPage {
    /// Newest first.
    pub rows: Vec<TrayRow>,
    /// How many wait for this person's signature (counted on the first page, else 0).
    pub total: u32,
    /// How many of all are marked; what the big button says.
    pub marked: u32,
    /// For the next page; none at the end.
    pub next: Option<String>,
    /// What must be read before marking.
    pub reading: ReadingRule,
    /// Whether a person may mark a document unread (it is audited then).
    pub unread_allowed: bool,
}

/// How much of a document has been on this person's screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ReadState {
    /// Every page of these very bytes.
    All,
    /// Some pages.
    Some,
    /// None.
    None,
}

/// Whether a document in the tray can be looked at and signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum TrayState {
    /// It is here.
    Ready,
    /// Its bytes have not arrived yet.
    Coming,
    /// It has no file that could be signed (no PDF).
    NoFile,
}

/// Where a signature's place comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum PlacementSource {
    /// This person has put it there on a document of the same type.
    Remembered,
    /// The words of the page say it: under the signer's position, above the name.
    Found,
    /// Neither: the usual place at the lower right of the last page.
    Default,
}

/// A document that waits for this person's signature.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct TrayRow {
    /// The document.
    pub document: String,
    /// The file that is signed: the main one.
    pub file: String,
    /// Its current bytes: what must be shown and is signed.
    pub sha256: String,
    /// Số và ký hiệu; none before the number is given.
    pub notation: Option<String>,
    /// Tên loại, in words.
    pub kind: String,
    /// Trích yếu.
    pub subject: String,
    /// `normal`, `urgent`, `very_urgent`, `express` and alike.
    pub urgency: String,
    /// Who drafted it or the unit it is from.
    pub issuer: String,
    /// When it was laid into the tray.
    pub arrived_at: i64,
    /// Deadline.
    pub due_at: Option<i64>,
    /// The deadline is a day, not a moment.
    pub due_is_day: bool,
    /// Past its deadline.
    pub overdue: bool,
    /// Bytes.
    pub size: u64,
    /// Pages: counted by us once it was opened, before that as the server says; none when unknown.
    pub pages: Option<u32>,
    /// How much has been read.
    pub read: ReadState,
    /// Pages of these bytes that have been on the screen.
    pub pages_read: u32,
    /// Whether `tray_mark` would take it: it is here and read as far as the rule asks.
    pub may_mark: bool,
    /// Marked to be signed. A mark is bound to the bytes: it goes when they change.
    pub marked: bool,
    /// Where the signature's place would come from.
    pub placement: PlacementSource,
    /// Whether it can be looked at and signed.
    pub state: TrayState,
    /// Whether our acts on it have arrived.
    pub sent: SentState,
}

/// Why a document is marked that was not on the screen as far as the province's rule asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum UnreadReason {
    /// The paper was read.
    ReadOnPaper,
    /// The same text was read elsewhere or before.
    ReadBefore,
    /// Those who prepared it have reported on it.
    Reported,
    /// There is no time to read it.
    Urgent,
}

/// Arguments of `tray_mark`.
#[derive(Clone, Debug, Deserialize, TS)]
pub struct MarkArgs {
    /// The document.
    pub document: String,
    /// The bytes that were shown; a mark is bound to them.
    pub shown: String,
    /// Mark, or take the mark away.
    pub marked: bool,
    /// Why it is marked although it is unread: only where the province allows it, and audited;
    /// none for an ordinary mark.
    pub unread: Option<UnreadReason>,
}

/// Arguments of `page_seen`.
#[derive(Clone, Debug, Deserialize, TS)]
pub struct PageSeenArgs {
    /// The document.
    pub document: String,
    /// The file.
    pub file: String,
    /// The bytes on the screen.
    pub shown: String,
    /// The page, from 0.
    pub page: u32,
}

/// Answer of `page_seen`: how far the reading has come.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct ReadingDto {
    /// Pages the file has.
    pub pages: u32,
    /// Pages of it that have been on the screen, from 0, in order.
    pub seen: Vec<u32>,
    /// Whether the document may be marked now.
    pub may_mark: bool,
}

/// Arguments of `placement_get`.
#[derive(Clone, Debug, Deserialize, TS)]
pub struct PlacementArgs {
    /// The document.
    pub document: String,
    /// The file.
    pub file: String,
    /// The certificate it will be signed with, where one is chosen: it decides the role in which
    /// the person signs.
    pub certificate: Option<String>,
}

/// What a box for a signature keeps to, in millimetres. The core keeps it too.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, TS)]
pub struct PlacementRule {
    /// Distance from every edge of the page.
    pub edge_mm: f32,
    /// Least width.
    pub least_w_mm: f32,
    /// Least height.
    pub least_h_mm: f32,
    /// Greatest width; none as far as the page goes.
    pub most_w_mm: Option<f32>,
    /// Greatest height.
    pub most_h_mm: Option<f32>,
}

/// What a signature is on the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum SignatureRole {
    /// A leader's handwriting.
    Signature,
    /// Initials of who prepared or checked (ký nháy).
    Initials,
    /// The agency's seal on the document.
    Seal,
    /// The agency on a file of its own beside the document: number, symbol and time, no picture.
    Appendix,
    /// The agency on a copy: form of copy, agency and time, no picture.
    Copy,
}

/// Answer of `placement_get`.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct PlacementFound {
    /// The place.
    pub placement: Placement,
    /// Where it comes from.
    pub source: PlacementSource,
    /// What will stand there: whose picture, or the agency's words on a file beside the document.
    pub role: SignatureRole,
    /// What a box that is moved keeps to.
    pub rule: PlacementRule,
}

/// Arguments of `placement_remember`: kept for all documents of this one's type.
#[derive(Clone, Debug, Deserialize, TS)]
pub struct PlacementRemember {
    /// The document on which it was chosen.
    pub document: String,
    /// The file.
    pub file: String,
    /// The place; none forgets what was remembered for this type.
    pub placement: Option<Placement>,
}
