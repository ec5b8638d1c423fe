//! What the simulated token keeps in its folder: keys, certificates, counter, scenario. A counter
//! in memory would forget its tries with every crash that is practised.

use std::{fs, io, path::PathBuf};

use aws_lc_rs::{
    digest,
    encoding::{AsDer, Pkcs8V1Der},
    rand::SystemRandom,
    rsa::{KeyPair as RsaKeyPair, KeySize},
    signature::{self, KeyPair as _, RsaEncoding, RsaParameters, UnparsedPublicKey},
};
use congvan_worker::{Hash, Scenario, SignAlgorithm, TRAINING_PIN, TokenError};
use rcgen::{
    BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair, KeyUsagePurpose,
    date_time_ymd,
};
use serde::{Deserialize, Serialize};

/// Tries of a fresh token.
pub(super) const MOST_TRIES: u32 = 3;

const AUTHORITY_NAME: &str = "CA TẬP DƯỢT - KHÔNG CÓ GIÁ TRỊ PHÁP LÝ";
const STRANGER_NAME: &str = "CA LẠ - TẬP DƯỢT - KHÔNG CÓ GIÁ TRỊ PHÁP LÝ";
const HOLDER_NAME: &str = "CHỨNG THƯ TẬP DƯỢT - KHÔNG CÓ GIÁ TRỊ PHÁP LÝ";

/// The folder's contents.
pub(super) struct Kit {
    folder: PathBuf,
    state: State,
    made: Option<Made>,
}

struct Made {
    key: RsaKeyPair,
    authority: Vec<u8>,
    certificate: Vec<u8>,
}

#[derive(Serialize, Deserialize)]
struct State {
    scenario: Scenario,
    tries: u32,
    pin: String,
}

impl Kit {
    pub(super) fn open(folder: PathBuf) -> Self {
        let state = fs::read(folder.join("state.json"))
            .ok()
            .and_then(|bytes| serde_json::from_slice(&bytes).ok())
            .unwrap_or(State {
                scenario: Scenario::NoReader,
                tries: MOST_TRIES,
                pin: TRAINING_PIN.to_owned(),
            });
        let mut kit = Self {
            folder,
            state,
            made: None,
        };
        kit.made = kit.load();
        kit
    }

    fn load(&self) -> Option<Made> {
        let read = |name: &str| fs::read(self.folder.join(name)).ok();
        Some(Made {
            key: RsaKeyPair::from_pkcs8(&read("key.der")?).ok()?,
            authority: read("authority.der")?,
            certificate: read("certificate.der")?,
        })
    }

    pub(super) fn scenario(&self) -> Scenario {
        self.state.scenario
    }

    pub(super) fn is_made(&self) -> bool {
        self.made.is_some()
    }

    pub(super) fn tries(&self) -> u32 {
        self.state.tries
    }

    pub(super) fn certificate(&self) -> &[u8] {
        self.made.as_ref().map_or(&[], |made| &made.certificate)
    }

    pub(super) fn authority(&self) -> &[u8] {
        self.made.as_ref().map_or(&[], |made| &made.authority)
    }

    pub(super) fn certificate_hash(&self) -> [u8; 32] {
        let hash = digest::digest(&digest::SHA256, self.certificate());
        hash.as_ref().try_into().unwrap_or_default()
    }

    /// Takes up a scenario with a fresh counter and the well-known PIN. Keys are made once;
    /// certificates each time, because the scenario may want a flawed one.
    pub(super) fn begin(&mut self, scenario: Scenario) -> Result<(), TokenError> {
        fs::create_dir_all(&self.folder).map_err(|error| unwritable(&error))?;
        let authority_key = self.key("authority-key.der")?;
        let key = self.key("key.der")?;
        let (authority, certificate) =
            issue(scenario, &authority_key, &key).map_err(|error| failed(&error))?;
        self.write("authority.der", &authority)?;
        self.write("certificate.der", &certificate)?;
        self.state = State {
            scenario,
            tries: match scenario {
                Scenario::LastTry => 1,
                Scenario::Locked => 0,
                _ => MOST_TRIES,
            },
            pin: TRAINING_PIN.to_owned(),
        };
        self.save()?;
        self.made = self.load();
        Ok(())
    }

    /// A key of the folder, made when it is first asked for. PKCS#8.
    fn key(&self, name: &str) -> Result<Vec<u8>, TokenError> {
        if let Ok(der) = fs::read(self.folder.join(name)) {
            return Ok(der);
        }
        let made = RsaKeyPair::generate(KeySize::Rsa2048)
            .and_then(|pair| AsDer::<Pkcs8V1Der<'_>>::as_der(&pair))
            .map_err(|error| failed(&error))?;
        self.write(name, made.as_ref())?;
        Ok(made.as_ref().to_vec())
    }

    pub(super) fn spend_try(&mut self) -> Result<(), TokenError> {
        self.state.tries = self.state.tries.saturating_sub(1);
        self.save()
    }

    pub(super) fn restore_tries(&mut self) -> Result<(), TokenError> {
        self.state.tries = MOST_TRIES;
        self.save()
    }

    pub(super) fn is_pin(&self, pin: &str) -> bool {
        self.state.pin == pin
    }

    pub(super) fn set_pin(&mut self, pin: &str) -> Result<(), TokenError> {
        pin.clone_into(&mut self.state.pin);
        self.save()
    }

    pub(super) fn sign(
        &self,
        algorithm: SignAlgorithm,
        message: &[u8],
    ) -> Result<Vec<u8>, TokenError> {
        let unsupported = || TokenError::AlgorithmUnsupported { algorithm };
        let (encoding, _) = schemes(algorithm).ok_or_else(unsupported)?;
        let made = self.made.as_ref().ok_or(TokenError::TokenAbsent)?;
        let mut signature = vec![0; made.key.public_modulus_len()];
        made.key
            .sign(encoding, &SystemRandom::new(), message, &mut signature)
            .map_err(|error| failed(&error))?;
        Ok(signature)
    }

    pub(super) fn verifies(
        &self,
        algorithm: SignAlgorithm,
        message: &[u8],
        signature: &[u8],
    ) -> bool {
        let (Some((_, scheme)), Some(made)) = (schemes(algorithm), &self.made) else {
            return false;
        };
        let key = made.key.public_key().as_ref();
        UnparsedPublicKey::new(scheme, key)
            .verify(message, signature)
            .is_ok()
    }

    fn save(&self) -> Result<(), TokenError> {
        let text = serde_json::to_vec(&self.state).map_err(|error| failed(&error))?;
        self.write("state.json", &text)
    }

    fn write(&self, name: &str, bytes: &[u8]) -> Result<(), TokenError> {
        fs::write(self.folder.join(name), bytes).map_err(|error| unwritable(&error))
    }
}

type Schemes = (&'static dyn RsaEncoding, &'static RsaParameters);

fn schemes(algorithm: SignAlgorithm) -> Option<Schemes> {
    Some(match algorithm {
        SignAlgorithm::RsaPkcs1(Hash::Sha256) => (
            &signature::RSA_PKCS1_SHA256,
            &signature::RSA_PKCS1_2048_8192_SHA256,
        ),
        SignAlgorithm::RsaPkcs1(Hash::Sha384) => (
            &signature::RSA_PKCS1_SHA384,
            &signature::RSA_PKCS1_2048_8192_SHA384,
        ),
        SignAlgorithm::RsaPkcs1(Hash::Sha512) => (
            &signature::RSA_PKCS1_SHA512,
            &signature::RSA_PKCS1_2048_8192_SHA512,
        ),
        SignAlgorithm::RsaPss(Hash::Sha256) => (
            &signature::RSA_PSS_SHA256,
            &signature::RSA_PSS_2048_8192_SHA256,
        ),
        SignAlgorithm::RsaPss(Hash::Sha384) => (
            &signature::RSA_PSS_SHA384,
            &signature::RSA_PSS_2048_8192_SHA384,
        ),
        SignAlgorithm::RsaPss(Hash::Sha512) => (
            &signature::RSA_PSS_SHA512,
            &signature::RSA_PSS_2048_8192_SHA512,
        ),
        SignAlgorithm::Ecdsa(_) => return None,
    })
}

/// The authority's certificate and the holder's, as the scenario wants it.
fn issue(
    scenario: Scenario,
    authority_key: &[u8],
    key: &[u8],
) -> Result<(Vec<u8>, Vec<u8>), rcgen::Error> {
    let authority_pair = pair(authority_key)?;
    let authority = named(AUTHORITY_NAME, true)?;
    let authority_der = authority.self_signed(&authority_pair)?.der().to_vec();
    let mut holder = named(HOLDER_NAME, false)?;
    match scenario {
        Scenario::ExpiredCertificate => holder.not_after = date_time_ymd(2021, 1, 1),
        Scenario::NotYetValid => holder.not_before = date_time_ymd(2090, 1, 1),
        Scenario::WrongUsage => holder.key_usages = vec![KeyUsagePurpose::KeyEncipherment],
        _ => {}
    }
    let issuer = match scenario {
        Scenario::Untrusted => named(STRANGER_NAME, true)?,
        _ => authority,
    };
    let issuer_pair = match scenario {
        Scenario::Untrusted => KeyPair::generate_for(&rcgen::PKCS_ECDSA_P256_SHA256)?,
        _ => authority_pair,
    };
    let issuer = Issuer::new(issuer, issuer_pair);
    let certificate = holder.signed_by(&pair(key)?, &issuer)?;
    Ok((authority_der, certificate.der().to_vec()))
}

fn pair(pkcs8: &[u8]) -> Result<KeyPair, rcgen::Error> {
    // The library finds out by itself that it is RSA, and signs with SHA-256 then.
    KeyPair::try_from(pkcs8)
}

fn named(name: &str, is_authority: bool) -> Result<CertificateParams, rcgen::Error> {
    let mut params = CertificateParams::new(Vec::new())?;
    params.not_before = date_time_ymd(2020, 1, 1);
    params.not_after = date_time_ymd(2099, 12, 31);
    let subject = &mut params.distinguished_name;
    *subject = rcgen::DistinguishedName::new();
    subject.push(DnType::CountryName, "VN");
    subject.push(DnType::OrganizationName, "TẬP DƯỢT");
    subject.push(DnType::CommonName, name);
    if is_authority {
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    } else {
        params.is_ca = IsCa::ExplicitNoCa;
        params.use_authority_key_identifier_extension = true;
        params.key_usages = vec![
            KeyUsagePurpose::DigitalSignature,
            KeyUsagePurpose::ContentCommitment,
        ];
    }
    Ok(params)
}

fn unwritable(error: &io::Error) -> TokenError {
    failed(error)
}

fn failed(error: &dyn std::fmt::Display) -> TokenError {
    TokenError::ModuleFailed {
        function: "training".to_owned(),
        ckr: error.to_string(),
    }
}
