//! How scans fall short of Decree 30/2020: real files of each kind, told page by page.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use serde_json::{Value, json};

use crate::program::{cli, run};

/// A4 in points.
const A4: (f64, f64) = (595.0, 842.0);

/// A picture of so many dots, in colour or grey, by Pillow.
fn picture(folder: &Path, name: &str, (width, height, mode): (u32, u32, &str)) -> PathBuf {
    let python =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../target/tools/venv/bin/python");
    assert!(python.is_file(), "no Python: run `cargo xtask setup`");
    let to = folder.join(name);
    let code = "import sys; from PIL import Image, ImageDraw; \
        to, width, height, mode, dpi = sys.argv[1:]; \
        paper = 'white' if mode in ('L', '1') else (250, 250, 244); \
        i = Image.new(mode, (int(width), int(height)), paper); \
        d = ImageDraw.Draw(i); \
        [d.line((90, y, int(width) - 90, y), fill=0) for y in range(200, int(height) - 200, 60)]; \
        more = {'dpi': (int(dpi), int(dpi))} if dpi != '0' else {}; i.save(to, **more)";
    let dpi = if name.contains("plain") { "0" } else { "200" };
    let done = Command::new(python)
        .args(["-c", code])
        .arg(&to)
        .args([width.to_string(), height.to_string()])
        .args([mode, dpi])
        .status();
    assert!(done.unwrap().success());
    to
}

/// A PDF of JPEG pictures, each drawn by its matrix on a page of its size.
fn pdf(version: &str, pages: &[(&Path, [f64; 6], (f64, f64))]) -> Vec<u8> {
    let mut bytes = format!("%PDF-{version}\n").into_bytes();
    let mut offsets = Vec::new();
    let mut object = |head: String, data: &[u8]| {
        offsets.push(bytes.len());
        bytes.extend(format!("{} 0 obj\n{head}", offsets.len()).bytes());
        if !data.is_empty() {
            bytes.extend(b"\nstream\n");
            bytes.extend(data);
            bytes.extend(b"\nendstream");
        }
        bytes.extend(b"\nendobj\n");
    };
    let kids: Vec<String> = (0..pages.len())
        .map(|at| format!("{} 0 R", at * 3 + 3))
        .collect();
    object("<</Type/Catalog/Pages 2 0 R>>".to_owned(), b"");
    object(
        format!(
            "<</Type/Pages/Count {}/Kids[{}]>>",
            pages.len(),
            kids.join(" ")
        ),
        b"",
    );
    for (at, (jpeg, matrix, (width, height))) in pages.iter().enumerate() {
        let jpeg = fs::read(jpeg).unwrap();
        let (across, down, components) = jpeg_size(&jpeg);
        let space = if components == 1 {
            "DeviceGray"
        } else {
            "DeviceRGB"
        };
        let (content, image) = (at * 3 + 4, at * 3 + 5);
        object(
            format!(
                "<</Type/Page/Parent 2 0 R/MediaBox[0 0 {width} {height}]/Contents {content} 0 R\
                 /Resources<</XObject<</I {image} 0 R>>>>>>"
            ),
            b"",
        );
        let matrix: Vec<String> = matrix.iter().map(f64::to_string).collect();
        let drawing = format!("q {} cm /I Do Q", matrix.join(" "));
        object(format!("<</Length {}>>", drawing.len()), drawing.as_bytes());
        object(
            format!(
                "<</Type/XObject/Subtype/Image/Width {across}/Height {down}/ColorSpace/{space}\
                 /BitsPerComponent 8/Filter/DCTDecode/Length {}>>",
                jpeg.len()
            ),
            &jpeg,
        );
    }
    let start = bytes.len();
    let mut table = format!("xref\n0 {}\n0000000000 65535 f \n", offsets.len() + 1);
    for offset in &offsets {
        table.push_str(&format!("{offset:010} 00000 n \n"));
    }
    let size = offsets.len() + 1;
    bytes.extend(table.bytes());
    bytes.extend(
        format!("trailer\n<</Size {size}/Root 1 0 R>>\nstartxref\n{start}\n%%EOF\n").bytes(),
    );
    bytes
}

/// Width, height and components out of the frame header.
fn jpeg_size(jpeg: &[u8]) -> (u16, u16, u8) {
    let mut at = 2;
    loop {
        let length = usize::from(u16::from_be_bytes([jpeg[at + 2], jpeg[at + 3]]));
        if (0xC0..=0xC2).contains(&jpeg[at + 1]) {
            let side = |from: usize| u16::from_be_bytes([jpeg[from], jpeg[from + 1]]);
            return (side(at + 7), side(at + 5), jpeg[at + 9]);
        }
        at += length + 2;
    }
}

fn whole((width, height): (f64, f64)) -> [f64; 6] {
    [width, 0.0, 0.0, height, 0.0, 0.0]
}

#[test]
fn each_way_in_which_a_scan_falls_short_is_told_with_its_pages() {
    let folder = tempfile::tempdir().unwrap();
    let here = folder.path();
    let good = picture(here, "colour.jpg", (1654, 2339, "RGB"));
    let grey = picture(here, "grey.jpg", (1654, 2339, "L"));
    let coarse = picture(here, "coarse.jpg", (1240, 1754, "RGB"));
    let lying = picture(here, "lying.jpg", (2339, 1654, "RGB"));
    let half = (A4.0 * 0.7, A4.1 * 0.6);
    let short = |what: &str, pages: &[u32]| json!({ "what": what, "pages": pages });
    let as_picture = picture(here, "grey.png", (1654, 2339, "L"));
    let fax = picture(here, "fax.tif", (1654, 2339, "1"));
    let unknown = picture(here, "plain.jpg", (1000, 1414, "RGB"));
    let files: [(&str, Vec<u8>, Vec<Value>); 7] = [
        ("good.pdf", pdf("1.4", &[(&good, whole(A4), A4)]), vec![]),
        (
            // Drawn a quarter turned: its own sides count.
            "turned.pdf",
            pdf("1.4", &[(&lying, [0.0, A4.1, -A4.0, 0.0, A4.0, 0.0], A4)]),
            vec![],
        ),
        (
            "mixed.pdf",
            pdf(
                "1.5",
                &[
                    (&good, whole(A4), A4),
                    (&coarse, whole(A4), A4),
                    (&grey, whole(A4), A4),
                    (&coarse, whole(A4), A4),
                ],
            ),
            vec![short("LOW_RESOLUTION", &[2, 4]), short("NOT_COLOUR", &[3])],
        ),
        (
            "reduced.pdf",
            pdf("1.3", &[(&good, whole(half), half)]),
            vec![short("NOT_FULL_SIZE", &[1]), short("OLD_PDF", &[])],
        ),
        (
            "grey.png",
            fs::read(as_picture).unwrap(),
            vec![short("NOT_COLOUR", &[1])],
        ),
        (
            "fax.tif",
            fs::read(fax).unwrap(),
            vec![short("NOT_COLOUR", &[1])],
        ),
        (
            "plain.jpg",
            fs::read(unknown).unwrap(),
            vec![short("LOW_RESOLUTION", &[1])],
        ),
    ];
    let paths: Vec<PathBuf> = files
        .iter()
        .map(|(name, bytes, _)| {
            let path = here.join(name);
            fs::write(&path, bytes).unwrap();
            path
        })
        .collect();
    let ran = run(cli().args(["--json", "intake"]).args(&paths));
    let lines = ran.well().lines("letter");
    assert_eq!(lines.len(), files.len());
    for (line, (name, _, expected)) in lines.iter().zip(&files) {
        let told = line["shortfalls"].as_array().cloned().unwrap_or_default();
        assert_eq!(&told, expected, "{name}");
        assert_eq!(line["meets_the_decree"], expected.is_empty(), "{name}");
    }
    let words = run(cli().arg("intake").arg(&paths[3])).well().text;
    assert!(
        words.contains("Phụ lục I") && words.contains("PDF cũ hơn 1.4"),
        "{words}"
    );
}
