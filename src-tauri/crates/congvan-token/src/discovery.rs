use std::{
    fs,
    path::{Path, PathBuf},
};

use crate::{
    architecture::{Fit, architecture_of, fit_of},
    catalogue::{KnownCard, Product, catalogue, known_card},
};

/// Folders where p11-kit keeps registrations, the user's own excepted.
const REGISTRIES: [&str; 3] = [
    "/usr/share/p11-kit/modules",
    "/etc/pkcs11/modules",
    "/usr/local/share/p11-kit/modules",
];

/// A module found on this machine, not loaded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// The library file; absolute.
    pub path: PathBuf,
    /// The product's name, or the name the administrator gave.
    pub name: String,
    /// Who makes it.
    pub vendor: String,
    /// Keys in a file: for tests and training only.
    pub simulator: bool,
    /// The product of the data file it belongs to.
    pub product: Option<String>,
    /// Every way it was found, the weightiest first; never empty.
    pub reasons: Vec<Origin>,
    /// The administrator's list allows it, or there is none.
    pub allowed: bool,
    /// What C_Initialize is told.
    pub parameters: Option<String>,
    /// The processors it is made for, by its header.
    pub architecture: String,
    /// Whether it could be loaded here.
    pub fit: Fit,
}

/// How a module was found; the order is the weight.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Origin {
    /// A card that is plugged in belongs to it.
    Atr,
    /// Named by the administrator.
    Administrator,
    /// Registered with p11-kit, or in Windows' list of smart cards.
    Registered,
    /// At a path from the data file.
    KnownPath,
}

/// A module named by the administrator.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hint {
    /// The library file; absolute.
    pub path: PathBuf,
    /// A name for the list.
    pub name: Option<String>,
    /// What C_Initialize is told.
    pub parameters: Option<String>,
}

/// What to look for.
#[derive(Clone, Debug, Default)]
pub struct Search {
    /// The administrator's modules.
    pub extra: Vec<Hint>,
    /// Only those may be loaded.
    pub only_listed: bool,
    /// Answers to reset of the cards that are plugged in.
    pub atrs: Vec<Vec<u8>>,
}

/// A place where a module may be.
struct Candidate {
    path: PathBuf,
    origin: Origin,
    name: Option<String>,
    parameters: Option<String>,
}

/// Lists the modules on this machine: those whose card is plugged in first, then the
/// administrator's, the registered ones, and those at known paths. A file is listed once, links
/// resolved, with every way it was found. The administrator's modules are listed also when the file
/// is missing, so that the mistake shows.
#[must_use]
pub fn discover(search: &Search) -> Vec<Found> {
    let catalogue = catalogue();
    let products = &catalogue.module;
    let served: Vec<KnownCard> = search.atrs.iter().filter_map(|a| known_card(a)).collect();
    let mut found: Vec<(PathBuf, Found)> = Vec::new();
    for candidate in candidates(search, products) {
        let file = resolved(&candidate.path);
        let held = found.iter_mut().find(|(known, _)| *known == file);
        if let Some((_, held)) = held {
            held.reasons.push(candidate.origin);
        } else {
            found.push((file, describe(candidate, products)));
        }
    }
    let mut found: Vec<Found> = found.into_iter().map(|(_, module)| module).collect();
    for module in &mut found {
        let belongs = |card: &KnownCard| {
            let product = module.product.as_ref();
            product.is_some_and(|product| card.products.contains(product))
        };
        if served.iter().any(belongs) {
            module.reasons.push(Origin::Atr);
        }
        module.reasons.sort_unstable();
        module.reasons.dedup();
        module.allowed = !search.only_listed || module.reasons.contains(&Origin::Administrator);
    }
    // Stable: among equals the data file's order stays, which is the order of preference.
    found.sort_by_key(|module| (module.simulator, module.reasons.first().copied()));
    found
}

fn candidates(search: &Search, products: &[Product]) -> Vec<Candidate> {
    let administrator = search.extra.iter().map(|hint| Candidate {
        path: hint.path.clone(),
        origin: Origin::Administrator,
        name: hint.name.clone(),
        parameters: hint.parameters.clone(),
    });
    let known = products.iter().flat_map(|product| {
        let there = product.paths().iter().filter(|path| path.is_file());
        there.map(|path| Candidate {
            path: path.clone(),
            origin: Origin::KnownPath,
            name: None,
            parameters: None,
        })
    });
    let registered = registered(&registries())
        .into_iter()
        .chain(crate::registry::modules())
        .map(|(path, name)| Candidate {
            path,
            origin: Origin::Registered,
            name: Some(name),
            parameters: None,
        });
    administrator.chain(known).chain(registered).collect()
}

fn describe(candidate: Candidate, products: &[Product]) -> Found {
    let Candidate {
        path,
        origin,
        name,
        parameters,
    } = candidate;
    let product = product_of(&path, products);
    let own_name = product.map(|product| product.name.clone());
    // A registration's name is a file's name; the administrator's is meant for people.
    let name = match origin {
        Origin::Administrator => name.or_else(|| own_name.clone()),
        Origin::Registered | Origin::KnownPath | Origin::Atr => own_name.clone().or(name),
    };
    Found {
        name: name.unwrap_or_else(|| stem(&path)),
        vendor: product.map(|p| p.vendor.clone()).unwrap_or_default(),
        simulator: product.is_some_and(|product| product.simulator),
        parameters: parameters.or_else(|| product.and_then(Product::parameters)),
        product: own_name,
        reasons: vec![origin],
        allowed: true,
        architecture: architecture_of(&path),
        fit: fit_of(&path),
        path,
    }
}

/// Whether the tokens of the module at this path sit in the card service's readers.
pub(crate) fn is_in_readers(path: &Path) -> bool {
    product_of(path, &catalogue().module).is_some_and(|product| product.in_readers)
}

/// The product a file belongs to, by its file name.
fn product_of<'a>(path: &Path, products: &'a [Product]) -> Option<&'a Product> {
    let name = path.file_name()?;
    products.iter().find(|product| product.has_file(name))
}

fn stem(path: &Path) -> String {
    path.file_stem()
        .map(|name| name.to_string_lossy().into_owned())
        .unwrap_or_default()
}

fn resolved(path: &Path) -> PathBuf {
    fs::canonicalize(path).unwrap_or_else(|_| path.to_path_buf())
}

fn registries() -> Vec<PathBuf> {
    if !cfg!(unix) {
        return Vec::new();
    }
    let home =
        std::env::var_os("HOME").map(|home| PathBuf::from(home).join(".config/pkcs11/modules"));
    REGISTRIES.iter().map(PathBuf::from).chain(home).collect()
}

/// Reads p11-kit's `*.module` files: lines of `key: value`. Trust stores hold no keys and proxies
/// would list everything twice, so both are left out.
fn registered(folders: &[PathBuf]) -> Vec<(PathBuf, String)> {
    let mut modules = Vec::new();
    for folder in folders {
        let Ok(entries) = fs::read_dir(folder) else {
            continue;
        };
        let mut files: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
        files.sort();
        for file in files
            .iter()
            .filter(|file| file.extension().is_some_and(|e| e == "module"))
        {
            let Ok(text) = fs::read_to_string(file) else {
                continue;
            };
            let value = |key: &str| {
                text.lines().find_map(|line| {
                    let (found, value) = line.split_once(':')?;
                    (found.trim() == key).then(|| value.trim())
                })
            };
            let skip = value("trust-policy") == Some("yes")
                || value("module").is_none_or(|module| module.contains("p11-kit"));
            if skip {
                continue;
            }
            let Some(module) = value("module") else {
                continue;
            };
            if let Some(path) = module_path(Path::new(module)) {
                modules.push((path, stem(file)));
            }
        }
    }
    modules
}

/// A relative module lies in the system's PKCS#11 folder.
fn module_path(module: &Path) -> Option<PathBuf> {
    if module.is_absolute() {
        return module.is_file().then(|| module.to_path_buf());
    }
    let triplet = format!("/usr/lib/{}-linux-gnu/pkcs11", std::env::consts::ARCH);
    [
        triplet.as_str(),
        "/usr/lib64/pkcs11",
        "/usr/lib/pkcs11",
        "/usr/local/lib/pkcs11",
    ]
    .iter()
    .map(|folder| Path::new(folder).join(module))
    .find(|path| path.is_file())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn registrations_are_read_and_trust_stores_left_out() {
        let folder = tempfile::tempdir().unwrap();
        let module = folder.path().join("libvendor.so");
        fs::write(&module, b"").unwrap();
        let write = |name: &str, text: &str| fs::write(folder.path().join(name), text).unwrap();
        write(
            "vendor.module",
            &format!("# comment\nmodule: {}\n", module.display()),
        );
        write(
            "trust.module",
            &format!("module: {}\ntrust-policy: yes\n", module.display()),
        );
        write("proxy.module", "module: /usr/lib/p11-kit-proxy.so\n");
        write("gone.module", "module: /nonexistent/x.so\n");
        let found = registered(&[folder.path().to_path_buf()]);
        assert_eq!(found, [(module, "vendor".to_owned())]);
    }

    #[test]
    fn the_administrators_module_comes_first_and_shows_when_it_is_missing() {
        let path = PathBuf::from("/nonexistent/libbit4xpki.so");
        let hint = Hint {
            path,
            name: None,
            parameters: None,
        };
        let found = discover(&Search {
            extra: vec![hint.clone(), hint],
            ..Search::default()
        });
        let first = found.first().unwrap();
        assert_eq!(first.fit, Fit::Missing);
        assert_eq!(first.reasons, [Origin::Administrator]);
        assert_eq!(first.vendor, "Bit4id");
        let named = |found: &&Found| found.reasons.contains(&Origin::Administrator);
        assert_eq!(found.iter().filter(named).count(), 1);
    }
}
