//! Drafts of documents that go out: a PDF, or a word processor's file that becomes one, taken in, a draft made of it, taken back until it is sent,
//! new versions. What happens to it then is [`crate::handling`].

use std::{
    fs::File,
    io::Read as _,
    path::{Path, PathBuf},
    sync::{Mutex, PoisonError},
};

use congvan_model::{DocumentId, nfc};
use congvan_protocol::{
    FileRole, RegisteredFile,
    handling::{Course, DraftFields, Relation},
};
use congvan_store::{DraftFile, StackFault, StoreError};
use congvan_worker::{OfficeError, OfficeFormat, OfficePdf, OfficeProgram};
use tokio_util::sync::CancellationToken;

use crate::{
    Desk, DeskError, Result,
    intake::{
        MOST_BYTES, copy_file,
        format::{Format, format_of},
    },
};

/// Longest name of a file, in characters.
const NAME_MAX: usize = 200;

/// The conversion of word processors' files: one at a time.
#[derive(Debug, Default)]
pub(crate) struct Converting {
    order: tokio::sync::Mutex<()>,
    under_way: Mutex<CancellationToken>,
}

impl Converting {
    fn begin(&self, parent: &CancellationToken) -> CancellationToken {
        let cancel = parent.child_token();
        let mut under_way = self
            .under_way
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        under_way.clone_from(&cancel);
        cancel
    }
}

impl Desk {
    /// Whether [`Desk::keep_draft_file`] makes a PDF of this file first, which takes its time. Reads the
    /// file's beginning.
    #[must_use]
    pub fn converts(path: &Path) -> bool {
        office_format(path).is_some()
    }

    /// Gives up the conversion of a word processor's file that is under way; nothing when there is none.
    pub fn give_up_conversion(&self) {
        let under_way = &self.converting().under_way;
        let under_way = under_way.lock().unwrap_or_else(PoisonError::into_inner);
        under_way.cancel();
    }

    /// The PDF of a word processor's file, by LibreOffice. Goes on to its end, and to its last process,
    /// when nobody waits any more: then it is given up.
    async fn converted(&self, path: PathBuf, format: OfficeFormat, most: u64) -> Result<OfficePdf> {
        let _one_at_a_time = self.converting().order.lock().await;
        let cancel = self.converting().begin(self.ending());
        let _given_up = cancel.clone().drop_guard();
        let converting = self.tracker().spawn(async move {
            let office = OfficeProgram::find();
            let given_up = cancel.cancelled();
            office.pdf_of(&path, (format, most), given_up).await
        });
        converting.await?.map_err(|error| match error {
            OfficeError::TooLarge => DeskError::IntakeFault(StackFault::TooLong),
            OfficeError::Io(error) => {
                tracing::warn!(%error, "a file was not converted");
                DeskError::IntakeFault(StackFault::Unreadable)
            }
            other => DeskError::Office(other),
        })
    }

    /// Keeps a PDF that is to be a draft or a new version of one: durable here when this returns, and
    /// nothing else. Of a word processor's file (`.docx`, `.odt`, `.doc`) a PDF is made first. The file
    /// outside is only read.
    ///
    /// # Errors
    /// `Office` when no PDF could be made; `IntakeFault` for what is no whole PDF or too large; `PdfCorrupt`, `PdfPassword`;
    /// `NotLoggedIn`, disk and worker errors.
    pub async fn keep_draft_file(&self, path: PathBuf) -> Result<DraftFile> {
        let session = self.session().await?;
        let most = session.info().map(|info| info.upload.max_file);
        let now = self.now();
        let name = path.file_name().unwrap_or(path.as_os_str());
        let mut name: String = nfc(&name.to_string_lossy())
            .chars()
            .take(NAME_MAX)
            .collect();
        // Its folder goes when the PDF is kept.
        let made = match office_format(&path) {
            Some(format) => {
                let most = most.unwrap_or(MOST_BYTES).min(MOST_BYTES);
                name = format!("{}.pdf", stem(&name));
                Some(self.converted(path.clone(), format, most).await?)
            }
            None => None,
        };
        let path = made.as_ref().map_or(path, OfficePdf::path);
        let copied = session
            .with_store(move |store| {
                if !is_pdf(&path) {
                    return Ok(Err(StackFault::Format));
                }
                copy_file(store, &path, now)
            })
            .await?;
        drop(made);
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

/// Which word processor's file it is; none where it says of itself that it is a PDF.
fn office_format(path: &Path) -> Option<OfficeFormat> {
    OfficeFormat::of_name(path).filter(|_| !is_pdf(path))
}

/// A file's name without its ending.
fn stem(name: &str) -> &str {
    name.rsplit_once('.').map_or(name, |(stem, _)| stem)
}

/// Whether a file says of itself that it is a PDF; one that cannot be read is told when it is copied.
fn is_pdf(path: &Path) -> bool {
    let mut head = Vec::new();
    match File::open(path) {
        Ok(file) => {
            let read = file.take(1024).read_to_end(&mut head);
            read.is_err() || head.is_empty() || format_of(&head) == Some(Format::Pdf)
        }
        Err(_) => true,
    }
}
