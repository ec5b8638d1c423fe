use std::fmt::Write;

use crate::{Dict, EmbeddedFont, Increment, ObjRef, Object, PdfError, RasterImage};

const POINTS_PER_MM: f64 = 72.0 / 25.4;

/// A rectangle in millimetres; the origin is the upper left corner, y grows downwards.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct MmRect {
    /// From the left edge.
    pub x: f64,
    /// From the upper edge.
    pub y: f64,
    /// Width.
    pub width: f64,
    /// Height.
    pub height: f64,
}

/// A colour, each part from 0 to 1.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Colour {
    /// Red.
    pub red: f64,
    /// Green.
    pub green: f64,
    /// Blue.
    pub blue: f64,
}

impl Colour {
    /// Black: the text of stamps (Decree 30/2020, Appendix I).
    pub const BLACK: Self = Self {
        red: 0.0,
        green: 0.0,
        blue: 0.0,
    };
    /// Bright red: marks of urgency and of arrival.
    pub const RED: Self = Self {
        red: 0.86,
        green: 0.0,
        blue: 0.0,
    };
}

/// Where a line of text stands in its area.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TextAlign {
    /// At the left edge.
    Left,
    /// In the middle.
    Centre,
    /// At the right edge.
    Right,
}

/// One thing drawn; areas are relative to the upper left corner of the stamp.
#[derive(Clone, Debug, PartialEq)]
pub enum Item {
    /// Lines of upright text, broken at spaces where too wide, made smaller where too high.
    Text {
        /// The lines.
        lines: Vec<String>,
        /// Where they may stand.
        area: MmRect,
        /// Size in points.
        size: f64,
        /// Colour of the letters.
        colour: Colour,
        /// Where a line stands.
        align: TextAlign,
    },
    /// A picture, as large as fits without distortion, centred.
    Image {
        /// A PNG; its transparency is kept.
        png: Vec<u8>,
        /// Where it may stand.
        area: MmRect,
    },
    /// The outline of a box.
    Frame {
        /// The box.
        area: MmRect,
        /// Thickness in points.
        width: f64,
        /// Colour of the line.
        colour: Colour,
    },
}

/// What a signature field or a stamp looks like.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Appearance {
    /// Drawn in this order.
    pub items: Vec<Item>,
}

struct Canvas<'f> {
    content: String,
    /// Height of the stamp in points; PDF counts upwards.
    height: f64,
    font: EmbeddedFont<'f>,
    has_text: bool,
    images: Dict,
    /// The colour space that letters and lines name; none for that of the device.
    space: Option<Object>,
}

/// Writes an appearance stream (ISO 32000-2, 12.5.5) of the given size in millimetres as displayed,
/// upright on a page that is displayed turned by `rotate` degrees clockwise.
///
/// # Errors
/// [`PdfError::Font`], [`PdfError::Image`], [`PdfError::Limit`].
pub fn form_xobject(
    increment: &mut Increment<'_, '_>,
    appearance: &Appearance,
    (width, height): (f64, f64),
    rotate: u16,
    font: &[u8],
) -> Result<ObjRef, PdfError> {
    let (width, height) = (width * POINTS_PER_MM, height * POINTS_PER_MM);
    let mut canvas = Canvas {
        content: String::new(),
        height,
        font: EmbeddedFont::new(font)?,
        has_text: false,
        images: Dict::new(),
        space: Some(increment.rules().rgb()).filter(|space| space.as_name().is_none()),
    };
    for item in &appearance.items {
        canvas.draw(increment, item)?;
    }
    let mut resources = Dict::new();
    if canvas.has_text {
        let font = canvas.font.embed(increment)?;
        resources.set(
            "Font",
            Object::Dict(Dict::new().with("F0", Object::Ref(font))),
        );
    }
    if let Some(space) = canvas.space {
        resources.set("ColorSpace", Object::Dict(Dict::new().with("C0", space)));
    }
    if !canvas.images.0.is_empty() {
        resources.set("XObject", Object::Dict(canvas.images));
    }
    let numbers =
        |values: &[f64]| Object::Array(values.iter().copied().map(Object::real).collect());
    let matrix = match rotate {
        90 => [0.0, 1.0, -1.0, 0.0, height, 0.0],
        180 => [-1.0, 0.0, 0.0, -1.0, width, height],
        270 => [0.0, -1.0, 1.0, 0.0, 0.0, width],
        _ => [1.0, 0.0, 0.0, 1.0, 0.0, 0.0],
    };
    let dict = Dict::new()
        .with("Type", Object::name("XObject"))
        .with("Subtype", Object::name("Form"))
        .with("FormType", Object::Int(1))
        .with("BBox", numbers(&[0.0, 0.0, width, height]))
        .with("Matrix", numbers(&matrix))
        .with("Resources", Object::Dict(resources));
    increment.add_stream(dict, canvas.content.as_bytes())
}

/// The contents of many pages of one size in millimetres that share one font, and the resources that
/// all of them name.
///
/// # Errors
/// As [`form_xobject`].
pub(crate) fn page_contents(
    increment: &mut Increment<'_, '_>,
    sheets: &[Appearance],
    height: f64,
    font: &[u8],
) -> Result<(Vec<String>, Dict), PdfError> {
    let mut canvas = Canvas {
        content: String::new(),
        height: height * POINTS_PER_MM,
        font: EmbeddedFont::new(font)?,
        has_text: false,
        images: Dict::new(),
        space: None,
    };
    let mut contents = Vec::with_capacity(sheets.len());
    for sheet in sheets {
        for item in &sheet.items {
            canvas.draw(increment, item)?;
        }
        contents.push(std::mem::take(&mut canvas.content));
    }
    let mut resources = Dict::new();
    if canvas.has_text {
        let font = canvas.font.embed(increment)?;
        resources.set(
            "Font",
            Object::Dict(Dict::new().with("F0", Object::Ref(font))),
        );
    }
    if !canvas.images.0.is_empty() {
        resources.set("XObject", Object::Dict(canvas.images));
    }
    Ok((contents, resources))
}

/// The appearance of a field that shows nothing.
pub(crate) fn empty_form(increment: &mut Increment<'_, '_>) -> Result<ObjRef, PdfError> {
    let dict = Dict::new()
        .with("Type", Object::name("XObject"))
        .with("Subtype", Object::name("Form"))
        .with("BBox", Object::Array(vec![Object::Int(0); 4]))
        .with("Resources", Object::Dict(Dict::new()));
    increment.add_stream(dict, &[])
}

impl Canvas<'_> {
    fn draw(&mut self, increment: &mut Increment<'_, '_>, item: &Item) -> Result<(), PdfError> {
        match item {
            Item::Text {
                lines,
                area,
                size,
                colour,
                align,
            } => self.text(lines, *area, (*size, *colour, *align)),
            Item::Image { png, area } => self.image(increment, png, *area),
            Item::Frame {
                area,
                width,
                colour,
            } => {
                let [x, y, w, h] = self.points(*area);
                let half = width / 2.0;
                let colour = self.colour(*colour, ("CS", "SC", "RG"));
                let (left, bottom, wide, high) = (x + half, y + half, w - width, h - width);
                // Writing to a String cannot fail.
                let _ = writeln!(
                    self.content,
                    "q {colour} {width} w {left:.4} {bottom:.4} {wide:.4} {high:.4} re S Q"
                );
                Ok(())
            }
        }
    }

    /// Left, bottom, width, height in points.
    fn points(&self, area: MmRect) -> [f64; 4] {
        let height = area.height * POINTS_PER_MM;
        [
            area.x * POINTS_PER_MM,
            self.height - area.y * POINTS_PER_MM - height,
            area.width * POINTS_PER_MM,
            height,
        ]
    }

    fn put(&mut self, text: &str) {
        // Writing to a String cannot fail.
        let _ = self.content.write_str(text);
    }

    fn image(
        &mut self,
        increment: &mut Increment<'_, '_>,
        png: &[u8],
        area: MmRect,
    ) -> Result<(), PdfError> {
        let image = RasterImage::from_png(png)?;
        let [x, y, w, h] = self.points(area);
        let scale = (w / f64::from(image.width)).min(h / f64::from(image.height));
        let (iw, ih) = (
            f64::from(image.width) * scale,
            f64::from(image.height) * scale,
        );
        let name = format!("I{}", self.images.0.len());
        self.put(&format!(
            "q {iw:.4} 0 0 {ih:.4} {:.4} {:.4} cm /{name} Do Q\n",
            x + (w - iw) / 2.0,
            y + (h - ih) / 2.0
        ));
        let id = image.embed(increment)?;
        self.images.set(&name, Object::Ref(id));
        Ok(())
    }

    fn text(
        &mut self,
        lines: &[String],
        area: MmRect,
        (size, colour, align): (f64, Colour, TextAlign),
    ) -> Result<(), PdfError> {
        let [x, y, w, h] = self.points(area);
        let mut size = size;
        let mut broken = self.fold(lines, w, size);
        while self.block_height(broken.len(), size) > h && size > 4.0 {
            size -= 0.25;
            broken = self.fold(lines, w, size);
        }
        let leading = self.leading(size);
        let mut baseline = y + h - self.font.ascent(size);
        self.put(&format!(
            "q {} BT /F0 {size:.2} Tf\n",
            self.colour(colour, ("cs", "sc", "rg"))
        ));
        for line in broken {
            let slack = w - self.font.width(&line, size);
            let indent = match align {
                TextAlign::Left => 0.0,
                TextAlign::Centre => slack / 2.0,
                TextAlign::Right => slack,
            };
            let codes = self.font.encode(&line)?;
            let left = x + indent;
            // Writing to a String cannot fail.
            let _ = writeln!(
                self.content,
                "1 0 0 1 {left:.4} {baseline:.4} Tm {codes} Tj"
            );
            self.has_text = true;
            baseline -= leading;
        }
        self.put("ET Q\n");
        Ok(())
    }

    /// Sets a colour: by name of the space and its parts, or at once in that of the device.
    fn colour(&self, colour: Colour, (space, parts, device): (&str, &str, &str)) -> String {
        let Colour { red, green, blue } = colour;
        let numbers = format!("{red:.3} {green:.3} {blue:.3}");
        match self.space {
            Some(_) => format!("/C0 {space} {numbers} {parts}"),
            None => format!("{numbers} {device}"),
        }
    }

    fn leading(&self, size: f64) -> f64 {
        self.font.ascent(size) + self.font.descent(size)
    }

    fn block_height(&self, lines: usize, size: f64) -> f64 {
        self.leading(size) * lines as f64
    }

    /// Breaks lines at spaces so that they fit the width.
    fn fold(&self, lines: &[String], width: f64, size: f64) -> Vec<String> {
        let mut broken = Vec::new();
        for line in lines {
            // What somebody broke for this width is not broken again by the last bit of a sum.
            if self.font.width(line, size) <= width + 1e-6 {
                broken.push(line.clone());
                continue;
            }
            let mut current = String::new();
            for word in line.split(' ') {
                let longer = if current.is_empty() {
                    word.to_owned()
                } else {
                    format!("{current} {word}")
                };
                if current.is_empty() || self.font.width(&longer, size) <= width {
                    current = longer;
                } else {
                    broken.push(std::mem::replace(&mut current, word.to_owned()));
                }
            }
            broken.push(current);
        }
        broken
    }
}
