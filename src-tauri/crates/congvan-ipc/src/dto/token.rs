use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{CertificateDto, PinState, TrainingState};
use crate::IpcError;

/// Answer of `token_state`: what the frame's 🔑 shows. Changes are told by the tag `token`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct TokenState {
    /// Tokens that are plugged in. While training, only the simulated one.
    pub tokens: Vec<PresentTokenDto>,
    /// Why there is none, as precisely as can be told; none while there is a token, and none
    /// while the desk is still looking for the first time.
    pub problem: Option<IpcError>,
    /// Training mode is on: show its banner.
    pub training: Option<TrainingState>,
}

/// A token that is plugged in, without its certificates.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct PresentTokenDto {
    /// Module, for the other commands.
    pub module: String,
    /// The module's name for people.
    pub module_name: String,
    /// Keys in a file: never for real signatures.
    pub simulator: bool,
    /// Serial number.
    pub serial: String,
    /// Label.
    pub label: String,
    /// Tries left, as far as the token says.
    pub pin_state: PinState,
    /// The PIN is typed on the reader.
    pub pin_pad: bool,
}

/// The system's card service (PC/SC).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum CardServiceState {
    /// It runs.
    Running,
    /// It is installed and does not run.
    Stopped,
    /// It is not installed.
    Missing,
    /// It answers an error.
    Failed,
    /// It cannot be asked on this system yet.
    Unknown,
}

/// A card reader, or the reader inside a USB token.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct ReaderDto {
    /// Its name.
    pub name: String,
    /// Answer to reset, hexadecimal; none when there is no card or it is mute.
    pub atr: Option<String>,
    /// There is something in it that does not answer.
    pub mute: bool,
    /// The kind of token, where the answer to reset is known, e.g. `VGCA Token (bit4id)`.
    pub product: Option<String>,
    /// What is to be found out about it.
    pub finding: Option<IpcError>,
}

/// Why a module is on the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ModuleReason {
    /// A card that is plugged in belongs to it.
    Atr,
    /// It is registered with the system.
    Registered,
    /// It lies where its product installs itself.
    KnownPath,
    /// The administrator named it.
    Administrator,
    /// Training mode.
    Training,
}

/// What the module says of itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct LibraryDto {
    /// Description.
    pub description: String,
    /// Maker.
    pub manufacturer: String,
    /// Version of the library.
    pub version: String,
    /// Version of PKCS#11 it speaks.
    pub cryptoki: String,
    /// It tells of insertion and removal by itself; otherwise the desk looks every half second.
    pub slot_events: bool,
}

/// The worker process of a module.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct WorkerDto {
    /// Process number.
    pub pid: u32,
    /// It ends when the desk ends, by the system's word.
    pub dies_with_parent: bool,
}

/// A module in the diagnosis.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct DiagnosedModule {
    /// Handle for the other commands.
    pub id: String,
    /// Name for people.
    pub name: String,
    /// Maker.
    pub vendor: String,
    /// Where the file lies: to be read by a person, taken by no command.
    pub path: String,
    /// Processors the file is made for, e.g. `x86_64`; empty when it is no library.
    pub architecture: String,
    /// Why it is on the list; the first is why it stands where it stands.
    pub reasons: Vec<ModuleReason>,
    /// The administrator's list allows it (or there is no list).
    pub allowed: bool,
    /// Keys in a file.
    pub simulator: bool,
    /// What it says of itself; none when it could not be loaded.
    pub library: Option<LibraryDto>,
    /// Its process; none while none runs.
    pub worker: Option<WorkerDto>,
    /// Why it cannot be used.
    pub problem: Option<IpcError>,
    /// The tokens it sees.
    pub tokens: Vec<DiagnosedToken>,
}

/// A token in the diagnosis.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct DiagnosedToken {
    /// Serial number.
    pub serial: String,
    /// Label.
    pub label: String,
    /// Maker.
    pub manufacturer: String,
    /// Model.
    pub model: String,
    /// Reader.
    pub reader: String,
    /// State of the PIN, by the token's flags; no PIN was tried.
    pub pin_state: PinState,
    /// The PIN is typed on the reader.
    pub pin_pad: bool,
    /// Shortest PIN.
    pub pin_min: u32,
    /// Longest PIN; 0 when the token does not say.
    pub pin_max: u32,
    /// Certificates with their fitness.
    pub certificates: Vec<CertificateDto>,
    /// What a person should know about it.
    pub findings: Vec<IpcError>,
}

/// Answer of `token_diagnosis`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct TokenDiagnosis {
    /// When.
    pub at: i64,
    /// The card service.
    pub card_service: CardServiceState,
    /// Readers.
    pub readers: Vec<ReaderDto>,
    /// Modules, those in use first.
    pub modules: Vec<DiagnosedModule>,
    /// The administrator allows only the modules on a list.
    pub restricted: bool,
    /// Findings about the whole, the most helpful first; each has a remedy. Empty: all is well.
    pub findings: Vec<IpcError>,
}

/// A text for the person to save or copy.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct TextExport {
    /// A name for the file.
    pub file_name: String,
    /// The text.
    pub text: String,
}

/// Arguments of `pin_change`: opens the PIN window, which asks for the old and the new PIN.
#[derive(Clone, Debug, Deserialize, TS)]
pub struct PinChangeArgs {
    /// Module.
    pub module: String,
    /// Token.
    pub token_serial: String,
}
