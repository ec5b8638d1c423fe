//! The register that follows how incoming documents are handled (Decree 30/2020, Appendix IV) out of
//! what is on this machine, our own acts laid over it.

use congvan_model::{Deadline, DocumentId, DocumentState, ReceiverRole, Timestamp, fold};
use congvan_protocol::{Document, handling::Receiver};

use super::{BookWish, entries, passed, shown};
use crate::{
    Store,
    error::Result,
    handling::{project, waits},
};

/// A deadline is near from three days before it, as in the lists.
const NEAR_MS: i64 = 3 * 86_400_000;

/// How far a document has come, measured by its deadline.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Progress {
    /// Still to be handled, and nothing presses.
    Open,
    /// Still to be handled, within three days.
    Near,
    /// Still to be handled, and the deadline has passed.
    Overdue,
    /// Handled before its deadline, or without one.
    DoneInTime,
    /// Handled after its deadline.
    DoneLate,
}

/// A line of the register: its seven columns.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TrackingLine {
    /// The document.
    pub document: DocumentId,
    /// 1. Số đến.
    pub number: u32,
    /// 2. Tên loại, số và ký hiệu, ngày tháng, cơ quan ban hành.
    pub described: String,
    /// 3. Đơn vị, người nhận: who leads and who supports; before that before whom it is.
    pub receivers: String,
    /// 4. Thời hạn giải quyết.
    pub due: Option<Deadline>,
    /// 5. Tiến độ: the state,
    pub state: DocumentState,
    /// what the deadline makes of it,
    pub progress: Progress,
    /// and when it was done.
    pub done_at: Option<Timestamp>,
    /// 6. Số, ký hiệu văn bản trả lời.
    pub reply: String,
    /// 7. Ghi chú: what was done without an answer, the dossier.
    pub note: String,
}

/// A part of the register.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TrackingLines {
    /// By their numbers.
    pub lines: Vec<TrackingLine>,
    /// How many there are.
    pub total: usize,
}

impl Store {
    /// A part of the register that follows the handling: the documents that have their number, without
    /// those that are withdrawn.
    ///
    /// # Errors
    /// Disk errors.
    pub fn tracking_lines(&self, wish: &BookWish, now: Timestamp) -> Result<TrackingLines> {
        self.read(|db| {
            let text = fold(wish.text.trim());
            let mut lines = Vec::new();
            for (number, mut document, withdrawn) in entries(db, (&wish.book, wish.year))? {
                if withdrawn.is_some() || !is_asked_for(&document, wish) {
                    continue;
                }
                project(db, &mut document)?;
                let line = line_of(number, &document, now);
                let is_found = text.is_empty()
                    || fold(&format!("{} {}", line.described, document.subject)).contains(&text);
                if is_found && wish.progress.is_none_or(|only| only == line.progress) {
                    lines.push(line);
                }
            }
            lines.sort_by_key(|line| line.number);
            let total = lines.len();
            let part = lines.into_iter().skip(wish.offset).take(wish.limit);
            Ok(TrackingLines {
                lines: part.collect(),
                total,
            })
        })
    }
}

fn is_asked_for(document: &Document, wish: &BookWish) -> bool {
    let day = document.arrived_at.vietnam_date();
    let of = document.activity.as_ref();
    wish.from.is_none_or(|from| day >= from)
        && wish.to.is_none_or(|to| day <= to)
        && wish
            .activity
            .as_ref()
            .is_none_or(|code| of.is_some_and(|of| of.code == *code))
}

fn line_of(number: u32, document: &Document, now: Timestamp) -> TrackingLine {
    let resolution = document
        .handling
        .as_ref()
        .and_then(|handling| handling.resolution.as_ref());
    let done_at = done_at(document);
    TrackingLine {
        document: document.id,
        number,
        described: described(document),
        receivers: receivers(document),
        due: document.due,
        state: document.state,
        progress: progress(document, done_at, now),
        done_at,
        reply: resolution
            .map(|done| done.reply_title.clone())
            .unwrap_or_default(),
        note: note(document),
    }
}

/// When it was handled; none while it is not.
pub(crate) fn done_at(document: &Document) -> Option<Timestamp> {
    let handling = document.handling.as_ref();
    // When a previous system's document was resolved is not known.
    let is_imported = handling.is_some_and(|handling| handling.imported.is_some());
    if waits(document.state) || is_imported {
        return None;
    }
    let resolved = handling.and_then(|handling| handling.resolution.as_ref());
    let is_end =
        |state: DocumentState| matches!(state, DocumentState::Resolved | DocumentState::Filed);
    let step = || document.flow.iter().find(|step| is_end(step.state));
    resolved
        .map(|done| done.at)
        .or_else(|| step().map(|step| step.at))
}

fn progress(document: &Document, done_at: Option<Timestamp>, now: Timestamp) -> Progress {
    let due = document.due;
    if !waits(document.state) {
        let late = due.zip(done_at).is_some_and(|(due, at)| due.is_overdue(at));
        return if late {
            Progress::DoneLate
        } else {
            Progress::DoneInTime
        };
    }
    match due {
        Some(due) if due.is_overdue(now) => Progress::Overdue,
        Some(due) if due.is_overdue(now.plus_ms(NEAR_MS)) => Progress::Near,
        Some(_) | None => Progress::Open,
    }
}

/// Tên loại, số và ký hiệu, ngày tháng, cơ quan ban hành.
fn described(document: &Document) -> String {
    let mut said = document.kind.name().to_owned();
    let notation = shown(document.notation.as_ref());
    if !notation.is_empty() {
        said = format!("{said} số {notation}");
    }
    if let Some(day) = document.issued_on {
        let day = format!("{:02}/{:02}/{:04}", day.day(), day.month(), day.year());
        said = format!("{said} ngày {day}");
    }
    format!("{said} của {}", document.issuer.name)
}

fn receivers(document: &Document) -> String {
    let handling = document.handling.as_ref();
    let named = handling.map(|handling| handling.receivers.as_slice());
    let works = |one: &&Receiver| match one.role {
        ReceiverRole::Lead | ReceiverRole::Support => true,
        ReceiverRole::Inform => false,
    };
    let said: Vec<String> = named
        .unwrap_or_default()
        .iter()
        .filter(works)
        .map(|one| receiver(one, document.due))
        .collect();
    match said.is_empty() {
        true => passed(document).0,
        false => said.join("; "),
    }
}

/// Unit, person and part; a deadline of the person's own where it is another.
fn receiver(one: &Receiver, whole: Option<Deadline>) -> String {
    let who: Vec<&str> = [one.unit.as_str(), one.full_name.as_str()]
        .into_iter()
        .filter(|word| !word.is_empty())
        .collect();
    let part = match one.role {
        ReceiverRole::Lead => "chủ trì",
        ReceiverRole::Support => "phối hợp",
        ReceiverRole::Inform => "để biết",
    };
    let own = one.due.filter(|due| Some(*due) != whole).map(|due| {
        let day = due.instant().vietnam_date();
        format!(
            ", hạn {:02}/{:02}/{:04}",
            day.day(),
            day.month(),
            day.year()
        )
    });
    format!("{} ({part}{})", who.join(", "), own.unwrap_or_default())
}

fn note(document: &Document) -> String {
    let Some(handling) = &document.handling else {
        return String::new();
    };
    let resolved = handling.resolution.as_ref().map(|done| done.text.trim());
    let mut said: Vec<String> = resolved
        .into_iter()
        .filter(|text| !text.is_empty())
        .map(str::to_owned)
        .collect();
    if let Some(more) = &handling.extension {
        let day = more.due.instant().vietnam_date();
        said.push(format!(
            "Xin gia hạn đến {:02}/{:02}/{:04}",
            day.day(),
            day.month(),
            day.year()
        ));
    }
    if !handling.dossier.is_empty() {
        said.push(format!("Hồ sơ: {}", handling.dossier));
    }
    said.join("; ")
}
