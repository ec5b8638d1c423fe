use std::{collections::HashMap, sync::Arc};

use congvan_core::{Desk, NewTask, TaskCounts, TaskDetail, TaskFilter as Filter, TaskRow};
use congvan_model::{AccountId, DocumentId as Id};
use congvan_protocol::{
    Document,
    task::{TaskAct, TaskParty, TaskReport, TaskSource},
};
use jiff::civil::Date;

use super::{Answer, handling::person_dto, parse, word};
use crate::{
    ErrorCode, IpcError,
    dto::{
        DocumentId, Empty, OfficePersonDto, TaskActArgs, TaskActDto, TaskBoardDto, TaskCountsDto,
        TaskDetailDto, TaskDocumentDto, TaskDto, TaskExtensionDto, TaskFilter, TaskGive, TaskId,
        TaskListDto, TaskMeetingDto, TaskPartyDto, TaskQuery, TaskReportDto, TaskStepDto,
        TaskTallyDto,
    },
};

/// See the command table.
///
/// # Errors
/// `NOT_LOGGED_IN`, disk faults.
pub async fn tasks_list(desk: &Arc<Desk>, args: TaskQuery) -> Answer<TaskListDto> {
    let list = desk.tasks_list(filter(args.filter)).await?;
    Ok(TaskListDto {
        counts: counts_dto(list.counts),
        tasks: list.tasks.iter().map(task_dto).collect(),
        may_give: list.may_give,
    })
}

/// See the command table.
///
/// # Errors
/// `NOT_LOGGED_IN`, disk faults.
pub async fn task_counts(desk: &Arc<Desk>, _: Empty) -> Answer<TaskCountsDto> {
    Ok(counts_dto(desk.task_counts().await?))
}

/// See the command table.
///
/// # Errors
/// `NOT_LOGGED_IN`, disk faults.
pub async fn task_board(desk: &Arc<Desk>, _: Empty) -> Answer<TaskBoardDto> {
    let board = desk.task_board().await?;
    let accepted = board.accepted.into_iter().map(|tally| TaskTallyDto {
        unit: tally.unit,
        in_time: tally.in_time,
        late: tally.late,
    });
    Ok(TaskBoardDto {
        open: board.open.iter().map(task_dto).collect(),
        accepted: accepted.collect(),
    })
}

/// See the command table.
///
/// # Errors
/// `NOT_FOUND`, disk faults.
pub async fn task_get(desk: &Arc<Desk>, args: TaskId) -> Answer<TaskDetailDto> {
    Ok(detail_dto(desk.task(parse(&args.id)?).await?))
}

/// See the command table.
///
/// # Errors
/// `NOT_LOGGED_IN`.
pub async fn task_people(desk: &Arc<Desk>, _: Empty) -> Answer<Vec<OfficePersonDto>> {
    let people = desk.task_people().await?;
    Ok(people.into_iter().map(person_dto).collect())
}

/// See the command table.
///
/// # Errors
/// `ACT_FORBIDDEN`, `ACT_FIELD`, `NOT_FOUND`, disk faults: then nothing was recorded.
pub async fn task_give(desk: &Arc<Desk>, args: TaskGive) -> Answer<TaskDetailDto> {
    let supports = args.supports.iter().map(|one| account(one, "supports"));
    let source = match (&args.document, args.meeting) {
        (Some(document), _) => TaskSource::Document {
            document: parse(document)?,
        },
        (None, Some(meeting)) => TaskSource::Meeting {
            name: meeting.name,
            held_on: date(&meeting.held_on, "meeting")?,
        },
        (None, None) => TaskSource::Alone {},
    };
    let new = NewTask {
        title: args.title,
        text: args.text,
        source,
        lead: account(&args.lead, "lead")?,
        supports: supports.collect::<Answer<_>>()?,
        due: date(&args.due, "due")?,
    };
    Ok(detail_dto(desk.give_task(new).await?))
}

/// See the command table.
///
/// # Errors
/// `NOT_FOUND`, `ACT_FORBIDDEN`, `ACT_WRONG_STATE`, `ACT_FIELD`, disk faults: then nothing was recorded.
pub async fn task_act(desk: &Arc<Desk>, args: TaskActArgs) -> Answer<TaskDetailDto> {
    let id = parse(&args.id)?;
    desk.act_on_task(id, act(args.act)?).await?;
    Ok(detail_dto(desk.task(id).await?))
}

/// See the command table.
///
/// # Errors
/// `NOT_LOGGED_IN`, disk faults.
pub async fn document_tasks(desk: &Arc<Desk>, args: DocumentId) -> Answer<Vec<TaskDto>> {
    let rows = desk.tasks_of(parse(&args.id)?).await?;
    Ok(rows.iter().map(task_dto).collect())
}

fn field(name: &str) -> IpcError {
    IpcError::new(ErrorCode::ActField).with("field", name)
}

fn date(text: &str, name: &str) -> Answer<Date> {
    text.trim().parse().map_err(|_| field(name))
}

fn account(text: &str, name: &str) -> Answer<AccountId> {
    text.parse().map(AccountId).map_err(|_| field(name))
}

fn evidence(ids: &[String]) -> Answer<Vec<Id>> {
    ids.iter().map(|id| parse(id)).collect()
}

fn filter(given: TaskFilter) -> Filter {
    match given {
        TaskFilter::ToDo => Filter::ToDo,
        TaskFilter::ToAnswer => Filter::ToAnswer,
        TaskFilter::Given => Filter::Given,
        TaskFilter::Overdue => Filter::Overdue,
        TaskFilter::Open => Filter::Open,
        TaskFilter::Ended => Filter::Ended,
    }
}

fn act(given: TaskActDto) -> Answer<TaskAct> {
    Ok(match given {
        TaskActDto::TakeUp => TaskAct::TakeUp {},
        TaskActDto::Report {
            text,
            percent,
            evidence: ids,
        } => TaskAct::Report {
            text,
            percent,
            evidence: evidence(&ids)?,
        },
        TaskActDto::Finish {
            text,
            evidence: ids,
        } => TaskAct::Finish {
            text,
            evidence: evidence(&ids)?,
        },
        TaskActDto::Accept { note } => TaskAct::Accept { note },
        TaskActDto::SendBack { reason } => TaskAct::SendBack { reason },
        TaskActDto::AskExtension { until, reason } => TaskAct::AskExtension {
            until: date(&until, "until")?,
            reason,
        },
        TaskActDto::AnswerExtension { until, reason } => TaskAct::AnswerExtension {
            until: until.map(|until| date(&until, "until")).transpose()?,
            reason,
        },
        TaskActDto::Withdraw { reason } => TaskAct::Withdraw { reason },
    })
}

fn counts_dto(counts: TaskCounts) -> TaskCountsDto {
    TaskCountsDto {
        to_do: counts.to_do,
        to_answer: counts.to_answer,
        given: counts.given,
        overdue: counts.overdue,
        open: counts.open,
    }
}

fn party_dto(party: &TaskParty) -> TaskPartyDto {
    TaskPartyDto {
        account: party.account.0.to_string(),
        name: party.full_name.clone(),
        unit: party.unit.name.clone(),
    }
}

fn task_dto(row: &TaskRow) -> TaskDto {
    let task = &row.view.task;
    TaskDto {
        id: task.id.to_string(),
        title: task.order.title.clone(),
        state: word(&task.state),
        giver: task.giver.full_name.clone(),
        lead: party_dto(&task.order.lead),
        due: task.order.due.to_string(),
        days_left: row.days_left,
        overdue: row.overdue,
        soon: row.soon,
        percent: task.percent,
        asked: task.extension.is_some(),
        unsent: row.view.unsent,
    }
}

fn detail_dto(detail: TaskDetail) -> TaskDetailDto {
    let task = &detail.row.view.task;
    let (document, meeting) = match &task.order.source {
        TaskSource::Document { document } => {
            (Some(document_dto(*document, &detail.documents)), None)
        }
        TaskSource::Meeting { name, held_on } => (
            None,
            Some(TaskMeetingDto {
                name: name.clone(),
                held_on: held_on.to_string(),
            }),
        ),
        TaskSource::Alone {} => (None, None),
    };
    TaskDetailDto {
        task: task_dto(&detail.row),
        text: task.order.text.clone(),
        supports: task.order.supports.iter().map(party_dto).collect(),
        document,
        meeting,
        given_at: task.given_at.0,
        done_on: task.done_on.map(|day| day.to_string()),
        extension: task.extension.as_ref().map(|asked| TaskExtensionDto {
            until: asked.until.to_string(),
            reason: asked.reason.clone(),
            at: asked.at.0,
        }),
        reports: (task.reports.iter())
            .map(|report| report_dto(report, &detail.documents))
            .collect(),
        steps: (task.steps.iter())
            .map(|step| TaskStepDto {
                act: word(&step.act),
                at: step.at.0,
                by: step.by.full_name.clone(),
                note: step.note.clone(),
                until: step.until.map(|day| day.to_string()),
            })
            .collect(),
        allowed: detail.allowed.iter().map(word).collect(),
    }
}

fn report_dto(report: &TaskReport, documents: &HashMap<Id, Document>) -> TaskReportDto {
    let evidence = report.evidence.iter();
    TaskReportDto {
        at: report.at.0,
        by: report.by.full_name.clone(),
        text: report.text.clone(),
        percent: report.percent,
        done: report.done,
        evidence: evidence.map(|id| document_dto(*id, documents)).collect(),
    }
}

fn document_dto(id: Id, documents: &HashMap<Id, Document>) -> TaskDocumentDto {
    let document = documents.get(&id);
    let text = |text: fn(&Document) -> String| document.map(text).unwrap_or_default();
    TaskDocumentDto {
        id: id.to_string(),
        here: document.is_some(),
        notation: text(|one| {
            let notation = one.notation.as_ref();
            notation.map(ToString::to_string).unwrap_or_default()
        }),
        subject: text(|one| one.subject.clone()),
        direction: text(|one| word(&one.direction)),
    }
}
