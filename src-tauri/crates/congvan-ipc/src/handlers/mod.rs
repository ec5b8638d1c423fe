//! Bodies of the commands: shape to domain, call the core, domain to shape.

mod agencies;
mod batch;
mod book;
mod calendar;
mod capacity;
mod completion;
mod copies;
mod courier;
mod documents;
mod dossiers;
mod exchange;
mod format;
mod handling;
mod images;
mod importing;
mod intake;
mod intake_dto;
mod outbox;
mod outside;
mod recipients;
mod register;
mod scanning;
mod search;
mod session;
mod signing;
mod statistics;
mod sync;
mod tasks;
mod token;
mod training;
mod tray;
mod viewing;

pub use agencies::agencies_find;
pub use batch::{
    batch_cancel, batch_dismiss, batch_preflight, batch_resume, batch_sign, batch_view,
};
pub use book::{
    book_entries, book_export, loan_register, mail_register, outgoing_register, tracking_register,
};
pub use calendar::{calendar_clear, calendar_get, calendar_set};
pub use capacity::{
    capacity_choose, capacity_list, mandate_give, mandate_revoke, unit_post_end, unit_post_give,
    unit_posts,
};
pub use completion::{completion_list, completion_retry};
pub use copies::{copy_make, copy_offer};
pub use courier::courier_state;
pub use documents::{
    document_get, document_opened, documents_list, note_add, note_reopen, note_settle, opinion_add,
    view_counts,
};
pub use dossiers::{
    document_dossiers, dossier_act, dossier_add, dossier_export, dossier_get, dossier_id,
    dossier_make, dossiers_due, dossiers_export, dossiers_list,
};
pub use exchange::{
    document_rest, documents_resting, outbox_again, people, person_forget, proxy_get, proxy_set,
    proxy_test, refused_copy, removals_held, removals_settle, support_bundle, switch_user,
    sync_compare, sync_history, sync_limits, sync_limits_set, sync_pause, sync_resume,
};
pub use format::document_format;
pub use handling::{
    document_act, document_act_undo, document_handling, draft_create, draft_file_cancel,
    draft_undo, office_people,
};
pub use images::{signature_image_list, signature_image_put, signature_image_remove};
pub use importing::{
    import_close, import_faults, import_judge, import_map, import_pause, import_report,
    import_sample, import_sheet, import_start, import_state, import_stop,
};
pub use intake::{
    intake_confirm, intake_letter, intake_list, intake_pages, intake_reopen, intake_save,
    intake_undo,
};
pub use outbox::{outbox_dismiss, outbox_list};
pub use outside::{outside_cancel, outside_state};
pub use recipients::{recipient_group_put, recipient_group_remove, recipient_groups};
pub use register::{
    intake_register, lease_return, lease_take, received_list, received_register, register_options,
    registration_undo, registration_withdraw, seal_queue, seal_sign,
};
pub use scanning::{
    scan_cancel, scan_folder_set, scan_separators, scan_sources, scan_start, scanner_add,
    scanner_forget,
};
pub use search::{
    search_excerpts, search_export, search_facets, search_find, search_forget, search_save,
    search_saved,
};
pub use session::{app_status, lock, login, logout, report_startup, setting_set, settings, unlock};
pub use signing::{pin_answer, sign, sign_progress, signatures, token_list, token_modules};
pub use statistics::{statistics, statistics_documents, statistics_export};
pub use sync::{sync_now, sync_status};
pub use tasks::{
    document_tasks, task_act, task_board, task_counts, task_get, task_give, task_people, tasks_list,
};
pub use token::{pin_change, token_diagnosis, token_diagnosis_export, token_rescan, token_state};
pub use training::{training_scenarios, training_sign, training_start, training_stop};
pub use tray::{page_seen, placement_get, placement_remember, signing_tray, tray_mark};
pub use viewing::{
    document_file_open, file_open, file_search, page_png, page_text, print_mark, texts_compare,
};

use std::str::FromStr;

use crate::{ErrorCode, IpcError};

type Answer<T> = Result<T, IpcError>;

/// An id or hash from the face; a malformed one is our own bug.
fn parse<T: FromStr>(text: &str) -> Answer<T> {
    text.parse()
        .map_err(|_| IpcError::new(ErrorCode::InvalidRequest))
}

/// The word that stands for a variant on the wire, e.g. `awaiting_signature`.
fn word<T: serde::Serialize>(value: &T) -> String {
    serde_json::to_value(value)
        .ok()
        .and_then(|value| value.as_str().map(str::to_owned))
        .unwrap_or_default()
}
