use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Which register.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ImportDirection {
    /// Incoming documents.
    Incoming,
    /// Outgoing documents.
    Outgoing,
}

/// What a column can hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ImportField {
    /// Identifier in the previous system.
    OldId,
    /// Book.
    Book,
    /// Year of the register.
    Year,
    /// Số đến.
    Arrival,
    /// Ngày đến.
    ArrivedOn,
    /// Cơ quan ban hành.
    Issuer,
    /// Its code.
    IssuerCode,
    /// Số và ký hiệu.
    Notation,
    /// The number alone.
    Number,
    /// The symbol alone.
    Symbol,
    /// Ngày văn bản.
    IssuedOn,
    /// Tên loại.
    Kind,
    /// Lĩnh vực.
    Activity,
    /// Trích yếu.
    Subject,
    /// Người ký.
    Signer,
    /// Chức vụ.
    Position,
    /// Độ khẩn.
    Urgency,
    /// Độ mật.
    Secrecy,
    /// Nơi nhận.
    Places,
    /// Đơn vị, người xử lý.
    HandledBy,
    /// Names of files.
    Files,
}

/// Where the import of a previous system's data is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct ImportState {
    /// Whether this person keeps a registry's books.
    pub clerk: bool,
    /// The books of what comes in.
    pub books: Vec<ImportBook>,
    /// The chosen table.
    pub table: Option<ImportTable>,
    /// Rows that the server does not show yet.
    pub waiting_rows: u32,
    /// Files that the server does not have yet.
    pub waiting_files: u32,
}

/// A book.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct ImportBook {
    /// Code.
    pub code: String,
    /// Name.
    pub name: String,
}

/// A chosen table and how far it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct ImportTable {
    /// Name of its file.
    pub name: String,
    /// Names of a workbook's sheets; empty of a text.
    pub sheets: Vec<String>,
    /// Which of them.
    pub sheet: u32,
    /// Rows below the headings.
    pub rows: u32,
    /// Which register it is.
    pub direction: ImportDirection,
    /// Code of the book for rows that name none.
    pub book: String,
    /// Its columns.
    pub columns: Vec<ImportColumn>,
    /// What such a register can hold, in the order of choosing.
    pub fields: Vec<ImportField>,
    /// What no column holds and a register is never without.
    pub missing: Vec<ImportField>,
    /// How many files the chosen folder has.
    pub folder_files: Option<u32>,
    /// Its first rows as they would stand.
    pub preview: Vec<ImportPreview>,
    /// What the dry run found.
    pub judged: Option<ImportJudgement>,
    /// What was taken over.
    pub taken: Option<ImportTaken>,
    /// Rows that the server has refused.
    pub refused: u32,
    /// What is under way.
    pub progress: Option<ImportProgress>,
}

/// A column.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct ImportColumn {
    /// Its heading.
    pub heading: String,
    /// Cells of the first rows.
    pub samples: Vec<String>,
    /// What it is taken for.
    pub field: Option<ImportField>,
}

/// A row as it would stand.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct ImportPreview {
    /// Its row in the file.
    pub line: u32,
    /// Its number; none where something is wrong, as all that follows.
    pub number: Option<u32>,
    /// Its day (YYYY-MM-DD).
    pub on: Option<String>,
    /// Số, ký hiệu.
    pub notation: String,
    /// Cơ quan ban hành.
    pub issuer: String,
    /// Its code.
    pub issuer_code: String,
    /// Tên loại và trích yếu.
    pub subject: String,
    /// Names of its files.
    pub files: Vec<String>,
    /// What is wrong with it.
    pub faults: Vec<ImportFault>,
}

/// A fault of a row.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct ImportFault {
    /// The row in the file.
    pub line: u32,
    /// The field, where it is of one.
    pub field: Option<ImportField>,
    /// What it is.
    pub code: String,
}

/// How many rows have something.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct ImportCount {
    /// What.
    pub code: String,
    /// How many.
    pub rows: u32,
}

/// What a dry run found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct ImportJudgement {
    /// Rows that are new and can be taken over.
    pub good: u32,
    /// Rows that are here already.
    pub already: u32,
    /// Of these, rows that bring further files.
    pub more_files: u32,
    /// Rows with a fault.
    pub refused: u32,
    /// Files of the rows that can be taken over.
    pub files: u32,
    /// Rows by fault.
    pub faults: Vec<ImportCount>,
    /// Rows by notice.
    pub notices: Vec<ImportCount>,
}

/// What an import has put into the outbox.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct ImportTaken {
    /// Rows that are new here.
    pub rows: u32,
    /// Files that are new here.
    pub files: u32,
    /// Files that could not be read at last.
    pub lost_files: u32,
    /// It was ended before its last row.
    pub stopped: bool,
    /// The disk is full.
    pub disk_full: bool,
}

/// How far it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
pub struct ImportProgress {
    /// Rows are taken over; else they are judged.
    pub importing: bool,
    /// Rows that are done.
    pub done: u32,
    /// It waits for a person.
    pub paused: bool,
}

/// What the columns are.
#[derive(Clone, Debug, Deserialize, TS)]
pub struct ImportMapArgs {
    /// Which register.
    pub direction: ImportDirection,
    /// Code of the book for rows that name none.
    pub book: String,
    /// The field of each column.
    pub columns: Vec<Option<ImportField>>,
}

/// A sheet of the workbook.
#[derive(Clone, Copy, Debug, Deserialize, TS)]
pub struct ImportSheetArgs {
    /// Its place.
    pub sheet: u32,
}

/// Whether the import waits.
#[derive(Clone, Copy, Debug, Deserialize, TS)]
pub struct ImportPauseArgs {
    /// It waits.
    pub paused: bool,
}

/// A part of the faults.
#[derive(Clone, Debug, Deserialize, TS)]
pub struct ImportFaultQuery {
    /// Of this kind; none = all.
    pub code: Option<String>,
    /// How many to leave out.
    pub offset: u32,
    /// How many at most, 200 or fewer.
    pub limit: u32,
}

/// Faults.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct ImportFaultPage {
    /// In the order of the table.
    pub faults: Vec<ImportFault>,
    /// How many there are.
    pub total: u32,
}

/// A table to begin with.
#[derive(Clone, Copy, Debug, Deserialize, TS)]
pub struct ImportSampleArgs {
    /// Of which register.
    pub direction: ImportDirection,
}
