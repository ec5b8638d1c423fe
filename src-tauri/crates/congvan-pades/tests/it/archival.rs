//! A document for keeping (PDF/A, ISO 19005) stays one through signatures, time stamps and evidence.
//!
//! Ghostscript makes the letters. Apache PDFBox Preflight judges part 1. No free checker of the later
//! parts can be installed with a package manager, so that for them Preflight's complaints before and
//! after are compared, and every clause that a signature touches is checked here by itself.

use std::{path::Path, process::Command};

use congvan_model::ByteSource;
use congvan_pades::{Level, SignError, inspect, validate};
use congvan_pdf::{Dict, Document, Entry, ObjRef, Object, SectionKind, pdf_a};

use crate::{
    archive::{at, ladder, now},
    documents::{Draft, qpdf},
    keys::pki,
    oracles::{pyhanko, qpdf_check, tool},
    signing::{is_good, look, sign, sign_three, visible},
};

/// Tells Ghostscript to name the output intent; dates are given so that both kinds of metadata
/// say the same.
const DEFINITIONS: &str = "%!
[ /Title (Quyet dinh) /CreationDate (D:20260105081400+07'00')
  /ModDate (D:20260105081400+07'00') /DOCINFO pdfmark
[/_objdef {profile} /type /stream /OBJ pdfmark
[{profile} << /N 3 >> /PUT pdfmark
[{profile} (/usr/share/color/icc/ghostscript/srgb.icc) (r) file /PUT pdfmark
[/_objdef {intent} /type /dict /OBJ pdfmark
[{intent} << /Type /OutputIntent /S /GTS_PDFA1 /DestOutputProfile {profile}
  /OutputConditionIdentifier (sRGB) >> /PUT pdfmark
[{Catalog} <</OutputIntents [ {intent} ]>> /PUT pdfmark
";

/// A letter as Ghostscript makes it for keeping.
fn kept(part: u8) -> Vec<u8> {
    let dir = tempfile::tempdir().unwrap();
    let path = |name: &str| dir.path().join(name);
    std::fs::write(path("definitions.ps"), DEFINITIONS).unwrap();
    std::fs::write(path("letter.pdf"), Draft::new().classic()).unwrap();
    let output = Command::new(tool("gs"))
        .args(["-q", "-dBATCH", "-dNOPAUSE", "-sDEVICE=pdfwrite"])
        .args([
            "-sColorConversionStrategy=RGB",
            "-dPDFACompatibilityPolicy=2",
        ])
        .arg("--permit-file-read=/usr/share/color/icc/ghostscript/")
        .arg(format!("-dPDFA={part}"))
        .args(["-sOutputFile=out.pdf", "definitions.ps", "letter.pdf"])
        .current_dir(dir.path())
        .output()
        .unwrap();
    let error = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "{error}");
    std::fs::read(path("out.pdf")).unwrap()
}

/// A page with a line in calibrated grey and no output intent at all: then no colour of a device
/// may be used.
fn calibrated(part: u8, level: char) -> Vec<u8> {
    let xmp = format!(
        "<?xpacket begin='\u{feff}' id='W5M0MpCehiHzreSzNTczkc9d'?>\
         <x:xmpmeta xmlns:x='adobe:ns:meta/'>\
         <rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'>\
         <rdf:Description rdf:about='' xmlns:pdfaid='http://www.aiim.org/pdfa/ns/id/'>\
         <pdfaid:part>{part}</pdfaid:part><pdfaid:conformance>{level}</pdfaid:conformance>\
         </rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end='w'?>"
    );
    let content = "/Cs1 cs 0.2 sc 72 700 400 1 re f";
    let mut draft = Draft {
        objects: vec![
            "<</Type/Catalog/Pages 2 0 R/Metadata 5 0 R>>".into(),
            "<</Type/Pages/Kids[3 0 R]/Count 1/MediaBox[0 0 595.28 841.89]>>".into(),
            "<</Type/Page/Parent 2 0 R/Contents 4 0 R/Resources<</ColorSpace\
             <</Cs1[/CalGray<</WhitePoint[0.9505 1 1.089]>>]>>>>>>"
                .into(),
            format!(
                "<</Length {}>>\nstream\n{content}\nendstream",
                content.len()
            ),
            format!(
                "<</Type/Metadata/Subtype/XML/Length {}>>\nstream\n{xmp}\nendstream",
                xmp.len()
            ),
        ],
        trailer: Draft::new().trailer.replace("/Info 6 0 R", ""),
    };
    if level == 'A' {
        draft = draft
            .with(
                1,
                "/MarkInfo<</Marked true>>/Lang(vi-VN)/StructTreeRoot 6 0 R",
            )
            .plus("<</Type/StructTreeRoot/K[]>>");
    }
    draft.classic()
}

/// Preflight's complaints against part 1, level b; empty when it has none.
fn preflight(pdf: &[u8]) -> Vec<String> {
    let jars = [
        "preflight",
        "xmpbox",
        "pdfbox2",
        "fontbox2",
        "commons-logging",
        "commons-io",
        "javax.activation",
        "jaxb-api",
    ]
    .map(|jar| format!("/usr/share/java/{jar}.jar"));
    for jar in &jars {
        let found = Path::new(jar).is_file();
        assert!(found, "{jar} is missing: run `cargo xtask setup`");
    }
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("kept.pdf");
    std::fs::write(&file, pdf).unwrap();
    let output = Command::new(tool("java"))
        .args(["-cp", &jars.join(":")])
        .arg("org.apache.pdfbox.preflight.Validator_A1b")
        .arg(&file)
        .output()
        .unwrap();
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    if text.contains("is a valid PDF/A-1b file") {
        return Vec::new();
    }
    assert!(text.contains("is not a valid PDF/A-1b file"), "{text}");
    let lines = text.lines().skip(1).filter(|line| !line.trim().is_empty());
    lines.map(str::to_owned).collect()
}

/// What breaks the rules of a part in a file, by the clauses that a signature touches.
struct Check<'d, 's> {
    document: &'d Document<'s>,
    part: u8,
    /// Colour components of the output intent.
    intent: Option<i64>,
    broken: Vec<String>,
}

fn broken_rules(pdf: &Vec<u8>, part: u8) -> Vec<String> {
    let document = Document::open(pdf).unwrap();
    let (_, catalog) = document.catalog().unwrap();
    let intents = document.value(&catalog, "OutputIntents").unwrap();
    let intent = intents.as_array().and_then(|intents| {
        let intent = document.resolve(intents.first()?).unwrap();
        let profile = document
            .value(intent.as_dict()?, "DestOutputProfile")
            .unwrap();
        profile.as_dict()?.get("N")?.as_int()
    });
    let mut check = Check {
        document: &document,
        part,
        intent,
        broken: Vec::new(),
    };
    check.file(pdf, &catalog);
    for (num, entry) in document.entries() {
        let Entry::At { generation, .. } = entry else {
            continue;
        };
        let id = ObjRef { num, generation };
        let object = document.get(id).unwrap();
        check.strings(&object);
        if let Some(dict) = object.as_dict() {
            check.object(num, dict, &object);
        }
    }
    check.broken
}

impl Check<'_, '_> {
    fn rule(&mut self, holds: bool, rule: impl Into<String>) {
        if !holds {
            self.broken.push(rule.into());
        }
    }

    fn file(&mut self, pdf: &[u8], catalog: &Dict) {
        let trailer = self.document.trailer();
        self.rule(trailer.get("ID").is_some(), "/ID");
        self.rule(trailer.get("Encrypt").is_none(), "/Encrypt");
        let tables = self.document.sections().iter();
        let tables = tables.filter(|section| section.kind == SectionKind::Stream);
        let streams = tables.count();
        self.rule(self.part > 1 || streams == 0, "cross-reference stream");
        let end = pdf.strip_suffix(b"\n").unwrap_or(pdf);
        self.rule(end.ends_with(b"%%EOF"), "data after the end");
        let form = self.document.value(catalog, "AcroForm").unwrap();
        if let Some(form) = form.as_dict() {
            self.rule(form.get("NeedAppearances").is_none(), "/NeedAppearances");
            self.rule(form.get("XFA").is_none(), "/XFA");
        }
    }

    fn strings(&mut self, object: &Object) {
        match object {
            Object::String(text) => {
                let most = if self.part == 1 { 65_535 } else { 32_767 };
                self.rule(text.len() < most, format!("string of {}", text.len()));
            }
            Object::Array(items) => items.iter().for_each(|item| self.strings(item)),
            Object::Dict(dict) => dict.0.values().for_each(|item| self.strings(item)),
            Object::Stream(stream) => stream.dict.0.values().for_each(|item| self.strings(item)),
            _ => {}
        }
    }

    fn object(&mut self, num: u32, dict: &Dict, object: &Object) {
        if dict.is("Type", "Annot") {
            self.annotation(num, dict);
        }
        if dict.is("Type", "Font") {
            self.font(num, dict);
        }
        if let Some(stream) = object.as_stream() {
            self.rule(!dict.is("Filter", "LZWDecode"), format!("{num}: LZW"));
            self.rule(dict.get("F").is_none(), format!("{num}: /F"));
            self.rule(!dict.is("Type", "ObjStm") || self.part > 1, "object stream");
            if dict.is("Subtype", "Image") {
                self.image(num, dict);
            }
            if dict.is("Subtype", "Form") {
                for key in ["OPI", "Ref", "PS", "Subtype2"] {
                    self.rule(dict.get(key).is_none(), format!("{num}: {key}"));
                }
                self.rule(
                    self.part > 1 || dict.get("Group").is_none(),
                    format!("{num}: transparency group"),
                );
                let content = self.document.stream_data(stream).unwrap();
                self.content(num, &String::from_utf8_lossy(&content));
            }
        }
    }

    /// ISO 19005-1, 6.5.3 and 6.9; ISO 19005-2, 6.3.2 and 6.3.3.
    fn annotation(&mut self, num: u32, dict: &Dict) {
        let flags = dict.get("F").and_then(Object::as_int).unwrap_or(0);
        self.rule(flags & 4 != 0, format!("{num}: not printed"));
        self.rule(flags & (1 | 2 | 32 | 256) == 0, format!("{num}: hidden"));
        for key in ["A", "AA", "CA"] {
            self.rule(dict.get(key).is_none(), format!("{num}: {key}"));
        }
        let look = self.document.value(dict, "AP").unwrap();
        let keys: Vec<_> = look
            .as_dict()
            .map(|look| look.0.keys().cloned().collect())
            .unwrap_or_default();
        self.rule(keys == [b"N".to_vec()], format!("{num}: appearance"));
    }

    /// ISO 19005-1, 6.2.3, 6.2.4 and 6.4; ISO 19005-2, 6.2.4, 6.2.8 and 6.2.10.
    fn image(&mut self, num: u32, dict: &Dict) {
        let masked = dict.get("SMask").is_some();
        let permitted = self.part > 1 && self.intent.is_some();
        self.rule(!masked || permitted, format!("{num}: soft mask"));
        self.rule(dict.get("Interpolate").is_none(), format!("{num}: smooth"));
        self.rule(
            !dict.is("ColorSpace", "DeviceRGB") || self.intent == Some(3),
            format!("{num}: colour of a device"),
        );
        self.rule(
            !dict.is("ColorSpace", "DeviceGray") || self.intent.is_some(),
            format!("{num}: grey of a device"),
        );
    }

    fn content(&mut self, num: u32, content: &str) {
        let words = content.split_whitespace();
        let device = words.filter(|word| matches!(*word, "rg" | "RG" | "g" | "G" | "k" | "K"));
        self.rule(
            device.count() == 0 || self.intent == Some(3),
            format!("{num}: colour of a device in a content stream"),
        );
        self.rule(!content.contains(" gs"), format!("{num}: graphics state"));
    }

    /// ISO 19005-1, 6.3; ISO 19005-2, 6.2.11.
    fn font(&mut self, num: u32, dict: &Dict) {
        if !dict.is("Subtype", "Type0") {
            return;
        }
        self.rule(
            dict.get("ToUnicode").is_some(),
            format!("{num}: /ToUnicode"),
        );
        let kids = self.document.value(dict, "DescendantFonts").unwrap();
        let kid = self.document.resolve(&kids.as_array().unwrap()[0]).unwrap();
        let kid = kid.as_dict().unwrap();
        self.rule(kid.get("CIDToGIDMap").is_some(), format!("{num}: map"));
        let descriptor = self.document.value(kid, "FontDescriptor").unwrap();
        let descriptor = descriptor.as_dict().unwrap();
        self.rule(
            descriptor.get("FontFile2").is_some(),
            format!("{num}: font is not embedded"),
        );
        let listed = descriptor.get("CIDSet").is_some();
        self.rule(listed == (self.part == 1), format!("{num}: /CIDSet"));
    }
}

/// Metadata and information are as they were: their dates agreed and still do.
fn keeps_metadata(before: &Vec<u8>, after: &Vec<u8>) {
    let read = |pdf: &Vec<u8>| {
        let document = Document::open(pdf).unwrap();
        let (_, catalog) = document.catalog().unwrap();
        let metadata = document.value(&catalog, "Metadata").unwrap();
        let metadata = document.stream_data(metadata.as_stream().unwrap()).unwrap();
        let info = document.value(document.trailer(), "Info").unwrap();
        (metadata, (*info).clone())
    };
    assert_eq!(read(before), read(after));
}

#[test]
fn a_letter_for_keeping_stays_one_through_three_roles_to_b_lta() {
    stays_kept(vec![
        ("PDF/A-1b", 1, kept(1)),
        ("PDF/A-2b", 2, kept(2)),
        ("PDF/A-3b", 3, kept(3)),
    ]);
}

#[test]
fn no_colour_of_a_device_is_used_where_there_is_no_output_intent() {
    stays_kept(vec![
        ("PDF/A-1b", 1, calibrated(1, 'B')),
        ("PDF/A-2a", 2, calibrated(2, 'A')),
    ]);
}

/// Signs letters, given with the name they go by and their part, three times and completes them.
fn stays_kept(letters: Vec<(&str, u8, Vec<u8>)>) {
    let mut files = Vec::new();
    for (index, (name, part, pdf)) in letters.into_iter().enumerate() {
        let seen = inspect(&pdf).unwrap().pdf_a.unwrap();
        assert_eq!(seen.to_string(), name);
        let before = preflight(&pdf);
        if part == 1 {
            assert_eq!(before, [""; 0], "{name}: the letter itself");
        }
        assert_eq!(broken_rules(&pdf, part), [""; 0], "{name}");
        let steps = ladder(&pdf, sign_three(&pdf));
        for (step, level) in steps
            .iter()
            .zip([Level::BB, Level::BT, Level::BLT, Level::BLTA])
        {
            assert_eq!(broken_rules(step, part), [""; 0], "{name} {level:?}");
            assert_eq!(qpdf_check(step), "", "{name} {level:?}");
            assert_eq!(inspect(step).unwrap().pdf_a, Some(seen));
            keeps_metadata(&pdf, step);
        }
        let after = preflight(&steps[3]);
        let new: Vec<_> = after
            .iter()
            .filter(|line| !before.contains(line) && !is_allowed_later(part, line))
            .collect();
        assert_eq!(new, [""; 0], "{name}");
        let report = validate(&steps[3], &pki().trust(), at(now())).unwrap();
        for one in &report.signatures {
            assert!(is_good(&one.status), "{name}: {:?}", one.status);
        }
        files.push((format!("{index}"), steps[3].clone()));
    }
    for verdict in pyhanko(&files) {
        for one in verdict["signatures"].as_array().unwrap() {
            assert_eq!(one["valid"], true, "{verdict}");
            assert_eq!(one["trusted"], true, "{verdict}");
        }
    }
}

/// What part 1 forbids and the later parts do not: half transparency, and a subset without the list
/// of its letters.
fn is_allowed_later(part: u8, complaint: &str) -> bool {
    part > 1 && (complaint.contains("SMask") || complaint.contains("CIDSet"))
}

#[test]
fn the_same_signature_on_an_ordinary_file_would_break_the_rules() {
    // The judges of the test above can say no.
    let mut ordinary = calibrated(1, 'B');
    let at = ordinary
        .windows(12)
        .position(|window| window == b"<pdfaid:part")
        .unwrap();
    ordinary[at + 1] = b'x';
    assert_eq!(inspect(&ordinary).unwrap().pdf_a, None);
    let signed = sign(&ordinary, &pki().p256, |request| {
        request.field = visible(90.0, 180.0);
        request.appearance = look(&["Lê Văn Bình"]);
    })
    .unwrap();
    let signed = sign(&signed, &pki().p256, |request| request.reserve = 40_000).unwrap();
    let broken = broken_rules(&signed, 2).join("\n");
    for rule in [
        "soft mask",
        "colour of a device",
        "grey of a device",
        "content stream",
        "appearance",
        "string of 40000",
        "/CIDSet",
    ] {
        assert!(broken.contains(rule), "{rule}: {broken}");
    }
    let mut disguised = signed;
    disguised[at + 1] = b'p';
    let complaints = preflight(&disguised).join("\n");
    assert!(complaints.contains("SMask"), "{complaints}");
    let packed = qpdf(&kept(1), &["--object-streams=generate"]);
    let broken = broken_rules(&packed, 1).join("\n");
    assert!(broken.contains("cross-reference stream"), "{broken}");
}

#[test]
fn a_letter_that_the_font_lacks_is_refused_where_a_box_is_forbidden() {
    let ask = |pdf: &[u8]| {
        sign(pdf, &pki().p256, |request| {
            request.field = visible(90.0, 180.0);
            request.appearance = look(&["\u{4e2d}"]);
        })
    };
    assert!(matches!(
        ask(&kept(2)),
        Err(SignError::Pdf(congvan_pades::PdfError::Font { .. }))
    ));
    assert!(ask(&Draft::new().classic()).is_ok());
}

#[test]
fn metadata_that_cannot_be_read_is_no_reason_against_signing() {
    for metadata in [
        "<</Type/Metadata/Filter/FlateDecode/Length 4>>\nstream\nxxxx\nendstream",
        "<</Type/Metadata>>",
        "17",
    ] {
        let pdf = Draft::new()
            .with(1, "/Metadata 7 0 R")
            .plus(metadata)
            .classic();
        let document = Document::open(&pdf as &dyn ByteSource).unwrap();
        assert_eq!(pdf_a(&document), Ok(None));
        sign(&pdf, &pki().p256, |_| {}).unwrap();
    }
}
