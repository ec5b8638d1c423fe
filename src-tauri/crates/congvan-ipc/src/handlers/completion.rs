use std::sync::Arc;

use congvan_core::{Circuit, CompletionStage, CompletionView, Desk, EndpointView};

use super::{Answer, parse, word};
use crate::dto::{
    CompletionEntry, CompletionList, CompletionRetry, CompletionState, Empty, EvidenceEndpoint,
};

/// See the command table.
///
/// # Errors
/// `NOT_LOGGED_IN`, disk faults.
pub async fn completion_list(desk: &Arc<Desk>, _: Empty) -> Answer<CompletionList> {
    let list = desk.completions().await?;
    Ok(CompletionList {
        wanted: word(&list.wanted),
        has_authority: list.has_authority,
        entries: list.entries.into_iter().map(entry).collect(),
        endpoints: list.endpoints.into_iter().map(endpoint).collect(),
    })
}

/// See the command table.
///
/// # Errors
/// `NOT_LOGGED_IN`, `INVALID_REQUEST`, disk faults.
pub async fn completion_retry(desk: &Arc<Desk>, args: CompletionRetry) -> Answer<Empty> {
    let file = args.file.as_deref().map(parse).transpose()?;
    desk.retry_completion(file).await?;
    Ok(Empty {})
}

fn entry(view: CompletionView) -> CompletionEntry {
    let (state, next_try) = match view.stage {
        CompletionStage::Working => (CompletionState::Working, None),
        CompletionStage::Waiting => (CompletionState::Waiting, None),
        CompletionStage::Resting { until } => (CompletionState::Resting, Some(until.0)),
        CompletionStage::Closed => (CompletionState::Closed, None),
        CompletionStage::Blocked => (CompletionState::Blocked, None),
    };
    let row = view.row;
    CompletionEntry {
        document: row.document.to_string(),
        file: row.file.to_string(),
        document_title: row.title.unwrap_or_default(),
        state,
        level: word(&row.level),
        signed_at: row.at.0,
        attempts: row.attempts,
        next_try,
        code: row.code,
        time_stamped_by: row.tsa.as_deref().map(host),
        revoked_at: row.revoked_at.map(|at| at.0),
    }
}

fn endpoint(view: EndpointView) -> EvidenceEndpoint {
    let report = view.report;
    EvidenceEndpoint {
        resting_until: match report.circuit {
            Circuit::Open { until } => Some(until.0),
            Circuit::Closed | Circuit::HalfOpen => None,
        },
        last_answer_ms: report.last_answer_ms,
        code: report.last_error.map(|error| error.code().to_owned()),
        url: report.url,
        used_today: view.used_today,
        daily_quota: view.daily_quota,
    }
}

fn host(url: &str) -> String {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    rest.split('/').next().unwrap_or(rest).to_owned()
}
