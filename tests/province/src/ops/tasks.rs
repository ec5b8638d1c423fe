//! Acts on tasks: judged by the protocol's table, shown to whom they concern.

use congvan_model::TaskId;
use congvan_protocol::{
    OpOutcome, ProblemCode,
    handling::OfficePerson,
    task::{Task, TaskAct, TaskOrder, TaskParty},
};
use rusqlite::Transaction;

use super::{
    intents::{Decision, Sent},
    refusal::explain,
    registering::refused,
};
use crate::{accounts, books, entity, error::Result, mutant::Mutant, tasks};

const NOT_YOURS: &str = "Việc này không thuộc phần của bạn trong nhiệm vụ";

/// Does an act, or says why not.
pub(super) fn act(tx: &Transaction<'_>, sent: Sent<'_>, act: &TaskAct) -> Result<Decision> {
    let Some(registry) = books::registry(tx, sent.account)? else {
        let detail = "nobody of an agency";
        return Ok(Decision::rejected(ProblemCode::Forbidden, detail));
    };
    for document in act.documents() {
        if entity::standing(tx, *document, sent.account)?.is_none() {
            let detail = "no such document for this account";
            return Ok(Decision::rejected(ProblemCode::NotFound, detail));
        }
    }
    let people = accounts::people(tx, &registry.agency)?;
    let known = tasks::load(tx, TaskId(sent.op.lane.0))?;
    match (act, known) {
        (TaskAct::Give { .. }, Some(_)) => Ok(refused("an id is taken")),
        (TaskAct::Give { order }, None) => give(tx, sent, order, (&registry.agency, &people)),
        (_, Some((task, rev))) if task.agency.code == registry.agency => {
            change(tx, sent, act, ((task, rev), &people))
        }
        (_, Some(_) | None) => {
            let detail = "no such task";
            Ok(Decision::rejected(ProblemCode::NotFound, detail))
        }
    }
}

fn give(
    tx: &Transaction<'_>,
    sent: Sent<'_>,
    order: &TaskOrder,
    (agency, people): (&str, &[OfficePerson]),
) -> Result<Decision> {
    let mut order = order.clone();
    if !names(&mut order.lead, people) {
        return Ok(refused("lead"));
    }
    if !order.supports.iter_mut().all(|one| names(one, people)) {
        return Ok(refused("supports"));
    }
    let (id, agency) = (TaskId(sent.op.lane.0), accounts::agency(tx, agency)?);
    match Task::give(id, &order, &sent.acting.actor(), agency, sent.now) {
        Ok(task) => done(tx, (&task, 0), people),
        Err(refusal) => Ok(explain(refusal, None, NOT_YOURS)),
    }
}

fn change(
    tx: &Transaction<'_>,
    sent: Sent<'_>,
    act: &TaskAct,
    ((mut task, rev), people): ((Task, u64), &[OfficePerson]),
) -> Result<Decision> {
    let last = task.steps.last();
    let last = last.map(|step| (step.by.full_name.clone(), step.at));
    let actor = sent.acting.actor();
    match task.apply(act, &actor, sent.now) {
        Ok(()) => done(tx, (&task, rev), people),
        Err(_) if sent.mutant == Some(Mutant::AnyoneEndsTasks) => {
            task.project(act, &actor, sent.now);
            done(tx, (&task, rev), people)
        }
        Err(refusal) => {
            let last = last.as_ref().map(|(name, at)| (name.as_str(), *at));
            Ok(explain(refusal, last, NOT_YOURS))
        }
    }
}

fn done(
    tx: &Transaction<'_>,
    (task, rev): (&Task, u64),
    people: &[OfficePerson],
) -> Result<Decision> {
    let rev = tasks::save(tx, task, rev)?;
    Ok(Decision {
        outcome: OpOutcome::Applied { rev },
        touches: tasks::touch(task, people, rev),
    })
}

/// Whether it is somebody of the agency; then by name and unit as the agency knows them.
fn names(party: &mut TaskParty, people: &[OfficePerson]) -> bool {
    let found = people.iter().find(|one| one.account == party.account);
    if let Some(person) = found {
        party.full_name.clone_from(&person.full_name);
        party.unit = person.unit.clone();
    }
    found.is_some()
}
