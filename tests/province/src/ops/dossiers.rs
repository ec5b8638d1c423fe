//! Acts on dossiers: judged by the protocol's table, numbered and shown to whom they concern.

use congvan_model::{AccountId, DossierId};
use congvan_protocol::{
    AgencyInfo, ChangeKind, OpOutcome, ProblemCode,
    dossier::{Content, Dossier, DossierAct, DossierFields, findings, unsettled},
    handling::{OfficePerson, Refusal},
};
use rusqlite::Transaction;

use super::{
    intents::{Decision, Sent},
    refusal,
    registering::refused,
};
use crate::{accounts, books, dossiers, entity, error::Result, mutant::Mutant};

/// Does an act, or says why not.
pub(super) fn act(tx: &Transaction<'_>, sent: Sent<'_>, act: &DossierAct) -> Result<Decision> {
    let Some(registry) = books::registry(tx, sent.account)? else {
        let detail = "nobody of an agency";
        return Ok(Decision::rejected(ProblemCode::Forbidden, detail));
    };
    let agency = accounts::agency(tx, &registry.agency)?;
    let people = accounts::people(tx, &agency.code)?;
    let id = DossierId(sent.op.lane.0);
    match (act.makes(), dossiers::load(tx, id)?) {
        (Some(_), Some(_)) => Ok(refused("an id is taken")),
        (None, None) => {
            let detail = "no such dossier";
            Ok(Decision::rejected(ProblemCode::NotFound, detail))
        }
        (Some(fields), None) => make(tx, sent, (act, fields), (agency, &people)),
        (None, Some((dossier, _))) if dossier.agency.code != agency.code => {
            let detail = "no such dossier";
            Ok(Decision::rejected(ProblemCode::NotFound, detail))
        }
        (None, Some(known)) => change(tx, sent, act, (known, &people)),
    }
}

fn make(
    tx: &Transaction<'_>,
    sent: Sent<'_>,
    (act, fields): (&DossierAct, &DossierFields),
    (agency, people): (AgencyInfo, &[OfficePerson]),
) -> Result<Decision> {
    let creator = fields.creator.account;
    let Some(creator) = people.iter().find(|one| one.account == creator) else {
        return Ok(refused("creator"));
    };
    let id = DossierId(sent.op.lane.0);
    let places = (agency, creator.unit.clone());
    let actor = sent.acting.actor();
    let mut dossier = match Dossier::make(id, act, &actor, places, sent.now) {
        Ok(dossier) => dossier,
        Err(refusal) => return Ok(explain(refusal, None)),
    };
    dossier
        .fields
        .creator
        .full_name
        .clone_from(&creator.full_name);
    if dossier.fields.number.is_none() {
        let how = (sent.dossiers_per_heading, sent.mutant);
        dossier.fields.number = Some(dossiers::next_number(tx, &dossier, how)?);
    } else if let Some(decision) = taken(tx, &dossier)? {
        return Ok(decision);
    }
    let rev = dossiers::save(tx, &dossier, 0)?;
    Ok(done(&dossier, people, rev, false))
}

fn change(
    tx: &Transaction<'_>,
    sent: Sent<'_>,
    act: &DossierAct,
    ((before, rev), people): ((Dossier, u64), &[OfficePerson]),
) -> Result<Decision> {
    let mut dossier = before.clone();
    if let Err(refusal) = dossier.apply(act, &sent.acting.actor(), sent.now) {
        return Ok(explain(refusal, Some(&before)));
    }
    match act {
        DossierAct::Strike { .. } => {
            dossiers::strike(tx, dossier.id)?;
            let rev = rev + 1;
            return Ok(Decision {
                outcome: OpOutcome::Applied { rev },
                touches: dossiers::touch(&dossier, people, (rev, ChangeKind::Remove), false),
            });
        }
        DossierAct::Add { document } => {
            if entity::standing(tx, *document, sent.account)?.is_none() {
                let detail = "no such document for this account";
                return Ok(Decision::rejected(ProblemCode::NotFound, detail));
            }
            if dossier.items == before.items {
                return Ok(Decision::settled(OpOutcome::Applied { rev }));
            }
        }
        DossierAct::Close { settled, .. } => {
            let found = findings(&before, &contents(tx, &before, sent.account)?);
            let left = unsettled(&found, settled).len();
            if left > 0 && sent.mutant != Some(Mutant::ClosesUnlooked) {
                let code = ProblemCode::WrongState;
                let detail = format!("Hồ sơ còn {left} điểm cần xem lại trước khi kết thúc");
                return Ok(Decision::settled(OpOutcome::Conflict { code, detail }));
            }
        }
        DossierAct::Amend { .. } => {
            if let Some(decision) = taken(tx, &dossier)? {
                return Ok(decision);
            }
        }
        DossierAct::Plan { .. }
        | DossierAct::Start { .. }
        | DossierAct::Approve {}
        | DossierAct::Open { .. }
        | DossierAct::Remove { .. }
        | DossierAct::Reopen { .. }
        | DossierAct::KeepBack { .. }
        | DossierAct::HandOver {}
        | DossierAct::Receive {}
        | DossierAct::SendBack { .. } => {}
    }
    let rev = dossiers::save(tx, &dossier, rev)?;
    let inside_only = matches!(act, DossierAct::Add { .. } | DossierAct::Remove { .. });
    Ok(done(&dossier, people, rev, inside_only))
}

/// The documents of a dossier that the account sees.
fn contents(tx: &Transaction<'_>, dossier: &Dossier, account: AccountId) -> Result<Vec<Content>> {
    let mut contents = Vec::new();
    for item in &dossier.items {
        let seen = entity::document(tx, item.document, account)?;
        contents.extend(seen.as_ref().map(Content::from));
    }
    Ok(contents)
}

fn taken(tx: &Transaction<'_>, dossier: &Dossier) -> Result<Option<Decision>> {
    Ok(dossiers::is_taken(tx, dossier)?.then(|| {
        Decision::settled(OpOutcome::Conflict {
            code: ProblemCode::NumberTaken,
            detail: dossier.fields.notation(),
        })
    }))
}

fn done(dossier: &Dossier, people: &[OfficePerson], rev: u64, inside_only: bool) -> Decision {
    Decision {
        outcome: OpOutcome::Applied { rev },
        touches: dossiers::touch(dossier, people, (rev, ChangeKind::Upsert), inside_only),
    }
}

fn explain(refusal: Refusal, before: Option<&Dossier>) -> Decision {
    let last = before.and_then(|dossier| dossier.steps.last());
    let last = last.map(|step| (step.by.full_name.as_str(), step.at));
    refusal::explain(
        refusal,
        last,
        "Việc này không thuộc phần của bạn trên hồ sơ",
    )
}
