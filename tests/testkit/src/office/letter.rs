use congvan_model::{DocumentType, Urgency};

/// Who writes: the head of a page.
#[derive(Clone, Debug)]
pub struct Stationery {
    /// Cơ quan chủ quản, above and not bold; none for a provincial people's committee.
    pub parent: Option<String>,
    /// Cơ quan ban hành, bold; may hold line breaks.
    pub agency: String,
    /// Địa danh, e.g. `Xã Bình Minh Đông`.
    pub place: String,
}

/// A part of the body.
#[derive(Clone, Debug)]
pub enum Block {
    /// A bold line, e.g. `I. MỤC ĐÍCH, YÊU CẦU`.
    Heading(String),
    /// Running text with an indented first line.
    Paragraph(String),
    /// A table: the head and the rows, all of one length.
    Table(Vec<String>, Vec<Vec<String>>),
}

/// An office document before it is laid out (Decree 30/2020, Appendix I).
#[derive(Clone, Debug)]
pub struct Letter {
    /// Head.
    pub stationery: Stationery,
    /// Số, ký hiệu as printed after `Số: `, e.g. `123/UBND-VX`; a draft leaves the number blank.
    pub notation: String,
    /// Ngày văn bản; a draft leaves day and month blank.
    pub date: Option<jiff::civil::Date>,
    /// Tên loại.
    pub kind: DocumentType,
    /// Trích yếu.
    pub subject: String,
    /// Kính gửi; may be empty.
    pub addressees: Vec<String>,
    /// Nội dung.
    pub blocks: Vec<Block>,
    /// Nơi nhận, without the last line `- Lưu: VT`.
    pub recipients: Vec<String>,
    /// Quyền hạn, chức vụ: one line each, e.g. `TM. ỦY BAN NHÂN DÂN`, `CHỦ TỊCH`.
    pub authority: Vec<String>,
    /// Họ tên.
    pub signer: String,
    /// Dấu độ khẩn.
    pub urgency: Urgency,
}
