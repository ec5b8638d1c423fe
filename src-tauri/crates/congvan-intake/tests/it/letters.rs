use congvan_intake::{
    Area, Knowledge, Lesson, Line, PageText, Reading, SecretMark, Source, Word, lessons,
    read_letter,
};
use congvan_model::{DocumentType, Urgency};
use jiff::civil::date;

/// A line at a place: the words share its width by their length.
pub(crate) fn line(centre: f32, y: f32, text: &str) -> Line {
    let letter = 0.0105;
    let width = letter * text.chars().count() as f32;
    let mut x = centre - width / 2.0;
    let words = text
        .split(' ')
        .map(|word| {
            let w = letter * word.chars().count() as f32;
            let area = Area { x, y, w, h: 0.012 };
            x += w + letter;
            Word {
                text: word.to_owned(),
                area,
                confidence: 0.95,
            }
        })
        .collect();
    Line { words }
}

pub(crate) fn page(lines: Vec<Line>) -> PageText {
    PageText {
        page: 0,
        ratio: 1.414,
        source: Source::Ocr,
        lines,
        red: Vec::new(),
    }
}

fn head() -> Vec<Line> {
    vec![
        line(0.26, 0.07, "UBND TỈNH HƯNG THỊNH"),
        line(0.67, 0.07, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"),
        line(0.26, 0.09, "SỞ NỘI VỤ"),
        line(0.67, 0.09, "Độc lập - Tự do - Hạnh phúc"),
        line(0.26, 0.13, "Số: 125/SNV-CCHC"),
        line(0.67, 0.13, "Hưng Thịnh, ngày 05 tháng 01 năm 2026"),
    ]
}

fn official_letter() -> Vec<Line> {
    let mut lines = head();
    lines.extend([
        line(0.26, 0.15, "V/v rà soát thủ tục"),
        line(0.26, 0.165, "hành chính năm 2026"),
        line(0.5, 0.22, "Kính gửi: Ủy ban nhân dân các xã, phường"),
        line(
            0.5,
            0.26,
            "Đề nghị gửi báo cáo trước ngày 15/3/2026 để tổng hợp theo quy định.",
        ),
        line(0.2, 0.5, "Nơi nhận:"),
        line(0.7, 0.5, "KT. GIÁM ĐỐC"),
        line(0.7, 0.52, "PHÓ GIÁM ĐỐC"),
        line(0.7, 0.62, "Nguyễn Văn An"),
    ]);
    lines
}

fn read(lines: Vec<Line>) -> Reading {
    read_letter(&[page(lines)], &Knowledge::default())
}

#[test]
fn an_official_letter_is_read_whole_with_the_place_of_every_field() {
    let read = read(official_letter());
    let agency = read.agency.unwrap();
    assert_eq!(agency.value.printed, "SỞ NỘI VỤ");
    assert_eq!(agency.value.name, "Sở Nội vụ");
    assert_eq!(agency.value.parent.as_deref(), Some("UBND TỈNH HƯNG THỊNH"));
    let notation = read.notation.unwrap();
    assert_eq!(notation.value.to_string(), "125/SNV-CCHC");
    assert!((notation.places[0].area.y - 0.13).abs() < 0.001);
    assert_eq!(read.date.unwrap().value, date(2026, 1, 5));
    assert_eq!(read.kind.value, DocumentType::OfficialLetter);
    assert!(read.kind.confidence > 0.9);
    let subject = read.subject.unwrap();
    assert_eq!(subject.value, "Rà soát thủ tục hành chính năm 2026");
    assert_eq!(subject.places.len(), 2, "a box for each line");
    assert_eq!(read.addressees[0].value, "Ủy ban nhân dân các xã, phường");
    assert_eq!(read.deadlines[0].value, date(2026, 3, 15));
    let signer = read.signer.unwrap().value;
    assert_eq!(
        (signer.position.as_str(), signer.name.as_str()),
        ("PHÓ GIÁM ĐỐC", "Nguyễn Văn An")
    );
    assert_eq!(signer.authority, ["KT. GIÁM ĐỐC"]);
    assert_eq!((read.urgency, read.secret), (None, None));
}

#[test]
fn the_code_in_the_number_settles_a_misread_type() {
    let mut lines = head();
    lines[4] = line(0.26, 0.13, "Số: 20/TB-SNV");
    lines.push(line(0.5, 0.2, "THÔNG CÁO"));
    lines.push(line(0.5, 0.222, "Kết luận của Giám đốc tại cuộc họp"));
    let read = read(lines);
    assert_eq!(read.kind.value, DocumentType::Announcement);
    assert_eq!(
        read.subject.unwrap().value,
        "Kết luận của Giám đốc tại cuộc họp"
    );
}

#[test]
fn an_agency_whose_symbol_is_a_type_still_writes_official_letters() {
    let mut lines = head();
    lines[2] = line(0.26, 0.09, "CỤC THUẾ");
    lines[4] = line(0.26, 0.13, "Số: 35/CT-NVT");
    lines.push(line(0.26, 0.15, "V/v quyết toán thuế"));
    let read = read(lines);
    assert_eq!(read.kind.value, DocumentType::OfficialLetter);
    assert!(read.kind.confidence < 0.8, "somebody should look");
    assert_eq!(read.agency.unwrap().value.printed, "CỤC THUẾ");
}

#[test]
fn stamps_are_found_in_red_ink_that_the_print_does_not_show() {
    let mut page = page(official_letter());
    page.red = vec![line(0.26, 0.19, "HỎA TỐC"), line(0.26, 0.21, "TỐI MẬT")];
    let read = read_letter(&[page], &Knowledge::default());
    assert_eq!(read.urgency.unwrap().value, Urgency::Express);
    assert_eq!(read.secret.unwrap().value, SecretMark::TopSecret);
}

#[test]
fn a_correction_is_known_the_next_time() {
    let mut lines = official_letter();
    lines[2] = line(0.26, 0.09, "SỞ NỘỊ VỤ");
    let first = read(lines.clone());
    let notation = first.notation.as_ref().unwrap().value.clone();
    let mut known = Knowledge::default();
    for lesson in lessons(&first, "Sở Nội vụ tỉnh Hưng Thịnh", &notation) {
        assert_eq!(
            lesson,
            Lesson::Agency {
                name: "Sở Nội vụ tỉnh Hưng Thịnh".to_owned(),
                symbol: Some("SNV".to_owned())
            }
        );
        known.learn(lesson.clone());
        known.learn(lesson);
    }
    assert_eq!(known.agencies.len(), 1);
    known.learn(Lesson::Agency {
        name: "Sở Nội vụ".to_owned(),
        symbol: Some("SNV".to_owned()),
    });
    lines[4] = line(0.26, 0.13, "Số: 125/5NV-CCHC");
    let again = read_letter(&[page(lines)], &known);
    assert_eq!(again.agency.unwrap().value.name, "Sở Nội vụ");
    assert_eq!(again.notation.unwrap().value.to_string(), "125/SNV-CCHC");
}

#[test]
fn a_page_that_lies_askew_is_read_like_a_straight_one() {
    let mut lines = official_letter();
    for line in &mut lines {
        for word in &mut line.words {
            // Two degrees.
            word.area.y += word.area.x * 0.035 / 1.414;
        }
    }
    let read = read(lines);
    assert_eq!(read.agency.unwrap().value.printed, "SỞ NỘI VỤ");
    assert_eq!(
        read.subject.unwrap().value,
        "Rà soát thủ tục hành chính năm 2026"
    );
}

#[test]
fn no_pages_give_an_empty_reading() {
    let read = read_letter(&[], &Knowledge::default());
    assert!(read.agency.is_none() && read.notation.is_none() && read.subject.is_none());
}
