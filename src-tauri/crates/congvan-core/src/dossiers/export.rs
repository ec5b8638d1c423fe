//! Dossiers as files: the year's list and a dossier's contents in the decree's columns, and what stands
//! on a dossier and its documents for another system.

use congvan_model::{DocumentId, DossierId};
use congvan_protocol::dossier::{Dossier, DossierState, Retention};
use congvan_store::DossierView;

use super::{DossierContents, description, handover};
use crate::{
    Desk, DeskError, ExportedFile, Result,
    register::book::day,
    session::Session,
    table::{Table, TableFormat},
};

/// Which list of a year's dossiers is taken out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DossierPaper {
    /// Danh mục hồ sơ: the list as it is issued (decree 30/2020, Appendix V).
    List,
    /// Mục lục hồ sơ, tài liệu nộp lưu (decree 30/2020, Appendix V): what was handed over.
    HandedOver,
    /// Biên bản giao nhận hồ sơ, tài liệu: the same with who gives and who takes (decree 30/2020,
    /// Art. 30; for electronic dossiers the number of dossiers and of files).
    Minutes,
}

/// How a dossier is taken out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DossierFormat {
    /// Mục lục văn bản trong hồ sơ (decree 30/2020, Appendix V).
    Contents(TableFormat),
    /// The input fields of Appendix VI, Part II, of the dossier and its documents in the order of
    /// time, as XML.
    Description,
}

impl Desk {
    /// A list of dossiers of a year as a file that waits to be saved: as it is issued, without proposals
    /// and with what was begun beside it, or what of it was handed over to the archive.
    ///
    /// # Errors
    /// `NotLoggedIn`, disk errors.
    pub async fn dossiers_export(
        &self,
        year: u16,
        (which, format): (DossierPaper, TableFormat),
    ) -> Result<ExportedFile> {
        let session = self.session().await?;
        let mut views = self.dossiers(year).await?.dossiers;
        views.retain(|view| view.dossier.state != DossierState::Planned);
        let mut agencies = views.iter().map(|view| &view.dossier.agency.name);
        let agency = agencies.find(|name| !name.is_empty()).cloned();
        let agency = agency.unwrap_or_else(|| session.agency_name());
        let mark = self.export_mark(&session);
        let (table, name) = match which {
            DossierPaper::List => (list(&views, (&agency, year), mark), "Danh-muc-ho-so"),
            DossierPaper::HandedOver => {
                let given = self.handed_over(&views).await?;
                (
                    handover::list(&given, (&agency, year), mark),
                    "Muc-luc-nop-luu",
                )
            }
            DossierPaper::Minutes => {
                let given = self.handed_over(&views).await?;
                let list = handover::list(&given, (&agency, year), mark);
                let table = handover::minutes(list, &given, self.now().vietnam_date());
                (table, "Bien-ban-giao-nhan-ho-so")
            }
        };
        let detail = format!("dossiers={} year={year} list={name}", table.lines.len());
        let name = format!("{name}-{year}");
        self.table_export(&session, table, (format, name, detail))
            .await
    }

    /// Those that were handed over and whose inside this person sees, with their documents.
    async fn handed_over(&self, views: &[DossierView]) -> Result<Vec<DossierContents>> {
        let given = |view: &&DossierView| {
            let dossier = &view.dossier;
            dossier.inside
                && match dossier.state {
                    DossierState::HandedOver | DossierState::Archived => true,
                    DossierState::Planned
                    | DossierState::Listed
                    | DossierState::Open
                    | DossierState::Closed => false,
                }
        };
        let mut contents = Vec::new();
        for view in views.iter().filter(given) {
            contents.push(self.dossier(view.dossier.id).await?);
        }
        Ok(contents)
    }

    /// A dossier as a file that waits to be saved.
    ///
    /// # Errors
    /// `NotFound`; `ActForbidden` for who does not see inside; disk errors.
    pub async fn dossier_export(
        &self,
        id: DossierId,
        format: DossierFormat,
    ) -> Result<ExportedFile> {
        let session = self.session().await?;
        let contents = self.dossier_inside(id).await?;
        let detail = format!("dossier={id}");
        let notation = contents.view.dossier.fields.notation();
        match format {
            DossierFormat::Contents(format) => {
                let table = self.contents_table(&session, &contents);
                let name = format!("Muc-luc-van-ban-{}", file_name(&notation));
                self.table_export(&session, table, (format, name, detail))
                    .await
            }
            DossierFormat::Description => {
                let bytes = description::xml(&contents)?;
                self.taken_out(&session, format!("{detail} as=xml")).await?;
                let name = format!("Ho-so-{}.xml", file_name(&notation));
                Ok(self.exports().put(name, "application/xml", bytes))
            }
        }
    }

    /// The table of contents to be printed.
    pub(super) async fn contents_pdf(
        &self,
        session: &Session,
        contents: &DossierContents,
    ) -> Result<Vec<u8>> {
        let table = self.contents_table(session, contents);
        tokio::task::spawn_blocking(move || table.pdf()).await?
    }

    fn contents_table(&self, session: &Session, contents: &DossierContents) -> Table {
        // One that was begun offline has its agency from the server.
        let agency = match contents.view.dossier.agency.name.as_str() {
            "" => session.agency_name(),
            name => name.to_owned(),
        };
        table_of_contents(contents, &agency, self.export_mark(session))
    }

    /// A dossier for who sees inside.
    pub(super) async fn dossier_inside(&self, id: DossierId) -> Result<DossierContents> {
        let contents = self.dossier(id).await?;
        match contents.view.dossier.inside {
            true => Ok(contents),
            false => Err(DeskError::ActForbidden),
        }
    }
}

pub(super) fn file_name(notation: &str) -> String {
    let plain = |c: char| if c.is_alphanumeric() { c } else { '-' };
    notation.chars().map(plain).collect()
}

fn list(views: &[DossierView], (agency, year): (&str, u16), mark: String) -> Table {
    let mut lines = Vec::new();
    let (mut large, mut small) = ("", "");
    let (mut parts, mut lesser) = (0_u32, 0_u32);
    let mut sorted: Vec<&Dossier> = views.iter().map(|view| &view.dossier).collect();
    // The order of the numbers stays inside a heading, and headings come as their first dossier does.
    let mut headings: Vec<(&str, &str)> = Vec::new();
    for dossier in &sorted {
        let heading = (dossier.fields.large.as_str(), dossier.fields.small.as_str());
        if !headings.contains(&heading) {
            headings.push(heading);
        }
    }
    let first_of = |large: &str| headings.iter().position(|heading| heading.0 == large);
    sorted.sort_by_key(|dossier| {
        let heading = (dossier.fields.large.as_str(), dossier.fields.small.as_str());
        let place = headings.iter().position(|known| *known == heading);
        (first_of(heading.0), place)
    });
    for dossier in sorted {
        let fields = &dossier.fields;
        if fields.large != large {
            (large, small, lesser) = (&fields.large, "", 0);
            if !large.is_empty() {
                parts += 1;
                lines.push(heading(format!(
                    "{}. {}",
                    roman(parts),
                    large.to_uppercase()
                )));
            }
        }
        if fields.small != small {
            small = &fields.small;
            if !small.is_empty() {
                lesser += 1;
                lines.push(heading(format!("{lesser}. {small}")));
            }
        }
        let note = match (dossier.listed, fields.note.as_str()) {
            (false, "") => "Bổ sung".to_owned(),
            (false, note) => format!("Bổ sung; {note}"),
            (true, note) => note.to_owned(),
        };
        lines.push(vec![
            fields.notation(),
            fields.title.clone(),
            fields.retention.words(),
            fields.creator.full_name.clone(),
            note,
        ]);
    }
    let count = views.len();
    let for_ever = views
        .iter()
        .filter(|view| view.dossier.fields.retention == Retention::Permanent)
        .count();
    Table {
        sheet: "Danh mục hồ sơ",
        title: [
            agency.to_uppercase(),
            "DANH MỤC HỒ SƠ".to_owned(),
            format!("Năm {year}"),
            format!(
                "Bản danh mục hồ sơ này có {count} hồ sơ, bao gồm: {for_ever} hồ sơ bảo quản vĩnh viễn; {} hồ sơ bảo quản có thời hạn.",
                count - for_ever
            ),
        ],
        columns: vec![
            ("Số và ký hiệu hồ sơ", 1.3),
            ("Tên đề mục và tiêu đề hồ sơ", 4.0),
            ("Thời hạn bảo quản", 1.1),
            ("Người lập hồ sơ", 1.6),
            ("Ghi chú", 1.5),
        ],
        numbers: 0..0,
        lines,
        signed: None,
        mark,
    }
}

fn heading(words: String) -> Vec<String> {
    let nothing = String::new;
    vec![nothing(), words, nothing(), nothing(), nothing()]
}

/// A number of a heading: there are few.
fn roman(number: u32) -> String {
    const SIGNS: [(u32, &str); 9] = [
        (100, "C"),
        (90, "XC"),
        (50, "L"),
        (40, "XL"),
        (10, "X"),
        (9, "IX"),
        (5, "V"),
        (4, "IV"),
        (1, "I"),
    ];
    let (mut rest, mut words) = (number, String::new());
    for (value, sign) in SIGNS {
        while rest >= value {
            words.push_str(sign);
            rest -= value;
        }
    }
    words
}

fn table_of_contents(contents: &DossierContents, agency: &str, mark: String) -> Table {
    let dossier = &contents.view.dossier;
    let fields = &dossier.fields;
    // Pages are counted through as long as all before are known.
    let mut page = Some(1_u32);
    let lines = dossier
        .items
        .iter()
        .map(|item| {
            let mut line = vec![item.ordinal.to_string()];
            let Some(document) = contents.documents.get(&item.document) else {
                page = None;
                let not_here = "Văn bản không có trên máy này".to_owned();
                line.extend([const { String::new() }; 5]);
                line.push(not_here);
                return line;
            };
            let count = pages_of(contents, item.document);
            let sheets = match (page, count) {
                (Some(first), Some(1)) => first.to_string(),
                (Some(first), Some(count)) => format!("{first}–{}", first + count - 1),
                (None, _) | (_, None) => String::new(),
            };
            page = page.zip(count).map(|(first, count)| first + count);
            let notation = document.notation.as_ref().map(ToString::to_string);
            line.extend([
                notation.unwrap_or_default(),
                document.issued_on.map(day).unwrap_or_default(),
                format!("{} {}", document.kind.name(), document.subject),
                document.issuer.name.clone(),
                sheets,
                String::new(),
            ]);
            line
        })
        .collect();
    let count = dossier.items.len();
    Table {
        sheet: "Mục lục văn bản",
        title: [
            agency.to_uppercase(),
            "MỤC LỤC VĂN BẢN TRONG HỒ SƠ".to_owned(),
            format!("Hồ sơ {}: {}", fields.notation(), fields.title),
            format!("{count} văn bản – {}", fields.retention.words()),
        ],
        columns: vec![
            ("STT", 0.5),
            ("Số, ký hiệu văn bản", 1.4),
            ("Ngày tháng văn bản", 1.0),
            ("Tên loại và trích yếu nội dung văn bản", 4.0),
            ("Tác giả văn bản", 1.8),
            ("Tờ số/Trang số", 0.8),
            ("Ghi chú", 1.3),
        ],
        numbers: 0..0,
        lines,
        signed: None,
        mark,
    }
}

/// Pages of a document's files; none where one of them does not say.
pub(super) fn pages_of(contents: &DossierContents, document: DocumentId) -> Option<u32> {
    let files = &contents.documents.get(&document)?.files;
    let pages: Option<Vec<u32>> = files.iter().map(|file| file.pages).collect();
    pages
        .map(|pages| pages.iter().sum())
        .filter(|sum: &u32| *sum > 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_have_roman_numbers() {
        assert_eq!([1, 4, 9, 14, 40].map(roman), ["I", "IV", "IX", "XIV", "XL"]);
    }
}
