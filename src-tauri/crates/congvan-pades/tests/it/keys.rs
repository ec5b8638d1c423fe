//! A throw-away PKI and software keys in the place of a token.

use std::sync::OnceLock;

use aws_lc_rs::{
    rand::SystemRandom,
    signature::{
        ECDSA_P256_SHA256_FIXED_SIGNING, ECDSA_P384_SHA384_FIXED_SIGNING, EcdsaKeyPair,
        RSA_PKCS1_SHA256, RSA_PKCS1_SHA384, RSA_PKCS1_SHA512, RSA_PSS_SHA256, RSA_PSS_SHA384,
        RSA_PSS_SHA512, RsaKeyPair,
    },
};
use congvan_model::Timestamp;
use congvan_pades::{
    Curve, DigestAlgorithm, RsaPadding, SignatureAlgorithm, ToBeSigned, TrustAnchors,
};
use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, CustomExtension, DistinguishedName,
    DnType, IsCa, KeyPair, KeyUsagePurpose, PKCS_ECDSA_P256_SHA256, PKCS_ECDSA_P384_SHA384,
    PKCS_ED25519, PKCS_RSA_SHA256, RsaKeySize,
};

/// 2026-01-05T08:14:00+07:00.
pub(crate) const NOW: Timestamp = Timestamp(1_767_575_640_000);

/// Seconds on the clock that OpenSSL's authorities go by.
#[expect(clippy::disallowed_methods, reason = "other programs read it too")]
pub(crate) fn machine_clock() -> i64 {
    let clock = std::time::SystemTime::now()
        .duration_since(std::time::UNIX_EPOCH)
        .unwrap();
    clock.as_secs() as i64
}

pub(crate) const OCSP_URL: &str = "http://ocsp.kiemthu.invalid/";
pub(crate) const CRL_URL: &str = "http://crl.kiemthu.invalid/sub.crl";

pub(crate) struct Signer {
    pub(crate) certificate: Vec<u8>,
    pub(crate) pkcs8: Vec<u8>,
}

pub(crate) struct Pki {
    pub(crate) root: Vec<u8>,
    pub(crate) root_pem: String,
    pub(crate) intermediate: Vec<u8>,
    pub(crate) rsa: Signer,
    pub(crate) rsa_3072: Signer,
    pub(crate) p256: Signer,
    pub(crate) p384: Signer,
    pub(crate) expired: Signer,
    pub(crate) not_for_signing: Signer,
    pub(crate) stranger: Signer,
    pub(crate) tsa: Signer,
    /// A responder of the lower authority, exempt from checks of its own.
    pub(crate) responder: Signer,
    pub(crate) root_key: Vec<u8>,
    pub(crate) intermediate_key: Vec<u8>,
}

type Authority = CertifiedIssuer<'static, KeyPair>;

fn name(common: &str) -> DistinguishedName {
    let mut name = DistinguishedName::new();
    name.push(DnType::CountryName, "VN");
    name.push(DnType::OrganizationName, "UBND tỉnh H99");
    name.push(DnType::OrganizationalUnitName, "UBND xã Bình Minh Đông");
    name.push(DnType::CommonName, common);
    name
}

fn authority(common: &str) -> CertificateParams {
    let mut params = CertificateParams::default();
    params.distinguished_name = name(common);
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    params.not_before = rcgen::date_time_ymd(2020, 1, 1);
    params.not_after = rcgen::date_time_ymd(2045, 1, 1);
    params
}

/// Names the places of the list and of the responder.
fn say_where(params: &mut CertificateParams) {
    params.crl_distribution_points = vec![rcgen::CrlDistributionPoint {
        uris: vec![CRL_URL.to_owned()],
    }];
    // One OCSP responder (RFC 5280, 4.2.2.1).
    let method = b"\x06\x08\x2b\x06\x01\x05\x05\x07\x30\x01";
    let url = [&[0x86, OCSP_URL.len() as u8], OCSP_URL.as_bytes()].concat();
    let access = [&[0x30, (method.len() + url.len()) as u8], &method[..], &url].concat();
    let access = [&[0x30, access.len() as u8], &access[..]].concat();
    params
        .custom_extensions
        .push(CustomExtension::from_oid_content(
            &[1, 3, 6, 1, 5, 5, 7, 1, 1],
            access,
        ));
}

fn leaf(
    common: &str,
    key: KeyPair,
    issuer: &Authority,
    to: i32,
    usage: &[KeyUsagePurpose],
) -> Signer {
    let mut params = CertificateParams::default();
    params.distinguished_name = name(common);
    params.is_ca = IsCa::ExplicitNoCa;
    params.use_authority_key_identifier_extension = true;
    params.key_usages = usage.to_vec();
    params.not_before = rcgen::date_time_ymd(2022, 1, 1);
    params.not_after = rcgen::date_time_ymd(to, 1, 1);
    say_where(&mut params);
    Signer {
        certificate: params.signed_by(&key, issuer).unwrap().der().to_vec(),
        pkcs8: key.serialize_der(),
    }
}

/// A time stamp authority: its purpose must be critical and the only one (RFC 3161, 2.3).
fn time_stamp_authority(issuer: &Authority) -> Signer {
    let key = rsa(RsaKeySize::_2048);
    let mut params = CertificateParams::default();
    params.distinguished_name = name("TSA KIỂM THỬ");
    params.use_authority_key_identifier_extension = true;
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    params.not_before = rcgen::date_time_ymd(2022, 1, 1);
    params.not_after = rcgen::date_time_ymd(2044, 1, 1);
    let purpose = b"\x30\x0a\x06\x08\x2b\x06\x01\x05\x05\x07\x03\x08".to_vec();
    let mut purpose = CustomExtension::from_oid_content(&[2, 5, 29, 37], purpose);
    purpose.set_criticality(true);
    params.custom_extensions = vec![purpose];
    say_where(&mut params);
    Signer {
        certificate: params.signed_by(&key, issuer).unwrap().der().to_vec(),
        pkcs8: key.serialize_der(),
    }
}

fn responder(issuer: &Authority) -> Signer {
    let key = KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256).unwrap();
    let mut params = CertificateParams::default();
    params.distinguished_name = name("OCSP KIỂM THỬ");
    params.use_authority_key_identifier_extension = true;
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    params.extended_key_usages = vec![rcgen::ExtendedKeyUsagePurpose::OcspSigning];
    params.not_before = rcgen::date_time_ymd(2022, 1, 1);
    params.not_after = rcgen::date_time_ymd(2044, 1, 1);
    params.custom_extensions = vec![CustomExtension::from_oid_content(
        &[1, 3, 6, 1, 5, 5, 7, 48, 1, 5],
        vec![5, 0],
    )];
    Signer {
        certificate: params.signed_by(&key, issuer).unwrap().der().to_vec(),
        pkcs8: key.serialize_der(),
    }
}

fn rsa(size: RsaKeySize) -> KeyPair {
    KeyPair::generate_rsa_for(&PKCS_RSA_SHA256, size).unwrap()
}

pub(crate) fn pki() -> &'static Pki {
    static PKI: OnceLock<Pki> = OnceLock::new();
    PKI.get_or_init(|| {
        let ec = || KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256).unwrap();
        let root =
            CertifiedIssuer::self_signed(authority("CA KIỂM THỬ - KHÔNG CÓ GIÁ TRỊ PHÁP LÝ"), ec())
                .unwrap();
        let sub = CertifiedIssuer::signed_by(authority("CA phụ KIỂM THỬ"), ec(), &root).unwrap();
        let other = CertifiedIssuer::self_signed(authority("CA xa lạ KIỂM THỬ"), ec()).unwrap();
        let signing = &[
            KeyUsagePurpose::DigitalSignature,
            KeyUsagePurpose::ContentCommitment,
        ];
        Pki {
            root: root.der().to_vec(),
            root_pem: root.pem(),
            intermediate: sub.der().to_vec(),
            rsa: leaf("Lê Văn Bình", rsa(RsaKeySize::_2048), &sub, 2035, signing),
            rsa_3072: leaf("Trần Thị Ánh", rsa(RsaKeySize::_3072), &sub, 2035, signing),
            p256: leaf("UBND xã Bình Minh Đông", ec(), &sub, 2035, signing),
            p384: leaf(
                "Đỗ Hữu Nghĩa",
                KeyPair::generate_for(&PKCS_ECDSA_P384_SHA384).unwrap(),
                &sub,
                2035,
                signing,
            ),
            expired: leaf("Hết hạn", ec(), &sub, 2025, signing),
            not_for_signing: leaf("Mã hóa", ec(), &sub, 2035, &[KeyUsagePurpose::KeyAgreement]),
            tsa: time_stamp_authority(&sub),
            responder: responder(&sub),
            root_key: root.key().serialize_der(),
            intermediate_key: sub.key().serialize_der(),
            stranger: leaf("Người lạ", ec(), &other, 2035, signing),
        }
    })
}

/// A signer right below a root whose key chains may use, but lists and answers may not.
pub(crate) fn below_ed25519() -> (Signer, TrustAnchors) {
    let key = KeyPair::generate_for(&PKCS_ED25519).unwrap();
    let root = CertifiedIssuer::self_signed(authority("CA Ed25519 KIỂM THỬ"), key).unwrap();
    let key = KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256).unwrap();
    let usage = &[KeyUsagePurpose::DigitalSignature];
    let trust = TrustAnchors {
        roots: vec![root.der().to_vec()],
        intermediates: Vec::new(),
    };
    (leaf("Lê Văn Bình", key, &root, 2035, usage), trust)
}

impl Pki {
    pub(crate) fn trust(&self) -> TrustAnchors {
        TrustAnchors {
            roots: vec![self.root.clone()],
            intermediates: Vec::new(),
        }
    }
}

impl Signer {
    /// Signs as a token does: ECDSA comes as two raw numbers.
    pub(crate) fn sign(&self, request: &ToBeSigned) -> Vec<u8> {
        use DigestAlgorithm::{Sha256, Sha384, Sha512};
        let message = &request.signed_attributes_der;
        let random = SystemRandom::new();
        match request.algorithm {
            SignatureAlgorithm::Rsa { padding, digest } => {
                let key = RsaKeyPair::from_pkcs8(&self.pkcs8).unwrap();
                let encoding: &'static dyn aws_lc_rs::signature::RsaEncoding =
                    match (padding, digest) {
                        (RsaPadding::Pkcs1, Sha256) => &RSA_PKCS1_SHA256,
                        (RsaPadding::Pkcs1, Sha384) => &RSA_PKCS1_SHA384,
                        (RsaPadding::Pkcs1, Sha512) => &RSA_PKCS1_SHA512,
                        (RsaPadding::Pss, Sha256) => &RSA_PSS_SHA256,
                        (RsaPadding::Pss, Sha384) => &RSA_PSS_SHA384,
                        (RsaPadding::Pss, Sha512) => &RSA_PSS_SHA512,
                    };
                let mut raw = vec![0; key.public_modulus_len()];
                key.sign(encoding, &random, message, &mut raw).unwrap();
                raw
            }
            SignatureAlgorithm::Ecdsa { curve, digest } => {
                let algorithm = match (curve, digest) {
                    (Curve::P256, Sha256) => &ECDSA_P256_SHA256_FIXED_SIGNING,
                    (Curve::P384, Sha384) => &ECDSA_P384_SHA384_FIXED_SIGNING,
                    other => panic!("no software key for {other:?}"),
                };
                let key = EcdsaKeyPair::from_pkcs8(algorithm, &self.pkcs8).unwrap();
                key.sign(&random, message).unwrap().as_ref().to_vec()
            }
        }
    }
}
