//! Windows' list of smart cards (Calais), where minidrivers and vendors' PKCS#11 libraries are
//! registered. Elsewhere there is none.

use std::path::PathBuf;

/// The modules that are registered: path and name.
#[cfg(not(windows))]
pub(crate) fn modules() -> Vec<(PathBuf, String)> {
    Vec::new()
}

/// The modules that are registered: path and name. Vendors write their library under the values
/// `PKCS#11` or `PKCS11` of the card's key; nothing standard says so, which is why the known paths
/// are looked at as well.
#[cfg(windows)]
pub(crate) fn modules() -> Vec<(PathBuf, String)> {
    const CARDS: &str = r"HKLM\SOFTWARE\Microsoft\Cryptography\Calais\SmartCards";
    // The registry's own program spares a dependency; it runs once per discovery.
    let Ok(output) = std::process::Command::new("reg")
        .args(["query", CARDS, "/s"])
        .output()
    else {
        return Vec::new();
    };
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let mut name = String::new();
    let mut modules = Vec::new();
    for line in text.lines() {
        if let Some((_, card)) = line.trim_end().rsplit_once("SmartCards\\") {
            name = card.to_owned();
        } else if let Some((key, value)) = line.split_once("REG_SZ")
            && matches!(key.trim(), "PKCS#11" | "PKCS11")
        {
            let path = PathBuf::from(value.trim());
            if path.is_file() {
                modules.push((path, name.clone()));
            }
        }
    }
    modules
}
