//! A previous system's registers and files come in: a table is chosen and read, its columns are told
//! apart, every row is judged, and what is good goes through the outbox, each row once.
//!
//! Invariant: nothing of the table or the folder is changed; a row is judged by the same code before and
//! while it is taken over.

mod columns;
mod faults;
mod folder;
mod judge;
mod report;
mod run;
mod source;
#[cfg(test)]
mod tests;
mod values;

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
};

use congvan_model::Direction;
use congvan_protocol::{AgencyInfo, FieldOfActivity, import::ImportRow};
use congvan_store::{ImportWaiting, Store};
use jiff::civil::Date;

pub use columns::{ImportField, ImportMapping};
pub use faults::{FaultAt, RowFault, RowNotice};
pub use run::{ImportProgress, ImportStep};

use crate::{Desk, DeskError, Result, session::Session};
use folder::Folder;
use judge::Judge;
use run::Work;
use source::Source;

/// Rows of the preview.
const PREVIEW: usize = 8;
/// Cells of each column that are shown beside its heading.
const SAMPLES: usize = 3;

/// Why a table cannot be imported.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ImportRefusal {
    /// None is chosen.
    NoTable,
    /// The file cannot be read.
    Unreadable,
    /// It is neither a text with separators nor an XLSX workbook.
    NotATable,
    /// It has no row.
    Empty,
    /// It is larger than 512 MB, or has more than 200 columns.
    TooLarge,
    /// It has changed since it was judged.
    Changed,
    /// It is being judged or imported.
    Busy,
    /// A column that a register cannot be without is not named.
    Unmapped,
}

/// The table of this session, where one is chosen.
#[derive(Default)]
pub(crate) struct Importing(Mutex<Option<Table>>);

/// A chosen table and how far it is.
#[derive(Clone)]
struct Table {
    name: String,
    path: PathBuf,
    source: Source,
    /// Rows below the headings.
    rows: u32,
    samples: Vec<Vec<String>>,
    mapping: ImportMapping,
    folder: Option<Arc<Folder>>,
    preview: Vec<PreviewRow>,
    judged: Option<Arc<Judgement>>,
    taken: Option<Taken>,
    work: Option<Work>,
}

/// A row as it would stand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PreviewRow {
    /// Its row in the file.
    pub line: u32,
    /// What it would be; none where something is wrong.
    pub row: Option<ImportRow>,
    /// Names of its files.
    pub files: Vec<String>,
    /// What is wrong with it.
    pub faults: Vec<FaultAt>,
}

/// What the dry run found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Judgement {
    /// Rows that are new and can be taken over.
    pub good: u32,
    /// Rows that are here already and say the same.
    pub already: u32,
    /// Of these, rows whose document has fewer files than the row names.
    pub more_files: u32,
    /// Rows with a fault.
    pub refused: u32,
    /// Files of the rows that can be taken over.
    pub files: u32,
    /// How many rows have each fault.
    pub faults: BTreeMap<RowFault, u32>,
    /// How many rows have each notice.
    pub notices: BTreeMap<RowNotice, u32>,
    /// Every fault, in the order of the table.
    pub all: Vec<FaultAt>,
}

/// What an import has put into the outbox.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Taken {
    /// Rows that are new here.
    pub rows: u32,
    /// Files that are new here.
    pub files: u32,
    /// Files that could not be read at last; their rows are in.
    pub lost_files: u32,
    /// It was ended before its last row.
    pub stopped: bool,
    /// The disk of this machine is full.
    pub disk_full: bool,
}

/// A column with what stands in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImportColumn {
    /// Its heading.
    pub heading: String,
    /// Cells of the first rows.
    pub samples: Vec<String>,
    /// What it is taken for.
    pub field: Option<ImportField>,
}

/// Where the import of a table is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImportTable {
    /// Name of its file.
    pub name: String,
    /// Names of a workbook's sheets; empty of a text.
    pub sheets: Vec<String>,
    /// Which of them.
    pub sheet: usize,
    /// Rows below the headings.
    pub rows: u32,
    /// Its columns.
    pub columns: Vec<ImportColumn>,
    /// What it is taken for.
    pub mapping: ImportMapping,
    /// What no column holds and a register is never without.
    pub missing: Vec<ImportField>,
    /// How many files the chosen folder has.
    pub folder_files: Option<usize>,
    /// Its first rows as they would stand.
    pub preview: Vec<PreviewRow>,
    /// What the dry run found.
    pub judged: Option<Arc<Judgement>>,
    /// What was taken over.
    pub taken: Option<Taken>,
    /// Rows that the server has refused so far.
    pub refused: u32,
    /// What is under way.
    pub progress: Option<ImportProgress>,
}

/// The import as a face shows it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ImportView {
    /// Whether this person keeps a registry's books; as the server last said.
    pub clerk: bool,
    /// The agency's books of what comes in: code and name.
    pub books: Vec<(String, String)>,
    /// The chosen table.
    pub table: Option<ImportTable>,
    /// What waits for the server, of every table.
    pub waiting: ImportWaiting,
}

/// What rows are judged by besides the table.
#[derive(Clone)]
struct Office {
    agency: AgencyInfo,
    books: Vec<(String, String)>,
    activities: Vec<FieldOfActivity>,
    most: u64,
    today: Date,
}

impl Office {
    fn judge<'a>(
        &'a self,
        store: &'a Store,
        mapping: &'a ImportMapping,
        folder: Option<&'a Folder>,
    ) -> Judge<'a> {
        Judge::new(
            (store, &self.agency, mapping),
            (&self.books, &self.activities),
            (folder, self.most),
            self.today,
        )
    }
}

impl Desk {
    /// Where the import is.
    ///
    /// # Errors
    /// `NotLoggedIn`, disk errors.
    pub async fn import_view(&self) -> Result<ImportView> {
        let session = self.session().await?;
        let office = self.import_office(&session).await.ok();
        let table = session.importing.get();
        let source = table.as_ref().map(|table| table.source.sha256);
        let (waiting, refused) = session
            .with_store(move |store| {
                let refused = source
                    .map(|source| store.import_refused(source))
                    .transpose()?;
                Ok((store.import_waiting()?, refused.unwrap_or_default().len()))
            })
            .await?;
        Ok(ImportView {
            clerk: office.is_some(),
            books: office.map(|office| office.books).unwrap_or_default(),
            table: table.map(|table| table.view(u32::try_from(refused).unwrap_or(u32::MAX))),
            waiting,
        })
    }

    /// Opens the table that a person has chosen and guesses its columns, or takes them as this person
    /// left them for such headings.
    ///
    /// # Errors
    /// `NotLoggedIn`, `NotClerk`; [`ImportRefusal`]: then the table before is still chosen.
    pub async fn import_open(&self, path: PathBuf) -> Result<()> {
        self.import_open_sheet(path, 0).await
    }

    async fn import_open_sheet(&self, path: PathBuf, sheet: usize) -> Result<()> {
        let session = self.session().await?;
        let mut office = self.import_office(&session).await?;
        session.importing.idle()?;
        if office.books.is_empty() {
            // Nobody has asked for them at this desk; offline the table is mapped without.
            self.register_options().await?;
            office = self.import_office(&session).await?;
        }
        let folder = session.importing.get().and_then(|table| table.folder);
        let store = session.store.clone();
        let opened = tokio::task::spawn_blocking(move || {
            let mut table = Table::open(&path, sheet)?;
            let setting = ImportMapping::setting(&table.source.headings);
            if let Some(kept) = store.setting(&setting)?
                && let Ok(kept) = serde_json::from_str::<ImportMapping>(&kept)
                && kept.columns.len() == table.source.headings.len()
            {
                table.mapping = kept;
            }
            table.folder = folder;
            table.look(&store, &office)?;
            Ok::<_, DeskError>(table)
        });
        session.importing.set(Some(opened.await??));
        Ok(())
    }

    /// Chooses another sheet of the workbook.
    ///
    /// # Errors
    /// As [`Desk::import_open`].
    pub async fn import_sheet(&self, sheet: usize) -> Result<()> {
        let session = self.session().await?;
        let table = session.importing.get().ok_or(ImportRefusal::NoTable)?;
        self.import_open_sheet(table.path, sheet).await
    }

    /// Chooses the folder with the files that the table names.
    ///
    /// # Errors
    /// As [`Desk::import_open`].
    pub async fn import_folder(&self, path: PathBuf) -> Result<()> {
        let read = tokio::task::spawn_blocking(move || Arc::new(Folder::read(&path)));
        let folder = read.await?;
        self.import_change(|table| table.folder = Some(folder))
            .await
    }

    /// Says what the columns are, which is remembered for the next table with these headings.
    ///
    /// # Errors
    /// As [`Desk::import_open`].
    pub async fn import_map(&self, mapping: ImportMapping) -> Result<()> {
        let session = self.session().await?;
        let table = session.importing.get().ok_or(ImportRefusal::NoTable)?;
        let mut mapping = mapping;
        mapping.columns.resize(table.source.headings.len(), None);
        for column in &mut mapping.columns {
            *column = column.filter(|field| field.is_of(mapping.direction));
        }
        let (setting, kept) = (
            ImportMapping::setting(&table.source.headings),
            serde_json::to_string(&mapping).map_err(congvan_store::StoreError::from)?,
        );
        session
            .with_store(move |store| store.set_setting(&setting, &kept))
            .await?;
        self.import_change(|table| table.mapping = mapping).await
    }

    /// Lets go of the table; what is in the outbox stays there.
    ///
    /// # Errors
    /// `NotLoggedIn`; [`ImportRefusal::Busy`].
    pub async fn import_close(&self) -> Result<()> {
        let session = self.session().await?;
        session.importing.idle()?;
        session.importing.set(None);
        Ok(())
    }

    /// Changes what rows are judged by: what was found before counts no more.
    async fn import_change(&self, change: impl FnOnce(&mut Table)) -> Result<()> {
        let session = self.session().await?;
        let office = self.import_office(&session).await?;
        session.importing.idle()?;
        let mut table = session.importing.get().ok_or(ImportRefusal::NoTable)?;
        change(&mut table);
        let store = session.store.clone();
        let looked = tokio::task::spawn_blocking(move || {
            table.look(&store, &office)?;
            Ok::<_, DeskError>(table)
        });
        session.importing.set(Some(looked.await??));
        Ok(())
    }

    /// The registry that this person keeps.
    async fn import_office(&self, session: &Session) -> Result<Office> {
        let info = session.info();
        let agency = info.as_ref().and_then(|info| info.registry.clone());
        let agency = agency.ok_or(DeskError::NotClerk)?;
        let upload = info.as_ref().map(|info| info.upload.max_file);
        let books = self.office_books(session).await?;
        Ok(Office {
            agency,
            books: books
                .into_iter()
                .map(|book| (book.book, book.name))
                .collect(),
            activities: crate::intake::known_activities(session),
            most: upload.unwrap_or(0).min(crate::intake::MOST_BYTES),
            today: self.now().vietnam_date(),
        })
    }
}

impl Table {
    fn open(path: &Path, sheet: usize) -> std::result::Result<Self, ImportRefusal> {
        let source = Source::open(path, sheet)?;
        let (direction, columns) = columns::guess(&source.headings);
        let mut samples = vec![Vec::new(); source.headings.len()];
        let mut rows = 0_u32;
        source.rows(|line| {
            rows = rows.saturating_add(1);
            for (column, cell) in samples.iter_mut().zip(&line.cells) {
                let cell: String = cell.chars().take(80).collect();
                if column.len() < SAMPLES && !cell.is_empty() && !column.contains(&cell) {
                    column.push(cell);
                }
            }
            true
        })?;
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        Ok(Self {
            name: name.into_owned(),
            path: path.to_owned(),
            source,
            rows,
            samples,
            mapping: ImportMapping {
                direction,
                book: congvan_store::MAIN_BOOK.to_owned(),
                columns,
            },
            folder: None,
            preview: Vec::new(),
            judged: None,
            taken: None,
            work: None,
        })
    }

    /// Looks at the first rows as they would stand.
    fn look(&mut self, store: &Store, office: &Office) -> Result<()> {
        (self.judged, self.taken) = (None, None);
        let mut first = Vec::new();
        self.source.rows(|line| {
            first.push(line);
            first.len() < PREVIEW
        })?;
        let mut preview = Vec::new();
        let mut judge = office.judge(store, &self.mapping, self.folder.as_deref());
        for line in &first {
            let judged = judge.judge(line)?;
            let (row, files, faults) = match judged {
                Ok(good) => {
                    let names = good.files.into_iter().map(|(_, name)| name);
                    (Some(good.row), names.collect(), Vec::new())
                }
                Err(faults) => (None, Vec::new(), faults),
            };
            preview.push(PreviewRow {
                line: line.number,
                row,
                files,
                faults,
            });
        }
        self.preview = preview;
        Ok(())
    }

    fn view(self, refused: u32) -> ImportTable {
        let columns = self.source.headings.iter().zip(self.samples);
        let columns = columns.zip(&self.mapping.columns);
        ImportTable {
            columns: columns
                .map(|((heading, samples), field)| ImportColumn {
                    heading: heading.clone(),
                    samples,
                    field: *field,
                })
                .collect(),
            name: self.name,
            sheets: self.source.sheets,
            sheet: self.source.sheet,
            rows: self.rows,
            missing: self.mapping.missing(),
            folder_files: self.folder.map(|folder| folder.len()),
            mapping: self.mapping,
            preview: self.preview,
            judged: self.judged,
            taken: self.taken,
            refused,
            progress: self.work.map(|work| work.progress()),
        }
    }

    fn is_ready(&self) -> std::result::Result<(), ImportRefusal> {
        match self.mapping.missing().is_empty() {
            true => Ok(()),
            false => Err(ImportRefusal::Unmapped),
        }
    }
}

impl Importing {
    fn get(&self) -> Option<Table> {
        self.lock().clone()
    }

    fn set(&self, table: Option<Table>) {
        *self.lock() = table;
    }

    /// Whether nothing is under way.
    fn idle(&self) -> std::result::Result<(), ImportRefusal> {
        match self
            .lock()
            .as_ref()
            .is_some_and(|table| table.work.is_some())
        {
            true => Err(ImportRefusal::Busy),
            false => Ok(()),
        }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Option<Table>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl From<ImportRefusal> for DeskError {
    fn from(why: ImportRefusal) -> Self {
        Self::Import(why)
    }
}

/// What a table of a direction can hold, in the order of choosing.
#[must_use]
pub fn import_fields(direction: Direction) -> Vec<ImportField> {
    let fields = ImportField::ALL.into_iter();
    fields.filter(|field| field.is_of(direction)).collect()
}
