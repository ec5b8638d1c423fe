use std::collections::BTreeMap;

use anyhow::{Context, Result};
use pdf_writer::{
    Filter, Finish, Name, Pdf, Rect, Ref, Str,
    types::{CidFontType, FontFlags, SystemInfo, UnicodeCmap},
};
use subsetter::GlyphRemapper;
use ttf_parser::Face;

use crate::office::deflate;

const IDENTITY: SystemInfo<'static> = SystemInfo {
    registry: Str(b"Adobe"),
    ordering: Str(b"Identity"),
    supplement: 0,
};

/// A face as a PDF embeds it: the glyphs that are used, and the letters they stand for, so that text
/// extracts as typed.
pub struct FontSubset<'a> {
    data: &'a [u8],
    face: Face<'a>,
    name: String,
    remapper: GlyphRemapper,
    letters: BTreeMap<u16, (char, f32)>,
}

impl<'a> FontSubset<'a> {
    /// Of the bytes of a TrueType face; `name` is what the PDF calls it.
    ///
    /// # Errors
    /// When the face is damaged.
    pub fn new(data: &'a [u8], name: &str) -> Result<Self> {
        Ok(Self {
            data,
            face: Face::parse(data, 0).context("face")?,
            name: name.to_owned(),
            remapper: GlyphRemapper::new(),
            letters: BTreeMap::new(),
        })
    }

    /// The two bytes that show a letter.
    ///
    /// # Errors
    /// When the face has no glyph for it.
    pub fn encode(&mut self, letter: char) -> Result<[u8; 2]> {
        let glyph = self
            .face
            .glyph_index(letter)
            .with_context(|| format!("no glyph for U+{:04X}", u32::from(letter)))?;
        let number = self.remapper.remap(glyph.0);
        let advance = f32::from(self.face.glyph_hor_advance(glyph).unwrap_or(0));
        let width = advance * 1000.0 / f32::from(self.face.units_per_em());
        self.letters.entry(number).or_insert((letter, width));
        Ok(number.to_be_bytes())
    }

    /// Whether any letter was shown.
    #[must_use]
    pub fn is_used(&self) -> bool {
        !self.letters.is_empty()
    }

    /// Writes the face as the object `font`; `next` gives the numbers of the objects it is made of.
    ///
    /// # Errors
    /// When the face cannot be cut to its glyphs.
    pub fn write(&self, pdf: &mut Pdf, font: Ref, mut next: impl FnMut() -> Ref) -> Result<()> {
        let (cid, descriptor, cmap, file) = (next(), next(), next(), next());
        let name = format!("CVTEST+{}", self.name);
        let name = Name(name.as_bytes());
        pdf.type0_font(font)
            .base_font(name)
            .encoding_predefined(Name(b"Identity-H"))
            .descendant_font(cid)
            .to_unicode(cmap);
        let mut object = pdf.cid_font(cid);
        object
            .subtype(CidFontType::Type2)
            .base_font(name)
            .system_info(IDENTITY);
        object.font_descriptor(descriptor).default_width(0.0);
        object.cid_to_gid_map_predefined(Name(b"Identity"));
        let mut widths = object.widths();
        for (number, (_, width)) in &self.letters {
            widths.consecutive(*number, [*width]);
        }
        widths.finish();
        object.finish();
        let scale = 1000.0 / f32::from(self.face.units_per_em());
        let bounds = self.face.global_bounding_box();
        pdf.font_descriptor(descriptor)
            .name(name)
            .flags(FontFlags::SERIF | FontFlags::SYMBOLIC)
            .bbox(Rect::new(
                f32::from(bounds.x_min) * scale,
                f32::from(bounds.y_min) * scale,
                f32::from(bounds.x_max) * scale,
                f32::from(bounds.y_max) * scale,
            ))
            .italic_angle(self.face.italic_angle())
            .ascent(f32::from(self.face.ascender()) * scale)
            .descent(f32::from(self.face.descender()) * scale)
            .cap_height(662.0)
            .stem_v(80.0)
            .font_file2(file);
        let mut unicode = UnicodeCmap::new(Name(b"Custom"), IDENTITY);
        for (number, (letter, _)) in &self.letters {
            unicode.pair(*number, *letter);
        }
        pdf.cmap(cmap, unicode.finish().as_slice());
        let subset = subsetter::subset(self.data, 0, &self.remapper)
            .map_err(|error| anyhow::anyhow!("subset: {error}"))?;
        pdf.stream(file, &deflate(&subset)?)
            .filter(Filter::FlateDecode);
        Ok(())
    }
}
