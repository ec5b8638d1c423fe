use std::{convert::Infallible, sync::Arc, time::Duration};

use axum::{
    extract::{Query, State},
    http::HeaderMap,
    response::{
        IntoResponse, Response,
        sse::{Event, Sse},
    },
};
use congvan_protocol::{PING_EVENT, PingEvent, Problem, ProblemCode, STATE_EVENT, StateEvent};
use serde::Deserialize;
use tokio::{
    sync::{OwnedSemaphorePermit, watch},
    time::Instant,
};

use super::{Caller, Refusal, Shared, blocking};
use crate::{feed, mutant::Mutant};

/// How long a request that ends with the first news waits for it.
const LONG_POLL: Duration = Duration::from_secs(55);

/// Query of the event stream.
#[derive(Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Wanted {
    /// Seconds between two `ping` events, 1 to 300; 25 when absent.
    ping: Option<u32>,
    /// `no` keeps the stream open; `state` ends it after the first `state` event, or after 55
    /// seconds without one: a long poll.
    #[serde(default)]
    closeafter: CloseAfter,
    /// The head that the desk knows of. With it the first `state` event comes when the head is
    /// another one; without it at once. `Last-Event-ID` says the same.
    after: Option<u64>,
}

/// When the stream ends.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum CloseAfter {
    /// When the access token's time is over, at the latest.
    #[default]
    No,
    /// After the first news.
    State,
}

/// Hints that the account's feed has moved, as server-sent events. Only hints: whoever misses one
/// learns the same at the next poll.
#[utoipa::path(
    get, path = "/v1/events", tag = "sync", params(
        Wanted,
        ("last-event-id" = Option<u64>, Header, description = "As `after`"),
    ),
    security(("bearer" = [])),
    responses(
        (status = 200, content_type = "text/event-stream", body = String,
         description = "`event: state` with `StateEvent` as data and the head as id; \
                        `event: ping` with `PingEvent`",
         example = "id: 41\nevent: state\ndata: {\"head\":41}\n\nevent: ping\ndata: {\"interval\":25}\n\n"),
        (status = 400, description = "INVALID_REQUEST", body = Problem),
        (status = 401, description = "TOKEN_EXPIRED", body = Problem),
        (status = 503, description = "OVERLOADED: poll instead", body = Problem),
    )
)]
pub(crate) async fn events(
    State(office): State<Shared>,
    caller: Caller,
    query: Result<Query<Wanted>, axum::extract::rejection::QueryRejection>,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    let Ok(Query(wanted)) = query else {
        return Err(Refusal::new(ProblemCode::InvalidRequest));
    };
    let place = Arc::clone(&office.listeners)
        .try_acquire_owned()
        .map_err(|_| Refusal::after(ProblemCode::Overloaded, 60))?;
    let known = headers
        .get("last-event-id")
        .and_then(|value| value.to_str().ok()?.parse().ok())
        .or(wanted.after);
    // Subscribed before the head is read: what is committed in between is not missed.
    let heads = office.db.hub().subscribe(caller.account);
    let head = blocking(&office, move |office| {
        let head = office.db.read(|tx| feed::head(tx, caller.account))?;
        Ok(u64::try_from(head).unwrap_or(0))
    })
    .await?;
    let now = Instant::now();
    let is_poll = wanted.closeafter == CloseAfter::State;
    let ttl = Duration::from_secs(u64::from(office.config.access_ttl_s));
    let interval = wanted.ping.unwrap_or(25).clamp(1, 300);
    let line = Line {
        heads,
        told: known.unwrap_or(head),
        first: (known != Some(head)).then_some(head),
        interval,
        next_ping: now + Duration::from_secs(u64::from(interval)),
        end: now + if is_poll { LONG_POLL.min(ttl) } else { ttl },
        is_poll,
        is_over: false,
        is_silent: office.config.mutant == Some(Mutant::SilentEvents),
        _place: place,
    };
    let stream = futures_util::stream::unfold(line, Line::next);
    let mut response = Sse::new(stream).into_response();
    // Proxies that gather an answer before they pass it on would defeat the purpose.
    response.headers_mut().insert(
        "x-accel-buffering",
        axum::http::HeaderValue::from_static("no"),
    );
    Ok(response)
}

/// One stream.
struct Line {
    heads: watch::Receiver<u64>,
    /// The head that was told last.
    told: u64,
    /// To be told at once.
    first: Option<u64>,
    interval: u32,
    next_ping: Instant,
    end: Instant,
    is_poll: bool,
    is_over: bool,
    is_silent: bool,
    _place: OwnedSemaphorePermit,
}

impl Line {
    async fn next(mut self) -> Option<(Result<Event, Infallible>, Self)> {
        if self.is_over {
            return None;
        }
        if let Some(head) = self.first.take() {
            return self.state(head);
        }
        loop {
            let wake = self.next_ping.min(self.end);
            tokio::select! {
                changed = self.heads.changed() => {
                    changed.ok()?;
                    let head = *self.heads.borrow_and_update();
                    if head != self.told && !self.is_silent {
                        return self.state(head);
                    }
                }
                () = tokio::time::sleep_until(wake) => {
                    if wake == self.end {
                        return None;
                    }
                    return self.ping();
                }
            }
        }
    }

    fn state(mut self, head: u64) -> Option<(Result<Event, Infallible>, Self)> {
        self.told = head;
        self.is_over = self.is_poll;
        let event = Event::default().id(head.to_string()).event(STATE_EVENT);
        let event = event.json_data(StateEvent { head }).ok()?;
        Some((Ok(event), self))
    }

    fn ping(mut self) -> Option<(Result<Event, Infallible>, Self)> {
        let interval = self.interval;
        self.next_ping += Duration::from_secs(u64::from(interval));
        let event = Event::default().event(PING_EVENT);
        let event = event.json_data(PingEvent { interval }).ok()?;
        Some((Ok(event), self))
    }
}
