//! OpenSC over the system's card service, with a card that is plugged and pulled.

use std::{path::PathBuf, time::Duration};

use aws_lc_rs::digest;
use congvan_model::Sha256;
use congvan_piv_card::{Card, CardService};
use congvan_worker::{
    CardService as Service, Discovery, Hash, ModuleOrigin, Pin, PinState, ReaderContent, SessionId,
    SignAlgorithm, TokenClient, TokenDeadlines, TokenError, TokenEvent, TokenInfo,
};
use tokio::{sync::mpsc::UnboundedReceiver, time::timeout};

use crate::support::{PIN, WRONG_PIN, paths};

const RSA: SignAlgorithm = SignAlgorithm::RsaPkcs1(Hash::Sha256);

fn opensc() -> PathBuf {
    congvan_piv_card::opensc().unwrap()
}

fn hash(certificate: &[u8]) -> Sha256 {
    Sha256(
        digest::digest(&digest::SHA256, certificate)
            .as_ref()
            .try_into()
            .unwrap(),
    )
}

async fn appeared_event(events: &mut UnboundedReceiver<TokenEvent>) {
    let deadline = Duration::from_secs(10);
    let event = timeout(deadline, presence(events)).await.unwrap();
    assert!(matches!(event, TokenEvent::Inserted(_)), "{event:?}");
}

/// The token, once the card service has noticed it.
async fn appeared(client: &TokenClient, events: &mut UnboundedReceiver<TokenEvent>) -> TokenInfo {
    appeared_event(events).await;
    client.tokens(&opensc()).await.unwrap().remove(0)
}

/// The next coming or going; what the module says of itself meanwhile is passed over.
async fn presence(events: &mut UnboundedReceiver<TokenEvent>) -> TokenEvent {
    loop {
        match events.recv().await.unwrap() {
            TokenEvent::Failed(_) | TokenEvent::Healed | TokenEvent::Updated(_) => {}
            event @ (TokenEvent::Inserted(_) | TokenEvent::Removed(_)) => break event,
        }
    }
}

async fn disappeared(events: &mut UnboundedReceiver<TokenEvent>) {
    let event = timeout(Duration::from_secs(5), presence(events))
        .await
        .unwrap();
    assert!(matches!(event, TokenEvent::Removed(_)), "{event:?}");
}

async fn open(
    client: &TokenClient,
    token: &TokenInfo,
    certificate: &[u8],
    pin: &str,
) -> Result<SessionId, TokenError> {
    let pin = Some(Pin::new(pin.to_owned()));
    client
        .open_session(&opensc(), &token.serial, hash(certificate), pin, false)
        .await
}

#[tokio::test]
async fn a_card_signs_is_pulled_while_signing_and_signs_again_after_it_is_back() {
    let _service = CardService::start().unwrap();
    let deadlines = TokenDeadlines {
        sign: Duration::from_secs(6),
        ..TokenDeadlines::default()
    };
    let client = TokenClient::with(paths(), deadlines, Vec::new());
    let mut events = client.watch(&opensc());
    let mut card = Card::new(PIN, 1).unwrap();
    card.plug().unwrap();
    let token = appeared(&client, &mut events).await;
    assert_eq!(token.certificates.len(), 2);
    let certificate = card.certificate(0x9a);
    let session = open(&client, &token, &certificate, PIN).await.unwrap();
    client.sign(&session, RSA, b"one").await.unwrap();
    card.memory().pull_after = Some(0);
    let pulled = client.sign(&session, RSA, b"two").await;
    // Now and then the card service waits for the card that is gone, and with it OpenSC; then the
    // deadline ends the worker. Either way there is no signature and the user is told.
    assert!(
        matches!(
            pulled,
            Err(TokenError::TokenRemoved | TokenError::TimedOut { .. })
        ),
        "{pulled:?}"
    );
    disappeared(&mut events).await;
    card.plug().unwrap();
    let token = appeared(&client, &mut events).await;
    let stale = client.sign(&session, RSA, b"two").await;
    assert!(
        matches!(
            stale,
            Err(TokenError::SessionLost | TokenError::TokenRemoved)
        ),
        "{stale:?}"
    );
    let session = open(&client, &token, &certificate, PIN).await.unwrap();
    client.sign(&session, RSA, b"two").await.unwrap();
    assert_eq!(card.memory().signatures(), 2);
}

#[tokio::test]
async fn a_card_is_seen_by_itself_and_its_module_stands_first_by_its_answer_to_reset() {
    let _service = CardService::start().unwrap();
    let client = TokenClient::new(paths());
    let mut events = client.watch(&opensc());
    let mut card = Card::new(PIN, 8).unwrap();
    card.plug().unwrap();
    appeared_event(&mut events).await;
    let found = client.discover(None, Discovery::default()).await.unwrap();
    let first = found.first().unwrap();
    assert_eq!(first.path, opensc());
    assert_eq!(first.origin, ModuleOrigin::Atr);
    let Service::Running(readers) = client.card_service().await.unwrap() else {
        panic!("the card service has gone");
    };
    let known = readers.iter().find_map(|reader| reader.known.as_ref());
    assert!(
        known.is_some_and(|card| card.served_by("OpenSC")),
        "{readers:?}"
    );
    let about = client.about(&opensc()).await.unwrap();
    assert!(about.slot_events, "{about:?}");
}

#[tokio::test]
async fn a_card_locks_itself_only_with_consent() {
    let _service = CardService::start().unwrap();
    let client = TokenClient::new(paths());
    let mut events = client.watch(&opensc());
    let mut card = Card::new(PIN, 2).unwrap();
    card.plug().unwrap();
    let token = appeared(&client, &mut events).await;
    let certificate = card.certificate(0x9a);
    for tries in [2, 1] {
        let wrong = open(&client, &token, &certificate, WRONG_PIN).await;
        assert!(
            matches!(wrong, Err(TokenError::PinIncorrect { .. })),
            "{wrong:?}"
        );
        assert_eq!(card.memory().tries, tries);
    }
    let seen = client.tokens(&opensc()).await.unwrap().remove(0);
    assert_eq!(seen.pin_state, PinState::FinalTry);
    let refused = open(&client, &token, &certificate, WRONG_PIN).await;
    assert_eq!(refused, Err(TokenError::FinalTryNeedsConsent));
    assert_eq!(card.memory().tries, 1);
    assert_eq!(card.memory().verifications, 2);
    let pin = Some(Pin::new(WRONG_PIN.to_owned()));
    let last = client
        .open_session(&opensc(), &token.serial, hash(&certificate), pin, true)
        .await;
    assert!(
        matches!(
            last,
            Err(TokenError::PinLocked | TokenError::PinIncorrect { .. })
        ),
        "{last:?}"
    );
    let locked = open(&client, &token, &certificate, PIN).await;
    assert_eq!(locked, Err(TokenError::PinLocked));
    assert_eq!(card.memory().verifications, 3, "a locked card was tried");
}

#[tokio::test]
async fn a_missing_service_a_reader_without_a_card_and_a_card_are_told_apart() {
    let service = CardService::start().unwrap();
    let client = TokenClient::new(paths());
    let content = async || match client.card_service().await.unwrap() {
        Service::Running(readers) => readers.into_iter().next().unwrap(),
        other => panic!("{other:?}"),
    };
    let empty = content().await;
    assert!(empty.name.contains("Virtual PCD"), "{empty:?}");
    assert_eq!(empty.content, ReaderContent::Empty);
    let mut card = Card::new(PIN, 7).unwrap();
    card.plug().unwrap();
    let appears = async {
        loop {
            match content().await.content {
                ReaderContent::Card { atr } => break atr,
                ReaderContent::Empty | ReaderContent::Mute => {}
            }
        }
    };
    let atr = timeout(Duration::from_secs(10), appears).await.unwrap();
    assert_eq!(atr, congvan_piv_card::atr());
    if service.is_ours() {
        drop(card);
        drop(service);
        assert_eq!(client.card_service().await.unwrap(), Service::NotRunning);
    }
}

#[tokio::test]
async fn another_card_in_the_reader_is_not_signed_with() {
    let _service = CardService::start().unwrap();
    let client = TokenClient::new(paths());
    let mut events = client.watch(&opensc());
    let mut card = Card::new(PIN, 3).unwrap();
    card.plug().unwrap();
    let token = appeared(&client, &mut events).await;
    let certificate = card.certificate(0x9a);
    card.pull();
    disappeared(&mut events).await;
    let mut other = Card::new(PIN, 4).unwrap();
    other.plug().unwrap();
    let foreign = appeared(&client, &mut events).await;
    assert_ne!(foreign.serial, token.serial);
    let absent = open(&client, &token, &certificate, PIN).await;
    assert_eq!(absent, Err(TokenError::TokenAbsent));
    let mismatch = open(&client, &foreign, &certificate, PIN).await;
    assert_eq!(mismatch, Err(TokenError::CertificateMismatch));
    assert_eq!(other.memory().verifications, 0);
}

#[tokio::test]
async fn the_signature_key_of_a_card_asks_at_each_document_and_the_user_only_once() {
    let _service = CardService::start().unwrap();
    let client = TokenClient::new(paths());
    let mut events = client.watch(&opensc());
    let mut card = Card::new(PIN, 5).unwrap();
    card.plug().unwrap();
    let token = appeared(&client, &mut events).await;
    let session = open(&client, &token, &card.certificate(0x9c), PIN)
        .await
        .unwrap();
    for document in [b"one", b"two", b"six"] {
        client.sign(&session, RSA, document).await.unwrap();
    }
    assert_eq!(card.memory().signatures(), 3);
}

#[tokio::test]
async fn after_the_card_service_restarts_the_token_is_found_again() {
    let mut service = CardService::start().unwrap();
    let client = TokenClient::new(paths());
    let mut events = client.watch(&opensc());
    let mut card = Card::new(PIN, 6).unwrap();
    card.plug().unwrap();
    appeared(&client, &mut events).await;
    card.pull();
    service.restart().unwrap();
    disappeared(&mut events).await;
    card.plug().unwrap();
    let token = appeared(&client, &mut events).await;
    let session = open(&client, &token, &card.certificate(0x9a), PIN)
        .await
        .unwrap();
    client.sign(&session, RSA, b"one").await.unwrap();
}

#[tokio::test]
async fn a_session_that_idles_while_the_card_service_crashes_ends_and_a_new_login_signs() {
    let mut service = CardService::start().unwrap();
    let client = TokenClient::new(paths());
    let mut events = client.watch(&opensc());
    let mut card = Card::new(PIN, 9).unwrap();
    card.plug().unwrap();
    let token = appeared(&client, &mut events).await;
    let certificate = card.certificate(0x9a);
    let session = open(&client, &token, &certificate, PIN).await.unwrap();
    client.sign(&session, RSA, b"one").await.unwrap();
    service.crash().unwrap();
    // The service took the card's line with it; its next life finds the card in the reader anew.
    disappeared(&mut events).await;
    card.pull();
    card.plug().unwrap();
    appeared_event(&mut events).await;
    let stale = client.sign(&session, RSA, b"two").await;
    assert_eq!(stale, Err(TokenError::SessionLost));
    assert_eq!(
        card.memory().verifications,
        1,
        "nobody logs in by themselves"
    );
    let session = open(&client, &token, &certificate, PIN).await.unwrap();
    client.sign(&session, RSA, b"two").await.unwrap();
    assert_eq!(card.memory().tries, congvan_piv_card::CARD_TRIES);
}
