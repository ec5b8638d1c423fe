//! Evidence from services over real HTTP, with their faults. The services are `openssl`'s.

use std::{sync::Arc, time::Duration};

use aws_lc_rs::{
    rand::SystemRandom,
    signature::{RSA_PKCS1_SHA256, RsaKeyPair},
};
use congvan_model::{ByteSource, Timestamp};
use congvan_pades::{
    Evidence, EvidencePiece, EvidenceRequest, Level, SignRequest, Status, TrustAnchors,
    certificate_standing, counts_until, prepare, standing_wanted, validate,
};
use congvan_province::Clock;
use congvan_remote::evidence::{
    Call, Circuit, Completion, CompletionError, CompletionOrder, EvidenceClient, EvidenceConfig,
    EvidenceError, Patience, ProxyChoice, QuotaUse, Tsa, complete_file,
};
use congvan_testkit::{
    LEADER, Pki, PkiServer, Service, ServiceFault, SignerKind, SigningIdentity, forms::Draft,
};
use tokio_util::sync::CancellationToken;

pub(crate) struct Office {
    pub(crate) server: PkiServer,
    pub(crate) pki: Pki,
    signer: SigningIdentity,
    now: Timestamp,
}

impl Office {
    fn open() -> Self {
        Self::naming("ca.cer")
    }

    /// With that file as the place of the issuer in the certificates.
    pub(crate) fn naming(issuer: &'static str) -> Self {
        let now = Clock::system().now();
        let server = PkiServer::start().expect("starts");
        let pki = Pki::served_naming(now, &server.url, issuer).expect("a PKI");
        let signer = pki.signer(&LEADER, SignerKind::Good).expect("a signer");
        server.install(&pki).expect("serves it");
        Self {
            server,
            pki,
            signer,
            now,
        }
    }

    fn trust(&self) -> TrustAnchors {
        TrustAnchors {
            roots: vec![self.pki.root_der()],
            intermediates: vec![self.pki.intermediate_der()],
        }
    }

    /// A document signed offline.
    pub(crate) fn signed(&self) -> Vec<u8> {
        let pdf = Draft::new().classic();
        let request = SignRequest::new(&self.signer.certificate, self.now);
        let prepared = prepare(&pdf, &request).expect("prepares");
        let key = RsaKeyPair::from_pkcs8(&self.signer.key_pkcs8).expect("a key");
        let mut value = vec![0; key.public_modulus_len()];
        let wanted = prepared.to_be_signed().signed_attributes_der.clone();
        key.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), &wanted, &mut value)
            .expect("signs");
        let signed = prepared.embed(&value).expect("embeds");
        let verified = signed.verify(&pdf, &self.trust(), self.now);
        [pdf, verified.expect("verifies").into_tail()].concat()
    }

    pub(crate) fn order(&self, pdf: &[u8], target: Level) -> CompletionOrder {
        CompletionOrder {
            source: Arc::new(pdf.to_vec()) as Arc<dyn ByteSource>,
            target,
            trust: Arc::new(self.trust()),
            tsas: vec![Tsa::new(&self.server.tsa_url())],
            known: Evidence::default(),
        }
    }

    async fn complete(
        &self,
        client: &EvidenceClient,
        pdf: &[u8],
        target: Level,
    ) -> Result<Completion, CompletionError> {
        complete_file(client, &self.order(pdf, target), &self.call()).await
    }

    pub(crate) fn call(&self) -> Call {
        Call::new(Clock::system().now(), CancellationToken::new())
    }

    /// What is to be asked about the signer's certificate, and about the authority's.
    fn wanted(&self) -> Vec<EvidenceRequest> {
        let none = Evidence::default();
        let checks = certificate_standing(&self.signer.certificate, &self.trust(), &none, self.now);
        standing_wanted(&checks.expect("a chain"))
    }

    /// Asks for a time stamp of nothing in particular.
    async fn stamp(&self, client: &EvidenceClient) -> Result<Vec<u8>, EvidenceError> {
        let tsas = [Tsa::new(&self.server.tsa_url())];
        self.stamp_of(client, &tsas).await
    }

    async fn stamp_of(
        &self,
        client: &EvidenceClient,
        tsas: &[Tsa],
    ) -> Result<Vec<u8>, EvidenceError> {
        let call = self.call();
        let answer = client.time_stamp(tsas, QUERY, &call).await;
        answer.map(|answer| answer.der)
    }
}

/// TimeStampReq over thirty-two zeros, with a nonce, asking for the certificate.
const QUERY: &[u8] = &[
    0x30, 0x43, 0x02, 0x01, 0x01, 0x30, 0x31, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65,
    0x03, 0x04, 0x02, 0x01, 0x05, 0x00, 0x04, 0x20, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x02, 0x08, 0x43, 1, 2, 3, 4, 5, 6, 7, 0x01,
    0x01, 0xff,
];

/// A client that no proxy of the machine disturbs, and that waits seconds instead of minutes.
fn client() -> EvidenceClient {
    client_with(|_| {})
}

pub(crate) fn client_with(change: impl FnOnce(&mut EvidenceConfig)) -> EvidenceClient {
    let mut config = EvidenceConfig {
        proxy: ProxyChoice::None,
        patience: Patience {
            connect: Duration::from_secs(5),
            time_stamp: Duration::from_secs(3),
            revocation: Duration::from_secs(3),
        },
        ..EvidenceConfig::default()
    };
    change(&mut config);
    EvidenceClient::new(config).expect("a client")
}

pub(crate) fn patient(config: &mut EvidenceConfig) {
    config.patience = Patience::default();
}

#[tokio::test]
async fn a_file_signed_offline_reaches_b_lt_and_stays_there() {
    let office = Office::open();
    let (client, pdf) = (client_with(patient), office.signed());
    let done = office.complete(&client, &pdf, Level::BLT).await;
    let done = done.expect("completes");
    assert_eq!((done.level, &done.shortfall), (Level::BLT, &None));
    let whole = [pdf, done.tail].concat();
    assert_eq!(done.size, whole.len() as u64);
    let later = Clock::system().now().plus_ms(60_000);
    let report = validate(&whole, &office.trust(), later).expect("reads");
    assert!(report.all_valid(), "{:?}", report.signatures);
    assert_eq!(report.signatures[0].level, Some(Level::BLT));
    // Nothing is left to do, so nothing is asked.
    let stamps = office.server.count(Service::TimeStamps);
    let again = office.complete(&client, &whole, Level::BLT).await;
    assert!(again.is_err());
    assert_eq!(office.server.count(Service::TimeStamps), stamps);
    let archived = office.complete(&client, &whole, Level::BLTA).await;
    assert_eq!(archived.expect("completes").level, Level::BLTA);
}

#[tokio::test]
async fn a_slow_authority_is_waited_for_and_a_silent_one_is_not() {
    let office = Office::open();
    let slow = ServiceFault::Slow(Duration::from_millis(300));
    office.server.fault(Service::TimeStamps, slow);
    let waits = client_with(patient);
    office.stamp(&waits).await.expect("worth the wait");
    for fault in [ServiceFault::Silent, ServiceFault::HalfAnswer] {
        office.server.fault(Service::TimeStamps, fault.clone());
        let stamp = office.stamp(&client()).await;
        assert_eq!(stamp, Err(EvidenceError::TimedOut), "{fault:?}");
    }
}

#[tokio::test]
async fn each_failure_is_named_after_who_can_mend_it() {
    let office = Office::open();
    let garbage = |what| EvidenceError::Garbage { what };
    let quota = |until| EvidenceError::Quota { until };
    let cases = [
        (ServiceFault::HangsUp, EvidenceError::Host),
        (ServiceFault::WebPage, garbage("a web page")),
        (ServiceFault::WrongType, garbage("another media type")),
        (ServiceFault::Garbage, garbage("no time stamp answer")),
        (ServiceFault::Endless, garbage("too long")),
        (
            ServiceFault::Status(407, "", None),
            EvidenceError::Proxy { status: Some(407) },
        ),
        (
            ServiceFault::Status(503, "", None),
            EvidenceError::Service { status: 503 },
        ),
        (
            ServiceFault::Status(404, "", None),
            EvidenceError::Service { status: 404 },
        ),
        (
            ServiceFault::Status(403, "forbidden", None),
            EvidenceError::Service { status: 403 },
        ),
        (
            ServiceFault::Status(403, "Daily limit exceeded", None),
            quota(None),
        ),
        (
            ServiceFault::Status(400, "Vượt quá hạn mức", None),
            quota(None),
        ),
        (ServiceFault::Status(429, "", None), quota(None)),
        (
            ServiceFault::Rejects,
            EvidenceError::Refused {
                status: 2,
                failure: None,
            },
        ),
    ];
    for (fault, error) in cases {
        office.server.fault(Service::TimeStamps, fault.clone());
        let stamp = office.stamp(&client()).await;
        assert_eq!(stamp, Err(error), "{fault:?}");
    }
    office.server.fault(Service::TimeStamps, ServiceFault::None);
    office.stamp(&client()).await.expect("is well again");
}

#[tokio::test]
async fn nobody_at_an_address_is_a_host_and_a_dead_proxy_is_a_proxy() {
    let office = Office::open();
    let gone = PkiServer::start().expect("starts").tsa_url();
    let stamp = office.stamp_of(&client(), &[Tsa::new(&gone)]).await;
    assert_eq!(stamp, Err(EvidenceError::Host));
    let behind = client_with(|config| {
        config.proxy = ProxyChoice::Explicit(gone.trim_end_matches("/tsa").to_owned());
    });
    let stamp = office.stamp(&behind).await;
    assert_eq!(stamp, Err(EvidenceError::Proxy { status: None }));
    assert_eq!(office.server.count(Service::TimeStamps), 0);
    // A proxy that lives: the server itself answers requests for anybody.
    let through = client_with(|config| {
        config.proxy = ProxyChoice::Explicit(office.server.url.clone());
    });
    let elsewhere = [Tsa::new("http://tsa.kiemthu.invalid/tsa")];
    let stamp = office.stamp_of(&through, &elsewhere).await;
    stamp.expect("through the proxy");
}

#[tokio::test]
async fn the_next_authority_is_asked_when_the_first_fails_and_the_first_rests() {
    let office = Office::open();
    let broken = PkiServer::start().expect("starts");
    broken.fault(Service::TimeStamps, ServiceFault::Status(503, "", None));
    let tsas = [
        Tsa::new(&broken.tsa_url()),
        Tsa::new(&office.server.tsa_url()),
    ];
    let client = client();
    for _ in 0..6 {
        office
            .stamp_of(&client, &tsas)
            .await
            .expect("by the second");
    }
    assert_eq!(broken.count(Service::TimeStamps), 3, "then it rests");
    assert_eq!(office.server.count(Service::TimeStamps), 6);
    let first = client
        .endpoints()
        .into_iter()
        .find(|one| one.url == broken.tsa_url())
        .expect("was asked");
    assert!(matches!(first.circuit, Circuit::Open { .. }));
    assert_eq!(
        first.last_error,
        Some(EvidenceError::Service { status: 503 })
    );
    client.reset_health();
    office
        .stamp_of(&client, &tsas)
        .await
        .expect("by the second");
    assert_eq!(broken.count(Service::TimeStamps), 4, "a person asked again");
}

#[tokio::test]
async fn retry_after_is_kept_and_no_request_is_sent_before() {
    let office = Office::open();
    let busy = ServiceFault::Status(429, "", Some(600));
    office.server.fault(Service::TimeStamps, busy);
    let client = client();
    let before = Clock::system().now();
    let Err(EvidenceError::Quota { until: Some(until) }) = office.stamp(&client).await else {
        panic!("the quota is used up");
    };
    assert!(until >= before.plus_ms(600_000));
    let second = office.stamp(&client).await;
    let Err(EvidenceError::Resting { until: Some(until) }) = second else {
        panic!("{second:?}");
    };
    assert!(until >= before.plus_ms(600_000));
    assert_eq!(office.server.count(Service::TimeStamps), 1);
}

#[tokio::test]
async fn a_quota_is_never_exceeded_and_is_kept_before_the_request_is_sent() {
    let office = Office::open();
    let kept = Arc::new(std::sync::Mutex::new(Vec::<QuotaUse>::new()));
    let keeper = kept.clone();
    let tsas = [Tsa {
        daily: Some(2),
        ..Tsa::new(&office.server.tsa_url())
    }];
    let config = |config: &mut EvidenceConfig, quota| {
        config.quota = quota;
        config.ledger = Some(Arc::new(move |uses: &[QuotaUse]| {
            *keeper.lock().expect("not poisoned") = uses.to_vec();
        }));
    };
    let client = client_with(|one| config(one, Vec::new()));
    office.stamp_of(&client, &tsas).await.expect("the first");
    let uses = kept.lock().expect("not poisoned").clone();
    assert_eq!(uses[0].used_day, 1);
    // After a restart it goes on.
    let client = client_with(|one| one.quota = uses);
    office.stamp_of(&client, &tsas).await.expect("the second");
    let third = office.stamp_of(&client, &tsas).await;
    assert!(matches!(
        third,
        Err(EvidenceError::Quota { until: Some(_) })
    ));
    assert_eq!(office.server.count(Service::TimeStamps), 2);
    // What never left does not count.
    let gone = "http://127.0.0.1:1/tsa";
    let dead = [Tsa {
        daily: Some(1),
        ..Tsa::new(gone)
    }];
    for _ in 0..3 {
        let stamp = office.stamp_of(&client, &dead).await;
        assert_eq!(stamp, Err(EvidenceError::Host));
    }
}

#[tokio::test]
async fn at_most_four_questions_are_open_at_once() {
    let office = Office::open();
    let slow = ServiceFault::Slow(Duration::from_millis(300));
    office.server.fault(Service::TimeStamps, slow);
    let client = client();
    let calls: Vec<_> = (0..12)
        .map(|number| {
            // An address of its own for each, so that no breaker holds any of them back.
            let tsa = Tsa::new(&format!("{}?{number}", office.server.tsa_url()));
            let (client, call) = (client.clone(), office.call());
            async move { client.time_stamp(&[tsa], QUERY, &call).await.err() }
        })
        .collect();
    let mut calls: tokio::task::JoinSet<_> = calls.into_iter().collect();
    while let Some(ended) = calls.join_next().await {
        ended.expect("ends");
    }
    assert_eq!(office.server.most_at_once(), 4);
}

#[tokio::test]
async fn a_call_that_is_cancelled_ends_at_once_and_blames_nobody() {
    let office = Office::open();
    office
        .server
        .fault(Service::TimeStamps, ServiceFault::Silent);
    let client = client_with(patient);
    let cancel = CancellationToken::new();
    let call = Call::new(office.now, cancel.clone());
    let tsas = [Tsa::new(&office.server.tsa_url())];
    let (stamp, ()) = tokio::join!(client.time_stamp(&tsas, QUERY, &call), async {
        while office.server.count(Service::TimeStamps) == 0 {
            tokio::task::yield_now().await;
        }
        cancel.cancel();
    });
    assert_eq!(stamp.err(), Some(EvidenceError::Cancelled));
    assert_eq!(client.endpoints()[0].circuit, Circuit::Closed);
}

#[tokio::test]
async fn a_responder_that_takes_no_post_is_asked_by_get_and_a_dead_one_replaced_by_the_list() {
    let office = Office::open();
    let wanted = office.wanted();
    let (client, call) = (client(), office.call());
    let piece = client.fetch(&wanted[0], &call).await.expect("by POST");
    assert!(matches!(piece, EvidencePiece::Ocsp(_)));
    assert!(counts_until(&piece) > Some(office.now));
    assert_eq!(office.server.count(Service::Ocsp), 1);
    office.server.fault(Service::Ocsp, ServiceFault::NoPost);
    let piece = client.fetch(&wanted[0], &call).await.expect("by GET");
    assert!(matches!(piece, EvidencePiece::Ocsp(_)));
    assert_eq!(office.server.count(Service::Ocsp), 3);
    for fault in [
        ServiceFault::Rejects,
        ServiceFault::HangsUp,
        ServiceFault::WebPage,
    ] {
        office.server.fault(Service::Ocsp, fault);
        let piece = client.fetch(&wanted[0], &call).await.expect("a list");
        assert!(matches!(piece, EvidencePiece::Crl(_)));
    }
    office.server.fault(Service::Lists, ServiceFault::Silent);
    let none = client.fetch(&wanted[0], &call).await;
    assert!(none.is_err());
}

#[tokio::test]
async fn an_authority_that_replays_an_old_stamp_is_found_out_and_the_next_is_asked() {
    let office = Office::open();
    let (client, pdf) = (client_with(patient), office.signed());
    office.stamp(&client).await.expect("to be replayed");
    office
        .server
        .fault(Service::TimeStamps, ServiceFault::Replays);
    let replayed = office.complete(&client, &pdf, Level::BT).await;
    assert!(
        matches!(replayed, Err(CompletionError::Engine(_))),
        "{replayed:?}"
    );
    client.reset_health();
    let honest = PkiServer::start().expect("starts");
    honest.install(&office.pki).expect("serves it");
    let mut order = office.order(&pdf, Level::BT);
    order.tsas.push(Tsa::new(&honest.tsa_url()));
    let done = complete_file(&client, &order, &office.call()).await;
    let done = done.expect("by the honest one");
    assert_eq!((done.level, done.tsa), (Level::BT, Some(honest.tsa_url())));
}

#[tokio::test]
async fn a_stamp_is_kept_when_revocation_cannot_be_asked_about() {
    let office = Office::open();
    let pdf = office.signed();
    office.server.fault(Service::Ocsp, ServiceFault::HangsUp);
    office.server.fault(Service::Lists, ServiceFault::HangsUp);
    let done = office.complete(&client(), &pdf, Level::BLT).await;
    let done = done.expect("the stamp is something");
    assert_eq!(done.level, Level::BT);
    let short = done.shortfall.expect("says what is missing");
    assert_eq!(short.code(), "EVIDENCE_HOST");
    let stamped = [pdf, done.tail].concat();
    office.server.fault(Service::Ocsp, ServiceFault::None);
    office.server.fault(Service::Lists, ServiceFault::None);
    let stamps = office.server.count(Service::TimeStamps);
    let client = client_with(patient);
    let done = office.complete(&client, &stamped, Level::BLT).await;
    assert_eq!(done.expect("goes on from there").level, Level::BLT);
    assert_eq!(office.server.count(Service::TimeStamps), stamps);
}

#[tokio::test]
async fn a_certificate_revoked_before_the_stamp_stops_the_completion() {
    let office = Office::open();
    let (client, pdf) = (client_with(patient), office.signed());
    let at = office.now.plus_ms(-3_600_000);
    let certificate = office.signer.fingerprint();
    office
        .server
        .revoke(&office.pki, &certificate, at)
        .expect("revokes");
    let done = office.complete(&client, &pdf, Level::BLT).await;
    let Err(CompletionError::Revoked { at: found, .. }) = done else {
        panic!("{done:?}");
    };
    assert_eq!(found.0 / 1000, at.0 / 1000);
    // One that is revoked only after the stamp is none the worse for it.
    let other = Office::open();
    let pdf = other.signed();
    let stamped = other.complete(&client, &pdf, Level::BT).await;
    let stamped = [pdf, stamped.expect("stamps").tail].concat();
    let later = Clock::system().now().plus_ms(3_600_000);
    let certificate = other.signer.fingerprint();
    other
        .server
        .revoke(&other.pki, &certificate, later)
        .expect("revokes");
    let done = other.complete(&client, &stamped, Level::BLT).await;
    let done = done.expect("completes");
    let whole = [stamped, done.tail].concat();
    let report = validate(&whole, &other.trust(), later.plus_ms(1000)).expect("reads");
    assert_eq!(report.signatures[0].status, Status::Valid);
}
