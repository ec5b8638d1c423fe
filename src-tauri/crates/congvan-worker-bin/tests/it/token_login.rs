//! The PIN: at most one try per PIN typed, never the last one without consent.

use std::fs;

use congvan_pkcs11_shim::file_name;
use congvan_worker::{Hash, Pin, PinState, SignAlgorithm, TokenError};

use crate::support::{Key, PIN, TestToken, WRONG_PIN, shim, softhsm};

const RSA: SignAlgorithm = SignAlgorithm::RsaPkcs1(Hash::Sha256);

#[tokio::test]
async fn softhsm_itself_says_wrong_pin() {
    let token = TestToken::new(Key::Rsa);
    let client = token.client();
    let wrong = token.open(&client, &softhsm(), WRONG_PIN).await;
    assert!(
        matches!(wrong, Err(TokenError::PinIncorrect { .. })),
        "{wrong:?}"
    );
    token.open(&client, &softhsm(), PIN).await.unwrap();
}

#[tokio::test]
async fn a_wrong_pin_spends_one_try_and_is_not_repeated() {
    let token = TestToken::new(Key::Rsa);
    let client = token.client();
    let wrong = token.open(&client, &shim(), WRONG_PIN).await;
    assert_eq!(
        wrong,
        Err(TokenError::PinIncorrect {
            pin_state: PinState::CountLow
        })
    );
    assert_eq!((token.calls("C_Login"), token.tries()), (1, 2));
    token.open(&client, &shim(), PIN).await.unwrap();
    assert_eq!(token.tries(), 3);
}

#[tokio::test]
async fn the_last_try_needs_consent_and_then_locked_is_told_apart_from_wrong() {
    let token = TestToken::new(Key::Rsa);
    token.set_tries(2);
    let client = token.client();
    let wrong = token.open(&client, &shim(), WRONG_PIN).await;
    assert_eq!(
        wrong,
        Err(TokenError::PinIncorrect {
            pin_state: PinState::FinalTry
        })
    );
    let refused = token.open(&client, &shim(), WRONG_PIN).await;
    assert_eq!(refused, Err(TokenError::FinalTryNeedsConsent));
    assert_eq!((token.calls("C_Login"), token.tries()), (1, 1));
    let serial = token.only(&client, &shim()).await.serial;
    let pin = Some(Pin::new(WRONG_PIN.to_owned()));
    let last = client
        .open_session(&shim(), &serial, token.hash(), pin, true)
        .await;
    assert_eq!(
        last,
        Err(TokenError::PinIncorrect {
            pin_state: PinState::Locked
        })
    );
    let locked = token.open(&client, &shim(), PIN).await;
    assert_eq!(locked, Err(TokenError::PinLocked));
    assert_eq!(
        token.calls("C_Login"),
        2,
        "a locked token must not be tried"
    );
    assert_eq!(
        token.only(&client, &shim()).await.pin_state,
        PinState::Locked
    );
}

#[tokio::test]
async fn no_error_but_pin_incorrect_says_that_the_pin_was_wrong() {
    let token = TestToken::new(Key::Rsa);
    let client = token.client();
    type Check = fn(&TokenError) -> bool;
    let cases: [(&str, Check); 6] = [
        (
            "0x05",
            |e| matches!(e, TokenError::ModuleFailed { ckr, .. } if ckr == "CKR_GENERAL_ERROR"),
        ),
        (
            "0x30",
            |e| matches!(e, TokenError::ModuleFailed { ckr, .. } if ckr == "CKR_DEVICE_ERROR"),
        ),
        (
            "0xA1",
            |e| matches!(e, TokenError::PinNotAccepted { ckr } if ckr == "CKR_PIN_INVALID"),
        ),
        ("0xA3", |e| matches!(e, TokenError::PinNotAccepted { .. })),
        ("0xA4", |e| *e == TokenError::PinLocked),
        ("0x32", |e| *e == TokenError::TokenRemoved),
    ];
    for (value, expected) in cases {
        token.faults(&format!("C_Login * ckr {value}"));
        let error = token.open(&client, &shim(), PIN).await.unwrap_err();
        assert!(expected(&error), "{value}: {error:?}");
    }
    assert_eq!(token.calls("C_Login"), cases.len());
}

#[tokio::test]
async fn a_pin_of_impossible_length_costs_no_try() {
    let token = TestToken::new(Key::Rsa);
    let client = token.client();
    for pin in ["", "12"] {
        let refused = token.open(&client, &shim(), pin).await;
        assert!(
            matches!(refused, Err(TokenError::PinLength { .. })),
            "{refused:?}"
        );
    }
    assert_eq!((token.calls("C_Login"), token.tries()), (0, 3));
}

#[tokio::test]
async fn another_certificate_or_another_token_stops_before_the_pin_is_used() {
    let token = TestToken::new(Key::Rsa);
    let other = TestToken::new(Key::Ec);
    let client = token.client();
    let serial = token.only(&client, &shim()).await.serial;
    let pin = || Some(Pin::new(PIN.to_owned()));
    let renewed = client
        .open_session(&shim(), &serial, other.hash(), pin(), false)
        .await;
    assert_eq!(renewed, Err(TokenError::CertificateMismatch));
    let absent = client
        .open_session(&shim(), "0000", token.hash(), pin(), false)
        .await;
    assert_eq!(absent, Err(TokenError::TokenAbsent));
    assert_eq!(token.calls("C_Login"), 0);
}

#[tokio::test]
async fn a_key_that_always_authenticates_signs_a_batch_with_one_pin() {
    let token = TestToken::new(Key::RsaAlways);
    let client = token.client();
    let session = token.open(&client, &shim(), PIN).await.unwrap();
    for document in [b"one", b"two", b"six"] {
        client.sign(&session, RSA, document).await.unwrap();
    }
    assert_eq!(
        (token.calls("C_Login"), token.calls("C_Login(context)")),
        (1, 3)
    );
}

#[tokio::test]
async fn an_always_authenticating_key_stops_when_its_pin_is_refused_and_does_not_insist() {
    let token = TestToken::new(Key::RsaAlways);
    let client = token.client();
    let session = token.open(&client, &shim(), PIN).await.unwrap();
    client.sign(&session, RSA, b"one").await.unwrap();
    token.faults("C_Login(context) 2 ckr 0xA0");
    let refused = client.sign(&session, RSA, b"two").await;
    assert!(
        matches!(refused, Err(TokenError::PinIncorrect { .. })),
        "{refused:?}"
    );
    let again = client.sign(&session, RSA, b"two").await;
    assert!(again.is_err());
    assert_eq!(
        token.calls("C_Login(context)"),
        2,
        "the refused PIN was tried again"
    );
}

#[tokio::test]
async fn on_a_reader_with_a_keypad_no_pin_is_sent() {
    let token = TestToken::new(Key::Rsa);
    fs::write(token.card(file_name::PROTECTED), "").unwrap();
    fs::write(token.card(file_name::KEYPAD), PIN).unwrap();
    let client = token.client();
    let seen = token.only(&client, &shim()).await;
    assert!(seen.protected_path);
    let session = client
        .open_session(&shim(), &seen.serial, token.hash(), None, false)
        .await
        .unwrap();
    client.sign(&session, RSA, b"one").await.unwrap();
    token.faults("C_Login 2 ckr 0x50");
    let cancelled = client
        .open_session(&shim(), &seen.serial, token.hash(), None, false)
        .await;
    assert_eq!(cancelled, Err(TokenError::CancelledOnReader));
}

#[tokio::test]
async fn without_a_keypad_a_pin_is_needed() {
    let token = TestToken::new(Key::Rsa);
    let client = token.client();
    let serial = token.only(&client, &shim()).await.serial;
    let none = client
        .open_session(&shim(), &serial, token.hash(), None, false)
        .await;
    assert_eq!(none, Err(TokenError::PinNeeded));
    assert_eq!(token.calls("C_Login"), 0);
}

#[tokio::test]
async fn the_pin_is_changed_once_and_a_wrong_old_pin_costs_one_try() {
    let token = TestToken::new(Key::Rsa);
    let client = token.client();
    let serial = token.only(&client, &shim()).await.serial;
    let pins = |old: &str| Some((Pin::new(old.to_owned()), Pin::new("864202".to_owned())));
    let wrong = client
        .change_pin(&shim(), &serial, pins(WRONG_PIN), false)
        .await;
    assert_eq!(
        wrong,
        Err(TokenError::PinIncorrect {
            pin_state: PinState::CountLow
        })
    );
    assert_eq!((token.calls("C_SetPIN"), token.tries()), (1, 2));
    client
        .change_pin(&shim(), &serial, pins(PIN), false)
        .await
        .unwrap();
    token.open(&client, &shim(), "864202").await.unwrap();
}
