//! Signed offline, completed when the network answers: without the token and without a PIN.

use std::time::Duration;

use congvan_model::Timestamp;
use congvan_pades::{Level, TrustAnchors, validate};
use congvan_protocol::TimeStampingAuthority;
use congvan_province::{Clock, ProvinceConfig};
use congvan_testkit::{
    LEADER, Person, Pki, PkiServer, Service, ServiceFault, SignerKind, pyhanko_offline,
};
use serde_json::{Value, json};

use crate::{face::Face, host::Host, keyring::Keyring, office::Office, tray::in_state};

/// An office whose PKI has services.
pub(crate) struct Stage {
    pub(crate) office: Office,
    server: PkiServer,
    pki: Pki,
}

const ALL: [Service; 3] = [Service::TimeStamps, Service::Ocsp, Service::Lists];

impl Stage {
    pub(crate) fn open(change: impl FnOnce(&mut ProvinceConfig)) -> Self {
        Self::open_for(&LEADER, change)
    }

    /// Where the token is that person's.
    pub(crate) fn open_for(person: &Person, change: impl FnOnce(&mut ProvinceConfig)) -> Self {
        let server = PkiServer::start().unwrap();
        let pki = Pki::served(Clock::system().now(), &server.url).unwrap();
        let identity = pki.signer(person, SignerKind::Good).unwrap();
        let office = Office::open_for(&pki, (person, identity), |config| {
            config.next_poll_s = 1;
            config.completion.time_stamping = vec![TimeStampingAuthority {
                url: server.tsa_url(),
                daily_quota: None,
                monthly_quota: None,
            }];
            change(config);
        });
        server.install(&pki).unwrap();
        Self {
            office,
            server,
            pki,
        }
    }

    pub(crate) fn all(&self, fault: &ServiceFault) {
        for service in ALL {
            self.server.fault(service, fault.clone());
        }
    }

    /// What the server holds of a document at last, judged with the network off.
    fn check_at_server(&self, document: &str) -> Vec<u8> {
        let states = self.office.revisions(document);
        assert_eq!(states.len(), 3, "draft, signature, one completion");
        let bytes = self.office.blob(&states[2].sha256.to_hex());
        let trust = TrustAnchors {
            roots: vec![self.pki.root_der()],
            intermediates: vec![self.pki.intermediate_der()],
        };
        let later = Clock::system().now().plus_ms(60_000);
        let report = validate(&bytes, &trust, later).unwrap();
        assert!(report.all_valid(), "{:?}", report.signatures);
        assert_eq!(report.signatures[0].level, Some(Level::BLT));
        bytes
    }

    /// The same by somebody else's program, which knows the root alone.
    fn judge_at_server(&self, document: &str) {
        let bytes = self.check_at_server(document);
        let later = Clock::system().now().plus_ms(60_000);
        let verdict = pyhanko_offline(&self.pki.root_pem(), later, &bytes).unwrap();
        assert_eq!(verdict["indication"], "PASSED", "{verdict}");
    }
}

impl Face {
    async fn completions(&self) -> Vec<Value> {
        let list = self.ask("completion_list", json!({})).await;
        list["entries"].as_array().unwrap().clone()
    }

    /// Waits until no more than so many are left; patience is for each of them, not for all.
    pub(crate) async fn completed_down_to(&self, left: usize) {
        let mut now = self.completions().await.len();
        while now > left {
            now = self
                .until("one more is complete", async |desk| {
                    let found = desk.completions().await.len();
                    (found < now).then_some(found)
                })
                .await;
        }
    }

    pub(crate) async fn try_again(&self) {
        self.ask("completion_retry", json!({ "file": null })).await;
    }

    pub(crate) async fn draft(&self) -> String {
        let rows = self.rows("to_sign", "").await;
        rows[0]["id"].as_str().unwrap().to_owned()
    }
}

#[tokio::test]
async fn a_batch_signed_while_every_authority_is_down_reaches_b_lt_with_no_pin_asked_again() {
    const DOCUMENTS: usize = 50;
    let stage = Stage::open(|config| config.drafts = Some(DOCUMENTS));
    stage.all(&ServiceFault::HangsUp);
    let office = &stage.office;
    let desk = office.leader().await;
    assert_eq!(desk.read_and_mark_all().await, DOCUMENTS);
    let report = desk.sign_marked(office.pin()).await;
    let signed = in_state(&report, "SIGNED");
    assert_eq!(signed.len(), DOCUMENTS, "{report}");
    // Down: every one was tried or held back, and none was lost or asked for a PIN.
    desk.until("all were tried", async |desk| {
        let entries = desk.completions().await;
        let tried = entries.iter().filter(|entry| !entry["code"].is_null());
        (tried.count() == DOCUMENTS).then_some(())
    })
    .await;
    assert!(
        stage.server.count(Service::TimeStamps) < 10,
        "a dead authority is left alone"
    );
    // Slow: the first come through.
    stage.all(&ServiceFault::None);
    let slow = ServiceFault::Slow(Duration::from_secs(2));
    stage.server.fault(Service::TimeStamps, slow);
    desk.try_again().await;
    desk.completed_down_to(DOCUMENTS - 4).await;
    assert!(stage.server.most_at_once() <= 4);
    // Up: all of them.
    stage.all(&ServiceFault::None);
    desk.completed_down_to(0).await;
    assert_eq!(office.card_calls("C_Login"), 1);
    assert_eq!(office.card_calls("C_Sign"), DOCUMENTS);
    desk.everything_sent().await;
    stage.all(&ServiceFault::HangsUp);
    for document in &signed {
        stage.check_at_server(document);
    }
    // A second or two each: a few of them, the first and the last to come through among them.
    for document in [&signed[0], &signed[DOCUMENTS / 2], &signed[DOCUMENTS - 1]] {
        stage.judge_at_server(document);
    }
    assert!(desk.acts("conflict").await.is_empty());
    assert!(desk.acts("rejected").await.is_empty());
}

#[tokio::test]
async fn a_desk_killed_while_completing_makes_no_completion_twice() {
    let stage = Stage::open(|_| {});
    stage.all(&ServiceFault::HangsUp);
    let office = &stage.office;
    let keyring = Keyring::open(office);
    let host = Host::start(office, &keyring);
    host.face.log_in(&LEADER).await.unwrap();
    host.face.everything_pulled().await;
    let document = host.face.draft().await;
    host.face.sign(&document, office.pin()).await.unwrap();
    host.kill();
    stage.all(&ServiceFault::None);
    let steps = [
        ("blob.published:1", 2),
        ("completion.before-commit:1", 2),
        ("completion.committed:1", 3),
    ];
    for (step, states) in steps {
        let mut host = Host::start_to_die(office, &keyring, step);
        // It may be dead before it can answer.
        let again = host.face.call("completion_retry", json!({ "file": null }));
        drop(again.await);
        assert!(host.dies_or_ends().await.is_none(), "{step}");
        host.kill();
        stage.all(&ServiceFault::HangsUp);
        let quiet = Host::start(office, &keyring);
        let detail = quiet.face.document(&document).await;
        let found = detail["files"][0]["revisions"].as_array().unwrap().len();
        assert_eq!(found, states, "{step}: {detail}");
        quiet.kill();
        stage.all(&ServiceFault::None);
    }
    let host = Host::start(office, &keyring);
    host.face.completed_down_to(0).await;
    host.face.everything_sent().await;
    stage.all(&ServiceFault::HangsUp);
    stage.judge_at_server(&document);
}

#[tokio::test]
async fn a_used_up_quota_leaves_the_rest_for_tomorrow_and_says_so() {
    let stage = Stage::open(|config| {
        config.completion.time_stamping[0].daily_quota = Some(1);
    });
    let desk = stage.office.leader().await;
    for _ in 0..2 {
        let document = desk.draft().await;
        desk.sign(&document, stage.office.pin()).await.unwrap();
    }
    let entry = desk
        .until("one is complete and one has to wait", async |desk| {
            let entries = desk.completions().await;
            let waits = entries.len() == 1 && entries[0]["code"] == "EVIDENCE_QUOTA";
            waits.then(|| entries[0].clone())
        })
        .await;
    assert_eq!(entry["state"], "resting");
    let next = Timestamp(entry["next_try"].as_i64().unwrap());
    let today = Clock::system().now().vietnam_date();
    assert!(next.vietnam_date() > today, "{entry}");
    desk.try_again().await;
    assert_eq!(stage.server.count(Service::TimeStamps), 1);
}

#[tokio::test]
async fn a_certificate_revoked_before_the_first_stamp_blocks_the_document_and_signs_no_more() {
    let stage = Stage::open(|_| {});
    stage.all(&ServiceFault::HangsUp);
    let office = &stage.office;
    let desk = office.leader().await;
    let document = desk.draft().await;
    desk.sign(&document, office.pin()).await.unwrap();
    let at = Clock::system().now().plus_ms(-86_400_000);
    stage
        .server
        .revoke(&stage.pki, &office.certificate(), at)
        .unwrap();
    stage.all(&ServiceFault::None);
    desk.try_again().await;
    let entry = desk
        .until("it is blocked", async |desk| {
            let entry = desk.completions().await.first().cloned()?;
            (entry["state"] == "blocked").then_some(entry)
        })
        .await;
    assert_eq!(entry["code"], "COMPLETION_REVOKED");
    assert_eq!(entry["document"], json!(document));
    assert!(!entry["revoked_at"].is_null());
    let refused = desk.call("sign", desk.sign_args(&document).await).await;
    refused.unwrap_err().is_told("DOCUMENT_BLOCKED");
    desk.until(
        "the token's certificate is shown as revoked",
        async |desk| {
            let (_, token) = desk.token().await;
            (token["certificates"][0]["state"] == "revoked").then_some(())
        },
    )
    .await;
    let other = desk.draft().await;
    let refused = desk.call("sign", desk.sign_args(&other).await).await;
    refused.unwrap_err().is_told("CERTIFICATE_REVOKED");
    assert_eq!(office.card_calls("C_Login"), 1, "no PIN for nothing");
}

#[tokio::test]
async fn a_signature_is_called_valid_as_soon_as_its_certificate_was_asked_about() {
    let stage = Stage::open(|config| config.completion.time_stamping.clear());
    let desk = stage.office.leader().await;
    let document = desk.draft().await;
    let signed = desk.sign(&document, stage.office.pin()).await.unwrap();
    desk.until("it is valid", async |desk| {
        let report = desk
            .ask("signatures", json!({ "sha256": signed["sha256"] }))
            .await;
        (report["signatures"][0]["status"] == "valid").then_some(())
    })
    .await;
    let asked = stage.server.count(Service::Ocsp);
    stage.all(&ServiceFault::HangsUp);
    let again = desk
        .ask("signatures", json!({ "sha256": signed["sha256"] }))
        .await;
    assert_eq!(again["signatures"][0]["status"], "valid", "from the cache");
    assert_eq!(stage.server.count(Service::Ocsp), asked);
}

#[tokio::test]
async fn a_good_answer_at_hand_is_asked_for_again_by_the_next_run_and_news_is_shown() {
    let stage = Stage::open(|config| config.completion.time_stamping.clear());
    let office = &stage.office;
    let keyring = Keyring::open(office);
    let host = Host::start(office, &keyring);
    host.face.log_in(&LEADER).await.unwrap();
    host.face.everything_pulled().await;
    let document = host.face.draft().await;
    let signed = host.face.sign(&document, office.pin()).await.unwrap();
    let shown = async |desk: &Face| {
        let report = desk
            .ask("signatures", json!({ "sha256": signed["sha256"] }))
            .await;
        report["signatures"][0]["status"].clone()
    };
    host.face
        .until("it is valid", async |desk| {
            (shown(desk).await == "valid").then_some(())
        })
        .await;
    host.kill();
    let at = Clock::system().now().plus_ms(-86_400_000);
    let certificate = office.certificate();
    stage.server.revoke(&stage.pki, &certificate, at).unwrap();
    // Without a network the answer at hand counts until its end, which is tomorrow.
    stage.all(&ServiceFault::HangsUp);
    let offline = Host::start(office, &keyring);
    assert_eq!(shown(&offline.face).await, "valid");
    offline.kill();
    stage.all(&ServiceFault::None);
    let online = Host::start(office, &keyring);
    online
        .face
        .until("the revocation is seen", async |desk| {
            (shown(desk).await != "valid").then_some(())
        })
        .await;
}
