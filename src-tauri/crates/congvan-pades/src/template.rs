//! What a signature looks like and where it goes, as data: so that an office changes a size or a
//! line without a release. The built-in ones follow Decree 30/2020/NĐ-CP, Appendix I.
//!
//! A template is JSON:
//!
//! ```json
//! {
//!   "role": "copy",
//!   "place": { "rule": "top_right", "margin_mm": 8 },
//!   "size": { "mm": [70, 18] },
//!   "parts": [{ "text": { "lines": ["{copy_form}", "{agency}", "{time}"] } }]
//! }
//! ```

use congvan_model::Timestamp;
use congvan_pdf::{Appearance, Item, MmRect, RasterImage, TextAlign};
use serde::Deserialize;

use crate::{
    FieldChoice, PageSize,
    placement::{Initials, PageWords, Place, initials_place, leader_place, text_place},
};

mod built_in;
mod words;

pub use words::{Paint, Side};

/// What a signature is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// The person with authority: handwriting between position and name (cell 7c).
    Leader,
    /// Initials of who answers for content or form: ký nháy.
    Initials,
    /// The organisation: its red seal in true size, over a third of the leader's picture (cell 8).
    Seal,
    /// The organisation on a copy: form of copy, agency, time (cell 14).
    Copy,
    /// The organisation on an appendix in a file of its own: number and symbol, time.
    Appendix,
    /// Number and date on a document that is signed already (cells 3 and 4).
    NumberDate,
    /// The arrival stamp, "ĐẾN" (Appendix IV).
    Arrival,
    /// Nothing to see.
    None,
}

/// Why a template does not fit.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TemplateError {
    /// Not a template: an administrator's mistake.
    #[error("not a template, at line {line}, column {column}: {what}")]
    Json {
        /// From 1.
        line: usize,
        /// From 1.
        column: usize,
        /// What was expected.
        what: String,
    },
    /// A size or distance that is no length on paper.
    #[error("a size or distance out of range")]
    Length,
    /// `{word}` that nothing stands for.
    #[error("unknown placeholder {{{name}}}")]
    UnknownPlaceholder {
        /// The word.
        name: String,
    },
    /// The caller did not say what `{word}` stands for, and there is no default.
    #[error("nothing was given for {{{name}}}")]
    MissingFact {
        /// The word.
        name: &'static str,
    },
    /// The template shows a picture, and none was given.
    #[error("no picture")]
    NoPicture,
    /// The picture is no PNG.
    #[error("the picture is no PNG")]
    BadPicture,
    /// The page does not say where it belongs: a person must point at the place.
    #[error("the place was not found")]
    PlaceNotFound,
    /// The document has no such page.
    #[error("no page {page}")]
    NoSuchPage {
        /// As the template says.
        page: i32,
    },
}

/// A template, read and checked.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Template {
    /// What it is for.
    pub role: Role,
    /// Where it goes.
    pub place: Rule,
    /// How large it is.
    pub size: Size,
    /// What it shows, in this order.
    pub parts: Vec<Part>,
    /// What it shows where no picture was given; nothing makes the picture mandatory.
    #[serde(default)]
    pub without_picture: Vec<Part>,
}

/// Where a signature goes.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(tag = "rule", rename_all = "snake_case", deny_unknown_fields)]
pub enum Rule {
    /// Nowhere: it shows nothing.
    Invisible,
    /// At a fixed place.
    Absolute {
        /// 1 is the first page, -1 the last.
        page: i32,
        /// From the left edge.
        x_mm: f64,
        /// From the upper edge.
        y_mm: f64,
    },
    /// In the upper right corner of the first page.
    TopRight {
        /// From both edges.
        margin_mm: f64,
    },
    /// Between the signer's position and name.
    SignerBlock,
    /// Over the left third of the leader's picture, reaching out to its left.
    OverLeader,
    /// Behind the last word of the content.
    AfterContent,
    /// Behind the words `Nơi nhận`.
    AfterRecipients,
    /// By a line that begins with a text.
    Text {
        /// The text.
        text: String,
        /// The last such line, not the first.
        #[serde(default)]
        last: bool,
        /// From the line's left edge.
        dx_mm: f64,
        /// From the line's upper edge.
        dy_mm: f64,
    },
    /// In the blanks of the lines with number and date.
    NumberAndDate,
}

/// How large a signature is.
#[derive(Clone, Copy, Debug, PartialEq, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Size {
    /// Width and height in millimetres; a picture alone is made as large as fits.
    Mm([f64; 2]),
    /// As the picture's own resolution says (PNG, pHYs); else so many millimetres.
    Picture {
        /// Width and height in millimetres.
        else_mm: [f64; 2],
    },
}

/// One thing shown; areas are `[x, y, width, height]` in millimetres, the whole where left out.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Part {
    /// The picture that is handed in.
    Picture(PicturePart),
    /// Lines of text with placeholders: `{name}`, or `{name|default}`.
    Text(TextPart),
    /// The outline of a box.
    Frame(FramePart),
}

/// See [`Part::Picture`].
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PicturePart {
    /// Where.
    #[serde(default)]
    pub area_mm: Option<[f64; 4]>,
}

/// See [`Part::Text`].
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TextPart {
    /// The lines.
    pub lines: Vec<String>,
    /// Where.
    #[serde(default)]
    pub area_mm: Option<[f64; 4]>,
    /// In points; the decree's 10 where left out.
    #[serde(default = "words::decree_size")]
    pub size_pt: f64,
    /// As `#rrggbb`; black where left out.
    #[serde(default)]
    pub colour: words::Paint,
    /// Left where left out.
    #[serde(default)]
    pub align: words::Side,
}

/// See [`Part::Frame`].
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FramePart {
    /// Where.
    #[serde(default)]
    pub area_mm: Option<[f64; 4]>,
    /// Thickness in points.
    pub width_pt: f64,
    /// As `#rrggbb`.
    #[serde(default)]
    pub colour: words::Paint,
}

/// What the placeholders stand for; each has the name of its field.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Facts<'a> {
    /// The signer.
    pub name: Option<&'a str>,
    /// The signer's position; also what the place is searched by.
    pub position: Option<&'a str>,
    /// The signing agency.
    pub agency: Option<&'a str>,
    /// Number and symbol, as in `12/QĐ-UBND`.
    pub notation: Option<&'a str>,
    /// The number alone.
    pub number: Option<&'a str>,
    /// The day, as it is to be read.
    pub date: Option<&'a str>,
    /// `SAO Y`, `SAO LỤC`, `TRÍCH SAO`.
    pub copy_form: Option<&'a str>,
    /// To whom an incoming document is passed.
    pub passed_to: Option<&'a str>,
    /// Number and symbol of the dossier.
    pub dossier: Option<&'a str>,
    /// The moment of signing; shown as ISO 8601 with +07:00.
    pub time: Option<Timestamp>,
}

/// What is known of the document's pages.
#[derive(Clone, Copy, Debug, Default)]
pub struct Scene<'a> {
    /// From [`crate::inspect`].
    pub sizes: &'a [PageSize],
    /// From a renderer; may be empty where no rule searches.
    pub words: &'a [PageWords],
    /// The leader's picture, see [`crate::signature_places`].
    pub leader: Option<Place>,
    /// Where a person pointed; goes before the rule. Its size is not used.
    pub pointed: Option<Place>,
}

/// A template filled in for one document.
#[derive(Clone, Debug, PartialEq)]
pub struct Stamp {
    /// Where it goes; none for one that shows nothing.
    pub place: Option<Place>,
    /// What it looks like there.
    pub appearance: Appearance,
}

impl Stamp {
    /// As a new field for [`crate::SignRequest::field`].
    #[must_use]
    pub fn field(&self) -> FieldChoice {
        self.place
            .map_or(FieldChoice::Invisible, |Place { page, rect }| {
                FieldChoice::New { page, rect }
            })
    }
}

impl Template {
    /// Reads a template.
    ///
    /// # Errors
    /// [`TemplateError::Json`], [`TemplateError::Length`], [`TemplateError::UnknownPlaceholder`].
    pub fn read(json: &str) -> Result<Self, TemplateError> {
        let template: Self = serde_json::from_str(json).map_err(|error| TemplateError::Json {
            line: error.line(),
            column: error.column(),
            what: error.to_string(),
        })?;
        template.check()?;
        Ok(template)
    }

    fn check(&self) -> Result<(), TemplateError> {
        let [width, height] = match self.size {
            Size::Mm(size) | Size::Picture { else_mm: size } => size,
        };
        let is_length = |value: f64| (0.1..=2000.0).contains(&value);
        if self.role != Role::None && !(is_length(width) && is_length(height)) {
            return Err(TemplateError::Length);
        }
        for part in self.parts.iter().chain(&self.without_picture) {
            if let Part::Text(text) = part {
                if !(1.0..=200.0).contains(&text.size_pt) {
                    return Err(TemplateError::Length);
                }
                text.lines.iter().try_for_each(|line| words::check(line))?;
            }
        }
        Ok(())
    }

    /// Fills the template in for one document and finds its place. `picture` is a PNG.
    ///
    /// # Errors
    /// All but the first three of [`TemplateError`]; [`TemplateError::PlaceNotFound`] asks for a
    /// click, to be handed in as [`Scene::pointed`].
    pub fn fill(
        &self,
        facts: &Facts<'_>,
        picture: Option<&[u8]>,
        scene: &Scene<'_>,
    ) -> Result<Stamp, TemplateError> {
        if self.place == Rule::Invisible && scene.pointed.is_none() {
            return Ok(Stamp {
                place: None,
                appearance: Appearance::default(),
            });
        }
        let size = self.size_mm(picture)?;
        let place = self.find(facts, size, scene)?;
        Ok(Stamp {
            place: Some(place),
            appearance: self.appearance(facts, picture, (place.rect.width, place.rect.height))?,
        })
    }

    /// What it looks like at a size in millimetres.
    ///
    /// # Errors
    /// As [`Template::fill`].
    pub fn appearance(
        &self,
        facts: &Facts<'_>,
        picture: Option<&[u8]>,
        (width, height): (f64, f64),
    ) -> Result<Appearance, TemplateError> {
        let whole = [0.0, 0.0, width, height];
        let rect = |area: Option<[f64; 4]>| {
            let [x, y, width, height] = area.unwrap_or(whole);
            MmRect {
                x,
                y,
                width,
                height,
            }
        };
        let mut items = Vec::new();
        for part in self.shown(picture) {
            items.push(match part {
                Part::Picture(part) => Item::Image {
                    png: picture.ok_or(TemplateError::NoPicture)?.to_vec(),
                    area: rect(part.area_mm),
                },
                Part::Text(part) => Item::Text {
                    lines: words::fill(&part.lines, facts)?,
                    area: rect(part.area_mm),
                    size: part.size_pt,
                    colour: part.colour.0,
                    align: TextAlign::from(part.align),
                },
                Part::Frame(part) => Item::Frame {
                    area: rect(part.area_mm),
                    width: part.width_pt,
                    colour: part.colour.0,
                },
            });
        }
        Ok(Appearance { items })
    }

    fn shown(&self, picture: Option<&[u8]>) -> &[Part] {
        if picture.is_none() && !self.without_picture.is_empty() {
            &self.without_picture
        } else {
            &self.parts
        }
    }

    /// Width and height in millimetres with a picture; where the picture is all there is, its own
    /// proportions.
    fn size_mm(&self, picture: Option<&[u8]>) -> Result<(f64, f64), TemplateError> {
        let [width, height] = match self.size {
            Size::Mm(size) | Size::Picture { else_mm: size } => size,
        };
        let (Some(png), [Part::Picture(PicturePart { area_mm: None })]) =
            (picture, self.parts.as_slice())
        else {
            return Ok((width, height));
        };
        let image = RasterImage::from_png(png).map_err(|_| TemplateError::BadPicture)?;
        if let (Size::Picture { .. }, Some(size)) = (self.size, image.size_mm) {
            return Ok(size);
        }
        let (across, down) = (f64::from(image.width), f64::from(image.height));
        let scale = (width / across).min(height / down);
        Ok((across * scale, down * scale))
    }

    fn find(
        &self,
        facts: &Facts<'_>,
        (width, height): (f64, f64),
        scene: &Scene<'_>,
    ) -> Result<Place, TemplateError> {
        let at = |page: usize, x: f64, y: f64| Place {
            page,
            rect: MmRect {
                x,
                y,
                width,
                height,
            },
        };
        if let Some(Place { page, rect }) = scene.pointed {
            // A click is a point; a rectangle drawn is centred on.
            let (x, y) = (rect.x + rect.width / 2.0, rect.y + rect.height / 2.0);
            return Ok(at(page, x - width / 2.0, y - height / 2.0));
        }
        let size = (width, height);
        let found = match &self.place {
            Rule::Invisible | Rule::NumberAndDate => None,
            Rule::Absolute { page, x_mm, y_mm } => {
                Some(at(page_of(*page, scene.sizes)?, *x_mm, *y_mm))
            }
            Rule::TopRight { margin_mm } => {
                let page = scene.sizes.first();
                let page = page.ok_or(TemplateError::NoSuchPage { page: 1 })?;
                let x = (page.width_mm - width - margin_mm).max(0.0);
                Some(at(0, x, *margin_mm))
            }
            Rule::SignerBlock => {
                let name = facts
                    .name
                    .ok_or(TemplateError::MissingFact { name: "name" })?;
                let sought = (name, facts.position.unwrap_or_default());
                leader_place(scene.words, sought, size)
            }
            Rule::OverLeader => scene.leader.map(|leader| {
                let rect = seal_over(leader.rect, size);
                at(leader.page, rect.x, rect.y)
            }),
            Rule::AfterContent => initials_place(scene.words, Initials::Content, size),
            Rule::AfterRecipients => initials_place(scene.words, Initials::Form, size),
            Rule::Text {
                text,
                last,
                dx_mm,
                dy_mm,
            } => text_place(scene.words, text, *last)
                .map(|line| at(line.page, line.rect.x + dx_mm, line.rect.y + dy_mm)),
        };
        found.ok_or(TemplateError::PlaceNotFound)
    }
}

/// Where the seal goes: over a third of the leader's picture, from its left, at the same height.
#[must_use]
pub fn seal_over(leader: MmRect, (width, height): (f64, f64)) -> MmRect {
    MmRect {
        x: leader.x + leader.width / 3.0 - width,
        y: leader.y + (leader.height - height) / 2.0,
        width,
        height,
    }
}

fn page_of(page: i32, sizes: &[PageSize]) -> Result<usize, TemplateError> {
    let count = sizes.len();
    let index = match usize::try_from(page) {
        Ok(page) => page.checked_sub(1),
        Err(_) => count.checked_sub(page.unsigned_abs() as usize),
    };
    index
        .filter(|index| *index < count)
        .ok_or(TemplateError::NoSuchPage { page })
}
