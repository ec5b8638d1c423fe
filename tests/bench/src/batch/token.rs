//! What the leader signs with: a software token, or the virtual card behind the card service.

use std::{
    path::{Path, PathBuf},
    time::Duration,
};

use anyhow::Result;
use congvan_piv_card::{Card, CardKey, CardService, Signing};
use congvan_testkit::{SigningIdentity, SoftHsm, TOKEN_PIN, softhsm_module};

/// A token with the leader's key.
pub(super) struct Token {
    pub(super) module: PathBuf,
    /// What the module's process finds in its environment.
    pub(super) variables: Vec<(&'static str, PathBuf)>,
    pub(super) pin: &'static str,
    card: Option<(Card, CardService)>,
}

impl Token {
    pub(super) fn soft(dir: &Path, identity: &SigningIdentity) -> Result<Self> {
        let token = SoftHsm::create(&dir.join("token"), identity)?;
        Ok(Self {
            module: softhsm_module()?,
            variables: vec![("SOFTHSM2_CONF", token.conf)],
            pin: token.pin,
            card: None,
        })
    }

    /// A card that needs so long for a signature, in the reader.
    pub(super) fn card(identity: &SigningIdentity, slow: Duration) -> Result<Self> {
        let service = CardService::start()?;
        let key = CardKey::new(0x9a, &identity.certificate, &identity.key_pkcs8)?;
        let mut card = Card::holding(TOKEN_PIN, 30, vec![key]);
        card.memory().slow = slow;
        card.plug()?;
        Ok(Self {
            module: congvan_piv_card::opensc()?,
            variables: Vec::new(),
            pin: TOKEN_PIN,
            card: Some((card, service)),
        })
    }

    /// What the card has signed so far.
    pub(super) fn signings(&self) -> Vec<Signing> {
        let card = self.card.as_ref();
        card.map(|(card, _)| card.memory().signings.clone())
            .unwrap_or_default()
    }
}
