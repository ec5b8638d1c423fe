use std::{fs, path::Path};

use anyhow::{Context, Result};
use ttf_parser::{Face, GlyphId};

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Style {
    Regular,
    Bold,
    Italic,
    BoldItalic,
}

/// A face that letters are typed in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Family {
    Tinos,
    Termes,
    FreeSerif,
    Sans,
    DejaVuSerif,
}

impl Family {
    /// The decree's face and its like are most of what comes in.
    pub(crate) const ALL: [Self; 7] = [
        Self::Tinos,
        Self::Termes,
        Self::Tinos,
        Self::FreeSerif,
        Self::Sans,
        Self::Tinos,
        Self::DejaVuSerif,
    ];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Tinos => "Tinos",
            Self::Termes => "Termes",
            Self::FreeSerif => "FreeSerif",
            Self::Sans => "Sans",
            Self::DejaVuSerif => "DejaVu",
        }
    }

    fn files(self) -> (&'static str, [&'static str; 4]) {
        match self {
            Self::Tinos => (
                concat!(
                    env!("CARGO_MANIFEST_DIR"),
                    "/../../src-tauri/resources/fonts/tinos"
                ),
                [
                    "Tinos-Regular.ttf",
                    "Tinos-Bold.ttf",
                    "Tinos-Italic.ttf",
                    "Tinos-BoldItalic.ttf",
                ],
            ),
            Self::Termes => (
                "/usr/share/texmf/fonts/opentype/public/tex-gyre",
                [
                    "texgyretermes-regular.otf",
                    "texgyretermes-bold.otf",
                    "texgyretermes-italic.otf",
                    "texgyretermes-bolditalic.otf",
                ],
            ),
            Self::FreeSerif => (
                "/usr/share/fonts/truetype/freefont",
                [
                    "FreeSerif.ttf",
                    "FreeSerifBold.ttf",
                    "FreeSerifItalic.ttf",
                    "FreeSerifBoldItalic.ttf",
                ],
            ),
            Self::Sans => (
                "/usr/share/fonts/truetype/liberation2",
                [
                    "LiberationSans-Regular.ttf",
                    "LiberationSans-Bold.ttf",
                    "LiberationSans-Italic.ttf",
                    "LiberationSans-BoldItalic.ttf",
                ],
            ),
            Self::DejaVuSerif => (
                "/usr/share/fonts/truetype/dejavu",
                [
                    "DejaVuSerif.ttf",
                    "DejaVuSerif-Bold.ttf",
                    "DejaVuSerif-Italic.ttf",
                    "DejaVuSerif-BoldItalic.ttf",
                ],
            ),
        }
    }

    /// DejaVu and sans faces run wide; people set them smaller.
    pub(crate) fn scale(self) -> f32 {
        match self {
            Self::Tinos | Self::Termes | Self::FreeSerif => 1.0,
            Self::Sans => 0.9,
            Self::DejaVuSerif => 0.82,
        }
    }
}

/// The four styles of a family.
pub(crate) struct Fonts {
    bytes: [Vec<u8>; 4],
    scale: f32,
}

impl Fonts {
    pub(crate) fn load(family: Family) -> Result<Self> {
        let (folder, names) = family.files();
        let read = |name: &str| {
            let path = Path::new(folder).join(name);
            fs::read(&path)
                .with_context(|| format!("{} is missing: run `cargo xtask setup`", path.display()))
        };
        let [regular, bold, italic, bold_italic] = names;
        Ok(Self {
            bytes: [
                read(regular)?,
                read(bold)?,
                read(italic)?,
                read(bold_italic)?,
            ],
            scale: family.scale(),
        })
    }

    /// The file of a style.
    pub(crate) fn data(&self, style: Style) -> &[u8] {
        &self.bytes[style as usize]
    }

    pub(crate) fn faces(&self) -> Result<Faces<'_>> {
        let [regular, bold, italic, bold_italic] = &self.bytes;
        Ok(Faces {
            faces: [
                Face::parse(regular, 0)?,
                Face::parse(bold, 0)?,
                Face::parse(italic, 0)?,
                Face::parse(bold_italic, 0)?,
            ],
            scale: self.scale,
        })
    }
}

pub(crate) struct Faces<'a> {
    faces: [Face<'a>; 4],
    scale: f32,
}

impl<'a> Faces<'a> {
    pub(crate) fn face(&self, style: Style) -> &Face<'a> {
        &self.faces[style as usize]
    }

    /// A nominal size as this family is set.
    pub(crate) fn set(&self, size: f32) -> f32 {
        size * self.scale
    }

    pub(crate) fn glyph(&self, style: Style, letter: char) -> GlyphId {
        self.face(style).glyph_index(letter).unwrap_or(GlyphId(0))
    }

    pub(crate) fn advance(&self, style: Style, glyph: GlyphId) -> f32 {
        let face = self.face(style);
        f32::from(face.glyph_hor_advance(glyph).unwrap_or(0)) / f32::from(face.units_per_em())
    }

    /// Width in points at a nominal size.
    pub(crate) fn width(&self, style: Style, size: f32, text: &str) -> f32 {
        let advances = text
            .chars()
            .map(|letter| self.advance(style, self.glyph(style, letter)));
        advances.sum::<f32>() * self.set(size)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_vietnamese_letter_has_a_glyph_in_every_face() {
        let vowels = "aàáảãạăằắẳẵặâầấẩẫậeèéẻẽẹêềếểễệiìíỉĩịoòóỏõọôồốổỗộơờớởỡợuùúủũụưừứửữựyỳýỷỹỵđ–";
        for family in Family::ALL {
            let fonts = Fonts::load(family).expect("fonts");
            let faces = fonts.faces().expect("faces");
            for style in [
                Style::Regular,
                Style::Bold,
                Style::Italic,
                Style::BoldItalic,
            ] {
                for letter in vowels.chars().chain(vowels.to_uppercase().chars()) {
                    assert_ne!(
                        faces.glyph(style, letter).0,
                        0,
                        "{family:?} {style:?} {letter}"
                    );
                }
            }
        }
    }
}
