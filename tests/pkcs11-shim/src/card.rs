use std::{
    fs::{self, OpenOptions},
    io::Write,
    path::PathBuf,
};

/// The tries of a fresh card.
pub const TRIES: u32 = 3;

/// The names of the files of the state, so that tests do not misspell them.
pub mod file_name {
    /// The log of calls.
    pub const CALLS: &str = "calls";
    /// Tries left.
    pub const TRIES: &str = "tries";
    /// Exists while there is no card.
    pub const UNPLUGGED: &str = "unplugged";
    /// Exists while the reader has a keypad.
    pub const PROTECTED: &str = "protected";
    /// What is typed on the keypad.
    pub const KEYPAD: &str = "keypad";
    /// The rules of misbehaviour.
    pub const FAULTS: &str = "faults";
}

/// A file of the state.
pub(crate) fn file(name: &str) -> PathBuf {
    PathBuf::from(std::env::var_os("CONGVAN_SHIM_STATE").unwrap_or_default()).join(name)
}

/// Whether a card is in the slot.
pub(crate) fn plugged() -> bool {
    !file(file_name::UNPLUGGED).exists()
}

/// Pulls the card.
pub(crate) fn unplug() {
    write(file_name::UNPLUGGED, "");
}

/// Whether the reader has a keypad, and what is typed on it.
pub(crate) fn keypad() -> Option<String> {
    file(file_name::PROTECTED)
        .exists()
        .then(|| fs::read_to_string(file(file_name::KEYPAD)).unwrap_or_default())
}

/// PIN tries left.
pub(crate) fn tries() -> u32 {
    let text = fs::read_to_string(file(file_name::TRIES)).unwrap_or_default();
    text.trim().parse().unwrap_or(TRIES)
}

/// Sets the tries left.
pub(crate) fn set_tries(tries: u32) {
    write(file_name::TRIES, &tries.to_string());
}

/// Writes a call down and tells how many of this name there were, this one included.
pub(crate) fn count(call: &str) -> usize {
    let opened = OpenOptions::new()
        .create(true)
        .append(true)
        .open(file(file_name::CALLS));
    if let Ok(mut log) = opened {
        // A full disk in a test shows soon enough.
        let _: std::io::Result<()> = log.write_all(format!("{call}\n").as_bytes());
    }
    calls(call)
}

/// How many calls of this name there were.
pub(crate) fn calls(call: &str) -> usize {
    let log = fs::read_to_string(file(file_name::CALLS)).unwrap_or_default();
    log.lines().filter(|line| *line == call).count()
}

fn write(name: &str, text: &str) {
    let _: std::io::Result<()> = fs::write(file(name), text);
}
