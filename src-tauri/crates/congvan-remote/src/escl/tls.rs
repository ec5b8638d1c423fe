//! TLS of scanners: nobody signs their certificates, so the first one seen is remembered and no
//! other is accepted afterwards. Only [`super::Scanner`] uses this; the province's client does not.

use std::{
    fmt,
    str::FromStr,
    sync::{Arc, Mutex, PoisonError},
};

use ::aws_lc_rs::digest::{SHA256, digest};
use rustls::{
    CertificateError, ClientConfig, DigitallySignedStruct, Error, SignatureScheme,
    client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier},
    crypto::{CryptoProvider, aws_lc_rs, verify_tls12_signature, verify_tls13_signature},
    pki_types::{CertificateDer, ServerName, UnixTime},
};

/// SHA-256 of the certificate that a scanner showed at first contact; as text 64 hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct CertificatePin([u8; 32]);

impl CertificatePin {
    fn of(certificate: &CertificateDer<'_>) -> Self {
        let mut pin = [0; 32];
        for (to, from) in pin.iter_mut().zip(digest(&SHA256, certificate).as_ref()) {
            *to = *from;
        }
        Self(pin)
    }
}

impl fmt::Display for CertificatePin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for CertificatePin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "CertificatePin({self})")
    }
}

/// The text is no pin.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not 64 hexadecimal digits")]
pub struct NoPin;

impl FromStr for CertificatePin {
    type Err = NoPin;

    fn from_str(text: &str) -> Result<Self, NoPin> {
        let digits: Option<Vec<u8>> = text
            .chars()
            .map(|digit| {
                digit
                    .to_digit(16)
                    .and_then(|digit| u8::try_from(digit).ok())
            })
            .collect();
        let bytes: Vec<u8> = digits
            .ok_or(NoPin)?
            .chunks(2)
            .map(|pair| pair.iter().fold(0, |byte, digit| byte << 4 | digit))
            .collect();
        bytes
            .try_into()
            .ok()
            .filter(|_| text.len() == 64)
            .map(Self)
            .ok_or(NoPin)
    }
}

/// Accepts the pinned certificate; while there is none, the first whose key is proven.
#[derive(Debug)]
pub(super) struct PinOnFirstUse {
    pin: Mutex<Option<CertificatePin>>,
    provider: Arc<CryptoProvider>,
}

impl PinOnFirstUse {
    pub(super) fn new(pin: Option<CertificatePin>) -> Arc<Self> {
        Arc::new(Self {
            pin: Mutex::new(pin),
            provider: Arc::new(aws_lc_rs::default_provider()),
        })
    }

    /// What is accepted by now.
    pub(super) fn pin(&self) -> Option<CertificatePin> {
        *self.lock()
    }

    /// A configuration for one scanner's client.
    pub(super) fn config(self: &Arc<Self>) -> Result<ClientConfig, Error> {
        Ok(ClientConfig::builder_with_provider(self.provider.clone())
            .with_safe_default_protocol_versions()?
            .dangerous()
            .with_custom_certificate_verifier(self.clone())
            .with_no_client_auth())
    }

    fn check(&self, certificate: &CertificateDer<'_>) -> Result<(), Error> {
        match *self.lock() {
            Some(pin) if pin != CertificatePin::of(certificate) => Err(Error::InvalidCertificate(
                CertificateError::ApplicationVerificationFailure,
            )),
            Some(_) | None => Ok(()),
        }
    }

    /// The other side has proven that the key is its own: from now on no other.
    fn proven(&self, certificate: &CertificateDer<'_>) {
        self.lock()
            .get_or_insert_with(|| CertificatePin::of(certificate));
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Option<CertificatePin>> {
        self.pin.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl ServerCertVerifier for PinOnFirstUse {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        _intermediates: &[CertificateDer<'_>],
        _server_name: &ServerName<'_>,
        _ocsp_response: &[u8],
        _now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        self.check(end_entity)?;
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        let known = &self.provider.signature_verification_algorithms;
        let valid = verify_tls12_signature(message, cert, dss, known)?;
        self.proven(cert);
        Ok(valid)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        let known = &self.provider.signature_verification_algorithms;
        let valid = verify_tls13_signature(message, cert, dss, known)?;
        self.proven(cert);
        Ok(valid)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider
            .signature_verification_algorithms
            .supported_schemes()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pin_survives_being_written_down() {
        let pin = CertificatePin::of(&CertificateDer::from(vec![1, 2, 3]));
        assert_eq!(pin.to_string().parse(), Ok(pin));
        let text = pin.to_string();
        for wrong in ["", "00", &format!("{text}0"), &"ữ".repeat(64)] {
            assert_eq!(wrong.parse::<CertificatePin>(), Err(NoPin), "{wrong}");
        }
    }
}
