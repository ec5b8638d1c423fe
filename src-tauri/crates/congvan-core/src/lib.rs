//! The desk without a face: use cases, the sync driver, the event bus.
//!
//! Any host (the Tauri shell, the web host of the tests, a command line) makes one [`Desk`] and
//! calls its methods; [`DeskEvent`]s tell the host what may have changed.
//!
//! Invariant: the only crate that spawns tasks, and every task is tracked and ends with the desk.
//! Invariant: an act of the person is durable before its method returns.

mod batch;
mod calendar;
mod capacity;
mod clock;
mod compare;
mod completion;
mod config;
mod copies;
mod courier;
mod desk;
mod diagnosis;
mod directory;
mod documents;
mod dossiers;
mod drafting;
mod driver;
mod engine;
mod error;
mod events;
mod exchange;
mod exports;
mod finding;
mod format;
mod handling;
mod images;
mod importing;
mod intake;
mod look;
mod numbering;
mod outside;
mod paper;
mod pin;
mod places;
mod portions;
mod recipients;
mod redaction;
mod register;
mod revocation;
mod scanning;
mod search;
mod session;
mod shown;
mod signing;
mod statistics;
mod status;
mod support;
mod table;
mod tasks;
mod token_state;
mod tokens;
mod training;
mod tray;
mod viewing;

pub use batch::{
    BatchId, BatchItem, BatchItemOrder, BatchItemState, BatchOrder, BatchStage, BatchView, Finding,
    Preflight, PreflightToken,
};
pub use calendar::CalendarHere;
pub use capacity::{Capacities, ManagedPost};
pub use compare::{TextChange, TextCheck, TextComparison};
pub use completion::{CompletionStage, CompletionView, Completions, EndpointView};
pub use config::{ConfigError, Pkcs11Module, ProvinceConfig};
pub use copies::{CopyOffer, CopyOrder};
pub use courier::{BundleCarried, BundleWritten};
pub use desk::{Desk, DeskConfig, Forgotten, PersonHere, Phase, ProxySetting, Status, VaultChoice};
pub use diagnosis::{DiagnosedModule, DiagnosedReader, TokenDiagnosis};
pub use dossiers::{DossierContents, DossierFormat, DossierList, DossierPaper, PackageWritten};
pub use error::{CertificateFault, DeskError, Result};
pub use events::{ChangeTag, DeskEvent, Notice, NoticeKind, NoticeTarget, PinMode, PinRequest};
pub use exports::ExportedFile;
pub use finding::{Hit, HitBox, Hits};
pub use format::{FormatCheck, FormatReview};
pub use handling::{HandlingView, new_loan_id, new_opinion_id};
pub use images::IMAGE_BYTES;
pub use importing::{
    FaultAt, ImportColumn, ImportField, ImportMapping, ImportProgress, ImportRefusal, ImportStep,
    ImportTable, ImportView, Judgement, PreviewRow, RowFault, RowNotice, Taken, import_fields,
};
pub use intake::{
    AddedFile, AddedStacks, AgencyView, IntakeList, LetterDetail, registration_fields,
};
pub use look::SignatureRole;
pub use paper::PrintMark;
pub use pin::PinAnswer;
pub use places::{PlacementRule, PlacementSource, PlacementView};
pub use redaction::redacted;
pub use register::{
    BookFormat, BookWanted, LetterOutcome, OfficeBook, OfficeLeader, ReceivedOutcome, Register,
    RegisterColumn, RegisterDefaults, RegisterOptions, WhatCame, series_name,
};
pub use scanning::{ScanJobView, ScanSources, ScanStop, ScannerView};
pub use search::FoundColumn;
pub use signing::{Placement, SignOrder, SignStage, Signed};
pub use statistics::{Sight, StatisticsView};
pub use status::{NetworkState, SyncStatus, Transfer, TransferTrouble, TroubleKind};
pub use table::TableFormat;
pub use tasks::{NewTask, TaskBoard, TaskCounts, TaskDetail, TaskFilter, TaskList, TaskRow};
pub use token_state::{SeenToken, TokenFinding, TokenState};
pub use tokens::{CertificateState, CertificateView, ModuleView, TokenView};
pub use training::{TrainingItem, TrainingReport, TrainingState};
pub use tray::{ReadingView, TrayFile, TrayPage, TrayQuery, TrayRow, UnreadReason};

pub use congvan_format::{
    Area as FormatArea, Aspect as FormatAspect, Finding as FormatFinding, Part as FormatPart,
    RULES as FORMAT_RULES, Review, Severity as FormatSeverity, Value as FormatValue,
};
pub use congvan_intake::Shortfall;
pub use congvan_remote::escl::{ScanSettings, ScannerError};
pub use congvan_remote::evidence::{Circuit, EndpointReport, EvidenceError};
pub use congvan_remote::{PathHealth, ServerPath};
pub use congvan_store::{
    ActEntry, ActFate, Bandwidth, BandwidthWindow, BookLine, BookLines, DocumentDetail,
    DocumentRow, DraftFile, FileView, Filter, Happening, HeldRemoval, ImageRole, ListPage,
    ListQuery, OpinionView, PageKey, Place, RecipientGroup, RevisionView, ScanRefusal, Sent,
    SignatureImage, StoreError, View, ViewCounts,
};
pub use congvan_store::{
    Asked, AskedField, Excerpt, Facet, Facets, FoundPage, FoundRow, Narrow, SavedSearch,
    SearchOrder, SearchQuery,
};
pub use congvan_store::{
    Counted, CountedPage, CountedRow, CountedWish, Dimension, DossierTally, Figures, Group,
    Measure, Period, Statistics,
};
pub use congvan_store::{CourierRefusal, Delivered};
pub use congvan_store::{DossierView, TaskTally, TaskView};
pub use congvan_store::{
    Duplicate, DuplicateReason, FieldReading, LetterCounts, LetterFault, LetterFields, LetterId,
    LetterPage, LetterQuery, LetterRow, LetterState, PagesAct, Proposal, ReadPlace, StackFault,
    StackId, StackOrigin, StackRow,
};
pub use congvan_store::{
    LoanLine, MailLine, OutgoingLine, OutgoingLines, PaperLines, Progress, TrackingLine,
    TrackingLines,
};
pub use congvan_store::{ReceivedList, ReceivedRow, Registered, RegisteredHere};
pub use congvan_worker::{
    CardService, KnownCard, LibraryInfo, Loss, ModuleInfo, ModuleOrigin, OfficeError, PageSize,
    PageText, Pin, PinState, ReaderContent, ReaderInfo, RenderError, Scenario, TRAINING_PIN,
    TextLine, TextWord, TokenError, WorkerPaths,
};
