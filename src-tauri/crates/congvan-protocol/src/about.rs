//! What an opinion is about, where it is not about the document as a whole: review notes (ghi chú soát
//! xét), which stay outside the file.

use congvan_model::{OpinionId, Sha256};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What an opinion is about. Who does not know it, an older desk or server, has the words alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum OpinionAbout {
    /// A place on a page: a note. The box is in ten-thousandths of the page as displayed, from its top
    /// left corner.
    Place {
        /// The state of the file that was read.
        #[schema(value_type = String)]
        sha256: Sha256,
        /// The page, from 0.
        page: u32,
        /// Left.
        x: u16,
        /// Top.
        y: u16,
        /// Width, at least 1.
        w: u16,
        /// Height, at least 1.
        h: u16,
    },
    /// A note on the same document: this says that it is dealt with.
    Settled {
        /// Which.
        #[schema(value_type = String, format = Uuid)]
        note: OpinionId,
    },
    /// A note on the same document that was dealt with: this says that it is open again.
    Reopened {
        /// Which.
        #[schema(value_type = String, format = Uuid)]
        note: OpinionId,
    },
    /// Something that only a newer peer knows: the words stand alone.
    #[serde(other)]
    Other,
}

impl OpinionAbout {
    /// The page's width and height, as boxes count them.
    pub const WHOLE: u16 = 10_000;

    /// Whether a place lies on its page.
    #[must_use]
    pub fn is_sound(&self) -> bool {
        let is_within = |from: u16, length: u16| {
            length > 0 && u32::from(from) + u32::from(length) <= u32::from(Self::WHOLE)
        };
        match self {
            Self::Place { x, y, w, h, .. } => is_within(*x, *w) && is_within(*y, *h),
            Self::Settled { .. } | Self::Reopened { .. } | Self::Other => true,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(x: u16, w: u16) -> OpinionAbout {
        OpinionAbout::Place {
            sha256: Sha256([7; 32]),
            page: 0,
            x,
            y: 0,
            w,
            h: OpinionAbout::WHOLE,
        }
    }

    #[test]
    fn a_place_lies_on_its_page_and_is_not_empty() {
        assert!(place(0, 10_000).is_sound() && place(9_999, 1).is_sound());
        assert!(!place(0, 0).is_sound() && !place(9_999, 2).is_sound());
        assert!(!place(u16::MAX, u16::MAX).is_sound());
    }
}
