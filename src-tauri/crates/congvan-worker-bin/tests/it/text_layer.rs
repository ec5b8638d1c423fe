//! Words under the pictures of them, as PDFium, pdftotext and qpdf see them.

use std::{fs, path::Path, process::Command, sync::Arc};

use congvan_pdf::{Document, LayerPage, LayerWord, add_text_layer, pdf_of_image};
use congvan_worker::RenderClient;

use crate::support::paths;

const FONT: &[u8] = include_bytes!("../../../../resources/fonts/tinos/Tinos-Regular.ttf");

/// A grey picture of A4 at 72 dots per inch.
fn picture() -> Vec<u8> {
    let (width, height) = (595_u32, 842_u32);
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, width, height);
    encoder.set_color(png::ColorType::Grayscale);
    encoder.set_depth(png::BitDepth::Eight);
    let mut writer = encoder.write_header().unwrap();
    writer
        .write_image_data(&vec![200; (width * height) as usize])
        .unwrap();
    writer.finish().unwrap();
    bytes
}

fn word(text: &str, x: f32, y: f32, w: f32) -> LayerWord {
    LayerWord {
        text: text.to_owned(),
        x,
        y,
        w,
        h: 0.014,
    }
}

/// The decree's head in two columns, a subject in NFD, and a word that no font has.
fn lines() -> Vec<Vec<LayerWord>> {
    vec![
        vec![
            word("ỦY", 0.10, 0.10, 0.03),
            word("BAN", 0.14, 0.101, 0.05),
            word("NHÂN", 0.20, 0.099, 0.06),
            word("DÂN", 0.27, 0.10, 0.05),
            word("CỘNG", 0.52, 0.10, 0.06),
            word("HÒA", 0.59, 0.10, 0.04),
        ],
        vec![
            word("Số:", 0.12, 0.14, 0.03),
            word("12/QĐ-UBND", 0.16, 0.14, 0.12),
        ],
        vec![
            word("Tha\u{306}ng", 0.15, 0.2, 0.07),
            word("chư\u{301}c", 0.23, 0.2, 0.05),
            word("鬱", 0.30, 0.2, 0.02),
        ],
    ]
}

/// A copy with the words, its page turned by `rotate`.
fn copy(rotate: u16) -> (Vec<u8>, Vec<u8>) {
    let mut original = pdf_of_image(&picture()).unwrap().bytes;
    if rotate != 0 {
        let at = original
            .windows(10)
            .position(|part| part == b"/Resources")
            .unwrap();
        let turn = format!("/Rotate {rotate}");
        original.splice(at..at, turn.bytes());
        original = mended(&original);
    }
    let document = Document::open(&original).unwrap();
    let layers = [LayerPage {
        index: 0,
        lines: lines(),
    }];
    let tail = add_text_layer(&document, &layers, FONT, [7; 16])
        .unwrap()
        .unwrap();
    let mut bytes = original.clone();
    bytes.extend(tail.bytes);
    (original, bytes)
}

/// qpdf writes the table anew after an object was lengthened.
fn mended(bytes: &[u8]) -> Vec<u8> {
    let dir = tempfile::tempdir().unwrap();
    let (from, to) = (dir.path().join("a.pdf"), dir.path().join("b.pdf"));
    fs::write(&from, bytes).unwrap();
    let status = Command::new("qpdf").arg(&from).arg(&to).status();
    assert!(status.expect("qpdf: `cargo xtask setup`").code().is_some());
    fs::read(to).unwrap()
}

fn run(program: &str, arguments: &[&str], file: &Path) -> (bool, String) {
    let output = Command::new(program)
        .args(arguments)
        .arg(file)
        .args(if program == "pdftotext" {
            &["-"][..]
        } else {
            &[]
        })
        .output()
        .unwrap_or_else(|error| panic!("{program}: {error}; run `cargo xtask setup`"));
    (
        output.status.success(),
        String::from_utf8(output.stdout).unwrap(),
    )
}

#[tokio::test]
async fn every_word_under_a_picture_is_found_where_it_stands_at_any_turn() {
    for rotate in [0, 90, 180, 270] {
        let (original, bytes) = copy(rotate);
        assert!(bytes.starts_with(&original), "the original is untouched");
        let client = RenderClient::new(paths());
        let open = client.open(Arc::new(bytes)).await.unwrap();
        let text = client.page_text(open.handle, 0).await.unwrap();
        let found: Vec<_> = text.lines.iter().flat_map(|line| &line.words).collect();
        for wanted in lines().iter().flatten() {
            let word = found.iter().find(|word| word.text == wanted.text);
            let word = word.unwrap_or_else(|| panic!("{rotate}: {} in {found:?}", wanted.text));
            assert!(
                (word.x - wanted.x).abs() < 0.01,
                "{rotate}: {word:?} {wanted:?}"
            );
            assert!(
                (word.w - wanted.w).abs() < 0.015,
                "{rotate}: {word:?} {wanted:?}"
            );
            let middle = |y: f32, h: f32| y + h / 2.0;
            let (got, want) = (middle(word.y, word.h), middle(wanted.y, wanted.h));
            assert!((got - want).abs() < 0.006, "{rotate}: {word:?} {wanted:?}");
        }
        assert!(text.picture.is_some(), "the page is still a picture");
    }
}

#[tokio::test]
async fn the_words_are_not_seen_and_the_copy_is_sound() {
    let dir = tempfile::tempdir().unwrap();
    let (original, bytes) = copy(0);
    let file = dir.path().join("copy.pdf");
    fs::write(&file, &bytes).unwrap();
    let (sound, said) = run("qpdf", &["--check"], &file);
    assert!(sound, "{said}");
    let (_, text) = run("pdftotext", &["-layout"], &file);
    assert!(text.contains("ỦY BAN NHÂN DÂN"), "{text}");
    assert!(text.contains("CỘNG HÒA"), "{text}");
    assert!(text.contains("Số: 12/QĐ-UBND"), "{text}");
    let client = RenderClient::new(paths());
    let mut pages = Vec::new();
    for bytes in [original, bytes] {
        let open = client.open(Arc::new(bytes)).await.unwrap();
        pages.push(client.page_png(open.handle, 0, 600).await.unwrap());
    }
    assert_eq!(pages[0], pages[1], "not a dot differs");
}
