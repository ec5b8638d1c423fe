//! Which words can be Vietnamese: an onset, a rhyme and a tone (rules of the spelling, no list of
//! words), to doubt what a reader made of a smudge; and office words that such a thing was meant for.

use crate::text::{distance, squeeze};

const ONSETS: &[&str] = &[
    "ngh", "ng", "nh", "ch", "gh", "gi", "kh", "ph", "qu", "th", "tr", "b", "c", "d", "đ", "g",
    "h", "k", "l", "m", "n", "p", "r", "s", "t", "v", "x", "",
];

const RHYMES: &str = " a ac ach ai am an ang anh ao ap at au ay ăc ăm ăn ăng ăp ăt âc âm ân âng âp ât âu ây \
    e ec em en eng eo ep et ê êch êm ên êng ênh êp êt êu i ia ich iêc iêm iên iêng iêp iêt iêu im in inh ip it iu \
    o oa oac oach oai oam oan oang oanh oao oap oat oay oăc oăm oăn oăng oăt oc oe oen oeo oet oi om on ong ooc oong \
    op ot ô ôc ôi ôm ôn ông ôp ôt ơ ơi ơm ơn ơp ơt u ua uân uâng uât uây uc uê uêch uên uênh ui um un ung uơ uôc \
    uôi uôm uôn uông uôt up ut uy uya uych uyên uyêt uyn uynh uyp uyt uyu ư ưa ưc ưi ưm ưn ưng ươc ươi ươm ươn ương \
    ươp ươt ươu ưt ưu y yêm yên yêng yêt yêu ";

/// A vowel's letters: without a tone, then grave, acute, hook, tilde, dot below.
const VOWELS: &[&str] = &[
    "aàáảãạ",
    "ăằắẳẵặ",
    "âầấẩẫậ",
    "eèéẻẽẹ",
    "êềếểễệ",
    "iìíỉĩị",
    "oòóỏõọ",
    "ôồốổỗộ",
    "ơờớởỡợ",
    "uùúủũụ",
    "ưừứửữự",
    "yỳýỷỹỵ",
];

/// Words that stand in subjects and names of offices, to mend what is no word.
const WORDS: &str = "an anh án bàn bản bảo báo bằng bệnh bí biên biển bình bị bộ bổ bồi bồng bưu cá các cách cải cảng \
    cán cáo cao cấp cận cần câu chấn chăn chất chế chỉ chi chí chiến chính chỉnh chó chợ chống chủ chung chuyên chuyển \
    chức chứng chương cổ có cộng công cống cơ cụ cục của cung cuối cuộc cử cứ cứu dạng dạy dân danh dịch diễn diện \
    doanh du dung dụng dự dựng dưỡng đa đại đãi đàm đánh đảng đào đạo đạt đẳng đáp đất đầu đấu đẩy đê đề để đến địa \
    địch điểm điện điều đính định đoàn đoạn đô đồ độ đối đội đổi đôn đông đồng động đợt đơn đúng đường được đức gia \
    giá giả giai giải giám gian giảng giao giáo giáp giấy gió giới giờ góp hạ hải hại hạn hàng hành hạng hạnh hậu hệ \
    hiểm hiến hiện hiệp hiệu hình hòa hóa họa hoàn hoạch hoạt học họp hỏi hỗ hồ hộ hồi hội hỏa hợp huấn huy huyện \
    hướng hữu kê kế kết khai khám khăn khẩn khảo khắc khen khí khích khiếu khoa khoản khoáng khoảng khóa khôi khu \
    khuyến kiểm kiến kiệm kiếm kiện kinh kỳ kỹ lãnh lao lập lâm lầu lễ lệ lịch liên liệt liệu loạt lợi lớp lục luật \
    lũ lụt lược lượng lương lý mại mạng mặt mẫu mầm miền minh mỏ mô môi mở mục mua mùa mức mưa mừng năm nam năng nâng \
    ngành ngày ngăn ngân nghề nghệ nghèo nghị nghĩa nghiệm nghiệp nghiêm nghiên ngoài ngoại nguồn nguy nguyên người \
    nhà nhân nhận nhập nhất nhiệm nhiên nhiệp nhiệt như những niên nộp nội nông nước ôn ổn phạm phát phán pháp phân \
    phần phẩm phép phê phí phiên phó phòng phong phố phối phổ phụ phục phủ phúc phương phường quả quản quán quan quân \
    quần quận quyền quyết quy quý quốc quyển quỹ ra rác rà rét rộng rừng rủi sách sạch sai sản sáng sạn sát sắm sắp \
    sâu sinh soát sở số sơ sơn sống sự sử sức sửa suất tác tai tài tái tại tăng tạo tạm tàng tàn tập tâm tân tầng tế \
    tên thải thái thanh thành thảo tháng thắng thăm thẩm thâm thân thập thất thế thể theo thi thị thí thiên thiết \
    thiệt thiểu thiện thọ thoát thỏa thôn thông thống thời thú thủ thu thuế thuộc thuốc thuận thuật thủy thuyên thư thử \
    thứ thực thương thường thưởng thượng tích tiến tiện tiền tiếp tiết tiểu tiêu tìm tin tình tính tỉnh toán toàn tòa \
    tố tổ tổng tốc tộc tội tôn tồn tới tra trách trạm trai trái trang trạng trao trẻ trên trị triển trình trọng trong \
    trồng trợ trú trung truyền trừ trực trước trường trưởng trương tự tư từ từng tuyển tuyên tuyến tượng tưởng ủy ứng \
    ưu vắc vấn vật vận văn vệ về viên viện viễn việc việt vị vi vĩnh vốn vụ vùng vũ vướng vượt xã xác xã xăng xây xét \
    xếp xin xóa xuất xuân xung xử xúc ý yêu yếu y";

/// Whether a word is spelled like a Vietnamese one. Words without a vowel are abbreviations and
/// those with figures are numbers: nothing can be said of them, which is `true` too.
pub(crate) fn is_possible(word: &str) -> bool {
    let lower = word.to_lowercase();
    if lower.chars().any(|c| !c.is_alphabetic()) || !lower.chars().any(is_vowel) {
        return true;
    }
    // Of a word all in capitals with few vowels nobody knows: "KSTTHC" is none, "UBND" neither.
    if word.chars().count() > 1
        && word.chars().all(char::is_uppercase)
        && lower.chars().filter(|c| is_vowel(*c)).count() * 4 <= lower.chars().count()
        && !is_syllable(&lower)
        && word.chars().all(|c| c.is_ascii() || c == 'Đ')
    {
        return true;
    }
    is_syllable(&lower)
}

fn is_vowel(letter: char) -> bool {
    VOWELS.iter().any(|row| row.contains(letter))
}

fn is_syllable(word: &str) -> bool {
    let (mut tone, mut plain) = (0, String::new());
    for letter in word.chars() {
        let place = VOWELS
            .iter()
            .find_map(|row| Some((row.chars().next()?, row.chars().position(|c| c == letter)?)));
        match place {
            Some((bare, mark)) => {
                if mark > 0 && tone > 0 {
                    return false;
                }
                tone = tone.max(mark);
                plain.push(bare);
            }
            None => plain.push(letter),
        }
    }
    // Before a stop there are two tones.
    let is_stopped = ["p", "t", "c", "ch"].iter().any(|end| plain.ends_with(end));
    if is_stopped && !matches!(tone, 2 | 5) {
        return false;
    }
    ONSETS.iter().any(|onset| {
        let Some(rest) = plain.strip_prefix(onset) else {
            return false;
        };
        let known = |rhyme: &str| RHYMES.contains(&format!(" {rhyme} "));
        match *onset {
            "qu" => known(rest) || known(&format!("u{rest}")),
            "gi" => rest.is_empty() || known(rest) || known(&format!("i{rest}")),
            _ => known(rest),
        }
    })
}

/// A word in small letters without its tone.
pub(crate) fn without_tone(word: &str) -> String {
    word.chars()
        .map(|letter| {
            let row = VOWELS.iter().find(|row| row.contains(letter));
            row.and_then(|row| row.chars().next()).unwrap_or(letter)
        })
        .collect()
}

/// Words that cannot be Vietnamese as the office words they must have been, where there is one.
pub(crate) fn mended(text: &str) -> String {
    let words = text.split(' ').map(|word| {
        let end = word.trim_end_matches(|c: char| !c.is_alphanumeric());
        let core = end.trim_start_matches(|c: char| !c.is_alphanumeric());
        if core.chars().count() < 2 || is_possible(core) {
            return word.to_owned();
        }
        meant(core).map_or_else(|| word.to_owned(), |meant| word.replacen(core, &meant, 1))
    });
    words.collect::<Vec<_>>().join(" ")
}

/// The share of a text's words that can be Vietnamese; 1 without words.
pub(crate) fn soundness(text: &str) -> f32 {
    let words = text
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty());
    let (all, possible) = words.fold((0_u16, 0_u16), |(all, possible), word| {
        (
            all.saturating_add(1),
            possible.saturating_add(u16::from(is_possible(word))),
        )
    });
    if all == 0 {
        1.0
    } else {
        f32::from(possible) / f32::from(all)
    }
}

fn meant(word: &str) -> Option<String> {
    let lower = word.to_lowercase();
    let bare = squeeze(&lower);
    let known = || WORDS.split_whitespace();
    let one_of = |found: Vec<&str>| match found.as_slice() {
        [one] => Some((*one).to_owned()),
        _ => None,
    };
    let same: Vec<&str> = known().filter(|known| squeeze(known) == bare).collect();
    let meant = one_of(same).or_else(|| {
        let near: Vec<&str> = known()
            .filter(|known| lower.chars().count() > 2 && distance(known, &lower) == 1)
            .collect();
        one_of(near)
    })?;
    let first_is_upper = word.chars().next().is_some_and(char::is_uppercase);
    Some(if word.chars().all(char::is_uppercase) {
        meant.to_uppercase()
    } else if first_is_upper {
        let mut letters = meant.chars();
        letters.next().map_or_else(String::new, |first| {
            first.to_uppercase().chain(letters).collect()
        })
    } else {
        meant
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_possible_by_the_rules_of_spelling() {
        for word in "nghiêm quốc quyết giếng gì khuỷu ỦY UỶ hoà hòa xoong nghĩa Huỳnh PHƯỜNG ươn Ẩn"
            .split(' ')
        {
            assert!(is_possible(word), "{word}");
        }
        for word in ["UBND", "HĐND", "2026", "V/v", "TTr", "ĐBQH"] {
            assert!(is_possible(word), "{word} says nothing");
        }
        for word in [
            "MIĨNH",
            "PHÁẬP",
            "cònq",
            "thưc",
            "nghàh",
            "Nđuyễn",
            "phốỉ",
            "tịnhh",
        ] {
            assert!(!is_possible(word), "{word}");
        }
    }

    #[test]
    fn only_what_is_no_word_is_mended() {
        for (read, wanted) in [
            ("thưc hiện", "thực hiện"),
            ("CẤP NƯỚCC TÂN XÁ", "CẤP NƯỚC TÂN XÁ"),
            ("Kiêmm lâm", "Kiêmm lâm"),
            ("Đồng Khê", "Đồng Khê"),
            ("chính sáchh,", "chính sách,"),
        ] {
            assert_eq!(mended(read), wanted);
        }
    }

    #[test]
    fn every_office_word_is_possible() {
        for word in WORDS.split_whitespace() {
            assert!(is_possible(word), "{word}");
        }
    }
}
