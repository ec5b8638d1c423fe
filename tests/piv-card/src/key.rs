use anyhow::{Context, Result};
use num_bigint::BigUint;
use rcgen::{CertificateParams, KeyPair, PKCS_RSA_SHA256, RsaKeySize};
use x509_cert::der::{self, Decode, Reader, SliceReader, asn1::OctetStringRef, asn1::UintRef};

/// A key of the card with its certificate.
pub struct CardKey {
    /// PIV's name of the key: 0x9a, or 0x9c, which asks for the PIN at each signature.
    pub reference: u8,
    /// The certificate, DER.
    pub certificate: Vec<u8>,
    pub(crate) modulus: BigUint,
    pub(crate) exponent: BigUint,
}

impl CardKey {
    /// A given RSA-2048 key, PKCS#8 DER, with its certificate, DER.
    ///
    /// # Errors
    /// When it is not such a key.
    pub fn new(reference: u8, certificate: &[u8], pkcs8: &[u8]) -> Result<Self> {
        let (modulus, exponent) = private_numbers(pkcs8).context("not an RSA key in PKCS#8")?;
        Ok(Self {
            reference,
            certificate: certificate.to_vec(),
            modulus,
            exponent,
        })
    }

    /// A new key with a certificate that nobody trusts.
    ///
    /// # Errors
    /// When the key generator fails.
    pub fn self_signed(reference: u8) -> Result<Self> {
        let pair = KeyPair::generate_rsa_for(&PKCS_RSA_SHA256, RsaKeySize::_2048)?;
        let certificate = CertificateParams::new(Vec::new())?.self_signed(&pair)?;
        Self::new(reference, certificate.der(), &pair.serialize_der())
    }

    /// The object that holds the certificate: 5FC105 for 9A, 5FC10A for 9C.
    pub(crate) fn tag(&self) -> [u8; 3] {
        [0x5f, 0xc1, if self.reference == 0x9c { 0x0a } else { 0x05 }]
    }
}

/// The modulus and the private exponent of a PKCS#8 file.
fn private_numbers(pkcs8: &[u8]) -> der::Result<(BigUint, BigUint)> {
    let inner = SliceReader::new(pkcs8)?.sequence(|outer| {
        outer.decode::<u8>()?;
        outer.tlv_bytes()?;
        outer.decode::<OctetStringRef<'_>>()
    })?;
    SliceReader::new(inner.as_bytes())?.sequence(|key| {
        key.decode::<u8>()?;
        let modulus = BigUint::from_bytes_be(UintRef::decode(key)?.as_bytes());
        UintRef::decode(key)?;
        let exponent = BigUint::from_bytes_be(UintRef::decode(key)?.as_bytes());
        while !key.is_finished() {
            UintRef::decode(key)?;
        }
        Ok((modulus, exponent))
    })
}
