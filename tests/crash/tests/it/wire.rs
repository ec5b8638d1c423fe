//! The protocol spoken by hand, so that a server is judged by something that is not our client.

use std::path::Path;

use congvan_model::DeviceId;
use congvan_protocol::{Change, Entity, LoginRequest, Opinion, SyncRequest, SyncResponse, Tokens};
use congvan_testkit::Person;
use reqwest::Certificate;
use uuid::Uuid;

/// A device of a person at the server.
pub(crate) struct Device {
    http: reqwest::Client,
    base: String,
    token: String,
    pub(crate) id: DeviceId,
    pub(crate) incarnation: String,
}

impl Device {
    pub(crate) async fn log_in(base: &str, ca: &Path, person: &Person) -> Self {
        let ca = Certificate::from_pem(&std::fs::read(ca).unwrap()).unwrap();
        let http = reqwest::Client::builder()
            .tls_certs_only([ca])
            .no_proxy()
            .timeout(std::time::Duration::from_secs(20))
            .build()
            .unwrap();
        let id = DeviceId(Uuid::now_v7());
        let request = LoginRequest {
            username: person.username.to_owned(),
            password: person.password.to_owned(),
            device: id,
            device_name: "crash".to_owned(),
        };
        let answer = http.post(format!("{base}/v1/auth/login")).json(&request);
        let tokens: Tokens = answer.send().await.unwrap().json().await.unwrap();
        Self {
            http,
            base: base.to_owned(),
            token: tokens.access_token,
            id,
            incarnation: Uuid::now_v7().simple().to_string(),
        }
    }

    /// One round; none when the answer did not come.
    pub(crate) async fn sync(&self, request: &SyncRequest) -> Option<SyncResponse> {
        let answer = self
            .http
            .post(format!("{}/v1/sync", self.base))
            .bearer_auth(&self.token)
            .json(request)
            .send()
            .await
            .ok()?;
        let status = answer.status();
        let text = answer.text().await.ok()?;
        assert!(status.is_success(), "{status}: {text}");
        Some(serde_json::from_str(&text).expect("a whole answer"))
    }

    /// Everything the account has.
    pub(crate) async fn everything(&self) -> Vec<Change> {
        let mut cursor = None;
        let mut all = Vec::new();
        loop {
            let request = SyncRequest {
                device: self.id,
                incarnation: self.incarnation.clone(),
                cursor,
                settled_through: 0,
                highest_seq: 0,
                audit_head: None,
                ops: Vec::new(),
                given: Vec::new(),
                want: 200,
                takes: Vec::new(),
            };
            let answer = self.sync(&request).await.unwrap();
            all.extend(answer.changes);
            cursor = Some(answer.cursor);
            if !answer.more {
                return all;
            }
        }
    }
}

/// The opinions among changes.
pub(crate) fn opinions(changes: &[Change]) -> Vec<&Opinion> {
    changes
        .iter()
        .filter_map(|change| match &change.body {
            Some(Entity::Opinion(opinion)) => Some(opinion),
            Some(
                Entity::Document(_) | Entity::Dossier(_) | Entity::Task(_) | Entity::Calendar(_),
            )
            | None => None,
        })
        .collect()
}

/// The ids of the documents among changes.
pub(crate) fn documents(changes: &[Change]) -> Vec<congvan_model::DocumentId> {
    changes
        .iter()
        .filter_map(|change| match &change.body {
            Some(Entity::Document(document)) => Some(document.id),
            Some(
                Entity::Opinion(_) | Entity::Dossier(_) | Entity::Task(_) | Entity::Calendar(_),
            )
            | None => None,
        })
        .collect()
}
