//! The register of what goes out and that of the handling: what waits for its number, what is void, and
//! the same on paper and as a table, judged by other programs.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use serde_json::{Value, json};

use crate::{
    face::Face,
    handling::{act, comes, everything_sent},
    house::House,
    issuing::SUBJECT,
    office::{Office, checkout},
    registering::{desk_of, output},
};

const TEN: [&str; 10] = [
    "Số, ký hiệu",
    "Ngày tháng",
    "Tên loại và trích yếu nội dung",
    "Người ký",
    "Nơi nhận văn bản",
    "Đơn vị, người nhận bản lưu",
    "Số lượng bản",
    "Ngày chuyển",
    "Ký nhận",
    "Ghi chú",
];
const SEVEN: [&str; 7] = [
    "Số đến",
    "Tên loại, số và ký hiệu, ngày tháng và tác giả văn bản",
    "Đơn vị hoặc người nhận",
    "Thời hạn giải quyết",
    "Tiến độ giải quyết",
    "Số, ký hiệu văn bản trả lời",
    "Ghi chú",
];

fn query(book: &str, year: &Value) -> Value {
    json!({
        "book": book, "year": year, "from": "", "to": "", "activity": "", "progress": null,
        "text": "", "offset": 0, "limit": 500,
    })
}

async fn outgoing(desk: &Face, year: &Value) -> Value {
    desk.ask("outgoing_register", query("di-QĐ", year)).await
}

/// The rows of an exported table from its head on.
async fn table(office: &Office, desk: &Face, export: Value, format: &str) -> Vec<Vec<String>> {
    let mut export = export;
    export["format"] = json!(format);
    let file = desk.ask("book_export", export).await;
    let path = saved(office, desk, &file);
    if format == "PDF" {
        return vec![vec![paper(&path)]];
    }
    judged(&path).split_off(4)
}

/// Saves what was exported, as the window does.
pub(crate) fn saved(office: &Office, desk: &Face, file: &Value) -> PathBuf {
    let id = file["id"].as_str().unwrap();
    let (named, bytes) = desk_of(desk).export_take(id).unwrap();
    let path = office.file(&named.name);
    fs::write(&path, bytes).unwrap();
    path
}

/// The words of a sound PDF, as another program reads them.
pub(crate) fn paper(path: &Path) -> String {
    output(Command::new("qpdf").arg("--check").arg(path));
    let text = output(Command::new("pdftotext").arg("-raw").arg(path).arg("-"));
    let words: Vec<&str> = text.split_whitespace().collect();
    words.join(" ")
}

/// The rows of the first sheet, as another program reads them.
pub(crate) fn spreadsheet(path: &Path) -> Vec<Vec<String>> {
    let script = "import json,sys,openpyxl\n\
        sheet=openpyxl.load_workbook(sys.argv[1]).worksheets[0]\n\
        rows=[[str(c) if c is not None else '' for c in row] for row in sheet.iter_rows(values_only=True)]\n\
        print(json.dumps(rows))";
    let rows = output(
        Command::new(checkout("target/tools/venv/bin/python"))
            .args(["-c", script])
            .arg(path),
    );
    serde_json::from_str(&rows).unwrap()
}

/// The rows of a table in which LibreOffice shows what openpyxl reads.
pub(crate) fn judged(path: &Path) -> Vec<Vec<String>> {
    let folder = tempfile::tempdir().unwrap();
    let mut profile = std::ffi::OsString::from("-env:UserInstallation=file://");
    profile.push(folder.path().join("profile"));
    let converted = Command::new("soffice")
        .arg(profile)
        .args(["--headless", "--convert-to"])
        .args(["csv:Text - txt - csv (StarCalc):44,34,76,1", "--outdir"])
        .args([folder.path(), path])
        .output()
        .unwrap();
    let shown = folder
        .path()
        .join(path.with_extension("csv").file_name().unwrap());
    assert!(shown.exists(), "{converted:?}");
    let script = "import csv,json,sys\n\
        print(json.dumps(list(csv.reader(open(sys.argv[1],encoding='utf-8',newline='')))))";
    let shown = output(
        Command::new(checkout("target/tools/venv/bin/python"))
            .args(["-c", script])
            .arg(shown),
    );
    let shown: Vec<Vec<String>> = serde_json::from_str(&shown).unwrap();
    let rows = spreadsheet(path);
    // A day is a day of the calendar in the file, and shown as the decree writes it.
    let written = |cell: &String| match cell.strip_suffix(" 00:00:00") {
        Some(day) => day.split('-').rev().collect::<Vec<_>>().join("/"),
        None => cell.clone(),
    };
    let wanted = rows.iter().map(|row| row.iter().map(written).collect());
    assert_eq!(shown, wanted.collect::<Vec<Vec<String>>>());
    rows
}

#[tokio::test]
async fn what_waits_for_its_number_has_none_what_is_given_back_is_void_and_paper_and_table_say_the_same()
 {
    let mut house = House::open().await;
    let document = &house.signed().await;
    let House {
        mut office, clerk, ..
    } = house;
    let year = json!(office.province().now().vietnam_date().year());

    office.cut();
    act(&clerk, document, json!({ "act": "number" })).await;
    let waiting = outgoing(&clerk, &year).await;
    let entry = &waiting["entries"][0];
    assert_eq!(
        (&entry["number"], &entry["notation"]),
        (&Value::Null, &json!("QĐ-UBND"))
    );
    office.connect();
    everything_sent(&clerk).await;
    comes(&clerk, document, "signed").await;
    let numbered = clerk
        .until("the number is in the register", async |desk| {
            let found = outgoing(desk, &year).await;
            (found["entries"][0]["number"] == 1).then_some(found)
        })
        .await;
    let entry = &numbered["entries"][0];
    assert_eq!(
        (&entry["notation"], &entry["document"]),
        (&json!("01/QĐ-UBND"), &json!(document))
    );

    let whole = json!({ "register": "outgoing", "query": query("di-QĐ", &year), "columns": [] });
    let rows = table(&office, &clerk, whole.clone(), "XLSX").await;
    assert_eq!((rows.len(), &rows[0][..]), (2, &TEN.map(str::to_owned)[..]));
    assert_eq!(rows[1][0], "01/QĐ-UBND");
    assert!(rows[1][2].contains(SUBJECT), "{rows:?}");
    assert_eq!(rows[1][3], entry["signer"].as_str().unwrap());
    let paper = table(&office, &clerk, whole, "PDF")
        .await
        .remove(0)
        .remove(0);
    // A cell is broken anywhere on paper.
    let paper = paper.replace(' ', "");
    for words in [
        "SỔ ĐĂNG KÝ VĂN BẢN ĐI",
        "01/QĐ-UBND",
        SUBJECT,
        TEN[5],
        "Trang 1/1",
    ] {
        assert!(
            paper.contains(&words.replace(' ', "")),
            "{words} in {paper}"
        );
    }
    // Chosen columns, and no others.
    let chosen = json!({
        "register": "outgoing", "query": query("di-QĐ", &year), "columns": ["subject", "notation"],
    });
    let rows = table(&office, &clerk, chosen, "XLSX").await;
    assert_eq!(rows[0], [TEN[2], TEN[0]]);
    let foreign = json!({
        "register": "tracking", "query": query("den", &year), "columns": ["signer"],
        "format": "XLSX",
    });
    let refused = clerk.call("book_export", foreign).await.unwrap_err();
    assert_eq!(refused.code, "ACT_FIELD");

    // Given back before its issue: the number is void for ever, and the register says why.
    let back = json!({ "act": "return", "reason": "Sai thẩm quyền ký" });
    act(&clerk, document, back).await;
    everything_sent(&clerk).await;
    let void = clerk
        .until("the void number is in the register", async |desk| {
            let found = outgoing(desk, &year).await;
            let is_servers = found["entries"][0]["document"].is_null();
            (found["total"] == 1 && is_servers).then_some(found)
        })
        .await;
    let entry = &void["entries"][0];
    assert_eq!(
        (&entry["number"], &entry["is_void"], &entry["note"]),
        (&json!(1), &json!(true), &json!("Sai thẩm quyền ký"))
    );

    // What follows the handling has every number of the book that is on a document.
    let book = clerk.ask("book_entries", query("den", &year)).await;
    let followed = clerk.ask("tracking_register", query("den", &year)).await;
    let numbers = |page: &Value| -> Vec<Value> {
        let entries = page["entries"].as_array().unwrap().iter();
        entries
            .filter(|entry| entry["is_void"] != json!(true) && !entry["number"].is_null())
            .map(|entry| entry["number"].clone())
            .collect()
    };
    assert_eq!(numbers(&followed), numbers(&book));
    let whole = json!({ "register": "tracking", "query": query("den", &year), "columns": [] });
    let rows = table(&office, &clerk, whole, "XLSX").await;
    assert_eq!(rows[0], SEVEN);
    assert_eq!(rows.len() - 1, numbers(&followed).len());
}

const SIX: [&str; 6] = [
    "Ngày chuyển",
    "Số, ký hiệu",
    "Nơi nhận văn bản",
    "Số lượng bì",
    "Ký nhận và dấu bưu điện",
    "Ghi chú",
];
const NINE: [&str; 9] = [
    "Ngày tháng",
    "Họ và tên người sử dụng",
    "Số, ký hiệu, ngày tháng văn bản",
    "Tên loại và trích yếu nội dung",
    "Số và ký hiệu hồ sơ",
    "Ký nhận",
    "Ngày trả",
    "Người cho phép sử dụng",
    "Ghi chú",
];

#[tokio::test]
async fn what_goes_by_post_and_who_has_the_file_copy_is_written_down_offline_and_stands_in_two_registers()
 {
    let mut house = House::open().await;
    let document = &house.issued().await;
    let House {
        mut office,
        clerk,
        official,
        ..
    } = house;
    let today = office.province().now().vietnam_date();
    let year = json!(today.year());
    let today = today.to_string();
    comes(&official, document, "issued").await;

    // With the network down: counted at once, and taken back until it is sent.
    office.cut();
    let mail = json!({
        "act": "mail", "on": today, "to": "Hạt Kiểm lâm khu vực 2", "envelopes": 2, "note": "Bảo đảm",
    });
    act(&clerk, document, mail.clone()).await;
    act(&clerk, document, mail.clone()).await;
    clerk
        .ask("document_act_undo", json!({ "id": document }))
        .await;
    let lend = json!({
        "act": "lend", "on": today, "borrower": "Phạm Thị C", "permitted_by": "Nguyễn Văn A",
        "note": "",
    });
    act(&clerk, document, lend.clone()).await;
    let posted = clerk.ask("mail_register", query("", &year)).await;
    assert_eq!(
        (&posted["total"], &posted["years"]),
        (&json!(1), &json!([year]))
    );
    let lent = clerk.ask("loan_register", query("", &year)).await;
    assert_eq!(lent["entries"][0]["returned_on"], "");
    for (wrong, field) in [
        ("to", json!("")),
        ("envelopes", json!(0)),
        ("on", json!("2099-01-01")),
    ]
    .map(|(name, value)| {
        let mut wrong = mail.clone();
        wrong[name] = value;
        (wrong, name)
    }) {
        let args = json!({ "document": document, "act": wrong });
        let refused = clerk.call("document_act", args).await.unwrap_err();
        assert_eq!(
            (refused.code.as_str(), refused.args["field"].as_str()),
            ("ACT_FIELD", Some(field))
        );
    }
    office.connect();
    everything_sent(&clerk).await;

    // The drafter reads it and may not write it.
    let seen = official
        .until("the loan is told", async |desk| {
            let handling = desk
                .ask("document_handling", json!({ "id": document }))
                .await;
            let loans = handling["outgoing"]["loans"].as_array()?.len();
            (loans == 1).then_some(handling)
        })
        .await;
    assert_eq!(seen["outgoing"]["mailings"][0]["envelopes"], 2);
    let args = json!({ "document": document, "act": lend });
    let refused = official.call("document_act", args).await.unwrap_err();
    assert_eq!(refused.code, "ACT_FORBIDDEN");

    let loan = seen["outgoing"]["loans"][0]["id"].clone();
    let back = json!({ "act": "take_in", "loan": loan, "on": today });
    act(&clerk, document, back.clone()).await;
    everything_sent(&clerk).await;
    let args = json!({ "document": document, "act": back });
    let again = clerk.call("document_act", args).await.unwrap_err();
    assert_eq!(again.code, "ACT_WRONG_STATE");

    let day = today.split('-').rev().collect::<Vec<_>>().join("/");
    for (register, columns, said) in [
        (
            "mail",
            &SIX[..],
            vec!["01/QĐ-UBND", "Hạt Kiểm lâm khu vực 2", "2", "Bảo đảm"],
        ),
        (
            "loans",
            &NINE[..],
            vec!["Phạm Thị C", SUBJECT, "Nguyễn Văn A"],
        ),
    ] {
        let whole = json!({ "register": register, "query": query("", &year), "columns": [] });
        let rows = table(&office, &clerk, whole.clone(), "XLSX").await;
        assert_eq!(
            (rows.len(), &rows[0][..]),
            (
                2,
                &columns
                    .iter()
                    .map(|one| (*one).to_owned())
                    .collect::<Vec<_>>()[..]
            )
        );
        let paper = table(&office, &clerk, whole, "PDF")
            .await
            .remove(0)
            .remove(0);
        let paper = paper.replace(' ', "");
        for words in &said {
            assert!(
                rows[1].iter().any(|cell| cell.contains(words)),
                "{words} in {rows:?}"
            );
            assert!(
                paper.contains(&words.replace(' ', "")),
                "{words} in {paper}"
            );
        }
        assert!(paper.contains(&day), "{paper}");
    }
}
