use std::sync::Arc;

use congvan_protocol::{LoginRequest, ProblemCode, RefreshRequest, Tokens};
use secrecy::{ExposeSecret, SecretString};
use tokio::sync::Mutex;

use crate::{
    client::{RemoteClient, json},
    error::{RemoteError, Result},
    path_health::ServerPath,
};

/// Where a new refresh token is made durable (the keyring). Called on a thread that may block, and
/// before the token is first used: the server keeps the old one good until then, so that neither a
/// lost answer nor a crash logs anybody out.
pub type TokenSink = Arc<dyn Fn(&SecretString) + Send + Sync>;

/// The tokens in memory.
#[derive(Default)]
pub(crate) struct Tickets {
    pub(crate) access: Option<SecretString>,
    pub(crate) refresh: Option<SecretString>,
    /// Rises with every renewal, so that of many calls that met an expired token one renews.
    pub(crate) generation: u64,
}

/// The tokens and who keeps them.
pub(crate) struct Auth {
    pub(crate) tickets: Mutex<Tickets>,
    pub(crate) sink: TokenSink,
}

impl RemoteClient {
    /// Logs in. The refresh token goes to the sink, the rest stays here.
    ///
    /// # Errors
    /// [`RemoteError::Refused`] with `BAD_CREDENTIALS` or `TOO_MANY_ATTEMPTS`; outages.
    pub async fn login(&self, request: &LoginRequest) -> Result<congvan_protocol::AccountInfo> {
        let call = self.http().post(self.url("/auth/login")).json(request);
        let response = self
            .send(ServerPath::Auth, call.timeout(self.config().patience.round))
            .await?;
        let tokens = json(response).await?;
        let mut tickets = self.auth().tickets.lock().await;
        self.keep(&mut tickets, tokens).await
    }

    /// Takes over the refresh token of an earlier run.
    pub async fn resume(&self, refresh: SecretString) {
        self.auth().tickets.lock().await.refresh = Some(refresh);
    }

    /// Ends the session at the server, as far as it answers, and forgets the tokens.
    pub async fn logout(&self) {
        let mut tickets = self.auth().tickets.lock().await;
        if tickets.access.is_none() && tickets.refresh.is_some() {
            // The server is told by an access token only. One that does not answer now is not waited
            // for: the session ends there when its time is over.
            let renewed =
                tokio::time::timeout(self.config().patience.probe, self.renew(&mut tickets));
            if renewed.await.is_err() {
                tracing::info!("the server did not answer before the logout");
            }
        }
        if let Some(access) = tickets.access.take() {
            let call = self
                .http()
                .post(self.url("/auth/logout"))
                .timeout(self.config().patience.probe)
                .bearer_auth(access.expose_secret());
            if let Err(error) = self.send(ServerPath::Auth, call).await {
                tracing::info!(%error, "the server did not hear of the logout");
            }
        }
        tickets.refresh = None;
        tickets.generation += 1;
    }

    /// A good access token; gets one when there is none.
    pub(crate) async fn access(&self) -> Result<(SecretString, u64)> {
        let mut tickets = self.auth().tickets.lock().await;
        if tickets.access.is_none() {
            self.renew(&mut tickets).await?;
        }
        let access = tickets.access.clone().ok_or(RemoteError::LoginNeeded)?;
        Ok((access, tickets.generation))
    }

    /// The server called a token expired: of all who met that, the first renews it.
    pub(crate) async fn expired(&self, generation: u64) -> Result<()> {
        let mut tickets = self.auth().tickets.lock().await;
        if tickets.generation == generation {
            self.renew(&mut tickets).await?;
        }
        Ok(())
    }

    async fn renew(&self, tickets: &mut Tickets) -> Result<()> {
        let refresh = tickets.refresh.clone().ok_or(RemoteError::LoginNeeded)?;
        let body = RefreshRequest {
            refresh_token: refresh.expose_secret().to_owned(),
        };
        let call = self.http().post(self.url("/auth/refresh")).json(&body);
        let response = self
            .send(ServerPath::Auth, call.timeout(self.config().patience.round))
            .await?;
        match json(response).await {
            Ok(tokens) => self.keep(tickets, tokens).await.map(drop),
            Err(RemoteError::Refused {
                code: ProblemCode::RefreshRevoked,
                ..
            }) => {
                tickets.access = None;
                tickets.refresh = None;
                Err(RemoteError::LoginNeeded)
            }
            Err(other) => Err(other),
        }
    }

    async fn keep(
        &self,
        tickets: &mut Tickets,
        tokens: Tokens,
    ) -> Result<congvan_protocol::AccountInfo> {
        let refresh = SecretString::from(tokens.refresh_token);
        let (sink, durable) = (self.auth().sink.clone(), refresh.clone());
        tokio::task::spawn_blocking(move || sink(&durable))
            .await
            .map_err(|_| RemoteError::Protocol {
                what: "the keeper of tokens failed",
            })?;
        tickets.access = Some(SecretString::from(tokens.access_token));
        tickets.refresh = Some(refresh);
        tickets.generation += 1;
        Ok(tokens.account)
    }
}
