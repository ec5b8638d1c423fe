use std::{fs, time::Duration};

use cryptoki_sys::CK_RV;

use crate::card::{self, file_name};

/// How a call misbehaves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    /// `crash`: the process ends at once, before the card hears of the call.
    Crash,
    /// `crash-after`: the card does its work, then the process ends.
    CrashAfter,
    /// `hang`: never returns; the card hears nothing.
    Hang,
    /// `hang-after`: the card does its work, then the call never returns.
    HangAfter,
    /// `ckr 0x30`: answers this value; the card hears nothing.
    Ckr(CK_RV),
    /// `ckr-after 0x30`: the card does its work, then the call answers this value.
    CkrAfter(CK_RV),
    /// `slow 300`: takes this many milliseconds longer.
    Slow(u64),
    /// `short`: C_Sign answers half of the signature.
    Short,
    /// `garbage`: C_Sign answers noise of the right length.
    Garbage,
    /// `unplug`: the card is pulled during the call.
    Unplug,
}

/// The fault for this call, which is counted. A crash or a hang happens right here.
pub(crate) fn before(call: &str) -> Option<Fault> {
    let number = card::count(call);
    let rules = fs::read_to_string(card::file(file_name::FAULTS)).unwrap_or_default();
    let fault = rules.lines().find_map(|rule| parse(rule, call, number))?;
    match fault {
        Fault::Crash => std::process::abort(),
        Fault::Hang => hang(),
        Fault::Slow(milliseconds) => std::thread::sleep(Duration::from_millis(milliseconds)),
        Fault::Unplug => card::unplug(),
        Fault::CrashAfter
        | Fault::HangAfter
        | Fault::Ckr(_)
        | Fault::CkrAfter(_)
        | Fault::Short
        | Fault::Garbage => {}
    }
    Some(fault)
}

/// What becomes of the call's value once the card has done its work.
pub(crate) fn after(fault: Option<Fault>, rv: CK_RV) -> CK_RV {
    match fault {
        Some(Fault::CrashAfter) => std::process::abort(),
        Some(Fault::HangAfter) => hang(),
        Some(Fault::CkrAfter(value)) => value,
        Some(
            Fault::Crash
            | Fault::Hang
            | Fault::Ckr(_)
            | Fault::Slow(_)
            | Fault::Short
            | Fault::Garbage
            | Fault::Unplug,
        )
        | None => rv,
    }
}

fn hang() -> ! {
    loop {
        std::thread::park();
    }
}

fn parse(rule: &str, call: &str, number: usize) -> Option<Fault> {
    let mut words = rule.split_whitespace();
    if words.next() != Some(call) {
        return None;
    }
    let when = words.next()?;
    if when != "*" && when.parse() != Ok(number) {
        return None;
    }
    let kind = words.next()?;
    let value = words.next();
    let ckr = || CK_RV::from_str_radix(value?.trim_start_matches("0x"), 16).ok();
    match kind {
        "crash" => Some(Fault::Crash),
        "crash-after" => Some(Fault::CrashAfter),
        "hang" => Some(Fault::Hang),
        "hang-after" => Some(Fault::HangAfter),
        "ckr" => ckr().map(Fault::Ckr),
        "ckr-after" => ckr().map(Fault::CkrAfter),
        "slow" => value?.parse().ok().map(Fault::Slow),
        "short" => Some(Fault::Short),
        "garbage" => Some(Fault::Garbage),
        "unplug" => Some(Fault::Unplug),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rule_names_a_call_a_number_and_a_fault() {
        assert_eq!(parse("C_Sign 3 crash", "C_Sign", 3), Some(Fault::Crash));
        assert_eq!(parse("C_Sign 3 crash", "C_Sign", 2), None);
        assert_eq!(
            parse("C_Sign * ckr 0x30", "C_Sign", 9),
            Some(Fault::Ckr(0x30))
        );
        assert_eq!(parse("C_Sign * slow 300", "C_Login", 1), None);
    }
}
