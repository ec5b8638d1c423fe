//! An office beside another one, with the agency's own token on the clerk's desk.

use congvan_province::Clock;
use congvan_testkit::{CLERK, NEIGHBOUR_CODE, OFFICIAL, Pki, SignerKind, SoftHsm};
use serde_json::{Value, json};

use crate::{
    face::Face,
    handling::{act, comes, desk_of, everything_sent},
    issuing::{AGENCY, signed},
    office::Office,
    outgoing::may,
};

/// The agency's seal: its colour, and its size in millimetres.
pub(crate) const SEAL: (&str, (f64, f64)) = ("d81f26", (36.0, 36.0));

pub(crate) struct House {
    pub(crate) office: Office,
    pub(crate) pki: Pki,
    pub(crate) token: SoftHsm,
    pub(crate) clerk: Face,
    pub(crate) official: Face,
}

impl House {
    pub(crate) async fn open() -> Self {
        let pki = Pki::new(Clock::system().now()).unwrap();
        let agency = pki.signer_named(AGENCY, SignerKind::Good).unwrap();
        let office = Office::open_under(&pki, |config| {
            config.next_poll_s = 1;
            config.neighbour = true;
            let certificate = agency.certificate.clone();
            config
                .signers
                .push((CLERK.username.to_owned(), certificate));
        });
        let token = SoftHsm::create(&office.file("agency-token"), &agency).unwrap();
        let clerk = office.desk_with(&token);
        clerk.log_in(&CLERK).await.unwrap();
        clerk.everything_pulled().await;
        let official = desk_of(&office, &OFFICIAL).await;
        Self {
            office,
            pki,
            token,
            clerk,
            official,
        }
    }

    /// A decision that the leader has signed, on the clerk's desk.
    pub(crate) async fn signed(&mut self) -> String {
        let document = signed(&mut self.office, &self.official, &self.clerk).await;
        comes(&self.clerk, &document, "signed").await;
        self.clerk.arrives(&document).await;
        document
    }

    /// A decision that was issued to the agency beside.
    pub(crate) async fn issued(&mut self) -> String {
        let document = self.signed().await;
        self.clerk.take_picture(&self.office, "seal", SEAL).await;
        self.out(&document).await;
        document
    }

    /// Number, the agency's signature, the issue; the hash of what was issued.
    pub(crate) async fn out(&mut self, document: &str) -> String {
        act(&self.clerk, document, json!({ "act": "number" })).await;
        everything_sent(&self.clerk).await;
        may(&self.clerk, document, "seal").await;
        let (_, sealed) = self.clerk.sign_in_place(document, self.token.pin).await;
        act(&self.clerk, document, issue()).await;
        everything_sent(&self.clerk).await;
        sealed
    }
}

/// Issued to the agency beside.
pub(crate) fn issue() -> Value {
    let neighbour = json!({ "code": NEIGHBOUR_CODE, "name": "UBND phường An Phú Tây" });
    json!({ "act": "issue", "to": [neighbour], "places": ["Lưu: VT"] })
}
