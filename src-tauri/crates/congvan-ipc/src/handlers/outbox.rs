use std::sync::Arc;

use congvan_core::{ActEntry, ActFate, Desk};
use congvan_protocol::{Intent, ProblemCode};

use super::{Answer, parse};
use crate::dto::{ActChoice, DocumentId, Empty, OutboxEntry, OutboxState};

/// See the command table.
///
/// # Errors
/// Disk faults.
pub async fn outbox_list(desk: &Arc<Desk>, _: Empty) -> Answer<Vec<OutboxEntry>> {
    Ok(desk.acts().await?.into_iter().map(act_dto).collect())
}

/// See the command table.
///
/// # Errors
/// `NOT_FOUND` when there is no such act in that state.
pub async fn outbox_dismiss(desk: &Arc<Desk>, args: DocumentId) -> Answer<Empty> {
    desk.dismiss(parse(&args.id)?).await?;
    Ok(Empty {})
}

fn act_dto(act: ActEntry) -> OutboxEntry {
    let choices = choices(&act);
    let (state, problem) = match &act.fate {
        ActFate::Waiting { .. } => (OutboxState::Waiting, None),
        ActFate::Applied => (OutboxState::Received, None),
        ActFate::Conflict { code, .. } => (OutboxState::Conflict, Some(code.as_str().to_owned())),
        ActFate::Rejected { code, .. } => (OutboxState::Rejected, Some(code.as_str().to_owned())),
    };
    let first = match &act.fate {
        ActFate::Conflict {
            code: ProblemCode::AlreadyRegistered,
            detail,
        } if !detail.is_empty() => Some(detail.clone()),
        ActFate::Conflict { .. }
        | ActFate::Rejected { .. }
        | ActFate::Waiting { .. }
        | ActFate::Applied => None,
    };
    OutboxEntry {
        id: act.op.id.to_string(),
        document: act.op.lane.to_string(),
        document_title: act.title.unwrap_or_default(),
        kind: match &act.op.intent {
            Intent::AddOpinion { .. } => "add_opinion",
            Intent::LinkRevision { .. } => "link_revision",
            Intent::MarkRead => "mark_read",
            Intent::RegisterIncoming { .. } | Intent::RegisterReceived { .. } => {
                "register_incoming"
            }
            Intent::VoidNumber { .. } => "void_number",
            Intent::PresentDocument { .. } => "present_document",
            Intent::Handle { act } => act.kind().word(),
            Intent::DraftDocument {
                origin: Some(origin),
                ..
            } if origin.relation.is_copy() => "copy_document",
            Intent::DraftDocument { .. } => "draft_document",
            Intent::WithdrawRegistration { .. } => "withdraw_registration",
            Intent::Dossier { act } => act.kind().word(),
            Intent::Task { act } => act.kind().word(),
            Intent::Calendar { act } => act.word(),
            Intent::ImportRows { .. } => "import_rows",
            Intent::ImportFile { .. } => "import_file",
        }
        .to_owned(),
        at: act.op.at.0,
        state,
        problem,
        first,
        text: match act.op.intent {
            Intent::AddOpinion { text, .. } => Some(text),
            // Who did what, in the server's words.
            Intent::Handle { .. }
            | Intent::DraftDocument { .. }
            | Intent::Dossier { .. }
            | Intent::Task { .. }
            | Intent::Calendar { .. } => match &act.fate {
                ActFate::Conflict { detail, .. } | ActFate::Rejected { detail, .. } => {
                    Some(detail.clone())
                }
                ActFate::Waiting { .. } | ActFate::Applied => None,
            },
            Intent::LinkRevision { .. }
            | Intent::MarkRead
            | Intent::RegisterIncoming { .. }
            | Intent::RegisterReceived { .. }
            | Intent::VoidNumber { .. }
            | Intent::PresentDocument { .. }
            | Intent::ImportRows { .. }
            | Intent::ImportFile { .. }
            | Intent::WithdrawRegistration { .. } => None,
        },
        choices,
        attempts: match act.fate {
            ActFate::Waiting { attempts } => attempts,
            ActFate::Applied | ActFate::Conflict { .. } | ActFate::Rejected { .. } => 0,
        },
        receipt_verified: act.receipt_ok,
        dismissed: act.dismissed_at.is_some(),
        received_at: act.receipt.as_ref().map(|receipt| receipt.server_time.0),
        receipt: act.receipt.map(|receipt| receipt.short()),
    }
}

/// What can be done about a refused act, the safest first: by what it is and why it was refused.
fn choices(act: &ActEntry) -> Vec<ActChoice> {
    let code = match &act.fate {
        ActFate::Conflict { code, .. } | ActFate::Rejected { code, .. } => *code,
        ActFate::Waiting { .. } | ActFate::Applied => return Vec::new(),
    };
    if act.dismissed_at.is_some() {
        return Vec::new();
    }
    // A document that is no longer here can be neither opened nor acted upon.
    let here = act.title.is_some() && code != ProblemCode::NotFound;
    let mut choices = Vec::new();
    match &act.op.intent {
        Intent::AddOpinion { .. } => {
            if here {
                choices.push(ActChoice::Again);
            }
            choices.push(ActChoice::CopyText);
        }
        Intent::LinkRevision { .. } if here => choices.push(
            // Over another state the same bytes are refused for ever: only a new signature helps.
            if matches!(
                code,
                ProblemCode::HeadMoved
                    | ProblemCode::NotAnExtension
                    | ProblemCode::SignatureInvalid
                    | ProblemCode::WrongState
            ) {
                ActChoice::SignAgain
            } else {
                ActChoice::Again
            },
        ),
        Intent::LinkRevision { .. }
        | Intent::MarkRead
        | Intent::RegisterIncoming { .. }
        | Intent::RegisterReceived { .. }
        | Intent::VoidNumber { .. }
        | Intent::PresentDocument { .. }
        | Intent::DraftDocument { .. }
        | Intent::Handle { .. }
        | Intent::WithdrawRegistration { .. }
        | Intent::Dossier { .. }
        | Intent::Task { .. }
        | Intent::ImportRows { .. }
        | Intent::ImportFile { .. }
        | Intent::Calendar { .. } => {}
    }
    if here && matches!(act.op.intent, Intent::LinkRevision { .. }) {
        choices.push(ActChoice::KeepCopy);
    }
    let is_elsewhere = matches!(
        act.op.intent,
        Intent::Dossier { .. }
            | Intent::Task { .. }
            | Intent::Calendar { .. }
            | Intent::ImportRows { .. }
    );
    if act.title.is_some() && !is_elsewhere && !choices.contains(&ActChoice::SignAgain) {
        choices.push(ActChoice::Open);
    }
    choices.push(ActChoice::LetGo);
    choices
}
