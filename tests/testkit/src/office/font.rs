use anyhow::{Context, Result};
use ttf_parser::{Face, GlyphId};

/// The four styles of the office's face.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum Style {
    Regular,
    Bold,
    Italic,
    BoldItalic,
}

impl Style {
    pub(super) const ALL: [Self; 4] = [Self::Regular, Self::Bold, Self::Italic, Self::BoldItalic];

    pub(super) fn index(self) -> usize {
        self as usize
    }

    pub(super) fn postscript_name(self) -> &'static str {
        match self {
            Self::Regular => "Tinos",
            Self::Bold => "Tinos-Bold",
            Self::Italic => "Tinos-Italic",
            Self::BoldItalic => "Tinos-BoldItalic",
        }
    }

    fn bytes(self) -> &'static [u8] {
        match self {
            Self::Regular => {
                include_bytes!("../../../../src-tauri/resources/fonts/tinos/Tinos-Regular.ttf")
            }
            Self::Bold => {
                include_bytes!("../../../../src-tauri/resources/fonts/tinos/Tinos-Bold.ttf")
            }
            Self::Italic => {
                include_bytes!("../../../../src-tauri/resources/fonts/tinos/Tinos-Italic.ttf")
            }
            Self::BoldItalic => {
                include_bytes!("../../../../src-tauri/resources/fonts/tinos/Tinos-BoldItalic.ttf")
            }
        }
    }
}

/// Tinos, metric-compatible with Times New Roman, with every Vietnamese letter.
pub(super) struct Fonts {
    faces: [Face<'static>; 4],
}

impl Fonts {
    /// Parses the four faces that ship with the program.
    ///
    /// # Errors
    /// When one is damaged.
    pub(super) fn load() -> Result<Self> {
        let face = |style: Style| Face::parse(style.bytes(), 0).context(style.postscript_name());
        Ok(Self {
            faces: [
                face(Style::Regular)?,
                face(Style::Bold)?,
                face(Style::Italic)?,
                face(Style::BoldItalic)?,
            ],
        })
    }

    pub(super) fn face(&self, style: Style) -> &Face<'static> {
        let [regular, bold, italic, bold_italic] = &self.faces;
        match style {
            Style::Regular => regular,
            Style::Bold => bold,
            Style::Italic => italic,
            Style::BoldItalic => bold_italic,
        }
    }

    pub(super) fn data(&self, style: Style) -> &'static [u8] {
        style.bytes()
    }

    pub(super) fn glyph(&self, style: Style, letter: char) -> Result<GlyphId> {
        self.face(style)
            .glyph_index(letter)
            .with_context(|| format!("no glyph for U+{:04X}", u32::from(letter)))
    }

    /// Width of one glyph in thousandths of the size.
    pub(super) fn advance(&self, style: Style, glyph: GlyphId) -> f32 {
        let face = self.face(style);
        let units = f32::from(face.units_per_em());
        f32::from(face.glyph_hor_advance(glyph).unwrap_or(0)) * 1000.0 / units
    }

    /// Width of a text in points.
    pub(super) fn width(&self, style: Style, size: f32, text: &str) -> f32 {
        text.chars()
            .filter_map(|letter| self.face(style).glyph_index(letter))
            .map(|glyph| self.advance(style, glyph))
            .sum::<f32>()
            * size
            / 1000.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_vietnamese_letter_has_a_glyph_in_every_style() {
        let fonts = Fonts::load().expect("fonts");
        let vowels = "aàáảãạăằắẳẵặâầấẩẫậeèéẻẽẹêềếểễệiìíỉĩịoòóỏõọôồốổỗộơờớởỡợuùúủũụưừứửữựyỳýỷỹỵđ";
        for style in Style::ALL {
            for letter in vowels.chars().chain(vowels.to_uppercase().chars()) {
                fonts.glyph(style, letter).expect("a glyph");
            }
        }
    }
}
