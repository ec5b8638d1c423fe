use std::io::Read;

use crate::{Dict, Object, PdfError, limits};

/// Undoes the filters of a stream whose dictionary has only direct filter entries.
pub(crate) fn decode(dict: &Dict, data: Vec<u8>) -> Result<Vec<u8>, PdfError> {
    let filters = listed(dict.get("Filter").or_else(|| dict.get("F")));
    let parameters = listed(dict.get("DecodeParms").or_else(|| dict.get("DP")));
    if filters.len() > 8 {
        return Err(PdfError::Limit {
            limit: "stream filters",
        });
    }
    let mut data = data;
    for (index, filter) in filters.iter().enumerate() {
        let parameters = parameters.get(index).and_then(|value| value.as_dict());
        data = match filter.as_name() {
            Some(b"FlateDecode" | b"Fl") => predict(inflate(&data)?, parameters)?,
            Some(b"ASCIIHexDecode" | b"AHx") => ascii_hex(&data)?,
            Some(b"ASCII85Decode" | b"A85") => ascii_85(&data)?,
            // Undone before, with the key of the file.
            Some(b"Crypt") => data,
            name => {
                return Err(PdfError::Filter {
                    filter: String::from_utf8_lossy(name.unwrap_or(b"?")).into_owned(),
                });
            }
        };
    }
    Ok(data)
}

fn listed(value: Option<&Object>) -> Vec<&Object> {
    match value {
        None | Some(Object::Null) => Vec::new(),
        Some(Object::Array(items)) => items.iter().collect(),
        Some(single) => vec![single],
    }
}

fn inflate(data: &[u8]) -> Result<Vec<u8>, PdfError> {
    let mut out = Vec::new();
    let limit = limits::INFLATED as u64;
    flate2::read::ZlibDecoder::new(data)
        .take(limit + 1)
        .read_to_end(&mut out)
        .map_err(|_| PdfError::malformed(None, "compressed data"))?;
    if out.len() as u64 > limit {
        return Err(PdfError::Limit {
            limit: "inflated bytes",
        });
    }
    Ok(out)
}

/// PNG and TIFF predictors (ISO 32000-2, 7.4.4.4), 8 bits a component.
fn predict(data: Vec<u8>, parameters: Option<&Dict>) -> Result<Vec<u8>, PdfError> {
    let entry = |key: &str, default: i64| {
        parameters
            .and_then(|dict| dict.get(key))
            .and_then(Object::as_int)
            .unwrap_or(default)
    };
    let predictor = entry("Predictor", 1);
    if predictor == 1 {
        return Ok(data);
    }
    let bad = || PdfError::malformed(None, "predictor");
    let bits = entry("BitsPerComponent", 8);
    let colours = usize::try_from(entry("Colors", 1)).map_err(|_| bad())?;
    let columns = usize::try_from(entry("Columns", 1)).map_err(|_| bad())?;
    let row = colours
        .checked_mul(columns)
        .filter(|row| (1..=1 << 24).contains(row) && colours <= 64 && bits == 8)
        .ok_or_else(bad)?;
    match predictor {
        2 => Ok(tiff(data, row, colours)),
        10..=15 => png(&data, row, colours).ok_or_else(bad),
        _ => Err(bad()),
    }
}

fn tiff(mut data: Vec<u8>, row: usize, colours: usize) -> Vec<u8> {
    for line in data.chunks_mut(row) {
        for index in colours..line.len() {
            let left = line.get(index - colours).copied().unwrap_or(0);
            if let Some(byte) = line.get_mut(index) {
                *byte = byte.wrapping_add(left);
            }
        }
    }
    data
}

fn png(data: &[u8], row: usize, colours: usize) -> Option<Vec<u8>> {
    let mut out: Vec<u8> = Vec::with_capacity(data.len());
    let mut above = vec![0_u8; row];
    for line in data.chunks(row + 1) {
        let (kind, line) = line.split_first()?;
        let mut current = vec![0_u8; row];
        for (index, raw) in line.iter().enumerate() {
            let left = index
                .checked_sub(colours)
                .and_then(|at| current.get(at).copied())
                .unwrap_or(0);
            let up = above.get(index).copied().unwrap_or(0);
            let corner = index
                .checked_sub(colours)
                .and_then(|at| above.get(at).copied())
                .unwrap_or(0);
            let guess = match kind {
                0 => 0,
                1 => left,
                2 => up,
                3 => ((u16::from(left) + u16::from(up)) / 2) as u8,
                4 => paeth(left, up, corner),
                _ => return None,
            };
            *current.get_mut(index)? = raw.wrapping_add(guess);
        }
        out.extend_from_slice(current.get(..line.len())?);
        above = current;
    }
    Some(out)
}

fn paeth(left: u8, up: u8, corner: u8) -> u8 {
    let (a, b, c) = (i16::from(left), i16::from(up), i16::from(corner));
    let p = a + b - c;
    let (pa, pb, pc) = ((p - a).abs(), (p - b).abs(), (p - c).abs());
    if pa <= pb && pa <= pc {
        left
    } else if pb <= pc {
        up
    } else {
        corner
    }
}

fn ascii_hex(data: &[u8]) -> Result<Vec<u8>, PdfError> {
    let mut out = Vec::with_capacity(data.len() / 2);
    let mut high: Option<u8> = None;
    for byte in data {
        let digit = match byte {
            b'0'..=b'9' => byte - b'0',
            b'a'..=b'f' => byte - b'a' + 10,
            b'A'..=b'F' => byte - b'A' + 10,
            b'>' => break,
            _ if byte.is_ascii_whitespace() || *byte == 0 => continue,
            _ => return Err(PdfError::malformed(None, "hexadecimal data")),
        };
        match high.take() {
            None => high = Some(digit),
            Some(first) => out.push(first * 16 + digit),
        }
    }
    if let Some(first) = high {
        out.push(first * 16);
    }
    Ok(out)
}

fn ascii_85(data: &[u8]) -> Result<Vec<u8>, PdfError> {
    let bad = || PdfError::malformed(None, "base-85 data");
    let mut out = Vec::with_capacity(data.len());
    let mut group: Vec<u8> = Vec::with_capacity(5);
    for byte in data {
        match byte {
            b'z' if group.is_empty() => out.extend_from_slice(&[0; 4]),
            b'!'..=b'u' => {
                group.push(byte - b'!');
                if group.len() == 5 {
                    out.extend_from_slice(&group_85(&group).ok_or_else(bad)?);
                    group.clear();
                }
            }
            b'~' => break,
            _ if byte.is_ascii_whitespace() || *byte == 0 => {}
            _ => return Err(bad()),
        }
    }
    if !group.is_empty() {
        let kept = group.len() - 1;
        group.resize(5, 84);
        let bytes = group_85(&group).ok_or_else(bad)?;
        out.extend_from_slice(bytes.get(..kept).ok_or_else(bad)?);
    }
    Ok(out)
}

fn group_85(group: &[u8]) -> Option<[u8; 4]> {
    let mut value = 0_u64;
    for digit in group {
        value = value * 85 + u64::from(*digit);
    }
    u32::try_from(value).ok().map(u32::to_be_bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base_85_and_hexadecimal_are_undone() {
        assert_eq!(ascii_85(b"87cURD]i,\"Ebo80~>").unwrap(), b"Hello World!");
        assert_eq!(ascii_hex(b"48 65 6>").unwrap(), b"He`");
    }

    #[test]
    fn a_decompression_bomb_stops_at_the_limit() {
        use std::io::Write;
        let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::best());
        let block = vec![0_u8; 1 << 20];
        for _ in 0..=(limits::INFLATED >> 20) {
            encoder.write_all(&block).unwrap();
        }
        let bomb = encoder.finish().unwrap();
        assert!(bomb.len() < 1 << 20);
        assert_eq!(
            inflate(&bomb),
            Err(PdfError::Limit {
                limit: "inflated bytes"
            })
        );
    }

    #[test]
    fn the_up_predictor_adds_the_line_above() {
        assert_eq!(png(&[2, 1, 2, 2, 1, 1], 2, 1), Some(vec![1, 2, 2, 3]));
    }
}
