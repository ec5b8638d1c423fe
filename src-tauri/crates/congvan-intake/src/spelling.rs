//! Words that stand in every office's names, to mend marks and letters that were misread.

use congvan_model::fold;

use crate::text::{distance, squeeze};

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
];

/// The family names of nine in ten Vietnamese.
const FAMILIES: &[&str] = &[
    "Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Huỳnh", "Phan", "Vũ", "Võ", "Đặng", "Bùi", "Đỗ",
    "Hồ", "Ngô", "Dương", "Lý", "Đinh", "Trịnh", "Mai", "Đào", "Cao", "Lương", "Hà", "Tô", "Tạ",
    "Thái", "Châu", "Trương", "Lâm", "Phùng", "Vương", "Quách", "Nông", "Triệu", "Kiều", "Tống",
    "Đoàn", "Lưu", "Chu", "La",
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
    if FAMILIES.contains(&family) {
        return name.to_owned();
    }
    let read = squeeze(family);
    let same: Vec<&&str> = FAMILIES
        .iter()
        .filter(|known| squeeze(known) == read)
        .collect();
    let near: Vec<&&str> = FAMILIES
        .iter()
        .filter(|known| read.len() > 3 && distance(&squeeze(known), &read) <= 1)
        .collect();
    match (same.as_slice(), near.as_slice()) {
        ([meant], _) | ([], [meant]) => format!("{meant} {rest}"),
        _ => name.to_owned(),
    }
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
        ] {
            assert_eq!(person(read), meant);
        }
    }
}
