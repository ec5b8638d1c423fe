//! Findings in words.

use std::{fmt::Write as _, path::Path};

use congvan_format::{Aspect, Finding, Part, Review, Severity, Value};

use crate::words::Language;

/// A file's review, one line a finding and one what to do.
pub(super) fn told(language: Language, file: &Path, review: &Review) -> String {
    let vi = language == Language::Vi;
    let mut text = format!("{}\n", file.display());
    let mut put = |line: String| {
        // Writing to a string cannot fail.
        writeln!(text, "  {line}").ok();
    };
    match review {
        Review::Image => put(either(
            vi,
            "Không kiểm tra được: đây là ảnh chụp (bản quét), không có chữ. Hãy kiểm tra bản PDF xuất từ phần mềm soạn thảo.",
            "Cannot be checked: it is an image (a scan) without text. Check the PDF that the word processor wrote.",
        )),
        Review::Text {
            findings,
            unchecked,
            empty,
        } => {
            if findings.is_empty() {
                put(either(
                    vi,
                    "Không thấy sai thể thức.",
                    "No fault of format found.",
                ));
            }
            for finding in findings {
                let (message, remedy) = of(language, finding);
                let page = finding.page + 1;
                let place = finding.area.map(|area| {
                    let (x, y) = (area.x.round(), area.y.round());
                    if vi {
                        format!(" (cách trái {x} mm, cách trên {y} mm)")
                    } else {
                        format!(" ({x} mm from the left, {y} mm from the top)")
                    }
                });
                let place = place.unwrap_or_default();
                let weight = match (finding.rule.severity, vi) {
                    (Severity::Must, true) => "Sai",
                    (Severity::Should, true) => "Nên sửa",
                    (Severity::Must, false) => "Wrong",
                    (Severity::Should, false) => "Better",
                };
                let clause = finding.rule.clause;
                if vi {
                    put(format!("[{weight}] Trang {page}{place}: {message}."));
                    put(format!(
                        "    Việc cần làm: {remedy} (NĐ 30/2020, Phụ lục I, Phần I, {clause})."
                    ));
                } else {
                    put(format!("[{weight}] Page {page}{place}: {message}."));
                    put(format!(
                        "    What to do: {remedy} (Decree 30/2020, Appendix I, Part I, {clause})."
                    ));
                }
            }
            if !empty.is_empty() {
                let pages = numbers(empty);
                put(if vi {
                    format!("Trang trống: {pages}.")
                } else {
                    format!("Empty pages: {pages}.")
                });
            }
            if !unchecked.is_empty() {
                let pages = numbers(unchecked);
                put(if vi {
                    format!("Chưa kiểm tra được trang {pages}: là ảnh, không có chữ.")
                } else {
                    format!("Not checked, because they are images without text: pages {pages}.")
                });
            }
        }
    }
    text
}

/// Pages as people count them.
fn numbers(pages: &[u32]) -> String {
    let numbers: Vec<String> = pages.iter().map(|page| (page + 1).to_string()).collect();
    numbers.join(", ")
}

fn either(vi: bool, in_vietnamese: &str, in_english: &str) -> String {
    if vi { in_vietnamese } else { in_english }.to_owned()
}

/// What is wrong, and what to do.
pub(super) fn of(language: Language, finding: &Finding) -> (String, String) {
    let measured = finding.measured.as_ref().map(|it| value(language, it));
    let measured = measured.unwrap_or_default();
    let wanted = wanted(language, finding);
    let part = part(language, finding.rule.part);
    let (what, todo) = match language {
        Language::Vi => in_vietnamese(finding.rule.aspect, &measured, &wanted),
        Language::En => in_english(finding.rule.aspect, &measured, &wanted),
    };
    (format!("{part}: {what}"), todo)
}

fn in_vietnamese(aspect: Aspect, measured: &str, wanted: &str) -> (String, String) {
    let pair = |what: &str, todo: &str| (what.to_owned(), todo.to_owned());
    match aspect {
        Aspect::Missing if wanted.is_empty() => pair("không thấy", "bổ sung"),
        Aspect::Missing => ("không thấy".to_owned(), format!("bổ sung {wanted}")),
        Aspect::Unwanted => pair(
            "không được hiển thị ở trang thứ nhất",
            "bỏ số trang ở trang thứ nhất",
        ),
        Aspect::Place => pair(
            "đặt sai chỗ",
            "đặt giữa theo chiều ngang, trong phần lề trên",
        ),
        Aspect::Wording => (
            format!("đang ghi {measured}"),
            format!("ghi đúng: {wanted}"),
        ),
        Aspect::Distance => (format!("đo được {measured}"), format!("đặt {wanted}")),
        Aspect::Font => (
            format!("dùng phông {measured}"),
            format!("dùng phông {wanted}"),
        ),
        Aspect::Colour => (format!("chữ màu {measured}"), "dùng chữ màu đen".to_owned()),
        Aspect::Size => (format!("cỡ chữ {measured}"), format!("đặt cỡ chữ {wanted}")),
        Aspect::Bold => pair("chưa in đậm", "in đậm"),
        Aspect::NotBold => pair("đang in đậm", "bỏ in đậm"),
        Aspect::Italic => pair("chưa in nghiêng", "in nghiêng"),
        Aspect::Upright => pair("đang in nghiêng", "dùng kiểu chữ đứng"),
        Aspect::Capitals => pair("chưa in hoa", "viết bằng chữ in hoa"),
        Aspect::Line if measured.is_empty() => (
            "thiếu đường kẻ bên dưới".to_owned(),
            format!("kẻ nét liền, dài {wanted} độ dài dòng chữ"),
        ),
        Aspect::Line => (
            format!("đường kẻ bên dưới dài {measured} độ dài dòng chữ"),
            format!("kẻ nét liền, dài {wanted} độ dài dòng chữ"),
        ),
        Aspect::Spacing => (
            format!("giãn dòng bằng {measured} dòng đơn"),
            format!("đặt giãn dòng {wanted} dòng đơn"),
        ),
        Aspect::ParagraphGap => (
            format!("các đoạn chỉ cách nhau {measured}"),
            format!("để các đoạn cách nhau ít nhất {wanted}"),
        ),
        Aspect::Indent => (
            format!("chữ đầu dòng lùi vào {measured}"),
            format!("lùi chữ đầu dòng vào 1 cm hoặc 1,27 cm ({wanted})"),
        ),
        Aspect::Justified => pair("chưa canh đều hai lề", "canh đều cả hai lề"),
    }
}

fn in_english(aspect: Aspect, measured: &str, wanted: &str) -> (String, String) {
    let pair = |what: &str, todo: &str| (what.to_owned(), todo.to_owned());
    match aspect {
        Aspect::Missing if wanted.is_empty() => pair("not found", "add it"),
        Aspect::Missing => ("not found".to_owned(), format!("add {wanted}")),
        Aspect::Unwanted => pair(
            "must not be shown on the first page",
            "take it off the first page",
        ),
        Aspect::Place => pair(
            "in the wrong place",
            "put it in the middle of the upper margin",
        ),
        Aspect::Wording => (format!("reads {measured}"), format!("write {wanted}")),
        Aspect::Distance => (format!("measures {measured}"), format!("make it {wanted}")),
        Aspect::Font => (format!("set in {measured}"), format!("use {wanted}")),
        Aspect::Colour => (format!("the colour is {measured}"), "use black".to_owned()),
        Aspect::Size => (
            format!("the size is {measured}"),
            format!("make it {wanted}"),
        ),
        Aspect::Bold => pair("not bold", "make it bold"),
        Aspect::NotBold => pair("bold", "take the bold off"),
        Aspect::Italic => pair("not italic", "make it italic"),
        Aspect::Upright => pair("italic", "make it upright"),
        Aspect::Capitals => pair("not in capitals", "write it in capitals"),
        Aspect::Line if measured.is_empty() => (
            "there is no line under it".to_owned(),
            format!("draw a line of {wanted} its length"),
        ),
        Aspect::Line => (
            format!("the line under it is {measured} its length"),
            format!("draw a line of {wanted} its length"),
        ),
        Aspect::Spacing => (
            format!("line spacing is {measured} single"),
            format!("set the line spacing to {wanted} single"),
        ),
        Aspect::ParagraphGap => (
            format!("only {measured} between paragraphs"),
            format!("leave at least {wanted} between paragraphs"),
        ),
        Aspect::Indent => (
            format!("first lines go in by {measured}"),
            format!("let first lines go in by {wanted}"),
        ),
        Aspect::Justified => pair("not even on both sides", "justify it"),
    }
}

/// One value, or from the least to the most; of indents, one or the other.
fn wanted(language: Language, finding: &Finding) -> String {
    let all: Vec<String> = finding
        .wanted
        .iter()
        .map(|it| value(language, it))
        .collect();
    let joint = match (language, finding.rule.aspect) {
        (Language::Vi, Aspect::Indent) => " hoặc ",
        (Language::En, Aspect::Indent) => " or ",
        (Language::Vi, _) => " đến ",
        (Language::En, _) => " to ",
    };
    all.join(joint)
}

fn value(language: Language, value: &Value) -> String {
    let figures = |number: f32, places: usize| {
        let text = format!("{number:.places$}");
        let text = if text.contains('.') {
            text.trim_end_matches('0').trim_end_matches('.').to_owned()
        } else {
            text
        };
        match language {
            Language::Vi => text.replace('.', ","),
            Language::En => text,
        }
    };
    match value {
        Value::Millimetres(mm) => format!("{} mm", figures(*mm, 1)),
        Value::Points(pt) => format!("{} pt", figures(*pt, 1)),
        Value::Times(times) => match language {
            Language::Vi => format!("{} lần", figures(*times, 2)),
            Language::En => format!("{} times", figures(*times, 2)),
        },
        Value::Paper(width, height) => {
            format!("{} × {} mm", figures(*width, 0), figures(*height, 0))
        }
        Value::Text(text) => format!("“{text}”"),
    }
}

fn part(language: Language, part: Part) -> &'static str {
    let (vi, en) = match part {
        Part::Paper => ("Khổ giấy", "Paper"),
        Part::MarginTop => ("Lề trên", "Top margin"),
        Part::MarginBottom => ("Lề dưới", "Bottom margin"),
        Part::MarginLeft => ("Lề trái", "Left margin"),
        Part::MarginRight => ("Lề phải", "Right margin"),
        Part::Text => ("Chữ", "Text"),
        Part::PageNumber => ("Số trang", "Page number"),
        Part::NationName => ("Quốc hiệu", "Name of the state"),
        Part::Motto => ("Tiêu ngữ", "Motto"),
        Part::AgencyAbove => ("Tên cơ quan chủ quản", "Agency above"),
        Part::Agency => ("Tên cơ quan ban hành", "Issuing agency"),
        Part::Number => ("Số, ký hiệu", "Number and symbol"),
        Part::PlaceDate => ("Địa danh và thời gian", "Place and date"),
        Part::Kind => ("Tên loại", "Name of the type"),
        Part::Subject | Part::LetterSubject => ("Trích yếu", "Subject"),
        Part::UrgencyMark => ("Dấu chỉ độ khẩn", "Urgency mark"),
        Part::Addressees => ("Kính gửi", "Addressees"),
        Part::Grounds => ("Căn cứ ban hành", "Grounds"),
        Part::Body => ("Nội dung", "Body"),
        Part::Authority => ("Quyền hạn, chức vụ", "Authority and position"),
        Part::Signer => ("Họ tên người ký", "Signer's name"),
        Part::RecipientsLabel => ("Từ “Nơi nhận”", "Label “Nơi nhận”"),
        Part::Recipients => ("Danh sách nơi nhận", "List of recipients"),
    };
    match language {
        Language::Vi => vi,
        Language::En => en,
    }
}
