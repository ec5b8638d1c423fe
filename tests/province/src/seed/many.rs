//! A great many incoming letters of given sizes, for measuring transfers.

use congvan_model::{
    Direction, DocumentId, DocumentState, DocumentType, ReceiverRole, Timestamp, Urgency,
};
use congvan_protocol::{FileRole, Issuer, Signer};
use congvan_testkit::{CLERK, SplitMix};

use super::{
    FIRST_ARRIVAL, Staff,
    insert::{NewDocument, NewFile, Step, insert_document},
};
use crate::{entity, error::Result, feed, office::Office, ops::touch_document};

/// What the letters are about, by turns.
const MATTERS: &[&str] = &[
    "báo cáo tình hình sản xuất vụ Đông Xuân",
    "rà soát hộ nghèo, hộ cận nghèo năm 2026",
    "triển khai dịch vụ công trực tuyến toàn trình",
    "phòng, chống thiên tai và tìm kiếm cứu nạn",
    "quyết toán vốn đầu tư xây dựng cơ bản",
    "thực hiện chương trình xây dựng nông thôn mới",
];
/// Letters written in one transaction.
const AT_ONCE: usize = 100;

/// One letter for the leader for each size in bytes, a minute apart, the last one now. The files
/// start like a PDF and go on with bytes that no codec shrinks: they are moved, never opened.
pub(crate) fn letters(office: &Office, sizes: &[u64], seed: u64) -> Result<Vec<DocumentId>> {
    let now = office.now();
    let mut random = SplitMix::new(seed);
    let mut ids = Vec::with_capacity(sizes.len());
    for (block, some) in sizes.chunks(AT_ONCE).enumerate() {
        office.db.write(|tx| {
            let staff = Staff::load(tx)?;
            for (index, size) in some.iter().enumerate() {
                let number = block * AT_ONCE + index;
                let age = i64::try_from(sizes.len() - number).unwrap_or(0) * 60_000;
                let document = letter(staff, (number, *size), now.plus_ms(-age), &mut random);
                insert_document(tx, office, &document)?;
                ids.push(document.id);
            }
            Ok::<_, crate::ProvinceError>(())
        })?;
    }
    Ok(ids)
}

/// One more step in the story of each document: its record changes, its files do not.
pub(crate) fn amend(office: &Office, documents: &[DocumentId]) -> Result<()> {
    let now = office.now();
    office.db.write(|tx| {
        for document in documents {
            let step = Step {
                at: now,
                who: CLERK.full_name.to_owned(),
                state: DocumentState::Presented,
                note: "Đôn đốc xử lý đúng hạn".to_owned(),
            };
            entity::add_step(tx, *document, &step)?;
            let rev = entity::bump(tx, *document)?;
            let readers = entity::readers(tx, *document)?;
            feed::append(tx, touch_document(tx, *document, rev, &readers)?)?;
        }
        Ok(())
    })
}

fn letter(
    staff: Staff,
    (number, size): (usize, u64),
    at: Timestamp,
    random: &mut SplitMix,
) -> NewDocument {
    let mut bytes = b"%PDF-1.7\n".to_vec();
    let size = usize::try_from(size).unwrap_or(usize::MAX);
    while bytes.len() < size {
        bytes.extend_from_slice(&random.bits().to_le_bytes());
    }
    bytes.truncate(size.max(16));
    let topic = *random.pick(MATTERS);
    let step = |state, note: &str| Step {
        at,
        who: CLERK.full_name.to_owned(),
        state,
        note: note.to_owned(),
    };
    NewDocument {
        id: DocumentId(uuid::Uuid::now_v7()),
        direction: Direction::Incoming,
        state: DocumentState::Presented,
        notation: Some(format!("{:02}/UBND-VP", number + 1)),
        issued_on: Some(at.vietnam_date()),
        arrival_number: u32::try_from(number)
            .ok()
            .map(|number| FIRST_ARRIVAL + number),
        arrived_at: at,
        kind: DocumentType::OfficialLetter,
        issuer: Issuer {
            code: "H99.12".to_owned(),
            name: "Sở Nông nghiệp và Môi trường".to_owned(),
        },
        subject: format!("V/v {topic}, lần {}", number + 1),
        urgency: Urgency::Normal,
        due: None,
        signer: Signer {
            position: "Giám đốc".to_owned(),
            full_name: "Trần Văn Hòa".to_owned(),
        },
        files: (size > 0)
            .then(|| NewFile {
                name: format!("cong-van-{number}.pdf"),
                role: FileRole::Main,
                bytes,
                pages: None,
            })
            .into_iter()
            .collect(),
        access: vec![(staff.leader, Some(ReceiverRole::Lead), None)],
        flow: vec![
            step(DocumentState::Received, "Gửi đến"),
            step(DocumentState::Registered, "Vào sổ văn bản đến"),
            step(DocumentState::Presented, "Trình Chủ tịch UBND xã"),
        ],
    }
}
