//! Dossiers at the desk: the year's list, what this person may do, doing it, adding documents. The table
//! is the protocol's; the server judges again and gives numbers and ordinals.

mod description;
mod export;
mod handover;
mod package;

use std::collections::HashMap;

use congvan_model::{AccountId, DocumentId, DossierId};
use congvan_protocol::{
    AgencyInfo, Document,
    dossier::{
        Content, Dossier, DossierAct, DossierActKind, DossierFields, DossierState, Finding,
        findings, unsettled,
    },
    handling::{ActKind, HandlingAct},
};
use congvan_store::DossierView;
use jiff::SignedDuration;
use uuid::Uuid;

pub use export::{DossierFormat, DossierPaper};
pub use package::PackageWritten;

use crate::{Desk, DeskError, Result, session::Session};

/// The archive's day is announced so long before (decree 30/2020, Appendix VI).
const AHEAD: SignedDuration = SignedDuration::from_hours(30 * 24);

/// The dossiers of a year.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DossierList {
    /// The years that have any, the latest first.
    pub years: Vec<u16>,
    /// Those of the year, by number.
    pub dossiers: Vec<DossierView>,
    /// Whether this person proposes dossiers for the list.
    pub may_plan: bool,
    /// The proposals that this person may approve.
    pub to_approve: Vec<DossierId>,
}

/// A dossier with what is inside.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DossierContents {
    /// The dossier.
    pub view: DossierView,
    /// Its documents that are here, by id.
    pub documents: HashMap<DocumentId, Document>,
    /// What is to be looked at before it is closed; empty unless it is open.
    pub findings: Vec<Finding>,
    /// What this person may do now.
    pub allowed: Vec<DossierActKind>,
}

impl Desk {
    /// The dossiers of a year.
    ///
    /// # Errors
    /// `NotLoggedIn`, disk errors.
    pub async fn dossiers(&self, year: u16) -> Result<DossierList> {
        let (session, now) = (self.session().await?, self.now());
        let (years, dossiers) = session
            .with_store(move |store| Ok((store.dossier_years()?, store.dossiers(year)?)))
            .await?;
        // Nothing is offered in a capacity that has ended.
        let acting = session.acting_by_post(now).ok();
        let may = |view: &&DossierView| {
            acting.as_ref().is_some_and(|acting| {
                let judged = view.dossier.judge(DossierActKind::Approve, &acting.actor());
                judged.is_ok()
            })
        };
        let to_approve = dossiers.iter().filter(may).map(|view| view.dossier.id);
        let to_approve = to_approve.collect();
        let may_plan = acting.is_some_and(|acting| Dossier::is_planned_by(&acting.actor()));
        Ok(DossierList {
            years,
            dossiers,
            may_plan,
            to_approve,
        })
    }

    /// A dossier with what is inside.
    ///
    /// # Errors
    /// `NotFound`, disk errors.
    pub async fn dossier(&self, id: DossierId) -> Result<DossierContents> {
        let (session, now) = (self.session().await?, self.now());
        let found = session
            .with_store(move |store| {
                let Some(view) = store.dossier(id)? else {
                    return Ok(None);
                };
                let items = view.dossier.items.iter();
                let ids: Vec<DocumentId> = items.map(|item| item.document).collect();
                Ok(Some((view, store.dossier_documents(&ids)?)))
            })
            .await?;
        let (view, documents) = found.ok_or(DeskError::NotFound)?;
        let acting = session.acting_by_post(now).ok();
        let allowed = acting.map_or_else(Vec::new, |acting| view.dossier.allowed(&acting.actor()));
        let findings = match view.dossier.state {
            DossierState::Open => {
                let contents: Vec<Content> = documents.iter().map(Content::from).collect();
                findings(&view.dossier, &contents)
            }
            DossierState::Planned
            | DossierState::Listed
            | DossierState::Closed
            | DossierState::HandedOver
            | DossierState::Archived => Vec::new(),
        };
        let documents = documents.into_iter().map(|one| (one.id, one)).collect();
        Ok(DossierContents {
            view,
            documents,
            findings,
            allowed,
        })
    }

    /// This person's ended dossiers whose last day at the creator comes within 30 days or is over
    /// (decree 30/2020, Appendix VI), the first due first.
    ///
    /// # Errors
    /// `NotLoggedIn`, disk errors.
    pub async fn dossiers_to_hand_over(&self) -> Result<Vec<DossierView>> {
        let session = self.session().await?;
        let own = session.account.id;
        let by = self.now().vietnam_date().saturating_add(AHEAD);
        session
            .with_store(move |store| store.dossiers_to_hand_over(own, by))
            .await
    }

    /// The dossiers that a document is in.
    ///
    /// # Errors
    /// `NotLoggedIn`, disk errors.
    pub async fn dossiers_of(&self, document: DocumentId) -> Result<Vec<DossierView>> {
        let session = self.session().await?;
        session
            .with_store(move |store| store.dossiers_of(document))
            .await
    }

    /// Proposes a dossier for the year's list, or begins one beside it; it counts here at once and has
    /// its number from the server.
    ///
    /// # Errors
    /// `ActForbidden`, `ActField` by the table; disk errors: then nothing was recorded.
    pub async fn make_dossier(&self, mut act: DossierAct) -> Result<DossierContents> {
        let (session, now) = (self.session().await?, self.now());
        if let DossierAct::Plan { fields } | DossierAct::Start { fields, .. } = &mut act {
            name_creator(&session, fields);
        }
        let acting = session.acting_by_post(now)?;
        let id = DossierId(Uuid::now_v7());
        let nobody = || AgencyInfo {
            code: String::new(),
            name: String::new(),
        };
        Dossier::make(id, &act, &acting.actor(), (nobody(), nobody()), now)?;
        self.record_dossier(id, act).await?;
        self.dossier(id).await
    }

    /// Does an act on a dossier: durable and counted here when this returns, at the server when it
    /// answers.
    ///
    /// # Errors
    /// `ActForbidden`, `ActWrongState`, `ActField` by the table, with `settled` when findings are left
    /// on closing; `NotFound`, disk errors. Then nothing was recorded.
    pub async fn act_on_dossier(&self, id: DossierId, act: DossierAct) -> Result<()> {
        let (session, now) = (self.session().await?, self.now());
        let known = self.dossier(id).await?;
        let mut dossier = known.view.dossier;
        dossier.apply(&act, &session.acting_by_post(now)?.actor(), now)?;
        if let DossierAct::Close { settled, .. } = &act
            && !unsettled(&known.findings, settled).is_empty()
        {
            return Err(DeskError::ActField { field: "settled" });
        }
        self.record_dossier(id, act).await
    }

    /// Adds documents, those aside that are in it already. With `file` those that can be filed now are
    /// filed too, naming the dossier. The answer is how many were added.
    ///
    /// # Errors
    /// As [`Desk::act_on_dossier`]; `NotFound` for a document that is not here. What was added before
    /// an error stays added.
    pub async fn add_to_dossier(
        &self,
        id: DossierId,
        documents: Vec<DocumentId>,
        file: bool,
    ) -> Result<u32> {
        let mut added = 0_u32;
        for document in documents {
            self.document(document).await?;
            let known = self.dossier(id).await?.view.dossier;
            if known.items.iter().all(|item| item.document != document) {
                self.act_on_dossier(id, DossierAct::Add { document })
                    .await?;
                added = added.saturating_add(1);
            }
            let handling = self.handling(document).await?;
            if file && handling.allowed.contains(&ActKind::File) {
                let dossier = format!("{} {}", known.fields.notation(), known.fields.title);
                self.act(document, HandlingAct::File { dossier }).await?;
            }
        }
        Ok(added)
    }

    async fn record_dossier(&self, id: DossierId, act: DossierAct) -> Result<()> {
        let (session, now) = (self.session().await?, self.now());
        let acting = session.acting_by_post(now)?;
        let author: (AccountId, String) = (acting.account, acting.full_name);
        session
            .with_store(move |store| store.act_on_dossier(id, act, (author.0, &author.1), now))
            .await?;
        self.acted(&session);
        Ok(())
    }
}

/// Whoever is named is named by name, too.
fn name_creator(session: &Session, fields: &mut DossierFields) {
    let creator = &mut fields.creator;
    if creator.account == session.account.id {
        creator.full_name.clone_from(&session.account.full_name);
    } else if let Some(info) = session.info()
        && let Some(person) = info
            .people
            .iter()
            .find(|one| one.account == creator.account)
    {
        creator.full_name.clone_from(&person.full_name);
    }
}
