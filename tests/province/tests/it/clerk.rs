//! A clerk with papers and a book.

use congvan_model::{DocumentId, DocumentType, FileId, RevisionId, Timestamp, Urgency};
use congvan_protocol::{
    BookState, Document, FieldOfActivity, Intent, Lease, LeasedNumber, OpResult, RegisteredFile,
    RegistrationFields, Signer,
};
use congvan_province::NumbersReport;
use congvan_testkit::CLERK;
use reqwest::{Method, Response, StatusCode};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::office::{Desk, Office, json as read, sha256};

/// A paper on the clerk's table, its scan uploaded.
pub(crate) struct Paper {
    pub(crate) document: DocumentId,
    pub(crate) received_at: Timestamp,
    pub(crate) notation: &'static str,
    pub(crate) activity: Option<FieldOfActivity>,
    pub(crate) bytes: Vec<u8>,
}

impl Paper {
    pub(crate) async fn scan(office: &Office, desk: &Desk) -> Self {
        let document = DocumentId(Uuid::now_v7());
        let bytes = format!("%PDF-1.7\n% {document}\n%%EOF\n").into_bytes();
        desk.upload(&bytes, None).await;
        Self {
            document,
            received_at: office.province.now(),
            notation: "12/SNV-CCHC",
            activity: None,
            bytes,
        }
    }

    pub(crate) fn intent(&self, year: u16, number: Option<LeasedNumber>) -> Intent {
        Intent::RegisterIncoming {
            document: self.document,
            book: "den".to_owned(),
            year,
            received_at: self.received_at,
            provisional: "T-7F3A9C01-1".to_owned(),
            number,
            fields: Box::new(RegistrationFields {
                issuer_code: None,
                issuer_name: "Sở Nội vụ".to_owned(),
                notation: Some(self.notation.parse().expect("notation")),
                issued_on: congvan_model::civil_date(2026, 11, 20),
                kind: DocumentType::OfficialLetter,
                subject: format!("Báo cáo {}", self.document),
                urgency: Urgency::Normal,
                signer: Signer {
                    position: "Giám đốc".to_owned(),
                    full_name: "Phạm Văn D".to_owned(),
                },
                due: None,
                activity: self.activity.clone(),
            }),
            file: RegisteredFile {
                file: FileId(Uuid::now_v7()),
                revision: RevisionId(Uuid::now_v7()),
                sha256: sha256(&self.bytes),
                size: self.bytes.len() as u64,
                name: "cong-van.pdf".to_owned(),
                pages: Some(1),
            },
        }
    }
}

/// The clerk with a book of this year.
pub(crate) struct Clerk {
    pub(crate) desk: Desk,
    pub(crate) year: u16,
}

impl Clerk {
    pub(crate) async fn at(office: &Office) -> Self {
        let desk = office.login(&CLERK).await;
        let year = year(office);
        Self { desk, year }
    }

    /// Registers a paper; its result, and the document as the feed then has it.
    pub(crate) async fn register(
        &mut self,
        paper: &Paper,
        number: Option<LeasedNumber>,
    ) -> (OpResult, Option<Document>) {
        let op = self
            .desk
            .op(paper.document, paper.intent(self.year, number));
        let mut answer = self.desk.sync(vec![op]).await;
        let found = crate::office::documents(answer.changes)
            .into_iter()
            .find(|document| document.id == paper.document);
        (answer.results.remove(0), found)
    }

    pub(crate) async fn post(&self, act: &str, body: Value) -> Response {
        post(&self.desk, self.year, act, body).await
    }

    pub(crate) async fn lease(&self, want: u32) -> Lease {
        let response = self.post("lease", self.ask(want)).await;
        assert_eq!(response.status(), StatusCode::OK);
        read(response).await
    }

    pub(crate) fn ask(&self, want: u32) -> Value {
        json!({"device": self.desk.device, "incarnation": self.desk.incarnation, "want": want})
    }
}

pub(crate) async fn post(desk: &Desk, year: u16, act: &str, body: Value) -> Response {
    desk.request(Method::POST, &format!("/v1/books/den/{year}/{act}"))
        .json(&body)
        .send()
        .await
        .expect("answer")
}

pub(crate) fn year(office: &Office) -> u16 {
    u16::try_from(office.province.now().vietnam_date().year()).expect("year")
}

pub(crate) async fn books(desk: &Desk) -> Vec<BookState> {
    let response = desk.request(Method::GET, "/v1/books").send().await;
    read(response.expect("books")).await
}

pub(crate) fn check(office: &Office) -> NumbersReport {
    let report = office.province.check_numbers().expect("check");
    assert_eq!(report.violations, Vec::<String>::new());
    report
}

pub(crate) fn number_of(document: Option<&Document>) -> u32 {
    let document = document.expect("in the feed");
    let entry = document.registration.as_ref().expect("registered");
    assert_eq!(document.arrival_number, Some(entry.number));
    entry.number
}
