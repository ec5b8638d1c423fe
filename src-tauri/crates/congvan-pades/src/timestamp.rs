//! Time stamps (RFC 3161) as EN 319 142-1 uses them: a document time stamp is a signature field of
//! its own whose CMS is the authority's token.

use std::sync::Arc;

use congvan_model::{ByteSource, Timestamp};
use congvan_pdf::{
    Dict, Document, SignatureEntries, SignaturePlan, SignatureTarget, add_signature,
};
use der::asn1::ObjectIdentifier;

use crate::{
    DEFAULT_RESERVE, DigestAlgorithm, Doubt, Fault, SignError, Signed, algorithm,
    certificate::Certificate,
    cms::SignedData,
    integrity::{check_value_of, signer},
    known::Known,
    time,
    tlv::{self, Tlv},
};

const TST_INFO: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.16.1.4");
const TIME_STAMPING: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.3.8");

/// A document with a place for a time stamp, waiting for the authority's answer.
#[derive(Debug)]
pub struct PreparedTimeStamp {
    unsigned: congvan_pdf::Unsigned,
    /// SHA-256 of the original, to be gone on with.
    base_hash: algorithm::BaseHash,
    query: Query,
}

/// A question to an authority: SHA-256 of what is to be stamped, and a nonce.
#[derive(Debug)]
pub(crate) struct Query {
    imprint: Vec<u8>,
    nonce: u64,
}

/// Names a revision: depends on the document's length and a number.
pub(crate) fn id_seed(source: &dyn ByteSource, number: u64) -> [u8; 16] {
    let mut id_seed = [0; 16];
    let seed = [source.len().to_be_bytes(), number.to_be_bytes()].concat();
    for (to, from) in id_seed.iter_mut().zip(DigestAlgorithm::Sha256.of(&seed)) {
        *to = from;
    }
    id_seed
}

/// Adds a document time stamp's field to a document. It proves that everything before it, earlier
/// signatures included, existed at the authority's time; no token is needed, so a document signed
/// offline is completed this way. `nonce` must be random: it ties the answer to this request.
///
/// # Errors
/// [`SignError`]; the document is unchanged in any case.
pub fn prepare_time_stamp(
    source: &dyn ByteSource,
    nonce: u64,
) -> Result<PreparedTimeStamp, SignError> {
    let document = Document::open(source)?;
    let unsigned = add_signature(
        &document,
        &SignaturePlan {
            target: SignatureTarget::Invisible,
            entries: SignatureEntries {
                kind: "DocTimeStamp",
                sub_filter: "ETSI.RFC3161",
                more: Dict::new(),
            },
            certifies: false,
            reserve: DEFAULT_RESERVE,
            appearance: None,
            id_seed: id_seed(source, nonce),
            text_fields: &[],
            filled: (&[], &[]),
        },
    )?;
    let (digest, base_hash) = algorithm::hash_unsigned(source, &unsigned, DigestAlgorithm::Sha256)?;
    Ok(PreparedTimeStamp {
        unsigned,
        base_hash,
        query: Query {
            imprint: digest.as_ref().to_vec(),
            nonce,
        },
    })
}

impl PreparedTimeStamp {
    /// TimeStampReq, DER: to be posted to the authority as `application/timestamp-query`. Asks for
    /// the authority's certificate.
    #[must_use]
    pub fn request(&self) -> Vec<u8> {
        self.query.request()
    }

    /// Checks the authority's TimeStampResp and puts its token in.
    ///
    /// # Errors
    /// [`SignError::TimeStampRefused`], [`SignError::BadTimeStamp`], [`SignError::Pdf`] when the
    /// token is larger than the reserved space.
    pub fn embed(mut self, response: &[u8]) -> Result<Signed, SignError> {
        let (token, read) = self.query.answer(response)?;
        self.unsigned.fill(token)?;
        Ok(Signed::new(
            (self.unsigned, self.base_hash),
            read.signer.summary.sha256,
            read.time,
        ))
    }
}

impl Query {
    pub(crate) fn new(data: &[u8], nonce: u64) -> Self {
        Self {
            imprint: DigestAlgorithm::Sha256.of(data),
            nonce,
        }
    }

    /// TimeStampReq, DER.
    pub(crate) fn request(&self) -> Vec<u8> {
        let imprint = tlv::sequence(&[
            &DigestAlgorithm::Sha256.identifier(),
            &tlv::encode(tlv::OCTET_STRING, &[&self.imprint]),
        ]);
        tlv::sequence(&[
            &tlv::unsigned(&[1]),
            &imprint,
            &tlv::unsigned(&self.nonce.to_be_bytes()),
            &tlv::encode(0x01, &[&[0xff]]),
        ])
    }

    /// The token in a TimeStampResp, once it is established that it answers this question.
    pub(crate) fn answer<'r>(&self, response: &'r [u8]) -> Result<(&'r [u8], Token), SignError> {
        let bad = |what| SignError::BadTimeStamp { what };
        let (status, token) = parse_response(response).ok_or(bad("damaged answer"))?;
        // 0 granted, 1 granted with modifications (RFC 3161, 2.4.2).
        if status > 1 {
            return Err(SignError::TimeStampRefused { status });
        }
        let token = token.ok_or(bad("no token in the answer"))?;
        let read =
            read_token(token, &Known::default()).map_err(|_| bad("the token does not verify"))?;
        if read.digest != DigestAlgorithm::Sha256 || read.imprint != self.imprint {
            return Err(bad("the token is for other data"));
        }
        if read.nonce != Some(self.nonce) {
            return Err(bad("the token answers another request"));
        }
        Ok((token, read))
    }
}

fn parse_response(response: &[u8]) -> Option<(u8, Option<&[u8]>)> {
    let (whole, _) = Tlv::read(response)?;
    let parts = whole.expect(tlv::SEQUENCE)?.children()?;
    let info = parts.first()?.expect(tlv::SEQUENCE)?.children()?;
    let status = info.first()?.expect(tlv::INTEGER)?.value.last()?;
    Some((*status, parts.get(1).map(|token| token.full)))
}

/// What a token says, its own signature verified; the authority is not yet trusted.
#[derive(Debug)]
pub(crate) struct Token {
    pub(crate) time: Timestamp,
    pub(crate) signer: Arc<Certificate>,
    pub(crate) digest: DigestAlgorithm,
    pub(crate) imprint: Vec<u8>,
    nonce: Option<u64>,
}

/// Why a token cannot be relied on.
#[derive(Debug)]
pub(crate) enum TokenProblem {
    Fault(Fault),
    Doubt(Doubt),
}

/// Reads and verifies a time stamp token (RFC 3161, 2.4.2; RFC 5816 for its certificate).
pub(crate) fn read_token(contents: &[u8], known: &Known) -> Result<Token, TokenProblem> {
    token_of(&SignedData::read(contents).map_err(|_| damaged())?, known)
}

/// Of a time stamp that cannot be read.
pub(crate) fn damaged() -> TokenProblem {
    TokenProblem::Fault(Fault::Cms {
        what: "the time stamp is damaged",
    })
}

/// The same, from its CMS structure.
pub(crate) fn token_of(data: &SignedData, known: &Known) -> Result<Token, TokenProblem> {
    let fault = |what| TokenProblem::Fault(Fault::Cms { what });
    let content = data
        .content
        .as_ref()
        .filter(|_| data.content_type == TST_INFO)
        .ok_or(fault("the CMS structure is no time stamp"))?;
    let info = tst_info(content).ok_or_else(damaged)?;
    let digest = data.digest_algorithm().ok_or_else(|| {
        TokenProblem::Doubt(Doubt::Algorithm {
            name: data.digest_name(),
        })
    })?;
    let signer = signer(data, known).ok_or(TokenProblem::Doubt(Doubt::NoSignerCertificate))?;
    let hash = digest.digest(content);
    let typed = data.attribute_content_type().ok().flatten() == Some(TST_INFO);
    let named = data.message_digest().ok().flatten();
    if !typed || named.as_deref() != Some(hash.as_ref()) {
        return Err(fault("the time stamp's attributes are not its own"));
    }
    if data.names_certificate(&signer) != Ok(Some(true)) {
        return Err(TokenProblem::Fault(Fault::CertificateSwapped));
    }
    check_value_of(data, &signer, &hash)
        .map_err(TokenProblem::Doubt)?
        .map_err(TokenProblem::Fault)?;
    let purposes = signer.purposes.as_deref().unwrap_or_default();
    if !purposes.contains(&TIME_STAMPING) {
        return Err(TokenProblem::Doubt(Doubt::ChainConstraints {
            what: "the certificate is not for time stamps",
        }));
    }
    Ok(Token {
        time: info.time,
        digest: info.digest,
        imprint: info.imprint,
        nonce: info.nonce,
        signer,
    })
}

struct TstInfo {
    digest: DigestAlgorithm,
    imprint: Vec<u8>,
    time: Timestamp,
    nonce: Option<u64>,
}

fn tst_info(content: &[u8]) -> Option<TstInfo> {
    let fields = Tlv::only(content)?.expect(tlv::SEQUENCE)?.children()?;
    let imprint = fields.get(2)?.expect(tlv::SEQUENCE)?.children()?;
    let nonce = fields
        .iter()
        .skip(5)
        .find(|field| field.tag == tlv::INTEGER)
        .and_then(|field| {
            let skip = field.value.iter().take_while(|byte| **byte == 0).count();
            let bytes = field.value.get(skip..)?;
            (bytes.len() <= 8).then(|| {
                bytes
                    .iter()
                    .fold(0, |value, byte| (value << 8) | u64::from(*byte))
            })
        });
    Some(TstInfo {
        digest: DigestAlgorithm::from_identifier(*imprint.first()?)?,
        imprint: imprint.get(1)?.expect(tlv::OCTET_STRING)?.value.to_vec(),
        time: time::parse(*fields.get(4)?)?,
        nonce,
    })
}
