use std::sync::Arc;

use congvan_core::Desk;

use super::Answer;
use crate::dto::{AgencyDto, AgencyQuery};

/// See the command table.
///
/// # Errors
/// `NOT_LOGGED_IN`, disk faults.
pub async fn agencies_find(desk: &Arc<Desk>, args: AgencyQuery) -> Answer<Vec<AgencyDto>> {
    let found = desk.agencies_find(&args.text, args.limit).await?;
    Ok(found
        .into_iter()
        .map(|agency| AgencyDto {
            code: agency.code,
            name: agency.name,
            symbol: agency.symbol,
        })
        .collect())
}
