use std::sync::Arc;

use congvan_core::{
    Desk, DocumentDetail, DocumentRow, FileView, Filter, ListQuery, OpinionView, Place, Sent, View,
};
use congvan_model::Deadline;
use congvan_protocol::{OpinionAbout, OpinionKind};

use super::{Answer, parse, word};
use crate::{
    ErrorCode, IpcError,
    dto::{
        self, AddOpinion, DocumentFlow, DocumentId, DocumentPage, DocumentQuery, DocumentView,
        Empty, FileDto, FilePlace, HitBox, NoteAdd, NotePlace, NoteWord, OpinionDto, RevisionDto,
        SentState, ViewCounts,
    },
};

/// See the command table.
///
/// # Errors
/// `NOT_LOGGED_IN`, disk faults.
pub async fn documents_list(desk: &Arc<Desk>, args: DocumentQuery) -> Answer<DocumentPage> {
    let query = ListQuery {
        view: match args.view {
            DocumentView::IncomingPending => View::IncomingPending,
            DocumentView::IncomingOverdue => View::IncomingOverdue,
            DocumentView::IncomingDueSoon => View::IncomingDueSoon,
            DocumentView::IncomingSay => View::IncomingSay,
            DocumentView::IncomingHold => View::IncomingHold,
            DocumentView::IncomingSupport => View::IncomingSupport,
            DocumentView::IncomingInform => View::IncomingInform,
            DocumentView::IncomingDone => View::IncomingDone,
            DocumentView::IncomingAll => View::IncomingAll,
            DocumentView::Drafts => View::Drafts,
            DocumentView::OutgoingCheck => View::OutgoingCheck,
            DocumentView::ToSign => View::ToSign,
            DocumentView::OutgoingIssue => View::OutgoingIssue,
            DocumentView::OutgoingIssued => View::OutgoingIssued,
            DocumentView::OutgoingAll => View::OutgoingAll,
        },
        search: args.search,
        filter: Filter::default(),
        after: args.after.as_deref().map(parse).transpose()?,
        skip: args.skip,
        limit: args.limit,
        now: desk.now(),
    };
    let page = desk.list(query).await?;
    Ok(DocumentPage {
        rows: page.rows.into_iter().map(row_dto).collect(),
        total: page.total,
        next: page.next.map(|key| key.to_string()),
    })
}

/// See the command table.
///
/// # Errors
/// `NOT_LOGGED_IN`, disk faults.
pub async fn view_counts(desk: &Arc<Desk>, _: Empty) -> Answer<ViewCounts> {
    let counts = desk.counts().await?;
    Ok(ViewCounts {
        incoming_pending: counts.incoming_pending,
        incoming_overdue: counts.incoming_overdue,
        incoming_due_soon: counts.incoming_due_soon,
        incoming_say: counts.incoming_say,
        incoming_hold: counts.incoming_hold,
        incoming_support: counts.incoming_support,
        incoming_inform: counts.incoming_inform,
        incoming_all: counts.incoming_all,
        incoming_unread: counts.incoming_unread,
        drafts: counts.drafts,
        outgoing_check: counts.outgoing_check,
        to_sign: counts.to_sign,
        outgoing_issue: counts.outgoing_issue,
        outgoing_all: counts.outgoing_all,
    })
}

/// See the command table.
///
/// # Errors
/// `NOT_FOUND`, disk faults.
pub async fn document_get(desk: &Arc<Desk>, args: DocumentId) -> Answer<dto::DocumentDetail> {
    let id = parse(&args.id)?;
    let blocked_since = desk.blocked_since(id).await?;
    let detail = desk.document(id).await?;
    let document = &detail.document;
    let day = document.issued_on;
    let day = day.unwrap_or_else(|| document.arrived_at.vietnam_date());
    let code = document.issuer.code.clone();
    Ok(dto::DocumentDetail {
        blocked_since: blocked_since.map(|at| at.0),
        issuer_became: desk.agency_became(code, day).await?,
        ..detail_dto(detail)
    })
}

/// See the command table.
///
/// # Errors
/// `NOT_FOUND`, disk faults.
pub async fn document_opened(desk: &Arc<Desk>, args: DocumentId) -> Answer<Empty> {
    desk.opened(parse(&args.id)?).await?;
    Ok(Empty {})
}

/// See the command table.
///
/// # Errors
/// `TEXT_EMPTY`, `TEXT_TOO_LONG`, `NOT_FOUND`, disk faults.
pub async fn opinion_add(desk: &Arc<Desk>, args: AddOpinion) -> Answer<OpinionDto> {
    let kind = match args.kind.as_str() {
        "opinion" => OpinionKind::Opinion,
        "direction" => OpinionKind::Direction,
        _ => return Err(IpcError::new(ErrorCode::InvalidRequest)),
    };
    Ok(opinion_dto(
        desk.add_opinion(parse(&args.document)?, kind, args.text, None)
            .await?,
    ))
}

pub(super) fn row_dto(row: DocumentRow) -> dto::DocumentRow {
    dto::DocumentRow {
        id: row.id.to_string(),
        notation: row.notation,
        arrival_number: row.arrival_number,
        kind: row.kind.name().to_owned(),
        subject: row.subject,
        issuer: row.issuer,
        urgency: word(&row.urgency),
        state: word(&row.state),
        arrived_at: row.arrived_at.0,
        issued_on: row.issued_on.map(|day| day.to_string()),
        due_at: row.due.map(|due| due.instant().0),
        due_is_day: matches!(row.due, Some(Deadline::Day(_))),
        overdue: row.overdue,
        unsigned_copy: row.unsigned_copy,
        unread: row.unread,
        role: row.role.map(|role| word(&role)),
        files: row.files,
        sent: match row.sent {
            Sent::Settled => SentState::Settled,
            Sent::SavedHere => SentState::SavedHere,
            Sent::NeedsAttention => SentState::NeedsAttention,
        },
    }
}

fn detail_dto(detail: DocumentDetail) -> dto::DocumentDetail {
    let document = detail.document;
    dto::DocumentDetail {
        row: row_dto(detail.row),
        direction: word(&document.direction),
        signer_position: document.signer.position,
        signer_name: document.signer.full_name,
        issuer_code: document.issuer.code,
        issuer_became: Vec::new(),
        blocked_since: None,
        files: detail.files.into_iter().filter_map(file_dto).collect(),
        flow: document
            .flow
            .into_iter()
            .map(|step| DocumentFlow {
                at: step.at.0,
                who: step.who,
                state: word(&step.state),
                note: step.note,
            })
            .collect(),
        opinions: detail.opinions.into_iter().map(opinion_dto).collect(),
    }
}

/// A file without any state has nothing to show and is left out.
fn file_dto(view: FileView) -> Option<FileDto> {
    let head = view.head()?.clone();
    Some(FileDto {
        id: view.file.id.to_string(),
        name: view.file.name,
        role: word(&view.file.role),
        media_type: view.file.media_type,
        head: head.sha256.to_hex(),
        size: head.size,
        pages: view.file.pages,
        place: match view.place {
            Place::Here => FilePlace::Here,
            Place::Waiting => FilePlace::Waiting,
            Place::Quarantined => FilePlace::Quarantined,
        },
        revisions: view
            .revisions
            .into_iter()
            .map(|revision| RevisionDto {
                sha256: revision.sha256.to_hex(),
                size: revision.size,
                level: revision.level.map(|level| word(&level)),
                signed_by: revision.signed_by,
                at: revision.at.0,
                at_server: revision.ours.is_none(),
            })
            .collect(),
    })
}

/// See the command table.
///
/// # Errors
/// As [`opinion_add`]; `INVALID_REQUEST` for a place outside its page.
pub async fn note_add(desk: &Arc<Desk>, args: NoteAdd) -> Answer<OpinionDto> {
    let about = about(&args.place)?;
    let document = parse(&args.document)?;
    let note = desk
        .add_opinion(document, OpinionKind::Opinion, args.text, Some(about))
        .await?;
    Ok(opinion_dto(note))
}

/// See the command table.
///
/// # Errors
/// As [`opinion_add`].
pub async fn note_settle(desk: &Arc<Desk>, args: NoteWord) -> Answer<OpinionDto> {
    let note = parse(&args.note)?;
    note_word(desk, args, OpinionAbout::Settled { note }).await
}

/// See the command table.
///
/// # Errors
/// As [`opinion_add`].
pub async fn note_reopen(desk: &Arc<Desk>, args: NoteWord) -> Answer<OpinionDto> {
    let note = parse(&args.note)?;
    note_word(desk, args, OpinionAbout::Reopened { note }).await
}

async fn note_word(desk: &Arc<Desk>, args: NoteWord, about: OpinionAbout) -> Answer<OpinionDto> {
    let document = parse(&args.document)?;
    let word = desk
        .add_opinion(document, OpinionKind::Opinion, args.text, Some(about))
        .await?;
    Ok(opinion_dto(word))
}

/// Fractions become ten-thousandths; nothing is thinner than one of them.
fn about(place: &NotePlace) -> Answer<OpinionAbout> {
    let HitBox { x, y, w, h } = place.at;
    let whole = f32::from(OpinionAbout::WHOLE);
    // Within the page by the clamp.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    let part = |value: f32, most: u16| (value * whole).round().clamp(0.0, f32::from(most)) as u16;
    let last = OpinionAbout::WHOLE - 1;
    let (left, top) = (part(x, last), part(y, last));
    let about = OpinionAbout::Place {
        sha256: parse(&place.sha256)?,
        page: place.page,
        x: left,
        y: top,
        w: part(w, OpinionAbout::WHOLE - left).max(1),
        h: part(h, OpinionAbout::WHOLE - top).max(1),
    };
    if about.is_sound() {
        Ok(about)
    } else {
        Err(IpcError::new(ErrorCode::InvalidRequest))
    }
}

fn note_place(about: OpinionAbout) -> Option<NotePlace> {
    let OpinionAbout::Place {
        sha256,
        page,
        x,
        y,
        w,
        h,
    } = about
    else {
        return None;
    };
    let part = |value: u16| f32::from(value) / f32::from(OpinionAbout::WHOLE);
    Some(NotePlace {
        sha256: sha256.to_hex(),
        page,
        at: HitBox {
            x: part(x),
            y: part(y),
            w: part(w),
            h: part(h),
        },
    })
}

fn opinion_dto(opinion: OpinionView) -> OpinionDto {
    OpinionDto {
        id: opinion.id.to_string(),
        kind: word(&opinion.kind),
        text: opinion.text,
        author: opinion.author_name,
        written_at: opinion.written_at.0,
        received_at: opinion.received_at.map(|at| at.0),
        place: opinion.about.and_then(note_place),
        settles: match opinion.about {
            Some(OpinionAbout::Settled { note }) => Some(note.to_string()),
            Some(
                OpinionAbout::Place { .. } | OpinionAbout::Reopened { .. } | OpinionAbout::Other,
            )
            | None => None,
        },
        reopens: match opinion.about {
            Some(OpinionAbout::Reopened { note }) => Some(note.to_string()),
            Some(
                OpinionAbout::Place { .. } | OpinionAbout::Settled { .. } | OpinionAbout::Other,
            )
            | None => None,
        },
    }
}
