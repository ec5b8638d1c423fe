//! tauri-apps/tauri#11252: an upgrade moved the web view's own storage, and what was kept there was
//! gone. Here it keeps nothing that a person would miss.

use std::{fs, path::Path};

fn sources(folder: &Path, found: &mut Vec<(String, String)>) {
    for entry in fs::read_dir(folder).expect("a folder").flatten() {
        let path = entry.path();
        let name = path.to_string_lossy().replace('\\', "/");
        if path.is_dir() {
            sources(&path, found);
        } else if name.ends_with(".ts") || name.ends_with(".tsx") {
            let text = fs::read_to_string(&path).expect("text");
            found.push((name, text));
        }
    }
}

#[test]
fn nothing_that_must_last_is_kept_by_the_web_view_and_the_identifier_stays() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../..");
    let mut found = Vec::new();
    sources(&root.join("ui/src"), &mut found);
    assert!(found.len() > 50, "the face's sources are where they were");
    let stores = [
        "localStorage",
        "sessionStorage",
        "indexedDB",
        "document.cookie",
    ];
    let keeps = |text: &str| stores.iter().any(|store| text.contains(store));
    let mut keepers: Vec<&str> = found
        .iter()
        .filter(|(name, text)| {
            keeps(text) && !name.contains(".test.") && !name.contains("/testing/")
        })
        .filter_map(|(name, _)| name.split("/ui/src/").nth(1))
        .collect();
    keepers.sort_unstable();
    // Theme, language and density before the first word of the core; losing them costs a blink.
    assert_eq!(keepers, ["features/settings/appearance.ts"]);
    let config = fs::read_to_string(root.join("src-tauri/tauri.conf.json")).expect("the config");
    let config: serde_json::Value = serde_json::from_str(&config).expect("json");
    // The data folder's name. For ever.
    assert_eq!(config["identifier"], "vn.congvan.desk");
}
