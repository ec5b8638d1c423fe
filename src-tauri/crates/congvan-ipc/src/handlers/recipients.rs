use std::sync::Arc;

use congvan_core::{Desk, RecipientGroup};
use congvan_protocol::AgencyInfo;

use super::{Answer, parse};
use crate::dto::{Empty, RecipientDto, RecipientGroupDto, RecipientGroupId, RecipientGroupPut};

/// See the command table.
///
/// # Errors
/// `NOT_LOGGED_IN`, disk faults.
pub async fn recipient_groups(desk: &Arc<Desk>, _: Empty) -> Answer<Vec<RecipientGroupDto>> {
    Ok(groups(desk.recipient_groups().await?))
}

/// See the command table.
///
/// # Errors
/// `TEXT_EMPTY`, `TEXT_TOO_LONG`, `ACT_FIELD` (`to`), `GROUP_TAKEN`, `NOT_FOUND`, disk faults: then
/// nothing was changed.
pub async fn recipient_group_put(
    desk: &Arc<Desk>,
    args: RecipientGroupPut,
) -> Answer<Vec<RecipientGroupDto>> {
    let id = args.id.as_deref().map(parse).transpose()?;
    let members = args.members.into_iter().map(|one| AgencyInfo {
        code: one.code,
        name: one.name,
    });
    let all = desk.put_recipient_group(id, args.name, members.collect());
    Ok(groups(all.await?))
}

/// See the command table.
///
/// # Errors
/// `NOT_LOGGED_IN`, disk faults.
pub async fn recipient_group_remove(
    desk: &Arc<Desk>,
    args: RecipientGroupId,
) -> Answer<Vec<RecipientGroupDto>> {
    Ok(groups(desk.remove_recipient_group(parse(&args.id)?).await?))
}

fn groups(all: Vec<RecipientGroup>) -> Vec<RecipientGroupDto> {
    all.into_iter()
        .map(|group| RecipientGroupDto {
            id: group.id.to_string(),
            name: group.name,
            members: group
                .members
                .into_iter()
                .map(|one| RecipientDto {
                    code: one.code,
                    name: one.name,
                })
                .collect(),
        })
        .collect()
}
