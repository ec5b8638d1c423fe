//! A desk without a face: the real store and client, and the plainest driver there can be.

use std::{
    collections::{HashMap, HashSet, VecDeque},
    sync::{Arc, Mutex},
    time::Duration,
};

use congvan_model::{DeviceId, DocumentId, DocumentState, OpId};
use congvan_protocol::{AccountInfo, LeaseRequest, LoginRequest, SyncRequest};
use congvan_province::RunningProvince;
use congvan_remote::{Patience, RemoteClient, RemoteError, UploadJob, UploadStop};
use congvan_store::{AccountKey, ActFate, Filter, ListQuery, Page, Store, UploadState, View};
use congvan_testkit::{
    LEADER, Person, TlsIdentity,
    linkchaos::{Link, LinkFault},
};
use tempfile::TempDir;
use uuid::Uuid;

use super::{
    Episode, Signer, Target,
    acts::{self, Act, BOOK, Kind, Who},
};
use crate::support::{client_of, config_for};

/// More tries than any single fault can cost.
const TRIES: usize = 12;

/// What desks need to know of the province.
pub(crate) struct Office {
    pub(crate) tls: TlsIdentity,
    pub(crate) port: u16,
    pub(crate) ca_pem: String,
    pub(crate) signer: Signer,
}

/// Papers that nobody has acted on yet, shared by the leader's machines.
#[derive(Default)]
pub(crate) struct Papers {
    filled: bool,
    letters: VecDeque<DocumentId>,
    drafts: VecDeque<DocumentId>,
}

/// How an episode went.
pub(crate) struct Done {
    pub(crate) act: Act,
    pub(crate) struck: bool,
    pub(crate) tries: usize,
}

pub(crate) struct TestDesk {
    store: Store,
    remote: RemoteClient,
    link: Link,
    who: Who,
    papers: Arc<Mutex<Papers>>,
    /// What this desk has registered, and nothing happened to since.
    registered: VecDeque<DocumentId>,
    _dir: TempDir,
}

/// The line is sound, but a password takes a busy machine longer than this desk's patience: what is
/// tested begins behind the door.
async fn log_in(remote: &RemoteClient, request: &LoginRequest) -> AccountInfo {
    for _ in 0..20 {
        match remote.login(request).await {
            Err(RemoteError::Unreachable) => {}
            other => return other.expect("logs in"),
        }
    }
    panic!("no way in over a sound line");
}

/// Faults must be found out in a moment, but a tired test machine must not look like one.
fn patience() -> Patience {
    Patience {
        connect: Duration::from_secs(3),
        silence: Duration::from_millis(1_200),
        probe: Duration::from_secs(3),
        round: Duration::from_secs(4),
        ask: Duration::from_secs(3),
        piece: Duration::from_millis(1_500),
        events: Duration::from_secs(3),
    }
}

impl TestDesk {
    pub(crate) async fn open(
        office: &Office,
        person: &Person,
        (lane, papers): (usize, Arc<Mutex<Papers>>),
    ) -> Self {
        let link = Link::open(office.port, &office.tls).expect("a line");
        let mut config = config_for(&link.url, &office.ca_pem);
        config.patience = patience();
        let (remote, _) = client_of(&config);
        let device = DeviceId(Uuid::from_u128(0x7f3a_9c01_0000 + lane as u128));
        let request = LoginRequest {
            username: person.username.to_owned(),
            password: person.password.to_owned(),
            device,
            device_name: format!("máy {lane}"),
        };
        let account = log_in(&remote, &request).await;
        let dir = tempfile::tempdir().expect("a folder");
        let key = AccountKey::from_bytes([9; 32]);
        let (store, _) = Store::open(dir.path(), &key, acts::now()).expect("opens");
        let desk = Self {
            store,
            remote,
            link,
            who: Who {
                account: account.id,
                name: account.full_name,
                device,
            },
            papers,
            registered: VecDeque::new(),
            _dir: dir,
        };
        desk.pull().await;
        desk.fill_papers(person);
        desk
    }

    /// Everything the server has, over a sound line.
    async fn pull(&self) {
        while self.round(&[]).await.unwrap_or(true) {}
    }

    fn fill_papers(&self, person: &Person) {
        let mut papers = self.papers.lock().expect("papers");
        if papers.filled || person.username != LEADER.username {
            return;
        }
        papers.filled = true;
        let mut query = ListQuery {
            view: View::All,
            filter: Filter::default(),
            search: String::new(),
            after: None,
            skip: 0,
            limit: 500,
            now: acts::now(),
        };
        loop {
            let page = self.store.list(&query).expect("a list");
            for row in page.rows {
                if row.state == DocumentState::AwaitingSignature {
                    papers.drafts.push_back(row.id);
                } else if row.unread {
                    papers.letters.push_back(row.id);
                }
            }
            query.after = page.next;
            if query.after.is_none() {
                return;
            }
        }
    }

    async fn take_lease(&self) {
        let request = LeaseRequest {
            device: self.who.device,
            incarnation: self.store.incarnation().expect("a name"),
            want: 50,
        };
        for _ in 0..TRIES {
            if let Ok(lease) = self.remote.lease(BOOK, acts::year(), &request).await {
                self.store.take_lease(&lease, acts::now()).expect("kept");
                return;
            }
        }
        panic!("no lease");
    }

    /// Does the act, breaks the line, and goes on until the act is settled.
    pub(crate) async fn live_through(&mut self, office: &Office, episode: Episode) -> Done {
        let (op, act) = self.act(office, episode).await;
        let (method, path) = episode.target.request();
        if episode.target == Target::Ask {
            // Somebody only asks when a piece was lost.
            self.link
                .fault("PATCH", "/v1/uploads/", 0, LinkFault::LoseAnswer);
        }
        if episode.fault == LinkFault::CutHandshake {
            self.remote.reset_connections();
        }
        self.link.fault(method, path, 0, episode.fault);
        let mut tries = 0;
        let mut met = Vec::new();
        while self.is_waiting(op) {
            tries += 1;
            assert!(
                tries <= TRIES,
                "{episode:?} is not settled after {TRIES} tries: {met:?}, {:?}",
                self.link.seen().iter().rev().take(30).collect::<Vec<_>>()
            );
            if let Err(error) = self.exchange().await {
                let expected = error.is_outage() || matches!(error, RemoteError::Protocol { .. });
                assert!(expected, "{episode:?}: {error:?}");
                met.push(error);
            }
        }
        let struck = self.link.waiting() == 0;
        self.link.clear();
        let fate = self.fate(op);
        assert_eq!(fate, ActFate::Applied, "{episode:?}");
        if let (Act::Registered { document, .. }, true) = (&act, episode.kind.has_file()) {
            self.registered.push_back(*document);
        }
        Done { act, struck, tries }
    }

    async fn act(&mut self, office: &Office, episode: Episode) -> (OpId, Act) {
        let registered = match episode.kind {
            Kind::Present | Kind::Withdraw => self.registered.pop_front(),
            _ => None,
        };
        let one = || registered.expect("a registered one is left");
        let (store, who) = (&self.store, &self.who);
        match episode.kind {
            Kind::AddOpinion => acts::opinion(store, self.letter(), who, episode.seed),
            Kind::MarkRead => acts::read(store, self.letter(), who),
            Kind::LinkRevision => {
                let draft = self.papers.lock().expect("papers").drafts.pop_front();
                let draft = draft.expect("a draft is left");
                self.fetch_file(draft).await;
                acts::revision(store, draft, who, &office.signer)
            }
            Kind::Register => acts::register(store, who, (episode.seed, false)),
            Kind::RegisterLeased => {
                self.take_lease().await;
                acts::register(store, who, (episode.seed, true))
            }
            Kind::VoidNumber => {
                self.take_lease().await;
                let act = acts::void(store, who);
                (self.last(), act)
            }
            Kind::RegisterReceived => acts::register_received(store, who),
            Kind::Present => {
                let session = self.remote.session().await.expect("a session");
                let leader = session.leaders.first().expect("a leader").account;
                acts::present(store, one(), leader, who)
            }
            Kind::Withdraw => acts::withdraw(store, one(), who),
            Kind::Draft => {
                let act = acts::draft(store, who, episode.seed);
                (self.last(), act)
            }
            Kind::Handle => {
                let draft = self.papers.lock().expect("papers").drafts.pop_front();
                acts::send_back(store, draft.expect("a draft is left"), who)
            }
        }
    }

    /// The act that was recorded last.
    fn last(&self) -> OpId {
        let items = self.store.outbox_items().expect("an outbox");
        items.last().expect("waits").op
    }

    fn letter(&self) -> DocumentId {
        let mut papers = self.papers.lock().expect("papers");
        papers.letters.pop_front().expect("a letter is left")
    }

    async fn fetch_file(&self, document: DocumentId) {
        let detail = self.store.document(document, acts::now()).expect("reads");
        let detail = detail.expect("is here");
        let head = detail.files.first().and_then(|file| file.head().cloned());
        let sha256 = head.expect("a head").sha256;
        for _ in 0..TRIES {
            let mut writer = self.store.blob_resume(sha256).expect("a blob");
            let ended: Result<(), RemoteError> = async {
                let mut coming = self.remote.download(sha256, writer.written()).await?;
                while let Some(bytes) = coming.next().await? {
                    writer.write(&bytes).expect("writes");
                }
                Ok(())
            }
            .await;
            if ended.is_ok() {
                writer.finish(Some(sha256), acts::now()).expect("is whole");
                return;
            }
            writer.pause().expect("is kept");
        }
        panic!("{sha256} does not come");
    }

    fn is_waiting(&self, op: OpId) -> bool {
        let items = self.store.outbox_items().expect("an outbox");
        items.iter().any(|item| item.op == op)
    }

    fn fate(&self, op: OpId) -> ActFate {
        let acts = self.store.acts(u32::MAX).expect("acts");
        acts.into_iter()
            .find(|act| act.op.id == op)
            .expect("is listed")
            .fate
    }

    /// What a driver does once: uploads what is missing, then a round.
    async fn exchange(&self) -> Result<(), RemoteError> {
        let items = self.store.outbox_items().expect("an outbox");
        for need in items.iter().filter_map(|item| item.upload.clone()) {
            if need.done {
                continue;
            }
            let source = self.store.blob_open(need.sha256).expect("is here");
            let job = UploadJob {
                source: Arc::new(source),
                sha256: need.sha256,
                base: need.base.map(|(sha256, _)| sha256),
                resume: need.url,
            };
            let place = Mutex::new(None);
            let ended = self
                .remote
                .upload(
                    &job,
                    |step| *place.lock().expect("place") = Some(step.url),
                    UploadStop::default(),
                )
                .await;
            let state = UploadState {
                url: place.into_inner().expect("place").or(job.resume),
                done: ended.is_ok(),
            };
            self.store.set_upload(need.sha256, &state).expect("kept");
            ended?;
        }
        let ops: Vec<OpId> = items.iter().map(|item| item.op).collect();
        self.round(&ops).await.map(drop)
    }

    /// One round; whether more waits.
    async fn round(&self, send: &[OpId]) -> Result<bool, RemoteError> {
        let store = &self.store;
        let request = SyncRequest {
            device: self.who.device,
            incarnation: store.incarnation().expect("a name"),
            cursor: store.cursor().expect("a cursor"),
            settled_through: store.settled_through().expect("a number"),
            highest_seq: store.highest_seq().expect("a number"),
            audit_head: None,
            ops: store.ops(send).expect("acts"),
            given: Vec::new(),
            want: 200,
            takes: Vec::new(),
        };
        let response = self.remote.sync(&request).await?;
        let page = Page {
            sent_cursor: request.cursor.as_deref(),
            response: &response,
            now: acts::now(),
        };
        store.apply_page(page).expect("taken in");
        Ok(response.more)
    }

    /// Every receipt is the server's word for exactly its act.
    pub(crate) async fn check_receipts(&self) {
        let key = self.remote.session().await.expect("a session").receipt_key;
        let seen = self.store.verify_receipts(&key).expect("looks");
        let acts = self.store.acts(u32::MAX).expect("acts").len();
        assert_eq!((seen.good as usize, seen.bad), (acts, 0));
    }
}

/// Compares what was done with what the server has, and with what a machine sees that took no part.
pub(crate) async fn judge(province: &RunningProvince, office: &Office, acts: &[Act]) {
    let stats = province.stats().expect("figures");
    assert_eq!(
        (stats.settled_ops, stats.applied_ops),
        (acts.len() as u64, acts.len() as u64),
        "the server's op log has each act once"
    );
    let papers = Arc::new(Mutex::new(Papers::default()));
    let leader = TestDesk::open(office, &LEADER, (90, papers.clone())).await;
    let drafter = TestDesk::open(office, &congvan_testkit::OFFICIAL, (91, papers)).await;
    let seen = |desk: &TestDesk, document: DocumentId| {
        let detail = desk.store.document(document, acts::now()).expect("reads");
        detail.expect("is here")
    };
    let mut opinions: HashMap<DocumentId, Vec<String>> = HashMap::new();
    let mut numbers = HashSet::new();
    let (mut registered, mut void, mut withdrawn) = (0, 0, 0);
    for act in acts {
        match act {
            Act::Opinion { document, text } => {
                opinions.entry(*document).or_default().push(text.clone());
            }
            Act::Read { document } => {
                assert!(!seen(&leader, *document).row.unread, "was read elsewhere");
            }
            Act::Revision { document, child } => {
                let revisions = province.revisions(*document).expect("revisions");
                assert_eq!(revisions.len(), 2, "one signature, once");
                assert_eq!(revisions.last().map(|last| last.sha256), Some(*child));
            }
            Act::Registered { document, number } => {
                registered += 1;
                let revisions = province.revisions(*document).expect("revisions");
                assert_eq!(revisions.len(), 1, "the scan, once");
                if let Some(number) = number {
                    assert!(numbers.insert(*number), "number {number} twice");
                }
            }
            Act::Void { number } => {
                void += 1;
                assert!(numbers.insert(*number), "number {number} twice");
            }
            Act::Presented { document } => {
                let state = seen(&leader, *document).row.state;
                assert_eq!(state, DocumentState::Presented);
            }
            Act::Withdrawn { document } => {
                withdrawn += 1;
                let detail = leader.store.document(*document, acts::now());
                assert!(detail.expect("reads").is_none(), "nobody sees it");
            }
            Act::Drafted { document } => {
                let revisions = province.revisions(*document).expect("revisions");
                assert_eq!(revisions.len(), 1, "its version, once");
                assert_eq!(seen(&leader, *document).row.state, DocumentState::Draft);
            }
            Act::Returned { document, reason } => {
                let detail = seen(&drafter, *document);
                assert_eq!(detail.row.state, DocumentState::Draft);
                let steps = detail.document.flow.iter();
                let told = steps.filter(|step| step.note.contains(reason)).count();
                assert_eq!(told, 1, "sent back once");
            }
        }
    }
    for (document, texts) in opinions {
        let detail = leader.store.document(document, acts::now()).expect("reads");
        let mut seen: Vec<String> = detail
            .expect("is here")
            .opinions
            .into_iter()
            .map(|opinion| opinion.text)
            .filter(|text| text.starts_with("Ý kiến "))
            .collect();
        let mut texts = texts;
        seen.sort();
        texts.sort();
        assert_eq!(seen, texts, "each opinion once");
    }
    let report = province.check_numbers().expect("numbers");
    assert_eq!(report.violations, Vec::<String>::new());
    let expected = (registered - withdrawn, void + withdrawn);
    assert_eq!((report.registered, report.void), expected);
}
