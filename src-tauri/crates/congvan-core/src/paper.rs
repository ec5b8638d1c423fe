//! Printing: what a printed page says of itself, and the record that it was printed.
//!
//! Appendix VI of Decree 30/2020 asks for both. The pages themselves go to the system's own print
//! dialog from the face; nothing in the file is changed.

use std::ops::RangeInclusive;

use congvan_model::{DocumentId, Sha256, Timestamp};
use congvan_store::{AuditEvent, AuditKind};

use crate::{Desk, DeskError, Result};

/// What stands at the foot of every printed page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PrintMark {
    /// Who prints.
    pub by: String,
    /// The unit of that person's main post.
    pub unit: String,
    /// When.
    pub at: Timestamp,
    /// The document's number and symbol, where it has them.
    pub notation: Option<String>,
    /// The state of the file that is printed.
    pub sha256: Sha256,
}

impl Desk {
    /// Pages (from 0) of a file's state are about to be printed: recorded in the chain before the
    /// mark is given out.
    ///
    /// # Errors
    /// `NotFound` when the document has no such file or the file no such pages, `FileNotHere`, disk
    /// errors: then nothing may be printed.
    pub async fn printing(
        &self,
        document: DocumentId,
        sha256: Sha256,
        pages: RangeInclusive<u32>,
    ) -> Result<PrintMark> {
        let detail = self.document(document).await?;
        let is_its = detail
            .files
            .iter()
            .flat_map(|file| &file.revisions)
            .any(|revision| revision.sha256 == sha256);
        if !is_its {
            return Err(DeskError::NotFound);
        }
        let count = self.pages(sha256).await?.len();
        let is_there = pages.end() >= pages.start()
            && usize::try_from(*pages.end()).is_ok_and(|last| last < count);
        if !is_there {
            return Err(DeskError::NotFound);
        }
        let session = self.session().await?;
        let at = self.now();
        let event = AuditEvent {
            kind: AuditKind::Printed,
            document: Some(document),
            detail: format!(
                "{} {}-{}",
                sha256.to_hex(),
                pages.start().saturating_add(1),
                pages.end().saturating_add(1)
            ),
        };
        session
            .with_store(move |store| store.audit(&event, at))
            .await?;
        Ok(PrintMark {
            by: session.account.full_name.clone(),
            unit: session.agency_name(),
            at,
            notation: detail.row.notation,
            sha256,
        })
    }
}
