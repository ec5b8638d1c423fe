//! PAdES: signing by an incremental update, and validation that nobody can fool.
//!
//! Signing goes by stages that are types, and only the last one gives out bytes:
//! [`prepare`] -> [`Prepared`] -> (the token signs [`ToBeSigned`]) -> [`Signed`] -> [`Verified`].
//! Completing, without the token: a time stamp ([`prepare_inner_time_stamp`] while nothing covers
//! the signature, else [`prepare_time_stamp`]), evidence ([`evidence_wanted`], then
//! [`add_evidence`]), and a time stamp over that; the last two again before that one ages.
//! Validation: [`validate`] reports every signature of a file (many files: [`Validator`]), [`verify_extension`] judges the next
//! revision of a known file (a signature or a completion), [`inspect`] looks before signing.
//!
//! Invariant: this crate opens no file, socket, clock or token. Bytes and time come in, bytes and
//! results go out. Evidence from the network is handed in by the caller.
//! Invariant: signed bytes are never decoded and encoded again; CMS is cut from raw slices.

mod algorithm;
mod answer;
mod assess;
mod certificate;
mod changes;
mod cms;
mod complete;
mod coverage;
mod crl;
mod dss;
mod error;
mod evidence;
mod extension;
#[cfg(fuzzing)]
#[doc(hidden)]
pub mod fuzzing;
mod inspect;
mod integrity;
mod issuers;
mod judge;
mod known;
mod mechanism;
mod numbers;
mod ocsp;
mod permissions;
pub mod placement;
mod prepare;
mod pss;
mod report;
pub mod roles;
mod signatures;
mod standing;
mod stock;
pub mod template;
mod time;
mod timestamp;
mod tlv;
mod trust;
mod validate;
mod wanted;

pub use algorithm::{Curve, DigestAlgorithm, KeyKind, RsaPadding, SignatureAlgorithm};
pub use answer::{TimeStampOutcome, TimeStampRefusal, ocsp_status, time_stamp_outcome};
pub use assess::{Fitness, assess};
pub use certificate::CertificateSummary;
pub use complete::{
    Completed, Patch, PreparedInnerTimeStamp, add_evidence, prepare_inner_time_stamp,
};
pub use congvan_pdf::{
    AccessRights, Appearance, Colour, Item, MmRect, PdfA, PdfError, SignatureTarget as FieldChoice,
    TextAlign, TextField,
};
pub use error::{ExtensionError, SignError};
pub use evidence::{Evidence, EvidencePiece, RevocationCheck, RevocationState};
pub use extension::{CompletedSignature, ExtensionKind, verify_extension};
pub use inspect::{EmptyField, Inspection, PageSize, inspect, read_certificate, signature_places};
pub use issuers::{addresses_in, certificates_in, issuer_urls, without_chain};
pub use numbers::{
    NUMBER_FIELDS, NumberDate, fill_fields, number_fields, number_values, seal_with_number,
};
pub use permissions::{FieldLock, LockAction};
pub use prepare::{
    DEFAULT_RESERVE, Prepared, SignRequest, Signed, TINOS, ToBeSigned, Verified, prepare,
};
pub use report::{
    Change, Coverage, Doubt, Fault, Level, Permission, SignatureKind, SignatureReport, Status,
    TimeSource, ValidationReport, Violation,
};
pub use standing::{certificate_standing, counts_until, standing_wanted};
pub use timestamp::{PreparedTimeStamp, prepare_time_stamp};
pub use trust::TrustAnchors;
pub use validate::{Validator, validate, validate_with};
pub use wanted::{EvidenceRequest, answers_nonce, evidence_wanted};
