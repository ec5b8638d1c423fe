use std::{collections::BTreeMap, fmt::Write as _, iter};

use congvan_model::nfc;
use subsetter::GlyphRemapper;
use ttf_parser::{Face, GlyphId};

use crate::{Dict, Increment, ObjRef, Object, PdfError};

/// A TrueType font being embedded: collects the letters that are used, then writes the subset.
///
/// Every typed form of a letter gets its own character code, so that decomposed Vietnamese draws
/// the composed glyph and still extracts as it was typed.
pub struct EmbeddedFont<'f> {
    data: &'f [u8],
    face: Face<'f>,
    /// Typed cluster to its code and glyph.
    codes: BTreeMap<String, (u16, GlyphId)>,
}

impl<'f> EmbeddedFont<'f> {
    /// Takes the bytes of a TrueType font.
    ///
    /// # Errors
    /// [`PdfError::Font`] when they are none.
    pub fn new(data: &'f [u8]) -> Result<Self, PdfError> {
        let face = Face::parse(data, 0).map_err(|_| PdfError::Font {
            what: "not a TrueType font",
        })?;
        Ok(Self {
            data,
            face,
            codes: BTreeMap::new(),
        })
    }

    /// Width of a text in points at a size in points.
    #[must_use]
    pub fn width(&self, text: &str, size: f64) -> f64 {
        clusters(text)
            .map(|cluster| self.advance(self.glyph(cluster)))
            .sum::<f64>()
            * size
            / 1000.0
    }

    /// Height of the letters above the base line at a size, in points.
    #[must_use]
    pub fn ascent(&self, size: f64) -> f64 {
        self.thousandths(self.face.ascender()) * size / 1000.0
    }

    /// Depth of the letters below the base line at a size, in points; positive.
    #[must_use]
    pub fn descent(&self, size: f64) -> f64 {
        -self.thousandths(self.face.descender()) * size / 1000.0
    }

    /// Whether the font draws a letter.
    pub(crate) fn has(&self, letter: char) -> bool {
        self.face.glyph_index(letter).is_some()
    }

    /// The text as a hexadecimal string of two-byte codes for `Tj`.
    ///
    /// # Errors
    /// [`PdfError::Font`] after 65,535 different letters.
    pub fn encode(&mut self, text: &str) -> Result<String, PdfError> {
        let mut out = String::from("<");
        for cluster in clusters(text) {
            let code = match self.codes.get(cluster) {
                Some((code, _)) => *code,
                None => self.code(cluster)?,
            };
            // Writing to a String cannot fail.
            let _ = write!(out, "{code:04X}");
        }
        out.push('>');
        Ok(out)
    }

    /// Writes the subset and its dictionaries; the result is the font to name in /Resources.
    ///
    /// # Errors
    /// [`PdfError::Font`] when the font cannot be subset, [`PdfError::Limit`].
    pub fn embed(self, increment: &mut Increment<'_, '_>) -> Result<ObjRef, PdfError> {
        let mut remapper = GlyphRemapper::new();
        let mut by_code: Vec<(u16, &str, GlyphId)> = self
            .codes
            .iter()
            .map(|(cluster, (code, glyph))| (*code, cluster.as_str(), *glyph))
            .collect();
        by_code.sort_unstable();
        let rules = increment.rules();
        let lacks = by_code.iter().any(|(_, _, glyph)| glyph.0 == 0);
        if lacks && !rules.permits_missing_letters() {
            return Err(PdfError::Font {
                what: "lacks a letter",
            });
        }
        let mut to_glyph = vec![0, 0];
        let mut widths = vec![Object::real(self.advance(GlyphId(0)))];
        for (_, _, glyph) in &by_code {
            to_glyph.extend_from_slice(&remapper.remap(glyph.0).to_be_bytes());
            widths.push(Object::real(self.advance(*glyph)));
        }
        let subset = subsetter::subset(self.data, 0, &remapper).map_err(|_| PdfError::Font {
            what: "cannot be subset",
        })?;
        let name = self.subset_name(&by_code);
        let file = increment.add_stream(
            Dict::new().with("Length1", Object::Int(subset.len() as i64)),
            &subset,
        )?;
        let map = increment.add_stream(Dict::new(), &to_glyph)?;
        let unicode = increment.add_stream(Dict::new(), to_unicode(&by_code).as_bytes())?;
        let mut descriptor = self.descriptor(&name, file);
        if rules.lists_letters() {
            let set = increment.add_stream(Dict::new(), &code_set(by_code.len() + 1))?;
            descriptor.set("CIDSet", Object::Ref(set));
        }
        let descriptor = increment.add(Object::Dict(descriptor))?;
        let system = Dict::new()
            .with("Registry", Object::String(b"Adobe".to_vec()))
            .with("Ordering", Object::String(b"Identity".to_vec()))
            .with("Supplement", Object::Int(0));
        let descendant = increment.add(Object::Dict(
            Dict::new()
                .with("Type", Object::name("Font"))
                .with("Subtype", Object::name("CIDFontType2"))
                .with("BaseFont", Object::name(&name))
                .with("CIDSystemInfo", Object::Dict(system))
                .with("FontDescriptor", Object::Ref(descriptor))
                .with("CIDToGIDMap", Object::Ref(map))
                .with("DW", Object::Int(0))
                .with(
                    "W",
                    Object::Array(vec![Object::Int(0), Object::Array(widths)]),
                ),
        ))?;
        increment.add(Object::Dict(
            Dict::new()
                .with("Type", Object::name("Font"))
                .with("Subtype", Object::name("Type0"))
                .with("BaseFont", Object::name(&name))
                .with("Encoding", Object::name("Identity-H"))
                .with(
                    "DescendantFonts",
                    Object::Array(vec![Object::Ref(descendant)]),
                )
                .with("ToUnicode", Object::Ref(unicode)),
        ))
    }

    fn descriptor(&self, name: &str, file: ObjRef) -> Dict {
        let bbox = self.face.global_bounding_box();
        let bbox = [bbox.x_min, bbox.y_min, bbox.x_max, bbox.y_max];
        let number = |value: i16| Object::real(self.thousandths(value));
        Dict::new()
            .with("Type", Object::name("FontDescriptor"))
            .with("FontName", Object::name(name))
            // Symbolic: the codes are our own (9.8.2).
            .with("Flags", Object::Int(4))
            .with(
                "FontBBox",
                Object::Array(bbox.into_iter().map(number).collect()),
            )
            .with("ItalicAngle", Object::Int(0))
            .with("Ascent", number(self.face.ascender()))
            .with("Descent", number(self.face.descender()))
            .with(
                "CapHeight",
                number(self.face.capital_height().unwrap_or(self.face.ascender())),
            )
            .with("StemV", Object::Int(80))
            .with("FontFile2", Object::Ref(file))
    }

    /// Six letters that depend on the subset, a plus sign and the font's own name (9.9.2).
    fn subset_name(&self, by_code: &[(u16, &str, GlyphId)]) -> String {
        let mut hash = 0xcbf2_9ce4_8422_2325_u64;
        for (_, _, glyph) in by_code {
            hash = (hash ^ u64::from(glyph.0)).wrapping_mul(0x100_0000_01b3);
        }
        let mut tag = String::new();
        for _ in 0..6 {
            tag.push(char::from(b'A' + (hash % 26) as u8));
            hash /= 26;
        }
        let own = self
            .face
            .names()
            .into_iter()
            .filter(|name| name.name_id == ttf_parser::name_id::POST_SCRIPT_NAME)
            .find_map(|name| name.to_string())
            .unwrap_or_else(|| "Font".to_owned());
        format!("{tag}+{own}")
    }

    /// A code for a cluster that has none.
    fn code(&mut self, cluster: &str) -> Result<u16, PdfError> {
        let next = self.codes.len() + 1;
        let next = u16::try_from(next).map_err(|_| PdfError::Font {
            what: "too many letters",
        })?;
        let glyph = self.glyph(cluster);
        self.codes.insert(cluster.to_owned(), (next, glyph));
        Ok(next)
    }

    fn glyph(&self, cluster: &str) -> GlyphId {
        let mut letters = cluster.chars();
        let letter = match (letters.next(), letters.next()) {
            (Some(alone), None) if is_composed(alone) => Some(alone),
            // A mark that does not compose is left out of the drawing, not out of the text.
            (_, _) => nfc(cluster).chars().next(),
        };
        letter
            .and_then(|letter| self.face.glyph_index(letter))
            .unwrap_or(GlyphId(0))
    }

    fn advance(&self, glyph: GlyphId) -> f64 {
        f64::from(self.face.glyph_hor_advance(glyph).unwrap_or(0)) * 1000.0
            / f64::from(self.face.units_per_em())
    }

    fn thousandths(&self, units: i16) -> f64 {
        f64::from(units) * 1000.0 / f64::from(self.face.units_per_em())
    }
}

/// Whether a letter is surely its own composed form: Latin with every mark of Vietnamese is, and is
/// most of what is written.
fn is_composed(letter: char) -> bool {
    letter < '\u{300}' || ('\u{1e00}'..='\u{1eff}').contains(&letter)
}

/// Letters, each with the combining marks that follow it.
fn clusters(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    iter::from_fn(move || {
        let mut letters = rest.chars();
        let first = letters.next()?.len_utf8();
        let marks = letters.take_while(|letter| ('\u{300}'..='\u{36f}').contains(letter));
        let length = first + marks.map(char::len_utf8).sum::<usize>();
        let (cluster, after) = rest.split_at_checked(length)?;
        rest = after;
        Some(cluster)
    })
}

fn to_unicode(by_code: &[(u16, &str, GlyphId)]) -> String {
    let mut map = String::from(
        "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n\
         /CIDSystemInfo <</Registry (Adobe) /Ordering (UCS) /Supplement 0>> def\n\
         /CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n\
         1 begincodespacerange\n<0000> <FFFF>\nendcodespacerange\n",
    );
    // At most 100 mappings in one block.
    for block in by_code.chunks(100) {
        map.push_str(&format!("{} beginbfchar\n", block.len()));
        for (code, cluster, _) in block {
            let units: String = cluster
                .encode_utf16()
                .map(|unit| format!("{unit:04X}"))
                .collect();
            map.push_str(&format!("<{code:04X}> <{units}>\n"));
        }
        map.push_str("endbfchar\n");
    }
    map.push_str("endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend\n");
    map
}

/// One bit for each code, the highest first.
fn code_set(count: usize) -> Vec<u8> {
    let mut set = vec![0xff_u8; count / 8];
    if !count.is_multiple_of(8) {
        set.push(0xff << (8 - count % 8));
    }
    set
}
