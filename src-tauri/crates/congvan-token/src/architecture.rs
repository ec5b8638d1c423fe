use std::{fs::File, io::Read, path::Path};

/// Whether a library file could be loaded into this process, judged by its header alone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fit {
    /// The header fits.
    Fits,
    /// It is made for another processor.
    WrongArchitecture {
        /// What it is made for.
        found: String,
        /// What is needed.
        needed: String,
    },
    /// It is not a library of any system we know.
    NotALibrary,
    /// There is no such file, or it cannot be read.
    Missing,
}

/// The processors a library is made for, by its header; empty when it is no library.
#[must_use]
pub(crate) fn architecture_of(path: &Path) -> String {
    machine(&head(path).unwrap_or_default()).join(", ")
}

fn head(path: &Path) -> Option<Vec<u8>> {
    let mut head = Vec::new();
    let read = File::open(path).and_then(|file| file.take(4096).read_to_end(&mut head));
    (read.is_ok() && !path.is_dir()).then_some(head)
}

/// Reads the header of a library: ELF, PE or Mach-O. Loading a module of the wrong architecture
/// gives a system error that no user understands, so it is recognised before.
#[must_use]
pub fn fit_of(path: &Path) -> Fit {
    let Some(head) = head(path) else {
        return Fit::Missing;
    };
    let needed = std::env::consts::ARCH;
    let made_for = machine(&head);
    if made_for.is_empty() {
        Fit::NotALibrary
    } else if made_for.iter().any(|found| found == needed) {
        Fit::Fits
    } else {
        Fit::WrongArchitecture {
            found: made_for.join(", "),
            needed: needed.to_owned(),
        }
    }
}

/// The processors a library is made for, in the words of `std::env::consts::ARCH`.
fn machine(head: &[u8]) -> Vec<String> {
    let magic = head.get(..4).unwrap_or_default();
    match magic {
        [0x7f, b'E', b'L', b'F'] => {
            let name = match (head.get(4), word16(head, 18)) {
                (_, Some(0x3e)) => "x86_64".to_owned(),
                (_, Some(0x03)) => "x86".to_owned(),
                (_, Some(0xb7)) => "aarch64".to_owned(),
                (_, Some(0x28)) => "arm".to_owned(),
                (_, Some(0xf3)) => "riscv64".to_owned(),
                (Some(class), Some(other)) => format!("ELF machine {other} class {class}"),
                (_, _) => return Vec::new(),
            };
            vec![name]
        }
        [b'M', b'Z', ..] => {
            let header = word32(head, 0x3c).and_then(|offset| usize::try_from(offset).ok());
            match header.and_then(|offset| word16(head, offset.checked_add(4)?)) {
                Some(0x8664) => vec!["x86_64".to_owned()],
                Some(0x014c) => vec!["x86".to_owned()],
                Some(0xaa64) => vec!["aarch64".to_owned()],
                Some(other) => vec![format!("PE machine {other:#06x}")],
                None => Vec::new(),
            }
        }
        [0xcf, 0xfa, 0xed, 0xfe] => word32(head, 4).map(mach_cpu).into_iter().collect(),
        [0xca, 0xfe, 0xba, 0xbe] => {
            let count = head.get(4..8).map_or(0, big32).min(16);
            (0..count)
                .filter_map(|index| {
                    let at = 8 + 20 * usize::try_from(index).ok()?;
                    head.get(at..at + 4).map(big32).map(mach_cpu)
                })
                .collect()
        }
        _ => Vec::new(),
    }
}

fn mach_cpu(cpu: u32) -> String {
    match cpu {
        0x0100_0007 => "x86_64".to_owned(),
        0x0100_000c => "aarch64".to_owned(),
        0x0000_0007 => "x86".to_owned(),
        other => format!("Mach-O processor {other:#x}"),
    }
}

fn word16(bytes: &[u8], at: usize) -> Option<u16> {
    bytes
        .get(at..at.checked_add(2)?)?
        .try_into()
        .ok()
        .map(u16::from_le_bytes)
}

fn word32(bytes: &[u8], at: usize) -> Option<u32> {
    bytes
        .get(at..at.checked_add(4)?)?
        .try_into()
        .ok()
        .map(u32::from_le_bytes)
}

fn big32(bytes: &[u8]) -> u32 {
    bytes
        .iter()
        .take(4)
        .fold(0, |value, byte| value << 8 | u32::from(*byte))
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    fn fit_of_bytes(bytes: &[u8]) -> Fit {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        file.write_all(bytes).unwrap();
        fit_of(file.path())
    }

    fn elf(machine: u8) -> Vec<u8> {
        let mut bytes = vec![0; 64];
        bytes[..6].copy_from_slice(&[0x7f, b'E', b'L', b'F', 1, 1]);
        bytes[18] = machine;
        bytes
    }

    #[test]
    fn middleware_for_another_processor_is_named() {
        let Fit::WrongArchitecture { found, needed } = fit_of_bytes(&elf(0x03)) else {
            panic!("32-bit ELF must not fit");
        };
        assert_eq!(
            (found.as_str(), needed.as_str()),
            ("x86", std::env::consts::ARCH)
        );
    }

    #[test]
    fn a_32_bit_dll_is_recognised() {
        let mut dll = vec![0; 256];
        dll[..2].copy_from_slice(b"MZ");
        dll[0x3c] = 0x80;
        dll[0x80..0x84].copy_from_slice(b"PE\0\0");
        dll[0x84..0x86].copy_from_slice(&0x014c_u16.to_le_bytes());
        assert!(
            matches!(fit_of_bytes(&dll), Fit::WrongArchitecture { found, .. } if found == "x86")
        );
    }

    #[test]
    fn text_is_no_library_and_nothing_is_missing() {
        assert_eq!(fit_of_bytes(b"#!/bin/sh\n"), Fit::NotALibrary);
        assert_eq!(fit_of(Path::new("/nonexistent/module.so")), Fit::Missing);
    }

    #[test]
    fn a_universal_mac_library_names_each_processor() {
        let mut fat = vec![0; 64];
        fat[..8].copy_from_slice(&[0xca, 0xfe, 0xba, 0xbe, 0, 0, 0, 2]);
        fat[8..12].copy_from_slice(&0x0100_0007_u32.to_be_bytes());
        fat[28..32].copy_from_slice(&0x0100_000c_u32.to_be_bytes());
        assert_eq!(machine(&fat), ["x86_64", "aarch64"]);
    }
}
