use std::collections::{BTreeMap, HashSet};

use congvan_model::ByteSource;

use crate::{
    Dict, Object, PdfError, StreamData, filter, limits,
    locate::{Located, locate},
    parser::{Parser, Stop},
    source::read_range,
};

/// Where an object is (ISO 32000-2, 7.5.4 and 7.5.8).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Entry {
    /// Deleted, or never used.
    Free,
    /// Written in the file.
    At {
        /// First byte of `num gen obj`.
        offset: u64,
        /// Its generation.
        generation: u16,
    },
    /// Inside an object stream.
    InStream {
        /// Number of the object stream.
        stream: u32,
        /// Position within it, from 0.
        index: u32,
    },
}

/// How a cross-reference section is written; the next section must be written the same way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SectionKind {
    /// A table of text lines; perhaps with a stream beside it (/XRefStm).
    Table,
    /// A cross-reference stream.
    Stream,
}

/// One section of the chain: in an incrementally saved file, one revision.
#[derive(Clone, Debug)]
pub struct Section {
    /// Where it starts.
    pub offset: u64,
    /// Where it ends: after its trailer dictionary or its stream object.
    pub end: u64,
    /// How it is written.
    pub kind: SectionKind,
    /// Its trailer dictionary, or the dictionary of its stream.
    pub trailer: Dict,
}

/// All entries that count, and the chain they came from, newest section first.
pub(crate) struct Xref {
    pub(crate) entries: BTreeMap<u32, Entry>,
    pub(crate) sections: Vec<Section>,
    pub(crate) hybrid: bool,
}

type Entries = Vec<(u32, Entry)>;

pub(crate) fn read(source: &dyn ByteSource, start: u64) -> Result<Xref, PdfError> {
    let mut xref = Xref {
        entries: BTreeMap::new(),
        sections: Vec::new(),
        hybrid: false,
    };
    let mut seen = HashSet::new();
    let mut next = Some(start);
    while let Some(offset) = next {
        if !seen.insert(offset) {
            return Err(PdfError::damaged(offset, "cross-reference chain is a ring"));
        }
        if seen.len() > limits::SECTIONS {
            return Err(PdfError::Limit {
                limit: "cross-reference sections",
            });
        }
        let (section, entries) = read_section(source, offset)?;
        merge(&mut xref.entries, entries)?;
        if let (SectionKind::Table, Some(value)) = (section.kind, section.trailer.get("XRefStm")) {
            // A hybrid file: the stream counts after the table and before /Prev (7.5.8.4).
            let offset = offset_of(value, offset)?;
            if !seen.insert(offset) {
                return Err(PdfError::damaged(offset, "cross-reference chain is a ring"));
            }
            let (_, entries) = read_stream(source, offset)?;
            merge(&mut xref.entries, entries)?;
            xref.hybrid = true;
        }
        next = match section.trailer.get("Prev") {
            None => None,
            Some(value) => Some(offset_of(value, offset)?),
        };
        xref.sections.push(section);
    }
    Ok(xref)
}

fn offset_of(value: &Object, near: u64) -> Result<u64, PdfError> {
    value
        .as_int()
        .and_then(|value| u64::try_from(value).ok())
        .ok_or_else(|| PdfError::damaged(near, "offset of a cross-reference section"))
}

/// Newer sections come first, so an entry that is already there stays.
fn merge(all: &mut BTreeMap<u32, Entry>, entries: Entries) -> Result<(), PdfError> {
    for (num, entry) in entries {
        all.entry(num).or_insert(entry);
    }
    if all.len() > limits::OBJECTS as usize {
        return Err(PdfError::Limit { limit: "objects" });
    }
    Ok(())
}

fn read_section(source: &dyn ByteSource, offset: u64) -> Result<(Section, Entries), PdfError> {
    let probe = usize::try_from(source.len().saturating_sub(offset).min(64)).unwrap_or(64);
    let head = read_range(source, offset, probe)
        .map_err(|_| PdfError::damaged(offset, "cross-reference section after the end"))?;
    let trimmed = head.trim_ascii_start();
    if trimmed.starts_with(b"xref") {
        read_table(source, offset)
    } else {
        read_stream(source, offset)
    }
}

fn read_table(source: &dyn ByteSource, offset: u64) -> Result<(Section, Entries), PdfError> {
    let available = source.len().saturating_sub(offset);
    let mut window = 4096_usize;
    loop {
        let size = usize::try_from(available.min(window as u64)).unwrap_or(window);
        let data = read_range(source, offset, size)?;
        let mut parser = Parser::new(&data, size as u64 == available);
        match table(&mut parser) {
            Ok((trailer, entries)) => {
                let section = Section {
                    offset,
                    end: offset + parser.pos as u64,
                    kind: SectionKind::Table,
                    trailer,
                };
                return Ok((section, entries));
            }
            Err(Stop::Bad(at, what)) => return Err(PdfError::damaged(offset + at as u64, what)),
            Err(Stop::More) if window >= limits::XREF_BYTES => {
                return Err(PdfError::Limit {
                    limit: "cross-reference table",
                });
            }
            Err(Stop::More) => window *= 4,
        }
    }
}

fn table(parser: &mut Parser<'_>) -> Result<(Dict, Entries), Stop> {
    parser.keyword("xref")?;
    let mut entries = Vec::new();
    while !parser.try_keyword("trailer")? {
        let first = parser.unsigned()?;
        let count = parser.unsigned()?;
        let end = first.saturating_add(count);
        if end > u64::from(limits::OBJECTS) {
            return parser.bad("object number in the cross-reference table");
        }
        for num in first..end {
            let offset = parser.unsigned()?;
            let generation = parser.unsigned()?;
            parser.skip_space()?;
            let entry = match parser.word()? {
                b"n" => Entry::At {
                    offset,
                    generation: u16::try_from(generation)
                        .or(parser.bad("generation in the cross-reference table"))?,
                },
                b"f" => Entry::Free,
                _ => return parser.bad("entry of the cross-reference table"),
            };
            entries.push((num as u32, entry));
        }
    }
    match parser.object()? {
        Object::Dict(trailer) => Ok((trailer, entries)),
        _ => parser.bad("trailer dictionary"),
    }
}

fn read_stream(source: &dyn ByteSource, offset: u64) -> Result<(Section, Entries), PdfError> {
    // /Length of a cross-reference stream must be direct (7.5.8.2), so nothing is resolved here.
    let located: Located = locate(source, offset, &|_| None)?;
    let bad = |what| PdfError::damaged(offset, what);
    let Object::Stream(stream) = located.object else {
        return Err(bad("cross-reference section expected"));
    };
    if !stream.dict.is("Type", "XRef") {
        return Err(bad("stream is no cross-reference"));
    }
    let StreamData::InFile {
        offset: at, len, ..
    } = stream.data
    else {
        return Err(bad("cross-reference stream"));
    };
    let len = usize::try_from(len)
        .ok()
        .filter(|len| *len <= limits::XREF_BYTES)
        .ok_or(PdfError::Limit {
            limit: "cross-reference stream",
        })?;
    let data = filter::decode(&stream.dict, read_range(source, at, len)?)?;
    let entries =
        stream_entries(&stream.dict, &data).ok_or_else(|| bad("cross-reference stream"))?;
    let section = Section {
        offset,
        end: located.end,
        kind: SectionKind::Stream,
        trailer: stream.dict,
    };
    Ok((section, entries))
}

fn stream_entries(dict: &Dict, data: &[u8]) -> Option<Entries> {
    let widths: Vec<usize> = dict
        .get("W")?
        .as_array()?
        .iter()
        .map(|width| {
            usize::try_from(width.as_int()?)
                .ok()
                .filter(|width| *width <= 8)
        })
        .collect::<Option<_>>()?;
    let [w0, w1, w2] = widths.as_slice().get(..3)?.try_into().ok()?;
    let row = w0 + w1 + w2;
    if row == 0 {
        return None;
    }
    let size = dict.get("Size")?.as_int()?;
    let whole = [Object::Int(0), Object::Int(size)];
    let index = match dict.get("Index") {
        Some(value) => value.as_array()?,
        None => &whole,
    };
    let mut rows = data.chunks_exact(row);
    let mut entries = Vec::new();
    for range in index.chunks_exact(2) {
        let [first, count] = range else { return None };
        let first = u64::try_from(first.as_int()?).ok()?;
        let end = first.checked_add(u64::try_from(count.as_int()?).ok()?)?;
        if end > u64::from(limits::OBJECTS) {
            return None;
        }
        for num in first..end {
            let Some(row) = rows.next() else {
                return Some(entries);
            };
            let (kind, rest) = row.split_at_checked(w0)?;
            let (second, third) = rest.split_at_checked(w1)?;
            let kind = if w0 == 0 { 1 } else { big_endian(kind) };
            let (second, third) = (big_endian(second), big_endian(third));
            let entry = match kind {
                0 => Entry::Free,
                1 => Entry::At {
                    offset: second,
                    generation: u16::try_from(third).ok()?,
                },
                2 => Entry::InStream {
                    stream: u32::try_from(second).ok()?,
                    index: u32::try_from(third).ok()?,
                },
                // Other kinds are references to nothing (7.5.8.3, table 18).
                _ => Entry::Free,
            };
            entries.push((num as u32, entry));
        }
    }
    Some(entries)
}

fn big_endian(bytes: &[u8]) -> u64 {
    bytes
        .iter()
        .fold(0, |value, byte| (value << 8) | u64::from(*byte))
}
