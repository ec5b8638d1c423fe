//! A register as it is drawn, on paper or as a table: what stands at its head, its columns, its lines.

use congvan_model::VN_OFFSET;
use congvan_store::{BookLine, COPIES, LoanLine, MailLine, OutgoingLine, Progress, TrackingLine};
use jiff::civil::Date;

use super::{Register, day};

/// A column that a register can show.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RegisterColumn {
    /// Ngày đến.
    Arrived,
    /// Số đến.
    Number,
    /// Tác giả.
    Issuer,
    /// Số, ký hiệu.
    Notation,
    /// Ngày tháng văn bản.
    Issued,
    /// Tên loại và trích yếu nội dung.
    Subject,
    /// Đơn vị hoặc người nhận.
    Receivers,
    /// Ngày chuyển.
    Passed,
    /// Ký nhận.
    Acknowledged,
    /// Ghi chú.
    Note,
    /// Lĩnh vực, which is no column of the decree.
    Activity,
    /// Người ký.
    Signer,
    /// Nơi nhận.
    Recipients,
    /// Đơn vị, người nhận bản lưu.
    Kept,
    /// Số lượng bản.
    Copies,
    /// Ngày chuyển of what goes out.
    Sent,
    /// Tên loại, số và ký hiệu, ngày tháng, cơ quan ban hành.
    Described,
    /// Thời hạn giải quyết.
    Due,
    /// Tiến độ giải quyết.
    Progress,
    /// Số, ký hiệu văn bản trả lời.
    Reply,
    /// Số lượng bì.
    Envelopes,
    /// Ký nhận và dấu bưu điện.
    Stamped,
    /// Ngày tháng of a loan.
    Lent,
    /// Họ và tên người sử dụng.
    Borrower,
    /// Số, ký hiệu, ngày tháng văn bản.
    LentDocument,
    /// Số và ký hiệu hồ sơ.
    Dossier,
    /// Ngày trả.
    Returned,
    /// Người cho phép sử dụng.
    Permitted,
}

impl RegisterColumn {
    /// Its name on paper, its width there in millimetres where all columns of the decree are shown,
    /// and its width in a spreadsheet in characters.
    pub(super) fn head(self) -> (&'static str, f64, f64) {
        match self {
            Self::Arrived => ("Ngày đến", 19.0, 12.0),
            Self::Number => ("Số đến", 15.0, 10.0),
            Self::Issuer => ("Tác giả", 36.0, 28.0),
            Self::Notation => ("Số, ký hiệu", 27.0, 20.0),
            Self::Issued => ("Ngày tháng", 19.0, 12.0),
            Self::Subject => ("Tên loại và trích yếu nội dung", 61.0, 52.0),
            Self::Receivers => ("Đơn vị hoặc người nhận", 30.0, 26.0),
            Self::Passed | Self::Sent => ("Ngày chuyển", 19.0, 12.0),
            Self::Acknowledged => ("Ký nhận", 19.0, 24.0),
            Self::Note => ("Ghi chú", 22.0, 26.0),
            Self::Activity => ("Lĩnh vực", 22.0, 20.0),
            Self::Signer => ("Người ký", 24.0, 22.0),
            Self::Recipients => ("Nơi nhận văn bản", 38.0, 34.0),
            Self::Kept => ("Đơn vị, người nhận bản lưu", 20.0, 18.0),
            Self::Copies => ("Số lượng bản", 14.0, 10.0),
            Self::Described => (
                "Tên loại, số và ký hiệu, ngày tháng và tác giả văn bản",
                70.0,
                52.0,
            ),
            Self::Due => ("Thời hạn giải quyết", 20.0, 12.0),
            Self::Progress => ("Tiến độ giải quyết", 30.0, 26.0),
            Self::Reply => ("Số, ký hiệu văn bản trả lời", 27.0, 20.0),
            Self::Envelopes => ("Số lượng bì", 14.0, 10.0),
            Self::Stamped => ("Ký nhận và dấu bưu điện", 40.0, 28.0),
            Self::Lent => ("Ngày tháng", 19.0, 12.0),
            Self::Borrower => ("Họ và tên người sử dụng", 34.0, 26.0),
            Self::LentDocument => ("Số, ký hiệu, ngày tháng văn bản", 34.0, 26.0),
            Self::Dossier => ("Số và ký hiệu hồ sơ", 20.0, 16.0),
            Self::Returned => ("Ngày trả", 19.0, 12.0),
            Self::Permitted => ("Người cho phép sử dụng", 34.0, 26.0),
        }
    }

    /// Days and numbers stand in the middle, words on the left.
    pub(super) fn is_centred(self) -> bool {
        match self {
            Self::Arrived
            | Self::Number
            | Self::Issued
            | Self::Passed
            | Self::Copies
            | Self::Sent
            | Self::Due
            | Self::Envelopes
            | Self::Lent
            | Self::Returned => true,
            Self::Issuer
            | Self::Notation
            | Self::Subject
            | Self::Receivers
            | Self::Acknowledged
            | Self::Note
            | Self::Activity
            | Self::Signer
            | Self::Recipients
            | Self::Kept
            | Self::Described
            | Self::Progress
            | Self::Reply
            | Self::Stamped
            | Self::Borrower
            | Self::LentDocument
            | Self::Dossier
            | Self::Permitted => false,
        }
    }
}

impl Register {
    /// The columns of the decree in its order.
    #[must_use]
    pub fn columns(self) -> &'static [RegisterColumn] {
        use RegisterColumn as C;
        match self {
            Self::Incoming => &[
                C::Arrived,
                C::Number,
                C::Issuer,
                C::Notation,
                C::Issued,
                C::Subject,
                C::Receivers,
                C::Passed,
                C::Acknowledged,
                C::Note,
            ],
            Self::Outgoing => &[
                C::Notation,
                C::Issued,
                C::Subject,
                C::Signer,
                C::Recipients,
                C::Kept,
                C::Copies,
                C::Sent,
                C::Acknowledged,
                C::Note,
            ],
            Self::Tracking => &[
                C::Number,
                C::Described,
                C::Receivers,
                C::Due,
                C::Progress,
                C::Reply,
                C::Note,
            ],
            Self::Mail => &[
                C::Sent,
                C::Notation,
                C::Recipients,
                C::Envelopes,
                C::Stamped,
                C::Note,
            ],
            Self::Loans => &[
                C::Lent,
                C::Borrower,
                C::LentDocument,
                C::Subject,
                C::Dossier,
                C::Acknowledged,
                C::Returned,
                C::Permitted,
                C::Note,
            ],
        }
    }

    /// Columns that it can show besides.
    #[must_use]
    pub fn further(self) -> &'static [RegisterColumn] {
        match self {
            Self::Incoming => &[RegisterColumn::Activity],
            Self::Mail => &[RegisterColumn::Subject],
            Self::Outgoing | Self::Tracking | Self::Loans => &[],
        }
    }

    /// What was chosen, in the order of choice; the decree's columns where nothing was. None where a
    /// column is not this register's, or stands twice.
    pub(super) fn chosen(self, columns: &[RegisterColumn]) -> Option<Vec<RegisterColumn>> {
        if columns.is_empty() {
            return Some(self.columns().to_vec());
        }
        let is_own = |column: &RegisterColumn| {
            self.columns().contains(column) || self.further().contains(column)
        };
        let is_once = |(place, column): (usize, &RegisterColumn)| {
            !columns.iter().take(place).any(|before| before == column)
        };
        let is_fit = columns.iter().all(is_own) && columns.iter().enumerate().all(is_once);
        is_fit.then(|| columns.to_vec())
    }

    pub(super) fn title(self) -> &'static str {
        match self {
            Self::Incoming => "SỔ ĐĂNG KÝ VĂN BẢN ĐẾN",
            Self::Outgoing => "SỔ ĐĂNG KÝ VĂN BẢN ĐI",
            Self::Tracking => "SỔ THEO DÕI GIẢI QUYẾT VĂN BẢN ĐẾN",
            Self::Mail => "SỔ GỬI VĂN BẢN ĐI BƯU ĐIỆN",
            Self::Loans => "SỔ SỬ DỤNG BẢN LƯU",
        }
    }

    /// Name of the sheet in a workbook, at most 26 characters.
    pub(super) fn short(self) -> &'static str {
        match self {
            Self::Incoming => "Sổ đến",
            Self::Outgoing => "Sổ đi",
            Self::Tracking => "Sổ theo dõi",
            Self::Mail => "Sổ bưu điện",
            Self::Loans => "Sổ bản lưu",
        }
    }

    /// Name of the file without its ending and year.
    pub(super) fn file(self) -> &'static str {
        match self {
            Self::Incoming => "So-dang-ky-van-ban-den",
            Self::Outgoing => "So-dang-ky-van-ban-di",
            Self::Tracking => "So-theo-doi-giai-quyet-van-ban-den",
            Self::Mail => "So-gui-van-ban-di-buu-dien",
            Self::Loans => "So-su-dung-ban-luu",
        }
    }
}

/// What a cell holds; days and numbers stay such, so that a spreadsheet sorts them.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Cell {
    Words(String),
    Number(u32),
    Day(Date),
}

impl Cell {
    pub(super) fn words(&self) -> String {
        match self {
            Self::Words(words) => words.clone(),
            Self::Number(number) => number.to_string(),
            Self::Day(date) => day(*date),
        }
    }
}

/// A register that is drawn.
pub(super) struct Sheet {
    pub(super) register: Register,
    pub(super) agency: String,
    /// Name of the book or series; empty for all of them.
    pub(super) book: String,
    pub(super) year: u16,
    /// From which number to which; none without numbers of one book.
    pub(super) numbers: Option<(u32, u32)>,
    /// From which day to which.
    pub(super) days: Option<(Date, Date)>,
    /// What was narrowed, in words; empty when nothing was.
    pub(super) only: String,
    pub(super) columns: Vec<RegisterColumn>,
    /// As many cells in each as there are columns.
    pub(super) lines: Vec<Vec<Cell>>,
}

fn words(text: &str) -> Cell {
    Cell::Words(text.to_owned())
}

fn on(date: Option<Date>) -> Cell {
    date.map_or_else(|| words(""), Cell::Day)
}

fn void(is_void: bool, note: &str) -> Cell {
    match is_void {
        true => Cell::Words(format!("Số bỏ trống: {note}")),
        false => words(note),
    }
}

/// How each column of a register comes from its lines.
pub(super) type Cells<T> = [(RegisterColumn, fn(&T) -> Cell)];

/// Signed or stamped by hand.
fn by_hand<T>(_: &T) -> Cell {
    words("")
}

/// The register of what comes in.
pub(super) const INCOMING: &Cells<BookLine> = &[
    (RegisterColumn::Arrived, |line| Cell::Day(line.arrived_on)),
    (RegisterColumn::Number, |line| {
        match (line.number, &line.provisional) {
            (Some(number), _) => Cell::Number(number),
            (None, provisional) => words(provisional.as_deref().unwrap_or_default()),
        }
    }),
    (RegisterColumn::Issuer, |line| words(&line.issuer)),
    (RegisterColumn::Notation, |line| words(&line.notation)),
    (RegisterColumn::Issued, |line| on(line.issued_on)),
    (RegisterColumn::Subject, |line| words(&line.subject)),
    (RegisterColumn::Receivers, |line| words(&line.receivers)),
    (RegisterColumn::Passed, |line| on(line.passed_on)),
    (RegisterColumn::Acknowledged, |line| {
        let taken = line.acknowledged.as_ref().map(|(who, at)| {
            let at = jiff::Timestamp::from_millisecond(at.0).unwrap_or_default();
            let at = VN_OFFSET.to_datetime(at);
            format!(
                "{who}, {:02}:{:02} {}",
                at.hour(),
                at.minute(),
                day(at.date())
            )
        });
        Cell::Words(taken.unwrap_or_default())
    }),
    (RegisterColumn::Note, |line| void(line.is_void, &line.note)),
    (RegisterColumn::Activity, |line| {
        words(line.activity.as_ref().map_or("", |of| of.name.as_str()))
    }),
];

/// The register of what goes out.
pub(super) const OUTGOING: &Cells<OutgoingLine> = &[
    (RegisterColumn::Notation, |line| words(&line.notation)),
    (RegisterColumn::Issued, |line| on(line.issued_on)),
    (RegisterColumn::Subject, |line| words(&line.subject)),
    (RegisterColumn::Signer, |line| words(&line.signer)),
    (RegisterColumn::Recipients, |line| words(&line.recipients)),
    (RegisterColumn::Kept, |line| words(&line.kept)),
    (RegisterColumn::Copies, |line| {
        line.copies.map_or_else(|| words(""), Cell::Number)
    }),
    (RegisterColumn::Sent, |line| on(line.sent_on)),
    (RegisterColumn::Acknowledged, |line| {
        Cell::Words(match line.copies {
            Some(copies) => format!("Đã đến {}/{copies} nơi", line.received),
            None => String::new(),
        })
    }),
    (RegisterColumn::Note, |line| {
        match (line.number, line.note.as_str()) {
            (None, "") => words("Chờ cấp số"),
            (None, note) => Cell::Words(format!("Chờ cấp số; {note}")),
            (Some(_), note) => void(line.is_void, note),
        }
    }),
];

/// The register that follows the handling.
pub(super) const TRACKING: &Cells<TrackingLine> = &[
    (RegisterColumn::Number, |line| Cell::Number(line.number)),
    (RegisterColumn::Described, |line| words(&line.described)),
    (RegisterColumn::Receivers, |line| words(&line.receivers)),
    (RegisterColumn::Due, |line| {
        on(line.due.map(|due| due.instant().vietnam_date()))
    }),
    (RegisterColumn::Progress, |line| {
        let done = line.done_at.map(|at| day(at.vietnam_date()));
        let done = done.map(|day| format!(" ngày {day}")).unwrap_or_default();
        Cell::Words(match line.progress {
            Progress::Open => "Đang giải quyết".to_owned(),
            Progress::Near => "Đang giải quyết, sắp đến hạn".to_owned(),
            Progress::Overdue => "Chưa giải quyết xong, quá hạn".to_owned(),
            Progress::DoneInTime if line.due.is_some() => format!("Đã xong{done}, đúng hạn"),
            Progress::DoneInTime => format!("Đã xong{done}"),
            Progress::DoneLate => format!("Đã xong{done}, quá hạn"),
        })
    }),
    (RegisterColumn::Reply, |line| words(&line.reply)),
    (RegisterColumn::Note, |line| words(&line.note)),
];

/// The register of what went by post.
pub(super) const MAIL: &Cells<MailLine> = &[
    (RegisterColumn::Sent, |line| Cell::Day(line.on)),
    (RegisterColumn::Notation, |line| words(&line.notation)),
    (RegisterColumn::Recipients, |line| words(&line.to)),
    (RegisterColumn::Envelopes, |line| {
        Cell::Number(u32::from(line.envelopes))
    }),
    (RegisterColumn::Stamped, by_hand),
    (RegisterColumn::Note, |line| words(&line.note)),
    (RegisterColumn::Subject, |line| words(&line.subject)),
];

/// The register of who used a file copy.
pub(super) const LOANS: &Cells<LoanLine> = &[
    (RegisterColumn::Lent, |line| Cell::Day(line.on)),
    (RegisterColumn::Borrower, |line| words(&line.borrower)),
    (RegisterColumn::LentDocument, |line| words(&line.described)),
    (RegisterColumn::Subject, |line| words(&line.subject)),
    (RegisterColumn::Dossier, |line| words(&line.dossier)),
    (RegisterColumn::Acknowledged, by_hand),
    (RegisterColumn::Returned, |line| on(line.returned_on)),
    (RegisterColumn::Permitted, |line| words(&line.permitted_by)),
    (RegisterColumn::Note, |line| words(&line.note)),
];

/// A line in these columns.
pub(super) fn cells<T>(line: &T, columns: &[RegisterColumn], from: &Cells<T>) -> Vec<Cell> {
    let cell = |column: &RegisterColumn| {
        let found = from.iter().find(|(one, _)| one == column);
        found.map_or_else(|| words(""), |(_, cell)| cell(line))
    };
    columns.iter().map(cell).collect()
}

/// What people call a series of what goes out, by its code.
#[must_use]
pub fn series_name(code: &str) -> String {
    if code == COPIES {
        return "Bản sao".to_owned();
    }
    let symbol = code.strip_prefix("di-").unwrap_or(code);
    if symbol == "CV" {
        return "Công văn".to_owned();
    }
    let mut kinds = congvan_model::DocumentType::ALL.iter();
    kinds
        .find(|kind| kind.abbreviation() == symbol)
        .map_or_else(|| code.to_owned(), |kind| kind.name().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_column_of_a_register_has_its_cell() {
        fn columns<T>(cells: &Cells<T>) -> Vec<RegisterColumn> {
            cells.iter().map(|(column, _)| *column).collect()
        }
        for (register, filled) in [
            (Register::Incoming, columns(INCOMING)),
            (Register::Outgoing, columns(OUTGOING)),
            (Register::Tracking, columns(TRACKING)),
            (Register::Mail, columns(MAIL)),
            (Register::Loans, columns(LOANS)),
        ] {
            let shown = [register.columns(), register.further()].concat();
            assert_eq!(filled, shown, "{register:?}");
        }
    }
}
