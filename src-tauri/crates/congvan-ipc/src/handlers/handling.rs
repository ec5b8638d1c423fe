use std::sync::Arc;

use congvan_core::{Desk, DraftFile, HandlingView, new_loan_id, new_opinion_id};
use congvan_model::{AccountId, Deadline};
use congvan_protocol::{
    AgencyInfo,
    handling::{
        Delivery, Done, DraftFields, HandlingAct, Loan, Mailing, OfficePerson, Outgoing,
        OwnDeadline,
    },
};
use jiff::civil::Date;
use serde::de::DeserializeOwned;

use super::{
    Answer,
    book::day,
    copies::{about, origin_dto, related_dto},
    parse, word,
};
use crate::{
    ErrorCode, IpcError,
    dto::{
        DeliveryDto, DeliveryStatusDto, DocumentId, DoneDto, DraftArgs, DraftFieldsDto,
        DraftFileDto, DraftVersionDto, Drafted, Empty, ExtensionDto, FurtherPostDto,
        HandlingActDto, HandlingArgs, HandlingDto, InitialsDto, LoanDto, MailingDto, NumberedDto,
        OfficePersonDto, OutgoingDto, OwnDeadlineDto, ReceiverDto, ResolutionDto, SentBackDto,
    },
};

/// See the command table.
///
/// # Errors
/// `NOT_LOGGED_IN`.
pub async fn office_people(desk: &Arc<Desk>, _: Empty) -> Answer<Vec<OfficePersonDto>> {
    let people = desk.office_people().await?;
    Ok(people.into_iter().map(person_dto).collect())
}

pub(super) fn person_dto(person: OfficePerson) -> OfficePersonDto {
    OfficePersonDto {
        account: person.account.0.to_string(),
        name: person.full_name,
        position: person.title,
        role: word(&person.role),
        unit: person.unit.name,
        unit_code: person.unit.code,
        further: person
            .further
            .into_iter()
            .map(|post| FurtherPostDto {
                role: word(&post.role),
                position: post.title,
                unit: post.agency.name,
            })
            .collect(),
    }
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
    let document = parse(&args.document)?;
    let act = match args.act {
        HandlingActDto::Revise { file, fields, text } => {
            let file = match file {
                Some(file) => Some(Box::new(desk.version_of(document, kept(file)?).await?)),
                None => None,
            };
            let fields = fields.map(draft_fields).transpose()?.map(Box::new);
            HandlingAct::Revise { file, fields, text }
        }
        other => act_of(other)?,
    };
    Ok(view_dto(desk.act(document, act).await?))
}

/// See the command table.
///
/// # Errors
/// `ACT_FIELD` (`field`), disk faults: then nothing was recorded.
pub async fn draft_create(desk: &Arc<Desk>, args: DraftArgs) -> Answer<Drafted> {
    let (fields, file) = (draft_fields(args.fields)?, kept(args.file)?);
    let about = about(args.about)?;
    let document = desk.draft_about(fields, file, about).await?;
    Ok(Drafted {
        document: document.to_string(),
    })
}

/// See the command table.
///
/// # Errors
/// None.
pub async fn draft_file_cancel(desk: &Arc<Desk>, _: Empty) -> Answer<Empty> {
    desk.give_up_conversion();
    Ok(Empty {})
}

/// See the command table.
///
/// # Errors
/// `ACT_SENT`, disk faults.
pub async fn draft_undo(desk: &Arc<Desk>, args: DocumentId) -> Answer<Empty> {
    desk.undo_draft(parse(&args.id)?).await?;
    Ok(Empty {})
}

fn kept(file: DraftFileDto) -> Answer<DraftFile> {
    Ok(DraftFile {
        sha256: parse(&file.sha256)?,
        size: file.size,
        name: file.name,
        pages: file.pages,
    })
}

fn draft_fields(fields: DraftFieldsDto) -> Answer<DraftFields> {
    Ok(DraftFields {
        kind: variant(fields.kind, "kind")?,
        symbol: fields.symbol,
        subject: fields.subject,
        urgency: variant(fields.urgency, "urgency")?,
    })
}

/// The variant of a word of the protocol.
fn variant<T: DeserializeOwned>(word: String, name: &str) -> Answer<T> {
    serde_json::from_value(serde_json::Value::String(word)).map_err(|_| field(name))
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
            deadlines,
            text,
        } => HandlingAct::Direct {
            opinion: new_opinion_id(),
            lead: account(&lead, "lead")?,
            supports: accounts(&supports, "supports")?,
            informed: accounts(&informed, "informed")?,
            due: deadline(&due)?,
            deadlines: own_deadlines(&deadlines)?,
            text: congvan_model::nfc(text.trim()),
        },
        HandlingActDto::Assign {
            lead,
            supports,
            due,
            deadlines,
            text,
        } => HandlingAct::Assign {
            lead: account(&lead, "lead")?,
            supports: accounts(&supports, "supports")?,
            due: deadline(&due)?,
            deadlines: own_deadlines(&deadlines)?,
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
        // It brings a file along that only the desk can name.
        HandlingActDto::Revise { .. } => return Err(IpcError::new(ErrorCode::InvalidRequest)),
        HandlingActDto::Submit { to, supports, text } => HandlingAct::Submit {
            to: account(&to, "to")?,
            supports: accounts(&supports, "supports")?,
            text,
        },
        HandlingActDto::Approve { text } => HandlingAct::Approve { text },
        HandlingActDto::CheckFormat {
            signer,
            initials,
            text,
        } => HandlingAct::CheckFormat {
            signer: account(&signer, "signer")?,
            initials: accounts(&initials, "initials")?,
            text,
        },
        HandlingActDto::Initial => HandlingAct::Initial {},
        HandlingActDto::TakeBack => HandlingAct::TakeBack {},
        HandlingActDto::Discard { reason } => HandlingAct::Discard { reason },
        HandlingActDto::Number => HandlingAct::Number {},
        HandlingActDto::Issue { to, places } => HandlingAct::Issue {
            to: to
                .into_iter()
                .map(|one| AgencyInfo {
                    code: one.code,
                    name: one.name,
                })
                .collect(),
            places,
        },
        HandlingActDto::Recall { to, reason } => HandlingAct::Recall { to, reason },
        HandlingActDto::Mail {
            on,
            to,
            envelopes,
            note,
        } => HandlingAct::Mail {
            on: that_day(&on)?,
            to,
            envelopes: u16::try_from(envelopes).map_err(|_| field("envelopes"))?,
            note,
        },
        HandlingActDto::Lend {
            on,
            borrower,
            permitted_by,
            note,
        } => HandlingAct::Lend {
            loan: new_loan_id(),
            on: that_day(&on)?,
            borrower,
            permitted_by,
            note,
        },
        HandlingActDto::TakeIn { loan, on } => HandlingAct::TakeIn {
            loan: loan.parse().map_err(|_| field("loan"))?,
            on: that_day(&on)?,
        },
    })
}

fn account(text: &str, name: &str) -> Answer<AccountId> {
    text.parse().map(AccountId).map_err(|_| field(name))
}

fn accounts(texts: &[String], name: &str) -> Answer<Vec<AccountId>> {
    texts.iter().map(|text| account(text, name)).collect()
}

fn own_deadlines(given: &[OwnDeadlineDto]) -> Answer<Vec<OwnDeadline>> {
    let own = given.iter().map(|one| {
        let due = day(&one.due).ok().flatten();
        Ok(OwnDeadline {
            account: account(&one.account, "deadlines")?,
            due: due.map(Deadline::Day).ok_or_else(|| field("deadlines"))?,
        })
    });
    own.collect()
}

fn deadline(text: &str) -> Answer<Option<Deadline>> {
    match day(text) {
        Ok(day) => Ok(day.map(Deadline::Day)),
        Err(_) => Err(field("due")),
    }
}

/// A day that must be there.
fn that_day(text: &str) -> Answer<Date> {
    day(text).ok().flatten().ok_or_else(|| field("on"))
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
        director_account: handling
            .director
            .as_ref()
            .map(|director| director.account.0.to_string()),
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
        may_sign: view.may_sign,
        undoable: view.undoable,
        origin: handling.origin.map(|origin| origin_dto(*origin)),
        derived: handling.derived.into_iter().map(related_dto).collect(),
        outgoing: handling
            .outgoing
            .map(|out| outgoing_dto(*out, view.only_here)),
    }
}

fn outgoing_dto(out: Outgoing, only_here: bool) -> OutgoingDto {
    OutgoingDto {
        drafter: out.drafter.full_name,
        symbol: out.symbol,
        versions: out
            .versions
            .into_iter()
            .map(|version| DraftVersionDto {
                number: version.number,
                sha256: version.sha256.to_hex(),
                by: version.by.full_name,
                at: version.at.0,
                text: version.text,
            })
            .collect(),
        reviewer: out.reviewer.map(|one| one.full_name),
        checker: out.checker.map(|one| one.full_name),
        initials: out
            .initials
            .into_iter()
            .map(|one| InitialsDto {
                account: one.person.account.0.to_string(),
                name: one.person.full_name,
                at: one.at.map(|at| at.0),
            })
            .collect(),
        sent_back: out.sent_back.map(|back| SentBackDto {
            by: back.by.full_name,
            reason: back.reason,
            at: back.at.0,
        }),
        only_here,
        to_replace: out.to_replace,
        numbered: out.numbered.map(|one| NumberedDto {
            notation: one
                .number
                .as_ref()
                .map(|number| number.notation.to_string()),
            issued_on: one
                .number
                .as_ref()
                .map(|number| number.issued_on.to_string()),
            by: one.by.full_name,
            at: one.at.0,
        }),
        sealed: out.sealed.map(done_dto),
        issued: out.issued.map(done_dto),
        deliveries: out.deliveries.into_iter().map(delivery_dto).collect(),
        places: out.places,
        mailings: out.mailings.into_iter().map(mailing_dto).collect(),
        loans: out.loans.into_iter().map(loan_dto).collect(),
    }
}

fn mailing_dto(one: Mailing) -> MailingDto {
    MailingDto {
        on: one.on.to_string(),
        to: one.to,
        envelopes: one.envelopes,
        note: one.note,
    }
}

fn loan_dto(one: Loan) -> LoanDto {
    LoanDto {
        id: one.id.to_string(),
        on: one.on.to_string(),
        borrower: one.borrower,
        permitted_by: one.permitted_by,
        note: one.note,
        returned_on: one.returned_on.map(|day| day.to_string()),
    }
}

fn done_dto(done: Done) -> DoneDto {
    DoneDto {
        by: done.by.full_name,
        at: done.at.0,
    }
}

fn delivery_dto(delivery: Delivery) -> DeliveryDto {
    DeliveryDto {
        may_recall: delivery.may_recall(),
        code: delivery.agency.code,
        name: delivery.agency.name,
        statuses: delivery
            .statuses
            .into_iter()
            .map(|status| DeliveryStatusDto {
                code: status.code.code().to_owned(),
                at: status.at.0,
                reason: status.reason,
            })
            .collect(),
    }
}
