use std::time::Duration;

use futures_util::StreamExt as _;
use reqwest::{Method, Response};
use serde_json::Value;

use super::{Outcome, must};
use crate::{
    desk::{Answer, Desk, opinion, words},
    suite::{Stop, Suite},
};

/// A stream of named events.
struct Line {
    response: futures_util::stream::BoxStream<'static, reqwest::Result<bytes::Bytes>>,
    text: String,
}

impl Line {
    async fn open(desk: &Desk, query: &str) -> Result<Self, Stop> {
        let path = format!("/v1/events{query}");
        let response: Response = desk.request(Method::GET, &path).send().await?;
        if response.status().as_u16() != 200 {
            Answer::of(response).await?.is(200)?;
            return Err(Stop::Fail("no stream".to_owned()));
        }
        let kind = response.headers().get("content-type");
        let kind = kind.and_then(|kind| kind.to_str().ok()).unwrap_or_default();
        must!(kind.starts_with("text/event-stream"), "content type {kind}");
        Ok(Self {
            response: response.bytes_stream().boxed(),
            text: String::new(),
        })
    }

    /// The next event within so many seconds; none at the end of the stream.
    async fn next(&mut self, seconds: u64) -> Result<Option<(String, Value)>, Stop> {
        let late = || Stop::Fail(format!("nothing for {seconds} s"));
        tokio::time::timeout(Duration::from_secs(seconds), self.read())
            .await
            .map_err(|_| late())?
    }

    async fn read(&mut self) -> Result<Option<(String, Value)>, Stop> {
        loop {
            if let Some((event, rest)) = self.text.split_once("\n\n") {
                let field = |name: &str| {
                    let line = event.lines().find_map(|line| line.strip_prefix(name));
                    line.unwrap_or_default().trim().to_owned()
                };
                let found = (
                    field("event:"),
                    serde_json::from_str(&field("data:")).unwrap_or_default(),
                );
                self.text = rest.to_owned();
                return Ok(Some(found));
            }
            match self.response.next().await {
                None => return Ok(None),
                Some(chunk) => {
                    let chunk = chunk?;
                    self.text
                        .push_str(&String::from_utf8_lossy(&chunk).replace('\r', ""));
                }
            }
        }
    }

    /// The head of the next `state`, pings passed over.
    async fn state(&mut self, seconds: u64) -> Result<u64, Stop> {
        for _ in 0..10 {
            match self.next(seconds).await? {
                Some((name, data)) if name == "state" => {
                    let head = data["head"].as_u64();
                    return head.ok_or_else(|| Stop::Fail("a state without head".to_owned()));
                }
                Some(_) => {}
                None => return Err(Stop::Fail("the stream ended".to_owned())),
            }
        }
        Err(Stop::Fail("no state among ten events".to_owned()))
    }
}

pub(super) async fn first(suite: &Suite) -> Outcome {
    let mut line = Line::open(&suite.clerk(), "").await?;
    let head = line.state(10).await?;
    Ok(format!("head {head}"))
}

pub(super) async fn hint(suite: &Suite) -> Outcome {
    let mut desk = suite.clerk();
    let (document, _) = desk.documents().await?;
    let mut line = Line::open(&desk, "?ping=2").await?;
    let before = line.state(10).await?;
    let op = desk.op(document, opinion(&words()));
    desk.settle(&op).await?;
    let after = line.state(10).await?;
    must!(after != before, "the head stays {before}");
    Ok(format!("{before} to {after}"))
}

pub(super) async fn ping(suite: &Suite) -> Outcome {
    let mut line = Line::open(&suite.clerk(), "?ping=1").await?;
    for _ in 0..3 {
        match line.next(10).await? {
            Some((name, data)) if name == "ping" => {
                must!(data["interval"].is_u64(), "a ping without interval");
                return Ok(format!("every {} s", data["interval"]));
            }
            Some(_) => {}
            None => break,
        }
    }
    Err(Stop::Fail("no ping".to_owned()))
}

pub(super) async fn long_poll(suite: &Suite) -> Outcome {
    let mut desk = suite.clerk();
    let (document, _) = desk.documents().await?;
    let mut line = Line::open(&desk, "?closeafter=state").await?;
    let head = line.state(10).await?;
    must!(line.next(10).await?.is_none(), "it stays open");
    let query = format!("?closeafter=state&ping=5&after={head}");
    let mut line = Line::open(&desk, &query).await?;
    let op = desk.op(document, opinion(&words()));
    desk.settle(&op).await?;
    let next = line.state(10).await?;
    must!(next != head, "the head stays {head}");
    must!(line.next(10).await?.is_none(), "it stays open");
    Ok(format!("{head}, then {next}"))
}
