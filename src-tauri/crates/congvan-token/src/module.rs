use std::path::Path;

use cryptoki::{
    context::Pkcs11,
    error::{Error as Cryptoki, RvError},
    slot::Slot,
};

use crate::{
    architecture::{Fit, fit_of},
    certificate::{Certificate, certificates},
    discovery::is_in_readers,
    error::TokenError,
    raw::{self, Raw},
    token_info::TokenInfo,
};

/// What the token says about the tries that are left for the user's PIN.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PinState {
    /// No wrong PIN since the last right one, as far as the token says.
    Ok,
    /// CKF_USER_PIN_COUNT_LOW. Many cards never set this.
    CountLow,
    /// CKF_USER_PIN_FINAL_TRY: one more wrong PIN locks the token.
    FinalTry,
    /// CKF_USER_PIN_LOCKED.
    Locked,
    /// No PIN was ever set.
    NotInitialised,
}

impl PinState {
    pub(crate) fn of(info: &TokenInfo) -> Self {
        if info.user_pin_locked() {
            Self::Locked
        } else if !info.user_pin_initialized() {
            Self::NotInitialised
        } else if info.user_pin_final_try() {
            Self::FinalTry
        } else if info.user_pin_count_low() {
            Self::CountLow
        } else {
            Self::Ok
        }
    }
}

/// A token in a slot.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token {
    /// The module's slot number.
    pub slot: u64,
    /// What the reader calls itself.
    pub reader: String,
    /// The token's label.
    pub label: String,
    /// Who made it.
    pub manufacturer: String,
    /// Its model.
    pub model: String,
    /// Its serial number.
    pub serial: String,
    /// The state of the user's PIN.
    pub pin_state: PinState,
    /// Shortest PIN.
    pub pin_min: u32,
    /// Longest PIN; 0 when unknown.
    pub pin_max: u32,
    /// The PIN is typed on the reader.
    pub protected_path: bool,
    /// The certificates on it.
    pub certificates: Vec<Certificate>,
}

/// A token that is plugged in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Present {
    /// The module's slot number.
    pub slot: u64,
    /// The token's label.
    pub label: String,
    /// Its serial number.
    pub serial: String,
    /// The state of the user's PIN.
    pub pin_state: PinState,
    /// The PIN is typed on the reader.
    pub protected_path: bool,
}

/// What a module says of itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct About {
    /// Description.
    pub description: String,
    /// Maker.
    pub manufacturer: String,
    /// Version of the library.
    pub version: String,
    /// Version of PKCS#11.
    pub cryptoki: String,
}

/// A loaded and initialised PKCS#11 module. One per process: the interface is global state.
pub struct Module {
    pub(crate) pkcs11: Pkcs11,
    pub(crate) raw: Raw,
    in_readers: bool,
}

impl Module {
    /// Checks the file's header, loads the library and initialises it with the parameters its
    /// product wants, if any.
    ///
    /// # Errors
    /// The `Module...` variants of [`TokenError`].
    pub fn load(path: &Path, parameters: Option<&str>) -> Result<Self, TokenError> {
        match fit_of(path) {
            Fit::Fits => {}
            Fit::Missing => {
                return Err(TokenError::ModuleNotFound {
                    path: path.to_path_buf(),
                });
            }
            Fit::WrongArchitecture { found, needed } => {
                return Err(TokenError::ModuleWrongArchitecture { found, needed });
            }
            Fit::NotALibrary => {
                return Err(TokenError::ModuleUnloadable {
                    detail: "not a library".to_owned(),
                });
            }
        }
        let pkcs11 = Pkcs11::new(path)?;
        match pkcs11.initialize(raw::initialise_with(parameters)) {
            Ok(()) | Err(Cryptoki::Pkcs11(RvError::CryptokiAlreadyInitialized, _)) => {}
            Err(error) => return Err(error.into()),
        }
        let raw = Raw::load(path)?;
        Ok(Self {
            pkcs11,
            raw,
            in_readers: is_in_readers(path),
        })
    }

    /// Whether its tokens sit in the card service's readers, so that what the service tells says
    /// when to look. Any other module has to be asked again and again.
    #[must_use]
    pub fn is_in_readers(&self) -> bool {
        self.in_readers
    }

    /// What it says of itself.
    ///
    /// # Errors
    /// [`TokenError::ModuleFailed`].
    pub fn about(&self) -> Result<About, TokenError> {
        let info = self.pkcs11.get_library_info()?;
        Ok(About {
            description: trimmed(info.library_description()),
            manufacturer: trimmed(info.manufacturer_id()),
            version: info.library_version().to_string(),
            cryptoki: info.cryptoki_version().to_string(),
        })
    }

    /// The tokens in all slots, with their certificates. A token that is pulled meanwhile, or that
    /// is not formatted, is left out.
    ///
    /// # Errors
    /// [`TokenError::ModuleFailed`] and [`TokenError::ModuleNonsense`].
    pub fn tokens(&self) -> Result<Vec<Token>, TokenError> {
        let mut tokens = Vec::new();
        for slot in self.pkcs11.get_slots_with_token()? {
            match self.token(slot) {
                Ok(token) => tokens.extend(token),
                Err(TokenError::TokenRemoved | TokenError::SessionLost) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(tokens)
    }

    /// The tokens that are plugged in, without reading certificates.
    ///
    /// # Errors
    /// [`TokenError::ModuleFailed`] when the module is broken as a whole, as it is after the
    /// system's card service was restarted.
    pub fn presence(&self) -> Result<Vec<Present>, TokenError> {
        let mut present = Vec::new();
        for slot in self.pkcs11.get_slots_with_token()? {
            match self.token_info(slot) {
                Ok(info) if info.token_initialized() => present.push(Present {
                    slot: slot.id(),
                    label: trimmed(&info.label()),
                    serial: trimmed(&info.serial_number()),
                    pin_state: PinState::of(&info),
                    protected_path: info.protected_authentication_path(),
                }),
                Ok(_) => {}
                Err(error) => match TokenError::from(error) {
                    TokenError::TokenRemoved => {}
                    // A card that this module cannot read, as a bank card in the second slot.
                    TokenError::ModuleFailed { ckr, .. } if ckr == "CKR_TOKEN_NOT_RECOGNIZED" => {}
                    error => return Err(error),
                },
            }
        }
        Ok(present)
    }

    fn token(&self, slot: Slot) -> Result<Option<Token>, TokenError> {
        let info = match self.token_info(slot) {
            Ok(info) => info,
            Err(Cryptoki::Pkcs11(RvError::TokenNotRecognized, _)) => return Ok(None),
            Err(error) => return Err(error.into()),
        };
        if !info.token_initialized() {
            return Ok(None);
        }
        let reader = self.pkcs11.get_slot_info(slot)?;
        let session = self.pkcs11.open_ro_session(slot)?;
        Ok(Some(Token {
            slot: slot.id(),
            reader: trimmed(reader.slot_description()),
            label: trimmed(&info.label()),
            manufacturer: trimmed(&info.manufacturer_id()),
            model: trimmed(&info.model()),
            serial: trimmed(&info.serial_number()),
            pin_state: PinState::of(&info),
            pin_min: u32::try_from(info.min_pin_length()).unwrap_or(0),
            pin_max: u32::try_from(info.max_pin_length()).unwrap_or(0),
            protected_path: info.protected_authentication_path(),
            certificates: certificates(&session)?,
        }))
    }

    /// The slots that hold a token with this serial number.
    pub(crate) fn slots_of(&self, serial: &str) -> Result<Vec<(Slot, TokenInfo)>, TokenError> {
        let mut slots = Vec::new();
        for slot in self.pkcs11.get_slots_with_token()? {
            // A slot that cannot be read does not hold the token we look for; if it did, it is
            // absent in any useful sense.
            if let Ok(info) = self.token_info(slot)
                && info.token_initialized()
                && trimmed(&info.serial_number()) == serial.trim()
            {
                slots.push((slot, info));
            }
        }
        Ok(slots)
    }

    /// Whether the slot still holds a token; modules answer CKR_GENERAL_ERROR to a call during
    /// which the token was pulled.
    pub(crate) fn token_present(&self, slot: Slot) -> bool {
        self.pkcs11
            .get_slot_info(slot)
            .is_ok_and(|info| info.token_present())
    }
}

/// The interface pads its texts with blanks, some modules with zeros.
fn trimmed(text: &str) -> String {
    text.trim_matches(|letter: char| letter == '\0' || letter.is_whitespace())
        .to_owned()
}
