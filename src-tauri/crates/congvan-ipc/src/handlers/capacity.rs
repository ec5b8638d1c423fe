//! What this person acts as, and the mandates given and held.

use std::sync::Arc;

use congvan_core::{Capacities, Desk};
use congvan_model::{AccountId, Role, Timestamp};
use congvan_protocol::{Capacity, Mandate, MandateKind, NewMandate, handling::OfficePerson};

use super::{Answer, parse};
use crate::{
    ErrorCode, IpcError,
    dto::{
        self, CapacitiesDto, CapacityArgs, CapacityDto, Empty, MandateArgs, MandateDto, MandateId,
    },
};

/// See the command table.
///
/// # Errors
/// `NOT_LOGGED_IN`.
pub async fn capacity_list(desk: &Arc<Desk>, _: Empty) -> Answer<CapacitiesDto> {
    Ok(capacities_dto(desk.capacities().await?))
}

/// See the command table.
///
/// # Errors
/// `CAPACITY_ENDED`, `INVALID_REQUEST` for a key that is none; disk faults.
pub async fn capacity_choose(desk: &Arc<Desk>, args: CapacityArgs) -> Answer<CapacitiesDto> {
    let capacity = match args.key.as_str() {
        "" => None,
        key => {
            let read = serde_json::from_str(key);
            Some(read.map_err(|_| IpcError::new(ErrorCode::InvalidRequest))?)
        }
    };
    Ok(capacities_dto(desk.choose_capacity(capacity).await?))
}

/// See the command table.
///
/// # Errors
/// `ACT_FIELD`; faults of the network, `SERVER_REFUSED`.
pub async fn mandate_give(desk: &Arc<Desk>, args: MandateArgs) -> Answer<CapacitiesDto> {
    let new = NewMandate {
        kind: match args.kind {
            dto::MandateKind::Delegation => MandateKind::Delegation,
            dto::MandateKind::Absence => MandateKind::Absence,
        },
        holder: AccountId(parse(&args.holder)?),
        direct: args.direct,
        sign: args.sign,
        kinds: Vec::new(),
        since: Timestamp(args.since),
        until: Timestamp(args.until),
        reference: args.reference,
    };
    Ok(capacities_dto(desk.give_mandate(new).await?))
}

/// See the command table.
///
/// # Errors
/// `INVALID_REQUEST`; faults of the network, `SERVER_REFUSED`.
pub async fn mandate_revoke(desk: &Arc<Desk>, args: MandateId) -> Answer<CapacitiesDto> {
    Ok(capacities_dto(desk.revoke_mandate(parse(&args.id)?).await?))
}

fn capacities_dto(all: Capacities) -> CapacitiesDto {
    let (account, now) = (all.account, all.now);
    let held = |one: &&Mandate| one.holder.account == account;
    let in_force = all.mandates.iter().filter(held);
    let in_force: Vec<&Mandate> = in_force.filter(|one| one.is_in_force(now)).collect();
    let mut options = Vec::new();
    if all.posts.len() + in_force.len() > 1 {
        let own = all.posts.iter().map(|post| CapacityDto {
            key: key(&Capacity::Post {
                unit: post.agency.code.clone(),
                role: post.role,
            }),
            title: post.title.clone(),
            unit: post.agency.name.clone(),
            for_whom: None,
        });
        options.extend(own);
        // One post is the same as all of them.
        if let [only] = options.as_mut_slice() {
            only.key = String::new();
        }
        options.extend(in_force.into_iter().map(|one| CapacityDto {
            key: key(&Capacity::Mandate { mandate: one.id }),
            title: one.title(),
            unit: one.giver.unit.name.clone(),
            for_whom: Some(one.giver.full_name.clone()),
        }));
    }
    let of = |one: &Mandate, other: &OfficePerson| mandate_dto(one, other, now);
    CapacitiesDto {
        options,
        chosen: all.chosen.as_ref().map(key).unwrap_or_default(),
        ended: !all.is_in_force,
        may_give: all.posts.iter().any(|post| post.role == Role::Leader),
        held: all
            .mandates
            .iter()
            .filter(held)
            .map(|one| of(one, &one.giver))
            .collect(),
        given: all
            .mandates
            .iter()
            .filter(|one| one.giver.account == account)
            .map(|one| of(one, &one.holder))
            .collect(),
    }
}

/// A capacity as the face gives it back.
fn key(capacity: &Capacity) -> String {
    serde_json::to_string(capacity).unwrap_or_default()
}

fn mandate_dto(one: &Mandate, other: &OfficePerson, now: Timestamp) -> MandateDto {
    MandateDto {
        id: one.id.to_string(),
        kind: match one.kind {
            MandateKind::Delegation => dto::MandateKind::Delegation,
            MandateKind::Absence => dto::MandateKind::Absence,
        },
        person: other.full_name.clone(),
        position: other.title.clone(),
        direct: one.direct,
        sign: one.sign,
        since: one.since.0,
        until: one.until.0,
        reference: one.reference.clone(),
        in_force: one.is_in_force(now),
    }
}
