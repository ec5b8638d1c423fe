//! The files of seeded documents.

use congvan_model::{DocumentType, Urgency};
use congvan_testkit::{
    LEADER, Letter, ScanOptions, SplitMix, Stationery, Topic, body, cached, letter_pdf,
    long_scheme_pdf, scan_pdf,
};

use super::incoming::{Form, Incoming};
use crate::{ProvinceError, error::Result, office::Office};

/// A generated file.
pub(super) struct Paper {
    pub(super) bytes: Vec<u8>,
    pub(super) pages: Option<u32>,
}

/// Bytes of the biggest scan.
const HUGE: usize = 60_000_000;

pub(super) fn incoming(
    office: &Office,
    row: &Incoming,
    (notation, issued): (&str, jiff::civil::Date),
    form: Form,
    index: usize,
) -> Result<Paper> {
    let length = match form {
        Form::Text(length) => length,
        Form::Scan(pages) => pages.div_ceil(2),
        Form::Long | Form::Huge => 2,
    };
    let mut random = SplitMix::new(index as u64 + 77);
    let to_us = vec![
        "Ủy ban nhân dân xã Bình Minh Đông".to_owned(),
        "Các phòng chuyên môn, đơn vị có liên quan".to_owned(),
    ];
    let letter = Letter {
        stationery: Stationery {
            parent: row.issuer.parent.map(str::to_owned),
            agency: row.issuer.name.replace("UBND ", "Ủy ban nhân dân\n"),
            place: row.issuer.place.to_owned(),
        },
        notation: notation.to_owned(),
        date: Some(issued),
        kind: row.kind,
        subject: row.subject.to_owned(),
        addressees: match row.kind {
            DocumentType::OfficialLetter => {
                vec!["Ủy ban nhân dân các xã, phường, đặc khu".to_owned()]
            }
            DocumentType::Submission | DocumentType::Telegram | DocumentType::Invitation => to_us,
            _ => Vec::new(),
        },
        blocks: body(row.topic, row.kind, length, &mut random),
        recipients: vec![
            "Như trên".to_owned(),
            "Chủ tịch, các Phó Chủ tịch".to_owned(),
        ],
        authority: row
            .issuer
            .authority
            .iter()
            .map(|line| (*line).to_owned())
            .collect(),
        signer: row.issuer.signer.to_owned(),
        urgency: row.urgency,
    };
    let seeding = |error: anyhow::Error| ProvinceError::Seed(format!("{error:#}"));
    match form {
        Form::Text(_) => letter_pdf(&letter).map(text).map_err(seeding),
        Form::Scan(pages) => {
            let options = ScanOptions {
                seed: index as u64,
                skew: if index.is_multiple_of(2) { 45 } else { -60 },
                pages,
                ..ScanOptions::default()
            };
            let name = format!("scan-{index}-{notation}-{issued}.pdf").replace('/', "_");
            let bytes = kept(office, &name, || scan_pdf(&letter, &options)).map_err(seeding)?;
            Ok(Paper {
                bytes,
                pages: u32::try_from(pages).ok(),
            })
        }
        Form::Long => {
            let name = format!("long-{issued}.pdf");
            let bytes = kept(office, &name, || long_scheme_pdf(&letter, 200)).map_err(seeding)?;
            Ok(Paper {
                bytes,
                pages: Some(200),
            })
        }
        Form::Huge => huge(office, &letter, &issued.to_string()).map_err(seeding),
    }
}

/// Pages whose grain no codec can shrink, as many as make 60 MB.
fn huge(office: &Office, letter: &Letter, issued: &str) -> anyhow::Result<Paper> {
    let options = ScanOptions {
        seed: 60,
        skew: 30,
        grain: 60,
        quality: 97,
        pages: HUGE_PAGES,
        dpi: 300,
    };
    let bytes = kept(office, &format!("huge-{issued}.pdf"), || {
        scan_pdf(letter, &options)
    })?;
    if bytes.len() < HUGE {
        tracing::warn!(
            bytes = bytes.len(),
            "the biggest document is smaller than it should be"
        );
    }
    Ok(Paper {
        bytes,
        pages: u32::try_from(HUGE_PAGES).ok(),
    })
}

/// Raised when the generator changes what it makes.
const CACHE_VERSION: &str = "v2";

const HUGE_PAGES: usize = 11;

fn kept(
    office: &Office,
    name: &str,
    make: impl FnOnce() -> anyhow::Result<Vec<u8>>,
) -> anyhow::Result<Vec<u8>> {
    match &office.config.cache_dir {
        Some(dir) => cached(dir, &format!("{CACHE_VERSION}-{name}"), make),
        None => make(),
    }
}

pub(super) fn draft(
    (kind, symbol): (DocumentType, &str),
    (topic, length): (Topic, usize),
    urgency: Urgency,
    subject: &str,
    index: usize,
) -> Result<Paper> {
    let addressees = match kind {
        DocumentType::OfficialLetter => vec!["Các thôn trên địa bàn xã".to_owned()],
        DocumentType::Submission => vec!["Ủy ban nhân dân tỉnh H99".to_owned()],
        DocumentType::Invitation => vec!["Lãnh đạo các phòng, đơn vị thuộc xã".to_owned()],
        _ => Vec::new(),
    };
    let letter = Letter {
        stationery: Stationery {
            parent: None,
            agency: "Ủy ban nhân dân\nxã Bình Minh Đông".to_owned(),
            place: "Xã Bình Minh Đông".to_owned(),
        },
        // The leader signs before the number exists; room is left for it.
        notation: format!("        /{symbol}"),
        date: None,
        kind,
        subject: subject.to_owned(),
        addressees,
        blocks: body(topic, kind, length, &mut SplitMix::new(index as u64 + 500)),
        recipients: vec![
            "Như trên".to_owned(),
            "TT Đảng ủy, TT HĐND xã (b/c)".to_owned(),
            "Các phòng, đơn vị".to_owned(),
        ],
        authority: vec!["TM. ỦY BAN NHÂN DÂN".to_owned(), "CHỦ TỊCH".to_owned()],
        signer: LEADER.full_name.to_owned(),
        urgency,
    };
    letter_pdf(&letter)
        .map(text)
        .map_err(|error| ProvinceError::Seed(format!("{error:#}")))
}

/// The display name of a file: kind and subject, cut at a word.
pub(super) fn file_name(kind: DocumentType, subject: &str) -> String {
    let mut name = kind.name().to_owned();
    for word in subject.split_whitespace() {
        if name.chars().count() + word.chars().count() > 60 {
            break;
        }
        name.push(' ');
        name.push_str(word);
    }
    name.push_str(".pdf");
    congvan_model::nfc(&name)
}

/// Text PDFs write their page count where a search finds it.
fn text(bytes: Vec<u8>) -> Paper {
    let marker = b"/Type /Page\n";
    let count = bytes
        .windows(marker.len())
        .filter(|window| window == marker)
        .count();
    Paper {
        bytes,
        pages: u32::try_from(count).ok().filter(|count| *count > 0),
    }
}
