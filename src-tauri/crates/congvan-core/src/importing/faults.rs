//! What can be wrong with a row. The words are for the report that leaves the desk; a face has its own by
//! the codes.

use congvan_protocol::import::RowRefusal;

use super::columns::ImportField;

macro_rules! row_faults {
    ($($(#[doc = $doc:literal])* $name:ident $code:literal $words:literal $remedy:literal;)*) => {
        /// Why a row is not taken over.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum RowFault {
            $($(#[doc = $doc])* $name,)*
        }
        impl RowFault {
            /// All of them, in the order of reports.
            pub const ALL: &[Self] = &[$(Self::$name),*];
            /// The code by which a face says it.
            #[must_use]
            pub fn code(self) -> &'static str {
                match self { $(Self::$name => $code,)* }
            }
            /// What is wrong.
            pub(super) fn words(self) -> &'static str {
                match self { $(Self::$name => $words,)* }
            }
            /// What to do about it.
            pub(super) fn remedy(self) -> &'static str {
                match self { $(Self::$name => $remedy,)* }
            }
        }
    };
}

row_faults! {
    /// A field that no document of a register is without is empty.
    Missing "MISSING" "Thiếu thông tin bắt buộc" "Điền cột đã nêu.";
    /// The number is none.
    BadNumber "BAD_NUMBER" "Số không phải là số" "Ghi một số nguyên từ 1.";
    /// The day is none.
    BadDate "BAD_DATE" "Ngày không hợp lệ" "Ghi ngày/tháng/năm, ví dụ 04/03/2019.";
    /// The day has not come.
    FutureDate "FUTURE_DATE" "Ngày ở tương lai" "Sửa lại ngày.";
    /// The day is before 2 September 1945.
    TooOld "TOO_OLD" "Ngày trước 02/9/1945" "Sửa lại năm.";
    /// The day is of another year than the register.
    OtherYear "OTHER_YEAR" "Ngày không thuộc năm của sổ" "Sửa năm của sổ hoặc ngày.";
    /// It stands on the document that it was issued after it had come.
    IssuedLater "ISSUED_LATER" "Ngày văn bản sau ngày đến" "Sửa một trong hai ngày.";
    /// Number and symbol are not written as `15/QĐ-UBND`.
    BadNotation "BAD_NOTATION" "Số, ký hiệu không đúng dạng" "Ghi số/ký hiệu, ví dụ 15/QĐ-UBND.";
    /// The kind is none of the decree's.
    UnknownKind "UNKNOWN_KIND" "Tên loại không có trong Nghị định 30/2020" "Chọn một tên loại, hoặc ghi Văn bản khác.";
    /// The mark of urgency is none.
    UnknownUrgency "UNKNOWN_URGENCY" "Độ khẩn không rõ" "Ghi Thường, Khẩn, Thượng khẩn hoặc Hỏa tốc.";
    /// The agency has no such book.
    UnknownBook "UNKNOWN_BOOK" "Không có sổ này" "Ghi mã hoặc tên một sổ của cơ quan.";
    /// A text is longer than a document has room for.
    TooLong "TOO_LONG" "Nội dung quá dài" "Rút ngắn: trích yếu 2.000 ký tự, tên 300 ký tự.";
    /// It bears a mark of secrecy, which never enters this program.
    Secret "SECRET" "Có độ mật" "Không nhập: bí mật nhà nước không vào phần mềm này.";
    /// Letters were lost when the table was written.
    DamagedText "DAMAGED_TEXT" "Chữ bị hỏng" "Lưu lại bảng với mã UTF-8.";
    /// A file that the row names is not in the folder.
    FileMissing "FILE_MISSING" "Không thấy tệp trong thư mục" "Chép tệp vào thư mục, hoặc sửa tên.";
    /// A file that the row names is no PDF.
    FileNotPdf "FILE_NOT_PDF" "Tệp không phải PDF nguyên vẹn" "Chuyển hoặc quét lại thành PDF.";
    /// A file is larger than the server takes.
    FileTooLarge "FILE_TOO_LARGE" "Tệp quá lớn" "Thu nhỏ hoặc chia tệp.";
    /// The row names more files than a document takes.
    TooManyFiles "TOO_MANY_FILES" "Quá 20 tệp" "Gộp các tệp.";
    /// Another row of the table is the same document, or has its number.
    Twice "TWICE" "Trùng với một dòng trước trong bảng" "Xóa một trong hai dòng, hoặc sửa số.";
    /// It was taken over before and says something else now.
    Differs "DIFFERS" "Đã nhập trước đây với nội dung khác" "Kiểm tra văn bản đã nhập; dòng này không ghi đè.";
    /// Another imported document has its number.
    NumberTaken "NUMBER_TAKEN" "Số đã có ở một văn bản nhập trước đây" "Kiểm tra văn bản mang số này.";
    /// The number is one of this system's.
    OfThisSystem "OF_THIS_SYSTEM" "Số thuộc sổ của phần mềm này" "Đăng ký văn bản này như văn bản mới.";
    /// The server refused a field of it.
    Refused "REFUSED" "Máy chủ không nhận dòng này" "Cập nhật phần mềm rồi nhập lại.";
}

impl From<RowRefusal> for RowFault {
    fn from(why: RowRefusal) -> Self {
        match why {
            RowRefusal::Invalid => Self::Refused,
            RowRefusal::NoBook => Self::UnknownBook,
            RowRefusal::Differs => Self::Differs,
            RowRefusal::NumberTaken => Self::NumberTaken,
            RowRefusal::OfThisSystem => Self::OfThisSystem,
        }
    }
}

/// What is worth a look and keeps no row back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum RowNotice {
    /// The directory does not know the issuer: it is kept as written.
    UnknownIssuer,
    /// The agency has no such field of activity: it is left out.
    UnknownActivity,
    /// Files are named and no folder is chosen: they can be added by importing once more with it.
    NoFolder,
}

impl RowNotice {
    /// All of them, in the order of reports.
    pub const ALL: [Self; 3] = [Self::UnknownIssuer, Self::UnknownActivity, Self::NoFolder];

    /// The code by which a face says it.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::UnknownIssuer => "UNKNOWN_ISSUER",
            Self::UnknownActivity => "UNKNOWN_ACTIVITY",
            Self::NoFolder => "NO_FOLDER",
        }
    }
}

/// One fault of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FaultAt {
    /// The row in the file, from 1.
    pub line: u32,
    /// The field, where it is of one.
    pub field: Option<ImportField>,
    /// What it is.
    pub fault: RowFault,
}
