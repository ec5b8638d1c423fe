//! Which column of a table is which field: guessed from the headings, changed by the clerk, remembered
//! for the next table with the same headings.

use congvan_model::{Direction, fold, nfc};
use serde::{Deserialize, Serialize};

/// What a column can hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ImportField {
    /// Identifier in the previous system.
    OldId,
    /// Sổ: code or name of a book.
    Book,
    /// Năm of the register; none: the year of the day.
    Year,
    /// Số đến.
    Arrival,
    /// Ngày đến.
    ArrivedOn,
    /// Cơ quan ban hành: its name or code.
    Issuer,
    /// Its code, where the name stands in another column.
    IssuerCode,
    /// Số và ký hiệu together.
    Notation,
    /// The number alone.
    Number,
    /// The symbol alone.
    Symbol,
    /// Ngày văn bản.
    IssuedOn,
    /// Tên loại.
    Kind,
    /// Lĩnh vực.
    Activity,
    /// Trích yếu.
    Subject,
    /// Người ký.
    Signer,
    /// Chức vụ người ký.
    Position,
    /// Độ khẩn.
    Urgency,
    /// Độ mật: anything but ordinary is refused.
    Secrecy,
    /// Nơi nhận.
    Places,
    /// Đơn vị, người xử lý.
    HandledBy,
    /// Names of files.
    Files,
}

impl ImportField {
    /// All of them, in the order of choosing.
    pub const ALL: [Self; 21] = [
        Self::Arrival,
        Self::ArrivedOn,
        Self::Issuer,
        Self::IssuerCode,
        Self::Notation,
        Self::Number,
        Self::Symbol,
        Self::IssuedOn,
        Self::Kind,
        Self::Subject,
        Self::Signer,
        Self::Position,
        Self::Urgency,
        Self::Secrecy,
        Self::Places,
        Self::HandledBy,
        Self::Activity,
        Self::Files,
        Self::Book,
        Self::Year,
        Self::OldId,
    ];

    /// Whether documents of a direction have it.
    #[must_use]
    pub fn is_of(self, direction: Direction) -> bool {
        match self {
            Self::Arrival | Self::ArrivedOn | Self::Book => direction == Direction::Incoming,
            Self::Places => direction == Direction::Outgoing,
            Self::OldId
            | Self::Year
            | Self::Issuer
            | Self::IssuerCode
            | Self::Notation
            | Self::Number
            | Self::Symbol
            | Self::IssuedOn
            | Self::Kind
            | Self::Activity
            | Self::Subject
            | Self::Signer
            | Self::Position
            | Self::Urgency
            | Self::Secrecy
            | Self::HandledBy
            | Self::Files => true,
        }
    }

    /// How its column is called in a register of ours.
    pub(super) fn heading(self) -> &'static str {
        match self {
            Self::OldId => "Mã cũ",
            Self::Book => "Sổ",
            Self::Year => "Năm",
            Self::Arrival => "Số đến",
            Self::ArrivedOn => "Ngày đến",
            Self::Issuer => "Cơ quan ban hành",
            Self::IssuerCode => "Mã cơ quan",
            Self::Notation => "Số, ký hiệu",
            Self::Number => "Số văn bản",
            Self::Symbol => "Ký hiệu",
            Self::IssuedOn => "Ngày văn bản",
            Self::Kind => "Tên loại",
            Self::Activity => "Lĩnh vực",
            Self::Subject => "Trích yếu",
            Self::Signer => "Người ký",
            Self::Position => "Chức vụ",
            Self::Urgency => "Độ khẩn",
            Self::Secrecy => "Độ mật",
            Self::Places => "Nơi nhận",
            Self::HandledBy => "Đơn vị xử lý",
            Self::Files => "Tệp",
        }
    }

    /// Further headings of programs that offices had, folded, letters and digits only.
    fn words(self) -> &'static [&'static str] {
        match self {
            Self::OldId => &[
                "macu",
                "id",
                "mavanban",
                "mavb",
                "vanbanid",
                "documentid",
                "madinhdanh",
            ],
            Self::Book => &[
                "sovanban",
                "socongvan",
                "tenso",
                "loaiso",
                "sovanbanden",
                "masovanban",
            ],
            Self::Year => &["nam", "namvanban", "namden", "namso"],
            Self::Arrival => &["soden", "sothutuden", "sovaoso", "sodangky", "sttden"],
            Self::ArrivedOn => &[
                "ngayden",
                "ngaynhan",
                "ngaytiepnhan",
                "ngayvaoso",
                "thoigianden",
            ],
            Self::Issuer => &[
                "coquanbanhanh",
                "cqbh",
                "tacgia",
                "noigui",
                "donvigui",
                "coquangui",
                "noibanhanh",
                "donvibanhanh",
                "tencoquanbanhanh",
                "coquantochucbanhanh",
            ],
            Self::IssuerCode => &[
                "macoquan",
                "macoquanbanhanh",
                "madonvi",
                "macqbh",
                "madonvigui",
            ],
            Self::Notation => &[
                "sokyhieu",
                "sovakyhieu",
                "sohieu",
                "skh",
                "sokihieu",
                "sovakihieu",
                "sokyhieuvanban",
                "sokhvb",
                "sohieuvanban",
                "sokyhieuvb",
            ],
            Self::Number => &["sovb", "sodi", "sophathanh", "sovanbandi"],
            Self::Symbol => &["kyhieu", "kihieu", "kyhieuvanban", "kyhieuvb"],
            Self::IssuedOn => &[
                "ngayvanban",
                "ngayvb",
                "ngaybanhanh",
                "ngayky",
                "ngaythangvanban",
                "ngayphathanh",
                "ngaythangnam",
                "ngaythang",
            ],
            Self::Kind => &[
                "tenloai",
                "loaivanban",
                "loaivb",
                "hinhthucvanban",
                "hinhthuc",
                "theloai",
                "loai",
            ],
            Self::Activity => &["linhvuc", "linhvucvanban", "nhomlinhvuc"],
            Self::Subject => &[
                "trichyeu",
                "trichyeunoidung",
                "noidung",
                "noidungtrichyeu",
                "vev",
                "tieude",
                "tenloaivatrichyeu",
                "trichyeuvanban",
                "tenloaivatrichyeunoidung",
            ],
            Self::Signer => &["nguoiky", "hotennguoiky", "nguoikyvanban", "nguoikyduyet"],
            Self::Position => &["chucvu", "chucvunguoiky", "chucdanh"],
            Self::Urgency => &["dokhan", "mucdokhan", "dokhancap"],
            Self::Secrecy => &["domat", "mucdomat", "dobaomat"],
            Self::Places => &["noinhan", "noinhanvanban", "donvinhan", "coquannhan"],
            Self::HandledBy => &[
                "donvixuly",
                "nguoixuly",
                "donvinguoinhan",
                "donvihoacnguoinhan",
                "canboxuly",
                "chutri",
                "donvichutri",
                "xulychinh",
                "nguoisoan",
                "donvisoanthao",
            ],
            Self::Files => &[
                "tep",
                "teptin",
                "tepdinhkem",
                "file",
                "filedinhkem",
                "files",
                "duongdantep",
                "tentep",
            ],
        }
    }
}

/// Letters and digits of a heading, without marks.
fn bare(heading: &str) -> String {
    let folded = fold(heading);
    folded.chars().filter(|c| c.is_alphanumeric()).collect()
}

fn field_of(heading: &str) -> Option<ImportField> {
    let bare = bare(heading);
    if bare.is_empty() {
        return None;
    }
    // Without its mark it is a book's “Sổ”, which folds to the same letters.
    if nfc(heading).trim().to_lowercase() == "số" {
        return Some(ImportField::Number);
    }
    let fields = ImportField::ALL.into_iter();
    let mut exact = fields.filter(|field| {
        self::bare(field.heading()) == bare || field.words().contains(&bare.as_str())
    });
    exact.next()
}

/// How many headings of a row are known; one alone is a title.
pub(super) fn recognised(cells: &[String]) -> usize {
    let known = cells.iter().filter(|cell| field_of(cell).is_some()).count();
    if known > 1 { known } else { 0 }
}

/// The columns by their headings, each field once, and of which direction the table seems to be.
pub(super) fn guess(headings: &[String]) -> (Direction, Vec<Option<ImportField>>) {
    let mut columns: Vec<Option<ImportField>> = Vec::with_capacity(headings.len());
    for heading in headings {
        let field = field_of(heading);
        let is_free = field.is_some_and(|field| !columns.contains(&Some(field)));
        columns.push(field.filter(|_| is_free));
    }
    let has = |field| columns.contains(&Some(field));
    let is_incoming = has(ImportField::Arrival) || has(ImportField::ArrivedOn);
    let direction = match is_incoming || !has(ImportField::Places) {
        true => Direction::Incoming,
        false => Direction::Outgoing,
    };
    for column in &mut columns {
        *column = column.filter(|field| field.is_of(direction));
    }
    (direction, columns)
}

/// What a table was taken for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportMapping {
    /// Which register.
    pub direction: Direction,
    /// Code of the book for rows that name none; of what comes in.
    pub book: String,
    /// The field of each column; none is left out.
    pub columns: Vec<Option<ImportField>>,
}

impl ImportMapping {
    /// The setting that remembers what tables with these headings are.
    pub(super) fn setting(headings: &[String]) -> String {
        let bare: Vec<String> = headings.iter().map(|heading| bare(heading)).collect();
        let digest =
            aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, bare.join("\n").as_bytes());
        format!(
            "import.{}",
            hex::encode(digest.as_ref().get(..8).unwrap_or_default())
        )
    }

    /// The fields that a register cannot be without and no column holds.
    #[must_use]
    pub fn missing(&self) -> Vec<ImportField> {
        use ImportField as Field;
        let has = |field| self.columns.contains(&Some(field));
        let needed: &[Field] = match self.direction {
            Direction::Incoming => &[
                Field::Arrival,
                Field::ArrivedOn,
                Field::Issuer,
                Field::Subject,
            ],
            Direction::Outgoing => &[Field::Notation, Field::IssuedOn, Field::Subject],
        };
        let in_parts = has(Field::Number) && has(Field::Symbol);
        let by_code = has(Field::IssuerCode);
        let stands = |field: &Field| match field {
            Field::Notation => has(Field::Notation) || in_parts,
            Field::Issuer => has(Field::Issuer) || by_code,
            other => has(*other),
        };
        needed
            .iter()
            .filter(|field| !stands(field))
            .copied()
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ImportField as Field;

    fn guessed(headings: &[&str]) -> (Direction, Vec<Option<Field>>) {
        let headings: Vec<String> = headings.iter().map(|text| (*text).to_owned()).collect();
        guess(&headings)
    }

    #[test]
    fn headings_of_programs_that_offices_had_are_known_with_and_without_marks() {
        let marked = [
            "STT",
            "Số đến",
            "Ngày đến",
            "Số/Ký hiệu",
            "Ngày VB",
            "Cơ quan ban hành",
            "Loại văn bản",
            "Trích yếu nội dung",
            "Người ký",
            "Độ khẩn",
            "Độ mật",
            "Tệp đính kèm",
        ];
        let bare = [
            "stt",
            "SO DEN",
            "NGAY_DEN",
            "SO_KY_HIEU",
            "NGAY_VB",
            "CO_QUAN_BAN_HANH",
            "LOAI_VAN_BAN",
            "TRICH_YEU_NOI_DUNG",
            "NGUOI_KY",
            "DO_KHAN",
            "DO_MAT",
            "TEP_DINH_KEM",
        ];
        let expected = [
            None,
            Some(Field::Arrival),
            Some(Field::ArrivedOn),
            Some(Field::Notation),
            Some(Field::IssuedOn),
            Some(Field::Issuer),
            Some(Field::Kind),
            Some(Field::Subject),
            Some(Field::Signer),
            Some(Field::Urgency),
            Some(Field::Secrecy),
            Some(Field::Files),
        ];
        for headings in [marked, bare] {
            let (direction, columns) = guessed(&headings);
            assert_eq!(direction, Direction::Incoming);
            assert_eq!(columns, expected, "{headings:?}");
        }
    }

    #[test]
    fn a_register_of_what_went_out_is_told_from_one_of_what_came() {
        let (direction, columns) = guessed(&[
            "Số, ký hiệu",
            "Ngày ban hành",
            "Trích yếu",
            "Nơi nhận",
            "Nơi nhận",
        ]);
        assert_eq!(direction, Direction::Outgoing);
        assert_eq!(
            columns,
            [
                Some(Field::Notation),
                Some(Field::IssuedOn),
                Some(Field::Subject),
                Some(Field::Places),
                None
            ]
        );
    }

    #[test]
    fn what_a_register_cannot_be_without_is_named() {
        let mut mapping = ImportMapping {
            direction: Direction::Incoming,
            book: "den".to_owned(),
            columns: vec![Some(Field::Arrival), Some(Field::IssuerCode)],
        };
        assert_eq!(mapping.missing(), [Field::ArrivedOn, Field::Subject]);
        mapping.direction = Direction::Outgoing;
        mapping.columns = vec![Some(Field::Number), Some(Field::Symbol)];
        assert_eq!(mapping.missing(), [Field::IssuedOn, Field::Subject]);
    }

    #[test]
    fn every_field_has_a_heading_that_is_known_as_its_own() {
        for field in Field::ALL {
            assert_eq!(field_of(field.heading()), Some(field), "{field:?}");
        }
    }
}
