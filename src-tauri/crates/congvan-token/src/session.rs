use std::time::Duration;

use congvan_model::SignAlgorithm;
use cryptoki::{
    error::{Error as Cryptoki, RvError},
    session::{Session as RawSession, SessionState, UserType},
    slot::Slot,
    types::AuthPin,
};
use secrecy::{ExposeSecret, SecretString};

use aws_lc_rs::digest;

use crate::{
    certificate::{PrivateKey, certificates, private_key_of},
    error::{TokenError, ckr_name},
    mechanism::{ecdsa_der, input_for, key_kind, ladder},
    module::{Module, PinState},
    public_key::{KeyKind, PublicKey},
    token_info::TokenInfo,
};

/// How often and how far apart the presence of a token is checked after an unclear error.
const ABSENCE_CHECKS: u32 = 20;
const ABSENCE_PAUSE: Duration = Duration::from_millis(50);

/// A PIN. No `Clone`, no `Debug`; wiped when dropped.
pub struct Pin(SecretString);

impl Pin {
    /// Takes the secret.
    #[must_use]
    pub fn new(secret: SecretString) -> Self {
        Self(secret)
    }

    fn auth(&self) -> AuthPin {
        AuthPin::new(self.0.expose_secret().into())
    }
}

/// What is needed to log in.
pub struct Login<'a> {
    /// The token's serial number.
    pub serial: &'a str,
    /// SHA-256 of the chosen certificate.
    pub certificate: &'a [u8; 32],
    /// The PIN; nothing on a protected path.
    pub pin: Option<Pin>,
    /// The user agreed to spend the last try.
    pub final_try_consent: bool,
}

/// A logged-in session with the key of one certificate. Dropping it logs out.
pub struct Session<'m> {
    module: &'m Module,
    slot: Slot,
    session: RawSession,
    key: PrivateKey,
    public: PublicKey,
    final_try_consent: bool,
    /// Kept only for keys that ask for the PIN at each signature.
    pin: Option<Pin>,
    protected_path: bool,
    /// The step of the mechanism ladder that worked, so that later signatures start there.
    step: usize,
}

impl Module {
    /// Logs in. The certificate is looked up before the PIN is used, so that a wrong token never
    /// costs a try; the PIN is handed to the module at most once.
    ///
    /// # Errors
    /// Every variant of [`TokenError`] but those of signing.
    pub fn open(&self, login: Login<'_>) -> Result<Session<'_>, TokenError> {
        let slots = self.slots_of(login.serial)?;
        if slots.is_empty() {
            return Err(TokenError::TokenAbsent);
        }
        for (slot, info) in slots {
            let session = self.pkcs11.open_ro_session(slot)?;
            let chosen = certificates(&session)?.into_iter().find(|certificate| {
                digest::digest(&digest::SHA256, &certificate.der).as_ref() == login.certificate
            });
            if let Some(certificate) = chosen {
                let public = PublicKey::of_certificate(&certificate.der);
                self.log_in(slot, &session, login.pin.as_ref(), login.final_try_consent)?;
                let key = private_key_of(&session, &certificate.id, &public)?;
                let protected_path = info.protected_authentication_path();
                let keep = key.always_authenticate && !protected_path;
                return Ok(Session {
                    module: self,
                    slot,
                    session,
                    pin: login.pin.filter(|_| keep),
                    key,
                    public,
                    final_try_consent: login.final_try_consent,
                    protected_path,
                    step: 0,
                });
            }
        }
        Err(TokenError::CertificateMismatch)
    }

    /// Changes the user's PIN; nothing in `pins` means that both are typed on the reader.
    ///
    /// # Errors
    /// As [`Module::open`].
    pub fn change_pin(
        &self,
        serial: &str,
        pins: Option<(Pin, Pin)>,
        final_try_consent: bool,
    ) -> Result<(), TokenError> {
        let (slot, info) = self
            .slots_of(serial)?
            .into_iter()
            .next()
            .ok_or(TokenError::TokenAbsent)?;
        check_tries(&info, final_try_consent)?;
        let session = self.pkcs11.open_rw_session(slot)?;
        let protected = info.protected_authentication_path();
        let result = match &pins {
            Some((old, new)) => {
                check_length(&info, old)?;
                check_length(&info, new)?;
                session.set_pin(&old.auth(), &new.auth()).map_err(rv_of)
            }
            None if protected => self.raw.set_pin_on_reader(session.handle()).map_err(Some),
            None => return Err(TokenError::PinNeeded),
        };
        result.map_err(|rv| self.login_error(slot, rv, "C_SetPIN"))
    }

    /// The one C_Login of a session. The token's flags are read anew just before.
    fn log_in(
        &self,
        slot: Slot,
        session: &RawSession,
        pin: Option<&Pin>,
        consent: bool,
    ) -> Result<(), TokenError> {
        let info = self.token_info(slot)?;
        if !info.login_required() {
            return Ok(());
        }
        // The login of a process is shared by its sessions. If one is left over, this PIN would
        // not be checked at all.
        let state = session.get_session_info()?.session_state();
        if matches!(state, SessionState::RoUser | SessionState::RwUser) {
            session.logout()?;
        }
        check_tries(&info, consent)?;
        let auth = match pin {
            _ if info.protected_authentication_path() => None,
            Some(pin) => {
                check_length(&info, pin)?;
                Some(pin.auth())
            }
            None => return Err(TokenError::PinNeeded),
        };
        session
            .login(UserType::User, auth.as_ref())
            .map_err(|error| self.login_error(slot, rv_of(error), "C_Login"))
    }

    /// The meaning of a failed login. Whatever it is, the PIN is not tried again.
    fn login_error(&self, slot: Slot, rv: Option<RvError>, function: &str) -> TokenError {
        let Some(rv) = rv else {
            return TokenError::ModuleNonsense {
                what: format!("{function} without a value"),
            };
        };
        let failed = || TokenError::ModuleFailed {
            function: function.to_owned(),
            ckr: ckr_name(rv),
        };
        #[expect(
            clippy::wildcard_enum_match_arm,
            reason = "cryptoki's own enum of 100 values"
        )]
        match rv {
            RvError::PinIncorrect => {
                let now = self.token_info(slot);
                TokenError::PinIncorrect {
                    pin_state: now.map_or(PinState::CountLow, |info| PinState::of(&info)),
                }
            }
            RvError::PinLocked => TokenError::PinLocked,
            RvError::PinInvalid
            | RvError::PinLenRange
            | RvError::PinExpired
            | RvError::PinTooWeak => TokenError::PinNotAccepted { ckr: ckr_name(rv) },
            RvError::UserPinNotInitialized => TokenError::PinNotInitialised,
            RvError::FunctionCanceled | RvError::Cancel => TokenError::CancelledOnReader,
            RvError::DeviceRemoved
            | RvError::TokenNotPresent
            | RvError::SessionHandleInvalid
            | RvError::SessionClosed => TokenError::TokenRemoved,
            _ if !self.token_present(slot) => TokenError::TokenRemoved,
            _ => failed(),
        }
    }
}

impl Session<'_> {
    /// Signs a message: walks the mechanism ladder, logs in again for the one operation where the
    /// key asks for it, and checks the signature with the certificate's public key.
    ///
    /// # Errors
    /// [`TokenError::AlgorithmUnsupported`], [`TokenError::WrongSignature`],
    /// [`TokenError::TokenRemoved`], [`TokenError::SessionLost`], [`TokenError::ModuleFailed`],
    /// and those of a login for keys that always authenticate.
    pub fn sign(
        &mut self,
        algorithm: SignAlgorithm,
        message: &[u8],
    ) -> Result<Vec<u8>, TokenError> {
        if !self.public.supports(algorithm) {
            return Err(TokenError::AlgorithmUnsupported { algorithm });
        }
        for (step, (mechanism, input)) in ladder(algorithm).iter().enumerate().skip(self.step) {
            match self.session.sign_init(mechanism, self.key.handle) {
                Ok(()) => {}
                Err(Cryptoki::Pkcs11(
                    RvError::MechanismInvalid
                    | RvError::MechanismParamInvalid
                    | RvError::FunctionNotSupported
                    | RvError::KeyTypeInconsistent,
                    _,
                )) => continue,
                Err(error) => return Err(self.sign_error(rv_of(error), "C_SignInit")),
            }
            if self.key.always_authenticate {
                self.authenticate_again()?;
            }
            let data = input_for(*input, algorithm.hash(), message);
            let raw = match self.module.raw.sign(self.session.handle(), &data) {
                Ok(raw) => raw,
                Err(RvError::MechanismInvalid | RvError::FunctionNotSupported) => continue,
                Err(rv) => return Err(self.sign_error(Some(rv), "C_Sign")),
            };
            let signature = match key_kind(algorithm) {
                KeyKind::Ec => ecdsa_der(&raw).ok_or(TokenError::WrongSignature)?,
                KeyKind::Rsa | KeyKind::Other => raw,
            };
            if !self.public.verifies(algorithm, message, &signature) {
                return Err(TokenError::WrongSignature);
            }
            // A ladder differs by algorithm only in its first step, so a step that was skipped
            // once is skipped for good.
            self.step = step;
            return Ok(signature);
        }
        Err(TokenError::AlgorithmUnsupported { algorithm })
    }

    /// The context-specific login of keys with CKA_ALWAYS_AUTHENTICATE. The PIN was right a moment
    /// ago; should it fail all the same, it is wiped and not tried again.
    fn authenticate_again(&mut self) -> Result<(), TokenError> {
        let result = self.authenticate_once();
        if result.is_err() {
            self.pin = None;
        }
        result
    }

    fn authenticate_once(&self) -> Result<(), TokenError> {
        let info = self.module.token_info(self.slot)?;
        check_tries(&info, self.final_try_consent)?;
        let auth = match &self.pin {
            _ if self.protected_path => None,
            Some(pin) => Some(pin.auth()),
            None => return Err(TokenError::SessionLost),
        };
        self.session
            .login(UserType::ContextSpecific, auth.as_ref())
            .map_err(|error| self.module.login_error(self.slot, rv_of(error), "C_Login"))
    }

    fn sign_error(&self, rv: Option<RvError>, function: &str) -> TokenError {
        let Some(rv) = rv else {
            return TokenError::ModuleNonsense {
                what: format!("{function} without a value"),
            };
        };
        #[expect(
            clippy::wildcard_enum_match_arm,
            reason = "cryptoki's own enum of 100 values"
        )]
        match rv {
            RvError::DeviceRemoved | RvError::TokenNotPresent => TokenError::TokenRemoved,
            RvError::GeneralError | RvError::DeviceError | RvError::FunctionFailed
                if self.went_away() =>
            {
                TokenError::TokenRemoved
            }
            RvError::SessionHandleInvalid
            | RvError::SessionClosed
            | RvError::UserNotLoggedIn
            | RvError::ObjectHandleInvalid
            | RvError::KeyHandleInvalid => TokenError::SessionLost,
            // Not retried: a module that forgot the login would ask again with the same PIN.
            RvError::PinIncorrect | RvError::PinLocked | RvError::PinExpired => {
                TokenError::SessionLost
            }
            _ => TokenError::ModuleFailed {
                function: function.to_owned(),
                ckr: ckr_name(rv),
            },
        }
    }
}

impl Session<'_> {
    /// After an error that may mean anything: whether the token went away meanwhile. The card
    /// service needs up to half a second to notice, and OpenSC says so of the session first.
    fn went_away(&self) -> bool {
        for _ in 0..ABSENCE_CHECKS {
            let gone = match self.session.get_session_info() {
                Ok(_) => !self.module.token_present(self.slot),
                Err(error) => {
                    matches!(
                        error.into(),
                        TokenError::TokenRemoved | TokenError::SessionLost
                    )
                }
            };
            if gone {
                return true;
            }
            std::thread::sleep(ABSENCE_PAUSE);
        }
        false
    }
}

impl Drop for Session<'_> {
    fn drop(&mut self) {
        // A token that is gone cannot be logged out; closing follows by cryptoki's own drop.
        if let Err(error) = self.session.logout() {
            tracing::debug!(%error, "logout");
        }
    }
}

/// Whether a try may be spent.
fn check_tries(info: &TokenInfo, consent: bool) -> Result<(), TokenError> {
    match PinState::of(info) {
        PinState::Locked => Err(TokenError::PinLocked),
        PinState::NotInitialised => Err(TokenError::PinNotInitialised),
        PinState::FinalTry if !consent => Err(TokenError::FinalTryNeedsConsent),
        PinState::FinalTry | PinState::CountLow | PinState::Ok => Ok(()),
    }
}

/// A PIN of impossible length is stopped here, because some tokens count it as a try.
fn check_length(info: &TokenInfo, pin: &Pin) -> Result<(), TokenError> {
    let length = pin.0.expose_secret().len();
    let (min, max) = (info.min_pin_length(), info.max_pin_length());
    let sane = max >= min && max > 0;
    if length == 0 || (sane && !(min..=max).contains(&length)) {
        return Err(TokenError::PinLength {
            min: u32::try_from(min).unwrap_or(0),
            max: u32::try_from(max).unwrap_or(0),
        });
    }
    Ok(())
}

fn rv_of(error: Cryptoki) -> Option<RvError> {
    match error {
        Cryptoki::Pkcs11(rv, _) => Some(rv),
        Cryptoki::LibraryLoading(_)
        | Cryptoki::NotSupported
        | Cryptoki::TryFromInt(_)
        | Cryptoki::TryFromSlice(_)
        | Cryptoki::ParseInt(_)
        | Cryptoki::Utf8(_)
        | Cryptoki::NulError(_)
        | Cryptoki::NullFunctionPointer
        | Cryptoki::MissingSymbol(_)
        | Cryptoki::InvalidValue
        | Cryptoki::PinNotSet => None,
    }
}
