use std::{fmt, time::Duration};

use anyhow::{Context as _, Result};
use reqwest::{Certificate, Client, RequestBuilder, Response};
use serde_json::{Value, json};

use crate::{desk::Desk, rules::RULES};

/// A person that the suite may be.
#[derive(Clone)]
pub struct Account {
    /// Account name.
    pub user: String,
    /// Password in clear.
    pub password: String,
}

/// The server under test.
pub struct Target {
    /// Base address, e.g. `https://congvan.tinh.example`.
    pub server: String,
    /// The authority to trust, PEM; none trusts the system's.
    pub ca_pem: Option<Vec<u8>>,
    /// A clerk of an agency that keeps books.
    pub clerk: Account,
    /// A leader (or another clerk) of the same agency.
    pub second: Option<Account>,
    /// Another clerk of the same agency.
    pub colleague: Option<Account>,
    /// A clerk of another agency on the same server.
    pub receiver: Option<Account>,
    /// Address of `POST /admin/epoch`, `POST /admin/documents/{id}/recall` and `/admin/axis`, which
    /// delivers (`POST`) and tells what senders were told (`GET`), on the test server; and of what
    /// plays the signers there: `POST /admin/outgoing`, `POST /admin/documents/{id}/seal`, and
    /// `POST /admin/documents/{id}/present`.
    pub admin: Option<String>,
}

/// What a rule needs.
pub struct Suite {
    pub(crate) client: Client,
    pub(crate) target: Target,
    clerk: Value,
    second: Option<Value>,
    colleague: Option<Value>,
    receiver: Option<Value>,
}

/// Why a rule did not pass.
#[derive(Debug)]
pub enum Stop {
    /// The server does something else; what was seen.
    Fail(String),
    /// It could not be tried; what was missing.
    NotRun(String),
}

impl From<reqwest::Error> for Stop {
    fn from(error: reqwest::Error) -> Self {
        Self::Fail(format!("no answer: {error}"))
    }
}

/// The outcome of one rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It holds.
    Pass,
    /// It does not.
    Fail,
    /// It could not be tried.
    NotRun,
}

/// One line of the report.
#[derive(Clone, Debug)]
pub struct Line {
    /// Name of the rule.
    pub id: &'static str,
    /// The rule.
    pub text: &'static str,
    /// Whether it holds.
    pub verdict: Verdict,
    /// What was seen.
    pub seen: String,
}

impl fmt::Display for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let word = match self.verdict {
            Verdict::Pass => "pass",
            Verdict::Fail => "FAIL",
            Verdict::NotRun => "not run",
        };
        write!(f, "{:<8} {word:<8} {} [{}]", self.id, self.text, self.seen)
    }
}

/// All lines.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// In the order of the rules.
    pub lines: Vec<Line>,
}

impl Report {
    /// How many have that verdict.
    #[must_use]
    pub fn count(&self, verdict: Verdict) -> usize {
        let of_it = |line: &&Line| line.verdict == verdict;
        self.lines.iter().filter(of_it).count()
    }
}

impl Suite {
    async fn new(target: Target) -> Result<Self> {
        let mut builder = Client::builder().connect_timeout(Duration::from_secs(10));
        if let Some(pem) = &target.ca_pem {
            builder = builder.tls_certs_only([Certificate::from_pem(pem)?]);
        }
        let client = builder.build()?;
        let clerk = login(&client, &target.server, &target.clerk).await?;
        let logged_in = async |account: &Option<Account>| match account {
            Some(account) => login(&client, &target.server, account).await.map(Some),
            None => Ok(None),
        };
        let second = logged_in(&target.second).await?;
        let colleague = logged_in(&target.colleague).await?;
        let receiver = logged_in(&target.receiver).await?;
        Ok(Self {
            client,
            target,
            clerk,
            second,
            colleague,
            receiver,
        })
    }

    /// The clerk at a machine that nobody has seen before.
    pub(crate) fn clerk(&self) -> Desk {
        Desk::new(self, &self.clerk)
    }

    /// The other person at another machine.
    pub(crate) fn second(&self) -> Result<Desk, Stop> {
        match &self.second {
            Some(tokens) => Ok(Desk::new(self, tokens)),
            None => Err(Stop::NotRun("needs a second account".to_owned())),
        }
    }

    /// Another clerk at another machine.
    pub(crate) fn colleague(&self) -> Result<Desk, Stop> {
        match &self.colleague {
            Some(tokens) => Ok(Desk::new(self, tokens)),
            None => Err(Stop::NotRun("needs a second clerk".to_owned())),
        }
    }

    /// A clerk of another agency.
    pub(crate) fn receiver(&self) -> Result<Desk, Stop> {
        match &self.receiver {
            Some(tokens) => Ok(Desk::new(self, tokens)),
            None => Err(Stop::NotRun("needs a clerk of another agency".to_owned())),
        }
    }

    /// Does what only an operator can.
    pub(crate) async fn operate(&self, path: &str) -> Result<(), Stop> {
        self.at_the_door(|client, admin| client.post(format!("{admin}{path}")))
            .await
            .map(drop)
    }

    /// Hands the operator's door something, or asks it; its answer.
    pub(crate) async fn operator(&self, path: &str, body: Option<&Value>) -> Result<Value, Stop> {
        let answer = self.at_the_door(|client, admin| {
            let url = format!("{admin}{path}");
            match body {
                Some(body) => client.post(url).json(body),
                None => client.get(url),
            }
        });
        Ok(answer.await?.json().await?)
    }

    async fn at_the_door(
        &self,
        request: impl FnOnce(&Client, &str) -> RequestBuilder,
    ) -> Result<Response, Stop> {
        let Some(admin) = &self.target.admin else {
            return Err(Stop::NotRun("needs --admin".to_owned()));
        };
        let response = request(&self.client, admin).send().await?;
        if response.status().is_success() {
            Ok(response)
        } else {
            let status = response.status();
            Err(Stop::NotRun(format!("the operator's door says {status}")))
        }
    }
}

async fn login(client: &Client, server: &str, account: &Account) -> Result<Value> {
    let body = json!({
        "username": account.user, "password": account.password,
        "device": uuid::Uuid::now_v7(), "device_name": "conformance",
    });
    let response = client
        .post(format!("{server}/v1/auth/login"))
        .json(&body)
        .send()
        .await
        .with_context(|| format!("no answer from {server}"))?;
    let status = response.status();
    let text = response.bytes().await?;
    let tokens: Value = serde_json::from_slice(&text).unwrap_or_default();
    anyhow::ensure!(
        tokens["access_token"].is_string(),
        "{} cannot log in: {status}",
        account.user
    );
    Ok(tokens)
}

/// Tries the rules, or those named, and says each line as it comes.
///
/// # Errors
/// When nobody can log in; everything after that is a line.
pub async fn run(target: Target, only: &[&str], mut say: impl FnMut(&Line)) -> Result<Report> {
    let suite = Suite::new(target).await?;
    let mut report = Report::default();
    for rule in RULES {
        if !only.is_empty() && !only.contains(&rule.id) {
            continue;
        }
        let may_take = Duration::from_secs(90);
        let (verdict, seen) = match tokio::time::timeout(may_take, (rule.check)(&suite)).await {
            Ok(Ok(seen)) => (Verdict::Pass, seen),
            Ok(Err(Stop::Fail(seen))) => (Verdict::Fail, seen),
            Ok(Err(Stop::NotRun(why))) => (Verdict::NotRun, why),
            Err(_) => (Verdict::Fail, "took more than 90 s".to_owned()),
        };
        let line = Line {
            id: rule.id,
            text: rule.text,
            verdict,
            seen,
        };
        say(&line);
        report.lines.push(line);
    }
    Ok(report)
}
