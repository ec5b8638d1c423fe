//! Pages that are one picture, which are scaled, against the same pages drawn by PDFium.

use std::sync::Arc;

use congvan_worker::RenderClient;
use jpeg_encoder::{ColorType, Encoder};

use crate::support::paths;

/// Paper with print, a red seal and a shade, as a scanner's PDF.
fn scan(width: u16, height: u16, is_colour: bool) -> Vec<u8> {
    let mut dots = Vec::new();
    for y in 0..u32::from(height) {
        for x in 0..u32::from(width) {
            let paper = 235 - (x * 20 / u32::from(width)) as u8 - ((x * 7 + y * 13) % 5) as u8;
            let is_print = y % 60 < 24 && (x / 9 + y / 60 * 7) % 5 < 2 && x % 9 < 6;
            let is_seal = x.abs_diff(900).pow(2) + y.abs_diff(1300).pow(2) < 160 * 160;
            let dot = match (is_print, is_seal) {
                (true, _) => [40, 38, 44],
                (false, true) => [214, 60, 58],
                (false, false) => [paper, paper, paper - 6],
            };
            dots.extend_from_slice(if is_colour { &dot } else { &dot[..1] });
        }
    }
    let mut jpeg = Vec::new();
    let kind = if is_colour {
        ColorType::Rgb
    } else {
        ColorType::Luma
    };
    Encoder::new(&mut jpeg, 85)
        .encode(&dots, width, height, kind)
        .unwrap();
    congvan_pdf::pdf_of_image(&jpeg).unwrap().bytes
}

/// The same page with an operator that draws nothing, so that it is no picture alone.
fn with_something_else(scan: &[u8]) -> Vec<u8> {
    let place = scan.windows(4).position(|four| four == b" Do ");
    let mut changed = scan.to_vec();
    let restore = changed[place.unwrap()..]
        .iter()
        .position(|byte| *byte == b'Q')
        .unwrap();
    changed[place.unwrap() + restore] = b'n';
    changed
}

async fn picture(client: &RenderClient, file: Vec<u8>, width: u32) -> (u32, u32, usize, Vec<u8>) {
    let open = client.open(Arc::new(file)).await.unwrap();
    let png = client.page_png(open.handle, 0, width).await.unwrap();
    client.close(open.handle);
    let mut reader = png::Decoder::new(std::io::Cursor::new(png))
        .read_info()
        .unwrap();
    let mut samples = vec![0; reader.output_buffer_size().unwrap()];
    let info = reader.next_frame(&mut samples).unwrap();
    samples.truncate(info.buffer_size());
    (info.width, info.height, info.color_type.samples(), samples)
}

#[tokio::test]
async fn a_scan_that_is_scaled_looks_like_the_page_that_pdfium_draws() {
    let client = RenderClient::new(paths());
    // An odd width leaves a gap at the end of each row of PDFium's picture.
    for (wide, high, is_colour) in [(1654, 2339, true), (1653, 2339, true), (1654, 2339, false)] {
        let file = scan(wide, high, is_colour);
        for width in [100, 640, 1000] {
            let ours = picture(&client, file.clone(), width).await;
            let drawn = picture(&client, with_something_else(&file), width).await;
            assert_eq!((ours.0, ours.1, ours.2), (drawn.0, drawn.1, drawn.2));
            assert_ne!(ours.3, drawn.3, "nothing was scaled");
            let middle = difference(&ours.3, &drawn.3);
            assert!(middle < 4.0, "{wide} dots at {width}: {middle}");
            let (x, y) = (900 * width as usize / 1654, 1290 * width as usize / 1654);
            let seal = &ours.3[(y * width as usize + x) * ours.2..][..ours.2];
            assert!(
                !is_colour || seal[0] > 120 && seal[0] - seal[2] > 40,
                "{seal:?}"
            );
        }
    }
}

/// The mean difference of two pictures, in steps of 255.
fn difference(a: &[u8], b: &[u8]) -> f64 {
    let sum: u64 = a
        .iter()
        .zip(b)
        .map(|(a, b)| u64::from(a.abs_diff(*b)))
        .sum();
    sum as f64 / a.len() as f64
}

#[tokio::test]
async fn a_jpeg_that_does_not_say_how_its_colours_are_meant_looks_as_pdfium_shows_it() {
    let client = RenderClient::new(paths());
    let mut file = scan(1654, 2339, true);
    let place = file.windows(4).position(|four| four == b"JFIF");
    file[place.unwrap()] = b'X';
    let ours = picture(&client, file.clone(), 1000).await;
    let drawn = picture(&client, with_something_else(&file), 1000).await;
    assert_eq!((ours.0, ours.1, ours.2), (drawn.0, drawn.1, drawn.2));
    let middle = difference(&ours.3, &drawn.3);
    assert!(middle < 4.0, "{middle}");
}

#[tokio::test]
async fn a_scan_is_drawn_where_it_is_not_to_become_smaller() {
    let client = RenderClient::new(paths());
    let file = scan(1240, 1754, true);
    let ours = picture(&client, file.clone(), 1300).await;
    let drawn = picture(&client, with_something_else(&file), 1300).await;
    assert_eq!(ours, drawn);
}
