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

/// A4 at 100 dpi.
const WIDTH: u32 = 827;
const HEIGHT: u32 = 1169;

/// A grey PNG of 100 dpi with a line that falls to the right by so many degrees.
fn askew(degrees: f64) -> Vec<u8> {
    let mut dots = vec![255_u8; (WIDTH * HEIGHT) as usize];
    for x in 100..WIDTH - 100 {
        let y = f64::from(HEIGHT) / 2.0
            + (f64::from(x) - f64::from(WIDTH) / 2.0) * degrees.to_radians().tan();
        for dy in 0..3 {
            dots[(y as u32 + dy) as usize * WIDTH as usize + x as usize] = 0;
        }
    }
    grey_png(&dots)
}

/// Middles of the marks on a marked page, in dots, from edge to edge.
const MARKS: [(u32, u32); 6] = [
    (60, 80),
    (760, 90),
    (400, 300),
    (120, 700),
    (70, 1080),
    (740, 1100),
];

/// A page with a square of nine dots around each mark.
fn marked() -> Vec<u8> {
    let mut dots = vec![255_u8; (WIDTH * HEIGHT) as usize];
    for (x, y) in MARKS {
        for row in y - 4..=y + 4 {
            let at = (row * WIDTH + x - 4) as usize;
            dots[at..at + 9].fill(0);
        }
    }
    grey_png(&dots)
}

fn grey_png(dots: &[u8]) -> Vec<u8> {
    let (width, height) = (WIDTH, HEIGHT);
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
        .write_image_data(dots)
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

/// Where the screen puts a point of a page, which it turns around its middle by CSS: `PagePicture` in
/// `ui/src/features/intake/LetterPages.tsx`, `rotate(turns * 90 - skew)`. In dots of the shown page.
fn on_screen((x, y): (f64, f64), turns: u8, skew: f64) -> (f64, f64) {
    let (width, height) = (f64::from(WIDTH), f64::from(HEIGHT));
    let (sin, cos) = (f64::from(turns) * 90.0 - skew).to_radians().sin_cos();
    let (across, down) = (x - width / 2.0, y - height / 2.0);
    let (wide, high) = match turns % 2 {
        0 => (width, height),
        _ => (height, width),
    };
    (
        wide / 2.0 + across * cos - down * sin,
        high / 2.0 + across * sin + down * cos,
    )
}

/// The first page as poppler draws it at 100 dpi: width and grey dots. PDFium rounds a picture that is
/// turned by an odd angle to whole dots, so that it is no judge of where its own dots lie.
fn drawn(pdf: &[u8]) -> (usize, Vec<u8>) {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("a.pdf");
    fs::write(&file, pdf).unwrap();
    let judge = Command::new("pdftoppm")
        .args(["-r", "100", "-gray", "-singlefile"])
        .arg(&file)
        .arg(dir.path().join("a"))
        .status();
    let judge = judge.expect("poppler is installed by `cargo xtask setup`");
    assert!(judge.success());
    let pgm = fs::read(dir.path().join("a.pgm")).unwrap();
    // P5, width and height, the lightest grey, each in a line.
    let head: Vec<&[u8]> = pgm.splitn(4, |byte| *byte == b'\n').collect();
    let size = std::str::from_utf8(head[1]).unwrap();
    let width = size.split(' ').next().unwrap().parse().unwrap();
    (width, head[3].to_vec())
}

/// The middle of the ink near a point.
fn middle_near((width, dots): &(usize, Vec<u8>), (x, y): (f64, f64)) -> (f64, f64) {
    let reach = 12.0;
    let (mut all, mut across, mut down) = (0.0, 0.0, 0.0);
    for (at, dot) in dots.iter().enumerate() {
        let place = ((at % width) as f64 + 0.5, (at / width) as f64 + 0.5);
        if (place.0 - x).abs() < reach && (place.1 - y).abs() < reach {
            let ink = 255.0 - f64::from(*dot);
            all += ink;
            across += ink * place.0;
            down += ink * place.1;
        }
    }
    assert!(all > 5_000.0, "no mark near {x} {y}");
    (across / all, down / all)
}

#[tokio::test]
async fn what_the_screen_turns_back_and_what_is_registered_agree_to_within_a_dot() {
    let client = RenderClient::new(paths());
    let document = open(&client, &marked()).await;
    let angles = [
        (0, 0.05),
        (0, 2.0),
        (0, -3.3),
        (1, 1.5),
        (2, -0.4),
        (3, 6.0),
    ];
    let mut worst = 0.0_f64;
    for (turns, skew) in angles {
        let pdf = assembled(&client, vec![page(document, turns, skew)]).await;
        let registered = drawn(&pdf);
        let apart = MARKS.map(|(x, y)| {
            let middle = (f64::from(x) + 0.5, f64::from(y) + 0.5);
            let shown = on_screen(middle, turns, f64::from(skew));
            let found = middle_near(&registered, shown);
            (shown.0 - found.0).hypot(shown.1 - found.1)
        });
        println!("turned {turns} times, {skew} degrees: {apart:.2?} dots apart");
        worst = apart.into_iter().fold(worst, f64::max);
    }
    assert!(worst <= 1.0, "{worst} dots of 100 dpi");
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
