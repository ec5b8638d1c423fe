//! Where the leader's picture, initials, number and date go is found on real letters, by the text
//! that PDFium gives.

use std::{path::Path, process::Command};

use congvan_model::{DocumentType, Urgency, fold};
use congvan_pades::{
    MmRect,
    placement::{
        Initials, PageWords, Place, Word, date_places, initials_place, leader_place, number_place,
    },
};
use congvan_testkit::{Block, Letter, Stationery, letter_pdf};
use serde_json::Value;

use crate::oracles::python;

const SIZE: (f64, f64) = (45.0, 22.0);
/// The middle of the signer's column in the letters of the test office, in millimetres.
const COLUMN: f64 = 30.0 + 160.0 * 0.74;

/// The words of every page of every file.
pub(crate) fn words(files: &[Vec<u8>]) -> Vec<Vec<PageWords>> {
    let dir = tempfile::tempdir().unwrap();
    let mut command = Command::new(python());
    command.arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/words.py"));
    for (index, bytes) in files.iter().enumerate() {
        let path = dir.path().join(format!("{index:03}.pdf"));
        std::fs::write(&path, bytes).unwrap();
        command.arg(path);
    }
    let output = command.output().unwrap();
    let error = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "pypdfium2: {error}");
    let lines = String::from_utf8(output.stdout).unwrap();
    let number = |value: &Value| value.as_f64().unwrap();
    lines
        .lines()
        .map(|line| {
            let file: Value = serde_json::from_str(line).unwrap();
            let pages = file["pages"].as_array().unwrap().iter();
            let page = |page: &Value| PageWords {
                width_mm: number(&page["width"]),
                height_mm: number(&page["height"]),
                words: page["words"]
                    .as_array()
                    .unwrap()
                    .iter()
                    .map(|word| Word {
                        text: word[0].as_str().unwrap().to_owned(),
                        area: MmRect {
                            x: number(&word[1]),
                            y: number(&word[2]),
                            width: number(&word[3]),
                            height: number(&word[4]),
                        },
                    })
                    .collect(),
            };
            pages.map(page).collect()
        })
        .collect()
}

pub(crate) fn letter() -> Letter {
    Letter {
        stationery: Stationery {
            parent: Some("Ủy ban nhân dân tỉnh H99".into()),
            agency: "Ủy ban nhân dân\nxã Bình Minh Đông".into(),
            place: "Xã Bình Minh Đông".into(),
        },
        notation: "      /UBND-VX".into(),
        date: None,
        kind: DocumentType::OfficialLetter,
        subject: "Rà soát hộ nghèo, hộ cận nghèo năm 2026".into(),
        addressees: vec!["Các thôn trên địa bàn xã".into()],
        blocks: vec![Block::Paragraph(
            "Ủy ban nhân dân xã đề nghị các thôn rà soát, báo cáo trước ngày 15 tháng 12 năm 2026."
                .into(),
        )],
        recipients: vec![
            "Như trên".into(),
            "Chủ tịch, các Phó Chủ tịch UBND xã".into(),
        ],
        authority: vec!["TM. ỦY BAN NHÂN DÂN".into(), "CHỦ TỊCH".into()],
        signer: "Nguyễn Văn A".into(),
        urgency: Urgency::Normal,
    }
}

struct Layout {
    name: String,
    letter: Letter,
    /// What the desk knows: name and position.
    sought: (String, String),
}

fn many(paragraphs: usize) -> Vec<Block> {
    (0..paragraphs)
        .map(|index| {
            Block::Paragraph(format!(
                "{}. Giao Phòng Kinh tế chủ trì, phối hợp Văn phòng Hội đồng nhân dân và Ủy ban \
                 nhân dân xã tham mưu thực hiện nội dung này theo đúng quy định, bảo đảm tiến độ.",
                index + 1
            ))
        })
        .collect()
}

/// At least thirty, over who signs, in what capacity, on how many pages, with whom among the
/// recipients, and how the desk spells the name.
fn layouts() -> Vec<Layout> {
    let blocks: [(&[&str], &str, &str); 8] = [
        (
            &["TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH"],
            "Nguyễn Văn A",
            "Chủ tịch UBND xã Bình Minh Đông",
        ),
        (
            &["TM. ỦY BAN NHÂN DÂN", "KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH"],
            "Trần Thị Hoà",
            "Phó Chủ tịch",
        ),
        (
            &["TL. CHỦ TỊCH", "CHÁNH VĂN PHÒNG"],
            "Lê Đức Ðạt",
            "Chánh Văn phòng HĐND và UBND",
        ),
        (
            &["TUQ. CHỦ TỊCH", "TRƯỞNG PHÒNG KINH TẾ"],
            "Phạm Nguyễn Hoàng Thiên Kim Ngọc Bảo Châu",
            "Trưởng phòng Kinh tế",
        ),
        (&["GIÁM ĐỐC"], "Hồ Quý Ly", "Giám đốc Trung tâm"),
        (&["KT. TRƯỞNG PHÒNG", "PHÓ TRƯỞNG PHÒNG"], "Vũ Ân", ""),
        (
            &[
                "TM. ỦY BAN NHÂN DÂN",
                "TL. CHỦ TỊCH",
                "CHÁNH VĂN PHÒNG",
                "HĐND VÀ UBND",
            ],
            "Đặng Ỷ Ðăng",
            "Chánh Văn phòng HĐND và UBND",
        ),
        (&["Q. CHỦ TỊCH"], "Đỗ Xuân Ý", "Quyền Chủ tịch"),
    ];
    let mut found = Vec::new();
    for (index, (authority, signer, position)) in blocks.iter().enumerate() {
        let base = Letter {
            authority: authority.iter().map(|line| (*line).to_owned()).collect(),
            signer: (*signer).to_owned(),
            ..letter()
        };
        let sought = ((*signer).to_owned(), (*position).to_owned());
        let mut add = |name: &str, letter: Letter, sought: (String, String)| {
            found.push(Layout {
                name: format!("{index} {name}"),
                letter,
                sought,
            });
        };
        add("plain", base.clone(), sought.clone());
        let named = vec![
            "Như trên".to_owned(),
            format!("Đ/c {signer}, để biết"),
            (*signer).to_owned(),
            // The test office does not break long recipients: they would run into the signer.
            format!("{position} {signer}").chars().take(34).collect(),
        ];
        let recipients = Letter {
            recipients: named,
            ..base.clone()
        };
        add("named among the recipients", recipients, sought.clone());
        let mut long = Letter {
            blocks: many(9 + index * 3),
            kind: DocumentType::Plan,
            ..base.clone()
        };
        long.blocks.push(Block::Paragraph(format!(
            "Giao ông {signer}, {position}, chịu trách nhiệm thi hành."
        )));
        add("several pages", long, sought.clone());
        let spelt = [decomposed(signer), signer.to_uppercase(), fold(signer)];
        let spelt = spelt[index % 3].clone();
        add(
            "spelt differently",
            base.clone(),
            (spelt, sought.1.to_uppercase()),
        );
        let table = Letter {
            blocks: vec![
                Block::Table(
                    vec!["TT".into(), "Họ tên".into(), "Chức vụ".into()],
                    vec![
                        vec!["1".into(), (*signer).to_owned(), (*position).to_owned()],
                        vec!["2".into(), "Nguyễn Thị B".into(), "Chuyên viên".into()],
                    ],
                ),
                Block::Paragraph("Các thành viên chịu trách nhiệm thi hành./.".into()),
            ],
            ..base
        };
        add("named in a table", table, sought);
    }
    found
}

fn decomposed(text: &str) -> String {
    // By Python's own tables.
    let program = "import sys,unicodedata as u;\
                   sys.stdout.buffer.write(u.normalize('NFD',sys.argv[1]).encode())";
    let output = Command::new(python()).args(["-c", program, text]).output();
    String::from_utf8(output.unwrap().stdout).unwrap()
}

fn middle(place: Place) -> (f64, f64) {
    let rect = place.rect;
    (rect.x + rect.width / 2.0, rect.y + rect.height / 2.0)
}

/// The upper edge of the signer's name at the end of the letter: the lowest word in the signer's
/// column. The letters of the test office leave 101 points between two base lines there.
fn truth(pages: &[PageWords]) -> (usize, (f64, f64)) {
    let last = pages.len() - 1;
    let column = pages[last].words.iter().filter(|word| word.area.x > 100.0);
    let lowest = column
        .map(|word| word.area.y + word.area.height)
        .fold(0.0, f64::max);
    // Descent of the name 3 pt; from its base line up to the middle between the boxes 53 pt.
    (last, (COLUMN, lowest - (3.0 + 53.0) * 25.4 / 72.0))
}

#[test]
fn the_leaders_place_is_found_within_three_millimetres_on_forty_letters() {
    let layouts = layouts();
    assert!(layouts.len() >= 30);
    let files: Vec<Vec<u8>> = layouts
        .iter()
        .map(|layout| letter_pdf(&layout.letter).unwrap())
        .collect();
    let mut pages_seen = 0;
    for (layout, pages) in layouts.iter().zip(words(&files)) {
        pages_seen += pages.len();
        let (name, position) = &layout.sought;
        let place = leader_place(&pages, (name, position), SIZE)
            .unwrap_or_else(|| panic!("{}: not found", layout.name));
        let (page, (x, y)) = truth(&pages);
        let seen = middle(place);
        assert_eq!(place.page, page, "{}", layout.name);
        let off = (seen.0 - x).hypot(seen.1 - y);
        assert!(off < 3.0, "{}: {off:.1} mm, {seen:?}, {x} {y}", layout.name);
        // The picture touches neither position nor name.
        let rect = place.rect;
        let overlaps = |word: &Word| {
            let a = word.area;
            a.x < rect.x + rect.width
                && rect.x < a.x + a.width
                && a.y < rect.y + rect.height
                && rect.y < a.y + a.height
        };
        assert!(!pages[page].words.iter().any(overlaps), "{}", layout.name);
    }
    assert!(
        pages_seen > layouts.len(),
        "some letters have several pages"
    );
}

#[test]
fn a_name_that_signs_nothing_has_no_place() {
    let mut named = letter();
    named.recipients = vec!["Trần Thị B".into(), "Ông Lê Văn C".into()];
    named.blocks = vec![Block::Table(
        vec!["TT".into(), "Chức vụ".into()],
        vec![
            vec!["1".into(), "Chủ tịch".into()],
            vec!["2".into(), "Trần Thị B".into()],
        ],
    )];
    let pages = words(&[letter_pdf(&named).unwrap()]).remove(0);
    for name in [
        "Trần Thị B",
        "Lê Văn C",
        "Đặng Văn Không Có",
        "",
        "A",
        "Văn",
    ] {
        assert_eq!(
            leader_place(&pages, (name, "Chủ tịch"), SIZE),
            None,
            "{name}"
        );
    }
    assert_eq!(leader_place(&[], ("Nguyễn Văn A", ""), SIZE), None);
}

/// One line of words, as a renderer would give them: 2 mm to a letter.
fn line(x: f64, y: f64, text: &str) -> Vec<Word> {
    let mut at = x;
    let words = text.split(' ');
    words
        .map(|text| {
            let width = 2.0 * text.chars().count() as f64;
            let area = MmRect {
                x: at,
                y,
                width,
                height: 5.0,
            };
            at += width + 1.2;
            Word {
                text: text.to_owned(),
                area,
            }
        })
        .collect()
}

fn page(lines: &[(f64, f64, &str)]) -> PageWords {
    PageWords {
        width_mm: 210.0,
        height_mm: 297.0,
        words: lines
            .iter()
            .flat_map(|(x, y, text)| line(*x, *y, text))
            .collect(),
    }
}

#[test]
fn odd_signature_blocks_are_understood() {
    let at = |pages: &[PageWords], name: &str, position: &str| {
        leader_place(pages, (name, position), SIZE).map(|place| (place.page, middle(place).1))
    };
    // A remark where the signature goes is no position.
    let remark = page(&[
        (130.0, 200.0, "CHỦ TỊCH"),
        (130.0, 206.0, "(Đã ký)"),
        (127.0, 240.0, "Nguyễn Văn A"),
    ]);
    assert_eq!(at(&[remark], "Nguyễn Văn A", "Chủ tịch"), Some((0, 222.5)));
    // Two signers side by side: each has a column.
    let two = page(&[
        (40.0, 200.0, "KẾ TOÁN TRƯỞNG"),
        (135.0, 200.0, "GIÁM ĐỐC"),
        (45.0, 240.0, "Trần Thị B"),
        (130.0, 240.0, "Nguyễn Văn A"),
    ]);
    let left = leader_place(
        std::slice::from_ref(&two),
        ("Trần Thị B", "Kế toán trưởng"),
        SIZE,
    );
    assert!(middle(left.unwrap()).0 < 70.0);
    let right = leader_place(&[two], ("Nguyễn Văn A", "Giám đốc"), SIZE);
    assert!(middle(right.unwrap()).0 > 120.0);
    // A name over two lines, and one behind a rank.
    let broken = page(&[
        (130.0, 200.0, "CHỦ TỊCH"),
        (125.0, 240.0, "Tôn Nữ Thị"),
        (125.0, 246.0, "Ninh Hoàng"),
    ]);
    assert!(at(&[broken], "Tôn Nữ Thị Ninh Hoàng", "Chủ tịch").is_some());
    let rank = page(&[
        (130.0, 200.0, "TRƯỞNG CÔNG AN XÃ"),
        (130.0, 240.0, "Thượng tá Nguyễn Văn A"),
    ]);
    assert!(at(&[rank], "Nguyễn Văn A", "Trưởng Công an xã").is_some());
    // The appendix behind the document names the signer again, without a position above.
    let main = page(&[(130.0, 200.0, "CHỦ TỊCH"), (127.0, 240.0, "Nguyễn Văn A")]);
    let appendix = page(&[(30.0, 40.0, "PHỤ LỤC"), (30.0, 80.0, "Nguyễn Văn A")]);
    assert_eq!(
        at(&[main, appendix], "Nguyễn Văn A", "Chủ tịch"),
        Some((0, 222.5))
    );
    // No room, no signature.
    let list = page(&[(130.0, 200.0, "CHỦ TỊCH"), (127.0, 206.0, "Nguyễn Văn A")]);
    assert_eq!(at(&[list], "Nguyễn Văn A", "Chủ tịch"), None);
}

#[test]
fn initials_go_behind_the_last_word_of_the_content_or_behind_the_recipients() {
    let size = (16.0, 8.0);
    let mut marked = letter();
    marked.blocks = vec![Block::Paragraph(
        "Đề nghị các thôn nghiêm túc thực hiện./.".into(),
    )];
    let files = [&letter(), &marked].map(|letter| letter_pdf(letter).unwrap());
    for (pages, last) in words(&files).iter().zip(["2026.", "hiện./."]) {
        let area = |text: &str| {
            let mut words = pages[0].words.iter();
            words.find(|word| word.text == text).unwrap().area
        };
        let content = initials_place(pages, Initials::Content, size).unwrap().rect;
        let word = area(last);
        assert!(
            (content.x - (word.x + word.width + 1.0)).abs() < 0.1,
            "{content:?}"
        );
        let middle = |rect: MmRect| rect.y + rect.height / 2.0;
        assert!((middle(content) - middle(word)).abs() < 0.1);
        let form = initials_place(pages, Initials::Form, size).unwrap().rect;
        let word = area("nhận:");
        assert!(
            (form.x - (word.x + word.width + 1.0)).abs() < 0.1,
            "{form:?}"
        );
        assert!((middle(form) - middle(word)).abs() < 0.1);
    }
}

#[test]
fn the_blanks_for_number_and_date_are_found_and_filled_ones_are_not() {
    let mut filled = letter();
    filled.notation = "12/UBND-VX".into();
    filled.date = Some(jiff::civil::date(2026, 1, 5));
    let mut leaders = letter();
    leaders.notation = "……../QĐ-UBND".into();
    let letters = [letter(), leaders, filled].map(|letter| letter_pdf(&letter).unwrap());
    let pages = words(&letters);
    for (index, pages) in pages.iter().take(2).enumerate() {
        let number = number_place(pages).unwrap().rect;
        let mut all = pages[0].words.iter();
        let label = all.find(|word| word.text.starts_with("Số:")).unwrap().area;
        assert!(
            number.x > label.x + 5.0 && number.width > 3.0,
            "{index} {number:?}"
        );
        assert!(number.x + number.width < 100.0, "{number:?}");
    }
    let blanks = date_places(&pages[0]).unwrap();
    let word = |text: &str| {
        let mut words = pages[0][0].words.iter();
        words.find(|word| word.text == text).unwrap().area
    };
    let (day, month) = (blanks.day.unwrap(), blanks.month.unwrap());
    let (before, between, after) = (word("ngày"), word("tháng"), word("năm"));
    assert!((day.x - (before.x + before.width)).abs() < 0.1, "{day:?}");
    assert!((day.x + day.width - between.x).abs() < 0.1);
    assert!((month.x - (between.x + between.width)).abs() < 0.1);
    assert!((month.x + month.width - after.x).abs() < 0.1);
    assert_eq!(blanks.year, None, "the year is printed");
    assert_eq!(number_place(&pages[2]), None);
    let blanks = date_places(&pages[2]).unwrap();
    assert_eq!((blanks.day, blanks.month, blanks.year), (None, None, None));
}
