use congvan_model::ByteSource;

use crate::{
    ObjRef, Object, PdfError, Stream, StreamData, limits,
    parser::{Parser, Stop},
    source::read_range,
};

/// An indirect object with its place in the file.
#[derive(Clone, Debug)]
pub struct Located {
    /// Number and generation as written before `obj`.
    pub id: ObjRef,
    /// The value.
    pub object: Object,
    /// First byte of `num gen obj`.
    pub start: u64,
    /// First byte after the value (after `endstream` for a stream).
    pub end: u64,
}

/// Reads the indirect object at an offset. `length` resolves an indirect /Length.
pub(crate) fn locate(
    source: &dyn ByteSource,
    offset: u64,
    length: &dyn Fn(ObjRef) -> Option<i64>,
) -> Result<Located, PdfError> {
    let available = source.len().saturating_sub(offset);
    let mut window = 1024_usize;
    loop {
        let size = usize::try_from(available.min(window as u64)).unwrap_or(window);
        let data = read_range(source, offset, size)
            .map_err(|_| PdfError::damaged(offset, "object after the end of the file"))?;
        let mut parser = Parser::new(&data, size as u64 == available);
        match indirect(&mut parser) {
            Ok((id, object, None)) => {
                return Ok(Located {
                    id,
                    object,
                    start: offset,
                    end: offset + parser.pos as u64,
                });
            }
            Ok((id, object, Some(data_at))) => {
                return stream(
                    source,
                    (offset, offset + data_at as u64),
                    (id, object),
                    length,
                );
            }
            Err(Stop::Bad(at, what)) => return Err(PdfError::damaged(offset + at as u64, what)),
            Err(Stop::More) if window >= limits::OBJECT_BYTES => {
                return Err(PdfError::Limit {
                    limit: "object size",
                });
            }
            Err(Stop::More) => window *= 4,
        }
    }
}

/// Number, value, and where stream data starts when it is a stream.
fn indirect(parser: &mut Parser<'_>) -> Result<(ObjRef, Object, Option<usize>), Stop> {
    let id = parser.object_header()?;
    let object = parser.object()?;
    let end = parser.pos;
    if !matches!(object, Object::Dict(_)) || !parser.try_keyword("stream")? {
        parser.pos = end;
        return Ok((id, object, None));
    }
    // CR LF or LF (7.3.8.1); a lone CR is tolerated as the common readers do.
    if parser.peek()? == Some(13) {
        parser.pos += 1;
    }
    if parser.peek()? == Some(10) {
        parser.pos += 1;
    }
    Ok((id, object, Some(parser.pos)))
}

fn stream(
    source: &dyn ByteSource,
    (start, data_at): (u64, u64),
    (id, object): (ObjRef, Object),
    length: &dyn Fn(ObjRef) -> Option<i64>,
) -> Result<Located, PdfError> {
    let Object::Dict(dict) = object else {
        return Err(PdfError::damaged(start, "stream without a dictionary"));
    };
    let len = match dict.get("Length") {
        Some(Object::Int(len)) => Some(*len),
        // An object that is its own length would never end.
        Some(Object::Ref(target)) if target.num != id.num => length(*target),
        Some(_) | None => None,
    };
    let bad = || PdfError::damaged(start, "length of a stream");
    let len = len
        .and_then(|len| u64::try_from(len).ok())
        .ok_or_else(bad)?;
    let data_end = data_at.checked_add(len).ok_or_else(bad)?;
    let probe = source.len().checked_sub(data_end).ok_or_else(bad)?.min(32);
    let after = read_range(source, data_end, probe as usize)?;
    let trimmed = after.trim_ascii_start();
    if !trimmed.starts_with(b"endstream") {
        return Err(bad());
    }
    let skipped = (after.len() - trimmed.len() + b"endstream".len()) as u64;
    Ok(Located {
        id,
        object: Object::Stream(Stream {
            dict,
            data: StreamData::InFile {
                offset: data_at,
                len,
                owner: id,
            },
        }),
        start,
        end: data_end + skipped,
    })
}

/// The offset after the last `startxref` (7.5.5).
pub(crate) fn start_of_xref(source: &dyn ByteSource) -> Result<u64, PdfError> {
    let len = source.len();
    for window in [1024_u64, 65_536] {
        let size = len.min(window);
        let tail = read_range(source, len - size, size as usize)?;
        let found = tail
            .windows(9)
            .rposition(|window| window == b"startxref")
            .and_then(|at| tail.get(at + 9..));
        if let Some(after) = found {
            let mut parser = Parser::new(after, true);
            return match parser.unsigned() {
                Ok(offset) if offset < len => Ok(offset),
                Ok(_) | Err(_) => Err(PdfError::damaged(len - size, "startxref")),
            };
        }
    }
    Err(PdfError::damaged(len, "startxref is missing"))
}
