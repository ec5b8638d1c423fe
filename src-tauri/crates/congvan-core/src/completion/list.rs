//! The queue as a person sees it.

use congvan_model::{FileId, Timestamp};
use congvan_protocol::SignatureLevel;
use congvan_remote::evidence::EndpointReport;
use congvan_store::CompletionRow;

use super::rules;
use crate::{ChangeTag, Desk, Result};

/// How the completion of one file stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CompletionStage {
    /// Under way just now.
    Working,
    /// Due.
    Waiting,
    /// Failed, tried again then.
    Resting {
        /// When.
        until: Timestamp,
    },
    /// Trying again is no use.
    Closed,
    /// The certificate was revoked before the earliest proven time.
    Blocked,
}

/// A file that has not reached the province's level.
#[derive(Clone, Debug)]
pub struct CompletionView {
    /// What is kept of it.
    pub row: CompletionRow,
    /// How it stands.
    pub stage: CompletionStage,
}

/// How an endpoint is doing.
#[derive(Clone, Debug)]
pub struct EndpointView {
    /// Its health.
    pub report: EndpointReport,
    /// Time stamps asked today; none where it gives none.
    pub used_today: Option<u32>,
    /// Time stamps that may be asked a day.
    pub daily_quota: Option<u32>,
}

/// The queue.
#[derive(Clone, Debug)]
pub struct Completions {
    /// The level that the province asks for.
    pub wanted: SignatureLevel,
    /// Whether there is anybody to ask for time stamps.
    pub has_authority: bool,
    /// The blocked first, then the oldest.
    pub entries: Vec<CompletionView>,
    /// Those that were asked in this run.
    pub endpoints: Vec<EndpointView>,
}

impl Desk {
    /// What is still to be completed, and how those are doing who are asked for it.
    ///
    /// # Errors
    /// `NotLoggedIn`, disk faults.
    pub async fn completions(&self) -> Result<Completions> {
        let session = self.session().await?;
        let rules = rules(session.info().as_deref());
        let (wanted, now) = (rules.level, self.now());
        let rows = session
            .with_store(move |store| store.completions(wanted))
            .await?;
        let here = &session.completion;
        let quota = here.client.quota();
        let endpoint = |report: EndpointReport| {
            let used = quota.iter().find(|one| one.url == report.url);
            let rule = rules.time_stamping.iter().find(|one| one.url == report.url);
            EndpointView {
                used_today: used.map(|one| one.used_day),
                daily_quota: rule.and_then(|one| one.daily_quota),
                report,
            }
        };
        Ok(Completions {
            wanted,
            has_authority: !rules.time_stamping.is_empty(),
            entries: rows
                .into_iter()
                .map(|row| CompletionView {
                    stage: stage(&row, here.is_working(row.file), now),
                    row,
                })
                .collect(),
            endpoints: here.client.endpoints().into_iter().map(endpoint).collect(),
        })
    }

    /// Tries again at once, one file or all; endpoints that rest are asked again too.
    ///
    /// # Errors
    /// `NotLoggedIn`, disk faults.
    pub async fn retry_completion(&self, file: Option<FileId>) -> Result<()> {
        let session = self.session().await?;
        session.completion.client.reset_health();
        session
            .with_store(move |store| store.completion_retry(file))
            .await?;
        session.completion.wake();
        self.events_bus().changed(&[ChangeTag::Completion]);
        Ok(())
    }
}

fn stage(row: &CompletionRow, is_working: bool, now: Timestamp) -> CompletionStage {
    if row.revoked_at.is_some() {
        CompletionStage::Blocked
    } else if is_working {
        CompletionStage::Working
    } else if row.closed {
        CompletionStage::Closed
    } else if row.not_before > now {
        CompletionStage::Resting {
            until: row.not_before,
        }
    } else {
        CompletionStage::Waiting
    }
}
