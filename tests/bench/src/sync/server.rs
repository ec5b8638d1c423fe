//! The province in its namespace.

use std::{net::Ipv4Addr, path::Path};

use anyhow::{Context as _, Result, bail};
use congvan_model::DocumentId;
use congvan_province::{Province, ProvinceConfig, Seed, read_trust};
use congvan_testkit::LEADER;
use serde_json::json;

use super::{net::SERVER_ADDRESS, talk};

/// The role's name on the command line.
pub(super) const NAME: &str = "sync-server";

/// `letters SEED SIZE...` adds letters and tells what they weigh; `amend COUNT` changes the records
/// of the last ones; `draft FILE` adds a draft for the leader's signature.
///
/// The folder may hold `trust` with certificates and `signer.der`, the leader's; and `more.toml`,
/// further lines of the desk's configuration.
pub(super) fn run(dir: &Path) -> Result<()> {
    let mut config = ProvinceConfig::new(dir.join("province"));
    config.bind = Ipv4Addr::from(SERVER_ADDRESS);
    config.seed = Seed::Empty;
    // A desk that is told of changes needs no poll; what is measured is not to be mixed with one.
    config.next_poll_s = 600;
    if dir.join("trust").is_dir() {
        config.trust = read_trust(&dir.join("trust"))?;
        let certificate = std::fs::read(dir.join("signer.der"))?;
        config.signers = vec![(LEADER.username.to_owned(), certificate)];
    }
    let province = Province::start(config)?;
    std::fs::write(dir.join("ca.pem"), &province.ca_pem)?;
    let more = std::fs::read_to_string(dir.join("more.toml")).unwrap_or_default();
    let text = format!(
        "server_url = \"https://localhost:{}\"\nprovince = \"H99\"\nname = \"H99\"\nca_file = \"ca.pem\"\n{more}",
        province.port
    );
    std::fs::write(dir.join("client.toml"), text)?;
    let mut documents: Vec<DocumentId> = Vec::new();
    talk::serve(&json!({"port": province.port}), |words| match words {
        ["letters", seed, sizes @ ..] => {
            let sizes = sizes
                .iter()
                .map(|size| size.parse().context("size"))
                .collect::<Result<Vec<u64>>>()?;
            documents.extend(province.add_letters(&sizes, seed.parse()?)?);
            Ok(json!({"bytes": sizes.iter().sum::<u64>()}))
        }
        ["amend", count] => {
            let from = documents.len().saturating_sub(count.parse()?);
            let last = documents.get(from..).context("letters")?;
            province.amend(last)?;
            Ok(json!({"amended": last.len()}))
        }
        ["draft", file] => {
            province.add_draft("Dự án đầu tư", &std::fs::read(file)?)?;
            Ok(json!({}))
        }
        _ => bail!("{words:?}"),
    })
}
