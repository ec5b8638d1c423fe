//! PDFs out of pages of others: not a byte of a picture changes, and qpdf finds nothing wrong.

use std::{
    fs,
    path::Path,
    process::Command,
    sync::{Arc, Mutex},
};

use congvan_model::{ByteSource, ReadError};
use congvan_pdf::pdf_of_image;
use congvan_worker::{DocumentHandle, PagePart, RenderClient, RenderError};

use crate::support::paths;

struct Bytes(Vec<u8>);

impl ByteSource for Bytes {
    fn len(&self) -> u64 {
        self.0.len() as u64
    }

    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> Result<(), ReadError> {
        let from = usize::try_from(offset).unwrap();
        buffer.copy_from_slice(&self.0[from..from + buffer.len()]);
        Ok(())
    }
}

/// A JPEG of 200 dpi whose colours depend on `seed`.
fn jpeg(seed: u8) -> Vec<u8> {
    let python =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../target/tools/venv/bin/python");
    assert!(python.is_file(), "no Python: run `cargo xtask setup`");
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("a.jpg");
    let code = "import sys; from PIL import Image; s = int(sys.argv[2]); \
        i = Image.new('RGB', (330, 470)); \
        i.putdata([((x * s) % 256, (y * 3) % 256, (x * y) % 256) for y in range(470) for x in range(330)]); \
        i.save(sys.argv[1], quality=80, dpi=(200, 200))";
    let done = Command::new(python)
        .args(["-c", code])
        .arg(&file)
        .arg(seed.to_string())
        .status()
        .unwrap();
    assert!(done.success());
    fs::read(file).unwrap()
}

/// A grey PNG of 100 dpi with a line that falls to the right by so many degrees.
fn askew(degrees: f64) -> Vec<u8> {
    let (width, height) = (827_u32, 1169_u32);
    let mut dots = vec![255_u8; (width * height) as usize];
    for x in 100..width - 100 {
        let y = f64::from(height) / 2.0
            + (f64::from(x) - f64::from(width) / 2.0) * degrees.to_radians().tan();
        for dy in 0..3 {
            dots[(y as u32 + dy) as usize * width as usize + x as usize] = 0;
        }
    }
    let mut png = Vec::new();
    let mut encoder = png::Encoder::new(&mut png, width, height);
    encoder.set_color(png::ColorType::Grayscale);
    encoder.set_depth(png::BitDepth::Eight);
    encoder.set_pixel_dims(Some(png::PixelDimensions {
        xppu: 3937,
        yppu: 3937,
        unit: png::Unit::Meter,
    }));
    encoder
        .write_header()
        .unwrap()
        .write_image_data(&dots)
        .unwrap();
    png
}

async fn open(client: &RenderClient, image: &[u8]) -> DocumentHandle {
    let pdf = pdf_of_image(image).unwrap().bytes;
    client.open(Arc::new(Bytes(pdf))).await.unwrap().handle
}

async fn assembled(client: &RenderClient, pages: Vec<PagePart>) -> Vec<u8> {
    let made = Arc::new(Mutex::new(Vec::new()));
    let sink = made.clone();
    let length = client
        .assemble(pages, move |bytes| {
            sink.lock().unwrap().extend_from_slice(bytes);
            true
        })
        .await
        .unwrap();
    let made = std::mem::take(&mut *made.lock().unwrap());
    assert_eq!(made.len() as u64, length);
    made
}

fn page(document: DocumentHandle, turns: u8, skew: f32) -> PagePart {
    PagePart::Page {
        document,
        page: 0,
        turns,
        skew,
    }
}

fn check(pdf: &[u8]) {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("a.pdf");
    fs::write(&file, pdf).unwrap();
    let judged = Command::new("qpdf").arg("--check").arg(file).output();
    let judged = judged.expect("qpdf is installed by `cargo xtask setup`");
    assert!(
        judged.status.success(),
        "{}",
        String::from_utf8_lossy(&judged.stdout)
    );
}

fn holds(pdf: &[u8], picture: &[u8]) -> bool {
    pdf.windows(picture.len()).any(|part| part == picture)
}

#[tokio::test]
async fn pictures_go_over_as_the_bytes_they_are_in_any_order_and_turn() {
    let client = RenderClient::new(paths());
    let pictures = [jpeg(1), jpeg(5), jpeg(9)];
    let mut handles = Vec::new();
    for picture in &pictures {
        handles.push(open(&client, picture).await);
    }
    let pages = vec![
        page(handles[2], 1, 0.0),
        page(handles[0], 0, 0.0),
        PagePart::Empty {
            width_pt: 595.0,
            height_pt: 842.0,
        },
        page(handles[1], 3, 1.5),
    ];
    let pdf = assembled(&client, pages).await;
    check(&pdf);
    assert!(
        pdf.starts_with(b"%PDF-1.7"),
        "the decree asks for 1.4 or more"
    );
    for (number, picture) in pictures.iter().enumerate() {
        assert!(holds(&pdf, picture), "picture {number} was made anew");
    }
    let opened = client.open(Arc::new(Bytes(pdf))).await.unwrap();
    let sizes: Vec<(i32, i32)> = opened
        .pages
        .iter()
        .map(|size| (size.width_pt.round() as i32, size.height_pt.round() as i32))
        .collect();
    assert_eq!(sizes, [(169, 119), (119, 169), (595, 842), (169, 119)]);
}

#[tokio::test]
async fn a_page_that_lies_askew_is_turned_back() {
    let client = RenderClient::new(paths());
    for degrees in [2.0, -3.0] {
        let document = open(&client, &askew(degrees)).await;
        let pdf = assembled(&client, vec![page(document, 0, degrees as f32)]).await;
        check(&pdf);
        let opened = client.open(Arc::new(Bytes(pdf))).await.unwrap();
        let scan = client
            .page_scan(opened.handle, 0, (100, 1.0))
            .await
            .unwrap()
            .print;
        let width = scan.width as usize;
        let row_of_ink = |x: usize| {
            let column = scan.pixels.iter().skip(x).step_by(width);
            let rows: Vec<usize> = column
                .enumerate()
                .filter(|(_, dot)| **dot < 128)
                .map(|(row, _)| row)
                .collect();
            rows[rows.len() / 2] as i32
        };
        let (left, right) = (row_of_ink(150), row_of_ink(width - 150));
        // As it lay, one end stood 18 dots and more above the other.
        assert!(
            (left - right).abs() <= 3,
            "{degrees} degrees: the line stands at {left} and {right}"
        );
    }
}

#[tokio::test]
async fn when_nobody_takes_the_bytes_the_worker_goes_on_with_other_work() {
    let client = RenderClient::new(paths());
    let document = open(&client, &jpeg(3)).await;
    let refused = client
        .assemble(vec![page(document, 0, 0.0)], |_| false)
        .await;
    assert_eq!(refused, Err(RenderError::SourceFailed));
    let missing = PagePart::Page {
        document,
        page: 7,
        turns: 0,
        skew: 0.0,
    };
    let refused = client.assemble(vec![missing], |_| true).await;
    assert_eq!(refused, Err(RenderError::PageOutOfRange { pages: 1 }));
    check(&assembled(&client, vec![page(document, 0, 0.0)]).await);
}
