use aws_lc_rs::{
    digest,
    rand::SystemRandom,
    signature::{ED25519, Ed25519KeyPair, KeyPair as _, UnparsedPublicKey},
};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use rustls::crypto::{
    aws_lc_rs::hpke::DH_KEM_X25519_HKDF_SHA256_AES_256,
    hpke::{Hpke, HpkePrivateKey, HpkePublicKey},
};
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use crate::{CourierError, Result};

/// How bundles are sealed.
pub(crate) fn suite() -> &'static dyn Hpke {
    DH_KEM_X25519_HKDF_SHA256_AES_256
}

/// What names a public key: the first eight bytes of its SHA-256.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct KeyId(pub [u8; 8]);

impl KeyId {
    fn of(public: &[u8]) -> Self {
        let hash = digest::digest(&digest::SHA256, public);
        let mut id = [0; 8];
        for (to, from) in id.iter_mut().zip(hash.as_ref()) {
            *to = *from;
        }
        Self(id)
    }
}

impl TryFrom<String> for KeyId {
    type Error = CourierError;

    fn try_from(text: String) -> Result<Self> {
        let mut id = [0; 8];
        hex::decode_to_slice(text, &mut id).map_err(|_| CourierError::Key)?;
        Ok(Self(id))
    }
}

impl From<KeyId> for String {
    fn from(id: KeyId) -> Self {
        hex::encode(id.0)
    }
}

/// The public half of a [`SealingKey`]: what is sealed to it only its owner opens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SealedTo([u8; 32]);

impl SealedTo {
    /// From its base64, as it travels.
    ///
    /// # Errors
    /// [`CourierError::Key`] when these are not 32 bytes.
    pub fn parse(text: &str) -> Result<Self> {
        Ok(Self(bytes(text)?))
    }

    /// Base64.
    #[must_use]
    pub fn to_text(&self) -> String {
        STANDARD.encode(self.0)
    }

    /// Its name.
    #[must_use]
    pub fn id(&self) -> KeyId {
        KeyId::of(&self.0)
    }

    pub(crate) fn hpke(&self) -> HpkePublicKey {
        HpkePublicKey(self.0.to_vec())
    }
}

/// Opens what is sealed to its public half (X25519).
pub struct SealingKey {
    secret: Zeroizing<Vec<u8>>,
    public: SealedTo,
}

impl SealingKey {
    /// A new one.
    ///
    /// # Errors
    /// [`CourierError::Key`] when the system has no randomness.
    pub fn generate() -> Result<Self> {
        let (public, secret) = suite().generate_key_pair().map_err(|_| CourierError::Key)?;
        Ok(Self {
            secret: Zeroizing::new(secret.secret_bytes().to_vec()),
            public: SealedTo(public.0.try_into().map_err(|_| CourierError::Key)?),
        })
    }

    /// From [`SealingKey::to_bytes`].
    ///
    /// # Errors
    /// [`CourierError::Key`] when these are not its 64 bytes.
    pub fn from_bytes(kept: &[u8]) -> Result<Self> {
        let (secret, public) = kept.split_at_checked(32).ok_or(CourierError::Key)?;
        Ok(Self {
            secret: Zeroizing::new(secret.to_vec()),
            public: SealedTo(public.try_into().map_err(|_| CourierError::Key)?),
        })
    }

    /// Both halves, to be kept where secrets are.
    #[must_use]
    pub fn to_bytes(&self) -> Zeroizing<Vec<u8>> {
        let mut kept = Zeroizing::new(self.secret.to_vec());
        kept.extend_from_slice(&self.public.0);
        kept
    }

    /// The half that is told.
    #[must_use]
    pub fn public(&self) -> &SealedTo {
        &self.public
    }

    pub(crate) fn hpke(&self) -> HpkePrivateKey {
        HpkePrivateKey::from(self.secret.to_vec())
    }
}

/// The public half of a [`SigningKey`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VerifyingKey([u8; 32]);

impl VerifyingKey {
    /// From its base64, as it travels.
    ///
    /// # Errors
    /// [`CourierError::Key`] when these are not 32 bytes.
    pub fn parse(text: &str) -> Result<Self> {
        Ok(Self(bytes(text)?))
    }

    /// Base64.
    #[must_use]
    pub fn to_text(&self) -> String {
        STANDARD.encode(self.0)
    }

    /// Its name.
    #[must_use]
    pub fn id(&self) -> KeyId {
        KeyId::of(&self.0)
    }

    pub(crate) fn verifies(&self, text: &str, signature: &[u8]) -> bool {
        UnparsedPublicKey::new(&ED25519, self.0)
            .verify(text.as_bytes(), signature)
            .is_ok()
    }
}

/// Signs bundles (Ed25519).
pub struct SigningKey {
    pair: Ed25519KeyPair,
    pkcs8: Zeroizing<Vec<u8>>,
}

impl SigningKey {
    /// A new one.
    ///
    /// # Errors
    /// [`CourierError::Key`] when the system has no randomness.
    pub fn generate() -> Result<Self> {
        let document =
            Ed25519KeyPair::generate_pkcs8(&SystemRandom::new()).map_err(|_| CourierError::Key)?;
        Self::from_pkcs8(document.as_ref())
    }

    /// From PKCS#8, in which it is kept.
    ///
    /// # Errors
    /// [`CourierError::Key`] when it is none.
    pub fn from_pkcs8(pkcs8: &[u8]) -> Result<Self> {
        Ok(Self {
            pair: Ed25519KeyPair::from_pkcs8(pkcs8).map_err(|_| CourierError::Key)?,
            pkcs8: Zeroizing::new(pkcs8.to_vec()),
        })
    }

    /// PKCS#8, to be kept where secrets are.
    #[must_use]
    pub fn to_pkcs8(&self) -> &[u8] {
        &self.pkcs8
    }

    /// The half that is told.
    ///
    /// # Errors
    /// Never for a key of this crate.
    pub fn public(&self) -> Result<VerifyingKey> {
        let public = self.pair.public_key().as_ref();
        Ok(VerifyingKey(
            public.try_into().map_err(|_| CourierError::Key)?,
        ))
    }

    pub(crate) fn sign(&self, text: &str) -> Vec<u8> {
        self.pair.sign(text.as_bytes()).as_ref().to_vec()
    }
}

fn bytes(text: &str) -> Result<[u8; 32]> {
    let decoded = STANDARD.decode(text).map_err(|_| CourierError::Key)?;
    decoded.try_into().map_err(|_| CourierError::Key)
}

/// What a signature in a bundle is over.
pub(crate) fn signed_text(before_pieces: &[u8], manifest: &[u8]) -> String {
    let hash = |bytes| hex::encode(digest::digest(&digest::SHA256, bytes));
    format!(
        "congvan courier bundle\n{}\n{}",
        hash(before_pieces),
        hash(manifest)
    )
}
