//! A face of the desk for tests: the command table, events, and hands that type the PIN.

use std::{sync::Arc, time::Duration};

use congvan_core::{Desk, DeskEvent};
use congvan_testkit::Person;
use serde_json::{Value, json};
use tokio::{
    sync::broadcast,
    time::{Instant, timeout_at},
};

use crate::{
    host::{Line, Stream},
    office::login_args,
};

/// Longer than anything takes on a loaded machine.
const PATIENCE: Duration = Duration::from_secs(40);

/// What a failed command answered.
#[derive(Debug)]
pub(crate) struct Refusal {
    pub(crate) code: String,
    pub(crate) args: Value,
}

/// The desk, in this process or behind the web host.
pub(crate) enum Face {
    Here(Arc<Desk>),
    There(Line),
}

/// Listens to what the desk says.
pub(crate) enum Ears {
    Here(broadcast::Receiver<DeskEvent>),
    There(Stream),
}

/// What was heard.
pub(crate) enum Heard {
    Changed,
    /// A PIN window is wanted for this request.
    Pin(String),
}

impl Face {
    pub(crate) fn here(desk: Arc<Desk>) -> Self {
        Self::Here(desk)
    }

    /// Calls a command of the table.
    pub(crate) async fn call(&self, name: &str, args: Value) -> Result<Value, Refusal> {
        match self {
            Self::Here(desk) => congvan_ipc::dispatch(desk, name, args)
                .await
                .map_err(|error| Refusal {
                    code: error.code.as_str().to_owned(),
                    args: json!(error.args),
                }),
            Self::There(line) => line.call(name, args).await,
        }
    }

    pub(crate) async fn listen(&self) -> Ears {
        match self {
            Self::Here(desk) => Ears::Here(desk.events()),
            Self::There(line) => Ears::There(line.events().await),
        }
    }

    /// A question that cannot fail.
    pub(crate) async fn ask(&self, name: &str, args: Value) -> Value {
        let answer = self.call(name, args).await;
        answer.unwrap_or_else(|refusal| panic!("{name}: {refusal:?}"))
    }

    pub(crate) async fn log_in(&self, person: &Person) -> Result<Value, Refusal> {
        let args = login_args(person.username, person.password);
        self.call("login", args).await
    }

    /// Waits for a condition, looking again whenever the desk says that something changed.
    pub(crate) async fn until<T>(
        &self,
        what: &str,
        mut look: impl AsyncFnMut(&Self) -> Option<T>,
    ) -> T {
        let deadline = Instant::now() + PATIENCE;
        let mut ears = self.listen().await;
        loop {
            if let Some(found) = look(self).await {
                return found;
            }
            if timeout_at(deadline, ears.hear()).await.is_err() {
                let status = self.call("sync_status", json!({})).await;
                let outbox = self.call("outbox_list", json!({})).await;
                panic!("waited in vain: {what}\n{status:?}\n{outbox:?}");
            }
        }
    }

    /// The first act that the server has rejected.
    pub(crate) async fn rejection(&self) -> Value {
        self.until("a rejection", async |desk| {
            desk.sync_now().await;
            desk.acts("rejected").await.into_iter().next()
        })
        .await
    }

    /// Everything the server has is here, and nothing is under way.
    pub(crate) async fn everything_pulled(&self) {
        self.until("everything is here", async |desk| {
            let status = desk.ask("sync_status", json!({})).await;
            let quiet = !status["last_sync"].is_null()
                && status["syncing"] == false
                && status["downloads_waiting"] == 0
                && status["network"] == "online";
            quiet.then_some(())
        })
        .await;
    }

    /// Nothing waits to be sent any more. While the server is away, a person asks for it.
    pub(crate) async fn everything_sent(&self) {
        self.until("everything is sent", async |desk| {
            let status = desk.ask("sync_status", json!({})).await;
            if status["network"] != "online" && status["network"] != "connecting" {
                desk.sync_now().await;
            }
            (status["unsent"] == 0 && status["syncing"] == false).then_some(())
        })
        .await;
    }

    /// The network line says this word.
    pub(crate) async fn network(&self, word: &str) {
        self.until(word, async |desk| {
            let status = desk.ask("sync_status", json!({})).await;
            (status["network"] == word).then_some(())
        })
        .await;
    }

    /// Asks for everything to be exchanged now, as the button does.
    pub(crate) async fn sync_now(&self) {
        self.ask("sync_now", json!({})).await;
    }

    pub(crate) async fn unsent(&self) -> u64 {
        let status = self.ask("sync_status", json!({})).await;
        status["unsent"].as_u64().unwrap()
    }

    pub(crate) async fn document(&self, id: &str) -> Value {
        self.ask("document_get", json!({ "id": id })).await
    }

    /// The rows of a list.
    pub(crate) async fn rows(&self, view: &str, search: &str) -> Vec<Value> {
        let query = json!({ "view": view, "search": search, "after": null, "limit": 200 });
        let page = self.ask("documents_list", query).await;
        page["rows"].as_array().unwrap().clone()
    }

    /// The acts that are in that state.
    pub(crate) async fn acts(&self, state: &str) -> Vec<Value> {
        let all = self.ask("outbox_list", json!({})).await;
        let acts = all.as_array().unwrap().iter();
        acts.filter(|act| act["state"] == state).cloned().collect()
    }

    /// Waits until a document and its bytes are here.
    pub(crate) async fn arrives(&self, document: &str) {
        self.until("the document is here", async |desk| {
            let detail = desk.call("document_get", json!({ "id": document })).await;
            (detail.ok()?["files"][0]["place"] == "here").then_some(())
        })
        .await;
    }

    /// Arguments of `sign` for the main file of a document as it is shown now, with the office's
    /// token.
    pub(crate) async fn sign_args(&self, document: &str) -> Value {
        let detail = self.document(document).await;
        let file = &detail["files"][0];
        let (module, token) = self.token().await;
        json!({
            "document": document,
            "file": file["id"],
            "shown": file["head"],
            "module": module,
            "token_serial": token["serial"],
            "certificate": token["certificates"][0]["sha256"],
            "placement": { "page": 0, "x_mm": 110.0, "y_mm": 200.0, "w_mm": 70.0, "h_mm": 25.0 },
        })
    }

    /// The office's token and the id of the module it is behind.
    pub(crate) async fn token(&self) -> (Value, Value) {
        let modules = self.ask("token_modules", json!({})).await;
        // The administrator's come first; the plain SoftHSM behind it would go round the shim.
        let modules = modules.as_array().unwrap();
        let named = |name: &str| {
            let mut modules = modules.iter();
            modules.find(|module| module["name"].as_str().unwrap().contains(name))
        };
        let module = named("shim").or_else(|| named("OpenSC"));
        let module = module.unwrap_or_else(|| panic!("no shim among {modules:?}"));
        let tokens = self
            .ask("token_list", json!({ "module": module["id"] }))
            .await;
        let token = &tokens[0];
        assert!(
            token["certificates"][0].is_object(),
            "no token to sign with: {tokens} {module}"
        );
        (module["id"].clone(), token.clone())
    }

    /// Signs as a person does: the PIN window opens once, and this is typed into it.
    pub(crate) async fn sign(&self, document: &str, pin: &str) -> Result<Value, Refusal> {
        let args = self.sign_args(document).await;
        self.sign_order(args, pin).await
    }

    pub(crate) async fn sign_order(&self, args: Value, pin: &str) -> Result<Value, Refusal> {
        self.sign_unless(args, pin, std::future::pending())
            .await
            .expect("nothing ends it")
    }

    /// Signs, unless `end` comes first, which starts when the PIN has been typed.
    pub(crate) async fn sign_unless(
        &self,
        args: Value,
        pin: &str,
        end: impl Future<Output = ()>,
    ) -> Option<Result<Value, Refusal>> {
        let ears = self.listen().await;
        let typed_and_ended = async {
            self.type_pin(ears, pin, false).await;
            end.await;
        };
        tokio::select! {
            signed = self.call("sign", args) => Some(signed),
            () = typed_and_ended => None,
        }
    }

    /// Types into the PIN window when it opens. Nobody types into a second one: the signing would
    /// not end.
    pub(crate) async fn type_pin(&self, mut ears: Ears, pin: &str, consent: bool) {
        loop {
            if let Heard::Pin(request) = ears.hear().await {
                let answer =
                    json!({ "request": request, "pin": pin, "final_try_consent": consent });
                if let Err(refusal) = self.call("pin_answer", answer).await {
                    // A desk that is meant to die at the login may do so before it has said thanks.
                    assert_eq!(refusal.code, "HOST_GONE");
                }
                return;
            }
        }
    }
}

impl Ears {
    pub(crate) async fn hear(&mut self) -> Heard {
        match self {
            Self::Here(events) => loop {
                match events.recv().await {
                    Ok(DeskEvent::PinWanted(request)) => return Heard::Pin(request.id.to_string()),
                    Ok(DeskEvent::Changed(_)) | Err(broadcast::error::RecvError::Lagged(_)) => {
                        return Heard::Changed;
                    }
                    Ok(DeskEvent::PinClosed(_) | DeskEvent::Notify(_)) => {}
                    Err(broadcast::error::RecvError::Closed) => std::future::pending().await,
                }
            },
            Self::There(stream) => stream.hear().await,
        }
    }
}
