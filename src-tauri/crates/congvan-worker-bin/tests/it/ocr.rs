//! Words of pictures through the real worker and Tesseract.

use std::{num::NonZeroUsize, path::PathBuf, sync::Arc, time::Duration};

use congvan_worker::{
    GreyPicture, Guard, Loss, OcrClient, OcrError, OcrLayout, OcrPaths, OcrTurn, PageScan,
    RenderClient,
};
use pdf_writer::{Content, Finish, Pdf, Rect, Ref};

use crate::{pdf, support::paths};

fn ocr_paths() -> OcrPaths {
    OcrPaths {
        executable: paths().executable,
        library: PathBuf::from("libtesseract.so.5"),
        models: None,
    }
}

fn ocr() -> OcrClient {
    OcrClient::new(ocr_paths(), NonZeroUsize::MIN)
}

async fn scan(pdf: Vec<u8>, part: f32) -> PageScan {
    let client = RenderClient::new(paths());
    let open = client.open(Arc::new(pdf)).await.unwrap();
    client.page_scan(open.handle, 0, (200, part)).await.unwrap()
}

#[tokio::test]
async fn words_of_a_picture_come_with_their_places() {
    let scan = scan(pdf::pages(["So 12/QD-UBND".to_owned()]), 1.0).await;
    assert_eq!((scan.print.width, scan.page_height), (1653, 2339));
    let lines = ocr()
        .read(scan.print, OcrLayout::Page, OcrTurn::Fields)
        .await
        .expect("Tesseract and its Vietnamese model are missing: run `cargo xtask setup`");
    let words: Vec<_> = lines.iter().flat_map(|line| &line.words).collect();
    let symbol = words
        .iter()
        .find(|word| word.text.contains("UBND"))
        .unwrap();
    assert!(symbol.text.contains("12/Q"), "{}", symbol.text);
    assert!(symbol.confidence > 0.5);
    // The text begins 100 points from the left, its baseline is 142 from the top.
    let (left, top, bottom) = (
        symbol.x * 595.0,
        symbol.y * 842.0,
        (symbol.y + symbol.h) * 842.0,
    );
    assert!(left > 110.0 && left < 160.0, "{left}");
    assert!(top > 115.0 && bottom < 150.0, "{top} {bottom}");
}

#[tokio::test]
async fn the_upper_part_of_a_page_is_the_top_of_the_whole() {
    let page = || pdf::pages(["So 12/QD-UBND".to_owned()]);
    let (whole, part) = (scan(page(), 1.0).await, scan(page(), 0.45).await);
    assert_eq!(part.page_height, whole.page_height);
    assert_eq!(part.print.height, 1053);
    assert_eq!(
        part.print.pixels,
        whole.print.pixels[..part.print.pixels.len()]
    );
}

/// A red bar at the left, a blue one at the right, each 100 by 20 points.
fn two_inks() -> Vec<u8> {
    let mut content = Content::new();
    for (x, [red, green, blue]) in [(100.0, [0.85, 0.15, 0.15]), (350.0, [0.1, 0.1, 0.7])] {
        for bar in 0..10_u8 {
            content.set_fill_rgb(red, green, blue);
            content.rect(x + f32::from(bar) * 10.0, 700.0, 4.0, 12.0);
            content.fill_nonzero();
        }
    }
    let mut pdf = Pdf::new();
    pdf.catalog(Ref::new(1)).pages(Ref::new(2));
    pdf.pages(Ref::new(2)).count(1).kids([Ref::new(3)]);
    let mut page = pdf.page(Ref::new(3));
    page.parent(Ref::new(2))
        .media_box(Rect::new(0.0, 0.0, 595.0, 842.0))
        .contents(Ref::new(4));
    page.resources();
    page.finish();
    pdf.stream(Ref::new(4), content.finish().as_slice());
    pdf.finish()
}

#[tokio::test]
async fn red_ink_leaves_the_print_and_becomes_a_picture_of_its_own() {
    let scan = scan(two_inks(), 1.0).await;
    let dot = |x: f32, y: f32| {
        let (x, y) = (
            (x / 72.0 * 200.0) as usize,
            ((842.0 - y) / 72.0 * 200.0) as usize,
        );
        scan.print.pixels[y * scan.print.width as usize + x]
    };
    assert!(
        dot(102.0, 706.0) > 200,
        "red is nearly paper: {}",
        dot(102.0, 706.0)
    );
    assert!(dot(352.0, 706.0) < 60, "blue is ink: {}", dot(352.0, 706.0));
    let (red, (left, top)) = scan.red.unwrap();
    let (left, right) = (left as f32 * 0.36, (left + red.width) as f32 * 0.36);
    assert!(
        left > 90.0 && left < 100.0 && right > 194.0 && right < 204.0,
        "{left} {right}"
    );
    assert!(top as f32 * 0.36 > 120.0);
    assert!(red.pixels.iter().any(|dot| *dot < 40));
}

#[tokio::test]
async fn the_ocr_worker_can_touch_nothing() {
    let (probe, sandbox) = ocr().probe().await.unwrap();
    assert!(
        probe.file_refused && probe.write_refused && probe.socket_refused && probe.program_refused,
        "{probe:?}"
    );
    assert_eq!(sandbox.file_system, Guard::Applied);
    assert_eq!(sandbox.system_calls, Guard::Applied);
    assert_eq!(sandbox.memory, Guard::Applied);
    assert_eq!(sandbox.dies_with_parent, Guard::Applied);
}

#[tokio::test]
async fn a_picture_that_lies_about_its_size_is_refused_and_the_next_is_read() {
    let client = ocr();
    let lying = GreyPicture {
        width: 4000,
        height: 4000,
        dpi: 200,
        pixels: vec![255; 100],
    };
    let refused = client.read(lying, OcrLayout::Page, OcrTurn::Fields).await;
    assert_eq!(refused, Err(OcrError::BadPicture));
    let white = GreyPicture {
        width: 800,
        height: 400,
        dpi: 200,
        pixels: vec![255; 800 * 400],
    };
    let read = client
        .read(white, OcrLayout::Page, OcrTurn::Search)
        .await
        .unwrap();
    assert!(
        read.iter().all(|line| line.words.is_empty()),
        "nothing stands on white paper"
    );
}

#[tokio::test]
async fn a_picture_that_holds_the_worker_twice_is_given_up() {
    let client = OcrClient::with_deadline(ocr_paths(), NonZeroUsize::MIN, Duration::from_millis(1));
    let scan = scan(pdf::pages(["So 12/QD-UBND".to_owned()]), 1.0).await;
    let read = client
        .read(scan.print, OcrLayout::Page, OcrTurn::Fields)
        .await;
    assert_eq!(read, Err(OcrError::PictureFailed));
}

#[tokio::test]
async fn without_tesseract_the_call_says_so() {
    let paths = OcrPaths {
        library: PathBuf::from("libtesseract-nowhere.so.5"),
        ..ocr_paths()
    };
    let client = OcrClient::new(paths, NonZeroUsize::MIN);
    let white = GreyPicture {
        width: 100,
        height: 100,
        dpi: 200,
        pixels: vec![255; 10_000],
    };
    let read = client.read(white, OcrLayout::Page, OcrTurn::Fields).await;
    assert!(
        matches!(
            read,
            Err(OcrError::WorkerLost {
                loss: Loss::NotStarted { .. }
            })
        ),
        "{read:?}"
    );
}
