//! Fictional offices and what they write. The half that is held out has its own.

use congvan_model::DocumentType::{self, *};

/// An issuing agency as it stands on its letters.
pub(crate) struct Agency {
    /// The agency above, line by line.
    pub(crate) parent: &'static [&'static str],
    /// The agency, line by line.
    pub(crate) name: &'static [&'static str],
    /// Its part of the symbol.
    pub(crate) symbol: &'static str,
    /// Where it dates its letters.
    pub(crate) place: &'static str,
    /// Authority and position above the signature.
    pub(crate) posts: &'static [&'static [&'static str]],
}

const PROVINCE: &[&str] = &["ỦY BAN NHÂN DÂN", "TỈNH HƯNG THỊNH"];
const PROVINCE_SHORT: &[&str] = &["UBND TỈNH HƯNG THỊNH"];
const COMMITTEE: &[&[&str]] = &[
    &["TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH"],
    &["TM. ỦY BAN NHÂN DÂN", "KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH"],
    &["TL. CHỦ TỊCH", "CHÁNH VĂN PHÒNG"],
    &["TUQ. CHỦ TỊCH", "TRƯỞNG PHÒNG KINH TẾ"],
];
const DIRECTOR: &[&[&str]] = &[&["GIÁM ĐỐC"], &["KT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC"]];
const SECTION: &[&[&str]] = &[&["TRƯỞNG PHÒNG"], &["KT. TRƯỞNG PHÒNG", "PHÓ TRƯỞNG PHÒNG"]];
const OFFICE: &[&[&str]] = &[
    &["CHÁNH VĂN PHÒNG"],
    &["KT. CHÁNH VĂN PHÒNG", "PHÓ CHÁNH VĂN PHÒNG"],
];
const MINISTRY: &[&[&str]] = &[
    &["BỘ TRƯỞNG"],
    &["KT. BỘ TRƯỞNG", "THỨ TRƯỞNG"],
    &["TL. BỘ TRƯỞNG", "CHÁNH VĂN PHÒNG"],
];
const COUNCIL: &[&[&str]] = &[&["TM. HỘI ĐỒNG NHÂN DÂN", "CHỦ TỊCH"], &["CHỦ TỊCH"]];
const DEPARTMENT: &[&[&str]] = &[&["CỤC TRƯỞNG"], &["KT. CỤC TRƯỞNG", "PHÓ CỤC TRƯỞNG"]];

macro_rules! agencies {
    ($name:ident: $(($parent:expr, $lines:expr, $symbol:literal, $place:literal, $posts:expr),)*) => {
        pub(crate) const $name: &[Agency] = &[$(Agency {
            parent: $parent, name: $lines, symbol: $symbol, place: $place, posts: $posts,
        },)*];
    };
}

agencies! { DEVELOP:
    (&[], &["ỦY BAN NHÂN DÂN", "XÃ BÌNH MINH ĐÔNG"], "UBND", "Xã Bình Minh Đông", COMMITTEE),
    (&[], &["ỦY BAN NHÂN DÂN", "TỈNH HƯNG THỊNH"], "UBND", "Hưng Thịnh", COMMITTEE),
    (PROVINCE_SHORT, &["SỞ NỘI VỤ"], "SNV", "Hưng Thịnh", DIRECTOR),
    (PROVINCE, &["SỞ NÔNG NGHIỆP VÀ MÔI TRƯỜNG"], "SNNMT", "Hưng Thịnh", DIRECTOR),
    (PROVINCE, &["SỞ TƯ PHÁP"], "STP", "Hưng Thịnh", DIRECTOR),
    (&["ỦY BAN NHÂN DÂN", "XÃ BÌNH MINH ĐÔNG"], &["PHÒNG KINH TẾ"], "PKT", "Bình Minh Đông", SECTION),
    (&["UBND XÃ BÌNH MINH ĐÔNG"], &["TRUNG TÂM", "PHỤC VỤ HÀNH CHÍNH CÔNG"], "TTPVHCC", "Bình Minh Đông", DIRECTOR),
    (&[], &["HỘI ĐỒNG NHÂN DÂN", "XÃ BÌNH MINH ĐÔNG"], "HĐND", "Bình Minh Đông", COUNCIL),
    (&[], &["BỘ NỘI VỤ"], "BNV", "Hà Nội", MINISTRY),
    (&["BỘ TÀI CHÍNH"], &["CỤC THUẾ"], "CT", "Hà Nội", DEPARTMENT),
    (PROVINCE, &["BAN QUẢN LÝ DỰ ÁN", "ĐẦU TƯ XÂY DỰNG"], "BQLDA", "Hưng Thịnh", DIRECTOR),
    (&["BẢO HIỂM XÃ HỘI VIỆT NAM"], &["BẢO HIỂM XÃ HỘI", "TỈNH HƯNG THỊNH"], "BHXH", "Hưng Thịnh", DIRECTOR),
    (PROVINCE, &["VĂN PHÒNG"], "VP", "Hưng Thịnh", OFFICE),
    (&["SỞ Y TẾ HƯNG THỊNH"], &["TRUNG TÂM KIỂM SOÁT BỆNH TẬT"], "KSBT", "Hưng Thịnh", DIRECTOR),
}

agencies! { HELD_OUT:
    (&[], &["ỦY BAN NHÂN DÂN", "PHƯỜNG AN PHÚ TÂY"], "UBND", "Phường An Phú Tây", COMMITTEE),
    (&[], &["ỦY BAN NHÂN DÂN", "ĐẶC KHU HÒN NGỌC"], "UBND", "Hòn Ngọc", COMMITTEE),
    (&[], &["ỦY BAN NHÂN DÂN", "THÀNH PHỐ MINH CHÂU"], "UBND", "Minh Châu", COMMITTEE),
    (&["UBND THÀNH PHỐ MINH CHÂU"], &["SỞ TÀI CHÍNH"], "STC", "Minh Châu", DIRECTOR),
    (&["ỦY BAN NHÂN DÂN", "THÀNH PHỐ MINH CHÂU"], &["SỞ KHOA HỌC VÀ CÔNG NGHỆ"], "SKHCN", "Minh Châu", DIRECTOR),
    (&["UBND THÀNH PHỐ MINH CHÂU"], &["SỞ VĂN HÓA,", "THỂ THAO VÀ DU LỊCH"], "SVHTTDL", "Minh Châu", DIRECTOR),
    (&["ỦY BAN NHÂN DÂN", "PHƯỜNG AN PHÚ TÂY"], &["PHÒNG VĂN HÓA - XÃ HỘI"], "PVHXH", "An Phú Tây", SECTION),
    (&["UBND PHƯỜNG AN PHÚ TÂY"], &["VĂN PHÒNG HĐND VÀ UBND"], "VP", "An Phú Tây", OFFICE),
    (&[], &["HỘI ĐỒNG NHÂN DÂN", "PHƯỜNG AN PHÚ TÂY"], "HĐND", "An Phú Tây", COUNCIL),
    (&[], &["BỘ KHOA HỌC VÀ CÔNG NGHỆ"], "BKHCN", "Hà Nội", MINISTRY),
    (&["BỘ TÀI CHÍNH"], &["KHO BẠC NHÀ NƯỚC", "KHU VỰC XV"], "KBXV", "Minh Châu", DIRECTOR),
    (&["BỘ CÔNG AN"], &["CÔNG AN THÀNH PHỐ MINH CHÂU"], "CATP", "Minh Châu", DIRECTOR),
    (&["UBND PHƯỜNG AN PHÚ TÂY"], &["TRƯỜNG TRUNG HỌC CƠ SỞ", "NGUYỄN DU"], "THCSND", "An Phú Tây", &[&["HIỆU TRƯỞNG"], &["KT. HIỆU TRƯỞNG", "PHÓ HIỆU TRƯỞNG"]]),
    (&["SỞ XÂY DỰNG MINH CHÂU"], &["CHI CỤC GIÁM ĐỊNH XÂY DỰNG"], "CCGĐ", "Minh Châu", &[&["CHI CỤC TRƯỞNG"], &["KT. CHI CỤC TRƯỞNG", "PHÓ CHI CỤC TRƯỞNG"]]),
}

/// Kinds by how often they come in; official letters are the rest.
pub(crate) const KINDS: &[DocumentType] = &[
    Decision,
    Plan,
    Report,
    Announcement,
    Submission,
    Invitation,
    Directive,
    Resolution,
    Telegram,
    Guidance,
    Programme,
    TransferNote,
    Minutes,
    Alternative,
    Introduction,
    Scheme,
];

/// Who drafted, in the symbol of an official letter.
pub(crate) const UNITS: &[&str] = &[
    "VX", "TH", "KT", "NC", "VP", "CCHC", "NS", "QLNS", "TCKT", "NVT",
];

pub(crate) const DEVELOP_SUBJECTS: &[&str] = &[
    "rà soát hộ nghèo, hộ cận nghèo năm 2026",
    "tăng cường phòng, chống cháy rừng mùa khô",
    "báo cáo kết quả giải ngân vốn đầu tư công quý II năm 2026",
    "cử cán bộ tham gia lớp bồi dưỡng kỹ năng quản lý văn bản và lập hồ sơ điện tử",
    "triển khai công tác bảo đảm an toàn thông tin trong dịp Tết Nguyên đán",
    "đôn đốc tiến độ thực hiện các nhiệm vụ Ủy ban nhân dân tỉnh giao",
    "cung cấp số liệu phục vụ xây dựng kế hoạch phát triển kinh tế - xã hội",
    "hướng dẫn quyết toán kinh phí bầu cử",
    "phối hợp kiểm tra việc sử dụng tài sản công tại các đơn vị sự nghiệp",
    "thành lập Tổ công tác chuyển đổi số",
    "lấy ý kiến dự thảo Quy chế làm việc",
    "điều động và bổ nhiệm công chức giữ chức vụ lãnh đạo, quản lý",
    "tổng kết phong trào thi đua yêu nước",
    "giải quyết kiến nghị của cử tri sau kỳ họp thứ 12",
];

pub(crate) const HELD_OUT_SUBJECTS: &[&str] = &[
    "phòng, chống dịch bệnh sốt xuất huyết trên địa bàn",
    "thực hiện cải cách hành chính năm 2026",
    "tình hình kinh tế - xã hội tháng 3 và nhiệm vụ trọng tâm tháng 4 năm 2026",
    "họp giao ban công tác tuần",
    "kiểm kê đất đai, lập bản đồ hiện trạng sử dụng đất",
    "khắc phục hậu quả mưa lũ và ổn định đời sống nhân dân",
    "bố trí kinh phí sửa chữa trụ sở làm việc, mua sắm trang thiết bị",
    "phê duyệt nhiệm vụ quy hoạch chi tiết khu dân cư mới",
    "trả lời đơn kiến nghị của công dân",
    "đề nghị thẩm định báo cáo kinh tế - kỹ thuật công trình đường giao thông nông thôn",
    "công bố danh mục thủ tục hành chính được sửa đổi, bổ sung thuộc thẩm quyền giải quyết",
    "kết quả thanh tra việc chấp hành pháp luật về xây dựng",
    "quản lý, sử dụng chữ ký số chuyên dùng công vụ",
    "tổ chức Đại hội Thể dục thể thao lần thứ X",
];

pub(crate) const DEVELOP_PEOPLE: &[&str] = &[
    "Nguyễn Văn An",
    "Trần Thị Bình",
    "Lê Minh Cường",
    "Phạm Thị Thùy Dung",
    "Hoàng Đức Anh",
    "Võ Văn Em",
];
pub(crate) const HELD_OUT_PEOPLE: &[&str] = &[
    "Đặng Quốc Bảo",
    "Bùi Thị Ngọc Hà",
    "Đỗ Hữu Phước",
    "Huỳnh Thị Mỹ Linh",
    "Vũ Xuân Trường",
    "Phan Đình Khôi",
];

pub(crate) const ADDRESSEES: &[&str] = &[
    "Ủy ban nhân dân các xã, phường",
    "Văn phòng Ủy ban nhân dân tỉnh",
    "Sở Nội vụ",
    "Sở Tài chính",
    "Các phòng, ban chuyên môn",
    "Phòng Kinh tế",
    "Công an xã Bình Minh Đông",
    "Trung tâm Phục vụ hành chính công",
    "Ủy ban nhân dân xã Bình Minh Đông",
];
