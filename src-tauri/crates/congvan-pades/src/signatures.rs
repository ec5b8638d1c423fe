use congvan_pdf::{Dict, Document, Field, FieldKind, Object, PdfError, form_fields, text_value};

/// A signed signature field.
#[derive(Clone, Debug)]
pub(crate) struct SignedField {
    pub(crate) field: Field,
    /// The signature dictionary.
    pub(crate) dict: Dict,
}

impl SignedField {
    pub(crate) fn sub_filter(&self) -> String {
        let name = self.dict.name("SubFilter").unwrap_or_default();
        String::from_utf8_lossy(name).into_owned()
    }

    pub(crate) fn is_time_stamp(&self) -> bool {
        self.dict.is("SubFilter", "ETSI.RFC3161")
    }

    pub(crate) fn text(&self, document: &Document<'_>, key: &str) -> Option<String> {
        let value = document.value(&self.dict, key).ok()?;
        value.as_string().map(text_value)
    }

    /// The four numbers of /ByteRange, where they are four non-negative integers.
    pub(crate) fn byte_range(&self, document: &Document<'_>) -> Option<[u64; 4]> {
        let value = document.value(&self.dict, "ByteRange").ok()?;
        let numbers: Vec<u64> = value
            .as_array()?
            .iter()
            .map(|number| {
                number
                    .as_int()
                    .and_then(|number| u64::try_from(number).ok())
            })
            .collect::<Option<_>>()?;
        numbers.try_into().ok()
    }
}

/// All signed fields, in the order in which their signatures were made: by what they cover.
pub(crate) fn signed_fields(document: &Document<'_>) -> Result<Vec<SignedField>, PdfError> {
    let mut found = Vec::new();
    for field in form_fields(document)? {
        if field.kind != FieldKind::Signature {
            continue;
        }
        let Some(value) = &field.value else { continue };
        if let Object::Dict(dict) = &*document.resolve(value)? {
            found.push(SignedField {
                dict: dict.clone(),
                field,
            });
        }
    }
    found.sort_by_key(|signed| {
        signed
            .byte_range(document)
            .map_or(u64::MAX, |[_, _, c, d]| c.saturating_add(d))
    });
    Ok(found)
}
