use std::{collections::VecDeque, time::Duration};

use congvan_protocol::{PING_EVENT, STATE_EVENT, StateEvent};
use reqwest::{Response, header};

use crate::{
    client::{RemoteClient, broken, is_page},
    error::{RemoteError, Result, refusal},
    path_health::ServerPath,
    sse::{RawEvent, SseParser},
};

/// How often the server shall say that it is still there, seconds.
const PING_S: u32 = 25;
/// A long poll is held open by the server for 55 s.
const LONG_POLL: Duration = Duration::from_secs(65);

/// How the desk listens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Listening {
    /// One answer without end.
    Stream,
    /// One answer for each change: passes proxies that hold an answer back until it has ended.
    LongPoll,
}

/// What the server says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ServerEvent {
    /// Where the account's feed stands. Only a hint; a round says what changed.
    State {
        /// Sequence number of the newest change.
        head: u64,
    },
    /// It is still there.
    Ping,
}

/// The server's hints as they come.
pub struct EventStream {
    response: Response,
    parser: SseParser,
    ready: VecDeque<ServerEvent>,
    silence: Duration,
    client: RemoteClient,
}

impl RemoteClient {
    /// Starts to listen. What is missed between two streams is no loss: a round follows each start.
    ///
    /// # Errors
    /// As [`RemoteClient::sync`]; 404 from a server without events.
    pub async fn listen(&self, how: Listening) -> Result<EventStream> {
        let (ends, silence) = match how {
            Listening::Stream => ("no", self.config().patience.events),
            Listening::LongPoll => ("state", self.config().patience.events.max(LONG_POLL)),
        };
        let url = self.url(&format!("/events?ping={PING_S}&closeafter={ends}"));
        let call = || {
            self.patient_http()
                .get(&url)
                .header(header::ACCEPT, "text/event-stream")
        };
        // Only the stream may be silent for long; its head comes at once or not at all.
        let answered = tokio::time::timeout(
            self.config().patience.round,
            self.authorised(ServerPath::Events, call),
        );
        let response = answered.await.map_err(|_| RemoteError::Unreachable)??;
        if !response.status().is_success() {
            return Err(refusal(response).await);
        }
        let is_stream = response
            .headers()
            .get(header::CONTENT_TYPE)
            .and_then(|kind| kind.to_str().ok())
            .is_some_and(|kind| kind.starts_with("text/event-stream"));
        if !is_stream {
            return Err(if is_page(&response) {
                RemoteError::WrongNetwork {
                    what: "a web page in place of events",
                }
            } else {
                RemoteError::Protocol {
                    what: "events that are no event stream",
                }
            });
        }
        Ok(EventStream {
            response,
            parser: SseParser::default(),
            ready: VecDeque::new(),
            silence,
            client: self.clone(),
        })
    }
}

impl EventStream {
    /// The next hint; none when the server has ended the stream in good order.
    ///
    /// # Errors
    /// [`RemoteError::Unreachable`] when the line broke or was silent for longer than two heartbeats
    /// take; [`RemoteError::Protocol`] when what comes is no hint of ours.
    pub async fn next(&mut self) -> Result<Option<ServerEvent>> {
        let ended = self.wait().await;
        if let Err(fault) = &ended {
            self.client.path_failed(ServerPath::Events, fault);
        }
        ended
    }

    async fn wait(&mut self) -> Result<Option<ServerEvent>> {
        loop {
            if let Some(event) = self.ready.pop_front() {
                return Ok(Some(event));
            }
            let bytes = tokio::time::timeout(self.silence, self.response.chunk())
                .await
                .map_err(|_| RemoteError::Unreachable)?
                .map_err(|error| broken(&error))?;
            let Some(bytes) = bytes else { return Ok(None) };
            let events = self
                .parser
                .feed(&bytes)
                .map_err(|_| RemoteError::Protocol {
                    what: "an event without end",
                })?;
            for event in events {
                self.ready.extend(read(&event)?);
            }
        }
    }
}

/// Events of a newer server are passed over.
fn read(event: &RawEvent) -> Result<Option<ServerEvent>> {
    match event.name.as_str() {
        STATE_EVENT => {
            let data: StateEvent =
                serde_json::from_str(&event.data).map_err(|_| RemoteError::Protocol {
                    what: "a state without a head",
                })?;
            Ok(Some(ServerEvent::State { head: data.head }))
        }
        PING_EVENT => Ok(Some(ServerEvent::Ping)),
        _ => Ok(None),
    }
}
