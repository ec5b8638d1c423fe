use std::path::PathBuf;

use congvan_model::SignAlgorithm;
use cryptoki::{
    context::Function,
    error::{Error as Cryptoki, RvError},
};

use crate::module::PinState;

/// Why a token did not do what was asked.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
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
    /// The module answered an error that has no better name here.
    #[error("module failed in {function}: {ckr}")]
    ModuleFailed {
        /// The PKCS#11 function.
        function: String,
        /// The CKR value by name.
        ckr: String,
    },
    /// The module answered something that makes no sense.
    #[error("module answered nonsense: {what}")]
    ModuleNonsense {
        /// What was wrong.
        what: String,
    },
    /// No token with this serial number is plugged in.
    #[error("token is not plugged in")]
    TokenAbsent,
    /// The token went away during the call.
    #[error("token was removed")]
    TokenRemoved,
    /// CKR_PIN_INCORRECT and nothing else: a try was spent.
    #[error("wrong PIN; the token now says {pin_state:?}")]
    PinIncorrect {
        /// What the token says after the try.
        pin_state: PinState,
    },
    /// The PIN is locked; no try was spent.
    #[error("PIN is locked")]
    PinLocked,
    /// A wrong PIN would now lock the token; no try was spent.
    #[error("one try is left; consent is needed")]
    FinalTryNeedsConsent,
    /// The PIN is shorter or longer than the token accepts; no try was spent.
    #[error("PIN must have {min} to {max} characters")]
    PinLength {
        /// Shortest.
        min: u32,
        /// Longest.
        max: u32,
    },
    /// The token rejects the PIN's form or age.
    #[error("PIN not accepted: {ckr}")]
    PinNotAccepted {
        /// The CKR value by name.
        ckr: String,
    },
    /// The token has no user PIN yet.
    #[error("no user PIN is set")]
    PinNotInitialised,
    /// No PIN was given and the reader has no keypad.
    #[error("a PIN is needed")]
    PinNeeded,
    /// The user pressed cancel on the reader's keypad.
    #[error("cancelled on the reader")]
    CancelledOnReader,
    /// The token has no private key for the certificate.
    #[error("no private key for the certificate")]
    KeyNotFound,
    /// The chosen certificate is not on this token.
    #[error("the chosen certificate is not on the token")]
    CertificateMismatch,
    /// The key cannot sign with this algorithm.
    #[error("the key cannot sign with {algorithm:?}")]
    AlgorithmUnsupported {
        /// What was asked.
        algorithm: SignAlgorithm,
    },
    /// The token answered a signature that the certificate's public key does not verify.
    #[error("the token answered a wrong signature")]
    WrongSignature,
    /// The session is over; a new login is needed.
    #[error("session is over")]
    SessionLost,
}

impl From<Cryptoki> for TokenError {
    /// The meaning of an error outside of a login. PIN errors are read by the login alone, which
    /// knows the token's state.
    fn from(error: Cryptoki) -> Self {
        match error {
            Cryptoki::Pkcs11(rv, function) => from_rv(rv, function),
            Cryptoki::LibraryLoading(error) => Self::ModuleUnloadable {
                detail: error.to_string(),
            },
            Cryptoki::MissingSymbol(name) => Self::ModuleUnloadable {
                detail: format!("no {name} in it"),
            },
            Cryptoki::NullFunctionPointer => Self::ModuleNonsense {
                what: "a function is missing".to_owned(),
            },
            Cryptoki::NotSupported
            | Cryptoki::TryFromInt(_)
            | Cryptoki::TryFromSlice(_)
            | Cryptoki::ParseInt(_)
            | Cryptoki::Utf8(_)
            | Cryptoki::NulError(_)
            | Cryptoki::InvalidValue
            | Cryptoki::PinNotSet => Self::ModuleNonsense {
                what: error.to_string(),
            },
        }
    }
}

fn from_rv(rv: RvError, function: Function) -> TokenError {
    match rv {
        RvError::DeviceRemoved | RvError::TokenNotPresent => TokenError::TokenRemoved,
        RvError::SessionHandleInvalid | RvError::SessionClosed | RvError::UserNotLoggedIn => {
            TokenError::SessionLost
        }
        RvError::PinLocked => TokenError::PinLocked,
        other => TokenError::ModuleFailed {
            function: format!("C_{function:?}"),
            ckr: ckr_name(other),
        },
    }
}

/// The name the specification gives a value: `CKR_GENERAL_ERROR`, or `CKR_0x80000001`.
pub(crate) fn ckr_name(rv: RvError) -> String {
    if let RvError::VendorDefined(code) | RvError::UnknownErrorCode(code) = rv {
        return format!("CKR_{code:#010x}");
    }
    let mut name = String::from("CKR");
    for letter in format!("{rv:?}").chars() {
        if letter.is_ascii_uppercase() {
            name.push('_');
        }
        name.push(letter.to_ascii_uppercase());
    }
    name
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_have_the_names_of_the_specification() {
        assert_eq!(ckr_name(RvError::GeneralError), "CKR_GENERAL_ERROR");
        assert_eq!(
            ckr_name(RvError::VendorDefined(0x8000_0001)),
            "CKR_0x80000001"
        );
    }

    #[test]
    fn only_pin_incorrect_may_say_wrong_pin() {
        for rv in [
            RvError::GeneralError,
            RvError::DeviceError,
            RvError::FunctionFailed,
            RvError::PinInvalid,
            RvError::PinLenRange,
            RvError::PinLocked,
            RvError::PinIncorrect,
        ] {
            let error = TokenError::from(Cryptoki::Pkcs11(rv, Function::Sign));
            assert!(!matches!(error, TokenError::PinIncorrect { .. }), "{rv:?}");
        }
    }
}
