//! Whether a letter is set as Appendix I of Decree 30/2020/NĐ-CP asks: paper, margins, face, the
//! form and type of its parts, the lines under them, page numbers, recipients.
//!
//! What goes in is how every page is set ([`Page`]): words with boxes in millimetres, face, size,
//! weight and colour, and the strokes that are drawn. What comes out are [`Finding`]s: the rule, the
//! place on the page, what was measured and what is wanted. [`RULES`] is the one list of what is
//! checked, each with the clause it comes from.
//!
//! Invariant: no file, socket, clock, environment or thread; the same pages give the same findings.
//! Invariant: what cannot be told is not accused. A page that is a picture is never called clean
//! ([`Review::Image`], [`Review::Text`] with its unchecked pages).

mod body;
mod face;
mod finding;
mod foot;
mod head;
mod letter;
mod page;
mod review;
mod rows;
mod rules;
mod sheet;

pub use finding::{Finding, Value};
pub use page::{Area, Line, Page, Stroke, Style, Word};
pub use review::{Review, review};
pub use rules::{Aspect, Part, RULES, Rule, Severity};
