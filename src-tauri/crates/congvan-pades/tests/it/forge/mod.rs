//! Our own generator of forgeries over the known families: universal forgery (USF), signature
//! wrapping (SWA), incremental saving (ISA), shadow and certification attacks.

mod dictionaries;
mod revisions;
mod shadows;

pub(crate) use dictionaries::{forged_dictionaries, wrapped};
pub(crate) use revisions::appended;
pub(crate) use shadows::{certifications, shadows};

use crate::{
    documents::Draft,
    keys::pki,
    signing::{look, sign, visible},
};

/// Appends a revision with a classic table: objects by number, and further trailer entries.
pub(crate) fn append(pdf: &[u8], objects: &[(u32, String)], trailer: &str) -> Vec<u8> {
    let text = String::from_utf8_lossy(pdf);
    let at = text.rfind("startxref").unwrap();
    let prev: u64 = text[at + 9..]
        .split_whitespace()
        .next()
        .unwrap()
        .parse()
        .unwrap();
    let mut out = pdf.to_vec();
    let mut table = String::new();
    for (num, body) in objects {
        table.push_str(&format!("{num} 1\n{:010} 00000 n \n", out.len()));
        out.extend(format!("{num} 0 obj\n{body}\nendobj\n").bytes());
    }
    let start = out.len();
    out.extend(
        format!(
            "xref\n{table}trailer\n<</Size 500/Root 1 0 R/Prev {prev}{trailer}>>\nstartxref\n{start}\n%%EOF\n"
        )
        .bytes(),
    );
    out
}

pub(crate) fn stream(data: &str) -> String {
    format!("<</Length {}>>\nstream\n{data}\nendstream", data.len())
}

/// The body of an object as it is last written in a file made by [`Draft::classic`] or by us.
pub(crate) fn body(pdf: &[u8], num: u32) -> String {
    let text = String::from_utf8_lossy(pdf);
    let header = format!("\n{num} 0 obj\n");
    let at = text.rfind(&header).unwrap() + header.len();
    let end = text[at..].find("\nendobj").unwrap();
    text[at..at + end].to_owned()
}

pub(crate) fn replace(pdf: &[u8], from: &str, to: &str) -> Vec<u8> {
    let (from, to) = (from.as_bytes(), to.as_bytes());
    let at = pdf
        .windows(from.len())
        .rposition(|window| window == from)
        .unwrap_or_else(|| panic!("nothing to replace: {}", String::from_utf8_lossy(from)));
    [&pdf[..at], to, &pdf[at + from.len()..]].concat()
}

pub(crate) const FORGED: &str = "BT /F1 14 Tf 72 720 Td (QUYET DINH gia mao 99) Tj ET";

/// The /ByteRange of the last signature, as written, and its numbers.
pub(crate) fn range(pdf: &[u8]) -> (String, [u64; 4]) {
    let text = String::from_utf8_lossy(pdf);
    let at = text.rfind("/ByteRange [").unwrap() + 11;
    let end = at + text[at..].find(']').unwrap() + 1;
    let written = text[at..end].to_owned();
    let numbers: Vec<u64> = written
        .trim_matches(['[', ']'])
        .split_whitespace()
        .map(|number| number.parse().unwrap())
        .collect();
    (written, numbers.try_into().unwrap())
}

/// Replaces the /ByteRange without moving anything: the space after it is reserved.
pub(crate) fn with_range(pdf: &[u8], new: &str) -> Vec<u8> {
    let (old, _) = range(pdf);
    let width = old.len().max(new.len());
    let at = pdf
        .windows(old.len())
        .rposition(|window| window == old.as_bytes())
        .unwrap();
    let mut out = pdf.to_vec();
    out[at..at + width].copy_from_slice(format!("{new:width$}").as_bytes());
    out
}

pub(crate) struct Victim {
    pub(crate) unsigned: Vec<u8>,
    pub(crate) signed: Vec<u8>,
}

pub(crate) fn victim() -> Victim {
    let unsigned = Draft::new()
        .plus("<</Type/Annot/Subtype/Text/Rect[0 0 9 9]/Contents(ghi chu)>>")
        .with(3, "/Annots[7 0 R]")
        .classic();
    let signed = sign(&unsigned, &pki().p256, |request| {
        request.field = visible(90.0, 180.0);
        request.appearance = look(&["Lê Văn Bình"]);
        request.reserve = 4096;
    })
    .unwrap();
    Victim { unsigned, signed }
}

pub(crate) fn number_before(pdf: &[u8], marker: &str) -> u32 {
    let text = String::from_utf8_lossy(pdf).into_owned();
    let at = text.rfind(marker).unwrap();
    let head = text[..at].rfind(" 0 obj\n").unwrap();
    let line = text[..head].rfind('\n').unwrap();
    text[line + 1..head].parse().unwrap()
}

pub(crate) fn signature_number(pdf: &[u8]) -> u32 {
    number_before(pdf, "/ByteRange [")
}

pub(crate) fn field_number(pdf: &[u8]) -> u32 {
    number_before(pdf, "/FT /Sig")
}

pub(crate) fn form_number(pdf: &[u8]) -> u32 {
    number_before(pdf, "/SigFlags")
}

pub(crate) fn look_number(pdf: &[u8]) -> u32 {
    number_before(pdf, "/Subtype /Form")
}

pub(crate) fn swap_look(field: &str) -> String {
    let at = field.find("/N ").unwrap() + 3;
    let end = at + field[at..].find('>').unwrap();
    format!("{}201 0 R{}", &field[..at], &field[end..])
}

/// The name of a family of attack, and its forgeries with a name each.
pub(crate) type Family = (&'static str, Vec<(&'static str, Vec<u8>)>);

/// The forgeries by family of attack.
pub(crate) fn families() -> Vec<Family> {
    let victim = victim();
    vec![
        (
            "universal forgery (USF)",
            forged_dictionaries(&victim.signed),
        ),
        ("signature wrapping (SWA)", wrapped(&victim.signed)),
        ("incremental saving (ISA)", appended(&victim.signed)),
        ("shadow", shadows()),
        ("certification", certifications()),
    ]
}

pub(crate) fn all() -> Vec<(String, Vec<u8>)> {
    let families = families().into_iter();
    families
        .flat_map(|(_, forgeries)| forgeries)
        .map(|(name, pdf)| (name.to_owned(), pdf))
        .collect()
}
