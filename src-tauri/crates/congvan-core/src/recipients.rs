//! Groups of recipients: lists of agencies that are sent to together, kept on this machine.

use congvan_protocol::{AgencyInfo, handling::RECIPIENTS_MAX};
use congvan_store::RecipientGroup;

use crate::{Desk, DeskError, Result};

/// Longest name of a group, in characters.
const NAME_MAX: usize = 100;

impl Desk {
    /// All groups, by name.
    ///
    /// # Errors
    /// `NotLoggedIn`, disk errors.
    pub async fn recipient_groups(&self) -> Result<Vec<RecipientGroup>> {
        let session = self.session().await?;
        session
            .with_store(congvan_store::Store::recipient_groups)
            .await
    }

    /// Keeps agencies under a name, or renames and changes a known group; answers all groups.
    ///
    /// # Errors
    /// `TextEmpty`, `TextTooLong` of the name, `ActField` with `to` when nobody, somebody twice or
    /// more than 500 are in it, `GroupTaken`, `NotFound`, disk errors: then nothing was changed.
    pub async fn put_recipient_group(
        &self,
        id: Option<i64>,
        name: String,
        members: Vec<AgencyInfo>,
    ) -> Result<Vec<RecipientGroup>> {
        let session = self.session().await?;
        let length = congvan_model::nfc(name.trim()).chars().count();
        if length == 0 {
            return Err(DeskError::TextEmpty);
        }
        if length > NAME_MAX {
            return Err(DeskError::TextTooLong { limit: NAME_MAX });
        }
        let codes: std::collections::BTreeSet<&str> =
            members.iter().map(|one| one.code.as_str()).collect();
        let is_sane = (1..=RECIPIENTS_MAX).contains(&members.len())
            && codes.len() == members.len()
            && !codes.contains("");
        if !is_sane {
            return Err(DeskError::ActField { field: "to" });
        }
        let is_known = session
            .with_store(move |store| store.put_recipient_group(id, (&name, &members)))
            .await?;
        if !is_known {
            return Err(DeskError::NotFound);
        }
        self.recipient_groups().await
    }

    /// Forgets a group; answers those that are left.
    ///
    /// # Errors
    /// `NotLoggedIn`, disk errors.
    pub async fn remove_recipient_group(&self, id: i64) -> Result<Vec<RecipientGroup>> {
        let session = self.session().await?;
        session
            .with_store(move |store| store.remove_recipient_group(id))
            .await?;
        self.recipient_groups().await
    }
}
