//! The shapes that cross to a face. Ids are UUID strings, hashes 64 hexadecimal digits, instants
//! milliseconds since 1970 UTC, days `YYYY-MM-DD`.

mod document;
mod session;
mod signing;
mod sync;

pub use document::{
    AddOpinion, DocumentDetail, DocumentFlow, DocumentId, DocumentPage, DocumentQuery, DocumentRow,
    DocumentView, FileDto, FileOpened, FilePlace, FileRequest, OpinionDto, PageSize, PageText,
    PageTextRequest, RevisionDto, SentState, TextRun, ViewCounts,
};
pub use session::{
    AccountDto, AppStatus, Empty, LoginArgs, Phase, PostDto, SettingArgs, Settings, StartupReport,
};
pub use signing::{
    CertificateDto, CertificateState, ModuleArgs, ModuleDto, PinAnswer, PinState, Placement,
    SignArgs, SignOutcome, SignProgress, SignStage, SignatureDto, SignatureReport, SignatureStatus,
    TokenDto,
};
pub use sync::{ChangeTag, Changed, Network, OutboxEntry, OutboxState, SyncStatus, Transfer};

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
    Empty Phase AppStatus AccountDto PostDto LoginArgs Settings SettingArgs StartupReport
    Network SyncStatus Transfer OutboxState OutboxEntry ChangeTag Changed
    DocumentView DocumentQuery DocumentPage SentState DocumentRow DocumentId DocumentDetail
    FilePlace FileDto RevisionDto DocumentFlow OpinionDto AddOpinion ViewCounts FileRequest
    FileOpened PageSize PageTextRequest PageText TextRun
    ModuleDto ModuleArgs PinState TokenDto CertificateState CertificateDto Placement SignArgs
    SignOutcome SignStage SignProgress PinAnswer SignatureStatus SignatureDto SignatureReport
}
