//! Small PDFs for the tests.

use std::{path::Path, process::Command};

use pdf_writer::{Content, Finish, Name, Pdf, Rect, Ref, Str};

/// A page's looks.
pub(crate) struct Page {
    pub(crate) text: String,
    pub(crate) rotate: i32,
}

/// A page for each text, A4, the text in Helvetica 24 with its baseline 100 points from the left
/// and 700 from the bottom.
pub(crate) fn pages(texts: impl IntoIterator<Item = String>) -> Vec<u8> {
    write(
        &texts
            .into_iter()
            .map(|text| Page { text, rotate: 0 })
            .collect::<Vec<_>>(),
    )
}

pub(crate) fn write(pages: &[Page]) -> Vec<u8> {
    let reference = |number: usize| Ref::new(i32::try_from(number).unwrap());
    let (catalog, tree, font) = (reference(1), reference(2), reference(3));
    let mut pdf = Pdf::new();
    pdf.catalog(catalog).pages(tree);
    let kids = (0..pages.len()).map(|index| reference(4 + 2 * index));
    pdf.pages(tree)
        .kids(kids)
        .count(i32::try_from(pages.len()).unwrap());
    pdf.type1_font(font).base_font(Name(b"Helvetica"));
    for (index, page) in pages.iter().enumerate() {
        let (id, content_id) = (reference(4 + 2 * index), reference(5 + 2 * index));
        let mut out = pdf.page(id);
        out.media_box(Rect::new(0.0, 0.0, 595.0, 842.0))
            .parent(tree)
            .contents(content_id);
        out.rotate(page.rotate);
        out.resources().fonts().pair(Name(b"F1"), font);
        out.finish();
        let mut content = Content::new();
        content
            .begin_text()
            .set_font(Name(b"F1"), 24.0)
            .next_line(100.0, 700.0);
        content.show(Str(page.text.as_bytes())).end_text();
        pdf.stream(content_id, &content.finish());
    }
    pdf.finish()
}

/// The document encrypted with a password for opening, by qpdf.
pub(crate) fn encrypted(pdf: &[u8], folder: &Path) -> Vec<u8> {
    let (plain, locked) = (folder.join("plain.pdf"), folder.join("locked.pdf"));
    std::fs::write(&plain, pdf).unwrap();
    let status = Command::new("qpdf")
        .args(["--encrypt", "mật-khẩu", "owner", "256", "--"])
        .args([&plain, &locked])
        .status()
        .expect("qpdf is missing: run `cargo xtask setup`");
    assert!(status.success());
    std::fs::read(locked).unwrap()
}
