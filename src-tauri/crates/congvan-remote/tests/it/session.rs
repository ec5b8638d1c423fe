use congvan_protocol::ProblemCode;
use congvan_province::{FaultAction, FaultRule};
use congvan_remote::RemoteError;
use congvan_testkit::LEADER;
use secrecy::SecretString;

use crate::support::*;

#[tokio::test]
async fn a_wrong_password_is_refused_and_keeps_nothing() {
    let (_dir, province) = start(|_| {});
    let (client, kept) = client(&province);
    let error = client.login(&login("sai")).await.expect_err("refused");
    assert!(matches!(
        error,
        RemoteError::Refused {
            code: ProblemCode::BadCredentials,
            ..
        }
    ));
    assert!(kept.lock().expect("kept").is_empty());
    let round = client.sync(&empty_round()).await;
    assert_eq!(round.expect_err("no session"), RemoteError::LoginNeeded);
}

#[tokio::test]
async fn a_login_opens_rounds_and_the_session() {
    let (_dir, province) = start(|_| {});
    let (client, kept) = client(&province);
    let account = client
        .login(&login(LEADER.password))
        .await
        .expect("logs in");
    assert_eq!(account.username, LEADER.username);
    assert_eq!(kept.lock().expect("kept").len(), 1);
    let answer = client.sync(&empty_round()).await.expect("a round");
    assert!(!answer.more);
    let session = client.session().await.expect("a session");
    assert_eq!(session.account, account);
}

#[tokio::test]
async fn an_expired_token_is_renewed_once_for_all_who_meet_it() {
    let (_dir, province) = start(|config| config.access_ttl_s = 60);
    let (client, kept) = logged_in(&province).await;
    client.sync(&empty_round()).await.expect("a round");
    province.config.clock.advance_ms(120_000);
    let request = empty_round();
    let (a, b, c) = tokio::join!(
        client.sync(&request),
        client.sync(&request),
        client.session()
    );
    assert!(a.is_ok() && b.is_ok() && c.is_ok());
    assert_eq!(
        kept.lock().expect("kept").len(),
        2,
        "one login, one renewal"
    );
}

#[tokio::test]
async fn a_lost_answer_to_a_renewal_logs_nobody_out() {
    let (_dir, province) = start(|config| config.access_ttl_s = 60);
    let (client, _) = logged_in(&province).await;
    province.config.clock.advance_ms(120_000);
    province.fault(FaultRule::once(
        "POST",
        "/v1/auth/refresh",
        FaultAction::CutAfter,
    ));
    let lost = client.sync(&empty_round()).await;
    assert_eq!(lost.expect_err("cut"), RemoteError::Unreachable);
    client
        .sync(&empty_round())
        .await
        .expect("the old token is still good");
}

#[tokio::test]
async fn a_kept_token_opens_the_next_run_and_a_logout_ends_it() {
    let (_dir, province) = start(|_| {});
    let (first, kept) = logged_in(&province).await;
    let token = kept.lock().expect("kept").last().cloned().expect("a token");
    drop(first);
    let (second, kept) = client(&province);
    second.resume(SecretString::from(token)).await;
    second
        .sync(&empty_round())
        .await
        .expect("a round without a password");
    let token = kept
        .lock()
        .expect("kept")
        .last()
        .cloned()
        .expect("the next token");
    second.logout().await;
    let after = second.sync(&empty_round()).await;
    assert_eq!(after.expect_err("logged out"), RemoteError::LoginNeeded);
    let (third, _) = client(&province);
    third.resume(SecretString::from(token)).await;
    let after = third.sync(&empty_round()).await;
    assert_eq!(after.expect_err("revoked"), RemoteError::LoginNeeded);
}
