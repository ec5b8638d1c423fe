//! Text fields that are prepared empty and filled later: what a later revision may write on a page
//! that is signed already (ISO 32000-2, 12.7.5.3 and 12.8.2.2).

use crate::{
    Appearance, Colour, Dict, EmbeddedFont, Field, FieldKind, Increment, Item, MmRect, Object,
    PdfError, TextAlign, form_fields, form_xobject, pages,
    signature::{add_annotation, set_form},
    text_string, widget_place,
};

/// /F: printed (12.5.3). Not locked: it is to be filled.
const PRINT: i64 = 4;
/// Text is never made smaller than this, in points.
const SMALLEST: f64 = 5.0;

/// A text field to prepare.
#[derive(Clone, Debug, PartialEq)]
pub struct TextField {
    /// Full name; letters and digits.
    pub name: String,
    /// Page, from 0.
    pub page: usize,
    /// Place on the page as displayed.
    pub rect: MmRect,
    /// Size of the text in points.
    pub size: f64,
    /// Where the text stands in the field.
    pub align: TextAlign,
}

/// Adds the fields that the form does not have yet, each showing nothing.
pub(crate) fn add_text_fields(
    increment: &mut Increment<'_, '_>,
    fields: &[TextField],
) -> Result<(), PdfError> {
    if fields.is_empty() {
        return Ok(());
    }
    let document = increment.document();
    let known = form_fields(document)?;
    let all = pages(document)?;
    for field in fields {
        if known.iter().any(|known| known.name == field.name) {
            continue;
        }
        let page = all.get(field.page).ok_or(PdfError::NoSuchPage {
            index: field.page,
            count: all.len(),
        })?;
        let numbers = |values: &[f64]| -> Object {
            Object::Array(values.iter().copied().map(Object::real).collect())
        };
        let [left, bottom, right, top] = page.user_rect(field.rect);
        // An archived document wants an appearance for every field (ISO 19005-2, 6.3.3).
        let blank = increment.add_stream(
            Dict::new()
                .with("Type", Object::name("XObject"))
                .with("Subtype", Object::name("Form"))
                .with("BBox", numbers(&[0.0, 0.0, right - left, top - bottom])),
            b"",
        )?;
        let quadding = match field.align {
            TextAlign::Left => 0,
            TextAlign::Centre => 1,
            TextAlign::Right => 2,
        };
        let default = format!("/F0 {} Tf 0 g", field.size);
        let widget = Dict::new()
            .with("Type", Object::name("Annot"))
            .with("Subtype", Object::name("Widget"))
            .with("FT", Object::name("Tx"))
            .with("T", text_string(&field.name))
            .with("DA", Object::String(default.into_bytes()))
            .with("Q", Object::Int(quadding))
            .with("P", Object::Ref(page.id))
            .with("Rect", numbers(&[left, bottom, right, top]))
            .with("F", Object::Int(PRINT))
            .with(
                "AP",
                Object::Dict(Dict::new().with("N", Object::Ref(blank))),
            );
        let id = increment.add(Object::Dict(widget))?;
        add_annotation(increment, page, id)?;
        set_form(increment, Some(id))?;
    }
    Ok(())
}

/// Fills text fields by full name, each with its appearance in an embedded font, so that no reader
/// has to make one.
///
/// # Errors
/// [`PdfError::NoSuchField`] where the form has no such text field, [`PdfError::FieldSigned`] where
/// it is filled already, [`PdfError::Font`].
pub fn fill_text_fields(
    increment: &mut Increment<'_, '_>,
    values: &[(&str, &str)],
    font: &[u8],
) -> Result<(), PdfError> {
    if values.is_empty() {
        return Ok(());
    }
    let known = form_fields(increment.document())?;
    for (name, value) in values {
        let field = known
            .iter()
            .find(|field| field.name == *name && is_text(field))
            .ok_or(PdfError::NoSuchField)?;
        if is_filled(increment, field)? {
            return Err(PdfError::FieldSigned);
        }
        fill(increment, field, value, font)?;
    }
    Ok(())
}

fn is_text(field: &Field) -> bool {
    field.kind == FieldKind::Input && (field.dict.is("FT", "Tx") || field.dict.get("FT").is_none())
}

/// Whether a field has a value that says anything.
fn is_filled(increment: &Increment<'_, '_>, field: &Field) -> Result<bool, PdfError> {
    let Some(value) = &field.value else {
        return Ok(false);
    };
    let value = increment.document().resolve(value)?;
    Ok(value.as_string().is_none_or(|text| !text.is_empty()))
}

fn fill(
    increment: &mut Increment<'_, '_>,
    field: &Field,
    value: &str,
    font: &[u8],
) -> Result<(), PdfError> {
    let document = increment.document();
    let all = pages(document)?;
    let Object::Dict(mut dict) = increment.current(field.id)? else {
        return Err(PdfError::malformed(field.id, "field is no dictionary"));
    };
    dict.set("V", text_string(value));
    let style = Style::of(increment, &field.dict)?;
    increment.put(field.id, Object::Dict(dict));
    for widget in &field.widgets {
        let Some((page, rect)) = widget_place(document, &all, *widget)? else {
            continue;
        };
        let rotate = all.get(page).map_or(0, |page| page.rotate);
        let appearance = style.show(value, rect, font)?;
        let form = form_xobject(
            increment,
            &appearance,
            (rect.width, rect.height),
            rotate,
            font,
        )?;
        let Object::Dict(mut dict) = increment.current(*widget)? else {
            return Err(PdfError::malformed(*widget, "widget is no dictionary"));
        };
        dict.set("AP", Object::Dict(Dict::new().with("N", Object::Ref(form))));
        increment.put(*widget, Object::Dict(dict));
    }
    Ok(())
}

/// What /DA and /Q ask for.
struct Style {
    /// In points; none where the reader chooses (size 0).
    size: Option<f64>,
    align: TextAlign,
}

impl Style {
    fn of(increment: &Increment<'_, '_>, field: &Dict) -> Result<Self, PdfError> {
        let document = increment.document();
        let default = document.value(field, "DA")?;
        let text = String::from_utf8_lossy(default.as_string().unwrap_or_default()).into_owned();
        let words: Vec<&str> = text.split_whitespace().collect();
        let size = words
            .windows(2)
            .find_map(|pair| match pair {
                [size, "Tf"] => size.parse::<f64>().ok(),
                _ => None,
            })
            .filter(|size| (1.0..=300.0).contains(size));
        let align = match document.value(field, "Q")?.as_int() {
            Some(1) => TextAlign::Centre,
            Some(2) => TextAlign::Right,
            Some(_) | None => TextAlign::Left,
        };
        Ok(Self { size, align })
    }

    /// One line, as large as asked for and as fits.
    fn show(&self, value: &str, rect: MmRect, font: &[u8]) -> Result<Appearance, PdfError> {
        let face = EmbeddedFont::new(font)?;
        let points = 72.0 / 25.4;
        let (width, height) = (rect.width * points, rect.height * points);
        let line = face.ascent(1.0) + face.descent(1.0);
        let mut size = self.size.unwrap_or(height / line).min(height / line);
        while size > SMALLEST && face.width(value, size) > width {
            size -= 0.25;
        }
        // In the middle, as the blank is made for text of that size.
        let used = size * line / points;
        let area = MmRect {
            x: 0.0,
            y: (rect.height - used) / 2.0,
            width: rect.width,
            height: used + 0.5,
        };
        Ok(Appearance {
            items: vec![Item::Text {
                // A value is one line; its spaces must not break it.
                lines: vec![value.replace([' ', '\n', '\r'], "\u{a0}")],
                area,
                size,
                colour: Colour::BLACK,
                align: self.align,
            }],
        })
    }
}
