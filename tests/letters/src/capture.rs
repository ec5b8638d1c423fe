//! What scanners, fax machines and telephones make of a sheet of paper.

use congvan_testkit::SplitMix;

use crate::paint::Picture;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Capture {
    Colour300,
    Colour200,
    Grey200,
    Black300,
    Askew,
    Noisy,
    Faded,
    Fax,
    Photo,
    Squeezed,
    Edges,
    /// 150 dots an inch.
    Coarse,
    /// A photocopy of a photocopy.
    Copied,
    /// Toner that ran out in streaks.
    Streaked,
}

impl Capture {
    pub(crate) const ALL: [Self; 11] = [
        Self::Colour200,
        Self::Askew,
        Self::Colour300,
        Self::Grey200,
        Self::Fax,
        Self::Noisy,
        Self::Photo,
        Self::Black300,
        Self::Faded,
        Self::Squeezed,
        Self::Edges,
    ];

    /// Those of the hard letters: [`Self::ALL`] and worse ones.
    pub(crate) const HARD: [Self; 14] = [
        Self::Colour200,
        Self::Fax,
        Self::Coarse,
        Self::Askew,
        Self::Copied,
        Self::Noisy,
        Self::Grey200,
        Self::Photo,
        Self::Streaked,
        Self::Black300,
        Self::Faded,
        Self::Squeezed,
        Self::Edges,
        Self::Colour300,
    ];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Colour300 => "colour-300",
            Self::Colour200 => "colour-200",
            Self::Grey200 => "grey-200",
            Self::Black300 => "black-300",
            Self::Askew => "askew",
            Self::Noisy => "noisy",
            Self::Faded => "faded",
            Self::Fax => "fax",
            Self::Photo => "photo",
            Self::Squeezed => "squeezed",
            Self::Edges => "edges-300",
            Self::Coarse => "coarse-150",
            Self::Copied => "copied",
            Self::Streaked => "streaked",
        }
    }

    /// Dots per inch.
    pub(crate) fn dpi(self) -> u16 {
        match self {
            Self::Colour300 | Self::Black300 | Self::Edges => 300,
            Self::Coarse => 150,
            Self::Copied
            | Self::Streaked
            | Self::Colour200
            | Self::Grey200
            | Self::Askew
            | Self::Noisy
            | Self::Faded
            | Self::Fax
            | Self::Photo
            | Self::Squeezed => 200,
        }
    }

    /// Black and white only.
    pub(crate) fn bilevel(self) -> bool {
        matches!(self, Self::Black300 | Self::Fax)
    }

    /// JPEG quality.
    pub(crate) fn quality(self) -> u8 {
        match self {
            Self::Squeezed => 30,
            Self::Photo | Self::Coarse => 60,
            _ => 75,
        }
    }
}

/// How a dot of the result looks up a place on the sheet.
struct Map {
    /// Rows of a homography.
    rows: [[f32; 3]; 3],
}

pub(crate) fn capture(sheet: &Picture, how: Capture, random: &mut SplitMix) -> Picture {
    let turn = |limit: usize, random: &mut SplitMix| {
        (random.below(2 * limit + 1) as f32 - limit as f32) / 100.0
    };
    let degrees = match how {
        Capture::Askew => {
            let degrees = turn(200, random);
            degrees + degrees.signum() * 0.5
        }
        Capture::Photo => turn(150, random),
        Capture::Fax => turn(80, random),
        _ => turn(40, random),
    };
    let mut picture = warp(sheet, &map(sheet, degrees, how == Capture::Photo, random));
    match how {
        Capture::Colour300 | Capture::Colour200 | Capture::Askew => grain(&mut picture, 10, random),
        Capture::Squeezed => grain(&mut picture, 16, random),
        Capture::Grey200 => {
            grain(&mut picture, 10, random);
            grey(&mut picture);
        }
        Capture::Noisy => {
            blur(&mut picture);
            grain(&mut picture, 50, random);
            specks(&mut picture, 900, random);
        }
        Capture::Faded => {
            curve(&mut picture, |dot, _, _| dot * 0.38 + 140.0);
            grain(&mut picture, 14, random);
        }
        Capture::Black300 => {
            grain(&mut picture, 24, random);
            grey(&mut picture);
            threshold(&mut picture, 150);
        }
        Capture::Fax => {
            blur(&mut picture);
            grain(&mut picture, 60, random);
            grey(&mut picture);
            threshold(&mut picture, 165);
            specks(&mut picture, 700, random);
        }
        Capture::Photo => {
            blur(&mut picture);
            let (width, height) = (picture.width as f32, picture.height as f32);
            let slope = 0.25 + random.below(20) as f32 / 100.0;
            curve(&mut picture, |dot, x, y| {
                dot * (1.0 - slope * (0.6 * x / width + 0.4 * y / height)) * 0.95
            });
            grain(&mut picture, 18, random);
        }
        Capture::Coarse => grain(&mut picture, 12, random),
        Capture::Copied => {
            blur(&mut picture);
            grey(&mut picture);
            curve(&mut picture, |dot, _, _| (dot - 128.0) * 1.7 + 120.0);
            blur(&mut picture);
            grain(&mut picture, 30, random);
            specks(&mut picture, 1200, random);
        }
        Capture::Streaked => {
            let width = picture.width as f32;
            let start = random.below(100) as f32 / 100.0;
            curve(&mut picture, |dot, x, _| {
                let streak = ((x / width + start) * 40.0).sin().max(0.0);
                dot + (250.0 - dot) * streak * 0.62
            });
            grain(&mut picture, 16, random);
        }
        Capture::Edges => {
            grain(&mut picture, 10, random);
            let (width, height) = (picture.width, picture.height);
            for y in 0..height {
                for x in (0..width / 45).chain(width - width / 120..width) {
                    picture.dots[y * width + x] = [28, 26, 30];
                }
            }
        }
    }
    picture
}

fn map(sheet: &Picture, degrees: f32, photo: bool, random: &mut SplitMix) -> Map {
    let (width, height) = (sheet.width as f32, sheet.height as f32);
    let (sin, cos) = degrees.to_radians().sin_cos();
    let (cx, cy) = (width / 2.0, height / 2.0);
    let mut rows = [
        [cos, sin, cx - cos * cx - sin * cy],
        [-sin, cos, cy + sin * cx - cos * cy],
        [0.0, 0.0, 1.0],
    ];
    if photo {
        // A sheet seen a little from one side.
        let lean = |random: &mut SplitMix| (random.below(101) as f32 - 50.0) / 50.0 * 0.035;
        rows[2] = [lean(random) / width, lean(random) / height, 1.0];
        let middle = rows[2][0] * cx + rows[2][1] * cy;
        rows[2][2] = 1.0 - middle;
    }
    Map { rows }
}

fn warp(sheet: &Picture, map: &Map) -> Picture {
    let (width, height) = (sheet.width, sheet.height);
    let mut picture = Picture::white(width, height);
    for y in 0..height {
        for x in 0..width {
            let (fx, fy) = (x as f32, y as f32);
            let row = |index: usize| {
                map.rows[index][0] * fx + map.rows[index][1] * fy + map.rows[index][2]
            };
            let depth = row(2);
            let (sx, sy) = (row(0) / depth, row(1) / depth);
            let (left, top) = (sx.floor(), sy.floor());
            if left < 0.0 || top < 0.0 || left as usize + 1 >= width || top as usize + 1 >= height {
                continue;
            }
            let at = top as usize * width + left as usize;
            let (px, py) = (sx - left, sy - top);
            let corners = [
                sheet.dots[at],
                sheet.dots[at + 1],
                sheet.dots[at + width],
                sheet.dots[at + width + 1],
            ];
            let weights = [
                (1.0 - px) * (1.0 - py),
                px * (1.0 - py),
                (1.0 - px) * py,
                px * py,
            ];
            let mix = |channel: usize| {
                corners
                    .iter()
                    .zip(weights)
                    .map(|(dot, weight)| f32::from(dot[channel]) * weight)
                    .sum::<f32>() as u8
            };
            picture.dots[y * width + x] = [mix(0), mix(1), mix(2)];
        }
    }
    picture
}

fn curve(picture: &mut Picture, shade: impl Fn(f32, f32, f32) -> f32) {
    let width = picture.width;
    for (index, dot) in picture.dots.iter_mut().enumerate() {
        let (x, y) = ((index % width) as f32, (index / width) as f32);
        for channel in dot {
            *channel = shade(f32::from(*channel), x, y).clamp(0.0, 255.0) as u8;
        }
    }
}

fn grain(picture: &mut Picture, strength: i32, random: &mut SplitMix) {
    for dot in &mut picture.dots {
        let bits = random.bits();
        let (a, b) = ((bits & 0xFFFF) as i32, (bits >> 16 & 0xFFFF) as i32);
        let noise = (a + b) * strength / 0x2_0000 - strength / 2;
        for channel in dot {
            *channel = (i32::from(*channel) + noise).clamp(0, 255) as u8;
        }
    }
}

fn grey(picture: &mut Picture) {
    for dot in &mut picture.dots {
        let [red, green, blue] = dot.map(u32::from);
        *dot = [((red * 299 + green * 587 + blue * 114) / 1000) as u8; 3];
    }
}

fn threshold(picture: &mut Picture, level: u8) {
    for dot in &mut picture.dots {
        *dot = if dot[0] < level { [0; 3] } else { [255; 3] };
    }
}

fn blur(picture: &mut Picture) {
    let (width, height) = (picture.width, picture.height);
    let before = picture.dots.clone();
    for y in 1..height - 1 {
        for x in 1..width - 1 {
            let at = y * width + x;
            let near = [
                before[at - 1],
                before[at + 1],
                before[at - width],
                before[at + width],
            ];
            for channel in 0..3 {
                let around: u32 = near.iter().map(|dot| u32::from(dot[channel])).sum();
                picture.dots[at][channel] =
                    ((u32::from(before[at][channel]) * 2 + around) / 6) as u8;
            }
        }
    }
}

/// Dust and drop-outs of two dots.
fn specks(picture: &mut Picture, count: usize, random: &mut SplitMix) {
    for _ in 0..count {
        let at = random.below(picture.dots.len() - picture.width - 2);
        let tone = if random.below(3) == 0 {
            [255; 3]
        } else {
            [20; 3]
        };
        for place in [at, at + 1, at + picture.width] {
            picture.dots[place] = tone;
        }
    }
}
