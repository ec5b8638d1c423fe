//! Which bytes a signature speaks of.

use congvan_model::ByteSource;
use congvan_pdf::{Document, PdfError, hex_pairs, read_range, value_span};

use crate::signatures::SignedField;

/// The ranges must start at the first byte and leave out the /Contents string of this very
/// signature and nothing else (ISO 32000-2, 12.8.1; EN 319 142-1, 5.3).
pub(crate) fn check_range(
    document: &Document<'_>,
    signed: &SignedField,
) -> Result<([u64; 4], Vec<u8>), PdfError> {
    let bad = |what| PdfError::Malformed { object: None, what };
    let range = signed
        .byte_range(document)
        .ok_or(bad("/ByteRange is not four offsets"))?;
    let [start, before, after, rest] = range;
    let end = after.checked_add(rest).ok_or(bad("/ByteRange overflows"))?;
    if start != 0 || before == 0 || before >= after || end > document.source().len() {
        return Err(bad("/ByteRange is out of order"));
    }
    let id = signed
        .field
        .value
        .as_ref()
        .and_then(congvan_pdf::Object::as_ref)
        .ok_or(bad("the signature is no object of its own"))?;
    let located = document
        .locate(id)?
        .ok_or(bad("the signature is inside an object stream"))?;
    let size = usize::try_from(located.end - located.start)
        .map_err(|_| bad("the signature object is too large"))?;
    let bytes = read_range(document.source(), located.start, size)?;
    let span = value_span(&bytes, "Contents").ok_or(bad("/Contents is missing or doubled"))?;
    let text = bytes.get(span.clone()).unwrap_or_default();
    if located.start + span.start as u64 != before || located.start + span.end as u64 != after {
        return Err(bad("/ByteRange leaves out something else than /Contents"));
    }
    let contents = match text {
        [b'<', inner @ .., b'>'] => hex_pairs(inner),
        _ => None,
    };
    Ok((range, contents.ok_or(bad("/Contents is not hexadecimal"))?))
}

/// Whether the last thing before `end` is `%%EOF` with at most an end of line.
pub(crate) fn ends_a_revision(source: &dyn ByteSource, end: u64) -> Result<bool, PdfError> {
    let size = end.min(8);
    let tail = read_range(source, end - size, size as usize)?;
    let trimmed = tail
        .strip_suffix(b"\r\n")
        .or_else(|| tail.strip_suffix(b"\n"))
        .or_else(|| tail.strip_suffix(b"\r"))
        .unwrap_or(&tail);
    Ok(trimmed.ends_with(b"%%EOF"))
}
