use std::{
    cell::{Cell, RefCell},
    collections::HashMap,
    rc::Rc,
};

use congvan_model::ByteSource;

use crate::{
    AccessRights, Dict, Entry, Located, ObjRef, Object, PdfError, Section, Stream, StreamData,
    encryption::Encryption,
    filter, limits,
    locate::{locate, start_of_xref},
    parser::{Parser, Stop, digits},
    source::read_range,
    xref::{self, Xref},
};

/// A file that is read on demand: opening it reads the cross-reference only.
pub struct Document<'s> {
    source: &'s dyn ByteSource,
    xref: Xref,
    /// The first half of /ID, as written; none where there is none.
    file_id: Option<Vec<u8>>,
    encryption: Option<Encryption>,
    cache: RefCell<Cache>,
    /// How many objects are being read inside one another (a stream's indirect /Length).
    depth: Cell<usize>,
}

#[derive(Default)]
struct Cache {
    objects: HashMap<u32, Rc<Object>>,
    streams: HashMap<u32, Rc<ObjectStream>>,
    stream_bytes: usize,
    /// Object streams being read, so that a stream inside itself ends.
    busy: Vec<u32>,
}

struct ObjectStream {
    data: Vec<u8>,
    /// Number and offset of each object inside.
    index: Vec<(u32, usize)>,
}

impl<'s> Document<'s> {
    /// Opens a file by its last cross-reference section. An encrypted file opens where it needs no
    /// password for reading.
    ///
    /// # Errors
    /// [`PdfError::NotPdf`], [`PdfError::Xref`] where objects cannot be found, [`PdfError::Limit`],
    /// [`PdfError::Encrypted`], [`PdfError::Encryption`], or the source's failure.
    pub fn open(source: &'s dyn ByteSource) -> Result<Self, PdfError> {
        Self::open_any(source, None)
    }

    /// The same with the password of a reader or of the owner.
    ///
    /// # Errors
    /// As [`Document::open`], and [`PdfError::PasswordWrong`].
    pub fn open_with_password(
        source: &'s dyn ByteSource,
        password: &str,
    ) -> Result<Self, PdfError> {
        Self::open_any(source, Some(password))
    }

    fn open_any(source: &'s dyn ByteSource, password: Option<&str>) -> Result<Self, PdfError> {
        let head = read_range(source, 0, source.len().min(1024) as usize)?;
        if !head.windows(5).any(|window| window == b"%PDF-") {
            return Err(PdfError::NotPdf);
        }
        let start = start_of_xref(source).map_err(PdfError::in_xref)?;
        let mut document = Self {
            source,
            xref: xref::read(source, start).map_err(PdfError::in_xref)?,
            file_id: None,
            encryption: None,
            cache: RefCell::default(),
            depth: Cell::new(0),
        };
        if document
            .trailer()
            .get("Root")
            .and_then(Object::as_ref)
            .is_none()
        {
            return Err(PdfError::Xref {
                offset: start,
                what: "trailer without /Root",
            });
        }
        let id = document.value(document.trailer(), "ID")?;
        let id = id.as_array().and_then(|halves| halves.first());
        document.file_id = id.and_then(Object::as_string).map(<[u8]>::to_vec);
        document.unlock(password)?;
        Ok(document)
    }

    /// Finds the key of an encrypted file.
    fn unlock(&mut self, password: Option<&str>) -> Result<(), PdfError> {
        let Some(value) = self.trailer().get("Encrypt").filter(|it| !it.is_null()) else {
            return Ok(());
        };
        let dict = self.deep(value, 4)?;
        if dict.is_null() {
            // Not encrypted, and `next_number` sees to it that it stays undefined.
            return Ok(());
        }
        let dict = dict
            .as_dict()
            .ok_or(PdfError::malformed(None, "encryption dictionary"))?;
        let id = self.file_id.as_deref().unwrap_or_default();
        self.encryption = Some(Encryption::open(dict, id, password)?);
        // What was read so far was read without the key.
        self.cache = RefCell::default();
        Ok(())
    }

    /// A value with what it refers to in place of references, down to a depth.
    fn deep(&self, value: &Object, depth: usize) -> Result<Object, PdfError> {
        let value = self.resolve(value)?;
        Ok(match &*value {
            Object::Dict(dict) if depth > 0 => {
                let entries = dict.0.iter();
                let entries = entries.map(|(key, value)| {
                    let value = self.deep(value, depth - 1)?;
                    Ok((key.clone(), value))
                });
                Object::Dict(Dict(entries.collect::<Result<_, PdfError>>()?))
            }
            other => other.clone(),
        })
    }

    pub(crate) fn encryption(&self) -> Option<&Encryption> {
        self.encryption.as_ref()
    }

    /// The first half of /ID: the name of the file through all its revisions (14.4).
    #[must_use]
    pub fn file_id(&self) -> Option<&[u8]> {
        self.file_id.as_deref()
    }

    /// What the owner of an encrypted file permits; everything for other files.
    #[must_use]
    pub fn rights(&self) -> AccessRights {
        self.encryption
            .as_ref()
            .map_or(AccessRights::ALL, Encryption::rights)
    }

    /// The bytes the document is read from.
    #[must_use]
    pub fn source(&self) -> &'s dyn ByteSource {
        self.source
    }

    /// The newest trailer dictionary.
    #[must_use]
    pub fn trailer(&self) -> &Dict {
        static EMPTY: Dict = Dict(std::collections::BTreeMap::new());
        self.xref
            .sections
            .first()
            .map_or(&EMPTY, |section| &section.trailer)
    }

    /// The chain of cross-reference sections, newest first; never empty.
    #[must_use]
    pub fn sections(&self) -> &[Section] {
        &self.xref.sections
    }

    /// Whether a section has a table and a stream side by side (7.5.8.4).
    #[must_use]
    pub fn is_hybrid(&self) -> bool {
        self.xref.hybrid
    }

    /// Whether strings and streams are enciphered (7.6); reading and writing take care of it.
    #[must_use]
    pub fn is_encrypted(&self) -> bool {
        self.encryption.is_some()
    }

    /// Every object number with its entry, in order.
    pub fn entries(&self) -> impl Iterator<Item = (u32, Entry)> + '_ {
        self.xref.entries.iter().map(|(num, entry)| (*num, *entry))
    }

    /// The entry of one object number.
    #[must_use]
    pub fn entry(&self, num: u32) -> Option<Entry> {
        self.xref.entries.get(&num).copied()
    }

    /// The first object number that no section has used. A number that trailer or catalog only
    /// mention is used too: what is undefined there must stay so.
    #[must_use]
    pub fn next_number(&self) -> u32 {
        let highest = self.xref.entries.keys().next_back().copied().unwrap_or(0);
        let size = self
            .trailer()
            .get("Size")
            .and_then(Object::as_int)
            .and_then(|size| u32::try_from(size).ok())
            .filter(|size| *size <= limits::OBJECTS)
            .unwrap_or(0);
        let mut mentioned = Vec::new();
        mention(&Object::Dict(self.trailer().clone()), &mut mentioned);
        if let Ok((_, catalog)) = self.catalog() {
            mention(&Object::Dict(catalog), &mut mentioned);
        }
        let mentioned = mentioned.into_iter().filter(|num| *num < limits::OBJECTS);
        let highest = mentioned.fold(highest, u32::max);
        size.max(highest.saturating_add(1))
    }

    /// The document catalog.
    ///
    /// # Errors
    /// Where it is missing or no dictionary.
    pub fn catalog(&self) -> Result<(ObjRef, Dict), PdfError> {
        let root = self
            .trailer()
            .get("Root")
            .and_then(Object::as_ref)
            .ok_or(PdfError::malformed(None, "/Root"))?;
        match &*self.get(root)? {
            Object::Dict(dict) => Ok((root, dict.clone())),
            _ => Err(PdfError::malformed(root, "catalog is no dictionary")),
        }
    }

    /// An indirect object; `null` where there is none (7.3.10).
    ///
    /// # Errors
    /// Where the file is damaged at that place.
    pub fn get(&self, id: ObjRef) -> Result<Rc<Object>, PdfError> {
        if let Some(object) = self.cache.borrow().objects.get(&id.num) {
            return Ok(Rc::clone(object));
        }
        if self.depth.get() > limits::NESTED_READS {
            return Err(PdfError::malformed(
                id,
                "objects needed to read one another",
            ));
        }
        self.depth.set(self.depth.get() + 1);
        let object = self.read(id);
        self.depth.set(self.depth.get() - 1);
        let object = Rc::new(object?);
        let mut cache = self.cache.borrow_mut();
        if cache.objects.len() >= limits::CACHED {
            cache.objects.clear();
        }
        cache.objects.insert(id.num, Rc::clone(&object));
        Ok(object)
    }

    fn read(&self, id: ObjRef) -> Result<Object, PdfError> {
        match self.entry(id.num) {
            None | Some(Entry::Free) => Ok(Object::Null),
            Some(Entry::At { generation, .. }) if generation != id.generation => Ok(Object::Null),
            Some(Entry::At { offset, .. }) => {
                let located = self.locate_at(offset)?;
                if located.id == id {
                    Ok(located.object)
                } else {
                    Err(PdfError::damaged(offset, "another object is at this place"))
                }
            }
            Some(Entry::InStream { stream, index }) => self.read_packed(id, stream, index),
        }
    }

    /// Where an object is written; none for objects inside object streams.
    ///
    /// # Errors
    /// Where the file is damaged at that place.
    pub fn locate(&self, id: ObjRef) -> Result<Option<Located>, PdfError> {
        match self.entry(id.num) {
            Some(Entry::At { offset, .. }) => {
                let located = self.locate_at(offset)?;
                Ok((located.id == id).then_some(located))
            }
            Some(Entry::Free | Entry::InStream { .. }) | None => Ok(None),
        }
    }

    fn locate_at(&self, offset: u64) -> Result<Located, PdfError> {
        let mut located = locate(self.source, offset, &|id| {
            self.get(id).ok().and_then(|object| object.as_int())
        })?;
        if let Some(encryption) = &self.encryption
            && self.trailer().get("Encrypt") != Some(&Object::Ref(located.id))
        {
            encryption.open_strings(located.id, &mut located.object);
        }
        Ok(located)
    }

    /// Follows a reference, and a reference it leads to, to a value.
    ///
    /// # Errors
    /// Where the file is damaged or the references form a ring.
    pub fn resolve(&self, object: &Object) -> Result<Rc<Object>, PdfError> {
        let Object::Ref(id) = object else {
            return Ok(Rc::new(object.clone()));
        };
        let mut id = *id;
        for _ in 0..8 {
            let value = self.get(id)?;
            match &*value {
                Object::Ref(next) => id = *next,
                _ => return Ok(value),
            }
        }
        Err(PdfError::malformed(id, "reference to a reference"))
    }

    /// The resolved value at a key of a dictionary; `null` where there is none.
    ///
    /// # Errors
    /// As [`Document::resolve`].
    pub fn value(&self, dict: &Dict, key: &str) -> Result<Rc<Object>, PdfError> {
        match dict.get(key) {
            None => Ok(Rc::new(Object::Null)),
            Some(value) => self.resolve(value),
        }
    }

    /// The decoded data of a stream.
    ///
    /// # Errors
    /// [`PdfError::Filter`], [`PdfError::Limit`], or damage.
    pub fn stream_data(&self, stream: &Stream) -> Result<Vec<u8>, PdfError> {
        let mut direct = Dict::new();
        for key in ["Type", "Filter", "DecodeParms"] {
            let value = self.value(&stream.dict, key)?;
            direct.set(key, self.direct(&value)?);
        }
        let data = match &stream.data {
            StreamData::Owned(data) => data.clone(),
            StreamData::InFile { offset, len, owner } => {
                let len = usize::try_from(*len)
                    .ok()
                    .filter(|len| *len <= limits::INFLATED)
                    .ok_or(PdfError::Limit {
                        limit: "stream data",
                    })?;
                let data = read_range(self.source, *offset, len)?;
                match &self.encryption {
                    Some(encryption) => encryption.open_stream(*owner, &direct, data)?,
                    None => data,
                }
            }
        };
        filter::decode(&direct, data)
    }

    /// An array with its items resolved, anything else as it is.
    fn direct(&self, value: &Object) -> Result<Object, PdfError> {
        match value.as_array() {
            None => Ok(value.clone()),
            Some(items) => items
                .iter()
                .map(|item| self.resolve(item).map(|value| (*value).clone()))
                .collect::<Result<_, _>>()
                .map(Object::Array),
        }
    }

    fn read_packed(&self, id: ObjRef, stream: u32, index: u32) -> Result<Object, PdfError> {
        if id.generation != 0 {
            return Ok(Object::Null);
        }
        let holder = self.object_stream(stream)?;
        let bad = |what| PdfError::malformed(id, what);
        let at = usize::try_from(index).map_err(|_| bad("index in the object stream"))?;
        let (num, offset) = holder
            .index
            .get(at)
            .ok_or_else(|| bad("index in the object stream"))?;
        if *num != id.num {
            return Err(bad("another object is at this place of the object stream"));
        }
        let data = holder.data.get(*offset..).unwrap_or_default();
        match Parser::new(data, true).object() {
            Ok(object) => Ok(object),
            Err(Stop::Bad(_, what)) => Err(bad(what)),
            Err(Stop::More) => Err(bad("object stream ends early")),
        }
    }

    fn object_stream(&self, num: u32) -> Result<Rc<ObjectStream>, PdfError> {
        if let Some(stream) = self.cache.borrow().streams.get(&num) {
            return Ok(Rc::clone(stream));
        }
        let id = ObjRef { num, generation: 0 };
        let bad = |what| PdfError::malformed(id, what);
        if !matches!(self.entry(num), Some(Entry::At { .. })) {
            return Err(bad("object stream is not in the file itself"));
        }
        if self.cache.borrow().busy.contains(&num) {
            return Err(bad("object stream inside itself"));
        }
        self.cache.borrow_mut().busy.push(num);
        let parsed = self.parse_object_stream(id);
        self.cache.borrow_mut().busy.pop();
        let parsed = Rc::new(parsed?);
        let mut cache = self.cache.borrow_mut();
        if cache.stream_bytes + parsed.data.len() > limits::CACHED_STREAM_BYTES {
            cache.streams.clear();
            cache.stream_bytes = 0;
        }
        cache.stream_bytes += parsed.data.len();
        cache.streams.insert(num, Rc::clone(&parsed));
        Ok(parsed)
    }

    fn parse_object_stream(&self, id: ObjRef) -> Result<ObjectStream, PdfError> {
        let bad = |what| PdfError::malformed(id, what);
        let object = self.get(id)?;
        let stream = object
            .as_stream()
            .filter(|stream| stream.dict.is("Type", "ObjStm"))
            .ok_or_else(|| bad("no object stream"))?;
        let data = self.stream_data(stream)?;
        let entry = |key| {
            let value = self.value(&stream.dict, key)?.as_int();
            value
                .and_then(|value| usize::try_from(value).ok())
                .ok_or_else(|| bad("object stream header"))
        };
        let (count, first) = (entry("N")?, entry("First")?);
        if count > data.len() {
            return Err(bad("object stream header"));
        }
        let head = data
            .get(..first)
            .ok_or_else(|| bad("object stream header"))?;
        let mut words = head
            .split(|byte| crate::parser::is_space(*byte))
            .filter(|word| !word.is_empty())
            .map(digits);
        let mut index = Vec::new();
        for _ in 0..count {
            let (Some(Some(num)), Some(Some(offset))) = (words.next(), words.next()) else {
                return Err(bad("object stream header"));
            };
            let num = u32::try_from(num).map_err(|_| bad("object stream header"))?;
            let offset = usize::try_from(offset).map_err(|_| bad("object stream header"))?;
            index.push((num, first.saturating_add(offset)));
        }
        Ok(ObjectStream { data, index })
    }
}

/// The numbers of the objects that a value names, itself read with a limit to its depth.
fn mention(value: &Object, numbers: &mut Vec<u32>) {
    match value {
        Object::Ref(id) => numbers.push(id.num),
        Object::Array(items) => items.iter().for_each(|item| mention(item, numbers)),
        Object::Dict(dict) => dict.0.values().for_each(|item| mention(item, numbers)),
        Object::Stream(stream) => stream
            .dict
            .0
            .values()
            .for_each(|item| mention(item, numbers)),
        Object::Null
        | Object::Bool(_)
        | Object::Int(_)
        | Object::Real(_)
        | Object::String(_)
        | Object::Name(_) => {}
    }
}
