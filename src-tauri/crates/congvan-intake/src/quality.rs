//! How a scan falls short of what Decree 30/2020 wants of digitised paper (Appendix I, part II, I):
//! colour, at least 200 dots an inch, the size of the paper (100 %), PDF 1.4 or later.

/// Dots an inch that the decree wants; scanners round: 199.9 is 200.
const LEAST_DPI: f32 = 199.0;
/// The PDF that the decree wants at least.
const LEAST_VERSION: (u8, u8) = (1, 4);
/// Sheets that offices write on, short and long side in millimetres: A3, A4, A5, F4, legal, letter.
const SHEETS: [(f32, f32); 6] = [
    (297.0, 420.0),
    (210.0, 297.0),
    (148.0, 210.0),
    (215.0, 330.0),
    (216.0, 356.0),
    (216.0, 279.0),
];
/// Scanners cut edges off and add some; a page reduced to 95 % is 15 mm shorter.
const SLACK_MM: f32 = 10.0;

/// A way in which a scan falls short.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Shortfall {
    /// Fewer than 200 dots an inch.
    LowResolution,
    /// Not in colour.
    NotColour,
    /// Not the size of any sheet of paper: reduced, enlarged, cut, or a photograph of a desk.
    NotFullSize,
    /// A PDF older than 1.4.
    OldPdf,
}

/// A page that is a picture. None = not known.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ScannedPage {
    /// Dots an inch of the picture on the page, the lesser of across and down.
    pub dpi: Option<f32>,
    /// Whether the picture has colour.
    pub is_colour: Option<bool>,
    /// Width and height of the page in points.
    pub size_pt: (f32, f32),
}

/// The ways in which a scan falls short, each with its pages, from 1, of which there are none where it
/// is about the file. A page that is no picture (`None`) cannot fall short.
#[must_use]
pub fn shortfalls(
    pages: &[Option<ScannedPage>],
    version: Option<(u8, u8)>,
) -> Vec<(Shortfall, Vec<u32>)> {
    let that = |falls: fn(&ScannedPage) -> bool| -> Vec<u32> {
        (1..)
            .zip(pages)
            .filter(|(_, page)| page.as_ref().is_some_and(falls))
            .map(|(number, _)| number)
            .collect()
    };
    let mut found = vec![
        (
            Shortfall::LowResolution,
            that(|page| page.dpi.is_some_and(|dpi| dpi < LEAST_DPI)),
        ),
        (
            Shortfall::NotColour,
            that(|page| page.is_colour == Some(false)),
        ),
        (Shortfall::NotFullSize, that(|page| !is_sheet(page.size_pt))),
    ];
    found.retain(|(_, pages)| !pages.is_empty());
    let is_scan = pages.iter().any(Option::is_some);
    if is_scan && version.is_some_and(|version| version < LEAST_VERSION) {
        found.push((Shortfall::OldPdf, Vec::new()));
    }
    found
}

/// Whether a page is as large as a sheet of paper, lying or standing.
fn is_sheet((width, height): (f32, f32)) -> bool {
    let mm = |points: f32| points * 25.4 / 72.0;
    let (short, long) = (mm(width.min(height)), mm(width.max(height)));
    SHEETS
        .iter()
        .any(|(wide, high)| (short - wide).abs() <= SLACK_MM && (long - high).abs() <= SLACK_MM)
}

/// The version that the first bytes of a PDF say: `%PDF-1.4` is 1 and 4. A later one that the file's
/// catalog may say is not looked at.
#[must_use]
pub fn pdf_version(head: &[u8]) -> Option<(u8, u8)> {
    let at = head.windows(5).position(|five| five == b"%PDF-")?;
    match head.get(at + 5..at + 8)? {
        [major @ b'0'..=b'9', b'.', minor @ b'0'..=b'9'] => Some((major - b'0', minor - b'0')),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(dpi: f32, is_colour: bool, mm: (f32, f32)) -> Option<ScannedPage> {
        Some(ScannedPage {
            dpi: Some(dpi),
            is_colour: Some(is_colour),
            size_pt: (mm.0 / 25.4 * 72.0, mm.1 / 25.4 * 72.0),
        })
    }

    #[test]
    fn each_way_of_falling_short_is_told_with_its_pages() {
        let pages = [
            page(300.0, true, (210.0, 297.0)),
            page(150.0, true, (210.0, 297.0)),
            None,
            page(199.6, false, (297.0, 210.0)),
            page(150.0, true, (105.0, 148.0)),
        ];
        assert_eq!(
            shortfalls(&pages, Some((1, 3))),
            [
                (Shortfall::LowResolution, vec![2, 5]),
                (Shortfall::NotColour, vec![4]),
                (Shortfall::NotFullSize, vec![5]),
                (Shortfall::OldPdf, vec![]),
            ]
        );
        assert_eq!(shortfalls(&pages[..1], Some((1, 4))), []);
        assert_eq!(shortfalls(&[None], Some((1, 2))), [], "no scan at all");
    }

    #[test]
    fn a_sheet_that_was_reduced_or_cut_is_not_the_size_of_paper() {
        for (size, whole) in [
            ((210.0, 297.0), true),
            ((216.0, 279.4), true),
            ((420.0, 297.0), true),
            ((148.0, 210.0), true),
            ((205.0, 290.0), true),
            ((189.0, 267.0), false),
            ((210.0, 180.0), false),
            ((420.0, 594.0), false),
            ((80.0, 80.0), false),
        ] {
            let found = shortfalls(&[page(300.0, true, size)], None);
            assert_eq!(found.is_empty(), whole, "{size:?}");
        }
    }

    #[test]
    fn the_version_is_in_the_first_bytes() {
        assert_eq!(pdf_version(b"%PDF-1.3\n%"), Some((1, 3)));
        assert_eq!(pdf_version(b"\n\n%PDF-2.0\r"), Some((2, 0)));
        assert_eq!(pdf_version(b"%PDF-x"), None);
        assert_eq!(pdf_version(b""), None);
    }
}
