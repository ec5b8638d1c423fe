use std::sync::Arc;

use congvan_core::{
    CardService, Desk, DiagnosedModule, DiagnosedReader, ModuleOrigin, ReaderContent, SeenToken,
    TokenDiagnosis, TokenFinding, TokenState, TokenView, redacted,
};

use super::{
    Answer,
    signing::{certificate_dto, pin_state_dto},
    training::training_dto,
};
use crate::{
    ErrorCode as Code, IpcError,
    dto::{self, Empty, PinChangeArgs, TextExport},
    fault,
};

/// See the command table.
///
/// # Errors
/// Never.
pub async fn token_state(desk: &Arc<Desk>, _: Empty) -> Answer<dto::TokenState> {
    Ok(state_dto(desk.token_state()))
}

/// See the command table.
///
/// # Errors
/// `WORKER_LOST`.
pub async fn token_rescan(desk: &Arc<Desk>, _: Empty) -> Answer<dto::TokenState> {
    Ok(state_dto(desk.token_rescan().await?))
}

/// See the command table.
///
/// # Errors
/// `WORKER_LOST`.
pub async fn token_diagnosis(desk: &Arc<Desk>, _: Empty) -> Answer<dto::TokenDiagnosis> {
    Ok(diagnosis_dto(desk.token_diagnosis().await?))
}

/// See the command table.
///
/// # Errors
/// `WORKER_LOST`.
pub async fn token_diagnosis_export(desk: &Arc<Desk>, _: Empty) -> Answer<TextExport> {
    let diagnosis = desk.token_diagnosis().await?;
    let day = diagnosis.at.vietnam_date();
    Ok(TextExport {
        file_name: format!(
            "congvan-token-{:04}{:02}{:02}.txt",
            day.year(),
            day.month(),
            day.day()
        ),
        text: redacted(&diagnosis, |finding| {
            finding_dto(finding).code.as_str().to_owned()
        }),
    })
}

/// See the command table.
///
/// # Errors
/// `NOT_FOUND`, `TOKEN_BUSY`, token and PIN faults.
pub async fn pin_change(desk: &Arc<Desk>, args: PinChangeArgs) -> Answer<Empty> {
    desk.change_pin(&args.module, &args.token_serial).await?;
    Ok(Empty {})
}

pub(super) fn state_dto(state: TokenState) -> dto::TokenState {
    dto::TokenState {
        tokens: state.tokens.into_iter().map(seen_dto).collect(),
        problem: state.problem.map(finding_dto_of),
        training: state.training.map(training_dto),
    }
}

fn seen_dto(token: SeenToken) -> dto::PresentTokenDto {
    dto::PresentTokenDto {
        module: token.module,
        module_name: token.module_name,
        simulator: token.simulator,
        serial: token.serial,
        label: token.label,
        pin_state: pin_state_dto(token.pin_state),
        pin_pad: token.pin_pad,
    }
}

fn diagnosis_dto(diagnosis: TokenDiagnosis) -> dto::TokenDiagnosis {
    dto::TokenDiagnosis {
        at: diagnosis.at.0,
        card_service: match diagnosis.service {
            CardService::Running(_) => dto::CardServiceState::Running,
            CardService::NotRunning => dto::CardServiceState::Stopped,
            CardService::NotInstalled => dto::CardServiceState::Missing,
            CardService::Failed(_) => dto::CardServiceState::Failed,
            CardService::Unknown => dto::CardServiceState::Unknown,
        },
        readers: diagnosis.readers.into_iter().map(reader_dto).collect(),
        modules: diagnosis.modules.into_iter().map(module_dto).collect(),
        restricted: diagnosis.restricted,
        findings: diagnosis.findings.iter().map(finding_dto).collect(),
    }
}

fn reader_dto(diagnosed: DiagnosedReader) -> dto::ReaderDto {
    let reader = diagnosed.reader;
    let (atr, mute) = match &reader.content {
        ReaderContent::Empty => (None, false),
        ReaderContent::Card { atr } => (Some(hex::encode_upper(atr)), false),
        ReaderContent::Mute => (None, true),
    };
    dto::ReaderDto {
        name: reader.name,
        atr,
        mute,
        product: reader.known.map(|known| known.name),
        finding: diagnosed.finding.map(finding_dto_of),
    }
}

fn module_dto(module: DiagnosedModule) -> dto::DiagnosedModule {
    let info = module.info;
    dto::DiagnosedModule {
        id: module.id,
        name: info.name,
        vendor: info.vendor,
        path: info.path.to_string_lossy().into_owned(),
        architecture: info.architecture,
        reasons: info.reasons.into_iter().map(reason_dto).collect(),
        allowed: info.allowed,
        simulator: info.simulator,
        library: module.library.map(|library| dto::LibraryDto {
            description: library.description,
            manufacturer: library.manufacturer,
            version: library.version,
            cryptoki: library.cryptoki,
            slot_events: library.slot_events,
        }),
        worker: module.worker.map(|(pid, dies_with_parent)| dto::WorkerDto {
            pid,
            dies_with_parent,
        }),
        problem: module.problem.map(finding_dto_of),
        tokens: module.tokens.into_iter().map(token_dto).collect(),
    }
}

fn reason_dto(reason: ModuleOrigin) -> dto::ModuleReason {
    match reason {
        ModuleOrigin::Atr => dto::ModuleReason::Atr,
        ModuleOrigin::Administrator => dto::ModuleReason::Administrator,
        ModuleOrigin::Registered => dto::ModuleReason::Registered,
        ModuleOrigin::KnownPath => dto::ModuleReason::KnownPath,
        ModuleOrigin::Training => dto::ModuleReason::Training,
    }
}

fn token_dto((token, findings): (TokenView, Vec<TokenFinding>)) -> dto::DiagnosedToken {
    let (pin_min, pin_max) = token.pin_length;
    dto::DiagnosedToken {
        serial: token.serial,
        label: token.label,
        manufacturer: token.manufacturer,
        model: token.model,
        reader: token.reader,
        pin_state: pin_state_dto(token.pin_state),
        pin_pad: token.pin_pad,
        pin_min,
        pin_max,
        certificates: token
            .certificates
            .into_iter()
            .map(certificate_dto)
            .collect(),
        findings: findings.iter().map(finding_dto).collect(),
    }
}

fn finding_dto_of(finding: TokenFinding) -> IpcError {
    finding_dto(&finding)
}

/// The code of a finding with the facts of its sentence.
fn finding_dto(finding: &TokenFinding) -> IpcError {
    use TokenFinding as F;
    match finding {
        F::CardServiceMissing => IpcError::new(Code::CardServiceMissing),
        F::CardServiceStopped => IpcError::new(Code::CardServiceStopped),
        F::CardServiceFailed(code) => {
            IpcError::new(Code::CardServiceFailed).with("detail", format!("{code:#010x}"))
        }
        F::NoReader => IpcError::new(Code::ReaderAbsent),
        F::NoCard(reader) => IpcError::new(Code::CardAbsent).with("reader", reader),
        F::CardMute(reader) => IpcError::new(Code::CardMute).with("reader", reader),
        F::MiddlewareMissing { token, middleware } => IpcError::new(Code::MiddlewareMissing)
            .with("token", token)
            .with("middleware", middleware),
        F::CardUnknown(atr) => IpcError::new(Code::CardUnknown).with("atr", atr.to_uppercase()),
        F::NoModule => IpcError::new(Code::ModuleNotFound),
        F::ModuleNotAllowed(module) => IpcError::new(Code::ModuleNotAllowed).with("module", module),
        F::Module(module, error) => fault::token(error.clone()).with("module", module),
        F::NoToken => IpcError::new(Code::TokenAbsent),
        F::PinCountLow(token) => IpcError::new(Code::PinCountLow).with("token", token),
        F::PinFinalTry(token) => IpcError::new(Code::PinFinalTry).with("token", token),
        F::PinLocked(token) => IpcError::new(Code::PinLocked).with("token", token),
        F::PinNotSet(token) => IpcError::new(Code::PinNotSet).with("token", token),
        F::NoCertificate(token) => IpcError::new(Code::CertificateNone).with("token", token),
        F::Certificate(reason) => fault::certificate(*reason),
    }
}
