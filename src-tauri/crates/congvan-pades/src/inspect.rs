use congvan_model::ByteSource;
use congvan_pdf::{
    AccessRights, Document, FieldKind, PdfA, PdfError, form_fields, pages, pdf_a, widget_place,
};

use crate::{
    CertificateSummary, FieldLock, Permission,
    certificate::Certificate,
    permissions::{lock, restrictions},
    placement::Place,
    signatures::signed_fields,
};

/// One page as displayed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PageSize {
    /// Width in millimetres.
    pub width_mm: f64,
    /// Height in millimetres.
    pub height_mm: f64,
    /// Clockwise rotation in degrees that is already counted in width and height.
    pub rotate: u16,
}

/// A signature field that waits for its signature.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EmptyField {
    /// Full name.
    pub name: String,
    /// What signing it will lock.
    pub lock: Option<FieldLock>,
}

/// What must be known before signing.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Inspection {
    /// Whether the file is encrypted; it opens without a password then, and only restricts.
    pub encrypted: bool,
    /// What the owner of an encrypted file permits; everything for other files.
    pub rights: AccessRights,
    /// Which part of PDF/A it says it conforms to; signatures and stamps keep to its rules.
    pub pdf_a: Option<PdfA>,
    /// The pages in reading order.
    pub pages: Vec<PageSize>,
    /// Names of the signed fields, in the order of signing.
    pub signed_fields: Vec<String>,
    /// The fields that wait for a signature.
    pub empty_fields: Vec<EmptyField>,
    /// What the author's certification permits, and the field that holds it.
    pub certification: Option<(String, Permission)>,
    /// Locks that signatures have set, with the field of each.
    pub locks: Vec<(String, FieldLock)>,
}

impl Inspection {
    /// Whether a new signature would break an earlier one, and which.
    #[must_use]
    pub fn forbids_new_signature(&self) -> Option<&str> {
        if let Some((field, Permission::Nothing)) = &self.certification {
            return Some(field);
        }
        self.locks
            .iter()
            .find(|(_, lock)| lock.locks(""))
            .map(|(field, _)| field.as_str())
    }
}

/// Looks at a file before signing; reads its structure only.
///
/// # Errors
/// [`PdfError`] where the file cannot be read; [`PdfError::Encrypted`] where it opens only with a
/// password.
pub fn inspect(source: &dyn ByteSource) -> Result<Inspection, PdfError> {
    let document = Document::open(source)?;
    let mut found = Inspection {
        encrypted: document.is_encrypted(),
        rights: document.rights(),
        pdf_a: pdf_a(&document)?,
        ..Inspection::default()
    };
    for page in pages(&document)? {
        let (width_mm, height_mm) = page.size_mm();
        found.pages.push(PageSize {
            width_mm,
            height_mm,
            rotate: page.rotate,
        });
    }
    for field in form_fields(&document)? {
        if field.kind == FieldKind::Signature && field.value.is_none() {
            let parameters = document.value(&field.dict, "Lock")?;
            let lock = match parameters.as_dict() {
                Some(parameters) => lock(&document, parameters)?,
                None => None,
            };
            found.empty_fields.push(EmptyField {
                name: field.name,
                lock,
            });
        }
    }
    for signed in signed_fields(&document)? {
        let restrictions = restrictions(&document, &signed)?;
        let name = signed.field.name;
        if let Some(permission) = restrictions.certified {
            found.certification = Some((name.clone(), permission));
        }
        if let Some(lock) = restrictions.lock {
            found.locks.push((name.clone(), lock));
        }
        found.signed_fields.push(name);
    }
    Ok(found)
}

/// Where the signatures of a file are shown, by field, in the order of signing; those that show
/// nothing are left out. The seal goes over the leader's.
///
/// # Errors
/// As [`inspect`].
pub fn signature_places(source: &dyn ByteSource) -> Result<Vec<(String, Place)>, PdfError> {
    let document = Document::open(source)?;
    let all = pages(&document)?;
    let mut found = Vec::new();
    for signed in signed_fields(&document)? {
        let Some(widget) = signed.field.widgets.first() else {
            continue;
        };
        if let Some((page, rect)) = widget_place(&document, &all, *widget)? {
            found.push((signed.field.name, Place { page, rect }));
        }
    }
    Ok(found)
}

/// What a person may see of a certificate, for choosing one on a token.
#[must_use]
pub fn read_certificate(der: &[u8]) -> Option<CertificateSummary> {
    Certificate::parse(der).map(|certificate| certificate.summary)
}
