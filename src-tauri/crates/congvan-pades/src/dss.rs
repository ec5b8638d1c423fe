//! The document security store (ISO 32000-2, 12.8.4.3): evidence inside the file.

use std::collections::HashSet;

use congvan_pdf::{Dict, Document, ObjRef, Object, PdfError};

use crate::Evidence;

/// Pieces read at most, over all kinds.
const MOST: usize = 4096;
/// Bytes of all pieces together.
const MOST_BYTES: usize = 64 << 20;

/// The three lists with their keys in the store and in an entry of /VRI.
pub(crate) const LISTS: [(&str, &str); 3] = [("Certs", "Cert"), ("OCSPs", "OCSP"), ("CRLs", "CRL")];

/// A store with the places of its pieces.
#[derive(Debug, Default)]
pub(crate) struct Store {
    pub(crate) evidence: Evidence,
    /// The objects of the three lists in the order of [`LISTS`], as far as they could be read; a
    /// reference for each piece of `evidence`.
    pub(crate) places: [Vec<ObjRef>; 3],
}

/// Reads the store of a file. What cannot be read is left out: evidence is only ever of use, and
/// each piece is looked at once however the references run.
pub(crate) fn read_store(document: &Document<'_>) -> Result<Store, PdfError> {
    let (_, catalog) = document.catalog()?;
    let mut reader = Reader {
        document,
        seen: HashSet::new(),
        bytes: 0,
        store: Store::default(),
    };
    let Ok(store) = document.value(&catalog, "DSS") else {
        return Ok(reader.store);
    };
    let Some(store) = store.as_dict() else {
        return Ok(reader.store);
    };
    for (list, (key, _)) in LISTS.iter().enumerate() {
        reader.list(store, key, list);
    }
    let entries = document.value(store, "VRI").ok();
    let entries = entries.as_deref().and_then(Object::as_dict);
    for value in entries.iter().flat_map(|entries| entries.0.values()) {
        let entry = document.resolve(value).ok();
        if let Some(entry) = entry.as_deref().and_then(Object::as_dict) {
            for (list, (_, key)) in LISTS.iter().enumerate() {
                reader.list(entry, key, list);
            }
        }
    }
    Ok(reader.store)
}

struct Reader<'a, 's> {
    document: &'a Document<'s>,
    seen: HashSet<ObjRef>,
    bytes: usize,
    store: Store,
}

impl Reader<'_, '_> {
    fn list(&mut self, dict: &Dict, key: &str, list: usize) {
        let Ok(items) = self.document.value(dict, key) else {
            return;
        };
        for item in items.as_array().unwrap_or_default() {
            let Some(id) = item.as_ref() else { continue };
            if self.seen.len() >= MOST || self.bytes >= MOST_BYTES || !self.seen.insert(id) {
                continue;
            }
            let Some(data) = self.piece(id) else { continue };
            self.bytes = self.bytes.saturating_add(data.len());
            match list {
                0 => self.store.evidence.certificates.push(data),
                1 => self.store.evidence.ocsp.push(data),
                _ => self.store.evidence.crls.push(data),
            }
            if let Some(places) = self.store.places.get_mut(list) {
                places.push(id);
            }
        }
    }

    fn piece(&self, id: ObjRef) -> Option<Vec<u8>> {
        let object = self.document.get(id).ok()?;
        self.document.stream_data(object.as_stream()?).ok()
    }
}

/// The numbers of all objects that a store is made of.
pub(crate) fn store_objects(document: &Document<'_>) -> Result<HashSet<u32>, PdfError> {
    let (_, catalog) = document.catalog()?;
    let mut found = HashSet::new();
    let mut stack: Vec<(Object, u8)> =
        vec![(catalog.get("DSS").cloned().unwrap_or(Object::Null), 0)];
    while let Some((value, depth)) = stack.pop() {
        match value {
            // A store is four levels deep; whatever lies deeper is none of it.
            Object::Ref(id) if depth < 8 && found.insert(id.num) => {
                if let Ok(value) = document.get(id) {
                    stack.push(((*value).clone(), depth + 1));
                }
            }
            Object::Array(items) => stack.extend(items.into_iter().map(|item| (item, depth + 1))),
            Object::Dict(dict) => {
                stack.extend(dict.0.into_values().map(|item| (item, depth + 1)));
            }
            Object::Stream(stream) => {
                let length = stream.dict.get("Length").cloned();
                stack.extend(length.map(|item| (item, depth + 1)));
            }
            Object::Ref(_)
            | Object::Null
            | Object::Bool(_)
            | Object::Int(_)
            | Object::Real(_)
            | Object::String(_)
            | Object::Name(_) => {}
        }
    }
    Ok(found)
}

/// Whether a store holds nothing but evidence: the keys of ISO 32000-2, tables 261 and 262, lists
/// of streams, and no object for which `is_foreign` says that it is another part of the document.
/// Gives the rule that is broken.
pub(crate) fn check_form(
    document: &Document<'_>,
    value: &Object,
    is_foreign: &dyn Fn(ObjRef) -> bool,
) -> Result<(), &'static str> {
    let form = Form {
        document,
        is_foreign,
    };
    let store = form.dict(value)?;
    for (key, value) in &store.0 {
        match key.as_slice() {
            b"Type" => {}
            b"VRI" => {
                let entries = form.dict(value)?;
                for entry in entries.0.values().filter(|entry| entry.as_name().is_none()) {
                    form.entry(entry)?;
                }
            }
            key if LISTS.iter().any(|(list, _)| list.as_bytes() == key) => form.list(value)?,
            _ => return Err("the evidence holds something else"),
        }
    }
    Ok(())
}

struct Form<'a, 's> {
    document: &'a Document<'s>,
    is_foreign: &'a dyn Fn(ObjRef) -> bool,
}

impl Form<'_, '_> {
    fn own(&self, value: &Object) -> Result<(), &'static str> {
        match value.as_ref() {
            Some(id) if (self.is_foreign)(id) => Err("the evidence names a part of the document"),
            Some(_) | None => Ok(()),
        }
    }

    fn resolved(&self, value: &Object) -> Result<Object, &'static str> {
        self.own(value)?;
        let value = self.document.resolve(value);
        value
            .map(|value| (*value).clone())
            .map_err(|_| "the evidence cannot be read")
    }

    fn dict(&self, value: &Object) -> Result<Dict, &'static str> {
        match self.resolved(value)? {
            Object::Dict(dict) => Ok(dict),
            _ => Err("the evidence has another form"),
        }
    }

    fn entry(&self, value: &Object) -> Result<(), &'static str> {
        for (key, value) in &self.dict(value)?.0 {
            match key.as_slice() {
                b"Type" => {}
                b"TU" => self.own(value)?,
                b"TS" => self.stream(value)?,
                key if LISTS.iter().any(|(_, list)| list.as_bytes() == key) => self.list(value)?,
                _ => return Err("the evidence holds something else"),
            }
        }
        Ok(())
    }

    fn list(&self, value: &Object) -> Result<(), &'static str> {
        let list = self.resolved(value)?;
        let items = list.as_array().ok_or("the evidence has another form")?;
        items.iter().try_for_each(|item| self.stream(item))
    }

    fn stream(&self, value: &Object) -> Result<(), &'static str> {
        let object = self.resolved(value)?;
        let stream = object.as_stream().ok_or("the evidence has another form")?;
        for (key, value) in &stream.dict.0 {
            if !matches!(
                key.as_slice(),
                b"Length" | b"Filter" | b"DecodeParms" | b"Type"
            ) {
                return Err("the evidence holds something else");
            }
            self.own(value)?;
        }
        Ok(())
    }
}
