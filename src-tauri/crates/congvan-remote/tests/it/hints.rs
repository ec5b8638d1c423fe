use std::time::Duration;

use congvan_remote::{Listening, RemoteError, ServerEvent, ServerPath};

use crate::scripted::{Step, answer, scripted};

fn stream(events: &[&str]) -> Vec<Step> {
    let head = "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n\r\n";
    let mut steps = vec![Step::Say(head.to_owned())];
    steps.extend(events.iter().map(|event| Step::Say((*event).to_owned())));
    steps
}

#[tokio::test]
async fn hints_and_heartbeats_arrive_and_an_end_is_told_from_a_break() {
    let client = scripted(|path| {
        assert!(path.starts_with("/v1/events?ping=25&closeafter=no"));
        stream(&[
            ": hello\n\nevent: state\ndata: {\"he",
            "ad\":41}\n\nevent: ping\ndata: {\"interval\":25}\n\n",
            "event: weather\ndata: sunny\n\nevent: state\ndata: {\"head\":42}\n\n",
        ])
    })
    .await;
    let mut hints = client.listen(Listening::Stream).await.expect("listens");
    let mut heard = Vec::new();
    while let Some(event) = hints.next().await.expect("a hint") {
        heard.push(event);
    }
    let state = |head| ServerEvent::State { head };
    assert_eq!(heard, [state(41), ServerEvent::Ping, state(42)]);
}

#[tokio::test]
async fn a_stream_without_heartbeat_is_given_up() {
    let client = scripted(|_| {
        let mut steps = stream(&["event: ping\ndata: {\"interval\":25}\n\n"]);
        steps.push(Step::Pause(Duration::from_secs(20)));
        steps
    })
    .await;
    let mut hints = client.listen(Listening::Stream).await.expect("listens");
    assert_eq!(hints.next().await.expect("alive"), Some(ServerEvent::Ping));
    let silent = hints.next().await;
    assert_eq!(silent.expect_err("silent"), RemoteError::Unreachable);
    let paths = client.paths();
    let events = paths.iter().find(|door| door.path == ServerPath::Events);
    let events = events.expect("listed");
    assert_eq!((events.answered, events.failed_in_a_row), (1, 1));
}

#[tokio::test]
async fn a_long_poll_brings_one_state_and_ends() {
    let client = scripted(|path| {
        assert!(path.contains("closeafter=state"));
        stream(&["event: state\ndata: {\"head\":7}\n\n"])
    })
    .await;
    let mut hints = client.listen(Listening::LongPoll).await.expect("listens");
    let state = ServerEvent::State { head: 7 };
    assert_eq!(hints.next().await.expect("a state"), Some(state));
    assert_eq!(hints.next().await.expect("the end"), None);
}

#[tokio::test]
async fn a_page_and_nonsense_are_no_hints() {
    let page = scripted(|_| answer("200 OK", "text/html", "<html>")).await;
    let refused = page.listen(Listening::Stream).await.err();
    assert!(
        matches!(refused, Some(RemoteError::WrongNetwork { .. })),
        "{refused:?}"
    );
    let nonsense = scripted(|_| stream(&["event: state\ndata: {\"head\":\"x\"}\n\n"])).await;
    let mut hints = nonsense.listen(Listening::Stream).await.expect("listens");
    let error = hints.next().await.expect_err("no state");
    assert!(matches!(error, RemoteError::Protocol { .. }), "{error:?}");
}

#[tokio::test]
async fn pages_in_place_of_answers_are_the_wrong_network_and_half_answers_a_broken_line() {
    let client = scripted(|path| match path {
        "/v1/session" => answer("200 OK", "text/html; charset=utf-8", "<html>"),
        "/v1/books" => answer("511 Network Authentication Required", "text/html", "x"),
        path if path.starts_with("/v1/inventory") => vec![Step::Say(
            "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 900\r\n\r\n{\"epo"
                .to_owned(),
        )],
        _ => answer("502 Bad Gateway", "text/html", "<h1>nginx</h1>"),
    })
    .await;
    let session = client.session().await.expect_err("a page");
    assert!(
        matches!(session, RemoteError::WrongNetwork { .. }),
        "{session:?}"
    );
    let books = client.books().await.expect_err("a login page");
    assert!(
        matches!(books, RemoteError::WrongNetwork { .. }),
        "{books:?}"
    );
    let kind = congvan_protocol::EntityType::Document;
    let half = client.inventory(kind).await.expect_err("half an answer");
    assert_eq!(half, RemoteError::Unreachable);
    let proxy = client
        .sync(&crate::support::empty_round())
        .await
        .expect_err("a proxy's page");
    assert!(
        matches!(
            proxy,
            RemoteError::Refused {
                status: 502,
                retryable: true,
                ..
            }
        ),
        "{proxy:?}"
    );
}
