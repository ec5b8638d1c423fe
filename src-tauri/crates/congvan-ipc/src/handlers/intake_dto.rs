//! Scans in the core's words and in the face's.

use congvan_core as core;
use core::{DuplicateReason, LetterPage};

use super::{Answer, intake::letter_fault, parse};
use crate::{
    dto::{
        DuplicateDto, FieldReading, LetterCard, LetterFields, LetterPageDto, LetterState, PagesAct,
        ReadPlace, ScanWarning, SplitProposal, StackDto, StackOrigin,
    },
    fault::stack_fault,
};

/// Decree 30/2020, Appendix I, part II; scanners round.
const LEAST_DPI: f32 = 199.0;

pub(super) fn state(state: LetterState) -> core::LetterState {
    match state {
        LetterState::Reading => core::LetterState::Reading,
        LetterState::Ready => core::LetterState::Ready,
        LetterState::Confirmed => core::LetterState::Confirmed,
        LetterState::Registered => core::LetterState::Registered,
        LetterState::Secret => core::LetterState::Secret,
    }
}

pub(super) fn card(row: core::LetterRow) -> LetterCard {
    LetterCard {
        id: row.id.to_string(),
        state: match row.state {
            core::LetterState::Reading => LetterState::Reading,
            // A discarded letter is never handed out.
            core::LetterState::Ready | core::LetterState::Discarded => LetterState::Ready,
            core::LetterState::Confirmed => LetterState::Confirmed,
            core::LetterState::Registered => LetterState::Registered,
            core::LetterState::Secret => LetterState::Secret,
        },
        cover: row.cover.as_ref().map(page),
        name: row.name,
        pages: row.pages,
        notation: row.fields.notation,
        subject: row.fields.subject,
        issuer: row.fields.issuer,
        urgency: row.fields.urgency,
        confidence: row.confidence,
        duplicate: row.duplicate,
        poor: row.poor,
        signed: row.signed,
        code: row.code.map(letter_fault),
        document: row.document.map(|id| id.to_string()),
        number: row.number,
        provisional: row.provisional,
        can_undo: row.can_undo,
    }
}

pub(super) fn page(page: &LetterPage) -> LetterPageDto {
    let (width_pt, height_pt) = page.turned_size();
    LetterPageDto {
        stack: page.stack.to_string(),
        page: page.page,
        sha256: page.pdf.to_hex(),
        turns: page.turns,
        width_pt,
        height_pt,
        blank: page.sheet.facts.blank,
        straight: page.straighten,
    }
}

pub(super) fn stack(row: core::StackRow) -> StackDto {
    StackDto {
        id: row.id.to_string(),
        name: row.name,
        origin: match row.origin {
            core::StackOrigin::Dropped => StackOrigin::Dropped,
            core::StackOrigin::Folder => StackOrigin::Folder,
            core::StackOrigin::Scanner => StackOrigin::Scanner,
        },
        added_at: row.at,
        pages: row.pages,
        code: row.code.map(stack_fault),
        same_as: row.same_as.map(|id| id.to_string()),
        sha256: row.pdf.map(|pdf| pdf.to_hex()),
        split: row.proposal.map(|proposal| SplitProposal {
            begins: proposal.begins,
            blank: proposal.blank,
            sheets: proposal.sheets,
        }),
    }
}

pub(super) fn fields(fields: LetterFields) -> core::LetterFields {
    core::LetterFields {
        issuer: fields.issuer,
        issuer_code: fields.issuer_code,
        notation: fields.notation,
        issued_on: fields.issued_on,
        kind: fields.kind,
        subject: fields.subject,
        urgency: fields.urgency,
        signer_position: fields.signer_position,
        signer_name: fields.signer_name,
        due: fields.due,
    }
}

pub(super) fn fields_dto(fields: &core::LetterFields) -> LetterFields {
    let fields = fields.clone();
    LetterFields {
        issuer: fields.issuer,
        issuer_code: fields.issuer_code,
        notation: fields.notation,
        issued_on: fields.issued_on,
        kind: fields.kind,
        subject: fields.subject,
        urgency: fields.urgency,
        signer_position: fields.signer_position,
        signer_name: fields.signer_name,
        due: fields.due,
    }
}

pub(super) fn reading(reading: core::FieldReading) -> FieldReading {
    FieldReading {
        field: reading.field,
        confidence: reading.confidence,
        places: reading
            .places
            .into_iter()
            .map(|place| ReadPlace {
                page: place.page,
                x: place.x,
                y: place.y,
                w: place.w,
                h: place.h,
            })
            .collect(),
    }
}

pub(super) fn duplicate(duplicate: core::Duplicate) -> DuplicateDto {
    DuplicateDto {
        document: duplicate.document.map(|id| id.to_string()),
        letter: duplicate.letter.map(|id| id.to_string()),
        reason: match duplicate.reason {
            DuplicateReason::Identifier => "IDENTIFIER",
            DuplicateReason::Notation => "NOTATION",
            DuplicateReason::Content => "CONTENT",
        }
        .to_owned(),
        number: duplicate.number,
        notation: duplicate.notation,
        issuer: duplicate.issuer,
        subject: duplicate.subject,
        arrived_at: duplicate.arrived_at,
    }
}

/// How the pages of a letter fall short of the decree, each way once.
pub(super) fn warnings(pages: &[LetterPage]) -> Vec<ScanWarning> {
    let any = |short: fn(&LetterPage) -> bool| pages.iter().any(short);
    let mut warnings = Vec::new();
    if any(|page| page.sheet.facts.dpi.is_some_and(|dpi| dpi < LEAST_DPI)) {
        warnings.push(ScanWarning::LowResolution);
    }
    if any(|page| page.sheet.facts.colour == Some(false)) {
        warnings.push(ScanWarning::NotColour);
    }
    if any(is_not_full_size) {
        warnings.push(ScanWarning::NotFullSize);
    }
    warnings
}

/// Smaller than A5 or larger than A3 in points: reduced or enlarged, or a photograph of a desk.
fn is_not_full_size(page: &LetterPage) -> bool {
    let (width, height) = page.turned_size();
    let (short, long) = (width.min(height), width.max(height));
    short < 400.0 || long < 560.0 || short > 870.0 || long > 1_230.0
}

pub(super) fn act(act: PagesAct) -> Answer<core::PagesAct> {
    Ok(match act {
        PagesAct::Split { letter, page } => core::PagesAct::Split {
            letter: parse(&letter)?,
            page,
        },
        PagesAct::Merge { letter } => core::PagesAct::Merge {
            letter: parse(&letter)?,
        },
        PagesAct::Order { letter, order } => core::PagesAct::Order {
            letter: parse(&letter)?,
            order,
        },
        PagesAct::Turn {
            letter,
            page,
            turns,
        } => core::PagesAct::Turn {
            letter: parse(&letter)?,
            page,
            turns,
        },
        PagesAct::Straighten { letter, page, on } => core::PagesAct::Straighten {
            letter: parse(&letter)?,
            page,
            on,
        },
        PagesAct::Remove { letter, pages } => core::PagesAct::Remove {
            letter: parse(&letter)?,
            pages,
        },
        PagesAct::Insert {
            letter,
            before,
            from,
            pages,
        } => core::PagesAct::Insert {
            letter: parse(&letter)?,
            before,
            from: parse(&from)?,
            pages,
        },
        PagesAct::Discard { letter } => core::PagesAct::Discard {
            letter: parse(&letter)?,
        },
        PagesAct::SettleSplit { stack, accept } => core::PagesAct::SettleSplit {
            stack: parse(&stack)?,
            accept,
        },
        PagesAct::DismissStack { stack } => core::PagesAct::DismissStack {
            stack: parse(&stack)?,
        },
    })
}
