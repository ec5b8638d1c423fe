//! What goes along with dossiers to the agency's archive: their list and the minutes (decree 30/2020,
//! Art. 30 and Appendix V).

use jiff::civil::Date;

use super::{DossierContents, export::pages_of};
use crate::{register::book::day, table::Table};

/// Mục lục hồ sơ, tài liệu nộp lưu: seven columns.
pub(super) fn list(given: &[DossierContents], (agency, year): (&str, u16), mark: String) -> Table {
    let lines = (1..).zip(given).map(|(place, contents)| {
        let dossier = &contents.view.dossier;
        let span: Vec<String> = [dossier.started_on, dossier.ended_on]
            .into_iter()
            .flatten()
            .map(day)
            .collect();
        vec![
            place.to_string(),
            dossier.fields.notation(),
            dossier.fields.title.clone(),
            span.join(" – "),
            dossier.fields.retention.words(),
            pages(contents).map_or_else(String::new, |pages| pages.to_string()),
            dossier.fields.note.clone(),
        ]
    });
    Table {
        sheet: "Mục lục nộp lưu",
        lines: lines.collect(),
        title: [
            agency.to_uppercase(),
            "MỤC LỤC HỒ SƠ, TÀI LIỆU NỘP LƯU".to_owned(),
            format!("Năm {year}"),
            counted(given),
        ],
        columns: vec![
            ("STT", 0.5),
            ("Số, ký hiệu hồ sơ", 1.2),
            ("Tiêu đề hồ sơ", 4.0),
            ("Thời gian tài liệu", 1.5),
            ("Thời hạn bảo quản", 1.1),
            ("Số tờ/Số trang", 0.8),
            ("Ghi chú", 1.5),
        ],
        numbers: 0..0,
        signed: None,
        mark,
    }
}

/// Biên bản giao nhận: the list with a day, both parties and their signatures.
pub(super) fn minutes(list: Table, given: &[DossierContents], today: Date) -> Table {
    let mut units: Vec<&str> = given
        .iter()
        .map(|contents| contents.view.dossier.unit.name.as_str())
        .collect();
    units.sort_unstable();
    units.dedup();
    let [agency, _, year, counted] = list.title;
    Table {
        sheet: "Biên bản giao nhận",
        title: [
            agency,
            "BIÊN BẢN GIAO NHẬN HỒ SƠ, TÀI LIỆU ĐIỆN TỬ".to_owned(),
            format!(
                "Ngày {:02} tháng {:02} năm {} – hồ sơ {}",
                today.day(),
                today.month(),
                today.year(),
                year.to_lowercase()
            ),
            format!(
                "Bên giao: {}. Bên nhận: Lưu trữ cơ quan. {counted}",
                units.join("; ")
            ),
        ],
        signed: Some(["BÊN GIAO".to_owned(), "BÊN NHẬN".to_owned()]),
        ..list
    }
}

/// How many dossiers and files; files of documents that are not on this machine cannot be counted.
fn counted(given: &[DossierContents]) -> String {
    let files: usize = given
        .iter()
        .flat_map(|contents| contents.documents.values())
        .map(|document| document.files.len())
        .sum();
    let items = given
        .iter()
        .map(|contents| contents.view.dossier.items.len());
    let known = given.iter().map(|contents| contents.documents.len());
    let unseen = items.sum::<usize>() - known.sum::<usize>();
    let beside = match unseen {
        0 => String::new(),
        unseen => format!(" (chưa kể {unseen} văn bản không có trên máy này)"),
    };
    format!(
        "Số lượng hồ sơ: {}; số lượng tệp tin: {files}{beside}",
        given.len()
    )
}

/// Pages of all its documents; none where one of them does not say.
fn pages(contents: &DossierContents) -> Option<u32> {
    let mut items = contents.view.dossier.items.iter();
    items.try_fold(0, |sum, item| {
        Some(sum + pages_of(contents, item.document)?)
    })
}
