//! Statistics as a file: a line for each group, the total last.

use congvan_model::DocumentType;
use congvan_store::{Dimension, DossierTally, Figures, Group, Measure, Period};

use super::{Sight, StatisticsView};
use crate::{
    Desk, ExportedFile, Result,
    register::book::day,
    table::{Table, TableFormat},
};

/// Columns of what came in.
const INCOMING: [(&str, f64); 8] = [
    ("Văn bản đến", 1.0),
    ("Đã xong đúng hạn", 1.0),
    ("Đã xong quá hạn", 1.0),
    ("Đang làm trong hạn", 1.0),
    ("Đang làm quá hạn", 1.0),
    ("Tồn từ trước kỳ", 1.0),
    ("Đến qua trục", 0.9),
    ("Tỷ lệ đúng hạn", 0.9),
];
const INCOMING_MEASURES: [Measure; 7] = [
    Measure::Incoming,
    Measure::DoneInTime,
    Measure::DoneLate,
    Measure::Open,
    Measure::Overdue,
    Measure::Carried,
    Measure::ByAxis,
];
/// Columns of what went out.
const OUTGOING: [(&str, f64); 4] = [
    ("Văn bản đi", 1.0),
    ("Ký số cá nhân", 0.9),
    ("Ký số cơ quan", 0.9),
    ("Hoàn toàn điện tử", 1.0),
];
const OUTGOING_MEASURES: [Measure; 4] = [
    Measure::Outgoing,
    Measure::Signed,
    Measure::Sealed,
    Measure::Electronic,
];

impl Desk {
    /// Statistics as a file that waits to be saved. It is written down as an export.
    ///
    /// # Errors
    /// As [`Desk::statistics`].
    pub async fn statistics_export(
        &self,
        (period, by): (Period, Dimension),
        format: TableFormat,
    ) -> Result<ExportedFile> {
        let view = self.statistics(period, by).await?;
        let session = self.session().await?;
        let mark = self.export_mark(&session);
        let title = title(&view, (period, by), session.registry_name().to_uppercase());
        let table = table(&view, by, (title, mark));
        let name = format!("Thong-ke-{}-{}", period.from, period.to);
        let detail = format!("statistics from={} to={}", period.from, period.to);
        self.table_export(&session, table, (format, name, detail))
            .await
    }
}

/// What the groups are, and where these have a place, that.
fn words(by: Dimension) -> (&'static str, &'static str) {
    match by {
        Dimension::Unit => ("Đơn vị chủ trì", "ĐƠN VỊ"),
        Dimension::Person => ("Người chủ trì, soạn thảo", "NGƯỜI XỬ LÝ"),
        Dimension::Month => ("Tháng", "THÁNG"),
        Dimension::Activity => ("Lĩnh vực", "LĨNH VỰC"),
        Dimension::Kind => ("Loại văn bản", "LOẠI VĂN BẢN"),
        Dimension::Sender => ("Nơi gửi", "NƠI GỬI"),
        Dimension::Level => ("Cấp của nơi gửi", "CẤP CỦA NƠI GỬI"),
    }
}

fn is_ranked(by: Dimension) -> bool {
    matches!(by, Dimension::Unit | Dimension::Person)
}

fn has_outgoing(by: Dimension) -> bool {
    matches!(by, Dimension::Person | Dimension::Month | Dimension::Kind)
}

fn title(view: &StatisticsView, (period, by): (Period, Dimension), agency: String) -> [String; 4] {
    let total = &view.found.total;
    let whose = match view.sight {
        Sight::Agency => "Đếm mọi văn bản mà văn thư cơ quan quản lý.",
        Sight::Own => "Chỉ đếm những văn bản mà người xuất thống kê này được xem.",
    };
    let mut said = vec![whose.to_owned()];
    if view.found.overlap {
        said.push(
            "Một văn bản có thể ở nhiều dòng; dòng tổng số đếm mỗi văn bản một lần.".to_owned(),
        );
    }
    said.push(shares(total, &view.dossiers));
    let at = view.at.vietnam();
    [
        agency,
        format!("THỐNG KÊ VĂN BẢN THEO {}", words(by).1),
        format!(
            "Từ ngày {} đến ngày {}; hạn xử lý tính đến {:02}:{:02} ngày {}",
            day(period.from),
            day(period.to),
            at.hour(),
            at.minute(),
            day(at.date())
        ),
        said.join(" "),
    ]
}

fn shares(total: &Figures, dossiers: &DossierTally) -> String {
    let of = |name: &str, part: u32, whole: u32| {
        format!("{name} {part}/{whole} ({})", share(part, whole))
    };
    let outgoing = total.of(Measure::Outgoing);
    let said = [
        of(
            "Văn bản đi có ký số cá nhân",
            total.of(Measure::Signed),
            total.of(Measure::Personal),
        ),
        of("có ký số cơ quan", total.of(Measure::Sealed), outgoing),
        of("hoàn toàn điện tử", total.of(Measure::Electronic), outgoing),
        of("hồ sơ lập trên phần mềm", dossiers.begun, dossiers.all),
    ];
    format!("{}.", said.join("; "))
}

/// A part of a whole in words, to a tenth of a percent.
fn share(part: u32, whole: u32) -> String {
    let (part, whole) = (u64::from(part), u64::from(whole));
    match (part * 1_000 + whole / 2).checked_div(whole) {
        Some(tenths) => format!("{},{} %", tenths / 10, tenths % 10),
        None => "–".to_owned(),
    }
}

fn table(view: &StatisticsView, by: Dimension, (title, mark): ([String; 4], String)) -> Table {
    let mut columns = Vec::new();
    if is_ranked(by) {
        columns.push(("Xếp hạng", 0.7));
    }
    columns.push((words(by).0, 3.0));
    let first = columns.len();
    columns.extend(INCOMING);
    if has_outgoing(by) {
        columns.extend(OUTGOING);
    }
    let line = |place: String, name: String, figures: &Figures| {
        let mut cells = Vec::new();
        if is_ranked(by) {
            cells.push(place);
        }
        cells.push(name);
        cells.extend(INCOMING_MEASURES.map(|one| figures.of(one).to_string()));
        cells.push(share(figures.of(Measure::DoneInTime), figures.decided()));
        if has_outgoing(by) {
            cells.extend(OUTGOING_MEASURES.map(|one| figures.of(one).to_string()));
        }
        cells
    };
    let of_group = |group: &Group| {
        let place = group.place.map(|place| place.to_string());
        line(place.unwrap_or_default(), called(group, by), &group.figures)
    };
    let mut lines: Vec<Vec<String>> = view.found.groups.iter().map(of_group).collect();
    lines.push(line(String::new(), "Tổng số".to_owned(), &view.found.total));
    Table {
        sheet: "Thống kê",
        title,
        numbers: first..columns.len(),
        signed: None,
        columns,
        lines,
        mark,
    }
}

/// What people call a group.
fn called(group: &Group, by: Dimension) -> String {
    let none = |words: &str| match group.name.as_str() {
        "" => words.to_owned(),
        name => name.to_owned(),
    };
    match by {
        Dimension::Unit => none("Chưa giao hoặc chưa rõ đơn vị"),
        Dimension::Person => none("Chưa giao hoặc chưa rõ người"),
        Dimension::Activity => none("Chưa chọn lĩnh vực"),
        Dimension::Sender => none("Không ghi nơi gửi"),
        Dimension::Month => match group.key.split_once('-') {
            Some((year, month)) => format!("Tháng {month}/{year}"),
            None => group.key.clone(),
        },
        Dimension::Kind => {
            let kinds = DocumentType::ALL.iter().chain([&DocumentType::Other]);
            let is_it = |kind: &&DocumentType| {
                serde_json::to_value(kind).is_ok_and(|word| word == group.key.as_str())
            };
            let mut found = kinds.filter(is_it);
            found
                .next()
                .map_or_else(String::new, |kind| kind.name().to_owned())
        }
        Dimension::Level => match group.key.as_str() {
            "central" => "Trung ương",
            "province" => "Tỉnh",
            "district" => "Huyện (đến 30/06/2025)",
            "commune" => "Xã",
            _ => "Danh bạ không cho biết",
        }
        .to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_is_rounded_to_a_tenth_and_of_nothing_there_is_none() {
        let told = [(0, 0), (0, 3), (1, 3), (2, 3), (15, 16), (3, 3)];
        let told = told.map(|(part, whole)| share(part, whole));
        assert_eq!(
            told,
            ["–", "0,0 %", "33,3 %", "66,7 %", "93,8 %", "100,0 %"]
        );
    }
}
