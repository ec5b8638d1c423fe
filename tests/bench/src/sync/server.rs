//! The province in its namespace.

use std::{net::Ipv4Addr, path::Path};

use anyhow::{Context as _, Result, bail};
use congvan_model::DocumentId;
use congvan_province::{Province, ProvinceConfig, Seed};
use serde_json::json;

use super::{net::SERVER_ADDRESS, talk};

/// The role's name on the command line.
pub(super) const NAME: &str = "sync-server";

/// `letters SEED SIZE...` adds letters and tells what they weigh; `letters-like SEED COUNT MIB`
/// adds many of lognormal sizes; `amend COUNT` changes the records of the last ones.
pub(super) fn run(dir: &Path) -> Result<()> {
    let mut config = ProvinceConfig::new(dir.join("province"));
    config.bind = Ipv4Addr::from(SERVER_ADDRESS);
    config.seed = Seed::Empty;
    // A desk that is told of changes needs no poll; what is measured is not to be mixed with one.
    config.next_poll_s = 600;
    let province = Province::start(config)?;
    std::fs::write(dir.join("ca.pem"), &province.ca_pem)?;
    let text = format!(
        "server_url = \"https://localhost:{}\"\nprovince = \"H99\"\nname = \"H99\"\nca_file = \"ca.pem\"\n",
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
        _ => bail!("{words:?}"),
    })
}
