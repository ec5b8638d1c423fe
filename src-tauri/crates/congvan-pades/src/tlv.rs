//! Tag-length-value reading and writing for CMS.
//!
//! CMS is read as raw slices and not through decoded and re-encoded structures: what was signed is
//! the bytes, and real signatures hold certificates that do not survive a second encoding.

/// Nesting of constructed values while normalising.
const DEPTH: usize = 32;

pub(crate) const INTEGER: u8 = 0x02;
pub(crate) const BIT_STRING: u8 = 0x03;
pub(crate) const OCTET_STRING: u8 = 0x04;
pub(crate) const OID: u8 = 0x06;
pub(crate) const SEQUENCE: u8 = 0x30;
pub(crate) const SET: u8 = 0x31;

/// One value with a definite length.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Tlv<'a> {
    pub(crate) tag: u8,
    /// Tag, length and value.
    pub(crate) full: &'a [u8],
    /// The value only.
    pub(crate) value: &'a [u8],
}

impl<'a> Tlv<'a> {
    /// Reads the first value and gives back what follows.
    pub(crate) fn read(data: &'a [u8]) -> Option<(Self, &'a [u8])> {
        let (header, length, tag) = header(data)?;
        let end = header.checked_add(length?)?;
        let tlv = Self {
            tag,
            full: data.get(..end)?,
            value: data.get(header..end)?,
        };
        Some((tlv, data.get(end..)?))
    }

    /// Reads one value that is all there is.
    pub(crate) fn only(data: &'a [u8]) -> Option<Self> {
        let (tlv, rest) = Self::read(data)?;
        rest.is_empty().then_some(tlv)
    }

    /// The value when the tag is the one expected.
    pub(crate) fn expect(self, tag: u8) -> Option<Self> {
        (self.tag == tag).then_some(self)
    }

    /// The values inside.
    pub(crate) fn children(self) -> Option<Vec<Self>> {
        let mut rest = self.value;
        let mut found = Vec::new();
        while !rest.is_empty() {
            let (tlv, after) = Self::read(rest)?;
            found.push(tlv);
            rest = after;
        }
        Some(found)
    }
}

/// Length of the header, length of the value (none: indefinite), tag.
fn header(data: &[u8]) -> Option<(usize, Option<usize>, u8)> {
    let [tag, first, rest @ ..] = data else {
        return None;
    };
    // Tag numbers above 30 do not occur in CMS.
    if tag & 0x1f == 0x1f {
        return None;
    }
    match first {
        0x80 => Some((2, None, *tag)),
        0..=0x7f => Some((2, Some(usize::from(*first)), *tag)),
        _ => {
            let count = usize::from(first & 0x7f);
            if count > 4 {
                return None;
            }
            let length = rest
                .get(..count)?
                .iter()
                .fold(0_usize, |length, byte| (length << 8) | usize::from(*byte));
            Some((2 + count, Some(length), *tag))
        }
    }
}

/// Rewrites the first value of BER as definite lengths with primitive octet strings (X.690, 10.1
/// and 10.2). Gives the rewritten value and how many bytes of the input it took.
pub(crate) fn normalise(data: &[u8]) -> Option<(Vec<u8>, usize)> {
    // Almost everything is normal already.
    if let Some(end) = normal(data, 0) {
        return Some((data.get(..end)?.to_vec(), end));
    }
    rewrite(data, 0)
}

/// The length of the first value, where rewriting would change none of its bytes.
fn normal(data: &[u8], depth: usize) -> Option<usize> {
    let (head, length, tag) = header(data)?;
    let length = length?;
    let end = head.checked_add(length)?;
    let inner = data.get(head..end)?;
    if depth > DEPTH || tag == OCTET_STRING | 0x20 || head != 1 + length_octets(length) {
        return None;
    }
    if tag & 0x20 != 0 {
        let mut rest = inner;
        while !rest.is_empty() {
            rest = rest.get(normal(rest, depth + 1)?..)?;
        }
    }
    Some(end)
}

/// How many octets DER writes a length with.
fn length_octets(length: usize) -> usize {
    if length < 0x80 {
        1
    } else {
        1 + (usize::BITS - length.leading_zeros()).div_ceil(8) as usize
    }
}

fn rewrite(data: &[u8], depth: usize) -> Option<(Vec<u8>, usize)> {
    if depth > DEPTH {
        return None;
    }
    let (head, length, tag) = header(data)?;
    if tag & 0x20 == 0 {
        let end = head.checked_add(length?)?;
        return Some((encode(tag, &[data.get(head..end)?]), end));
    }
    let mut parts: Vec<Vec<u8>> = Vec::new();
    let mut at = head;
    let end = match length {
        Some(length) => {
            let end = head.checked_add(length)?;
            let inner = data.get(..end)?;
            while at < end {
                let (part, used) = rewrite(inner.get(at..)?, depth + 1)?;
                parts.push(part);
                at += used;
            }
            end
        }
        None => {
            while data.get(at..at.checked_add(2)?)? != [0, 0] {
                let (part, used) = rewrite(data.get(at..)?, depth + 1)?;
                parts.push(part);
                at += used;
            }
            at + 2
        }
    };
    if tag == OCTET_STRING | 0x20 {
        let mut joined = Vec::new();
        for part in &parts {
            joined.extend_from_slice(Tlv::only(part)?.expect(OCTET_STRING)?.value);
        }
        return Some((encode(OCTET_STRING, &[&joined]), end));
    }
    let parts: Vec<&[u8]> = parts.iter().map(Vec::as_slice).collect();
    Some((encode(tag, &parts), end))
}

/// A value in DER.
pub(crate) fn encode(tag: u8, parts: &[&[u8]]) -> Vec<u8> {
    let length: usize = parts.iter().map(|part| part.len()).sum();
    let mut out = Vec::with_capacity(length + 6);
    out.push(tag);
    if length < 0x80 {
        out.push(length as u8);
    } else {
        let bytes = length.to_be_bytes();
        let skip = bytes.iter().take_while(|byte| **byte == 0).count();
        out.push(0x80 | (bytes.len() - skip) as u8);
        out.extend(bytes.iter().skip(skip));
    }
    for part in parts {
        out.extend_from_slice(part);
    }
    out
}

pub(crate) fn sequence(parts: &[&[u8]]) -> Vec<u8> {
    encode(SEQUENCE, parts)
}

/// A SET OF: its members in ascending order, as DER wants (X.690, 11.6).
pub(crate) fn set_of(mut members: Vec<Vec<u8>>) -> Vec<u8> {
    members.sort();
    let members: Vec<&[u8]> = members.iter().map(Vec::as_slice).collect();
    encode(SET, &members)
}

/// An object identifier from its dotted form; the callers give constants.
pub(crate) fn oid(dotted: der::asn1::ObjectIdentifier) -> Vec<u8> {
    encode(OID, &[dotted.as_bytes()])
}

/// An INTEGER from big-endian bytes of a non-negative number.
pub(crate) fn unsigned(bytes: &[u8]) -> Vec<u8> {
    let skip = bytes.iter().take_while(|byte| **byte == 0).count();
    let trimmed = bytes.get(skip..).unwrap_or_default();
    match trimmed.first() {
        None => encode(INTEGER, &[&[0]]),
        Some(first) if *first >= 0x80 => encode(INTEGER, &[&[0], trimmed]),
        Some(_) => encode(INTEGER, &[trimmed]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn indefinite_lengths_become_definite_and_octet_strings_are_joined() {
        let ber = [
            0x30, 0x80, 0x24, 0x80, 0x04, 0x01, 0xaa, 0x04, 0x01, 0xbb, 0, 0, 0x02, 0x01, 5, 0, 0,
            0, 0,
        ];
        let (der, used) = normalise(&ber).unwrap();
        assert_eq!(der, [0x30, 7, 0x04, 2, 0xaa, 0xbb, 0x02, 1, 5]);
        assert_eq!(used, ber.len() - 2);
    }

    #[test]
    fn what_is_normal_is_left_alone_and_nothing_else_is_taken_for_normal() {
        let inner = encode(OCTET_STRING, &[&[7; 200]]);
        let value = encode(SEQUENCE, &[&inner, &encode(INTEGER, &[&[5]])]);
        assert_eq!(normal(&value, 0), Some(value.len()));
        for (what, ber) in [
            ("an indefinite length", &[0x30, 0x80, 2, 1, 5, 0, 0][..]),
            ("a length in too many octets", &[0x30, 0x81, 3, 2, 1, 5]),
            ("the same inside", &[0x30, 4, 2, 0x81, 1, 5]),
            ("an octet string in pieces", &[0x24, 3, 4, 1, 5]),
            ("an end too early", &[0x30, 4, 2, 1, 5]),
            ("a value that reaches out", &[0x30, 3, 2, 2, 5, 6]),
        ] {
            assert_eq!(normal(ber, 0), None, "{what}");
        }
        for length in [0, 1, 127, 128, 255, 256, 65_535, 65_536, 1 << 24] {
            let header = encode(OCTET_STRING, &[&vec![0; length]]).len() - length;
            assert_eq!(1 + length_octets(length), header, "{length}");
        }
    }

    #[test]
    fn a_value_that_ends_in_zero_keeps_its_zero() {
        let (der, used) = normalise(&[0x04, 2, 1, 0, 0, 0, 0]).unwrap();
        assert_eq!((der.as_slice(), used), ([0x04, 2, 1, 0].as_slice(), 4));
    }

    #[test]
    fn endless_nesting_is_refused() {
        let bomb = [0x30_u8, 0x80].repeat(10_000);
        assert_eq!(normalise(&bomb), None);
    }

    proptest::proptest! {
        #[test]
        fn the_short_way_to_the_normal_form_ends_where_the_long_way_ends(
            data in proptest::collection::vec(
                proptest::sample::select(vec![0x30_u8, 0x24, 0x04, 0x02, 0x80, 0x81, 0, 1, 2, 3, 5]),
                0..40,
            )
        ) {
            proptest::prop_assert_eq!(normalise(&data), rewrite(&data, 0));
        }
    }

    #[test]
    fn long_lengths_are_written_and_read() {
        for length in [0, 127, 128, 255, 256, 70_000] {
            let value = vec![7; length];
            let der = encode(OCTET_STRING, &[&value]);
            assert_eq!(Tlv::only(&der).unwrap().value, value.as_slice());
        }
    }
}
