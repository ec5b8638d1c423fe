//! What an authority's answer says before anything of it is verified: enough for whoever fetches it
//! to ask elsewhere.

use crate::tlv::{self, Tlv};

/// Why a time stamp authority refused (RFC 3161, 2.4.2, PKIStatusInfo). Unverified: an answer
/// without a token is signed by nobody.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TimeStampRefusal {
    /// PKIStatus: 2 rejection, 3 waiting, 4 and 5 revocation warnings.
    pub status: u8,
    /// The first bit set in PKIFailureInfo, e.g. 0 badAlg, 14 timeNotAvailable, 25 systemFailure.
    pub failure: Option<u8>,
    /// The authority's own words, for matching only: they come from a stranger.
    pub text: String,
}

/// How an answer to a time stamp request begins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TimeStampOutcome {
    /// There is a token; whether it is good is for [`crate::PreparedTimeStamp::embed`] to say.
    Granted,
    /// There is none.
    Refused(TimeStampRefusal),
    /// The bytes are no TimeStampResp.
    Damaged,
}

/// Looks at the status of a TimeStampResp.
#[must_use]
pub fn time_stamp_outcome(response: &[u8]) -> TimeStampOutcome {
    read_outcome(response).unwrap_or(TimeStampOutcome::Damaged)
}

fn read_outcome(response: &[u8]) -> Option<TimeStampOutcome> {
    let (whole, _) = Tlv::read(response)?;
    let parts = whole.expect(tlv::SEQUENCE)?.children()?;
    let info = parts.first()?.expect(tlv::SEQUENCE)?.children()?;
    let status = *info.first()?.expect(tlv::INTEGER)?.value.last()?;
    if status <= 1 && parts.len() > 1 {
        return Some(TimeStampOutcome::Granted);
    }
    if status <= 1 {
        return None;
    }
    let words = info.iter().find(|part| part.tag == tlv::SEQUENCE);
    let words = words.and_then(|part| part.children()).unwrap_or_default();
    let text: Vec<_> = words
        .iter()
        .map(|word| String::from_utf8_lossy(word.value))
        .collect();
    let bits = info.iter().find(|part| part.tag == tlv::BIT_STRING);
    Some(TimeStampOutcome::Refused(TimeStampRefusal {
        status,
        failure: bits.and_then(|bits| first_bit(bits.value)),
        text: text.join(" "),
    }))
}

/// Number of the first bit set in a BIT STRING, whose first byte counts the unused bits.
fn first_bit(value: &[u8]) -> Option<u8> {
    let bytes = value.get(1..)?;
    let (at, byte) = bytes.iter().enumerate().find(|(_, byte)| **byte != 0)?;
    u8::try_from(at * 8 + byte.leading_zeros() as usize).ok()
}

/// The status of an OCSPResponse (RFC 6960, 4.2.1): 0 successful, 1 malformedRequest,
/// 2 internalError, 3 tryLater, 5 sigRequired, 6 unauthorized. None where the bytes are no answer.
#[must_use]
pub fn ocsp_status(response: &[u8]) -> Option<u8> {
    let whole = Tlv::only(response)?.expect(tlv::SEQUENCE)?;
    let parts = whole.children()?;
    let status = parts.first()?.expect(ENUMERATED)?;
    status.value.first().copied()
}

const ENUMERATED: u8 = 0x0a;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_says_which_failure_and_in_whose_words() {
        let text = tlv::encode(0x0c, &[b"daily limit"]);
        let info = tlv::sequence(&[
            &tlv::encode(tlv::INTEGER, &[&[2]]),
            &tlv::sequence(&[&text]),
            &tlv::encode(tlv::BIT_STRING, &[&[1, 0, 2]]),
        ]);
        let answer = tlv::sequence(&[&info]);
        let TimeStampOutcome::Refused(refusal) = time_stamp_outcome(&answer) else {
            panic!("a refusal");
        };
        assert_eq!((refusal.status, refusal.failure), (2, Some(14)));
        assert_eq!(refusal.text, "daily limit");
    }

    #[test]
    fn what_is_no_answer_is_neither_a_refusal_nor_a_grant() {
        for bytes in [&b"<html>"[..], &[], &[0x30, 0x00], &[0x30, 3, 2, 1, 0]] {
            assert_eq!(time_stamp_outcome(bytes), TimeStampOutcome::Damaged);
            assert_eq!(ocsp_status(bytes), None);
        }
        let granted_without_token =
            tlv::sequence(&[&tlv::sequence(&[&tlv::encode(tlv::INTEGER, &[&[0]])])]);
        let outcome = time_stamp_outcome(&granted_without_token);
        assert_eq!(outcome, TimeStampOutcome::Damaged);
        assert_eq!(ocsp_status(&[0x30, 3, 0x0a, 1, 6]), Some(6));
    }
}
