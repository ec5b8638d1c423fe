//! The table of edge cases names tests that exist, so that it cannot promise what nobody checks.

use std::path::{Path, PathBuf};

const TABLE: &str = include_str!("../../../../docs/edge-cases.md");

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|kind| kind == "rs") {
            found.push(path);
        }
    }
}

#[test]
fn every_test_that_the_table_names_exists_in_the_module_it_names() {
    let crates = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut files = Vec::new();
    for name in [
        "congvan-pades",
        "congvan-pdf",
        "congvan-worker-bin",
        "congvan-remote",
    ] {
        sources(&crates.join(name), &mut files);
    }
    let mut named = 0;
    let words = TABLE.split('`').skip(1).step_by(2);
    for word in words.filter(|word| *word != "module::test") {
        let Some((module, test)) = word.split_once("::") else {
            continue;
        };
        named += 1;
        let exists = files.iter().any(|file| {
            let is_module = file.file_stem().is_some_and(|stem| stem == module)
                || file.parent().is_some_and(|folder| folder.ends_with(module));
            is_module
                && std::fs::read_to_string(file)
                    .unwrap()
                    .contains(&format!("fn {test}("))
        });
        assert!(exists, "{word}");
    }
    assert!(named > 60, "only {named} tests are named");
}
