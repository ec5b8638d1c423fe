//! The table of a previous system, read row by row: CSV in the encodings and with the separators that
//! are met, or a sheet of a workbook. A CSV file is never whole in memory.

use std::{
    collections::VecDeque,
    fs::File,
    io::{BufReader, Read, Seek as _},
    path::{Path, PathBuf},
};

use calamine::{Data, DataRef, Reader as _, Xlsx, XlsxError, open_workbook};
use congvan_model::{Sha256, nfc};
use csv::{ReaderBuilder, StringRecord};
use encoding_rs::{CoderResult, Decoder, Encoding, UTF_8, WINDOWS_1258};

use super::{ImportRefusal, columns};

/// Longest table that is read, in bytes.
const BYTES_MAX: u64 = 512 * 1024 * 1024;
/// Most columns of a table.
pub(super) const COLUMNS_MAX: usize = 200;
/// Longest cell that is kept, in characters: a longer one is a fault of its row anyway.
const CELL_MAX: usize = 8_000;
/// Rows among which the headings are looked for.
const HEAD_ROWS: usize = 20;
/// Bytes from which encoding and separator are told.
const SAMPLE: usize = 64 * 1024;

/// A row: its number in the file, the first row is 1, and its cells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Line {
    pub(super) number: u32,
    pub(super) cells: Vec<String>,
}

/// What kind of table it is.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Form {
    Text {
        encoding: &'static Encoding,
        separator: u8,
    },
    Workbook {
        sheet: String,
    },
}

/// A table whose headings are known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Source {
    path: PathBuf,
    form: Form,
    /// SHA-256 of the file.
    pub(super) sha256: Sha256,
    /// Names of the sheets of a workbook; empty of a text.
    pub(super) sheets: Vec<String>,
    /// Which of them.
    pub(super) sheet: usize,
    /// The row of the headings.
    pub(super) heading_row: u32,
    /// The headings, as many as the widest row near them has cells.
    pub(super) headings: Vec<String>,
}

impl Source {
    /// Opens a table and finds its headings.
    pub(super) fn open(path: &Path, sheet: usize) -> Result<Self, ImportRefusal> {
        let sha256 = hash(path)?;
        let (form, sheets) = match is_workbook(path)? {
            true => {
                let sheets = workbook(path)?.sheet_names();
                let name = sheets.get(sheet).ok_or(ImportRefusal::Empty)?.clone();
                (Form::Workbook { sheet: name }, sheets)
            }
            false => (text_form(path)?, Vec::new()),
        };
        let mut source = Self {
            path: path.to_owned(),
            form,
            sha256,
            sheets,
            sheet,
            heading_row: 0,
            headings: Vec::new(),
        };
        let mut head: Vec<Line> = Vec::new();
        source.each(|line| {
            head.push(line);
            head.len() < HEAD_ROWS
        })?;
        let known = |line: &Line| columns::recognised(&line.cells);
        // Of equals the first: a row of data has no heading, a title is but one cell.
        let best = head
            .iter()
            .max_by_key(|line| (known(line), std::cmp::Reverse(line.number)));
        let best = match best {
            Some(line) if known(line) > 0 => line,
            Some(_) | None => head.first().ok_or(ImportRefusal::Empty)?,
        };
        let width = head.iter().map(|line| line.cells.len()).max().unwrap_or(0);
        if width > COLUMNS_MAX {
            return Err(ImportRefusal::TooLarge);
        }
        source.heading_row = best.number;
        source.headings.clone_from(&best.cells);
        source.headings.resize(width, String::new());
        Ok(source)
    }

    /// The rows below the headings until `with` says that it has enough; empty ones are left out.
    pub(super) fn rows(&self, mut with: impl FnMut(Line) -> bool) -> Result<(), ImportRefusal> {
        self.each(|line| line.number <= self.heading_row || with(line))
    }

    /// Whether the file is still the one that was opened.
    pub(super) fn is_unchanged(&self) -> bool {
        hash(&self.path) == Ok(self.sha256)
    }

    fn each(&self, with: impl FnMut(Line) -> bool) -> Result<(), ImportRefusal> {
        match &self.form {
            Form::Text {
                encoding,
                separator,
            } => each_of_text(&self.path, (encoding, *separator), with),
            Form::Workbook { sheet } => each_of_sheet(&self.path, sheet, with),
        }
    }
}

fn open(path: &Path) -> Result<File, ImportRefusal> {
    let file = File::open(path).map_err(|_| ImportRefusal::Unreadable)?;
    let meta = file.metadata().map_err(|_| ImportRefusal::Unreadable)?;
    if !meta.is_file() {
        return Err(ImportRefusal::Unreadable);
    }
    if meta.len() > BYTES_MAX {
        return Err(ImportRefusal::TooLarge);
    }
    Ok(file)
}

fn hash(path: &Path) -> Result<Sha256, ImportRefusal> {
    let mut file = open(path)?;
    let mut context = aws_lc_rs::digest::Context::new(&aws_lc_rs::digest::SHA256);
    let mut part = vec![0; SAMPLE];
    loop {
        let count = file
            .read(&mut part)
            .map_err(|_| ImportRefusal::Unreadable)?;
        if count == 0 {
            break;
        }
        context.update(part.get(..count).unwrap_or_default());
    }
    let digest = context.finish();
    let bytes = digest.as_ref().try_into();
    bytes.map(Sha256).map_err(|_| ImportRefusal::Unreadable)
}

fn sample(path: &Path) -> Result<Vec<u8>, ImportRefusal> {
    let mut bytes = Vec::new();
    let read = open(path)?.take(SAMPLE as u64).read_to_end(&mut bytes);
    read.map_err(|_| ImportRefusal::Unreadable)?;
    Ok(bytes)
}

fn is_workbook(path: &Path) -> Result<bool, ImportRefusal> {
    let head = sample(path)?;
    // An old .xls, which is asked to be saved anew.
    if head.starts_with(&[0xD0, 0xCF, 0x11, 0xE0]) {
        return Err(ImportRefusal::NotATable);
    }
    Ok(head.starts_with(b"PK\x03\x04"))
}

/// Encoding and separator of a text.
fn text_form(path: &Path) -> Result<Form, ImportRefusal> {
    let bytes = sample(path)?;
    let encoding = match Encoding::for_bom(&bytes) {
        Some((encoding, _)) => encoding,
        None if bytes.contains(&0) => return Err(ImportRefusal::NotATable),
        None if is_utf8(&bytes) => UTF_8,
        None => WINDOWS_1258,
    };
    let (text, ..) = encoding.decode(&bytes);
    let text: String = text.lines().take(HEAD_ROWS).collect::<Vec<_>>().join("\n");
    let separators = [b',', b';', b'\t', b'|'];
    let separator = separators
        .into_iter()
        .max_by_key(|separator| width(&text, *separator));
    Ok(Form::Text {
        encoding,
        separator: separator.unwrap_or(b','),
    })
}

/// A character may be cut off at the end of the sample.
fn is_utf8(bytes: &[u8]) -> bool {
    match std::str::from_utf8(bytes) {
        Ok(_) => true,
        Err(error) => error.error_len().is_none(),
    }
}

/// How many cells rows have with that separator: the number that most of them agree on.
fn width(text: &str, separator: u8) -> usize {
    let mut reader = reader_of(text.as_bytes(), separator);
    let mut seen: Vec<usize> = reader.records().flatten().map(|row| row.len()).collect();
    seen.sort_unstable();
    let middle = seen.len().checked_div(2).unwrap_or(0);
    seen.get(middle).copied().unwrap_or(0)
}

fn reader_of<R: Read>(from: R, separator: u8) -> csv::Reader<R> {
    ReaderBuilder::new()
        .delimiter(separator)
        .has_headers(false)
        .flexible(true)
        .from_reader(from)
}

fn each_of_text(
    path: &Path,
    (encoding, separator): (&'static Encoding, u8),
    mut with: impl FnMut(Line) -> bool,
) -> Result<(), ImportRefusal> {
    let decoding = Decoding {
        from: BufReader::new(open(path)?),
        decoder: encoding.new_decoder_with_bom_removal(),
        ready: VecDeque::new(),
        last: b'\n',
        ended: false,
    };
    let mut reader = reader_of(decoding, separator);
    let mut record = StringRecord::new();
    // Line ends inside of cells are no rows.
    let mut inside = 0_u64;
    loop {
        let more = reader.read_record(&mut record);
        if !more.map_err(|_| ImportRefusal::Unreadable)? {
            return Ok(());
        }
        inside += record
            .iter()
            .flat_map(str::chars)
            .filter(|c| *c == '\n')
            .count() as u64;
        // The reader stands behind the record's line end; empty lines before it are counted too.
        let line = reader.position().line().saturating_sub(1 + inside);
        let number = u32::try_from(line).unwrap_or(u32::MAX);
        let cells: Vec<String> = record.iter().map(cell).collect();
        if cells.iter().any(|cell| !cell.is_empty()) && !with(Line { number, cells }) {
            return Ok(());
        }
    }
}

fn cell(text: &str) -> String {
    let kept: String = text.trim().chars().take(CELL_MAX).collect();
    nfc(&kept)
}

/// Bytes of any encoding as UTF-8, every line ended by a line feed.
struct Decoding<R> {
    from: R,
    decoder: Decoder,
    ready: VecDeque<u8>,
    /// What came last, as it came.
    last: u8,
    ended: bool,
}

impl<R: Read> Read for Decoding<R> {
    fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
        while self.ready.is_empty() && !self.ended {
            let mut bytes = [0; 8 * 1024];
            let count = self.from.read(&mut bytes)?;
            self.ended = count == 0;
            let mut rest = bytes.get(..count).unwrap_or_default();
            let mut text = String::with_capacity(4 * bytes.len());
            loop {
                let (end, read, _) = self.decoder.decode_to_string(rest, &mut text, self.ended);
                rest = rest.get(read..).unwrap_or_default();
                match end {
                    CoderResult::InputEmpty => break,
                    CoderResult::OutputFull => text.reserve(8 * 1024),
                }
            }
            for byte in text.bytes() {
                match (self.last, byte) {
                    (b'\r', b'\n') => {}
                    (_, b'\r') => self.ready.push_back(b'\n'),
                    (_, byte) => self.ready.push_back(byte),
                }
                self.last = byte;
            }
            if self.ended && !matches!(self.last, b'\r' | b'\n') {
                self.ready.push_back(b'\n');
                self.last = b'\n';
            }
        }
        self.ready.read(into)
    }
}

fn workbook(path: &Path) -> Result<Xlsx<BufReader<File>>, ImportRefusal> {
    let mut file = open(path)?;
    file.rewind().map_err(|_| ImportRefusal::Unreadable)?;
    open_workbook(path).map_err(|_: XlsxError| ImportRefusal::NotATable)
}

fn each_of_sheet(
    path: &Path,
    sheet: &str,
    mut with: impl FnMut(Line) -> bool,
) -> Result<(), ImportRefusal> {
    let mut book = workbook(path)?;
    let mut cells = book
        .worksheet_cells_reader(sheet)
        .map_err(|_| ImportRefusal::NotATable)?;
    let mut line: Option<Line> = None;
    loop {
        let next = cells.next_cell().map_err(|_| ImportRefusal::NotATable)?;
        let place = next.as_ref().map(|found| found.get_position());
        let row = place.map(|(row, _)| row.saturating_add(1));
        if line.as_ref().map(|line| line.number) != row
            && let Some(done) = line.take()
        {
            let has_words = done.cells.iter().any(|cell| !cell.is_empty());
            if has_words && !with(done) {
                return Ok(());
            }
        }
        let (Some(found), Some((_, column)), Some(number)) = (next, place, row) else {
            return Ok(());
        };
        let column = usize::try_from(column).unwrap_or(usize::MAX);
        if column >= COLUMNS_MAX {
            continue;
        }
        let line = line.get_or_insert_with(|| Line {
            number,
            cells: Vec::new(),
        });
        line.cells
            .resize(line.cells.len().max(column + 1), String::new());
        if let Some(place) = line.cells.get_mut(column) {
            *place = cell(&words(found.get_value()));
        }
    }
}

/// A cell's words; a day is written so that its order is beyond doubt.
fn words(value: &DataRef<'_>) -> String {
    match Data::from(value.clone()) {
        Data::DateTime(at) if at.is_datetime() => {
            let (year, month, day, ..) = at.to_ymd_hms_milli();
            format!("{year:04}-{month:02}-{day:02}")
        }
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(bytes: &[u8]) -> (Source, Vec<Line>) {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("bang.csv");
        std::fs::write(&path, bytes).expect("written");
        let source = Source::open(&path, 0).expect("a table");
        let mut lines = Vec::new();
        source
            .rows(|line| {
                lines.push(line);
                true
            })
            .expect("read");
        (source, lines)
    }

    const TEXT: &str = "Số đến,Ngày đến,Trích yếu\r\n1,04/03/2019,\"Về việc\r\ngiao đất, cho thuê\"\r\n\r\n2,05/03/2019,Báo cáo\r\n";

    #[test]
    fn a_text_is_read_in_the_encodings_that_are_met() {
        let utf16 = |text: &str, big: bool| {
            let unit = |unit: u16| match big {
                true => unit.to_be_bytes(),
                false => unit.to_le_bytes(),
            };
            let bom = std::iter::once(0xFEFF);
            bom.chain(text.encode_utf16())
                .flat_map(unit)
                .collect::<Vec<u8>>()
        };
        let with_bom = [&[0xEF, 0xBB, 0xBF], TEXT.as_bytes()].concat();
        // What windows-1258 has: letters with their own marks, tones as marks of their own.
        let old = in_windows_1258(TEXT);
        for bytes in [
            TEXT.as_bytes().to_vec(),
            with_bom,
            utf16(TEXT, false),
            utf16(TEXT, true),
            old,
        ] {
            let (source, lines) = read(&bytes);
            assert_eq!(source.headings, ["Số đến", "Ngày đến", "Trích yếu"]);
            let cells: Vec<&str> = lines[0].cells.iter().map(String::as_str).collect();
            assert_eq!(cells, ["1", "04/03/2019", "Về việc\ngiao đất, cho thuê"]);
            // As a spreadsheet counts: the cell of two lines is one row, the empty line is one.
            assert_eq!(
                lines.iter().map(|line| line.number).collect::<Vec<_>>(),
                [2, 4]
            );
        }
    }

    /// Takes tones off their letters, which encodes what the encoding has.
    fn in_windows_1258(text: &str) -> Vec<u8> {
        let mut out = Vec::new();
        for c in text.chars() {
            let letter = c.to_string();
            let (bytes, _, failed) = WINDOWS_1258.encode(&letter);
            if !failed {
                out.extend_from_slice(&bytes);
                continue;
            }
            let (base, tone) = match c {
                'ố' => ('ô', '\u{301}'),
                'ế' => ('ê', '\u{301}'),
                'ề' => ('ê', '\u{300}'),
                'ệ' => ('ê', '\u{323}'),
                'ấ' => ('â', '\u{301}'),
                'ạ' => ('a', '\u{323}'),
                'í' => ('i', '\u{301}'),
                _ => panic!("{c}"),
            };
            for c in [base, tone] {
                out.extend_from_slice(&WINDOWS_1258.encode(&c.to_string()).0);
            }
        }
        out
    }

    #[test]
    fn the_separator_is_found_and_headings_below_a_title_too() {
        for separator in [";", "\t", "|"] {
            let text = format!(
                "UBND TỈNH KIÊN GIANG\nSổ văn bản đến, năm 2019\n\nSố đến{separator}Ngày đến{separator}Trích yếu\n1{separator}04/03/2019{separator}Về việc a, b, c, d, e\n"
            );
            let (source, lines) = read(text.as_bytes());
            assert_eq!(source.heading_row, 4, "{separator:?}");
            assert_eq!(lines.len(), 1);
            assert_eq!(lines[0].cells.len(), 3);
        }
    }

    #[test]
    fn a_workbook_is_read_sheet_by_sheet_with_its_days() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("so.xlsx");
        let mut book = rust_xlsxwriter::Workbook::new();
        book.add_worksheet()
            .write(0, 0, "Ghi chú")
            .expect("written");
        let sheet = book.add_worksheet();
        sheet.set_name("2019").expect("named");
        let day = rust_xlsxwriter::Format::new().set_num_format("dd/mm/yyyy");
        for (place, heading) in ["Số đến", "Ngày đến", "Trích yếu"].into_iter().enumerate()
        {
            let place = u16::try_from(place).expect("few");
            sheet.write(0, place, heading).expect("written");
        }
        sheet.write(2, 0, 7).expect("written");
        sheet
            .write_number_with_format(2, 1, 43528, &day)
            .expect("written");
        sheet.write(2, 2, "Về việc").expect("written");
        book.save(&path).expect("saved");

        let source = Source::open(&path, 1).expect("a table");
        assert_eq!(source.sheets, ["Sheet1", "2019"]);
        let mut lines = Vec::new();
        source
            .rows(|line| {
                lines.push(line);
                true
            })
            .expect("read");
        assert_eq!(lines.len(), 1);
        assert_eq!(lines[0].number, 3);
        assert_eq!(lines[0].cells, ["7", "2019-03-04", "Về việc"]);
        assert!(source.is_unchanged());
        std::fs::write(&path, "Số đến;Ngày đến\n").expect("written");
        assert!(!source.is_unchanged());
    }

    #[test]
    fn what_is_no_table_is_said_so() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("x");
        let why = |bytes: &[u8]| {
            std::fs::write(&path, bytes).expect("written");
            Source::open(&path, 0).map(|_| ())
        };
        assert_eq!(why(b"PK\x03\x04not a zip"), Err(ImportRefusal::NotATable));
        assert_eq!(
            why(&[0xD0, 0xCF, 0x11, 0xE0, 1]),
            Err(ImportRefusal::NotATable)
        );
        assert_eq!(why(b"%PDF-1.7\0\0"), Err(ImportRefusal::NotATable));
        assert_eq!(why(b""), Err(ImportRefusal::Empty));
        std::fs::remove_file(&path).expect("removed");
        assert_eq!(
            Source::open(&path, 0).map(|_| ()),
            Err(ImportRefusal::Unreadable)
        );
    }
}
