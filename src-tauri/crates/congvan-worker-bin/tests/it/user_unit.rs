//! Pages are shown in the size that signatures are placed by, whatever a unit of theirs is
//! (ISO 32000-2, 7.7.3.3, /UserUnit).

use std::sync::Arc;

use congvan_pdf::{
    Appearance, Colour, Dict, Document, Item, MmRect, SignatureEntries, SignaturePlan,
    SignatureTarget, add_signature,
};
use congvan_testkit::forms::variants;
use congvan_worker::{PageSize, RenderClient};

use crate::support::paths;

/// A frame needs no letter of it, but every look is drawn with one.
const FONT: &[u8] = include_bytes!("../../../../resources/fonts/tinos/Tinos-Regular.ttf");
const MM_PER_POINT: f64 = 25.4 / 72.0;
const DOTS_PER_MM: f64 = 4.0;

fn in_mm(size: PageSize) -> (f64, f64) {
    (
        f64::from(size.width_pt) * MM_PER_POINT,
        f64::from(size.height_pt) * MM_PER_POINT,
    )
}

/// The file with a signature field in a red frame on its first page.
fn framed(pdf: Vec<u8>, rect: MmRect) -> Vec<u8> {
    let frame = Item::Frame {
        area: MmRect {
            x: 0.0,
            y: 0.0,
            ..rect
        },
        width: 1.0,
        colour: Colour::RED,
    };
    let appearance = Appearance { items: vec![frame] };
    let plan = SignaturePlan {
        target: SignatureTarget::New { page: 0, rect },
        entries: SignatureEntries {
            kind: "Sig",
            sub_filter: "ETSI.CAdES.detached",
            more: Dict::new(),
        },
        certifies: false,
        reserve: 64,
        appearance: Some((&appearance, FONT)),
        filled: (&[], &[]),
        text_fields: &[],
        id_seed: [7; 16],
    };
    let unsigned = {
        let document = Document::open(&pdf).unwrap();
        add_signature(&document, &plan).unwrap()
    };
    let mut signed = pdf;
    signed.extend_from_slice(&unsigned.bytes);
    signed
}

/// Left, top, right and bottom of what is red, in millimetres.
fn red_extent(png: &[u8]) -> [f64; 4] {
    let mut reader = png::Decoder::new(std::io::Cursor::new(png))
        .read_info()
        .unwrap();
    let mut samples = vec![0; reader.output_buffer_size().unwrap()];
    let frame = reader.next_frame(&mut samples).unwrap();
    assert_eq!(frame.color_type, png::ColorType::Rgb, "red is a colour");
    let (mut left, mut top, mut right, mut bottom) = (u32::MAX, u32::MAX, 0, 0);
    for (index, dot) in samples[..frame.buffer_size()].chunks_exact(3).enumerate() {
        if dot[0] > 150 && dot[1] < 128 {
            let index = u32::try_from(index).unwrap();
            let (x, y) = (index % frame.width, index / frame.width);
            (left, right) = (left.min(x), right.max(x + 1));
            (top, bottom) = (top.min(y), bottom.max(y + 1));
        }
    }
    assert!(right > 0, "nothing red on the page");
    [left, top, right, bottom].map(|dot| f64::from(dot) / DOTS_PER_MM)
}

#[tokio::test]
async fn a_signature_lies_where_its_box_was_on_the_page_as_shown_whatever_its_unit() {
    let client = RenderClient::new(paths());
    for (name, pdf) in variants() {
        let open = client.open(Arc::new(pdf.clone())).await.unwrap();
        let (width, height) = in_mm(open.pages[0]);
        // As a person draws it: at the right and low, measured on the page that is shown.
        let rect = MmRect {
            x: width - 50.0,
            y: height - 35.0,
            width: 40.0,
            height: 20.0,
        };
        let signed = client.open(Arc::new(framed(pdf, rect))).await.unwrap();
        assert_eq!(signed.pages[0], open.pages[0], "{name}");
        let dots = (width * DOTS_PER_MM).round() as u32;
        let png = client.page_png(signed.handle, 0, dots).await.unwrap();
        let seen = red_extent(&png);
        let wanted = [rect.x, rect.y, rect.x + rect.width, rect.y + rect.height];
        for (seen, wanted) in seen.iter().zip(wanted) {
            assert!((seen - wanted).abs() < 0.6, "{name}: {seen} {wanted}");
        }
    }
}

#[tokio::test]
async fn a_page_of_double_units_has_its_true_size_and_is_read_and_judged_in_true_millimetres() {
    let client = RenderClient::new(paths());
    let of = |wanted: &str| {
        let found = variants().into_iter().find(|(name, _)| *name == wanted);
        Arc::new(found.unwrap().1)
    };
    let plain = client.open(of("plain")).await.unwrap();
    let doubled = client.open(of("user-unit")).await.unwrap();
    let ((width, height), (wide, high)) = (in_mm(plain.pages[0]), in_mm(doubled.pages[0]));
    assert!((width - wide).abs() < 0.1 && (height - high).abs() < 0.1);
    let ink = client.page_ink(plain.handle, 0).await.unwrap();
    let same = client.page_ink(doubled.handle, 0).await.unwrap();
    assert_eq!((ink.columns, ink.rows), (same.columns, same.rows));
    let near = |a: u32, b: u32| a.abs_diff(b) <= 2;
    let scan = client.page_scan(plain.handle, 0, (100, 1.0)).await.unwrap();
    let same = client
        .page_scan(doubled.handle, 0, (100, 1.0))
        .await
        .unwrap();
    assert!(
        near(scan.print.width, same.print.width),
        "read at another scale"
    );
    assert!(near(scan.page_height, same.page_height));
    let set = client.page_typeset(plain.handle, 0).await.unwrap();
    let same = client.page_typeset(doubled.handle, 0).await.unwrap();
    assert!((set.width - same.width).abs() < 0.1 && (set.height - same.height).abs() < 0.1);
}
