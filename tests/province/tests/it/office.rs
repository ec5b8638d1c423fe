//! What the tests share: a province, raw HTTP clients, ops, a signer.

use aws_lc_rs::{
    rand::SystemRandom,
    signature::{RSA_PKCS1_SHA256, RsaKeyPair},
};
use congvan_model::{DeviceId, DocumentId, FileId, OpId, OpinionId, RevisionId, Sha256, Timestamp};
use congvan_pades::{SignRequest, TrustAnchors, prepare};
use congvan_protocol::{
    Capacity, Change, Document, Entity, EntityType, Intent, LoginRequest, Op, OpOutcome, OpResult,
    OpinionKind, Problem, ProblemCode, SignatureLevel, SyncRequest, SyncResponse, Tokens,
    format_digest,
};
use congvan_province::{Province, ProvinceConfig, RunningProvince, Seed};
use congvan_testkit::{Person, Pki, SignerKind, SigningIdentity};
use reqwest::{Client, Method, RequestBuilder, Response, StatusCode};
use tempfile::TempDir;
use uuid::Uuid;

/// A province in a directory of its own.
pub(crate) struct Office {
    pub(crate) province: RunningProvince,
    _dir: TempDir,
}

pub(crate) fn start(seed: Seed) -> Office {
    start_with(seed, |_| {})
}

pub(crate) fn start_with(seed: Seed, change: impl FnOnce(&mut ProvinceConfig)) -> Office {
    let dir = tempfile::tempdir().expect("dir");
    let mut config = ProvinceConfig::new(dir.path().join("data"));
    config.seed = seed;
    change(&mut config);
    Office {
        province: Province::start(config).expect("province"),
        _dir: dir,
    }
}

impl Office {
    pub(crate) fn restart(self) -> Self {
        let province = self.province.restart().expect("restart");
        Self {
            province,
            _dir: self._dir,
        }
    }

    /// Stops, does something to the data, starts again on the same port.
    pub(crate) fn stopped(self, act: impl FnOnce(&ProvinceConfig)) -> Self {
        let config = self.province.stop();
        act(&config);
        Self {
            province: Province::start(config).expect("start again"),
            _dir: self._dir,
        }
    }

    pub(crate) fn client(&self) -> Client {
        client(&self.province, false)
    }

    pub(crate) async fn login(&self, person: &Person) -> Desk {
        self.login_with(person, self.client()).await
    }

    pub(crate) async fn login_with(&self, person: &Person, client: Client) -> Desk {
        let device = DeviceId(Uuid::now_v7());
        let response = login(
            &client,
            &self.province.url,
            person.username,
            person.password,
        )
        .await;
        assert_eq!(response.status(), StatusCode::OK);
        let tokens: Tokens = json(response).await;
        Desk {
            client,
            url: self.province.url.clone(),
            tokens,
            device,
            cursor: None,
            seq: 0,
            incarnation: "i1".to_owned(),
            settled: 0,
            capacity: None,
        }
    }
}

/// A client that trusts this province's authority and no other.
pub(crate) fn client(province: &RunningProvince, http1: bool) -> Client {
    let ca = reqwest::Certificate::from_pem(province.ca_pem.as_bytes()).expect("ca");
    let builder = Client::builder().tls_certs_only([ca]);
    let builder = if http1 { builder.http1_only() } else { builder };
    builder.build().expect("client")
}

pub(crate) async fn login(client: &Client, url: &str, name: &str, password: &str) -> Response {
    let request = LoginRequest {
        username: name.to_owned(),
        password: password.to_owned(),
        device: DeviceId(Uuid::now_v7()),
        device_name: "máy kiểm thử".to_owned(),
    };
    client
        .post(format!("{url}/v1/auth/login"))
        .json(&request)
        .send()
        .await
        .expect("login")
}

pub(crate) async fn json<T: serde::de::DeserializeOwned>(response: Response) -> T {
    let bytes = response.bytes().await.expect("body");
    serde_json::from_slice(&bytes)
        .unwrap_or_else(|error| panic!("{error}: {}", String::from_utf8_lossy(&bytes)))
}

pub(crate) async fn problem(response: Response) -> (StatusCode, ProblemCode) {
    let status = response.status();
    let kind = response.headers().get("content-type").cloned();
    assert_eq!(kind.expect("content type"), "application/problem+json");
    let problem: Problem = json(response).await;
    assert_eq!(problem.status, status.as_u16());
    (status, problem.code)
}

/// A person at a machine, with no more wits than the wire needs.
pub(crate) struct Desk {
    pub(crate) client: Client,
    pub(crate) url: String,
    pub(crate) tokens: Tokens,
    pub(crate) device: DeviceId,
    pub(crate) cursor: Option<String>,
    pub(crate) seq: u64,
    pub(crate) incarnation: String,
    pub(crate) settled: u64,
    /// What its ops name.
    pub(crate) capacity: Option<Capacity>,
}

impl Desk {
    pub(crate) fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.client
            .request(method, format!("{}{path}", self.url))
            .bearer_auth(&self.tokens.access_token)
    }

    pub(crate) fn op(&mut self, lane: DocumentId, intent: Intent) -> Op {
        self.seq += 1;
        Op {
            id: OpId(Uuid::now_v7()),
            local_seq: self.seq,
            lane,
            base_rev: 1,
            at: Timestamp(1_795_226_400_000),
            intent,
            capacity: self.capacity.clone(),
        }
    }

    pub(crate) fn body(&self, ops: Vec<Op>) -> SyncRequest {
        SyncRequest {
            device: self.device,
            incarnation: self.incarnation.clone(),
            cursor: self.cursor.clone(),
            settled_through: self.settled,
            highest_seq: self.seq,
            audit_head: None,
            ops,
            given: Vec::new(),
            want: 200,
            takes: vec![EntityType::Dossier, EntityType::Task, EntityType::Calendar],
        }
    }

    pub(crate) async fn try_sync(&self, ops: Vec<Op>) -> reqwest::Result<Response> {
        self.request(Method::POST, "/v1/sync")
            .json(&self.body(ops))
            .send()
            .await
    }

    /// One round trip; takes the cursor.
    pub(crate) async fn sync(&mut self, ops: Vec<Op>) -> SyncResponse {
        let response = self.try_sync(ops).await.expect("sync");
        assert_eq!(response.status(), StatusCode::OK);
        let answer: SyncResponse = json(response).await;
        self.cursor = Some(answer.cursor.clone());
        answer
    }

    /// One op; its result.
    pub(crate) async fn settle(&mut self, op: &Op) -> OpResult {
        let mut answer = self.sync(vec![op.clone()]).await;
        answer.results.remove(0)
    }

    /// Everything that waits.
    pub(crate) async fn pull(&mut self) -> Vec<Change> {
        let mut all = Vec::new();
        loop {
            let answer = self.sync(Vec::new()).await;
            all.extend(answer.changes);
            if !answer.more {
                return all;
            }
        }
    }

    pub(crate) async fn documents(&mut self) -> Vec<Document> {
        documents(self.pull().await)
    }

    pub(crate) async fn get_blob(&self, blob: &Sha256) -> Response {
        self.request(Method::GET, &format!("/v1/blobs/{blob}"))
            .send()
            .await
            .expect("blob")
    }

    /// Starts an upload.
    pub(crate) fn create(&self, bytes: &[u8], base: Option<Sha256>) -> RequestBuilder {
        let mut request = self
            .request(Method::POST, "/v1/uploads")
            .header("upload-draft-interop-version", "8")
            .header("upload-complete", "?0")
            .header("upload-length", bytes.len())
            .header("repr-digest", format_digest(&sha256(bytes)));
        if let Some(base) = base {
            request = request.header("base-digest", format_digest(&base));
        }
        request
    }

    pub(crate) fn patch(&self, at: &str, offset: u64, body: Vec<u8>, last: bool) -> RequestBuilder {
        self.request(Method::PATCH, at)
            .header("content-type", "application/partial-upload")
            .header("upload-offset", offset)
            .header("upload-complete", if last { "?1" } else { "?0" })
            .body(body)
    }

    pub(crate) async fn offset(&self, at: &str) -> u64 {
        let response = self.request(Method::HEAD, at).send().await.expect("head");
        assert_eq!(response.status(), StatusCode::NO_CONTENT);
        header(&response, "upload-offset").parse().expect("offset")
    }

    /// Uploads without any trouble.
    pub(crate) async fn upload(&self, bytes: &[u8], base: Option<Sha256>) -> String {
        let created = self.create(bytes, base).send().await.expect("create");
        assert_eq!(created.status(), StatusCode::CREATED);
        let at = header(&created, "location");
        let offset: u64 = header(&created, "upload-offset").parse().expect("offset");
        if header(&created, "upload-complete") == "?0" {
            let rest = bytes[usize::try_from(offset).expect("offset")..].to_vec();
            let response = self
                .patch(&at, offset, rest, true)
                .send()
                .await
                .expect("patch");
            assert_eq!(response.status(), StatusCode::NO_CONTENT);
            assert_eq!(header(&response, "upload-complete"), "?1");
        }
        at
    }
}

pub(crate) fn documents(changes: Vec<Change>) -> Vec<Document> {
    changes
        .into_iter()
        .filter_map(|change| match change.body {
            Some(Entity::Document(document)) => Some(*document),
            Some(
                Entity::Opinion(_) | Entity::Dossier(_) | Entity::Task(_) | Entity::Calendar(_),
            )
            | None => None,
        })
        .collect()
}

pub(crate) fn header(response: &Response, name: &str) -> String {
    let value = response.headers().get(name);
    value
        .unwrap_or_else(|| panic!("no {name}"))
        .to_str()
        .expect("text")
        .to_owned()
}

pub(crate) fn sha256(bytes: &[u8]) -> Sha256 {
    let digest = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, bytes);
    Sha256(digest.as_ref().try_into().expect("32 bytes"))
}

/// Bytes that no codec shrinks, the same for the same seed.
pub(crate) fn noise(length: usize, seed: u64) -> Vec<u8> {
    let mut random = congvan_testkit::SplitMix::new(seed);
    (0..length.div_ceil(8))
        .flat_map(|_| random.bits().to_le_bytes())
        .take(length)
        .collect()
}

pub(crate) fn opinion(text: &str) -> Intent {
    Intent::AddOpinion {
        opinion: OpinionId(Uuid::now_v7()),
        opinion_kind: OpinionKind::Opinion,
        text: text.to_owned(),
        about: None,
    }
}

pub(crate) fn applied(result: &OpResult) -> bool {
    match result.outcome {
        OpOutcome::Applied { .. } | OpOutcome::TakenIn { .. } => true,
        OpOutcome::Conflict { .. }
        | OpOutcome::Rejected { .. }
        | OpOutcome::AlreadySettled {}
        | OpOutcome::Blocked { .. }
        | OpOutcome::Deferred { .. } => false,
    }
}

pub(crate) fn code(result: &OpResult) -> Option<ProblemCode> {
    match &result.outcome {
        OpOutcome::Conflict { code, .. } | OpOutcome::Rejected { code, .. } => Some(*code),
        OpOutcome::Applied { .. }
        | OpOutcome::TakenIn { .. }
        | OpOutcome::AlreadySettled {}
        | OpOutcome::Blocked { .. }
        | OpOutcome::Deferred { .. } => None,
    }
}

/// A PKI with the leader's certificate, and a province that trusts it.
pub(crate) struct Signing {
    pub(crate) pki: Pki,
    pub(crate) leader: SigningIdentity,
}

pub(crate) fn start_signing() -> (Office, Signing) {
    let now = congvan_province::Clock::system().now();
    let pki = Pki::new(now).expect("pki");
    let leader = pki
        .signer(&congvan_testkit::LEADER, SignerKind::Good)
        .expect("signer");
    let office = start_with(Seed::Few, |config| {
        config.trust = vec![pki.root_der(), pki.intermediate_der()];
        config.signers = vec![("lanhdao".to_owned(), leader.certificate.clone())];
    });
    (office, Signing { pki, leader })
}

/// The file with a signature added, as the desk makes it. The stages refuse to give out what they
/// do not trust, so the signer's own authorities may be named.
pub(crate) fn sign(
    pdf: &[u8],
    identity: &SigningIdentity,
    roots: Vec<Vec<u8>>,
    intermediates: Vec<Vec<u8>>,
    now: Timestamp,
) -> Vec<u8> {
    let source = pdf.to_vec();
    let request = SignRequest::new(&identity.certificate, now);
    let prepared = prepare(&source, &request).expect("prepare");
    let key = RsaKeyPair::from_pkcs8(&identity.key_pkcs8).expect("key");
    let mut raw = vec![0; key.public_modulus_len()];
    let message = prepared.to_be_signed().signed_attributes_der;
    key.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), &message, &mut raw)
        .expect("sign");
    let trust = TrustAnchors {
        roots,
        intermediates,
    };
    let verified = prepared
        .embed(&raw)
        .expect("embed")
        .verify(&source, &trust, now);
    let mut signed = source.clone();
    signed.extend(verified.expect("verify").tail());
    signed
}

pub(crate) struct Child {
    pub(crate) document: DocumentId,
    pub(crate) file: FileId,
    pub(crate) parent: Sha256,
    pub(crate) bytes: Vec<u8>,
    pub(crate) certificate: Sha256,
}

impl Child {
    pub(crate) fn intent(&self) -> Intent {
        Intent::LinkRevision {
            file: self.file,
            revision: RevisionId(Uuid::now_v7()),
            parent: self.parent,
            child: sha256(&self.bytes),
            size: self.bytes.len() as u64,
            level: SignatureLevel::BB,
            certificate: self.certificate,
        }
    }
}
