use aws_lc_rs::digest;
use congvan_model::{ByteSource, Sha256, Timestamp};
use congvan_pdf::{
    Appearance, Dict, Document, FieldKind, Joined, Object, SignatureEntries, SignaturePlan,
    SignatureTarget, TextField, Unsigned, add_signature, date, form_fields, text_string,
};

use crate::{
    Coverage, DigestAlgorithm, Doubt, Evidence, Level, Permission, RsaPadding, SignError,
    SignatureAlgorithm, Status, TrustAnchors,
    algorithm::{self, BaseHash, KeyKind, ecdsa_der},
    certificate::Certificate,
    cms,
    complete::weakest,
    numbers::check_fill,
    permissions::{certification_reference, lock_reference, restrictions},
    signatures::signed_fields,
    validate::Validator,
};

/// Bytes reserved for the CMS structure: enough for a chain and a time stamp, and little enough
/// that a signed tail with its font stays below 64 KiB (each byte takes two in the file).
pub const DEFAULT_RESERVE: usize = 24 * 1024;

/// Times New Roman's metrics under a free licence, for text in appearances and printed lists.
pub static TINOS: &[u8] = include_bytes!("../../../resources/fonts/tinos/Tinos-Regular.ttf");

/// One signature to make.
#[derive(Clone, Debug)]
pub struct SignRequest<'a> {
    /// The signer's certificate, DER.
    pub certificate: &'a [u8],
    /// Certificates above it, DER; put into the signature so that others need not search them.
    pub chain: &'a [Vec<u8>],
    /// Digest.
    pub digest: DigestAlgorithm,
    /// Padding, where the key is RSA.
    pub padding: RsaPadding,
    /// /Name; the certificate says who signed, this only repeats it.
    pub signer_name: Option<&'a str>,
    /// /Reason.
    pub reason: Option<&'a str>,
    /// /Location.
    pub location: Option<&'a str>,
    /// The signer's clock, for /M.
    pub time: Timestamp,
    /// Where the signature goes.
    pub field: SignatureTarget,
    /// What it looks like; areas are relative to the field.
    pub appearance: Appearance,
    /// Certifies the document as its author, with what is permitted afterwards; only the first
    /// signature may.
    pub certify: Option<Permission>,
    /// Bytes reserved for the CMS structure.
    pub reserve: usize,
    /// Empty text fields to bring along, to be filled later; only the first signature may.
    pub text_fields: &'a [TextField],
    /// Text fields to fill in this revision: full name and value.
    pub filled: &'a [(&'a str, &'a str)],
}

impl<'a> SignRequest<'a> {
    /// An invisible signature with SHA-256 and nothing else said.
    #[must_use]
    pub fn new(certificate: &'a [u8], time: Timestamp) -> Self {
        Self {
            certificate,
            chain: &[],
            digest: DigestAlgorithm::Sha256,
            padding: RsaPadding::Pkcs1,
            signer_name: None,
            reason: None,
            location: None,
            time,
            field: SignatureTarget::Invisible,
            appearance: Appearance::default(),
            certify: None,
            reserve: DEFAULT_RESERVE,
            text_fields: &[],
            filled: &[],
        }
    }
}

/// A document with a place for a signature, waiting for the token.
#[derive(Debug)]
pub struct Prepared {
    unsigned: Unsigned,
    /// SHA-256 of the original, to be gone on with.
    base_hash: BaseHash,
    certificate: Certificate,
    chain: Vec<Vec<u8>>,
    algorithm: SignatureAlgorithm,
    attributes: Vec<u8>,
    time: Timestamp,
}

/// What the token signs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ToBeSigned {
    /// DER of the signed attributes: the message, for mechanisms that hash.
    pub signed_attributes_der: Vec<u8>,
    /// Its digest, for mechanisms that do not.
    pub digest: Vec<u8>,
    /// How to sign.
    pub algorithm: SignatureAlgorithm,
    /// SHA-256 of the certificate whose key must sign.
    pub certificate: Sha256,
}

/// A signed document whose signature value has been checked, not yet validated as a whole.
#[derive(Debug)]
pub struct Signed {
    unsigned: Unsigned,
    /// SHA-256 of the original, to be gone on with.
    base_hash: BaseHash,
    certificate: Sha256,
    time: Timestamp,
}

/// A signed document that passed our own validation: the only form that gives out its bytes.
#[derive(Debug)]
pub struct Verified {
    tail: Vec<u8>,
    base: u64,
    sha256: Sha256,
    field: String,
    certificate: Sha256,
    time: Timestamp,
    level: Level,
    doubts: Vec<Doubt>,
}

/// Adds a field and a signature dictionary to a document and works out what the token must sign.
/// Reads the source once; holds only the bytes to append.
///
/// # Errors
/// [`SignError`]; the document is unchanged in any case.
pub fn prepare(source: &dyn ByteSource, request: &SignRequest<'_>) -> Result<Prepared, SignError> {
    let certificate = Certificate::parse(request.certificate).ok_or(SignError::BadCertificate)?;
    let algorithm = choose_algorithm(&certificate, request)?;
    let document = Document::open(source)?;
    check_permissions(&document, request)?;
    let plan = SignaturePlan {
        target: request.field.clone(),
        entries: entries(&document, request)?,
        certifies: request.certify.is_some(),
        reserve: request.reserve,
        appearance: (!request.appearance.items.is_empty()).then_some((&request.appearance, TINOS)),
        id_seed: id_seed(source, request),
        text_fields: request.text_fields,
        filled: (request.filled, TINOS),
    };
    let unsigned = add_signature(&document, &plan)?;
    let (digest, base_hash) = algorithm::hash_unsigned(source, &unsigned, algorithm.digest())?;
    let attributes = cms::signed_attributes(&certificate, algorithm.digest(), digest.as_ref());
    Ok(Prepared {
        unsigned,
        base_hash,
        certificate,
        chain: request.chain.to_vec(),
        algorithm,
        attributes,
        time: request.time,
    })
}

fn choose_algorithm(
    certificate: &Certificate,
    request: &SignRequest<'_>,
) -> Result<SignatureAlgorithm, SignError> {
    let digest = request.digest;
    let key = certificate.key.as_ref().ok_or(SignError::WeakKey)?;
    let algorithm = match key.kind {
        KeyKind::Rsa { bits } if bits < 2048 => return Err(SignError::WeakKey),
        KeyKind::Rsa { .. } => SignatureAlgorithm::Rsa {
            padding: request.padding,
            digest,
        },
        KeyKind::Ec(curve) => SignatureAlgorithm::Ecdsa { curve, digest },
    };
    if !certificate.may_sign {
        return Err(SignError::NotForSigning);
    }
    if !certificate.is_within_period(request.time) {
        return Err(SignError::OutsidePeriod {
            not_before: certificate.summary.not_before,
            not_after: certificate.summary.not_after,
        });
    }
    Ok(algorithm)
}

/// Earlier signatures may forbid this one (ISO 32000-2, 12.8.2.2 and 12.8.2.4).
fn check_permissions(document: &Document<'_>, request: &SignRequest<'_>) -> Result<(), SignError> {
    let name = match &request.field {
        SignatureTarget::Existing(name) => name.as_str(),
        // A new field has a name that no list of a lock can hold.
        SignatureTarget::New { .. } | SignatureTarget::Invisible => "",
    };
    for signed in signed_fields(document)? {
        let restrictions = restrictions(document, &signed)?;
        let field = signed.field.name.clone();
        if request.certify.is_some() {
            return Err(SignError::NotFirst { field });
        }
        if !request.text_fields.is_empty() {
            return Err(SignError::TooLateForFields { field });
        }
        if restrictions.certified == Some(Permission::Nothing) {
            return Err(SignError::Certified { field });
        }
        if restrictions.lock.is_some_and(|lock| lock.locks(name)) {
            return Err(SignError::Locked { by: field });
        }
    }
    check_fill(document, request.filled)
}

fn entries(
    document: &Document<'_>,
    request: &SignRequest<'_>,
) -> Result<SignatureEntries, SignError> {
    let mut more = Dict::new().with("M", date(request.time));
    for (key, text) in [
        ("Name", request.signer_name),
        ("Reason", request.reason),
        ("Location", request.location),
    ] {
        if let Some(text) = text {
            more.set(key, text_string(text));
        }
    }
    let (root, _) = document.catalog()?;
    let mut references = Vec::new();
    if let Some(permission) = request.certify {
        references.push(certification_reference(permission, root));
    }
    if let SignatureTarget::Existing(name) = &request.field {
        let field = form_fields(document)?
            .into_iter()
            .find(|field| field.name == *name && field.kind == FieldKind::Signature);
        if let Some(field) = field {
            let lock = document.value(&field.dict, "Lock")?;
            if let Some(lock) = lock.as_dict() {
                references.push(lock_reference(lock, root));
            }
        }
    }
    if !references.is_empty() {
        more.set("Reference", Object::Array(references));
    }
    Ok(SignatureEntries {
        kind: "Sig",
        sub_filter: "ETSI.CAdES.detached",
        more,
    })
}

/// Names this revision: depends on the document's length, the signer, the time and the place.
fn id_seed(source: &dyn ByteSource, request: &SignRequest<'_>) -> [u8; 16] {
    let mut context = digest::Context::new(&digest::SHA256);
    context.update(&source.len().to_be_bytes());
    context.update(&request.time.0.to_be_bytes());
    context.update(request.certificate);
    context.update(format!("{:?}", request.field).as_bytes());
    let mut seed = [0; 16];
    for (to, from) in seed.iter_mut().zip(context.finish().as_ref()) {
        *to = *from;
    }
    seed
}

impl Prepared {
    /// What the token signs.
    #[must_use]
    pub fn to_be_signed(&self) -> ToBeSigned {
        ToBeSigned {
            signed_attributes_der: self.attributes.clone(),
            digest: self.algorithm.digest().of(&self.attributes),
            algorithm: self.algorithm,
            certificate: self.certificate.summary.sha256,
        }
    }

    /// Full name of the field that will be signed.
    #[must_use]
    pub fn field(&self) -> &str {
        &self.unsigned.field
    }

    /// Checks the token's signature and puts it in. ECDSA may be raw, as PKCS#11 gives it, or DER.
    ///
    /// # Errors
    /// [`SignError::WrongSignature`] when it is not the certificate's signature of
    /// [`Prepared::to_be_signed`]; [`SignError::Pdf`] when the reserved space is too small.
    pub fn embed(mut self, raw_signature: &[u8]) -> Result<Signed, SignError> {
        let key = self.certificate.key.as_ref().ok_or(SignError::WeakKey)?;
        let verifies = |value: &[u8]| key.verifies(self.algorithm, &self.attributes, value);
        let signature = match self.algorithm {
            SignatureAlgorithm::Rsa { .. } => Some(raw_signature.to_vec()),
            SignatureAlgorithm::Ecdsa { curve, .. } => ecdsa_der(raw_signature, curve)
                .filter(|value| verifies(value))
                .or_else(|| Some(raw_signature.to_vec())),
        };
        let signature = signature
            .filter(|value| verifies(value))
            .ok_or(SignError::WrongSignature)?;
        let der = cms::signed_data(cms::Parts {
            certificate: &self.certificate,
            chain: &self.chain,
            algorithm: self.algorithm,
            attributes: &self.attributes,
            signature: &signature,
            unsigned: Vec::new(),
        });
        self.unsigned.fill(&der)?;
        let certificate = self.certificate.summary.sha256;
        Ok(Signed::new(
            (self.unsigned, self.base_hash),
            certificate,
            self.time,
        ))
    }
}

impl Signed {
    pub(crate) fn new(
        (unsigned, base_hash): (Unsigned, BaseHash),
        certificate: Sha256,
        time: Timestamp,
    ) -> Self {
        Self {
            unsigned,
            base_hash,
            certificate,
            time,
        }
    }

    /// Validates the document as others will: the whole file is read again. That no revocation
    /// evidence is at hand is no obstacle here (the signature is made offline and completed later);
    /// every other fault or doubt is.
    ///
    /// # Errors
    /// [`SignError::OutputInvalid`], [`SignError::NotTrusted`], [`SignError::AnotherDocument`].
    pub fn verify(
        self,
        source: &dyn ByteSource,
        trust: &TrustAnchors,
        now: Timestamp,
    ) -> Result<Verified, SignError> {
        let validator = Validator::new(trust, &Evidence::default());
        self.verify_by(source, &validator, now)
    }

    /// The same, where many documents are signed: the signer's authorities are verified once.
    ///
    /// # Errors
    /// As [`Signed::verify`].
    pub fn verify_by(
        self,
        source: &dyn ByteSource,
        validator: &Validator,
        now: Timestamp,
    ) -> Result<Verified, SignError> {
        if source.len() != self.unsigned.base {
            return Err(SignError::AnotherDocument);
        }
        let joined = Joined::new(source, &self.unsigned.bytes);
        let document = Document::open(&joined)?;
        let field = signed_fields(&document)?
            .into_iter()
            .find(|signed| signed.field.name == self.unsigned.field)
            .ok_or(SignError::AnotherDocument)?;
        let report = validator.validate_field(&document, &field, now)?;
        report.status.admit()?;
        let doubts = match report.status {
            Status::CouldNotCheck(doubts) => doubts,
            Status::Valid | Status::Invalid(_) => Vec::new(),
        };
        let signer = report.signer.map(|signer| signer.sha256);
        if report.coverage != Coverage::Whole || signer != Some(self.certificate) {
            return Err(SignError::AnotherDocument);
        }
        let level = match report.level {
            Some(level) => level,
            // A document time stamp has no level; it raises that of the signatures it covers.
            None => weakest(&validator.validate(&joined, now)?).unwrap_or(Level::BT),
        };
        // The original is the one that was prepared: the signature just checked covers it.
        Ok(Verified {
            sha256: self.base_hash.with(&self.unsigned.bytes),
            base: self.unsigned.base,
            field: self.unsigned.field,
            certificate: self.certificate,
            time: self.time,
            level,
            tail: self.unsigned.bytes,
            doubts,
        })
    }
}

impl Verified {
    /// The bytes to append to the original.
    #[must_use]
    pub fn tail(&self) -> &[u8] {
        &self.tail
    }

    /// The same, without a copy.
    #[must_use]
    pub fn into_tail(self) -> Vec<u8> {
        self.tail
    }

    /// Length of the original.
    #[must_use]
    pub fn base_size(&self) -> u64 {
        self.base
    }

    /// Length of the signed file.
    #[must_use]
    pub fn size(&self) -> u64 {
        self.base + self.tail.len() as u64
    }

    /// SHA-256 of the signed file.
    #[must_use]
    pub fn sha256(&self) -> Sha256 {
        self.sha256
    }

    /// Full name of the signed field.
    #[must_use]
    pub fn field(&self) -> &str {
        &self.field
    }

    /// SHA-256 of the signer's certificate.
    #[must_use]
    pub fn certificate(&self) -> Sha256 {
        self.certificate
    }

    /// The claimed time of signing.
    #[must_use]
    pub fn time(&self) -> Timestamp {
        self.time
    }

    /// The level that this step reached: of the new signature, or for a document time stamp that
    /// of the weakest signature it covers.
    #[must_use]
    pub fn level(&self) -> Level {
        self.level
    }

    /// Whether revocation was left unchecked: the law asks to warn the signer then
    /// (Circular 15/2025/TT-BKHCN, Appendix II).
    #[must_use]
    pub fn revocation_unchecked(&self) -> bool {
        self.doubts.contains(&Doubt::RevocationUnknown)
    }
}
