//! Rows of a new document.

use congvan_model::{
    AccountId, Deadline, Direction, DocumentId, DocumentState, DocumentType, FileId, OpinionId,
    ReceiverRole, RevisionId, Timestamp, Urgency,
};
use congvan_protocol::{FileRole, FlowStep, Issuer, OpinionKind, Signer};
use rusqlite::{Transaction, params};
use uuid::Builder;

use crate::{entity, error::Result, office::Office, text::word};

pub(crate) type Step = FlowStep;

pub(crate) struct NewFile {
    pub(crate) name: String,
    pub(crate) role: FileRole,
    pub(crate) bytes: Vec<u8>,
    pub(crate) pages: Option<u32>,
}

pub(crate) struct NewDocument {
    pub(crate) id: DocumentId,
    pub(crate) direction: Direction,
    pub(crate) state: DocumentState,
    pub(crate) notation: Option<String>,
    pub(crate) issued_on: Option<jiff::civil::Date>,
    pub(crate) arrival_number: Option<u32>,
    pub(crate) arrived_at: Timestamp,
    pub(crate) kind: DocumentType,
    pub(crate) issuer: Issuer,
    pub(crate) subject: String,
    pub(crate) urgency: Urgency,
    pub(crate) due: Option<Deadline>,
    pub(crate) signer: Signer,
    pub(crate) files: Vec<NewFile>,
    pub(crate) access: Vec<(AccountId, Option<ReceiverRole>, Option<Timestamp>)>,
    pub(crate) flow: Vec<Step>,
}

/// A UUIDv7 of that instant whose random part comes from the salt: seeding is repeatable.
pub(super) fn id(at: Timestamp, salt: u64) -> DocumentId {
    let mut random = [0; 10];
    let mixed = congvan_testkit::SplitMix::new(salt).bits().to_be_bytes();
    for (to, from) in random.iter_mut().zip(mixed) {
        *to = from;
    }
    let millis = u64::try_from(at.0).unwrap_or(0);
    DocumentId(Builder::from_unix_timestamp_millis(millis, &random).into_uuid())
}

pub(crate) fn insert_document(
    tx: &Transaction<'_>,
    office: &Office,
    new: &NewDocument,
) -> Result<()> {
    tx.execute(
        "INSERT INTO document(id, direction, state, notation, issued_on, arrival_number, arrived_at,
         kind, issuer_code, issuer_name, subject, urgency, due, signer_position, signer_name, rev)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, 1)",
        params![
            new.id.0.as_bytes(),
            word(&new.direction)?,
            word(&new.state)?,
            new.notation,
            new.issued_on.map(|date| date.to_string()),
            new.arrival_number,
            new.arrived_at.0,
            word(&new.kind)?,
            new.issuer.code,
            new.issuer.name,
            new.subject,
            new.urgency.priority(),
            new.due.map(|due| serde_json::to_string(&due)).transpose()?,
            new.signer.position,
            new.signer.full_name
        ],
    )?;
    for (account, role, read_at) in &new.access {
        tx.execute(
            "INSERT INTO access(document, account, role, read_at) VALUES (?1, ?2, ?3, ?4)",
            params![
                new.id.0.as_bytes(),
                account.0,
                role.map(|role| word(&role)).transpose()?,
                read_at.map(|at| at.0)
            ],
        )?;
    }
    for (ordinal, file) in new.files.iter().enumerate() {
        insert_file(tx, office, new, ordinal, file)?;
    }
    for step in &new.flow {
        entity::add_step(tx, new.id, step)?;
    }
    let accounts: Vec<AccountId> = new.access.iter().map(|(account, ..)| *account).collect();
    super::announce(tx, new.id, &accounts)
}

fn insert_file(
    tx: &Transaction<'_>,
    office: &Office,
    new: &NewDocument,
    ordinal: usize,
    file: &NewFile,
) -> Result<()> {
    let blob = office.blobs.put(tx, &file.bytes, new.arrived_at)?;
    let derive = |part: &str| {
        Builder::from_custom_bytes(hash16(&format!("{} {part} {ordinal}", new.id))).into_uuid()
    };
    let (id, revision) = (FileId(derive("file")), RevisionId(derive("revision")));
    tx.execute(
        "INSERT INTO file(id, document, ordinal, name, role, media_type, pages)
         VALUES (?1, ?2, ?3, ?4, ?5, 'application/pdf', ?6)",
        params![
            id.0.as_bytes(),
            new.id.0.as_bytes(),
            ordinal + 1,
            file.name,
            word(&file.role)?,
            file.pages
        ],
    )?;
    tx.execute(
        "INSERT INTO revision(id, file, ordinal, sha256, at) VALUES (?1, ?2, 1, ?3, ?4)",
        params![
            revision.0.as_bytes(),
            id.0.as_bytes(),
            blob.0,
            new.arrived_at.0
        ],
    )?;
    Ok(())
}

fn hash16(text: &str) -> [u8; 16] {
    let hash = crate::keys::sha256(text.as_bytes());
    let mut half = [0; 16];
    for (to, from) in half.iter_mut().zip(hash.0) {
        *to = from;
    }
    half
}

pub(super) fn insert_opinion(
    tx: &Transaction<'_>,
    (id, document): (OpinionId, DocumentId),
    (kind, text): (OpinionKind, &str),
    (author, name): (AccountId, &str),
    at: Timestamp,
) -> Result<()> {
    tx.execute(
        "INSERT INTO opinion(id, document, kind, text, author, author_name, written_at, received_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?7)",
        params![
            id.0.as_bytes(),
            document.0.as_bytes(),
            word(&kind)?,
            text,
            author.0,
            name,
            at.0
        ],
    )?;
    Ok(())
}
