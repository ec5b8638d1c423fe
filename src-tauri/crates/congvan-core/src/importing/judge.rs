//! One row after the other: what it would be as a document, or everything that is wrong with it.

use std::{collections::HashSet, path::PathBuf};

use congvan_model::{AgencyCode, Direction, DocumentType, Notation, Urgency};
use congvan_protocol::{
    AgencyInfo, FieldOfActivity, RegistrationFields, Signer,
    handling::PLACES_MAX,
    import::{FILES_MAX, FIRST_DAY, ImportRow, NAME_MAX, OLD_ID_MAX, SUBJECT_MAX},
};
use congvan_store::{RowHere, Store, StoreError};
use jiff::civil::Date;

use super::{
    columns::{ImportField as Field, ImportMapping},
    faults::{FaultAt, RowFault as Fault, RowNotice as Notice},
    folder::Folder,
    source::Line,
    values,
};

/// What a table is judged by.
pub(super) struct Judge<'a> {
    pub(super) store: &'a Store,
    pub(super) agency: &'a AgencyInfo,
    pub(super) mapping: &'a ImportMapping,
    /// Codes and names of the books of what comes in.
    pub(super) books: &'a [(String, String)],
    pub(super) activities: &'a [FieldOfActivity],
    pub(super) folder: Option<&'a Folder>,
    /// Largest file that the server takes, in bytes.
    pub(super) most: u64,
    pub(super) today: Date,
    seen: HashSet<congvan_model::DocumentId>,
    places: HashSet<(String, u16, u32, String)>,
}

/// A row that can be taken over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Good {
    pub(super) row: ImportRow,
    pub(super) files: Vec<(PathBuf, String)>,
    /// It is here already, with as many files.
    pub(super) here: Option<usize>,
    pub(super) notices: Vec<Notice>,
}

/// What became of a row.
pub(super) type Judged = Result<Good, Vec<FaultAt>>;

/// The cells of a row by their fields, and what was found wrong with them.
struct Cells<'a> {
    line: &'a Line,
    columns: &'a [Option<Field>],
    faults: Vec<FaultAt>,
    notices: Vec<Notice>,
}

impl<'a> Cells<'a> {
    fn get(&self, field: Field) -> &'a str {
        let place = self.columns.iter().position(|one| *one == Some(field));
        let cell = place.and_then(|place| self.line.cells.get(place));
        cell.map_or("", |cell| cell.trim())
    }

    fn fault(&mut self, field: impl Into<Option<Field>>, fault: Fault) {
        self.faults.push(FaultAt {
            line: self.line.number,
            field: field.into(),
            fault,
        });
    }

    /// A text of a field, at most so long.
    fn text(&mut self, field: Field, most: usize) -> String {
        let text = self.get(field);
        if text.chars().count() > most {
            self.fault(field, Fault::TooLong);
        }
        text.to_owned()
    }

    /// The same, where a register is never without it.
    fn needed(&mut self, field: Field, most: usize) -> String {
        let text = self.text(field, most);
        if text.is_empty() {
            self.fault(field, Fault::Missing);
        }
        text
    }

    /// A day that has been; none with a fault, or where nothing stands.
    fn day(&mut self, field: Field, today: Date) -> Option<Date> {
        let text = self.get(field);
        if text.is_empty() {
            return None;
        }
        let found = values::day(text);
        match found {
            None => self.fault(field, Fault::BadDate),
            Some(day) if day > today => self.fault(field, Fault::FutureDate),
            Some(day) if day < FIRST_DAY => self.fault(field, Fault::TooOld),
            Some(_) => return found,
        }
        None
    }

    fn needed_day(&mut self, field: Field, today: Date) -> Option<Date> {
        if self.get(field).is_empty() {
            self.fault(field, Fault::Missing);
        }
        self.day(field, today)
    }

    fn number(&mut self, field: Field) -> Option<u32> {
        let text = self.get(field);
        let found = values::number(text);
        if found.is_none() {
            let is_missing = text.is_empty();
            self.fault(
                field,
                if is_missing {
                    Fault::Missing
                } else {
                    Fault::BadNumber
                },
            );
        }
        found
    }

    fn notice(&mut self, notice: Notice) {
        if !self.notices.contains(&notice) {
            self.notices.push(notice);
        }
    }
}

impl<'a> Judge<'a> {
    pub(super) fn new(
        (store, agency, mapping): (&'a Store, &'a AgencyInfo, &'a ImportMapping),
        (books, activities): (&'a [(String, String)], &'a [FieldOfActivity]),
        (folder, most): (Option<&'a Folder>, u64),
        today: Date,
    ) -> Self {
        Self {
            store,
            agency,
            mapping,
            books,
            activities,
            folder,
            most,
            today,
            seen: HashSet::new(),
            places: HashSet::new(),
        }
    }

    /// Judges a row. Rows are judged in the order of the table: of two that are the same document the
    /// second is the double.
    pub(super) fn judge(&mut self, line: &Line) -> Result<Judged, StoreError> {
        let mut cells = Cells {
            line,
            columns: &self.mapping.columns,
            faults: Vec::new(),
            notices: Vec::new(),
        };
        if line.cells.iter().any(|cell| cell.contains('\u{fffd}')) {
            cells.fault(None, Fault::DamagedText);
        }
        if !values::is_public(cells.get(Field::Secrecy)) {
            cells.fault(Field::Secrecy, Fault::Secret);
        }
        let row = match self.mapping.direction {
            Direction::Incoming => self.incoming(&mut cells)?,
            Direction::Outgoing => self.outgoing(&mut cells)?,
        };
        let files = self.files(&mut cells);
        let Some(row) = row.filter(|_| cells.faults.is_empty()) else {
            return Ok(Err(cells.faults));
        };
        if let Err(field) = row.check(self.today) {
            // Every rule of the protocol has a fault of its own above; a new one must not slip through.
            tracing::error!(
                field,
                line = line.number,
                "a row breaks a rule that nobody named"
            );
            cells.fault(None, Fault::Refused);
            return Ok(Err(cells.faults));
        }
        if self.is_double(&row) {
            cells.fault(None, Fault::Twice);
            return Ok(Err(cells.faults));
        }
        let known = self
            .store
            .import_known(&self.agency.code, std::slice::from_ref(&row))?;
        let here = match known.first() {
            Some(RowHere::Differs) => {
                cells.fault(None, Fault::Differs);
                return Ok(Err(cells.faults));
            }
            Some(RowHere::Same { files }) => Some(*files),
            Some(RowHere::New) | None => None,
        };
        Ok(Ok(Good {
            row,
            files,
            here,
            notices: cells.notices,
        }))
    }

    fn is_double(&mut self, row: &ImportRow) -> bool {
        let symbol = match row.direction {
            Direction::Incoming => String::new(),
            Direction::Outgoing => {
                let notation = row.fields.notation.as_ref();
                notation.map_or_else(String::new, |one| one.symbol().to_owned())
            }
        };
        let place = (row.book.clone(), row.year, row.number, symbol);
        let is_new = self.seen.insert(row.document(&self.agency.code));
        !self.places.insert(place) || !is_new
    }

    fn incoming(&self, cells: &mut Cells<'_>) -> Result<Option<ImportRow>, StoreError> {
        let number = cells.number(Field::Arrival);
        let on = cells.needed_day(Field::ArrivedOn, self.today);
        let issued_on = cells.day(Field::IssuedOn, self.today);
        if on.zip(issued_on).is_some_and(|(on, issued)| issued > on) {
            cells.fault(Field::IssuedOn, Fault::IssuedLater);
        }
        let notation = self.notation(cells, false);
        let book = self.book(cells);
        let year = self.year(cells, on);
        let fields = self.fields(cells, (notation, issued_on, issued_on.or(on)))?;
        let (Some(number), Some(on), Some(year), Some(book), Some(fields)) =
            (number, on, year, book, fields)
        else {
            return Ok(None);
        };
        Ok(Some(ImportRow {
            line: cells.line.number,
            direction: Direction::Incoming,
            old_id: old_id(cells),
            book,
            year,
            number,
            on,
            fields,
            places: Vec::new(),
            handled_by: cells.text(Field::HandledBy, NAME_MAX),
        }))
    }

    fn outgoing(&self, cells: &mut Cells<'_>) -> Result<Option<ImportRow>, StoreError> {
        let on = cells.needed_day(Field::IssuedOn, self.today);
        let notation = self.notation(cells, true);
        let year = self.year(cells, on);
        let number = notation.as_ref().map(Notation::number);
        let fields = self.fields(cells, (notation, on, on))?;
        let places = values::names(cells.get(Field::Places));
        let is_long = |line: &String| line.chars().count() > NAME_MAX;
        if places.len() > PLACES_MAX || places.iter().any(is_long) {
            cells.fault(Field::Places, Fault::TooLong);
        }
        let (Some(number), Some(on), Some(year), Some(fields)) = (number, on, year, fields) else {
            return Ok(None);
        };
        Ok(Some(ImportRow {
            line: cells.line.number,
            direction: Direction::Outgoing,
            old_id: old_id(cells),
            book: String::new(),
            year,
            number,
            on,
            fields,
            places,
            handled_by: cells.text(Field::HandledBy, NAME_MAX),
        }))
    }

    fn notation(&self, cells: &mut Cells<'_>, needed: bool) -> Option<Notation> {
        let whole = cells.get(Field::Notation);
        let parts = (cells.get(Field::Number), cells.get(Field::Symbol));
        let (field, text) = match (whole, parts) {
            ("", ("", "")) => {
                if needed {
                    cells.fault(Field::Notation, Fault::Missing);
                }
                return None;
            }
            ("", (number, symbol)) if symbol.contains('/') => {
                // “15” and “/QĐ-UBND”, or the whole in the column of the symbol.
                let symbol = symbol.trim_start_matches(|c: char| c.is_ascii_digit());
                (Field::Number, format!("{number}{symbol}"))
            }
            ("", (number, symbol)) => (Field::Number, format!("{number}/{symbol}")),
            (whole, _) => (Field::Notation, whole.to_owned()),
        };
        let found = values::notation(&text);
        if found.is_none() {
            cells.fault(field, Fault::BadNotation);
        }
        found
    }

    fn book(&self, cells: &mut Cells<'_>) -> Option<String> {
        let named = cells.get(Field::Book);
        if named.is_empty() {
            return Some(self.mapping.book.clone());
        }
        let folded = congvan_model::fold(named);
        let mut books = self.books.iter();
        let found = books.find(|(code, name)| code == named || congvan_model::fold(name) == folded);
        if found.is_none() {
            cells.fault(Field::Book, Fault::UnknownBook);
        }
        found.map(|(code, _)| code.clone())
    }

    /// The year of the register: named, or else that of the day.
    fn year(&self, cells: &mut Cells<'_>, on: Option<Date>) -> Option<u16> {
        let named = cells.get(Field::Year);
        let of_day = on.and_then(|on| u16::try_from(on.year()).ok());
        if named.is_empty() {
            return of_day;
        }
        let year = values::number(named).and_then(|year| u16::try_from(year).ok());
        match (year, of_day) {
            (None, _) => cells.fault(Field::Year, Fault::BadNumber),
            (Some(year), Some(of_day)) if year != of_day => {
                cells.fault(Field::Year, Fault::OtherYear);
            }
            (Some(_), _) => return year,
        }
        None
    }

    /// What stands on the document, whose issuer is looked up on that day.
    fn fields(
        &self,
        cells: &mut Cells<'_>,
        (notation, issued_on, day): (Option<Notation>, Option<Date>, Option<Date>),
    ) -> Result<Option<RegistrationFields>, StoreError> {
        let subject = cells.needed(Field::Subject, SUBJECT_MAX);
        let kind = kind(cells, notation.as_ref());
        let urgency = values::urgency(cells.get(Field::Urgency));
        if urgency.is_none() {
            cells.fault(Field::Urgency, Fault::UnknownUrgency);
        }
        let signer = Signer {
            position: cells.text(Field::Position, NAME_MAX),
            full_name: cells.text(Field::Signer, NAME_MAX),
        };
        let activity = self.activity(cells);
        let issuer = self.issuer(cells, day.unwrap_or(self.today))?;
        let (Some(kind), Some((issuer_code, issuer_name))) = (kind, issuer) else {
            return Ok(None);
        };
        Ok(Some(RegistrationFields {
            issuer_code,
            issuer_name,
            notation,
            issued_on,
            kind,
            subject,
            urgency: urgency.unwrap_or(Urgency::Normal),
            signer,
            due: None,
            activity,
        }))
    }

    fn activity(&self, cells: &mut Cells<'_>) -> Option<FieldOfActivity> {
        let named = cells.get(Field::Activity);
        if named.is_empty() {
            return None;
        }
        let folded = congvan_model::fold(named);
        let mut known = self.activities.iter();
        let found = known.find(|one| one.code == named || congvan_model::fold(&one.name) == folded);
        if found.is_none() {
            cells.notice(Notice::UnknownActivity);
        }
        found.cloned()
    }

    /// Code and name of the issuer as they stood on the document: what the table has is kept, and what
    /// it lacks the directory of that day adds.
    fn issuer(
        &self,
        cells: &mut Cells<'_>,
        day: Date,
    ) -> Result<Option<(Option<String>, String)>, StoreError> {
        let (named, coded) = (cells.get(Field::Issuer), cells.get(Field::IssuerCode));
        let is_code = |text: &str| text.parse::<AgencyCode>().is_ok();
        let (name, code) = match (named, coded) {
            ("", "") if self.mapping.direction == Direction::Outgoing => {
                let own = self.agency;
                return Ok(Some((Some(own.code.clone()), own.name.clone())));
            }
            ("", "") => {
                cells.fault(Field::Issuer, Fault::Missing);
                return Ok(None);
            }
            (named, "") if is_code(named) => ("", named),
            (named, coded) => (named, coded),
        };
        for (field, text) in [(Field::Issuer, name), (Field::IssuerCode, code)] {
            if text.chars().count() > NAME_MAX {
                cells.fault(field, Fault::TooLong);
            }
        }
        let known = self.store.issuer_on((code, name), day)?;
        if known.is_none() {
            cells.notice(Notice::UnknownIssuer);
        }
        let known = known.as_ref();
        let issuer_name = match name {
            "" => known.map_or_else(|| code.to_owned(), |agency| agency.name.clone()),
            name => name.to_owned(),
        };
        let issuer_code = match code {
            "" => known.map(|agency| agency.code.clone()),
            code => Some(code.to_owned()),
        };
        Ok(Some((
            issuer_code.filter(|code| !code.is_empty()),
            issuer_name,
        )))
    }

    fn files(&self, cells: &mut Cells<'_>) -> Vec<(PathBuf, String)> {
        let named = values::names(cells.get(Field::Files));
        if named.len() > FILES_MAX {
            cells.fault(Field::Files, Fault::TooManyFiles);
        }
        let Some(folder) = self.folder else {
            if !named.is_empty() {
                cells.notice(Notice::NoFolder);
            }
            return Vec::new();
        };
        let mut files = Vec::new();
        for name in named.into_iter().take(FILES_MAX) {
            match folder.find(&name, self.most) {
                Ok(path) => {
                    let shown = path.file_name().unwrap_or_default().to_string_lossy();
                    let shown: String = shown.chars().take(200).collect();
                    files.push((path.to_owned(), congvan_model::nfc(&shown)));
                }
                Err(fault) => cells.fault(Field::Files, fault),
            }
        }
        files
    }
}

fn old_id(cells: &mut Cells<'_>) -> Option<String> {
    let old = cells.text(Field::OldId, OLD_ID_MAX);
    (!old.is_empty()).then_some(old)
}

/// The kind that the row names, or else that of its symbol; what has a symbol of none is a letter.
fn kind(cells: &mut Cells<'_>, notation: Option<&Notation>) -> Option<DocumentType> {
    let named = cells.get(Field::Kind);
    if named.is_empty() {
        let of_symbol = notation.and_then(Notation::document_type);
        let letter = notation.map_or(DocumentType::Other, |_| DocumentType::OfficialLetter);
        return Some(of_symbol.unwrap_or(letter));
    }
    let found = values::kind(named);
    if found.is_none() {
        cells.fault(Field::Kind, Fault::UnknownKind);
    }
    found
}
