use std::path::Path;

use anyhow::{Context, Result};
use congvan_model::{Sha256, Timestamp};
use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, DistinguishedName, DnType, DnValue,
    ExtendedKeyUsagePurpose, IsCa, KeyPair, KeyUsagePurpose, PKCS_ECDSA_P256_SHA256,
    PKCS_RSA_SHA256, RsaKeySize,
};

use crate::Person;

const MARK: &str = "KIỂM THỬ - KHÔNG CÓ GIÁ TRỊ PHÁP LÝ";
const DAY_MS: i64 = 86_400_000;

/// Which kind of signing certificate to issue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SignerKind {
    /// Good from a month before `now` for three years.
    Good,
    /// Ended a day before `now`.
    Expired,
    /// Starts a day after `now`.
    NotYetValid,
    /// Good in time, but its key usage is key encipherment only.
    WrongUsage,
    /// Good in every way, but issued by a root that no province trusts.
    Untrusted,
}

/// A signing key with its certificate.
pub struct SigningIdentity {
    /// The certificate, DER.
    pub certificate: Vec<u8>,
    /// The key, PKCS#8 DER, RSA.
    pub key_pkcs8: Vec<u8>,
}

impl SigningIdentity {
    /// SHA-256 of the certificate's DER: how the office binds it to an account.
    #[must_use]
    pub fn fingerprint(&self) -> Sha256 {
        fingerprint(&self.certificate)
    }
}

/// A TLS key with its certificate, PEM.
#[derive(Clone)]
pub struct TlsIdentity {
    /// The certificate chain, PEM, leaf first.
    pub certificate_pem: String,
    /// The key, PKCS#8 PEM.
    pub key_pem: String,
    /// The root to trust, PEM.
    pub ca_pem: String,
}

type Authority = CertifiedIssuer<'static, KeyPair>;

/// A throw-away PKI: root, subordinate authority and signers, in the shape of the Government
/// Cipher Committee's (domain facts 5.2), named so that nobody takes it for the real one.
pub struct Pki {
    root: Authority,
    intermediate: Authority,
    stranger: Authority,
    now: Timestamp,
}

impl Pki {
    /// Makes the authorities, valid around `now`. Takes about a quarter of a second (RSA keys).
    ///
    /// # Errors
    /// When the key generator fails.
    pub fn new(now: Timestamp) -> Result<Self> {
        let root = self_signed(&format!("CA {MARK}"), now)?;
        let mut params =
            authority_params(&format!("CA phục vụ các cơ quan Nhà nước ({MARK})"), now);
        params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
        let intermediate = CertifiedIssuer::signed_by(params, rsa(RsaKeySize::_2048)?, &root)?;
        let stranger = self_signed(&format!("CA XA LẠ ({MARK})"), now)?;
        Ok(Self {
            root,
            intermediate,
            stranger,
            now,
        })
    }

    /// The root, DER.
    #[must_use]
    pub fn root_der(&self) -> Vec<u8> {
        self.root.der().to_vec()
    }

    /// The authority between root and signers, DER.
    #[must_use]
    pub fn intermediate_der(&self) -> Vec<u8> {
        self.intermediate.der().to_vec()
    }

    /// The root, PEM, for `pyhanko` and `pdfsig`.
    #[must_use]
    pub fn root_pem(&self) -> String {
        self.root.pem()
    }

    /// Writes `root.der` and `ca.der` (the subordinate authority) into a directory: the form that
    /// `congvan-province --trust` reads.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn write_trust(&self, dir: &Path) -> Result<()> {
        std::fs::create_dir_all(dir)?;
        std::fs::write(dir.join("root.der"), self.root_der())?;
        std::fs::write(dir.join("ca.der"), self.intermediate_der())?;
        Ok(())
    }

    /// Issues a signing certificate (RSA-2048) to a person; the subject follows the pattern of
    /// the real ones: C, L, O, OU, CN.
    ///
    /// # Errors
    /// When the key generator fails.
    pub fn signer(&self, person: &Person, kind: SignerKind) -> Result<SigningIdentity> {
        self.signer_named(person.full_name, kind)
    }

    /// As [`Self::signer`], for any common name.
    ///
    /// # Errors
    /// When the key generator fails.
    pub fn signer_named(&self, common_name: &str, kind: SignerKind) -> Result<SigningIdentity> {
        let key = rsa(RsaKeySize::_2048)?;
        let mut params = CertificateParams::default();
        params.distinguished_name = subject(common_name);
        let (from, to) = match kind {
            SignerKind::Good | SignerKind::WrongUsage | SignerKind::Untrusted => (-30, 3 * 365),
            SignerKind::Expired => (-400, -1),
            SignerKind::NotYetValid => (1, 3 * 365),
        };
        valid(&mut params, self.now, from, to)?;
        params.use_authority_key_identifier_extension = true;
        params.is_ca = IsCa::ExplicitNoCa;
        params.key_usages = match kind {
            SignerKind::WrongUsage => vec![KeyUsagePurpose::KeyEncipherment],
            SignerKind::Good
            | SignerKind::Expired
            | SignerKind::NotYetValid
            | SignerKind::Untrusted => {
                vec![
                    KeyUsagePurpose::DigitalSignature,
                    KeyUsagePurpose::ContentCommitment,
                ]
            }
        };
        let issuer = match kind {
            SignerKind::Untrusted => &self.stranger,
            SignerKind::Good
            | SignerKind::Expired
            | SignerKind::NotYetValid
            | SignerKind::WrongUsage => &self.intermediate,
        };
        let certificate = params.signed_by(&key, issuer)?;
        Ok(SigningIdentity {
            certificate: certificate.der().to_vec(),
            key_pkcs8: key.serialize_der(),
        })
    }

    /// A new TLS authority and a server certificate of it for `127.0.0.1` and `localhost`. Two
    /// calls give unrelated authorities, which makes "a server with a wrong certificate".
    ///
    /// # Errors
    /// When the key generator fails.
    pub fn tls(now: Timestamp) -> Result<TlsIdentity> {
        let mut params = authority_params(&format!("CA TLS ({MARK})"), now);
        params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
        let ca =
            CertifiedIssuer::self_signed(params, KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256)?)?;
        let key = KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256)?;
        let names = vec!["localhost".to_owned(), "127.0.0.1".to_owned()];
        let mut params = CertificateParams::new(names)?;
        params.distinguished_name = DistinguishedName::new();
        params
            .distinguished_name
            .push(DnType::CommonName, "localhost");
        valid(&mut params, now, -1, 800)?;
        params.use_authority_key_identifier_extension = true;
        params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
        let leaf = params.signed_by(&key, &ca)?;
        Ok(TlsIdentity {
            certificate_pem: leaf.pem(),
            key_pem: key.serialize_pem(),
            ca_pem: ca.pem(),
        })
    }
}

fn fingerprint(der: &[u8]) -> Sha256 {
    let digest = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, der);
    let mut bytes = [0; 32];
    bytes.copy_from_slice(digest.as_ref());
    Sha256(bytes)
}

fn self_signed(common_name: &str, now: Timestamp) -> Result<Authority> {
    let params = authority_params(common_name, now);
    Ok(CertifiedIssuer::self_signed(
        params,
        rsa(RsaKeySize::_2048)?,
    )?)
}

fn authority_params(common_name: &str, now: Timestamp) -> CertificateParams {
    let mut params = CertificateParams::default();
    let mut name = DistinguishedName::new();
    name.push(DnType::CountryName, "VN");
    name.push(DnType::OrganizationName, text("Công Văn"));
    name.push(DnType::CommonName, text(common_name));
    params.distinguished_name = name;
    // Never fails: every instant of this century is a day of the calendar.
    valid(&mut params, now, -1000, 7000).ok();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params.use_authority_key_identifier_extension = true;
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    params
}

fn subject(common_name: &str) -> DistinguishedName {
    let mut name = DistinguishedName::new();
    name.push(DnType::CountryName, "VN");
    name.push(DnType::LocalityName, text("Tỉnh H99"));
    name.push(DnType::OrganizationName, text("UBND tỉnh H99"));
    name.push(
        DnType::OrganizationalUnitName,
        text("UBND xã Bình Minh Đông"),
    );
    name.push(DnType::CommonName, text(common_name));
    name
}

fn text(value: &str) -> DnValue {
    DnValue::Utf8String(value.to_owned())
}

fn rsa(size: RsaKeySize) -> Result<KeyPair> {
    KeyPair::generate_rsa_for(&PKCS_RSA_SHA256, size).context("RSA key generation")
}

/// Validity in whole days before and after `now`; rcgen's own constructor is the only door to its
/// time type that needs no further dependency.
fn valid(params: &mut CertificateParams, now: Timestamp, from: i64, to: i64) -> Result<()> {
    let ymd = |days: i64| -> Result<(i32, u8, u8)> {
        let date = now.plus_ms(days * DAY_MS).vietnam_date();
        Ok((
            i32::from(date.year()),
            u8::try_from(date.month())?,
            u8::try_from(date.day())?,
        ))
    };
    let (year, month, day) = ymd(from)?;
    params.not_before = rcgen::date_time_ymd(year, month, day);
    let (year, month, day) = ymd(to)?;
    params.not_after = rcgen::date_time_ymd(year, month, day);
    Ok(())
}

/// Writes DER as a PEM file with the given label, e.g. `CERTIFICATE`.
///
/// # Errors
/// When the disk refuses.
pub fn write_pem(path: &Path, label: &str, der: &[u8]) -> Result<()> {
    use base64::{Engine as _, engine::general_purpose::STANDARD};
    let encoded = STANDARD.encode(der);
    let mut text = format!("-----BEGIN {label}-----\n");
    let mut rest = encoded.as_str();
    while !rest.is_empty() {
        let (line, tail) = rest.split_at(rest.len().min(64));
        text.push_str(line);
        text.push('\n');
        rest = tail;
    }
    text.push_str(&format!("-----END {label}-----\n"));
    std::fs::write(path, text).with_context(|| format!("write {label}"))
}
