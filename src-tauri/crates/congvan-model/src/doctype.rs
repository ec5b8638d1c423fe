use serde::{Deserialize, Serialize};

macro_rules! document_types {
    ($($variant:ident $code:literal $name:literal $abbreviation:literal;)*) => {
        /// The 29 kinds of administrative document (Decree 30/2020, art. 7 and Appendix III), and
        /// what is none of them: offices also receive petitions, invoices, minutes of courts.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum DocumentType {
            $(#[doc = $name] $variant,)*
            /// None of the kinds of the decree.
            Other,
        }
        impl DocumentType {
            /// Every kind of the decree, in its order.
            pub const ALL: &[Self] = &[$(Self::$variant),*];
            /// The two-digit code used in document identifiers since 2025.
            #[must_use]
            pub fn code(self) -> &'static str {
                match self { $(Self::$variant => $code,)* Self::Other => "32" }
            }
            /// The name in Vietnamese.
            #[must_use]
            pub fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)* Self::Other => "Văn bản khác" }
            }
            /// The abbreviation in the symbol (ký hiệu); empty for công văn, thư công and
            /// what is none of the kinds.
            #[must_use]
            pub fn abbreviation(self) -> &'static str {
                match self { $(Self::$variant => $abbreviation,)* Self::Other => "" }
            }
        }
    };
}

document_types! {
    Resolution "01" "Nghị quyết" "NQ";
    Decision "02" "Quyết định" "QĐ";
    Directive "03" "Chỉ thị" "CT";
    Regulation "04" "Quy chế" "QC";
    Rule "05" "Quy định" "QyĐ";
    Communique "06" "Thông cáo" "TC";
    Announcement "07" "Thông báo" "TB";
    Guidance "08" "Hướng dẫn" "HD";
    Programme "09" "Chương trình" "CTr";
    Plan "10" "Kế hoạch" "KH";
    Alternative "11" "Phương án" "PA";
    Scheme "12" "Đề án" "ĐA";
    Project "13" "Dự án" "DA";
    Report "14" "Báo cáo" "BC";
    Submission "15" "Tờ trình" "TTr";
    PowerOfAttorney "16" "Giấy ủy quyền" "GUQ";
    SendingNote "17" "Phiếu gửi" "PG";
    TransferNote "18" "Phiếu chuyển" "PC";
    NoticeNote "19" "Phiếu báo" "PB";
    Minutes "20" "Biên bản" "BB";
    Contract "21" "Hợp đồng" "HĐ";
    OfficialLetter "22" "Công văn" "";
    Telegram "23" "Công điện" "CĐ";
    Memorandum "24" "Bản ghi nhớ" "BGN";
    Agreement "25" "Bản thỏa thuận" "BTT";
    Invitation "26" "Giấy mời" "GM";
    Introduction "27" "Giấy giới thiệu" "GGT";
    LeavePermit "28" "Giấy nghỉ phép" "GNP";
    PublicLetter "29" "Thư công" "";
}
