//! What was read against a directory: slips are mended, similar names are not taken for one another.

use congvan_intake::{Directory, Knowledge, Listed, Settled, read_letter};
use jiff::civil::date;

use crate::letters::{line, page};

/// Below this a person looks.
const SURE: f32 = 0.8;

struct Book(Vec<Listed>);

impl Book {
    fn add(mut self, code: &str, name: &str, (symbol, parent): (&str, &str)) -> Self {
        let above = self.0.iter().rev().find(|one| one.name == parent);
        let parent = above.map(|one| one.id);
        self.0.push(Listed {
            id: self.0.len() as i64 + 1,
            code: code.to_owned(),
            name: name.to_owned(),
            aliases: Vec::new(),
            symbol: (!symbol.is_empty()).then(|| symbol.to_owned()),
            parent,
            valid_from: None,
            valid_to: None,
        });
        self
    }

    fn commune(self, code: &str, place: &str) -> Self {
        let name = format!("Ủy ban nhân dân {place}");
        self.add(code, &name, ("UBND", ""))
    }

    fn until_2025(mut self) -> Self {
        self.0.last_mut().unwrap().valid_to = Some(date(2025, 6, 30));
        self
    }

    fn since_2025(mut self) -> Self {
        self.0.last_mut().unwrap().valid_from = Some(date(2025, 7, 1));
        self
    }
}

/// Two provinces with departments of the same names, and communes that differ by a letter.
fn book() -> Book {
    Book(Vec::new())
        .add("H10", "Ủy ban nhân dân tỉnh Hưng Thịnh", ("UBND", ""))
        .add(
            "H10.11",
            "Sở Nội vụ",
            ("SNV", "Ủy ban nhân dân tỉnh Hưng Thịnh"),
        )
        .add(
            "H10.12",
            "Sở Tài chính",
            ("STC", "Ủy ban nhân dân tỉnh Hưng Thịnh"),
        )
        .add("H20", "Ủy ban nhân dân thành phố Minh Châu", ("UBND", ""))
        .add(
            "H20.11",
            "Sở Nội vụ",
            ("SNV", "Ủy ban nhân dân thành phố Minh Châu"),
        )
        .add(
            "H20.12",
            "Sở Tài chính",
            ("STC", "Ủy ban nhân dân thành phố Minh Châu"),
        )
        .add("G12", "Bộ Tài chính", ("BTC", ""))
        .add(
            "G12.43",
            "Kho bạc Nhà nước khu vực XIV",
            ("", "Bộ Tài chính"),
        )
        .add(
            "G12.44",
            "Kho bạc Nhà nước khu vực XV",
            ("", "Bộ Tài chính"),
        )
        .commune("H10.101", "xã Bình Minh Đông")
        .commune("H10.102", "xã Bình Minh Tây")
        .commune("H10.103", "xã An Phú Đông")
        .commune("H20.107", "xã Tân Lập")
        .commune("H10.108", "xã Tân Lập")
        .commune("H10.110", "xã Đông Sơn")
        .commune("H10.111", "xã Đồng Sơn")
        .add(
            "H10.101.03",
            "Phòng Kinh tế",
            ("PKT", "Ủy ban nhân dân xã Bình Minh Đông"),
        )
        .add(
            "H10.102.03",
            "Phòng Kinh tế",
            ("PKT", "Ủy ban nhân dân xã Bình Minh Tây"),
        )
        .commune("H10.31", "huyện Kim Sơn")
        .until_2025()
        .commune("H10.31.22", "xã Minh Tiến")
        .until_2025()
        .commune("H10.140", "xã Minh Tiến")
        .since_2025()
}

/// What is settled of a letter with that head: name, confidence, and who it is.
fn settle(home: Option<&str>, head: &str, (notation, day): (&str, &str)) -> (String, f32, Settled) {
    let directory = Directory::new(book().0, home.map(str::to_owned));
    let mut lines: Vec<_> = head
        .split('/')
        .enumerate()
        .map(|(number, text)| line(0.26, 0.07 + 0.02 * number as f32, text.trim()))
        .collect();
    lines.push(line(0.67, 0.07, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"));
    lines.push(line(0.67, 0.09, "Độc lập - Tự do - Hạnh phúc"));
    lines.push(line(0.26, 0.16, &format!("Số: {notation}")));
    lines.push(line(0.67, 0.16, &format!("Nơi Này, ngày {day}")));
    let mut reading = read_letter(&[page(lines)], &Knowledge::default());
    let settled = directory.settle(&mut reading);
    let field = reading.agency.unwrap();
    (field.value.name, field.confidence, settled)
}

const TODAY: &str = "05 tháng 01 năm 2026";

fn code_of(settled: &Settled) -> &str {
    settled.code.as_deref().unwrap_or_default()
}

#[test]
fn what_a_reader_made_of_a_name_becomes_the_name_and_the_line_above_tells_which_of_several() {
    for (head, notation, name, code) in [
        (
            "UBND TỈNH HƯNG THỊNH / SỞ NỘI VỤ",
            "125/SNV-CCHC",
            "Sở Nội vụ",
            "H10.11",
        ),
        (
            "UBND THÀNH PHỐ MINH CHÂU / SỞ NỘI VỤ",
            "125/SNV-CCHC",
            "Sở Nội vụ",
            "H20.11",
        ),
        (
            "UBND TINH HUNG THINH / SỞ NOI VU",
            "125/SNV-CCHC",
            "Sở Nội vụ",
            "H10.11",
        ),
        (
            "UBND TP. MINH CHÂU / SỞ TÀI CHÍNHH",
            "7/QĐ-STC",
            "Sở Tài chính",
            "H20.12",
        ),
        (
            "ỦY BAN NHÂN DÂN / XÃ BÌNH MIĨNH ĐÔNG",
            "7/QĐ-UBND",
            "Ủy ban nhân dân xã Bình Minh Đông",
            "H10.101",
        ),
        (
            "UỶ BAN NHÂN DÂN / XÃ BÌNH MINH ĐÔNG",
            "7/QĐ-UBND",
            "Ủy ban nhân dân xã Bình Minh Đông",
            "H10.101",
        ),
        (
            "UBND XÃ BÌNH MINH TÂY / PHÒNG KINH TẾ",
            "7/PKT-TH",
            "Phòng Kinh tế",
            "H10.102.03",
        ),
        (
            "BỘ TÀI CHÍNH / KHO BẠC NHÀ NƯỚC / KHU VỰC XV",
            "9/KBXV-NS",
            "Kho bạc Nhà nước khu vực XV",
            "G12.44",
        ),
    ] {
        let (found, sure, settled) = settle(None, head, (notation, TODAY));
        assert_eq!((found.as_str(), code_of(&settled)), (name, code), "{head}");
        assert!(sure >= SURE, "{head}: {sure}");
    }
}

#[test]
fn a_name_that_could_be_another_agency_is_never_replaced_by_its_neighbour() {
    for (head, read) in [
        // One letter from "An Phú Đông", and a name of its own.
        (
            "ỦY BAN NHÂN DÂN / XÃ AN PHÚ LONG",
            "Ủy ban nhân dân xã An Phú Long",
        ),
        ("ỦY BAN NHÂN DÂN / XÃ TÂN LỘC", "Ủy ban nhân dân xã Tân Lộc"),
        // As near to one as to the other.
        (
            "ỦY BAN NHÂN DÂN / XÃ BÌNH MINH",
            "Ủy ban nhân dân xã Bình Minh",
        ),
        ("BỘ NỘI VỤ", "Bộ Nội vụ"),
        ("TRƯỜNG TRUNG HỌC CƠ SỞ / NGUYỄN DU", ""),
    ] {
        let (found, _, settled) = settle(Some("H10"), head, ("7/UBND-VX", TODAY));
        assert_eq!(settled, Settled::default(), "{head}");
        assert!(read.is_empty() || found == read, "{head}: {found}");
    }
    // A stroke of a Roman number is another region.
    let head = "BỘ TÀI CHÍNH / KHO BẠC NHÀ NƯỚC / KHU VỰC XVI";
    let (found, _, settled) = settle(None, head, ("9/KBXV-NS", TODAY));
    assert_eq!(settled, Settled::default());
    assert!(!found.ends_with("XV") && !found.ends_with("XIV"), "{found}");
}

#[test]
fn where_two_agencies_differ_by_a_mark_only_the_mark_decides() {
    let of = |head: &str| settle(None, head, ("7/UBND-VX", TODAY));
    assert_eq!(code_of(&of("ỦY BAN NHÂN DÂN / XÃ ĐÔNG SƠN").2), "H10.110");
    assert_eq!(code_of(&of("ỦY BAN NHÂN DÂN / XÃ ĐỒNG SƠN").2), "H10.111");
    let (_, sure, settled) = of("ỦY BAN NHÂN DÂN / XÃ ĐỐNG SƠN");
    assert_eq!(settled, Settled::default());
    assert!(sure < SURE, "{sure}");
}

#[test]
fn of_namesakes_the_own_province_is_a_guess_that_a_person_looks_at() {
    let head = "ỦY BAN NHÂN DÂN / XÃ TÂN LẬP";
    let (name, sure, settled) = settle(None, head, ("7/UBND-VX", TODAY));
    assert_eq!(
        (name.as_str(), settled),
        ("Ủy ban nhân dân xã Tân Lập", Settled::default())
    );
    assert!(sure >= SURE, "the name is certain: {sure}");
    let (_, sure, settled) = settle(Some("H20"), head, ("7/UBND-VX", TODAY));
    assert_eq!(code_of(&settled), "H20.107");
    assert!(sure < SURE, "{sure}");
}

#[test]
fn an_agency_that_ended_is_meant_by_letters_of_its_time() {
    let before = "05 tháng 01 năm 2025";
    let of = |head: &str, day: &str| settle(None, head, ("7/UBND-VX", day));
    let (name, sure, settled) = of("ỦY BAN NHÂN DÂN / HUYỆN KIM SƠN", before);
    assert_eq!(
        (name.as_str(), code_of(&settled)),
        ("Ủy ban nhân dân huyện Kim Sơn", "H10.31")
    );
    assert!(sure >= SURE, "{sure}");
    let (_, sure, _) = of("ỦY BAN NHÂN DÂN / HUYỆN KIM SƠN", TODAY);
    assert!(sure < SURE, "a district that is no more: {sure}");
    // The commune of before and the one of today have one name and two codes.
    let head = "ỦY BAN NHÂN DÂN / XÃ MINH TIẾN";
    assert_eq!(code_of(&of(head, before).2), "H10.31.22");
    assert_eq!(code_of(&of(head, TODAY).2), "H10.140");
}

#[test]
fn a_directory_of_nobody_changes_nothing() {
    let directory = Directory::new(Vec::new(), None);
    assert!(directory.is_empty());
    let lines = vec![
        line(0.26, 0.07, "SỞ NỘI VỤ"),
        line(0.26, 0.13, "Số: 5/SNV-VP"),
    ];
    let mut reading = read_letter(&[page(lines)], &Knowledge::default());
    let before = reading.clone();
    assert_eq!(directory.settle(&mut reading), Settled::default());
    assert_eq!(reading, before);
}
