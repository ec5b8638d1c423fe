//! Copies of documents that the office holds (Decree 30/2020, Art. 25 to 27), and drafts of what corrects
//! or replaces one that was issued (Art. 18(3)). A sao y or sao lục is the source's own file, to which the
//! agency's signature is added; an extract is a new file of chosen pages.

use std::sync::Arc;

use congvan_intake::{Area, Knowledge, Line, PageText, Source, Word, read_letter};
use congvan_model::{Direction, DocumentId, DocumentType, Sha256, nfc};
use congvan_pades::MmRect;
use congvan_protocol::{
    FileRole,
    handling::{ActKind, Course, DraftFields, Origin, Relation},
};
use congvan_store::{DocumentDetail, DraftFile, Place};

use crate::{
    Desk, DeskError, Result,
    engine::pdf_fault,
    handling::{course_of, own},
    intake::WantedPage,
    register::room::Paper,
    session::Session,
};

/// What the symbol of this agency's copies ended with the last time.
const SYMBOL_SETTING: &str = "copy_symbol";
/// How the name of a people's committee begins, whose abbreviation is `UBND`.
const COMMITTEES: [&str; 2] = ["UBND", "Ủy ban nhân dân"];
/// Longest name of a file, in characters.
const NAME_MAX: usize = 200;

/// A copy that a person wants.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CopyOrder {
    /// Of which document.
    pub source: DocumentId,
    /// Which form: a copy.
    pub relation: Relation,
    /// What stands behind the abbreviation of the form in its symbol, e.g. `UBND`.
    pub agency: String,
    /// Of an extract: the pages in their order, from 1.
    pub pages: Vec<u32>,
    /// Of an extract: what is left out.
    pub left_out: String,
}

/// What a person may make of a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CopyOffer {
    /// Forms of a copy; empty where it may not be copied now.
    pub copies: Vec<Relation>,
    /// How it may be amended; empty where it may not be.
    pub amendments: Vec<Relation>,
    /// What the symbol of a copy ends with, as far as it is known; else empty.
    pub agency: String,
    /// Whether its file is electronically signed: the decree has no sao y from one electronic file to
    /// another, offices make it all the same.
    pub is_electronic: bool,
}

impl Desk {
    /// What this person may make of a document now.
    ///
    /// # Errors
    /// `NotFound`, disk errors.
    pub async fn copy_offer(&self, document: DocumentId) -> Result<CopyOffer> {
        let session = self.session().await?;
        let detail = self.document(document).await?;
        let course = course_of(&detail, own(&session));
        let acting = session.acting(self.now()).ok();
        let may = |act: ActKind| {
            let acting = acting.as_ref().filter(|acting| acting.mandate.is_none());
            acting.is_some_and(|acting| course.judge(act, &acting.actor()).is_ok())
        };
        let kind = detail.document.kind;
        let fits = |relation: &Relation| {
            let new = match relation {
                Relation::Correction => DocumentType::OfficialLetter,
                Relation::TrueCopy
                | Relation::CopyOfCopy
                | Relation::Extract
                | Relation::Replacement => kind,
            };
            let act = act_of(*relation);
            may(act) && course.takes(*relation, (kind, new))
        };
        let (copies, amendments) = Relation::ALL
            .into_iter()
            .filter(fits)
            .partition(|relation| relation.is_copy());
        Ok(CopyOffer {
            copies,
            amendments,
            agency: self.copy_agency(&session, &detail).await?,
            is_electronic: self.is_signed(&session, &detail).await?,
        })
    }

    /// Makes a copy: it waits for its number at once. Durable on this machine when it returns.
    ///
    /// # Errors
    /// `ActForbidden`, `ActWrongState` by the table; `ActField` with `relation`, `symbol`, `pages` or
    /// `left_out`; `SecretDocument`; `FileNotHere`, `NotFound`, render and disk errors: then nothing
    /// was recorded.
    pub async fn make_copy(&self, order: CopyOrder) -> Result<DocumentId> {
        let (session, now) = (self.session().await?, self.now());
        let detail = self.document(order.source).await?;
        let kind = detail.document.kind;
        let relation = order.relation;
        if !relation.is_copy() {
            return Err(DeskError::ActField { field: "relation" });
        }
        self.may_make(&session, &detail, (relation, kind))?;
        let agency = nfc(order.agency.trim());
        let fields = DraftFields {
            kind,
            symbol: format!("{}-{agency}", relation.abbreviation()),
            subject: detail.document.subject.clone(),
            urgency: detail.document.urgency,
        };
        let mut origin = origin_of(&detail, relation);
        origin.pages = order.pages;
        origin.left_out = nfc(order.left_out.trim());
        let head = main_head(&detail)?;
        let sizes = self.viewer().pages(&session, head.sha256).await?;
        let count = u32::try_from(sizes.len()).unwrap_or(u32::MAX);
        if origin.pages.last().is_some_and(|last| *last > count) {
            return Err(DeskError::ActField { field: "pages" });
        }
        // Everything that can be refused is, before a file is made.
        let acting = session.acting(now)?;
        let first = head
            .clone()
            .version_of(congvan_model::FileId(uuid::Uuid::nil()), now);
        Course::copied((&fields, &first), &origin, &acting.actor())?;
        self.refuse_secret(&session, head.sha256).await?;
        let file = match relation {
            Relation::Extract => self.extract(&session, &head, &origin.pages).await?,
            Relation::TrueCopy
            | Relation::CopyOfCopy
            | Relation::Correction
            | Relation::Replacement => head,
        };
        let author = (session.account.id, session.account.full_name.clone());
        let document = session
            .with_store(move |store| {
                store.set_setting(SYMBOL_SETTING, &agency)?;
                let author = (author.0, author.1.as_str());
                store.make_of(Some(origin), (fields, file), author, now)
            })
            .await?;
        self.acted(&session);
        Ok(document)
    }

    /// What a draft of that kind is to an issued document that it corrects or replaces.
    ///
    /// # Errors
    /// `NotFound`; `ActForbidden`, `ActWrongState` by the table; `ActField` with `relation`.
    pub(crate) async fn amends(
        &self,
        session: &Session,
        (source, relation): (DocumentId, Relation),
        kind: DocumentType,
    ) -> Result<Origin> {
        let detail = self.document(source).await?;
        if relation.is_copy() {
            return Err(DeskError::ActField { field: "relation" });
        }
        self.may_make(session, &detail, (relation, kind))?;
        Ok(origin_of(&detail, relation))
    }

    fn may_make(
        &self,
        session: &Session,
        detail: &DocumentDetail,
        (relation, kind): (Relation, DocumentType),
    ) -> Result<()> {
        let course = course_of(detail, own(session));
        let acting = session.acting(self.now())?;
        if acting.mandate.is_some() {
            return Err(DeskError::ActForbidden);
        }
        course.judge(act_of(relation), &acting.actor())?;
        if course.takes(relation, (detail.document.kind, kind)) {
            Ok(())
        } else {
            Err(DeskError::ActField { field: "relation" })
        }
    }

    /// Refuses a document whose first page bears a mark of secrecy: copies of such are not made here.
    async fn refuse_secret(&self, session: &Arc<Session>, file: Sha256) -> Result<()> {
        let Ok(text) = self.viewer().page_text(session, file, 0).await else {
            return Ok(());
        };
        let line = |line: crate::TextLine| Line {
            words: line.words.into_iter().map(as_read).collect(),
        };
        let page = PageText {
            page: 0,
            ratio: 297.0 / 210.0,
            source: Source::TextLayer,
            lines: text.lines.into_iter().map(line).collect(),
            red: Vec::new(),
        };
        match read_letter(&[page], &Knowledge::default()).secret {
            Some(_) => Err(DeskError::SecretDocument),
            None => Ok(()),
        }
    }

    /// A new file of chosen pages: their contents go over as they are.
    async fn extract(
        &self,
        session: &Arc<Session>,
        head: &DraftFile,
        pages: &[u32],
    ) -> Result<DraftFile> {
        let parts = pages
            .iter()
            .map(|page| WantedPage::Page {
                pdf: head.sha256,
                page: page.saturating_sub(1),
                turns: 0,
                skew: 0.0,
            })
            .collect();
        let made = self.assembled(session, parts).await?;
        let name: String = format!("trich-sao-{}", head.name)
            .chars()
            .take(NAME_MAX)
            .collect();
        Ok(DraftFile {
            sha256: made.sha256,
            size: made.size,
            name,
            pages: u32::try_from(pages.len()).ok(),
        })
    }

    /// Where the words of a copy go: on blank paper at the top right of the first page; none where
    /// nothing can be said of the page.
    pub(crate) async fn copy_words(&self, session: &Session, file: Sha256) -> Option<MmRect> {
        let render = &session.intake.render;
        let document = render.open(session.blob(file).await.ok()?).await.ok()?;
        let ink = render.page_ink(document.handle, 0).await;
        render.close(document.handle);
        let paper = Paper::new(&ink.ok()?)?;
        paper.words().map(|spot| spot.rect)
    }

    async fn copy_agency(&self, session: &Arc<Session>, detail: &DocumentDetail) -> Result<String> {
        let kept = session
            .with_store(|store| store.setting(SYMBOL_SETTING))
            .await?;
        if let Some(kept) = kept {
            return Ok(kept);
        }
        let is_ours = detail.document.direction == Direction::Outgoing;
        let own = detail.document.notation.as_ref().filter(|_| is_ours);
        let of_symbol = own.and_then(|notation| {
            let mut parts = notation.symbol().split('-');
            let first = parts.next();
            match notation.document_type() {
                Some(_) => parts.next(),
                None => first,
            }
        });
        if let Some(agency) = of_symbol {
            return Ok(agency.to_owned());
        }
        let registry = session.info().and_then(|info| info.registry.clone());
        let is_committee = registry.is_some_and(|registry| {
            let mut words = COMMITTEES.iter();
            words.any(|word| registry.name.starts_with(word))
        });
        Ok(if is_committee { "UBND" } else { "" }.to_owned())
    }

    async fn is_signed(&self, session: &Arc<Session>, detail: &DocumentDetail) -> Result<bool> {
        let Ok(head) = main_head(detail) else {
            return Ok(false);
        };
        let source = session.blob(head.sha256).await?;
        let found = tokio::task::spawn_blocking(move || {
            congvan_pades::inspect(source.as_ref()).map_err(|error| pdf_fault(&error))
        });
        Ok(found
            .await?
            .is_ok_and(|found| !found.signed_fields.is_empty()))
    }
}

fn act_of(relation: Relation) -> ActKind {
    match relation.is_copy() {
        true => ActKind::Copy,
        false => ActKind::Amend,
    }
}

fn origin_of(detail: &DocumentDetail, relation: Relation) -> Origin {
    let source = &detail.document;
    let notation = source.notation.as_ref();
    Origin {
        relation,
        document: Some(source.id),
        title: notation.map_or_else(|| source.subject.clone(), ToString::to_string),
        issued_on: source.issued_on,
        pages: Vec::new(),
        left_out: String::new(),
    }
}

/// The document's own file as it stands, which is here.
fn main_head(detail: &DocumentDetail) -> Result<DraftFile> {
    let mut files = detail.files.iter();
    let main = files.find(|view| view.file.role == FileRole::Main);
    let main = main.ok_or(DeskError::NotFound)?;
    let head = main.head().ok_or(DeskError::NotFound)?;
    if main.place != Place::Here {
        return Err(DeskError::FileNotHere);
    }
    Ok(DraftFile {
        sha256: head.sha256,
        size: head.size,
        name: main.file.name.clone(),
        pages: main.file.pages,
    })
}

fn as_read(word: crate::TextWord) -> Word {
    Word {
        text: word.text,
        area: Area {
            x: word.x,
            y: word.y,
            w: word.w,
            h: word.h,
        },
        confidence: 1.0,
    }
}
