//! Scanned letters between the scanner and the register: stacks as they came, letters as they are
//! cut out of them, what was read and what the clerk confirmed.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::book::ActivityDto;
use crate::ErrorCode;

/// How a stack came.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum StackOrigin {
    /// Dropped on the window, or chosen.
    Dropped,
    /// Found in the watched folder.
    Folder,
    /// From a scanner.
    Scanner,
}

/// A file as it came, before and besides the letters made of it.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct StackDto {
    /// Id.
    pub id: String,
    /// Name of the file.
    pub name: String,
    /// How it came.
    pub origin: StackOrigin,
    /// Instant.
    pub added_at: i64,
    /// Pages; none while they are not counted.
    pub pages: Option<u32>,
    /// Why it cannot be taken in: `INTAKE_EMPTY`, `INTAKE_FORMAT`, `INTAKE_DAMAGED`,
    /// `PDF_PASSWORD`, `INTAKE_TOO_LONG`, `INTAKE_SAME_FILE`, `INTAKE_SECRET`, `DISK_FULL`; none
    /// when it can.
    pub code: Option<ErrorCode>,
    /// With `INTAKE_SAME_FILE`: the letter that has these bytes already.
    pub same_as: Option<String>,
    /// State of the PDF whose pages show the stack, so that a cut is seen before it counts; none
    /// where there is nothing to show.
    pub sha256: Option<String>,
    /// Letters that the stack would be cut into, where that waits for a person's word.
    pub split: Option<SplitProposal>,
}

/// A cut that nobody has agreed to yet.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct SplitProposal {
    /// First page (from 0) of each letter after the first.
    pub begins: Vec<u32>,
    /// Pages that look blank. They stay unless a person takes them out.
    pub blank: Vec<u32>,
    /// Separator sheets of ours: they would be in no letter.
    pub sheets: Vec<u32>,
}

/// Where a letter stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum LetterState {
    /// Its pages wait to be read, or are being read.
    Reading,
    /// Read (or unreadable): waits for a person.
    Ready,
    /// Confirmed; waits for registration.
    Confirmed,
    /// In the book: `document` and `number` tell.
    Registered,
    /// Carries a mark of secrecy: it is not kept here, only that it came.
    Secret,
}

/// A letter in the list.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct LetterCard {
    /// Id.
    pub id: String,
    /// Where it stands.
    pub state: LetterState,
    /// Name of the file (first page's).
    pub name: String,
    /// Pages.
    pub pages: u32,
    /// State of a PDF and page of it that shows the first page; none for a secret one.
    pub cover: Option<LetterPageDto>,
    /// Số và ký hiệu as read or confirmed.
    pub notation: String,
    /// Trích yếu as read or confirmed.
    pub subject: String,
    /// Cơ quan ban hành as read or confirmed.
    pub issuer: String,
    /// Urgency stamp, as in `DocumentRow`; `NORMAL` without one.
    pub urgency: String,
    /// The lowest confidence of its fields, 0..1; low ones first.
    pub confidence: f32,
    /// A letter or document that is probably the same; details in `LetterDetail`.
    pub duplicate: bool,
    /// The scan falls short of the decree.
    pub poor: bool,
    /// The file carries signatures: it is kept as it is.
    pub signed: bool,
    /// Why nothing was read: `OCR_MISSING`, `INTAKE_UNREADABLE`; none else.
    pub code: Option<ErrorCode>,
    /// When registered: the document.
    pub document: Option<String>,
    /// When registered: số đến; none while the server has not given it.
    pub number: Option<u32>,
    /// When registered: what stands for the number until then.
    pub provisional: Option<String>,
    /// Registered, and the server has not received it: can be taken back.
    pub can_undo: bool,
}

/// Arguments of `intake_list`.
#[derive(Clone, Debug, Deserialize, TS)]
pub struct IntakeQuery {
    /// Only letters in these states; none listed = all but registered ones.
    pub states: Vec<LetterState>,
    /// How many to leave out.
    pub offset: u32,
    /// How many at most, 1..=500.
    pub limit: u32,
}

/// The inbox of scans.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct IntakePage {
    /// Letters in the order of their pages; those to be confirmed with the doubtful ones first
    /// where `doubtful_first` is set.
    pub letters: Vec<LetterCard>,
    /// How many there are in these states.
    pub total: u32,
    /// Stacks that need a person: a fault, or a cut that is proposed.
    pub stacks: Vec<StackDto>,
    /// How many letters are in each state.
    pub counts: IntakeCounts,
    /// Whether the last change of pages can be undone.
    pub can_undo: bool,
}

/// How many letters stand where.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, TS)]
pub struct IntakeCounts {
    /// Waiting for their words.
    pub reading: u32,
    /// Waiting for a person.
    pub ready: u32,
    /// Confirmed.
    pub confirmed: u32,
    /// Registered today.
    pub registered_today: u32,
    /// Files still being copied.
    pub copying: u32,
}

/// A letter's id.
#[derive(Clone, Debug, Deserialize, TS)]
pub struct LetterId {
    /// Id.
    pub letter: String,
}

/// A page of a letter, and the page of the PDF that shows it (`pageUrl(sha256, page, width)`).
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct LetterPageDto {
    /// The stack it came from.
    pub stack: String,
    /// Page of the stack, from 0.
    pub page: u32,
    /// State of the PDF to show.
    pub sha256: String,
    /// Quarter turns clockwise, 0..=3, to be shown on top of the PDF's own.
    pub turns: u8,
    /// Width in points after turning.
    pub width_pt: f32,
    /// Height in points after turning.
    pub height_pt: f32,
    /// It looks empty.
    pub blank: bool,
    /// It was made straight (`PagesAct::Straighten`).
    pub straight: bool,
    /// Degrees clockwise by which its picture lies askew and is turned back to be shown as it is
    /// registered; 0 for a page that was not made straight.
    pub skew: f32,
}

/// A place on a letter's page, in shares of its width and height after turning, 0..1 from the top
/// left.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, TS)]
pub struct ReadPlace {
    /// Page of the letter, from 0.
    pub page: u32,
    /// Left edge.
    pub x: f32,
    /// Upper edge.
    pub y: f32,
    /// Width.
    pub w: f32,
    /// Height.
    pub h: f32,
}

/// The fields of the register, as text a person can edit.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct LetterFields {
    /// Cơ quan ban hành.
    pub issuer: String,
    /// Its code in the directory, where it was chosen from there.
    pub issuer_code: Option<String>,
    /// Số và ký hiệu; empty where the paper has none.
    pub notation: String,
    /// Ngày văn bản, `YYYY-MM-DD`; empty where the paper has none.
    pub issued_on: String,
    /// Tên loại: abbreviation of Appendix III, or `CV` (công văn), `THC` (thư công), `KHAC` (others).
    pub kind: String,
    /// Trích yếu.
    pub subject: String,
    /// Urgency, as in `DocumentRow`.
    pub urgency: String,
    /// Position of the signer.
    pub signer_position: String,
    /// Name of the signer.
    pub signer_name: String,
    /// Thời hạn, `YYYY-MM-DD`; empty where there is none.
    pub due: String,
    /// Lĩnh vực: a code of `LetterDetail::activities`; empty where none was chosen.
    #[serde(default)]
    pub activity: String,
}

/// How sure a field's reading is and where it was read.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct FieldReading {
    /// Name of the field in `LetterFields`.
    pub field: String,
    /// 0..1; 1 once a person has written or confirmed it.
    pub confidence: f32,
    /// Where, one box a line.
    pub places: Vec<ReadPlace>,
}

/// An entry that is probably the same paper.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct DuplicateDto {
    /// The document in the book; none when it is another letter of this inbox.
    pub document: Option<String>,
    /// The other letter of this inbox.
    pub letter: Option<String>,
    /// Why: `IDENTIFIER`, `NOTATION` (number, symbol and agency in the year) or `CONTENT`.
    pub reason: String,
    /// Its số đến.
    pub number: Option<u32>,
    /// Its số và ký hiệu.
    pub notation: String,
    /// Its agency.
    pub issuer: String,
    /// Its trích yếu.
    pub subject: String,
    /// When it arrived.
    pub arrived_at: Option<i64>,
}

/// How a scan falls short of Decree 30/2020, Appendix I, part II, I, or of what a stamp needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ScanShortfall {
    /// Fewer than 200 dots an inch.
    LowResolution,
    /// Not in colour.
    NotColour,
    /// Not the size of a sheet of paper: not 100 %.
    NotFullSize,
    /// A PDF older than 1.4.
    OldPdf,
    /// No blank paper for the stamp ĐẾN on the first page: it will cover print.
    NoRoomForStamp,
}

/// How a scan falls short, and where.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct ScanWarning {
    /// How.
    pub what: ScanShortfall,
    /// Its pages, from 1; none where it is about the whole file.
    pub pages: Vec<u32>,
}

/// Everything about one letter.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct LetterDetail {
    /// As in the list.
    pub card: LetterCard,
    /// Its pages in order.
    pub pages: Vec<LetterPageDto>,
    /// The fields as they stand.
    pub fields: LetterFields,
    /// What is known of their reading.
    pub readings: Vec<FieldReading>,
    /// Probably the same.
    pub duplicates: Vec<DuplicateDto>,
    /// How the scan falls short.
    pub warnings: Vec<ScanWarning>,
    /// Department of the separator sheet before it.
    pub department: Option<String>,
    /// The fields of activity that can be chosen; empty where the agency has no list.
    pub activities: Vec<ActivityDto>,
}

/// Arguments of `intake_save` and `intake_confirm`.
#[derive(Clone, Debug, Deserialize, TS)]
pub struct LetterEdit {
    /// The letter.
    pub letter: String,
    /// What the clerk wrote.
    pub fields: LetterFields,
    /// Confirm although an entry is probably the same.
    pub despite_duplicate: bool,
}

/// Answer of `intake_confirm`.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct LetterConfirmed {
    /// The next letter to look at, doubtful ones first; none when all are done.
    pub next: Option<String>,
}

/// A change of pages; each can be undone with `intake_undo`.
#[derive(Clone, Debug, Deserialize, TS)]
#[serde(tag = "act", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum PagesAct {
    /// A new letter begins at this page of the letter.
    Split {
        /// The letter.
        letter: String,
        /// Page, from 1.
        page: u32,
    },
    /// The letter goes to the end of the one before it.
    Merge {
        /// The letter.
        letter: String,
    },
    /// The pages stand in this order now.
    Order {
        /// The letter.
        letter: String,
        /// Old places in their new order.
        order: Vec<u32>,
    },
    /// Quarter turns clockwise.
    Turn {
        /// The letter.
        letter: String,
        /// Page.
        page: u32,
        /// 1..=3.
        turns: u8,
    },
    /// Makes a page straight, or as it was again.
    Straighten {
        /// The letter.
        letter: String,
        /// Page.
        page: u32,
        /// Whether.
        on: bool,
    },
    /// Takes pages out; the stack keeps them.
    Remove {
        /// The letter.
        letter: String,
        /// Pages.
        pages: Vec<u32>,
    },
    /// Puts pages of another letter in front of this page.
    Insert {
        /// The letter.
        letter: String,
        /// Before this page; the number of pages = at the end.
        before: u32,
        /// From this letter.
        from: String,
        /// Its pages.
        pages: Vec<u32>,
    },
    /// Takes the letter out of the inbox; the stack is kept for 30 days.
    Discard {
        /// The letter.
        letter: String,
    },
    /// Cuts a stack as proposed, or leaves it in one piece.
    SettleSplit {
        /// The stack.
        stack: String,
        /// Whether it is cut.
        accept: bool,
    },
    /// A stack's fault was seen: it is no longer shown.
    DismissStack {
        /// The stack.
        stack: String,
    },
}

/// Arguments of `agencies_find`.
#[derive(Clone, Debug, Deserialize, TS)]
pub struct AgencyQuery {
    /// What was typed, with or without diacritics.
    pub text: String,
    /// How many at most, 1..=50.
    pub limit: u32,
    /// The day of the document, `YYYY-MM-DD`; none is today. Who existed then comes first.
    pub on: Option<String>,
}

/// An agency of the directory or learned from corrections.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct AgencyDto {
    /// Its code; none when it was only learned.
    pub code: Option<String>,
    /// Its name.
    pub name: String,
    /// Its group in symbols, e.g. `SNV`.
    pub symbol: Option<String>,
    /// Name of the agency above it.
    pub parent: Option<String>,
    /// First day under this name, `YYYY-MM-DD`, where it is known.
    pub valid_from: Option<String>,
    /// Last day, once it has ended.
    pub valid_to: Option<String>,
    /// What it became when it ended.
    pub successors: Vec<String>,
    /// Whether it had this name on the day that was asked for.
    pub is_valid: bool,
}

/// A department for which separator sheets are printed; empty = a plain sheet.
#[derive(Clone, Debug, Deserialize, TS)]
pub struct SeparatorArgs {
    /// One sheet each.
    pub departments: Vec<String>,
}

/// A file that waits to be saved: `exportUrl(id)` gives the bytes once.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct FileExport {
    /// Id.
    pub id: String,
    /// Name to save it under.
    pub name: String,
    /// Media type.
    pub media_type: String,
}

/// Where scans are fetched from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct ScanSources {
    /// The watched folder as the person knows it; none = none is watched.
    pub folder: Option<String>,
    /// Why the folder cannot be watched at the moment.
    pub folder_code: Option<ErrorCode>,
    /// The scanners found or written down.
    pub scanners: Vec<ScannerDto>,
    /// What is being scanned.
    pub job: Option<ScanJob>,
}

/// A network scanner that speaks eSCL.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct ScannerDto {
    /// Id: its address.
    pub id: String,
    /// Make and model.
    pub name: String,
    /// Why it cannot be used; none = ready.
    pub code: Option<ErrorCode>,
    /// Has a feeder.
    pub feeder: bool,
    /// The feeder scans both sides.
    pub duplex: bool,
    /// Has a glass plate.
    pub plate: bool,
    /// Dots an inch that it offers.
    pub resolutions: Vec<u32>,
}

/// A scan under way.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct ScanJob {
    /// The scanner.
    pub scanner: String,
    /// Pages that are safe here.
    pub pages: u32,
    /// It has ended with this; none while it goes on.
    pub code: Option<ErrorCode>,
}

/// Arguments of `scan_start`.
#[derive(Clone, Debug, Deserialize, TS)]
pub struct ScanStart {
    /// The scanner.
    pub scanner: String,
    /// From the feeder, else from the plate.
    pub feeder: bool,
    /// Both sides.
    pub duplex: bool,
    /// Dots an inch.
    pub resolution: u32,
}

/// Arguments of `scan_folder_set`.
#[derive(Clone, Debug, Deserialize, TS)]
pub struct ScanFolder {
    /// The folder, as the system writes it; none = none is watched.
    pub folder: Option<String>,
}

/// Arguments of `scanner_add`, where no announcement arrives, and of `scanner_forget`, with the
/// scanner's id.
#[derive(Clone, Debug, Deserialize, TS)]
pub struct ScannerAddress {
    /// Host name or address, with a port where it is not 80.
    pub address: String,
}
