//! Whether the scanner of the tests speaks eSCL is for others to say: here SANE's own client
//! (sane-airscan), which knows nothing of ours.

use std::{path::Path, process::Command};

use congvan_testkit::{ScanOptions, ScannerFault, ScannerSimulator, scan_jpegs};

use crate::office::letter;

/// Runs `scanimage` against the simulator with a configuration of its own, no discovery.
fn scanimage(dir: &Path, simulator: &ScannerSimulator, arguments: &[&str]) -> (bool, String) {
    std::fs::write(dir.join("dll.conf"), "airscan\n").expect("write");
    let config = format!(
        "[devices]\n\"May quet\" = {}, eSCL\n[options]\ndiscovery = disable\n",
        simulator.url()
    );
    std::fs::write(dir.join("airscan.conf"), config).expect("write");
    let output = Command::new("scanimage")
        .current_dir(dir)
        .env("SANE_CONFIG_DIR", dir)
        .args(["-d", "airscan:e0:May quet"])
        .args(arguments)
        .output()
        .expect("scanimage must be installed (sane-utils, sane-airscan)");
    let words = String::from_utf8_lossy(&output.stderr).into_owned();
    (output.status.success(), words)
}

fn size_of(png: &Path) -> (u32, u32) {
    let bytes = std::fs::read(png).expect("a picture");
    let number = |at: usize| {
        let four = bytes.get(at..at + 4).and_then(|four| four.try_into().ok());
        u32::from_be_bytes(four.expect("the head of a PNG"))
    };
    (number(16), number(20))
}

#[test]
fn another_client_scans_our_stack_and_hears_of_the_jam() {
    let dir = tempfile::tempdir().expect("folder");
    let simulator = ScannerSimulator::start().expect("a scanner");
    let options = ScanOptions {
        pages: 3,
        dpi: 100,
        ..ScanOptions::default()
    };
    let pages = scan_jpegs(&letter(), &options).expect("pages");
    assert_eq!(pages[0][13..18], [1, 0, 100, 0, 100], "100 dots an inch");
    simulator.load(pages);
    let stack = ["--source=ADF", "--resolution=100", "--mode=Color"];
    let stack = [&stack[..], &["-x", "210", "-y", "297"]].concat();
    let batch = [&stack[..], &["--format=png", "--batch=page%d.png"]].concat();
    let (_, words) = scanimage(dir.path(), &simulator, &batch);
    assert_eq!((simulator.jobs(), simulator.left()), (1, 0), "{words}");
    for page in 1..=3 {
        let (width, height) = size_of(&dir.path().join(format!("page{page}.png")));
        assert!(
            (800..=850).contains(&width) && (1_100..=1_200).contains(&height),
            "{width} by {height}"
        );
    }
    assert!(!dir.path().join("page4.png").exists());

    simulator.load(scan_jpegs(&letter(), &options).expect("pages"));
    simulator.fault(ScannerFault::JamAfter(1));
    let (_, words) = scanimage(dir.path(), &simulator, &batch);
    assert!(words.to_lowercase().contains("jam"), "{words}");
}
