use std::{
    path::Path,
    sync::{Mutex, PoisonError},
};

use anyhow::{Context, Result};
use congvan_model::{Sha256, Timestamp};
use rcgen::{
    BasicConstraints, CertificateParams, CertificateRevocationListParams, CertifiedIssuer,
    CrlDistributionPoint, CustomExtension, DistinguishedName, DnType, DnValue,
    ExtendedKeyUsagePurpose, IsCa, KeyIdMethod, KeyPair, KeyUsagePurpose, PKCS_ECDSA_P256_SHA256,
    PKCS_RSA_SHA256, RevokedCertParams, RsaKeySize, SerialNumber,
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
    /// Where its services are, and what they must know of.
    services: Option<Services>,
}

/// The address of a PKI's services and the serial numbers it has given, by certificate.
struct Services {
    url: String,
    /// The file with the issuer's certificate.
    issuer: &'static str,
    issued: Mutex<Vec<(Sha256, u64)>>,
}

impl Pki {
    /// Makes the authorities, valid around `now`. Takes about a quarter of a second (RSA keys).
    ///
    /// # Errors
    /// When the key generator fails.
    pub fn new(now: Timestamp) -> Result<Self> {
        Self::made(now, None)
    }

    /// As [`Self::new`], with certificates that say where revocation is looked up: at the services
    /// of a [`crate::PkiServer`] with that address.
    ///
    /// # Errors
    /// When the key generator fails.
    pub fn served(now: Timestamp, url: &str) -> Result<Self> {
        Self::served_naming(now, url, "ca.cer")
    }

    /// As [`Self::served`]; the issuer of signers is at `issuer`: `ca.cer` (DER) or `ca.p7c` (a CMS
    /// with nothing but certificates).
    ///
    /// # Errors
    /// When the key generator fails.
    pub fn served_naming(now: Timestamp, url: &str, issuer: &'static str) -> Result<Self> {
        let services = Services {
            url: url.to_owned(),
            issuer,
            issued: Mutex::default(),
        };
        Self::made(now, Some(services))
    }

    fn made(now: Timestamp, services: Option<Services>) -> Result<Self> {
        let root = self_signed(&format!("CA {MARK}"), now)?;
        let mut params =
            authority_params(&format!("CA phục vụ các cơ quan Nhà nước ({MARK})"), now);
        params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
        if let Some(services) = &services {
            params.crl_distribution_points = vec![published(&services.url, "root.crl")];
        }
        let intermediate = CertifiedIssuer::signed_by(params, rsa(RsaKeySize::_2048)?, &root)?;
        let stranger = self_signed(&format!("CA XA LẠ ({MARK})"), now)?;
        Ok(Self {
            root,
            intermediate,
            stranger,
            now,
            services,
        })
    }

    /// Issues a certificate for time stamps, with its key, PEM.
    ///
    /// # Errors
    /// When the key generator fails.
    pub fn time_stamp_authority(&self) -> Result<(String, String)> {
        let key = rsa(RsaKeySize::_2048)?;
        let mut params = CertificateParams::default();
        params.distinguished_name = subject(&format!("TSA {MARK}"));
        valid(&mut params, self.now, -30, 3 * 365)?;
        params.use_authority_key_identifier_extension = true;
        params.is_ca = IsCa::ExplicitNoCa;
        params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        // RFC 3161, 2.3 wants it critical, which rcgen's own is not.
        let mut purposes = CustomExtension::from_oid_content(
            &[2, 5, 29, 37],
            [&[0x30, 0x0a, 0x06, 0x08][..], TIME_STAMPING].concat(),
        );
        purposes.set_criticality(true);
        params.custom_extensions.push(purposes);
        let serial = self.serve(&mut params);
        let certificate = params.signed_by(&key, &self.intermediate)?;
        self.note(certificate.der(), serial);
        Ok((certificate.pem(), key.serialize_pem()))
    }

    /// The files with which `openssl` gives the services.
    pub(crate) fn service_files(&self) -> Result<Vec<(&'static str, String)>> {
        let (tsa, tsa_key) = self.time_stamp_authority()?;
        Ok(vec![
            ("tsa.pem", tsa),
            ("tsa.key", tsa_key),
            ("ca.pem", self.intermediate.pem()),
            ("ca.key", self.intermediate.key().serialize_pem()),
        ])
    }

    pub(crate) fn serial_of(&self, certificate: &Sha256) -> Option<u64> {
        let issued = self.issued();
        let found = issued.into_iter().find(|(known, _)| known == certificate);
        found.map(|(_, serial)| serial)
    }

    pub(crate) fn serials(&self) -> Vec<u64> {
        self.issued()
            .into_iter()
            .map(|(_, serial)| serial)
            .collect()
    }

    fn issued(&self) -> Vec<(Sha256, u64)> {
        let services = self.services.as_ref();
        services.map_or_else(Vec::new, |services| {
            let issued = services.issued.lock();
            issued.unwrap_or_else(PoisonError::into_inner).clone()
        })
    }

    /// The lists of root and subordinate authority, DER: of the latter with these serial numbers.
    pub(crate) fn lists_of(&self, revoked: &[(u64, Timestamp)]) -> Result<[Vec<u8>; 2]> {
        let mut days = CertificateParams::default();
        valid(&mut days, self.now, -1, 10)?;
        let entries: Vec<RevokedCertParams> = revoked
            .iter()
            .map(|(serial, at)| {
                let mut day = CertificateParams::default();
                valid(&mut day, *at, 0, 1)?;
                Ok(RevokedCertParams {
                    serial_number: SerialNumber::from(*serial),
                    revocation_time: day.not_before,
                    reason_code: None,
                    invalidity_date: None,
                })
            })
            .collect::<Result<_>>()?;
        let list = |entries| CertificateRevocationListParams {
            this_update: days.not_before,
            next_update: days.not_after,
            crl_number: SerialNumber::from(1),
            issuing_distribution_point: None,
            revoked_certs: entries,
            key_identifier_method: KeyIdMethod::Sha256,
        };
        Ok([
            list(Vec::new()).signed_by(&self.root)?.der().to_vec(),
            list(entries).signed_by(&self.intermediate)?.der().to_vec(),
        ])
    }

    /// Writes into a certificate where its revocation is looked up; gives its serial number.
    fn serve(&self, params: &mut CertificateParams) -> u64 {
        let Some(services) = &self.services else {
            return 0;
        };
        let count = self.issued().len() as u64;
        // Eight bytes, the first not zero: as `openssl`'s index writes it.
        let serial = 0x4300_0000_0000_0001 + count;
        params.serial_number = Some(SerialNumber::from(serial));
        params.crl_distribution_points = vec![published(&services.url, "ca.crl")];
        let places = [
            (OCSP_ACCESS, format!("{}/ocsp", services.url)),
            (
                ISSUER_ACCESS,
                format!("{}/{}", services.url, services.issuer),
            ),
        ];
        params
            .custom_extensions
            .push(CustomExtension::from_oid_content(
                &[1, 3, 6, 1, 5, 5, 7, 1, 1],
                access(&places),
            ));
        serial
    }

    fn note(&self, der: &[u8], serial: u64) {
        if let Some(services) = &self.services {
            let issued = services.issued.lock();
            let mut issued = issued.unwrap_or_else(PoisonError::into_inner);
            issued.push((fingerprint(der), serial));
        }
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
        let serial = self.serve(&mut params);
        let certificate = params.signed_by(&key, issuer)?;
        self.note(certificate.der(), serial);
        Ok(SigningIdentity {
            certificate: certificate.der().to_vec(),
            key_pkcs8: key.serialize_der(),
        })
    }

    /// The revocation lists of root and subordinate authority, DER, for ten days from `now`:
    /// nobody is on them.
    ///
    /// # Errors
    /// When the lists cannot be signed.
    pub fn revocation_lists(&self, now: Timestamp) -> Result<Vec<Vec<u8>>> {
        let mut days = CertificateParams::default();
        valid(&mut days, now, 0, 10)?;
        let list = CertificateRevocationListParams {
            this_update: days.not_before,
            next_update: days.not_after,
            crl_number: SerialNumber::from(1),
            issuing_distribution_point: None,
            revoked_certs: Vec::new(),
            key_identifier_method: KeyIdMethod::Sha256,
        };
        [&self.root, &self.intermediate]
            .iter()
            .map(|authority| Ok(list.signed_by(authority)?.der().to_vec()))
            .collect()
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

/// id-kp-timeStamping (RFC 3161, 2.3), the value of its identifier.
const TIME_STAMPING: &[u8] = &[0x2b, 0x06, 0x01, 0x05, 0x05, 0x07, 0x03, 0x08];
/// id-ad-ocsp (RFC 5280, 4.2.2.1), tag, length and value.
const OCSP_ACCESS: &[u8] = &[0x06, 0x08, 0x2b, 0x06, 0x01, 0x05, 0x05, 0x07, 0x30, 0x01];
/// id-ad-caIssuers, likewise.
const ISSUER_ACCESS: &[u8] = &[0x06, 0x08, 0x2b, 0x06, 0x01, 0x05, 0x05, 0x07, 0x30, 0x02];

fn published(url: &str, name: &str) -> CrlDistributionPoint {
    CrlDistributionPoint {
        uris: vec![format!("{url}/{name}")],
    }
}

/// AuthorityInfoAccess with addresses, each shorter than 100 characters.
fn access(places: &[(&[u8], String)]) -> Vec<u8> {
    let short = |length: usize| u8::try_from(length).unwrap_or(0);
    let mut list = Vec::new();
    for (kind, address) in places {
        list.extend([0x30, short(kind.len() + 2 + address.len())]);
        list.extend(*kind);
        list.extend([0x86, short(address.len())]);
        list.extend(address.as_bytes());
    }
    // 0x81: one byte of length follows, as DER wants from 128 on.
    let length = short(list.len());
    let mut out = if length < 128 {
        vec![0x30, length]
    } else {
        vec![0x30, 0x81, length]
    };
    out.extend(list);
    out
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

/// rcgen's days begin at midnight UTC: of a Vietnamese date that is later than the first hours of it.
const VIETNAM_AHEAD_MS: i64 = 7 * 3_600_000;

/// Validity in whole days before and after `now`; rcgen's own constructor is the only door to its
/// time type that needs no further dependency.
fn valid(params: &mut CertificateParams, now: Timestamp, from: i64, to: i64) -> Result<()> {
    let ymd = |days: i64| -> Result<(i32, u8, u8)> {
        let date = now.plus_ms(days * DAY_MS - VIETNAM_AHEAD_MS).vietnam_date();
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
