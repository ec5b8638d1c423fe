//! One machine of one person, as the wire sees it.

use aws_lc_rs::digest;
use base64::{Engine as _, engine::general_purpose::STANDARD};
use reqwest::{Client, Method, RequestBuilder, Response};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::suite::{Stop, Suite};

pub(crate) struct Desk {
    client: Client,
    server: String,
    pub(crate) token: String,
    pub(crate) device: Uuid,
    pub(crate) incarnation: String,
    pub(crate) cursor: Option<String>,
    pub(crate) seq: u64,
    pub(crate) settled: u64,
}

/// A status and a body.
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: reqwest::header::HeaderMap,
    pub(crate) body: Value,
    pub(crate) bytes: Vec<u8>,
}

impl Answer {
    pub(crate) async fn of(response: Response) -> Result<Self, Stop> {
        let status = response.status().as_u16();
        let headers = response.headers().clone();
        let bytes = response.bytes().await?.to_vec();
        let body = serde_json::from_slice(&bytes).unwrap_or_default();
        Ok(Self {
            status,
            headers,
            body,
            bytes,
        })
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        let value = self.headers.get(name);
        value
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default()
    }

    /// Fails unless it is that refusal.
    pub(crate) fn refused(&self, status: u16, code: &str) -> Result<(), Stop> {
        let found = self.body["code"].as_str().unwrap_or("no code");
        if self.status == status && found == code {
            Ok(())
        } else {
            Err(Stop::Fail(format!(
                "{} {found} instead of {status} {code}",
                self.status
            )))
        }
    }

    /// Fails unless the status is that.
    pub(crate) fn is(&self, status: u16) -> Result<(), Stop> {
        if self.status == status {
            Ok(())
        } else {
            let code = self.body["code"].as_str().unwrap_or_default();
            Err(Stop::Fail(format!(
                "{} {code} instead of {status}",
                self.status
            )))
        }
    }
}

impl Desk {
    pub(crate) fn new(suite: &Suite, tokens: &Value) -> Self {
        Self {
            client: suite.client.clone(),
            server: suite.target.server.clone(),
            token: tokens["access_token"]
                .as_str()
                .unwrap_or_default()
                .to_owned(),
            device: Uuid::now_v7(),
            incarnation: Uuid::new_v4().to_string(),
            cursor: None,
            seq: 0,
            settled: 0,
        }
    }

    pub(crate) fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.client
            .request(method, format!("{}{path}", self.server))
            .bearer_auth(&self.token)
    }

    pub(crate) async fn get(&self, path: &str) -> Result<Answer, Stop> {
        Answer::of(self.request(Method::GET, path).send().await?).await
    }

    pub(crate) async fn post(&self, path: &str, body: &Value) -> Result<Answer, Stop> {
        Answer::of(self.request(Method::POST, path).json(body).send().await?).await
    }

    pub(crate) fn op(&mut self, lane: Uuid, intent: Value) -> Value {
        self.seq += 1;
        json!({
            "id": Uuid::now_v7(), "local_seq": self.seq, "lane": lane, "base_rev": 1,
            "at": 1_795_226_400_000_i64, "intent": intent,
        })
    }

    pub(crate) fn body(&self, ops: &[Value]) -> Value {
        json!({
            "device": self.device, "incarnation": self.incarnation, "cursor": self.cursor,
            "settled_through": self.settled, "highest_seq": self.seq, "ops": ops, "want": 200,
            "takes": ["dossier", "task", "calendar"],
        })
    }

    /// One round; takes the cursor.
    pub(crate) async fn sync(&mut self, ops: &[Value]) -> Result<Value, Stop> {
        let answer = self.post("/v1/sync", &self.body(ops)).await?;
        answer.is(200)?;
        self.cursor = answer.body["cursor"].as_str().map(str::to_owned);
        Ok(answer.body)
    }

    /// One op and its result.
    pub(crate) async fn settle(&mut self, op: &Value) -> Result<Value, Stop> {
        let answer = self.sync(std::slice::from_ref(op)).await?;
        Ok(answer["results"][0].clone())
    }

    /// Everything after the cursor.
    pub(crate) async fn pull(&mut self) -> Result<Vec<Value>, Stop> {
        let mut all = Vec::new();
        // A server that never says that it is done must not hold the suite.
        for _ in 0..10_000 {
            let answer = self.sync(&[]).await?;
            all.extend(answer["changes"].as_array().cloned().unwrap_or_default());
            if answer["more"] != json!(true) {
                return Ok(all);
            }
        }
        Err(Stop::Fail("10,000 pages and still more".to_owned()))
    }

    /// Pulls everything; two documents that the account has.
    pub(crate) async fn documents(&mut self) -> Result<(Uuid, Uuid), Stop> {
        let all = self.pull().await?;
        let is_there =
            |change: &&Value| change["entity"] == "document" && change["change"] == "upsert";
        let mut documents = all.iter().filter(is_there).map(id_of);
        match (documents.next(), documents.next()) {
            (Some(first), Some(second)) => Ok((first, second)),
            _ => Err(Stop::NotRun(
                "needs an account with two documents".to_owned(),
            )),
        }
    }

    /// Uploads bytes in one piece, from where the server says.
    pub(crate) async fn upload(&self, bytes: &[u8]) -> Result<String, Stop> {
        let created = Answer::of(self.create(bytes).send().await?).await?;
        created.is(201)?;
        let at = path_of(created.header("location"));
        let offset: usize = created.header("upload-offset").parse().unwrap_or(0);
        if created.header("upload-complete") != "?1" {
            let rest = bytes.get(offset..).unwrap_or_default().to_vec();
            let sent = self.patch(&at, offset as u64, rest, true).send().await?;
            Answer::of(sent).await?.is(204)?;
        }
        Ok(at)
    }

    pub(crate) fn create(&self, bytes: &[u8]) -> RequestBuilder {
        self.request(Method::POST, "/v1/uploads")
            .header("upload-draft-interop-version", "8")
            .header("upload-complete", "?0")
            .header("upload-length", bytes.len())
            .header("repr-digest", digest_header(bytes))
    }

    pub(crate) fn patch(&self, at: &str, offset: u64, body: Vec<u8>, last: bool) -> RequestBuilder {
        self.piece(at, offset, last).body(body)
    }

    /// A PATCH without its body.
    pub(crate) fn piece(&self, at: &str, offset: u64, last: bool) -> RequestBuilder {
        self.request(Method::PATCH, at)
            .header("upload-draft-interop-version", "8")
            .header("content-type", "application/partial-upload")
            .header("upload-offset", offset)
            .header("upload-complete", if last { "?1" } else { "?0" })
    }

    pub(crate) async fn head(&self, at: &str) -> Result<Answer, Stop> {
        let request = self.request(Method::HEAD, at);
        let request = request.header("upload-draft-interop-version", "8");
        Answer::of(request.send().await?).await
    }
}

/// A Location may be a whole address.
pub(crate) fn path_of(location: &str) -> String {
    match location.find("/v1/") {
        Some(start) => location.get(start..).unwrap_or(location).to_owned(),
        None => location.to_owned(),
    }
}

pub(crate) fn sha256(bytes: &[u8]) -> Vec<u8> {
    digest::digest(&digest::SHA256, bytes).as_ref().to_vec()
}

pub(crate) fn hash_hex(bytes: &[u8]) -> String {
    hex::encode(sha256(bytes))
}

/// RFC 9530.
pub(crate) fn digest_header(bytes: &[u8]) -> String {
    format!("sha-256=:{}:", STANDARD.encode(sha256(bytes)))
}

pub(crate) fn opinion(text: &str) -> Value {
    json!({
        "kind": "add_opinion", "opinion": Uuid::now_v7(), "opinion_kind": "opinion", "text": text,
    })
}

/// A text that stands nowhere else.
pub(crate) fn words() -> String {
    format!("Kiểm tra giao thức {}", Uuid::new_v4())
}

/// A PDF of one empty page that nobody has.
pub(crate) fn pdf() -> Vec<u8> {
    let objects = [
        "<< /Type /Catalog /Pages 2 0 R >>".to_owned(),
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_owned(),
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << >> >>".to_owned(),
    ];
    let mut text = format!("%PDF-1.7\n% {}\n", Uuid::new_v4());
    let mut places = Vec::new();
    for (index, object) in objects.iter().enumerate() {
        places.push(text.len());
        text.push_str(&format!("{} 0 obj\n{object}\nendobj\n", index + 1));
    }
    let table = text.len();
    text.push_str("xref\n0 4\n0000000000 65535 f \n");
    for place in places {
        text.push_str(&format!("{place:010} 00000 n \n"));
    }
    text.push_str(&format!(
        "trailer\n<< /Size 4 /Root 1 0 R >>\nstartxref\n{table}\n%%EOF\n"
    ));
    text.into_bytes()
}

/// The id of a change or a document.
pub(crate) fn id_of(value: &Value) -> Uuid {
    let text = value["id"].as_str().unwrap_or_default();
    text.parse().unwrap_or_default()
}
