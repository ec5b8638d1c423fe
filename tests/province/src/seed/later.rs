//! Documents that tests and the demo add to a running province, and take away.

use congvan_model::{
    Deadline, Direction, DocumentId, DocumentState, DocumentType, Notation, ReceiverRole, Urgency,
};
use congvan_protocol::{
    FileRole, Issuer, Signer,
    handling::{Actor, HandlingAct},
};
use congvan_testkit::CLERK;
use rusqlite::{OptionalExtension as _, params};

use super::{
    HOUR, OWN_CODE, Staff, draft_document,
    incoming::{Form, INCOMING},
    insert::{NewDocument, NewFile, Step, insert_document},
    paper, prepared,
};
use crate::{
    ProvinceError, accounts,
    books::{self, BookKey, Entry},
    course, entity,
    error::Result,
    feed,
    office::Office,
    ops::{touch_document, touch_removed},
};

/// A new hỏa tốc document for all three accounts.
pub(crate) fn urgent_document(office: &Office) -> Result<DocumentId> {
    let row = INCOMING
        .first()
        .ok_or(ProvinceError::Stored("seed table"))?;
    let now = office.now();
    let count: u32 = office.db.read(|tx| {
        tx.query_row(
            "SELECT COUNT(*) FROM document WHERE direction = 'incoming'",
            [],
            |row| row.get(0),
        )
        .map_err(ProvinceError::from)
    })?;
    let notation = format!("{:02}/CĐ-UBND", 300 + count);
    let today = now.vietnam_date();
    let paper = paper::incoming(
        office,
        row,
        (&notation, today),
        Form::Text(1),
        count as usize,
    )?;
    office.db.write(|tx| {
        let staff = Staff::load(tx)?;
        let key = BookKey {
            agency: OWN_CODE.to_owned(),
            book: "den".to_owned(),
            year: books::year_of(now),
        };
        let mut series = books::load(tx, &key)?;
        // While the book is with a device, the document waits for its number.
        let number = series.issue().ok();
        books::save_counter(tx, &key, &series)?;
        let subject =
            "Khẩn trương sơ tán người dân khỏi khu vực nguy cơ sạt lở trước 17 giờ hôm nay";
        let step = |state, who: &str, note: &str| Step {
            at: now,
            who: who.to_owned(),
            state,
            note: note.to_owned(),
        };
        let document = NewDocument {
            id: DocumentId(uuid::Uuid::now_v7()),
            direction: Direction::Incoming,
            state: DocumentState::Presented,
            notation: Some(notation),
            issued_on: Some(today),
            arrival_number: number,
            arrived_at: now,
            kind: row.kind,
            issuer: Issuer {
                code: row.issuer.code.to_owned(),
                name: row.issuer.name.to_owned(),
            },
            subject: subject.to_owned(),
            urgency: Urgency::Express,
            due: Some(Deadline::At(now.plus_ms(3 * HOUR))),
            signer: Signer {
                position: row.issuer.position.to_owned(),
                full_name: row.issuer.signer.to_owned(),
            },
            files: vec![NewFile {
                name: paper::file_name(row.kind, subject),
                role: FileRole::Main,
                bytes: paper.bytes,
                pages: paper.pages,
            }],
            access: vec![
                (staff.clerk, None, None),
                (staff.leader, Some(ReceiverRole::Lead), None),
                (staff.official, Some(ReceiverRole::Support), None),
            ],
            flow: vec![
                step(DocumentState::Received, row.issuer.name, "Gửi đến"),
                step(
                    DocumentState::Registered,
                    CLERK.full_name,
                    "Vào sổ văn bản đến",
                ),
                step(
                    DocumentState::Presented,
                    CLERK.full_name,
                    "Trình Chủ tịch UBND xã",
                ),
            ],
        };
        insert_document(tx, office, &document)?;
        if let Some(number) = number {
            let entry = Entry {
                number,
                fence: None,
                document: document.id,
                provisional: "",
                received_at: now,
                duplicate_of: None,
                account: None,
            };
            books::enter(tx, &key, &entry, (now, false))?;
        }
        Ok(document.id)
    })
}

/// The clerk presents a registered document to the leader (trình).
pub(crate) fn present(office: &Office, document: DocumentId) -> Result<()> {
    let now = office.now();
    office.db.write(|tx| {
        let staff = Staff::load(tx)?;
        let role = serde_json::to_value(ReceiverRole::Lead)?;
        tx.execute(
            "INSERT INTO access(document, account, role) VALUES (?1, ?2, ?3)
             ON CONFLICT(document, account) DO UPDATE SET role = excluded.role",
            params![document.0.as_bytes(), staff.leader.0, role.as_str()],
        )?;
        let step = Step {
            at: now,
            who: CLERK.full_name.to_owned(),
            state: DocumentState::Presented,
            note: "Trình Chủ tịch UBND xã".to_owned(),
        };
        let rev = entity::move_to(tx, document, &step)?;
        let readers = entity::readers(tx, document)?;
        feed::append(tx, touch_document(tx, document, rev, &readers)?)
    })
}

/// A document that goes out with given bytes, in a state from initials on; with its number and a
/// file beside it where they are given.
pub(crate) fn draft(
    office: &Office,
    (subject, state): (&str, DocumentState),
    pdf: &[u8],
    beside: Option<(Option<&Notation>, &[u8])>,
) -> Result<DocumentId> {
    let now = office.now();
    office.db.write(|tx| {
        let staff = Staff::load(tx)?;
        let file = NewFile {
            name: paper::file_name(DocumentType::OfficialLetter, subject),
            role: FileRole::Main,
            bytes: pdf.to_vec(),
            pages: None,
        };
        let kind = (DocumentType::OfficialLetter, Urgency::Normal);
        let mut document = draft_document(staff, kind, subject, file, (now, 0));
        document.id = DocumentId(uuid::Uuid::now_v7());
        document.state = state;
        if let Some(last) = document.flow.last_mut() {
            last.state = state;
        }
        if let Some((notation, appendix)) = beside {
            document.notation = notation.map(ToString::to_string);
            document.issued_on = notation.map(|_| now.vietnam_date());
            document.files.push(NewFile {
                name: "Phụ lục.pdf".to_owned(),
                role: FileRole::Appendix,
                bytes: appendix.to_vec(),
                pages: None,
            });
        }
        insert_document(tx, office, &document)?;
        prepared(tx, &document, "UBND-VP")?;
        Ok(document.id)
    })
}

/// The agency has signed a document that goes out and has its number, as its clerk's token would.
pub(crate) fn seal(office: &Office, document: DocumentId) -> Result<()> {
    let now = office.now();
    office.db.write(|tx| {
        let clerk = accounts::info(tx, Staff::load(tx)?.clerk)?;
        let actor = Actor {
            account: clerk.id,
            full_name: &clerk.full_name,
            posts: &clerk.posts,
        };
        let Some(mut course) = course::load(tx, document)? else {
            return Err(ProvinceError::Stored("no such document"));
        };
        let sealed = course.apply(&HandlingAct::Seal {}, &actor, None, now);
        sealed.map_err(|_| ProvinceError::Stored("it does not wait for the agency's signature"))?;
        course::save(tx, document, &course)?;
        let rev = entity::bump(tx, document)?;
        let readers = entity::readers(tx, document)?;
        feed::append(tx, touch_document(tx, document, rev, &readers)?)
    })
}

/// Recalls a document: everyone who has it gets tombstones, and nobody can read its bytes.
pub(crate) fn recall(office: &Office, document: DocumentId) -> Result<()> {
    office.db.write(|tx| {
        let rev: Option<u64> = tx
            .query_row(
                "UPDATE document SET recalled = 1, rev = rev + 1 WHERE id = ?1 RETURNING rev",
                params![document.0.as_bytes()],
                |row| row.get(0),
            )
            .optional()?;
        match rev {
            Some(rev) => feed::append(tx, touch_removed(tx, document, rev)?),
            None => Ok(()),
        }
    })
}
