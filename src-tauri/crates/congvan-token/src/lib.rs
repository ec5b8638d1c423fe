//! USB tokens through PKCS#11: modules, slots, tokens, certificates, login, signatures.
//!
//! Runs only inside the token worker process: vendors' modules hang and crash.
//!
//! Invariant: a PIN that was given is handed to the module at most once for a login; a failed login
//! is never repeated. Only CKR_PIN_INCORRECT says that a PIN was wrong. The last try is not spent
//! without consent, and a locked PIN is not tried at all.
//!
//! Invariant: no signature leaves this crate that the certificate's public key does not verify.

mod architecture;
mod catalogue;
mod certificate;
mod discovery;
mod error;
mod mechanism;
mod module;
#[allow(unsafe_code, reason = "PC/SC is a C interface")]
mod pcsc;
mod public_key;
#[allow(
    unsafe_code,
    reason = "PKCS#11 is a C interface; see the module's comments"
)]
mod raw;
mod registry;
mod session;
mod token_info;

pub use architecture::{Fit, fit_of};
pub use catalogue::{KnownCard, known_card};
pub use certificate::Certificate;
pub use congvan_model::{Hash, SignAlgorithm};
pub use discovery::{Found, Hint, Origin, Search, discover};
pub use error::TokenError;
pub use module::{About, Module, PinState, Present, Token};
pub use pcsc::{CardService, Content, Reader, ReaderWaiter, card_service};
pub use public_key::KeyKind;
pub use session::{Login, Pin, Session};
