//! Type: sizes, weight, slant, capitals of a part.

use crate::{
    finding::Value,
    letter::Piece,
    review::Findings,
    rules::{Aspect, Part},
};

/// Sizes are set in halves of a point; programs print 13 as 12.96 or 13.02.
const SLACK: f32 = 0.2;

/// What the decree asks of a part's type; what it leaves open is not asked.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Wanted {
    /// The least and the most, in points.
    pub(crate) size: (f32, f32),
    pub(crate) bold: Option<bool>,
    pub(crate) italic: Option<bool>,
    pub(crate) capitals: bool,
}

impl Wanted {
    pub(crate) const fn of(least: f32, most: f32) -> Self {
        Self {
            size: (least, most),
            bold: None,
            italic: Some(false),
            capitals: false,
        }
    }

    pub(crate) const fn bold(self, bold: bool) -> Self {
        Self {
            bold: Some(bold),
            ..self
        }
    }

    pub(crate) const fn italic(self) -> Self {
        Self {
            italic: Some(true),
            ..self
        }
    }

    pub(crate) const fn any_slant(self) -> Self {
        Self {
            italic: None,
            ..self
        }
    }

    pub(crate) const fn capitals(self) -> Self {
        Self {
            capitals: true,
            ..self
        }
    }
}

/// Whether a size is within what is asked.
pub(crate) fn fits(size: f32, (least, most): (f32, f32)) -> bool {
    (least - SLACK..=most + SLACK).contains(&size)
}

/// Checks the type of a part that stands on these lines; each fault is told once.
pub(crate) fn check(pieces: &[&Piece<'_>], part: Part, wanted: Wanted, found: &mut Findings) {
    let first = |wrong: &dyn Fn(&Piece<'_>) -> bool| pieces.iter().find(|piece| wrong(piece));
    let (least, most) = wanted.size;
    if let Some(piece) = first(&|piece| !fits(piece.size(), wanted.size)) {
        let mut range = vec![Value::Points(least)];
        if least < most {
            range.push(Value::Points(most));
        }
        found.add(
            (part, Aspect::Size),
            (piece.page, Some(piece.area)),
            Some(Value::Points(piece.size())),
            range,
        );
    }
    let mut tell = |aspect: Aspect, wrong: &dyn Fn(&Piece<'_>) -> bool| {
        if let Some(piece) = first(wrong) {
            let place = (piece.page, Some(piece.area));
            found.add((part, aspect), place, None, Vec::new());
        }
    };
    match wanted.bold {
        Some(true) => tell(Aspect::Bold, &|piece| !piece.is_bold()),
        Some(false) => tell(Aspect::NotBold, &|piece| piece.is_bold()),
        None => {}
    }
    match wanted.italic {
        Some(true) => tell(Aspect::Italic, &|piece| !piece.is_italic()),
        Some(false) => tell(Aspect::Upright, &|piece| piece.is_italic()),
        None => {}
    }
    if wanted.capitals {
        tell(Aspect::Capitals, &|piece| {
            piece.text.chars().any(char::is_lowercase)
        });
    }
}
