//! Positioned text to pictures, as an office scanner gives them: a little askew, paper texture.

use std::collections::HashMap;

use ab_glyph_rasterizer::{Point, Rasterizer, point};
use anyhow::{Context, Result};
use jpeg_encoder::{ColorType, Encoder, SamplingFactor};
use pdf_writer::{Content, Filter, Finish, Name, Pdf, Rect, Ref, TextStr};
use ttf_parser::{GlyphId, OutlineBuilder};

use super::{
    Fonts,
    font::Style,
    layout::{Ink, Item, PAGE_HEIGHT, PAGE_WIDTH, Page},
    pdf::Numbers,
};
use crate::SplitMix;

/// Dots per inch of a scan: the decree's minimum (Appendix I, Part II).
pub const SCAN_DPI: u16 = 200;

/// How a scan looks.
#[derive(Clone, Copy, Debug)]
pub struct ScanOptions {
    /// Same seed, same bytes.
    pub seed: u64,
    /// Rotation in hundredths of a degree; the sign is that of the clock's hand.
    pub skew: i16,
    /// Strength of the paper's grain, 0 to 60 grey levels; high values do not compress.
    pub grain: u8,
    /// JPEG quality, 1 to 100.
    pub quality: u8,
    /// Repeat the pages until there are so many; 0 leaves them as they are.
    pub pages: usize,
    /// Dots per inch.
    pub dpi: u16,
}

impl Default for ScanOptions {
    fn default() -> Self {
        Self {
            seed: 1,
            skew: 45,
            grain: 10,
            quality: 60,
            pages: 0,
            dpi: SCAN_DPI,
        }
    }
}

pub(super) fn scan_pdf(fonts: &Fonts, pages: &[Page], options: &ScanOptions) -> Result<Vec<u8>> {
    let count = options.pages.max(pages.len());
    let mut scanner = Scanner::new(fonts, options);
    let mut numbers = Numbers::new();
    let mut pdf = Pdf::new();
    let (catalog, tree, info) = (numbers.next(), numbers.next(), numbers.next());
    let mut kids = Vec::new();
    for page in pages.iter().cycle().take(count) {
        let picture = scanner.page(page)?;
        kids.push(add_page(
            &mut pdf,
            &mut numbers,
            tree,
            &picture,
            scanner.size(),
        )?);
    }
    let count = i32::try_from(kids.len()).context("too many pages")?;
    pdf.catalog(catalog).pages(tree);
    pdf.pages(tree).count(count).kids(kids);
    pdf.document_info(info)
        .producer(TextStr("Máy quét (kiểm thử)"));
    Ok(pdf.finish())
}

pub(super) fn scan_jpegs(
    fonts: &Fonts,
    pages: &[Page],
    options: &ScanOptions,
) -> Result<Vec<Vec<u8>>> {
    let count = options.pages.max(pages.len());
    let mut scanner = Scanner::new(fonts, options);
    let [high, low] = options.dpi.to_be_bytes();
    let pages = pages.iter().cycle().take(count);
    pages
        .map(|page| {
            let mut jpeg = scanner.page(page)?;
            // The density of JFIF's own segment, which follows the first marker.
            let density = jpeg.get_mut(13..18).context("a JPEG has a head")?;
            density.copy_from_slice(&[1, high, low, high, low]);
            Ok(jpeg)
        })
        .collect()
}

fn add_page(
    pdf: &mut Pdf,
    numbers: &mut Numbers,
    tree: Ref,
    jpeg: &[u8],
    (width, height): (usize, usize),
) -> Result<Ref> {
    let (page_ref, image_ref, content_ref) = (numbers.next(), numbers.next(), numbers.next());
    let mut image = pdf.image_xobject(image_ref, jpeg);
    image.filter(Filter::DctDecode);
    image.width(i32::try_from(width)?);
    image.height(i32::try_from(height)?);
    image.color_space().device_rgb();
    image.bits_per_component(8);
    image.finish();
    let mut content = Content::new();
    content
        .transform([PAGE_WIDTH, 0.0, 0.0, PAGE_HEIGHT, 0.0, 0.0])
        .x_object(Name(b"Im0"));
    pdf.stream(content_ref, content.finish().as_slice());
    let mut page = pdf.page(page_ref);
    page.parent(tree)
        .media_box(Rect::new(0.0, 0.0, PAGE_WIDTH, PAGE_HEIGHT))
        .contents(content_ref);
    page.resources().x_objects().pair(Name(b"Im0"), image_ref);
    page.finish();
    Ok(page_ref)
}

/// A glyph as coverage, with the place of its top left dot relative to the pen.
struct Mask {
    left: i32,
    top: i32,
    width: usize,
    coverage: Vec<u8>,
}

type MaskKey = (Style, u16, u32);

/// A glyph of a style at a size in points.
#[derive(Clone, Copy)]
struct Mark {
    style: Style,
    glyph: GlyphId,
    size: f32,
}

struct Scanner<'a> {
    fonts: &'a Fonts,
    options: ScanOptions,
    random: SplitMix,
    masks: HashMap<MaskKey, Mask>,
    width: usize,
    height: usize,
    scale: f32,
    sin: f32,
    cos: f32,
    texture: Vec<i8>,
}

impl<'a> Scanner<'a> {
    fn new(fonts: &'a Fonts, options: &ScanOptions) -> Self {
        let scale = f32::from(options.dpi) / 72.0;
        let (sin, cos) = (f32::from(options.skew) / 100.0).to_radians().sin_cos();
        let mut random = SplitMix::new(options.seed);
        let span = i32::from(options.grain).max(1);
        // The mean of two draws: grain with a bell-like shape, as sensor noise has.
        let texture = (0..1 << 20)
            .map(|_| {
                let bits = random.bits();
                let (a, b) = ((bits & 0xFFFF) as i32, (bits >> 16 & 0xFFFF) as i32);
                ((a + b) * span / 0x2_0000 - span / 2) as i8
            })
            .collect();
        Self {
            fonts,
            options: *options,
            random,
            masks: HashMap::new(),
            width: (PAGE_WIDTH * scale) as usize,
            height: (PAGE_HEIGHT * scale) as usize,
            scale,
            sin,
            cos,
            texture,
        }
    }

    fn size(&self) -> (usize, usize) {
        (self.width, self.height)
    }

    /// Page coordinates in points to dots, turned about the page's centre.
    fn dot(&self, x: f32, y: f32) -> (f32, f32) {
        let (x, y) = (x - PAGE_WIDTH / 2.0, y - PAGE_HEIGHT / 2.0);
        let turned = (x * self.cos - y * self.sin, x * self.sin + y * self.cos);
        (
            (turned.0 + PAGE_WIDTH / 2.0) * self.scale,
            (turned.1 + PAGE_HEIGHT / 2.0) * self.scale,
        )
    }

    fn page(&mut self, page: &Page) -> Result<Vec<u8>> {
        let mut canvas = self.paper();
        for item in &page.items {
            match item {
                Item::Line { x1, y1, x2, y2 } => {
                    self.stroke(&mut canvas, (*x1, *y1), (*x2, *y2), Ink::Black);
                }
                Item::Frame {
                    x,
                    y,
                    width,
                    height,
                    ink,
                } => {
                    let (right, bottom) = (x + width, y + height);
                    self.stroke(&mut canvas, (*x, *y), (right, *y), *ink);
                    self.stroke(&mut canvas, (right, *y), (right, bottom), *ink);
                    self.stroke(&mut canvas, (right, bottom), (*x, bottom), *ink);
                    self.stroke(&mut canvas, (*x, bottom), (*x, *y), *ink);
                }
                Item::Text {
                    x,
                    y,
                    size,
                    style,
                    text,
                    extra,
                    ink,
                } => {
                    let mut pen = *x;
                    for letter in text.chars() {
                        let glyph = self.fonts.glyph(*style, letter)?;
                        let advance = self.fonts.advance(*style, glyph) * size / 1000.0;
                        if letter != ' ' {
                            let mark = Mark {
                                style: *style,
                                glyph,
                                size: *size,
                            };
                            self.glyph(&mut canvas, mark, (pen, *y), *ink);
                        }
                        pen += advance + if letter == ' ' { *extra } else { 0.0 };
                    }
                }
            }
        }
        let mut jpeg = Vec::new();
        let mut encoder = Encoder::new(&mut jpeg, self.options.quality);
        encoder.set_sampling_factor(SamplingFactor::F_2_2);
        encoder.encode(
            &canvas,
            u16::try_from(self.width)?,
            u16::try_from(self.height)?,
            ColorType::Rgb,
        )?;
        Ok(jpeg)
    }

    /// Off-white paper with grain: a tile of noise, read from another place for each row.
    fn paper(&mut self) -> Vec<u8> {
        let mut canvas = vec![0_u8; self.width * self.height * 3];
        for row in canvas.chunks_exact_mut(self.width * 3) {
            let start = self.random.below(self.texture.len() - self.width);
            let grain = self.texture.iter().skip(start);
            for (dot, grain) in row.chunks_exact_mut(3).zip(grain) {
                let grain = i16::from(*grain);
                if let [red, green, blue] = dot {
                    *red = (246 + grain).clamp(0, 255) as u8;
                    *green = (245 + grain).clamp(0, 255) as u8;
                    *blue = (240 + grain).clamp(0, 255) as u8;
                }
            }
        }
        canvas
    }

    fn blend(&self, canvas: &mut [u8], (x, y): (i32, i32), coverage: u8, ink: Ink) {
        let (Ok(x), Ok(y)) = (usize::try_from(x), usize::try_from(y)) else {
            return;
        };
        if x >= self.width || y >= self.height {
            return;
        }
        let colour: [u16; 3] = match ink {
            Ink::Black => [38, 38, 42],
            Ink::Red => [212, 40, 44],
        };
        let start = (y * self.width + x) * 3;
        if let Some(dot) = canvas.get_mut(start..start + 3) {
            let weight = u16::from(coverage);
            for (channel, wanted) in dot.iter_mut().zip(colour) {
                *channel = ((u16::from(*channel) * (255 - weight) + wanted * weight) / 255) as u8;
            }
        }
    }

    fn stroke(&self, canvas: &mut [u8], from: (f32, f32), to: (f32, f32), ink: Ink) {
        let (from, to) = (self.dot(from.0, from.1), self.dot(to.0, to.1));
        let steps = ((to.0 - from.0).abs().max((to.1 - from.1).abs()) * 2.0).max(1.0) as i32;
        for step in 0..=steps {
            let part = step as f32 / steps as f32;
            let x = from.0 + (to.0 - from.0) * part;
            let y = from.1 + (to.1 - from.1) * part;
            self.blend(canvas, (x as i32, y as i32), 200, ink);
            self.blend(canvas, (x as i32 + 1, y as i32 + 1), 120, ink);
        }
    }

    fn glyph(&mut self, canvas: &mut [u8], mark: Mark, pen: (f32, f32), ink: Ink) {
        let key = (mark.style, mark.glyph.0, mark.size.to_bits());
        let (x, y) = self.dot(pen.0, pen.1);
        let (x, y) = (x.round() as i32, y.round() as i32);
        if !self.masks.contains_key(&key) {
            let mask = self.mask(mark);
            self.masks.insert(key, mask);
        }
        let Some(mask) = self.masks.get(&key) else {
            return;
        };
        for (row, line) in mask.coverage.chunks_exact(mask.width.max(1)).enumerate() {
            for (column, coverage) in line.iter().enumerate() {
                if *coverage > 0 {
                    let (dx, dy) = (column as i32 + mask.left, row as i32 + mask.top);
                    self.blend(canvas, (x + dx, y + dy), *coverage, ink);
                }
            }
        }
    }

    /// The outline, scaled and turned, as coverage. Cached: the turn is the same on every page.
    fn mask(&self, Mark { style, glyph, size }: Mark) -> Mask {
        let face = self.fonts.face(style);
        let scale = size * self.scale / f32::from(face.units_per_em());
        let mut outline = Outline {
            sin: self.sin,
            cos: self.cos,
            scale,
            at: point(0.0, 0.0),
            start: point(0.0, 0.0),
            segments: Vec::new(),
        };
        face.outline_glyph(glyph, &mut outline);
        let points = || outline.segments.iter().flat_map(Segment::points);
        let low = |value: fn(&Point) -> f32| points().map(|p| value(&p)).fold(f32::MAX, f32::min);
        let high = |value: fn(&Point) -> f32| points().map(|p| value(&p)).fold(f32::MIN, f32::max);
        if outline.segments.is_empty() {
            return Mask {
                left: 0,
                top: 0,
                width: 0,
                coverage: Vec::new(),
            };
        }
        let (left, top) = (low(|p| p.x).floor(), low(|p| p.y).floor());
        let width = (high(|p| p.x).ceil() - left) as usize + 1;
        let height = (high(|p| p.y).ceil() - top) as usize + 1;
        let mut raster = Rasterizer::new(width, height);
        for segment in &outline.segments {
            segment.draw(&mut raster, left, top);
        }
        let mut coverage = vec![0_u8; width * height];
        raster.for_each_pixel(|index, alpha| {
            if let Some(dot) = coverage.get_mut(index) {
                *dot = (alpha.clamp(0.0, 1.0) * 255.0) as u8;
            }
        });
        Mask {
            left: left as i32,
            top: top as i32,
            width,
            coverage,
        }
    }
}

enum Segment {
    Line(Point, Point),
    Quad(Point, Point, Point),
    Cubic(Point, Point, Point, Point),
}

impl Segment {
    fn points(&self) -> Vec<Point> {
        match self {
            Self::Line(a, b) => vec![*a, *b],
            Self::Quad(a, b, c) => vec![*a, *b, *c],
            Self::Cubic(a, b, c, d) => vec![*a, *b, *c, *d],
        }
    }

    fn draw(&self, raster: &mut Rasterizer, left: f32, top: f32) {
        let at = |p: &Point| point(p.x - left, p.y - top);
        match self {
            Self::Line(a, b) => raster.draw_line(at(a), at(b)),
            Self::Quad(a, b, c) => raster.draw_quad(at(a), at(b), at(c)),
            Self::Cubic(a, b, c, d) => raster.draw_cubic(at(a), at(b), at(c), at(d)),
        }
    }
}

struct Outline {
    sin: f32,
    cos: f32,
    scale: f32,
    at: Point,
    start: Point,
    segments: Vec<Segment>,
}

impl Outline {
    /// Font units, y up, to dots, y down, turned like the page.
    fn turned(&self, x: f32, y: f32) -> Point {
        let (x, y) = (x * self.scale, -y * self.scale);
        point(x * self.cos - y * self.sin, x * self.sin + y * self.cos)
    }
}

impl OutlineBuilder for Outline {
    fn move_to(&mut self, x: f32, y: f32) {
        self.at = self.turned(x, y);
        self.start = self.at;
    }

    fn line_to(&mut self, x: f32, y: f32) {
        let to = self.turned(x, y);
        self.segments.push(Segment::Line(self.at, to));
        self.at = to;
    }

    fn quad_to(&mut self, x1: f32, y1: f32, x: f32, y: f32) {
        let (control, to) = (self.turned(x1, y1), self.turned(x, y));
        self.segments.push(Segment::Quad(self.at, control, to));
        self.at = to;
    }

    fn curve_to(&mut self, x1: f32, y1: f32, x2: f32, y2: f32, x: f32, y: f32) {
        let (first, second) = (self.turned(x1, y1), self.turned(x2, y2));
        let to = self.turned(x, y);
        self.segments
            .push(Segment::Cubic(self.at, first, second, to));
        self.at = to;
    }

    fn close(&mut self) {
        self.segments.push(Segment::Line(self.at, self.start));
        self.at = self.start;
    }
}
