use std::collections::HashSet;

use crate::{
    Appearance, Dict, Document, Field, FieldKind, Increment, MmRect, ObjRef, Object, Page,
    PdfError, TextField, appearance::empty_form, fill_text_fields, form_fields, form_xobject,
    pages, text_field::add_text_fields,
};

/// Bits of /F: print, locked (ISO 32000-2, 12.5.3).
const PRINT_AND_LOCKED: i64 = 4 + 128;

/// Where a signature goes.
#[derive(Clone, Debug, PartialEq)]
pub enum SignatureTarget {
    /// A new visible field.
    New {
        /// Page, from 0.
        page: usize,
        /// Place on the page as displayed.
        rect: MmRect,
    },
    /// An empty signature field of the form, by its full name.
    Existing(String),
    /// A new field that shows nothing.
    Invisible,
}

/// The entries of the signature dictionary that its producer decides (12.8.1, table 255).
#[derive(Clone, Debug)]
pub struct SignatureEntries {
    /// /Type: `Sig` or `DocTimeStamp`.
    pub kind: &'static str,
    /// /SubFilter, for example `ETSI.CAdES.detached`.
    pub sub_filter: &'static str,
    /// Further entries: /Name, /Reason, /Location, /M, /Reference.
    pub more: Dict,
}

/// All that is needed to add one signature.
#[derive(Clone, Debug)]
pub struct SignaturePlan<'a> {
    /// Where it goes.
    pub target: SignatureTarget,
    /// What its dictionary says.
    pub entries: SignatureEntries,
    /// Whether it is the author's certification, to be named in the catalog's /Perms (12.8.6).
    pub certifies: bool,
    /// Bytes reserved for the CMS structure.
    pub reserve: usize,
    /// What the field looks like; nothing for an invisible one.
    pub appearance: Option<(&'a Appearance, &'a [u8])>,
    /// The second half of /ID.
    pub id_seed: [u8; 16],
    /// Empty text fields to add, to be filled later.
    pub text_fields: &'a [TextField],
    /// Text fields to fill in this revision: full name and value, and the font.
    pub filled: (&'a [(&'a str, &'a str)], &'a [u8]),
}

/// A tail with a signature dictionary whose /Contents is still zeros.
#[derive(Clone, Debug)]
pub struct Unsigned {
    /// The bytes to append, /ByteRange already right.
    pub bytes: Vec<u8>,
    /// Length of the original.
    pub base: u64,
    /// Where the /Contents string is in `bytes`, angle brackets included.
    pub contents: std::ops::Range<usize>,
    /// Full name of the field.
    pub field: String,
}

impl Unsigned {
    /// /ByteRange: first byte and length of what is signed before and after /Contents.
    #[must_use]
    pub fn byte_range(&self) -> [u64; 4] {
        let gap = self.base + self.contents.start as u64;
        let after = self.base + self.contents.end as u64;
        let end = self.base + self.bytes.len() as u64;
        [0, gap, after, end - after]
    }

    /// Puts the CMS structure in its place.
    ///
    /// # Errors
    /// [`PdfError::ContentsTooSmall`].
    pub fn fill(&mut self, cms: &[u8]) -> Result<(), PdfError> {
        let room = self.contents.len().saturating_sub(2);
        if cms.len() * 2 > room {
            return Err(PdfError::ContentsTooSmall {
                needed: cms.len(),
                reserved: room / 2,
            });
        }
        let start = self.contents.start + 1;
        let digits = self
            .bytes
            .get_mut(start..start + room)
            .ok_or(PdfError::malformed(None, "reserved space"))?;
        digits.fill(b'0');
        for (pair, byte) in digits.chunks_exact_mut(2).zip(cms) {
            const HEX: &[u8; 16] = b"0123456789abcdef";
            for (digit, nibble) in pair.iter_mut().zip([byte >> 4, byte & 15]) {
                *digit = HEX.get(usize::from(nibble)).copied().unwrap_or(b'0');
            }
        }
        Ok(())
    }
}

/// Adds one signature field, or fills an empty one, with a signature whose /Contents is reserved.
///
/// # Errors
/// [`PdfError::NoSuchPage`], [`PdfError::NoSuchField`], [`PdfError::FieldSigned`],
/// [`PdfError::OwnerForbids`], or damage.
pub fn add_signature(
    document: &Document<'_>,
    plan: &SignaturePlan<'_>,
) -> Result<Unsigned, PdfError> {
    check_rights(document, &plan.target)?;
    let mut increment = Increment::new(document);
    let signature = increment.allocate()?;
    let field = match &plan.target {
        SignatureTarget::Existing(name) => fill_field(&mut increment, plan, name, signature)?,
        SignatureTarget::New { page, rect } => {
            new_field(&mut increment, plan, *page, Some(*rect), signature)?
        }
        SignatureTarget::Invisible => new_field(&mut increment, plan, 0, None, signature)?,
    };
    if plan.certifies {
        set_permissions(&mut increment, signature)?;
    }
    add_text_fields(&mut increment, plan.text_fields)?;
    let (values, font) = plan.filled;
    fill_text_fields(&mut increment, values, font)?;
    let reserve = plan.reserve.min(increment.rules().longest_string());
    let (head, range_at, contents_at) = signature_head(plan, reserve);
    increment.put_raw(signature, head, plan.entries.more.clone());
    let tail = increment.finish(plan.id_seed)?;
    let start = tail
        .bodies
        .get(&signature.num)
        .copied()
        .ok_or(PdfError::malformed(signature, "signature was not written"))?;
    let mut unsigned = Unsigned {
        contents: start + contents_at..start + contents_at + reserve * 2 + 2,
        bytes: tail.bytes,
        base: tail.base,
        field,
    };
    write_byte_range(&mut unsigned, start + range_at)?;
    Ok(unsigned)
}

const BYTE_RANGE_WIDTH: usize = 64;

/// What the owner of an encrypted file does not permit is not done.
fn check_rights(document: &Document<'_>, target: &SignatureTarget) -> Result<(), PdfError> {
    let rights = document.rights();
    let permitted = match target {
        SignatureTarget::Existing(_) => rights.may_fill_fields(),
        SignatureTarget::New { .. } | SignatureTarget::Invisible => rights.may_add_fields(),
    };
    if permitted {
        Ok(())
    } else {
        Err(PdfError::OwnerForbids)
    }
}

/// The beginning of the dictionary, and where the space for /ByteRange and /Contents is in it.
fn signature_head(plan: &SignaturePlan<'_>, reserve: usize) -> (Vec<u8>, usize, usize) {
    let mut body = format!(
        "<</Type /{}/Filter /Adobe.PPKLite/SubFilter /{}/ByteRange ",
        plan.entries.kind, plan.entries.sub_filter
    )
    .into_bytes();
    let range_at = body.len();
    body.resize(range_at + BYTE_RANGE_WIDTH, b' ');
    body.extend_from_slice(b"/Contents ");
    let contents_at = body.len();
    body.push(b'<');
    body.resize(contents_at + 1 + reserve * 2, b'0');
    body.push(b'>');
    (body, range_at, contents_at)
}

fn write_byte_range(unsigned: &mut Unsigned, at: usize) -> Result<(), PdfError> {
    let [a, b, c, d] = unsigned.byte_range();
    let text = format!("[{a} {b} {c} {d}]");
    let space = unsigned
        .bytes
        .get_mut(at..at + text.len())
        .filter(|_| text.len() <= BYTE_RANGE_WIDTH)
        .ok_or(PdfError::Limit { limit: "file size" })?;
    space.copy_from_slice(text.as_bytes());
    Ok(())
}

fn fill_field(
    increment: &mut Increment<'_, '_>,
    plan: &SignaturePlan<'_>,
    name: &str,
    signature: ObjRef,
) -> Result<String, PdfError> {
    let document = increment.document();
    let field = form_fields(document)?
        .into_iter()
        .find(|field| field.name == name && field.kind == FieldKind::Signature)
        .ok_or(PdfError::NoSuchField)?;
    if field.value.is_some() {
        return Err(PdfError::FieldSigned);
    }
    let dict = field.dict.clone().with("V", Object::Ref(signature));
    increment.put(field.id, Object::Dict(dict));
    if let (Some(widget), Some((appearance, font))) = (field.widgets.first(), plan.appearance) {
        dress_widget(increment, *widget, appearance, font)?;
    }
    set_form(increment, None)?;
    Ok(field.name)
}

/// Gives an existing widget its appearance, upright on its page.
fn dress_widget(
    increment: &mut Increment<'_, '_>,
    widget: ObjRef,
    appearance: &Appearance,
    font: &[u8],
) -> Result<(), PdfError> {
    let document = increment.document();
    let Object::Dict(mut dict) = increment.current(widget)? else {
        return Err(PdfError::malformed(widget, "widget is no dictionary"));
    };
    let Some([left, bottom, right, top]) = crate::page::rectangle(document, &dict, "Rect")? else {
        // A field without an area is meant to be invisible.
        return Ok(());
    };
    let all = pages(document)?;
    let page = page_of(document, &all, widget, &dict)?;
    let (rotate, unit) = page.map_or((0, 1.0), |page| (page.rotate, page.user_unit));
    let scale = unit * 25.4 / 72.0;
    let (width, height) = ((right - left) * scale, (top - bottom) * scale);
    let size = if matches!(rotate, 90 | 270) {
        (height, width)
    } else {
        (width, height)
    };
    let form = form_xobject(increment, appearance, size, rotate, font)?;
    dict.set("AP", Object::Dict(Dict::new().with("N", Object::Ref(form))));
    let flags = dict.get("F").and_then(Object::as_int).unwrap_or(0);
    dict.set("F", Object::Int(flags | PRINT_AND_LOCKED));
    increment.put(widget, Object::Dict(dict));
    Ok(())
}

/// The page of a widget: by /P, else by the /Annots that lists it.
fn page_of<'p>(
    document: &Document<'_>,
    all: &'p [Page],
    widget: ObjRef,
    dict: &Dict,
) -> Result<Option<&'p Page>, PdfError> {
    if let Some(id) = dict.get("P").and_then(Object::as_ref)
        && let Some(page) = all.iter().find(|page| page.id == id)
    {
        return Ok(Some(page));
    }
    for page in all {
        let annotations = document.value(&page.dict, "Annots")?;
        let listed = annotations
            .as_array()
            .unwrap_or_default()
            .contains(&Object::Ref(widget));
        if listed {
            return Ok(Some(page));
        }
    }
    Ok(None)
}

fn new_field(
    increment: &mut Increment<'_, '_>,
    plan: &SignaturePlan<'_>,
    index: usize,
    rect: Option<MmRect>,
    signature: ObjRef,
) -> Result<String, PdfError> {
    let document = increment.document();
    let all = pages(document)?;
    let page = all.get(index).ok_or(PdfError::NoSuchPage {
        index,
        count: all.len(),
    })?;
    let name = free_name(&form_fields(document)?);
    let user_rect = rect.map_or([0.0; 4], |rect| page.user_rect(rect));
    let mut dict = Dict::new()
        .with("Type", Object::name("Annot"))
        .with("Subtype", Object::name("Widget"))
        .with("FT", Object::name("Sig"))
        .with("T", Object::String(name.clone().into_bytes()))
        .with("V", Object::Ref(signature))
        .with("P", Object::Ref(page.id))
        .with(
            "Rect",
            Object::Array(user_rect.into_iter().map(Object::real).collect()),
        )
        .with("F", Object::Int(PRINT_AND_LOCKED));
    if let (Some(rect), Some((appearance, font))) = (rect, plan.appearance) {
        let size = (rect.width, rect.height);
        let form = form_xobject(increment, appearance, size, page.rotate, font)?;
        dict.set("AP", Object::Dict(Dict::new().with("N", Object::Ref(form))));
    } else if increment.rules().needs_appearance() {
        let form = empty_form(increment)?;
        dict.set("AP", Object::Dict(Dict::new().with("N", Object::Ref(form))));
    }
    let field = increment.add(Object::Dict(dict))?;
    add_annotation(increment, page, field)?;
    set_form(increment, Some(field))?;
    Ok(name)
}

fn free_name(fields: &[Field]) -> String {
    let taken: HashSet<&str> = fields
        .iter()
        .map(|field| field.name.split('.').next().unwrap_or_default())
        .collect();
    (1_u32..)
        .map(|number| format!("Signature{number}"))
        .find(|name| !taken.contains(name.as_str()))
        .unwrap_or_default()
}

/// Lists an annotation on its page: in the /Annots array where that is an object of its own, else
/// in the page.
pub(crate) fn add_annotation(
    increment: &mut Increment<'_, '_>,
    page: &Page,
    annotation: ObjRef,
) -> Result<(), PdfError> {
    let Object::Dict(dict) = increment.current(page.id)? else {
        return Err(PdfError::malformed(page.id, "page is no dictionary"));
    };
    let current = current_value(increment, &dict, "Annots")?;
    let mut items = current.as_array().unwrap_or_default().to_vec();
    items.push(Object::Ref(annotation));
    match dict.get("Annots") {
        Some(Object::Ref(list)) if current.as_array().is_some() => {
            increment.put(*list, Object::Array(items));
        }
        Some(_) | None => {
            let dict = dict.clone().with("Annots", Object::Array(items));
            increment.put(page.id, Object::Dict(dict));
        }
    }
    Ok(())
}

/// What a key says, with what was changed in this revision already.
fn current_value(
    increment: &Increment<'_, '_>,
    dict: &Dict,
    key: &str,
) -> Result<Object, PdfError> {
    match dict.get(key) {
        Some(Object::Ref(id)) => increment.current(*id),
        Some(value) => Ok(value.clone()),
        None => Ok(Object::Null),
    }
}

/// Lists a new field in the form and sets /SigFlags: signatures exist, append only (12.7.3).
pub(crate) fn set_form(
    increment: &mut Increment<'_, '_>,
    field: Option<ObjRef>,
) -> Result<(), PdfError> {
    let (root, _) = increment.document().catalog()?;
    let Object::Dict(catalog) = increment.current(root)? else {
        return Err(PdfError::malformed(root, "catalog is no dictionary"));
    };
    let mut form = current_value(increment, &catalog, "AcroForm")?
        .as_dict()
        .cloned()
        .unwrap_or_default();
    let before = form.clone();
    form.set("SigFlags", Object::Int(3));
    let fields = current_value(increment, &form, "Fields")?;
    let mut items = fields.as_array().unwrap_or_default().to_vec();
    items.extend(field.map(Object::Ref));
    match form.get("Fields") {
        Some(Object::Ref(list)) if fields.as_array().is_some() => {
            if field.is_some() {
                increment.put(*list, Object::Array(items));
            }
        }
        Some(_) | None => form.set("Fields", Object::Array(items)),
    }
    if form == before {
        return Ok(());
    }
    match catalog.get("AcroForm") {
        Some(Object::Ref(id)) => increment.put(*id, Object::Dict(form)),
        Some(Object::Dict(_)) => {
            let catalog = catalog.with("AcroForm", Object::Dict(form));
            increment.put(root, Object::Dict(catalog));
        }
        Some(_) | None => {
            let id = increment.add(Object::Dict(form))?;
            let catalog = catalog.with("AcroForm", Object::Ref(id));
            increment.put(root, Object::Dict(catalog));
        }
    }
    Ok(())
}

/// Names the certification in the catalog (12.8.6).
fn set_permissions(increment: &mut Increment<'_, '_>, signature: ObjRef) -> Result<(), PdfError> {
    let (root, _) = increment.document().catalog()?;
    let Object::Dict(catalog) = increment.current(root)? else {
        return Err(PdfError::malformed(root, "catalog is no dictionary"));
    };
    let mut permissions = increment
        .document()
        .value(&catalog, "Perms")?
        .as_dict()
        .cloned()
        .unwrap_or_default();
    permissions.set("DocMDP", Object::Ref(signature));
    increment.put(
        root,
        Object::Dict(catalog.with("Perms", Object::Dict(permissions))),
    );
    Ok(())
}
