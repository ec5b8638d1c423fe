//! Registers of a previous system as offices hand them over: a table of incoming documents of past
//! years with the agencies of their days, and in it faults of every kind at known rows.

use std::fmt::Write as _;

use congvan_protocol::Agency;
use jiff::{ToSpan as _, civil::Date};

use crate::SplitMix;

/// The first year of the register.
const FIRST_YEAR: i16 = 2006;
/// How many years it has.
const YEARS: usize = 18;
/// Every so many rows name a file.
const FILE_EVERY: usize = 250;
/// Every so many rows have a subject of two lines.
const TWO_LINES: usize = 97;
/// Names a file that is larger than a server of the tests takes.
pub const LARGE_FILE: &str = "lon.pdf";
/// Names a file that says it is a PDF and is none.
const FALSE_FILE: &str = "anh.pdf";
/// Names a file that is there, for rows that name too many.
const SMALL_FILE: &str = "nho.pdf";

/// What is planted, by the code that has to be told, in turns. The last is found by the server alone.
pub const PLANTED: [&str; 20] = [
    "MISSING",
    "BAD_NUMBER",
    "BAD_DATE",
    "FUTURE_DATE",
    "TOO_OLD",
    "OTHER_YEAR",
    "ISSUED_LATER",
    "BAD_NOTATION",
    "UNKNOWN_KIND",
    "UNKNOWN_URGENCY",
    "UNKNOWN_BOOK",
    "TOO_LONG",
    "SECRET",
    "DAMAGED_TEXT",
    "FILE_MISSING",
    "FILE_NOT_PDF",
    "FILE_TOO_LARGE",
    "TOO_MANY_FILES",
    "TWICE",
    "OF_THIS_SYSTEM",
];

/// A generated register.
pub struct OldRegister {
    /// CSV in UTF-8.
    pub text: String,
    /// Row in the file and code of each planted fault.
    pub planted: Vec<(u32, &'static str)>,
    /// Files below the folder beside it: path and bytes.
    pub files: Vec<(String, Vec<u8>)>,
    /// Files that good rows name.
    pub named_files: usize,
    /// A good row to look for: its agency and its notation.
    pub sought: (Agency, String),
}

#[derive(Clone)]
struct Row {
    old_id: String,
    number: String,
    on: String,
    year: String,
    book: String,
    notation: String,
    issued: String,
    issuer: String,
    kind: String,
    subject: String,
    urgency: String,
    secrecy: String,
    files: String,
}

/// A register of so many rows, so many of which have one fault each.
///
/// # Panics
/// When there are not twice as many rows as faults, or no agency existed in those years.
#[must_use]
pub fn old_register(
    (rows, faults): (usize, usize),
    directory: &[Agency],
    (seed, today): (u64, Date),
) -> OldRegister {
    assert!(faults > 0 && rows >= 2 * faults, "room for the faults");
    let mut random = SplitMix::new(seed);
    let ended: Vec<&Agency> = directory
        .iter()
        .filter(|one| one.valid_to.is_some() && one.valid_from.is_none() && !one.code.is_empty())
        .collect();
    let step = rows / faults;
    let at: Vec<usize> = (0..faults)
        .map(|place| place * step + 1 + random.below(step - 1))
        .collect();
    let mut made = OldRegister {
        text: "Mã VB,Số đến,Ngày đến,Năm,Sổ,Số/Ký hiệu,Ngày VB,Cơ quan ban hành,Loại văn bản,\
               Trích yếu nội dung,Người ký,Độ khẩn,Độ mật,Đơn vị xử lý,Tệp đính kèm\r\n"
            .to_owned(),
        planted: Vec::new(),
        files: vec![
            (LARGE_FILE.to_owned(), Vec::new()),
            (FALSE_FILE.to_owned(), b"GIF89a".to_vec()),
            (SMALL_FILE.to_owned(), pdf("nho")),
        ],
        named_files: 0,
        sought: ((*random.pick(&ended)).clone(), String::new()),
    };
    let mut before: Option<Row> = None;
    for place in 0..rows {
        let agency = *random.pick(&ended);
        let mut row = good(place, rows, agency, today);
        let fault = at.binary_search(&place).ok();
        match fault.and_then(|turn| PLANTED.get(turn % PLANTED.len())) {
            Some(code) => {
                plant(code, &mut row, (before.as_ref(), place), today);
                let line = u32::try_from(place + 2).expect("a row");
                made.planted.push((line, code));
            }
            None => {
                if place.is_multiple_of(FILE_EVERY) {
                    row.files = format!("{}/vb-{place}.pdf", row.year);
                    let bytes = pdf(&row.old_id);
                    made.files.push((row.files.clone(), bytes));
                    made.named_files += 1;
                }
                if place < rows / 2 {
                    made.sought = (agency.clone(), row.notation.clone());
                }
            }
        }
        write(&mut made.text, &row);
        before = Some(row);
    }
    made
}

fn pdf(words: &str) -> Vec<u8> {
    format!("%PDF-1.7\n% {words}\nstartxref\n9\n%%EOF\n").into_bytes()
}

fn day(day: Date) -> String {
    day.strftime("%d/%m/%Y").to_string()
}

fn good(place: usize, rows: usize, agency: &Agency, today: Date) -> Row {
    let per_year = rows.div_ceil(YEARS);
    let year = FIRST_YEAR + i16::try_from(place / per_year).expect("a year");
    let number = place % per_year;
    let first = Date::new(year, 1, 4).expect("a day");
    let after = i64::try_from(number * 350 / per_year).expect("days");
    let on = first.saturating_add(after.days());
    assert!(on < today, "the register is of past years");
    let issued = on.saturating_add((-3).days());
    let subject = format!("Về việc thực hiện nhiệm vụ số {place} của {}", agency.name);
    let kinds = [
        ("Quyết định", "QĐ-UBND"),
        ("Công văn", "UBND-VX"),
        ("Báo cáo", "BC-UBND"),
    ];
    let (kind, symbol) = kinds.get(place % 3).copied().expect("three");
    Row {
        old_id: format!("VB{place:07}"),
        number: (number + 1).to_string(),
        on: day(on),
        year: year.to_string(),
        book: String::new(),
        notation: format!("{}/{symbol}", place + 1),
        issued: day(issued),
        // Half of them by the code that they had.
        issuer: if place.is_multiple_of(2) {
            agency.name.clone()
        } else {
            agency.code.clone()
        },
        kind: kind.to_owned(),
        subject: if place.is_multiple_of(TWO_LINES) {
            subject.replace("thực hiện", "thực\nhiện")
        } else {
            subject
        },
        urgency: "Thường".to_owned(),
        secrecy: String::new(),
        files: String::new(),
    }
}

fn plant(code: &str, row: &mut Row, (before, place): (Option<&Row>, usize), today: Date) {
    let number: u32 = row.year.parse().expect("a year");
    match code {
        "MISSING" => row.subject.clear(),
        "BAD_NUMBER" => row.number.push('a'),
        "BAD_DATE" => row.on = format!("31/02/{}", row.year),
        "FUTURE_DATE" => row.on = "01/01/2199".to_owned(),
        "TOO_OLD" => row.on = "01/09/1945".to_owned(),
        "OTHER_YEAR" => row.year = (number + 1).to_string(),
        "ISSUED_LATER" => row.issued = format!("31/12/{}", row.year),
        "BAD_NOTATION" => row.notation = "không số".to_owned(),
        "UNKNOWN_KIND" => row.kind = "Sắc lệnh".to_owned(),
        "UNKNOWN_URGENCY" => row.urgency = "gấp lắm".to_owned(),
        "UNKNOWN_BOOK" => row.book = "Sổ không có".to_owned(),
        "TOO_LONG" => row.subject = "x".repeat(2_001),
        "SECRET" => row.secrecy = "Mật".to_owned(),
        "DAMAGED_TEXT" => row.subject = "V\u{fffd} vi\u{fffd}c".to_owned(),
        "FILE_MISSING" => row.files = format!("khong-co-{place}.pdf"),
        "FILE_NOT_PDF" => row.files = FALSE_FILE.to_owned(),
        "FILE_TOO_LARGE" => row.files = LARGE_FILE.to_owned(),
        "TOO_MANY_FILES" => row.files = [SMALL_FILE; 21].join(";"),
        "TWICE" => *row = before.cloned().expect("a row before"),
        "OF_THIS_SYSTEM" => {
            let first = Date::new(today.year(), 1, 1).expect("a day");
            (row.on, row.issued) = (day(first), day(first));
            row.year = today.year().to_string();
            row.number = (900_000 + place).to_string();
        }
        other => panic!("{other} is not planted"),
    }
}

fn write(text: &mut String, row: &Row) {
    let cells = [
        &row.old_id,
        &row.number,
        &row.on,
        &row.year,
        &row.book,
        &row.notation,
        &row.issued,
        &row.issuer,
        &row.kind,
        &row.subject,
        &"Trần Văn An".to_owned(),
        &row.urgency,
        &row.secrecy,
        &"Phòng Kinh tế".to_owned(),
        &row.files,
    ];
    let quoted = cells.map(|cell| format!("\"{}\"", cell.replace('"', "\"\"")));
    write!(text, "{}\r\n", quoted.join(",")).expect("a string takes it");
}
