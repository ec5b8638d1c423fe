use std::sync::Arc;

use congvan_core::{Desk, PlacementSource, Sent, TrayRow, UnreadReason};
use congvan_model::Deadline;
use congvan_protocol::ReadingRule;

use super::{Answer, parse, word};
use crate::dto::{
    self, Empty, MarkArgs, PageSeenArgs, PlacementArgs, PlacementFound, PlacementRemember,
    PlacementRule, ReadState, ReadingDto, SentState, TrayPage, TrayQuery, TrayState,
};

/// See the command table.
///
/// # Errors
/// `NOT_LOGGED_IN`, disk faults.
pub async fn signing_tray(desk: &Arc<Desk>, args: TrayQuery) -> Answer<TrayPage> {
    let page = desk
        .tray(congvan_core::TrayQuery {
            marked_only: args.marked_only,
            search: args.search,
            after: args.after.as_deref().map(parse).transpose()?,
            limit: args.limit,
        })
        .await?;
    Ok(TrayPage {
        rows: page.rows.into_iter().map(row_dto).collect(),
        total: page.total,
        marked: page.marked,
        next: page.next.map(|key| key.to_string()),
        reading: match page.rule {
            ReadingRule::EveryPage => dto::ReadingRule::EveryPage,
            ReadingRule::FirstPage => dto::ReadingRule::FirstPage,
            ReadingRule::Nothing => dto::ReadingRule::Nothing,
        },
        unread_allowed: page.unread_allowed,
    })
}

/// See the command table.
///
/// # Errors
/// `SHOWN_IS_STALE`, `FILE_NOT_HERE`, `READING_REQUIRED`, `NOT_FOUND`, disk faults.
pub async fn tray_mark(desk: &Arc<Desk>, args: MarkArgs) -> Answer<Empty> {
    let document = parse(&args.document)?;
    if args.marked {
        let unread = args.unread.map(reason);
        desk.mark(document, parse(&args.shown)?, unread).await?;
    } else {
        desk.unmark(document).await?;
    }
    Ok(Empty {})
}

/// See the command table.
///
/// # Errors
/// `SHOWN_IS_STALE`, `NOT_FOUND`, what `file_open` answers.
pub async fn page_seen(desk: &Arc<Desk>, args: PageSeenArgs) -> Answer<ReadingDto> {
    let place = (parse(&args.document)?, parse(&args.file)?);
    let view = desk
        .page_seen(place, parse(&args.shown)?, args.page)
        .await?;
    Ok(ReadingDto {
        pages: view.reading.pages,
        seen: view.reading.seen.into_iter().collect(),
        may_mark: view.may_mark,
    })
}

/// See the command table.
///
/// # Errors
/// `NOT_FOUND`, what `file_open` answers.
pub async fn placement_get(desk: &Arc<Desk>, args: PlacementArgs) -> Answer<PlacementFound> {
    let place = (parse(&args.document)?, parse(&args.file)?);
    let certificate = args.certificate.as_deref().map(parse).transpose()?;
    let found = desk.placement(place, certificate).await?;
    Ok(PlacementFound {
        placement: placement_dto(found.placement),
        source: source_dto(found.source),
        role: role_dto(found.role),
        rule: rule_dto(found.rule),
    })
}

/// See the command table.
///
/// # Errors
/// `NOT_FOUND`, what `file_open` answers, disk faults.
pub async fn placement_remember(desk: &Arc<Desk>, args: PlacementRemember) -> Answer<Empty> {
    let place = (parse(&args.document)?, parse(&args.file)?);
    desk.remember_placement(place, args.placement.map(placement))
        .await?;
    Ok(Empty {})
}

fn role_dto(role: congvan_core::SignatureRole) -> dto::SignatureRole {
    match role {
        congvan_core::SignatureRole::Signature => dto::SignatureRole::Signature,
        congvan_core::SignatureRole::Initials => dto::SignatureRole::Initials,
        congvan_core::SignatureRole::Seal => dto::SignatureRole::Seal,
        congvan_core::SignatureRole::Copy => dto::SignatureRole::Copy,
        congvan_core::SignatureRole::Appendix => dto::SignatureRole::Appendix,
    }
}

fn row_dto(tray: TrayRow) -> dto::TrayRow {
    let pages = tray.file.as_ref().and_then(|file| file.pages);
    let row = tray.row;
    dto::TrayRow {
        document: row.id.to_string(),
        file: tray
            .file
            .as_ref()
            .map(|file| file.id.to_string())
            .unwrap_or_default(),
        sha256: tray
            .file
            .as_ref()
            .map(|file| file.head.to_hex())
            .unwrap_or_default(),
        notation: row.notation,
        kind: row.kind.name().to_owned(),
        subject: row.subject,
        urgency: word(&row.urgency),
        issuer: row.issuer,
        arrived_at: row.arrived_at.0,
        due_at: row.due.map(|due| due.instant().0),
        due_is_day: matches!(row.due, Some(Deadline::Day(_))),
        overdue: row.overdue,
        size: tray.file.as_ref().map_or(0, |file| file.size),
        pages,
        read: if tray.reading.is_whole() {
            ReadState::All
        } else if tray.reading.seen.is_empty() {
            ReadState::None
        } else {
            ReadState::Some
        },
        pages_read: u32::try_from(tray.reading.seen.len()).unwrap_or(u32::MAX),
        may_mark: tray.may_mark,
        marked: tray.marked,
        placement: source_dto(tray.placement),
        state: match tray.file.map(|file| file.place) {
            Some(congvan_core::Place::Here) => TrayState::Ready,
            Some(congvan_core::Place::Waiting | congvan_core::Place::Quarantined) => {
                TrayState::Coming
            }
            None => TrayState::NoFile,
        },
        sent: match row.sent {
            Sent::Settled => SentState::Settled,
            Sent::SavedHere => SentState::SavedHere,
            Sent::NeedsAttention => SentState::NeedsAttention,
        },
    }
}

/// A place as the core has it.
pub(super) fn placement(place: dto::Placement) -> congvan_core::Placement {
    congvan_core::Placement {
        page: place.page as usize,
        x: f64::from(place.x_mm),
        y: f64::from(place.y_mm),
        width: f64::from(place.w_mm),
        height: f64::from(place.h_mm),
    }
}

/// A place as the face has it; a tenth of a micrometre is lost.
#[allow(clippy::cast_possible_truncation)]
pub(super) fn placement_dto(place: congvan_core::Placement) -> dto::Placement {
    dto::Placement {
        page: u32::try_from(place.page).unwrap_or(u32::MAX),
        x_mm: place.x as f32,
        y_mm: place.y as f32,
        w_mm: place.width as f32,
        h_mm: place.height as f32,
    }
}

#[allow(clippy::cast_possible_truncation)]
fn rule_dto(rule: congvan_core::PlacementRule) -> PlacementRule {
    PlacementRule {
        edge_mm: rule.edge as f32,
        least_w_mm: rule.least.0 as f32,
        least_h_mm: rule.least.1 as f32,
        most_w_mm: rule.most.map(|most| most.0 as f32),
        most_h_mm: rule.most.map(|most| most.1 as f32),
    }
}

fn reason(reason: dto::UnreadReason) -> UnreadReason {
    match reason {
        dto::UnreadReason::ReadOnPaper => UnreadReason::ReadOnPaper,
        dto::UnreadReason::ReadBefore => UnreadReason::ReadBefore,
        dto::UnreadReason::Reported => UnreadReason::Reported,
        dto::UnreadReason::Urgent => UnreadReason::Urgent,
    }
}

pub(super) fn source_dto(source: PlacementSource) -> dto::PlacementSource {
    match source {
        PlacementSource::Remembered => dto::PlacementSource::Remembered,
        PlacementSource::Found => dto::PlacementSource::Found,
        PlacementSource::Default => dto::PlacementSource::Default,
    }
}
