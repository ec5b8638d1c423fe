//! Word processors' files to PDF by the real LibreOffice, and what is left when it does not do it.

use std::{
    fs,
    future::{pending, ready},
    net::TcpListener,
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
    process::Command,
    sync::Arc,
    time::Duration,
};

use congvan_worker::{OfficeError, OfficeFormat, OfficeProgram, RenderClient};
use tempfile::TempDir;

use crate::support::paths;

/// More than any file here.
const MOST: u64 = 1 << 20;
const WORDS: &str = "Kiện toàn Ban Chỉ huy phòng, chống thiên tai";

/// Flat OpenDocument text with this in its body.
fn flat(body: &str) -> String {
    format!(
        r#"<?xml version="1.0" encoding="UTF-8"?>
<office:document xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" office:version="1.3" office:mimetype="application/vnd.oasis.opendocument.text">
<office:body><office:text>{body}</office:text></office:body></office:document>
"#
    )
}

/// A file of that ending, as LibreOffice writes it.
fn written(folder: &Path, body: &str, ending: &str) -> PathBuf {
    let source = folder.join("van-ban.fodt");
    fs::write(&source, flat(body)).unwrap();
    let done = Command::new("soffice")
        .arg(format!(
            "-env:UserInstallation=file://{}/profile",
            folder.display()
        ))
        .args(["--headless", "--convert-to", ending, "--outdir"])
        .args([folder, &source])
        .output()
        .expect("soffice: run `cargo xtask setup`");
    assert!(done.status.success(), "{done:?}");
    source.with_extension(ending)
}

/// The words of page one by PDFium.
async fn first_page(pdf: &Path) -> String {
    let render = RenderClient::new(paths());
    let pages = render
        .typeset(Arc::new(fs::read(pdf).unwrap()))
        .await
        .unwrap();
    let words = pages[0].lines.iter().flat_map(|line| &line.words);
    let words: Vec<&str> = words.map(|word| word.text.as_str()).collect();
    words.join(" ")
}

/// A program in the place of LibreOffice.
fn program(folder: &Path, script: &str) -> OfficeProgram {
    let path = folder.join("soffice");
    fs::write(&path, format!("#!/bin/sh\n{script}\n")).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o700)).unwrap();
    OfficeProgram {
        program: Some(path),
        limit: Duration::from_secs(1),
    }
}

/// A file that may be what its name says.
fn likely(folder: &Path) -> PathBuf {
    let path = folder.join("to-trinh.docx");
    fs::write(&path, b"PK\x03\x04 and nothing of an archive").unwrap();
    path
}

/// The two lines of a program in LibreOffice's place: its own process, and its folder.
fn told(note: &Path) -> (i32, PathBuf) {
    let note = fs::read_to_string(note).unwrap();
    let mut lines = note.lines();
    let process = lines.next().unwrap().parse().unwrap();
    (process, PathBuf::from(lines.next().unwrap()))
}

/// Whether a process goes on. One that has ended may wait for the system to take it off its list.
fn goes_on(process: i32) -> bool {
    let stat = fs::read_to_string(format!("/proc/{process}/stat"));
    stat.is_ok_and(|stat| !stat.contains(") Z ") && !stat.contains(") X "))
}

#[tokio::test]
async fn a_word_file_and_an_opendocument_file_become_pdfs_whose_first_page_has_their_words() {
    let folder = TempDir::new().unwrap();
    let body = format!("<text:p>{WORDS}</text:p>");
    for (ending, format) in [
        ("docx", OfficeFormat::Docx),
        ("odt", OfficeFormat::Odt),
        ("doc", OfficeFormat::Doc),
    ] {
        let source = written(folder.path(), &body, ending);
        let before = fs::read(&source).unwrap();
        let pdf = OfficeProgram::find()
            .pdf_of(&source, (format, MOST), pending())
            .await
            .unwrap();
        assert!(first_page(&pdf.path()).await.contains(WORDS), "{ending}");
        assert_eq!(
            fs::read(&source).unwrap(),
            before,
            "the source is only read"
        );
        let its_folder = pdf.path().parent().unwrap().to_owned();
        let mode = fs::metadata(&its_folder).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o700);
        drop(pdf);
        assert!(!its_folder.exists());
    }
}

#[tokio::test]
async fn a_picture_that_lies_elsewhere_is_not_fetched() {
    let folder = TempDir::new().unwrap();
    let elsewhere = TcpListener::bind("127.0.0.1:0").unwrap();
    elsewhere.set_nonblocking(true).unwrap();
    let address = elsewhere.local_addr().unwrap();
    let source = folder.path().join("van-ban.doc");
    let picture = format!(r#"\field{{\*\fldinst INCLUDEPICTURE "http://{address}/anh.png" \\d}}"#);
    fs::write(&source, format!(r"{{\rtf1 Van ban {{{picture}}} }}")).unwrap();
    let pdf = OfficeProgram::find()
        .pdf_of(&source, (OfficeFormat::Doc, MOST), pending())
        .await
        .unwrap();
    assert!(first_page(&pdf.path()).await.contains("Van ban"));
    assert!(elsewhere.accept().is_err(), "nobody asked");
}

#[tokio::test]
async fn without_libreoffice_it_is_said_that_it_is_missing() {
    let folder = TempDir::new().unwrap();
    let office = OfficeProgram {
        program: None,
        limit: Duration::from_secs(1),
    };
    let refused = office
        .pdf_of(
            &likely(folder.path()),
            (OfficeFormat::Docx, MOST),
            pending(),
        )
        .await;
    assert!(matches!(refused, Err(OfficeError::Missing)), "{refused:?}");
}

#[tokio::test]
async fn a_broken_file_one_that_is_no_document_and_one_that_is_too_large_give_no_pdf() {
    let folder = TempDir::new().unwrap();
    let office = OfficeProgram::find();
    let broken = likely(folder.path());
    let refused = office
        .pdf_of(&broken, (OfficeFormat::Docx, MOST), pending())
        .await;
    assert!(matches!(refused, Err(OfficeError::Failed)), "{refused:?}");
    let words = folder.path().join("chu.docx");
    fs::write(&words, "không phải văn bản Word").unwrap();
    let refused = office
        .pdf_of(&words, (OfficeFormat::Docx, MOST), pending())
        .await;
    assert!(matches!(refused, Err(OfficeError::Failed)), "{refused:?}");
    let refused = office
        .pdf_of(&broken, (OfficeFormat::Docx, 10), pending())
        .await;
    assert!(matches!(refused, Err(OfficeError::TooLarge)), "{refused:?}");
}

#[tokio::test]
async fn what_takes_too_long_or_is_given_up_leaves_no_process_and_no_folder() {
    let folder = TempDir::new().unwrap();
    let note = folder.path().join("note");
    // A process of its own, as LibreOffice starts one, which holds on when its parent is gone.
    let script = format!(
        "sleep 1000 & echo $! > {0}; pwd >> {0}; wait",
        note.display()
    );
    let office = program(folder.path(), &script);
    let source = likely(folder.path());
    let refused = office
        .pdf_of(&source, (OfficeFormat::Docx, MOST), pending())
        .await;
    assert!(matches!(refused, Err(OfficeError::TimedOut)), "{refused:?}");
    let (process, its_folder) = told(&note);
    assert!(!goes_on(process));
    assert!(!its_folder.exists());

    let refused = office
        .pdf_of(&source, (OfficeFormat::Docx, MOST), ready(()))
        .await;
    assert!(
        matches!(refused, Err(OfficeError::Cancelled)),
        "{refused:?}"
    );
}
