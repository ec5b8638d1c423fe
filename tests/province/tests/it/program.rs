//! The program itself, killed as a power cut kills it.

use std::{
    io::{BufRead as _, BufReader},
    path::Path,
    process::{Child, Command, Stdio},
};

use congvan_protocol::{SyncResponse, Tokens};
use congvan_testkit::LEADER;
use reqwest::Client;
use serde_json::Value;

use crate::office::{Desk, applied, json, login, opinion};

struct Program {
    child: Child,
    ready: Value,
}

impl Program {
    fn start(data: &Path, port: &str) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_congvan-province"))
            .args(["--seed", "few", "--admin", "--port", port, "--data"])
            .arg(data)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("start");
        let mut line = String::new();
        BufReader::new(child.stdout.take().expect("stdout"))
            .read_line(&mut line)
            .expect("line");
        Self {
            child,
            ready: serde_json::from_str(&line).expect("one line of JSON"),
        }
    }

    fn text(&self, name: &str) -> String {
        self.ready[name]
            .as_str()
            .unwrap_or_else(|| panic!("no {name}"))
            .to_owned()
    }

    fn client(&self) -> Client {
        let pem = std::fs::read(self.text("ca")).expect("ca.pem");
        let ca = reqwest::Certificate::from_pem(&pem).expect("ca");
        Client::builder()
            .tls_certs_only([ca])
            .build()
            .expect("client")
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        // SIGKILL: no goodbye, no flush.
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

#[tokio::test]
async fn what_was_receipted_survives_kill_and_nothing_is_doubled() {
    let dir = tempfile::tempdir().expect("dir");
    let mut program = Program::start(dir.path(), "0");
    let url = program.text("url");
    let port = url.rsplit(':').next().expect("port").to_owned();
    let client = program.client();
    let tokens: Tokens = json(login(&client, &url, LEADER.username, LEADER.password).await).await;
    let device = congvan_model::DeviceId(uuid::Uuid::now_v7());
    let mut desk = Desk {
        client,
        url,
        tokens,
        device,
        cursor: None,
        seq: 0,
        incarnation: "i1".to_owned(),
        settled: 0,
        capacity: None,
    };
    let document = desk.documents().await[0].id;
    let before = opinions(&program).await;
    let mut receipted = Vec::new();
    for round in 0..5 {
        let op = desk.op(document, opinion(&format!("Vòng {round}")));
        let answer = desk.try_sync(vec![op.clone()]).await.expect("sync");
        let answer: SyncResponse = json(answer).await;
        receipted.push((op, answer.results[0].clone()));
        // One more is on its way when the power goes; its fate is unknown to the desk.
        let open = desk.op(document, opinion(&format!("Dở dang {round}")));
        let sent = desk.try_sync(vec![open.clone()]);
        let killed = async {
            tokio::task::yield_now().await;
            drop(program);
        };
        let _ = tokio::join!(sent, killed);
        program = Program::start(dir.path(), &port);
        desk.client = program.client();
        let result = desk.settle(&open).await;
        assert!(applied(&result), "{result:?}");
        receipted.push((open, result));
    }
    for (op, result) in &receipted {
        let mut known = result.clone();
        known.duplicate = true;
        assert_eq!(desk.settle(op).await, known);
    }
    assert_eq!(opinions(&program).await, before + 10);
}

async fn opinions(program: &Program) -> u64 {
    let url = format!("{}/admin/stats", program.text("admin"));
    let stats: Value = json(Client::new().get(url).send().await.expect("stats")).await;
    stats["opinions"].as_u64().expect("a number")
}

#[test]
fn the_program_leaves_what_the_desk_needs_to_connect() {
    let dir = tempfile::tempdir().expect("dir");
    let program = Program::start(dir.path(), "0");
    let client = std::fs::read_to_string(dir.path().join("client.toml")).expect("client.toml");
    assert!(
        client.contains(&format!("server_url = {:?}", program.text("url"))),
        "{client}"
    );
    assert!(client.contains("province = \"H99\""), "{client}");
    assert!(client.contains("ca_file = "), "{client}");
    let accounts = program.ready["accounts"].as_array().expect("accounts");
    assert_eq!(
        accounts.len(),
        6,
        "leader, clerk, officials and heads of units"
    );
    assert_eq!(accounts[0]["username"], "lanhdao");
    let pem = std::fs::read_to_string(program.text("ca")).expect("ca.pem");
    assert!(pem.starts_with("-----BEGIN CERTIFICATE-----"));
}

#[test]
fn bad_arguments_end_with_a_word_of_help() {
    for arguments in [
        &["--data"][..],
        &["--port", "0"],
        &["--nonsense", "1"],
        &["--data", "/tmp", "--port", "x"],
    ] {
        let output = Command::new(env!("CARGO_BIN_EXE_congvan-province"))
            .args(arguments)
            .output()
            .expect("run");
        assert!(!output.status.success(), "{arguments:?}");
        assert!(output.stdout.is_empty());
        assert!(!output.stderr.is_empty());
    }
}

#[tokio::test]
async fn an_operator_marks_restored_data_and_every_cursor_is_stale() {
    let dir = tempfile::tempdir().expect("dir");
    let program = Program::start(dir.path(), "0");
    let url = program.text("url");
    let client = program.client();
    let tokens: Tokens = json(login(&client, &url, LEADER.username, LEADER.password).await).await;
    let pull = |client: Client, url: String, since: String| {
        let request = client
            .get(format!("{url}/v1/changes{since}"))
            .bearer_auth(&tokens.access_token);
        async move { request.send().await.expect("changes") }
    };
    let page: SyncResponse = json(pull(client, url.clone(), String::new()).await).await;
    drop(program);
    let marked = Command::new(env!("CARGO_BIN_EXE_congvan-province"))
        .args(["restore-mark", "--data"])
        .arg(dir.path())
        .output()
        .expect("restore-mark");
    assert!(marked.status.success());
    let said: Value = serde_json::from_slice(&marked.stdout).expect("one line of JSON");
    assert_ne!(said["epoch"], page.epoch);
    let port = url.rsplit(':').next().expect("port").to_owned();
    let program = Program::start(dir.path(), &port);
    let stale = pull(program.client(), url, format!("?since={}", page.cursor)).await;
    assert_eq!(stale.status(), reqwest::StatusCode::CONFLICT);
}
