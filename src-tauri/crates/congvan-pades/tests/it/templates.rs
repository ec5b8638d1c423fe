//! Templates: data becomes what the decree asks for, and nothing else.

use congvan_pades::{
    Item, MmRect, PageSize,
    placement::Place,
    signature_places,
    template::{Facts, Role, Rule, Scene, Template, TemplateError},
};
use congvan_testkit::letter_pdf;

use crate::{
    keys::{NOW, pki},
    oracles::pdfium_text,
    placements::{letter, words},
    signing::{seal, sign},
    stamps::red_extent,
};

const A4: PageSize = PageSize {
    width_mm: 210.0,
    height_mm: 297.0,
    rotate: 0,
};

/// A red picture of so many pixels, at so many pixels to the metre.
fn picture((width, height): (u32, u32), density: Option<u32>) -> Vec<u8> {
    let mut out = Vec::new();
    let mut encoder = png::Encoder::new(&mut out, width, height);
    encoder.set_color(png::ColorType::Rgba);
    encoder.set_depth(png::BitDepth::Eight);
    if let Some(density) = density {
        encoder.set_pixel_dims(Some(png::PixelDimensions {
            xppu: density,
            yppu: density,
            unit: png::Unit::Meter,
        }));
    }
    let mut writer = encoder.write_header().unwrap();
    let pixels = [220, 0, 0, 255].repeat((width * height) as usize);
    writer.write_image_data(&pixels).unwrap();
    writer.finish().unwrap();
    out
}

#[test]
fn leader_and_seal_stand_as_the_decree_says_on_the_rendered_page() {
    let pdf = letter_pdf(&letter()).unwrap();
    let pages = words(std::slice::from_ref(&pdf)).remove(0);
    let facts = Facts {
        name: Some("Nguyễn Văn A"),
        position: Some("Chủ tịch UBND xã Bình Minh Đông"),
        ..Facts::default()
    };
    let scene = Scene {
        sizes: &[A4],
        words: &pages,
        ..Scene::default()
    };
    // Three times as wide as high.
    let handwriting = picture((300, 100), None);
    let template = Template::built_in(Role::Leader);
    let stamp = template.fill(&facts, Some(&handwriting), &scene).unwrap();
    let place = stamp.place.unwrap();
    assert!((place.rect.width - 45.0).abs() < 1e-6 && (place.rect.height - 15.0).abs() < 1e-6);
    let leader = sign(&pdf, &pki().rsa, |request| {
        request.field = stamp.field();
        request.appearance = stamp.appearance.clone();
    })
    .unwrap();
    let near = |seen: [f64; 4], rect: MmRect| {
        let expected = [rect.x, rect.y, rect.x + rect.width, rect.y + rect.height];
        for (seen, expected) in seen.iter().zip(expected) {
            assert!((seen - expected).abs() < 0.5, "{seen} {expected}");
        }
    };
    near(red_extent(&leader, 1.0), place.rect);
    // The seal: its place from the leader's field, its size from the picture's density.
    let known = signature_places(&leader).unwrap();
    assert_eq!(known.len(), 1);
    let found = known[0].1;
    assert!((found.rect.x - place.rect.x).abs() < 0.01, "{found:?}");
    assert!((found.rect.width - 45.0).abs() < 0.01);
    let scene = Scene {
        leader: Some(found),
        ..scene
    };
    // 425 pixels at 300 dpi (11,811 to the metre): 35.98 mm.
    let red = picture((425, 425), Some(11_811));
    let stamp = Template::built_in(Role::Seal)
        .fill(&Facts::default(), Some(&red), &scene)
        .unwrap();
    let over = stamp.place.unwrap().rect;
    assert!((over.width - 35.98).abs() < 0.01, "{over:?}");
    let covered = over.x + over.width - found.rect.x;
    assert!((covered / found.rect.width - 1.0 / 3.0).abs() < 0.001);
    // Rendered alone on the same page, so that its edges can be told from the leader's.
    let alone = sign(&pdf, &pki().p256, |request| {
        request.field = stamp.field();
        request.appearance = stamp.appearance.clone();
    })
    .unwrap();
    near(red_extent(&alone, 1.0), over);
    // Without a density the decree's usual size counts.
    let stamp = Template::built_in(Role::Seal)
        .fill(&Facts::default(), Some(&seal()), &scene)
        .unwrap();
    assert!((stamp.place.unwrap().rect.width - 36.0).abs() < 1e-6);
}

#[test]
fn initials_go_behind_the_content_and_show_the_picture_only() {
    let pdf = letter_pdf(&letter()).unwrap();
    let pages = words(std::slice::from_ref(&pdf)).remove(0);
    let scene = Scene {
        sizes: &[A4],
        words: &pages,
        ..Scene::default()
    };
    let initials = picture((200, 100), None);
    let template = Template::built_in(Role::Initials);
    let stamp = template
        .fill(&Facts::default(), Some(&initials), &scene)
        .unwrap();
    let rect = stamp.place.unwrap().rect;
    let signed = sign(&pdf, &pki().p256, |request| {
        request.field = stamp.field();
        request.appearance = stamp.appearance.clone();
    })
    .unwrap();
    let seen = red_extent(&signed, 1.0);
    assert!((seen[0] - rect.x).abs() < 0.5 && (seen[3] - rect.y - rect.height).abs() < 0.5);
    assert!(matches!(
        stamp.appearance.items.as_slice(),
        [Item::Image { .. }]
    ));
    let form = Template::read(
        r#"{"role": "initials", "place": {"rule": "after_recipients"},
            "size": {"mm": [16, 8]}, "parts": [{"picture": {}}]}"#,
    )
    .unwrap();
    let stamp = form
        .fill(&Facts::default(), Some(&initials), &scene)
        .unwrap();
    assert!(stamp.place.unwrap().rect.y > rect.y);
}

#[test]
fn without_a_picture_the_leader_is_named_with_the_time() {
    let pdf = letter_pdf(&letter()).unwrap();
    let facts = Facts {
        name: Some("Nguyễn Văn A"),
        time: Some(NOW),
        ..Facts::default()
    };
    let scene = Scene {
        sizes: &[A4],
        // A click goes before the search.
        pointed: Some(Place {
            page: 0,
            rect: MmRect {
                x: 150.0,
                y: 200.0,
                width: 0.0,
                height: 0.0,
            },
        }),
        ..Scene::default()
    };
    let stamp = Template::built_in(Role::Leader)
        .fill(&facts, None, &scene)
        .unwrap();
    let rect = stamp.place.unwrap().rect;
    assert!((rect.x + rect.width / 2.0 - 150.0).abs() < 1e-9);
    let signed = sign(&pdf, &pki().p256, |request| {
        request.field = stamp.field();
        request.appearance = stamp.appearance.clone();
    })
    .unwrap();
    let text = pdfium_text(&[("leader".to_owned(), signed)]).remove(0);
    assert!(text.matches("Nguyễn Văn A").count() >= 2, "{text}");
    assert!(text.contains("2026-01-05T08:14:00+07:00"), "{text}");
}

#[test]
fn built_in_texts_are_the_decrees() {
    let facts = Facts {
        agency: Some("UBND xã Bình Minh Đông"),
        notation: Some("12/QĐ-UBND"),
        copy_form: Some("SAO LỤC"),
        time: Some(NOW),
        number: Some("0123"),
        ..Facts::default()
    };
    let scene = Scene {
        sizes: &[A4],
        ..Scene::default()
    };
    let lines = |role| {
        let stamp = Template::built_in(role).fill(&facts, None, &scene).unwrap();
        let lines: Vec<String> = stamp
            .appearance
            .items
            .iter()
            .flat_map(|item| match item {
                Item::Text { lines, .. } => lines.clone(),
                Item::Image { .. } | Item::Frame { .. } => Vec::new(),
            })
            .collect();
        (stamp.place, lines)
    };
    let (place, copy) = lines(Role::Copy);
    assert_eq!(
        copy,
        [
            "SAO LỤC",
            "UBND xã Bình Minh Đông",
            "2026-01-05T08:14:00+07:00"
        ]
    );
    let place = place.unwrap();
    assert!((place.rect.x + place.rect.width - 202.0).abs() < 1e-9 && place.page == 0);
    let (_, appendix) = lines(Role::Appendix);
    assert_eq!(appendix, ["12/QĐ-UBND", "2026-01-05T08:14:00+07:00"]);
    let (place, arrival) = lines(Role::Arrival);
    assert_eq!(arrival[..3], ["UBND xã Bình Minh Đông", "ĐẾN", "Số: 0123"]);
    assert!(arrival[3].starts_with("Ngày: ...."));
    let size = place.unwrap().rect;
    assert_eq!((size.width, size.height), (50.0, 35.0));
    let (place, nothing) = lines(Role::None);
    assert!(place.is_none() && nothing.is_empty());
}

#[test]
fn what_a_fact_says_is_no_template() {
    let template = Template::read(
        r##"{"role": "copy", "place": {"rule": "absolute", "page": -1, "x_mm": 5, "y_mm": 6},
            "size": {"mm": [60, 10]},
            "parts": [{"text": {"lines": ["{agency} {", "x {dossier|không có}"], "size_pt": 9,
                "colour": "#0000ff", "align": "right"}}, {"frame": {"width_pt": 1}}]}"##,
    )
    .unwrap();
    let facts = Facts {
        agency: Some("{time} ) Tj"),
        ..Facts::default()
    };
    let scene = Scene {
        sizes: &[A4, A4, A4],
        ..Scene::default()
    };
    let stamp = template.fill(&facts, None, &scene).unwrap();
    assert_eq!(stamp.place.unwrap().page, 2);
    let Item::Text { lines, colour, .. } = &stamp.appearance.items[0] else {
        panic!("no text")
    };
    assert_eq!(lines, &["{time} ) Tj {", "x không có"]);
    assert!(colour.blue > 0.99 && colour.red < 0.01);
    assert!(matches!(template.place, Rule::Absolute { .. }));
}

#[test]
fn a_template_that_cannot_be_filled_says_why() {
    let read = |place: &str, parts: &str| {
        Template::read(&format!(
            r#"{{"role": "copy", "place": {place}, "size": {{"mm": [60, 10]}}, "parts": [{parts}]}}"#
        ))
    };
    let corner = r#"{"rule": "top_right", "margin_mm": 8}"#;
    let text = |line: &str| format!(r#"{{"text": {{"lines": ["{line}"]}}}}"#);
    let name = "ai".to_owned();
    assert_eq!(
        read(corner, &text("{ai}")).unwrap_err(),
        TemplateError::UnknownPlaceholder { name }
    );
    for broken in [
        read("{}", ""),
        read(r#"{"rule": "nowhere"}"#, ""),
        read(corner, r#"{"text": {"lines": [], "colour": "red"}}"#),
        read(corner, r##"{"text": {"lines": [], "colour": "#12345é"}}"##),
        read(corner, r#"{"movie": {}}"#),
        Template::read(""),
    ] {
        assert!(
            matches!(broken, Err(TemplateError::Json { .. })),
            "{broken:?}"
        );
    }
    let small = r#"{"text": {"lines": [], "size_pt": 0}}"#;
    assert_eq!(read(corner, small).unwrap_err(), TemplateError::Length);
    let scene = Scene {
        sizes: &[A4],
        ..Scene::default()
    };
    let fill = |template: Result<Template, TemplateError>, facts: &Facts<'_>| {
        template.unwrap().fill(facts, None, &scene).unwrap_err()
    };
    let none = Facts::default();
    let name = "agency";
    assert_eq!(
        fill(read(corner, &text("{agency}")), &none),
        TemplateError::MissingFact { name }
    );
    assert_eq!(
        fill(
            read(
                r#"{"rule": "absolute", "page": 2, "x_mm": 0, "y_mm": 0}"#,
                ""
            ),
            &none
        ),
        TemplateError::NoSuchPage { page: 2 }
    );
    assert_eq!(
        fill(read(corner, r#"{"picture": {}}"#), &none),
        TemplateError::NoPicture
    );
    let lost = r#"{"rule": "text", "text": "Nơi nhận", "dx_mm": 0, "dy_mm": 0}"#;
    assert_eq!(fill(read(lost, ""), &none), TemplateError::PlaceNotFound);
    assert_eq!(
        fill(Ok(Template::built_in(Role::Leader)), &none),
        TemplateError::MissingFact { name: "name" }
    );
    let seal = Template::built_in(Role::Seal);
    let error = seal.fill(&none, Some(b"no picture"), &scene).unwrap_err();
    assert_eq!(error, TemplateError::BadPicture);
}
