use congvan_model::Role;

/// One of the fictional people of UBND xã Bình Minh Đông.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Person {
    /// Account name at the province's server.
    pub username: &'static str,
    /// Password of the demo and the tests.
    pub password: &'static str,
    /// Name as signed.
    pub full_name: &'static str,
    /// Title as signed.
    pub title: &'static str,
    /// What the person may do.
    pub role: Role,
    /// Code of the unit.
    pub unit_code: &'static str,
    /// Name of the unit.
    pub unit_name: &'static str,
}

/// Lãnh đạo: the chairman, who directs and signs.
pub const LEADER: Person = Person {
    username: "lanhdao",
    password: "LanhDao@2026",
    full_name: "Nguyễn Văn A",
    title: "Chủ tịch",
    role: Role::Leader,
    unit_code: "H99.101",
    unit_name: "UBND xã Bình Minh Đông",
};

/// Văn thư: the clerk, who registers what comes in and sends what goes out.
pub const CLERK: Person = Person {
    username: "vanthu",
    password: "VanThu@2026",
    full_name: "Trần Thị B",
    title: "Công chức Văn thư – lưu trữ",
    role: Role::Clerk,
    unit_code: "H99.101.02",
    unit_name: "Văn phòng HĐND và UBND xã Bình Minh Đông",
};

/// Chuyên viên: an official of the economic section.
pub const OFFICIAL: Person = Person {
    username: "chuyenvien",
    password: "ChuyenVien@2026",
    full_name: "Lê Văn C",
    title: "Chuyên viên",
    role: Role::Official,
    unit_code: "H99.101.03",
    unit_name: "Phòng Kinh tế xã Bình Minh Đông",
};

/// Trưởng phòng: the head of the economic section, who gives its papers to its people.
pub const HEAD: Person = Person {
    username: "truongphong",
    password: "TruongPhong@2026",
    full_name: "Hoàng Văn E",
    title: "Trưởng phòng",
    role: Role::Head,
    unit_code: "H99.101.03",
    unit_name: "Phòng Kinh tế xã Bình Minh Đông",
};

/// Another official of the economic section.
pub const COLLEAGUE: Person = Person {
    username: "chuyenvien2",
    password: "ChuyenVien2@2026",
    full_name: "Vũ Thị G",
    title: "Chuyên viên",
    role: Role::Official,
    unit_code: "H99.101.03",
    unit_name: "Phòng Kinh tế xã Bình Minh Đông",
};

/// The head of another section, of culture and society.
pub const OTHER_HEAD: Person = Person {
    username: "truongphong2",
    password: "TruongPhong2@2026",
    full_name: "Đặng Thị H",
    title: "Trưởng phòng",
    role: Role::Head,
    unit_code: "H99.101.04",
    unit_name: "Phòng Văn hóa – Xã hội xã Bình Minh Đông",
};

/// Code of the agency beside it.
pub const NEIGHBOUR_CODE: &str = "H99.102";

/// Lãnh đạo of the agency beside it.
pub const NEIGHBOUR_LEADER: Person = Person {
    username: "lanhdao.apt",
    password: "LanhDaoAPT@2026",
    full_name: "Bùi Văn K",
    title: "Chủ tịch",
    role: Role::Leader,
    unit_code: NEIGHBOUR_CODE,
    unit_name: "UBND phường An Phú Tây",
};

/// Văn thư of the agency beside it.
pub const NEIGHBOUR_CLERK: Person = Person {
    username: "vanthu.apt",
    password: "VanThuAPT@2026",
    full_name: "Đỗ Thị L",
    title: "Công chức Văn thư – lưu trữ",
    role: Role::Clerk,
    unit_code: "H99.102.02",
    unit_name: "Văn phòng HĐND và UBND phường An Phú Tây",
};

/// Trưởng phòng of the agency beside it.
pub const NEIGHBOUR_HEAD: Person = Person {
    username: "truongphong.apt",
    password: "TruongPhongAPT@2026",
    full_name: "Hồ Văn M",
    title: "Trưởng phòng",
    role: Role::Head,
    unit_code: "H99.102.03",
    unit_name: "Phòng Kinh tế, Hạ tầng và Đô thị phường An Phú Tây",
};

/// The people of UBND phường An Phú Tây, where a test or a demo has them.
pub const NEIGHBOURS: [Person; 3] = [NEIGHBOUR_LEADER, NEIGHBOUR_CLERK, NEIGHBOUR_HEAD];

/// All of the office.
pub const PEOPLE: [Person; 6] = [LEADER, CLERK, OFFICIAL, HEAD, COLLEAGUE, OTHER_HEAD];

/// Trợ lý of the economic section: gives to its people what comes to it.
pub const UNIT_CLERK: Person = Person {
    username: "troly",
    password: "TroLy@2026",
    full_name: "Ngô Thị N",
    title: "Trợ lý",
    role: Role::UnitClerk,
    unit_code: "H99.101.03",
    unit_name: "Phòng Kinh tế xã Bình Minh Đông",
};

/// Lưu trữ: takes over what is filed.
pub const ARCHIVIST: Person = Person {
    username: "luutru",
    password: "LuuTru@2026",
    full_name: "Dương Văn P",
    title: "Lưu trữ viên",
    role: Role::Archivist,
    unit_code: "H99.101.02",
    unit_name: "Văn phòng HĐND và UBND xã Bình Minh Đông",
};

/// Quản trị đơn vị: gives and ends posts in the agency, and sees no document.
pub const UNIT_ADMIN: Person = Person {
    username: "quantri",
    password: "QuanTri@2026",
    full_name: "Lý Thị Q",
    title: "Quản trị đơn vị",
    role: Role::UnitAdmin,
    unit_code: "H99.101",
    unit_name: "UBND xã Bình Minh Đông",
};

/// People of the other roles of the office, where a test or a demo has them.
pub const OTHER_ROLES: [Person; 3] = [UNIT_CLERK, ARCHIVIST, UNIT_ADMIN];
