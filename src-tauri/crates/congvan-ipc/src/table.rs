use std::sync::Arc;

use congvan_core::Desk;
use serde_json::Value;
use ts_rs::{Config, TS};

use crate::{ErrorCode, IpcError, dto, handlers};

/// Hands the table of commands to a macro: every host expands the same table, so a command that a
/// host lacks does not compile. Each row is `name(Arguments) -> Answer`.
#[macro_export]
macro_rules! for_each_command {
    ($with:ident) => {
        $with! {
            /// What the frame needs.
            app_status(Empty) -> AppStatus;
            /// Log in at the province's server.
            login(LoginArgs) -> AppStatus;
            /// End the session; local data stays, encrypted.
            logout(Empty) -> AppStatus;
            /// What the face remembers.
            settings(Empty) -> Settings;
            /// Remember one thing.
            setting_set(SettingArgs) -> Empty;
            /// The face tells when it became usable.
            report_startup(StartupReport) -> Empty;
            /// A page of a list.
            documents_list(DocumentQuery) -> DocumentPage;
            /// How many there are in each list.
            view_counts(Empty) -> ViewCounts;
            /// Everything about one document.
            document_get(DocumentId) -> DocumentDetail;
            /// The user has opened a document.
            document_opened(DocumentId) -> Empty;
            /// Write an opinion or direction.
            opinion_add(AddOpinion) -> OpinionDto;
            /// Make a file ready to be shown.
            file_open(FileRequest) -> FileOpened;
            /// The words of a page.
            page_text(PageTextRequest) -> PageText;
            /// Check the signatures of a file.
            signatures(FileRequest) -> SignatureReport;
            /// The PKCS#11 modules on this machine.
            token_modules(Empty) -> Vec<ModuleDto>;
            /// The tokens behind a module.
            token_list(ModuleArgs) -> Vec<TokenDto>;
            /// Sign one file.
            sign(SignArgs) -> SignOutcome;
            /// Where the signing stands.
            sign_progress(Empty) -> SignProgress;
            /// The PIN window's only command.
            pin_answer(PinAnswer) -> Empty;
            /// The line at the top right.
            sync_status(Empty) -> SyncStatus;
            /// Look for the server and exchange everything now.
            sync_now(Empty) -> Empty;
            /// What waits, failed, arrived: newest first, at most 200.
            outbox_list(Empty) -> Vec<OutboxEntry>;
            /// The user has seen a conflict or rejection and lets it go.
            outbox_dismiss(DocumentId) -> Empty;
        }
    };
}

macro_rules! expand {
    ($($(#[$doc:meta])* $name:ident($args:ident) -> $answer:ty;)*) => {
        /// Names of all commands, in the table's order.
        pub const COMMANDS: &[&str] = &[$(stringify!($name)),*];

        /// Runs the command of that name: for hosts that route by name.
        ///
        /// # Errors
        /// `INVALID_REQUEST` for an unknown name or malformed arguments; else the command's own.
        pub async fn dispatch(desk: &Arc<Desk>, name: &str, args: Value) -> Result<Value, IpcError> {
            #[allow(unused_imports)]
            use dto::*;
            match name {
                $(stringify!($name) => {
                    let args: dto::$args = serde_json::from_value(args)
                        .map_err(|_| IpcError::new(ErrorCode::InvalidRequest))?;
                    let answer = handlers::$name(desk, args).await?;
                    serde_json::to_value(answer).map_err(|_| IpcError::new(ErrorCode::Internal))
                })*
                _ => Err(IpcError::new(ErrorCode::InvalidRequest).with("command", name)),
            }
        }

        /// The table as a TypeScript interface.
        #[must_use]
        pub fn typescript_commands(config: &Config) -> String {
            #[allow(unused_imports)]
            use dto::*;
            let mut text = String::from("export interface Commands {\n");
            $(
                text.push_str(&format!(
                    "  {}: {{ args: {}; result: {} }};\n",
                    stringify!($name),
                    <dto::$args as TS>::name(config),
                    <$answer as TS>::name(config),
                ));
            )*
            text.push_str("}\n");
            text
        }
    };
}

for_each_command!(expand);

/// The commands of the PIN window, which no other window may call.
pub const PIN_COMMANDS: &[&str] = &["pin_answer"];
