//! Scans between the scanner and the register.
//!
//! A *stack* is a file as it came and is never changed; a *letter* is an ordered list of pages of
//! stacks with its fields; a registered letter has become a document. The bytes of a stack stay
//! until 30 days after its last letter was registered or discarded, except those of secret letters,
//! which go at once.

mod issuers;
mod lessons;
mod letters;
mod pages;
mod reading;
mod removal;
mod same;
mod stacks;
mod undo;
mod words;

use std::{fmt, str::FromStr};

use congvan_model::{DocumentId, Sha256};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

pub use issuers::SeenIssuer;
pub use letters::{LetterCounts, LetterList, LetterQuery};
pub(crate) use letters::{registered_in, unregistered_in};
pub use pages::PagesAct;
pub use reading::{LetterReading, LetterToRead};
pub(crate) use removal::HELD;
pub use same::PaperMarks;
pub use stacks::{
    AddedStack, NewStack, PendingStack, Piece, ScanFile, ScanWish, StackContent, StackRow,
};
pub(crate) use words::words_of;

macro_rules! scan_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }
        impl FromStr for $name {
            type Err = uuid::Error;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Uuid::from_str(text).map(Self)
            }
        }
    };
}

scan_id! {
    /// A stack: a file as it came, or the pages of one scan.
    StackId
}
scan_id! {
    /// A letter of the inbox.
    LetterId
}

macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$variant_doc:meta])* $variant:ident = $word:literal,)* }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum $name {
            $($(#[$variant_doc])* $variant,)*
        }
        impl $name {
            /// All of them.
            pub const ALL: &[Self] = &[$(Self::$variant),*];
            /// The word in the database, frozen.
            #[must_use]
            pub fn word(self) -> &'static str {
                match self { $(Self::$variant => $word,)* }
            }
            pub(crate) fn from_word(word: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|known| known.word() == word)
            }
        }
    };
}

words! {
    /// How a stack came.
    StackOrigin {
        /// Dropped on the window, or chosen.
        Dropped = "dropped",
        /// Found in the watched folder.
        Folder = "folder",
        /// From a scanner.
        Scanner = "scanner",
    }
}

words! {
    /// Why a stack cannot be taken in.
    StackFault {
        /// No bytes.
        Empty = "INTAKE_EMPTY",
        /// Neither PDF, TIFF, JPEG nor PNG.
        Format = "INTAKE_FORMAT",
        /// Cut off or damaged.
        Damaged = "INTAKE_DAMAGED",
        /// Wants a password.
        Password = "PDF_PASSWORD",
        /// Too many bytes or pages.
        TooLong = "INTAKE_TOO_LONG",
        /// The inbox has these bytes already.
        SameFile = "INTAKE_SAME_FILE",
        /// The disk was full; the file is where it was.
        DiskFull = "DISK_FULL",
        /// The file was gone, or could not be read, before it was copied.
        Unreadable = "INTAKE_UNREADABLE",
    }
}

words! {
    /// Where a letter stands.
    LetterState {
        /// Its pages wait to be read, or are being read.
        Reading = "reading",
        /// Read, or unreadable: waits for a person.
        Ready = "ready",
        /// Confirmed; waits for registration.
        Confirmed = "confirmed",
        /// In the book.
        Registered = "registered",
        /// Carries a mark of secrecy: only its name and its time are kept.
        Secret = "secret",
        /// Taken out by a person, or all its pages went into other letters.
        Discarded = "discarded",
    }
}

words! {
    /// Why nothing was read of a letter.
    LetterFault {
        /// Tesseract or its Vietnamese model is not installed.
        OcrMissing = "OCR_MISSING",
        /// Its pages cannot be read.
        Unreadable = "INTAKE_UNREADABLE",
    }
}

/// Why letters and stacks are not changed as asked. Nothing was changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ScanRefusal {
    /// No such letter, stack or page, or nothing to undo.
    NotThere,
    /// The file carries signatures: it is never cut, turned or merged.
    Signed,
    /// The letter is in a state that does not allow it, e.g. registered already.
    State,
}

/// Cuts that wait for a person's word.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proposal {
    /// Pages of the stack, from 0, at which further letters would begin.
    pub begins: Vec<u32>,
    /// Pages that look blank.
    pub blank: Vec<u32>,
    /// Separator sheets of ours: they are in no letter.
    #[serde(default)]
    pub sheets: Vec<u32>,
}

/// A page of a stack.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Sheet {
    /// Width in points, as the PDF shows it.
    pub width_pt: f32,
    /// Height in points, as the PDF shows it.
    pub height_pt: f32,
    /// What is known of it.
    pub facts: SheetFacts,
}

/// What is known of a page. None = not known.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SheetFacts {
    /// The share of its dots that carry ink, 0..1.
    pub ink: Option<f32>,
    /// It looks empty.
    pub blank: bool,
    /// The text of a QR code of ours.
    pub code: Option<String>,
    /// Whether it begins with the state's name and motto.
    pub has_head: Option<bool>,
    /// Degrees clockwise by which it lies askew.
    pub skew: Option<f32>,
    /// Dots an inch of its picture.
    pub dpi: Option<f32>,
    /// Whether its picture has colour.
    pub colour: Option<bool>,
}

/// The fields of the register, as text a person can edit. Days are `YYYY-MM-DD`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LetterFields {
    /// Cơ quan ban hành.
    pub issuer: String,
    /// Its code in the directory, where it was chosen from there.
    pub issuer_code: Option<String>,
    /// Số và ký hiệu; empty where the paper has none.
    pub notation: String,
    /// Ngày văn bản; empty where the paper has none.
    pub issued_on: String,
    /// Tên loại: abbreviation of Appendix III, `CV` (công văn), `THC` (thư công), `KHAC` (others).
    pub kind: String,
    /// Trích yếu.
    pub subject: String,
    /// Urgency as the model writes it: `normal`.
    pub urgency: String,
    /// Position of the signer.
    pub signer_position: String,
    /// Name of the signer.
    pub signer_name: String,
    /// Thời hạn; empty where there is none.
    pub due: String,
    /// Lĩnh vực: a code of the agency's list; empty where none was chosen.
    pub activity: String,
}

impl Default for LetterFields {
    fn default() -> Self {
        Self {
            issuer: String::new(),
            issuer_code: None,
            notation: String::new(),
            issued_on: String::new(),
            kind: String::new(),
            subject: String::new(),
            urgency: "normal".to_owned(),
            signer_position: String::new(),
            signer_name: String::new(),
            due: String::new(),
            activity: String::new(),
        }
    }
}

/// How sure a field's reading is and where it was read.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FieldReading {
    /// Name of the field in [`LetterFields`].
    pub field: String,
    /// 0..1.
    pub confidence: f32,
    /// Where, one box a line.
    pub places: Vec<ReadPlace>,
}

/// A place on a letter's page, in shares of its sides after turning, from the top left.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
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

/// Why an entry is probably the same paper.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum DuplicateReason {
    /// The same identifier.
    Identifier,
    /// Number, symbol and agency in the year.
    Notation,
    /// The same bytes.
    Content,
}

/// An entry that is probably the same paper.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Duplicate {
    /// The document in the book; none when it is another letter of the inbox.
    pub document: Option<DocumentId>,
    /// The other letter.
    pub letter: Option<LetterId>,
    /// Why.
    pub reason: DuplicateReason,
    /// Its số đến.
    pub number: Option<u32>,
    /// Its số và ký hiệu.
    pub notation: String,
    /// Its agency.
    pub issuer: String,
    /// Its trích yếu.
    pub subject: String,
    /// When it arrived, ms.
    pub arrived_at: Option<i64>,
}

/// A page of a letter.
#[derive(Clone, Debug, PartialEq)]
pub struct LetterPage {
    /// The stack it came from.
    pub stack: StackId,
    /// Page of the stack and of its PDF, from 0.
    pub page: u32,
    /// The PDF that shows the stack.
    pub pdf: Sha256,
    /// Quarter turns clockwise on top of the PDF's own, 0..=3.
    pub turns: u8,
    /// It is to be made straight.
    pub straighten: bool,
    /// The page as it is, before turning.
    pub sheet: Sheet,
}

impl LetterPage {
    /// Width and height in points after turning.
    #[must_use]
    pub fn turned_size(&self) -> (f32, f32) {
        let (width, height) = (self.sheet.width_pt, self.sheet.height_pt);
        match self.turns % 2 {
            0 => (width, height),
            _ => (height, width),
        }
    }
}

/// A letter in the list.
#[derive(Clone, Debug, PartialEq)]
pub struct LetterRow {
    /// Id.
    pub id: LetterId,
    /// Where it stands.
    pub state: LetterState,
    /// Name of its file.
    pub name: String,
    /// When its file came, ms.
    pub at: i64,
    /// How many pages it has.
    pub pages: u32,
    /// Its first page.
    pub cover: Option<LetterPage>,
    /// The fields as they stand.
    pub fields: LetterFields,
    /// A person wrote them.
    pub edited: bool,
    /// The lowest confidence of its fields, 0..1.
    pub confidence: f32,
    /// An entry is probably the same.
    pub duplicate: bool,
    /// A page falls short of what the decree wants of a scan.
    pub poor: bool,
    /// Its file carries signatures.
    pub signed: bool,
    /// Why nothing was read.
    pub code: Option<LetterFault>,
    /// Department of the separator sheet before it.
    pub department: Option<String>,
    /// Rises when its pages change.
    pub pages_rev: u32,
    /// When registered: its document.
    pub document: Option<DocumentId>,
    /// When registered: số đến, once it has one.
    pub number: Option<u32>,
    /// When registered: what stands for the number until then.
    pub provisional: Option<String>,
    /// Registered, and the server has not received it.
    pub can_undo: bool,
}

/// Everything about a letter.
#[derive(Clone, Debug, PartialEq)]
pub struct Letter {
    /// As in the list.
    pub row: LetterRow,
    /// Its pages in order.
    pub pages: Vec<LetterPage>,
    /// What is known of the reading of its fields.
    pub readings: Vec<FieldReading>,
    /// Entries that are probably the same.
    pub duplicates: Vec<Duplicate>,
    /// Whether the first page has room for the stamp ĐẾN; none = not known.
    pub stamp_room: Option<bool>,
}
