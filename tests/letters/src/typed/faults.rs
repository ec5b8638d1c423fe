//! Faults that are planted in letters: one of every rule that is checked.

use congvan_format::{Aspect, Part, Rule};
use congvan_model::{DocumentType, Urgency};
use congvan_testkit::SplitMix;

use super::{
    manner::{Manner, Numbered, Type, Where},
    plan::Plan,
};
use crate::vocabulary as words;

/// Parts whose faults are not planted together: one could hide or make the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Group {
    Sheet,
    Head,
    Body,
    Foot,
}

pub(super) fn group(part: Part) -> Group {
    match part {
        Part::Paper
        | Part::MarginTop
        | Part::MarginBottom
        | Part::MarginLeft
        | Part::MarginRight
        | Part::Text
        | Part::PageNumber => Group::Sheet,
        Part::NationName
        | Part::Motto
        | Part::AgencyAbove
        | Part::Agency
        | Part::Number
        | Part::PlaceDate
        | Part::Kind
        | Part::Subject
        | Part::LetterSubject
        | Part::UrgencyMark
        | Part::Addressees => Group::Head,
        Part::Grounds | Part::Body => Group::Body,
        Part::Authority | Part::Signer | Part::RecipientsLabel | Part::Recipients => Group::Foot,
    }
}

/// Whether one fault leaves the other to be seen: where lines end unevenly, nobody can tell how wide
/// the right margin was meant to be.
pub(super) fn is_seen_beside(one: &Rule, other: &Rule) -> bool {
    let has = |part: Part, aspect: Aspect| {
        [one, other]
            .iter()
            .any(|rule| rule.part == part && rule.aspect == aspect)
    };
    !(has(Part::MarginRight, Aspect::Distance) && has(Part::Body, Aspect::Justified))
}

/// The type that a letter must have for a fault to be planted, if only some can.
pub(super) fn kind(rule: &Rule, random: &mut SplitMix) -> Option<DocumentType> {
    let titled = [
        DocumentType::Decision,
        DocumentType::Plan,
        DocumentType::Report,
        DocumentType::Announcement,
        DocumentType::Submission,
        DocumentType::Directive,
    ];
    match rule.part {
        Part::LetterSubject | Part::Addressees => Some(DocumentType::OfficialLetter),
        Part::Kind | Part::Subject => Some(*random.pick(&titled)),
        Part::Grounds => Some(*random.pick(&[DocumentType::Decision, DocumentType::Resolution])),
        Part::RecipientsLabel => Some(*random.pick(&titled)),
        _ => None,
    }
}

/// Whether the letter has what the fault is of; the first fault of a letter is given it.
pub(super) fn applies(rule: &Rule, plan: &Plan) -> bool {
    let is_letter = plan.kind == DocumentType::OfficialLetter;
    match rule.part {
        Part::LetterSubject | Part::Addressees => is_letter,
        Part::Kind | Part::Subject => !is_letter && plan.subject.is_some(),
        Part::AgencyAbove => !plan.above.is_empty(),
        Part::UrgencyMark => plan.urgency != Urgency::Normal,
        Part::Grounds => matches!(plan.kind, DocumentType::Decision | DocumentType::Resolution),
        Part::RecipientsLabel => matches!(
            plan.kind,
            DocumentType::OfficialLetter | DocumentType::Decision | DocumentType::Plan
        ),
        Part::Body => plan.subject.is_some(),
        _ => true,
    }
}

/// Gives the letter what the fault is of.
pub(super) fn prepare(rule: &Rule, plan: &mut Plan, random: &mut SplitMix) {
    match (rule.part, rule.aspect) {
        (Part::AgencyAbove, _) if plan.above.is_empty() => {
            plan.above = vec!["UBND TỈNH HƯNG THỊNH".to_owned()];
            plan.agency = vec!["SỞ NỘI VỤ".to_owned()];
            plan.is_draft = false;
        }
        (Part::UrgencyMark, _) if plan.urgency == Urgency::Normal => {
            plan.urgency = *random.pick(&[Urgency::Urgent, Urgency::Express]);
        }
        (Part::Addressees, Aspect::Wording) if plan.addressees.len() < 2 => {
            plan.addressees = words::ADDRESSEES[2..5]
                .iter()
                .map(|it| (*it).to_owned())
                .collect();
        }
        // Without a number nothing but its type tells where the agency's name begins.
        (Part::AgencyAbove, Aspect::NotBold)
        | (Part::Agency, Aspect::Bold)
        | (Part::Number | Part::PlaceDate, Aspect::Wording) => plan.is_draft = false,
        (Part::Body, _) if plan.subject.is_none() => {
            plan.subject = Some(words::DEVELOP_SUBJECTS[0].to_owned());
        }
        _ => {}
    }
}

/// Plants the fault.
pub(super) fn plant(rule: &Rule, plan: &mut Plan, manner: &mut Manner, random: &mut SplitMix) {
    match rule.part {
        Part::Paper
        | Part::MarginTop
        | Part::MarginBottom
        | Part::MarginLeft
        | Part::MarginRight
        | Part::Text => sheet(rule.part, rule.aspect, manner, random),
        Part::PageNumber => page_number(rule.aspect, manner, random),
        Part::Body => body(rule.aspect, manner, random),
        _ => part(rule, plan, manner, random),
    }
}

fn sheet(part: Part, aspect: Aspect, manner: &mut Manner, random: &mut SplitMix) {
    let (top, bottom, left, right) = &mut manner.margins;
    match part {
        Part::Paper => {
            manner.paper = *random.pick(&[(215.9, 279.4), (176.0, 250.0), (216.0, 330.0)])
        }
        Part::MarginTop => *top = *random.pick(&[12.0, 16.0, 34.0, 40.0]),
        Part::MarginBottom => *bottom = *random.pick(&[6.0, 8.0]),
        Part::MarginLeft => *left = *random.pick(&[20.0, 25.0, 28.0, 38.0, 42.0]),
        Part::MarginRight => *right = *random.pick(&[8.0, 10.0, 13.0, 24.0, 28.0]),
        _ => match aspect {
            Aspect::Font => {
                manner.other_face = Some(*random.pick(&[Where::Everything, Where::FirstParagraph]));
            }
            _ => {
                let place = *random.pick(&[Where::Everything, Where::FirstParagraph, Where::Date]);
                let ink = *random.pick(&[[0, 0, 200], [110, 110, 110], [200, 0, 0]]);
                manner.other_ink = Some((place, ink));
            }
        },
    }
}

fn page_number(aspect: Aspect, manner: &mut Manner, random: &mut SplitMix) {
    match aspect {
        Aspect::Missing => manner.numbered = Numbered::Nowhere,
        Aspect::Wording => manner.page_shift = 1,
        Aspect::Place => manner.numbered = *random.pick(&[Numbered::Right, Numbered::Below]),
        Aspect::Unwanted => manner.is_first_numbered = true,
        Aspect::Size => manner.page_number.size = *random.pick(&[10.0, 12.0, 16.0]),
        _ => manner.page_number.set_italic(true),
    }
}

fn body(aspect: Aspect, manner: &mut Manner, random: &mut SplitMix) {
    match aspect {
        Aspect::Size => manner.body.size = *random.pick(&[11.0, 12.0, 12.5, 15.0, 16.0]),
        Aspect::Spacing => manner.spacing = *random.pick(&[0.85, 0.9, 1.7, 2.0]),
        Aspect::ParagraphGap => manner.gap = *random.pick(&[0.0, 2.0, 4.0]),
        Aspect::Indent => manner.indent = *random.pick(&[0.0, 5.0, 7.5, 15.0, 20.0]),
        _ => manner.is_justified = false,
    }
}

/// The type of a part, if that is what the fault is about.
fn face(aspect: Aspect, face: &mut Type, sizes: &[f32], random: &mut SplitMix) {
    match aspect {
        Aspect::Size => face.size = *random.pick(sizes),
        Aspect::Bold => face.set_bold(false),
        Aspect::NotBold => face.set_bold(true),
        Aspect::Italic => face.set_italic(false),
        Aspect::Upright => face.set_italic(true),
        _ => {}
    }
}

fn part(rule: &Rule, plan: &mut Plan, manner: &mut Manner, random: &mut SplitMix) {
    let aspect = rule.aspect;
    let missing = aspect == Aspect::Missing;
    let wording = aspect == Aspect::Wording;
    let line = aspect == Aspect::Line;
    let part_line = |random: &mut SplitMix| *random.pick(&[None, Some(0.15), Some(0.8), Some(1.0)]);
    let small = [10.0, 11.0, 11.5, 14.0];
    let usual = [11.0, 12.0, 12.5, 15.0, 16.0];
    match rule.part {
        Part::NationName => {
            if missing {
                manner.nation_words = None;
            } else if wording {
                manner.nation_words = Some("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIÊT NAM".to_owned());
            } else if aspect == Aspect::Capitals {
                manner.nation_words = Some("Cộng hòa xã hội chủ nghĩa Việt Nam".to_owned());
            }
            face(aspect, &mut manner.nation, &small, random);
        }
        Part::Motto => {
            let wrong = [
                "Độc Lập - Tự Do - Hạnh Phúc",
                "Độc lập – Tự do – Hạnh phúc",
                "Độc lập-Tự do-Hạnh phúc",
            ];
            if missing {
                manner.motto_words = None;
            } else if wording {
                manner.motto_words = Some((*random.pick(&wrong)).to_owned());
            } else if line {
                manner.motto_line = *random.pick(&[None, Some(0.4), Some(0.6)]);
            }
            face(aspect, &mut manner.motto, &usual, random);
        }
        Part::AgencyAbove => {
            manner.above_capitals = aspect != Aspect::Capitals;
            face(aspect, &mut manner.above, &small, random);
        }
        Part::Agency => {
            manner.agency_capitals = aspect != Aspect::Capitals;
            if line {
                manner.agency_line = part_line(random);
            }
            face(aspect, &mut manner.agency, &small, random);
        }
        Part::Number => {
            if missing {
                manner.number_words = Some(String::new());
            } else if wording {
                let (serial, symbol) = (plan.serial, &plan.symbol);
                let wrong = match random.below(5) {
                    0 => format!("Số: {}/{symbol}", serial % 9 + 1),
                    1 => format!("Số {serial:02}/{symbol}"),
                    2 => format!("Số: {serial:02} /{symbol}"),
                    3 => format!("Số: {serial:02}/{}", symbol.replace('-', " - ")),
                    _ => format!("Số: {serial:02}/{}", symbol.replace('-', "–")),
                };
                manner.number_words = Some(wrong);
            }
            face(aspect, &mut manner.number, &[11.0, 12.0, 14.0], random);
        }
        Part::PlaceDate => {
            let place = &plan.place;
            if missing {
                manner.date_words = Some(String::new());
            } else if wording {
                let wrong = match random.below(4) {
                    0 => format!("{place}, ngày 5 tháng 11 năm 2026"),
                    1 => format!("{place}, ngày 15 tháng 2 năm 2026"),
                    2 => format!("{place} ngày 15 tháng 10 năm 2026"),
                    _ => format!("{}, ngày 15 tháng 10 năm 2026", place.to_lowercase()),
                };
                manner.date_words = Some(wrong);
            }
            face(aspect, &mut manner.date, &[11.0, 12.0, 15.0], random);
        }
        Part::Kind => {
            manner.kind_capitals = aspect != Aspect::Capitals;
            face(aspect, &mut manner.kind, &usual, random);
        }
        Part::Subject => {
            if line {
                manner.subject_line = part_line(random);
            }
            face(aspect, &mut manner.subject, &usual, random);
        }
        Part::LetterSubject => {
            if missing {
                manner.about_words = None;
            } else if wording {
                manner.about_words = Some(*random.pick(&["Về việc", "V/v:", "v/v"]));
            }
            face(aspect, &mut manner.about, &[10.0, 11.0, 14.0], random);
        }
        Part::UrgencyMark => face(aspect, &mut manner.mark, &[11.0, 12.0], random),
        Part::Addressees => {
            if missing {
                manner.addressees_words = None;
            } else if wording {
                let wrong = [
                    ("", ";", "."),
                    (":", ",", "."),
                    (":", "", "."),
                    (":", ";", ";"),
                ];
                manner.addressees_words = Some(*random.pick(&wrong));
            }
            face(aspect, &mut manner.addressees, &usual, random);
        }
        Part::Grounds => manner.grounds.set_italic(false),
        Part::Authority => face(aspect, &mut manner.authority, &usual, random),
        Part::Signer => face(aspect, &mut manner.signer, &usual, random),
        Part::RecipientsLabel => {
            if missing {
                manner.label_words = None;
            } else if wording {
                manner.label_words = Some(*random.pick(&["Nơi nhận", "NƠI NHẬN:", "Nơi Nhận:"]));
            }
            face(aspect, &mut manner.label, &[11.0, 13.0, 14.0], random);
        }
        Part::Recipients => {
            let (before, after, last) = &mut manner.recipients_words;
            if missing {
                *last = None;
            } else if wording {
                match random.below(5) {
                    0 => *after = "",
                    1 => *after = ",",
                    2 => *before = "",
                    3 => *last = Some("- Lưu: VP."),
                    _ => *last = Some("- Lưu: VT, TH"),
                }
            }
            face(aspect, &mut manner.recipients, &[10.0, 12.0, 13.0], random);
        }
        Part::Paper
        | Part::MarginTop
        | Part::MarginBottom
        | Part::MarginLeft
        | Part::MarginRight
        | Part::Text
        | Part::PageNumber
        | Part::Body => {}
    }
}
