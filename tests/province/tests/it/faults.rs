use congvan_protocol::{Health, ProblemCode};
use congvan_province::{FaultAction, FaultRule, Seed};
use congvan_testkit::LEADER;
use reqwest::{Method, StatusCode};

use crate::office::{
    applied, client, header, json, noise, opinion, problem, sha256, start, start_with,
};

#[tokio::test]
async fn a_cut_before_the_request_leaves_no_effect_and_one_after_it_leaves_exactly_one() {
    for http1 in [true, false] {
        let office = start(Seed::Few);
        let mut desk = office
            .login_with(&LEADER, client(&office.province, http1))
            .await;
        let document = desk.documents().await[0].id;
        let before = office.province.stats().expect("stats").opinions;
        let op = desk.op(document, opinion("Qua mạng chập chờn"));
        let count = || office.province.stats().expect("stats").opinions;
        office
            .province
            .fault(FaultRule::once("POST", "/v1/sync", FaultAction::CutBefore));
        desk.try_sync(vec![op.clone()])
            .await
            .expect_err("cut before");
        assert_eq!(count(), before);
        office
            .province
            .fault(FaultRule::once("POST", "/v1/sync", FaultAction::CutAfter));
        desk.try_sync(vec![op.clone()])
            .await
            .expect_err("cut after");
        assert_eq!(
            count(),
            before + 1,
            "committed although the answer was lost"
        );
        assert!(applied(&desk.settle(&op).await));
        assert_eq!(count(), before + 1);
    }
}

#[tokio::test]
async fn a_download_cut_in_the_middle_goes_on_by_range() {
    for http1 in [true, false] {
        let office = start(Seed::Empty);
        let desk = office
            .login_with(&LEADER, client(&office.province, http1))
            .await;
        let bytes = noise(1 << 20, 20);
        desk.upload(&bytes, None).await;
        let blob = sha256(&bytes);
        let rule = FaultRule::once("GET", "/v1/blobs/", FaultAction::CutAnswerAfter(300_000));
        office.province.fault(rule);
        let mut response = desk.get_blob(&blob).await;
        let etag = header(&response, "etag");
        let mut got = Vec::new();
        while let Ok(Some(chunk)) = response.chunk().await {
            got.extend(chunk);
        }
        assert!(!got.is_empty() && got.len() <= 300_000, "{}", got.len());
        let response = desk
            .request(Method::GET, &format!("/v1/blobs/{blob}"))
            .header("range", format!("bytes={}-", got.len()))
            .header("if-range", etag)
            .send()
            .await
            .expect("the rest");
        assert_eq!(response.status(), StatusCode::PARTIAL_CONTENT);
        got.extend(response.bytes().await.expect("bytes"));
        assert_eq!(got, bytes);
    }
}

#[tokio::test]
async fn overload_another_province_and_a_captive_portal_look_as_they_do_outside() {
    let office = start(Seed::Empty);
    let desk = office.login(&LEADER).await;
    office.province.fault(FaultRule::once(
        "",
        "/v1/session",
        FaultAction::Overloaded(7),
    ));
    let response = desk
        .request(Method::GET, "/v1/session")
        .send()
        .await
        .expect("answer");
    assert_eq!(header(&response, "retry-after"), "7");
    let expected = (StatusCode::SERVICE_UNAVAILABLE, ProblemCode::Overloaded);
    assert_eq!(problem(response).await, expected);
    let other = FaultAction::OtherProvince("H98".to_owned());
    office
        .province
        .fault(FaultRule::always("/v1/health", other));
    let probe = || desk.request(Method::GET, "/v1/health?n=1").send();
    let health: Health = json(probe().await.expect("health")).await;
    assert_eq!(health.province, "H98");
    office.province.clear_faults();
    let health: Health = json(probe().await.expect("health")).await;
    assert_eq!(health.province, "H99");
    office.province.fault(FaultRule::once(
        "",
        "/v1/health",
        FaultAction::CaptivePortal,
    ));
    let response = probe().await.expect("portal");
    assert_eq!(response.status(), StatusCode::OK);
    assert!(header(&response, "content-type").starts_with("text/html"));
}

#[tokio::test]
async fn the_admin_endpoint_adds_documents_faults_and_figures() {
    let office = start_with(Seed::Few, |config| config.admin = true);
    let admin = office.province.admin_url.clone().expect("admin");
    let plain = reqwest::Client::new();
    let mut desk = office.login(&LEADER).await;
    desk.pull().await;
    let post = |path: &str| plain.post(format!("{admin}{path}"));
    let added: serde_json::Value = json(post("/admin/urgent").send().await.expect("urgent")).await;
    let news = desk.documents().await;
    assert_eq!(serde_json::json!(news[0].id), added["document"]);
    let rule = FaultRule::once("GET", "/v1/session", FaultAction::CutBefore);
    let response = post("/admin/faults")
        .json(&rule)
        .send()
        .await
        .expect("fault");
    assert_eq!(response.status(), StatusCode::NO_CONTENT);
    desk.request(Method::GET, "/v1/session")
        .send()
        .await
        .expect_err("cut");
    let path = format!("/admin/documents/{}/revisions", news[0].id);
    let response = plain
        .get(format!("{admin}{path}"))
        .send()
        .await
        .expect("revisions");
    assert_eq!(json::<Vec<serde_json::Value>>(response).await.len(), 1);
    let path = format!("/admin/documents/{}/recall", news[0].id);
    assert_eq!(
        post(&path).send().await.expect("recall").status(),
        StatusCode::NO_CONTENT
    );
    assert_eq!(desk.pull().await.len(), 1);
    let stats: serde_json::Value = json(
        plain
            .get(format!("{admin}/admin/stats"))
            .send()
            .await
            .expect("stats"),
    )
    .await;
    assert_eq!(stats["documents"], 15);
    // The protocol's own port knows nothing of it.
    let response = desk
        .request(Method::POST, "/admin/urgent")
        .send()
        .await
        .expect("answer");
    assert_eq!(response.status(), StatusCode::NOT_FOUND);
}
