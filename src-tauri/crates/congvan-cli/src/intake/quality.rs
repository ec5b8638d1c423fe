//! How a scan falls short of what Decree 30/2020 wants of digitised paper.

use std::sync::Arc;

use congvan_intake::{ScannedPage, Shortfall, pdf_version, shortfalls};
use congvan_model::ByteSource;
use congvan_pdf::{DECREE_DPI, ImagePage};
use congvan_worker::{OpenDocument, RenderClient, RenderError};

/// The ways in which a PDF falls short, with pages from 1; none where no page is a picture. `images`
/// are those that it was made of here.
///
/// # Errors
/// As [`RenderClient::page_text`].
pub(super) async fn of(
    render: &RenderClient,
    source: Arc<dyn ByteSource>,
    images: Option<&[ImagePage]>,
) -> Result<Option<Vec<(Shortfall, Vec<u32>)>>, RenderError> {
    let mut head = [0_u8; 64];
    let read = source.read_at(0, &mut head);
    let version = pdf_version(&head).filter(|_| read.is_ok());
    let document = render.open(source).await?;
    let pages = match images {
        Some(images) => Ok(drawn(&document, images)),
        None => pictures(render, &document).await,
    };
    render.close(document.handle);
    let pages = pages?;
    let is_scan = pages.iter().any(Option::is_some);
    Ok(is_scan.then(|| shortfalls(&pages, version)))
}

fn drawn(document: &OpenDocument, images: &[ImagePage]) -> Vec<Option<ScannedPage>> {
    let pages = document.pages.iter().zip(images);
    pages
        .map(|(size, image)| {
            let dpi = image.dpi.0.min(image.dpi.1);
            // Without a density only what is too coarse even for A4 is known to be.
            let is_known = image.has_density || dpi < DECREE_DPI - 1.0;
            Some(ScannedPage {
                dpi: is_known.then_some(dpi),
                is_colour: Some(image.is_colour),
                size_pt: (size.width_pt, size.height_pt),
            })
        })
        .collect()
}

async fn pictures(
    render: &RenderClient,
    document: &OpenDocument,
) -> Result<Vec<Option<ScannedPage>>, RenderError> {
    let mut pages = Vec::with_capacity(document.pages.len());
    for (number, size) in (0..).zip(&document.pages) {
        let text = render.page_text(document.handle, number).await?;
        pages.push(text.picture.map(|picture| ScannedPage {
            dpi: (picture.dpi > 0.0).then_some(picture.dpi),
            is_colour: Some(picture.is_colour),
            size_pt: (size.width_pt, size.height_pt),
        }));
    }
    Ok(pages)
}
