//! The desk's data on this machine: mirror, overlay, outbox, audit chain, search, encrypted blobs.
//!
//! - **Mirror** is what the server last said; **overlay** is what the user did since; **outbox** is
//!   the intents, as facts in columns. An act of the user is one transaction over overlay, outbox
//!   and audit, and every unsent intent is also in an append-only encrypted journal file.
//! - A blob is a file enciphered in chunks; its row is written only after the file is durable.
//! - Everything blocks. The core calls it on threads that may.
//!
//! Invariant: the only crate of the desk that opens a file, SQLite or the keyring. One writer;
//! readers cannot write. Nothing deletes an unsent intent: a trigger refuses it.
//! Invariant: no clock; "now" is an argument.

mod acts;
mod agencies;
mod anew;
mod audit;
mod backup;
mod batch;
mod blob;
mod book;
mod calendars;
mod capacity;
mod completion;
mod courier;
mod db;
mod detail;
mod document;
mod dossiers;
mod drafts;
mod error;
mod evidence;
mod fail;
mod feed;
mod groups;
mod handling;
mod happening;
mod held;
mod history;
mod home;
mod images;
mod imports;
mod incarnation;
mod inventory;
mod journal;
mod keys;
mod laid;
mod list;
mod numbers;
mod outbox;
mod pace;
mod part;
mod rebuild;
mod receipt;
mod received;
mod recovery;
mod registered;
mod registering;
mod room;
mod scans;
mod seal;
mod search;
mod settings;
mod statistics;
mod store;
mod support;
mod tasks;
mod tidy;
mod transfers;
mod tray;
mod upkeep;

pub use acts::{NewOpinion, NewRevision, Recorded};
pub use agencies::{AgencyWish, ListedAgency};
pub use audit::{AuditEvent, AuditHead, AuditKind, AuditRow};
pub use batch::{
    BatchEnd, BatchEntry, BatchId, BatchRecord, BatchStep, BatchTerms, ItemFate, Linked, NotLinked,
    SignedItem,
};
pub use blob::{BlobInfo, BlobReader, BlobWriter};
pub use book::{
    BookLine, BookLines, BookWish, COPIES, LoanLine, MAIN_BOOK, MailLine, OutgoingLine,
    OutgoingLines, PaperLines, Progress, TrackingLine, TrackingLines,
};
pub use completion::{CompletionRow, CompletionSetback};
pub use courier::{
    BundleOrder, CourierKeys, CourierRefusal, CourierWatch, Delivered, Packed, ServerOfBundles,
    Watched, bundle_head,
};
pub use detail::{DocumentDetail, FileView, OpinionView, Place, RevisionView, Sent};
pub use dossiers::DossierView;
pub use drafts::DraftFile;
pub use error::{NumberRefusal, Result, StoreError};
pub use evidence::{EvidenceKind, KeptEvidence, TsaUse};
#[doc(hidden)]
pub use fail::point as fail_point;
pub use feed::{Page, PageOutcome, UrgentArrival};
pub use groups::RecipientGroup;
pub use happening::Happening;
pub use held::{HeldRemoval, RemovalProof};
pub use home::{Home, KnownAccount};
pub use images::{ImageRole, SignatureImage};
pub use imports::{ImportWaiting, Queued, RowHere, RowWithFiles};
pub use inventory::{BucketDiff, Inventory};
pub use keys::{AccountKey, KEYRING_SERVICE, KeyVault};
pub use list::{DocumentRow, Filter, ListPage, ListQuery, PageKey, View, ViewCounts};
pub use numbers::{LeaseState, NewRegistration, Registered};
pub use outbox::{ActEntry, ActFate, OutboxItem, UploadNeed};
pub use pace::{Bandwidth, BandwidthWindow, Pause};
pub use rebuild::Rebuilt;
pub use receipt::ReceiptsSeen;
pub use received::{NewReceived, ReceivedList, ReceivedRow, RegisteredHere};
pub use recovery::{RecoveryKey, recover_key};
pub use registered::RegisteredPaper;
pub use registering::{LetterAct, SealWish};
pub use room::{BALLAST, Room, Trimmed};
pub use scans::{
    AddedStack, Duplicate, DuplicateReason, FieldReading, Letter, LetterCounts, LetterFault,
    LetterFields, LetterId, LetterList, LetterPage, LetterQuery, LetterReading, LetterRow,
    LetterState, LetterToRead, NewStack, PagesAct, PaperMarks, PendingStack, Piece, Proposal,
    ReadPlace, ScanFile, ScanRefusal, ScanWish, SeenIssuer, Sheet, SheetFacts, StackContent,
    StackFault, StackId, StackOrigin, StackRow,
};
pub use seal::{SealCounts, SealItem};
pub use search::{
    Asked, AskedField, DueAsked, Excerpt, Facet, Facets, FoundPage, FoundRow, Narrow, SavedSearch,
    SearchOrder, SearchQuery,
};
pub use settings::OWNER_SETTING;
pub use statistics::{
    Counted, CountedPage, CountedRow, CountedWish, Dimension, DossierTally, Figures, Group,
    Measure, Period, Statistics,
};
pub use store::{Opened, Store};
pub use tasks::{TaskHead, TaskTally, TaskView};
pub use tidy::Tidied;
pub use transfers::{UploadState, WantedBlob, WantedBlobs};
pub use tray::{Reading, StoredPlacement, TrayMark};

pub(crate) use support::{int, lock, uint};
