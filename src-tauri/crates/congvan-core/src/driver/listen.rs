//! The server's hints.

use std::sync::Arc;

use congvan_remote::{Listening, RemoteError, ServerEvent};
use congvan_sync::{Answer, Listen, Ticket};
use tokio_util::sync::CancellationToken;

use super::{Changed, Message, Shared, effects::failure};

/// What a hint is to the loop.
pub(super) fn message(ticket: Ticket, event: ServerEvent) -> Message {
    match event {
        ServerEvent::State { head } => Message::HeadMoved { ticket, head },
        ServerEvent::Ping => Message::Heartbeat(ticket),
    }
}

/// Listens until the stream ends, breaks or is cancelled.
pub(super) async fn listen(
    shared: Arc<Shared>,
    how: Listen,
    told: impl Fn(ServerEvent) + Send + 'static,
    cancel: CancellationToken,
) -> (Answer, Changed) {
    let how = match how {
        Listen::Stream => Listening::Stream,
        Listen::LongPoll => Listening::LongPoll,
    };
    let hearing = async {
        let mut hints = shared.parts.remote.listen(how).await?;
        while let Some(event) = hints.next().await? {
            told(event);
        }
        Ok::<_, RemoteError>(())
    };
    let ended = tokio::select! {
        () = cancel.cancelled() => Err(RemoteError::Cancelled),
        ended = hearing => ended,
    };
    if let Err(error) = &ended {
        tracing::info!(%error, "listening ended");
    }
    (
        Answer::Listen(ended.map_err(|error| failure(&error))),
        Changed::Nothing,
    )
}
