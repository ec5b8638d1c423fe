use congvan_model::Timestamp;
use congvan_pdf::ObjRef;

use crate::{CertificateSummary, RevocationCheck};

/// The verdict on one signature, with its grounds (ETSI EN 319 102-1, 5.1.3).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Status {
    /// TOTAL-PASSED.
    Valid,
    /// TOTAL-FAILED: it is certain that the signature must not be relied on.
    Invalid(Vec<Fault>),
    /// INDETERMINATE: nothing is wrong with what could be checked, but not all could be.
    CouldNotCheck(Vec<Doubt>),
}

impl Status {
    /// The main indication in the words of EN 319 102-1.
    #[must_use]
    pub fn indication(&self) -> &'static str {
        match self {
            Self::Valid => "TOTAL-PASSED",
            Self::Invalid(_) => "TOTAL-FAILED",
            Self::CouldNotCheck(_) => "INDETERMINATE",
        }
    }

    /// The sub-indication of the first ground; none for a valid signature.
    #[must_use]
    pub fn sub_indication(&self) -> Option<&'static str> {
        match self {
            Self::Valid => None,
            Self::Invalid(faults) => faults.first().map(Fault::sub_indication),
            Self::CouldNotCheck(doubts) => doubts.first().map(Doubt::sub_indication),
        }
    }

    /// Whether it may be relied on as far as is known: signatures are made offline, so that nobody
    /// could ask about revocation yet is no objection; every other ground is.
    pub(crate) fn admit(&self) -> Result<(), Objection> {
        match self {
            Self::Invalid(faults) => Err(Objection::Faults(faults.clone())),
            Self::CouldNotCheck(doubts)
                if doubts
                    .iter()
                    .any(|doubt| *doubt != Doubt::RevocationUnknown) =>
            {
                Err(Objection::Doubts(doubts.clone()))
            }
            Self::CouldNotCheck(_) | Self::Valid => Ok(()),
        }
    }
}

/// Why a signature is not admitted.
#[derive(Debug)]
pub(crate) enum Objection {
    /// It is worthless.
    Faults(Vec<Fault>),
    /// More than its revocation is in doubt.
    Doubts(Vec<Doubt>),
}

/// What makes a signature certainly worthless.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// /ByteRange or /Contents do not have the form that makes the rest meaningful: the signed
    /// ranges must begin at the first byte and leave out exactly the /Contents string.
    ByteRange {
        /// Which rule is broken.
        what: &'static str,
    },
    /// The CMS structure is damaged or breaks a rule of RFC 5652 or EN 319 142-1.
    Cms {
        /// Which rule is broken.
        what: &'static str,
    },
    /// The signed bytes were changed: their digest is another (HASH_FAILURE).
    DocumentAltered,
    /// The signature value is not the key's signature of the attributes (SIG_CRYPTO_FAILURE).
    SignatureWrong,
    /// The certificate in the CMS is not the one that the signature names.
    CertificateSwapped,
    /// The document was changed after the signature in a way that is not permitted.
    ForbiddenChange(Violation),
    /// The signer's certificate was revoked, and the signature is proven to be younger than that.
    Revoked {
        /// When.
        at: Timestamp,
    },
}

impl Fault {
    /// The sub-indication of EN 319 102-1, table 5.
    #[must_use]
    pub fn sub_indication(&self) -> &'static str {
        match self {
            Self::ByteRange { .. } | Self::Cms { .. } => "FORMAT_FAILURE",
            Self::DocumentAltered | Self::ForbiddenChange(_) => "HASH_FAILURE",
            Self::SignatureWrong | Self::CertificateSwapped => "SIG_CRYPTO_FAILURE",
            Self::Revoked { .. } => "REVOKED",
        }
    }
}

/// What could not be checked, or cannot be proven yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Doubt {
    /// The CMS does not hold the signer's certificate.
    NoSignerCertificate,
    /// No chain to a configured root: the root or an intermediate is not known here.
    NoChain,
    /// The chain breaks a rule of RFC 5280: a purpose, a length, a name.
    ChainConstraints {
        /// Which rule.
        what: &'static str,
    },
    /// The certificate's period does not contain the best time that is proven for the signature.
    OutsidePeriod {
        /// Valid from.
        not_before: Timestamp,
        /// Valid to.
        not_after: Timestamp,
    },
    /// There is no proof, good at the time of validation, that the certificate is not revoked.
    RevocationUnknown,
    /// The certificate is revoked, but the signature may be older: nothing proves it.
    RevokedNoProof {
        /// Revoked at.
        at: Timestamp,
    },
    /// An authority above the signer was revoked before the best proven time.
    AuthorityRevoked {
        /// Revoked at.
        at: Timestamp,
    },
    /// An algorithm or key size that is not admitted any more, or not known here.
    Algorithm {
        /// Its name or dotted identifier.
        name: String,
    },
    /// A kind of signature that this validator does not know.
    UnknownKind {
        /// /SubFilter.
        sub_filter: String,
    },
}

impl Doubt {
    /// The sub-indication of EN 319 102-1, table 5.
    #[must_use]
    pub fn sub_indication(&self) -> &'static str {
        match self {
            Self::NoSignerCertificate => "NO_SIGNING_CERTIFICATE_FOUND",
            Self::NoChain => "NO_CERTIFICATE_CHAIN_FOUND",
            Self::ChainConstraints { .. } => "CHAIN_CONSTRAINTS_FAILURE",
            Self::OutsidePeriod { .. } => "OUT_OF_BOUNDS_NO_POE",
            Self::RevocationUnknown => "TRY_LATER",
            Self::RevokedNoProof { .. } => "REVOKED_NO_POE",
            Self::AuthorityRevoked { .. } => "REVOKED_CA_NO_POE",
            Self::Algorithm { .. } => "CRYPTO_CONSTRAINTS_FAILURE_NO_POE",
            Self::UnknownKind { .. } => "GENERIC",
        }
    }
}

/// What kind of signature a field holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SignatureKind {
    /// An ordinary signature.
    Approval,
    /// A certification: the author's signature, with what it permits afterwards (/DocMDP).
    Certification(Permission),
    /// A document time stamp (EN 319 142-1, 5.4.3).
    DocumentTimeStamp,
}

/// What a certification permits to change afterwards (ISO 32000-2, table 257, /P).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Permission {
    /// Nothing but evidence for validation.
    Nothing,
    /// Filling in forms and signing.
    Forms,
    /// Annotations too.
    Annotations,
}

/// How far a signature reaches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Coverage {
    /// The whole file as it is.
    Whole,
    /// An earlier revision: the first `bytes` bytes of the file.
    Revision {
        /// Length of that revision.
        bytes: u64,
    },
    /// What it covers could not be established.
    Unclear,
}

/// A permitted change after a signature.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Change {
    /// Another signature.
    Signed {
        /// Its field.
        field: String,
    },
    /// A document time stamp.
    TimeStamped {
        /// Its field.
        field: String,
    },
    /// An empty signature field.
    FieldAdded {
        /// Its name.
        field: String,
    },
    /// A form field was filled.
    Filled {
        /// Its name.
        field: String,
    },
    /// An annotation was added or changed; only where the certification permits it.
    Annotated {
        /// Page, from 0.
        page: usize,
    },
    /// Evidence for later validation (/DSS).
    Evidence,
    /// Title, author, dates and the like; not shown on any page.
    Metadata,
}

/// A change after a signature that is not permitted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    /// The object that was changed, where it is one object.
    pub object: Option<ObjRef>,
    /// What it is.
    pub what: &'static str,
}

/// The level of a baseline signature (EN 319 142-1, 6.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// The signature alone.
    BB,
    /// With a time stamp.
    BT,
    /// With the evidence for validation inside.
    BLT,
    /// With a document time stamp over that evidence.
    BLTA,
}

/// Where the time of a signature comes from, the weakest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TimeSource {
    /// The time of validation: nothing older is proven.
    Validation,
    /// A time stamp by a trusted authority.
    TimeStamp,
}

/// All that is known about one signature.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignatureReport {
    /// Full name of the field.
    pub field: String,
    /// What kind of signature it is.
    pub kind: SignatureKind,
    /// The verdict.
    pub status: Status,
    /// Whether the signed bytes and the signature value are unharmed; does not say by whom.
    pub intact: bool,
    /// The signer's certificate; for a time stamp, the authority's.
    pub signer: Option<CertificateSummary>,
    /// The time that the signer's own clock claims: /M, or signing-time in the CMS.
    pub claimed_time: Option<Timestamp>,
    /// Whether signing-time differs from /M by seven hours: a tool wrote local time as UTC.
    pub claimed_time_is_off_by_zone: bool,
    /// The best proven time, and by what.
    pub best_time: (Timestamp, TimeSource),
    /// /Reason.
    pub reason: Option<String>,
    /// /Location.
    pub location: Option<String>,
    /// How far it reaches.
    pub coverage: Coverage,
    /// What was permissibly changed afterwards.
    pub changes: Vec<Change>,
    /// The level reached; none for a signature that is no baseline signature.
    pub level: Option<Level>,
    /// The revocation of every certificate below the root, of the signer's chain and of the chains
    /// of time stamps inside the signature.
    pub revocation: Vec<RevocationCheck>,
}

/// The report on a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ValidationReport {
    /// One for each signature, in the order in which they were made.
    pub signatures: Vec<SignatureReport>,
    /// Whether bytes follow the last signature: a later revision, or anything else.
    pub changed_after_last: bool,
}

impl ValidationReport {
    /// Whether there is a signature, and every one is valid.
    #[must_use]
    pub fn all_valid(&self) -> bool {
        !self.signatures.is_empty()
            && self
                .signatures
                .iter()
                .all(|signature| signature.status == Status::Valid)
    }
}
