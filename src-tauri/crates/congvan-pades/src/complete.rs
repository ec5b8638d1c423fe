//! Completing a signed document without its token: evidence as a further revision (B-LT), and a
//! time stamp put into a signature that nothing covers yet (B-T).

use aws_lc_rs::digest;
use congvan_model::{ByteSource, ReadError, Sha256, Timestamp};
use congvan_pdf::{Dict, Document, Increment, Joined, ObjRef, Object};

use crate::{
    Coverage, Evidence, EvidencePiece, Fault, Level, SignError, SignatureKind, Status,
    TrustAnchors, ValidationReport,
    algorithm::hash_range,
    certificate::hex,
    cms::{SignedData, with_time_stamp},
    coverage::check_range,
    dss::{LISTS, Store, read_store},
    evidence_wanted,
    known::Known,
    signatures::signed_fields,
    timestamp::{Query, id_seed},
    validate::{Validator, validate_with},
};

/// A document completed by a further revision that passed our own validation.
#[derive(Debug)]
pub struct Completed {
    tail: Vec<u8>,
    base: u64,
    sha256: Sha256,
    level: Level,
}

impl Completed {
    /// Judges a tail before it is given out: no signature may be worse off.
    pub(crate) fn check(
        source: &dyn ByteSource,
        tail: Vec<u8>,
        trust: &TrustAnchors,
        now: Timestamp,
    ) -> Result<Self, SignError> {
        let validator = Validator::new(trust, &Evidence::default());
        let before = validator.validate(source, now)?;
        Self::judged((source, &before), tail, &validator, now)
    }

    /// The same, where the original was judged already. A tail has to do with what it brings along:
    /// the validator is one without supplied evidence.
    fn judged(
        (source, before): (&dyn ByteSource, &ValidationReport),
        tail: Vec<u8>,
        validator: &Validator,
        now: Timestamp,
    ) -> Result<Self, SignError> {
        let joined = Joined::new(source, &tail);
        let after = validator.validate(&joined, now)?;
        check_kept(before, &after)?;
        Ok(Self {
            sha256: hash_of(&joined)?,
            base: source.len(),
            level: weakest(&after).unwrap_or(Level::BB),
            tail,
        })
    }

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

    /// SHA-256 of the completed file.
    #[must_use]
    pub fn sha256(&self) -> Sha256 {
        self.sha256
    }

    /// The level that the weakest signature has now. A signature without a time stamp stays B-B.
    #[must_use]
    pub fn level(&self) -> Level {
        self.level
    }
}

/// Adds to a file what establishes its signatures: certificates, OCSP answers and lists, in /DSS
/// with an entry in /VRI for each signature (EN 319 142-1, 5.4.2). Only pieces that a signature
/// needs are taken from `supplied`; what the file has stays. To be called again, with new evidence
/// for the last time stamp, before the archive time stamp is renewed.
///
/// # Errors
/// [`SignError::EvidenceMissing`] where a certificate's revocation is still unknown,
/// [`SignError::NothingToComplete`] where no signature is sound or nothing would be added.
pub fn add_evidence(
    source: &dyn ByteSource,
    trust: &TrustAnchors,
    supplied: &Evidence,
    now: Timestamp,
) -> Result<Completed, SignError> {
    let document = Document::open(source)?;
    let report = validate_with(source, trust, supplied, now)?;
    let wanted = evidence_wanted(&report).len();
    if wanted > 0 {
        return Err(SignError::EvidenceMissing {
            certificates: wanted,
        });
    }
    let store = read_store(&document)?;
    let mut writer = Writer {
        increment: Increment::new(&document),
        has_new: false,
        store,
        known: Known::default(),
    };
    let entries = writer.entries(&document, &report, trust, supplied)?;
    if !writer.has_new {
        return Err(SignError::NothingToComplete);
    }
    writer.put(&document, entries)?;
    let seed = id_seed(source, now.0 as u64);
    let tail = writer.increment.finish(seed)?.bytes;
    let validator = Validator::new(trust, &Evidence::default());
    Completed::judged((source, &report), tail, &validator, now)
}

/// The level of the weakest signature; none where there is no baseline signature.
pub(crate) fn weakest(report: &ValidationReport) -> Option<Level> {
    let signatures = report.signatures.iter();
    signatures
        .filter(|one| one.kind != SignatureKind::DocumentTimeStamp)
        .map(|one| one.level)
        .min()
        .flatten()
}

/// Completing a file must not make any of its signatures worse.
fn check_kept(before: &ValidationReport, after: &ValidationReport) -> Result<(), SignError> {
    if before.signatures.len() != after.signatures.len() {
        return Err(SignError::AnotherDocument);
    }
    for (old, new) in before.signatures.iter().zip(&after.signatures) {
        let was_invalid = matches!(old.status, Status::Invalid(_));
        match &new.status {
            Status::Invalid(faults) if !was_invalid => {
                return Err(SignError::OutputInvalid {
                    faults: faults.clone(),
                });
            }
            Status::CouldNotCheck(doubts) if old.status == Status::Valid => {
                return Err(SignError::NotTrusted {
                    doubts: doubts.clone(),
                });
            }
            Status::Invalid(_) | Status::CouldNotCheck(_) | Status::Valid => {}
        }
    }
    Ok(())
}

pub(crate) fn hash_of(source: &dyn ByteSource) -> Result<Sha256, ReadError> {
    let mut context = digest::Context::new(&digest::SHA256);
    hash_range(source, 0, source.len(), |chunk| context.update(chunk))?;
    Ok(finish(context))
}

/// The hash that a context of SHA-256 has come to.
pub(crate) fn finish(context: digest::Context) -> Sha256 {
    let mut hash = [0; 32];
    for (to, from) in hash.iter_mut().zip(context.finish().as_ref()) {
        *to = *from;
    }
    Sha256(hash)
}

struct Writer<'d, 's> {
    increment: Increment<'d, 's>,
    has_new: bool,
    store: Store,
    known: Known,
}

impl Writer<'_, '_> {
    /// The entry of /VRI for each sound signature, with its pieces put into the file.
    fn entries(
        &mut self,
        document: &Document<'_>,
        report: &ValidationReport,
        trust: &TrustAnchors,
        supplied: &Evidence,
    ) -> Result<Vec<(String, Dict)>, SignError> {
        let fields = signed_fields(document)?;
        let mut entries = Vec::new();
        for (field, one) in fields.iter().zip(&report.signatures) {
            if matches!(one.status, Status::Invalid(_)) {
                continue;
            }
            let (_, contents) = check_range(document, field)?;
            let pieces = self.pieces(&contents, one, trust, supplied);
            let mut entry = Dict::new();
            for ((list, (_, key)), pieces) in LISTS.iter().enumerate().zip(pieces) {
                let mut items: Vec<Object> = Vec::new();
                for piece in pieces {
                    let item = Object::Ref(self.piece(list, &piece)?);
                    if !items.contains(&item) {
                        items.push(item);
                    }
                }
                if !items.is_empty() {
                    entry.set(key, Object::Array(items));
                }
            }
            entries.push((name(&contents), entry));
        }
        Ok(entries)
    }

    /// What one signature needs, in the order of [`LISTS`].
    fn pieces(
        &self,
        contents: &[u8],
        report: &crate::SignatureReport,
        trust: &TrustAnchors,
        supplied: &Evidence,
    ) -> [Vec<Vec<u8>>; 3] {
        let [mut certificates, mut ocsp, mut crls] = [Vec::new(), Vec::new(), Vec::new()];
        for check in &report.revocation {
            certificates.push(check.certificate.clone());
            certificates.push(check.issuer.clone());
            match &check.piece {
                Some(EvidencePiece::Ocsp(der)) => ocsp.push(der.clone()),
                Some(EvidencePiece::Crl(der)) => crls.push(der.clone()),
                None => {}
            }
        }
        // A signer directly below a root, or a root itself, has no check that would name it.
        certificates.extend(report.signer.iter().map(|signer| signer.der.clone()));
        // Responders that do not send their certificate along, and whatever else the CMS has.
        let own = SignedData::read(contents).map(|data| data.certificates);
        let issuers = certificates.clone();
        let others = supplied.certificates.iter().chain(&trust.intermediates);
        certificates.extend(
            others
                .filter(|der| is_issued_by_any(der, &issuers, &self.known))
                .cloned(),
        );
        certificates.extend(own.unwrap_or_default());
        [certificates, ocsp, crls]
    }

    /// The object of a piece, new or already there.
    fn piece(&mut self, list: usize, der: &[u8]) -> Result<ObjRef, SignError> {
        let evidence = &mut self.store.evidence;
        let pieces = match list {
            0 => &mut evidence.certificates,
            1 => &mut evidence.ocsp,
            _ => &mut evidence.crls,
        };
        let places = self
            .store
            .places
            .get_mut(list)
            .ok_or(SignError::NothingToComplete)?;
        let known = pieces.iter().position(|known| known == der);
        if let Some(place) = known.and_then(|at| places.get(at)) {
            return Ok(*place);
        }
        let id = self.increment.add_stream(Dict::new(), der)?;
        pieces.push(der.to_vec());
        places.push(id);
        self.has_new = true;
        Ok(id)
    }

    /// Writes the store and names it in the catalog.
    fn put(
        &mut self,
        document: &Document<'_>,
        entries: Vec<(String, Dict)>,
    ) -> Result<(), SignError> {
        let (root, catalog) = document.catalog()?;
        let old = document.value(&catalog, "DSS")?;
        let mut store = old.as_dict().cloned().unwrap_or_default();
        let old = document.value(&store, "VRI")?;
        let mut all = old.as_dict().cloned().unwrap_or_default();
        for (name, entry) in entries {
            all.set(&name, Object::Dict(entry));
        }
        store.set("Type", Object::name("DSS"));
        store.set("VRI", Object::Dict(all));
        for ((key, _), places) in LISTS.iter().zip(&self.store.places) {
            let items: Vec<Object> = places.iter().map(|place| Object::Ref(*place)).collect();
            if !items.is_empty() {
                store.set(key, Object::Array(items));
            }
        }
        let store = self.increment.add(Object::Dict(store))?;
        let catalog = catalog.with("DSS", Object::Ref(store));
        self.increment.put(root, Object::Dict(catalog));
        Ok(())
    }
}

fn is_issued_by_any(der: &[u8], issuers: &[Vec<u8>], known: &Known) -> bool {
    let Some(certificate) = known.certificate(der) else {
        return false;
    };
    issuers
        .iter()
        .filter_map(|issuer| known.certificate(issuer))
        .any(|issuer| known.is_issued_by(&certificate, &issuer))
}

/// The key in /VRI: SHA-1 of the whole /Contents, in capitals (ISO 32000-2, 12.8.4.4).
fn name(contents: &[u8]) -> String {
    let sha1 = &digest::SHA1_FOR_LEGACY_USE_ONLY;
    hex(digest::digest(sha1, contents).as_ref()).to_uppercase()
}

/// A signature waiting for a time stamp inside itself.
#[derive(Debug)]
pub struct PreparedInnerTimeStamp {
    query: Query,
    contents: Vec<u8>,
    /// First byte of the hexadecimal digits of /Contents, and how many there are.
    digits: (u64, usize),
    field: String,
    len: u64,
}

/// Bytes that replace others of the same number in the file; not an appended revision.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Patch {
    /// First byte to replace.
    pub offset: u64,
    /// What to put there.
    pub bytes: Vec<u8>,
    /// SHA-256 of the patched file.
    pub sha256: Sha256,
}

/// Prepares a time stamp over the value of the newest signature, to be put into the space reserved
/// in its own /Contents (EN 319 142-1, 5.3): the file does not grow, but is no longer the same
/// bytes. `nonce` must be random.
///
/// # Errors
/// [`SignError::Covered`] where a later revision covers the signature already: then only
/// [`crate::prepare_time_stamp`] is right. [`SignError::NothingToComplete`] where there is no
/// signature.
pub fn prepare_inner_time_stamp(
    source: &dyn ByteSource,
    nonce: u64,
) -> Result<PreparedInnerTimeStamp, SignError> {
    let document = Document::open(source)?;
    let fields = signed_fields(&document)?;
    let field = fields.last().ok_or(SignError::NothingToComplete)?;
    if field.is_time_stamp() {
        return Err(SignError::Covered);
    }
    let ([_, before, after, rest], contents) = check_range(&document, field)?;
    if after + rest != source.len() {
        return Err(SignError::Covered);
    }
    let data = SignedData::read(&contents).map_err(|_| SignError::NothingToComplete)?;
    Ok(PreparedInnerTimeStamp {
        query: Query::new(&data.signature, nonce),
        digits: (before + 1, contents.len() * 2),
        contents,
        field: field.field.name.clone(),
        len: source.len(),
    })
}

impl PreparedInnerTimeStamp {
    /// TimeStampReq, DER.
    #[must_use]
    pub fn request(&self) -> Vec<u8> {
        self.query.request()
    }

    /// Checks the authority's answer and gives the bytes to replace, after validating the file as
    /// it will be.
    ///
    /// # Errors
    /// As [`crate::PreparedTimeStamp::embed`] and [`crate::Signed::verify`]; where the reserved
    /// space is too small, [`congvan_pdf::PdfError::ContentsTooSmall`].
    pub fn embed(
        self,
        response: &[u8],
        source: &dyn ByteSource,
        trust: &TrustAnchors,
        now: Timestamp,
    ) -> Result<Patch, SignError> {
        if source.len() != self.len {
            return Err(SignError::AnotherDocument);
        }
        let (token, _) = self.query.answer(response)?;
        let stamped = with_time_stamp(&self.contents, token).ok_or(SignError::BadTimeStamp {
            what: "the signature cannot hold it",
        })?;
        let (offset, digits) = self.digits;
        if stamped.len() * 2 > digits {
            return Err(SignError::Pdf(congvan_pdf::PdfError::ContentsTooSmall {
                needed: stamped.len(),
                reserved: digits / 2,
            }));
        }
        let mut bytes = hex(&stamped).into_bytes();
        bytes.resize(digits, b'0');
        let patched = Patched {
            source,
            offset,
            bytes: &bytes,
        };
        let report = validate_with(&patched, trust, &Evidence::default(), now)?;
        let one = report
            .signatures
            .iter()
            .find(|one| one.field == self.field)
            .ok_or(SignError::AnotherDocument)?;
        check_stamped(one)?;
        Ok(Patch {
            sha256: hash_of(&patched)?,
            offset,
            bytes,
        })
    }
}

fn check_stamped(report: &crate::SignatureReport) -> Result<(), SignError> {
    report.status.admit()?;
    if report.coverage == Coverage::Whole && report.level > Some(Level::BB) {
        return Ok(());
    }
    Err(SignError::OutputInvalid {
        faults: vec![Fault::Cms {
            what: "the time stamp does not count",
        }],
    })
}

/// A file with some bytes replaced.
struct Patched<'a> {
    source: &'a dyn ByteSource,
    offset: u64,
    bytes: &'a [u8],
}

impl ByteSource for Patched<'_> {
    fn len(&self) -> u64 {
        self.source.len()
    }

    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> Result<(), ReadError> {
        self.source.read_at(offset, buffer)?;
        for (at, byte) in (offset..).zip(buffer.iter_mut()) {
            let inside = at
                .checked_sub(self.offset)
                .and_then(|at| usize::try_from(at).ok());
            if let Some(new) = inside.and_then(|at| self.bytes.get(at)) {
                *byte = *new;
            }
        }
        Ok(())
    }
}
