use cryptoki::{
    object::{Attribute, AttributeType, CertificateType, KeyType, ObjectClass, ObjectHandle},
    session::Session,
};

use crate::{
    error::TokenError,
    public_key::{KeyKind, PublicKey},
};

/// A certificate on a token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Certificate {
    /// The certificate in DER.
    pub der: Vec<u8>,
    /// CKA_LABEL.
    pub label: String,
    /// CKA_ID, which it shares with its private key.
    pub id: Vec<u8>,
    /// From its public key.
    pub key_kind: KeyKind,
    /// Bits of the modulus or curve; 0 when unknown.
    pub key_bits: u32,
    /// CKA_ALWAYS_AUTHENTICATE of its private key, if that is visible.
    pub always_authenticate: Option<bool>,
    /// Whether its private key is visible.
    pub private_key_seen: bool,
}

/// A private key, as far as it shows itself.
pub(crate) struct PrivateKey {
    pub(crate) handle: ObjectHandle,
    id: Vec<u8>,
    kind: KeyKind,
    modulus: Option<Vec<u8>>,
    pub(crate) always_authenticate: bool,
}

/// All X.509 certificates the session sees.
pub(crate) fn certificates(session: &Session) -> Result<Vec<Certificate>, TokenError> {
    let keys = private_keys(session)?;
    let template = [
        Attribute::Class(ObjectClass::CERTIFICATE),
        Attribute::CertificateType(CertificateType::X_509),
    ];
    let mut certificates = Vec::new();
    for handle in session.find_objects(&template)? {
        let wanted = [
            AttributeType::Value,
            AttributeType::Label,
            AttributeType::Id,
        ];
        let mut certificate = Certificate {
            der: Vec::new(),
            label: String::new(),
            id: Vec::new(),
            key_kind: KeyKind::Other,
            key_bits: 0,
            always_authenticate: None,
            private_key_seen: false,
        };
        for attribute in session.get_attributes(handle, &wanted)? {
            #[expect(clippy::wildcard_enum_match_arm, reason = "cryptoki's own enum")]
            match attribute {
                Attribute::Value(der) => certificate.der = der,
                Attribute::Label(label) => {
                    certificate.label = String::from_utf8_lossy(&label).into_owned();
                }
                Attribute::Id(id) => certificate.id = id,
                _ => {}
            }
        }
        if certificate.der.is_empty() {
            continue;
        }
        let public = PublicKey::of_certificate(&certificate.der);
        certificate.key_kind = public.kind;
        certificate.key_bits = public.bits;
        let key = keys
            .iter()
            .find(|key| !key.id.is_empty() && key.id == certificate.id);
        certificate.private_key_seen = key.is_some();
        certificate.always_authenticate = key.map(|key| key.always_authenticate);
        certificates.push(certificate);
    }
    Ok(certificates)
}

/// The private key of a certificate: the one with its id; else the one with its modulus; else, if
/// there is only one key of its kind, that one. A wrong guess does no harm, because every
/// signature is checked with the certificate.
pub(crate) fn private_key_of(
    session: &Session,
    id: &[u8],
    public: &PublicKey,
) -> Result<PrivateKey, TokenError> {
    let mut keys = private_keys(session)?;
    keys.retain(|key| key.kind == public.kind);
    let modulus = public.modulus();
    let by_id = keys.iter().position(|key| !id.is_empty() && key.id == id);
    let by_modulus = || {
        keys.iter()
            .position(|key| modulus.is_some() && key.modulus == modulus)
    };
    let the_only_one = || (keys.len() == 1).then_some(0);
    let index = by_id
        .or_else(by_modulus)
        .or_else(the_only_one)
        .ok_or(TokenError::KeyNotFound)?;
    Ok(keys.swap_remove(index))
}

fn private_keys(session: &Session) -> Result<Vec<PrivateKey>, TokenError> {
    let template = [Attribute::Class(ObjectClass::PRIVATE_KEY)];
    let mut keys = Vec::new();
    for handle in session.find_objects(&template)? {
        let wanted = [
            AttributeType::Id,
            AttributeType::KeyType,
            AttributeType::Modulus,
            AttributeType::AlwaysAuthenticate,
        ];
        let mut key = PrivateKey {
            handle,
            id: Vec::new(),
            kind: KeyKind::Other,
            modulus: None,
            always_authenticate: false,
        };
        for attribute in session.get_attributes(handle, &wanted)? {
            #[expect(clippy::wildcard_enum_match_arm, reason = "cryptoki's own enum")]
            match attribute {
                Attribute::Id(id) => key.id = id,
                Attribute::KeyType(KeyType::RSA) => key.kind = KeyKind::Rsa,
                Attribute::KeyType(KeyType::EC) => key.kind = KeyKind::Ec,
                Attribute::Modulus(modulus) => {
                    key.modulus = Some(modulus.into_iter().skip_while(|byte| *byte == 0).collect());
                }
                Attribute::AlwaysAuthenticate(always) => key.always_authenticate = always,
                _ => {}
            }
        }
        keys.push(key);
    }
    Ok(keys)
}
