//! A PKI with its services, and a token of the leader under it, for tests that are not in Rust:
//! `pki-services DIR`. Prints one line of JSON when everything answers, then does what the lines on
//! its standard input say: `down`, `up`, `revoke`. Ends when that input ends.

use std::{
    fs,
    io::{BufRead as _, Write as _},
    path::PathBuf,
    time::{SystemTime, UNIX_EPOCH},
};

use anyhow::{Context as _, Result, bail};
use congvan_model::Timestamp;
use congvan_testkit::{
    LEADER, Pki, PkiServer, Service, ServiceFault, SignerKind, SoftHsm, write_pem,
};

const DAY_MS: i64 = 86_400_000;

fn main() -> Result<()> {
    let dir = PathBuf::from(std::env::args().nth(1).context("name a folder")?);
    fs::create_dir_all(&dir)?;
    let server = PkiServer::start()?;
    let pki = Pki::served(now()?, &server.url)?;
    server.install(&pki)?;
    pki.write_trust(&dir.join("trust"))?;
    write_pem(&dir.join("root.pem"), "CERTIFICATE", &pki.root_der())?;
    let identity = pki.signer(&LEADER, SignerKind::Good)?;
    let certificate = identity.fingerprint();
    let token = SoftHsm::create(&dir, &identity)?;
    fs::write(dir.join("signer.der"), &token.certificate)?;
    let mut out = std::io::stdout();
    writeln!(
        out,
        "{}",
        serde_json::json!({ "url": server.url, "tsa": server.tsa_url() })
    )?;
    out.flush()?;
    for line in std::io::stdin().lock().lines() {
        match line?.as_str() {
            "down" => all(&server, &ServiceFault::HangsUp),
            "up" => all(&server, &ServiceFault::None),
            // Yesterday: before anything that is signed today.
            "revoke" => server.revoke(&pki, &certificate, now()?.plus_ms(-DAY_MS))?,
            other => bail!("unknown: {other}"),
        }
    }
    Ok(())
}

fn all(server: &PkiServer, fault: &ServiceFault) {
    for service in [Service::TimeStamps, Service::Ocsp, Service::Lists] {
        server.fault(service, fault.clone());
    }
}

/// The clock of those who watch: today's.
#[allow(clippy::disallowed_methods)] // It plays beside programs that have the real time.
fn now() -> Result<Timestamp> {
    let since = SystemTime::now().duration_since(UNIX_EPOCH)?;
    Ok(Timestamp(i64::try_from(since.as_millis())?))
}
