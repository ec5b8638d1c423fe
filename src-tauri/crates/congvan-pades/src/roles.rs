//! The built-in looks of Decree 30/2020/NĐ-CP by name: what [`Template::built_in`] says, at a size
//! that the caller chose.

use congvan_model::Timestamp;
use congvan_pdf::{Appearance, MmRect};

pub use crate::template::seal_over;
use crate::{
    PageSize,
    template::{Facts, Role, Template},
};

/// The form of a copy, as its signature must say (Decree 30/2020, article 25).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CopyForm {
    /// A copy of the original: sao y.
    True,
    /// A copy of a copy: sao lục.
    OfCopy,
    /// An extract: trích sao.
    Extract,
}

impl CopyForm {
    /// The words of the decree.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::True => "SAO Y",
            Self::OfCopy => "SAO LỤC",
            Self::Extract => "TRÍCH SAO",
        }
    }
}

/// What goes onto the arrival stamp, "ĐẾN" (Decree 30/2020, Appendix IV).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Arrival<'a> {
    /// The receiving agency.
    pub agency: &'a str,
    /// Number of arrival; none leaves the line to be filled by hand.
    pub number: Option<&'a str>,
    /// Day of arrival.
    pub date: Option<&'a str>,
    /// To whom it is passed.
    pub passed_to: Option<&'a str>,
    /// Number and symbol of the dossier.
    pub dossier: Option<&'a str>,
}

/// Width and height of the arrival stamp in millimetres.
pub const ARRIVAL_SIZE: (f64, f64) = (50.0, 35.0);

/// A built-in template asks for nothing but what its function hands in.
fn look(role: Role, facts: &Facts<'_>, picture: Option<&[u8]>, size: (f64, f64)) -> Appearance {
    let template = Template::built_in(role);
    template
        .appearance(facts, picture, size)
        .unwrap_or_default()
}

/// A leader's signature or initials: the handwriting alone, centred, no text.
#[must_use]
pub fn leader(png: Vec<u8>, size: (f64, f64)) -> Appearance {
    look(Role::Leader, &Facts::default(), Some(&png), size)
}

/// The organisation's seal in true size, no text. The picture should fill its square.
#[must_use]
pub fn seal(png: Vec<u8>, size: (f64, f64)) -> Appearance {
    look(Role::Seal, &Facts::default(), Some(&png), size)
}

/// The organisation's signature on a document or appendix in a file of its own: number and symbol
/// of the main document, and the time; no picture.
#[must_use]
pub fn appendix(notation: &str, time: Timestamp, size: (f64, f64)) -> Appearance {
    let facts = Facts {
        notation: Some(notation),
        time: Some(time),
        ..Facts::default()
    };
    look(Role::Appendix, &facts, None, size)
}

/// The organisation's signature on a scanned or electronic copy: form, agency, time; no picture.
#[must_use]
pub fn copy(form: CopyForm, agency: &str, time: Timestamp, size: (f64, f64)) -> Appearance {
    let facts = Facts {
        copy_form: Some(form.words()),
        agency: Some(agency),
        time: Some(time),
        ..Facts::default()
    };
    look(Role::Copy, &facts, None, size)
}

/// The arrival stamp as the look of the clerk's signature on an incoming document: an allowed later
/// change in every reader, unlike an annotation.
#[must_use]
pub fn arrival(stamp: &Arrival<'_>) -> Appearance {
    let facts = Facts {
        agency: Some(stamp.agency),
        number: stamp.number,
        date: stamp.date,
        passed_to: stamp.passed_to,
        dossier: stamp.dossier,
        ..Facts::default()
    };
    look(Role::Arrival, &facts, None, ARRIVAL_SIZE)
}

/// The upper right corner of a page: where separate appendices and copies are signed.
#[must_use]
pub fn top_right(page: PageSize, (width, height): (f64, f64), margin: f64) -> MmRect {
    MmRect {
        x: (page.width_mm - width - margin).max(0.0),
        y: margin,
        width,
        height,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_seal_covers_a_third_of_the_leaders_picture_on_its_left() {
        let leader = MmRect {
            x: 120.0,
            y: 200.0,
            width: 45.0,
            height: 20.0,
        };
        let seal = seal_over(leader, (36.0, 36.0));
        let covered = seal.x + seal.width - leader.x;
        assert!((covered / leader.width - 1.0 / 3.0).abs() < 1e-9);
        assert!(seal.x < leader.x);
        let middle = |rect: MmRect| rect.y + rect.height / 2.0;
        assert!((middle(seal) - middle(leader)).abs() < 1e-9);
    }
}
