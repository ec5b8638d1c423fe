//! The diagnosis as a text for whoever is asked for help: serial numbers shortened to their last
//! four, no names of persons, no certificates, no user's folder.

use std::fmt::Write as _;

use congvan_worker::ReaderContent;

use crate::{CertificateState, DiagnosedModule, TokenDiagnosis, TokenFinding, TokenView};

/// Writes the text. `code` names a finding as the screen does.
#[must_use]
pub fn redacted(diagnosis: &TokenDiagnosis, code: impl Fn(&TokenFinding) -> String) -> String {
    let mut text = String::new();
    let day = diagnosis.at.vietnam_date();
    line(
        &mut text,
        0,
        format_args!("Công Văn: chẩn đoán token, {day:?}"),
    );
    line(
        &mut text,
        0,
        format_args!("{} {}", std::env::consts::OS, std::env::consts::ARCH),
    );
    for finding in &diagnosis.findings {
        line(&mut text, 0, format_args!("! {}", code(finding)));
    }
    let service = match &diagnosis.service {
        congvan_worker::CardService::Running(_) => "running".to_owned(),
        congvan_worker::CardService::NotInstalled => "not installed".to_owned(),
        congvan_worker::CardService::NotRunning => "not running".to_owned(),
        congvan_worker::CardService::Failed(code) => format!("failed {code:#010x}"),
        congvan_worker::CardService::Unknown => "unknown".to_owned(),
    };
    line(&mut text, 0, format_args!("PC/SC: {service}"));
    for diagnosed in &diagnosis.readers {
        let reader = &diagnosed.reader;
        let content = match &reader.content {
            ReaderContent::Empty => "empty".to_owned(),
            ReaderContent::Mute => "mute".to_owned(),
            ReaderContent::Card { atr } => format!("ATR {}", hex::encode_upper(atr)),
        };
        let known = reader.known.as_ref().map_or("", |known| &known.name);
        line(
            &mut text,
            1,
            format_args!("{}: {content} {known}", reader.name),
        );
        if let Some(finding) = &diagnosed.finding {
            line(&mut text, 2, format_args!("! {}", code(finding)));
        }
    }
    line(
        &mut text,
        0,
        format_args!("modules (only listed ones: {}):", diagnosis.restricted),
    );
    for module in &diagnosis.modules {
        write_module(&mut text, module, &code);
    }
    text
}

fn write_module(
    text: &mut String,
    module: &DiagnosedModule,
    code: &impl Fn(&TokenFinding) -> String,
) {
    let info = &module.info;
    let path = without_home(&info.path.to_string_lossy());
    line(text, 1, format_args!("{}: {path}", info.name));
    line(
        text,
        2,
        format_args!(
            "{} {:?} allowed={} simulator={}",
            info.architecture, info.reasons, info.allowed, info.simulator
        ),
    );
    if let Some(library) = &module.library {
        line(
            text,
            2,
            format_args!(
                "{} {} {} (PKCS#11 {}, slot events {})",
                library.manufacturer,
                library.description,
                library.version,
                library.cryptoki,
                library.slot_events
            ),
        );
    }
    if let Some((_, dies)) = module.worker {
        line(
            text,
            2,
            format_args!("worker running, ends with the desk: {dies}"),
        );
    }
    if let Some(problem) = &module.problem {
        line(text, 2, format_args!("! {}", code(problem)));
    }
    for (token, findings) in &module.tokens {
        write_token(text, token);
        for finding in findings {
            line(text, 3, format_args!("! {}", code(finding)));
        }
    }
}

/// The label is left out: many issuers write the holder's name there.
fn write_token(text: &mut String, token: &TokenView) {
    let (min, max) = token.pin_length;
    line(
        text,
        2,
        format_args!(
            "token {} {} in {}: PIN {:?}, {min}-{max} characters, keypad {}",
            shortened(&token.serial),
            token.model,
            token.reader,
            token.pin_state,
            token.pin_pad
        ),
    );
    for held in &token.certificates {
        let state = match held.state {
            CertificateState::Fit => "fit",
            CertificateState::Expired => "expired",
            CertificateState::NotYetValid => "not yet valid",
            CertificateState::WrongUsage => "wrong usage",
            CertificateState::Untrusted => "untrusted",
            CertificateState::Revoked { .. } => "revoked",
        };
        line(
            text,
            3,
            format_args!(
                "certificate {}, {}, issuer {}, until {:?}: {state}, registered {}",
                shortened(&held.summary.serial),
                held.key(),
                held.summary.issuer,
                held.summary.not_after.vietnam_date(),
                held.registered
            ),
        );
    }
}

/// The last four characters; a shorter text says nothing of itself.
fn shortened(serial: &str) -> String {
    let length = serial.chars().count();
    if length <= 4 {
        return "…".to_owned();
    }
    let tail: String = serial.chars().skip(length - 4).collect();
    format!("…{tail}")
}

/// The user's folder carries the user's name.
fn without_home(path: &str) -> String {
    let home = std::env::var("HOME").or_else(|_| std::env::var("USERPROFILE"));
    match home {
        Ok(home) if home.len() > 1 => path.replace(&home, "~"),
        Ok(_) | Err(_) => path.to_owned(),
    }
}

fn line(text: &mut String, depth: usize, content: std::fmt::Arguments<'_>) {
    // Writing to a string cannot fail.
    let _ = writeln!(text, "{:indent$}{content}", "", indent = depth * 2);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_last_four_of_a_serial_number_are_told() {
        assert_eq!(shortened("540A1B2C3D4E"), "…3D4E");
        assert_eq!(shortened("1234"), "…");
        assert_eq!(shortened(""), "…");
    }
}
