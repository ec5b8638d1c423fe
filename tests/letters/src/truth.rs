use congvan_model::{DocumentType, Urgency};

/// What stands on a letter, as the register wants it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Truth {
    /// The agency above, as printed, lines joined by spaces.
    pub parent: Option<String>,
    /// The issuing agency, as printed, lines joined by spaces.
    pub agency: String,
    /// Số và ký hiệu in the decree's form: `05/GM-UBND`.
    pub notation: String,
    /// Day, month, year.
    pub date: (i8, i8, i16),
    /// The type.
    pub kind: DocumentType,
    /// Trích yếu without "V/v" or "Về việc".
    pub subject: String,
    /// The stamp.
    pub urgency: Urgency,
    /// The secrecy stamp's words.
    pub secret: Option<&'static str>,
    /// The last line of the position, as printed.
    pub position: String,
    /// Who signed.
    pub signer: String,
    /// Those after "Kính gửi".
    pub addressees: Vec<String>,
    /// The date of "trước ngày …".
    pub deadline: Option<(i8, i8, i16)>,
    /// The file has all pages of the letter, its signature too.
    pub is_whole: bool,
    /// The deadline stands where fields are looked for: on the upper part of the first of several
    /// pages, or on the only one.
    pub deadline_in_sight: bool,
}
