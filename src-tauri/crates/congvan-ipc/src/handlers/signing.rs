use std::sync::Arc;

use congvan_core::{
    CertificateState, CertificateView, Desk, Pin, PinAnswer, PinState, SignOrder, SignStage,
};
use congvan_model::Timestamp;
use congvan_pades::{Change, Coverage, Level, SignatureKind, Status, TimeSource};

use super::{Answer, parse, word};
use crate::{
    IpcError,
    dto::{self, Empty, FileRequest, ModuleArgs, ModuleDto, SignArgs, SignOutcome, TokenDto},
    fault,
};

/// See the command table.
///
/// # Errors
/// `WORKER_LOST`.
pub async fn token_modules(desk: &Arc<Desk>, _: Empty) -> Answer<Vec<ModuleDto>> {
    let modules = desk.modules().await?;
    Ok(modules
        .into_iter()
        .map(|module| {
            let (tokens, problem) = match module.tokens {
                Ok(count) => (u32::try_from(count).unwrap_or(u32::MAX), None),
                Err(error) => (0, Some(fault::token(error).code.as_str().to_owned())),
            };
            ModuleDto {
                id: module.id,
                name: module.name,
                simulator: module.simulator,
                tokens,
                problem,
            }
        })
        .collect())
}

/// See the command table.
///
/// # Errors
/// `NOT_FOUND`, the module's faults.
pub async fn token_list(desk: &Arc<Desk>, args: ModuleArgs) -> Answer<Vec<TokenDto>> {
    let tokens = desk.tokens(&args.module).await?;
    Ok(tokens
        .into_iter()
        .map(|token| TokenDto {
            module: args.module.clone(),
            serial: token.serial,
            label: token.label,
            model: token.model,
            pin_state: pin_state_dto(token.pin_state),
            pin_pad: token.pin_pad,
            certificates: token
                .certificates
                .into_iter()
                .map(certificate_dto)
                .collect(),
        })
        .collect())
}

/// See the command table.
///
/// # Errors
/// As the core's `sign`; nothing was stored then.
pub async fn sign(desk: &Arc<Desk>, args: SignArgs) -> Answer<SignOutcome> {
    let signed = desk
        .sign(SignOrder {
            document: parse(&args.document)?,
            file: parse(&args.file)?,
            shown: parse(&args.shown)?,
            module: args.module,
            token_serial: args.token_serial,
            certificate: parse(&args.certificate)?,
            placement: args.placement.map(super::tray::placement),
        })
        .await?;
    Ok(SignOutcome {
        sha256: signed.sha256.to_hex(),
        level: word(&signed.level),
        upload_bytes: signed.upload_bytes,
    })
}

/// See the command table.
///
/// # Errors
/// Never.
pub async fn sign_progress(desk: &Arc<Desk>, _: Empty) -> Answer<dto::SignProgress> {
    let (stage, document) = desk.sign_progress();
    Ok(dto::SignProgress {
        stage: match stage {
            SignStage::Idle => dto::SignStage::Idle,
            SignStage::Preparing => dto::SignStage::Preparing,
            SignStage::WaitingForPin => dto::SignStage::WaitingForPin,
            SignStage::Signing => dto::SignStage::Signing,
            SignStage::Verifying => dto::SignStage::Verifying,
            SignStage::Storing => dto::SignStage::Storing,
        },
        document: document.map(|id| id.to_string()),
    })
}

/// See the command table. An answer to a request that is over is dropped.
///
/// # Errors
/// `INVALID_REQUEST`.
pub async fn pin_answer(desk: &Arc<Desk>, args: dto::PinAnswer) -> Answer<Empty> {
    let answer = PinAnswer {
        pin: args.pin.map(Pin::new),
        new_pin: args.new_pin.map(Pin::new),
        final_try_consent: args.final_try_consent,
    };
    desk.pin_answer(parse(&args.request)?, answer);
    Ok(Empty {})
}

/// See the command table.
///
/// # Errors
/// `FILE_NOT_HERE`, `PDF_CORRUPT`, `PDF_PASSWORD`.
pub async fn signatures(desk: &Arc<Desk>, args: FileRequest) -> Answer<dto::SignatureReport> {
    let report = desk
        .signatures(parse(&args.sha256)?)
        .await
        .map_err(IpcError::from)?;
    Ok(dto::SignatureReport {
        signatures: report.signatures.into_iter().map(signature_dto).collect(),
    })
}

pub(super) fn certificate_dto(view: CertificateView) -> dto::CertificateDto {
    dto::CertificateDto {
        sha256: view.summary.sha256.to_hex(),
        key: view.key(),
        subject: view.summary.name,
        organisation: view.summary.unit,
        issuer: view.summary.issuer,
        serial: view.summary.serial,
        not_before: view.summary.not_before.0,
        not_after: view.summary.not_after.0,
        state: match view.state {
            CertificateState::Fit => dto::CertificateState::Usable,
            CertificateState::Expired => dto::CertificateState::Expired,
            CertificateState::NotYetValid => dto::CertificateState::NotYetValid,
            CertificateState::WrongUsage => dto::CertificateState::WrongUsage,
            CertificateState::Untrusted => dto::CertificateState::Untrusted,
            CertificateState::Revoked { .. } => dto::CertificateState::Revoked,
        },
        registered: view.registered,
    }
}

pub(super) fn pin_state_dto(state: PinState) -> dto::PinState {
    match state {
        PinState::Ok => dto::PinState::Ok,
        PinState::CountLow => dto::PinState::CountLow,
        PinState::FinalTry => dto::PinState::FinalTry,
        PinState::Locked => dto::PinState::Locked,
        PinState::NotInitialised => dto::PinState::NotInitialised,
    }
}

fn signature_dto(report: congvan_pades::SignatureReport) -> dto::SignatureDto {
    let period = report
        .signer
        .as_ref()
        .map(|signer| (signer.not_before.0, signer.not_after.0));
    let serial = report.signer.as_ref().map(|signer| signer.serial.clone());
    let stamped_at = stamped_at(report.best_time);
    let (signer, organisation, issuer) = report
        .signer
        .map(|signer| (signer.name, signer.unit, signer.issuer))
        .unwrap_or_default();
    let (status, reasons) = match &report.status {
        Status::Valid => (dto::SignatureStatus::Valid, Vec::new()),
        Status::Invalid(faults) => (
            dto::SignatureStatus::Invalid,
            faults
                .iter()
                .map(|fault| fault.sub_indication().to_owned())
                .collect(),
        ),
        Status::CouldNotCheck(doubts) => (
            dto::SignatureStatus::CouldNotCheck,
            doubts
                .iter()
                .map(|doubt| doubt.sub_indication().to_owned())
                .collect(),
        ),
    };
    dto::SignatureDto {
        field: report.field,
        signer,
        organisation,
        issuer,
        kind: match report.kind {
            SignatureKind::Approval => dto::SignatureKind::Approval,
            SignatureKind::Certification(_) => dto::SignatureKind::Certification,
            SignatureKind::DocumentTimeStamp => dto::SignatureKind::TimeStamp,
        },
        claimed_at: report.claimed_time.map(|at| at.0),
        stamped_at,
        zone_wrong: report.claimed_time_is_off_by_zone,
        not_before: period.map(|(from, _)| from),
        not_after: period.map(|(_, to)| to),
        serial: serial.unwrap_or_default(),
        status,
        reasons,
        level: match report.level {
            Some(Level::BB) => "B-B",
            Some(Level::BT) => "B-T",
            Some(Level::BLT) => "B-LT",
            Some(Level::BLTA) => "B-LTA",
            None => "",
        }
        .to_owned(),
        covers_whole_file: report.coverage == Coverage::Whole,
        coverage: match report.coverage {
            Coverage::Whole => dto::SignatureCoverage::Whole,
            Coverage::Revision { .. } => dto::SignatureCoverage::Revision,
            Coverage::Unclear => dto::SignatureCoverage::Unclear,
        },
        changes_after: report
            .changes
            .iter()
            .map(|change| change_code(change).to_owned())
            .collect(),
    }
}

/// The time of validation proves nothing about when it was signed.
fn stamped_at((at, source): (Timestamp, TimeSource)) -> Option<i64> {
    match source {
        TimeSource::Validation => None,
        TimeSource::TimeStamp => Some(at.0),
    }
}

fn change_code(change: &Change) -> &'static str {
    match change {
        Change::Signed { .. } => "SIGNATURE_ADDED",
        Change::TimeStamped { .. } => "TIMESTAMP_ADDED",
        Change::FieldAdded { .. } => "FIELD_ADDED",
        Change::Filled { .. } => "FORM_FILLED",
        Change::Annotated { .. } => "ANNOTATED",
        Change::Evidence => "EVIDENCE_ADDED",
        Change::Metadata => "METADATA_CHANGED",
    }
}
