use std::{cell::OnceCell, collections::BTreeMap, io::Write};

use crate::{
    Dict, Document, ObjRef, Object, PdfError, SectionKind, Stream, StreamData, archival::Rules,
    limits, source::read_range,
};

/// Writes a value as PDF syntax. Stream data is not written, only the dictionary.
pub fn serialize(object: &Object, out: &mut Vec<u8>) {
    match object {
        Object::Null => out.extend_from_slice(b"null"),
        Object::Bool(true) => out.extend_from_slice(b"true"),
        Object::Bool(false) => out.extend_from_slice(b"false"),
        Object::Int(value) => out.extend_from_slice(value.to_string().as_bytes()),
        Object::Real(raw) => out.extend_from_slice(raw),
        Object::String(bytes) => string(bytes, out),
        Object::Name(name) => self::name(name, out),
        Object::Array(items) => {
            out.push(b'[');
            for (index, item) in items.iter().enumerate() {
                if index > 0 {
                    out.push(b' ');
                }
                serialize(item, out);
            }
            out.push(b']');
        }
        Object::Dict(dict) => dictionary(dict, out),
        Object::Stream(stream) => dictionary(&stream.dict, out),
        Object::Ref(target) => out.extend_from_slice(target.to_string().as_bytes()),
    }
}

fn dictionary(dict: &Dict, out: &mut Vec<u8>) {
    out.extend_from_slice(b"<<");
    entries(dict, out);
    out.extend_from_slice(b">>");
}

fn entries(dict: &Dict, out: &mut Vec<u8>) {
    for (key, value) in &dict.0 {
        name(key, out);
        out.push(b' ');
        serialize(value, out);
    }
}

fn name(bytes: &[u8], out: &mut Vec<u8>) {
    out.push(b'/');
    for byte in bytes {
        let plain = byte.is_ascii_graphic() && !b"()<>[]{}/%#".contains(byte);
        if plain {
            out.push(*byte);
        } else {
            out.extend_from_slice(format!("#{byte:02X}").as_bytes());
        }
    }
}

/// Printable ASCII as a literal with every special character escaped, the rest in hexadecimal:
/// no text of a person can end the string.
fn string(bytes: &[u8], out: &mut Vec<u8>) {
    if bytes.iter().all(|byte| (32..127).contains(byte)) {
        out.push(b'(');
        for byte in bytes {
            if matches!(byte, b'(' | b')' | b'\\') {
                out.push(b'\\');
            }
            out.push(*byte);
        }
        out.push(b')');
    } else {
        out.push(b'<');
        for byte in bytes {
            out.extend_from_slice(format!("{byte:02X}").as_bytes());
        }
        out.push(b'>');
    }
}

enum Body {
    Value(Object),
    /// Ready-made bytes of the beginning of a dictionary, for values whose place in the file must
    /// be known and which are never enciphered, and the rest of its entries.
    Raw(Vec<u8>, Dict),
}

/// A new revision being collected: new objects and changed ones.
pub struct Increment<'d, 's> {
    document: &'d Document<'s>,
    next: u32,
    objects: BTreeMap<u32, (u16, Body)>,
    rules: OnceCell<Rules>,
}

/// The bytes to append, with the place of each new object.
#[derive(Clone, Debug)]
pub struct Tail {
    /// What to append to the original.
    pub bytes: Vec<u8>,
    /// Length of the original.
    pub base: u64,
    /// First byte of each body (after `obj`) within `bytes`.
    pub bodies: BTreeMap<u32, usize>,
}

impl<'d, 's> Increment<'d, 's> {
    /// An empty revision on top of a document. What is put is plain; on an encrypted document it
    /// is enciphered when the tail is written.
    #[must_use]
    pub fn new(document: &'d Document<'s>) -> Self {
        Self {
            document,
            next: document.next_number(),
            objects: BTreeMap::new(),
            rules: OnceCell::new(),
        }
    }

    /// What new objects must observe so that a document for keeping stays one.
    pub(crate) fn rules(&self) -> Rules {
        *self.rules.get_or_init(|| Rules::of(self.document))
    }

    /// The document below.
    #[must_use]
    pub fn document(&self) -> &'d Document<'s> {
        self.document
    }

    /// A number that nothing uses.
    ///
    /// # Errors
    /// [`PdfError::Limit`] when there is none left.
    pub fn allocate(&mut self) -> Result<ObjRef, PdfError> {
        let num = self.next;
        if num >= limits::OBJECTS {
            return Err(PdfError::Limit { limit: "objects" });
        }
        self.next += 1;
        Ok(ObjRef { num, generation: 0 })
    }

    /// Puts a new or changed object.
    pub fn put(&mut self, id: ObjRef, object: Object) {
        self.objects
            .insert(id.num, (id.generation, Body::Value(object)));
    }

    /// Puts an object under a new number.
    ///
    /// # Errors
    /// As [`Increment::allocate`].
    pub fn add(&mut self, object: Object) -> Result<ObjRef, PdfError> {
        let id = self.allocate()?;
        self.put(id, object);
        Ok(id)
    }

    /// Puts a stream of new data, deflated.
    ///
    /// # Errors
    /// As [`Increment::allocate`].
    pub fn add_stream(&mut self, mut dict: Dict, data: &[u8]) -> Result<ObjRef, PdfError> {
        dict.set("Filter", Object::name("FlateDecode"));
        self.add(Object::Stream(Stream {
            dict,
            data: StreamData::Owned(deflate(data)),
        }))
    }

    /// Puts a dictionary that begins with ready-made bytes, `<<` included, and goes on with
    /// `entries`. The bytes are written as they are: for a signature (7.6.2 exempts its /Contents).
    pub fn put_raw(&mut self, id: ObjRef, head: Vec<u8>, entries: Dict) {
        self.objects
            .insert(id.num, (id.generation, Body::Raw(head, entries)));
    }

    /// The object as it will be: changed here, or else as in the document.
    ///
    /// # Errors
    /// Where the file is damaged at that place.
    pub fn current(&self, id: ObjRef) -> Result<Object, PdfError> {
        match self.objects.get(&id.num) {
            Some((_, Body::Value(object))) => Ok(object.clone()),
            Some((_, Body::Raw(..))) | None => Ok((*self.document.get(id)?).clone()),
        }
    }

    /// Writes the tail. The cross-reference takes the form of the last section (7.5.8.1 forbids to
    /// mix them in the chain); `id_seed` becomes the second half of /ID (14.4), which names this
    /// state of the file, and goes into the vectors of AES on an encrypted one.
    ///
    /// # Errors
    /// Where a changed stream cannot be read, or the chain is empty; [`PdfError::Encryption`] where
    /// the file proves its integrity by an authentication code, which we cannot renew.
    pub fn finish(self, id_seed: [u8; 16]) -> Result<Tail, PdfError> {
        let source = self.document.source();
        let base = source.len();
        if self.document.trailer().get("AuthCode").is_some() {
            // A revision without a code of its own would look like forgery to other programs.
            return Err(PdfError::Encryption {
                method: "ISO/TS 32004 (AuthCode)".to_owned(),
            });
        }
        if let Some(Object::Ref(id)) = self.document.trailer().get("Encrypt")
            && self.objects.contains_key(&id.num)
        {
            let what = "the encryption dictionary is a part of the document too";
            return Err(PdfError::malformed(*id, what));
        }
        let section = self
            .document
            .sections()
            .first()
            .ok_or(PdfError::malformed(None, "no cross-reference"))?;
        let mut out = Vec::new();
        let last = read_range(source, base.saturating_sub(1), 1)?;
        if !matches!(last.as_slice(), [10 | 13]) {
            out.push(b'\n');
        }
        let mut offsets = BTreeMap::new();
        let mut bodies = BTreeMap::new();
        for (num, (generation, body)) in &self.objects {
            offsets.insert(*num, (base + out.len() as u64, *generation));
            out.extend_from_slice(format!("{num} {generation} obj\n").as_bytes());
            bodies.insert(*num, out.len());
            let id = ObjRef {
                num: *num,
                generation: *generation,
            };
            self.body((id, body), id_seed, &mut out)?;
            out.extend_from_slice(b"\nendobj\n");
        }
        let mut trailer = Dict::new();
        for key in ["Root", "Info", "Encrypt"] {
            if let Some(value) = self.document.trailer().get(key) {
                trailer.set(key, value.clone());
            }
        }
        trailer.set("ID", self.file_id(id_seed));
        trailer.set("Prev", Object::Int(section.offset as i64));
        let start = base + out.len() as u64;
        match section.kind {
            SectionKind::Table => table(&offsets, trailer, self.next, &mut out),
            SectionKind::Stream => stream(offsets, trailer, self.next, start, &mut out),
        }
        out.extend_from_slice(format!("startxref\n{start}\n%%EOF\n").as_bytes());
        Ok(Tail {
            bytes: out,
            base,
            bodies,
        })
    }

    fn body(
        &self,
        (id, body): (ObjRef, &Body),
        seed: [u8; 16],
        out: &mut Vec<u8>,
    ) -> Result<(), PdfError> {
        let sealed = |value: &Object| {
            let mut value = value.clone();
            if let Some(encryption) = self.document.encryption() {
                encryption.seal_strings(id, &mut value, seed);
            }
            value
        };
        match body {
            Body::Raw(head, entries) => {
                out.extend_from_slice(head);
                if let Object::Dict(entries) = sealed(&Object::Dict(entries.clone())) {
                    self::entries(&entries, out);
                }
                out.extend_from_slice(b">>");
            }
            Body::Value(Object::Stream(stream)) => {
                let data = self.stream_bytes(id, stream, seed)?;
                let dict = stream.dict.clone();
                let dict = dict.with("Length", Object::Int(data.len() as i64));
                serialize(&sealed(&Object::Dict(dict)), out);
                out.extend_from_slice(b"\nstream\n");
                out.extend_from_slice(&data);
                out.extend_from_slice(b"\nendstream");
            }
            Body::Value(value) => serialize(&sealed(value), out),
        }
        Ok(())
    }

    /// The data of a stream as it is written.
    fn stream_bytes(
        &self,
        id: ObjRef,
        stream: &Stream,
        seed: [u8; 16],
    ) -> Result<Vec<u8>, PdfError> {
        let plain = match &stream.data {
            StreamData::Owned(data) => data.clone(),
            StreamData::InFile { offset, len, owner } => {
                let len = usize::try_from(*len).map_err(|_| PdfError::Limit {
                    limit: "stream data",
                })?;
                let data = read_range(self.document.source(), *offset, len)?;
                match self.document.encryption() {
                    // Under its own number it is enciphered as it has to be.
                    Some(_) if *owner == id => return Ok(data),
                    Some(encryption) => encryption.open_stream(*owner, &stream.dict, data)?,
                    None => data,
                }
            }
        };
        match self.document.encryption() {
            Some(encryption) => encryption.seal_stream(id, &stream.dict, (plain, seed)),
            None => Ok(plain),
        }
    }

    fn file_id(&self, seed: [u8; 16]) -> Object {
        let first = match self.document.file_id() {
            Some(first) => first.to_vec(),
            // The key of an encrypted file was made with this half, and there was none.
            None if self.document.is_encrypted() => Vec::new(),
            None => seed.to_vec(),
        };
        Object::Array(vec![Object::String(first), Object::String(seed.to_vec())])
    }
}

pub(crate) fn deflate(data: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::default());
    // Writing to memory cannot fail; an empty stream would be seen by the verification.
    let _ = encoder.write_all(data);
    encoder.finish().unwrap_or_default()
}

/// Runs of consecutive numbers.
fn runs(numbers: impl Iterator<Item = u32>) -> Vec<(u32, u32)> {
    let mut runs: Vec<(u32, u32)> = Vec::new();
    for num in numbers {
        match runs.last_mut() {
            Some((first, count)) if *first + *count == num => *count += 1,
            Some(_) | None => runs.push((num, 1)),
        }
    }
    runs
}

fn table(offsets: &BTreeMap<u32, (u64, u16)>, trailer: Dict, size: u32, out: &mut Vec<u8>) {
    out.extend_from_slice(b"xref\n");
    for (first, count) in runs(offsets.keys().copied()) {
        out.extend_from_slice(format!("{first} {count}\n").as_bytes());
        for (offset, generation) in offsets.range(first..first + count).map(|(_, at)| at) {
            out.extend_from_slice(format!("{offset:010} {generation:05} n\r\n").as_bytes());
        }
    }
    let trailer = trailer.with("Size", Object::Int(i64::from(size)));
    out.extend_from_slice(b"trailer\n");
    dictionary(&trailer, out);
    out.push(b'\n');
}

fn stream(
    mut offsets: BTreeMap<u32, (u64, u16)>,
    trailer: Dict,
    num: u32,
    start: u64,
    out: &mut Vec<u8>,
) {
    offsets.insert(num, (start, 0));
    let mut index = Vec::new();
    let mut rows = Vec::new();
    for (first, count) in runs(offsets.keys().copied()) {
        index.push(Object::Int(i64::from(first)));
        index.push(Object::Int(i64::from(count)));
    }
    for (offset, generation) in offsets.values() {
        rows.push(1);
        // Five bytes reach a terabyte; some readers keep offsets in 32 bits and choke on eight.
        rows.extend_from_slice(offset.to_be_bytes().get(3..).unwrap_or_default());
        rows.extend_from_slice(&generation.to_be_bytes());
    }
    let data = deflate(&rows);
    let dict = trailer
        .with("Type", Object::name("XRef"))
        .with("Size", Object::Int(i64::from(num) + 1))
        .with("Index", Object::Array(index))
        .with(
            "W",
            Object::Array(vec![Object::Int(1), Object::Int(5), Object::Int(2)]),
        )
        .with("Filter", Object::name("FlateDecode"))
        .with("Length", Object::Int(data.len() as i64));
    out.extend_from_slice(format!("{num} 0 obj\n").as_bytes());
    dictionary(&dict, out);
    out.extend_from_slice(b"\nstream\n");
    out.extend_from_slice(&data);
    out.extend_from_slice(b"\nendstream\nendobj\n");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_text_can_end_its_string() {
        let mut out = Vec::new();
        serialize(&Object::String(b"x) /Name (y\\".to_vec()), &mut out);
        assert_eq!(out, br"(x\) /Name \(y\\)");
    }

    #[test]
    fn names_with_odd_bytes_are_escaped() {
        let mut out = Vec::new();
        serialize(&Object::Name(b"a b#/\xff".to_vec()), &mut out);
        assert_eq!(out, b"/a#20b#23#2F#FF");
    }

    #[test]
    fn neighbours_share_a_subsection() {
        assert_eq!(
            runs([1, 2, 3, 7, 9, 10].into_iter()),
            [(1, 3), (7, 1), (9, 2)]
        );
    }
}
