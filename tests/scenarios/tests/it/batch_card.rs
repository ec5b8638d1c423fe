//! A batch on a card in a reader, through OpenSC and the card service, with the key that asks for
//! the PIN at each signature. The leader types it once.

use std::time::Duration;

use congvan_piv_card::{CARD_TRIES, Card, CardKey, CardService, opensc};
use congvan_province::Clock;
use congvan_testkit::{LEADER, Pki, SignerKind, SigningIdentity, TOKEN_PIN};
use serde_json::{Value, json};

use crate::{batch::agrees, face::Face, office::Office, token::tokens, tray::in_state};

/// A desk with so many documents read and marked, and the leader's card in the reader. The card's
/// first key is not the leader's.
struct Desk {
    face: Face,
    office: Office,
    card: Card,
    service: CardService,
}

impl Desk {
    async fn with(documents: usize) -> Self {
        let service = CardService::start().unwrap();
        let pki = Pki::new(Clock::system().now()).unwrap();
        let SigningIdentity {
            certificate,
            key_pkcs8,
        } = pki.signer(&LEADER, SignerKind::Good).unwrap();
        let keys = vec![
            CardKey::self_signed(0x9a).unwrap(),
            CardKey::new(0x9c, &certificate, &key_pkcs8).unwrap(),
        ];
        let mut card = Card::holding(TOKEN_PIN, 3, keys);
        card.plug().unwrap();
        let office = Office::open_under(&pki, |config| {
            config.drafts = Some(documents);
            config.signers = vec![(LEADER.username.to_owned(), certificate)];
        });
        let office = office.behind(opensc().unwrap());
        let face = office.leader().await;
        tokens(&face, 1).await;
        assert_eq!(face.read_and_mark_all().await, documents);
        Self {
            face,
            office,
            card,
            service,
        }
    }

    async fn sign(&self) -> Value {
        let mut args = self.face.batch_args().await;
        args["certificate"] = json!(self.office.certificate().to_hex());
        self.face.batch("batch_sign", args, TOKEN_PIN).await
    }

    /// Signs the rest, once the desk sees the card again.
    async fn resume(&self, report: &Value) -> Value {
        tokens(&self.face, 1).await;
        self.face.resume(report, TOKEN_PIN).await
    }

    /// The card's own word: so many signatures, each under a PIN of its own that was right, and one
    /// for each login.
    fn card_made(&self, signatures: usize, logins: usize) {
        let memory = self.card.memory();
        assert_eq!(memory.signatures(), signatures);
        assert_eq!(memory.tries, CARD_TRIES, "a try was lost");
        assert!(
            memory.verifications >= signatures + logins,
            "{} of {signatures} and {logins}",
            memory.verifications
        );
    }
}

#[tokio::test]
async fn one_pin_signs_a_batch_with_a_key_that_asks_at_each_signature_and_a_pulled_card_stops_it() {
    let mut desk = Desk::with(10).await;
    desk.card.memory().slow = Duration::from_millis(100);
    desk.card.memory().pull_after = Some(4);
    let report = desk.sign().await;
    assert_eq!(report["stage"], "STOPPED", "{report}");
    assert_eq!(report["stopped_by"], "TOKEN_REMOVED");
    assert_eq!(in_state(&report, "SIGNED").len(), 4);
    assert_eq!(in_state(&report, "UNTOUCHED").len(), 6);
    desk.card_made(4, 1);
    agrees(&desk.office, &desk.face, &report).await;

    tokens(&desk.face, 0).await;
    desk.card.plug().unwrap();
    let report = desk.resume(&report).await;
    assert_eq!(report["stage"], "FINISHED", "{report}");
    assert_eq!(report["signed"], 10);
    desk.card_made(10, 2);
    agrees(&desk.office, &desk.face, &report).await;
}

#[tokio::test]
async fn a_card_service_that_crashes_stops_the_batch_and_is_found_again_without_a_new_desk() {
    let mut desk = Desk::with(5).await;
    assert!(desk.service.is_ours(), "the system's card service runs");
    desk.card.memory().slow = Duration::from_millis(1_500);
    let ears = desk.face.listen().await;
    let mut args = desk.face.batch_args().await;
    args["certificate"] = json!(desk.office.certificate().to_hex());
    desk.face.ask("batch_sign", args).await;
    desk.face.type_pin(ears, TOKEN_PIN, false).await;
    desk.face
        .until("the third is in the card", async |face| {
            let view = face.batch_view().await;
            (view["items"][2]["state"] == "SIGNING").then_some(())
        })
        .await;
    desk.service.crash().unwrap();
    let report = desk.face.batch_ended().await;
    assert_eq!(report["stage"], "STOPPED", "{report}");
    let stops = ["TOKEN_REMOVED", "WORKER_LOST", "MODULE_FAILED"];
    assert!(
        stops.contains(&report["stopped_by"].as_str().unwrap()),
        "{report}"
    );
    assert_eq!(in_state(&report, "SIGNED").len(), 2);
    agrees(&desk.office, &desk.face, &report).await;

    desk.card.pull();
    tokens(&desk.face, 0).await;
    desk.card.memory().slow = Duration::ZERO;
    desk.card.plug().unwrap();
    let report = desk.resume(&report).await;
    assert_eq!(report["stage"], "FINISHED", "{report}");
    assert_eq!(report["signed"], 5);
    assert_eq!(desk.card.memory().tries, CARD_TRIES);
    agrees(&desk.office, &desk.face, &report).await;
}
