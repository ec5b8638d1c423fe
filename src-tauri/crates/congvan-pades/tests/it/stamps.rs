//! Stamps stand where the decree says, in millimetres on the page as displayed, and their text
//! comes back as it was typed.

use std::process::Command;

use congvan_pades::{Appearance, Colour, FieldChoice, Item, MmRect, TextAlign, roles};

use crate::{
    documents::variants,
    keys::{NOW, pki},
    oracles::{pdfium_text, tool},
    signing::sign,
};

const DPI: f64 = 200.0;

/// Left, top, right, bottom of the red on the first page as displayed, in millimetres.
pub(crate) fn red_extent(pdf: &[u8], user_unit: f64) -> [f64; 4] {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("in.pdf");
    std::fs::write(&file, pdf).unwrap();
    // Poppler does not know /UserUnit: it draws such a page smaller by that factor.
    let dpi = DPI * user_unit;
    let status = Command::new(tool("pdftoppm"))
        .args(["-r", &dpi.to_string(), "-cropbox", "-png", "-singlefile"])
        .args([&file, &dir.path().join("page")])
        .status()
        .unwrap();
    assert!(status.success());
    let image = std::fs::File::open(dir.path().join("page.png")).unwrap();
    let mut reader = png::Decoder::new(std::io::BufReader::new(image))
        .read_info()
        .unwrap();
    let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
    let frame = reader.next_frame(&mut pixels).unwrap();
    let (mut left, mut top, mut right, mut bottom) = (u32::MAX, u32::MAX, 0, 0);
    for (index, pixel) in pixels[..frame.buffer_size()].chunks_exact(3).enumerate() {
        if pixel[0] > 150 && pixel[1] < 100 {
            let (x, y) = (index as u32 % frame.width, index as u32 / frame.width);
            (left, right) = (left.min(x), right.max(x + 1));
            (top, bottom) = (top.min(y), bottom.max(y + 1));
        }
    }
    assert!(right > 0, "nothing red on the page");
    [left, top, right, bottom].map(|pixel| f64::from(pixel) * 25.4 / DPI)
}

#[test]
fn stamps_stand_where_they_should_within_half_a_millimetre() {
    let rect = MmRect {
        x: 31.0,
        y: 42.0,
        width: 40.0,
        height: 20.0,
    };
    for (name, pdf) in variants() {
        let signed = sign(&pdf, &pki().p256, |request| {
            request.field = FieldChoice::New { page: 0, rect };
            request.appearance = Appearance {
                items: vec![Item::Frame {
                    area: MmRect {
                        x: 0.0,
                        y: 0.0,
                        ..rect
                    },
                    width: 1.0,
                    colour: Colour::RED,
                }],
            };
        })
        .unwrap();
        let unit = if name == "user-unit" { 2.0 } else { 1.0 };
        let seen = red_extent(&signed, unit);
        let expected = [31.0, 42.0, 71.0, 62.0];
        for (seen, expected) in seen.iter().zip(expected) {
            assert!((seen - expected).abs() < 0.5, "{name}: {seen} {expected}");
        }
    }
}

/// All 134 letters with Vietnamese marks, in both cases.
fn letters() -> String {
    "àáảãạăằắẳẵặâầấẩẫậèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵđ\
     ÀÁẢÃẠĂẰẮẲẴẶÂẦẤẨẪẬÈÉẺẼẸÊỀẾỂỄỆÌÍỈĨỊÒÓỎÕỌÔỒỐỔỖỘƠỜỚỞỠỢÙÚỦŨỤƯỪỨỬỮỰỲÝỶỸỴĐ"
        .to_owned()
}

/// The decomposed form, from Python's own tables: not by the library under test.
fn decomposed(text: &str) -> String {
    let output = Command::new(tool("python3"))
        .args([
            "-c",
            "import sys,unicodedata;sys.stdout.buffer.write(unicodedata.normalize('NFD',sys.argv[1]).encode())",
            text,
        ])
        .output()
        .unwrap();
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn every_vietnamese_letter_extracts_as_typed_at_four_rotations() {
    let composed = letters();
    assert_eq!(composed.chars().count(), 134);
    let typed = [composed.clone(), decomposed(&composed)];
    let mut files = Vec::new();
    for (name, pdf) in variants() {
        if name != "plain" && !name.starts_with("rotated") {
            continue;
        }
        for (form, text) in ["nfc", "nfd"].iter().zip(&typed) {
            let rect = MmRect {
                x: 10.0,
                y: 20.0,
                width: 180.0,
                height: 40.0,
            };
            let letters: Vec<char> = text.chars().collect();
            let mut lines = vec![String::new()];
            for letter in letters {
                let mark = ('\u{300}'..='\u{36f}').contains(&letter);
                if lines.last().unwrap().chars().count() >= 34 && !mark {
                    lines.push(String::new());
                }
                lines.last_mut().unwrap().push(letter);
            }
            let signed = sign(&pdf, &pki().p256, |request| {
                request.field = FieldChoice::New { page: 0, rect };
                request.appearance = Appearance {
                    items: vec![Item::Text {
                        lines,
                        area: MmRect {
                            x: 0.0,
                            y: 0.0,
                            ..rect
                        },
                        size: 10.0,
                        colour: Colour::BLACK,
                        align: TextAlign::Left,
                    }],
                };
            })
            .unwrap();
            files.push((format!("{name}-{form}"), signed, text.clone()));
        }
    }
    assert_eq!(files.len(), 8);
    let pdfs: Vec<(String, Vec<u8>)> = files
        .iter()
        .map(|(name, pdf, _)| (name.clone(), pdf.clone()))
        .collect();
    for ((name, _, text), seen) in files.iter().zip(pdfium_text(&pdfs)) {
        let seen: String = seen
            .chars()
            .filter(|letter| !letter.is_whitespace())
            .collect();
        assert!(seen.contains(text.as_str()), "{name}: {seen}");
    }
}

#[test]
fn the_texts_of_the_decree_are_on_the_copy_and_the_arrival_stamp() {
    let page = congvan_pades::PageSize {
        width_mm: 210.0,
        height_mm: 297.0,
        rotate: 0,
    };
    let pdf = variants().remove(0).1;
    let size = (70.0, 18.0);
    let copy = sign(&pdf, &pki().p256, |request| {
        request.field = FieldChoice::New {
            page: 0,
            rect: roles::top_right(page, size, 8.0),
        };
        request.appearance =
            roles::copy(roles::CopyForm::True, "UBND xã Bình Minh Đông", NOW, size);
    })
    .unwrap();
    let (width, height) = roles::ARRIVAL_SIZE;
    let arrival = sign(&pdf, &pki().p256, |request| {
        request.field = FieldChoice::New {
            page: 0,
            rect: MmRect {
                x: 20.0,
                y: 20.0,
                width,
                height,
            },
        };
        request.appearance = roles::arrival(&roles::Arrival {
            agency: "UBND XÃ BÌNH MINH ĐÔNG",
            number: Some("0123"),
            date: Some("05/01/2026"),
            passed_to: None,
            dossier: None,
        });
    })
    .unwrap();
    let files = [("copy".to_owned(), copy), ("arrival".to_owned(), arrival)];
    let texts = pdfium_text(&files);
    for expected in [
        "SAO Y",
        "UBND xã Bình Minh Đông",
        "2026-01-05T08:14:00+07:00",
    ] {
        assert!(texts[0].contains(expected), "{}", texts[0]);
    }
    for expected in ["ĐẾN", "Số: 0123", "Ngày: 05/01/2026", "Số và ký hiệu HS"] {
        assert!(texts[1].contains(expected), "{}", texts[1]);
    }
}
