//! The object layer: whatever the bytes are, it answers, and what it appends can be read again.

#![no_main]

use congvan_pdf::{
    Dict, Document, Increment, Joined, Object, SignatureEntries, SignaturePlan, SignatureTarget,
    add_signature, form_fields, pages, read_range, value_span,
};
use libfuzzer_sys::fuzz_target;

/// Objects looked at; more of them teach nothing new.
const OBJECTS: usize = 64;
/// Inflated bytes after which no further stream is decoded. One stream has a limit of its own.
const INFLATED: usize = 4 << 20;

fuzz_target!(|data: &[u8]| {
    let bytes = data.to_vec();
    let Ok(document) = Document::open(&bytes) else {
        return;
    };
    walk(&document);
    append(&document, &bytes);
    sign(&document, &bytes);
});

fn walk(document: &Document<'_>) {
    let _ = document.is_hybrid();
    for page in pages(document).unwrap_or_default() {
        let _ = page.size_mm();
    }
    for field in form_fields(document)
        .unwrap_or_default()
        .iter()
        .take(OBJECTS)
    {
        let _ = document.get(field.id);
    }
    let mut inflated = 0;
    let ids: Vec<_> = document
        .entries()
        .map(|(num, _)| num)
        .take(OBJECTS)
        .collect();
    for num in ids {
        let id = congvan_pdf::ObjRef { num, generation: 0 };
        if let Ok(Some(place)) = document.locate(id)
            && let Ok(len) = usize::try_from(place.end.saturating_sub(place.start))
            && let Ok(text) = read_range(document.source(), place.start, len)
        {
            let _ = value_span(&text, "Contents");
        }
        let Ok(object) = document.get(id) else {
            continue;
        };
        if let Some(stream) = object.as_stream()
            && inflated < INFLATED
        {
            inflated += document.stream_data(stream).map_or(0, |data| data.len());
        }
    }
}

/// A tail that was written is part of a file that opens and holds what was put in.
fn append(document: &Document<'_>, bytes: &Vec<u8>) {
    let mut increment = Increment::new(document);
    let Ok(id) = increment.add(Object::Int(4711)) else {
        return;
    };
    let Ok(tail) = increment.finish([7; 16]) else {
        return;
    };
    let joined = Joined::new(bytes, &tail.bytes);
    let again = Document::open(&joined).expect("what was appended can be opened");
    let object = again.get(id).expect("what was appended is there");
    assert_eq!(object.as_int(), Some(4711));
}

/// A field that was added is in the form.
fn sign(document: &Document<'_>, bytes: &Vec<u8>) {
    let plan = SignaturePlan {
        target: SignatureTarget::Invisible,
        entries: SignatureEntries {
            kind: "Sig",
            sub_filter: "ETSI.CAdES.detached",
            more: Dict::new(),
        },
        certifies: false,
        reserve: 64,
        appearance: None,
        filled: (&[], &[]),
        text_fields: &[],
        id_seed: [7; 16],
    };
    let Ok(unsigned) = add_signature(document, &plan) else {
        return;
    };
    let joined = Joined::new(bytes, &unsigned.bytes);
    let again = Document::open(&joined).expect("a prepared file can be opened");
    let fields = form_fields(&again).expect("a prepared file has a form");
    assert!(fields.iter().any(|field| field.name == unsigned.field));
}
