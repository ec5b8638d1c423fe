use std::time::Duration;

use congvan_province::Seed;
use congvan_testkit::{CLERK, LEADER, OFFICIAL};
use futures_util::{Stream, StreamExt as _};
use reqwest::{Method, Response, StatusCode};

use crate::office::{Desk, applied, opinion, start, start_with};

async fn open(desk: &Desk, query: &str) -> Response {
    let path = format!("/v1/events{query}");
    let response = desk
        .request(Method::GET, &path)
        .send()
        .await
        .expect("events");
    assert_eq!(response.status(), StatusCode::OK);
    assert_eq!(response.headers()["content-type"], "text/event-stream");
    response
}

/// Name and data of each event.
fn events(response: Response) -> impl Stream<Item = (String, serde_json::Value)> + Unpin {
    let stream = futures_util::stream::unfold(
        (response.bytes_stream(), String::new()),
        |(mut bytes, mut text)| async move {
            loop {
                if let Some((event, rest)) = text.split_once("\n\n") {
                    let field = |name: &str| {
                        let line = event.lines().find_map(|line| line.strip_prefix(name));
                        line.unwrap_or_default().trim().to_owned()
                    };
                    let data = serde_json::from_str(&field("data:")).expect("json");
                    let found = (field("event:"), data);
                    let rest = rest.to_owned();
                    return Some((found, (bytes, rest)));
                }
                let chunk = bytes.next().await?.expect("line");
                text.push_str(std::str::from_utf8(&chunk).expect("utf-8"));
            }
        },
    );
    Box::pin(stream)
}

async fn soon<T>(future: impl Future<Output = T>) -> T {
    tokio::time::timeout(Duration::from_secs(20), future)
        .await
        .expect("in time")
}

#[tokio::test]
async fn a_change_of_one_account_is_told_to_that_account_after_it_is_committed() {
    let office = start(Seed::Few);
    let mut leader = office.login(&LEADER).await;
    let clerk = office.login(&CLERK).await;
    let mut of_leader = events(open(&leader, "").await);
    let mut of_clerk = events(open(&clerk, "").await);
    let (name, first) = soon(of_leader.next()).await.expect("event");
    assert_eq!(name, "state");
    soon(of_clerk.next()).await.expect("event");
    // A document that only the leader and the clerk share; MarkRead moves only the reader's feed.
    let document = leader.documents().await[0].id;
    let read = leader.op(document, congvan_protocol::Intent::MarkRead);
    assert!(applied(&leader.settle(&read).await));
    let (_, second) = soon(of_leader.next()).await.expect("event");
    assert_eq!(
        second["head"].as_u64(),
        first["head"].as_u64().map(|head| head + 1)
    );
    let words = leader.op(document, opinion("Ai cũng biết"));
    assert!(applied(&leader.settle(&words).await));
    let (_, told) = soon(of_clerk.next()).await.expect("event");
    let mut fresh = clerk;
    let changes = fresh.pull().await;
    assert!(told["head"].as_u64().expect("head") >= changes.len() as u64);
    soon(of_leader.next()).await.expect("event");
}

#[tokio::test]
async fn the_line_says_by_name_that_it_is_alive() {
    let office = start(Seed::Few);
    let desk = office.login(&OFFICIAL).await;
    let mut line = events(open(&desk, "?ping=1").await);
    assert_eq!(soon(line.next()).await.expect("event").0, "state");
    let (name, data) = soon(line.next()).await.expect("event");
    assert_eq!(
        (name.as_str(), data["interval"].as_u64()),
        ("ping", Some(1))
    );
}

#[tokio::test]
async fn a_long_poll_answers_at_once_when_it_is_behind_and_else_with_the_next_news() {
    let office = start(Seed::Few);
    let leader = office.login(&LEADER).await;
    let mut line = events(open(&leader, "?closeafter=state").await);
    let (_, state) = soon(line.next()).await.expect("event");
    assert!(soon(line.next()).await.is_none(), "closed after it");
    let head = state["head"].as_u64().expect("head");
    let behind = open(&leader, &format!("?closeafter=state&after={}", head - 1)).await;
    assert_eq!(soon(events(behind).next()).await.expect("event").1, state);
    let response = open(&leader, &format!("?closeafter=state&after={head}")).await;
    let mut waiting = events(response);
    assert!(futures_util::poll!(waiting.next()).is_pending());
    office.province.add_urgent_document().expect("urgent");
    let (_, news) = soon(waiting.next()).await.expect("event");
    assert_eq!(news["head"].as_u64(), Some(head + 1));
    assert!(soon(waiting.next()).await.is_none());
}

#[tokio::test]
async fn two_thousand_listeners_all_hear_of_one_document_and_the_server_answers_meanwhile() {
    let office = start(Seed::Few);
    let leader = office.login(&LEADER).await;
    let mut lines = Vec::new();
    // A hundred streams to a connection.
    for _ in 0..20 {
        let desk = Desk {
            client: office.client(),
            url: leader.url.clone(),
            tokens: leader.tokens.clone(),
            device: leader.device,
            cursor: None,
            seq: 0,
            incarnation: "i1".to_owned(),
            settled: 0,
            capacity: None,
        };
        let opened = (0..100).map(|_| open(&desk, "?ping=300"));
        for response in futures_util::future::join_all(opened).await {
            lines.push(events(response));
        }
    }
    for line in &mut lines {
        soon(line.next()).await.expect("event");
    }
    let mut clerk = office.login(&CLERK).await;
    assert!(!clerk.pull().await.is_empty());
    office.province.add_urgent_document().expect("urgent");
    let heard = futures_util::future::join_all(lines.iter_mut().map(|line| soon(line.next())));
    assert_eq!(heard.await.into_iter().flatten().count(), 2000);
}

#[tokio::test]
async fn without_a_place_for_another_listener_a_desk_is_told_to_poll() {
    let office = start_with(Seed::Few, |config| config.max_listeners = 1);
    let leader = office.login(&LEADER).await;
    let first = open(&leader, "").await;
    let path = "/v1/events";
    let second = leader
        .request(Method::GET, path)
        .send()
        .await
        .expect("answer");
    assert_eq!(second.status(), StatusCode::SERVICE_UNAVAILABLE);
    assert!(second.headers().contains_key("retry-after"));
    drop(first);
}
