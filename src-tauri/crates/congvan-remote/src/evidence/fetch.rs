//! One function for each kind of evidence.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use bytes::Bytes;
use congvan_pades::{
    EvidencePiece, EvidenceRequest, TimeStampOutcome, certificates_in, ocsp_status,
    time_stamp_outcome,
};

use super::{
    Call, EvidenceClient, EvidenceError, Tsa,
    exchange::{self, Failure, OCSP, Question, TIME_STAMP},
};

/// Longest OCSP request that goes by GET (RFC 5019, 5).
const GET_LIMIT: usize = 255;
/// Largest time stamp: tokens with a chain of certificates are about 8 KiB.
const TIME_STAMP_MOST: usize = 256 << 10;
/// Largest OCSP answer.
const OCSP_MOST: usize = 1 << 20;
/// Largest list: authorities with a million certificates have lists of tens of megabytes.
const CRL_MOST: usize = 64 << 20;
/// Largest answer with certificates: four keys of 4096 bits with their names are about 8 KiB.
const CERTIFICATES_MOST: usize = 64 << 10;

/// An authority's answer; not yet judged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TimeStampAnswer {
    /// TimeStampResp, DER; it grants, says its status.
    pub der: Vec<u8>,
    /// The address of the authority that gave it.
    pub tsa: String,
}

impl EvidenceClient {
    /// Asks the authorities in their order for a time stamp, passing over those that rest or whose
    /// quota is used up. The answer is for `congvan_pades` to judge, nonce and all; one that turns
    /// out worthless is to be reported with [`EvidenceClient::blame`].
    ///
    /// # Errors
    /// The most telling of the authorities' errors; [`EvidenceError::Resting`] when none may be
    /// asked now.
    pub async fn time_stamp(
        &self,
        tsas: &[Tsa],
        request: &[u8],
        call: &Call,
    ) -> Result<TimeStampAnswer, EvidenceError> {
        let body = Bytes::copy_from_slice(request);
        let mut worst = EvidenceError::NoAddress;
        for tsa in tsas {
            match self.time_stamp_of(tsa, &body, call).await {
                Ok(der) => {
                    return Ok(TimeStampAnswer {
                        der,
                        tsa: tsa.url.clone(),
                    });
                }
                Err(EvidenceError::Cancelled) => return Err(EvidenceError::Cancelled),
                Err(error) => worst = more_telling(worst, error),
            }
        }
        Err(worst)
    }

    async fn time_stamp_of(
        &self,
        tsa: &Tsa,
        body: &Bytes,
        call: &Call,
    ) -> Result<Vec<u8>, EvidenceError> {
        let booked = self.ledger().take(tsa, call.now());
        if let Err(until) = booked {
            return Err(EvidenceError::Quota { until: Some(until) });
        }
        self.keep_ledger().await;
        let question = Question {
            endpoint: &tsa.url,
            url: &tsa.url,
            body: Some(("application/timestamp-query", body.clone())),
            expects: TIME_STAMP,
            patience: self.patience().time_stamp,
            most: TIME_STAMP_MOST,
        };
        let answer = self.ask(&question, call, judge_time_stamp).await;
        answer.map_err(|failure| {
            let is_unsent =
                failure.unsent || matches!(failure.error, EvidenceError::Resting { .. });
            match &failure.error {
                EvidenceError::Quota { .. } => self.ledger().exhausted(tsa, call.now()),
                _ if is_unsent => self.ledger().give_back(&tsa.url),
                _ => {}
            }
            with_pause(failure, call)
        })
    }

    /// Fetches what establishes a certificate's revocation: an OCSP answer, else a list.
    ///
    /// # Errors
    /// The most telling error of all addresses.
    pub async fn fetch(
        &self,
        request: &EvidenceRequest,
        call: &Call,
    ) -> Result<EvidencePiece, EvidenceError> {
        match self.fetch_ocsp(request, call).await {
            Ok(der) => Ok(EvidencePiece::Ocsp(der)),
            Err(EvidenceError::Cancelled) => Err(EvidenceError::Cancelled),
            Err(first) => match self.fetch_crl(request, call).await {
                Ok(der) => Ok(EvidencePiece::Crl(der)),
                Err(second) => Err(more_telling(first, second)),
            },
        }
    }

    /// Fetches an OCSP answer: by POST, and by GET where a responder takes no POST.
    ///
    /// # Errors
    /// The most telling error of all addresses.
    pub async fn fetch_ocsp(
        &self,
        request: &EvidenceRequest,
        call: &Call,
    ) -> Result<Vec<u8>, EvidenceError> {
        let mut worst = EvidenceError::NoAddress;
        for url in &request.ocsp_urls {
            match self.ocsp_of(url, &request.ocsp_request, call).await {
                Ok(der) => return Ok(der),
                Err(EvidenceError::Cancelled) => return Err(EvidenceError::Cancelled),
                Err(error) => worst = more_telling(worst, error),
            }
        }
        Err(worst)
    }

    async fn ocsp_of(
        &self,
        url: &str,
        request: &[u8],
        call: &Call,
    ) -> Result<Vec<u8>, EvidenceError> {
        let body = Bytes::copy_from_slice(request);
        let mut question = Question {
            endpoint: url,
            url,
            body: Some(("application/ocsp-request", body)),
            expects: OCSP,
            patience: self.patience().revocation,
            most: OCSP_MOST,
        };
        let posted = self.ask(&question, call, judge_ocsp).await;
        let Err(failure) = posted else {
            return posted.map_err(|failure| failure.error);
        };
        // Caches in front of responders often take GET only, and some responders POST only.
        let no_post = matches!(
            failure.error,
            EvidenceError::Service {
                status: 400 | 403 | 404 | 405 | 411 | 415 | 501
            }
        );
        if !no_post || request.len() > GET_LIMIT {
            return Err(with_pause(failure, call));
        }
        let path = STANDARD
            .encode(request)
            .replace('+', "%2B")
            .replace('/', "%2F")
            .replace('=', "%3D");
        let address = format!("{}/{path}", url.trim_end_matches('/'));
        question.url = &address;
        question.body = None;
        // What the endpoint thinks of POST was no failure of the endpoint.
        self.forgive(url);
        let got = self.ask(&question, call, judge_ocsp).await;
        got.map_err(|failure| with_pause(failure, call))
    }

    /// Fetches a list of revoked certificates.
    ///
    /// # Errors
    /// The most telling error of all addresses.
    pub async fn fetch_crl(
        &self,
        request: &EvidenceRequest,
        call: &Call,
    ) -> Result<Vec<u8>, EvidenceError> {
        let mut worst = EvidenceError::NoAddress;
        for url in &request.crl_urls {
            let question = Question {
                endpoint: url,
                url,
                body: None,
                expects: "application/pkix-crl",
                patience: self.patience().revocation,
                most: CRL_MOST,
            };
            match self.ask(&question, call, |_| Ok(())).await {
                Ok(bytes) => match unarmoured(bytes) {
                    Some(der) => return Ok(der),
                    None => worst = more_telling(worst, EvidenceError::Garbage { what: "no list" }),
                },
                Err(failure) => match with_pause(failure, call) {
                    EvidenceError::Cancelled => return Err(EvidenceError::Cancelled),
                    error => worst = more_telling(worst, error),
                },
            }
        }
        Err(worst)
    }

    /// Fetches certificates of an issuer (AIA, RFC 5280, 4.2.2.1): one as DER or PEM, or some in a
    /// CMS that holds nothing else (`.p7c`).
    ///
    /// # Errors
    /// [`EvidenceError`] of the address.
    pub async fn fetch_issuers(
        &self,
        url: &str,
        call: &Call,
    ) -> Result<Vec<Vec<u8>>, EvidenceError> {
        let question = Question {
            endpoint: url,
            url,
            body: None,
            expects: "application/pkix-cert",
            patience: self.patience().revocation,
            most: CERTIFICATES_MOST,
        };
        let bytes = self
            .ask(&question, call, |_| Ok(()))
            .await
            .map_err(|failure| with_pause(failure, call))?;
        let found = unarmoured(bytes).map(|der| certificates_in(&der));
        found
            .filter(|certificates| !certificates.is_empty())
            .ok_or(EvidenceError::Garbage {
                what: "no certificate",
            })
    }
}

fn judge_time_stamp(bytes: &[u8]) -> Result<(), EvidenceError> {
    match time_stamp_outcome(bytes) {
        TimeStampOutcome::Granted => Ok(()),
        TimeStampOutcome::Refused(refusal) if exchange::speaks_of_quota(&refusal.text) => {
            Err(EvidenceError::Quota { until: None })
        }
        TimeStampOutcome::Refused(refusal) => Err(EvidenceError::Refused {
            status: refusal.status,
            failure: refusal.failure,
        }),
        TimeStampOutcome::Damaged => Err(EvidenceError::Garbage {
            what: "no time stamp answer",
        }),
    }
}

fn judge_ocsp(bytes: &[u8]) -> Result<(), EvidenceError> {
    match ocsp_status(bytes) {
        Some(0) => Ok(()),
        // internalError and tryLater: the responder's own trouble.
        Some(2 | 3) => Err(EvidenceError::Service { status: 503 }),
        Some(status) => Err(EvidenceError::Refused {
            status,
            failure: None,
        }),
        None => Err(EvidenceError::Garbage {
            what: "no OCSP answer",
        }),
    }
}

/// The error of a failure, with the pause that was asked for as an instant.
fn with_pause(failure: Failure, call: &Call) -> EvidenceError {
    match (failure.error, failure.retry_after) {
        (EvidenceError::Quota { until: None }, Some(pause)) => {
            let ms = i64::try_from(pause.as_millis()).unwrap_or(i64::MAX);
            EvidenceError::Quota {
                until: Some(call.now().plus_ms(ms)),
            }
        }
        (error, _) => error,
    }
}

/// Of two errors the one that says more: what an endpoint said before that it rests, and the
/// first of equals, because it is the one that was preferred.
pub(super) fn more_telling(first: EvidenceError, second: EvidenceError) -> EvidenceError {
    match (&first, &second) {
        (EvidenceError::NoAddress, _) => second,
        (_, EvidenceError::NoAddress) => first,
        (EvidenceError::Resting { until: a }, EvidenceError::Resting { until: b }) => {
            let until = match (a, b) {
                (Some(a), Some(b)) => Some(*a.min(b)),
                (a, b) => a.or(*b),
            };
            EvidenceError::Resting { until }
        }
        (EvidenceError::Resting { .. }, _) => second,
        _ => first,
    }
}

/// DER out of DER or PEM.
fn unarmoured(bytes: Vec<u8>) -> Option<Vec<u8>> {
    if bytes.first() == Some(&0x30) {
        return Some(bytes);
    }
    let text = std::str::from_utf8(&bytes).ok()?;
    let body: String = text
        .lines()
        .skip_while(|line| !line.starts_with("-----BEGIN "))
        .skip(1)
        .take_while(|line| !line.starts_with("-----END "))
        .map(str::trim)
        .collect();
    STANDARD
        .decode(body)
        .ok()
        .filter(|der| der.first() == Some(&0x30))
}
