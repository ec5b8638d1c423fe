//! Small PDFs in every form that matters, written by hand so that each byte is known.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test that does not find what it needs has failed"
)]

use std::{path::PathBuf, process::Command};

/// The path of a program that must be there: `cargo xtask setup` installs them all.
///
/// # Panics
/// When it is missing.
#[must_use]
pub fn tool(name: &str) -> PathBuf {
    let found = std::env::var_os("PATH")
        .iter()
        .flat_map(std::env::split_paths)
        .map(|dir| dir.join(name))
        .find(|path| path.is_file());
    found.unwrap_or_else(|| panic!("{name} is missing: run `cargo xtask setup`"))
}

/// A file being written by hand: bodies of objects 1, 2, 3 …
pub struct Draft {
    /// Bodies of the objects, from number 1.
    pub objects: Vec<String>,
    /// What the trailer holds besides /Size.
    pub trailer: String,
}

/// What the page shows.
pub const CONTENT: &str = "BT /F1 14 Tf 72 720 Td (QUYET DINH so 12) Tj ET";

impl Default for Draft {
    fn default() -> Self {
        Self::new()
    }
}

impl Draft {
    /// One A4 page: 1 catalog, 2 pages, 3 page, 4 content, 5 font, 6 info.
    #[must_use]
    pub fn new() -> Self {
        Self {
            objects: vec![
                "<</Type/Catalog/Pages 2 0 R>>".into(),
                "<</Type/Pages/Kids[3 0 R]/Count 1/MediaBox[0 0 595.28 841.89]>>".into(),
                "<</Type/Page/Parent 2 0 R/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>".into(),
                format!("<</Length {}>>\nstream\n{CONTENT}\nendstream", CONTENT.len()),
                "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>".into(),
                "<</Title(Quyet dinh)/Producer(kiem thu)>>".into(),
            ],
            trailer: "/Root 1 0 R/Info 6 0 R/ID[<00112233445566778899AABBCCDDEEFF><00112233445566778899AABBCCDDEEFF>]".into(),
        }
    }

    /// The same with something put into the dictionary of an object.
    #[must_use]
    pub fn with(mut self, num: usize, entry: &str) -> Self {
        let body = &mut self.objects[num - 1];
        *body = body.replacen("<<", &format!("<<{entry}"), 1);
        self
    }

    /// The same with one more object.
    #[must_use]
    pub fn plus(mut self, body: &str) -> Self {
        self.objects.push(body.into());
        self
    }

    /// With a classic table.
    #[must_use]
    pub fn classic(&self) -> Vec<u8> {
        let mut out = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n".to_vec();
        let mut offsets = Vec::new();
        for (index, body) in self.objects.iter().enumerate() {
            offsets.push(out.len());
            out.extend(format!("{} 0 obj\n{body}\nendobj\n", index + 1).bytes());
        }
        let start = out.len();
        out.extend(format!("xref\n0 {}\n0000000000 65535 f \n", offsets.len() + 1).bytes());
        for offset in &offsets {
            out.extend(format!("{offset:010} 00000 n \n").bytes());
        }
        out.extend(
            format!(
                "trailer\n<</Size {}{}>>\nstartxref\n{start}\n%%EOF\n",
                offsets.len() + 1,
                self.trailer
            )
            .bytes(),
        );
        out
    }

    /// A hybrid file: the font and the info are only in an object stream that old readers miss.
    #[must_use]
    pub fn hybrid(&self) -> Vec<u8> {
        let hidden = [5_usize, 6];
        let mut out = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n".to_vec();
        let mut offsets = Vec::new();
        for (index, body) in self.objects.iter().enumerate() {
            offsets.push(out.len());
            if !hidden.contains(&(index + 1)) {
                out.extend(format!("{} 0 obj\n{body}\nendobj\n", index + 1).bytes());
            }
        }
        let holder = self.objects.len() + 1;
        let (first, second) = (&self.objects[4], &self.objects[5]);
        let head = format!("5 0 6 {} ", first.len() + 1);
        let data = format!("{head}{first} {second}");
        let holder_at = out.len();
        out.extend(
            format!(
                "{holder} 0 obj\n<</Type/ObjStm/N 2/First {}/Length {}>>\nstream\n{data}\nendstream\nendobj\n",
                head.len(),
                data.len()
            )
            .bytes(),
        );
        let stream_at = out.len();
        let mut rows = Vec::new();
        for index in 0..2_u8 {
            rows.extend([2, 0, 0, 0, holder as u8, index]);
        }
        rows.extend([1, 0]);
        rows.extend(&(holder_at as u32).to_be_bytes()[1..]);
        rows.push(0);
        let hex: String = rows.iter().map(|byte| format!("{byte:02x}")).collect();
        out.extend(
            format!(
                "{} 0 obj\n<</Type/XRef/Size {}/W[1 4 1]/Index[5 2 {holder} 1]/Root 1 0 R/Filter/ASCIIHexDecode/Length {}>>\nstream\n{hex}>\nendstream\nendobj\n",
                holder + 1,
                holder + 2,
                hex.len() + 1
            )
            .bytes(),
        );
        let start = out.len();
        out.extend(format!("xref\n0 {}\n0000000000 65535 f \n", holder + 2).bytes());
        for (index, offset) in offsets.iter().enumerate() {
            if hidden.contains(&(index + 1)) {
                out.extend(b"0000000000 65535 f \n");
            } else {
                out.extend(format!("{offset:010} 00000 n \n").bytes());
            }
        }
        out.extend(b"0000000000 65535 f \n");
        out.extend(format!("{stream_at:010} 00000 n \n").bytes());
        out.extend(
            format!(
                "trailer\n<</Size {}{}/XRefStm {stream_at}>>\nstartxref\n{start}\n%%EOF\n",
                holder + 2,
                self.trailer
            )
            .bytes(),
        );
        out
    }
}

/// Runs a file through qpdf.
///
/// # Panics
/// When it is missing or refuses.
#[must_use]
pub fn qpdf(pdf: &[u8], arguments: &[&str]) -> Vec<u8> {
    let dir = tempfile::tempdir().unwrap();
    let (from, to) = (dir.path().join("in.pdf"), dir.path().join("out.pdf"));
    std::fs::write(&from, pdf).unwrap();
    let status = Command::new(tool("qpdf"))
        .args(arguments)
        .args([&from, &to])
        .status()
        .unwrap();
    assert!(status.success(), "qpdf {arguments:?}");
    std::fs::read(&to).unwrap()
}

/// An empty signature field as objects 7 (field and widget), listed in the form and on the page.
#[must_use]
pub fn with_empty_field(draft: Draft, more: &str) -> Draft {
    draft
        .with(1, "/AcroForm<</Fields[7 0 R]>>")
        .with(3, "/Annots[7 0 R]")
        .plus(&format!(
            "<</Type/Annot/Subtype/Widget/FT/Sig/T(LanhDao)/Rect[300 200 480 290]/F 4/P 3 0 R{more}>>"
        ))
}

/// A page whose boxes and rotation stand two levels above it, where the level between says nothing.
fn boxes_from_above() -> Vec<u8> {
    let mut draft = Draft::new()
        .with(2, "/CropBox[50 60 500 700]/Rotate 90")
        .plus("<</Type/Pages/Parent 2 0 R/Kids[3 0 R]/Count 1>>");
    for (num, was, is) in [
        (2, "/Kids[3 0 R]", "/Kids[7 0 R]"),
        (3, "/Parent 2 0 R", "/Parent 7 0 R"),
    ] {
        draft.objects[num - 1] = draft.objects[num - 1].replace(was, is);
    }
    draft.classic()
}

/// Every form of input that must take three signatures, by name.
///
/// # Panics
/// When qpdf is missing or refuses.
#[must_use]
pub fn variants() -> Vec<(&'static str, Vec<u8>)> {
    let draft = Draft::new;
    let classic = draft().classic();
    vec![
        ("plain", classic.clone()),
        (
            "xref-stream",
            qpdf(&classic, &["--object-streams=generate"]),
        ),
        (
            "object-stream",
            qpdf(
                &with_empty_field(draft(), "").classic(),
                &["--object-streams=generate"],
            ),
        ),
        ("hybrid", draft().hybrid()),
        ("rotated-90", draft().with(3, "/Rotate 90").classic()),
        ("rotated-180", draft().with(2, "/Rotate 180").classic()),
        ("rotated-270", draft().with(3, "/Rotate -90").classic()),
        (
            "crop-box",
            draft().with(3, "/CropBox[50 60 500 700]").classic(),
        ),
        (
            "origin",
            draft()
                .with(3, "/MediaBox[-100 -200 495.28 641.89]")
                .classic(),
        ),
        (
            "user-unit",
            draft()
                .with(3, "/UserUnit 2/MediaBox[0 0 297.64 420.94]")
                .classic(),
        ),
        ("boxes-from-above", boxes_from_above()),
        (
            "indirect-lists",
            draft()
                .with(1, "/AcroForm 7 0 R")
                .with(3, "/Annots 9 0 R")
                .plus("<</Fields 8 0 R>>")
                .plus("[]")
                .plus("[]")
                .classic(),
        ),
        (
            "no-id-no-info",
            Draft {
                trailer: "/Root 1 0 R".into(),
                ..draft()
            }
            .classic(),
        ),
        ("no-final-newline", classic.trim_ascii_end().to_vec()),
        ("linearised", qpdf(&classic, &["--linearize"])),
    ]
}
