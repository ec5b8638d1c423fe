//! Letters as programs print them to PDF: with text and faces, set as Decree 30 allows, or with
//! faults that are known.

mod faults;
mod manner;
mod office;
mod plan;
mod set;
mod write;

use anyhow::Result;
use congvan_format::{Aspect, Part, RULES, Rule};
use congvan_model::DocumentType;
use congvan_testkit::SplitMix;

use crate::{
    font::{Family, Fonts},
    plan::Half,
};

/// A fault that was planted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Planted {
    /// What is not kept.
    pub rule: &'static Rule,
    /// The page where it is to be found, from 0.
    pub page: u32,
}

/// A letter and its faults.
#[derive(Clone, Debug)]
pub struct Typed {
    /// The file.
    pub bytes: Vec<u8>,
    /// Type and agency, for tables.
    pub name: String,
    /// None in a clean letter.
    pub faults: Vec<Planted>,
    /// How many pages it has.
    pub pages: usize,
}

/// Where a fault of a letter that an office program lays out is to be found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OnPage {
    /// The first page.
    First,
    /// The second.
    Second,
    /// The last, which has the signature.
    Last,
}

/// A letter for LibreOffice Writer, and its faults.
#[derive(Clone, Debug)]
pub struct Office {
    /// Flat OpenDocument text.
    pub text: String,
    /// Type and agency, for tables.
    pub name: String,
    /// None in a clean letter.
    pub faults: Vec<(&'static Rule, OnPage)>,
}

/// Types of letters, each as often as the others. A public letter has neither number nor kind on it.
fn kind(number: usize) -> DocumentType {
    let all: Vec<DocumentType> = DocumentType::ALL
        .iter()
        .copied()
        .filter(|kind| *kind != DocumentType::PublicLetter)
        .collect();
    all[number % all.len()]
}

/// A letter set as the decree allows, by a number of a half.
///
/// # Errors
/// When a face is missing.
pub fn clean(half: Half, number: usize) -> Result<Typed> {
    let (plan, manner) = allowed(half, number);
    finish(&plan, &manner, &[])
}

/// The same for LibreOffice Writer.
///
/// # Errors
/// When a face is missing.
pub fn office_clean(half: Half, number: usize) -> Result<Office> {
    let (mut plan, manner) = allowed(half, number);
    write_office(&mut plan, &manner, &[])
}

fn allowed(half: Half, number: usize) -> (plan::Plan, manner::Manner) {
    let mut random = random(half, number, 0xC1EA);
    let length = 1 + random.below(3);
    let kind = kind(number);
    let plan = plan::plan(half, kind, length, &mut random);
    let manner = manner::allowed(kind, &mut random);
    (plan, manner)
}

/// A letter with one to three faults, by a number of a half; every rule is broken by some number
/// below the count of [`RULES`].
///
/// # Errors
/// When a face is missing.
pub fn faulty(half: Half, number: usize) -> Result<Typed> {
    with_faults(half, number, |plan, manner, rules| {
        let is_low = rules.iter().any(|rule| rule.part == Part::MarginBottom);
        finish_checked(plan, manner, rules, is_low)
    })
}

/// The same for LibreOffice Writer.
///
/// # Errors
/// When a face is missing.
pub fn office_faulty(half: Half, number: usize) -> Result<Office> {
    with_faults(half, number, |plan, manner, rules| {
        write_office(plan, manner, rules).map(Some)
    })
}

/// Plans letters until one shows its faults.
fn with_faults<L>(
    half: Half,
    number: usize,
    finish: impl Fn(&mut plan::Plan, &manner::Manner, &[&'static Rule]) -> Result<Option<L>>,
) -> Result<L> {
    let mut random = random(half, number, 0xFA17);
    let first = &RULES[number % RULES.len()];
    // Text enough that pages have lines at their bottoms, and numbers.
    let length = 3;
    loop {
        let usual = kind(random.below(28));
        let mut kind = faults::kind(first, &mut random).unwrap_or(usual);
        if first.part == Part::Body && kind != DocumentType::OfficialLetter {
            kind = DocumentType::Announcement;
        }
        let mut plan = plan::plan(half, kind, length, &mut random);
        faults::prepare(first, &mut plan, &mut random);
        let mut rules = vec![first];
        for _ in 0..random.below(3) {
            let other = random.pick(RULES);
            let is_apart = rules
                .iter()
                .all(|rule| faults::group(rule.part) != faults::group(other.part));
            let is_seen = rules.iter().all(|rule| faults::is_seen_beside(rule, other));
            if is_apart && is_seen && faults::applies(other, &plan) {
                faults::prepare(other, &mut plan, &mut random);
                rules.push(other);
            }
        }
        let mut manner = manner::allowed(kind, &mut random);
        for rule in &rules {
            faults::plant(rule, &mut plan, &mut manner, &mut random);
        }
        if let Some(letter) = finish(&mut plan, &manner, &rules)? {
            return Ok(letter);
        }
    }
}

fn random(half: Half, number: usize, salt: u64) -> SplitMix {
    let base: u64 = match half {
        Half::Develop => 0x0026_0000_0000,
        Half::Hard => 0x0027_0000_0000,
        Half::HeldOut => 0x2606_7700_0000_0000,
    };
    let mut random = SplitMix::new(base ^ salt ^ (number as u64).wrapping_mul(0x9E37_79B9));
    random.bits();
    random
}

/// The program decides where pages end; annexes would hide which is the last of the letter.
fn write_office(
    plan: &mut plan::Plan,
    manner: &manner::Manner,
    rules: &[&'static Rule],
) -> Result<Office> {
    plan.annexes = 0;
    let fonts = Fonts::load(Family::Tinos)?;
    let page = |rule: &Rule| match rule.part {
        Part::PageNumber if rule.aspect != Aspect::Unwanted => OnPage::Second,
        Part::Authority | Part::Signer | Part::RecipientsLabel | Part::Recipients => OnPage::Last,
        _ => OnPage::First,
    };
    Ok(Office {
        text: office::text(plan, manner, &fonts.faces()?),
        name: format!("{} {}", plan.kind.name(), plan.agency.join(" ")),
        faults: rules.iter().map(|rule| (*rule, page(rule))).collect(),
    })
}

fn finish(plan: &plan::Plan, manner: &manner::Manner, rules: &[&'static Rule]) -> Result<Typed> {
    let typed = finish_checked(plan, manner, rules, false)?;
    typed.ok_or_else(|| anyhow::anyhow!("nothing was asked of the letter"))
}

/// The letter, unless a fault of it is not to be seen: the first page must end low, where its lower
/// margin is the fault, and there must be a second page, where its number is.
fn finish_checked(
    plan: &plan::Plan,
    manner: &manner::Manner,
    rules: &[&'static Rule],
    is_low: bool,
) -> Result<Option<Typed>> {
    let (own, other) = (Fonts::load(Family::Tinos)?, Fonts::load(Family::Sans)?);
    let set = set::set(plan, manner, (&own.faces()?, &other.faces()?));
    let is_numbered = rules
        .iter()
        .any(|rule| rule.part == Part::PageNumber && rule.aspect != Aspect::Unwanted);
    if (is_low && set.first_bottom > 18.0) || (is_numbered && set.signed == 0) {
        return Ok(None);
    }
    let paper = (manner.paper.0 * manner::MM, manner.paper.1 * manner::MM);
    let bytes = write::pdf(&set.pages, paper, (&own, &other), manner.face_names)?;
    let page = |rule: &Rule| match rule.part {
        Part::PageNumber if rule.aspect != Aspect::Unwanted => 1,
        Part::Authority | Part::Signer | Part::RecipientsLabel | Part::Recipients => set.signed,
        _ => 0,
    };
    let faults = rules
        .iter()
        .map(|rule| {
            Ok(Planted {
                rule,
                page: u32::try_from(page(rule))?,
            })
        })
        .collect::<Result<_>>()?;
    Ok(Some(Typed {
        bytes,
        name: format!("{} {}", plan.kind.name(), plan.agency.join(" ")),
        faults,
        pages: set.pages.len(),
    }))
}
