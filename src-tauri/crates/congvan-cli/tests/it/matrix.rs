//! Three roles one after the other on every form of input, on every module.

use std::{
    fs,
    path::{Path, PathBuf},
};

use congvan_testkit::forms::{Draft, qpdf, variants, with_empty_field};

use crate::{
    authority::Authority,
    judges,
    program::run,
    tokens::{Nss, OpenCryptoki, SoftHsm, Tokens},
};

/// Leader, initials, organisation: role and place.
const ROLES: [(&str, &str); 3] = [
    ("leader", "90,180,45,20"),
    ("initials", "30,200,16,8"),
    ("seal", "70,172,36,36"),
];

/// A red ring on a transparent ground.
pub(crate) fn picture(path: &Path) {
    let side = 120_u32;
    let mut pixels = Vec::new();
    for y in 0..side {
        for x in 0..side {
            let (dx, dy) = (f64::from(x) - 59.5, f64::from(y) - 59.5);
            let inside = (45.0..=58.0).contains(&dx.hypot(dy));
            pixels.extend([220, 0, 0, if inside { 255 } else { 0 }]);
        }
    }
    let mut encoder = png::Encoder::new(fs::File::create(path).unwrap(), side, side);
    encoder.set_color(png::ColorType::Rgba);
    encoder.set_depth(png::BitDepth::Eight);
    let mut writer = encoder.write_header().unwrap();
    writer.write_image_data(&pixels).unwrap();
    writer.finish().unwrap();
}

/// A file that says of itself that it is PDF/A-2b.
fn archival() -> Vec<u8> {
    let xmp = "<?xpacket begin=\"\u{feff}\" id=\"W5M0MpCehiHzreSzNTczkc9d\"?>\
        <x:xmpmeta xmlns:x=\"adobe:ns:meta/\"><rdf:RDF \
        xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\"><rdf:Description rdf:about=\"\" \
        xmlns:pdfaid=\"http://www.aiim.org/pdfa/ns/id/\"><pdfaid:part>2</pdfaid:part>\
        <pdfaid:conformance>B</pdfaid:conformance></rdf:Description></rdf:RDF></x:xmpmeta>\
        <?xpacket end=\"w\"?>";
    Draft::new()
        .with(1, "/Metadata 7 0 R")
        .plus(&format!(
            "<</Type/Metadata/Subtype/XML/Length {}>>\nstream\n{xmp}\nendstream",
            xmp.len()
        ))
        .classic()
}

/// Every form of input, by name.
fn inputs() -> Vec<(&'static str, Vec<u8>)> {
    let plain = Draft::new().classic();
    let mut all = variants();
    all.push((
        "existing-field",
        with_empty_field(Draft::new(), "").classic(),
    ));
    all.push(("archival", archival()));
    for (name, bits) in [("encrypted-128", "128"), ("encrypted-256", "256")] {
        let mut arguments = vec!["--encrypt", "", "chu-tep", bits];
        if bits == "128" {
            arguments.push("--use-aes=y");
        }
        arguments.push("--");
        all.push((name, qpdf(&plain, &arguments)));
    }
    all
}

/// Signs every input in three roles; `labels` are the tokens of the roles.
fn sign_three(tokens: &dyn Tokens, authority: &Authority, labels: [&str; 3], folder: &Path) {
    let image = folder.join("picture.png");
    picture(&image);
    let mut from = folder.join("0");
    fs::create_dir(&from).unwrap();
    let inputs = inputs();
    for (name, pdf) in &inputs {
        fs::write(from.join(format!("{name}.pdf")), pdf).unwrap();
    }
    for (round, ((role, rect), label)) in ROLES.iter().zip(labels).enumerate() {
        let to = folder.join((round + 1).to_string());
        let has_field = |name: &&str| *name == "existing-field" && round == 0;
        let (fields, others): (Vec<&str>, Vec<&str>) =
            inputs.iter().map(|(name, _)| *name).partition(has_field);
        for (names, place) in [
            (others, ["--rect", *rect]),
            (fields, ["--field", "LanhDao"]),
        ] {
            if names.is_empty() {
                continue;
            }
            let mut sign = tokens.sign(label, authority);
            sign.args(["--role", role, "--page", "last"]);
            if place[0] == "--field" {
                sign = tokens.sign(label, authority);
                sign.args(["--role", role]);
            }
            sign.args(place).arg("--image").arg(&image);
            sign.arg("--reason")
                .arg("Phê duyệt: x) /Name (y\\ — đồng ý");
            sign.arg("--out-dir").arg(&to);
            sign.args(names.iter().map(|name| from.join(format!("{name}.pdf"))));
            let ran = run(&mut sign).well();
            assert_eq!(ran.line("summary")["signed"], names.len(), "{ran}");
        }
        from = to;
    }
}

/// Every judge's word on files with three signatures.
fn judge(authority: &Authority, folder: &Path) {
    let (first, last) = (folder.join("0"), folder.join("3"));
    let mut files: Vec<PathBuf> = Vec::new();
    for (name, pdf) in inputs() {
        let file = last.join(format!("{name}.pdf"));
        let signed = fs::read(&file).unwrap();
        // Encryption draws keys anew each time, so the input is read where it was written.
        let input = fs::read(first.join(format!("{name}.pdf"))).unwrap();
        assert!(signed.starts_with(&input), "{name}: the input is a prefix");
        assert_eq!(input.len(), pdf.len(), "{name}");
        // A linearised file is no longer one after an update; qpdf says so and that is all.
        if name != "linearised" {
            assert_eq!(judges::qpdf(&file), "", "{name}");
        }
        assert_eq!(judges::pdfsig(&file), 3, "{name}");
        files.push(file);
    }
    for verdict in judges::pyhanko(&authority.file("root.pem"), &files) {
        let signatures = verdict["signatures"].as_array().unwrap();
        assert_eq!(signatures.len(), 3, "{verdict}");
        for signature in signatures {
            assert_eq!(signature["ok"], true, "{verdict}");
        }
    }
    let mut verify = crate::program::cli();
    verify.args(["--json", "verify"]).args(authority.trust());
    let ran = run(verify.args(&files));
    // Revocation is not looked at here, so none is valid to the end and none is invalid.
    assert_eq!(ran.code, 4, "{ran}");
    for verdict in ran.lines("verdict") {
        let signatures = verdict["signatures"].as_array().unwrap();
        assert_eq!(signatures.len(), 3, "{verdict}");
        for signature in signatures {
            assert_eq!(signature["sub_indication"], "TRY_LATER", "{verdict}");
            assert_eq!(signature["intact"], true, "{verdict}");
        }
    }
}

/// Leader, initials, organisation with these keys in SoftHSM.
fn in_softhsm(labels: [&str; 3]) {
    let authority = Authority::start();
    let tokens = SoftHsm::new(&authority, &labels);
    let folder = tempfile::tempdir().unwrap();
    sign_three(&tokens, &authority, labels, folder.path());
    judge(&authority, folder.path());
}

// Each key takes each role: RSA-2048, RSA-3072 and P-256 by the names of their owners.

#[test]
fn three_roles_sign_every_form_of_input_the_leader_with_rsa_2048() {
    in_softhsm(["leader", "initials", "seal"]);
}

#[test]
fn three_roles_sign_every_form_of_input_the_leader_with_rsa_3072() {
    in_softhsm(["initials", "seal", "leader"]);
}

#[test]
fn three_roles_sign_every_form_of_input_the_leader_with_p256() {
    in_softhsm(["seal", "leader", "initials"]);
}

#[test]
fn three_roles_sign_every_form_of_input_in_opencryptoki_which_has_no_hashing_mechanism() {
    let authority = Authority::start();
    let tokens = OpenCryptoki::new(&authority, "leader");
    let folder = tempfile::tempdir().unwrap();
    sign_three(&tokens, &authority, ["leader"; 3], folder.path());
    judge(&authority, folder.path());
}

#[test]
fn leader_initials_and_seal_sign_with_keys_of_nss_which_must_be_told_where_they_lie() {
    let authority = Authority::start();
    let owners = ["leader", "initials", "seal"];
    let tokens = Nss::new(&authority, &owners);
    let folder = tempfile::tempdir().unwrap();
    let image = folder.path().join("picture.png");
    picture(&image);
    let name = |round: usize| folder.path().join(format!("{round}.pdf"));
    fs::write(name(0), Draft::new().classic()).unwrap();
    for (round, ((role, rect), owner)) in ROLES.iter().zip(owners).enumerate() {
        let der = fs::read(authority.file(&format!("{owner}.der"))).unwrap();
        let hash = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, &der);
        let hash: String = hash
            .as_ref()
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect();
        let mut sign = tokens.sign(Nss::LABEL, &authority);
        sign.args(["--cert", &hash, "--role", role, "--rect", rect]);
        sign.arg("--image").arg(&image);
        run(sign.arg(name(round)).arg(name(round + 1))).well();
    }
    assert_eq!(judges::qpdf(&name(3)), "");
    assert_eq!(judges::pdfsig(&name(3)), 3);
    let verdict = &judges::pyhanko(&authority.file("root.pem"), &[name(3)])[0];
    let signatures = verdict["signatures"].as_array().unwrap();
    assert_eq!(signatures.len(), 3, "{verdict}");
    for signature in signatures {
        assert_eq!(signature["ok"], true, "{verdict}");
    }
    // Untold, it has no token of that name, and the PIN is asked of nobody.
    let mut untold = tokens.cli();
    untold
        .env("PIN_KIEM_THU", crate::tokens::PIN)
        .args(["--json", "sign", "--module"])
        .arg(tokens.module())
        .args(["--token", Nss::LABEL, "--pin-env", "PIN_KIEM_THU"])
        .args(["--role", "none"])
        .args(authority.trust())
        .args([name(0), name(4)]);
    let ran = run(&mut untold);
    assert_eq!(ran.code, 3, "{ran}");
}
