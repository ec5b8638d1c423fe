use std::{
    collections::HashSet,
    fs,
    path::{Path, PathBuf},
};

use serde::Deserialize;

use crate::architecture::{Fit, fit_of};

/// The known products, shipped as data.
const KNOWN: &str = include_str!("../modules.toml");

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
    /// The product's name.
    pub name: String,
    /// Who makes it.
    pub vendor: String,
    /// Keys in a file: for tests and training only.
    pub simulator: bool,
    /// How it was found.
    pub origin: Origin,
    /// Whether it could be loaded here.
    pub fit: Fit,
}

/// How a module was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// Named by the administrator.
    Administrator,
    /// At a path from the data file.
    KnownPath,
    /// Registered with p11-kit.
    Registered,
}

#[derive(Deserialize)]
struct Catalogue {
    module: Vec<Product>,
}

#[derive(Deserialize)]
struct Product {
    name: String,
    vendor: String,
    #[serde(default)]
    simulator: bool,
    #[serde(default)]
    linux: Vec<PathBuf>,
    #[serde(default)]
    windows: Vec<PathBuf>,
    #[serde(default)]
    macos: Vec<PathBuf>,
}

impl Product {
    fn paths(&self) -> &[PathBuf] {
        if cfg!(windows) {
            &self.windows
        } else if cfg!(target_os = "macos") {
            &self.macos
        } else {
            &self.linux
        }
    }
}

/// Lists the modules on this machine: the administrator's (path and, if given, a name), then those
/// at known paths, then p11-kit's registrations. A file is listed once, links resolved. The
/// administrator's modules are listed also when the file is missing, so that the mistake shows.
#[must_use]
pub fn discover(extra: &[(PathBuf, Option<String>)]) -> Vec<Found> {
    // The file is part of the program and a test parses it.
    let products = toml::from_str::<Catalogue>(KNOWN)
        .map(|c| c.module)
        .unwrap_or_default();
    let mut seen = HashSet::new();
    let mut found = Vec::new();
    for (path, name) in extra {
        if !seen.insert(resolved(path)) {
            continue;
        }
        let known = product_of(path, &products);
        found.push(Found {
            path: path.clone(),
            name: name
                .clone()
                .unwrap_or_else(|| known.map_or_else(|| stem(path), named)),
            vendor: known
                .map(|product| product.vendor.clone())
                .unwrap_or_default(),
            simulator: known.is_some_and(|product| product.simulator),
            origin: Origin::Administrator,
            fit: fit_of(path),
        });
    }
    for product in &products {
        for path in product.paths().iter().filter(|path| path.is_file()) {
            if seen.insert(resolved(path)) {
                found.push(Found {
                    path: path.clone(),
                    name: product.name.clone(),
                    vendor: product.vendor.clone(),
                    simulator: product.simulator,
                    origin: Origin::KnownPath,
                    fit: fit_of(path),
                });
            }
        }
    }
    for (path, registration) in registered(&registries()) {
        if seen.insert(resolved(&path)) {
            let known = product_of(&path, &products);
            found.push(Found {
                name: known.map_or(registration, named),
                vendor: known
                    .map(|product| product.vendor.clone())
                    .unwrap_or_default(),
                simulator: known.is_some_and(|product| product.simulator),
                origin: Origin::Registered,
                fit: fit_of(&path),
                path,
            });
        }
    }
    found
}

fn named(product: &Product) -> String {
    product.name.clone()
}

/// The product a file belongs to, by its file name: the same library is installed in many places.
fn product_of<'a>(path: &Path, products: &'a [Product]) -> Option<&'a Product> {
    let name = path.file_name()?;
    products.iter().find(|product| {
        product
            .paths()
            .iter()
            .any(|known| known.file_name() == Some(name))
    })
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
    fn the_data_file_names_the_tokens_of_vietnamese_agencies() {
        let catalogue: Catalogue = toml::from_str(KNOWN).unwrap();
        let files: Vec<String> = catalogue
            .module
            .iter()
            .flat_map(|product| product.linux.iter().chain(&product.windows))
            .map(|path| path.to_string_lossy().into_owned())
            .collect();
        for needed in [
            "libbit4xpki.so",
            "bit4xpki.dll",
            "libeToken.so",
            "eTPKCS11.dll",
        ] {
            assert!(files.iter().any(|file| file.ends_with(needed)), "{needed}");
        }
        let simulators: Vec<&str> = catalogue
            .module
            .iter()
            .filter(|product| product.simulator)
            .map(|product| product.name.as_str())
            .collect();
        assert_eq!(simulators, ["SoftHSM 2"]);
    }

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
        let found = discover(&[(path.clone(), None), (path, None)]);
        let first = found.first().unwrap();
        assert_eq!(first.fit, Fit::Missing);
        assert_eq!(first.origin, Origin::Administrator);
        assert_eq!(first.vendor, "Bit4id");
        assert_eq!(
            found
                .iter()
                .filter(|f| f.origin == Origin::Administrator)
                .count(),
            1
        );
    }
}
