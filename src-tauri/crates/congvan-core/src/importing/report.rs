//! What leaves the desk: the rows that were not taken over, as a table that can be mended and imported
//! again, and an empty table to begin with.

use std::collections::BTreeMap;

use congvan_model::Direction;
use rust_xlsxwriter::{Format, Workbook};

use super::{FaultAt, ImportField, ImportRefusal, Table, faults::RowFault, import_fields};
use crate::{Desk, ExportedFile, Result, table::failed};

const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
/// What stands behind the table's own columns.
const ADDED: [&str; 3] = ["Dòng trong bảng gốc", "Lỗi", "Cách sửa"];

impl Desk {
    /// The rows that were not taken over, by the dry run and by the server, as a spreadsheet with the
    /// table's own columns and what is wrong with each row.
    ///
    /// # Errors
    /// `NotLoggedIn`; [`ImportRefusal::NoTable`], `Changed`; disk errors.
    pub async fn import_report(&self) -> Result<ExportedFile> {
        let session = self.session().await?;
        let table = session.importing.get().ok_or(ImportRefusal::NoTable)?;
        let source = table.source.sha256;
        let refused = session
            .with_store(move |store| store.import_refused(source))
            .await?;
        let at_server = refused.into_iter().map(|(line, why)| FaultAt {
            line,
            field: None,
            fault: RowFault::from(why),
        });
        let known = table.judged.iter().flat_map(|judged| judged.all.clone());
        let mut faults: BTreeMap<u32, Vec<FaultAt>> = BTreeMap::new();
        for fault in known.chain(at_server) {
            faults.entry(fault.line).or_default().push(fault);
        }
        let rows = faults.len();
        let bytes = tokio::task::spawn_blocking(move || report(&table, &faults)).await??;
        self.taken_out(&session, format!("import report rows={rows} as=xlsx"))
            .await?;
        Ok(self
            .exports()
            .put("dong-khong-nhap.xlsx".to_owned(), XLSX, bytes))
    }

    /// A table to begin with: the columns of a register, with two rows as an example.
    ///
    /// # Errors
    /// `NotLoggedIn`.
    pub async fn import_sample(&self, direction: Direction) -> Result<ExportedFile> {
        self.session().await?;
        let fields = import_fields(direction);
        let headings = fields.iter().map(|field| field.heading().to_owned());
        let mut lines = vec![headings.collect::<Vec<_>>()];
        for place in 0..2 {
            let cells = fields.iter().map(|field| example(*field, place).to_owned());
            lines.push(cells.collect());
        }
        let name = match direction {
            Direction::Incoming => "mau-so-van-ban-den.xlsx",
            Direction::Outgoing => "mau-so-van-ban-di.xlsx",
        };
        let bytes = sheet(&lines)?;
        Ok(self.exports().put(name.to_owned(), XLSX, bytes))
    }
}

fn report(table: &Table, faults: &BTreeMap<u32, Vec<FaultAt>>) -> Result<Vec<u8>> {
    if !table.source.is_unchanged() {
        return Err(ImportRefusal::Changed.into());
    }
    let width = table.source.headings.len();
    let mut head = table.source.headings.clone();
    head.extend(ADDED.map(str::to_owned));
    let mut lines = vec![head];
    table.source.rows(|line| {
        let Some(faults) = faults.get(&line.number) else {
            return true;
        };
        let mut cells = line.cells;
        cells.resize(width, String::new());
        let named = |fault: &FaultAt| match fault.field {
            Some(field) => format!("{}: {}", field.heading(), fault.fault.words()),
            None => fault.fault.words().to_owned(),
        };
        let words: Vec<String> = faults.iter().map(named).collect();
        let mut remedies: Vec<&str> = faults.iter().map(|one| one.fault.remedy()).collect();
        remedies.dedup();
        cells.extend([
            line.number.to_string(),
            words.join("; "),
            remedies.join(" "),
        ]);
        lines.push(cells);
        true
    })?;
    sheet(&lines)
}

/// Every cell as text, whatever it begins with: a number keeps its zeros, a formula is none.
fn sheet(lines: &[Vec<String>]) -> Result<Vec<u8>> {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    let text = Format::new().set_num_format("@");
    let strong = Format::new().set_bold();
    for (row, cells) in (0_u32..).zip(lines) {
        for (column, words) in (0_u16..).zip(cells) {
            let format = if row == 0 { &strong } else { &text };
            sheet
                .write_string_with_format(row, column, words, format)
                .map_err(failed)?;
        }
    }
    sheet.set_freeze_panes(1, 0).map_err(failed)?;
    workbook.save_to_buffer().map_err(failed)
}

fn example(field: ImportField, place: usize) -> &'static str {
    let (first, second) = match field {
        ImportField::OldId => ("VB-2019-0001", "VB-2019-0002"),
        ImportField::Book => ("", ""),
        ImportField::Year => ("2019", "2019"),
        ImportField::Arrival => ("1", "2"),
        ImportField::ArrivedOn => ("04/01/2019", "05/01/2019"),
        ImportField::Issuer => ("Sở Nội vụ", "UBND huyện Châu Thành"),
        ImportField::IssuerCode => ("000.00.07.H33", ""),
        ImportField::Notation => ("15/SNV-CCHC", "03/QĐ-UBND"),
        ImportField::Number | ImportField::Symbol => ("", ""),
        ImportField::IssuedOn => ("02/01/2019", "03/01/2019"),
        ImportField::Kind => ("Công văn", "Quyết định"),
        ImportField::Activity => ("", ""),
        ImportField::Subject => (
            "Về việc báo cáo cải cách hành chính năm 2018",
            "Về việc phê duyệt kế hoạch sử dụng đất",
        ),
        ImportField::Signer => ("Trần Văn An", "Lê Thị Bình"),
        ImportField::Position => ("Giám đốc", "Chủ tịch"),
        ImportField::Urgency => ("Thường", "Khẩn"),
        ImportField::Secrecy => ("Thường", "Thường"),
        ImportField::Places => ("Sở Nội vụ; Lưu: VT", "Lưu: VT"),
        ImportField::HandledBy => ("Văn phòng", "Phòng Kinh tế"),
        ImportField::Files => ("2019/15-SNV.pdf", ""),
    };
    if place == 0 { first } else { second }
}
