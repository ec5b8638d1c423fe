//! Which field of activity (lĩnh vực) a letter belongs to, as the letters that people confirmed on this
//! machine speak for it. Nothing of it leaves the machine.
//!
//! The letters confirmed last are kept, each with its agency, the unit in its symbol and the pairs of
//! syllables of its trích yếu: a Vietnamese word is mostly two. Those that are like a new letter vote
//! for theirs. A letter confirmed without a field votes for none.

use std::collections::{BTreeMap, BTreeSet};

use congvan_model::{Timestamp, fold};
use congvan_protocol::FieldOfActivity;
use congvan_store::{FieldReading, Letter, LetterFields, LetterId, LetterState, Store, StoreError};
use serde::{Deserialize, Serialize};

use super::learning::unit;
use crate::session::Session;

/// A confirmed letter. Key: its id, so that who corrects a letter corrects what it taught.
const LESSON: &str = "activity";
/// Letters that are kept.
const KEPT: u32 = 1_000;
/// Letters that vote.
const VOTERS: usize = 9;

/// What likeness is made of; the same letter once more reaches 1.
const SAME_AGENCY: f64 = 0.3;
const SAME_UNIT: f64 = 0.25;
const SAME_WORDS: f64 = 0.7;
/// Less like ones have no vote.
const LIKE: f64 = 0.25;
/// Below this nothing is proposed.
const LEAST: f64 = 0.3;
/// What follows from other letters is never as sure as what was read.
const MOST: f64 = 0.95;

/// The fields of activity of the person's agency, as the server last said.
pub(crate) fn known(session: &Session) -> Vec<FieldOfActivity> {
    let info = session.info();
    info.map(|info| info.activities.clone()).unwrap_or_default()
}

/// A letter as far as it tells its field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Example {
    /// Its agency, folded.
    agency: String,
    /// The unit in its symbol, folded; may be empty.
    unit: String,
    /// Pairs of syllables that follow one another, folded.
    words: BTreeSet<String>,
    /// Code of its field; empty where the clerk left it out.
    activity: String,
}

impl Example {
    fn of(fields: &LetterFields) -> Self {
        let subject = fold(&fields.subject);
        let syllables: Vec<&str> = subject
            .split(|c: char| !c.is_alphabetic())
            .filter(|syllable| syllable.chars().count() > 1)
            .collect();
        let pairs = syllables.iter().zip(syllables.iter().skip(1));
        Self {
            agency: fold(fields.issuer.trim()),
            unit: unit(&fields.notation)
                .as_deref()
                .map(fold)
                .unwrap_or_default(),
            words: pairs.map(|(one, next)| format!("{one} {next}")).collect(),
            activity: fields.activity.clone(),
        }
    }
}

/// Keeps what a person's confirmation of a letter teaches. Blocks.
pub(super) fn learn(
    store: &Store,
    letter: LetterId,
    confirmed: &LetterFields,
    now: Timestamp,
) -> Result<(), StoreError> {
    let lesson = serde_json::to_string(&Example::of(confirmed))?;
    store.lesson_put(LESSON, (&letter.to_string(), &lesson), now)?;
    store.lessons_keep(LESSON, KEPT)
}

/// Gives a letter that nobody has written in the field that those before it speak for. Blocks.
pub(super) fn propose(
    store: &Store,
    letter: &mut Letter,
    known: &[FieldOfActivity],
) -> Result<(), StoreError> {
    let row = &mut letter.row;
    let is_open = row.state == LetterState::Ready && !row.edited && row.fields.activity.is_empty();
    if !is_open || known.is_empty() {
        return Ok(());
    }
    let examples = store.lessons(LESSON)?.into_iter();
    // A lesson of a later version is not understood, and that is all.
    let examples: Vec<Example> = examples
        .filter_map(|(_, lesson)| serde_json::from_str(&lesson).ok())
        .collect();
    let Some((code, confidence)) = spoken_for(&Example::of(&row.fields), &examples) else {
        return Ok(());
    };
    if known.iter().any(|one| one.code == code) {
        row.fields.activity = code;
        letter.readings.push(FieldReading {
            field: "activity".to_owned(),
            confidence,
            places: Vec::new(),
        });
    }
    Ok(())
}

/// The field that the examples most like a letter speak for, and how sure that is.
fn spoken_for(letter: &Example, examples: &[Example]) -> Option<(String, f32)> {
    let weights = Weights::of(examples);
    let mut like: Vec<(f64, &str)> = examples
        .iter()
        .map(|example| (weights.likeness(letter, example), example.activity.as_str()))
        .filter(|(likeness, _)| *likeness >= LIKE)
        .collect();
    like.sort_by(|one, other| other.0.total_cmp(&one.0));
    like.truncate(VOTERS);
    let mut votes: BTreeMap<&str, f64> = BTreeMap::new();
    for (likeness, activity) in &like {
        *votes.entry(activity).or_default() += likeness * likeness;
    }
    let all: f64 = votes.values().sum();
    let (winner, most) = votes
        .into_iter()
        .max_by(|one, other| one.1.total_cmp(&other.1))?;
    let own = || like.iter().filter(|(_, activity)| *activity == winner);
    // One letter that is a little like it proves nothing; several prove something, but never as much
    // as one with the same words.
    let together = own().map(|(likeness, _)| likeness).sum::<f64>().min(1.0);
    let nearest = own().map(|(likeness, _)| *likeness).fold(0.0, f64::max);
    let confidence = MOST * (most / all) * together * (0.5 + (nearest / 1.2).min(0.5));
    #[expect(clippy::cast_possible_truncation, reason = "between 0 and 1")]
    let found = (winner.to_owned(), confidence as f32);
    (!winner.is_empty() && confidence >= LEAST).then_some(found)
}

/// How much each pair of syllables tells: a rare one more.
struct Weights<'a> {
    letters: f64,
    with: BTreeMap<&'a str, f64>,
}

impl<'a> Weights<'a> {
    fn of(examples: &'a [Example]) -> Self {
        let mut with: BTreeMap<&str, f64> = BTreeMap::new();
        for word in examples.iter().flat_map(|example| &example.words) {
            *with.entry(word).or_default() += 1.0;
        }
        let letters = f64::from(u32::try_from(examples.len()).unwrap_or(u32::MAX));
        Self { letters, with }
    }

    fn weight(&self, word: &str) -> f64 {
        let with = self.with.get(word).copied().unwrap_or(0.0);
        ((self.letters + 1.0) / (with + 1.0)).ln() + 0.1
    }

    fn sum<'w>(&self, words: impl Iterator<Item = &'w String>) -> f64 {
        words.map(|word| self.weight(word).powi(2)).sum()
    }

    fn likeness(&self, one: &Example, other: &Example) -> f64 {
        let mut likeness = 0.0;
        if !one.agency.is_empty() && one.agency == other.agency {
            likeness += SAME_AGENCY;
            if !one.unit.is_empty() && one.unit == other.unit {
                likeness += SAME_UNIT;
            }
        }
        let shared = self.sum(one.words.intersection(&other.words));
        let both = self.sum(one.words.iter()) * self.sum(other.words.iter());
        if both > 0.0 {
            likeness += SAME_WORDS * shared / both.sqrt();
        }
        likeness.min(1.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn example(agency: &str, notation: &str, subject: &str, activity: &str) -> Example {
        Example::of(&LetterFields {
            issuer: agency.to_owned(),
            notation: notation.to_owned(),
            subject: subject.to_owned(),
            activity: activity.to_owned(),
            ..LetterFields::default()
        })
    }

    fn said(letter: &Example, examples: &[Example]) -> (String, f32) {
        spoken_for(letter, examples).unwrap_or_default()
    }

    /// What a clerk looks at before the letter is accepted.
    const SURE: f32 = 0.8;

    #[test]
    fn the_same_matter_of_the_same_agency_is_sure_after_one_letter_and_of_another_after_two() {
        let biên_chế = |agency: &str, number: u32| {
            let notation = format!("{number}/SNV-CCVC");
            let subject = "V/v rà soát biên chế năm 2026 của các xã";
            example(agency, &notation, subject, "to-chuc")
        };
        let first = [biên_chế("Sở Nội vụ", 1)];
        let (code, sure) = said(&biên_chế("Sở Nội vụ", 2), &first);
        assert_eq!(code, "to-chuc");
        assert!(sure >= SURE, "{sure}");
        let (code, sure) = said(&biên_chế("Sở Tài chính", 3), &first);
        assert_eq!(code, "to-chuc");
        assert!(sure < SURE, "{sure}: one letter of somebody else's");
        let second = [first[0].clone(), biên_chế("Sở Y tế", 4)];
        let (_, sure) = said(&biên_chế("Sở Tài chính", 3), &second);
        assert!(sure >= SURE, "{sure}");
    }

    #[test]
    fn the_agency_alone_never_makes_it_sure_and_the_unit_in_the_symbol_does() {
        let of = |number: u32, unit: &str, subject: &str, activity: &str| {
            let notation = format!("{number}/UBND-{unit}");
            example("UBND tỉnh H99", &notation, subject, activity)
        };
        let known = [
            of(1, "NN", "phòng chống cháy rừng", "nong-nghiep"),
            of(2, "NN", "kiểm tra đê điều", "nong-nghiep"),
            of(3, "NN", "tiêm phòng gia súc", "nong-nghiep"),
        ];
        let (_, sure) = said(&of(4, "VX", "tổ chức hội khỏe", ""), &known);
        assert!(sure < SURE, "{sure}");
        let (code, sure) = said(&of(5, "NN", "hỗ trợ giống vụ đông", ""), &known);
        assert_eq!(code, "nong-nghiep");
        assert!(sure >= SURE, "{sure}");
    }

    #[test]
    fn letters_that_disagree_leave_it_to_the_clerk_and_those_without_a_field_vote_too() {
        let of = |activity: &str| example("Sở Y tế", "1/SYT-NV", "tiêm chủng mở rộng", activity);
        let (_, sure) = said(&of(""), &[of("y-te"), of("van-hoa")]);
        assert!(sure < SURE, "{sure}");
        assert_eq!(spoken_for(&of(""), &[of(""), of(""), of("y-te")]), None);
        assert_eq!(spoken_for(&of(""), &[]), None);
    }

    #[test]
    fn misread_marks_do_not_hide_the_words() {
        let known = [example("Sở Y tế", "", "Về tiêm chủng mở rộng", "y-te")];
        let (code, _) = said(&example("Sở Y tế", "", "Ve tiêm chung mớ rộng", ""), &known);
        assert_eq!(code, "y-te");
    }

    /// Half of the letters teach, the other half is asked.
    #[test]
    fn of_mixed_letters_nine_in_ten_get_their_field() {
        let matters = [
            (
                "dat-dai",
                [
                    "cấp giấy chứng nhận quyền sử dụng đất",
                    "thu hồi đất để thực hiện dự án",
                    "giải quyết hồ sơ đất đai tồn đọng",
                ],
            ),
            (
                "to-chuc",
                [
                    "rà soát biên chế công chức",
                    "sắp xếp tổ chức bộ máy cấp xã",
                    "bổ nhiệm công chức lãnh đạo",
                ],
            ),
            (
                "tai-chinh",
                [
                    "quyết toán ngân sách nhà nước",
                    "phân bổ dự toán thu chi ngân sách",
                    "thanh toán vốn đầu tư công",
                ],
            ),
            (
                "y-te",
                [
                    "phòng, chống dịch sốt xuất huyết",
                    "tiêm chủng mở rộng cho trẻ em",
                    "an toàn thực phẩm dịp Tết",
                ],
            ),
            (
                "van-thu",
                [
                    "kiểm tra công tác văn thư, lưu trữ",
                    "nộp lưu hồ sơ vào lưu trữ lịch sử",
                    "quản lý con dấu và văn thư",
                ],
            ),
        ];
        let agencies = [
            "UBND tỉnh H99",
            "Sở Nội vụ",
            "Sở Tài chính",
            "UBND xã Bình Minh",
        ];
        let mut all = Vec::new();
        for (turn, ending) in ["", "năm 2026", "trên địa bàn tỉnh", "tại các xã"]
            .iter()
            .enumerate()
        {
            for (at, (activity, subjects)) in matters.iter().enumerate() {
                for (of, subject) in subjects.iter().enumerate() {
                    let agency = agencies[(turn + at + of) % agencies.len()];
                    let text = format!("V/v {subject} {ending}");
                    all.push((turn % 2, example(agency, "7/TB-X", &text, activity)));
                }
            }
        }
        let taught: Vec<Example> = all
            .iter()
            .filter(|(half, _)| *half == 0)
            .map(|(_, one)| one.clone())
            .collect();
        let mut right = 0;
        let asked: Vec<&Example> = all
            .iter()
            .filter(|(half, _)| *half == 1)
            .map(|(_, one)| one)
            .collect();
        for letter in &asked {
            let (code, confidence) = said(letter, &taught);
            let is_right = code == letter.activity;
            assert!(is_right || confidence < SURE, "{letter:?} is {code}");
            right += usize::from(is_right);
        }
        println!("{right} of {} right", asked.len());
        assert!(right * 10 >= asked.len() * 9, "{right} of {}", asked.len());
    }
}
