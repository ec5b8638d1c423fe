use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{ErrorCode, IpcError};

macro_rules! scenarios {
    ($($(#[$doc:meta])* $name:ident;)*) => {
        /// What the simulated token does.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
        #[serde(rename_all = "snake_case")]
        pub enum TrainingScenario { $($(#[$doc])* $name,)* }

        impl From<congvan_core::Scenario> for TrainingScenario {
            fn from(scenario: congvan_core::Scenario) -> Self {
                match scenario { $(congvan_core::Scenario::$name => Self::$name,)* }
            }
        }

        impl From<TrainingScenario> for congvan_core::Scenario {
            fn from(scenario: TrainingScenario) -> Self {
                match scenario { $(TrainingScenario::$name => Self::$name,)* }
            }
        }
    };
}

scenarios! {
    /// Everything works.
    Normal;
    /// The reader has a keypad.
    PinPad;
    /// The key asks for the PIN at each signature; the person still types it once.
    AlwaysAuthenticate;
    /// Signatures take long, and work.
    Slow;
    /// Every PIN is called wrong; the counter falls.
    WrongPin;
    /// One try is left.
    LastTry;
    /// The PIN is locked.
    Locked;
    /// No PIN was ever set.
    PinNotSet;
    /// Cancel is pressed on the reader's keypad.
    CancelledOnReader;
    /// The token goes away during the second signature.
    UnpluggedSigning;
    /// Another token is in the reader when the PIN comes.
    OtherToken;
    /// The module crashes during the second signature.
    Crash;
    /// The module crashes during the login.
    CrashAtLogin;
    /// The module hangs during the second signature.
    Hang;
    /// The second signature is garbage.
    WrongSignature;
    /// The second signature is cut short.
    ShortSignature;
    /// The module answers CKR_GENERAL_ERROR to the second signature.
    ModuleError;
    /// The module knows no algorithm that we may sign with.
    NoAlgorithm;
    /// The certificate has expired.
    ExpiredCertificate;
    /// The certificate is not valid yet.
    NotYetValid;
    /// The certificate's authority has revoked it.
    RevokedCertificate;
    /// The certificate is not for signing.
    WrongUsage;
    /// The certificate leads to no trusted root.
    Untrusted;
    /// There is no certificate on the token.
    NoCertificate;
    /// There is no key for the certificate.
    NoKey;
    /// The card service is not running.
    CardServiceStopped;
    /// No reader is plugged in.
    NoReader;
    /// The reader is empty.
    NoCard;
    /// The card does not answer.
    CardMute;
    /// A known token without its middleware.
    NoMiddleware;
    /// The middleware is for another processor.
    WrongArchitecture;
    /// The middleware does not load.
    ModuleUnloadable;
}

/// A scenario on the list. Its words are `training.scenario.ID.title` and `.hint` in the
/// catalogues.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct TrainingScenarioDto {
    /// Which.
    pub id: TrainingScenario,
    /// The message that a person meets, at the latest when signing; none when all goes well.
    pub code: Option<ErrorCode>,
}

/// Arguments of `training_start`.
#[derive(Clone, Debug, Deserialize, TS)]
pub struct TrainingArgs {
    /// What the token shall do.
    pub scenario: TrainingScenario,
}

/// Training mode, while it is on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct TrainingState {
    /// What the token does.
    pub scenario: TrainingScenario,
    /// The PIN of the simulated token, to be shown on the banner.
    pub pin: String,
    /// Hash of the document to practise with, for `file_open` and `page://` like any other's.
    pub sample: String,
}

/// Arguments of `training_sign`: signs copies of the sample with one PIN. Nothing of it enters
/// the outbox, the documents of the desk, or the server.
#[derive(Clone, Debug, Deserialize, TS)]
pub struct TrainingSignArgs {
    /// How many copies, 1 to 50.
    pub documents: u32,
}

/// One practised signature.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct TrainingItem {
    /// The signed copy, to be looked at under `page://`; none when it was not signed.
    pub sha256: Option<String>,
    /// Why not.
    pub problem: Option<IpcError>,
}

/// Answer of `training_sign`. Faults of the PIN or the token before the first signature are the
/// command's own error.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct TrainingReport {
    /// One for each copy, in order; those after a stop have neither hash nor problem.
    pub items: Vec<TrainingItem>,
    /// What stopped the batch.
    pub stopped: Option<IpcError>,
}
