//! Scans: pages that are one picture, shown by scaling that picture.
//!
//! PDFium spends two fifths of a scan of 300 dpi on making it smaller, one dot after the other; the
//! same is done here for many dots at once.

use fast_image_resize::{
    FilterType, PixelType, ResizeAlg, ResizeOptions, Resizer,
    images::{Image, ImageRef},
};
use pdfium_render::prelude::{
    PdfBitmap, PdfBitmapFormat, PdfPage, PdfPageImageObject, PdfPageObjectsCommon,
};

use crate::{image::Samples, jpeg};

/// Pictures with fewer dots are drawn as fast as they are scaled.
const LARGE: u64 = 1_000_000;
/// Decoded dots that are held at once: A4 at 600 dpi.
const MOST: u64 = 36_000_000;
/// A page that was read has an object for each line or word of it.
const OBJECTS: usize = 4_000;

/// What is seen of a page that looks like a scan.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lone {
    /// More than one picture, or nobody knows.
    No,
    /// One picture, whose colours are those of the device.
    Plain,
    /// One picture, whose colours a profile explains.
    Profiled,
}

/// The page's picture in another size. None where it is to be drawn: there is no such picture, or it
/// is not to become smaller, or `lone` says no.
pub(crate) fn scaled(
    page: &PdfPage<'_>,
    size: (u32, u32),
    lone: impl FnOnce() -> Lone,
) -> Option<Samples> {
    if page.objects().len() > OBJECTS {
        return None;
    }
    let objects = page.objects().iter();
    let mut seen = objects.filter(|object| object.as_text_object().is_none());
    let only = seen.next()?;
    let image = only.as_image_object()?;
    let dots = (
        u32::try_from(image.width().ok()?).ok()?,
        u32::try_from(image.height().ok()?).ok()?,
    );
    let is_scan = seen.next().is_none()
        && (LARGE..=MOST).contains(&(u64::from(dots.0) * u64::from(dots.1)))
        && dots.0 > size.0
        && dots.1 > size.1
        && is_jpeg(image);
    if !is_scan {
        return None;
    }
    match lone() {
        Lone::No => return None,
        Lone::Profiled => {}
        Lone::Plain => {
            let file = image.get_raw_image_data().ok()?;
            if let Some((kind, picture)) = jpeg::decoded(&file, dots) {
                let from = ImageRef::new(dots.0, dots.1, &picture, kind).ok()?;
                let picture = resized(&from, size, kind)?;
                return Some(match kind {
                    PixelType::U8x3 => Samples::of_rgb(picture),
                    _ => Samples::Grey(picture),
                });
            }
        }
    }
    let bitmap = image.get_raw_bitmap().ok()?;
    let kind = match bitmap.format().ok()? {
        PdfBitmapFormat::Gray => PixelType::U8,
        PdfBitmapFormat::BGR => PixelType::U8x3,
        PdfBitmapFormat::BGRx => PixelType::U8x4,
        // A picture that one sees through is no scan.
        PdfBitmapFormat::BGRA => return None,
    };
    smaller(&bitmap, kind, dots, size)
}

fn is_jpeg(image: &PdfPageImageObject<'_>) -> bool {
    let filters = image.filters();
    filters.len() == 1
        && filters
            .get(0)
            .is_ok_and(|filter| filter.name() == "DCTDecode")
}

fn smaller(
    bitmap: &PdfBitmap<'_>,
    kind: PixelType,
    (wide, high): (u32, u32),
    size: (u32, u32),
) -> Option<Samples> {
    let is_whole =
        u32::try_from(bitmap.width()).ok()? == wide && u32::try_from(bitmap.height()).ok()? == high;
    let mut bytes = bitmap.as_raw_bytes();
    let row = wide as usize * kind.size();
    let stride = bytes.len().checked_div(high as usize)?;
    if !is_whole || stride < row {
        return None;
    }
    // PDFium fills rows up to four bytes.
    if stride > row {
        for line in 1..high as usize {
            bytes.copy_within(line * stride..line * stride + row, line * row);
        }
    }
    let from = ImageRef::new(wide, high, bytes.get(..row * high as usize)?, kind).ok()?;
    let dots = resized(&from, size, kind)?;
    Some(match kind {
        PixelType::U8x3 => Samples::of_bgr(dots),
        PixelType::U8x4 => Samples::of_four(dots.as_chunks().0, size.0),
        _ => Samples::Grey(dots),
    })
}

fn resized(from: &ImageRef<'_>, (width, height): (u32, u32), kind: PixelType) -> Option<Vec<u8>> {
    let mut to = Image::new(width, height, kind);
    let options = ResizeOptions::new()
        .resize_alg(ResizeAlg::Convolution(FilterType::Hamming))
        .use_alpha(false);
    Resizer::new().resize(from, &mut to, &options).ok()?;
    Some(to.into_vec())
}
