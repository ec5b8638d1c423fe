//! The shapes that cross to a face. Ids are UUID strings, hashes 64 hexadecimal digits, instants
//! milliseconds since 1970 UTC, days `YYYY-MM-DD`.

mod batch;
mod book;
mod calendar;
mod capacity;
mod completion;
mod copies;
mod courier;
mod document;
mod dossier;
mod exchange;
mod format;
mod handling;
mod images;
mod importing;
mod intake;
mod outside;
mod recipients;
mod search;
mod session;
mod signing;
mod statistics;
mod sync;
mod task;
mod token;
mod training;
mod tray;
mod viewer;

pub use batch::{
    BatchArgs, BatchDesk, BatchId, BatchItem, BatchItemArgs, BatchItemState, BatchPreflight,
    BatchStage, BatchView, PreflightItem,
};
pub use book::{
    ActivityDto, BookDto, BookEntryDto, BookExport, BookFormat, BookId, BookPage, BookQuery,
    LeaderDto, LeaseDto, LoanEntryDto, LoanPage, MailEntryDto, MailPage, OutgoingEntryDto,
    OutgoingPage, ReceivedArgs, ReceivedDto, ReceivedPage, RegisterArgs, RegisterColumn,
    RegisterDefaults, RegisterKind, RegisterOptions, RegisterProgress, RegisterReport,
    RegisteredHere, RegisteredLetter, RegistrationUndo, SealArgs, SealQueue, SeriesDto,
    TrackingEntryDto, TrackingPage,
};
pub use calendar::{CalendarDayArgs, CalendarDayDto, CalendarDayKind, CalendarDto};
pub use capacity::{
    CapacitiesDto, CapacityArgs, CapacityDto, MandateArgs, MandateDto, MandateId, MandateKind,
    UnitPostArgs, UnitPostDto, UnitPostPlace,
};
pub use completion::{
    CompletionEntry, CompletionList, CompletionRetry, CompletionState, EvidenceEndpoint,
};
pub use copies::{CopyArgs, CopyOffer, DocumentRelation, DraftAbout, RelatedDto};
pub use courier::{CourierCarried, CourierReceived, CourierState, CourierWritten};
pub use document::{
    AddOpinion, DocumentDetail, DocumentFile, DocumentFlow, DocumentId, DocumentPage,
    DocumentQuery, DocumentRow, DocumentView, FileDto, FileOpened, FilePlace, FileRequest, NoteAdd,
    NotePlace, NoteWord, OpinionDto, PageSize, PageText, PageTextRequest, RevisionDto, SentState,
    TextRun, ViewCounts,
};
pub use dossier::{
    DossierActArgs, DossierActDto, DossierAdd, DossierAdded, DossierContentsDto, DossierDto,
    DossierExport, DossierFieldsDto, DossierFindingDto, DossierFormat, DossierId, DossierItemDto,
    DossierLetStand, DossierListDto, DossierMake, DossierPacked, DossierPaper, DossierQuery,
    DossierStepDto, DossiersExport,
};
pub use exchange::{
    ActId, DocumentRest, HappeningDto, HeldRemovalDto, HistoryQuery, LimitHours, PauseArgs,
    PersonDto, PersonForget, PersonForgotten, ProxyArgs, ProxyDto, ProxyWay, RemovalsSettle,
    RestingDocumentDto, SyncLimits,
};
pub use format::{FormatCheck, FormatFinding, FormatReview, FormatSeverity, FormatValue};
pub use handling::{
    DeliveryDto, DeliveryStatusDto, DoneDto, DraftArgs, DraftFieldsDto, DraftFileDto,
    DraftVersionDto, Drafted, ExtensionDto, FurtherPostDto, HandlingActDto, HandlingArgs,
    HandlingDto, InitialsDto, LoanDto, MailingDto, NumberedDto, OfficePersonDto, OutgoingDto,
    OwnDeadlineDto, ReceiverDto, RecipientDto, ResolutionDto, SentBackDto,
};
pub use images::{ImageRole, SignatureImageDto, SignatureImagePut, SignatureImageRemove};
pub use importing::{
    ImportBook, ImportColumn, ImportCount, ImportDirection, ImportFault, ImportFaultPage,
    ImportFaultQuery, ImportField, ImportJudgement, ImportMapArgs, ImportPauseArgs, ImportPreview,
    ImportProgress, ImportSampleArgs, ImportSheetArgs, ImportState, ImportTable, ImportTaken,
};
pub use intake::{
    AgencyDto, AgencyQuery, DuplicateDto, FieldReading, FileExport, IntakeCounts, IntakePage,
    IntakeQuery, LetterCard, LetterConfirmed, LetterDetail, LetterEdit, LetterFields, LetterId,
    LetterPageDto, LetterState, PagesAct, ReadPlace, ScanFolder, ScanJob, ScanShortfall,
    ScanSources, ScanStart, ScanWarning, ScannerAddress, ScannerDto, SeparatorArgs, SplitProposal,
    StackDto, StackOrigin,
};
pub use outside::{OutsideProgress, OutsideState};
pub use recipients::{RecipientGroupDto, RecipientGroupId, RecipientGroupPut};
pub use search::{
    FoundPage, FoundRow, SavedSearchDto, SavedSearchId, SearchArgs, SearchAsked, SearchColumn,
    SearchExcerpt, SearchExcerptArgs, SearchExport, SearchFacet, SearchFacets, SearchFormat,
    SearchNarrow, SearchOrder, SearchSave,
};
pub use session::{
    AccountDto, AppStatus, Empty, LoginArgs, Phase, PostDto, SettingArgs, Settings, StartupReport,
    Unlock,
};
pub use signing::{
    CertificateDto, CertificateState, ModuleArgs, ModuleDto, PinAnswer, PinState, Placement,
    SignArgs, SignOutcome, SignProgress, SignStage, SignatureCoverage, SignatureDto, SignatureKind,
    SignatureReport, SignatureStatus, TokenDto,
};
pub use statistics::{
    CountedDocument, CountedPage, CountedQuery, DossierTallyDto, FiguresDto, StatisticsBy,
    StatisticsDto, StatisticsExport, StatisticsGroup, StatisticsMeasure, StatisticsQuery,
    StatisticsSight,
};
pub use sync::{
    ActChoice, ChangeTag, Changed, Network, OutboxEntry, OutboxState, ServerLoad, SyncStatus,
    Transfer, TransferTrouble, TroubleKind,
};
pub use task::{
    TaskActArgs, TaskActDto, TaskBoardDto, TaskCountsDto, TaskDetailDto, TaskDocumentDto, TaskDto,
    TaskExtensionDto, TaskFilter, TaskGive, TaskId, TaskListDto, TaskMeetingDto, TaskPartyDto,
    TaskQuery, TaskReportDto, TaskStepDto, TaskTallyDto,
};
pub use token::{
    CardServiceState, DiagnosedModule, DiagnosedToken, LibraryDto, ModuleReason, PinChangeArgs,
    PresentTokenDto, ReaderDto, TextExport, TokenDiagnosis, TokenState, WorkerDto,
};
pub use training::{
    TrainingArgs, TrainingItem, TrainingReport, TrainingScenario, TrainingScenarioDto,
    TrainingSignArgs, TrainingState,
};
pub use tray::{
    MarkArgs, PageSeenArgs, PlacementArgs, PlacementFound, PlacementRemember, PlacementRule,
    PlacementSource, ReadState, ReadingDto, ReadingRule, SignatureRole, TrayPage, TrayQuery,
    TrayRow, TrayState, UnreadReason,
};
pub use viewer::{
    FileHit, FileHits, FileSearch, HitBox, PrintArgs, PrintMark, TextChange, TextCheck,
    TextComparison, TextsCompare,
};

use ts_rs::{Config, TS};

macro_rules! typescript_types {
    ($($name:ident)*) => {
        /// Every shape as TypeScript, for the face's `generated/types.ts`.
        #[must_use]
        pub fn typescript_types(config: &Config) -> String {
            let mut text = String::new();
            $(
                if let Some(docs) = <$name as TS>::docs() {
                    text.push_str(&docs);
                }
                text.push_str("export ");
                text.push_str(&<$name as TS>::decl(config));
                text.push_str("\n\n");
            )*
            text
        }
    };
}

typescript_types! {
    Empty Phase AppStatus AccountDto PostDto LoginArgs Unlock Settings SettingArgs StartupReport
    Network ServerLoad SyncStatus Transfer TroubleKind TransferTrouble OutboxState ActChoice
    OutboxEntry ChangeTag Changed ActId PauseArgs SyncLimits LimitHours HeldRemovalDto
    RemovalsSettle HistoryQuery HappeningDto ProxyWay ProxyDto ProxyArgs PersonDto PersonForget
    PersonForgotten DocumentRest RestingDocumentDto
    CourierState CourierWritten CourierCarried CourierReceived
    OutsideState OutsideProgress DossierPacked
    DocumentView DocumentQuery DocumentPage SentState DocumentRow DocumentId DocumentDetail
    FilePlace FileDto RevisionDto DocumentFlow NotePlace OpinionDto NoteAdd NoteWord AddOpinion ViewCounts FileRequest DocumentFile
    FileOpened PageSize PageTextRequest PageText TextRun
    FileSearch HitBox FileHit FileHits PrintArgs PrintMark
    TextsCompare TextChange TextCheck TextComparison
    FormatSeverity FormatValue FormatFinding FormatReview FormatCheck
    DocumentRelation CopyOffer CopyArgs DraftAbout RelatedDto
    DraftFileDto DraftFieldsDto DraftArgs Drafted DraftVersionDto InitialsDto SentBackDto OutgoingDto
    RecipientDto RecipientGroupDto RecipientGroupPut RecipientGroupId NumberedDto DoneDto DeliveryDto DeliveryStatusDto MailingDto LoanDto
    FurtherPostDto OfficePersonDto OwnDeadlineDto HandlingActDto HandlingArgs ReceiverDto ExtensionDto ResolutionDto HandlingDto
    MandateKind CapacityDto MandateDto CapacitiesDto CapacityArgs MandateArgs MandateId
    UnitPostDto UnitPostArgs UnitPostPlace
    DossierQuery DossierDto DossierListDto DossierItemDto DossierFindingDto DossierStepDto DossierContentsDto
    DossierFieldsDto DossierMake DossierPaper DossiersExport DossierFormat DossierExport DossierLetStand DossierActDto DossierActArgs DossierAdd DossierAdded DossierId
    TaskFilter TaskQuery TaskCountsDto TaskPartyDto TaskDto TaskListDto TaskTallyDto TaskBoardDto TaskDocumentDto
    TaskMeetingDto TaskReportDto TaskStepDto TaskExtensionDto TaskDetailDto TaskGive TaskActDto TaskActArgs TaskId
    CalendarDayKind CalendarDayDto CalendarDto CalendarDayArgs
    ImageRole SignatureImageDto SignatureImagePut SignatureImageRemove
    ModuleDto ModuleArgs PinState TokenDto CertificateState CertificateDto Placement SignArgs
    SignOutcome SignStage SignProgress PinAnswer SignatureStatus SignatureKind SignatureCoverage
    SignatureDto SignatureReport
    TokenState PresentTokenDto CardServiceState ReaderDto ModuleReason LibraryDto WorkerDto
    DiagnosedModule DiagnosedToken TokenDiagnosis TextExport PinChangeArgs
    TrainingScenario TrainingScenarioDto TrainingArgs TrainingState TrainingSignArgs TrainingItem
    TrainingReport
    ReadingRule TrayQuery TrayPage ReadState TrayState TrayRow MarkArgs PageSeenArgs ReadingDto
    PlacementSource PlacementArgs PlacementRule SignatureRole PlacementFound PlacementRemember UnreadReason
    BatchItemArgs BatchArgs BatchPreflight PreflightItem BatchStage BatchItemState BatchItem
    BatchView BatchDesk BatchId
    CompletionState CompletionEntry EvidenceEndpoint CompletionList CompletionRetry
    StackOrigin StackDto SplitProposal LetterState LetterCard IntakeQuery IntakePage IntakeCounts
    LetterId LetterPageDto ReadPlace LetterFields FieldReading DuplicateDto ScanShortfall ScanWarning
    LetterDetail LetterEdit LetterConfirmed PagesAct AgencyQuery AgencyDto SeparatorArgs FileExport
    ImportDirection ImportField ImportBook ImportColumn ImportFault ImportPreview ImportCount ImportJudgement
    ImportTaken ImportProgress ImportTable ImportState ImportMapArgs ImportSheetArgs ImportPauseArgs
    ImportFaultQuery ImportFaultPage ImportSampleArgs
    ScanSources ScannerDto ScanJob ScanStart ScannerAddress ScanFolder
    RegisterDefaults RegisterOptions LeaderDto ActivityDto BookDto LeaseDto BookId RegisterArgs
    RegisteredHere ReceivedDto ReceivedPage ReceivedArgs RegisteredLetter RegisterReport RegistrationUndo SealQueue SealArgs BookQuery BookEntryDto
    RegisterKind RegisterColumn RegisterProgress OutgoingEntryDto SeriesDto OutgoingPage
    TrackingEntryDto TrackingPage MailEntryDto MailPage LoanEntryDto LoanPage BookPage BookFormat BookExport
    SearchNarrow SearchOrder SearchArgs FoundRow SearchAsked FoundPage SearchFacet SearchFacets
    SearchExcerptArgs SearchExcerpt SavedSearchDto SearchSave SavedSearchId SearchColumn SearchFormat SearchExport
    StatisticsBy StatisticsQuery StatisticsMeasure StatisticsSight FiguresDto StatisticsGroup DossierTallyDto StatisticsDto
    CountedQuery CountedDocument CountedPage StatisticsExport
}
