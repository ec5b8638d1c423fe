use congvan_protocol::{Health, ProblemCode, RefreshRequest, SessionInfo, Tokens};
use congvan_province::Seed;
use congvan_testkit::{CLERK, LEADER, Pki};
use reqwest::{Method, Response, StatusCode};

use crate::office::{Office, json, login, problem, start, start_signing, start_with};

async fn refresh(office: &Office, token: &str) -> Response {
    let request = RefreshRequest {
        refresh_token: token.to_owned(),
    };
    let url = format!("{}/v1/auth/refresh", office.province.url);
    office
        .client()
        .post(url)
        .json(&request)
        .send()
        .await
        .expect("refresh")
}

#[tokio::test]
async fn health_needs_no_login_and_echoes_the_nonce() {
    let office = start(Seed::Empty);
    let url = format!("{}/v1/health?n=x7y", office.province.url);
    let health: Health = json(office.client().get(url).send().await.expect("health")).await;
    assert_eq!(
        (health.province.as_str(), health.nonce.as_str()),
        ("H99", "x7y")
    );
    assert_eq!(health.epoch.len(), 32);
}

#[tokio::test]
async fn a_client_that_trusts_another_authority_is_not_served() {
    let office = start(Seed::Empty);
    let other = Pki::tls(office.province.now()).expect("tls");
    let ca = reqwest::Certificate::from_pem(other.ca_pem.as_bytes()).expect("ca");
    let client = reqwest::Client::builder()
        .tls_certs_only([ca])
        .build()
        .expect("client");
    let url = format!("{}/v1/health", office.province.url);
    assert!(
        client
            .get(url)
            .send()
            .await
            .expect_err("refused")
            .is_connect()
    );
}

#[tokio::test]
async fn a_wrong_password_and_an_unknown_name_get_the_same_answer() {
    let office = start(Seed::Empty);
    let url = &office.province.url;
    for (name, password) in [("lanhdao", "sai"), ("khongco", "LanhDao@2026"), ("", "")] {
        let response = login(&office.client(), url, name, password).await;
        let expected = (StatusCode::UNAUTHORIZED, ProblemCode::BadCredentials);
        assert_eq!(problem(response).await, expected, "{name}");
    }
}

#[tokio::test]
async fn too_many_wrong_passwords_must_wait_and_others_need_not() {
    let office = start(Seed::Empty);
    let url = office.province.url.clone();
    for _ in 0..5 {
        login(&office.client(), &url, "lanhdao", "sai").await;
    }
    let response = login(&office.client(), &url, "lanhdao", LEADER.password).await;
    let seconds: u32 = crate::office::header(&response, "retry-after")
        .parse()
        .expect("seconds");
    assert!((1..=61).contains(&seconds), "{seconds}");
    let expected = (StatusCode::TOO_MANY_REQUESTS, ProblemCode::TooManyAttempts);
    assert_eq!(problem(response).await, expected);
    office.login(&CLERK).await;
    office.province.config.clock.advance_ms(61_000);
    office.login(&LEADER).await;
}

#[tokio::test]
async fn the_session_names_the_person_the_limits_the_trust_and_the_certificates() {
    let (office, signing) = start_signing();
    let desk = office.login(&LEADER).await;
    let response = desk
        .request(Method::GET, "/v1/session")
        .send()
        .await
        .expect("session");
    let session: SessionInfo = json(response).await;
    assert_eq!(session.account.full_name, "Nguyễn Văn A");
    assert_eq!(
        (session.trust_roots.len(), session.trust_intermediates.len()),
        (1, 1)
    );
    assert_eq!(session.signers.len(), 1);
    assert_eq!(session.signers[0].certificate, signing.leader.fingerprint());
    assert!(
        session.signers[0].subject.contains("Nguyễn Văn A"),
        "{:?}",
        session.signers
    );
    let clerk = office.login(&CLERK).await;
    let response = clerk
        .request(Method::GET, "/v1/session")
        .send()
        .await
        .expect("session");
    assert_eq!(json::<SessionInfo>(response).await.signers, []);
}

#[tokio::test]
async fn an_expired_access_token_is_refused_and_the_refresh_token_gets_a_new_one() {
    let office = start_with(Seed::Empty, |config| config.access_ttl_s = 30);
    let mut desk = office.login(&LEADER).await;
    office.province.config.clock.advance_ms(31_000);
    let response = desk
        .request(Method::GET, "/v1/session")
        .send()
        .await
        .expect("session");
    let expected = (StatusCode::UNAUTHORIZED, ProblemCode::TokenExpired);
    assert_eq!(problem(response).await, expected);
    desk.tokens = json(refresh(&office, &desk.tokens.refresh_token).await).await;
    let response = desk
        .request(Method::GET, "/v1/session")
        .send()
        .await
        .expect("session");
    assert_eq!(response.status(), StatusCode::OK);
}

#[tokio::test]
async fn a_lost_refresh_answer_logs_nobody_out_and_a_stolen_token_ends_the_session() {
    let office = start(Seed::Empty);
    let first = office.login(&LEADER).await.tokens.refresh_token;
    let lost: Tokens = json(refresh(&office, &first).await).await;
    let second: Tokens = json(refresh(&office, &first).await).await;
    let third: Tokens = json(refresh(&office, &second.refresh_token).await).await;
    // The first was superseded when the second was used; its twin died with it.
    let expected = (StatusCode::UNAUTHORIZED, ProblemCode::RefreshRevoked);
    assert_eq!(
        problem(refresh(&office, &lost.refresh_token).await).await,
        expected
    );
    // Somebody had an old token: nobody may go on with this session.
    assert_eq!(
        problem(refresh(&office, &third.refresh_token).await).await,
        expected
    );
    assert_eq!(problem(refresh(&office, "không có").await).await, expected);
}

#[tokio::test]
async fn logout_kills_both_tokens() {
    let office = start(Seed::Empty);
    let desk = office.login(&LEADER).await;
    let response = desk
        .request(Method::POST, "/v1/auth/logout")
        .send()
        .await
        .expect("logout");
    assert_eq!(response.status(), StatusCode::NO_CONTENT);
    let response = desk
        .request(Method::GET, "/v1/session")
        .send()
        .await
        .expect("session");
    assert_eq!(problem(response).await.1, ProblemCode::TokenExpired);
    let response = refresh(&office, &desk.tokens.refresh_token).await;
    assert_eq!(problem(response).await.1, ProblemCode::RefreshRevoked);
}

#[tokio::test]
async fn sessions_and_data_survive_a_restart_on_the_same_port() {
    let office = start(Seed::Few);
    let mut desk = office.login(&LEADER).await;
    let before = desk.documents().await.len();
    assert!(before > 0);
    let office = office.restart();
    desk.client = office.client();
    assert_eq!(office.province.url, desk.url);
    assert_eq!(desk.pull().await, []);
    desk.cursor = None;
    assert_eq!(desk.documents().await.len(), before);
}

#[tokio::test]
async fn nothing_but_health_and_login_answers_without_a_token() {
    let office = start(Seed::Empty);
    for (method, path) in [
        (Method::GET, "/v1/session"),
        (Method::POST, "/v1/auth/logout"),
        (Method::GET, "/v1/changes"),
        (Method::GET, "/v1/blobs/00"),
        (Method::POST, "/v1/uploads"),
        (Method::HEAD, "/v1/uploads/00"),
        (Method::PATCH, "/v1/uploads/00"),
        (Method::DELETE, "/v1/uploads/00"),
    ] {
        let url = format!("{}{path}", office.province.url);
        let response = office
            .client()
            .request(method.clone(), url)
            .send()
            .await
            .expect("answer");
        assert_eq!(
            response.status(),
            StatusCode::UNAUTHORIZED,
            "{method} {path}"
        );
    }
}
