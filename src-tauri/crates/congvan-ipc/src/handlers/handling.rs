use std::sync::Arc;

use congvan_core::{Desk, HandlingView, new_opinion_id};
use congvan_model::{AccountId, Deadline};
use congvan_protocol::handling::HandlingAct;

use super::{Answer, book::day, parse, word};
use crate::{
    ErrorCode, IpcError,
    dto::{
        DocumentId, Empty, ExtensionDto, HandlingActDto, HandlingArgs, HandlingDto,
        OfficePersonDto, ReceiverDto, ResolutionDto,
    },
};

/// See the command table.
///
/// # Errors
/// `NOT_LOGGED_IN`.
pub async fn office_people(desk: &Arc<Desk>, _: Empty) -> Answer<Vec<OfficePersonDto>> {
    let people = desk.office_people().await?;
    Ok(people
        .into_iter()
        .map(|person| OfficePersonDto {
            account: person.account.0.to_string(),
            name: person.full_name,
            position: person.title,
            role: word(&person.role),
            unit: person.unit.name,
            unit_code: person.unit.code,
        })
        .collect())
}

/// See the command table.
///
/// # Errors
/// `NOT_FOUND`, disk faults.
pub async fn document_handling(desk: &Arc<Desk>, args: DocumentId) -> Answer<HandlingDto> {
    Ok(view_dto(desk.handling(parse(&args.id)?).await?))
}

/// See the command table.
///
/// # Errors
/// `ACT_FORBIDDEN`, `ACT_WRONG_STATE`, `ACT_FIELD` (`field`), `NOT_FOUND`, disk faults: then nothing
/// was recorded.
pub async fn document_act(desk: &Arc<Desk>, args: HandlingArgs) -> Answer<HandlingDto> {
    let act = act_of(args.act)?;
    Ok(view_dto(desk.act(parse(&args.document)?, act).await?))
}

/// See the command table.
///
/// # Errors
/// `ACT_SENT`, `NOT_FOUND`, disk faults.
pub async fn document_act_undo(desk: &Arc<Desk>, args: DocumentId) -> Answer<HandlingDto> {
    Ok(view_dto(desk.undo_act(parse(&args.id)?).await?))
}

fn act_of(act: HandlingActDto) -> Answer<HandlingAct> {
    Ok(match act {
        HandlingActDto::Direct {
            lead,
            supports,
            informed,
            due,
            text,
        } => HandlingAct::Direct {
            opinion: new_opinion_id(),
            lead: account(&lead, "lead")?,
            supports: accounts(&supports, "supports")?,
            informed: accounts(&informed, "informed")?,
            due: deadline(&due)?,
            text: congvan_model::nfc(text.trim()),
        },
        HandlingActDto::Assign {
            lead,
            supports,
            due,
            text,
        } => HandlingAct::Assign {
            lead: account(&lead, "lead")?,
            supports: accounts(&supports, "supports")?,
            due: deadline(&due)?,
            text,
        },
        HandlingActDto::TakeUp => HandlingAct::TakeUp {},
        HandlingActDto::Resolve { reply, text } => HandlingAct::Resolve {
            reply: reply.as_deref().map(parse).transpose()?,
            text,
        },
        HandlingActDto::File { dossier } => HandlingAct::File { dossier },
        HandlingActDto::Return { reason } => HandlingAct::Return { reason },
        HandlingActDto::HandOver { to, reason } => HandlingAct::HandOver {
            to: account(&to, "to")?,
            reason,
        },
        HandlingActDto::AskExtension { due, reason } => HandlingAct::AskExtension {
            due: deadline(&due)?.ok_or_else(|| field("due"))?,
            reason,
        },
        HandlingActDto::AnswerExtension { granted, text } => {
            HandlingAct::AnswerExtension { granted, text }
        }
        HandlingActDto::Refuse { reason } => HandlingAct::Refuse { reason },
        HandlingActDto::AnswerRecall { agreed, reason } => {
            HandlingAct::AnswerRecall { agreed, reason }
        }
    })
}

fn account(text: &str, name: &str) -> Answer<AccountId> {
    text.parse().map(AccountId).map_err(|_| field(name))
}

fn accounts(texts: &[String], name: &str) -> Answer<Vec<AccountId>> {
    texts.iter().map(|text| account(text, name)).collect()
}

fn deadline(text: &str) -> Answer<Option<Deadline>> {
    match day(text) {
        Ok(day) => Ok(day.map(Deadline::Day)),
        Err(_) => Err(field("due")),
    }
}

fn field(name: &str) -> IpcError {
    IpcError::new(ErrorCode::ActField).with("field", name)
}

fn view_dto(view: HandlingView) -> HandlingDto {
    let course = view.course;
    let handling = course.handling;
    HandlingDto {
        state: word(&course.state),
        due_at: course.due.map(|due| due.instant().0),
        director: handling.director.map(|director| director.full_name),
        receivers: handling
            .receivers
            .into_iter()
            .map(|one| ReceiverDto {
                account: one.account.0.to_string(),
                name: one.full_name,
                unit: one.unit,
                role: word(&one.role),
                holds: one.holds,
                due_at: one.due.map(|due| due.instant().0),
                given_by: one.given_by.full_name,
                at: one.at.0,
            })
            .collect(),
        extension: handling.extension.map(|asked| ExtensionDto {
            due_at: asked.due.instant().0,
            reason: asked.reason,
            asked_by: asked.asked_by.full_name,
            at: asked.at.0,
        }),
        resolution: handling.resolution.map(|done| ResolutionDto {
            reply: done.reply.map(|reply| reply.to_string()),
            reply_title: done.reply_title,
            text: done.text,
            by: done.by.full_name,
            at: done.at.0,
        }),
        dossier: handling.dossier,
        from_axis: handling.from_axis,
        recall: handling.recall,
        allowed: view
            .allowed
            .into_iter()
            .map(|act| act.word().to_owned())
            .collect(),
        undoable: view.undoable,
    }
}
