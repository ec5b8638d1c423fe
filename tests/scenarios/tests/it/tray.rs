//! The leader at the tray: hands that read, mark and sign many with one PIN.

use serde_json::{Value, json};

use crate::face::Face;

impl Face {
    /// What waits for this person's signature.
    pub(crate) async fn tray(&self) -> Vec<Value> {
        let query = json!({ "marked_only": false, "search": "", "after": null, "limit": 200 });
        let page = self.ask("signing_tray", query).await;
        page["rows"].as_array().unwrap().clone()
    }

    /// Opens a document of the tray and looks at so many of its pages; all when none is said.
    pub(crate) async fn read(&self, row: &Value, pages: Option<usize>) -> Value {
        let opened = self
            .ask("file_open", json!({ "sha256": row["sha256"] }))
            .await;
        let whole = opened["pages"].as_array().unwrap().len();
        let mut last = Value::Null;
        for page in 0..pages.unwrap_or(whole) {
            let seen = json!({
                "document": row["document"], "file": row["file"], "shown": row["sha256"],
                "page": page,
            });
            last = self.ask("page_seen", seen).await;
        }
        last
    }

    /// Arguments of `tray_mark`.
    pub(crate) fn mark_args(row: &Value) -> Value {
        json!({
            "document": row["document"], "shown": row["sha256"], "marked": true, "unread": null,
        })
    }

    /// Reads and marks everything in the tray; how much that was.
    pub(crate) async fn read_and_mark_all(&self) -> usize {
        let rows = self.tray().await;
        for row in &rows {
            self.read(row, None).await;
            self.ask("tray_mark", Self::mark_args(row)).await;
        }
        rows.len()
    }

    /// Everything that is marked, with the office's token.
    pub(crate) async fn batch_args(&self) -> Value {
        let (module, token) = self.token().await;
        json!({
            "items": [],
            "module": module,
            "token_serial": token["serial"],
            "certificate": token["certificates"][0]["sha256"],
        })
    }

    /// Starts or resumes a batch as a person does, and waits for its end.
    pub(crate) async fn batch(&self, command: &str, args: Value, pin: &str) -> Value {
        let ears = self.listen().await;
        self.ask(command, args).await;
        self.type_pin(ears, pin, false).await;
        self.batch_ended().await
    }

    /// Signs everything that is marked.
    pub(crate) async fn sign_marked(&self, pin: &str) -> Value {
        self.batch("batch_sign", self.batch_args().await, pin).await
    }

    /// Signs what a stopped batch has left.
    pub(crate) async fn resume(&self, batch: &Value, pin: &str) -> Value {
        let args = json!({ "id": batch["id"] });
        self.batch("batch_resume", args, pin).await
    }

    /// The batch as it is shown.
    pub(crate) async fn batch_view(&self) -> Value {
        self.ask("batch_view", json!({})).await["batch"].clone()
    }

    /// Waits until the batch is over; its report.
    pub(crate) async fn batch_ended(&self) -> Value {
        self.until("the batch has ended", async |desk| {
            let view = desk.batch_view().await;
            let over = ["FINISHED", "STOPPED", "INTERRUPTED"];
            over.contains(&view["stage"].as_str().unwrap_or_default())
                .then_some(view)
        })
        .await
    }
}

/// The documents of a report that are in that state.
pub(crate) fn in_state(report: &Value, state: &str) -> Vec<String> {
    let items = report["items"].as_array().unwrap().iter();
    items
        .filter(|item| item["state"] == state)
        .map(|item| item["document"].as_str().unwrap().to_owned())
        .collect()
}
