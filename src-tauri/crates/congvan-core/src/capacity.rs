//! In what capacity this person acts: by one of several posts, or in a leader's place. What was chosen
//! is remembered; acts, signatures and what is offered follow it.

use congvan_model::{MandateId, Timestamp};
use congvan_protocol::{AccountInfo, Acting, Capacity, Mandate, NewMandate, Post};
use uuid::Uuid;

use crate::{ChangeTag, Desk, DeskError, Result, desk::remote_fault, session::Session};

/// What this person can act as.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Capacities {
    /// The person's posts, the main one first.
    pub posts: Vec<Post>,
    /// The mandates that the person has given or holds, those that have not begun too.
    pub mandates: Vec<Mandate>,
    /// What was chosen; none: by all posts together.
    pub chosen: Option<Capacity>,
    /// Whether what was chosen is still this person's; if not, nothing is done until it is chosen anew.
    pub is_in_force: bool,
    /// Now, by the corrected clock.
    pub now: Timestamp,
    /// Who looks.
    pub account: congvan_model::AccountId,
}

impl Desk {
    /// What this person can act as, and what was chosen.
    ///
    /// # Errors
    /// `NotLoggedIn`.
    pub async fn capacities(&self) -> Result<Capacities> {
        let (session, now) = (self.session().await?, self.now());
        let (person, mandates) = session.standing();
        Ok(Capacities {
            account: person.id,
            posts: person.posts,
            mandates: mandates.into_iter().filter(|one| now < one.until).collect(),
            chosen: session.capacity(),
            is_in_force: session.acting(now).is_ok(),
            now,
        })
    }

    /// Acts from now on are done in this capacity, on this machine, until another is chosen.
    ///
    /// # Errors
    /// `CapacityEnded` when it is not this person's, or not now; disk errors.
    pub async fn choose_capacity(&self, capacity: Option<Capacity>) -> Result<Capacities> {
        let (session, now) = (self.session().await?, self.now());
        let (person, mandates) = session.standing();
        Acting::resolve(&person, capacity.as_ref(), &mandates, now)
            .map_err(|_| DeskError::CapacityEnded)?;
        session.choose(capacity).await?;
        self.events_bus()
            .changed(&[ChangeTag::Session, ChangeTag::Documents]);
        self.capacities().await
    }

    /// Gives a mandate: the server has it when this returns.
    ///
    /// # Errors
    /// `ActField` with `content`, `until` or `reference`; `Unreachable`, `ServerRefused`; disk errors.
    pub async fn give_mandate(&self, new: NewMandate) -> Result<Capacities> {
        let session = self.session().await?;
        new.check(self.now())
            .map_err(|field| DeskError::ActField { field })?;
        let id = MandateId(Uuid::now_v7());
        let given = session.remote.give_mandate(id, &new).await;
        given.map_err(|error| remote_fault(&error))?;
        self.learn_standing(&session).await
    }

    /// Ends a mandate now.
    ///
    /// # Errors
    /// `Unreachable`, `ServerRefused`; disk errors.
    pub async fn revoke_mandate(&self, id: MandateId) -> Result<Capacities> {
        let session = self.session().await?;
        let revoked = session.remote.revoke_mandate(id).await;
        revoked.map_err(|error| remote_fault(&error))?;
        self.learn_standing(&session).await
    }

    async fn learn_standing(&self, session: &Session) -> Result<Capacities> {
        let info = session.remote.session().await;
        session
            .learn(info.map_err(|error| remote_fault(&error))?)
            .await?;
        self.events_bus().changed(&[ChangeTag::Session]);
        self.capacities().await
    }
}

impl Session {
    /// Who this is by the server's last word, with the mandates.
    pub(crate) fn standing(&self) -> (AccountInfo, Vec<Mandate>) {
        match self.info() {
            Some(info) => (info.account.clone(), info.mandates.clone()),
            None => (self.account.clone(), Vec::new()),
        }
    }

    /// Who acts now, in the capacity that was chosen.
    ///
    /// # Errors
    /// `CapacityEnded`: what was chosen is no longer this person's; it is chosen anew first.
    pub(crate) fn acting(&self, now: Timestamp) -> Result<Acting> {
        let (person, mandates) = self.standing();
        let capacity = self.capacity();
        Acting::resolve(&person, capacity.as_ref(), &mandates, now)
            .map_err(|_| DeskError::CapacityEnded)
    }

    /// The person with the posts that count now: where one was chosen, that one.
    pub(crate) fn person(&self) -> AccountInfo {
        let (mut person, _) = self.standing();
        if let Some(Capacity::Post { unit, role }) = self.capacity() {
            let is_chosen = |post: &Post| post.agency.code == unit && post.role == role;
            if person.posts.iter().any(is_chosen) {
                person.posts.retain(is_chosen);
            }
        }
        person
    }

    /// The person as signatures show it: in a leader's place with the leader's post, under the title
    /// that says so.
    pub(crate) fn signing_account(&self, now: Timestamp) -> Result<AccountInfo> {
        let acting = self.acting(now)?;
        let mut posts = acting.posts;
        if let (Some(mandate), Some(post)) = (&acting.mandate, posts.first_mut()) {
            post.title = mandate.title();
        }
        Ok(AccountInfo {
            posts,
            ..self.account.clone()
        })
    }
}
