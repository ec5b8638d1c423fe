//! The simulated token of training mode: answers the same calls as a module does, from software
//! keys and a counter of tries in its own folder, and misbehaves as its scenario says.
//!
//! Invariant: its certificates come from an authority of its own, whose name says that it has no
//! legal value, and whose key was made on this machine; nobody trusts it for a real document.

mod kit;

use std::{
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use congvan_worker::{
    CardService, Discovery, KeyKind, KnownCard, LibraryInfo, ModuleFit, ModuleInfo, ModuleOrigin,
    Pin, PinState, PresentToken, ReaderContent, ReaderInfo, Scenario, SignAlgorithm, TRAINING_FILE,
    TokenCertificate, TokenError, TokenInfo,
    wire::{TokenCall, TokenReply},
};
use secrecy::ExposeSecret;

use self::kit::{Kit, MOST_TRIES};
use crate::token::Answers;

/// Whether a path names the simulated token.
pub(crate) fn is_place(library: &Path) -> bool {
    library
        .file_name()
        .is_some_and(|name| name == TRAINING_FILE)
}

const LABEL: &str = "Token tập dượt";
const SERIAL: &str = "TAPDUOT00000001";
const PRODUCT: &str = "Phần mềm token tập dượt";
const READER: &str = "Đầu đọc mô phỏng";
/// Historical bytes `TAPDUOT`, so that nobody takes it for a real card.
const ATR: [u8; 10] = [0x3b, 0x07, b'T', b'A', b'P', b'D', b'U', b'O', b'T', 0x00];
const PIN_LENGTH: (usize, usize) = (4, 16);

/// A slow token's signature.
const SLOW: Duration = Duration::from_secs(2);
/// How long a person needs at the reader's keypad.
const TYPING: Duration = Duration::from_secs(3);
/// How long a pulled token stays away before somebody plugs it in again.
const AWAY: Duration = Duration::from_secs(8);
/// Longer than any deadline.
const FOR_EVER: Duration = Duration::from_secs(3_600);
/// The signature at which things go wrong: one is made, so that a batch stops in its middle.
const FATEFUL: u32 = 2;

/// The simulated token.
pub(crate) struct Trainer {
    place: PathBuf,
    kit: Kit,
    session: Option<Open>,
    last_session: u64,
    pulled: Option<Instant>,
}

struct Open {
    number: u64,
    signatures: u32,
}

impl Trainer {
    /// Opens the folder around `place`; keys are made by the first [`TokenCall::Train`].
    pub(crate) fn new(place: PathBuf) -> Self {
        let folder = place.parent().unwrap_or(Path::new(".")).to_path_buf();
        Self {
            kit: Kit::open(folder),
            place,
            session: None,
            last_session: 0,
            pulled: None,
        }
    }

    fn scenario(&self) -> Scenario {
        self.kit.scenario()
    }

    /// Whether a token is in the reader.
    fn plugged(&self) -> bool {
        let away = self.pulled.is_some_and(|since| since.elapsed() < AWAY);
        let absent = matches!(
            self.scenario(),
            Scenario::CardServiceStopped
                | Scenario::NoReader
                | Scenario::NoCard
                | Scenario::CardMute
        );
        !away && !absent && self.kit.is_made()
    }

    /// What a module of this scenario says to any call.
    fn loaded(&self) -> Result<(), TokenError> {
        match self.fit() {
            ModuleFit::WrongArchitecture { found, needed } => {
                Err(TokenError::ModuleWrongArchitecture { found, needed })
            }
            ModuleFit::Fits | ModuleFit::NotALibrary | ModuleFit::Missing => {
                if self.scenario() == Scenario::ModuleUnloadable {
                    return Err(TokenError::ModuleUnloadable {
                        detail: "tập dượt".to_owned(),
                    });
                }
                Ok(())
            }
        }
    }

    fn fit(&self) -> ModuleFit {
        if self.scenario() == Scenario::WrongArchitecture {
            return ModuleFit::WrongArchitecture {
                found: "x86".to_owned(),
                needed: std::env::consts::ARCH.to_owned(),
            };
        }
        ModuleFit::Fits
    }

    fn modules(&self, _request: &Discovery) -> Vec<ModuleInfo> {
        if self.scenario() == Scenario::NoMiddleware {
            return Vec::new();
        }
        vec![ModuleInfo {
            path: self.place.clone(),
            name: PRODUCT.to_owned(),
            vendor: "Công Văn".to_owned(),
            simulator: true,
            origin: ModuleOrigin::Training,
            reasons: vec![ModuleOrigin::Training],
            product: Some(PRODUCT.to_owned()),
            architecture: std::env::consts::ARCH.to_owned(),
            allowed: true,
            parameters: None,
            fit: self.fit(),
        }]
    }

    fn readers(&self) -> CardService {
        let reader = |content, known| {
            CardService::Running(vec![ReaderInfo {
                name: READER.to_owned(),
                content,
                known,
            }])
        };
        match self.scenario() {
            Scenario::CardServiceStopped => CardService::NotRunning,
            Scenario::NoReader => CardService::Running(Vec::new()),
            Scenario::CardMute => reader(ReaderContent::Mute, None),
            _ if !self.plugged() => reader(ReaderContent::Empty, None),
            _ => reader(
                ReaderContent::Card { atr: ATR.to_vec() },
                Some(KnownCard {
                    name: LABEL.to_owned(),
                    products: vec![PRODUCT.to_owned()],
                }),
            ),
        }
    }

    fn pin_state(&self) -> PinState {
        match (self.scenario(), self.kit.tries()) {
            (Scenario::PinNotSet, _) => PinState::NotInitialised,
            (_, 0) => PinState::Locked,
            (_, 1) => PinState::FinalTry,
            (_, tries) if tries < MOST_TRIES => PinState::CountLow,
            (_, _) => PinState::Ok,
        }
    }

    fn has_keypad(&self) -> bool {
        matches!(
            self.scenario(),
            Scenario::PinPad | Scenario::CancelledOnReader
        )
    }

    fn presence(&self) -> Vec<PresentToken> {
        let token = PresentToken {
            slot: 1,
            label: LABEL.to_owned(),
            serial: SERIAL.to_owned(),
            pin_state: self.pin_state(),
            protected_path: self.has_keypad(),
        };
        self.plugged().then_some(token).into_iter().collect()
    }

    fn tokens(&self) -> Vec<TokenInfo> {
        let certificate = |der: &[u8], label: &str, key: bool| TokenCertificate {
            der: der.to_vec(),
            label: label.to_owned(),
            key_kind: KeyKind::Rsa,
            key_bits: 2048,
            always_authenticate: key.then_some(self.scenario() == Scenario::AlwaysAuthenticate),
            private_key_seen: key,
        };
        let mut certificates = vec![certificate(self.kit.authority(), "CA", false)];
        if self.scenario() != Scenario::NoCertificate {
            certificates.insert(0, certificate(self.kit.certificate(), "Ký số", true));
        }
        let token = TokenInfo {
            slot: 1,
            reader: READER.to_owned(),
            label: LABEL.to_owned(),
            manufacturer: "Công Văn".to_owned(),
            model: "Mô phỏng".to_owned(),
            serial: SERIAL.to_owned(),
            pin_state: self.pin_state(),
            pin_min: u32::try_from(PIN_LENGTH.0).unwrap_or(0),
            pin_max: u32::try_from(PIN_LENGTH.1).unwrap_or(0),
            protected_path: self.has_keypad(),
            certificates,
        };
        self.plugged().then_some(token).into_iter().collect()
    }

    fn open(
        &mut self,
        serial: &str,
        certificate: &[u8; 32],
        pin: Option<&Pin>,
        consent: bool,
    ) -> Result<TokenReply, TokenError> {
        if !self.plugged() || serial != SERIAL || self.scenario() == Scenario::OtherToken {
            return Err(TokenError::TokenAbsent);
        }
        if *certificate != self.kit.certificate_hash() {
            return Err(TokenError::CertificateMismatch);
        }
        self.check_pin(pin, consent)?;
        if self.scenario() == Scenario::NoKey {
            return Err(TokenError::KeyNotFound);
        }
        self.last_session += 1;
        self.session = Some(Open {
            number: self.last_session,
            signatures: 0,
        });
        Ok(TokenReply::Opened {
            session: self.last_session,
        })
    }

    /// The rules of a real card: flags first, the try is written down before the PIN is compared.
    fn check_pin(&mut self, pin: Option<&Pin>, consent: bool) -> Result<(), TokenError> {
        match self.pin_state() {
            PinState::Locked => return Err(TokenError::PinLocked),
            PinState::NotInitialised => return Err(TokenError::PinNotInitialised),
            PinState::FinalTry if !consent => return Err(TokenError::FinalTryNeedsConsent),
            PinState::FinalTry | PinState::CountLow | PinState::Ok => {}
        }
        if self.scenario() == Scenario::CrashAtLogin {
            std::process::abort();
        }
        if self.has_keypad() {
            std::thread::sleep(TYPING);
            return match self.scenario() {
                Scenario::CancelledOnReader => Err(TokenError::CancelledOnReader),
                _ => Ok(()),
            };
        }
        let pin = pin.ok_or(TokenError::PinNeeded)?;
        check_length(pin)?;
        self.kit.spend_try()?;
        if self.scenario() == Scenario::WrongPin || !self.kit.is_pin(pin.expose()) {
            return Err(TokenError::PinIncorrect {
                pin_state: self.pin_state(),
            });
        }
        self.kit.restore_tries()
    }

    fn sign(
        &mut self,
        session: u64,
        algorithm: SignAlgorithm,
        data: &[u8],
    ) -> Result<TokenReply, TokenError> {
        let open = self.session.as_mut().filter(|open| open.number == session);
        let open = open.ok_or(TokenError::SessionLost)?;
        if self.kit.scenario() == Scenario::NoAlgorithm {
            return Err(TokenError::AlgorithmUnsupported { algorithm });
        }
        open.signatures += 1;
        let fateful = open.signatures == FATEFUL;
        let mut signature = self.kit.sign(algorithm, data)?;
        match self.scenario() {
            Scenario::Slow => std::thread::sleep(SLOW),
            Scenario::Crash if fateful => std::process::abort(),
            Scenario::Hang if fateful => std::thread::sleep(FOR_EVER),
            Scenario::UnpluggedSigning if fateful => {
                self.pulled = Some(Instant::now());
                self.session = None;
                return Err(TokenError::TokenRemoved);
            }
            Scenario::ModuleError if fateful => {
                return Err(TokenError::ModuleFailed {
                    function: "C_Sign".to_owned(),
                    ckr: "CKR_GENERAL_ERROR".to_owned(),
                });
            }
            Scenario::WrongSignature if fateful => signature.fill(0x5a),
            Scenario::ShortSignature if fateful => signature.truncate(signature.len() / 2),
            _ => {}
        }
        // As with every module: what does not verify does not leave the worker.
        if !self.kit.verifies(algorithm, data, &signature) {
            return Err(TokenError::WrongSignature);
        }
        Ok(TokenReply::Signature(signature))
    }

    fn change_pin(
        &mut self,
        serial: &str,
        pins: Option<(Pin, Pin)>,
        consent: bool,
    ) -> Result<TokenReply, TokenError> {
        if !self.plugged() || serial != SERIAL {
            return Err(TokenError::TokenAbsent);
        }
        let (old, new) = pins.unzip();
        if let Some(new) = &new {
            check_length(new)?;
        }
        self.check_pin(old.as_ref(), consent)?;
        if let Some(new) = new {
            self.kit.set_pin(new.expose())?;
        }
        Ok(TokenReply::PinChanged)
    }
}

impl Answers for Trainer {
    fn answer(&mut self, call: TokenCall) -> Result<TokenReply, TokenError> {
        match call {
            TokenCall::Train(scenario) => {
                self.session = None;
                self.pulled = None;
                self.kit.begin(scenario)?;
                Ok(TokenReply::Trained)
            }
            TokenCall::Discover(request) => Ok(TokenReply::Modules(self.modules(&request))),
            TokenCall::Readers => Ok(TokenReply::Readers(self.readers())),
            TokenCall::Watch => Ok(TokenReply::Watching(false)),
            TokenCall::About => {
                self.loaded()?;
                Ok(TokenReply::About(LibraryInfo {
                    description: "Token mô phỏng".to_owned(),
                    manufacturer: "Công Văn".to_owned(),
                    version: env!("CARGO_PKG_VERSION").to_owned(),
                    cryptoki: String::new(),
                    slot_events: false,
                }))
            }
            TokenCall::Tokens => {
                self.loaded()?;
                Ok(TokenReply::Tokens(self.tokens()))
            }
            TokenCall::Presence => {
                self.loaded()?;
                Ok(TokenReply::Presence(self.presence()))
            }
            TokenCall::Open {
                serial,
                certificate,
                pin,
                final_try_consent,
            } => {
                self.loaded()?;
                self.session = None;
                self.open(&serial, &certificate, pin.as_ref(), final_try_consent)
            }
            TokenCall::Sign {
                session,
                algorithm,
                data,
            } => self.sign(session, algorithm, &data),
            TokenCall::Close { session } => {
                self.session.take_if(|open| open.number == session);
                Ok(TokenReply::Closed)
            }
            TokenCall::ChangePin {
                serial,
                old,
                new,
                final_try_consent,
            } => {
                self.loaded()?;
                self.session = None;
                self.change_pin(&serial, old.zip(new), final_try_consent)
            }
        }
    }
}

fn check_length(pin: &Pin) -> Result<(), TokenError> {
    let (min, max) = PIN_LENGTH;
    if (min..=max).contains(&pin.expose().len()) {
        return Ok(());
    }
    Err(TokenError::PinLength {
        min: u32::try_from(min).unwrap_or(0),
        max: u32::try_from(max).unwrap_or(0),
    })
}

/// Looks at a PIN without taking it.
trait Expose {
    fn expose(&self) -> &str;
}

impl Expose for Pin {
    fn expose(&self) -> &str {
        self.secret().expose_secret()
    }
}
