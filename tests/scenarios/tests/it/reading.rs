//! Reading a file: words are found in it, and what is printed is recorded before it is printed.

use congvan_testkit::LEADER;
use serde_json::{Value, json};

use crate::{face::Face, office::Office};

impl Face {
    /// Every hit of a query, portion by portion; and how often it had to be asked.
    async fn finds(&self, sha256: &Value, query: &str) -> Vec<Value> {
        let mut hits = Vec::new();
        let mut from = json!(0);
        while !from.is_null() {
            let portion = self
                .ask(
                    "file_search",
                    json!({ "sha256": sha256, "query": query, "from": from }),
                )
                .await;
            hits.extend(portion["hits"].as_array().unwrap().iter().cloned());
            from = portion["next"].clone();
        }
        hits
    }

    /// A document that is here, and the state of its main file.
    async fn any_document(&self) -> (Value, Value) {
        let rows = self.rows("incoming_all", "").await;
        let id = rows[0]["id"].as_str().unwrap().to_owned();
        self.arrives(&id).await;
        let detail = self.document(&id).await;
        (json!(id), detail["files"][0]["head"].clone())
    }

    async fn audit_rows(&self) -> u64 {
        let bundle = self.ask("support_bundle", json!({})).await;
        let text = bundle["text"].as_str().unwrap();
        let (_, rest) = text.split_once("\"audit_rows\": ").unwrap();
        let digits: String = rest.chars().take_while(char::is_ascii_digit).collect();
        digits.parse().unwrap()
    }
}

#[tokio::test]
async fn words_are_found_without_their_marks_and_each_hit_lies_on_its_page() {
    let office = Office::open();
    let desk = office.leader().await;
    let (_, sha256) = desk.any_document().await;
    let opened = desk.ask("file_open", json!({ "sha256": sha256 })).await;
    let pages = opened["pages"].as_array().unwrap().len() as u64;

    let hits = desk.finds(&sha256, "  CONG hoà xa  hoi ").await;
    assert_eq!(hits.len(), 1, "{hits:?}");
    assert_eq!(hits[0]["page"], 0);
    assert_eq!(desk.finds(&sha256, "cộng hòa xã hội").await, hits);
    for hit in desk.finds(&sha256, "n").await {
        assert!(hit["page"].as_u64().unwrap() < pages, "{hit}");
        for lit in hit["boxes"].as_array().unwrap() {
            let side = |name: &str| lit[name].as_f64().unwrap();
            assert!(side("w") > 0.0 && side("h") > 0.0, "{lit}");
            assert!(
                side("x") + side("w") < 1.01 && side("y") + side("h") < 1.01,
                "{lit}"
            );
        }
    }
    assert!(desk.finds(&sha256, "chuacochunaythi").await.is_empty());
    // The page after the last has nothing; nothing to look for is told as such.
    let after = json!({ "sha256": sha256, "query": "n", "from": pages });
    let after = desk.ask("file_search", after).await;
    assert_eq!(
        (after["hits"].clone(), after["next"].clone()),
        (json!([]), Value::Null)
    );
    for (query, code) in [
        (" ".to_owned(), "TEXT_EMPTY"),
        ("a".repeat(201), "TEXT_TOO_LONG"),
    ] {
        let args = json!({ "sha256": sha256, "query": query, "from": 0 });
        desk.call("file_search", args)
            .await
            .unwrap_err()
            .is_told(code);
    }
}

#[tokio::test]
async fn a_print_is_recorded_before_its_mark_is_given_and_nothing_else_gets_one() {
    let mut office = Office::open();
    let desk = office.leader().await;
    let (document, sha256) = desk.any_document().await;
    // Paper is wanted without a network too.
    office.cut();
    let before = desk.audit_rows().await;
    let order = |first: u32, last: u32| json!({ "document": document, "sha256": sha256, "first": first, "last": last });
    let mark = desk.ask("print_mark", order(0, 0)).await;
    assert_eq!(desk.audit_rows().await, before + 1);
    assert_eq!(mark["by"], LEADER.full_name);
    assert_eq!(mark["sha256"], sha256);
    let detail = desk.document(document.as_str().unwrap()).await;
    assert_eq!(mark["notation"], detail["row"]["notation"]);

    let mut foreign = order(0, 0);
    foreign["sha256"] = json!("0".repeat(64));
    for refused in [foreign, order(0, 9_999), order(1, 0)] {
        desk.call("print_mark", refused)
            .await
            .unwrap_err()
            .is_told("NOT_FOUND");
    }
    assert_eq!(desk.audit_rows().await, before + 1);
}

#[tokio::test]
async fn what_is_opened_and_drawn_ahead_is_neither_read_nor_seen_nor_recorded() {
    let office = Office::open();
    let desk = office.leader().await;
    let Face::Here(core) = &desk else {
        panic!("in this process")
    };
    let before = desk.audit_rows().await;
    let unread = |rows: Vec<Value>| {
        let unread = rows.into_iter().filter(|row| row["unread"] == true);
        unread.map(|row| row["id"].clone()).collect::<Vec<_>>()
    };
    let letters = unread(desk.rows("incoming_all", "").await);
    let tray = desk.tray().await;
    let papers = tray.iter().map(|row| row["document"].clone());
    let all: Vec<Value> = letters.iter().cloned().chain(papers).collect();
    assert!(!letters.is_empty() && all.len() > letters.len(), "{all:?}");
    for document in &all {
        let document = document.as_str().unwrap();
        desk.arrives(document).await;
        let detail = desk.document(document).await;
        let sha256 = detail["files"][0]["head"].as_str().unwrap();
        let file = desk.ask("file_open", json!({ "sha256": sha256 })).await;
        let of_document = json!({ "document": document, "file": null });
        assert_eq!(desk.ask("document_file_open", of_document).await, file);
        let drawn = congvan_ipc::page_png(core, &format!("/{sha256}/0"), "w=700").await;
        assert!(drawn.unwrap().starts_with(b"\x89PNG"));
    }
    assert_eq!(desk.audit_rows().await, before);
    assert_eq!(unread(desk.rows("incoming_all", "").await), letters);
    assert_eq!(desk.acts("waiting").await, Vec::<Value>::new());
    for row in desk.tray().await {
        assert_eq!(
            (row["pages_read"].clone(), &row["may_mark"]),
            (json!(0), &json!(false))
        );
        let refused = desk.call("tray_mark", Face::mark_args(&row)).await;
        refused.unwrap_err().is_told("READING_REQUIRED");
    }
}
