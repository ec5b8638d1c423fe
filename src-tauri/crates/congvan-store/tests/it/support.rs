//! A store in a temporary folder, and documents to put into it.

use std::path::Path;

use congvan_model::{
    AccountId, Deadline, Direction, DocumentId, DocumentState, DocumentType, FileId, OpId,
    OpinionId, ReceiverRole, RevisionId, Sha256, Timestamp, Urgency,
};
use congvan_protocol::{
    Change, ChangeKind, Document, Entity, EntityType, FileRef, FileRole, Issuer, Load, OpOutcome,
    OpResult, Opinion, OpinionKind, Revision, Signer, SyncResponse,
};
use congvan_store::{
    AccountKey, Filter, ListQuery, NewOpinion, Opened, Page, PageOutcome, Store, View,
};
use tempfile::TempDir;
use uuid::Uuid;

/// 2026-11-21 in the morning.
pub(crate) const NOW: Timestamp = Timestamp(1_795_224_600_000);
pub(crate) const ME: AccountId = AccountId(7);

pub(crate) fn key() -> AccountKey {
    AccountKey::from_bytes([7; 32])
}

pub(crate) fn open(dir: &Path) -> (Store, Opened) {
    Store::open(dir, &key(), NOW).expect("opens")
}

pub(crate) fn fresh() -> (TempDir, Store) {
    let dir = tempfile::tempdir().expect("temporary folder");
    let (store, opened) = open(dir.path());
    assert!(opened.created);
    (dir, store)
}

pub(crate) fn id(number: u128) -> DocumentId {
    DocumentId(Uuid::from_u128(number))
}

/// An incoming document, registered, ordinary, unread, without files. `number` makes ids and the
/// arrival time: higher is newer.
pub(crate) fn document(number: u128, subject: &str) -> Document {
    let minutes = i64::try_from(number).expect("small number");
    Document {
        id: id(number),
        direction: Direction::Incoming,
        state: DocumentState::Registered,
        notation: Some(format!("{number}/UBND-VX").parse().expect("notation")),
        issued_on: congvan_model::civil_date(2026, 1, 5),
        arrival_number: Some(u32::try_from(number).expect("small number")),
        registration: None,
        arrived_at: NOW.plus_ms(-1_000_000_000 + minutes * 60_000),
        kind: DocumentType::OfficialLetter,
        issuer: Issuer {
            code: "H99.05".to_owned(),
            name: "Sở Tài chính".to_owned(),
        },
        subject: subject.to_owned(),
        urgency: Urgency::Normal,
        due: None,
        activity: None,
        signer: Signer {
            position: "Giám đốc".to_owned(),
            full_name: "Trần Văn Đức".to_owned(),
        },
        role: Some(ReceiverRole::Lead),
        read_at: None,
        files: Vec::new(),
        handling: None,
        flow: Vec::new(),
    }
}

pub(crate) fn file(number: u128, sha256: Sha256, size: u64) -> FileRef {
    FileRef {
        id: FileId(Uuid::from_u128(number)),
        name: "van-ban.pdf".to_owned(),
        role: FileRole::Main,
        media_type: "application/pdf".to_owned(),
        pages: None,
        revisions: vec![Revision {
            id: RevisionId(Uuid::from_u128(number + 1_000)),
            sha256,
            size,
            parent: None,
            level: None,
            signed_by: None,
            at: NOW,
        }],
    }
}

pub(crate) fn overdue(mut document: Document) -> Document {
    document.due = Some(Deadline::Day(
        congvan_model::civil_date(2026, 11, 20).expect("day"),
    ));
    document
}

pub(crate) fn to_sign(mut document: Document) -> Document {
    document.direction = Direction::Outgoing;
    document.state = DocumentState::AwaitingSignature;
    document
}

pub(crate) fn upsert(document: Document, rev: u64) -> Change {
    Change {
        entity: EntityType::Document,
        id: document.id.0,
        rev,
        change: ChangeKind::Upsert,
        body: Some(Entity::Document(Box::new(document))),
    }
}

pub(crate) fn opinion_change(id: OpinionId, document: DocumentId, text: &str, rev: u64) -> Change {
    Change {
        entity: EntityType::Opinion,
        id: id.0,
        rev,
        change: ChangeKind::Upsert,
        body: Some(Entity::Opinion(Opinion {
            id,
            document,
            kind: OpinionKind::Opinion,
            text: text.to_owned(),
            author: ME,
            author_name: "Nguyễn Thị Ánh".to_owned(),
            written_at: NOW,
            received_at: NOW,
            about: None,
        })),
    }
}

pub(crate) fn remove(document: DocumentId, rev: u64) -> Change {
    Change {
        entity: EntityType::Document,
        id: document.0,
        rev,
        change: ChangeKind::Remove,
        body: None,
    }
}

pub(crate) fn response(cursor: &str, changes: Vec<Change>, results: Vec<OpResult>) -> SyncResponse {
    SyncResponse {
        results,
        changes,
        cursor: cursor.to_owned(),
        more: false,
        server_time: NOW,
        next_poll_s: 60,
        load: Load::Calm,
        epoch: String::new(),
        directory: None,
        standing: None,
    }
}

/// Applies a page at wherever the store stands.
pub(crate) fn pull(store: &Store, cursor: &str, changes: Vec<Change>) -> PageOutcome {
    answer(store, cursor, changes, Vec::new())
}

pub(crate) fn answer(
    store: &Store,
    cursor: &str,
    changes: Vec<Change>,
    results: Vec<OpResult>,
) -> PageOutcome {
    let sent = store.cursor().expect("cursor");
    let response = response(cursor, changes, results);
    let page = Page {
        sent_cursor: sent.as_deref(),
        response: &response,
        now: NOW,
    };
    store.apply_page(page).expect("applies")
}

pub(crate) fn result(op: OpId, outcome: OpOutcome) -> OpResult {
    OpResult {
        id: op,
        outcome,
        receipt: None,
        duplicate: false,
    }
}

pub(crate) fn opinion(document: DocumentId, text: &str) -> NewOpinion {
    NewOpinion {
        document,
        kind: OpinionKind::Opinion,
        text: text.to_owned(),
        author: ME,
        author_name: "Nguyễn Thị Ánh".to_owned(),
        about: None,
    }
}

pub(crate) fn query(view: View, search: &str) -> ListQuery {
    ListQuery {
        view,
        search: search.to_owned(),
        filter: Filter::default(),
        after: None,
        skip: 0,
        limit: 200,
        now: NOW,
    }
}

/// The ids of a list, as the small numbers they were made from.
pub(crate) fn numbers(store: &Store, view: View, search: &str) -> Vec<u128> {
    let page = store.list(&query(view, search)).expect("lists");
    page.rows.iter().map(|row| row.id.0.as_u128()).collect()
}

pub(crate) fn blob(store: &Store, bytes: &[u8]) -> Sha256 {
    let mut writer = store.blob_create().expect("creates");
    writer.write(bytes).expect("writes");
    writer.finish(None, NOW).expect("finishes").sha256
}
