use std::sync::Arc;

use congvan_core::{Desk, Scenario, TRAINING_PIN, TrainingState};

use super::{Answer, token::state_dto};
use crate::{
    ErrorCode, IpcError,
    dto::{self, Empty, TrainingArgs, TrainingScenarioDto, TrainingSignArgs},
};

/// See the command table.
///
/// # Errors
/// Never.
pub async fn training_scenarios(_: &Arc<Desk>, _: Empty) -> Answer<Vec<TrainingScenarioDto>> {
    Ok(Scenario::ALL
        .iter()
        .map(|scenario| TrainingScenarioDto {
            id: (*scenario).into(),
            code: expected(*scenario),
        })
        .collect())
}

/// See the command table.
///
/// # Errors
/// `TOKEN_BUSY`, `WORKER_LOST`, `MODULE_FAILED` when its keys cannot be made.
pub async fn training_start(desk: &Arc<Desk>, args: TrainingArgs) -> Answer<dto::TokenState> {
    Ok(state_dto(desk.training_start(args.scenario.into()).await?))
}

/// See the command table.
///
/// # Errors
/// `TOKEN_BUSY`, `TRAINING_INACTIVE`.
pub async fn training_stop(desk: &Arc<Desk>, _: Empty) -> Answer<dto::TokenState> {
    Ok(state_dto(desk.training_stop().await?))
}

/// See the command table.
///
/// # Errors
/// `TRAINING_INACTIVE`, `TOKEN_BUSY`; faults of token, PIN and certificate before the first
/// signature.
pub async fn training_sign(
    desk: &Arc<Desk>,
    args: TrainingSignArgs,
) -> Answer<dto::TrainingReport> {
    let report = desk.training_sign(args.documents).await?;
    Ok(dto::TrainingReport {
        items: report
            .items
            .into_iter()
            .map(|item| dto::TrainingItem {
                sha256: item.sha256.map(|hash| hash.to_hex()),
                problem: item.problem.map(IpcError::from),
            })
            .collect(),
        stopped: report.stopped.map(IpcError::from),
    })
}

pub(super) fn training_dto(training: TrainingState) -> dto::TrainingState {
    dto::TrainingState {
        scenario: training.scenario.into(),
        pin: TRAINING_PIN.to_owned(),
        sample: training.sample.to_hex(),
    }
}

/// The message that a scenario ends in.
fn expected(scenario: Scenario) -> Option<ErrorCode> {
    use ErrorCode as C;
    use Scenario as S;
    match scenario {
        S::Normal | S::PinPad | S::AlwaysAuthenticate | S::Slow => None,
        S::WrongPin => Some(C::PinIncorrect),
        S::LastTry => Some(C::PinFinalTry),
        S::Locked => Some(C::PinLocked),
        S::PinNotSet => Some(C::PinNotSet),
        S::CancelledOnReader => Some(C::PinCancelled),
        S::UnpluggedSigning => Some(C::TokenRemoved),
        S::OtherToken => Some(C::TokenAbsent),
        S::Crash | S::CrashAtLogin | S::Hang => Some(C::WorkerLost),
        S::WrongSignature
        | S::ShortSignature
        | S::ModuleError
        | S::NoAlgorithm
        | S::ModuleUnloadable => Some(C::ModuleFailed),
        S::ExpiredCertificate => Some(C::CertificateExpired),
        S::NotYetValid => Some(C::CertificateNotYetValid),
        S::RevokedCertificate => Some(C::CertificateRevoked),
        S::WrongUsage => Some(C::CertificateUsage),
        S::Untrusted => Some(C::CertificateUntrusted),
        S::NoCertificate | S::NoKey => Some(C::CertificateMissing),
        S::CardServiceStopped => Some(C::CardServiceStopped),
        S::NoReader => Some(C::ReaderAbsent),
        S::NoCard => Some(C::CardAbsent),
        S::CardMute => Some(C::CardMute),
        S::NoMiddleware => Some(C::MiddlewareMissing),
        S::WrongArchitecture => Some(C::ModuleArchitecture),
    }
}
