//! Every fault has a row that raises it, and a row that is right becomes what it says.

use std::collections::BTreeSet;

use congvan_model::{AccountId, Direction, DocumentType, Timestamp, Urgency};
use congvan_protocol::{AgencyInfo, import::RowRefusal};
use congvan_store::{AccountKey, RowWithFiles, Store};
use jiff::civil::date;

use super::{
    ImportField as Field, ImportMapping, Office, RowFault as Fault, RowNotice as Notice,
    judge::Judged, source::Line,
};
use crate::importing::folder::Folder;

const NOW: Timestamp = Timestamp(1_795_224_600_000);

struct Desk {
    _dir: tempfile::TempDir,
    store: Store,
    office: Office,
    mapping: ImportMapping,
    folder: Folder,
}

const COLUMNS: [Field; 15] = [
    Field::OldId,
    Field::Arrival,
    Field::ArrivedOn,
    Field::Year,
    Field::Book,
    Field::Notation,
    Field::IssuedOn,
    Field::Issuer,
    Field::Kind,
    Field::Subject,
    Field::Signer,
    Field::Urgency,
    Field::Secrecy,
    Field::Activity,
    Field::Files,
];

impl Desk {
    fn new() -> Self {
        let dir = tempfile::tempdir().expect("a folder");
        let files = dir.path().join("files");
        std::fs::create_dir_all(&files).expect("made");
        let whole = "%PDF-1.7\nstartxref\n9\n%%EOF\n";
        std::fs::write(files.join("a.pdf"), whole).expect("written");
        std::fs::write(files.join("gif.pdf"), "GIF89a").expect("written");
        std::fs::write(files.join("large.pdf"), whole.repeat(20)).expect("written");
        let (store, _) = Store::open(
            &dir.path().join("desk"),
            &AccountKey::from_bytes([7; 32]),
            NOW,
        )
        .expect("opens");
        Self {
            store,
            folder: Folder::read(&files),
            office: Office {
                agency: AgencyInfo {
                    code: "H99.101".to_owned(),
                    name: "UBND xã Bình Minh Đông".to_owned(),
                },
                books: vec![
                    ("den".to_owned(), "Sổ văn bản đến".to_owned()),
                    ("don-thu".to_owned(), "Sổ đơn, thư".to_owned()),
                ],
                activities: Vec::new(),
                most: 100,
                today: NOW.vietnam_date(),
            },
            mapping: ImportMapping {
                direction: Direction::Incoming,
                book: "den".to_owned(),
                columns: COLUMNS.map(Some).to_vec(),
            },
            _dir: dir,
        }
    }

    /// Judges rows one after the other.
    fn judge(&self, rows: &[[&str; 15]]) -> Vec<Judged> {
        let folder = Some(&self.folder);
        let mut judge = self.office.judge(&self.store, &self.mapping, folder);
        let lines = (2..).zip(rows).map(|(number, cells)| Line {
            number,
            cells: cells.iter().map(|cell| (*cell).to_owned()).collect(),
        });
        lines
            .map(|line| judge.judge(&line).expect("the store answers"))
            .collect()
    }

    /// What is wrong with the row that is right but for one cell.
    fn with(&self, field: Field, cell: &str) -> Vec<(Option<Field>, Fault)> {
        let mut row = GOOD;
        let place = COLUMNS.iter().position(|one| *one == field);
        *row.get_mut(place.expect("a column")).expect("a cell") = cell;
        match self.judge(&[row]).remove(0) {
            Ok(_) => Vec::new(),
            Err(faults) => faults.iter().map(|one| (one.field, one.fault)).collect(),
        }
    }
}

const GOOD: [&str; 15] = [
    "VB-1",
    "007",
    "04/03/2019",
    "2019",
    "",
    "15/QĐ-UBND",
    "01/03/2019",
    "Sở Nội vụ",
    "",
    "Về việc giao đất",
    "Trần Văn A",
    "Khẩn",
    "Thường",
    "",
    "a.pdf",
];

#[test]
fn a_row_that_is_right_becomes_what_it_says() {
    let desk = Desk::new();
    let good = desk.judge(&[GOOD]).remove(0).expect("good");
    let row = &good.row;
    assert_eq!((row.number, row.year, row.on), (7, 2019, date(2019, 3, 4)));
    assert_eq!((row.book.as_str(), row.line), ("den", 2));
    assert_eq!(row.old_id.as_deref(), Some("VB-1"));
    assert_eq!(row.fields.kind, DocumentType::Decision, "by its symbol");
    assert_eq!(row.fields.urgency, Urgency::Urgent);
    assert_eq!(row.fields.issued_on, Some(date(2019, 3, 1)));
    assert_eq!(good.files.len(), 1);
    assert_eq!(good.notices, [Notice::UnknownIssuer], "kept as written");
    assert_eq!(row.fields.issuer_name, "Sở Nội vụ");
    assert_eq!(good.here, None);
}

#[test]
fn every_fault_has_a_row_that_raises_it() {
    let desk = Desk::new();
    let long = "x".repeat(2_001);
    let many = ["a.pdf"; 21].join(";");
    let table = [
        (Field::Subject, "", Fault::Missing),
        (Field::Issuer, "", Fault::Missing),
        (Field::Arrival, "", Fault::Missing),
        (Field::ArrivedOn, "", Fault::Missing),
        (Field::Arrival, "12a", Fault::BadNumber),
        (Field::Year, "năm nay", Fault::BadNumber),
        (Field::ArrivedOn, "31/02/2019", Fault::BadDate),
        (Field::IssuedOn, "hôm qua", Fault::BadDate),
        (Field::ArrivedOn, "01/01/2199", Fault::FutureDate),
        (Field::ArrivedOn, "01/09/1945", Fault::TooOld),
        (Field::Year, "2018", Fault::OtherYear),
        (Field::IssuedOn, "05/03/2019", Fault::IssuedLater),
        (Field::Notation, "không số", Fault::BadNotation),
        (Field::Kind, "Sắc lệnh", Fault::UnknownKind),
        (Field::Urgency, "gấp", Fault::UnknownUrgency),
        (Field::Book, "Sổ lạ", Fault::UnknownBook),
        (Field::Subject, long.as_str(), Fault::TooLong),
        (Field::Secrecy, "Tối mật", Fault::Secret),
        (Field::Files, "b.pdf", Fault::FileMissing),
        (Field::Files, "gif.pdf", Fault::FileNotPdf),
        (Field::Files, "large.pdf", Fault::FileTooLarge),
        (Field::Files, many.as_str(), Fault::TooManyFiles),
    ];
    let mut raised = BTreeSet::new();
    for (field, cell, fault) in table {
        assert_eq!(desk.with(field, cell), [(Some(field), fault)], "{cell}");
        raised.insert(fault);
    }
    let damaged = desk.with(Field::Signer, "Tr\u{fffd}n");
    assert_eq!(damaged, [(None, Fault::DamagedText)]);
    raised.insert(Fault::DamagedText);

    // The same row twice, and another one with the same number.
    let mut same_number = GOOD;
    same_number[0] = "VB-2";
    let found = desk.judge(&[GOOD, GOOD, same_number]);
    assert!(found[0].is_ok());
    for (place, judged) in found.iter().enumerate().skip(1) {
        let faults = judged.as_ref().expect_err("a double");
        assert_eq!(faults[0].fault, Fault::Twice, "{place}");
    }
    raised.insert(Fault::Twice);

    // Taken over before: it is here, or it says something else now.
    let good = desk.judge(&[GOOD]).remove(0).expect("good");
    let row = RowWithFiles {
        row: good.row,
        files: Vec::new(),
    };
    let source = congvan_model::Sha256([1; 32]);
    let author = (AccountId(7), "Văn thư");
    let of = (desk.office.agency.code.as_str(), source);
    let queued = desk
        .store
        .import_rows(of, std::slice::from_ref(&row), author, NOW);
    assert_eq!(queued.expect("kept").rows, 1);
    let again = desk
        .store
        .import_rows(of, std::slice::from_ref(&row), author, NOW);
    assert_eq!(again.expect("kept").rows, 0, "once");
    let here = desk.judge(&[GOOD]).remove(0).expect("here");
    assert_eq!(here.here, Some(0));
    assert_eq!(desk.with(Field::Subject, "Khác"), [(None, Fault::Differs)]);
    raised.insert(Fault::Differs);

    // The rest is the server's word.
    raised.extend(RowRefusal::ALL.map(Fault::from));
    let all: BTreeSet<Fault> = Fault::ALL.iter().copied().collect();
    assert_eq!(raised, all);
}

#[test]
fn what_went_out_is_judged_by_its_own_columns() {
    let mut desk = Desk::new();
    desk.mapping = ImportMapping {
        direction: Direction::Outgoing,
        book: String::new(),
        columns: [
            Field::Number,
            Field::Symbol,
            Field::IssuedOn,
            Field::Subject,
            Field::Places,
        ]
        .map(Some)
        .to_vec(),
    };
    let mut judge = desk.office.judge(&desk.store, &desk.mapping, None);
    let mut judged = |cells: [&str; 5]| {
        let line = Line {
            number: 2,
            cells: cells.map(str::to_owned).to_vec(),
        };
        judge.judge(&line).expect("the store answers")
    };
    let good = judged(["12", "UBND-VX", "43528", "Về việc", "Sở Nội vụ; Lưu: VT"]).expect("good");
    assert_eq!(
        good.row
            .fields
            .notation
            .as_ref()
            .map(ToString::to_string)
            .as_deref(),
        Some("12/UBND-VX")
    );
    assert_eq!(good.row.places, ["Sở Nội vụ", "Lưu: VT"]);
    assert_eq!(good.row.fields.issuer_code.as_deref(), Some("H99.101"));
    assert_eq!(good.row.fields.kind, DocumentType::OfficialLetter);
    let other_symbol = judged(["12", "/QĐ-UBND", "43528", "Về việc", ""]);
    assert!(
        other_symbol.is_ok(),
        "another symbol has numbers of its own"
    );
    let faults = judged(["", "", "43528", "Về việc", ""]).expect_err("no number");
    assert_eq!(faults[0].fault, Fault::Missing);
}
