use bytes::Bytes;
use reqwest::Response;

use super::ScannerError;

/// No page is larger: A3 at 600 dpi as JPEG of the best quality has 60 MB.
const LARGEST: usize = 100 * 1024 * 1024;
/// A whole file ends with its mark within so many bytes; some scanners fill up with zeros.
const TAIL: usize = 1024;

/// What a page's bytes are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PageKind {
    /// One page.
    Jpeg,
    /// One page or several: a scanner that gives no JPEG.
    Pdf,
}

/// A page on its way. Read it to its end: only then it is known to be whole.
#[derive(Debug)]
pub struct ScannerPage {
    response: Response,
    kind: Option<PageKind>,
    received: usize,
    tail: Vec<u8>,
}

impl ScannerPage {
    pub(super) fn new(response: Response) -> Self {
        Self {
            response,
            kind: None,
            received: 0,
            tail: Vec::new(),
        }
    }

    /// What it is; known with its first bytes.
    #[must_use]
    pub fn kind(&self) -> Option<PageKind> {
        self.kind
    }

    /// The next bytes; none after the last of a whole page.
    ///
    /// # Errors
    /// [`ScannerError::Unreachable`] when it breaks off, [`ScannerError::Protocol`] when it is no
    /// page or has no end: then nothing of it may be kept.
    pub async fn chunk(&mut self) -> Result<Option<Bytes>, ScannerError> {
        loop {
            let Some(piece) = self.response.chunk().await? else {
                return self.whole().map(|()| None);
            };
            if piece.is_empty() {
                continue;
            }
            self.received += piece.len();
            if self.received > LARGEST {
                return Err(ScannerError::Protocol {
                    what: "a page without end",
                });
            }
            self.note(&piece);
            if self.kind.is_none() && self.received >= 5 {
                self.kind = Some(kind_of(&self.tail)?);
            }
            return Ok(Some(piece));
        }
    }

    /// Keeps the last bytes.
    fn note(&mut self, piece: &[u8]) {
        self.tail.extend_from_slice(piece);
        let over = self.tail.len().saturating_sub(TAIL);
        // The first bytes are needed until the kind is known; pieces are longer than that.
        if self.kind.is_some() || over == 0 {
            self.tail.drain(..over);
        }
    }

    /// A line that closed early looks like an end where no length was announced.
    fn whole(&self) -> Result<(), ScannerError> {
        let end: &[u8] = match self.kind {
            Some(PageKind::Jpeg) => &[0xFF, 0xD9],
            Some(PageKind::Pdf) => b"%%EOF",
            None => return Err(ScannerError::Unreachable),
        };
        let from = self.tail.len().saturating_sub(TAIL);
        let tail = self.tail.get(from..).unwrap_or_default();
        let ends = tail.windows(end.len()).any(|bytes| bytes == end);
        ends.then_some(()).ok_or(ScannerError::Unreachable)
    }
}

fn kind_of(first: &[u8]) -> Result<PageKind, ScannerError> {
    if first.starts_with(&[0xFF, 0xD8, 0xFF]) {
        Ok(PageKind::Jpeg)
    } else if first.starts_with(b"%PDF-") {
        Ok(PageKind::Pdf)
    } else {
        Err(ScannerError::Protocol {
            what: "neither JPEG nor PDF",
        })
    }
}
