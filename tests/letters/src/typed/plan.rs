//! What a typed letter says.

use congvan_model::{DocumentType, Urgency};
use congvan_testkit::{Block, SplitMix, Topic, body};

use crate::{
    plan::{Half, day},
    vocabulary::{self as words, Agency},
};

/// Everything that is decided before setting.
#[derive(Clone, Debug)]
pub(super) struct Plan {
    pub(super) kind: DocumentType,
    pub(super) above: Vec<String>,
    pub(super) agency: Vec<String>,
    pub(super) symbol: String,
    pub(super) serial: usize,
    pub(super) place: String,
    pub(super) date: (i8, i8, i16),
    /// A draft has neither number nor day yet.
    pub(super) is_draft: bool,
    pub(super) subject: Option<String>,
    pub(super) urgency: Urgency,
    pub(super) addressees: Vec<String>,
    pub(super) blocks: Vec<Block>,
    pub(super) authority: Vec<String>,
    pub(super) signer: String,
    pub(super) annexes: usize,
}

/// Types that name no subject: the text follows the type's name.
fn has_subject(kind: DocumentType) -> bool {
    !matches!(
        kind,
        DocumentType::Telegram
            | DocumentType::PowerOfAttorney
            | DocumentType::Introduction
            | DocumentType::LeavePermit
            | DocumentType::SendingNote
            | DocumentType::TransferNote
            | DocumentType::NoticeNote
    )
}

fn is_addressed(kind: DocumentType) -> bool {
    matches!(
        kind,
        DocumentType::OfficialLetter
            | DocumentType::Submission
            | DocumentType::Invitation
            | DocumentType::Introduction
            | DocumentType::TransferNote
    )
}

/// The plan of a letter of this type; `pages` is about how long it is.
pub(super) fn plan(half: Half, kind: DocumentType, length: usize, random: &mut SplitMix) -> Plan {
    let (agencies, subjects, people): (&[Agency], &[&str], &[&str]) = match half {
        Half::Develop | Half::Hard => (
            words::DEVELOP,
            words::DEVELOP_SUBJECTS,
            words::DEVELOP_PEOPLE,
        ),
        Half::HeldOut => (
            words::HELD_OUT,
            words::HELD_OUT_SUBJECTS,
            words::HELD_OUT_PEOPLE,
        ),
    };
    let agency = random.pick(agencies);
    let symbol = if kind == DocumentType::OfficialLetter {
        format!("{}-{}", agency.symbol, random.pick(words::UNITS))
    } else {
        format!("{}-{}", kind.abbreviation(), agency.symbol)
    };
    let mut subject = (*random.pick(subjects)).to_owned();
    if random.below(4) == 0 {
        subject = format!("{subject} và {}", random.pick(subjects));
    }
    let count = if is_addressed(kind) {
        1 + random.below(3)
    } else {
        0
    };
    let start = random.below(words::ADDRESSEES.len());
    let addressees = (0..count)
        .map(|index| words::ADDRESSEES[(start + index) % words::ADDRESSEES.len()].to_owned())
        .collect();
    let urgency = match random.below(8) {
        0 => Urgency::Urgent,
        1 => Urgency::VeryUrgent,
        2 => Urgency::Express,
        _ => Urgency::Normal,
    };
    let owned = |lines: &[&str]| lines.iter().map(|line| (*line).to_owned()).collect();
    let serial = if random.below(3) == 0 { 9 } else { 900 };
    Plan {
        kind,
        above: owned(agency.parent),
        agency: owned(agency.name),
        symbol,
        serial: 1 + random.below(serial),
        place: agency.place.trim_start_matches("Xã ").to_owned(),
        date: day(random),
        is_draft: random.below(6) == 0,
        subject: has_subject(kind).then_some(subject),
        urgency,
        addressees,
        blocks: body(*random.pick(Topic::ALL), kind, length, random),
        authority: owned(random.pick::<&[&str]>(agency.posts)),
        signer: (*random.pick(people)).to_owned(),
        annexes: usize::from(random.below(4) == 0),
    }
}
