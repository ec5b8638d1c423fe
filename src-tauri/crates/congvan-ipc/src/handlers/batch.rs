use std::sync::Arc;

use congvan_core::{
    BatchItemOrder, BatchItemState as State, BatchOrder, BatchStage, Desk, DeskError, Finding,
};

use super::{
    Answer, parse,
    signing::pin_state_dto,
    tray::{placement, placement_dto, source_dto},
    word,
};
use crate::{
    ErrorCode,
    dto::{
        self, BatchArgs, BatchDesk, BatchId, BatchItem, BatchItemState, BatchPreflight, BatchView,
        Empty, PreflightItem,
    },
};

/// See the command table.
///
/// # Errors
/// `NOT_LOGGED_IN`, disk faults. What a document, the token or the certificate lacks is in the
/// answer.
pub async fn batch_preflight(desk: &Arc<Desk>, args: BatchArgs) -> Answer<BatchPreflight> {
    let found = desk.batch_preflight(order(args)?).await?;
    let ready = found.ready();
    let can_start = ready > 0 && found.token.is_ok() && matches!(found.certificate, Some(Ok(_)));
    let (token, certificate, subject) = (
        found.token.as_ref().ok(),
        found.certificate.as_ref(),
        found
            .certificate
            .as_ref()
            .and_then(|named| named.as_ref().ok()),
    );
    Ok(BatchPreflight {
        ready: u32::try_from(ready).unwrap_or(u32::MAX),
        token_label: token.map(|token| token.label.clone()).unwrap_or_default(),
        pin_state: token.map(|token| pin_state_dto(token.pin_state)),
        pin_pad: token.is_some_and(|token| token.pin_pad),
        subject: subject.cloned().unwrap_or_default(),
        certificate: certificate
            .and_then(|named| named.as_ref().err())
            .map(code_of),
        token: found.token.as_ref().err().map(code_of),
        can_start,
        items: found.items.into_iter().map(finding_dto).collect(),
    })
}

/// See the command table.
///
/// # Errors
/// `TOKEN_BUSY`, `NOTHING_TO_SIGN`, the token's and certificate's findings, disk faults: then
/// nothing was started.
pub async fn batch_sign(desk: &Arc<Desk>, args: BatchArgs) -> Answer<BatchView> {
    Ok(view_dto(desk.batch_sign(order(args)?).await?))
}

/// See the command table.
///
/// # Errors
/// `NOT_LOGGED_IN`, disk faults.
pub async fn batch_view(desk: &Arc<Desk>, _: Empty) -> Answer<BatchDesk> {
    Ok(BatchDesk {
        batch: desk.batch_view().await?.map(view_dto),
    })
}

/// See the command table.
///
/// # Errors
/// Never; without a batch under way nothing happens.
pub async fn batch_cancel(desk: &Arc<Desk>, _: Empty) -> Answer<Empty> {
    desk.batch_cancel();
    Ok(Empty {})
}

/// See the command table.
///
/// # Errors
/// As [`batch_sign`], and `NOT_FOUND`.
pub async fn batch_resume(desk: &Arc<Desk>, args: BatchId) -> Answer<BatchView> {
    Ok(view_dto(desk.batch_resume(id(&args)?).await?))
}

/// See the command table.
///
/// # Errors
/// `NOT_FOUND`, `TOKEN_BUSY` while it is under way.
pub async fn batch_dismiss(desk: &Arc<Desk>, args: BatchId) -> Answer<Empty> {
    desk.batch_dismiss(id(&args)?).await?;
    Ok(Empty {})
}

fn id(args: &BatchId) -> Answer<congvan_core::BatchId> {
    Ok(congvan_core::BatchId(parse(&args.id)?))
}

fn order(args: BatchArgs) -> Answer<BatchOrder> {
    let mut items = Vec::with_capacity(args.items.len());
    for item in args.items {
        items.push(BatchItemOrder {
            document: parse(&item.document)?,
            file: parse(&item.file)?,
            shown: parse(&item.shown)?,
            placement: item.placement.map(placement),
        });
    }
    Ok(BatchOrder {
        items,
        module: args.module,
        token_serial: args.token_serial,
        certificate: parse(&args.certificate)?,
    })
}

fn finding_dto(finding: Finding) -> PreflightItem {
    let place = finding.place.as_ref().ok();
    let error = finding.place.as_ref().err();
    PreflightItem {
        document: finding.order.document.to_string(),
        file: finding.order.file.to_string(),
        shown: finding.order.shown.to_hex(),
        title: finding.title,
        code: error.map(code_of),
        reason: match error {
            Some(DeskError::SignRefused { reason }) => Some((*reason).to_owned()),
            _ => None,
        },
        placement: place.map(|(place, _)| placement_dto(*place)),
        source: place.and_then(|(_, source)| source.map(source_dto)),
    }
}

pub(super) fn view_dto(view: congvan_core::BatchView) -> BatchView {
    let count = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
    let milliseconds = |number: u64| u32::try_from(number).unwrap_or(u32::MAX);
    BatchView {
        id: view.id.0.to_string(),
        stage: match view.stage {
            BatchStage::Checking => dto::BatchStage::Checking,
            BatchStage::WaitingForPin => dto::BatchStage::WaitingForPin,
            BatchStage::Signing => dto::BatchStage::Signing,
            BatchStage::Stopping => dto::BatchStage::Stopping,
            BatchStage::Finished => dto::BatchStage::Finished,
            BatchStage::Stopped => dto::BatchStage::Stopped,
            BatchStage::Interrupted => dto::BatchStage::Interrupted,
        },
        done: count(view.done()),
        signed: count(view.signed()),
        total: count(view.items.len()),
        can_resume: view.can_resume(),
        stopped_by: view.stopped_by.as_deref().map(named),
        token: view.token,
        started: view.started.0,
        finished: view.finished.map(|at| at.0),
        elapsed_ms: milliseconds(view.elapsed_ms),
        token_ms: milliseconds(view.token_ms),
        items: view.items.into_iter().map(item_dto).collect(),
    }
}

fn item_dto(item: congvan_core::BatchItem) -> BatchItem {
    let mut shown = BatchItem {
        document: item.document.to_string(),
        file: item.file.to_string(),
        title: item.title,
        state: BatchItemState::Waiting,
        code: None,
        reason: None,
        level: None,
        sha256: None,
    };
    match item.state {
        State::Waiting => {}
        State::Preparing => shown.state = BatchItemState::Preparing,
        State::Signing => shown.state = BatchItemState::Signing,
        State::Untouched => shown.state = BatchItemState::Untouched,
        State::Signed { sha256, level } => {
            shown.state = BatchItemState::Signed;
            shown.level = Some(word(&level));
            shown.sha256 = Some(sha256.to_hex());
        }
        State::Skipped { code, reason } => {
            shown.state = BatchItemState::Skipped;
            (shown.code, shown.reason) = (Some(named(&code)), reason);
        }
        State::Failed { code, reason } => {
            shown.state = BatchItemState::Failed;
            (shown.code, shown.reason) = (Some(named(&code)), reason);
        }
    }
    shown
}

/// The code of a fault that is shown beside a document.
fn code_of(error: &DeskError) -> ErrorCode {
    named(&error.code().0)
}

/// The code of that name; a report may have been written by a newer version.
fn named(code: &str) -> ErrorCode {
    let known = ErrorCode::ALL.iter().find(|known| known.as_str() == code);
    known.copied().unwrap_or(ErrorCode::Internal)
}

#[cfg(test)]
mod tests {
    use congvan_core::{CertificateFault, StoreError, TokenError};
    use congvan_model::Timestamp;

    use super::*;
    use crate::IpcError;

    /// The core writes codes into reports; they must be those that the border gives the same fault.
    #[test]
    fn a_report_and_an_answer_name_a_fault_by_the_same_code() {
        let faults: Vec<fn() -> DeskError> = vec![
            || DeskError::NotFound,
            || DeskError::FileNotHere,
            || DeskError::ShownIsStale,
            || DeskError::ReadingRequired,
            || DeskError::AlreadySigned,
            || DeskError::ActForbidden,
            || DeskError::NothingToSign,
            || DeskError::PdfCorrupt,
            || DeskError::PdfPassword,
            || DeskError::SignRefused {
                reason: "CERTIFIED",
            },
            || DeskError::SigningBusy,
            || DeskError::PinCancelled,
            || DeskError::PinTimedOut,
            || DeskError::NotLoggedIn,
            || DeskError::TrainingActive,
            || DeskError::Certificate(CertificateFault::Missing),
            || DeskError::Certificate(CertificateFault::Expired(Timestamp(0))),
            || DeskError::Certificate(CertificateFault::NotYetValid(Timestamp(0))),
            || DeskError::Certificate(CertificateFault::Usage),
            || DeskError::Certificate(CertificateFault::Untrusted),
            || TokenError::TokenAbsent.into(),
            || TokenError::TokenRemoved.into(),
            || TokenError::SessionLost.into(),
            || TokenError::PinLocked.into(),
            || TokenError::PinNotInitialised.into(),
            || TokenError::FinalTryNeedsConsent.into(),
            || TokenError::PinNeeded.into(),
            || TokenError::KeyNotFound.into(),
            || TokenError::CertificateMismatch.into(),
            || TokenError::WrongSignature.into(),
            || TokenError::PinLength { min: 4, max: 8 }.into(),
            || TokenError::TimedOut { seconds: 1 }.into(),
            || StoreError::Full.into(),
            || StoreError::ReadOnly.into(),
            || DeskError::Internal(String::new()),
        ];
        for fault in faults {
            assert_eq!(
                code_of(&fault()),
                IpcError::from(fault()).code,
                "{}",
                fault()
            );
        }
    }
}
