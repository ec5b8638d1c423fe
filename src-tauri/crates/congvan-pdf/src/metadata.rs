use congvan_model::Timestamp;

use crate::Object;

/// A text string (ISO 32000-2, 7.9.2.2): ASCII as it is, everything else as UTF-16BE with its mark,
/// so that Vietnamese survives in every reader.
#[must_use]
pub fn text_string(text: &str) -> Object {
    if text.bytes().all(|byte| (32..127).contains(&byte)) {
        return Object::String(text.as_bytes().to_vec());
    }
    let mut bytes = vec![0xfe, 0xff];
    for unit in text.encode_utf16() {
        bytes.extend_from_slice(&unit.to_be_bytes());
    }
    Object::String(bytes)
}

/// The text of a text string: UTF-16 with a mark, UTF-8 with a mark, or PDFDocEncoding, which is
/// read as Latin-1 (they differ in typographic marks only).
#[must_use]
pub fn text_value(bytes: &[u8]) -> String {
    let utf16 = |bytes: &[u8], big: bool| {
        let units = bytes.chunks_exact(2).map(|pair| match pair {
            [a, b] if big => u16::from_be_bytes([*a, *b]),
            [a, b] => u16::from_le_bytes([*a, *b]),
            _ => 0xfffd,
        });
        char::decode_utf16(units)
            .map(|unit| unit.unwrap_or(char::REPLACEMENT_CHARACTER))
            .collect()
    };
    match bytes {
        [0xfe, 0xff, rest @ ..] => utf16(rest, true),
        [0xff, 0xfe, rest @ ..] => utf16(rest, false),
        [0xef, 0xbb, 0xbf, rest @ ..] => String::from_utf8_lossy(rest).into_owned(),
        _ => bytes.iter().map(|byte| char::from(*byte)).collect(),
    }
}

/// A date (7.9.4) in the time zone of Vietnam, to the second: `D:20260105081400+07'00'`.
#[must_use]
pub fn date(time: Timestamp) -> Object {
    let local = time.vietnam();
    Object::String(
        format!(
            "D:{:04}{:02}{:02}{:02}{:02}{:02}+07'00'",
            local.year(),
            local.month(),
            local.day(),
            local.hour(),
            local.minute(),
            local.second()
        )
        .into_bytes(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn vietnamese_text_comes_back_as_it_went() {
        for text in ["Lý do: phê duyệt", "x) /Name (y\\", "", "Ở đâu? 𝄞"] {
            let Object::String(bytes) = text_string(text) else {
                panic!("no string")
            };
            assert_eq!(text_value(&bytes), text);
        }
    }

    #[test]
    fn a_date_carries_the_zone_of_vietnam() {
        assert_eq!(
            date(Timestamp(1_767_575_640_000)),
            Object::String(b"D:20260105081400+07'00'".to_vec())
        );
    }
}
