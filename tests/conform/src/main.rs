//! Tries every rule of the protocol on a server: one line for each.

use std::{process::ExitCode, time::Instant};

use anyhow::{Context as _, Result, bail};
use congvan_conform::{Account, RULES, Target, Verdict, run};

const USAGE: &str = "\
congvan-conform --server URL --user NAME --password WORD [--second NAME --second-password WORD]
                [--colleague NAME --colleague-password WORD]
                [--receiver NAME --receiver-password WORD] [--ca FILE] [--admin URL]
                [--only ID,ID] [--list]

  --server URL       the server under test; a test server: numbers of a book are used up
  --ca FILE          the authority to trust (PEM); without it the system's
  --user NAME        a clerk of an agency that keeps books, with two documents at least
  --second NAME      a leader, or another clerk, of the same agency
  --colleague NAME   another clerk of the same agency
  --receiver NAME    a clerk of another agency on the same server
  --admin URL        where POST /admin/epoch begins a new history, POST
                     /admin/documents/{id}/recall recalls a document, POST /admin/axis delivers
                     one over the axis and GET /admin/axis lists what senders were told; where
                     POST /admin/outgoing makes a document that its leader has signed, and
                     POST /admin/documents/{id}/seal and /present play the agency's signature and
                     the presenting
  --only ID,ID       only these rules
  --list             the rules, and end

The passwords may also stand in CONGVAN_CONFORM_PASSWORD, CONGVAN_CONFORM_SECOND_PASSWORD,
CONGVAN_CONFORM_COLLEAGUE_PASSWORD and CONGVAN_CONFORM_RECEIVER_PASSWORD.
Ends with 0 when no rule failed, with 1 when one did, with 2 when the suite could not begin.
";

/// What the command line says.
#[derive(Default)]
struct Arguments {
    server: Option<String>,
    ca: Option<String>,
    user: Option<String>,
    password: Option<String>,
    second: Option<String>,
    second_password: Option<String>,
    colleague: Option<String>,
    colleague_password: Option<String>,
    receiver: Option<String>,
    receiver_password: Option<String>,
    admin: Option<String>,
    only: String,
}

fn main() -> ExitCode {
    match begin() {
        Ok(0) => ExitCode::SUCCESS,
        Ok(_) => ExitCode::from(1),
        Err(error) => {
            eprintln!("congvan-conform: {error:#}");
            ExitCode::from(2)
        }
    }
}

/// How many rules failed.
fn begin() -> Result<usize> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if arguments
        .iter()
        .any(|word| word == "--help" || word == "-h")
    {
        say(USAGE)?;
        return Ok(0);
    }
    if arguments.iter().any(|word| word == "--list") {
        for rule in RULES {
            say(&format!("{:<8} {}", rule.id, rule.text))?;
        }
        return Ok(0);
    }
    let arguments = parse(arguments)?;
    let only: Vec<&str> = arguments
        .only
        .split(',')
        .filter(|id| !id.is_empty())
        .collect();
    if let Some(id) = only
        .iter()
        .find(|id| RULES.iter().all(|rule| rule.id != **id))
    {
        bail!("there is no rule {id}");
    }
    let target = target(&arguments)?;
    let runtime = tokio::runtime::Runtime::new()?;
    let started = Instant::now();
    let report = runtime.block_on(run(target, &only, |line| {
        // A closed pipe ends the program at the summary.
        say(&line.to_string()).ok();
    }))?;
    let failed = report.count(Verdict::Fail);
    say(&format!(
        "{} passed, {failed} failed, {} not run, {} s",
        report.count(Verdict::Pass),
        report.count(Verdict::NotRun),
        started.elapsed().as_secs()
    ))?;
    Ok(failed)
}

fn parse(words: Vec<String>) -> Result<Arguments> {
    let mut found = Arguments::default();
    let mut words = words.into_iter();
    while let Some(flag) = words.next() {
        let value = words
            .next()
            .with_context(|| format!("{flag} needs a value\n\n{USAGE}"))?;
        match flag.as_str() {
            "--server" => found.server = Some(value.trim_end_matches('/').to_owned()),
            "--ca" => found.ca = Some(value),
            "--user" => found.user = Some(value),
            "--password" => found.password = Some(value),
            "--second" => found.second = Some(value),
            "--second-password" => found.second_password = Some(value),
            "--colleague" => found.colleague = Some(value),
            "--colleague-password" => found.colleague_password = Some(value),
            "--receiver" => found.receiver = Some(value),
            "--receiver-password" => found.receiver_password = Some(value),
            "--admin" => found.admin = Some(value.trim_end_matches('/').to_owned()),
            "--only" => found.only = value,
            _ => bail!("unknown {flag}\n\n{USAGE}"),
        }
    }
    Ok(found)
}

fn target(arguments: &Arguments) -> Result<Target> {
    let account = |user: &Option<String>, password: &Option<String>, variable: &str| {
        let user = user.clone()?;
        let password = password.clone().or_else(|| std::env::var(variable).ok())?;
        Some(Account { user, password })
    };
    let clerk = account(
        &arguments.user,
        &arguments.password,
        "CONGVAN_CONFORM_PASSWORD",
    );
    let ca_pem = match &arguments.ca {
        Some(file) => Some(std::fs::read(file).with_context(|| file.clone())?),
        None => None,
    };
    Ok(Target {
        server: arguments
            .server
            .clone()
            .with_context(|| format!("--server is missing\n\n{USAGE}"))?,
        ca_pem,
        clerk: clerk.with_context(|| format!("--user and --password are missing\n\n{USAGE}"))?,
        second: account(
            &arguments.second,
            &arguments.second_password,
            "CONGVAN_CONFORM_SECOND_PASSWORD",
        ),
        colleague: account(
            &arguments.colleague,
            &arguments.colleague_password,
            "CONGVAN_CONFORM_COLLEAGUE_PASSWORD",
        ),
        receiver: account(
            &arguments.receiver,
            &arguments.receiver_password,
            "CONGVAN_CONFORM_RECEIVER_PASSWORD",
        ),
        admin: arguments.admin.clone(),
    })
}

fn say(line: &str) -> Result<()> {
    use std::io::Write as _;
    let mut out = std::io::stdout().lock();
    writeln!(out, "{line}")?;
    out.flush().context("standard output")
}
