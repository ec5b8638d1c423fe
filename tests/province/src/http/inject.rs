//! The faults in force, applied around a request.

use std::{
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
    time::Duration,
};

use axum::{
    body::{Body, BodyDataStream},
    extract::{Request, State},
    http::{StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use bytes::Bytes;
use congvan_protocol::ProblemCode;
use futures_util::{Stream, StreamExt as _};

use super::{Refusal, Shared};
use crate::faults::{CutSwitch, FaultAction};

/// The province that health names in this request's answer.
#[derive(Clone)]
pub(crate) struct OtherProvince(pub(crate) String);

pub(crate) async fn faults(
    State(office): State<Shared>,
    mut request: Request,
    next: Next,
) -> Response {
    let actions = office
        .faults
        .strike(request.method().as_str(), request.uri().path());
    let switch = request
        .extensions()
        .get::<Arc<CutSwitch>>()
        .cloned()
        .unwrap_or_default();
    let mut after = Vec::new();
    for action in actions {
        match action {
            FaultAction::CutBefore => return dead(&switch).await,
            FaultAction::DelayMs(ms) => tokio::time::sleep(Duration::from_millis(ms)).await,
            FaultAction::Overloaded(seconds) => {
                return Refusal::after(ProblemCode::Overloaded, seconds).into_response();
            }
            FaultAction::CaptivePortal => return portal(),
            FaultAction::OtherProvince(code) => {
                request.extensions_mut().insert(OtherProvince(code));
            }
            FaultAction::CutBodyAfter(bytes) => {
                request = limited(request, bytes, Some(Arc::clone(&switch)));
            }
            FaultAction::HangBodyAfter(bytes) => request = limited(request, bytes, None),
            FaultAction::CutAfter | FaultAction::CutAnswerAfter(_) => after.push(action),
        }
    }
    let mut response = next.run(request).await;
    for action in after {
        match action {
            FaultAction::CutAnswerAfter(bytes) => {
                let waker = std::task::Waker::noop();
                let sent = switch.poll_written(&Context::from_waker(waker));
                response = response.map(|body| {
                    Body::from_stream(Limited {
                        inner: body.into_data_stream(),
                        left: bytes,
                        switch: Some(Arc::clone(&switch)),
                        goal: Some(sent + bytes),
                    })
                });
            }
            FaultAction::CutAfter
            | FaultAction::CutBefore
            | FaultAction::CutBodyAfter(_)
            | FaultAction::HangBodyAfter(_)
            | FaultAction::DelayMs(_)
            | FaultAction::Overloaded(_)
            | FaultAction::CaptivePortal
            | FaultAction::OtherProvince(_) => return dead(&switch).await,
        }
    }
    response
}

/// Cuts the connection and never answers: the connection's task drops this one.
async fn dead(switch: &CutSwitch) -> Response {
    switch.cut();
    std::future::pending().await
}

fn portal() -> Response {
    let page = "<!doctype html><title>Đăng nhập Wi-Fi</title><p>Vui lòng đăng nhập mạng.</p>";
    (
        StatusCode::OK,
        [(header::CONTENT_TYPE, "text/html; charset=utf-8")],
        page,
    )
        .into_response()
}

fn limited(request: Request, left: u64, switch: Option<Arc<CutSwitch>>) -> Request {
    request.map(|body| {
        let inner = body.into_data_stream();
        Body::from_stream(Limited {
            inner,
            left,
            switch,
            goal: None,
        })
    })
}

/// A body that ends badly: after so many bytes the connection is cut, or nothing comes any more.
struct Limited {
    inner: BodyDataStream,
    left: u64,
    switch: Option<Arc<CutSwitch>>,
    /// For an answer: the count of bytes at which what was handed on has really gone out. A request
    /// has none.
    goal: Option<u64>,
}

impl Stream for Limited {
    type Item = Result<Bytes, std::io::Error>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        if self.left == 0 {
            let Some(switch) = &self.switch else {
                return Poll::Pending;
            };
            if self
                .goal
                .is_some_and(|goal| switch.poll_written(context) < goal)
            {
                return Poll::Pending;
            }
            switch.cut();
            return Poll::Ready(Some(Err(std::io::ErrorKind::ConnectionReset.into())));
        }
        match self.inner.poll_next_unpin(context) {
            Poll::Ready(Some(Ok(mut chunk))) => {
                let keep = usize::try_from(self.left)
                    .unwrap_or(usize::MAX)
                    .min(chunk.len());
                chunk.truncate(keep);
                self.left -= keep as u64;
                Poll::Ready(Some(Ok(chunk)))
            }
            Poll::Ready(Some(Err(error))) => Poll::Ready(Some(Err(std::io::Error::other(error)))),
            Poll::Ready(None) => Poll::Ready(None),
            Poll::Pending => Poll::Pending,
        }
    }
}
