//! Tokens: modules, certificates, login, signatures, changes of presence. The vendor's module and
//! the PIN live in the worker process only.

mod client;
mod slept;
mod supervisor;

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::Loss;

pub use congvan_model::{Hash, SignAlgorithm};

pub use client::{SessionId, TokenClient, TokenDeadlines};

/// A PKCS#11 module found on this machine. It was not loaded.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ModuleInfo {
    /// The library file; absolute.
    pub path: PathBuf,
    /// The product's name as users know it.
    pub name: String,
    /// Who makes it.
    pub vendor: String,
    /// It keeps keys in a file: for tests and training, never for real signatures.
    pub simulator: bool,
    /// How it was found; the first of `reasons`.
    pub origin: ModuleOrigin,
    /// Every way it was found, the weightiest first.
    pub reasons: Vec<ModuleOrigin>,
    /// The product it belongs to, where that is known: names it for [`KnownCard::products`].
    pub product: Option<String>,
    /// The processors the file is made for, by its header; empty when it is no library.
    pub architecture: String,
    /// The administrator's list allows it, or there is no list.
    pub allowed: bool,
    /// What C_Initialize is told; most modules want nothing.
    pub parameters: Option<String>,
    /// Whether this process could load it, judged by its file header alone.
    pub fit: ModuleFit,
}

/// How a module was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ModuleOrigin {
    /// A card that is plugged in belongs to it.
    Atr,
    /// Named by the administrator.
    Administrator,
    /// At a path where the product installs itself.
    KnownPath,
    /// Registered with the system: p11-kit, or Windows' list of smart cards.
    Registered,
    /// The simulated token of training mode.
    Training,
}

/// Whether a module file fits this program.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ModuleFit {
    /// The header fits.
    Fits,
    /// It is made for another processor, as 32-bit middleware is.
    WrongArchitecture {
        /// What it is made for.
        found: String,
        /// What is needed.
        needed: String,
    },
    /// It is no library at all.
    NotALibrary,
    /// There is no such file; only for modules named by the administrator.
    Missing,
}

/// A module named by the administrator.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ModuleHint {
    /// The library file; absolute.
    pub path: PathBuf,
    /// A name for the list; otherwise the file's name.
    pub name: Option<String>,
    /// What C_Initialize is told (`pReserved`), as NSS wants; otherwise what the product's entry
    /// in the data file says.
    pub parameters: Option<String>,
}

/// What to look for on this machine.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Discovery {
    /// The administrator's modules.
    pub extra: Vec<ModuleHint>,
    /// Only the administrator's modules may be loaded; others are shown as not allowed.
    pub only_listed: bool,
}

/// A kind of card, recognised by its answer to reset.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KnownCard {
    /// Its name for people.
    pub name: String,
    /// The products whose modules serve it, best first.
    pub products: Vec<String>,
}

impl KnownCard {
    /// Whether the modules of a product serve it.
    #[must_use]
    pub fn served_by(&self, product: &str) -> bool {
        self.products.iter().any(|name| name == product)
    }
}

/// What a loaded module says of itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LibraryInfo {
    /// Description.
    pub description: String,
    /// Maker.
    pub manufacturer: String,
    /// Version of the library.
    pub version: String,
    /// Version of PKCS#11.
    pub cryptoki: String,
    /// It tells of insertion and removal by itself (C_WaitForSlotEvent).
    pub slot_events: bool,
}

/// What the system's card service (PC/SC) says, for telling "no reader" from "no card".
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum CardService {
    /// Its library is not installed (package pcscd on Debian).
    NotInstalled,
    /// It is installed but not running.
    NotRunning,
    /// It runs; the list is empty when no reader is plugged in.
    Running(Vec<ReaderInfo>),
    /// It answered an error, by its number (SCARD_E_...).
    Failed(u32),
    /// We do not ask it on this system yet: Windows and macOS.
    Unknown,
}

/// A card reader.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReaderInfo {
    /// Its name.
    pub name: String,
    /// What is in it.
    pub content: ReaderContent,
    /// What kind of card that is, where its answer to reset is known.
    pub known: Option<KnownCard>,
}

/// What is in a reader.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ReaderContent {
    /// Nothing.
    Empty,
    /// A card; its answer to reset tells the kind of card and is no secret.
    Card {
        /// The answer to reset.
        atr: Vec<u8>,
    },
    /// A card that does not answer: upside down, or broken.
    Mute,
}

/// What the token says about the tries that are left for the user's PIN.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum PinState {
    /// No wrong PIN since the last right one, as far as the token says.
    Ok,
    /// At least one wrong PIN (CKF_USER_PIN_COUNT_LOW). Many cards never set this.
    CountLow,
    /// One more wrong PIN locks the token (CKF_USER_PIN_FINAL_TRY).
    FinalTry,
    /// Locked (CKF_USER_PIN_LOCKED); only the issuer can help.
    Locked,
    /// No PIN was ever set, or it must be changed before use.
    NotInitialised,
}

/// The kind of a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum KeyKind {
    /// RSA.
    Rsa,
    /// On an elliptic curve.
    Ec,
    /// Another one, which we cannot sign with.
    Other,
}

/// A certificate on a token.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TokenCertificate {
    /// The certificate in DER.
    pub der: Vec<u8>,
    /// CKA_LABEL.
    pub label: String,
    /// From the certificate's public key.
    pub key_kind: KeyKind,
    /// Bits of the modulus or of the curve; 0 when unknown.
    pub key_bits: u32,
    /// Whether every signature asks for the PIN again (CKA_ALWAYS_AUTHENTICATE). Nothing while the
    /// private key is hidden, as it is on many tokens before login. The client handles such keys
    /// by itself within a session.
    pub always_authenticate: Option<bool>,
    /// Whether a private key with this certificate's id was seen. `false` before login means
    /// nothing on tokens that hide their keys.
    pub private_key_seen: bool,
}

/// A token in a slot.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TokenInfo {
    /// The module's slot number; changes when readers come and go.
    pub slot: u64,
    /// What the reader calls itself.
    pub reader: String,
    /// The token's label, which the PIN window shows.
    pub label: String,
    /// Who made it.
    pub manufacturer: String,
    /// Its model.
    pub model: String,
    /// Its serial number; names it across slots and restarts.
    pub serial: String,
    /// The state of the user's PIN.
    pub pin_state: PinState,
    /// Shortest PIN the token accepts.
    pub pin_min: u32,
    /// Longest PIN the token accepts; 0 when it does not say.
    pub pin_max: u32,
    /// The PIN is typed on the reader (CKF_PROTECTED_AUTHENTICATION_PATH): no PIN is sent.
    pub protected_path: bool,
    /// The certificates on it.
    pub certificates: Vec<TokenCertificate>,
}

/// A token that is plugged in, as far as can be told without asking the card.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct PresentToken {
    /// The module's slot number.
    pub slot: u64,
    /// The token's label.
    pub label: String,
    /// The token's serial number.
    pub serial: String,
    /// The state of the user's PIN.
    pub pin_state: PinState,
    /// The PIN is typed on the reader.
    pub protected_path: bool,
}

impl PresentToken {
    /// Whether it is the same token in the same slot, whatever became of its PIN.
    #[must_use]
    pub fn is_same(&self, other: &Self) -> bool {
        (self.slot, &self.serial, &self.label) == (other.slot, &other.serial, &other.label)
    }
}

/// A change of what is plugged in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TokenEvent {
    /// A token came. Sent for each present token when the watch begins, too.
    Inserted(PresentToken),
    /// The state of its PIN is another.
    Updated(PresentToken),
    /// A token went; sessions on it are over.
    Removed(PresentToken),
    /// The module cannot be asked; told once, after the removals that follow from it.
    Failed(TokenError),
    /// It can be asked; told after the first look, and when it can be asked again.
    Healed,
}

/// Why a token did not do what was asked. Each variant is a different message and a different
/// remedy for the user.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
pub enum TokenError {
    /// There is no file at the module's path: the middleware is not installed.
    #[error("module not found: {}", path.display())]
    ModuleNotFound {
        /// Where it was expected.
        path: PathBuf,
    },
    /// The module is made for another processor, usually 32-bit middleware.
    #[error("module is for {found}, needed {needed}")]
    ModuleWrongArchitecture {
        /// What it is made for.
        found: String,
        /// What is needed.
        needed: String,
    },
    /// The system could not load the file: a library it needs is missing, or it is no library.
    #[error("module does not load: {detail}")]
    ModuleUnloadable {
        /// The loader's words.
        detail: String,
    },
    /// The module answered a call with an error that has no better name here.
    #[error("module failed in {function}: {ckr}")]
    ModuleFailed {
        /// The PKCS#11 function.
        function: String,
        /// The CKR value by name.
        ckr: String,
    },
    /// The module answered bytes that make no sense, as a certificate that is none.
    #[error("module answered nonsense: {what}")]
    ModuleNonsense {
        /// What was wrong.
        what: String,
    },
    /// No token with this serial number is plugged in.
    #[error("token is not plugged in")]
    TokenAbsent,
    /// The token went away during the call. If that was a login, the try may have been spent; if
    /// it was a signature, there is none.
    #[error("token was removed")]
    TokenRemoved,
    /// CKR_PIN_INCORRECT and nothing else: the PIN was wrong and a try was spent.
    #[error("wrong PIN; the token now says {pin_state:?}")]
    PinIncorrect {
        /// What the token says after the try.
        pin_state: PinState,
    },
    /// The PIN is locked; no try was spent.
    #[error("PIN is locked")]
    PinLocked,
    /// A wrong PIN would now lock the token; the user must agree first. No try was spent.
    #[error("one try is left; consent is needed")]
    FinalTryNeedsConsent,
    /// The PIN is shorter or longer than the token accepts. No try was spent.
    #[error("PIN must have {min} to {max} characters")]
    PinLength {
        /// Shortest.
        min: u32,
        /// Longest.
        max: u32,
    },
    /// The token rejects the PIN's form or its age (CKR_PIN_INVALID, CKR_PIN_EXPIRED and alike).
    #[error("PIN not accepted: {ckr}")]
    PinNotAccepted {
        /// The CKR value by name.
        ckr: String,
    },
    /// The token has no user PIN yet.
    #[error("no user PIN is set")]
    PinNotInitialised,
    /// The reader has no keypad, so a PIN is needed.
    #[error("a PIN is needed")]
    PinNeeded,
    /// The user pressed cancel on the reader's keypad.
    #[error("cancelled on the reader")]
    CancelledOnReader,
    /// The token has no private key for the certificate.
    #[error("no private key for the certificate")]
    KeyNotFound,
    /// The certificate that was chosen is not on this token: another token was plugged in, or its
    /// certificate was renewed.
    #[error("the chosen certificate is not on the token")]
    CertificateMismatch,
    /// The key cannot sign with this algorithm.
    #[error("the key cannot sign with {algorithm:?}")]
    AlgorithmUnsupported {
        /// What was asked.
        algorithm: SignAlgorithm,
    },
    /// The token answered a signature that the certificate's public key does not verify. Nothing
    /// may be made of it.
    #[error("the token answered a wrong signature")]
    WrongSignature,
    /// The session is over: closed, released while idle, or lost with its process. The user has
    /// to enter the PIN again.
    #[error("session is over")]
    SessionLost,
    /// The worker could not be started or ended during the call. If that was a login, the try may
    /// have been spent.
    #[error("token worker lost: {loss}")]
    WorkerLost {
        /// How.
        loss: Loss,
    },
    /// The call took longer than its deadline; the worker was ended.
    #[error("no answer within {seconds} s")]
    TimedOut {
        /// The deadline.
        seconds: u64,
    },
}
