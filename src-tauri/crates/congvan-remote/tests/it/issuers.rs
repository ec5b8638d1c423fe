//! Signatures that hold the signer's certificate alone, completed by somebody who knows the root
//! alone; the authority's certificate is fetched, and the result judged by pyHanko.

use std::sync::Arc;

use congvan_model::Timestamp;
use congvan_pades::{Level, TrustAnchors, validate};
use congvan_province::Clock;
use congvan_remote::evidence::{
    Completion, CompletionError, CompletionOrder, EvidenceError, IssuerHosts, Tsa, complete_file,
};
use congvan_testkit::{Service, ServiceFault, pyhanko_offline};

use crate::evidence::{Office, client_with, patient};

/// The root and nothing else.
fn root_alone(office: &Office) -> TrustAnchors {
    TrustAnchors {
        roots: vec![office.pki.root_der()],
        intermediates: Vec::new(),
    }
}

fn order(office: &Office, pdf: &[u8], target: Level) -> CompletionOrder {
    CompletionOrder {
        trust: Arc::new(root_alone(office)),
        ..office.order(pdf, target)
    }
}

async fn complete(
    office: &Office,
    order: &CompletionOrder,
    issuers: IssuerHosts,
) -> Result<Completion, CompletionError> {
    let client = client_with(|config| {
        patient(config);
        config.issuers = issuers;
    });
    complete_file(&client, order, &office.call()).await
}

/// A minute later: time stamps of this second are past then.
fn later() -> Timestamp {
    Clock::system().now().plus_ms(60_000)
}

#[tokio::test]
async fn a_missing_authority_is_fetched_as_der_and_as_p7c_and_goes_into_the_file() {
    for issuer in ["ca.cer", "ca.p7c"] {
        let office = Office::naming(issuer);
        let pdf = office.signed();
        let order = order(&office, &pdf, Level::BLTA);
        let done = complete(&office, &order, IssuerHosts::Named).await;
        let done = done.expect("completes");
        assert_eq!(done.level, Level::BLTA, "{issuer}: {:?}", done.shortfall);
        assert_eq!(office.server.count(Service::Certificates), 1, "{issuer}");
        let whole = [pdf, done.tail].concat();
        let report = validate(&whole, &root_alone(&office), later()).expect("reads");
        assert!(report.all_valid(), "{:?}", report.signatures);
        let verdict = pyhanko_offline(&office.pki.root_pem(), later(), &whole).expect("judges");
        assert_eq!(verdict["indication"], "PASSED", "{issuer}: {verdict}");
    }
}

#[tokio::test]
async fn a_file_cannot_make_this_machine_call_a_host_that_nobody_here_named() {
    let office = Office::naming("ca.cer");
    let pdf = office.signed();
    // The same server by a name that is not in the certificate: only that name is known here.
    let known = office.server.tsa_url().replace("127.0.0.1", "localhost");
    let order = CompletionOrder {
        tsas: vec![Tsa::new(&known)],
        ..order(&office, &pdf, Level::BLTA)
    };
    let refused = complete(&office, &order, IssuerHosts::Named).await;
    assert!(refused.is_err(), "{refused:?}");
    assert_eq!(office.server.count(Service::Certificates), 0);
    let done = complete(&office, &order, IssuerHosts::Anybody).await;
    assert_eq!(done.expect("completes").level, Level::BLTA);
    assert_eq!(office.server.count(Service::Certificates), 1);
}

#[tokio::test]
async fn an_authority_that_cannot_be_had_costs_the_level_and_is_asked_once() {
    let office = Office::naming("ca.cer");
    let pdf = office.signed();
    for fault in [
        ServiceFault::HangsUp,
        ServiceFault::Garbage,
        ServiceFault::Endless,
        ServiceFault::WebPage,
    ] {
        let before = office.server.count(Service::Certificates);
        office.server.fault(Service::Certificates, fault.clone());
        let order = order(&office, &pdf, Level::BLT);
        let done = complete(&office, &order, IssuerHosts::Named).await;
        // Nothing leads to a root, so no time stamp is trusted either.
        let error = done.expect_err("no chain");
        assert!(
            !matches!(error, CompletionError::Evidence(EvidenceError::Cancelled)),
            "{error:?}"
        );
        let asked = office.server.count(Service::Certificates) - before;
        assert_eq!(asked, 1, "{fault:?}: {error:?}");
    }
}
