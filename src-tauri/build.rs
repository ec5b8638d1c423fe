//! Names every command, so that a window may call only those its capability lists: without this
//! manifest Tauri would let any window call any command.

/// Commands that only this host has: they open windows of the system.
const OF_THE_SHELL: [&str; 9] = [
    "choose_scans",
    "choose_draft_file",
    "choose_scan_folder",
    "courier_write",
    "courier_carry",
    "courier_receive",
    "dossier_package",
    "import_choose_table",
    "import_choose_folder",
];

fn main() {
    println!("cargo:rerun-if-changed=commands.txt");
    let list =
        std::fs::read_to_string("commands.txt").expect("commands.txt: run cargo xtask codegen");
    let names: Vec<&'static str> = list
        .lines()
        .filter_map(|line| line.split_once(' '))
        .map(|(_, name)| &*name.to_owned().leak())
        .chain(OF_THE_SHELL)
        .collect();
    let manifest = tauri_build::AppManifest::new().commands(names.leak());
    tauri_build::try_build(tauri_build::Attributes::new().app_manifest(manifest))
        .expect("the Tauri manifest is sound");
}
