use congvan_intake::{Area, Knowledge, Line, PageText, Source, Word, read_letter};
use proptest::prelude::*;

fn word() -> impl Strategy<Value = Word> {
    let texts = prop_oneof![
        "\\PC{1,12}",
        Just("Số:".to_owned()),
        Just("12/".to_owned()),
        Just("ngày".to_owned()),
        Just("tháng".to_owned()),
        Just("năm2026".to_owned()),
        Just("V/v".to_owned()),
        Just("CỘNG".to_owned()),
        Just("HÒA".to_owned()),
        Just("Kính gửi:".to_owned()),
        Just("KT.".to_owned()),
        Just("trước".to_owned()),
    ];
    (
        texts,
        -0.5_f32..1.5,
        -0.5_f32..1.5,
        0.0_f32..0.5,
        0.0_f32..0.1,
        0.0_f32..1.0,
    )
        .prop_map(|(text, x, y, w, h, confidence)| Word {
            text,
            area: Area { x, y, w, h },
            confidence,
        })
}

proptest! {
    /// Whatever a reader makes of a page, reading it ends, and says only what can be shown.
    #[test]
    fn any_words_anywhere_are_read_without_harm(lines in prop::collection::vec(prop::collection::vec(word(), 0..8), 0..30)) {
        let lines: Vec<Line> = lines.into_iter().map(|words| Line { words }).collect();
        let page = PageText { page: 0, ratio: 1.414, source: Source::Ocr, red: lines.clone(), lines };
        let read = read_letter(std::slice::from_ref(&page), &Knowledge::default());
        prop_assert_eq!(&read, &read_letter(&[page], &Knowledge::default()));
        prop_assert!((0.0..=1.0).contains(&read.kind.confidence));
        if let Some(notation) = read.notation {
            prop_assert!(!notation.places.is_empty());
        }
    }
}
