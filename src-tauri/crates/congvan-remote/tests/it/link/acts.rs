//! The acts of a person, as the store records them.

use congvan_model::{
    AccountId, DocumentId, DocumentType, FileId, OpId, RevisionId, Timestamp, Urgency,
};
use congvan_pades::{SignRequest, TrustAnchors, prepare};
use congvan_protocol::{
    OpinionKind, RegisteredFile, RegistrationFields, SignatureLevel,
    handling::{DraftFields, HandlingAct},
};
use congvan_store::{DraftFile, NewOpinion, NewReceived, NewRegistration, NewRevision, Store};
use uuid::Uuid;

use super::Signer;
use crate::support::{pattern, sha};

/// What a person can want.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    AddOpinion,
    MarkRead,
    LinkRevision,
    /// The server gives the number.
    Register,
    /// The number comes out of a lease.
    RegisterLeased,
    VoidNumber,
    /// What came over the axis is entered; the server gives the number.
    RegisterReceived,
    Present,
    /// A registration is withdrawn; its number becomes void.
    Withdraw,
    Draft,
    /// An act on a document: the leader sends a draft back.
    Handle,
}

pub(crate) const KINDS: [Kind; 11] = [
    Kind::AddOpinion,
    Kind::MarkRead,
    Kind::LinkRevision,
    Kind::Register,
    Kind::RegisterLeased,
    Kind::VoidNumber,
    Kind::RegisterReceived,
    Kind::Present,
    Kind::Withdraw,
    Kind::Draft,
    Kind::Handle,
];

impl Kind {
    pub(crate) fn has_file(self) -> bool {
        match self {
            Self::LinkRevision | Self::Register | Self::RegisterLeased | Self::Draft => true,
            Self::AddOpinion
            | Self::MarkRead
            | Self::VoidNumber
            | Self::RegisterReceived
            | Self::Present
            | Self::Withdraw
            | Self::Handle => false,
        }
    }

    pub(crate) fn is_clerks(self) -> bool {
        match self {
            Self::Register
            | Self::RegisterLeased
            | Self::VoidNumber
            | Self::RegisterReceived
            | Self::Present
            | Self::Withdraw => true,
            Self::AddOpinion | Self::MarkRead | Self::LinkRevision | Self::Draft | Self::Handle => {
                false
            }
        }
    }

    /// The order of a clerk's acts: while the desk holds the lease the server gives no number in
    /// that book, and what is presented or withdrawn was registered before.
    pub(crate) fn turn(self) -> u8 {
        match self {
            Self::Register | Self::RegisterReceived => 0,
            Self::Present => 1,
            Self::RegisterLeased | Self::VoidNumber => 2,
            Self::Withdraw => 3,
            Self::AddOpinion | Self::MarkRead | Self::LinkRevision | Self::Draft | Self::Handle => {
                4
            }
        }
    }
}

/// An act that was done, for the comparison with the server.
#[derive(Clone, Debug)]
pub(crate) enum Act {
    Opinion {
        document: DocumentId,
        text: String,
    },
    Read {
        document: DocumentId,
    },
    Revision {
        document: DocumentId,
        child: congvan_model::Sha256,
    },
    Registered {
        document: DocumentId,
        number: Option<u32>,
    },
    Void {
        number: u32,
    },
    Presented {
        document: DocumentId,
    },
    Withdrawn {
        document: DocumentId,
    },
    Drafted {
        document: DocumentId,
    },
    Returned {
        document: DocumentId,
        reason: String,
    },
}

/// Who acts.
#[derive(Clone)]
pub(crate) struct Who {
    pub(crate) account: AccountId,
    pub(crate) name: String,
    pub(crate) device: congvan_model::DeviceId,
}

pub(crate) const BOOK: &str = "den";

pub(crate) fn opinion(store: &Store, document: DocumentId, who: &Who, seed: u64) -> (OpId, Act) {
    let text = format!("Ý kiến {seed} {}", Uuid::now_v7());
    let new = NewOpinion {
        document,
        kind: OpinionKind::Opinion,
        text: text.clone(),
        author: who.account,
        author_name: who.name.clone(),
        about: None,
    };
    let recorded = store.add_opinion(&new, now()).expect("recorded");
    (recorded.op, Act::Opinion { document, text })
}

pub(crate) fn read(store: &Store, document: DocumentId, who: &Who) -> (OpId, Act) {
    let recorded = store
        .mark_read(document, who.account, now())
        .expect("recorded")
        .expect("was unread");
    (recorded.op, Act::Read { document })
}

/// Signs the head of the document's file, whose bytes are in the store.
pub(crate) fn revision(
    store: &Store,
    document: DocumentId,
    who: &Who,
    signer: &Signer,
) -> (OpId, Act) {
    let detail = store
        .document(document, now())
        .expect("reads")
        .expect("is here");
    let file = detail.files.first().expect("a file");
    let parent = file.head().expect("a head").sha256;
    let reader = store.blob_open(parent).expect("is here");
    let mut bytes =
        vec![0; usize::try_from(congvan_model::ByteSource::len(&reader)).expect("fits")];
    congvan_model::ByteSource::read_at(&reader, 0, &mut bytes).expect("reads");
    let tail = signature(&bytes, signer);
    // What signing again costs on the line, however large the file is.
    assert!(tail.len() <= 64 * 1024, "a tail of {} bytes", tail.len());
    let child = store.blob_extend(parent, &tail, now()).expect("extends");
    let new = NewRevision {
        document,
        file: file.file.id,
        parent,
        child: child.sha256,
        size: child.size,
        level: SignatureLevel::BB,
        certificate: signer.leader.fingerprint(),
        author: who.account,
        author_name: who.name.clone(),
    };
    let recorded = store.link_revision(&new, now()).expect("recorded");
    let act = Act::Revision {
        document,
        child: child.sha256,
    };
    (recorded.op, act)
}

fn signature(pdf: &[u8], signer: &Signer) -> Vec<u8> {
    use aws_lc_rs::{
        rand::SystemRandom,
        signature::{RSA_PKCS1_SHA256, RsaKeyPair},
    };
    let source = pdf.to_vec();
    let request = SignRequest::new(&signer.leader.certificate, now());
    let prepared = prepare(&source, &request).expect("prepares");
    let key = RsaKeyPair::from_pkcs8(&signer.leader.key_pkcs8).expect("a key");
    let mut raw = vec![0; key.public_modulus_len()];
    let message = prepared.to_be_signed().signed_attributes_der;
    key.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), &message, &mut raw)
        .expect("signs");
    let trust = TrustAnchors {
        roots: vec![signer.pki.root_der()],
        intermediates: vec![signer.pki.intermediate_der()],
    };
    let verified = prepared
        .embed(&raw)
        .expect("embeds")
        .verify(&source, &trust, now());
    verified.expect("verifies").tail().to_vec()
}

/// Bytes that nobody has seen before, in the store.
fn paper(store: &Store, seed: u64) -> (congvan_model::Sha256, u64) {
    let mut scan = b"%PDF-1.7\n".to_vec();
    scan.extend(Uuid::now_v7().as_bytes());
    scan.extend(pattern(40_000, usize::try_from(seed).expect("small")));
    let sha256 = sha(&scan);
    let mut writer = store.blob_create().expect("a blob");
    writer.write(&scan).expect("writes");
    writer.finish(Some(sha256), now()).expect("finishes");
    (sha256, scan.len() as u64)
}

pub(crate) fn register(store: &Store, who: &Who, (seed, from_lease): (u64, bool)) -> (OpId, Act) {
    let (sha256, size) = paper(store, seed);
    let registered = store
        .register_incoming(
            &NewRegistration {
                book: BOOK.to_owned(),
                year: year(),
                received_at: now(),
                fields: fields(seed),
                file: RegisteredFile {
                    file: FileId(Uuid::now_v7()),
                    revision: RevisionId(Uuid::now_v7()),
                    sha256,
                    size,
                    name: "bản quét.pdf".to_owned(),
                    pages: Some(1),
                },
                from_lease,
                device: who.device,
                author: who.account,
                author_name: who.name.clone(),
            },
            now(),
        )
        .expect("registered");
    let act = Act::Registered {
        document: registered.document,
        number: registered.number,
    };
    (registered.op, act)
}

fn fields(seed: u64) -> RegistrationFields {
    RegistrationFields {
        issuer_code: None,
        issuer_name: "Sở Xây dựng".to_owned(),
        notation: None,
        issued_on: None,
        kind: DocumentType::OfficialLetter,
        subject: format!("V/v kiểm tra lần {seed}"),
        urgency: Urgency::Normal,
        signer: congvan_protocol::Signer {
            position: "Giám đốc".to_owned(),
            full_name: "Lê Văn Bình".to_owned(),
        },
        due: None,
        activity: None,
    }
}

pub(crate) fn register_received(store: &Store, who: &Who) -> (OpId, Act) {
    let waiting = store.received(now(), 1).expect("a list").waiting;
    let document = waiting.first().expect("one is left").document;
    let new = NewReceived {
        document,
        book: BOOK.to_owned(),
        year: year(),
        received_at: now(),
        present_to: None,
        from_lease: false,
        device: who.device,
        author: who.account,
        author_name: who.name.clone(),
    };
    let registered = store.register_received(&new, now()).expect("registered");
    let act = Act::Registered {
        document,
        number: registered.number,
    };
    (registered.op, act)
}

pub(crate) fn present(
    store: &Store,
    document: DocumentId,
    to: AccountId,
    who: &Who,
) -> (OpId, Act) {
    let author = (who.account, who.name.as_str());
    let recorded = store.present_document(document, to, author, now());
    (recorded.expect("recorded").op, Act::Presented { document })
}

pub(crate) fn withdraw(store: &Store, document: DocumentId, who: &Who) -> (OpId, Act) {
    let author = (who.account, who.name.as_str());
    let recorded = store.withdraw_registration(document, "Vào sổ nhầm", author, now());
    (recorded.expect("recorded").op, Act::Withdrawn { document })
}

pub(crate) fn draft(store: &Store, who: &Who, seed: u64) -> Act {
    let (sha256, size) = paper(store, seed);
    let fields = DraftFields {
        kind: DocumentType::Decision,
        symbol: "QĐ-UBND".to_owned(),
        subject: format!("Quyết định lần {seed}"),
        urgency: Urgency::Normal,
    };
    let file = DraftFile {
        sha256,
        size,
        name: "dự thảo.pdf".to_owned(),
        pages: Some(1),
    };
    let author = (who.account, who.name.as_str());
    let document = store.draft_document(fields, file, author, now());
    Act::Drafted {
        document: document.expect("recorded"),
    }
}

pub(crate) fn send_back(store: &Store, document: DocumentId, who: &Who) -> (OpId, Act) {
    let reason = format!("Sửa lại {}", Uuid::now_v7());
    let act = HandlingAct::Return {
        reason: reason.clone(),
    };
    let author = (who.account, who.name.as_str());
    let recorded = store.handle(document, act, author, now());
    (
        recorded.expect("recorded").op,
        Act::Returned { document, reason },
    )
}

pub(crate) fn void(store: &Store, who: &Who) -> Act {
    let author = (who.account, who.name.as_str());
    let number = store
        .void_next_number((BOOK, year()), "dấu bị nhòe", author, now())
        .expect("recorded");
    Act::Void { number }
}

pub(crate) fn now() -> Timestamp {
    congvan_province::Clock::system().now()
}

pub(crate) fn year() -> u16 {
    u16::try_from(now().vietnam().year()).expect("a year")
}
