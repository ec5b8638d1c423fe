//! Marks to dots.

use std::collections::HashMap;

use ab_glyph_rasterizer::{Point, Rasterizer, point};
use ttf_parser::{GlyphId, OutlineBuilder};

use crate::{
    font::{Faces, Style},
    layout::{Ink, Item, PAGE},
};

/// A picture of three bytes a dot.
#[derive(Clone)]
pub(crate) struct Picture {
    pub(crate) width: usize,
    pub(crate) height: usize,
    pub(crate) dots: Vec<[u8; 3]>,
}

impl Picture {
    pub(crate) fn white(width: usize, height: usize) -> Self {
        Self {
            width,
            height,
            dots: vec![[252, 252, 250]; width * height],
        }
    }

    fn blend(&mut self, (x, y): (i32, i32), coverage: f32, ink: Ink) {
        let (Ok(x), Ok(y)) = (usize::try_from(x), usize::try_from(y)) else {
            return;
        };
        if x >= self.width || y >= self.height {
            return;
        }
        for (channel, wanted) in self.dots[y * self.width + x].iter_mut().zip(ink) {
            // Inks are transparent: a stamp over print leaves print.
            let printed = f32::from(*channel).min(f32::from(wanted));
            *channel = (f32::from(*channel) * (1.0 - coverage) + printed * coverage) as u8;
        }
    }
}

struct Mask {
    left: i32,
    top: i32,
    width: usize,
    coverage: Vec<f32>,
}

/// Draws a page at so many dots per inch.
pub(crate) fn paint(items: &[Item], faces: &Faces<'_>, dpi: f32) -> Picture {
    let scale = dpi / 72.0;
    let mut picture = Picture::white((PAGE.0 * scale) as usize, (PAGE.1 * scale) as usize);
    let mut masks: HashMap<(Style, u16, u32), Mask> = HashMap::new();
    for item in items {
        match item {
            Item::Line {
                from,
                to,
                width,
                ink,
            } => stroke(&mut picture, *from, *to, (*width, *ink), scale),
            Item::Text {
                at,
                size,
                style,
                text,
                extra,
                ink,
            } => {
                let size = faces.set(*size);
                let mut pen = at.0;
                for letter in text.chars() {
                    let glyph = faces.glyph(*style, letter);
                    let key = (*style, glyph.0, size.to_bits());
                    let mask = masks
                        .entry(key)
                        .or_insert_with(|| mask(faces, *style, glyph, size * scale));
                    stamp(&mut picture, mask, (pen * scale, at.1 * scale), *ink);
                    pen += faces.advance(*style, glyph) * size
                        + if letter == ' ' { *extra } else { 0.0 };
                }
            }
        }
    }
    picture
}

fn stamp(picture: &mut Picture, mask: &Mask, pen: (f32, f32), ink: Ink) {
    let (x, y) = (pen.0.round() as i32, pen.1.round() as i32);
    for (row, line) in mask.coverage.chunks_exact(mask.width.max(1)).enumerate() {
        for (column, coverage) in line.iter().enumerate() {
            if *coverage > 0.0 {
                let at = (x + column as i32 + mask.left, y + row as i32 + mask.top);
                picture.blend(at, *coverage, ink);
            }
        }
    }
}

fn stroke(
    picture: &mut Picture,
    from: (f32, f32),
    to: (f32, f32),
    (width, ink): (f32, Ink),
    scale: f32,
) {
    let (dx, dy) = ((to.0 - from.0) * scale, (to.1 - from.1) * scale);
    let length = dx.hypot(dy).max(0.01);
    let half = (width * scale / 2.0).max(0.5);
    let (nx, ny) = (-dy / length * half, dx / length * half);
    let (x, y) = (from.0 * scale, from.1 * scale);
    let corners = [
        (x + nx, y + ny),
        (x + dx + nx, y + dy + ny),
        (x + dx - nx, y + dy - ny),
        (x - nx, y - ny),
    ];
    let low =
        |value: fn(&(f32, f32)) -> f32| corners.iter().map(value).fold(f32::MAX, f32::min).floor();
    let high =
        |value: fn(&(f32, f32)) -> f32| corners.iter().map(value).fold(f32::MIN, f32::max).ceil();
    let (left, top) = (low(|c| c.0), low(|c| c.1));
    let (wide, tall) = (
        (high(|c| c.0) - left) as usize + 1,
        (high(|c| c.1) - top) as usize + 1,
    );
    let mut raster = Rasterizer::new(wide, tall);
    for index in 0..4 {
        let (a, b) = (corners[index], corners[(index + 1) % 4]);
        raster.draw_line(point(a.0 - left, a.1 - top), point(b.0 - left, b.1 - top));
    }
    raster.for_each_pixel_2d(|column, row, alpha| {
        if alpha > 0.0 {
            let at = (left as i32 + column as i32, top as i32 + row as i32);
            picture.blend(at, alpha.min(1.0), ink);
        }
    });
}

fn mask(faces: &Faces<'_>, style: Style, glyph: GlyphId, size: f32) -> Mask {
    let face = faces.face(style);
    let scale = size / f32::from(face.units_per_em());
    let mut outline = Outline {
        scale,
        at: point(0.0, 0.0),
        start: point(0.0, 0.0),
        curves: Vec::new(),
    };
    face.outline_glyph(glyph, &mut outline);
    let points = || outline.curves.iter().flatten();
    if outline.curves.is_empty() {
        return Mask {
            left: 0,
            top: 0,
            width: 0,
            coverage: Vec::new(),
        };
    }
    let low = |value: fn(&Point) -> f32| points().map(value).fold(f32::MAX, f32::min).floor();
    let high = |value: fn(&Point) -> f32| points().map(value).fold(f32::MIN, f32::max).ceil();
    let (left, top) = (low(|p| p.x), low(|p| p.y));
    let (width, height) = (
        (high(|p| p.x) - left) as usize + 1,
        (high(|p| p.y) - top) as usize + 1,
    );
    let mut raster = Rasterizer::new(width, height);
    for [a, b, c, d] in &outline.curves {
        let at = |p: &Point| point(p.x - left, p.y - top);
        raster.draw_cubic(at(a), at(b), at(c), at(d));
    }
    let mut coverage = vec![0.0; width * height];
    raster.for_each_pixel(|index, alpha| coverage[index] = alpha.clamp(0.0, 1.0));
    Mask {
        left: left as i32,
        top: top as i32,
        width,
        coverage,
    }
}

/// Everything as cubic curves, in dots with y down.
struct Outline {
    scale: f32,
    at: Point,
    start: Point,
    curves: Vec<[Point; 4]>,
}

impl Outline {
    fn dot(&self, x: f32, y: f32) -> Point {
        point(x * self.scale, -y * self.scale)
    }

    fn curve(&mut self, first: Point, second: Point, to: Point) {
        self.curves.push([self.at, first, second, to]);
        self.at = to;
    }
}

fn between(a: Point, b: Point, part: f32) -> Point {
    point(a.x + (b.x - a.x) * part, a.y + (b.y - a.y) * part)
}

impl OutlineBuilder for Outline {
    fn move_to(&mut self, x: f32, y: f32) {
        self.at = self.dot(x, y);
        self.start = self.at;
    }

    fn line_to(&mut self, x: f32, y: f32) {
        let to = self.dot(x, y);
        self.curve(self.at, to, to);
    }

    fn quad_to(&mut self, x1: f32, y1: f32, x: f32, y: f32) {
        let (control, to) = (self.dot(x1, y1), self.dot(x, y));
        let (first, second) = (
            between(self.at, control, 2.0 / 3.0),
            between(to, control, 2.0 / 3.0),
        );
        self.curve(first, second, to);
    }

    fn curve_to(&mut self, x1: f32, y1: f32, x2: f32, y2: f32, x: f32, y: f32) {
        let (first, second, to) = (self.dot(x1, y1), self.dot(x2, y2), self.dot(x, y));
        self.curve(first, second, to);
    }

    fn close(&mut self) {
        self.curve(self.at, self.start, self.start);
    }
}
