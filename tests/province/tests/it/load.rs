use congvan_protocol::{Health, Load, ProblemCode, SyncResponse};
use congvan_province::Seed;
use congvan_testkit::{CLERK, LEADER};
use reqwest::{Method, StatusCode};

use crate::office::{json, problem, start, start_with};

#[tokio::test]
async fn what_an_operator_says_about_the_load_is_in_every_answer() {
    let office = start(Seed::Few);
    let mut leader = office.login(&LEADER).await;
    assert_eq!(leader.sync(Vec::new()).await.load, Load::Calm);
    office.province.say_load(Load::Strained);
    let answer = leader.sync(Vec::new()).await;
    assert_eq!((answer.load, answer.next_poll_s), (Load::Strained, 180));
    let response = leader.request(Method::GET, "/v1/health").send().await;
    let health: Health = json(response.expect("health")).await;
    assert_eq!(health.load, Load::Strained);
}

#[tokio::test]
async fn at_the_worst_only_acts_and_urgent_things_are_served() {
    let office = start(Seed::Few);
    let mut leader = office.login(&LEADER).await;
    let blob = leader.documents().await[0].files[0].revisions[0].sha256;
    office.province.say_load(Load::Critical);
    for path in [
        "/v1/inventory?entity=document".to_owned(),
        format!("/v1/blobs/{blob}"),
    ] {
        let response = leader
            .request(Method::GET, &path)
            .send()
            .await
            .expect("answer");
        assert!(response.headers().contains_key("retry-after"));
        let expected = (StatusCode::SERVICE_UNAVAILABLE, ProblemCode::Overloaded);
        assert_eq!(problem(response).await, expected, "{path}");
    }
    let opened = leader
        .request(Method::GET, &format!("/v1/blobs/{blob}"))
        .header("priority", "u=0");
    assert_eq!(
        opened.send().await.expect("answer").status(),
        StatusCode::OK
    );
    assert!(!leader.sync(Vec::new()).await.more);
}

#[tokio::test]
async fn a_crowd_is_served_or_told_different_times_to_come_back_and_the_load_is_measured() {
    let office = start_with(Seed::Few, |config| {
        config.max_running = 1;
        config.max_waiting = 2;
    });
    let mut clerk = office.login(&CLERK).await;
    clerk.pull().await;
    let crowd = (0..60).map(|_| clerk.request(Method::GET, "/v1/changes").send());
    let (mut served, mut waits) = (0, Vec::new());
    for response in futures_util::future::join_all(crowd).await {
        let response = response.expect("an answer");
        if response.status() == StatusCode::OK {
            let page: SyncResponse = json(response).await;
            assert!(!page.changes.is_empty());
            served += 1;
        } else {
            let wait: u32 = response.headers()["retry-after"]
                .to_str()
                .expect("text")
                .parse()
                .expect("seconds");
            waits.push(wait);
            assert_eq!(problem(response).await.1, ProblemCode::Overloaded);
        }
    }
    assert!(served >= 3, "{served}");
    assert!(!waits.is_empty());
    assert!(waits.iter().all(|wait| (1..=300).contains(wait)));
    let response = clerk.request(Method::GET, "/v1/health").send().await;
    let health: Health = json(response.expect("the probe is always answered")).await;
    assert_eq!(health.load, Load::Critical);
}
