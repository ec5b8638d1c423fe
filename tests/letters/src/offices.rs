//! Parts of names, subjects and people that letters of the hard half are put together from: the
//! offices of provinces, communes, ministries, schools, hospitals and enterprises; no place is real
//! on purpose.

use congvan_testkit::SplitMix;

/// An office's lines above and its own, `|` between lines, `{P}` a province, `{C}` a commune; its
/// symbol; the family of its posts; whether it dates its letters in the commune.
type Office = (&'static str, &'static str, &'static str, Posts, bool);

#[derive(Clone, Copy)]
enum Posts {
    Committee,
    Director,
    Ministry,
    Section,
    Bureau,
    School,
    Police,
    Court,
    Front,
    Company,
}

use Posts::{
    Bureau, Committee, Company, Court, Director, Front, Ministry, Police, School, Section,
};

const OFFICES: &[Office] = &[
    ("", "ỦY BAN NHÂN DÂN|XÃ {C}", "UBND", Committee, true),
    ("", "ỦY BAN NHÂN DÂN|PHƯỜNG {C}", "UBND", Committee, true),
    ("", "UBND XÃ {C}", "UBND", Committee, true),
    ("", "ỦY BAN NHÂN DÂN|TỈNH {P}", "UBND", Committee, false),
    ("", "HỘI ĐỒNG NHÂN DÂN|TỈNH {P}", "HĐND", Committee, false),
    (
        "ỦY BAN NHÂN DÂN|TỈNH {P}",
        "VĂN PHÒNG",
        "VPUB",
        Director,
        false,
    ),
    (
        "UBND TỈNH {P}",
        "SỞ GIÁO DỤC VÀ ĐÀO TẠO",
        "SGDĐT",
        Director,
        false,
    ),
    (
        "ỦY BAN NHÂN DÂN|TỈNH {P}",
        "SỞ CÔNG THƯƠNG",
        "SCT",
        Director,
        false,
    ),
    (
        "UBND TỈNH {P}",
        "SỞ DÂN TỘC VÀ TÔN GIÁO",
        "SDTTG",
        Director,
        false,
    ),
    ("UBND TỈNH {P}", "SỞ XÂY DỰNG", "SXD", Director, false),
    (
        "ỦY BAN NHÂN DÂN|TỈNH {P}",
        "SỞ Y TẾ",
        "SYT",
        Director,
        false,
    ),
    ("UBND TỈNH {P}", "SỞ NGOẠI VỤ", "SNgV", Director, false),
    ("UBND TỈNH {P}", "THANH TRA TỈNH", "TTT", Bureau, false),
    (
        "UBND TỈNH {P}",
        "BAN QUẢN LÝ|CÁC KHU CÔNG NGHIỆP",
        "BQLKCN",
        Director,
        false,
    ),
    (
        "ỦY BAN NHÂN DÂN|TỈNH {P}",
        "BAN QUẢN LÝ DỰ ÁN ĐẦU TƯ|XÂY DỰNG CÔNG TRÌNH|GIAO THÔNG",
        "BQLDAGT",
        Director,
        false,
    ),
    (
        "SỞ Y TẾ {P}",
        "BỆNH VIỆN ĐA KHOA|KHU VỰC {C}",
        "BVĐK",
        Director,
        true,
    ),
    ("SỞ Y TẾ", "BỆNH VIỆN PHỤ SẢN {P}", "BVPS", Director, false),
    (
        "BỘ Y TẾ",
        "BỆNH VIỆN TRUNG ƯƠNG|{P}",
        "BVTW",
        Director,
        false,
    ),
    (
        "SỞ GIÁO DỤC VÀ ĐÀO TẠO",
        "TRƯỜNG TRUNG HỌC PHỔ THÔNG|{C}",
        "THPT",
        School,
        true,
    ),
    (
        "UBND XÃ {C}",
        "TRƯỜNG MẦM NON|HOA SEN",
        "MNHS",
        School,
        true,
    ),
    (
        "ỦY BAN NHÂN DÂN|XÃ {C}",
        "TRƯỜNG TIỂU HỌC|{C} SỐ 2",
        "TH",
        School,
        true,
    ),
    (
        "UBND TỈNH {P}",
        "TRƯỜNG CAO ĐẲNG|CỘNG ĐỒNG {P}",
        "CĐCĐ",
        School,
        false,
    ),
    (
        "BỘ GIÁO DỤC VÀ ĐÀO TẠO",
        "TRƯỜNG ĐẠI HỌC|SƯ PHẠM {P}",
        "ĐHSP",
        School,
        false,
    ),
    (
        "ỦY BAN NHÂN DÂN|XÃ {C}",
        "PHÒNG KINH TẾ",
        "KT",
        Section,
        true,
    ),
    (
        "UBND PHƯỜNG {C}",
        "PHÒNG KINH TẾ, HẠ TẦNG|VÀ ĐÔ THỊ",
        "KTHTĐT",
        Section,
        true,
    ),
    (
        "UBND PHƯỜNG {C}",
        "BAN CHỈ HUY QUÂN SỰ",
        "BCH",
        Police,
        true,
    ),
    ("CÔNG AN TỈNH {P}", "CÔNG AN XÃ {C}", "CAX", Police, true),
    ("BỘ CÔNG AN", "CÔNG AN TỈNH {P}", "CAT", Police, false),
    (
        "BỘ NÔNG NGHIỆP VÀ MÔI TRƯỜNG",
        "CỤC QUẢN LÝ ĐÊ ĐIỀU|VÀ PHÒNG, CHỐNG THIÊN TAI",
        "ĐĐ",
        Bureau,
        false,
    ),
    (
        "BỘ CÔNG THƯƠNG",
        "CỤC XÚC TIẾN THƯƠNG MẠI",
        "XTTM",
        Bureau,
        false,
    ),
    ("", "BỘ GIÁO DỤC VÀ ĐÀO TẠO", "BGDĐT", Ministry, false),
    ("", "BỘ NÔNG NGHIỆP|VÀ MÔI TRƯỜNG", "BNNMT", Ministry, false),
    ("", "THANH TRA CHÍNH PHỦ", "TTCP", Ministry, false),
    ("", "NGÂN HÀNG NHÀ NƯỚC|VIỆT NAM", "NHNN", Director, false),
    (
        "TỔNG CÔNG TY|ĐIỆN LỰC MIỀN BẮC",
        "CÔNG TY ĐIỆN LỰC|{P}",
        "PC",
        Company,
        false,
    ),
    ("", "CÔNG TY CỔ PHẦN|CẤP NƯỚC {P}", "CTCN", Company, false),
    (
        "",
        "CÔNG TY TNHH|MỘT THÀNH VIÊN|THỦY LỢI {P}",
        "CTTL",
        Company,
        false,
    ),
    (
        "TÒA ÁN NHÂN DÂN TỐI CAO",
        "TÒA ÁN NHÂN DÂN|TỈNH {P}",
        "TA",
        Court,
        false,
    ),
    (
        "VIỆN KIỂM SÁT NHÂN DÂN|TỈNH {P}",
        "VIỆN KIỂM SÁT NHÂN DÂN|KHU VỰC 3",
        "VKS",
        Court,
        false,
    ),
    ("CỤC THUẾ", "THUẾ TỈNH {P}", "TT", Bureau, false),
    (
        "CỤC HẢI QUAN",
        "CHI CỤC HẢI QUAN|KHU VỰC VII",
        "CCHQ",
        Bureau,
        false,
    ),
    (
        "SỞ NÔNG NGHIỆP|VÀ MÔI TRƯỜNG",
        "CHI CỤC CHĂN NUÔI|VÀ THÚ Y",
        "CNTY",
        Bureau,
        false,
    ),
    (
        "SỞ NÔNG NGHIỆP VÀ MÔI TRƯỜNG",
        "CHI CỤC KIỂM LÂM",
        "CCKL",
        Bureau,
        false,
    ),
    (
        "SỞ NÔNG NGHIỆP VÀ MÔI TRƯỜNG",
        "VƯỜN QUỐC GIA {C}",
        "VQG",
        Director,
        true,
    ),
    (
        "SỞ TƯ PHÁP {P}",
        "TRUNG TÂM TRỢ GIÚP PHÁP LÝ|NHÀ NƯỚC",
        "TGPL",
        Director,
        false,
    ),
    (
        "UBND TỈNH {P}",
        "ĐÀI PHÁT THANH|VÀ TRUYỀN HÌNH",
        "PTTH",
        Director,
        false,
    ),
    (
        "",
        "ỦY BAN MẶT TRẬN TỔ QUỐC|VIỆT NAM XÃ {C}",
        "MTTQ",
        Front,
        true,
    ),
    ("", "LIÊN MINH HỢP TÁC XÃ|TỈNH {P}", "LMHTX", Front, false),
    (
        "BẢO HIỂM XÃ HỘI|TỈNH {P}",
        "BẢO HIỂM XÃ HỘI|CƠ SỞ {C}",
        "BHXH",
        Director,
        true,
    ),
    (
        "SỞ VĂN HÓA, THỂ THAO|VÀ DU LỊCH",
        "BẢO TÀNG TỈNH {P}",
        "BT",
        Director,
        false,
    ),
    (
        "UBND TỈNH {P}",
        "QUỸ ĐẦU TƯ PHÁT TRIỂN",
        "QĐT",
        Director,
        false,
    ),
];

/// The groups of lines above a signature, `|` between lines.
fn posts(of: Posts) -> &'static [&'static str] {
    match of {
        Committee => &[
            "TM. ỦY BAN NHÂN DÂN|CHỦ TỊCH",
            "TM. ỦY BAN NHÂN DÂN|KT. CHỦ TỊCH|PHÓ CHỦ TỊCH",
            "CHỦ TỊCH",
            "KT. CHỦ TỊCH|PHÓ CHỦ TỊCH",
            "TL. CHỦ TỊCH|CHÁNH VĂN PHÒNG",
            "TL. CHỦ TỊCH|KT. CHÁNH VĂN PHÒNG|PHÓ CHÁNH VĂN PHÒNG",
            "TUQ. CHỦ TỊCH|TRƯỞNG PHÒNG KINH TẾ",
        ],
        Director => &[
            "GIÁM ĐỐC",
            "KT. GIÁM ĐỐC|PHÓ GIÁM ĐỐC",
            "TL. GIÁM ĐỐC|CHÁNH VĂN PHÒNG",
            "TUQ. GIÁM ĐỐC|TRƯỞNG PHÒNG TỔ CHỨC",
            "Q. GIÁM ĐỐC",
        ],
        Ministry => &[
            "BỘ TRƯỞNG",
            "KT. BỘ TRƯỞNG|THỨ TRƯỞNG",
            "TL. BỘ TRƯỞNG|CHÁNH VĂN PHÒNG",
            "TL. BỘ TRƯỞNG|VỤ TRƯỞNG VỤ PHÁP CHẾ",
        ],
        Section => &["TRƯỞNG PHÒNG", "KT. TRƯỞNG PHÒNG|PHÓ TRƯỞNG PHÒNG"],
        Bureau => &[
            "CHI CỤC TRƯỞNG",
            "KT. CỤC TRƯỞNG|PHÓ CỤC TRƯỞNG",
            "CHÁNH THANH TRA",
            "KT. CHÁNH THANH TRA|PHÓ CHÁNH THANH TRA",
            "KT. TRƯỞNG THUẾ TỈNH|PHÓ TRƯỞNG THUẾ TỈNH",
        ],
        School => &["HIỆU TRƯỞNG", "KT. HIỆU TRƯỞNG|PHÓ HIỆU TRƯỞNG"],
        Police => &[
            "TRƯỞNG CÔNG AN XÃ",
            "KT. GIÁM ĐỐC|PHÓ GIÁM ĐỐC",
            "CHỈ HUY TRƯỞNG",
            "KT. CHỈ HUY TRƯỞNG|PHÓ CHỈ HUY TRƯỞNG",
        ],
        Court => &["CHÁNH ÁN", "KT. CHÁNH ÁN|PHÓ CHÁNH ÁN", "VIỆN TRƯỞNG"],
        Front => &[
            "TM. BAN THƯỜNG TRỰC|CHỦ TỊCH",
            "CHỦ TỊCH",
            "KT. CHỦ TỊCH|PHÓ CHỦ TỊCH",
        ],
        Company => &[
            "GIÁM ĐỐC",
            "KT. TỔNG GIÁM ĐỐC|PHÓ TỔNG GIÁM ĐỐC",
            "TỔNG GIÁM ĐỐC",
        ],
    }
}

const FIRST: &[&str] = &[
    "Đồng",
    "Phú",
    "Tân",
    "Long",
    "Hòa",
    "Vĩnh",
    "Quảng",
    "Thạnh",
    "Mỹ",
    "Đức",
    "Xuân",
    "Yên",
    "Hải",
    "Nghĩa",
    "Đại",
    "Thượng",
    "Cẩm",
    "Kim",
    "Khánh",
    "Thuận",
    "Diên",
    "Ninh",
];
const SECOND: &[&str] = &[
    "Lộc", "Thắng", "Thọ", "Phước", "Khê", "Điền", "Trạch", "Lĩnh", "Giang", "Sơn", "Thủy", "Hữu",
    "Trì", "Định", "Quới", "Hiệp", "Mỗ", "Viễn", "Kỳ", "Thới", "Lãng", "Xá",
];
const THIRD: &[&str] = &["", "", "", " Thượng", " Hạ", " Tây", " Nam"];

const VERBS: &[&str] = &[
    "thực hiện",
    "triển khai thực hiện",
    "tổ chức",
    "báo cáo kết quả",
    "đề nghị",
    "kiểm tra, giám sát",
    "góp ý dự thảo",
    "ban hành Quy chế",
    "phê duyệt",
    "thẩm định hồ sơ",
    "hướng dẫn",
    "tăng cường công tác",
    "chấn chỉnh",
    "kết luận cuộc họp về",
    "công nhận kết quả",
    "cấp kinh phí",
    "mời dự hội nghị triển khai",
    "xin ý kiến về",
    "tiếp nhận và xử lý",
    "đính chính Thông báo về",
    "gia hạn thời gian",
    "quy định mức chi cho",
    "đẩy nhanh tiến độ",
    "rà soát, thống kê",
    "khẩn trương ứng phó với",
    "giao chỉ tiêu",
    "điều chỉnh, bổ sung",
    "sơ kết 6 tháng đầu năm và",
];
const OBJECTS: &[&str] = &[
    "Nghị quyết số 57-NQ/TW về đột phá phát triển khoa học, công nghệ",
    "Kế hoạch chuyển đổi số",
    "công tác phòng, chống thiên tai và tìm kiếm cứu nạn",
    "chương trình mục tiêu quốc gia xây dựng nông thôn mới",
    "công tác quản lý nhà nước về đất đai",
    "dự toán ngân sách nhà nước",
    "việc sử dụng văn bản điện tử, chữ ký số",
    "bão số 3 và mưa lớn sau bão",
    "Quy chế tiếp công dân",
    "tuyển sinh vào lớp 10 trung học phổ thông",
    "bệnh tả lợn châu Phi, cúm gia cầm",
    "khám sức khỏe nghĩa vụ quân sự",
    "giải phóng mặt bằng dự án đường ven biển",
    "công tác bảo vệ bí mật nhà nước",
    "nâng bậc lương thường xuyên đối với viên chức",
    "cấp giấy chứng nhận quyền sử dụng đất lần đầu",
    "an toàn thực phẩm trong trường học",
    "việc sắp xếp, tổ chức lại các cơ sở giáo dục công lập",
    "thanh toán không dùng tiền mặt",
    "phong trào “Toàn dân đoàn kết xây dựng đời sống văn hóa”",
    "chính sách hỗ trợ nhà ở cho người có công với cách mạng",
    "số liệu thống kê ngành giáo dục",
    "đấu giá quyền khai thác khoáng sản",
    "vệ sinh môi trường, thu gom rác thải sinh hoạt",
];
const TAILS: &[&str] = &[
    "",
    "",
    "trên địa bàn tỉnh",
    "năm 2026",
    "quý III năm 2026",
    "giai đoạn 2026 - 2030",
    "theo Nghị định số 45/2026/NĐ-CP của Chính phủ",
    "6 tháng cuối năm 2026",
    "tại các xã, phường và các cơ quan, đơn vị, doanh nghiệp",
    "phục vụ kỳ họp thường lệ giữa năm của Hội đồng nhân dân",
    "đối với cán bộ, công chức, viên chức và người lao động",
    "(lần 2)",
    "và triển khai nhiệm vụ trọng tâm những tháng cuối năm",
];

const FAMILIES: &[&str] = &[
    "Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Phan", "Vũ", "Võ", "Đặng", "Bùi", "Đỗ", "Hồ", "Ngô",
    "Dương", "Lý", "Đinh", "Trịnh", "Tô", "Lò", "Sùng", "Kpă", "Thạch", "Giàng",
];
const MIDDLES: &[&str] = &[
    "Văn",
    "Thị",
    "Hữu",
    "Đức",
    "Minh",
    "Ngọc",
    "Thanh",
    "Quốc",
    "Xuân",
    "Thị Thu",
    "Mạnh",
    "Thị Kim",
];
const GIVEN: &[&str] = &[
    "Hùng",
    "Dũng",
    "Hằng",
    "Phượng",
    "Tuấn",
    "Thắng",
    "Nghĩa",
    "Quỳnh",
    "Việt",
    "Thủy",
    "Lợi",
    "Yến",
    "Chiến",
    "Khải",
    "Tĩnh",
    "Oanh",
    "Sỹ",
    "Vượng",
    "Loan",
    "Huệ",
    "Đạt",
    "Ước",
    "Ẩn",
];

/// An office as one letter needs it.
pub(crate) struct Drawn {
    pub(crate) parent: Vec<String>,
    pub(crate) name: Vec<String>,
    pub(crate) symbol: &'static str,
    pub(crate) place: String,
    pub(crate) posts: Vec<String>,
}

fn place(random: &mut SplitMix) -> String {
    let (first, second) = (random.pick(FIRST), random.pick(SECOND));
    format!("{first} {second}{}", random.pick(THIRD))
}

/// One of the offices at places of its own.
pub(crate) fn office(number: usize, random: &mut SplitMix) -> Drawn {
    let (parent, name, symbol, of, in_commune) = OFFICES[number % OFFICES.len()];
    let (province, commune) = (place(random), place(random));
    let lines = |text: &str| -> Vec<String> {
        text.split('|')
            .filter(|line| !line.is_empty())
            .map(|line| {
                line.replace("{P}", &province.to_uppercase())
                    .replace("{C}", &commune.to_uppercase())
            })
            .collect()
    };
    let dated = match (in_commune, parent.is_empty(), random.below(3)) {
        (true, true, 0) if name.contains("PHƯỜNG") => format!("Phường {commune}"),
        (true, true, 0) => format!("Xã {commune}"),
        (true, _, _) => commune.clone(),
        (false, ..) if of as u8 == Ministry as u8 => "Hà Nội".to_owned(),
        (false, ..) => province.clone(),
    };
    let chosen = *random.pick(posts(of));
    Drawn {
        parent: lines(parent),
        name: lines(name),
        symbol,
        place: dated,
        posts: lines(chosen),
    }
}

/// What a letter is about.
pub(crate) fn subject(random: &mut SplitMix) -> String {
    let (verb, object, tail) = (random.pick(VERBS), random.pick(OBJECTS), random.pick(TAILS));
    format!("{verb} {object} {tail}").trim().to_owned()
}

/// Who signs, and what some write before the name.
pub(crate) fn person(random: &mut SplitMix) -> (String, &'static str) {
    let name = format!(
        "{} {} {}",
        random.pick(FAMILIES),
        random.pick(MIDDLES),
        random.pick(GIVEN)
    );
    let degrees = [
        "",
        "",
        "",
        "",
        "",
        "",
        "TS. ",
        "ThS. ",
        "PGS.TS. ",
        "Thượng tá ",
        "Đại tá ",
        "BSCKII. ",
    ];
    (name, *random.pick(&degrees))
}
