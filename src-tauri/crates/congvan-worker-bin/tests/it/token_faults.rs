//! Modules that crash, hang and lie, and tokens that go away.

use std::{fs, time::Duration};

use congvan_pkcs11_shim::file_name;
use congvan_worker::{Hash, Loss, SignAlgorithm, TokenDeadlines, TokenError, TokenEvent};
use tokio::{sync::mpsc::UnboundedReceiver, time::timeout};

use crate::support::{Key, PIN, TestToken, impatient, is_alive, shim, signal};

const RSA: SignAlgorithm = SignAlgorithm::RsaPkcs1(Hash::Sha256);

#[tokio::test]
async fn a_module_that_crashes_while_signing_costs_the_session_and_the_next_login_works() {
    let token = TestToken::new(Key::Rsa);
    let client = token.client();
    let session = token.open(&client, &shim(), PIN).await.unwrap();
    token.faults("C_Sign 1 crash");
    let lost = client.sign(&session, RSA, b"one").await;
    let aborted = Loss::Ended {
        code: None,
        signal: Some(6),
    };
    assert_eq!(lost, Err(TokenError::WorkerLost { loss: aborted }));
    assert_eq!(
        client.sign(&session, RSA, b"one").await,
        Err(TokenError::SessionLost)
    );
    assert_eq!(token.calls("C_Login"), 1, "nobody typed a second PIN");
    let session = token.open(&client, &shim(), PIN).await.unwrap();
    client.sign(&session, RSA, b"one").await.unwrap();
}

#[tokio::test]
async fn a_module_that_hangs_is_ended_at_the_deadline() {
    let token = TestToken::new(Key::Rsa);
    let client = token.client_with(impatient());
    let session = token.open(&client, &shim(), PIN).await.unwrap();
    let (pid, _) = client.status(&shim()).await.unwrap();
    token.faults("C_Sign 1 hang");
    let late = client.sign(&session, RSA, b"one").await;
    assert_eq!(late, Err(TokenError::TimedOut { seconds: 1 }));
    assert!(!is_alive(pid), "the hanging process still holds the token");
    let session = token.open(&client, &shim(), PIN).await.unwrap();
    client.sign(&session, RSA, b"one").await.unwrap();
}

#[tokio::test]
async fn a_login_that_crashes_or_hangs_is_not_repeated() {
    for fault in ["crash-after", "hang-after"] {
        let token = TestToken::new(Key::Rsa);
        let client = token.client_with(impatient());
        token.faults(&format!("C_Login 1 {fault}"));
        let lost = token.open(&client, &shim(), PIN).await;
        assert!(
            matches!(
                lost,
                Err(TokenError::WorkerLost { .. } | TokenError::TimedOut { .. })
            ),
            "{lost:?}"
        );
        client.tokens(&shim()).await.unwrap();
        assert_eq!(token.calls("C_Login"), 1);
    }
}

#[tokio::test]
async fn short_and_garbage_signatures_never_leave_the_worker() {
    for (key, algorithm) in [
        (Key::Rsa, RSA),
        (Key::Ec, SignAlgorithm::Ecdsa(Hash::Sha256)),
    ] {
        let token = TestToken::new(key);
        let client = token.client();
        let session = token.open(&client, &shim(), PIN).await.unwrap();
        token.faults("C_Sign 1 short\nC_Sign 2 garbage");
        for _ in 0..2 {
            let wrong = client.sign(&session, algorithm, b"one").await;
            assert_eq!(wrong, Err(TokenError::WrongSignature));
        }
        client.sign(&session, algorithm, b"one").await.unwrap();
    }
}

#[tokio::test]
async fn a_token_without_hash_and_sign_signs_with_the_raw_mechanism() {
    let token = TestToken::new(Key::Rsa);
    let client = token.client();
    let session = token.open(&client, &shim(), PIN).await.unwrap();
    token.faults("C_SignInit 1 ckr 0x70");
    client.sign(&session, RSA, b"one").await.unwrap();
    client.sign(&session, RSA, b"two").await.unwrap();
    assert_eq!(
        token.calls("C_SignInit"),
        3,
        "the refused mechanism was tried again"
    );
}

#[tokio::test]
async fn a_token_pulled_during_a_signature_leaves_none_and_says_so() {
    let token = TestToken::new(Key::Rsa);
    let client = token.client();
    let session = token.open(&client, &shim(), PIN).await.unwrap();
    token.faults("C_Sign 1 unplug");
    assert_eq!(
        client.sign(&session, RSA, b"one").await,
        Err(TokenError::TokenRemoved)
    );
    assert_eq!(client.tokens(&shim()).await.unwrap(), []);
    let gone = client
        .open_session(&shim(), "any", token.hash(), None, false)
        .await;
    assert_eq!(gone, Err(TokenError::TokenAbsent));
    fs::remove_file(token.card(file_name::UNPLUGGED)).unwrap();
    let session = token.open(&client, &shim(), PIN).await.unwrap();
    client.sign(&session, RSA, b"one").await.unwrap();
}

#[tokio::test]
async fn a_worker_killed_from_outside_is_replaced_at_the_next_call() {
    let token = TestToken::new(Key::Rsa);
    let client = token.client();
    token.only(&client, &shim()).await;
    let (pid, _) = client.status(&shim()).await.unwrap();
    signal(pid, "-KILL");
    let killed = Loss::Ended {
        code: None,
        signal: Some(9),
    };
    // The end may be noticed before the call, which then has a new process, or by it.
    match client.tokens(&shim()).await {
        Ok(tokens) => assert_eq!(tokens.len(), 1, "{tokens:?}"),
        Err(lost) => assert_eq!(lost, TokenError::WorkerLost { loss: killed }),
    }
    token.only(&client, &shim()).await;
    let (another, _) = client.status(&shim()).await.unwrap();
    assert_ne!(another, pid);
}

#[tokio::test]
async fn plugging_and_pulling_is_told_within_a_second() {
    let token = TestToken::new(Key::Rsa);
    let client = token.client();
    let mut events = client.watch(&shim());
    let first = next(&mut events).await;
    assert!(matches!(&first, TokenEvent::Inserted(present) if !present.serial.is_empty()));
    fs::write(token.card(file_name::UNPLUGGED), "").unwrap();
    let pulled = next(&mut events).await;
    assert!(matches!(pulled, TokenEvent::Removed(_)), "{pulled:?}");
    fs::remove_file(token.card(file_name::UNPLUGGED)).unwrap();
    assert_eq!(next(&mut events).await, first);
}

#[tokio::test]
async fn a_card_service_that_restarts_heals_by_a_new_process() {
    let token = TestToken::new(Key::Rsa);
    let client = token.client();
    let mut events = client.watch(&shim());
    next(&mut events).await;
    let (broken, _) = client.status(&shim()).await.unwrap();
    token.faults("C_GetSlotList * ckr 0x05");
    assert!(matches!(next(&mut events).await, TokenEvent::Removed(_)));
    assert!(!is_alive(broken));
    token.faults("");
    let mut told = Vec::new();
    while told.len() < 3 {
        let event = timeout(Duration::from_secs(5), events.recv()).await;
        told.push(event.unwrap().unwrap());
    }
    assert!(
        matches!(
            told.as_slice(),
            [
                TokenEvent::Failed(_),
                TokenEvent::Inserted(_),
                TokenEvent::Healed
            ]
        ),
        "{told:?}"
    );
}

#[tokio::test]
async fn an_idle_session_is_released_and_an_idle_process_ends() {
    let token = TestToken::new(Key::Rsa);
    let deadlines = TokenDeadlines {
        session_idle: Duration::from_millis(50),
        process_idle: Duration::from_millis(50),
        ..TokenDeadlines::default()
    };
    let client = token.client_with(deadlines);
    let session = token.open(&client, &shim(), PIN).await.unwrap();
    let log = token.card(file_name::CALLS);
    until(|| fs::read_to_string(&log).unwrap().contains("C_Logout")).await;
    assert_eq!(
        client.sign(&session, RSA, b"one").await,
        Err(TokenError::SessionLost)
    );
    while client.status(&shim()).await.is_some() {
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn the_worker_ends_when_the_desk_forgets_its_client() {
    let token = TestToken::new(Key::Rsa);
    let client = token.client();
    token.open(&client, &shim(), PIN).await.unwrap();
    let (pid, _) = client.status(&shim()).await.unwrap();
    drop(client);
    until(|| !is_alive(pid)).await;
    assert_eq!(token.calls("C_Logout"), 1, "it logged out before it ended");
}

async fn next(events: &mut UnboundedReceiver<TokenEvent>) -> TokenEvent {
    let deadline = Duration::from_secs(2);
    loop {
        let event = timeout(deadline, events.recv())
            .await
            .expect("no event in time")
            .unwrap();
        if event != TokenEvent::Healed {
            break event;
        }
    }
}

async fn until(mut reached: impl FnMut() -> bool) {
    let looking = async {
        while !reached() {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    timeout(Duration::from_secs(5), looking)
        .await
        .expect("not reached in time");
}
