//! Posts for a time: who manages a unit (quản trị đơn vị) gives them there and ends them, and gets to
//! see nothing by it.

use congvan_model::{AccountId, Role, Timestamp, nfc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::Post;

/// Longest title of a post, in characters.
pub const TITLE_MAX: usize = 100;

/// The roles that who manages a unit gives: leaders are appointed from above, and the management of
/// a unit is not passed on.
pub const GIVEN_ROLES: [Role; 5] = [
    Role::Head,
    Role::Official,
    Role::UnitClerk,
    Role::Clerk,
    Role::Archivist,
];

/// Body of `PUT /v1/posts/{account}/{unit}/{role}`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct NewPost {
    /// The title as signed, 1 to 100 characters.
    pub title: String,
    /// From when, by the server's clock.
    #[schema(value_type = i64)]
    pub since: Timestamp,
    /// Until when, not included, after the beginning and after now; none: no end is set.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<i64>)]
    pub until: Option<Timestamp>,
}

impl NewPost {
    /// Whether it says what it must.
    ///
    /// # Errors
    /// The field that is missing or out of bounds.
    pub fn check(&self, now: Timestamp) -> Result<(), &'static str> {
        let length = nfc(self.title.trim()).chars().count();
        if !(1..=TITLE_MAX).contains(&length) {
            Err("title")
        } else if self
            .until
            .is_some_and(|until| until <= self.since || until <= now)
        {
            Err("until")
        } else {
            Ok(())
        }
    }
}

/// Whether an account with these posts gives and ends that post of another: one of
/// [`GIVEN_ROLES`], in a unit that it manages, and never its own.
#[must_use]
pub fn may_give_post(
    (caller, posts): (AccountId, &[Post]),
    (account, unit, role): (AccountId, &str, Role),
    now: Timestamp,
) -> bool {
    let manages =
        |post: &Post| post.role == Role::UnitAdmin && post.is_held(now) && post.reaches(unit);
    caller != account && GIVEN_ROLES.contains(&role) && posts.iter().any(manages)
}
