//! Pages and text through the real worker.

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

use congvan_model::{ByteSource, ReadError};
use congvan_worker::{Guard, RenderClient, RenderError};

use crate::{
    pdf::{self, Page},
    support::paths,
};

#[tokio::test]
async fn a_page_becomes_a_png_of_the_width_asked_for() {
    let client = RenderClient::new(paths());
    let source = Arc::new(pdf::pages(["So 12/QD-UBND".to_owned()]));
    let open = client.open(source).await.unwrap();
    assert_eq!(open.pages.len(), 1);
    assert!((open.pages[0].width_pt - 595.0).abs() < 0.5);
    assert!((open.pages[0].height_pt - 842.0).abs() < 0.5);
    let png = client.page_png(open.handle, 0, 595).await.unwrap();
    let (width, height, samples) = decode(&png);
    assert_eq!((width, height), (595, 842));
    let dark = |left: usize, top: usize, right: usize, bottom: usize| {
        (top..bottom).any(|y| (left..right).any(|x| samples[y * 595 + x] < 128))
    };
    assert!(dark(100, 118, 260, 146), "no text where it was written");
    assert!(!dark(0, 200, 595, 842), "ink where nothing was written");
}

#[tokio::test]
async fn text_comes_in_words_and_lines_with_its_place_on_the_page() {
    let client = RenderClient::new(paths());
    let source = Arc::new(pdf::pages(["Kinh gui So Noi vu".to_owned()]));
    let open = client.open(source).await.unwrap();
    let text = client.page_text(open.handle, 0).await.unwrap();
    assert_eq!(text.lines.len(), 1);
    let line = &text.lines[0];
    assert_eq!(line.text, "Kinh gui So Noi vu");
    let words: Vec<&str> = line.words.iter().map(|word| word.text.as_str()).collect();
    assert_eq!(words, ["Kinh", "gui", "So", "Noi", "vu"]);
    // The baseline is 142 points from the top; the line stands around it.
    let (top, bottom) = (line.y * 842.0, (line.y + line.h) * 842.0);
    assert!(
        top > 110.0 && top < 130.0 && bottom > 140.0 && bottom < 152.0,
        "{top} {bottom}"
    );
    assert!((line.x * 595.0 - 100.0).abs() < 3.0, "{}", line.x);
    assert!(
        line.words
            .windows(2)
            .all(|pair| pair[0].x + pair[0].w <= pair[1].x + 0.001)
    );
}

#[tokio::test]
async fn on_a_rotated_page_text_lies_where_the_picture_shows_it() {
    let client = RenderClient::new(paths());
    let page = Page {
        text: "ABC".to_owned(),
        rotate: 90,
    };
    let open = client.open(Arc::new(pdf::write(&[page]))).await.unwrap();
    assert!(
        open.pages[0].width_pt > open.pages[0].height_pt,
        "the size is that of the turned page"
    );
    let text = client.page_text(open.handle, 0).await.unwrap();
    let (width, height, samples) = decode(&client.page_png(open.handle, 0, 842).await.unwrap());
    let ink: Vec<(f32, f32)> = (0..height)
        .flat_map(|y| (0..width).map(move |x| (x, y)))
        .filter(|(x, y)| samples[(y * width + x) as usize] < 128)
        .map(|(x, y)| (x as f32 / width as f32, y as f32 / height as f32))
        .collect();
    assert!(!ink.is_empty());
    let line = &text.lines[0];
    let inside = |(x, y): &(f32, f32)| {
        *x >= line.x - 0.01
            && *x <= line.x + line.w + 0.01
            && *y >= line.y - 0.01
            && *y <= line.y + line.h + 0.01
    };
    assert!(ink.iter().all(inside), "{line:?}");
}

#[tokio::test]
async fn every_page_of_two_hundred_can_be_reached_at_once() {
    let client = RenderClient::new(paths());
    let source = Arc::new(pdf::pages((0..200).map(|number| format!("Trang {number}"))));
    let open = client.open(source).await.unwrap();
    assert_eq!(open.pages.len(), 200);
    for page in [199, 0, 100] {
        let text = client.page_text(open.handle, page).await.unwrap();
        assert_eq!(text.lines[0].text, format!("Trang {page}"));
    }
    let beyond = client.page_png(open.handle, 200, 100).await;
    assert_eq!(beyond, Err(RenderError::PageOutOfRange { pages: 200 }));
}

/// Counts what is read of it.
struct Counting {
    bytes: Vec<u8>,
    read: AtomicU64,
    times: AtomicU64,
}

impl ByteSource for Counting {
    fn len(&self) -> u64 {
        self.bytes.len() as u64
    }

    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> Result<(), ReadError> {
        self.read.fetch_add(buffer.len() as u64, Ordering::Relaxed);
        self.times.fetch_add(1, Ordering::Relaxed);
        self.bytes.read_at(offset, buffer)
    }
}

#[tokio::test]
async fn only_the_needed_ranges_of_a_large_file_are_read() {
    let client = RenderClient::new(paths());
    // The bulk lies in content that is not asked for.
    let bulk = " ".repeat(40 << 20);
    let texts = [format!("first{bulk}"), "second".to_owned()];
    let source = Arc::new(Counting {
        bytes: pdf::pages(texts),
        read: AtomicU64::new(0),
        times: AtomicU64::new(0),
    });
    let open = client
        .open(Arc::clone(&source) as Arc<dyn ByteSource>)
        .await
        .unwrap();
    let text = client.page_text(open.handle, 1).await.unwrap();
    assert_eq!(text.lines[0].text, "second");
    let read = source.read.load(Ordering::Relaxed);
    assert!(read < 2 << 20, "read {read} of {} bytes", source.len());
}

#[tokio::test]
async fn a_short_letter_is_read_once() {
    let client = RenderClient::new(paths());
    let source = Arc::new(Counting {
        bytes: pdf::pages(["So 12/QD-UBND".to_owned()]),
        read: AtomicU64::new(0),
        times: AtomicU64::new(0),
    });
    let bytes = Arc::clone(&source) as Arc<dyn ByteSource>;
    let open = client.open(bytes).await.unwrap();
    client.page_png(open.handle, 0, 300).await.unwrap();
    client.page_text(open.handle, 0).await.unwrap();
    assert_eq!(source.times.load(Ordering::Relaxed), 1);
}

#[tokio::test]
async fn corrupt_locked_and_oversized_documents_are_told_apart() {
    let client = RenderClient::new(paths());
    let folder = tempfile::tempdir().unwrap();
    for bytes in [b"not a pdf".to_vec(), Vec::new(), b"%PDF-1.7\nend".to_vec()] {
        assert_eq!(
            client.open(Arc::new(bytes)).await,
            Err(RenderError::Corrupt)
        );
    }
    let good = pdf::pages(["one".to_owned()]);
    let locked = Arc::new(pdf::encrypted(&good, folder.path()));
    assert_eq!(client.open(locked).await, Err(RenderError::PasswordNeeded));
    let open = client.open(Arc::new(good)).await.unwrap();
    let large = client.page_png(open.handle, 0, 60_000).await;
    assert!(
        matches!(large, Err(RenderError::TooLarge { .. })),
        "{large:?}"
    );
    client.close(open.handle);
    assert_eq!(
        client.page_png(open.handle, 0, 100).await,
        Err(RenderError::NotOpen)
    );
}

#[tokio::test]
async fn the_render_worker_can_open_no_file_no_socket_and_no_program() {
    let client = RenderClient::new(paths());
    let probe = client.probe().await.unwrap();
    let (pid, sandbox) = client.status().await.unwrap();
    assert_eq!(sandbox.memory, Guard::Applied);
    assert_eq!(sandbox.dies_with_parent, Guard::Applied);
    assert_eq!(
        sandbox.system_calls,
        Guard::Applied,
        "this kernel has seccomp"
    );
    assert!(probe.socket_refused && probe.program_refused, "{probe:?}");
    // A kernel without landlock must say so, and then files can be opened.
    let confined = sandbox.file_system == Guard::Applied;
    assert_eq!(
        (probe.file_refused, probe.write_refused),
        (confined, confined)
    );
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).unwrap();
    assert!(status.contains("Seccomp:\t2"), "{status}");
    assert!(status.contains("NoNewPrivs:\t1"));
}

/// Width, height and grey samples.
pub(crate) fn decode(png: &[u8]) -> (u32, u32, Vec<u8>) {
    let mut reader = png::Decoder::new(std::io::Cursor::new(png))
        .read_info()
        .unwrap();
    let mut samples = vec![0; reader.output_buffer_size().unwrap()];
    let info = reader.next_frame(&mut samples).unwrap();
    assert_eq!(
        info.color_type,
        png::ColorType::Grayscale,
        "black on white is grey"
    );
    (info.width, info.height, samples)
}
