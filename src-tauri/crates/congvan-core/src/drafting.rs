//! Drafts of documents that go out: a PDF taken in, a draft made of it, taken back until it is sent,
//! new versions. What happens to it then is [`crate::handling`].

use std::{fs::File, io::Read as _, path::PathBuf};

use congvan_model::{DocumentId, nfc};
use congvan_protocol::{
    FileRole, RegisteredFile,
    handling::{Course, DraftFields, Relation},
};
use congvan_store::{DraftFile, StackFault, StoreError};

use crate::{
    Desk, DeskError, Result,
    intake::{
        copy_file,
        format::{Format, format_of},
    },
};

/// Longest name of a file, in characters.
const NAME_MAX: usize = 200;

impl Desk {
    /// Keeps a PDF that is to be a draft or a new version of one: durable here when this returns, and
    /// nothing else. The file outside is only read.
    ///
    /// # Errors
    /// `IntakeFault` for what is no whole PDF or too large; `PdfCorrupt`, `PdfPassword`;
    /// `NotLoggedIn`, disk and worker errors.
    pub async fn keep_draft_file(&self, path: PathBuf) -> Result<DraftFile> {
        let session = self.session().await?;
        let most = session.info().map(|info| info.upload.max_file);
        let now = self.now();
        let name = path.file_name().unwrap_or(path.as_os_str());
        let name: String = nfc(&name.to_string_lossy())
            .chars()
            .take(NAME_MAX)
            .collect();
        let copied = session
            .with_store(move |store| {
                if !is_pdf(&path) {
                    return Ok(Err(StackFault::Format));
                }
                copy_file(store, &path, now)
            })
            .await?;
        let info = copied.map_err(DeskError::IntakeFault)?;
        if most.is_some_and(|most| info.size > most) {
            return Err(DeskError::IntakeFault(StackFault::TooLong));
        }
        // Opened once: what cannot be shown is no draft.
        let pages = self.viewer().pages(&session, info.sha256).await?.len();
        Ok(DraftFile {
            sha256: info.sha256,
            size: info.size,
            name,
            pages: u32::try_from(pages).ok(),
        })
    }

    /// Makes a draft of a PDF that is kept; durable on this machine when it returns.
    ///
    /// # Errors
    /// `ActField` with `kind`, `symbol`, `subject` or `file`; disk errors: then nothing was recorded.
    pub async fn draft(&self, fields: DraftFields, file: DraftFile) -> Result<DocumentId> {
        self.draft_about(fields, file, None).await
    }

    /// As [`Desk::draft`], where the draft corrects or replaces a document that was issued.
    ///
    /// # Errors
    /// As [`Desk::draft`]; `ActForbidden`, `ActWrongState` by the table; `ActField` with `relation`:
    /// an official letter corrects, a document of the same kind replaces.
    pub async fn draft_about(
        &self,
        fields: DraftFields,
        file: DraftFile,
        about: Option<(DocumentId, Relation)>,
    ) -> Result<DocumentId> {
        let (session, now) = (self.session().await?, self.now());
        let fields = DraftFields {
            kind: fields.kind,
            symbol: nfc(fields.symbol.trim()),
            subject: nfc(fields.subject.trim()),
            urgency: fields.urgency,
        };
        let acting = session.acting(now)?;
        if acting.mandate.is_some() {
            return Err(DeskError::ActForbidden);
        }
        let first = file
            .clone()
            .version_of(congvan_model::FileId(uuid::Uuid::nil()), now);
        Course::drafted(&fields, &first, &acting.actor(), now)?;
        let origin = match about {
            Some(about) => Some(self.amends(&session, about, fields.kind).await?),
            None => None,
        };
        let author = (session.account.id, session.account.full_name.clone());
        let drafted = session
            .with_store(move |store| {
                let author = (author.0, author.1.as_str());
                store.make_of(origin, (fields, file), author, now)
            })
            .await;
        let document = match drafted {
            Err(DeskError::Store(StoreError::BlobMissing { .. })) => {
                return Err(DeskError::ActField { field: "file" });
            }
            other => other?,
        };
        self.acted(&session);
        Ok(document)
    }

    /// A PDF that is kept, as the next version of a draft.
    ///
    /// # Errors
    /// `NotFound`; `ActField` with `file` when its bytes are not here, or the document has no file.
    pub async fn version_of(
        &self,
        document: DocumentId,
        file: DraftFile,
    ) -> Result<RegisteredFile> {
        let (session, now) = (self.session().await?, self.now());
        let detail = self.document(document).await?;
        let mut files = detail.files.into_iter();
        let main = files.find(|view| view.file.role == FileRole::Main);
        let sha256 = file.sha256;
        let is_here = session
            .with_store(move |store| store.blob_present(sha256))
            .await?;
        match main.filter(|_| is_here) {
            Some(main) => Ok(file.version_of(main.file.id, now)),
            None => Err(DeskError::ActField { field: "file" }),
        }
    }

    /// Takes a draft back that was never sent, with everything that was done to it.
    ///
    /// # Errors
    /// `ActSent`; disk errors.
    pub async fn undo_draft(&self, document: DocumentId) -> Result<()> {
        let (session, now) = (self.session().await?, self.now());
        let undone = session
            .with_store(move |store| store.undo_draft(document, now))
            .await;
        match undone {
            Ok(()) => {}
            Err(DeskError::Store(StoreError::AlreadySent)) => return Err(DeskError::ActSent),
            Err(error) => return Err(error),
        }
        self.acted(&session);
        Ok(())
    }
}

/// Whether a file says of itself that it is a PDF; one that cannot be read is told when it is copied.
fn is_pdf(path: &std::path::Path) -> bool {
    let mut head = Vec::new();
    match File::open(path) {
        Ok(file) => {
            let read = file.take(1024).read_to_end(&mut head);
            read.is_err() || head.is_empty() || format_of(&head) == Some(Format::Pdf)
        }
        Err(_) => true,
    }
}
