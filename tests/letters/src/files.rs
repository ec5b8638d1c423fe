//! Captured pages as the files that scanners, fax gateways and telephones give.

use anyhow::{Context, Result};
use congvan_model::DocumentType;
use congvan_testkit::SplitMix;
use jpeg_encoder::{ColorType, Encoder, PixelDensity, SamplingFactor};
use pdf_writer::{Content, Filter, Finish, Name, Pdf, Rect, Ref};

use crate::{
    capture::{Capture, capture},
    font::Fonts,
    layout::lay_out,
    paint::{Picture, paint},
    plan::{Half, plan},
    truth::Truth,
};

/// A kind of file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Pages of JPEG in a PDF.
    Pdf,
    /// One JPEG file; only the first page.
    Jpeg,
    /// One PNG file; only the first page.
    Png,
    /// A TIFF of several pages, black and white.
    Tiff,
}

impl Format {
    pub(crate) fn of(capture: Capture, random: &mut SplitMix) -> Self {
        match capture {
            Capture::Fax => Self::Tiff,
            Capture::Photo => Self::Jpeg,
            Capture::Grey200 if random.below(2) == 0 => Self::Png,
            _ => Self::Pdf,
        }
    }

    /// The usual ending of its name.
    #[must_use]
    pub fn extension(self) -> &'static str {
        match self {
            Self::Pdf => "pdf",
            Self::Jpeg => "jpg",
            Self::Png => "png",
            Self::Tiff => "tif",
        }
    }
}

/// A scanned letter and what stands on it.
#[derive(Clone, Debug)]
pub struct Sample {
    /// The file.
    pub bytes: Vec<u8>,
    /// What kind of file.
    pub format: Format,
    /// Type, agency, face and capture, for tables.
    pub layout: String,
    /// What stands on it.
    pub truth: Truth,
    /// How many pages the file has.
    pub pages: usize,
}

/// The letter with this number of a half.
///
/// # Errors
/// When a font of the machine is missing.
pub fn sample(half: Half, number: usize) -> Result<Sample> {
    draw(plan(half, number), true)
}

/// The same without its bytes: what stands on it, laid out and not drawn.
///
/// # Errors
/// As [`sample`].
pub(crate) fn outline(half: Half, number: usize) -> Result<Sample> {
    draw(plan(half, number), false)
}

/// The first letter of a half from `number` on that is of this type.
///
/// # Errors
/// As [`sample`], or when none of a thousand is.
pub fn sample_of(half: Half, number: usize, kind: DocumentType) -> Result<Sample> {
    let found = (number..number + 1000)
        .map(|number| plan(half, number))
        .find(|plan| plan.truth.kind == kind);
    draw(found.context("no letter of that type")?, true)
}

fn draw(mut plan: crate::plan::Plan, with_bytes: bool) -> Result<Sample> {
    let fonts = Fonts::load(plan.family)?;
    let faces = fonts.faces()?;
    let mut random = SplitMix::new(plan.seed ^ 0x5CA7);
    let dpi = plan.capture.dpi();
    let mut sheets = lay_out(&plan, &faces);
    if matches!(plan.format, Format::Jpeg | Format::Png) {
        plan.truth.is_whole = sheets.len() == 1;
        sheets.truncate(1);
    }
    // With several pages only the head of the first is read, and the text follows it.
    plan.truth.deadline_in_sight = sheets.len() == 1;
    if !with_bytes {
        return Ok(Sample {
            bytes: Vec::new(),
            format: plan.format,
            layout: plan.layout,
            truth: plan.truth,
            pages: sheets.len(),
        });
    }
    let pages: Vec<Picture> = sheets
        .iter()
        .map(|items| {
            capture(
                &paint(items, &faces, f32::from(dpi)),
                plan.capture,
                &mut random,
            )
        })
        .collect();
    let first = pages.first().context("a page")?;
    let bytes = match plan.format {
        Format::Pdf => pdf(&pages, plan.capture)?,
        Format::Jpeg => jpeg(first, plan.capture)?,
        Format::Png => png(first, dpi)?,
        Format::Tiff => tiff(&pages, dpi),
    };
    Ok(Sample {
        bytes,
        format: plan.format,
        layout: plan.layout,
        truth: plan.truth,
        pages: pages.len(),
    })
}

fn jpeg(page: &Picture, how: Capture) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let mut encoder = Encoder::new(&mut bytes, how.quality());
    encoder.set_sampling_factor(SamplingFactor::F_2_2);
    encoder.set_density(PixelDensity::dpi(how.dpi()));
    encoder.encode(
        page.dots.as_flattened(),
        u16::try_from(page.width)?,
        u16::try_from(page.height)?,
        ColorType::Rgb,
    )?;
    Ok(bytes)
}

fn png(page: &Picture, dpi: u16) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(
        &mut bytes,
        u32::try_from(page.width)?,
        u32::try_from(page.height)?,
    );
    encoder.set_color(png::ColorType::Grayscale);
    encoder.set_depth(png::BitDepth::Eight);
    let per_metre = (f32::from(dpi) / 0.0254).round() as u32;
    encoder.set_pixel_dims(Some(png::PixelDimensions {
        xppu: per_metre,
        yppu: per_metre,
        unit: png::Unit::Meter,
    }));
    let grey: Vec<u8> = page.dots.iter().map(|dot| dot[1]).collect();
    let mut writer = encoder.write_header()?;
    writer.write_image_data(&grey)?;
    writer.finish()?;
    Ok(bytes)
}

fn pdf(pages: &[Picture], how: Capture) -> Result<Vec<u8>> {
    let mut pdf = Pdf::new();
    let (catalog, tree) = (Ref::new(1), Ref::new(2));
    let mut kids = Vec::new();
    for (page, number) in pages.iter().zip((3..).step_by(3)) {
        let (page_ref, image_ref, content_ref) =
            (Ref::new(number), Ref::new(number + 1), Ref::new(number + 2));
        let data = if how.bilevel() {
            deflate(&bits(page, false))?
        } else {
            jpeg(page, how)?
        };
        let mut image = pdf.image_xobject(image_ref, &data);
        image.width(i32::try_from(page.width)?);
        image.height(i32::try_from(page.height)?);
        if how.bilevel() {
            image.filter(Filter::FlateDecode);
            image.color_space().device_gray();
            image.bits_per_component(1);
        } else {
            image.filter(Filter::DctDecode);
            image.color_space().device_rgb();
            image.bits_per_component(8);
        }
        image.finish();
        let points = |dots: usize| dots as f32 * 72.0 / f32::from(how.dpi());
        let (width, height) = (points(page.width), points(page.height));
        let mut content = Content::new();
        content
            .transform([width, 0.0, 0.0, height, 0.0, 0.0])
            .x_object(Name(b"Im0"));
        pdf.stream(content_ref, content.finish().as_slice());
        let mut object = pdf.page(page_ref);
        object
            .parent(tree)
            .media_box(Rect::new(0.0, 0.0, width, height))
            .contents(content_ref);
        object.resources().x_objects().pair(Name(b"Im0"), image_ref);
        object.finish();
        kids.push(page_ref);
    }
    pdf.catalog(catalog).pages(tree);
    pdf.pages(tree).count(i32::try_from(kids.len())?).kids(kids);
    Ok(pdf.finish())
}

fn deflate(bytes: &[u8]) -> Result<Vec<u8>> {
    use std::io::Write as _;
    let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(bytes)?;
    Ok(encoder.finish()?)
}

/// One bit a dot, rows padded to bytes.
fn bits(page: &Picture, black_is_one: bool) -> Vec<u8> {
    page.dots
        .chunks_exact(page.width)
        .flat_map(|row| row.chunks(8))
        .map(|dots| {
            dots.iter().enumerate().fold(0_u8, |byte, (index, dot)| {
                let set = (dot[0] < 128) == black_is_one;
                byte | (u8::from(set) << (7 - index))
            })
        })
        .collect()
}

/// Uncompressed bilevel pages, one strip each, little-endian.
fn tiff(pages: &[Picture], dpi: u16) -> Vec<u8> {
    let mut bytes = b"II\x2a\x00\x00\x00\x00\x00".to_vec();
    let mut link = 4;
    for page in pages {
        let strip = bits(page, true);
        let (strip_at, strip_len) = (bytes.len() as u32, strip.len() as u32);
        bytes.extend(strip);
        if bytes.len() % 2 == 1 {
            bytes.push(0);
        }
        let ratio_at = bytes.len() as u32;
        bytes.extend(u32::from(dpi).to_le_bytes());
        bytes.extend(1_u32.to_le_bytes());
        let here = bytes.len() as u32;
        bytes[link..link + 4].copy_from_slice(&here.to_le_bytes());
        let entries: [(u16, u16, u32); 12] = [
            (256, 4, page.width as u32),
            (257, 4, page.height as u32),
            (258, 3, 1),
            (259, 3, 1),
            (262, 3, 0),
            (273, 4, strip_at),
            (277, 3, 1),
            (278, 4, page.height as u32),
            (279, 4, strip_len),
            (282, 5, ratio_at),
            (283, 5, ratio_at),
            (296, 3, 2),
        ];
        bytes.extend((entries.len() as u16).to_le_bytes());
        for (tag, kind, value) in entries {
            bytes.extend(tag.to_le_bytes());
            bytes.extend(kind.to_le_bytes());
            bytes.extend(1_u32.to_le_bytes());
            bytes.extend(value.to_le_bytes());
        }
        link = bytes.len();
        bytes.extend(0_u32.to_le_bytes());
    }
    bytes
}
