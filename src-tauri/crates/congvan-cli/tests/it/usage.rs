//! The command line itself: help, mistakes, exit codes, what is said.

use std::fs;

use congvan_testkit::forms::{Draft, with_empty_field};

use crate::{
    authority::Authority,
    program::{cli, run},
    tokens::{SoftHsm, Tokens},
};

#[test]
fn help_is_in_vietnamese_and_names_every_command_option_and_exit_code() {
    let ran = run(cli().arg("--help")).well();
    for word in [
        "verify",
        "inspect",
        "sign",
        "complete",
        "Cách dùng",
        "Mã thoát",
        "  5  ",
    ] {
        assert!(ran.text.contains(word), "{word}: {ran}");
    }
    let sign = run(cli().args(["sign", "--help"])).well();
    for option in [
        "--module",
        "--token",
        "--cert",
        "--pin-env",
        "--role",
        "--level",
        "--tsa",
        "--template",
        "--out-dir",
        "--list",
        "--trust",
        "--json",
        "--final-try",
    ] {
        assert!(sign.text.contains(option), "{option}: {sign}");
    }
    for foreign in ["Usage", "Options", "OPTIONS", "default"] {
        assert!(!sign.text.contains(foreign), "{foreign}: {sign}");
    }
}

#[test]
fn a_mistake_is_explained_in_the_language_asked_for_and_nothing_is_done() {
    for (arguments, words) in [
        (&["sign", "--mudole", "a"][..], "không có tuỳ chọn --mudole"),
        (
            &["sign", "--mudole", "a", "--lang", "en"],
            "there is no option --mudole",
        ),
        (&["complete", "--level", "b-x", "a", "b"], "b-x"),
        (&["verify", "--at", "hôm qua", "a"], "hôm qua"),
        (&["verify"], "thiếu"),
        (&["ky"], "không có lệnh ky"),
        (&[], "chưa chọn lệnh"),
    ] {
        let ran = run(cli().args(arguments));
        assert_eq!(ran.code, 2, "{ran}");
        assert!(ran.complaint.starts_with("[ARGUMENTS]"), "{ran}");
        assert!(ran.complaint.contains(words), "{words}: {ran}");
        assert!(ran.text.is_empty(), "{ran}");
    }
}

#[test]
fn only_files_whose_every_signature_passed_give_zero() {
    let authority = Authority::start();
    let tokens = SoftHsm::new(&authority, &["seal"]);
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    fs::write(path("plain.pdf"), Draft::new().classic()).unwrap();
    let mut sign = tokens.sign("seal", &authority);
    sign.args(["--role", "none"])
        .arg(path("plain.pdf"))
        .arg(path("signed.pdf"));
    run(&mut sign).well();
    let mut signed = fs::read(path("signed.pdf")).unwrap();
    let at = signed
        .windows(6)
        .position(|window| window == b"QUYET ")
        .unwrap();
    signed[at] = b'q';
    fs::write(path("altered.pdf"), signed).unwrap();
    let verdict = |names: &[&str]| {
        let mut verify = cli();
        verify.args(["--json", "verify"]).args(authority.trust());
        run(verify.args(names.iter().map(|name| path(name))))
    };
    let altered = verdict(&["altered.pdf"]);
    assert_eq!(altered.code, 1, "{altered}");
    assert_eq!(altered.line("verdict")["verdict"], "failed");
    assert_eq!(
        altered.line("verdict")["signatures"][0]["sub_indication"],
        "HASH_FAILURE"
    );
    for (name, code, word) in [
        ("plain.pdf", 1, "unsigned"),
        ("missing.pdf", 1, "error"),
        ("signed.pdf", 4, "indeterminate"),
    ] {
        let ran = verdict(&[name]);
        assert_eq!(ran.code, code, "{ran}");
        assert_eq!(ran.line("verdict")["verdict"], word, "{ran}");
    }
    // The worst counts, and the order of the answers is that of the question.
    let all = verdict(&["signed.pdf", "altered.pdf", "signed.pdf"]);
    assert_eq!(all.code, 1, "{all}");
    let words: Vec<String> = all
        .lines("verdict")
        .iter()
        .map(|line| line["verdict"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(words, ["indeterminate", "failed", "indeterminate"]);
    // With the evidence at hand, the same signature passes.
    let mut verify = cli();
    verify.args(["--json", "verify"]).args(authority.trust());
    for list in ["root", "sub"] {
        let file = path(&format!("{list}.crl"));
        fs::write(&file, authority.fetch(&format!("crls/{list}/latest.crl"))).unwrap();
        verify.arg("--evidence").arg(file);
    }
    let ran = run(verify.arg(path("signed.pdf"))).well();
    assert_eq!(ran.line("verdict")["verdict"], "passed", "{ran}");
    // In words: what the circular wants to be shown.
    let shown = run(cli()
        .arg("verify")
        .args(authority.trust())
        .arg(path("signed.pdf")));
    for word in [
        "UBND xã Bình Minh Đông",
        "UBND tỉnh H99",
        "CA phụ KIỂM THỬ",
        "Hiệu lực chứng thư",
        "theo đồng hồ của người ký",
        "nguyên vẹn",
        "CHƯA KIỂM TRA ĐƯỢC HẾT",
    ] {
        assert!(shown.text.contains(word), "{word}: {shown}");
    }
}

#[test]
fn inspecting_names_pages_fields_and_what_forbids_signing() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("field.pdf");
    let pdf = with_empty_field(Draft::new().with(3, "/Rotate 90"), "").classic();
    fs::write(&path, pdf).unwrap();
    let ran = run(cli().args(["--json", "inspect"]).arg(&path)).well();
    let line = ran.line("inspection");
    assert_eq!(line["empty_fields"][0], "LanhDao");
    assert_eq!(line["pages"][0]["rotate"], 90);
    assert_eq!(line["pages"][0]["width_mm"], 297.0);
    let bad = run(cli().arg("inspect").arg(folder.path().join("missing.pdf")));
    assert_eq!(bad.code, 1, "{bad}");
    assert!(bad.text.contains("[FILE_UNREADABLE]"), "{bad}");
}
