//! Stamps: urgency and secrecy.

use congvan_model::Urgency;
use serde::{Deserialize, Serialize};

use crate::{
    reading::Field,
    segment::Segment,
    text::{capitals, distance, squeeze},
};

/// Dấu độ mật (Law on the protection of state secrets). Such a letter must not be in this program.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SecretMark {
    /// Mật.
    Secret,
    /// Tối mật.
    TopSecret,
    /// Tuyệt mật.
    Absolute,
}

impl SecretMark {
    /// The words of the stamp.
    #[must_use]
    pub fn stamp(self) -> &'static str {
        match self {
            Self::Secret => "MẬT",
            Self::TopSecret => "TỐI MẬT",
            Self::Absolute => "TUYỆT MẬT",
        }
    }
}

/// The secrecy stamp, on any page; better one too many: a person looks, and a secret letter that
/// slips through cannot be called back.
pub(crate) fn secret(segments: &[Segment], red: &[Segment]) -> Option<Field<SecretMark>> {
    strongest(segments, red, |text| {
        let marks = [
            SecretMark::Absolute,
            SecretMark::TopSecret,
            SecretMark::Secret,
        ];
        marks.into_iter().find(|mark| is_stamp(text, mark.stamp()))
    })
}

/// The urgency stamp of the first page.
pub(crate) fn urgency(segments: &[Segment], red: &[Segment]) -> Option<Field<Urgency>> {
    strongest(segments, red, |text| {
        if is_stamp(text, "HỎA TỐC HẸN GIỜ") {
            return Some(Urgency::ExpressTimed);
        }
        let urgencies = [Urgency::Express, Urgency::VeryUrgent, Urgency::Urgent];
        urgencies
            .into_iter()
            .find(|urgency| urgency.stamp().is_some_and(|stamp| is_stamp(text, stamp)))
    })
}

fn strongest<T: Copy>(
    segments: &[Segment],
    red: &[Segment],
    find: impl Fn(&str) -> Option<T>,
) -> Option<Field<T>> {
    let printed = segments
        .iter()
        .filter(|segment| segment.cy < 0.5)
        .map(|segment| (segment, 0.9));
    // Red words are stamps; printed ones may be a heading.
    let stamped = red.iter().map(|segment| (segment, 1.0));
    stamped
        .chain(printed)
        .filter(|(segment, _)| segment.words.len() <= 6)
        .find_map(|(segment, sure)| {
            let found = find(&segment.text)?;
            Some(Field::new(
                found,
                segment.confidence.max(0.6) * sure,
                vec![segment.place()],
            ))
        })
}

/// Whether the line is the stamp and nothing else, its frame and dirt aside.
fn is_stamp(text: &str, stamp: &str) -> bool {
    // A frame's sides are read as letters of their own.
    let words: Vec<&str> = text
        .split_whitespace()
        .filter(|word| word.chars().filter(|c| c.is_alphabetic()).count() > 1)
        .collect();
    let text = words.join(" ");
    if capitals(&text) < 0.8 {
        return false;
    }
    let (read, wanted) = (squeeze(&text), squeeze(stamp));
    let slips = match wanted.len() {
        0..=4 => 0,
        5..=8 => 1,
        _ => 2,
    };
    distance(&read, &wanted) <= slips
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stamps_stand_alone_and_in_capitals() {
        for text in ["HỎA TỐC", "| HÓA TỐC |", "HOẢ TÓC", "[HỎA TÔC]"] {
            assert!(is_stamp(text, "HỎA TỐC"), "{text}");
        }
        assert!(is_stamp("MẬT", "MẬT"));
        assert!(is_stamp("MẠT |", "MẬT"));
        for text in ["Bí mật", "mật", "BÍ MẬT NHÀ NƯỚC", "MẶT TRẬN"] {
            assert!(!is_stamp(text, "MẬT"), "{text}");
        }
        assert!(!is_stamp("THƯỢNG KHẨN", "KHẨN"));
    }
}
