//! Registering confirmed letters, and the register of incoming documents.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::ErrorCode;

/// What holds for all letters of a batch; remembered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct RegisterDefaults {
    /// Code of the book.
    pub book: String,
    /// Ngày đến, `YYYY-MM-DD`; empty = today.
    pub received_on: String,
    /// Whom the letters are presented to (người trình lên), account id; none = nobody.
    pub present_to: Option<String>,
    /// Draw the stamp ĐẾN on the first page.
    pub stamp: bool,
    /// Sign the scans with the organisation's certificate.
    pub sign: bool,
}

/// Answer of `register_options`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct RegisterOptions {
    /// The books of the office.
    pub books: Vec<BookDto>,
    /// Whom letters can be presented to.
    pub leaders: Vec<LeaderDto>,
    /// The fields of activity that documents are sorted by; empty where the agency has no list.
    pub activities: Vec<ActivityDto>,
    /// As last time.
    pub defaults: RegisterDefaults,
}

/// A field of activity (lĩnh vực) of the agency.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct ActivityDto {
    /// Code.
    pub code: String,
    /// Name.
    pub name: String,
}

/// Somebody to present letters to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct LeaderDto {
    /// Account.
    pub account: String,
    /// Name.
    pub name: String,
    /// Position.
    pub position: String,
}

/// A book of a year.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct BookDto {
    /// Code.
    pub book: String,
    /// Name.
    pub name: String,
    /// Year.
    pub year: u16,
    /// Numbers on this machine that can be given without the server (Mode L).
    pub leased: Option<LeaseDto>,
    /// Another machine has the book; its holder in words.
    pub held_by: Option<String>,
}

/// Numbers that this machine may give.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct LeaseDto {
    /// Next number.
    pub next: u32,
    /// Last number.
    pub hi: u32,
    /// Until when, instant.
    pub expires_at: i64,
    /// Nothing more is given out of it.
    pub stopped: bool,
}

/// Arguments of `lease_take` and `lease_return`.
#[derive(Clone, Debug, Deserialize, TS)]
pub struct BookId {
    /// Code.
    pub book: String,
    /// Year.
    pub year: u16,
}

/// Arguments of `intake_register`.
#[derive(Clone, Debug, Deserialize, TS)]
pub struct RegisterArgs {
    /// The letters in the order of their numbers; none listed = all confirmed ones.
    pub letters: Vec<String>,
    /// What holds for all.
    pub defaults: RegisterDefaults,
}

/// A registration of this machine that nobody refused.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct RegisteredHere {
    /// Số đến; none while the server has not given it.
    pub number: Option<u32>,
    /// What stands for it until then.
    pub provisional: String,
    /// Nothing of it was sent: `registration_undo` takes it back.
    pub can_undo: bool,
}

/// A document that came over the axis.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct ReceivedDto {
    /// The document.
    pub document: String,
    /// Số và ký hiệu; may be empty.
    pub notation: String,
    /// Ngày văn bản, `YYYY-MM-DD`, or empty.
    pub issued_on: String,
    /// Cơ quan gửi.
    pub issuer: String,
    /// Trích yếu.
    pub subject: String,
    /// Độ khẩn.
    pub urgency: String,
    /// When it came.
    pub arrived_at: i64,
    /// Its registration, once there is one.
    pub registered: Option<RegisteredHere>,
}

/// Answer of `received_list`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct ReceivedPage {
    /// Whether this person registers what comes; else the lists are empty.
    pub is_clerk: bool,
    /// What waits for its registration: the most urgent first, then in the order it came; at most 500.
    pub waiting: Vec<ReceivedDto>,
    /// How much waits.
    pub total: u32,
    /// What this machine registered today, the latest first.
    pub registered: Vec<ReceivedDto>,
}

/// Arguments of `received_register`.
#[derive(Clone, Debug, Deserialize, TS)]
pub struct ReceivedArgs {
    /// The documents in the order of their numbers.
    pub documents: Vec<String>,
    /// What holds for all; stamp and signature are of no account.
    pub defaults: RegisterDefaults,
}

/// What became of one letter, or of one document that came over the axis.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct RegisteredLetter {
    /// The letter; the document for what came over the axis.
    pub letter: String,
    /// Its document; none when it was not registered.
    pub document: Option<String>,
    /// Số đến; none while the server has not given it.
    pub number: Option<u32>,
    /// What stands for it until then.
    pub provisional: Option<String>,
    /// Why it was not registered.
    pub code: Option<ErrorCode>,
}

/// Answer of `intake_register` and `received_register`: all of it is safe on this machine.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct RegisterReport {
    /// One for each letter asked for.
    pub letters: Vec<RegisteredLetter>,
    /// How many have a number.
    pub numbered: u32,
    /// How many wait for the server's number.
    pub provisional: u32,
    /// How many could not be registered.
    pub failed: u32,
}

/// Arguments of `registration_undo`, until the server has it, and of `registration_withdraw` after.
#[derive(Clone, Debug, Deserialize, TS)]
pub struct RegistrationUndo {
    /// The document.
    pub document: String,
    /// Why, where a number out of a lease becomes void by it.
    pub reason: String,
}

/// Copies that wait for the organisation's signature.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct SealQueue {
    /// How many are ready to be signed (they have their number).
    pub ready: u32,
    /// How many wait for their number.
    pub waiting: u32,
}

/// Arguments of `seal_sign`: everything that is ready, with one PIN; progress as for any batch
/// (`batch_view`).
#[derive(Clone, Debug, Deserialize, TS)]
pub struct SealArgs {
    /// Module.
    pub module: String,
    /// Token.
    pub token_serial: String,
    /// Certificate, by the hash of its DER.
    pub certificate: String,
}

/// A register of Decree 30/2020, Appendix IV.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum RegisterKind {
    /// Sổ đăng ký văn bản đến.
    #[default]
    Incoming,
    /// Sổ đăng ký văn bản đi.
    Outgoing,
    /// Sổ theo dõi giải quyết văn bản đến.
    Tracking,
    /// Sổ gửi văn bản đi bưu điện.
    Mail,
    /// Sổ sử dụng bản lưu.
    Loans,
}

/// A column that a register can show.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum RegisterColumn {
    /// Ngày đến.
    Arrived,
    /// Số đến.
    Number,
    /// Tác giả.
    Issuer,
    /// Số, ký hiệu.
    Notation,
    /// Ngày tháng văn bản.
    Issued,
    /// Tên loại và trích yếu nội dung.
    Subject,
    /// Đơn vị hoặc người nhận.
    Receivers,
    /// Ngày chuyển.
    Passed,
    /// Ký nhận.
    Acknowledged,
    /// Ghi chú.
    Note,
    /// Lĩnh vực, which is no column of the decree.
    Activity,
    /// Người ký.
    Signer,
    /// Nơi nhận.
    Recipients,
    /// Đơn vị, người nhận bản lưu.
    Kept,
    /// Số lượng bản.
    Copies,
    /// Ngày chuyển of what goes out.
    Sent,
    /// Tên loại, số và ký hiệu, ngày tháng, cơ quan ban hành.
    Described,
    /// Thời hạn giải quyết.
    Due,
    /// Tiến độ giải quyết.
    Progress,
    /// Số, ký hiệu văn bản trả lời.
    Reply,
    /// Số lượng bì.
    Envelopes,
    /// Ký nhận và dấu bưu điện.
    Stamped,
    /// Ngày tháng of a loan.
    Lent,
    /// Họ và tên người sử dụng.
    Borrower,
    /// Số, ký hiệu, ngày tháng văn bản.
    LentDocument,
    /// Số và ký hiệu hồ sơ.
    Dossier,
    /// Ngày trả.
    Returned,
    /// Người cho phép sử dụng.
    Permitted,
}

/// How far an incoming document has come, measured by its deadline.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum RegisterProgress {
    /// Still to be handled, and nothing presses.
    Open,
    /// Still to be handled, within three days.
    Near,
    /// Still to be handled, and the deadline has passed.
    Overdue,
    /// Handled before its deadline, or without one.
    DoneInTime,
    /// Handled after its deadline.
    DoneLate,
}

/// Arguments of `book_entries`, of the other registers and of `book_export`.
#[derive(Clone, Debug, Deserialize, TS)]
pub struct BookQuery {
    /// Code of the book; of what goes out empty = every series.
    pub book: String,
    /// Year.
    pub year: u16,
    /// Days of arrival (of what goes out: of the document) from, `YYYY-MM-DD`; empty = the year's
    /// beginning.
    pub from: String,
    /// To and with; empty = the year's end.
    pub to: String,
    /// Code of a field of activity; empty = all.
    #[serde(default)]
    pub activity: String,
    /// How far it has come, in the register that follows the handling; none = all.
    #[serde(default)]
    pub progress: Option<RegisterProgress>,
    /// Words in issuer, notation or subject; empty = all.
    pub text: String,
    /// How many to leave out.
    pub offset: u32,
    /// How many at most, 1..=500; of no account for an export.
    pub limit: u32,
}

/// A line of the register of incoming documents (Decree 30/2020, Appendix IV): its ten columns.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct BookEntryDto {
    /// The document; none for a void number.
    pub document: Option<String>,
    /// 1. Ngày đến, `YYYY-MM-DD`.
    pub arrived_on: String,
    /// 2. Số đến; none while it waits for its number.
    pub number: Option<u32>,
    /// What stands for the number until then.
    pub provisional: Option<String>,
    /// 3. Tác giả.
    pub issuer: String,
    /// 4. Số, ký hiệu.
    pub notation: String,
    /// 5. Ngày tháng văn bản, `YYYY-MM-DD`, or empty.
    pub issued_on: String,
    /// 6. Tên loại và trích yếu.
    pub subject: String,
    /// Name of its field of activity, which is no column of the decree; may be empty.
    pub activity: String,
    /// 7. Đơn vị, người nhận.
    pub receivers: String,
    /// 8. Ngày chuyển, `YYYY-MM-DD`, or empty.
    pub passed_on: String,
    /// 9. Ký nhận: who opened it first, and when, as words; empty while nobody has.
    pub acknowledged: String,
    /// 10. Ghi chú; the reason of a void number.
    pub note: String,
    /// The number is void.
    pub is_void: bool,
}

/// A page of the register.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct BookPage {
    /// Lines by number; those without a number at the end.
    pub entries: Vec<BookEntryDto>,
    /// How many there are.
    pub total: u32,
}

/// A line of the register of what goes out (Decree 30/2020, Appendix IV): its ten columns.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct OutgoingEntryDto {
    /// The document; none for a void number.
    pub document: Option<String>,
    /// Code of its series.
    pub book: String,
    /// Its number; none while it waits for one.
    pub number: Option<u32>,
    /// 1. Số, ký hiệu; of what waits, the symbol alone.
    pub notation: String,
    /// 2. Ngày tháng văn bản, `YYYY-MM-DD`, or empty.
    pub issued_on: String,
    /// 3. Tên loại và trích yếu.
    pub subject: String,
    /// 4. Người ký.
    pub signer: String,
    /// 5. Nơi nhận.
    pub recipients: String,
    /// 6. Đơn vị, người nhận bản lưu.
    pub kept: String,
    /// 7. Số lượng bản: to how many agencies it was sent; none before its issue.
    pub copies: Option<u32>,
    /// 8. Ngày chuyển, `YYYY-MM-DD`, or empty.
    pub sent_on: String,
    /// 9. Ký nhận: how many of those agencies said that it has come.
    pub received: u32,
    /// 10. Ghi chú; the reason of a void number.
    pub note: String,
    /// The number is void.
    pub is_void: bool,
}

/// A series of what goes out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct SeriesDto {
    /// Code.
    pub book: String,
    /// What people call it.
    pub name: String,
}

/// A page of the register of what goes out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct OutgoingPage {
    /// By series and number; those without a number at the end.
    pub entries: Vec<OutgoingEntryDto>,
    /// How many there are.
    pub total: u32,
    /// How many numbers between others of their series are on documents that this account does not see.
    pub unseen: u32,
    /// The series of that year.
    pub books: Vec<SeriesDto>,
    /// The years that have documents, the latest first.
    pub years: Vec<u16>,
}

/// A line of the register that follows the handling of incoming documents (Decree 30/2020, Appendix
/// IV): its seven columns.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct TrackingEntryDto {
    /// The document.
    pub document: String,
    /// 1. Số đến.
    pub number: u32,
    /// 2. Tên loại, số và ký hiệu, ngày tháng, cơ quan ban hành.
    pub described: String,
    /// 3. Đơn vị, người nhận.
    pub receivers: String,
    /// 4. Thời hạn giải quyết, `YYYY-MM-DD`, or empty.
    pub due: String,
    /// 5. Tiến độ: what the deadline makes of it,
    pub progress: RegisterProgress,
    /// and the day it was done, `YYYY-MM-DD`, or empty.
    pub done_on: String,
    /// 6. Số, ký hiệu văn bản trả lời.
    pub reply: String,
    /// 7. Ghi chú.
    pub note: String,
}

/// A page of the register that follows the handling.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct TrackingPage {
    /// Lines by number.
    pub entries: Vec<TrackingEntryDto>,
    /// How many there are.
    pub total: u32,
}

/// A line of the register of what went by post (Decree 30/2020, Appendix IV); its fifth column is
/// filled on paper.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct MailEntryDto {
    /// The document.
    pub document: String,
    /// 1. Ngày chuyển, `YYYY-MM-DD`.
    pub on: String,
    /// 2. Số, ký hiệu văn bản.
    pub notation: String,
    /// 3. Nơi nhận văn bản.
    pub to: String,
    /// 4. Số lượng bì.
    pub envelopes: u16,
    /// 6. Ghi chú.
    pub note: String,
    /// What it is about, which is no column of the decree.
    pub subject: String,
}

/// A page of the register of what went by post.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct MailPage {
    /// Lines by day.
    pub entries: Vec<MailEntryDto>,
    /// How many there are.
    pub total: u32,
    /// The years that have lines, the latest first.
    pub years: Vec<u16>,
}

/// A line of the register of who used a file copy (Decree 30/2020, Appendix IV); its sixth column is
/// filled on paper.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct LoanEntryDto {
    /// The document.
    pub document: String,
    /// 1. Ngày tháng, `YYYY-MM-DD`.
    pub on: String,
    /// 2. Họ và tên người sử dụng.
    pub borrower: String,
    /// 3. Số, ký hiệu, ngày tháng văn bản.
    pub described: String,
    /// 4. Tên loại và trích yếu nội dung.
    pub subject: String,
    /// 5. Số và ký hiệu hồ sơ; may be empty.
    pub dossier: String,
    /// 7. Ngày trả, `YYYY-MM-DD`; empty while it is out.
    pub returned_on: String,
    /// 8. Người cho phép sử dụng.
    pub permitted_by: String,
    /// 9. Ghi chú.
    pub note: String,
}

/// A page of the register of who used a file copy.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct LoanPage {
    /// Lines by day.
    pub entries: Vec<LoanEntryDto>,
    /// How many there are.
    pub total: u32,
    /// The years that have lines, the latest first.
    pub years: Vec<u16>,
}

/// How the register is taken out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, TS)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum BookFormat {
    /// In the decree's form, A4 across, to be printed and bound.
    Pdf,
    /// A table.
    Xlsx,
}

/// Arguments of `book_export`.
#[derive(Clone, Debug, Deserialize, TS)]
pub struct BookExport {
    /// Which register.
    #[serde(default)]
    pub register: RegisterKind,
    /// What of it.
    pub query: BookQuery,
    /// Its columns in their order; none named = the decree's.
    #[serde(default)]
    pub columns: Vec<RegisterColumn>,
    /// How.
    pub format: BookFormat,
}
