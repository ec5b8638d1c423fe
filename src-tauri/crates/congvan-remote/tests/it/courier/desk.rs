//! A desk of the registry: the real store, and the plainest driver there can be.

use std::path::{Path, PathBuf};

use congvan_courier::{SealedTo, VerifyingKey};
use congvan_model::{
    ByteSource as _, DeviceId, DocumentId, DocumentType, FileId, RevisionId, Timestamp, Urgency,
};
use congvan_protocol::{
    EntityType, OpinionKind, ProblemCode, RegisteredFile, RegistrationFields, Signer, SyncRequest,
};
use congvan_province::{QuietProvince, Visitor};
use congvan_store::{
    AccountKey, ActFate, BundleOrder, CourierWatch, Delivered, Filter, ListQuery, NewOpinion,
    NewRegistration, Page, ServerOfBundles, Store, StoreError, UploadState, View,
};
use congvan_testkit::{Person, SplitMix};
use uuid::Uuid;

use crate::{
    link::Who,
    support::{pattern, sha},
};

pub(super) const PROVINCE: &str = "H99";
const BOOK: &str = "den";

pub(super) struct Desk {
    dir: PathBuf,
    pub(super) store: Store,
    pub(super) visitor: Visitor,
    pub(super) who: Who,
    pub(super) order: BundleOrder,
    pub(super) server: ServerOfBundles,
    /// Acts that were done here.
    pub(super) acts: u32,
    pub(super) registered: u32,
    pub(super) opinions: u32,
}

pub(super) fn now() -> Timestamp {
    congvan_province::Clock::system().now()
}

fn open(dir: &Path) -> Store {
    let key = AccountKey::from_bytes([9; 32]);
    Store::open(dir, &key, now()).expect("opens").0
}

impl Desk {
    pub(super) fn new(
        dir: PathBuf,
        server: &QuietProvince,
        (person, number): (&Person, u128),
    ) -> Self {
        let device = DeviceId(Uuid::from_u128(0x7f3a_9c01_0000 + number));
        let visitor = server.log_in(person.username, device).expect("logs in");
        let store = open(&dir);
        let told = store.courier_keys().expect("keys").told().expect("keys");
        server.know(visitor, &told).expect("known").expect("known");
        let (to, key) = server.courier_keys().expect("keys");
        Self {
            dir,
            store,
            visitor,
            who: Who {
                account: visitor.account(),
                name: person.full_name.to_owned(),
                device,
            },
            order: BundleOrder {
                to: SealedTo::parse(&to).expect("a key"),
                province: PROVINCE.to_owned(),
                office: "UBND xã Bình Minh Đông".to_owned(),
                device,
                resting: Vec::new(),
                room: 1 << 30,
                answer_room: 1 << 30,
                now: now(),
            },
            server: ServerOfBundles {
                province: PROVINCE.to_owned(),
                key: VerifyingKey::parse(&key).expect("a key"),
            },
            acts: 0,
            registered: 0,
            opinions: 0,
        }
    }

    /// The program dies and starts again.
    pub(super) fn restart(self) -> Self {
        let Self { dir, store, .. } = self;
        drop(store);
        Self {
            store: open(&dir),
            dir,
            ..self
        }
    }

    pub(super) fn act(&mut self, random: &mut SplitMix) {
        let documents = self.documents();
        match (random.below(3), documents.is_empty()) {
            (0, _) | (_, true) => self.register(random),
            (1, false) => self.opinion(*random.pick(&documents), random),
            _ => self.read(*random.pick(&documents)),
        }
    }

    fn documents(&self) -> Vec<DocumentId> {
        let query = ListQuery {
            view: View::IncomingAll,
            filter: Filter::default(),
            search: String::new(),
            after: None,
            skip: 0,
            limit: 20,
            now: now(),
        };
        let page = self.store.list(&query).expect("lists");
        page.rows.iter().map(|row| row.id).collect()
    }

    fn opinion(&mut self, document: DocumentId, random: &mut SplitMix) {
        let new = NewOpinion {
            document,
            kind: OpinionKind::Opinion,
            text: format!("Ý kiến {}", random.bits()),
            author: self.who.account,
            author_name: self.who.name.clone(),
            about: None,
        };
        self.store.add_opinion(&new, now()).expect("recorded");
        self.acts += 1;
        self.opinions += 1;
    }

    fn read(&mut self, document: DocumentId) {
        let marked = self.store.mark_read(document, self.who.account, now());
        self.acts += u32::from(marked.expect("recorded").is_some());
    }

    fn register(&mut self, random: &mut SplitMix) {
        let seed = usize::try_from(random.bits() % 1_000).expect("small");
        let mut scan = b"%PDF-1.7\n".to_vec();
        scan.extend(Uuid::now_v7().as_bytes());
        scan.extend(pattern(1_000 + random.below(100_000), seed));
        let sha256 = sha(&scan);
        let mut writer = self.store.blob_create().expect("a blob");
        writer.write(&scan).expect("writes");
        writer.finish(Some(sha256), now()).expect("finishes");
        self.enter((sha256, scan.len() as u64), seed);
    }

    /// Enters a paper whose scan is in the store.
    pub(super) fn enter(&mut self, (sha256, size): (congvan_model::Sha256, u64), seed: usize) {
        let new = NewRegistration {
            book: BOOK.to_owned(),
            year: u16::try_from(now().vietnam_date().year()).expect("a year"),
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
            from_lease: false,
            device: self.who.device,
            author: self.who.account,
            author_name: self.who.name.clone(),
        };
        self.store
            .register_incoming(&new, now())
            .expect("registered");
        self.acts += 1;
        self.registered += 1;
    }

    /// A round over the network; whether it left nothing waiting at the server.
    pub(super) fn round(&self, server: &QuietProvince, line: Line) -> bool {
        let items = self.store.outbox_items().expect("items");
        for need in items.iter().filter_map(|item| item.upload.as_ref()) {
            if !need.done && line.uploads {
                server
                    .upload(self.visitor, &self.bytes(need.sha256))
                    .expect("uploads");
                let state = UploadState {
                    url: None,
                    done: true,
                };
                self.store.set_upload(need.sha256, &state).expect("noted");
            }
        }
        let ids: Vec<_> = items.iter().take(100).map(|item| item.op).collect();
        let request = SyncRequest {
            device: self.who.device,
            incarnation: self.store.incarnation().expect("reads"),
            cursor: self.store.cursor().expect("reads"),
            settled_through: self.store.settled_through().expect("reads"),
            highest_seq: self.store.highest_seq().expect("reads"),
            audit_head: None,
            ops: self.store.take_ops(&ids, now()).expect("takes"),
            given: Vec::new(),
            want: 500,
            takes: vec![EntityType::Dossier],
        };
        if line.loses_request {
            return false;
        }
        let answer = server.sync(self.visitor, &request).expect("answers");
        let response = answer.expect("a desk that never went back is never told that it did");
        if line.loses_answer {
            return false;
        }
        let page = Page {
            sent_cursor: request.cursor.as_deref(),
            response: &response,
            now: now(),
        };
        self.store.apply_page(page).expect("applies");
        !response.more
    }

    pub(super) fn bytes(&self, sha256: congvan_model::Sha256) -> Vec<u8> {
        let reader = self.store.blob_open(sha256).expect("is here");
        let mut bytes = vec![0; usize::try_from(reader.len()).expect("fits")];
        reader.read_at(0, &mut bytes).expect("reads");
        bytes
    }

    pub(super) fn bundle(&self, room: u64) -> Vec<u8> {
        self.bundle_at((room, now()))
    }

    pub(super) fn bundle_at(&self, (room, now): (u64, Timestamp)) -> Vec<u8> {
        let order = BundleOrder {
            room,
            now,
            ..self.order.clone()
        };
        let watch = CourierWatch::default();
        let packed = self.store.courier_pack(&order, Vec::new(), &watch);
        packed.expect("packs").1
    }

    /// As [`Desk::bundle_at`], into a file.
    pub(super) fn bundle_file(&self, path: &Path) {
        let order = BundleOrder {
            now: now(),
            ..self.order.clone()
        };
        let file = std::io::BufWriter::new(std::fs::File::create(path).expect("a file"));
        let watch = CourierWatch::default();
        let packed = self.store.courier_pack(&order, file, &watch);
        packed.expect("packs").1.into_inner().expect("written");
    }

    /// As [`Desk::take`], out of a file.
    pub(super) fn take_file(&self, path: &Path) -> Delivered {
        let watch = CourierWatch::default();
        let open = || std::fs::File::open(path);
        let taken = self.store.courier_take(open, (&self.server, now()), &watch);
        taken.expect("an answer")
    }

    pub(super) fn take(&self, answer: &[u8]) -> Result<Delivered, StoreError> {
        let watch = CourierWatch::default();
        self.store
            .courier_take(|| Ok(answer), (&self.server, now()), &watch)
    }

    pub(super) fn unsent(&self) -> u32 {
        self.store.outbox_counts().expect("counts").0
    }

    /// Every act has ended well, with a receipt that the server's key bears out.
    pub(super) fn is_settled(&self, key: &str) {
        let acts = self.store.acts(10_000).expect("acts");
        assert_eq!(acts.len(), self.acts as usize);
        for act in &acts {
            assert_eq!(act.fate, ActFate::Applied, "{:?}", act.op);
            let receipt = self.store.check_receipt(act.op.id, key).expect("reads");
            assert_eq!(receipt, Some(true), "{:?}", act.op);
        }
    }

    /// What the desk holds is what the server says it should.
    pub(super) fn agrees(&self, server: &QuietProvince) {
        for entity in [EntityType::Document, EntityType::Opinion] {
            let theirs = server.inventory(self.visitor, entity).expect("answers");
            let ours = self.store.inventory(entity).expect("reads");
            assert_eq!(ours.differing(&theirs).expect("digests"), [0_u8; 0]);
        }
    }
}

/// What the line does to one round.
#[derive(Clone, Copy, Debug)]
pub(super) struct Line {
    pub(super) uploads: bool,
    pub(super) loses_request: bool,
    pub(super) loses_answer: bool,
}

pub(super) const SOUND: Line = Line {
    uploads: true,
    loses_request: false,
    loses_answer: false,
};

/// A refusal of the server, by its code.
pub(super) fn code(answer: Result<Vec<u8>, ProblemCode>) -> ProblemCode {
    answer.expect_err("refused")
}

fn fields(seed: usize) -> RegistrationFields {
    RegistrationFields {
        issuer_code: None,
        issuer_name: "Sở Xây dựng".to_owned(),
        notation: None,
        issued_on: None,
        kind: DocumentType::OfficialLetter,
        subject: format!("V/v kiểm tra lần {seed}"),
        urgency: Urgency::Normal,
        signer: Signer {
            position: "Giám đốc".to_owned(),
            full_name: "Lê Văn Bình".to_owned(),
        },
        due: None,
        activity: None,
    }
}
