//! What the desk asks the server, other than files.

use congvan_model::{AccountId, MandateId};
use congvan_protocol::{
    AgencyPage, BookState, BreakAnswer, BreakRequest, EntityType, Health, InventoryBodies,
    InventoryBodiesRequest, InventoryBucket, InventoryKey, InventorySummary, Lease, LeaseRequest,
    Mandate, NewMandate, NewPost, Post, ReturnRequest, SessionInfo, SyncRequest, SyncResponse,
    VoidEntry,
};
use reqwest::{StatusCode, header};
use uuid::Uuid;

use crate::{
    client::{RemoteClient, Timed, json, timed},
    error::{RemoteError, Result, refusal},
    path_health::ServerPath,
};

impl RemoteClient {
    /// Asks whether the province's server is there: a fresh nonce, so that no cache and no captive
    /// portal can answer in its place.
    ///
    /// # Errors
    /// [`RemoteError::Unreachable`], [`RemoteError::Untrusted`], [`RemoteError::WrongNetwork`], the
    /// proxy's refusals, or the server's own refusal.
    pub async fn probe(&self) -> Result<Timed<Health>> {
        // 62 random bits: enough for what no cache has seen before.
        let nonce = format!("{:016x}", Uuid::new_v4().as_u64_pair().1);
        let url = self.url(&format!("/health?n={nonce}"));
        let request = self.http().get(url).timeout(self.config().patience.probe);
        let response = self.send(ServerPath::Health, request).await?;
        if !response.status().is_success() {
            return Err(refusal(response).await);
        }
        let health = timed::<Health>(response)
            .await
            .map_err(|error| match error {
                RemoteError::Protocol { .. } => RemoteError::WrongNetwork {
                    what: "no health in the answer",
                },
                other => other,
            })?;
        if health.nonce != nonce {
            return Err(RemoteError::WrongNetwork {
                what: "another nonce",
            });
        }
        if health.province != self.config().province {
            return Err(RemoteError::WrongNetwork {
                what: "another province",
            });
        }
        Ok(health)
    }

    /// Who is logged in, limits, trust.
    ///
    /// # Errors
    /// As [`RemoteClient::sync`].
    pub async fn session(&self) -> Result<SessionInfo> {
        json(self.get(ServerPath::Session, "/session").await?).await
    }

    /// One round: intents up, changes down.
    ///
    /// # Errors
    /// [`RemoteError::LoginNeeded`], the server's refusals, outages. After an outage the round may
    /// or may not have happened: the same ops are sent again.
    pub async fn sync(&self, request: &SyncRequest) -> Result<Timed<SyncResponse>> {
        timed(self.post(ServerPath::Sync, "/sync", request).await?).await
    }

    /// Digests of all that the account has of a kind.
    ///
    /// # Errors
    /// As [`RemoteClient::sync`].
    pub async fn inventory(&self, entity: EntityType) -> Result<InventorySummary> {
        let path = format!("/inventory?entity={}", word(entity));
        json(self.get(ServerPath::Inventory, &path).await?).await
    }

    /// What is in one bucket of the inventory.
    ///
    /// # Errors
    /// As [`RemoteClient::sync`].
    pub async fn inventory_bucket(
        &self,
        entity: EntityType,
        bucket: u8,
    ) -> Result<InventoryBucket> {
        let path = format!("/inventory?entity={}&bucket={bucket}", word(entity));
        json(self.get(ServerPath::Inventory, &path).await?).await
    }

    /// The current bodies of at most 200 things, or the word that the account no longer has them.
    ///
    /// # Errors
    /// As [`RemoteClient::sync`].
    pub async fn bodies(&self, items: Vec<InventoryKey>) -> Result<InventoryBodies> {
        let request = InventoryBodiesRequest { items };
        let path = "/inventory/bodies";
        json(self.post(ServerPath::Inventory, path, &request).await?).await
    }

    /// The number books of the office, and who holds their leases.
    ///
    /// # Errors
    /// As [`RemoteClient::sync`].
    pub async fn books(&self) -> Result<Vec<BookState>> {
        json(self.get(ServerPath::Books, "/books").await?).await
    }

    /// Takes, extends or prolongs the right to give numbers away from the server. Sent again after a
    /// lost answer it gives the same lease.
    ///
    /// # Errors
    /// `LEASE_HELD`, `YEAR_CLOSED`; as [`RemoteClient::sync`].
    pub async fn lease(&self, book: &str, year: u16, request: &LeaseRequest) -> Result<Lease> {
        let path = book_path(book, year, "lease")?;
        json(self.post(ServerPath::Books, &path, request).await?).await
    }

    /// The void numbers of a book.
    ///
    /// # Errors
    /// As [`RemoteClient::books`].
    pub async fn voids(&self, book: &str, year: u16) -> Result<Vec<VoidEntry>> {
        let path = book_path(book, year, "voids")?;
        json(self.get(ServerPath::Books, &path).await?).await
    }

    /// Gives a lease back. The mark that no number of it is given any more must be durable before.
    ///
    /// # Errors
    /// `LEASE_STALE`; as [`RemoteClient::sync`].
    pub async fn return_lease(
        &self,
        book: &str,
        year: u16,
        request: &ReturnRequest,
    ) -> Result<BookState> {
        let path = book_path(book, year, "return")?;
        json(self.post(ServerPath::Books, &path, request).await?).await
    }

    /// One of two officials says that the holder of a lease is lost.
    ///
    /// # Errors
    /// As [`RemoteClient::sync`].
    pub async fn break_lease(
        &self,
        book: &str,
        year: u16,
        request: &BreakRequest,
    ) -> Result<BreakAnswer> {
        let path = book_path(book, year, "break")?;
        json(self.post(ServerPath::Books, &path, request).await?).await
    }

    /// Gives a mandate; sent again after a lost answer it is the same one.
    ///
    /// # Errors
    /// `FORBIDDEN`, `NO_REDELEGATION`, `INVALID_REQUEST`; as [`RemoteClient::sync`].
    pub async fn give_mandate(&self, id: MandateId, new: &NewMandate) -> Result<Mandate> {
        let round = self.config().patience.round;
        let url = self.url(&format!("/mandates/{id}"));
        let call = || self.http().put(&url).timeout(round).json(new);
        json(self.authorised(ServerPath::Session, call).await?).await
    }

    /// Ends a mandate that this account gave.
    ///
    /// # Errors
    /// `FORBIDDEN`, `NOT_FOUND`; as [`RemoteClient::sync`].
    pub async fn revoke_mandate(&self, id: MandateId) -> Result<Mandate> {
        let path = format!("/mandates/{id}/revoke");
        json(self.post(ServerPath::Session, &path, &Empty {}).await?).await
    }

    /// Gives a post for a time; sent again after a lost answer it is the same one.
    ///
    /// # Errors
    /// `FORBIDDEN`, `INVALID_REQUEST`; as [`RemoteClient::sync`].
    pub async fn give_post(
        &self,
        (account, unit, role): (AccountId, &str, &str),
        new: &NewPost,
    ) -> Result<Post> {
        let round = self.config().patience.round;
        let url = self.url(&post_path(account, unit, role)?);
        let call = || self.http().put(&url).timeout(round).json(new);
        json(self.authorised(ServerPath::Session, call).await?).await
    }

    /// Ends a post that was given for a time.
    ///
    /// # Errors
    /// `FORBIDDEN`; as [`RemoteClient::sync`].
    pub async fn end_post(&self, (account, unit, role): (AccountId, &str, &str)) -> Result<()> {
        let path = format!("{}/end", post_path(account, unit, role)?);
        self.post(ServerPath::Session, &path, &Empty {}).await?;
        Ok(())
    }

    /// The next part of the directory of agencies; none when nothing changed behind the cursor. Nobody
    /// waits for it, and the server is told so.
    ///
    /// # Errors
    /// `CANNOT_CALCULATE_CHANGES` for a cursor of another history; as [`RemoteClient::sync`].
    pub async fn agencies(&self, since: Option<&str>, limit: u32) -> Result<Option<AgencyPage>> {
        let mut url = self.url(&format!("/agencies?limit={limit}"));
        if let Some(since) = since {
            // Part of an address, and the server's own word: still nothing but plain letters.
            if !since.bytes().all(is_plain) {
                return Err(RemoteError::Protocol { what: "a cursor" });
            }
            url.push_str("&since=");
            url.push_str(since);
        }
        let round = self.config().patience.round;
        let call = || {
            let request = self.http().get(&url).timeout(round);
            let request = request.header("priority", UNHURRIED);
            match since {
                Some(since) => request.header(header::IF_NONE_MATCH, format!("\"{since}\"")),
                None => request,
            }
        };
        let response = self.authorised(ServerPath::Directory, call).await?;
        if response.status() == StatusCode::NOT_MODIFIED {
            return Ok(None);
        }
        json(response).await.map(Some)
    }

    pub(crate) async fn get(&self, door: ServerPath, path: &str) -> Result<reqwest::Response> {
        let round = self.config().patience.round;
        self.authorised(door, || self.http().get(self.url(path)).timeout(round))
            .await
    }

    pub(crate) async fn post(
        &self,
        door: ServerPath,
        path: &str,
        body: &(impl serde::Serialize + ?Sized),
    ) -> Result<reqwest::Response> {
        let round = self.config().patience.round;
        let call = || self.http().post(self.url(path)).timeout(round).json(body);
        self.authorised(door, call).await
    }
}

/// A body that says nothing.
#[derive(serde::Serialize)]
struct Empty {}

/// What a request says when nobody waits for its answer (RFC 9218, section 4.1).
const UNHURRIED: &str = "u=6";

fn is_plain(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.')
}

/// A kind of thing as the query writes it.
fn word(entity: EntityType) -> &'static str {
    match entity {
        EntityType::Document => "document",
        EntityType::Opinion => "opinion",
        EntityType::Dossier => "dossier",
        EntityType::Task => "task",
        EntityType::Calendar => "calendar",
    }
}

/// Codes and roles are part of a path, so nothing but plain letters and digits may be in them.
fn post_path(account: AccountId, unit: &str, role: &str) -> Result<String> {
    let plain = |text: &str| !text.is_empty() && text.bytes().all(is_plain);
    if !plain(unit) || unit.starts_with('.') || !plain(role) {
        return Err(RemoteError::Protocol {
            what: "the code of a unit",
        });
    }
    Ok(format!("/posts/{}/{unit}/{role}", account.0))
}

/// A book's code is part of a path: a letter that a path cannot hold is escaped (`di-QĐ`), and what is
/// no code is refused.
fn book_path(book: &str, year: u16, verb: &str) -> Result<String> {
    let is_code = |letter: char| letter.is_alphanumeric() || matches!(letter, '-' | '_' | '.');
    if book.is_empty() || !book.chars().all(is_code) || book.starts_with('.') {
        return Err(RemoteError::Protocol {
            what: "the code of a book",
        });
    }
    let escaped: String = book
        .bytes()
        .map(|byte| match is_plain(byte) {
            true => char::from(byte).to_string(),
            false => format!("%{byte:02X}"),
        })
        .collect();
    Ok(format!("/books/{escaped}/{year}/{verb}"))
}
