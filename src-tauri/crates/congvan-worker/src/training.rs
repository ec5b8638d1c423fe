//! Training mode: what the simulated token of the token worker is told to do.

use serde::{Deserialize, Serialize};

/// A module path that ends in this name is no library: the token worker serves its simulated token
/// there, whose keys and counter of tries lie in the folder around it.
pub const TRAINING_FILE: &str = "training.congvan-token";

/// The PIN of the simulated token; everybody may know it.
pub const TRAINING_PIN: &str = "123456";

macro_rules! scenarios {
    ($($(#[$doc:meta])* $name:ident = $word:literal;)*) => {
        /// What the simulated token does.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
        pub enum Scenario { $($(#[$doc])* $name,)* }

        impl Scenario {
            /// All of them, in the order of a lesson.
            pub const ALL: &[Self] = &[$(Self::$name),*];

            /// Its name in the worker's state, in logs and in the catalogues.
            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$name => $word,)* }
            }
        }
    };
}

scenarios! {
    /// Everything works.
    Normal = "normal";
    /// The reader has a keypad.
    PinPad = "pin_pad";
    /// The key asks for the PIN at each signature; the person still types it once.
    AlwaysAuthenticate = "always_authenticate";
    /// Signatures take long, and work.
    Slow = "slow";
    /// Every PIN is called wrong; the counter falls.
    WrongPin = "wrong_pin";
    /// One try is left.
    LastTry = "last_try";
    /// The PIN is locked.
    Locked = "locked";
    /// No PIN was ever set.
    PinNotSet = "pin_not_set";
    /// Cancel is pressed on the reader's keypad.
    CancelledOnReader = "cancelled_on_reader";
    /// The token goes away during the second signature.
    UnpluggedSigning = "unplugged_signing";
    /// Another token is in the reader when the PIN comes.
    OtherToken = "other_token";
    /// The module crashes during the second signature.
    Crash = "crash";
    /// The module crashes during the login.
    CrashAtLogin = "crash_at_login";
    /// The module hangs during the second signature.
    Hang = "hang";
    /// The second signature is garbage.
    WrongSignature = "wrong_signature";
    /// The second signature is cut short.
    ShortSignature = "short_signature";
    /// The module answers CKR_GENERAL_ERROR to the second signature.
    ModuleError = "module_error";
    /// The module knows no algorithm that we may sign with.
    NoAlgorithm = "no_algorithm";
    /// The certificate has expired.
    ExpiredCertificate = "expired_certificate";
    /// The certificate is not valid yet.
    NotYetValid = "not_yet_valid";
    /// The certificate's authority has revoked it.
    RevokedCertificate = "revoked_certificate";
    /// The certificate is not for signing.
    WrongUsage = "wrong_usage";
    /// The certificate leads to no trusted root.
    Untrusted = "untrusted";
    /// There is no certificate on the token.
    NoCertificate = "no_certificate";
    /// There is no key for the certificate.
    NoKey = "no_key";
    /// The card service is not running.
    CardServiceStopped = "card_service_stopped";
    /// No reader is plugged in.
    NoReader = "no_reader";
    /// The reader is empty.
    NoCard = "no_card";
    /// The card does not answer.
    CardMute = "card_mute";
    /// A known token without its middleware.
    NoMiddleware = "no_middleware";
    /// The middleware is for another processor.
    WrongArchitecture = "wrong_architecture";
    /// The middleware does not load.
    ModuleUnloadable = "module_unloadable";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_scenario_has_a_name_of_its_own() {
        let mut names: Vec<&str> = Scenario::ALL.iter().map(|s| s.as_str()).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), Scenario::ALL.len());
    }
}
