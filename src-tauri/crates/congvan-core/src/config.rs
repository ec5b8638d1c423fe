use std::{
    fs,
    path::{Path, PathBuf},
};

use congvan_worker::{Discovery, ModuleHint};
use serde::Deserialize;

/// What the administrator hands out: which province this desk belongs to. A TOML file.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct ProvinceConfig {
    /// Address of the server, `https://host[:port]`.
    pub server_url: String,
    /// The province's code, e.g. `H99`.
    pub province: String,
    /// Its name, for people.
    pub name: String,
    /// File with the certificate (PEM) that the server's must lead to; relative to this file.
    pub ca_file: PathBuf,
    /// More PKCS#11 modules that the administrator allows.
    #[serde(default)]
    pub pkcs11_modules: Vec<PathBuf>,
    /// How time stamp authorities and responders are reached: `http://host:port` of a proxy, or
    /// `none`; without it as the system says.
    #[serde(default)]
    pub evidence_proxy: Option<String>,
    /// File with the agency's recovery key (PEM, RSA of at least 3,072 bits): the keys of stores are
    /// wrapped to it as well; relative to this file.
    #[serde(default)]
    pub recovery_key: Option<PathBuf>,
    /// Folder with templates of signatures (`leader.json`, `initials.json`, `seal.json`) in the
    /// place of the built-in ones; relative to this file.
    #[serde(default)]
    pub signature_templates: Option<PathBuf>,
    /// The same with a name, or with what the module wants to be told at its start.
    #[serde(default)]
    pub pkcs11: Vec<Pkcs11Module>,
    /// Only the modules above may be loaded; all others are shown as not allowed.
    #[serde(default)]
    pub pkcs11_only_listed: bool,
}

/// A PKCS#11 module named by the administrator.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Pkcs11Module {
    /// The library file; absolute.
    pub path: PathBuf,
    /// A name for people.
    #[serde(default)]
    pub name: Option<String>,
    /// What C_Initialize is told, as NSS wants it: `configdir='sql:/path'`.
    #[serde(default)]
    pub parameters: Option<String>,
}

/// The configuration file is missing or malformed.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// It cannot be read.
    #[error("the configuration cannot be read")]
    Unreadable(#[source] std::io::Error),
    /// It is not the TOML it should be.
    #[error("the configuration is malformed")]
    Malformed(#[source] toml::de::Error),
}

impl ProvinceConfig {
    /// Reads the file and makes its paths absolute.
    ///
    /// # Errors
    /// When it cannot be read or understood.
    pub fn load(path: &Path) -> Result<Self, ConfigError> {
        let text = fs::read_to_string(path).map_err(ConfigError::Unreadable)?;
        let mut config: Self = toml::from_str(&text).map_err(ConfigError::Malformed)?;
        if let Some(folder) = path.parent() {
            config.ca_file = folder.join(&config.ca_file);
            config.recovery_key = config.recovery_key.map(|path| folder.join(path));
            let templates = config.signature_templates.take();
            config.signature_templates = templates.map(|own| folder.join(own));
        }
        Ok(config)
    }

    /// What to look for when PKCS#11 modules are looked for.
    pub(crate) fn discovery(&self) -> Discovery {
        let plain = self.pkcs11_modules.iter().map(|path| ModuleHint {
            path: path.clone(),
            name: None,
            parameters: None,
        });
        let named = self.pkcs11.iter().map(|module| ModuleHint {
            path: module.path.clone(),
            name: module.name.clone(),
            parameters: module.parameters.clone(),
        });
        Discovery {
            extra: named.chain(plain).collect(),
            only_listed: self.pkcs11_only_listed,
        }
    }

    /// The host of the server, for the login screen.
    #[must_use]
    pub fn host(&self) -> &str {
        let rest = self
            .server_url
            .split_once("://")
            .map_or(self.server_url.as_str(), |(_, r)| r);
        rest.split('/').next().unwrap_or(rest)
    }
}
