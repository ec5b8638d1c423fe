use std::sync::Arc;

use congvan_core::{
    Desk, DossierContents, DossierFormat as Whole, DossierPaper as Paper, DossierView, TableFormat,
};
use congvan_model::AccountId;
use congvan_protocol::{
    Document,
    dossier::{DossierAct, DossierFields, DossierItem, Finding, LetStand, Retention},
    handling::Named,
};
use jiff::civil::Date;

use super::{Answer, parse, word};
use crate::{
    ErrorCode, IpcError,
    dto::{
        DocumentId, DossierActArgs, DossierActDto, DossierAdd, DossierAdded, DossierContentsDto,
        DossierDto, DossierExport, DossierFieldsDto, DossierFindingDto, DossierFormat, DossierId,
        DossierItemDto, DossierLetStand, DossierListDto, DossierMake, DossierPaper, DossierQuery,
        DossierStepDto, DossiersExport, Empty, FileExport,
    },
};

/// See the command table.
///
/// # Errors
/// `NOT_LOGGED_IN`, disk faults.
pub async fn dossiers_list(desk: &Arc<Desk>, args: DossierQuery) -> Answer<DossierListDto> {
    let own = own(desk).await?;
    let list = desk.dossiers(args.year).await?;
    Ok(DossierListDto {
        years: list.years,
        dossiers: list
            .dossiers
            .into_iter()
            .map(|view| dossier_dto(&view, own))
            .collect(),
        may_plan: list.may_plan,
        to_approve: list.to_approve.iter().map(ToString::to_string).collect(),
    })
}

/// See the command table.
///
/// # Errors
/// `NOT_FOUND`, disk faults.
pub async fn dossier_get(desk: &Arc<Desk>, args: DossierId) -> Answer<DossierContentsDto> {
    let own = own(desk).await?;
    Ok(contents_dto(desk.dossier(parse(&args.id)?).await?, own))
}

/// See the command table.
///
/// # Errors
/// `ACT_FORBIDDEN`, `ACT_FIELD`, disk faults: then nothing was recorded.
pub async fn dossier_make(desk: &Arc<Desk>, args: DossierMake) -> Answer<DossierContentsDto> {
    let own = own(desk).await?;
    let fields = Box::new(fields(args.fields, own)?);
    let act = match args.started_on {
        Some(day) => DossierAct::Start {
            fields,
            started_on: date(&day, "started_on")?,
        },
        None => DossierAct::Plan { fields },
    };
    Ok(contents_dto(desk.make_dossier(act).await?, own))
}

/// See the command table.
///
/// # Errors
/// `NOT_FOUND`, `ACT_FORBIDDEN`, `ACT_WRONG_STATE`, `ACT_FIELD` (`settled` where findings are left),
/// disk faults. What was done to those before stays done.
pub async fn dossier_act(desk: &Arc<Desk>, args: DossierActArgs) -> Answer<Empty> {
    let act = act(args.act, own(desk).await?)?;
    for id in &args.ids {
        desk.act_on_dossier(parse(id)?, act.clone()).await?;
    }
    Ok(Empty {})
}

/// See the command table.
///
/// # Errors
/// As `dossier_act`.
pub async fn dossier_add(desk: &Arc<Desk>, args: DossierAdd) -> Answer<DossierAdded> {
    let documents: Answer<Vec<_>> = args.documents.iter().map(|id| parse(id)).collect();
    let added = desk
        .add_to_dossier(parse(&args.id)?, documents?, args.file)
        .await?;
    Ok(DossierAdded { added })
}

/// See the command table.
///
/// # Errors
/// `NOT_LOGGED_IN`, disk faults.
pub async fn dossiers_due(desk: &Arc<Desk>, _: Empty) -> Answer<Vec<DossierDto>> {
    let own = own(desk).await?;
    let views = desk.dossiers_to_hand_over().await?;
    Ok(views.iter().map(|view| dossier_dto(view, own)).collect())
}

/// See the command table.
///
/// # Errors
/// `NOT_LOGGED_IN`, disk faults.
pub async fn dossiers_export(desk: &Arc<Desk>, args: DossiersExport) -> Answer<FileExport> {
    let paper = match args.paper {
        DossierPaper::List => Paper::List,
        DossierPaper::HandedOver => Paper::HandedOver,
        DossierPaper::Minutes => Paper::Minutes,
    };
    let wanted = (paper, args.format.into());
    Ok(desk.dossiers_export(args.year, wanted).await?.into())
}

/// See the command table.
///
/// # Errors
/// `NOT_FOUND`, `ACT_FORBIDDEN` for who does not see inside, disk faults.
pub async fn dossier_export(desk: &Arc<Desk>, args: DossierExport) -> Answer<FileExport> {
    let format = match args.format {
        DossierFormat::Pdf => Whole::Contents(TableFormat::Pdf),
        DossierFormat::Xlsx => Whole::Contents(TableFormat::Xlsx),
        DossierFormat::Xml => Whole::Description,
    };
    let file = desk.dossier_export(parse(&args.id)?, format).await?;
    Ok(file.into())
}

/// See the command table.
///
/// # Errors
/// `NOT_LOGGED_IN`, disk faults.
pub async fn document_dossiers(desk: &Arc<Desk>, args: DocumentId) -> Answer<Vec<DossierDto>> {
    let own = own(desk).await?;
    let views = desk.dossiers_of(parse(&args.id)?).await?;
    Ok(views.iter().map(|view| dossier_dto(view, own)).collect())
}

/// The id of a dossier, for hosts that write its package.
///
/// # Errors
/// `INVALID_REQUEST` when it is none.
pub fn dossier_id(text: &str) -> Answer<congvan_model::DossierId> {
    parse(text)
}

async fn own(desk: &Arc<Desk>) -> Answer<AccountId> {
    let account = desk.status().await?.account;
    let own = account.ok_or_else(|| IpcError::new(ErrorCode::NotLoggedIn))?;
    Ok(own.id)
}

fn field(name: &str) -> IpcError {
    IpcError::new(ErrorCode::ActField).with("field", name)
}

fn date(text: &str, name: &str) -> Answer<Date> {
    text.trim().parse().map_err(|_| field(name))
}

fn fields(given: DossierFieldsDto, own: AccountId) -> Answer<DossierFields> {
    let creator = match given.creator {
        Some(account) => account
            .parse()
            .map(AccountId)
            .map_err(|_| field("creator"))?,
        None => own,
    };
    Ok(DossierFields {
        year: given.year,
        number: given.number,
        code: given.code,
        large: given.large,
        small: given.small,
        title: given.title,
        retention: match given.retention_years {
            Some(years) => Retention::Years { years },
            None => Retention::Permanent,
        },
        creator: Named {
            account: creator,
            full_name: String::new(),
        },
        note: given.note,
    })
}

fn act(given: DossierActDto, own: AccountId) -> Answer<DossierAct> {
    Ok(match given {
        DossierActDto::Approve => DossierAct::Approve {},
        DossierActDto::Strike { reason } => DossierAct::Strike { reason },
        DossierActDto::Open { started_on } => DossierAct::Open {
            started_on: date(&started_on, "started_on")?,
        },
        DossierActDto::Amend { fields: given } => DossierAct::Amend {
            fields: Box::new(fields(given, own)?),
        },
        DossierActDto::Remove { document } => DossierAct::Remove {
            document: parse(&document)?,
        },
        DossierActDto::Close { ended_on, settled } => DossierAct::Close {
            ended_on: date(&ended_on, "ended_on")?,
            settled: settled.into_iter().map(let_stand).collect::<Answer<_>>()?,
        },
        DossierActDto::Reopen { reason } => DossierAct::Reopen { reason },
        DossierActDto::KeepBack {
            until,
            reference,
            reason,
        } => DossierAct::KeepBack {
            until: date(&until, "until")?,
            reference,
            reason,
        },
        DossierActDto::HandOver => DossierAct::HandOver {},
        DossierActDto::Receive => DossierAct::Receive {},
        DossierActDto::SendBack { reason } => DossierAct::SendBack { reason },
    })
}

fn let_stand(given: DossierLetStand) -> Answer<LetStand> {
    let document = given.finding.document.as_deref().map(parse).transpose()?;
    let kind = serde_json::from_value(given.finding.kind.into());
    Ok(LetStand {
        finding: Finding {
            kind: kind.map_err(|_| field("settled"))?,
            document,
        },
        reason: given.reason,
    })
}

fn dossier_dto(view: &DossierView, own: AccountId) -> DossierDto {
    let dossier = &view.dossier;
    let fields = &dossier.fields;
    let day = |day: Option<Date>| day.map(|day| day.to_string());
    DossierDto {
        id: dossier.id.to_string(),
        year: fields.year,
        notation: fields.notation(),
        numbered: fields.number.is_some(),
        code: fields.code.clone(),
        large: fields.large.clone(),
        small: fields.small.clone(),
        title: fields.title.clone(),
        retention_years: match fields.retention {
            Retention::Permanent => None,
            Retention::Years { years } => Some(years),
        },
        creator: fields.creator.full_name.clone(),
        creator_account: fields.creator.account.0.to_string(),
        unit: dossier.unit.name.clone(),
        note: fields.note.clone(),
        state: word(&dossier.state),
        listed: dossier.listed,
        mine: dossier.is_of(own),
        inside: dossier.inside,
        count: dossier.count,
        started_on: day(dossier.started_on),
        ended_on: day(dossier.ended_on),
        hand_over_by: day(dossier.hand_over_by()),
        unsent: view.unsent,
    }
}

fn contents_dto(contents: DossierContents, own: AccountId) -> DossierContentsDto {
    let view = &contents.view;
    let item = |item: &DossierItem| {
        let provisional = view.provisional.contains(&item.document);
        item_dto(item, provisional, contents.documents.get(&item.document))
    };
    DossierContentsDto {
        dossier: dossier_dto(view, own),
        items: view.dossier.items.iter().map(item).collect(),
        findings: contents
            .findings
            .iter()
            .map(|finding| DossierFindingDto {
                kind: word(&finding.kind),
                document: finding.document.map(|id| id.to_string()),
            })
            .collect(),
        allowed: contents.allowed.iter().map(word).collect(),
        steps: view
            .dossier
            .steps
            .iter()
            .map(|step| DossierStepDto {
                act: word(&step.act),
                at: step.at.0,
                by: step.by.full_name.clone(),
                note: step.note.clone(),
            })
            .collect(),
    }
}

fn item_dto(item: &DossierItem, provisional: bool, document: Option<&Document>) -> DossierItemDto {
    let text = |text: fn(&Document) -> String| document.map(text).unwrap_or_default();
    let pages = document.map(|document| document.files.iter().filter_map(|file| file.pages).sum());
    DossierItemDto {
        document: item.document.to_string(),
        ordinal: item.ordinal,
        provisional,
        here: document.is_some(),
        notation: text(|one| {
            one.notation
                .as_ref()
                .map(ToString::to_string)
                .unwrap_or_default()
        }),
        issued_on: document
            .and_then(|one| one.issued_on)
            .map(|day| day.to_string()),
        kind: text(|one| word(&one.kind)),
        subject: text(|one| one.subject.clone()),
        issuer: text(|one| one.issuer.name.clone()),
        pages: pages.filter(|pages| *pages > 0),
        direction: text(|one| word(&one.direction)),
    }
}
