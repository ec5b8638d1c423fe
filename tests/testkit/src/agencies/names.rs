//! What agencies and places are called.

/// First words of places.
pub(super) const FIRST: &[&str] = &[
    "An", "Bình", "Tân", "Phú", "Long", "Vĩnh", "Thạnh", "Hòa", "Mỹ", "Đông", "Hưng", "Phước",
    "Thanh", "Xuân", "Minh", "Quảng", "Nam", "Trung", "Đức", "Lộc", "Sơn", "Kim", "Châu", "Yên",
];
/// Second words of places.
pub(super) const SECOND: &[&str] = &[
    "Phú", "Lập", "Hưng", "Minh", "Hòa", "Lợi", "Thành", "Thuận", "Long", "Sơn", "Lâm", "Giang",
    "Trị", "Đức", "An", "Khánh", "Lộc", "Phong", "Châu", "Điền", "Hải", "Mỹ", "Nghĩa", "Tiến",
    "Thịnh", "Trung", "Xuân", "Yên", "Quý", "Bình",
];
/// Regions of the treasury.
pub(super) const ROMAN: &[&str] = &[
    "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII", "XIII", "XIV", "XV",
    "XVI", "XVII", "XVIII", "XIX", "XX",
];
/// After whom schools are called.
pub(super) const SCHOOLS: &[&str] = &[
    "Nguyễn Trãi",
    "Lê Lợi",
    "Trần Phú",
    "Lê Hồng Phong",
    "Nguyễn Huệ",
    "Phan Bội Châu",
    "Phan Chu Trinh",
    "Võ Thị Sáu",
    "Kim Đồng",
    "Lý Tự Trọng",
    "Chu Văn An",
    "Hùng Vương",
    "Quang Trung",
    "Ngô Quyền",
    "Đinh Tiên Hoàng",
    "Lương Thế Vinh",
    "Nguyễn Thị Minh Khai",
    "Hoàng Hoa Thám",
    "Nguyễn Đình Chiểu",
    "Trần Quốc Tuấn",
    "Lê Quý Đôn",
    "Nguyễn Khuyến",
    "Huỳnh Thúc Kháng",
    "Tô Hiệu",
    "Cao Bá Quát",
    "Bùi Thị Xuân",
    "Mạc Đĩnh Chi",
    "Trưng Vương",
];

type Ministry = (
    &'static str,
    &'static str,
    &'static str,
    &'static [(&'static str, &'static str)],
);

/// Code, name, symbol, and what is below.
pub(super) const MINISTRIES: &[Ministry] = &[
    (
        "G01",
        "Bộ Công an",
        "BCA",
        &[("Cục Cảnh sát quản lý hành chính về trật tự xã hội", "C06")],
    ),
    ("G02", "Bộ Công Thương", "BCT", &[("Cục Hóa chất", "HC")]),
    (
        "G03",
        "Bộ Giáo dục và Đào tạo",
        "BGDĐT",
        &[("Cục Quản lý chất lượng", "QLCL")],
    ),
    (
        "G04",
        "Bộ Xây dựng",
        "BXD",
        &[("Cục Đường bộ Việt Nam", "CĐBVN")],
    ),
    (
        "G06",
        "Bộ Khoa học và Công nghệ",
        "BKHCN",
        &[("Cục Chuyển đổi số quốc gia", "CĐSQG")],
    ),
    (
        "G09",
        "Bộ Nội vụ",
        "BNV",
        &[
            ("Cục Văn thư và Lưu trữ nhà nước", "VTLTNN"),
            ("Cục Việc làm", "CVL"),
        ],
    ),
    (
        "G10",
        "Bộ Nông nghiệp và Môi trường",
        "BNNMT",
        &[
            ("Cục Lâm nghiệp và Kiểm lâm", "LNKL"),
            ("Cục Thủy lợi", "TL"),
        ],
    ),
    ("G11", "Bộ Quốc phòng", "BQP", &[]),
    (
        "G12",
        "Bộ Tài chính",
        "BTC",
        &[
            ("Cục Thuế", "CT"),
            ("Cục Hải quan", "CHQ"),
            ("Cục Quản lý công sản", "QLCS"),
            ("Bảo hiểm xã hội Việt Nam", "BHXH"),
            ("Kho bạc Nhà nước", "KBNN"),
        ],
    ),
    (
        "G15",
        "Bộ Tư pháp",
        "BTP",
        &[("Cục Hành chính tư pháp", "HCTP")],
    ),
    (
        "G16",
        "Bộ Văn hóa, Thể thao và Du lịch",
        "BVHTTDL",
        &[("Cục Di sản văn hóa", "DSVH")],
    ),
    (
        "G18",
        "Bộ Y tế",
        "BYT",
        &[("Cục Phòng bệnh", "PB"), ("Cục An toàn thực phẩm", "ATTP")],
    ),
    ("G19", "Bộ Ngoại giao", "BNG", &[]),
    ("G20", "Bộ Dân tộc và Tôn giáo", "BDTTG", &[]),
    ("G22", "Văn phòng Chính phủ", "VPCP", &[]),
    ("G23", "Thanh tra Chính phủ", "TTCP", &[]),
];

/// Level, name and symbol of what is directly below a province.
pub(super) const DEPARTMENTS: &[(&str, &str, &str)] = &[
    ("00", "Hội đồng nhân dân {tỉnh}", "HĐND"),
    ("02", "Văn phòng Ủy ban nhân dân {tỉnh}", "VP"),
    (
        "03",
        "Văn phòng Đoàn đại biểu Quốc hội và Hội đồng nhân dân {tỉnh}",
        "VP",
    ),
    ("04", "Thanh tra {tỉnh}", "TTr"),
    ("10", "Sở Tư pháp", "STP"),
    ("11", "Sở Nội vụ", "SNV"),
    ("12", "Sở Tài chính", "STC"),
    ("13", "Sở Nông nghiệp và Môi trường", "SNNMT"),
    ("14", "Sở Khoa học và Công nghệ", "SKHCN"),
    ("15", "Sở Xây dựng", "SXD"),
    ("16", "Sở Giáo dục và Đào tạo", "SGDĐT"),
    ("17", "Sở Y tế", "SYT"),
    ("18", "Sở Văn hóa, Thể thao và Du lịch", "SVHTTDL"),
    ("19", "Công an {tỉnh}", "CAT"),
    ("20", "Bộ Chỉ huy quân sự {tỉnh}", "BCH"),
    ("21", "Sở Công Thương", "SCT"),
    ("22", "Sở Dân tộc và Tôn giáo", "SDTTG"),
    ("23", "Ban Quản lý khu kinh tế", "BQLKKT"),
    ("24", "Ban Quản lý dự án đầu tư xây dựng", "BQLDA"),
    ("25", "Ban Quản lý dự án giao thông", "BQLDAGT"),
    ("26", "Bảo hiểm xã hội {tỉnh}", "BHXH"),
    ("27", "Thuế {tỉnh}", "TT"),
    ("28", "Văn phòng", "VP"),
];

/// Below which department, name, symbol.
pub(super) const OF_DEPARTMENTS: &[(&str, &str, &str)] = &[
    ("SNV", "Trung tâm Lưu trữ lịch sử", "TTLTLS"),
    ("SNV", "Trung tâm Dịch vụ việc làm", "TTDVVL"),
    ("STC", "Trung tâm Xúc tiến đầu tư", "TTXTĐT"),
    ("STP", "Trung tâm Trợ giúp pháp lý nhà nước", "TGPL"),
    ("STP", "Phòng Công chứng số 1", "CC1"),
    ("STP", "Phòng Công chứng số 2", "CC2"),
    ("SNNMT", "Chi cục Kiểm lâm", "CCKL"),
    ("SNNMT", "Chi cục Thủy lợi", "CCTL"),
    ("SNNMT", "Chi cục Chăn nuôi và Thú y", "CCCNTY"),
    ("SNNMT", "Chi cục Trồng trọt và Bảo vệ thực vật", "CCTTBVTV"),
    ("SNNMT", "Chi cục Quản lý đất đai", "CCQLĐĐ"),
    ("SNNMT", "Văn phòng Đăng ký đất đai", "VPĐKĐĐ"),
    ("SNNMT", "Trung tâm Khuyến nông", "TTKN"),
    ("SKHCN", "Trung tâm Chuyển đổi số", "TTCĐS"),
    ("SKHCN", "Chi cục Tiêu chuẩn Đo lường Chất lượng", "CCTĐC"),
    ("SXD", "Chi cục Giám định chất lượng xây dựng", "CCGĐCL"),
    ("SXD", "Trung tâm Quy hoạch đô thị và nông thôn", "TTQH"),
    ("SXD", "Trung tâm Đăng kiểm xe cơ giới", "TTĐK"),
    ("SGDĐT", "Trung tâm Giáo dục thường xuyên", "TTGDTX"),
    ("SYT", "Bệnh viện Đa khoa", "BVĐK"),
    ("SYT", "Bệnh viện Sản Nhi", "BVSN"),
    ("SYT", "Trung tâm Giám định y khoa", "TTGĐYK"),
    ("SYT", "Chi cục An toàn vệ sinh thực phẩm", "CCATVSTP"),
    ("SVHTTDL", "Bảo tàng", "BT"),
    ("SVHTTDL", "Thư viện", "TV"),
    ("SVHTTDL", "Trung tâm Văn hóa nghệ thuật", "TTVHNT"),
    ("SCT", "Chi cục Quản lý thị trường", "CCQLTT"),
    (
        "SCT",
        "Trung tâm Khuyến công và Xúc tiến thương mại",
        "TTKC",
    ),
];

/// Departments that were merged: name, symbol, into which.
pub(super) const MERGED: &[(&str, &str, &str)] = &[
    ("Sở Kế hoạch và Đầu tư", "SKHĐT", "STC"),
    ("Sở Giao thông vận tải", "SGTVT", "SXD"),
    ("Sở Lao động - Thương binh và Xã hội", "SLĐTBXH", "SNV"),
    ("Sở Thông tin và Truyền thông", "STTTT", "SKHCN"),
    ("Sở Tài nguyên và Môi trường", "STNMT", "SNNMT"),
    ("Sở Nông nghiệp và Phát triển nông thôn", "SNNPTNT", "SNNMT"),
];

/// What is in a commune.
pub(super) const SECTIONS: &[(&str, &str, &str)] = &[
    ("01", "Trung tâm Phục vụ hành chính công", "TTPVHCC"),
    ("02", "Văn phòng HĐND và UBND", "VP"),
    ("03", "Phòng Kinh tế", "PKT"),
    ("04", "Phòng Văn hóa - Xã hội", "PVHXH"),
];

/// What was in a district.
pub(super) const OF_DISTRICTS: &[(&str, &str, &str)] = &[
    ("01", "Văn phòng HĐND và UBND", "VP"),
    ("02", "Phòng Nội vụ", "PNV"),
    ("03", "Phòng Tài chính - Kế hoạch", "PTCKH"),
    ("04", "Phòng Nông nghiệp và Môi trường", "PNNMT"),
];
