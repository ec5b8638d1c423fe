//! What was read, as lines of JSON or in words.

use std::{fmt::Write as _, path::Path};

use congvan_intake::{Area, Field, PageText, Place, Reading, Settled, Shortfall};
use serde::Serialize;

use super::{Letter, is_text};
use crate::{
    fault::Fault,
    output::{self, Face, FaultLine},
    words::Language,
};

#[derive(Serialize)]
struct Line<'a> {
    r#type: &'static str,
    file: String,
    #[serde(flatten, skip_serializing_if = "Option::is_none")]
    read: Option<Read<'a>>,
    #[serde(flatten, skip_serializing_if = "Option::is_none")]
    fault: Option<FaultLine>,
}

#[derive(Serialize)]
struct Read<'a> {
    pages: u32,
    /// `text` or `ocr`.
    source: &'static str,
    /// Whether the scan is as Decree 30/2020 wants it; nothing for what is no scan.
    #[serde(skip_serializing_if = "Option::is_none")]
    meets_the_decree: Option<bool>,
    /// How it falls short.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    shortfalls: Vec<Short>,
    /// A secret letter: nothing else of it is told.
    #[serde(skip_serializing_if = "Option::is_none")]
    secret: Option<Told>,
    #[serde(flatten, skip_serializing_if = "Option::is_none")]
    fields: Option<Fields<'a>>,
}

/// A way of falling short, and its pages from 1; none where it is about the file.
#[derive(Serialize)]
struct Short {
    what: &'static str,
    pages: Vec<u32>,
}

#[derive(Serialize)]
struct Fields<'a> {
    agency: Option<Told>,
    /// Its code in the directory, where one was given and one agency alone is meant.
    #[serde(skip_serializing_if = "Option::is_none")]
    agency_code: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    parent: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    printed_agency: Option<&'a str>,
    notation: Option<Told>,
    date: Option<Told>,
    kind: Told,
    subject: Option<Told>,
    urgency: Option<Told>,
    position: Option<Told>,
    signer: Option<Told>,
    addressees: Vec<Told>,
    deadlines: Vec<Told>,
}

/// A field: its value in words, how sure, where.
#[derive(Serialize)]
struct Told {
    value: String,
    confidence: f32,
    places: Vec<Spot>,
}

/// A page from 1 and a box in fractions of it.
#[derive(Serialize)]
struct Spot {
    page: u32,
    x: f32,
    y: f32,
    w: f32,
    h: f32,
}

fn told<T>(field: &Field<T>, value: impl Fn(&T) -> String) -> Told {
    let round = |number: f32| (number * 10_000.0).round() / 10_000.0;
    let spot = |place: &Place| {
        let Area { x, y, w, h } = place.area;
        Spot {
            page: place.page + 1,
            x: round(x),
            y: round(y),
            w: round(w),
            h: round(h),
        }
    };
    Told {
        value: value(&field.value),
        confidence: (field.confidence * 1000.0).round() / 1000.0,
        places: field.places.iter().map(spot).collect(),
    }
}

impl<'a> Fields<'a> {
    fn new(reading: &'a Reading, settled: &'a Settled) -> Self {
        let agency = reading.agency.as_ref();
        let signer = reading.signer.as_ref();
        Self {
            agency: agency.map(|field| told(field, |agency| agency.name.clone())),
            agency_code: settled.code.as_deref(),
            parent: agency.and_then(|field| field.value.parent.as_deref()),
            printed_agency: agency.map(|field| field.value.printed.as_str()),
            notation: reading
                .notation
                .as_ref()
                .map(|field| told(field, ToString::to_string)),
            date: reading
                .date
                .as_ref()
                .map(|field| told(field, ToString::to_string)),
            kind: told(&reading.kind, |kind| kind.name().to_owned()),
            subject: reading
                .subject
                .as_ref()
                .map(|field| told(field, Clone::clone)),
            urgency: reading.urgency.as_ref().map(|field| {
                told(field, |urgency| {
                    urgency.stamp().unwrap_or_default().to_owned()
                })
            }),
            position: signer.map(|field| told(field, |signer| signer.position.clone())),
            signer: signer.map(|field| told(field, |signer| signer.name.clone())),
            addressees: reading
                .addressees
                .iter()
                .map(|field| told(field, Clone::clone))
                .collect(),
            deadlines: reading
                .deadlines
                .iter()
                .map(|field| told(field, ToString::to_string))
                .collect(),
        }
    }
}

/// Tells what was read of a letter.
pub(super) fn tell(
    face: Face,
    path: &Path,
    letter: &Letter,
    (reading, settled): (&Reading, &Settled),
) {
    let secret = reading
        .secret
        .as_ref()
        .map(|field| told(field, |mark| mark.stamp().to_owned()));
    // The law keeps such a letter off connected machines; its content goes no further.
    let fields = secret.is_none().then(|| Fields::new(reading, settled));
    let read = Read {
        pages: letter.text.page_count,
        source: if is_text(letter) { "text" } else { "ocr" },
        meets_the_decree: letter.shortfalls.as_ref().map(Vec::is_empty),
        shortfalls: letter.shortfalls.iter().flatten().map(short).collect(),
        secret,
        fields,
    };
    if face.is_json {
        output::tell(&Line {
            r#type: "letter",
            file: path.display().to_string(),
            read: Some(read),
            fault: None,
        });
    } else {
        output::say(&in_words(path, &read, face.language == Language::Vi));
    }
}

fn short((what, pages): &(Shortfall, Vec<u32>)) -> Short {
    Short {
        what: match what {
            Shortfall::LowResolution => "LOW_RESOLUTION",
            Shortfall::NotColour => "NOT_COLOUR",
            Shortfall::NotFullSize => "NOT_FULL_SIZE",
            Shortfall::OldPdf => "OLD_PDF",
        },
        pages: pages.clone(),
    }
}

/// Tells the words that the fields were found among.
pub(super) fn words(face: Face, pages: &[PageText]) {
    #[derive(Serialize)]
    struct Line<'a> {
        r#type: &'static str,
        pages: &'a [PageText],
    }
    if face.is_json {
        output::tell(&Line {
            r#type: "words",
            pages,
        });
        return;
    }
    for page in pages {
        for (lines, mark) in [(&page.lines, ""), (&page.red, "* ")] {
            for line in lines {
                let words: Vec<&str> = line.words.iter().map(|word| word.text.as_str()).collect();
                output::say(&format!("    {}| {mark}{}", page.page + 1, words.join(" ")));
            }
        }
    }
}

/// Tells why a letter was not read.
pub(super) fn fault(face: Face, path: &Path, fault: &Fault) {
    if face.is_json {
        let fault = Some(FaultLine::new(face, fault));
        output::tell(&Line {
            r#type: "letter",
            file: path.display().to_string(),
            read: None,
            fault,
        });
    } else {
        output::say(&format!(
            "{}: {}",
            path.display(),
            output::explain(face, fault)
        ));
    }
}

/// A date of ISO 8601 as people write it; anything else as it is.
fn day_first(value: &str) -> String {
    match value.parse::<jiff::civil::Date>() {
        Ok(date) => format!("{:02}/{:02}/{}", date.day(), date.month(), date.year()),
        Err(_) => value.to_owned(),
    }
}

fn in_words(path: &Path, read: &Read<'_>, vi: bool) -> String {
    let mut text = format!("{}\n", path.display());
    let mut put = |labels: [&str; 2], told: &Told| {
        let label = if vi { labels[0] } else { labels[1] };
        let page = told
            .places
            .first()
            .map(|spot| format!(", {} {}", if vi { "trang" } else { "page" }, spot.page))
            .unwrap_or_default();
        // Writing to a string cannot fail.
        writeln!(
            text,
            "  {label}: {} ({:.0} %{page})",
            day_first(&told.value),
            told.confidence * 100.0
        )
        .ok();
    };
    if let Some(mark) = &read.secret {
        put(["Dấu độ mật", "Secrecy stamp"], mark);
        let what = if vi {
            "  Văn bản mật: không đăng ký, không lưu, không gửi trên máy này; xử lý bản giấy theo quy định về bảo vệ bí mật nhà nước."
        } else {
            "  A secret document: not to be registered, kept or sent on this machine; handle the paper as the law on state secrets says."
        };
        text.push_str(what);
        return text;
    }
    let Some(fields) = &read.fields else {
        return text;
    };
    let single = [
        (["Cơ quan ban hành", "Agency"], &fields.agency),
        (["Số, ký hiệu", "Number and symbol"], &fields.notation),
        (["Ngày văn bản", "Date"], &fields.date),
        (["Trích yếu", "Subject"], &fields.subject),
        (["Độ khẩn", "Urgency"], &fields.urgency),
        (["Chức vụ người ký", "Signer's position"], &fields.position),
        (["Người ký", "Signer"], &fields.signer),
    ];
    put(["Loại văn bản", "Type"], &fields.kind);
    for (labels, told) in single {
        if let Some(told) = told {
            put(labels, told);
        }
    }
    for told in &fields.addressees {
        put(["Kính gửi", "To"], told);
    }
    for told in &fields.deadlines {
        put(["Thời hạn", "Deadline"], told);
    }
    let source = match (read.source, vi) {
        ("text", true) => "chữ có sẵn trong tệp",
        ("text", false) => "the file's own text",
        (_, true) => "nhận dạng chữ (OCR)",
        (_, false) => "OCR",
    };
    let (label, pages) = if vi {
        ("Nguồn", "trang")
    } else {
        ("Source", "pages")
    };
    writeln!(text, "  {label}: {source}, {} {pages}", read.pages).ok();
    if read.meets_the_decree == Some(false) {
        text.push_str(&short_in_words(&read.shortfalls, vi));
    }
    text
}

fn short_in_words(shortfalls: &[Short], vi: bool) -> String {
    let mut text = String::from(if vi {
        "  Lưu ý: bản quét chưa đạt yêu cầu số hoá của Nghị định 30/2020 (Phụ lục I, Phần II, mục I): "
    } else {
        "  Note: the scan falls short of Decree 30/2020 (Appendix I, part II, I): "
    });
    for (number, short) in shortfalls.iter().enumerate() {
        let what = match (short.what, vi) {
            ("LOW_RESOLUTION", true) => "dưới 200 dpi",
            ("LOW_RESOLUTION", false) => "fewer than 200 dpi",
            ("NOT_COLOUR", true) => "không có màu",
            ("NOT_COLOUR", false) => "no colour",
            ("NOT_FULL_SIZE", true) => "không đúng khổ giấy (100 %)",
            ("NOT_FULL_SIZE", false) => "not the size of the paper (100 %)",
            (_, true) => "PDF cũ hơn 1.4",
            (_, false) => "PDF older than 1.4",
        };
        let comma = if number > 0 { "; " } else { "" };
        // Writing to a string cannot fail.
        write!(text, "{comma}{what}").ok();
        if !short.pages.is_empty() {
            let pages: Vec<String> = short.pages.iter().map(u32::to_string).collect();
            let page = if vi { "trang" } else { "page" };
            write!(text, " ({page} {})", pages.join(", ")).ok();
        }
    }
    text.push('.');
    text
}
