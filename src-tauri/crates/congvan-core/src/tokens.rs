//! Modules, tokens and certificates, as a person sees them before signing.

use std::path::PathBuf;

use aws_lc_rs::digest;
use base64::{Engine as _, engine::general_purpose::STANDARD};
use congvan_pades::{CertificateSummary, Fitness, KeyKind, TrustAnchors, assess};
use congvan_protocol::SessionInfo;
use congvan_worker::{ModuleFit, ModuleInfo, PinState, TokenError, TokenInfo};

use crate::{Desk, DeskError, PinMode, PinRequest, Result, token_state, training};

/// A PKCS#11 module on this machine.
#[derive(Debug)]
pub struct ModuleView {
    /// Names it in the other calls; says nothing about its path.
    pub id: String,
    /// Name for people.
    pub name: String,
    /// A simulated token, for training and tests.
    pub simulator: bool,
    /// Tokens plugged in behind it, or why that cannot be told.
    pub tokens: std::result::Result<usize, TokenError>,
}

/// A token that is plugged in.
#[derive(Clone, Debug)]
pub struct TokenView {
    /// Serial number.
    pub serial: String,
    /// Label.
    pub label: String,
    /// Maker and model.
    pub model: String,
    /// Maker.
    pub manufacturer: String,
    /// The reader it is in.
    pub reader: String,
    /// Shortest and longest PIN; 0 when it does not say.
    pub pin_length: (u32, u32),
    /// Tries left, as far as it says.
    pub pin_state: PinState,
    /// The PIN is typed on the reader.
    pub pin_pad: bool,
    /// Certificates with a key beside them.
    pub certificates: Vec<CertificateView>,
}

/// A certificate on a token.
#[derive(Clone, Debug)]
pub struct CertificateView {
    /// What is in it.
    pub summary: CertificateSummary,
    /// Whether it can sign.
    pub state: CertificateState,
    /// Whether the office has registered it for this account.
    pub registered: bool,
}

/// Whether a certificate can sign.
pub type CertificateState = Fitness;

impl CertificateView {
    /// Kind and size of the key, e.g. `RSA 2048`.
    #[must_use]
    pub fn key(&self) -> String {
        match self.summary.key {
            Some(KeyKind::Rsa { bits }) => format!("RSA {bits}"),
            Some(KeyKind::Ec(curve)) => format!("ECDSA {curve:?}"),
            None => String::new(),
        }
    }
}

impl Desk {
    /// The modules on this machine; those that hold a token come first, simulators last.
    ///
    /// # Errors
    /// When the token worker cannot be started at all.
    pub async fn modules(&self) -> Result<Vec<ModuleView>> {
        let mut views = Vec::new();
        let found = self.found_modules().await?;
        for module in found.into_iter().filter(|module| module.allowed) {
            let tokens = match module.fit {
                ModuleFit::Fits => self.token().tokens(&module.path).await,
                // Said without starting a process that could only say the same.
                ModuleFit::WrongArchitecture { .. }
                | ModuleFit::NotALibrary
                | ModuleFit::Missing => Err(token_state::fault_of(&module)),
            };
            let tokens = tokens.map(|tokens| tokens.len());
            views.push(ModuleView {
                id: module_id(&module),
                name: module.name,
                simulator: module.simulator,
                tokens,
            });
        }
        views.sort_by_key(|view| {
            let empty = !matches!(view.tokens, Ok(count) if count > 0);
            (empty, view.simulator)
        });
        Ok(views)
    }

    /// The tokens behind a module with their certificates.
    ///
    /// # Errors
    /// `NotFound` for an unknown module; the module's faults.
    pub async fn tokens(&self, module: &str) -> Result<Vec<TokenView>> {
        let path = self.any_module_path(module).await?;
        let tokens = self.token().tokens(&path).await?;
        self.token_views(tokens).await
    }

    /// Tokens with what their certificates are good for.
    pub(crate) async fn token_views(&self, tokens: Vec<TokenInfo>) -> Result<Vec<TokenView>> {
        let info = match self.session().await {
            Ok(session) => session.info(),
            // Diagnosis works before anyone has logged in.
            Err(DeskError::NotLoggedIn) => None,
            Err(other) => return Err(other),
        };
        let anchors = match self.token_desk().training() {
            Some(_) => training::anchors(&tokens),
            None => info.as_deref().map(trust_anchors).unwrap_or_default(),
        };
        let now = self.now();
        let mut views = Vec::with_capacity(tokens.len());
        for token in tokens {
            let mut certificates = Vec::new();
            for held in &token.certificates {
                if training::is_anchor(held, &anchors) {
                    continue;
                }
                let Some((summary, fitness)) = assess(&held.der, &anchors, now) else {
                    continue;
                };
                let state = match fitness {
                    Fitness::Fit => match self.revoked_since(&held.der, &anchors).await? {
                        Some(at) => Fitness::Revoked { at },
                        None => Fitness::Fit,
                    },
                    other => other,
                };
                let registered = info.as_deref().is_some_and(|info| {
                    info.signers
                        .iter()
                        .any(|signer| signer.certificate == summary.sha256)
                });
                certificates.push(CertificateView {
                    summary,
                    state,
                    registered,
                });
            }
            views.push(token_view(token, certificates));
        }
        Ok(views)
    }

    /// The path behind a module's id. Only modules that discovery finds can be named: a face can
    /// never make us load a library of its choice.
    ///
    /// While training there is none: no real document meets the simulated token.
    pub(crate) async fn module_path(&self, id: &str) -> Result<PathBuf> {
        if self.token_desk().training().is_some() {
            return Err(DeskError::TrainingActive);
        }
        self.any_module_path(id).await
    }

    /// As [`Desk::module_path`], the simulated token's included.
    pub(crate) async fn any_module_path(&self, id: &str) -> Result<PathBuf> {
        self.found_modules()
            .await?
            .into_iter()
            .find(|module| module.allowed && module_id(module) == id)
            .map(|module| module.path)
            .ok_or(DeskError::NotFound)
    }

    pub(crate) async fn found_modules(&self) -> Result<Vec<ModuleInfo>> {
        let place = self.token_desk().training().map(|training| training.place);
        let found = self.token().discover(place.as_deref(), self.discovery());
        Ok(found.await?)
    }

    /// Changes a token's PIN: asks for the old and the new one in the PIN window, or on the reader.
    ///
    /// # Errors
    /// `NotFound`, `SigningBusy`, token and PIN faults. The old PIN is tried at most once.
    pub async fn change_pin(&self, module: &str, serial: &str) -> Result<()> {
        let _turn = self.signing_turn()?;
        let path = self.any_module_path(module).await?;
        let tokens = self.token().tokens(&path).await?;
        let token = tokens
            .into_iter()
            .find(|token| token.serial == serial)
            .ok_or(TokenError::TokenAbsent)?;
        let mode = match token.pin_state {
            PinState::Locked => return Err(TokenError::PinLocked.into()),
            PinState::NotInitialised => return Err(TokenError::PinNotInitialised.into()),
            PinState::Ok | PinState::CountLow | PinState::FinalTry if token.protected_path => {
                PinMode::Pad
            }
            PinState::Ok | PinState::CountLow | PinState::FinalTry => PinMode::Change,
        };
        let entry = self
            .enter_pin(PinRequest {
                id: 0,
                token: token.label,
                pin_state: token.pin_state,
                subject: String::new(),
                document: String::new(),
                count: 0,
                mode,
                length: (token.pin_min, token.pin_max),
            })
            .await?;
        let pins = entry.pin.zip(entry.new_pin);
        let changed = self
            .token()
            .change_pin(&path, serial, pins, entry.final_try_consent)
            .await;
        drop(entry.notice);
        Ok(changed?)
    }
}

fn token_view(token: TokenInfo, certificates: Vec<CertificateView>) -> TokenView {
    TokenView {
        certificates,
        model: format!("{} {}", token.manufacturer, token.model)
            .trim()
            .to_owned(),
        manufacturer: token.manufacturer,
        reader: token.reader,
        pin_length: (token.pin_min, token.pin_max),
        serial: token.serial,
        label: token.label,
        pin_state: token.pin_state,
        pin_pad: token.protected_path,
    }
}

pub(crate) fn module_id(module: &ModuleInfo) -> String {
    let hash = digest::digest(&digest::SHA256, module.path.as_os_str().as_encoded_bytes());
    hex::encode(hash.as_ref().get(..8).unwrap_or_default())
}

/// The certificates that the server told us to trust. One that is unreadable is left out, which
/// can only make us trust less.
pub(crate) fn trust_anchors(info: &SessionInfo) -> TrustAnchors {
    let decode = |list: &[String]| -> Vec<Vec<u8>> {
        list.iter()
            .filter_map(|text| STANDARD.decode(text).ok())
            .collect()
    };
    TrustAnchors {
        roots: decode(&info.trust_roots),
        intermediates: decode(&info.trust_intermediates),
    }
}
