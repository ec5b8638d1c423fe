//! The way out of the office's network. What is not secret stands in the data folder, the password
//! in the keyring; both are needed before anyone has logged in.

use std::{fs, sync::Arc};

use congvan_remote::{ManualProxy, ProxyChoice, RemoteClient, RemoteConfig};
use congvan_store::{Home, KeyVault};
use secrecy::SecretString;
use serde::{Deserialize, Serialize};

use super::{Desk, faults::remote_fault};
use crate::{ChangeTag, DeskError, Result};

/// Where the choice is kept.
const SETTING: &str = "network.proxy";
/// Under which name the keyring keeps the password.
const PASSWORD: &str = "network.proxy";

/// How the server is reached.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "way", rename_all = "snake_case")]
pub enum ProxySetting {
    /// As the system says. A script (PAC) of the system is not run.
    #[default]
    System,
    /// Straight.
    None,
    /// Through this proxy.
    Manual {
        /// `http://host:port`.
        url: String,
        /// Name at the proxy; none when it wants none.
        user: Option<String>,
    },
}

impl Desk {
    /// How the server is reached, and whether a password for the proxy is kept.
    ///
    /// # Errors
    /// Keyring and disk errors.
    pub async fn proxy_setting(&self) -> Result<(ProxySetting, bool)> {
        let (home, vault) = (self.home().await?, self.vault().await?);
        let kept = tokio::task::spawn_blocking(move || vault.refresh_token(PASSWORD)).await??;
        Ok((read(&home), kept.is_some()))
    }

    /// Changes how the server is reached, from now on. Without a password the kept one stays, unless
    /// the new way needs none.
    ///
    /// # Errors
    /// Keyring and disk errors; `Internal` for an address that is none.
    pub async fn set_proxy(
        &self,
        setting: ProxySetting,
        password: Option<SecretString>,
    ) -> Result<()> {
        let _one_at_a_time = self.settings_order.lock().await;
        let (home, vault) = (self.home().await?, self.vault().await?);
        let text = serde_json::to_string(&setting)
            .map_err(|error| DeskError::Internal(error.to_string()))?;
        let needs = matches!(&setting, ProxySetting::Manual { user: Some(_), .. });
        let choice = tokio::task::spawn_blocking(move || {
            match (needs, &password) {
                (false, _) => vault.forget_refresh_token(PASSWORD)?,
                (true, Some(password)) => vault.set_refresh_token(PASSWORD, password)?,
                (true, None) => {}
            }
            home.set_setting(SETTING, &text)?;
            choice(&home, &vault)
        })
        .await??;
        if let Some(session) = self.current() {
            session
                .remote
                .set_proxy(choice)
                .map_err(|error| remote_fault(&error))?;
            session.driver.sync_now();
        }
        self.events.changed(&[ChangeTag::Settings, ChangeTag::Sync]);
        Ok(())
    }

    /// Tries a way to the server without changing anything.
    ///
    /// # Errors
    /// Why it leads nowhere: `ProxyAuthNeeded`, `ProxyRefused`, `WrongNetwork`, `Untrusted`,
    /// `Unreachable`.
    pub async fn test_proxy(
        &self,
        setting: ProxySetting,
        password: Option<SecretString>,
    ) -> Result<()> {
        let province = self
            .config
            .province
            .clone()
            .ok_or(DeskError::Unconfigured)?;
        let vault = self.vault().await?;
        let password = match password {
            Some(password) => Some(password),
            None => tokio::task::spawn_blocking(move || vault.refresh_token(PASSWORD)).await??,
        };
        let ca_file = province.ca_file.clone();
        let ca_pem = tokio::task::spawn_blocking(move || fs::read(ca_file))
            .await?
            .map_err(|_| DeskError::Unconfigured)?;
        let mut config = RemoteConfig::new(province.server_url, ca_pem, province.province);
        config.proxy = choose(setting, password);
        let client = RemoteClient::new(&config, Arc::new(|_: &SecretString| {}))
            .map_err(|error| remote_fault(&error))?;
        client
            .probe()
            .await
            .map(drop)
            .map_err(|error| remote_fault(&error))
    }
}

/// The way that is kept, with its password. Blocks.
pub(super) fn choice(home: &Home, vault: &KeyVault) -> Result<ProxyChoice> {
    let setting = read(home);
    let password = match &setting {
        ProxySetting::Manual { user: Some(_), .. } => vault.refresh_token(PASSWORD)?,
        ProxySetting::Manual { user: None, .. } | ProxySetting::System | ProxySetting::None => None,
    };
    Ok(choose(setting, password))
}

fn read(home: &Home) -> ProxySetting {
    home.setting(SETTING)
        .and_then(|text| serde_json::from_str(&text).ok())
        .unwrap_or_default()
}

fn choose(setting: ProxySetting, password: Option<SecretString>) -> ProxyChoice {
    match setting {
        ProxySetting::System => ProxyChoice::System,
        ProxySetting::None => ProxyChoice::None,
        ProxySetting::Manual { url, user } => ProxyChoice::Manual(ManualProxy {
            url,
            login: user.map(|user| (user, password.unwrap_or_else(|| String::new().into()))),
        }),
    }
}
