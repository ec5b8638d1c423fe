//! The incoming documents of the demo: sixty-four, of a month, from a province that does not exist.

use congvan_model::{DocumentState, DocumentType, Urgency};
use congvan_testkit::Topic;

/// What the file looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// Text, about so many pages.
    Text(usize),
    /// Pictures, so many pages.
    Scan(usize),
    /// Text of 200 pages.
    Long,
    /// Pictures of 60 MB.
    Huge,
}

/// One incoming document.
pub(super) struct Incoming {
    pub(super) issuer: &'static Office,
    pub(super) symbol: &'static str,
    pub(super) kind: DocumentType,
    pub(super) topic: Topic,
    pub(super) urgency: Urgency,
    /// Days since it arrived.
    pub(super) age: i64,
    /// Days from today to the deadline; negative is overdue.
    pub(super) due: Option<i64>,
    pub(super) state: DocumentState,
    pub(super) form: Form,
    pub(super) subject: &'static str,
}

/// An agency that writes.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Office {
    pub(super) code: &'static str,
    pub(super) name: &'static str,
    pub(super) parent: Option<&'static str>,
    pub(super) place: &'static str,
    pub(super) authority: &'static [&'static str],
    pub(super) position: &'static str,
    pub(super) signer: &'static str,
}

macro_rules! offices {
    ($($key:ident: $code:literal $name:literal in $parent:expr, $place:literal,
       [$($line:literal)*] $position:literal $signer:literal;)*) => {
        $(static $key: Office = Office {
            code: $code, name: $name, parent: $parent, place: $place,
            authority: &[$($line),*], position: $position, signer: $signer,
        };)*
    };
}

const PROVINCE: Option<&str> = Some("UBND tỉnh H99");

offices! {
    UBT: "H99" "UBND tỉnh H99" in None, "H99", ["TM. ỦY BAN NHÂN DÂN" "KT. CHỦ TỊCH" "PHÓ CHỦ TỊCH"] "Phó Chủ tịch" "Đặng Văn H";
    HDT: "H99.00" "HĐND tỉnh H99" in None, "H99", ["TM. HỘI ĐỒNG NHÂN DÂN" "CHỦ TỊCH"] "Chủ tịch" "Vũ Thị K";
    VPT: "H99.02" "Văn phòng UBND tỉnh H99" in PROVINCE, "H99", ["KT. CHÁNH VĂN PHÒNG" "PHÓ CHÁNH VĂN PHÒNG"] "Phó Chánh Văn phòng" "Bùi Văn L";
    SNV: "H99.11" "Sở Nội vụ" in PROVINCE, "H99", ["KT. GIÁM ĐỐC" "PHÓ GIÁM ĐỐC"] "Phó Giám đốc" "Phạm Văn D";
    STC: "H99.12" "Sở Tài chính" in PROVINCE, "H99", ["GIÁM ĐỐC"] "Giám đốc" "Hoàng Thị E";
    SNN: "H99.13" "Sở Nông nghiệp và Môi trường" in PROVINCE, "H99", ["KT. GIÁM ĐỐC" "PHÓ GIÁM ĐỐC"] "Phó Giám đốc" "Đỗ Văn G";
    SKH: "H99.14" "Sở Khoa học và Công nghệ" in PROVINCE, "H99", ["KT. GIÁM ĐỐC" "PHÓ GIÁM ĐỐC"] "Phó Giám đốc" "Ngô Thị M";
    SXD: "H99.15" "Sở Xây dựng" in PROVINCE, "H99", ["GIÁM ĐỐC"] "Giám đốc" "Trịnh Văn N";
    SGD: "H99.16" "Sở Giáo dục và Đào tạo" in PROVINCE, "H99", ["KT. GIÁM ĐỐC" "PHÓ GIÁM ĐỐC"] "Phó Giám đốc" "Lý Thị P";
    SYT: "H99.17" "Sở Y tế" in PROVINCE, "H99", ["GIÁM ĐỐC"] "Giám đốc" "Cao Văn Q";
    SVH: "H99.18" "Sở Văn hóa, Thể thao và Du lịch" in PROVINCE, "H99", ["KT. GIÁM ĐỐC" "PHÓ GIÁM ĐỐC"] "Phó Giám đốc" "Mai Thị R";
    CAT: "H99.19" "Công an tỉnh H99" in Some("Bộ Công an"), "H99", ["KT. GIÁM ĐỐC" "PHÓ GIÁM ĐỐC"] "Phó Giám đốc" "Tạ Văn S";
    QST: "H99.20" "Bộ Chỉ huy quân sự tỉnh H99" in Some("Quân khu 10"), "H99", ["CHỈ HUY TRƯỞNG"] "Chỉ huy trưởng" "Lâm Văn T";
    APT: "H99.102" "UBND phường An Phú Tây" in None, "An Phú Tây", ["TM. ỦY BAN NHÂN DÂN" "CHỦ TỊCH"] "Chủ tịch" "Hồ Thị U";
    DHN: "H99.103" "UBND đặc khu Hòn Ngọc" in None, "Hòn Ngọc", ["TM. ỦY BAN NHÂN DÂN" "KT. CHỦ TỊCH" "PHÓ CHỦ TỊCH"] "Phó Chủ tịch" "Dương Văn V";
    KBN: "000.00.15.G12" "Kho bạc Nhà nước khu vực X" in Some("Bộ Tài chính"), "H99", ["GIÁM ĐỐC"] "Giám đốc" "Phan Thị X";
}

macro_rules! incoming {
    ($($issuer:ident $symbol:literal $kind:ident $topic:ident $urgency:ident $age:literal
       $due:expr, $state:ident $form:expr, $subject:literal;)*) => {
        /// Newest first.
        pub(super) static INCOMING: &[Incoming] = &[
            $(Incoming {
                issuer: &$issuer, symbol: $symbol, kind: DocumentType::$kind,
                topic: Topic::$topic, urgency: Urgency::$urgency, age: $age, due: $due,
                state: DocumentState::$state, form: $form, subject: $subject,
            },)*
        ];
    };
}

const T1: Form = Form::Text(1);
const T2: Form = Form::Text(2);
const T3: Form = Form::Text(3);
const D0: Option<i64> = Some(0);
const NO: Option<i64> = None;

incoming! {
    UBT "CĐ-UBND" Telegram Disaster Express 0 D0, Presented T1, "Chủ động ứng phó mưa lớn, lũ quét, sạt lở đất trên địa bàn tỉnh";
    VPT "VP-NC" OfficialLetter Order VeryUrgent 0 Some(1), Presented T1, "Báo cáo tình hình tiếp công dân, giải quyết khiếu nại phục vụ kỳ họp Hội đồng nhân dân tỉnh";
    STC "STC-NS" OfficialLetter Finance Urgent 0 Some(2), Presented T2, "Đôn đốc giải ngân vốn đầu tư công những tháng cuối năm 2026";
    APT "GM-UBND" Invitation Meeting Normal 0 Some(3), Received T1, "Họp bàn phối hợp quản lý địa bàn giáp ranh";
    SNV "SNV-CCHC" OfficialLetter Reform Normal 0 Some(7), Presented T1, "Gửi báo cáo tự đánh giá, chấm điểm Chỉ số cải cách hành chính năm 2026";
    SYT "SYT-NVY" OfficialLetter Society Urgent 0 D0, Presented Form::Scan(2), "Tăng cường phòng, chống dịch sốt xuất huyết và tay chân miệng";
    SKH "SKHCN-CĐS" OfficialLetter Digital Normal 1 Some(10), Presented T1, "Rà soát chứng thư số chuyên dùng công vụ sắp hết hạn";
    UBT "KH-UBND" Plan Reform Normal 1 Some(20), Presented T3, "Cải cách hành chính nhà nước tỉnh H99 năm 2027";
    SNN "SNNMT-TL" OfficialLetter Disaster Urgent 1 D0, Directed T1, "Kiểm tra an toàn hồ đập, công trình thủy lợi trước mùa mưa lũ";
    SXD "SXD-HT" OfficialLetter Works Normal 1 Some(6), Presented Form::Scan(3), "Bàn giao mặt bằng tuyến đường liên xã Bình Minh Đông – An Phú Tây";
    UBT "QĐ-UBND" Decision Land Normal 1 Some(12), Registered T2, "Phê duyệt điều chỉnh kế hoạch sử dụng đất năm 2026";
    CAT "CAT-PV01" OfficialLetter Order Urgent 2 D0, Directed T1, "Bảo đảm an ninh, trật tự dịp Tết Dương lịch năm 2027";
    QST "KH-BCH" Plan Order Normal 2 Some(9), Presented T2, "Tuyển chọn và gọi công dân nhập ngũ năm 2027";
    SGD "SGDĐT-KHTC" OfficialLetter Society Normal 2 Some(4), InProgress T1, "Rà soát cơ sở vật chất trường học trước học kỳ II";
    DHN "UBND-TH" OfficialLetter Society Normal 2 Some(8), Registered T1, "Trao đổi kinh nghiệm xây dựng tuyến phố văn minh đô thị";
    VPT "TB-VP" Announcement Meeting Normal 2 Some(5), Directed T1, "Kết luận của Chủ tịch UBND tỉnh tại phiên họp thường kỳ tháng 11";
    STC "HD-STC" Guidance Finance Normal 3 Some(15), InProgress T3, "Lập dự toán ngân sách xã năm 2027 và kế hoạch tài chính 03 năm";
    UBT "ĐA-UBND" Scheme Digital Normal 3 Some(25), Presented Form::Long, "Chuyển đổi số toàn diện cấp xã giai đoạn 2026 – 2030";
    SVH "SVHTTDL-VP" OfficialLetter Society Normal 3 Some(11), Directed T1, "Tổ chức các hoạt động mừng Đảng, mừng Xuân Đinh Mùi 2027";
    KBN "KBNN-KTT" OfficialLetter Finance Urgent 3 Some(-1), InProgress T1, "Đối chiếu số liệu thu, chi ngân sách tháng 10 năm 2026";
    SNN "SNNMT-ĐĐ" OfficialLetter Land Normal 3 Some(1), InProgress Form::Huge, "Gửi bản đồ địa chính đo đạc mới phục vụ cấp Giấy chứng nhận quyền sử dụng đất";
    UBT "UBND-KGVX" OfficialLetter Welfare Normal 4 Some(6), Directed T2, "Rà soát hộ nghèo, hộ cận nghèo năm 2026";
    SNV "SNV-CCVC" OfficialLetter Personnel Normal 4 Some(9), Directed T1, "Đánh giá, xếp loại chất lượng cán bộ, công chức, viên chức năm 2026";
    APT "UBND-KT" OfficialLetter Works Normal 4 Some(2), InProgress T1, "Phối hợp duy tu, bảo dưỡng cầu Suối Nhum trên tuyến giáp ranh";
    SKH "SKHCN-VP" OfficialLetter Digital Urgent 4 Some(-2), InProgress T1, "Khắc phục lỗ hổng an toàn thông tin trên máy trạm của cơ quan nhà nước";
    UBT "CT-UBND" Directive Disaster Urgent 5 Some(3), Directed T2, "Tăng cường phòng, chống cháy rừng mùa khô 2026 – 2027";
    SXD "SXD-QLN" OfficialLetter Works Normal 5 Some(7), InProgress T1, "Báo cáo kết quả xóa nhà tạm, nhà dột nát trên địa bàn";
    HDT "NQ-HĐND" Resolution Finance Normal 5 NO, Directed Form::Scan(4), "Phân bổ ngân sách địa phương và kế hoạch đầu tư công năm 2027";
    SYT "SYT-BHYT" OfficialLetter Welfare Normal 6 Some(4), InProgress T1, "Rà soát người tham gia bảo hiểm y tế thuộc hộ cận nghèo";
    SNN "SNNMT-CN" OfficialLetter Agriculture Urgent 6 D0, InProgress T1, "Triển khai tiêm phòng đợt II cho đàn gia súc, gia cầm";
    VPT "VP-KT" OfficialLetter Finance Normal 6 Some(-3), InProgress T1, "Báo cáo việc thực hiện tiết kiệm chi thường xuyên năm 2026";
    UBT "TB-UBND" Announcement Meeting Normal 6 NO, Resolved T1, "Lịch tiếp công dân của Chủ tịch, các Phó Chủ tịch UBND tỉnh tháng 12";
    SGD "SGDĐT-GDTH" OfficialLetter Society Normal 7 Some(3), InProgress T1, "Duy trì sĩ số học sinh vùng khó khăn trong vụ thu hoạch";
    DHN "BC-UBND" Report Land Normal 7 NO, Resolved T2, "Kết quả thực hiện mô hình phân loại rác thải tại nguồn";
    SNV "KH-SNV" Plan Personnel Normal 7 Some(13), Directed T2, "Bồi dưỡng kỹ năng lập hồ sơ điện tử và sử dụng chữ ký số năm 2026";
    STC "STC-QLG" OfficialLetter Finance Normal 8 Some(-5), InProgress T1, "Kiểm kê tài sản công và sắp xếp, xử lý nhà, đất dôi dư";
    CAT "CAT-PC07" OfficialLetter Disaster Normal 8 Some(5), InProgress T1, "Kiểm tra an toàn phòng cháy, chữa cháy tại chợ và khu dân cư";
    SNN "SNNMT-NTM" OfficialLetter Agriculture Normal 8 Some(10), InProgress T2, "Rà soát bộ tiêu chí xã nông thôn mới nâng cao giai đoạn 2026 – 2030";
    UBT "QĐ-UBND" Decision Personnel Normal 9 NO, Filed T1, "Tặng Bằng khen của Chủ tịch UBND tỉnh cho các tập thể, cá nhân";
    SVH "SVHTTDL-GĐ" OfficialLetter Society Normal 9 Some(2), InProgress T1, "Bình xét danh hiệu Gia đình văn hóa, Thôn văn hóa năm 2026";
    SKH "SKHCN-CNTT" OfficialLetter Digital Normal 9 NO, Resolved T1, "Kiểm tra đường truyền số liệu chuyên dùng cấp II đến cấp xã";
    QST "BCH-TM" OfficialLetter Order Urgent 10 Some(-4), Resolved T1, "Chuẩn bị diễn tập chiến đấu trong khu vực phòng thủ cấp xã";
    UBT "UBND-NNMT" OfficialLetter Land Normal 10 Some(1), InProgress T1, "Giải quyết hồ sơ cấp Giấy chứng nhận quyền sử dụng đất tồn đọng";
    APT "TTr-UBND" Submission Works Normal 10 NO, Resolved T1, "Thống nhất phương án đấu nối hạ tầng khu dân cư giáp ranh";
    SXD "HD-SXD" Guidance Works Normal 11 NO, Filed T2, "Quản lý trật tự xây dựng khu vực nông thôn sau sắp xếp đơn vị hành chính";
    VPT "GM-UBND" Invitation Meeting Urgent 11 Some(-9), Filed T1, "Họp giao ban trực tuyến về tiến độ các dự án trọng điểm";
    SYT "KH-SYT" Plan Society Normal 12 Some(6), InProgress T2, "Chiến dịch diệt lăng quăng, bọ gậy phòng bệnh sốt xuất huyết";
    STC "TB-STC" Announcement Finance Normal 12 NO, Resolved T1, "Thẩm định quyết toán ngân sách xã năm 2025";
    SNV "QĐ-SNV" Decision Personnel Normal 13 NO, Filed T1, "Cử cán bộ, công chức tham gia lớp bồi dưỡng kiến thức quản lý nhà nước";
    UBT "QC-UBND" Regulation Reform Normal 13 NO, Resolved Form::Scan(6), "Phối hợp giải quyết thủ tục hành chính trên môi trường điện tử";
    SNN "CTr-SNNMT" Programme Agriculture Normal 14 Some(16), InProgress T2, "Phát triển sản phẩm OCOP gắn với truy xuất nguồn gốc";
    SGD "SGDĐT-VP" OfficialLetter Society Normal 14 NO, Resolved T1, "Vận động học sinh tham gia bảo hiểm y tế năm học 2026 – 2027";
    KBN "HD-KBNN" Guidance Finance Normal 15 NO, Filed T1, "Công tác khóa sổ, quyết toán ngân sách cuối năm 2026";
    DHN "TB-UBND" Announcement Order Normal 15 NO, Filed T1, "Thay đổi địa điểm làm việc của Ủy ban nhân dân đặc khu";
    CAT "KH-CAT" Plan Order Normal 16 Some(-6), Resolved T2, "Cao điểm tấn công, trấn áp tội phạm dịp cuối năm";
    SKH "BC-SKHCN" Report Digital Normal 16 NO, Filed T2, "Kết quả đánh giá mức độ chuyển đổi số cấp xã quý III năm 2026";
    UBT "UBND-TH" OfficialLetter Reform Normal 17 Some(-8), Resolved T1, "Chấn chỉnh kỷ luật, kỷ cương hành chính";
    SVH "QyĐ-SVHTTDL" Rule Society Normal 18 NO, Filed T1, "Sử dụng nhà văn hóa thôn và thiết chế thể thao cơ sở";
    STC "PA-STC" Alternative Finance Normal 19 NO, Resolved T2, "Sắp xếp, xử lý tài sản công sau khi kết thúc hoạt động cấp huyện";
    SXD "TTr-SXD" Submission Works Normal 20 NO, Filed T1, "Phê duyệt đồ án quy hoạch chung xã Bình Minh Đông đến năm 2045";
    SNN "SNNMT-MT" OfficialLetter Land Normal 21 NO, Filed T1, "Thu phí bảo vệ môi trường đối với nước thải sinh hoạt";
    QST "PC-BCH" TransferNote Order Normal 22 NO, Filed T1, "Chuyển hồ sơ chính sách của quân nhân xuất ngũ";
    APT "BB-UBND" Minutes Land Normal 24 NO, Filed Form::Scan(2), "Xác định mốc địa giới hành chính giữa xã Bình Minh Đông và phường An Phú Tây";
    VPT "VP-TH" OfficialLetter Reform Normal 26 NO, Filed T1, "Cung cấp số liệu phục vụ báo cáo tình hình kinh tế – xã hội năm 2026";
}

/// The drafts that wait for the leader's signature: kind, symbol, topic, urgency, pages, subject.
pub(super) static DRAFTS: &[(DocumentType, &str, Topic, Urgency, usize, &str)] = &[
    (
        DocumentType::OfficialLetter,
        "UBND-VX",
        Topic::Welfare,
        Urgency::Urgent,
        1,
        "Rà soát hộ nghèo, hộ cận nghèo năm 2026 trên địa bàn xã",
    ),
    (
        DocumentType::Decision,
        "QĐ-UBND",
        Topic::Disaster,
        Urgency::Normal,
        1,
        "Kiện toàn Ban Chỉ huy phòng thủ dân sự xã Bình Minh Đông",
    ),
    (
        DocumentType::Plan,
        "KH-UBND",
        Topic::Reform,
        Urgency::Normal,
        2,
        "Cải cách hành chính năm 2027 của xã Bình Minh Đông",
    ),
    (
        DocumentType::Report,
        "BC-UBND",
        Topic::Finance,
        Urgency::Normal,
        3,
        "Tình hình kinh tế – xã hội tháng 11, nhiệm vụ trọng tâm tháng 12 năm 2026",
    ),
    (
        DocumentType::Invitation,
        "GM-UBND",
        Topic::Meeting,
        Urgency::Normal,
        1,
        "Họp giao ban tuần",
    ),
    (
        DocumentType::Submission,
        "TTr-UBND",
        Topic::Works,
        Urgency::Normal,
        1,
        "Hỗ trợ kinh phí nâng cấp tuyến đường thôn Suối Nhum",
    ),
    (
        DocumentType::Announcement,
        "TB-UBND",
        Topic::Order,
        Urgency::Normal,
        1,
        "Lịch tiếp công dân của lãnh đạo Ủy ban nhân dân xã tháng 12 năm 2026",
    ),
    (
        DocumentType::OfficialLetter,
        "UBND-KT",
        Topic::Land,
        Urgency::Express,
        1,
        "Báo cáo tiến độ bồi thường, giải phóng mặt bằng tuyến đường liên xã",
    ),
    (
        DocumentType::Decision,
        "QĐ-UBND",
        Topic::Personnel,
        Urgency::Normal,
        1,
        "Phân công nhiệm vụ các thành viên Ủy ban nhân dân xã nhiệm kỳ 2026 - 2031",
    ),
    (
        DocumentType::Directive,
        "CT-UBND",
        Topic::Order,
        Urgency::Urgent,
        2,
        "Tăng cường bảo đảm an ninh, trật tự dịp Tết Nguyên đán Đinh Mùi 2027",
    ),
    (
        DocumentType::Programme,
        "CTr-UBND",
        Topic::Digital,
        Urgency::Normal,
        2,
        "Chuyển đổi số của xã Bình Minh Đông năm 2027",
    ),
    (
        DocumentType::Telegram,
        "CĐ-UBND",
        Topic::Disaster,
        Urgency::VeryUrgent,
        1,
        "Chủ động ứng phó mưa lớn, nguy cơ lũ quét và sạt lở đất",
    ),
    (
        DocumentType::Report,
        "BC-UBND",
        Topic::Society,
        Urgency::Normal,
        2,
        "Kết quả phong trào toàn dân đoàn kết xây dựng đời sống văn hóa năm 2026",
    ),
    (
        DocumentType::Plan,
        "KH-UBND",
        Topic::Agriculture,
        Urgency::Normal,
        2,
        "Sản xuất vụ đông xuân 2026 - 2027 trên địa bàn xã",
    ),
];
