//! A register as it is drawn, on paper or as a table: what stands at its head, its columns, its lines.

use congvan_model::VN_OFFSET;
use congvan_store::{BookLine, COPIES, OutgoingLine, Progress, TrackingLine};
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
            | Self::Due => true,
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
            | Self::Reply => false,
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
        }
    }

    /// Columns that it can show besides.
    #[must_use]
    pub fn further(self) -> &'static [RegisterColumn] {
        match self {
            Self::Incoming => &[RegisterColumn::Activity],
            Self::Outgoing | Self::Tracking => &[],
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
        }
    }

    /// Name of the sheet in a workbook, at most 26 characters.
    pub(super) fn short(self) -> &'static str {
        match self {
            Self::Incoming => "Sổ đến",
            Self::Outgoing => "Sổ đi",
            Self::Tracking => "Sổ theo dõi",
        }
    }

    /// Name of the file without its ending and year.
    pub(super) fn file(self) -> &'static str {
        match self {
            Self::Incoming => "So-dang-ky-van-ban-den",
            Self::Outgoing => "So-dang-ky-van-ban-di",
            Self::Tracking => "So-theo-doi-giai-quyet-van-ban-den",
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

/// A cell of the register of what comes in.
pub(super) fn incoming(line: &BookLine, column: RegisterColumn) -> Cell {
    use RegisterColumn as C;
    match column {
        C::Arrived => Cell::Day(line.arrived_on),
        C::Number => match (line.number, &line.provisional) {
            (Some(number), _) => Cell::Number(number),
            (None, provisional) => words(provisional.as_deref().unwrap_or_default()),
        },
        C::Issuer => words(&line.issuer),
        C::Notation => words(&line.notation),
        C::Issued => on(line.issued_on),
        C::Subject => words(&line.subject),
        C::Receivers => words(&line.receivers),
        C::Passed => on(line.passed_on),
        C::Acknowledged => {
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
        }
        C::Note => void(line.is_void, &line.note),
        C::Activity => words(line.activity.as_ref().map_or("", |of| of.name.as_str())),
        C::Signer
        | C::Recipients
        | C::Kept
        | C::Copies
        | C::Sent
        | C::Described
        | C::Due
        | C::Progress
        | C::Reply => words(""),
    }
}

/// A cell of the register of what goes out.
pub(super) fn outgoing(line: &OutgoingLine, column: RegisterColumn) -> Cell {
    use RegisterColumn as C;
    match column {
        C::Notation => words(&line.notation),
        C::Issued => on(line.issued_on),
        C::Subject => words(&line.subject),
        C::Signer => words(&line.signer),
        C::Recipients => words(&line.recipients),
        C::Kept => words(&line.kept),
        C::Copies => line.copies.map_or_else(|| words(""), Cell::Number),
        C::Sent => on(line.sent_on),
        C::Acknowledged => Cell::Words(match line.copies {
            Some(copies) => format!("Đã đến {}/{copies} nơi", line.received),
            None => String::new(),
        }),
        C::Note if line.number.is_none() => Cell::Words(match line.note.as_str() {
            "" => "Chờ cấp số".to_owned(),
            note => format!("Chờ cấp số; {note}"),
        }),
        C::Note => void(line.is_void, &line.note),
        C::Arrived
        | C::Number
        | C::Issuer
        | C::Receivers
        | C::Passed
        | C::Activity
        | C::Described
        | C::Due
        | C::Progress
        | C::Reply => words(""),
    }
}

/// A cell of the register that follows the handling.
pub(super) fn tracking(line: &TrackingLine, column: RegisterColumn) -> Cell {
    use RegisterColumn as C;
    match column {
        C::Number => Cell::Number(line.number),
        C::Described => words(&line.described),
        C::Receivers => words(&line.receivers),
        C::Due => on(line.due.map(|due| due.instant().vietnam_date())),
        C::Progress => {
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
        }
        C::Reply => words(&line.reply),
        C::Note => words(&line.note),
        C::Arrived
        | C::Issuer
        | C::Notation
        | C::Issued
        | C::Subject
        | C::Passed
        | C::Acknowledged
        | C::Activity
        | C::Signer
        | C::Recipients
        | C::Kept
        | C::Copies
        | C::Sent => words(""),
    }
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
