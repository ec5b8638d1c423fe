//! What a file is, by its first bytes, and whether it was written to its end, by its last.

/// How many of the last bytes are looked at: programs put zeros and line ends behind the end.
pub(super) const TAIL: usize = 4096;

/// What can be taken in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Format {
    /// A PDF.
    Pdf,
    /// A JPEG.
    Jpeg,
    /// A PNG.
    Png,
    /// A TIFF; whole or not shows only when it is decoded.
    Tiff,
}

/// What it is; none of the four otherwise.
pub(crate) fn format_of(head: &[u8]) -> Option<Format> {
    match head {
        [0xFF, 0xD8, 0xFF, ..] => Some(Format::Jpeg),
        [0x89, b'P', b'N', b'G', 0x0D, 0x0A, 0x1A, 0x0A, ..] => Some(Format::Png),
        [b'I', b'I', 42 | 43, 0, ..] | [b'M', b'M', 0, 42 | 43, ..] => Some(Format::Tiff),
        // The header may stand anywhere in the first 1024 bytes (ISO 32000-1, Annex H.3.4.1).
        _ => head
            .get(..head.len().min(1024))
            .is_some_and(|head| contains(head, b"%PDF-"))
            .then_some(Format::Pdf),
    }
}

/// Whether the end is there that every file of its kind has. A PDF without its end is often opened
/// all the same, with pages missing.
pub(super) fn is_whole(format: Format, (head, tail): (&[u8], &[u8]), length: u64) -> bool {
    match format {
        Format::Pdf => {
            ends_as_pdf(tail) && linearized_length(head).is_none_or(|told| told <= length)
        }
        // Inside the picture's data 0xFF is never followed by 0xD9.
        Format::Jpeg => contains(tail, &[0xFF, 0xD9]),
        Format::Png => contains(tail, b"IEND"),
        Format::Tiff => true,
    }
}

/// Whether the last thing is `startxref`, its number and `%%EOF`. The mark alone does not do: maps of
/// letters to Unicode end in it too, in the middle of a file.
pub(crate) fn ends_as_pdf(tail: &[u8]) -> bool {
    const START: &[u8] = b"startxref";
    let start = tail.windows(START.len()).rposition(|bytes| bytes == START);
    let rest = start.and_then(|at| tail.get(at..));
    rest.is_some_and(|rest| contains(rest, b"%%EOF"))
}

/// The length that a linearized PDF tells at its beginning; its first section has an end of its own.
fn linearized_length(head: &[u8]) -> Option<u64> {
    let head = head.get(..head.len().min(1024))?;
    let at = find(head, b"/Linearized")?;
    let rest = head.get(at..)?;
    let rest = rest.get(find(rest, b"/L ")?.saturating_add(3)..)?;
    let digits: Vec<u8> = rest
        .iter()
        .copied()
        .take_while(u8::is_ascii_digit)
        .collect();
    std::str::from_utf8(&digits).ok()?.parse().ok()
}

fn contains(bytes: &[u8], wanted: &[u8]) -> bool {
    find(bytes, wanted).is_some()
}

fn find(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    bytes
        .windows(wanted.len())
        .position(|window| window == wanted)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_what_its_first_bytes_say_whatever_it_is_called() {
        assert_eq!(format_of(b"\xFF\xD8\xFF\xE0"), Some(Format::Jpeg));
        assert_eq!(format_of(b"II*\0"), Some(Format::Tiff));
        assert_eq!(format_of(b"MM\0*"), Some(Format::Tiff));
        assert_eq!(format_of(b"\xEF\xBB\xBF%PDF-1.4"), Some(Format::Pdf));
        assert_eq!(format_of(b"PK\x03\x04"), None);
        assert_eq!(format_of(b""), None);
    }

    #[test]
    fn a_file_without_its_end_is_not_whole() {
        let whole = |format, tail: &[u8]| is_whole(format, (b"", tail), 10);
        assert!(whole(Format::Pdf, b"startxref\n9\n%%EOF\r\n\0\0"));
        assert!(!whole(Format::Pdf, b"endobj\n12 0 obj"));
        assert!(!whole(Format::Pdf, b"%%EndResource\n%%EOF\nendstream"));
        assert!(whole(Format::Jpeg, &[1, 0xFF, 0xD9, 0]));
        assert!(!whole(Format::Jpeg, &[0xFF, 0x00, 1]));
        assert!(!whole(Format::Png, b"IDAT"));
    }

    #[test]
    fn a_linearized_pdf_is_whole_only_at_the_length_it_tells() {
        let head = b"%PDF-1.5\n1 0 obj\n<< /Linearized 1 /L 5000 /H [ 1 2 ] >>";
        let tail = b"startxref\n0\n%%EOF\n";
        assert!(is_whole(Format::Pdf, (head, tail), 5000));
        assert!(!is_whole(Format::Pdf, (head, tail), 4000));
    }
}
