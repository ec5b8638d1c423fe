//! Courier bundles: telling what this desk is known by, and carrying another's.

use congvan_model::Sha256;
use congvan_protocol::{CarryAnswer, CarryRequest, DeskKeys};

use crate::{
    client::{RemoteClient, json},
    error::{Result, refusal},
    path_health::ServerPath,
};

impl RemoteClient {
    /// Tells the server what this desk's bundles are signed with and their answers sealed to; in force
    /// as long as the login. Sent again it changes nothing.
    ///
    /// # Errors
    /// As [`RemoteClient::sync`].
    pub async fn tell_courier_keys(&self, keys: &DeskKeys) -> Result<()> {
        let round = self.config().patience.round;
        let url = self.url("/courier/keys");
        let call = || self.http().put(&url).timeout(round).json(keys);
        let response = self.authorised(ServerPath::Session, call).await?;
        if !response.status().is_success() {
            return Err(refusal(response).await);
        }
        Ok(())
    }

    /// Has the server take in a bundle that was uploaded, whoever's it is; the name of the answer, to be
    /// downloaded. Sent again it gives another answer, and nothing is done twice.
    ///
    /// # Errors
    /// `BUNDLE_DAMAGED`, `BUNDLE_FOREIGN`, `BUNDLE_VERSION`, `BUNDLE_UNKNOWN_DESK`, `BUNDLE_TOO_OLD`; as
    /// [`RemoteClient::sync`].
    pub async fn carry_bundle(&self, bundle: Sha256) -> Result<CarryAnswer> {
        let url = self.url("/courier");
        // It deciphers and checks hundreds of megabytes before it answers.
        let call = || {
            self.patient_http()
                .post(&url)
                .json(&CarryRequest { bundle })
        };
        json(self.authorised(ServerPath::Sync, call).await?).await
    }
}
