use std::collections::HashSet;

use crate::{Dict, Document, ObjRef, Object, PdfError, limits, metadata::text_value};

/// What kind of form field it is (/FT).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FieldKind {
    /// A signature field.
    Signature,
    /// Anything else: text, choice, button.
    Input,
}

/// A terminal field of the interactive form (ISO 32000-2, 12.7.4).
#[derive(Clone, Debug)]
pub struct Field {
    /// The field object.
    pub id: ObjRef,
    /// Its own dictionary.
    pub dict: Dict,
    /// Fully qualified name: the partial names joined by full stops.
    pub name: String,
    /// What kind of field it is.
    pub kind: FieldKind,
    /// The widgets that show it; the field itself where the two are merged.
    pub widgets: Vec<ObjRef>,
    /// The unresolved value, /V, inherited too.
    pub value: Option<Object>,
}

#[derive(Clone, Default)]
struct Inherited {
    name: String,
    kind: Option<FieldKind>,
    value: Option<Object>,
}

/// All terminal fields in the order of the form.
///
/// # Errors
/// Where the field tree is damaged, is a ring, or is beyond the limits.
pub fn form_fields(document: &Document<'_>) -> Result<Vec<Field>, PdfError> {
    let (_, catalog) = document.catalog()?;
    let form = document.value(&catalog, "AcroForm")?;
    let Some(form) = form.as_dict() else {
        return Ok(Vec::new());
    };
    let top = document.value(form, "Fields")?;
    let mut walk = Walk {
        document,
        seen: HashSet::new(),
        found: Vec::new(),
    };
    for item in top.as_array().unwrap_or_default() {
        if let Some(id) = item.as_ref() {
            walk.node(id, &Inherited::default(), 0)?;
        }
    }
    Ok(walk.found)
}

struct Walk<'d, 's> {
    document: &'d Document<'s>,
    seen: HashSet<u32>,
    found: Vec<Field>,
}

impl Walk<'_, '_> {
    fn node(&mut self, id: ObjRef, inherited: &Inherited, depth: usize) -> Result<(), PdfError> {
        let document = self.document;
        if depth > limits::TREE_DEPTH || self.seen.len() >= limits::FIELDS {
            return Err(PdfError::Limit {
                limit: "form fields",
            });
        }
        if !self.seen.insert(id.num) {
            return Err(PdfError::malformed(id, "field tree is a ring"));
        }
        let object = document.get(id)?;
        let Object::Dict(dict) = &*object else {
            return Ok(());
        };
        let here = inherit(document, dict, inherited)?;
        let kids = document.value(dict, "Kids")?;
        let kids: Vec<ObjRef> = kids
            .as_array()
            .unwrap_or_default()
            .iter()
            .filter_map(Object::as_ref)
            .collect();
        let mut widgets = Vec::new();
        let mut children = Vec::new();
        for kid in kids {
            // A kid with a partial name is a field, one without is a widget of this field (12.7.4.1).
            if document
                .get(kid)?
                .as_dict()
                .is_some_and(|kid| kid.get("T").is_some())
            {
                children.push(kid);
            } else {
                widgets.push(kid);
            }
        }
        for child in &children {
            self.node(*child, &here, depth + 1)?;
        }
        if children.is_empty() {
            if widgets.is_empty() {
                widgets.push(id);
            }
            self.found.push(Field {
                id,
                dict: dict.clone(),
                name: here.name,
                kind: here.kind.unwrap_or(FieldKind::Input),
                widgets,
                value: here.value,
            });
        }
        Ok(())
    }
}

fn inherit(
    document: &Document<'_>,
    dict: &Dict,
    inherited: &Inherited,
) -> Result<Inherited, PdfError> {
    let mut here = inherited.clone();
    if let Some(partial) = document.value(dict, "T")?.as_string() {
        let partial = text_value(partial);
        here.name = if here.name.is_empty() {
            partial
        } else {
            format!("{}.{partial}", here.name)
        };
    }
    if here.name.len() > 16_384 {
        return Err(PdfError::Limit {
            limit: "field name",
        });
    }
    if let Some(kind) = document.value(dict, "FT")?.as_name() {
        here.kind = Some(if kind == b"Sig" {
            FieldKind::Signature
        } else {
            FieldKind::Input
        });
    }
    if let Some(value) = dict.get("V").filter(|value| !value.is_null()) {
        here.value = Some(value.clone());
    }
    Ok(here)
}
