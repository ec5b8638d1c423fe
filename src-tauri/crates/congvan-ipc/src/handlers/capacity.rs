//! What this person acts as, and the mandates given and held.

use std::sync::Arc;

use congvan_core::{Capacities, Desk};
use congvan_model::{AccountId, DocumentType, Role, Timestamp};
use congvan_protocol::{
    Capacity, Mandate, MandateKind, NewMandate, NewPost, Post, handling::OfficePerson,
};

use super::{Answer, parse, word};
use crate::{
    ErrorCode, IpcError,
    dto::{
        self, CapacitiesDto, CapacityArgs, CapacityDto, Empty, MandateArgs, MandateDto, MandateId,
        UnitPostArgs, UnitPostDto, UnitPostPlace,
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
/// `ACT_FIELD`, `INVALID_REQUEST` for a kind that is none; faults of the network, `SERVER_REFUSED`.
pub async fn mandate_give(desk: &Arc<Desk>, args: MandateArgs) -> Answer<CapacitiesDto> {
    let new = NewMandate {
        kind: match args.kind {
            dto::MandateKind::Delegation => MandateKind::Delegation,
            dto::MandateKind::Absence => MandateKind::Absence,
        },
        holder: AccountId(parse(&args.holder)?),
        direct: args.direct,
        sign: args.sign,
        kinds: kinds_of(args.kinds)?,
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

/// See the command table.
///
/// # Errors
/// `NOT_LOGGED_IN`.
pub async fn unit_posts(desk: &Arc<Desk>, _: Empty) -> Answer<Vec<UnitPostDto>> {
    let all = desk.managed_posts().await?;
    Ok(all
        .into_iter()
        .map(|one| UnitPostDto {
            account: one.account.0.to_string(),
            person: one.full_name,
            role: word(&one.post.role),
            title: one.post.title,
            unit: one.post.agency.name,
            unit_code: one.post.agency.code,
            since: one.post.since.map(|at| at.0),
            until: one.post.until.map(|at| at.0),
            may_end: one.may_end,
        })
        .collect())
}

/// See the command table.
///
/// # Errors
/// `ACT_FIELD`; faults of the network, `SERVER_REFUSED`.
pub async fn unit_post_give(desk: &Arc<Desk>, args: UnitPostArgs) -> Answer<Vec<UnitPostDto>> {
    let new = NewPost {
        title: args.title,
        since: Timestamp(args.since),
        until: args.until.map(Timestamp),
    };
    let account = AccountId(parse(&args.account)?);
    let place = (account, args.unit_code.as_str(), args.role.as_str());
    desk.give_post(place, new).await?;
    unit_posts(desk, Empty {}).await
}

/// See the command table.
///
/// # Errors
/// Faults of the network, `SERVER_REFUSED`.
pub async fn unit_post_end(desk: &Arc<Desk>, args: UnitPostPlace) -> Answer<Vec<UnitPostDto>> {
    let account = AccountId(parse(&args.account)?);
    let place = (account, args.unit_code.as_str(), args.role.as_str());
    desk.end_post(place).await?;
    unit_posts(desk, Empty {}).await
}

fn kinds_of(words: Vec<String>) -> Answer<Vec<DocumentType>> {
    words
        .into_iter()
        .map(|word| {
            serde_json::from_value(serde_json::Value::String(word))
                .map_err(|_| IpcError::new(ErrorCode::InvalidRequest))
        })
        .collect()
}

fn words_of(kinds: &[DocumentType]) -> Vec<String> {
    kinds.iter().map(word).collect()
}

fn capacities_dto(all: Capacities) -> CapacitiesDto {
    let (account, now) = (all.account, all.now);
    let held = |one: &&Mandate| one.holder.account == account;
    let in_force = all.mandates.iter().filter(held);
    let in_force: Vec<&Mandate> = in_force.filter(|one| one.is_in_force(now)).collect();
    let mut options = Vec::new();
    if all.posts.len() + all.coming.len() + in_force.len() > 1 {
        let own = |post: &Post| CapacityDto {
            key: key(&Capacity::Post {
                unit: post.agency.code.clone(),
                role: post.role,
            }),
            title: post.title.clone(),
            unit: post.agency.name.clone(),
            for_whom: None,
            kinds: Vec::new(),
            since: post.since.filter(|since| now < *since).map(|at| at.0),
            until: post.until.map(|at| at.0),
        };
        options.extend(all.posts.iter().map(own));
        // One post is the same as all of them.
        if let [only] = options.as_mut_slice() {
            only.key = String::new();
        }
        options.extend(in_force.into_iter().map(|one| CapacityDto {
            key: key(&Capacity::Mandate { mandate: one.id }),
            title: one.title(),
            unit: one.giver.unit.name.clone(),
            for_whom: Some(one.giver.full_name.clone()),
            kinds: words_of(&one.kinds),
            since: None,
            until: Some(one.until.0),
        }));
        options.extend(all.coming.iter().map(own));
    }
    let of = |one: &Mandate, other: &OfficePerson| mandate_dto(one, other, now);
    CapacitiesDto {
        options,
        chosen: all.chosen.as_ref().map(key).unwrap_or_default(),
        ended: !all.is_in_force,
        may_give: all.posts.iter().any(|post| post.role == Role::Leader),
        may_manage: all.posts.iter().any(|post| post.role == Role::UnitAdmin),
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
        kinds: words_of(&one.kinds),
        since: one.since.0,
        until: one.until.0,
        reference: one.reference.clone(),
        in_force: one.is_in_force(now),
    }
}
