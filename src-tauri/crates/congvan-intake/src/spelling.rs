//! Words that stand in every office's names, to mend marks and letters that were misread.

use congvan_model::fold;

use crate::{
    syllable,
    text::{distance, squeeze},
};

/// What agencies are called, in capitals as on letters; longer ones first where one begins another.
const NAMES: &[&str] = &[
    "ỦY BAN NHÂN DÂN",
    "HỘI ĐỒNG NHÂN DÂN",
    "VĂN PHÒNG",
    "TRUNG TÂM",
    "PHỤC VỤ HÀNH CHÍNH CÔNG",
    "KIỂM SOÁT BỆNH TẬT",
    "NÔNG NGHIỆP VÀ MÔI TRƯỜNG",
    "KHOA HỌC VÀ CÔNG NGHỆ",
    "GIÁO DỤC VÀ ĐÀO TẠO",
    "VĂN HÓA, THỂ THAO VÀ DU LỊCH",
    "THỂ THAO VÀ DU LỊCH",
    "DÂN TỘC VÀ TÔN GIÁO",
    "SỞ TƯ PHÁP",
    "BỘ TƯ PHÁP",
    "NỘI VỤ",
    "TÀI CHÍNH",
    "CÔNG THƯƠNG",
    "XÂY DỰNG",
    "NGOẠI VỤ",
    "Y TẾ",
    "QUỐC PHÒNG",
    "NGOẠI GIAO",
    "THANH TRA",
    "BẢO HIỂM XÃ HỘI",
    "KHO BẠC NHÀ NƯỚC",
    "NGÂN HÀNG NHÀ NƯỚC",
    "CHI CỤC",
    "CỤC THUẾ",
    "HẢI QUAN",
    "CÔNG AN",
    "QUÂN SỰ",
    "BAN CHỈ HUY",
    "BAN QUẢN LÝ DỰ ÁN",
    "ĐẦU TƯ",
    "PHÒNG KINH TẾ",
    "HẠ TẦNG VÀ ĐÔ THỊ",
    "VĂN HÓA",
    "XÃ HỘI",
    "VIỆT NAM",
    "TỈNH",
    "THÀNH PHỐ",
    "PHƯỜNG",
    "ĐẶC KHU",
    "KHU VỰC",
    "TRƯỜNG TRUNG HỌC CƠ SỞ",
    "TRƯỜNG TIỂU HỌC",
    "TRƯỜNG MẦM NON",
    "BỆNH VIỆN",
    "TÒA ÁN NHÂN DÂN",
    "VIỆN KIỂM SÁT NHÂN DÂN",
    "MẶT TRẬN TỔ QUỐC",
    "GIÁM ĐỊNH",
    "CHÍNH PHỦ",
    "ĐẢNG ỦY",
    "TỈNH ỦY",
    "QUỐC HỘI",
    "NHÀ NƯỚC",
    "NHÂN DÂN TỐI CAO",
    "GIAO THÔNG",
    "VẬN TẢI",
    "XÂY DỰNG CÔNG TRÌNH",
    "ĐẦU TƯ XÂY DỰNG",
    "ĐẦU TƯ PHÁT TRIỂN",
    "PHÁT TRIỂN QUỸ ĐẤT",
    "CÁC KHU CÔNG NGHIỆP",
    "KHU KINH TẾ",
    "TỔNG CÔNG TY",
    "CÔNG TY",
    "CÔNG TY CỔ PHẦN",
    "MỘT THÀNH VIÊN",
    "TẬP ĐOÀN",
    "ĐIỆN LỰC",
    "THỦY LỢI",
    "CẤP NƯỚC",
    "CẤP THOÁT NƯỚC",
    "MÔI TRƯỜNG ĐÔ THỊ",
    "TRUNG ƯƠNG",
    "ĐA KHOA",
    "TRUNG TÂM Y TẾ",
    "Y HỌC CỔ TRUYỀN",
    "PHỤ SẢN",
    "TRUNG HỌC PHỔ THÔNG",
    "TRUNG HỌC CƠ SỞ",
    "ĐẠI HỌC",
    "CAO ĐẲNG",
    "HỌC VIỆN",
    "SƯ PHẠM",
    "CỘNG ĐỒNG",
    "GIÁO DỤC NGHỀ NGHIỆP",
    "GIÁO DỤC THƯỜNG XUYÊN",
    "KIỂM LÂM",
    "KHUYẾN NÔNG",
    "CHĂN NUÔI VÀ THÚ Y",
    "VÀ THÚ Y",
    "TRỒNG TRỌT VÀ BẢO VỆ THỰC VẬT",
    "BẢO VỆ THỰC VẬT",
    "THỦY SẢN",
    "PHÒNG, CHỐNG THIÊN TAI",
    "VÀ PHÒNG, CHỐNG THIÊN TAI",
    "QUẢN LÝ THỊ TRƯỜNG",
    "XÚC TIẾN THƯƠNG MẠI",
    "QUẢN LÝ",
    "VƯỜN QUỐC GIA",
    "BẢO TÀNG",
    "THƯ VIỆN",
    "TRỢ GIÚP PHÁP LÝ",
    "CÔNG CHỨNG",
    "DÂN SỐ",
    "PHÁT THANH",
    "TRUYỀN HÌNH",
    "THÔNG TIN",
    "DỊCH VỤ",
    "SỰ NGHIỆP",
    "LIÊN MINH HỢP TÁC XÃ",
    "LIÊN ĐOÀN LAO ĐỘNG",
    "HỘI NÔNG DÂN",
    "HỘI LIÊN HIỆP PHỤ NỮ",
    "HỘI CỰU CHIẾN BINH",
    "BỘ CHỈ HUY",
    "BIÊN PHÒNG",
    "THI HÀNH ÁN DÂN SỰ",
    "THỐNG KÊ",
    "DỰ TRỮ",
    "KHU VỰC",
    "CƠ SỞ",
    "BÁO CHÍ",
    "BƯU ĐIỆN",
    "VIỄN THÔNG",
    "TIỂU HỌC",
    "MẦM NON",
];

/// Positions above signatures, in capitals.
const POSITIONS: &[&str] = &[
    "PHÓ CHỦ TỊCH",
    "CHỦ TỊCH",
    "PHÓ CHÁNH VĂN PHÒNG",
    "CHÁNH VĂN PHÒNG",
    "PHÓ GIÁM ĐỐC",
    "GIÁM ĐỐC",
    "PHÓ TRƯỞNG PHÒNG",
    "TRƯỞNG PHÒNG",
    "BỘ TRƯỞNG",
    "THỨ TRƯỞNG",
    "PHÓ CỤC TRƯỞNG",
    "CỤC TRƯỞNG",
    "PHÓ CHI CỤC TRƯỞNG",
    "CHI CỤC TRƯỞNG",
    "PHÓ HIỆU TRƯỞNG",
    "HIỆU TRƯỞNG",
    "PHÓ TRƯỞNG BAN",
    "TRƯỞNG BAN",
    "CHÁNH THANH TRA",
    "TỔNG GIÁM ĐỐC",
    "VỤ TRƯỞNG",
    "CHI CỤC TRƯỞNG",
    "CHỈ HUY TRƯỞNG",
    "TRƯỞNG PHÒNG KINH TẾ",
    "ỦY BAN NHÂN DÂN",
    "HỘI ĐỒNG NHÂN DÂN",
    "CHÁNH ÁN",
    "PHÓ CHÁNH ÁN",
    "VIỆN TRƯỞNG",
    "PHÓ VIỆN TRƯỞNG",
    "PHÓ CHÁNH THANH TRA",
    "PHÓ VỤ TRƯỞNG",
    "PHÓ TỔNG GIÁM ĐỐC",
    "TRƯỞNG THUẾ TỈNH",
    "PHÓ TRƯỞNG THUẾ TỈNH",
    "TRƯỞNG CÔNG AN",
    "PHÓ TRƯỞNG CÔNG AN",
    "PHÓ CHỈ HUY TRƯỞNG",
    "BAN THƯỜNG TRỰC",
    "BAN CHẤP HÀNH",
    "TRƯỞNG PHÒNG TỔ CHỨC",
];

/// The family names of nine in ten Vietnamese.
const FAMILIES: &[&str] = &[
    "Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Huỳnh", "Phan", "Vũ", "Võ", "Đặng", "Bùi", "Đỗ",
    "Hồ", "Ngô", "Dương", "Lý", "Đinh", "Trịnh", "Mai", "Đào", "Cao", "Lương", "Hà", "Tô", "Tạ",
    "Thái", "Châu", "Trương", "Lâm", "Phùng", "Vương", "Quách", "Nông", "Triệu", "Kiều", "Tống",
    "Đoàn", "Lưu", "Chu", "La", "Lò", "Thạch", "Giàng", "Sùng", "Vàng", "Hứa", "Ma", "Bế", "Quàng",
    "Cầm", "Rơ", "Siu", "Kpă", "Lại", "Nghiêm", "Khổng", "Tăng", "Mạc", "Danh", "Bạch", "Phí",
    "Ninh", "Cù", "Nhâm", "Âu", "Trà", "Doãn", "Cấn", "Tiêu",
];

/// A name of an agency with its common words spelled as they are.
pub(crate) fn agency(printed: &str) -> String {
    mend(printed, NAMES)
}

/// A position or the body before it, likewise.
pub(crate) fn position(printed: &str) -> String {
    mend(printed, POSITIONS)
}

/// A family name with its marks; a slip in a longer one is mended.
pub(crate) fn person(name: &str) -> String {
    let Some((family, rest)) = name.split_once(' ') else {
        return name.to_owned();
    };
    let rest = &given(rest);
    if FAMILIES.contains(&family) {
        return format!("{family} {rest}");
    }
    let read = squeeze(family);
    let same: Vec<&&str> = FAMILIES
        .iter()
        .filter(|known| squeeze(known) == read)
        .collect();
    let near: Vec<&&str> = FAMILIES
        .iter()
        // A word that can be one is somebody's name.
        .filter(|known| {
            read.len() > 3
                && !syllable::is_possible(family)
                && distance(&squeeze(known), &read) <= 1
        })
        .collect();
    match (same.as_slice(), near.as_slice()) {
        ([meant], _) | ([], [meant]) => format!("{meant} {rest}"),
        _ => name.to_owned(),
    }
}

/// Middle and given names that most people have, to give a word back its marks that is none of them.
const GIVEN: &str = "An Anh Ánh Ân Bách Bảo Bích Bình Cảnh Châu Chi Chiến Chí Chính Công Cúc Cường Danh Diễm \
    Diệp Diệu Doanh Dung Dũng Duy Duyên Dương Đại Đạo Đạt Điệp Định Đình Đông Đồng Đức Giang Giáp Gia Hà Hải Hạnh \
    Hào Hạo Hằng Hân Hậu Hiên Hiền Hiển Hiệp Hiếu Hoa Hòa Hoài Hoan Hoàn Hoàng Hồng Huấn Huân Huệ Hùng Huy Huyền \
    Huỳnh Hưng Hương Hường Hữu Khải Khang Khanh Khánh Khoa Khôi Khuê Kiên Kiều Kim Kỳ Lan Lam Lâm Liên Liễu Linh \
    Loan Long Lộc Lợi Luân Luận Lực Lương Lượng Ly Lý Mai Mạnh Minh Mẫn Mỹ Nam Nga Ngà Ngân Nghĩa Nghiêm Ngọc \
    Nguyên Nguyệt Nhã Nhàn Nhân Nhật Nhi Nhung Như Oanh Phát Phong Phú Phúc Phước Phụng Phương Phượng Quang Quân \
    Quế Quốc Quý Quyên Quyền Quyết Quỳnh Sang Sáng Sinh Sơn Sương Sỹ Tài Tâm Tân Tấn Tiên Tiến Tiệp Tín Tình Tĩnh \
    Toàn Toản Tố Tôn Trang Trâm Trí Triển Trinh Trọng Trung Trúc Trường Tú Tuân Tuấn Tuệ Tùng Tuyên Tuyến Tuyết \
    Tường Thái Thanh Thành Thảo Thạch Thắm Thăng Thắng Thế Thi Thị Thiên Thiện Thiết Thịnh Thọ Thoa Thông Thơ Thu \
    Thuận Thục Thúy Thùy Thủy Thuyết Thư Thực Thương Thức Uyên Văn Vân Vạn Viên Viễn Việt Vinh Vĩnh Vui Vũ Vương \
    Vượng Vy Xuân Xuyến Ý Yên Yến";

/// The words after the family's: one that is nobody's name but for its marks is the name that has
/// its letters, and what stands second is "Thị" oftener than anything like it.
fn given(rest: &str) -> String {
    let count = rest.split(' ').count();
    let words = rest.split(' ').enumerate().map(|(place, word)| {
        // Letters of other tongues that the reader knows.
        let word = word.replace('Ñ', "N").replace('ñ', "n");
        let read = squeeze(&word);
        if place + 1 < count && read == "thi" && place == 0 {
            return "Thị".to_owned();
        }
        let known = || GIVEN.split_whitespace();
        if known().any(|name| name == word) {
            return word;
        }
        let same: Vec<&str> = known().filter(|name| squeeze(name) == read).collect();
        match same.as_slice() {
            [meant] if !syllable::is_possible(&word) || is_stressed(&word, meant) => {
                (*meant).to_owned()
            }
            _ => word,
        }
    });
    words.collect::<Vec<_>>().join(" ")
}

/// Whether two spellings differ in the tone alone: "Mánh" for "Mạnh".
fn is_stressed(word: &str, name: &str) -> bool {
    let bare = |text: &str| syllable::without_tone(&text.to_lowercase());
    bare(word) == bare(name)
}

/// Whether a name begins with one of the common family names.
pub(crate) fn has_family(name: &str) -> bool {
    let family = name.split(' ').next().unwrap_or_default();
    FAMILIES.contains(&family)
}

/// Words that name the place where the letter is dated, in the name of the agency: both were read
/// by themselves, and small letters are read better than capitals.
pub(crate) fn with_place(printed: &str, place: &str) -> String {
    let place = place.to_uppercase();
    let known: Vec<&str> = place.split_whitespace().collect();
    let skip = usize::from(matches!(
        known.first(),
        Some(&("XÃ" | "PHƯỜNG" | "TỈNH" | "TP."))
    ));
    let own = known.get(skip..).unwrap_or_default().join(" ");
    if own.split(' ').count() < 2 {
        return printed.to_owned();
    }
    mend(printed, &[own.as_str()])
}

/// Replaces runs of words that are one of `known` but for marks, or but for a letter in long ones.
fn mend(printed: &str, known: &[&str]) -> String {
    let words: Vec<&str> = printed.split_whitespace().collect();
    let mut mended: Vec<String> = Vec::new();
    let mut at = 0;
    while at < words.len() {
        let found = known
            .iter()
            .filter_map(|phrase| {
                let count = phrase.split(' ').count();
                let run = words.get(at..at + count)?.join(" ");
                is_meant(&run, phrase).then_some((count, *phrase, run))
            })
            .max_by_key(|(count, ..)| *count);
        match found {
            Some((count, phrase, run)) => {
                // The comma of a line's end stays.
                let comma = if run.ends_with(',') && !phrase.ends_with(',') {
                    ","
                } else {
                    ""
                };
                mended.push(format!("{phrase}{comma}"));
                at += count;
            }
            None => {
                mended.extend(words.get(at).map(|word| (*word).to_owned()));
                at += 1;
            }
        }
    }
    mended.join(" ")
}

fn is_meant(run: &str, phrase: &str) -> bool {
    let (read, meant) = (squeeze(run), squeeze(phrase));
    // "VÀ PHÒNG, CHỐNG …" is no office.
    if run.starts_with("VÀ ") != phrase.starts_with("VÀ ") {
        return false;
    }
    if read == meant {
        // Old and new places of the tone mark are both right: "ỦY", "UỶ".
        return fold(run).len() == fold(phrase).len() || run.ends_with(',');
    }
    let slips = match meant.len() {
        0..=6 => 0,
        7..=14 => 1,
        _ => 2,
    };
    slips > 0 && read.chars().next() == meant.chars().next() && distance(&read, &meant) <= slips
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn common_words_get_their_marks_back_and_others_are_left_alone() {
        for (read, meant) in [
            ("VAN PHONG", "VĂN PHÒNG"),
            (
                "TRUNG TÂM KIẾM SOÁT BENH TẬT",
                "TRUNG TÂM KIỂM SOÁT BỆNH TẬT",
            ),
            ("SỞ TƯ PHÁẬP", "SỞ TƯ PHÁP"),
            ("VÀ PHÒNG, CHỐNG LŨ", "VÀ PHÒNG, CHỐNG LŨ"),
            ("ỦY BAN NHÃN DÂN XÃ LẠ LÙNG", "ỦY BAN NHÂN DÂN XÃ LẠ LÙNG"),
            (
                "SỞ VĂN HÓA, THỂ THAO VÀ DU LỊCH",
                "SỞ VĂN HÓA, THỂ THAO VÀ DU LỊCH",
            ),
        ] {
            assert_eq!(agency(read), meant);
        }
        assert_eq!(
            position("“PHỚ CHÁNH VĂN PHÒNG".trim_start_matches('“')),
            "PHÓ CHÁNH VĂN PHÒNG"
        );
        assert_eq!(
            with_place("ỦY BAN NHÂN DÂN XÃ BÌNH MIĨNH ĐÔNG", "Xã Bình Minh Đông"),
            "ỦY BAN NHÂN DÂN XÃ BÌNH MINH ĐÔNG"
        );
        assert_eq!(
            with_place("CÔNG AN TỈNH HUNG THỊNH", "Hưng Thịnh"),
            "CÔNG AN TỈNH HƯNG THỊNH"
        );
    }

    #[test]
    fn family_names_are_mended_only_where_one_is_meant() {
        for (read, meant) in [
            ("Nđuyễn Văn An", "Nguyễn Văn An"),
            ("Trân Thị Bình", "Trần Thị Bình"),
            ("Lễ Minh Cường", "Lê Minh Cường"),
            ("Vo Van Em", "Võ Van Em"),
            ("Ung Văn Kha", "Ung Văn Kha"),
            ("Thanh Yến", "Thanh Yến"),
            ("Lý Mánh Yến", "Lý Mạnh Yến"),
            ("Đỗ Thí Kim Thủy", "Đỗ Thị Kim Thủy"),
            ("Dương Ñgọc Nghĩa", "Dương Ngọc Nghĩa"),
            ("Nguyễn Văn Thi", "Nguyễn Văn Thi"),
        ] {
            assert_eq!(person(read), meant);
        }
    }
}
