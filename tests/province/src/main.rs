//! The demo's server: a province in one process.

use std::{path::PathBuf, process::ExitCode};

use anyhow::{Context as _, Result, bail};
use congvan_protocol::TimeStampingAuthority;
use congvan_province::{Province, ProvinceConfig, Seed, openapi_json, read_trust};
use congvan_testkit::PEOPLE;

const USAGE: &str = "\
congvan-province --data DIR [--port N] [--admin] [--seed full|few|empty] [--drafts N] [--cache DIR]
                 [--trust DIR] [--signer-cert FILE.der] [--tsa URL] [--unread-allowed]
                 [--directory] [--neighbour] [--other-roles] [--holidays]
congvan-province restore-mark --data DIR [--numbers N]
congvan-province openapi

  --data DIR          database, blobs and keys; made and seeded on the first start
  --port N            port on 127.0.0.1 (default 8443; 0 takes a free one)
  --admin             faults and figures over plain HTTP on a second loopback port
  --seed KIND         what to write on the first start (default full)
  --drafts N          how many documents wait for the leader's signature
  --cache DIR         where big generated files are kept between seedings
  --trust DIR         *.der and *.cer: roots and intermediates of signatures
  --signer-cert FILE  certificate (DER) that may sign for lanhdao, or NAME=FILE for that account;
                      may be given again
  --tsa URL           time stamp authority for the desks; may be given again
  --unread-allowed    a person may sign what was not on the screen, with a reason
  --directory         a directory of agencies whatever the seed
  --other-roles       people of the other roles: troly, luutru, quantri
  --holidays          the national holidays in the agency's calendar
  --neighbour         a second agency with its people, to which documents can be sent
  restore-mark        after DIR was restored from a backup and before the server starts on it: a new
                      history begins, and the desks offer again what the backup does not have.
                      In each book the next N numbers are set aside for the papers that may have
                      been given them since (reckoned from its busiest week when N is not said)
  openapi             print the OpenAPI description and end

Writes DIR/ca.pem and DIR/client.toml, then prints one line of JSON when requests are accepted.
";

fn main() -> ExitCode {
    let filter = tracing_subscriber::EnvFilter::try_from_default_env()
        .unwrap_or_else(|_| tracing_subscriber::EnvFilter::new("info"));
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .init();
    match run(std::env::args().skip(1).collect()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("congvan-province: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: Vec<String>) -> Result<()> {
    match arguments.first().map(String::as_str) {
        Some("restore-mark") => match arguments.get(1..) {
            Some([flag, data, rest @ ..]) if flag == "--data" => {
                let numbers = match rest {
                    [] => None,
                    [flag, number] if flag == "--numbers" => {
                        Some(number.parse().context("--numbers")?)
                    }
                    _ => bail!("restore-mark --data DIR [--numbers N]"),
                };
                let mark = congvan_province::restore_mark(&PathBuf::from(data), numbers)?;
                say(&serde_json::to_string(&mark)?)
            }
            Some(_) | None => bail!("restore-mark --data DIR [--numbers N]"),
        },
        Some("openapi") => say(openapi_json()?.trim_end()),
        Some("--help" | "-h") | None => say(USAGE),
        Some(_) => serve(arguments),
    }
}

fn serve(arguments: Vec<String>) -> Result<()> {
    let config = configure(arguments)?;
    let data = config.data_dir.clone();
    let province = Province::start(config)?;
    let ca = data.join("ca.pem");
    std::fs::write(&ca, &province.ca_pem).context("write ca.pem")?;
    let ca = ca.canonicalize().context("ca.pem")?;
    let client = data.join("client.toml");
    let text = format!(
        "server_url = {:?}\nca_file = {:?}\nprovince = {:?}\nname = {:?}\n",
        province.url,
        ca.to_string_lossy(),
        province.config.province,
        province.config.name
    );
    std::fs::write(&client, text).context("write client.toml")?;
    let accounts: Vec<_> = PEOPLE
        .iter()
        .map(|person| {
            serde_json::json!({
                "username": person.username,
                "password": person.password,
                "full_name": person.full_name,
                "title": person.title,
            })
        })
        .collect();
    say(&serde_json::to_string(&serde_json::json!({
        "url": province.url,
        "ca": ca,
        "client": client.canonicalize().context("client.toml")?,
        "admin": province.admin_url,
        "accounts": accounts,
    }))?)?;
    wait_for_the_end()
}

/// Until Ctrl-C or SIGTERM.
fn wait_for_the_end() -> Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    runtime.block_on(async {
        let mut terminate =
            tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate())?;
        tokio::select! {
            result = tokio::signal::ctrl_c() => result?,
            _ = terminate.recv() => {}
        }
        Ok(())
    })
}

fn configure(arguments: Vec<String>) -> Result<ProvinceConfig> {
    let mut config = ProvinceConfig::new(PathBuf::new());
    config.seed = Seed::Full;
    config.port = 8443;
    let mut rest = arguments.into_iter();
    while let Some(flag) = rest.next() {
        if flag == "--admin" {
            config.admin = true;
            continue;
        }
        if flag == "--unread-allowed" {
            config.signing.unread_allowed = true;
            continue;
        }
        if flag == "--directory" {
            config.directory = true;
            continue;
        }
        if flag == "--other-roles" {
            config.other_roles = true;
            continue;
        }
        if flag == "--holidays" {
            config.holidays = true;
            continue;
        }
        if flag == "--neighbour" {
            config.neighbour = true;
            continue;
        }
        let value = rest
            .next()
            .with_context(|| format!("{flag} needs a value\n\n{USAGE}"))?;
        match flag.as_str() {
            "--data" => config.data_dir = value.into(),
            "--port" => config.port = value.parse().context("--port")?,
            "--drafts" => config.drafts = Some(value.parse().context("--drafts")?),
            "--cache" => config.cache_dir = Some(value.into()),
            "--trust" => config.trust = read_trust(&PathBuf::from(value))?,
            "--signer-cert" => {
                let (account, file) = value.split_once('=').unwrap_or(("lanhdao", &value));
                let der = std::fs::read(file).with_context(|| value.clone())?;
                config.signers.push((account.to_owned(), der));
            }
            "--tsa" => config.completion.time_stamping.push(TimeStampingAuthority {
                url: value,
                daily_quota: None,
                monthly_quota: None,
            }),
            "--seed" => {
                config.seed = match value.as_str() {
                    "full" => Seed::Full,
                    "few" => Seed::Few,
                    "empty" => Seed::Empty,
                    _ => bail!("--seed full, few or empty"),
                }
            }
            _ => bail!("unknown {flag}\n\n{USAGE}"),
        }
    }
    if config.data_dir.as_os_str().is_empty() {
        bail!("--data is missing\n\n{USAGE}");
    }
    Ok(config)
}

/// One line to standard output: the answer that scripts read.
fn say(line: &str) -> Result<()> {
    use std::io::Write as _;
    let mut out = std::io::stdout().lock();
    writeln!(out, "{line}")?;
    out.flush().context("standard output")
}
