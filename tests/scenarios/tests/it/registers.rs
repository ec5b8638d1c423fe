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
    spreadsheet(&path).split_off(4)
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
