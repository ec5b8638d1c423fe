//! Where signatures stand: found on the page, or as the office's own template says. The judges read
//! the page with poppler and the field with pyHanko.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use congvan_model::{DocumentType, Urgency};
use congvan_testkit::{Block, Letter, Stationery, letter_pdf};

use crate::{
    authority::Authority,
    matrix::picture,
    program::{python, run},
    tokens::{SoftHsm, Tokens},
};

/// Millimetres of a point.
const MM: f64 = 25.4 / 72.0;

/// A rectangle on a page: left, top, right, bottom in millimetres from its upper left corner.
type Place = [f64; 4];

pub(crate) fn letter() -> Letter {
    Letter {
        stationery: Stationery {
            parent: Some("Ủy ban nhân dân tỉnh H99".into()),
            agency: "Ủy ban nhân dân\nxã Bình Minh Đông".into(),
            place: "Xã Bình Minh Đông".into(),
        },
        notation: "12/UBND-VX".into(),
        date: None,
        kind: DocumentType::OfficialLetter,
        subject: "Rà soát hộ nghèo năm 2026".into(),
        addressees: vec!["Các thôn trên địa bàn xã".into()],
        blocks: vec![Block::Paragraph(
            "Ủy ban nhân dân xã đề nghị các thôn rà soát và báo cáo.".into(),
        )],
        recipients: vec!["Như trên".into(), "Ông Nguyễn Văn Lợi".into()],
        authority: vec!["TM. ỦY BAN NHÂN DÂN".into(), "CHỦ TỊCH".into()],
        signer: "Nguyễn Văn Lợi".into(),
        urgency: Urgency::Normal,
    }
}

/// The last place of some words on the first page, by poppler.
fn words(pdf: &Path, sought: &[&str]) -> Place {
    let output = Command::new("pdftotext")
        .args(["-bbox", "-l", "1"])
        .arg(pdf)
        .arg("-")
        .output()
        .expect("pdftotext is installed");
    let text = String::from_utf8(output.stdout).unwrap();
    let attribute = |line: &str, name: &str| -> f64 {
        let (_, rest) = line.split_once(&format!("{name}=\"")).unwrap();
        rest.split('"').next().unwrap().parse::<f64>().unwrap() * MM
    };
    let found: Vec<(String, Place)> = text
        .lines()
        .filter(|line| line.trim().starts_with("<word"))
        .map(|line| {
            let word = line.split('>').nth(1).unwrap().split('<').next().unwrap();
            let place = ["xMin", "yMin", "xMax", "yMax"].map(|name| attribute(line, name));
            (word.to_owned(), place)
        })
        .collect();
    let at = found
        .windows(sought.len())
        .rposition(|some| {
            some.iter()
                .zip(sought)
                .all(|((word, _), wanted)| word == wanted)
        })
        .unwrap_or_else(|| panic!("{sought:?} is not on the page"));
    let (first, last) = (found[at].1, found[at + sought.len() - 1].1);
    [first[0], first[1], last[2], last[3]]
}

/// The field of the last signature on its A4 page, by pyHanko.
fn field(pdf: &Path) -> Place {
    const SCRIPT: &str = "
import sys
from pyhanko.pdf_utils.reader import PdfFileReader
with open(sys.argv[1], 'rb') as file:
    reader = PdfFileReader(file)
    signature = reader.embedded_signatures[-1]
    print(*[float(number) for number in signature.sig_field['/Rect']])
";
    let output = Command::new(python())
        .args(["-c", SCRIPT])
        .arg(pdf)
        .output()
        .unwrap();
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let rect: Vec<f64> = text
        .split_whitespace()
        .map(|number| number.parse::<f64>().unwrap() * MM)
        .collect();
    assert_eq!(rect.len(), 4, "{}", String::from_utf8_lossy(&output.stderr));
    [rect[0], 297.0 - rect[3], rect[2], 297.0 - rect[1]]
}

struct Desk {
    folder: tempfile::TempDir,
    authority: Authority,
    tokens: SoftHsm,
}

impl Desk {
    fn new() -> Self {
        let authority = Authority::start();
        let tokens = SoftHsm::new(&authority, &["seal"]);
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("in.pdf"), letter_pdf(&letter()).unwrap()).unwrap();
        picture(&folder.path().join("picture.png"));
        Self {
            folder,
            authority,
            tokens,
        }
    }

    fn file(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn sign(&self, input: &str, arguments: &[&str], output: &str) -> crate::program::Ran {
        let mut sign = self.tokens.sign("seal", &self.authority);
        sign.args(arguments)
            .args([self.file(input), self.file(output)]);
        run(&mut sign)
    }
}

#[test]
fn the_leaders_picture_stands_between_title_and_name_and_the_seal_over_its_left_third() {
    let desk = Desk::new();
    let image = desk.file("picture.png").to_str().unwrap().to_owned();
    let named = ["--name", "nguyen van loi", "--position", "Chủ tịch"];
    let leader: Vec<&str> = ["--role", "leader", "--image", &image]
        .into_iter()
        .chain(named)
        .collect();
    desk.sign("in.pdf", &leader, "leader.pdf").well();
    let signed = desk.file("leader.pdf");
    let picture = field(&signed);
    let title = words(&desk.file("in.pdf"), &["CHỦ", "TỊCH"]);
    let name = words(&desk.file("in.pdf"), &["Nguyễn", "Văn", "Lợi"]);
    assert!(picture[1] >= title[3] - 1.0, "{picture:?} below {title:?}");
    assert!(picture[3] <= name[1] + 1.0, "{picture:?} above {name:?}");
    let middle = |place: Place| f64::midpoint(place[0], place[2]);
    assert!(
        (middle(picture) - middle(name)).abs() < 3.0,
        "{picture:?} {name:?}"
    );

    let seal = ["--role", "seal", "--image", &image];
    desk.sign("leader.pdf", &seal, "seal.pdf").well();
    let seal = field(&desk.file("seal.pdf"));
    let third = picture[0] + (picture[2] - picture[0]) / 3.0;
    assert!((seal[2] - third).abs() < 0.5, "{seal:?} over {picture:?}");
    assert!(seal[0] < picture[0]);
}

#[test]
fn a_page_that_does_not_name_the_signer_is_refused_with_what_to_do() {
    let desk = Desk::new();
    let image = desk.file("picture.png").to_str().unwrap().to_owned();
    let leader = [
        "--role",
        "leader",
        "--image",
        &image,
        "--name",
        "Lê Thị Không Có",
    ];
    let ran = desk.sign("in.pdf", &leader, "out.pdf");
    assert_eq!(ran.code, 1, "{ran}");
    assert!(!desk.file("out.pdf").exists());
    let line = ran.line("file");
    assert!(line["remedy"].as_str().unwrap().contains("--rect"), "{ran}");
}

#[test]
fn a_copy_is_signed_at_the_top_right_of_its_first_page() {
    let desk = Desk::new();
    let copy = [
        "--role",
        "copy",
        "--form",
        "true",
        "--agency",
        "UBND xã Bình Minh Đông",
    ];
    desk.sign("in.pdf", &copy, "copy.pdf").well();
    let place = field(&desk.file("copy.pdf"));
    assert!((210.0 - place[2] - 8.0).abs() < 0.5, "{place:?}");
    assert!((place[1] - 8.0).abs() < 0.5, "{place:?}");
}

#[test]
fn the_offices_own_template_decides_place_and_size_and_a_bad_one_is_explained() {
    let desk = Desk::new();
    let template = desk.file("mau.json");
    fs::write(
        &template,
        r#"{"role": "copy", "place": {"rule": "absolute", "page": 1, "x_mm": 30, "y_mm": 40},
            "size": {"mm": [60, 20]}, "parts": [{"text": {"lines": ["{copy_form}", "{time}"]}}]}"#,
    )
    .unwrap();
    let path = template.to_str().unwrap().to_owned();
    let copy = ["--role", "copy", "--form", "extract", "--template", &path];
    desk.sign("in.pdf", &copy, "out.pdf").well();
    let place = field(&desk.file("out.pdf"));
    for (is, wanted) in place.iter().zip([30.0, 40.0, 90.0, 60.0]) {
        assert!((is - wanted).abs() < 0.2, "{place:?}");
    }

    fs::write(
        &template,
        r#"{"role": "copy", "place": {"rule": "nowhere"}}"#,
    )
    .unwrap();
    let ran = desk.sign("in.pdf", &copy, "bad.pdf");
    assert_ne!(ran.code, 0, "{ran}");
    assert!(
        ran.complaint.contains("TEMPLATE") || ran.text.contains("TEMPLATE"),
        "{ran}"
    );
    assert!(!desk.file("bad.pdf").exists());
}
