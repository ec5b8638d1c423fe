use crate::{page::Area, rules::Rule};

/// Something measured, or wanted.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// A length on the page, in millimetres.
    Millimetres(f32),
    /// A size of type or a distance of paragraphs, in points.
    Points(f32),
    /// A ratio: of lines to single spacing, of a stroke to the words above it.
    Times(f32),
    /// Width and height of paper, in millimetres.
    Paper(f32, f32),
    /// What stands on the page, or should: letters, a face's name, a colour as `#RRGGBB`.
    Text(String),
}

/// One place where a letter is not as the decree asks.
#[derive(Clone, Debug, PartialEq)]
pub struct Finding {
    /// What is not kept.
    pub rule: &'static Rule,
    /// The page, from 0.
    pub page: u32,
    /// Where on it, in millimetres; nothing where something is missing that has no place yet.
    pub area: Option<Area>,
    /// What is there; nothing where it is missing or there is nothing to measure.
    pub measured: Option<Value>,
    /// What is wanted: one value, the least and the most, or nothing where the rule's own words say it.
    pub wanted: Vec<Value>,
}
