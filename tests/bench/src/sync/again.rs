//! Signing a large file that is signed already, at the desk, and what of it goes up the line.

use std::{fs, os::unix::fs::PermissionsExt as _, path::Path, time::Instant};

use anyhow::{Context as _, Result, ensure};

use super::{
    Lines, client, mega,
    net::{self, Net},
    quiet, server,
    talk::Role,
};
use crate::{
    ours,
    place::{Place, program},
};

/// A draft of that size, signed once by the command line, is signed a second time at the desk.
pub(super) fn run(net: &Net, big: u64, lines: &mut Lines) -> Result<()> {
    let place = Place::new()?;
    let papers = place.papers("papers", big, 1)?;
    let signed = place.outputs()?;
    ours::sign(&place, &papers, &signed, true)?;
    let draft = signed.join("paper-0.pdf");
    let size = fs::metadata(&draft)?.len();
    let dir = place.path("desk");
    write_stage(&place, &dir)?;
    let (mut server, _) = Role::start(net::SERVER, server::NAME, &dir)?;
    server.ask(&format!("draft {}", draft.display()))?;
    let (mut desk, _) = Role::start(net::DESK, client::NAME, &dir)?;
    desk.ask("login 0")?;
    desk.ask("ready 1")?;
    quiet(net)?;
    let (before, started) = (net.bytes()?, Instant::now());
    let told = desk.ask(&format!("sign {}", place.token.pin))?;
    ensure!(told["signed"] == 1, "{told}");
    let signed_after = started.elapsed();
    desk.ask("sent")?;
    let sent_after = started.elapsed();
    quiet(net)?;
    let bytes = net.bytes()?.since(before);
    println!(
        "  {:.1} MB signed again after {:.1} s with reading it, at the server and judged there after {:.1} s; \
         {:.1} KB up, {:.1} KB down, all headers and acts included",
        mega(size),
        signed_after.as_secs_f64(),
        sent_after.as_secs_f64(),
        bytes.up as f64 / 1_000.0,
        bytes.down as f64 / 1_000.0,
    );
    let kibi = bytes.up as f64 / 1_024.0;
    lines.aim("signed again: bytes up", kibi, (64.0, "KiB"));
    Ok(())
}

/// What both roles find in their folder: trust, the leader's certificate, a worker with the token.
fn write_stage(place: &Place, dir: &Path) -> Result<()> {
    fs::create_dir_all(dir.join("trust"))?;
    for (number, certificate) in place.trust.iter().enumerate() {
        fs::write(dir.join(format!("trust/{number}.der")), certificate)?;
    }
    fs::write(dir.join("signer.der"), &place.certificate)?;
    fs::write(
        dir.join("more.toml"),
        format!(
            "pkcs11_modules = [{:?}]\npkcs11_only_listed = true\n",
            place.module
        ),
    )?;
    // A desk's workers get no variables of their own.
    let worker = std::path::absolute(program("congvan-worker")?)?;
    let script = format!(
        "#!/bin/sh\nexport SOFTHSM2_CONF='{}'\nexec '{}' \"$@\"\n",
        place.token.conf.display(),
        worker.display()
    );
    let path = dir.join("worker");
    fs::write(&path, script).context("worker")?;
    Ok(fs::set_permissions(
        path,
        fs::Permissions::from_mode(0o755),
    )?)
}
