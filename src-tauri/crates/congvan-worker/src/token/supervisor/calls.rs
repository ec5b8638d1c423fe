//! Calls with a deadline, and the one session a module can have.

use std::time::Duration;

use tokio::time::{Instant, timeout_at};

use super::{OpenSession, Supervisor};
use crate::{
    Loss,
    process::Worker,
    token::{SignAlgorithm, TokenError, client::unexpected},
    wire::{FromToken, ToToken, TokenCall, TokenReply},
};

/// The id of messages that answer nothing.
pub(super) const UNASKED: u32 = 0;

impl Supervisor {
    pub(super) async fn open(
        &mut self,
        number: u64,
        call: TokenCall,
        deadline: Duration,
    ) -> Result<(), TokenError> {
        if self.session.is_some() {
            self.release_session().await;
        }
        match self.call(call, deadline).await? {
            TokenReply::Opened { session } => {
                self.session = Some(OpenSession {
                    number,
                    worker_number: session,
                    last_used: Instant::now(),
                });
                Ok(())
            }
            reply => Err(unexpected(&reply)),
        }
    }

    pub(super) async fn sign(
        &mut self,
        number: u64,
        algorithm: SignAlgorithm,
        data: Vec<u8>,
        deadline: Duration,
    ) -> Result<Vec<u8>, TokenError> {
        let session = match &self.session {
            Some(session) if session.number == number => session.worker_number,
            Some(_) | None => return Err(TokenError::SessionLost),
        };
        let result = self
            .call(
                TokenCall::Sign {
                    session,
                    algorithm,
                    data,
                },
                deadline,
            )
            .await;
        if let Some(session) = &mut self.session {
            session.last_used = Instant::now();
        }
        match result? {
            TokenReply::Signature(signature) => Ok(signature),
            reply => Err(unexpected(&reply)),
        }
    }

    pub(super) async fn release_session(&mut self) {
        if let Some(session) = self.session.take() {
            let call = TokenCall::Close {
                session: session.worker_number,
            };
            if let Err(error) = self.call(call, self.times.list).await {
                tracing::info!(%error, "session was not closed in order");
            }
        }
    }

    pub(super) async fn end_worker(&mut self) {
        self.watching = false;
        if let Some(worker) = self.worker.take() {
            worker.kill().await;
        }
    }

    /// One call with its deadline. A lost or late worker is ended, and its session with it; the
    /// call is never repeated, because it may have spent a try.
    pub(super) async fn call(
        &mut self,
        call: TokenCall,
        deadline: Duration,
    ) -> Result<TokenReply, TokenError> {
        let mut worker = match self.worker.take() {
            Some(worker) => worker,
            None => {
                self.session = None;
                self.watching = false;
                Worker::start(&self.launch)
                    .await
                    .map_err(|loss| TokenError::WorkerLost { loss })?
            }
        };
        let mut exchange = Exchange {
            until: Instant::now() + deadline,
            grace: grace(&call),
            events: Vec::new(),
        };
        let answered = exchange.run(&mut worker, call).await;
        for event in &exchange.events {
            self.told(event);
        }
        let error = match answered {
            Ok(result) => {
                self.worker = Some(worker);
                return result;
            }
            Err(Missing::Lost(loss)) => TokenError::WorkerLost { loss },
            Err(Missing::CardGone) => TokenError::TokenRemoved,
            Err(Missing::Late) => TokenError::TimedOut {
                seconds: deadline.as_secs(),
            },
        };
        worker.kill().await;
        self.session = None;
        self.watching = false;
        Err(error)
    }
}

/// How long a call may go on after a card was pulled, if that is less than its deadline. Modules
/// may wait for ever for a card that went in the middle of a call; it may also be another card that
/// went, so a signature is given the time of a slow token.
fn grace(call: &TokenCall) -> Option<Duration> {
    match call {
        TokenCall::Presence | TokenCall::Tokens | TokenCall::About | TokenCall::Watch => {
            Some(Duration::from_millis(400))
        }
        TokenCall::Sign { .. } => Some(Duration::from_secs(3)),
        TokenCall::Discover(_)
        | TokenCall::Readers
        | TokenCall::Train(_)
        | TokenCall::Open { .. }
        | TokenCall::Close { .. }
        | TokenCall::ChangePin { .. } => None,
    }
}

/// Why there is no answer.
enum Missing {
    Lost(Loss),
    /// A card was pulled, and the call did not end.
    CardGone,
    Late,
}

/// One call and its answer.
struct Exchange {
    until: Instant,
    grace: Option<Duration>,
    /// Came in between.
    events: Vec<FromToken>,
}

impl Exchange {
    async fn run(
        &mut self,
        worker: &mut Worker,
        call: TokenCall,
    ) -> Result<Result<TokenReply, TokenError>, Missing> {
        let id = worker.next_call();
        let message = ToToken { id, call };
        let sent = timeout_at(self.until, worker.send(&message)).await;
        sent.map_err(|_| Missing::Late)?.map_err(Missing::Lost)?;
        // The PIN inside is wiped here, before the token works on it.
        drop(message);
        let mut late = Missing::Late;
        loop {
            let Ok(answer) = timeout_at(self.until, worker.receive::<FromToken>()).await else {
                return Err(late);
            };
            let answer = answer.map_err(Missing::Lost)?;
            match answer.id {
                answered if answered == id => return Ok(answer.result),
                UNASKED => {
                    if let (Ok(TokenReply::SlotEvent { gone: true, .. }), Some(grace)) =
                        (&answer.result, self.grace)
                    {
                        self.until = self.until.min(Instant::now() + grace);
                        late = Missing::CardGone;
                    }
                    self.events.push(answer);
                }
                _ => return Err(Missing::Lost(Loss::Garbage)),
            }
        }
    }
}
