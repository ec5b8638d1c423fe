use std::sync::Arc;

use congvan_core::Desk;

use super::Answer;
use crate::dto::{AgencyDto, AgencyQuery};

/// See the command table.
///
/// # Errors
/// `NOT_LOGGED_IN`, disk faults.
pub async fn agencies_find(desk: &Arc<Desk>, args: AgencyQuery) -> Answer<Vec<AgencyDto>> {
    // A date that is still being typed is none yet.
    let on = args.on.and_then(|day| day.parse().ok());
    let found = desk.agencies_find(&args.text, on, args.limit).await?;
    Ok(found
        .into_iter()
        .map(|agency| AgencyDto {
            code: agency.code,
            name: agency.name,
            symbol: agency.symbol,
            parent: agency.parent,
            valid_from: agency.valid.0.map(|day| day.to_string()),
            valid_to: agency.valid.1.map(|day| day.to_string()),
            successors: agency.successors,
            is_valid: agency.is_valid,
        })
        .collect())
}
