use congvan_model::ReadError;

use crate::ObjRef;

/// Why a PDF could not be read or extended.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PdfError {
    /// The caller's source failed; says nothing about the file.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// The bytes do not begin with `%PDF-` (ISO 32000-2, 7.5.2): not a PDF at all.
    #[error("no PDF header")]
    NotPdf,
    /// The file is damaged or was built to mislead: `what` is missing or wrong near `offset`.
    #[error("damaged near byte {offset}: {what}")]
    Damaged {
        /// Where, in bytes from the start of the file.
        offset: u64,
        /// Which rule is broken.
        what: &'static str,
    },
    /// The file asks for more than [`crate::limits`] allows.
    #[error("beyond the limit of {limit}")]
    Limit {
        /// Which limit.
        limit: &'static str,
    },
    /// A stream filter we do not decode is used where we must read the stream.
    #[error("stream filter {filter} is not supported")]
    Filter {
        /// Name of the filter as written in the file.
        filter: String,
    },
    /// The cross-reference, by which every object is found, is missing or damaged (7.5.4, 7.5.8).
    /// Other programs may guess where the objects are; a signature on a guess would be worth
    /// nothing, so the file is refused and left as it is.
    #[error("the cross-reference cannot be read near byte {offset}: {what}")]
    Xref {
        /// Where, in bytes from the start of the file.
        offset: u64,
        /// Which rule is broken.
        what: &'static str,
    },
    /// The file is encrypted and opens only with a password, and none was given.
    #[error("the file opens only with a password")]
    Encrypted,
    /// The file is encrypted, and the password that was given is neither a reader's nor the owner's.
    #[error("the password is wrong")]
    PasswordWrong,
    /// The file is encrypted in a way that only other programs can undo: for certain certificates,
    /// by a vendor's rights management, or by a version that no standard describes.
    #[error("encryption {method} is not supported")]
    Encryption {
        /// Name of the handler, version or method as written in the file.
        method: String,
    },
    /// The file's owner does not permit it (ISO 32000-2, table 22, bits 4, 6 and 9).
    #[error("the owner of the file does not permit it")]
    OwnerForbids,
    /// An object that must have a certain form has another.
    #[error("object {object:?}: {what}")]
    Malformed {
        /// The object, where it has a number.
        object: Option<ObjRef>,
        /// Which rule is broken.
        what: &'static str,
    },
    /// The caller asked for a page that does not exist.
    #[error("page {index} of {count}")]
    NoSuchPage {
        /// The index asked for, from 0.
        index: usize,
        /// How many pages there are.
        count: usize,
    },
    /// The caller asked for a signature field that does not exist or is not a signature field.
    #[error("no such signature field")]
    NoSuchField,
    /// The signature field is already signed.
    #[error("the field is already signed")]
    FieldSigned,
    /// The caller's font has no usable outlines or lacks a letter of the text.
    #[error("font: {what}")]
    Font {
        /// What is wrong.
        what: &'static str,
    },
    /// The caller's stamp image is not a PNG that we can read.
    #[error("image: {what}")]
    Image {
        /// What is wrong.
        what: &'static str,
    },
    /// The signature is larger than the space reserved for it.
    #[error("signature of {needed} bytes, {reserved} reserved")]
    ContentsTooSmall {
        /// Bytes of the signature.
        needed: usize,
        /// Bytes reserved.
        reserved: usize,
    },
}

impl PdfError {
    pub(crate) fn damaged(offset: u64, what: &'static str) -> Self {
        Self::Damaged { offset, what }
    }

    /// Damage in the cross-reference is a kind of its own.
    pub(crate) fn in_xref(self) -> Self {
        match self {
            Self::Damaged { offset, what } => Self::Xref { offset, what },
            Self::Malformed { what, .. } => Self::Xref { offset: 0, what },
            other @ (Self::Read(_)
            | Self::NotPdf
            | Self::Xref { .. }
            | Self::Limit { .. }
            | Self::Filter { .. }
            | Self::Encrypted
            | Self::PasswordWrong
            | Self::Encryption { .. }
            | Self::OwnerForbids
            | Self::NoSuchPage { .. }
            | Self::NoSuchField
            | Self::FieldSigned
            | Self::Font { .. }
            | Self::Image { .. }
            | Self::ContentsTooSmall { .. }) => other,
        }
    }

    pub(crate) fn malformed(object: impl Into<Option<ObjRef>>, what: &'static str) -> Self {
        Self::Malformed {
            object: object.into(),
            what,
        }
    }
}
