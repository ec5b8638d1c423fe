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
            /// Cover the desk until the password is typed; its work goes on.
            lock(Empty) -> AppStatus;
            /// Uncover it; needs no server.
            unlock(Unlock) -> AppStatus;
            /// What the face remembers.
            settings(Empty) -> Settings;
            /// Remember one thing.
            setting_set(SettingArgs) -> Empty;
            /// The face tells when it became usable.
            report_startup(StartupReport) -> Empty;
            /// A page of a list.
            documents_list(DocumentQuery) -> DocumentPage;
            /// Look for documents in everything that is here.
            search_find(SearchArgs) -> FoundPage;
            /// What is found, counted by what it can be narrowed to.
            search_facets(SearchArgs) -> SearchFacets;
            /// Where words stand that no column shows.
            search_excerpts(SearchExcerptArgs) -> Vec<SearchExcerpt>;
            /// The searches that this person keeps, with what they find now.
            search_saved(Empty) -> Vec<SavedSearchDto>;
            /// Keep a search under a name.
            search_save(SearchSave) -> Vec<SavedSearchDto>;
            /// Forget a search.
            search_forget(SavedSearchId) -> Vec<SavedSearchDto>;
            /// What was found as a file that waits to be saved.
            search_export(SearchExport) -> FileExport;
            /// How many there are in each list.
            view_counts(Empty) -> ViewCounts;
            /// Everything about one document.
            document_get(DocumentId) -> DocumentDetail;
            /// The user has opened a document.
            document_opened(DocumentId) -> Empty;
            /// Write an opinion or direction.
            opinion_add(AddOpinion) -> OpinionDto;
            /// Write a note on a place of a page.
            note_add(NoteAdd) -> OpinionDto;
            /// Say that a note is dealt with.
            note_settle(NoteWord) -> OpinionDto;
            /// Say that a note that was dealt with is open again.
            note_reopen(NoteWord) -> OpinionDto;
            /// The people of the agency whom an act may name.
            office_people(Empty) -> Vec<OfficePersonDto>;
            /// How a document is being handled, and what this person may do now.
            document_handling(DocumentId) -> HandlingDto;
            /// Direct, assign, take up, resolve, file, return and so on; counts here at once.
            document_act(HandlingArgs) -> HandlingDto;
            /// Take the last act back while it is not sent.
            document_act_undo(DocumentId) -> HandlingDto;
            /// What this person can act as: posts, and mandates in a leader's place.
            capacity_list(Empty) -> CapacitiesDto;
            /// Act from now on by one post, or in a leader's place.
            capacity_choose(CapacityArgs) -> CapacitiesDto;
            /// Give a mandate: a written delegation, or who stands in while the leader is away.
            mandate_give(MandateArgs) -> CapacitiesDto;
            /// End a mandate now.
            mandate_revoke(MandateId) -> CapacitiesDto;
            /// The posts in the units that this person manages.
            unit_posts(Empty) -> Vec<UnitPostDto>;
            /// Give a person a post in such a unit, for a time.
            unit_post_give(UnitPostArgs) -> Vec<UnitPostDto>;
            /// End a post now that was given for a time.
            unit_post_end(UnitPostPlace) -> Vec<UnitPostDto>;
            /// Give up the conversion of a word processor's file that is under way.
            draft_file_cancel(Empty) -> Empty;
            /// Make a draft of a PDF that is kept here.
            draft_create(DraftArgs) -> Drafted;
            /// What this person may make of a document now: copies, corrections, a replacement.
            copy_offer(DocumentId) -> CopyOffer;
            /// Make a copy of a document; it waits for its number.
            copy_make(CopyArgs) -> Drafted;
            /// Take a draft back that was never sent, with all that was done to it.
            draft_undo(DocumentId) -> Empty;
            /// The dossiers of a year.
            dossiers_list(DossierQuery) -> DossierListDto;
            /// A dossier with what is inside.
            dossier_get(DossierId) -> DossierContentsDto;
            /// Propose a dossier for the year's list, or begin one beside it.
            dossier_make(DossierMake) -> DossierContentsDto;
            /// Approve, begin, correct, close, hand over and so on; counts here at once.
            dossier_act(DossierActArgs) -> Empty;
            /// Put documents into a dossier.
            dossier_add(DossierAdd) -> DossierAdded;
            /// The person's ended dossiers that are to be at the archive within 30 days.
            dossiers_due(Empty) -> Vec<DossierDto>;
            /// The year's list of dossiers as a file.
            dossiers_export(DossiersExport) -> FileExport;
            /// A dossier as a file: what is inside, or what stands on it for another system.
            dossier_export(DossierExport) -> FileExport;
            /// The dossiers that a document is in.
            document_dossiers(DocumentId) -> Vec<DossierDto>;
            /// What the documents of a period came to.
            statistics(StatisticsQuery) -> StatisticsDto;
            /// A page of the documents behind a figure.
            statistics_documents(CountedQuery) -> CountedPage;
            /// Statistics as a file that waits to be saved.
            statistics_export(StatisticsExport) -> FileExport;
            /// Tasks, and how many there are in each list.
            tasks_list(TaskQuery) -> TaskListDto;
            /// How many tasks there are in each list.
            task_counts(Empty) -> TaskCountsDto;
            /// How all tasks that this person sees stand.
            task_board(Empty) -> TaskBoardDto;
            /// A task with what this person may do.
            task_get(TaskId) -> TaskDetailDto;
            /// Whom this person may give tasks to.
            task_people(Empty) -> Vec<OfficePersonDto>;
            /// Give a task; it counts here at once.
            task_give(TaskGive) -> TaskDetailDto;
            /// Take up, report, accept, ask for more time and so on; counts here at once.
            task_act(TaskActArgs) -> TaskDetailDto;
            /// The tasks that come from a document.
            document_tasks(DocumentId) -> Vec<TaskDto>;
            /// The named days of the agency's calendar.
            calendar_get(Empty) -> CalendarDto;
            /// Name a day of it.
            calendar_set(CalendarDayDto) -> CalendarDto;
            /// Let a day be again what its place in the week says.
            calendar_clear(CalendarDayArgs) -> CalendarDto;
            /// The groups of recipients that this person keeps.
            recipient_groups(Empty) -> Vec<RecipientGroupDto>;
            /// Keep a group of recipients, rename it or change it.
            recipient_group_put(RecipientGroupPut) -> Vec<RecipientGroupDto>;
            /// Forget a group of recipients.
            recipient_group_remove(RecipientGroupId) -> Vec<RecipientGroupDto>;
            /// Make a file ready to be shown.
            file_open(FileRequest) -> FileOpened;
            /// Make the file that is shown of a document ready, where it is a PDF and here.
            document_file_open(DocumentFile) -> Option<FileOpened>;
            /// The words of a page.
            page_text(PageTextRequest) -> PageText;
            /// Look for words in a file, a portion at a time.
            file_search(FileSearch) -> FileHits;
            /// Check how a file is set against the decree, a portion at a time.
            document_format(FileRequest) -> FormatCheck;
            /// What differs between the words of two files, a portion at a time.
            texts_compare(TextsCompare) -> TextCheck;
            /// Record that pages are printed; what stands on them.
            print_mark(PrintArgs) -> PrintMark;
            /// Check the signatures of a file.
            signatures(FileRequest) -> SignatureReport;
            /// The PKCS#11 modules on this machine.
            token_modules(Empty) -> Vec<ModuleDto>;
            /// The tokens behind a module.
            token_list(ModuleArgs) -> Vec<TokenDto>;
            /// The tokens plugged in, or why there is none; never asks a card.
            token_state(Empty) -> TokenState;
            /// Look for modules, readers and tokens anew.
            token_rescan(Empty) -> TokenState;
            /// Everything about readers, modules and tokens; tries no PIN.
            token_diagnosis(Empty) -> TokenDiagnosis;
            /// The diagnosis as text without persons and full serial numbers.
            token_diagnosis_export(Empty) -> TextExport;
            /// Change a token's PIN; opens the PIN window.
            pin_change(PinChangeArgs) -> Empty;
            /// What can be practised.
            training_scenarios(Empty) -> Vec<TrainingScenarioDto>;
            /// Put the simulated token in the place of all others, or change what it does.
            training_start(TrainingArgs) -> TokenState;
            /// Take the simulated token away.
            training_stop(Empty) -> TokenState;
            /// Sign copies of the sample with the simulated token.
            training_sign(TrainingSignArgs) -> TrainingReport;
            /// Sign one file.
            sign(SignArgs) -> SignOutcome;
            /// Where the signing stands.
            sign_progress(Empty) -> SignProgress;
            /// The documents that wait for this person's signature.
            signing_tray(TrayQuery) -> TrayPage;
            /// Mark a document to be signed, or take the mark away.
            tray_mark(MarkArgs) -> Empty;
            /// A page has been on the screen long enough to be read.
            page_seen(PageSeenArgs) -> ReadingDto;
            /// Where this person's signature goes on a file.
            placement_get(PlacementArgs) -> PlacementFound;
            /// Remember where the signature goes, for all documents of this type.
            placement_remember(PlacementRemember) -> Empty;
            /// What signing these documents would meet; asks for no PIN.
            batch_preflight(BatchArgs) -> BatchPreflight;
            /// Start signing with one PIN; answers at once, `batch_view` tells the rest.
            batch_sign(BatchArgs) -> BatchView;
            /// The batch under way, or the last one that nobody has closed.
            batch_view(Empty) -> BatchDesk;
            /// Finish the document that is in the token, then stop.
            batch_cancel(Empty) -> Empty;
            /// Sign what is still unsigned of a batch that stopped; asks for a PIN anew.
            batch_resume(BatchId) -> BatchView;
            /// The report has been read: show it no longer.
            batch_dismiss(BatchId) -> Empty;
            /// The PIN window's only command.
            pin_answer(PinAnswer) -> Empty;
            /// The person's pictures for signatures.
            signature_image_list(Empty) -> Vec<SignatureImageDto>;
            /// Keep a picture for signatures.
            signature_image_put(SignatureImagePut) -> SignatureImageDto;
            /// Forget a picture.
            signature_image_remove(SignatureImageRemove) -> Empty;
            /// The line at the top right.
            sync_status(Empty) -> SyncStatus;
            /// Look for the server and exchange everything now.
            sync_now(Empty) -> Empty;
            /// Signed files that have not reached the province's level, and who is asked for it.
            completion_list(Empty) -> CompletionList;
            /// Try to complete again at once: one file, or all.
            completion_retry(CompletionRetry) -> Empty;
            /// What waits, failed, arrived: newest first, at most 200.
            outbox_list(Empty) -> Vec<OutboxEntry>;
            /// The user has seen a conflict or rejection and lets it go.
            outbox_dismiss(DocumentId) -> Empty;
            /// Do a refused opinion or signature again, as it was, and close the refusal.
            outbox_again(ActId) -> Empty;
            /// Where this desk stands with courier bundles.
            courier_state(Empty) -> CourierState;
            /// How far the file is that is being written, carried or read outside the desk.
            outside_state(Empty) -> OutsideState;
            /// Give that file up.
            outside_cancel(Empty) -> Empty;
            /// Where the import of a previous system's data is.
            import_state(Empty) -> ImportState;
            /// Choose another sheet of the workbook.
            import_sheet(ImportSheetArgs) -> ImportState;
            /// Say what the columns of the table are.
            import_map(ImportMapArgs) -> ImportState;
            /// Judge every row; nothing is written.
            import_judge(Empty) -> ImportState;
            /// Take every good row over; counts here at once.
            import_start(Empty) -> ImportState;
            /// Let the import wait, or go on.
            import_pause(ImportPauseArgs) -> ImportState;
            /// End what is under way; what was taken over stays.
            import_stop(Empty) -> Empty;
            /// Let go of the table.
            import_close(Empty) -> ImportState;
            /// A part of the faults that the dry run found.
            import_faults(ImportFaultQuery) -> ImportFaultPage;
            /// The rows that were not taken over, as a spreadsheet that waits to be saved.
            import_report(Empty) -> FileExport;
            /// A table to begin with, as a spreadsheet that waits to be saved.
            import_sample(ImportSampleArgs) -> FileExport;
            /// Let the exchange with the server rest.
            sync_pause(PauseArgs) -> Empty;
            /// Go on after a pause.
            sync_resume(Empty) -> Empty;
            /// Compare this desk with the server now.
            sync_compare(Empty) -> Empty;
            /// How much of the line files may take, and when.
            sync_limits(Empty) -> SyncLimits;
            /// Change it; holds at once.
            sync_limits_set(SyncLimits) -> Empty;
            /// What happened between desk and server, newest first, 50 at a time.
            sync_history(HistoryQuery) -> Vec<HappeningDto>;
            /// Documents that the server takes away in bulk, and that stay until someone says so.
            removals_held(Empty) -> Vec<HeldRemovalDto>;
            /// They go, or they stay.
            removals_settle(RemovalsSettle) -> Empty;
            /// How the server is reached.
            proxy_get(Empty) -> ProxyDto;
            /// Change how the server is reached.
            proxy_set(ProxyArgs) -> Empty;
            /// Try a way to the server without changing anything.
            proxy_test(ProxyArgs) -> Empty;
            /// States, counts, codes and ids for whoever helps; no content.
            support_bundle(Empty) -> TextExport;
            /// Who has used this machine.
            people(Empty) -> Vec<PersonDto>;
            /// Lock this person's desk and ask who comes.
            switch_user(Empty) -> AppStatus;
            /// Take a person's data and keys off this machine.
            person_forget(PersonForget) -> PersonForgotten;
            /// Let the acts and files of one document rest, or go on.
            document_rest(DocumentRest) -> Empty;
            /// The documents that rest.
            documents_resting(Empty) -> Vec<RestingDocumentDto>;
            /// The inbox of scans.
            intake_list(IntakeQuery) -> IntakePage;
            /// Everything about one letter.
            intake_letter(LetterId) -> LetterDetail;
            /// Keep what the clerk wrote so far.
            intake_save(LetterEdit) -> LetterDetail;
            /// Confirm a letter and go on to the next.
            intake_confirm(LetterEdit) -> LetterConfirmed;
            /// Take a confirmation back.
            intake_reopen(LetterId) -> Empty;
            /// Cut, merge, order, turn, straighten, take out, put in, discard.
            intake_pages(PagesAct) -> Empty;
            /// Go back on the last change of pages.
            intake_undo(Empty) -> Empty;
            /// Agencies whose names begin with what was typed.
            agencies_find(AgencyQuery) -> Vec<AgencyDto>;
            /// Where scans are fetched from; looks for scanners for a while.
            scan_sources(Empty) -> ScanSources;
            /// Watch another folder for scans, or none.
            scan_folder_set(ScanFolder) -> ScanSources;
            /// Keep a scanner that announces itself to nobody.
            scanner_add(ScannerAddress) -> ScanSources;
            /// Forget a scanner that was written down.
            scanner_forget(ScannerAddress) -> ScanSources;
            /// Begin to scan; answers at once, `scan_sources` tells the rest.
            scan_start(ScanStart) -> Empty;
            /// Stop scanning, or close the report of a scan that ended badly.
            scan_cancel(Empty) -> Empty;
            /// Separator sheets to print, as PDF.
            scan_separators(SeparatorArgs) -> FileExport;
            /// Books, leaders and what was chosen last for registering.
            register_options(Empty) -> RegisterOptions;
            /// Register confirmed letters as one act.
            intake_register(RegisterArgs) -> RegisterReport;
            /// What came over the axis: what waits for its registration, what was registered today.
            received_list(Empty) -> ReceivedPage;
            /// Register documents that came over the axis as one act.
            received_register(ReceivedArgs) -> RegisterReport;
            /// Take a registration back that the server has not received.
            registration_undo(RegistrationUndo) -> Empty;
            /// Withdraw a document that was sent: its number becomes void with the reason.
            registration_withdraw(RegistrationUndo) -> Empty;
            /// Take numbers of a book along.
            lease_take(BookId) -> BookDto;
            /// Give the numbers back that were not used.
            lease_return(BookId) -> BookDto;
            /// Scans that wait for the organisation's signature.
            seal_queue(Empty) -> SealQueue;
            /// Sign all of them that have their number, with one PIN.
            seal_sign(SealArgs) -> BatchView;
            /// A page of the register of incoming documents.
            book_entries(BookQuery) -> BookPage;
            /// A page of the register of what goes out.
            outgoing_register(BookQuery) -> OutgoingPage;
            /// A page of the register that follows the handling.
            tracking_register(BookQuery) -> TrackingPage;
            /// A page of the register of what went by post.
            mail_register(BookQuery) -> MailPage;
            /// A page of the register of who used a file copy.
            loan_register(BookQuery) -> LoanPage;
            /// A register as a file that waits to be saved.
            book_export(BookExport) -> FileExport;
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
            admit(desk, name)?;
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

/// What a covered desk still answers: nothing of these shows a document.
const WHILE_LOCKED: &[&str] = &[
    "app_status",
    "logout",
    "people",
    "pin_answer",
    "report_startup",
    "settings",
    "switch_user",
    "unlock",
];

/// Whether a face may run the command now; every host asks before it does.
///
/// # Errors
/// `LOCKED` while the desk is covered.
pub fn admit(desk: &Desk, name: &str) -> Result<(), IpcError> {
    if desk.is_locked() && !WHILE_LOCKED.contains(&name) {
        return Err(IpcError::new(ErrorCode::Locked));
    }
    Ok(())
}

/// The commands of the PIN window, which no other window may call.
pub const PIN_COMMANDS: &[&str] = &["pin_answer"];
