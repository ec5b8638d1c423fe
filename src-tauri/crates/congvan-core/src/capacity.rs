//! In what capacity this person acts: by one of several posts, or in a leader's place. What was chosen
//! is remembered; acts, signatures and what is offered follow it.

use congvan_model::{AccountId, MandateId, Role, Timestamp};
use congvan_protocol::{
    AccountInfo, Acting, Capacity, Mandate, NewMandate, NewPost, Post, may_give_post,
};
use uuid::Uuid;

use crate::{ChangeTag, Desk, DeskError, Result, desk::remote_fault, session::Session};

/// What this person can act as.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Capacities {
    /// The posts that the person holds now, the main one first.
    pub posts: Vec<Post>,
    /// Those that have not begun.
    pub coming: Vec<Post>,
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

/// A post in a unit that this person manages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ManagedPost {
    /// Whose.
    pub account: AccountId,
    /// The person's name.
    pub full_name: String,
    /// Which, with its time.
    pub post: Post,
    /// Whether this person may end it.
    pub may_end: bool,
}

impl Desk {
    /// What this person can act as, and what was chosen.
    ///
    /// # Errors
    /// `NotLoggedIn`.
    pub async fn capacities(&self) -> Result<Capacities> {
        let (session, now) = (self.session().await?, self.now());
        let (person, mandates) = session.standing(now);
        let info = session.info();
        let known = info.iter().flat_map(|info| &info.coming);
        Ok(Capacities {
            account: person.id,
            posts: person.posts,
            coming: known
                .filter(|post| post.since.is_some_and(|since| now < since))
                .cloned()
                .collect(),
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
        let (person, mandates) = session.standing(now);
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

    /// The posts in the units that this person manages: of whom, which, and whether it was given for
    /// a time, so that it can be ended.
    ///
    /// # Errors
    /// `NotLoggedIn`.
    pub async fn managed_posts(&self) -> Result<Vec<ManagedPost>> {
        let (session, now) = (self.session().await?, self.now());
        let (person, _) = session.standing(now);
        let manages = |unit: &str| {
            let mut own = person.posts.iter();
            own.any(|post| post.role == Role::UnitAdmin && post.reaches(unit))
        };
        let info = session.info();
        let mut managed = Vec::new();
        for one in info.iter().flat_map(|info| &info.people) {
            let main = Post {
                role: one.role,
                title: one.title.clone(),
                agency: one.unit.clone(),
                since: None,
                until: None,
            };
            for post in std::iter::once(&main).chain(&one.further) {
                let is_over = post.until.is_some_and(|until| until <= now);
                if !manages(&post.agency.code) || is_over {
                    continue;
                }
                let asked = (one.account, post.agency.code.as_str(), post.role);
                let is_given = post.since.is_some() || post.until.is_some();
                managed.push(ManagedPost {
                    account: one.account,
                    full_name: one.full_name.clone(),
                    may_end: is_given && may_give_post((person.id, &person.posts), asked, now),
                    post: post.clone(),
                });
            }
        }
        Ok(managed)
    }

    /// Gives a post for a time in a unit that this person manages: the server has it when this
    /// returns.
    ///
    /// # Errors
    /// `ActField` with `title` or `until`; `Unreachable`, `ServerRefused`; disk errors.
    pub async fn give_post(
        &self,
        (account, unit, role): (AccountId, &str, &str),
        new: NewPost,
    ) -> Result<()> {
        let session = self.session().await?;
        new.check(self.now())
            .map_err(|field| DeskError::ActField { field })?;
        let given = session.remote.give_post((account, unit, role), &new).await;
        given.map_err(|error| remote_fault(&error))?;
        self.learn_standing(&session).await.map(|_| ())
    }

    /// Ends a post now that was given for a time.
    ///
    /// # Errors
    /// `Unreachable`, `ServerRefused`; disk errors.
    pub async fn end_post(&self, place: (AccountId, &str, &str)) -> Result<()> {
        let session = self.session().await?;
        let ended = session.remote.end_post(place).await;
        ended.map_err(|error| remote_fault(&error))?;
        self.learn_standing(&session).await.map(|_| ())
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
    /// Who this is by the server's last word, with the posts that are held at that moment and the
    /// mandates. A post that begins or ends while the line is down does so here too.
    pub(crate) fn standing(&self, now: Timestamp) -> (AccountInfo, Vec<Mandate>) {
        let (mut person, mandates) = match self.info() {
            Some(info) => {
                let mut person = info.account.clone();
                person.posts.extend(info.coming.iter().cloned());
                (person, info.mandates.clone())
            }
            None => (self.account.clone(), Vec::new()),
        };
        person.posts.retain(|post| post.is_held(now));
        (person, mandates)
    }

    /// Who acts now, in the capacity that was chosen.
    ///
    /// # Errors
    /// `CapacityEnded`: what was chosen is no longer this person's; it is chosen anew first.
    pub(crate) fn acting(&self, now: Timestamp) -> Result<Acting> {
        let (person, mandates) = self.standing(now);
        let capacity = self.capacity();
        Acting::resolve(&person, capacity.as_ref(), &mandates, now)
            .map_err(|_| DeskError::CapacityEnded)
    }

    /// Who acts by posts of their own, never in a leader's place.
    pub(crate) fn acting_by_post(&self, now: Timestamp) -> Result<Acting> {
        let acting = self.acting(now)?;
        match acting.mandate {
            None => Ok(acting),
            Some(_) => Err(DeskError::ActForbidden),
        }
    }

    /// The one of several posts by which something may be done, where none was chosen and it may not be
    /// done without: one that is held for good before one that ends.
    pub(crate) fn post_for(
        &self,
        now: Timestamp,
        may: impl Fn(&Acting) -> bool,
    ) -> Option<Capacity> {
        let (person, _) = self.standing(now);
        if self.capacity().is_some() || person.posts.len() < 2 {
            return None;
        }
        let by = |posts: Vec<Post>| Acting {
            account: person.id,
            full_name: person.full_name.clone(),
            posts,
            mandate: None,
        };
        if may(&by(Vec::new())) {
            return None;
        }
        let mut posts: Vec<&Post> = person.posts.iter().collect();
        posts.sort_by_key(|post| post.until.is_some());
        let post = posts
            .into_iter()
            .find(|post| may(&by(vec![(*post).clone()])));
        post.map(|post| Capacity::Post {
            unit: post.agency.code.clone(),
            role: post.role,
        })
    }

    /// The person with the posts that count now: where one was chosen, that one.
    pub(crate) fn person(&self, now: Timestamp) -> AccountInfo {
        let (mut person, _) = self.standing(now);
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
