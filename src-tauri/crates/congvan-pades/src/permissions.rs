use congvan_pdf::{Dict, Document, Object, PdfError, text_value};

use crate::{Permission, signatures::SignedField};

/// Which fields a signature locks (ISO 32000-2, table 256).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LockAction {
    /// All of them.
    All,
    /// Those that are listed.
    Include,
    /// All but those that are listed.
    Exclude,
}

/// A lock on fields that a signature sets (/FieldMDP).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldLock {
    /// Which fields.
    pub action: LockAction,
    /// Full names the action speaks of.
    pub fields: Vec<String>,
}

impl FieldLock {
    /// Whether a field is locked; a name in the list stands for its descendants too.
    #[must_use]
    pub fn locks(&self, name: &str) -> bool {
        let listed = self.fields.iter().any(|field| {
            name.strip_prefix(field.as_str())
                .is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
        });
        match self.action {
            LockAction::All => true,
            LockAction::Include => listed,
            LockAction::Exclude => !listed,
        }
    }
}

/// What one signature restricts for the time after it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Restrictions {
    /// Of a certification.
    pub(crate) certified: Option<Permission>,
    pub(crate) lock: Option<FieldLock>,
    /// Whether empty fields for number and date may be added: nothing was signed before.
    pub(crate) admits_blanks: bool,
}

/// Reads /Reference of a signature dictionary (12.8.1, table 256).
pub(crate) fn restrictions(
    document: &Document<'_>,
    signed: &SignedField,
) -> Result<Restrictions, PdfError> {
    let mut found = Restrictions::default();
    let references = document.value(&signed.dict, "Reference")?;
    for reference in references.as_array().unwrap_or_default().iter().take(16) {
        let reference = document.resolve(reference)?;
        let Some(reference) = reference.as_dict() else {
            continue;
        };
        let parameters = document.value(reference, "TransformParams")?;
        let empty = Dict::new();
        let parameters = parameters.as_dict().unwrap_or(&empty);
        let method = document.value(reference, "TransformMethod")?;
        match method.as_name() {
            Some(b"DocMDP") => {
                found.certified = Some(match document.value(parameters, "P")?.as_int() {
                    Some(1) => Permission::Nothing,
                    Some(3) => Permission::Annotations,
                    Some(_) | None => Permission::Forms,
                });
            }
            Some(b"FieldMDP") => found.lock = lock(document, parameters)?,
            Some(_) | None => {}
        }
    }
    Ok(found)
}

/// Reads /Action and /Fields of /FieldMDP parameters or of a field's /Lock.
pub(crate) fn lock(document: &Document<'_>, dict: &Dict) -> Result<Option<FieldLock>, PdfError> {
    let action = document.value(dict, "Action")?;
    let action = match action.as_name() {
        Some(b"All") => LockAction::All,
        Some(b"Include") => LockAction::Include,
        Some(b"Exclude") => LockAction::Exclude,
        Some(_) | None => return Ok(None),
    };
    let names = document.value(dict, "Fields")?;
    let mut fields = Vec::new();
    for name in names.as_array().unwrap_or_default() {
        if let Some(name) = document.resolve(name)?.as_string() {
            fields.push(text_value(name));
        }
    }
    Ok(Some(FieldLock { action, fields }))
}

/// The /Reference entry that carries out a field's own /Lock when it is signed (12.7.5.5).
pub(crate) fn lock_reference(lock: &Dict, root: congvan_pdf::ObjRef) -> Object {
    let mut parameters = Dict::new()
        .with("Type", Object::name("TransformParams"))
        .with("V", Object::name("1.2"));
    for key in ["Action", "Fields"] {
        if let Some(value) = lock.get(key) {
            parameters.set(key, value.clone());
        }
    }
    Object::Dict(
        Dict::new()
            .with("Type", Object::name("SigRef"))
            .with("TransformMethod", Object::name("FieldMDP"))
            .with("Data", Object::Ref(root))
            .with("TransformParams", Object::Dict(parameters)),
    )
}

/// The /Reference entry of a certification (12.8.2.2).
pub(crate) fn certification_reference(permission: Permission, root: congvan_pdf::ObjRef) -> Object {
    let level = match permission {
        Permission::Nothing => 1,
        Permission::Forms => 2,
        Permission::Annotations => 3,
    };
    let parameters = Dict::new()
        .with("Type", Object::name("TransformParams"))
        .with("V", Object::name("1.2"))
        .with("P", Object::Int(level));
    Object::Dict(
        Dict::new()
            .with("Type", Object::name("SigRef"))
            .with("TransformMethod", Object::name("DocMDP"))
            .with("Data", Object::Ref(root))
            .with("TransformParams", Object::Dict(parameters)),
    )
}
