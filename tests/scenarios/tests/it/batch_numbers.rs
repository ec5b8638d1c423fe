//! Documents signed in a batch get number and day on their page as those signed one by one: the
//! leader's signature brings the fields along, the agency's fills them.

use std::process::Command;

use congvan_pades::{NUMBER_FIELDS, NumberDate, number_values};
use congvan_province::Clock;
use congvan_testkit::{CLERK, Pki, SignerKind, SoftHsm};
use serde_json::json;

use crate::{
    handling::{act, comes, everything_sent, handling},
    looks::Verdict,
    office::Office,
    outgoing::may,
};

const AGENCY: &str = "UBND xã Bình Minh Đông";
const COUNT: usize = 10;

/// What poppler says of the bytes at the server: the words of the first page without what is between
/// them, and how many signatures hold.
fn as_read(office: &Office, sha256: &str) -> (String, usize) {
    let file = office.file("read.pdf");
    std::fs::write(&file, office.blob(sha256)).unwrap();
    let said = |program: &str, arguments: &[&str], output: &[&str]| {
        let mut command = Command::new(program);
        let said = command.args(arguments).arg(&file).args(output).output();
        String::from_utf8(said.unwrap().stdout).unwrap()
    };
    let text = said("pdftotext", &["-layout", "-f", "1", "-l", "1"], &["-"]);
    let signatures = said("pdfsig", &["-nocert"], &[]);
    (
        text.split_whitespace().collect(),
        signatures.matches("Signature is Valid.").count(),
    )
}

#[tokio::test]
async fn ten_documents_signed_with_one_pin_show_number_and_day_on_their_page_once_numbered() {
    let pki = Pki::new(Clock::system().now()).unwrap();
    let agency = pki.signer_named(AGENCY, SignerKind::Good).unwrap();
    let mut office = Office::open_under(&pki, |config| {
        config.next_poll_s = 1;
        config.drafts = Some(COUNT);
        let certificate = agency.certificate.clone();
        config
            .signers
            .push((CLERK.username.to_owned(), certificate));
    });
    let token = SoftHsm::create(&office.file("agency-token"), &agency).unwrap();
    let leader = office.leader().await;
    office.cut();
    assert_eq!(leader.read_and_mark_all().await, COUNT);
    let report = leader.sign_marked(office.pin()).await;
    assert_eq!(report["signed"], json!(COUNT), "{report}");
    assert_eq!(office.card_calls("C_Login"), 1);
    office.connect();
    everything_sent(&leader).await;

    let clerk = office.desk_with(&token);
    clerk.log_in(&CLERK).await.unwrap();
    clerk.everything_pulled().await;
    clerk
        .take_picture(&office, "seal", ("d81f26", (36.0, 36.0)))
        .await;
    let items = report["items"].as_array().unwrap();
    let documents: Vec<&str> = items
        .iter()
        .map(|item| item["document"].as_str().unwrap())
        .collect();
    for (item, document) in items.iter().zip(&documents) {
        // What the leader signed has the fields, empty.
        let any = NumberDate {
            number: "01".to_owned(),
            day: 1,
            month: 1,
            year: 2026,
        };
        let by_leader = office.blob(item["sha256"].as_str().unwrap());
        let fields = number_values(&by_leader, &any).unwrap();
        let names: Vec<&str> = fields.iter().map(|(name, _)| *name).collect();
        // The year may be printed.
        assert!(names.starts_with(&NUMBER_FIELDS[..3]), "{names:?}");
        comes(&clerk, document, "signed").await;
        clerk.arrives(document).await;
        act(&clerk, document, json!({ "act": "number" })).await;
    }
    everything_sent(&clerk).await;
    let mut sealed = Vec::new();
    for document in &documents {
        may(&clerk, document, "seal").await;
        let numbered = handling(&clerk, document).await["outgoing"]["numbered"].clone();
        let (_, by_agency) = clerk.sign_in_place(document, token.pin).await;
        sealed.push((numbered, by_agency));
    }
    everything_sent(&clerk).await;
    for (place, (numbered, by_agency)) in sealed.iter().enumerate() {
        // Both signatures hold (the leader's over what was filled in after it), and the page says it.
        let (text, valid) = as_read(&office, by_agency);
        assert_eq!(valid, 2);
        // The second judge takes its time.
        if place % 4 == 0 {
            let verdict = Verdict::of(&office, &pki, by_agency);
            assert_eq!(verdict.0["signatures"].as_array().unwrap().len(), 2);
        }
        let notation = numbered["notation"].as_str().unwrap();
        let day: Vec<&str> = numbered["issued_on"].as_str().unwrap().split('-').collect();
        // The decree writes a zero before the months one and two alone.
        let month = match day[1] {
            "01" | "02" => day[1],
            later => later.trim_start_matches('0'),
        };
        let day = format!("ngày{}tháng{month}năm{}", day[2], day[0]);
        assert!(text.contains(notation) && text.contains(&day), "{text}");
    }
    let report = office.province().check_numbers().unwrap();
    assert_eq!(report.violations, [""; 0]);
}
