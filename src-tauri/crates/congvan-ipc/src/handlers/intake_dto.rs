//! Scans in the core's words and in the face's.

use congvan_core as core;
use core::{DuplicateReason, LetterPage, Shortfall};

use super::{Answer, intake::letter_fault, parse};
use crate::{
    dto::{
        ActivityDto, DuplicateDto, FieldReading, LetterCard, LetterFields, LetterPageDto,
        LetterState, PagesAct, ReadPlace, ScanShortfall, ScanWarning, SplitProposal, StackDto,
        StackOrigin,
    },
    fault::stack_fault,
};

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
        skew: skew(page),
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
        activity: fields.activity,
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
        activity: fields.activity,
    }
}

pub(super) fn activities(known: Vec<congvan_protocol::FieldOfActivity>) -> Vec<ActivityDto> {
    let known = known.into_iter();
    known
        .map(|one| ActivityDto {
            code: one.code,
            name: one.name,
        })
        .collect()
}

/// By how much a page is turned back from lying askew.
fn skew(page: &LetterPage) -> f32 {
    match page.straighten {
        true => page.sheet.facts.skew.unwrap_or(0.0),
        false => 0.0,
    }
}

/// Where a place of a page lies after the page was turned back around its middle. A box stays upright:
/// by such small angles it is as large as before.
fn turned_back(place: core::ReadPlace, (width, height): (f32, f32), degrees: f32) -> ReadPlace {
    let (sin, cos) = degrees.to_radians().sin_cos();
    let (across, down) = (
        (place.x + place.w / 2.0 - 0.5) * width,
        (place.y + place.h / 2.0 - 0.5) * height,
    );
    ReadPlace {
        page: place.page,
        x: 0.5 + (across * cos + down * sin) / width - place.w / 2.0,
        y: 0.5 + (down * cos - across * sin) / height - place.h / 2.0,
        w: place.w,
        h: place.h,
    }
}

pub(super) fn reading(reading: core::FieldReading, pages: &[LetterPage]) -> FieldReading {
    FieldReading {
        field: reading.field,
        confidence: reading.confidence,
        places: reading
            .places
            .into_iter()
            .filter_map(|place| {
                let page = pages.get(usize::try_from(place.page).ok()?)?;
                Some(turned_back(place, page.turned_size(), skew(page)))
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

/// How a letter's scan falls short, and whether the stamp has room.
pub(super) fn warnings(
    shortfalls: Vec<(Shortfall, Vec<u32>)>,
    stamp_room: Option<bool>,
) -> Vec<ScanWarning> {
    let mut warnings: Vec<ScanWarning> = shortfalls
        .into_iter()
        .map(|(shortfall, pages)| ScanWarning {
            what: match shortfall {
                Shortfall::LowResolution => ScanShortfall::LowResolution,
                Shortfall::NotColour => ScanShortfall::NotColour,
                Shortfall::NotFullSize => ScanShortfall::NotFullSize,
                Shortfall::OldPdf => ScanShortfall::OldPdf,
            },
            pages,
        })
        .collect();
    if stamp_room == Some(false) {
        warnings.push(ScanWarning {
            what: ScanShortfall::NoRoomForStamp,
            pages: vec![1],
        });
    }
    warnings
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_on_a_page_made_straight_lies_where_its_print_does() {
        // On the right, 200 points from the middle: print that falls to the right by two degrees lies
        // lower there by 7 points, and comes up again.
        let place = core::ReadPlace {
            page: 0,
            x: 0.5 + 200.0 / 600.0 - 0.05,
            y: 0.5 + 6.98 / 800.0 - 0.01,
            w: 0.1,
            h: 0.02,
        };
        let shown = turned_back(place, (600.0, 800.0), 2.0);
        assert!((shown.y + shown.h / 2.0 - 0.5).abs() < 0.0002, "{shown:?}");
        assert!((shown.x - place.x).abs() < 0.001, "{shown:?}");
        let shown = turned_back(place, (600.0, 800.0), 0.0);
        assert!((shown.x - place.x).abs() < 1e-6 && (shown.y - place.y).abs() < 1e-6);
    }
}
