use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::HitBox;

/// The lists of the desk.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum DocumentView {
    /// Văn bản đến, chờ xử lý.
    IncomingPending,
    /// Văn bản đến, quá hạn.
    IncomingOverdue,
    /// Văn bản đến, sắp đến hạn: within three days.
    IncomingDueSoon,
    /// Văn bản đến, chờ cho ý kiến.
    IncomingSay,
    /// Văn bản đến, được giao.
    IncomingHold,
    /// Văn bản đến, phối hợp.
    IncomingSupport,
    /// Văn bản đến, để biết.
    IncomingInform,
    /// Văn bản đến, đã giải quyết.
    IncomingDone,
    /// Văn bản đến, tất cả.
    IncomingAll,
    /// Dự thảo của tôi: this person drafted it, and it is not issued.
    Drafts,
    /// Chờ tôi duyệt, kiểm tra thể thức hoặc ký nháy.
    OutgoingCheck,
    /// Trình ký: waits for this person's signature.
    ToSign,
    /// Chờ cấp số, ký số cơ quan và phát hành, by this person.
    OutgoingIssue,
    /// Đã phát hành.
    OutgoingIssued,
    /// Văn bản đi, tất cả.
    OutgoingAll,
}

/// Arguments of `documents_list`.
#[derive(Clone, Debug, Deserialize, TS)]
pub struct DocumentQuery {
    /// Which list.
    pub view: DocumentView,
    /// What the user typed; empty for the whole list.
    pub search: String,
    /// `next` of the page before; none for the first page.
    pub after: Option<String>,
    /// Rows passed over first, behind `after`.
    #[serde(default)]
    pub skip: u32,
    /// Rows wanted, 1 to 200.
    pub limit: u32,
}

/// A page of a list, newest first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct DocumentPage {
    /// The rows.
    pub rows: Vec<DocumentRow>,
    /// Rows in the whole list; on the first page only, 0 on later ones.
    pub total: u32,
    /// For the next page; none at the end.
    pub next: Option<String>,
}

/// Whether what this person did to a document has reached the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum SentState {
    /// Nothing of ours is under way.
    Settled,
    /// Đã lưu trên máy: acts wait to be sent.
    SavedHere,
    /// Cần xử lý: an act needs a decision.
    NeedsAttention,
}

/// One row of a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct DocumentRow {
    /// The document.
    pub id: String,
    /// Số và ký hiệu.
    pub notation: Option<String>,
    /// Số đến.
    pub arrival_number: Option<u32>,
    /// Tên loại, in Vietnamese.
    pub kind: String,
    /// Trích yếu.
    pub subject: String,
    /// Cơ quan ban hành.
    pub issuer: String,
    /// `normal`, `urgent`, `very_urgent`, `express`, `express_timed`.
    pub urgency: String,
    /// State, as in the protocol, e.g. `registered`, `awaiting_signature`.
    pub state: String,
    /// A copy (sao y, sao lục, trích sao) that the agency has not signed yet, though its state is
    /// `signed`: no leader signs it.
    pub unsigned_copy: bool,
    /// When it reached the office.
    pub arrived_at: i64,
    /// Ngày văn bản.
    pub issued_on: Option<String>,
    /// The last instant in time for this person; none without a deadline.
    pub due_at: Option<i64>,
    /// Whether the deadline is a day (true) or an hour.
    pub due_is_day: bool,
    /// Whether the deadline has passed and the work is not done.
    pub overdue: bool,
    /// Not yet opened by this person.
    pub unread: bool,
    /// `lead`, `support`, `inform`.
    pub role: Option<String>,
    /// How many files.
    pub files: u32,
    /// Whether our acts on it have arrived.
    pub sent: SentState,
}

/// Arguments of commands about one document.
#[derive(Clone, Debug, Deserialize, TS)]
pub struct DocumentId {
    /// The document.
    pub id: String,
}

/// Everything about one document.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct DocumentDetail {
    /// What the list shows.
    pub row: DocumentRow,
    /// `incoming` or `outgoing`.
    pub direction: String,
    /// Chức vụ người ký.
    pub signer_position: String,
    /// Người ký.
    pub signer_name: String,
    /// Code of the issuing agency.
    pub issuer_code: String,
    /// Names of what that agency has become since; empty where it goes on.
    pub issuer_became: Vec<String>,
    /// Since when the certificate of a signature on it is revoked that cannot be saved any more:
    /// the document is neither signed nor issued. None when nothing is in the way.
    pub blocked_since: Option<i64>,
    /// The files, the main one first.
    pub files: Vec<FileDto>,
    /// History, oldest first.
    pub flow: Vec<DocumentFlow>,
    /// Opinions and directions, oldest first; with ours that are not sent yet.
    pub opinions: Vec<OpinionDto>,
}

/// Whether a file's bytes are on this machine.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum FilePlace {
    /// Here.
    Here,
    /// Coming; opening it moves it to the front.
    Waiting,
    /// Arrived broken and set aside; fetched again.
    Quarantined,
}

/// A file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct FileDto {
    /// The file.
    pub id: String,
    /// Display name.
    pub name: String,
    /// `main`, `appendix`, `attachment`.
    pub role: String,
    /// Media type.
    pub media_type: String,
    /// Hash of its current bytes, ours included where we signed.
    pub head: String,
    /// Bytes.
    pub size: u64,
    /// Pages, where known.
    pub pages: Option<u32>,
    /// Whether it is here.
    pub place: FilePlace,
    /// Its states, oldest first.
    pub revisions: Vec<RevisionDto>,
}

/// A state of a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct RevisionDto {
    /// Hash.
    pub sha256: String,
    /// Bytes.
    pub size: u64,
    /// `B-B`, `B-T`, `B-LT`, `B-LTA`.
    pub level: Option<String>,
    /// Who signed.
    pub signed_by: Option<String>,
    /// When.
    pub at: i64,
    /// Whether the server has it.
    pub at_server: bool,
}

/// A step in the history.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct DocumentFlow {
    /// When.
    pub at: i64,
    /// Who.
    pub who: String,
    /// State reached.
    pub state: String,
    /// In words.
    pub note: String,
}

/// An opinion or direction.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct OpinionDto {
    /// Its id.
    pub id: String,
    /// `opinion` or `direction`.
    pub kind: String,
    /// The words.
    pub text: String,
    /// Who.
    pub author: String,
    /// When it was written.
    pub written_at: i64,
    /// When the server took it; none while it waits here.
    pub received_at: Option<i64>,
    /// Where it stands, when it is a note on a place of a page.
    pub place: Option<NotePlace>,
    /// The note that it says is dealt with.
    pub settles: Option<String>,
    /// The note that it says is open again.
    pub reopens: Option<String>,
}

/// A place on a page of one state of a file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct NotePlace {
    /// The state.
    pub sha256: String,
    /// The page, from 0.
    pub page: u32,
    /// Where on it.
    pub at: HitBox,
}

/// Arguments of `note_add`.
#[derive(Clone, Debug, Deserialize, TS)]
pub struct NoteAdd {
    /// On which document.
    pub document: String,
    /// Where.
    pub place: NotePlace,
    /// 1 to 4,000 characters.
    pub text: String,
}

/// Arguments of `note_settle` and `note_reopen`.
#[derive(Clone, Debug, Deserialize, TS)]
pub struct NoteWord {
    /// On which document.
    pub document: String,
    /// The note.
    pub note: String,
    /// What was done or is left, 1 to 4,000 characters.
    pub text: String,
}

/// Arguments of `opinion_add`.
#[derive(Clone, Debug, Deserialize, TS)]
pub struct AddOpinion {
    /// On which document.
    pub document: String,
    /// `opinion` or `direction`.
    pub kind: String,
    /// 1 to 4,000 characters.
    pub text: String,
}

/// How many documents each list has, and how many of them are unread.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, TS)]
pub struct ViewCounts {
    /// Chờ xử lý.
    pub incoming_pending: u32,
    /// Quá hạn.
    pub incoming_overdue: u32,
    /// Sắp đến hạn.
    pub incoming_due_soon: u32,
    /// Chờ cho ý kiến.
    pub incoming_say: u32,
    /// Được giao.
    pub incoming_hold: u32,
    /// Phối hợp.
    pub incoming_support: u32,
    /// Để biết.
    pub incoming_inform: u32,
    /// Tất cả văn bản đến.
    pub incoming_all: u32,
    /// Văn bản đến chưa đọc.
    pub incoming_unread: u32,
    /// Dự thảo của tôi.
    pub drafts: u32,
    /// Chờ tôi duyệt, kiểm tra.
    pub outgoing_check: u32,
    /// Trình ký.
    pub to_sign: u32,
    /// Chờ cấp số và phát hành.
    pub outgoing_issue: u32,
    /// Văn bản đi.
    pub outgoing_all: u32,
}

/// Arguments of `file_open` and `signatures`.
#[derive(Clone, Debug, Deserialize, TS)]
pub struct FileRequest {
    /// The state of the file that is wanted.
    pub sha256: String,
}

/// Arguments of `document_file_open`.
#[derive(Clone, Debug, Deserialize, TS)]
pub struct DocumentFile {
    /// The document.
    pub document: String,
    /// The file that is wanted of it; without it, its first.
    pub file: Option<String>,
}

/// Answer of `file_open`: the pages can now be asked for at
/// `page://localhost/{sha256}/{page}?w={pixels}` (pages from 0, PNG).
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct FileOpened {
    /// The state.
    pub sha256: String,
    /// Sizes of the pages as displayed.
    pub pages: Vec<PageSize>,
}

/// A page as displayed (after rotation).
#[derive(Clone, Copy, Debug, PartialEq, Serialize, TS)]
pub struct PageSize {
    /// Millimetres.
    pub width_mm: f32,
    /// Millimetres.
    pub height_mm: f32,
}

/// Arguments of `page_text`.
#[derive(Clone, Debug, Deserialize, TS)]
pub struct PageTextRequest {
    /// The state of the file.
    pub sha256: String,
    /// Page, from 0.
    pub page: u32,
}

/// The words of a page, for selection and for screen readers.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct PageText {
    /// In reading order.
    pub runs: Vec<TextRun>,
}

/// A run of text on one line; the box is in fractions of the page's width and height.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct TextRun {
    /// The text.
    pub text: String,
    /// Left.
    pub x: f32,
    /// Top.
    pub y: f32,
    /// Width.
    pub w: f32,
    /// Height.
    pub h: f32,
    /// Whether a line ends after it.
    pub line_end: bool,
}
