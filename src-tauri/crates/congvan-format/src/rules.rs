//! What is checked, and the clause of Appendix I of Decree 30/2020/NĐ-CP that asks for it.
//!
//! Clauses are of Part I of the annex: `II.1.b` is section II, point 1, letter b. Left unchecked on
//! purpose, because the annex leaves room or a page does not tell: capitals inside names, titles
//! before a signer's name, the type inside tables, footnotes and annexes, whether a recipient is the
//! right one.

use serde::{Deserialize, Serialize};

/// A part of the letter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Part {
    /// Khổ giấy.
    Paper,
    /// Lề trên.
    MarginTop,
    /// Lề dưới.
    MarginBottom,
    /// Lề trái.
    MarginLeft,
    /// Lề phải.
    MarginRight,
    /// All text.
    Text,
    /// Số trang.
    PageNumber,
    /// Quốc hiệu.
    NationName,
    /// Tiêu ngữ.
    Motto,
    /// Tên cơ quan chủ quản trực tiếp.
    AgencyAbove,
    /// Tên cơ quan, tổ chức ban hành.
    Agency,
    /// Số và ký hiệu.
    Number,
    /// Địa danh và thời gian ban hành.
    PlaceDate,
    /// Tên loại.
    Kind,
    /// Trích yếu, under the name of the type.
    Subject,
    /// Trích yếu of a công văn, under its number.
    LetterSubject,
    /// Dấu chỉ độ khẩn.
    UrgencyMark,
    /// Kính gửi.
    Addressees,
    /// Căn cứ ban hành.
    Grounds,
    /// Nội dung.
    Body,
    /// Quyền hạn, chức vụ of the signer.
    Authority,
    /// Họ và tên of the signer.
    Signer,
    /// The words “Nơi nhận”.
    RecipientsLabel,
    /// The list under them.
    Recipients,
}

/// What about the part is not as it should be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Aspect {
    /// It is not there.
    Missing,
    /// It is there and should not be.
    Unwanted,
    /// It is in the wrong place.
    Place,
    /// Its words or figures.
    Wording,
    /// Width, height or distance on the paper.
    Distance,
    /// The face.
    Font,
    /// The colour.
    Colour,
    /// The size of its letters.
    Size,
    /// It should be bold.
    Bold,
    /// It should not be bold.
    NotBold,
    /// It should be italic.
    Italic,
    /// It should be upright.
    Upright,
    /// It should be in capitals.
    Capitals,
    /// The line that should be drawn under it.
    Line,
    /// The distance of its lines.
    Spacing,
    /// The distance of its paragraphs.
    ParagraphGap,
    /// How far the first line of a paragraph goes in.
    Indent,
    /// Both edges even.
    Justified,
}

/// How much it weighs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// The decree gives a value, and the letter has another.
    Must,
    /// A smaller matter of typing that many letters get wrong.
    Should,
}

/// One rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rule {
    /// Of which part.
    pub part: Part,
    /// What about it.
    pub aspect: Aspect,
    /// How much it weighs.
    pub severity: Severity,
    /// Section, point and letter of Part I of Appendix I.
    pub clause: &'static str,
}

const fn must(part: Part, aspect: Aspect, clause: &'static str) -> Rule {
    let severity = Severity::Must;
    Rule {
        part,
        aspect,
        severity,
        clause,
    }
}

const fn should(part: Part, aspect: Aspect, clause: &'static str) -> Rule {
    let severity = Severity::Should;
    Rule {
        part,
        aspect,
        severity,
        clause,
    }
}

/// Everything that is checked.
pub const RULES: &[Rule] = &[
    // A4, 210 by 297 mm; across only for tables.
    must(Part::Paper, Aspect::Distance, "I.1"),
    // 20 to 25 mm from the upper and lower edge, 30 to 35 from the left, 15 to 20 from the right.
    must(Part::MarginTop, Aspect::Distance, "I.3"),
    must(Part::MarginBottom, Aspect::Distance, "I.3"),
    must(Part::MarginLeft, Aspect::Distance, "I.3"),
    must(Part::MarginRight, Aspect::Distance, "I.3"),
    // Times New Roman, Unicode, black.
    must(Part::Text, Aspect::Font, "I.4"),
    must(Part::Text, Aspect::Colour, "I.4"),
    // From 1, Arabic, 13 to 14, upright, in the middle of the upper margin, not shown on page 1.
    must(Part::PageNumber, Aspect::Missing, "I.7"),
    must(Part::PageNumber, Aspect::Wording, "I.7"),
    must(Part::PageNumber, Aspect::Place, "I.7"),
    must(Part::PageNumber, Aspect::Unwanted, "I.7"),
    must(Part::PageNumber, Aspect::Size, "I.7"),
    must(Part::PageNumber, Aspect::Upright, "I.7"),
    // Capitals, 12 to 13, upright, bold.
    must(Part::NationName, Aspect::Missing, "II.1.a"),
    must(Part::NationName, Aspect::Wording, "II.1.a"),
    must(Part::NationName, Aspect::Capitals, "II.1.a"),
    must(Part::NationName, Aspect::Size, "II.1.a"),
    must(Part::NationName, Aspect::Bold, "II.1.a"),
    must(Part::NationName, Aspect::Upright, "II.1.a"),
    // 13 to 14, upright, bold; hyphens with spaces; a line as long as the words under it.
    must(Part::Motto, Aspect::Missing, "II.1.b"),
    should(Part::Motto, Aspect::Wording, "II.1.b"),
    must(Part::Motto, Aspect::Size, "II.1.b"),
    must(Part::Motto, Aspect::Bold, "II.1.b"),
    must(Part::Motto, Aspect::Upright, "II.1.b"),
    must(Part::Motto, Aspect::Line, "II.1.b"),
    // The agency above: capitals, 12 to 13, upright.
    must(Part::AgencyAbove, Aspect::Capitals, "II.2"),
    must(Part::AgencyAbove, Aspect::Size, "II.2"),
    must(Part::AgencyAbove, Aspect::NotBold, "II.2"),
    // The agency: capitals, 12 to 13, upright, bold; a line of a third to a half under it.
    must(Part::Agency, Aspect::Capitals, "II.2"),
    must(Part::Agency, Aspect::Size, "II.2"),
    must(Part::Agency, Aspect::Bold, "II.2"),
    must(Part::Agency, Aspect::Upright, "II.2"),
    must(Part::Agency, Aspect::Line, "II.2"),
    // “Số:” and the number, a zero before those below ten, no spaces; size 13, upright.
    must(Part::Number, Aspect::Missing, "II.3"),
    must(Part::Number, Aspect::Wording, "II.3"),
    must(Part::Number, Aspect::Size, "II.3"),
    must(Part::Number, Aspect::Upright, "II.3"),
    // 13 to 14, italic; a zero before days below ten and months 1 and 2.
    must(Part::PlaceDate, Aspect::Missing, "II.4"),
    must(Part::PlaceDate, Aspect::Wording, "II.4"),
    must(Part::PlaceDate, Aspect::Size, "II.4"),
    must(Part::PlaceDate, Aspect::Italic, "II.4"),
    // Capitals, 13 to 14, upright, bold.
    must(Part::Kind, Aspect::Capitals, "II.5"),
    must(Part::Kind, Aspect::Size, "II.5"),
    must(Part::Kind, Aspect::Bold, "II.5"),
    must(Part::Kind, Aspect::Upright, "II.5"),
    // 13 to 14, upright, bold; a line of a third to a half under it.
    must(Part::Subject, Aspect::Size, "II.5"),
    must(Part::Subject, Aspect::Bold, "II.5"),
    must(Part::Subject, Aspect::Upright, "II.5"),
    must(Part::Subject, Aspect::Line, "II.5"),
    // After “V/v”, 12 to 13, upright.
    must(Part::LetterSubject, Aspect::Missing, "II.5"),
    must(Part::LetterSubject, Aspect::Wording, "II.5"),
    must(Part::LetterSubject, Aspect::Size, "II.5"),
    must(Part::LetterSubject, Aspect::Upright, "II.5"),
    // 13 to 14, capitals, upright, bold.
    must(Part::UrgencyMark, Aspect::Size, "III.2"),
    must(Part::UrgencyMark, Aspect::Bold, "III.2"),
    // 13 to 14, upright, a colon; several on lines of their own that end with ; and the last with a point.
    must(Part::Addressees, Aspect::Missing, "II.9"),
    should(Part::Addressees, Aspect::Wording, "II.9"),
    must(Part::Addressees, Aspect::Size, "II.9"),
    must(Part::Addressees, Aspect::Upright, "II.9"),
    // Italic, under the name of the type of a resolution or decision.
    must(Part::Grounds, Aspect::Italic, "II.6"),
    // 13 to 14; single to 1.5 lines; 6 pt between paragraphs; the first line 1 or 1.27 cm in; even on
    // both sides.
    must(Part::Body, Aspect::Size, "II.6.e"),
    must(Part::Body, Aspect::Spacing, "II.6.e"),
    should(Part::Body, Aspect::ParagraphGap, "II.6.e"),
    must(Part::Body, Aspect::Indent, "II.6.e"),
    should(Part::Body, Aspect::Justified, "II.6.e"),
    // Capitals, 13 to 14, upright, bold.
    must(Part::Authority, Aspect::Size, "II.7"),
    must(Part::Authority, Aspect::Bold, "II.7"),
    must(Part::Authority, Aspect::Upright, "II.7"),
    // 13 to 14, upright, bold.
    must(Part::Signer, Aspect::Size, "II.7"),
    must(Part::Signer, Aspect::Bold, "II.7"),
    must(Part::Signer, Aspect::Upright, "II.7"),
    // “Nơi nhận:” 12, italic, bold.
    must(Part::RecipientsLabel, Aspect::Missing, "II.9"),
    should(Part::RecipientsLabel, Aspect::Wording, "II.9"),
    must(Part::RecipientsLabel, Aspect::Size, "II.9"),
    must(Part::RecipientsLabel, Aspect::Bold, "II.9"),
    must(Part::RecipientsLabel, Aspect::Italic, "II.9"),
    // 11, upright; a dash before and ; behind each, “- Lưu: VT, …” and a point at the end.
    must(Part::Recipients, Aspect::Missing, "II.9"),
    should(Part::Recipients, Aspect::Wording, "II.9"),
    must(Part::Recipients, Aspect::Size, "II.9"),
    must(Part::Recipients, Aspect::Upright, "II.9"),
];

/// The rule of a part and an aspect; only pairs of the list are asked for.
pub(crate) fn rule(part: Part, aspect: Aspect) -> Option<&'static Rule> {
    RULES
        .iter()
        .find(|rule| rule.part == part && rule.aspect == aspect)
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn every_rule_stands_in_the_list_once() {
        let pairs: HashSet<(Part, Aspect)> =
            RULES.iter().map(|rule| (rule.part, rule.aspect)).collect();
        assert_eq!(pairs.len(), RULES.len());
    }
}
