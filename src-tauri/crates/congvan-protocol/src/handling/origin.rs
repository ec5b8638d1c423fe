//! What a document that goes out is to another one of the office: a copy of it (Decree 30/2020, Art. 25
//! to 27), or what corrects or replaces it (Art. 18(3)).

use congvan_model::{Direction, DocumentId, DocumentState, DocumentType, Notation, nfc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    Actor, Course, DraftFields, Handling, Outgoing, Refusal,
    course::REASON_MAX,
    outgoing::{check_file, check_subject},
};
use crate::RegisteredFile;

/// What one document is to another.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, ToSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Relation {
    /// Sao y: the whole of an original. From one electronic file to another: practice.
    TrueCopy,
    /// Sao lục: the whole of what is a sao y itself.
    CopyOfCopy,
    /// Trích sao: chosen pages of it.
    Extract,
    /// Đính chính: an official letter that corrects it.
    Correction,
    /// Thay thế: a document of the same kind in its place.
    Replacement,
}

impl Relation {
    /// All of them.
    pub const ALL: [Self; 5] = [
        Self::TrueCopy,
        Self::CopyOfCopy,
        Self::Extract,
        Self::Correction,
        Self::Replacement,
    ];

    /// Whether it is one of the three forms of a copy.
    #[must_use]
    pub fn is_copy(self) -> bool {
        !self.abbreviation().is_empty()
    }

    /// What the symbol of such a copy begins with (Appendix III); empty where it is no copy.
    #[must_use]
    pub fn abbreviation(self) -> &'static str {
        match self {
            Self::TrueCopy => "SY",
            Self::CopyOfCopy => "SL",
            Self::Extract => "TrS",
            Self::Correction | Self::Replacement => "",
        }
    }

    /// In words, as in a course: what was done.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::TrueCopy => "Sao y",
            Self::CopyOfCopy => "Sao lục",
            Self::Extract => "Trích sao",
            Self::Correction => "Đính chính",
            Self::Replacement => "Thay thế",
        }
    }
}

/// What a document is to another one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Origin {
    /// What it is.
    pub relation: Relation,
    /// The other document; none where this agency does not have it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = Uuid)]
    pub document: Option<DocumentId>,
    /// Number and symbol of that, or its subject while it has none. The server says it; what a desk
    /// sends is not looked at.
    #[serde(default)]
    pub title: String,
    /// Its day; the server's word, too.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub issued_on: Option<jiff::civil::Date>,
    /// Of an extract: its pages in their order, from 1.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub pages: Vec<u32>,
    /// Of an extract: what was left out, 1 to 500 characters.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub left_out: String,
}

/// A document that is something to this one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Related {
    /// What that is to this one.
    pub relation: Relation,
    /// Which; none where this agency was not sent it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = Uuid)]
    pub document: Option<DocumentId>,
    /// Its number and symbol; empty while it waits for them.
    pub title: String,
    /// Its day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub issued_on: Option<jiff::civil::Date>,
}

impl Origin {
    fn check(&self) -> Result<(), Refusal> {
        let rises = self.pages.first().is_none_or(|first| *first >= 1)
            && self.pages.is_sorted_by(|one, next| one < next);
        let length = nfc(self.left_out.trim()).chars().count();
        let is_extract = self.relation == Relation::Extract;
        if !rises || self.pages.is_empty() == is_extract {
            return Err(Refusal::Fact("pages"));
        }
        let least = usize::from(is_extract);
        let most = if is_extract { REASON_MAX } else { 0 };
        if !(least..=most).contains(&length) {
            return Err(Refusal::Fact("left_out"));
        }
        Ok(())
    }
}

impl Course {
    /// Where a new copy stands: no leader signs it, so that it waits for number and the agency's
    /// signature at once. Whether its source may be copied is [`Course::takes`].
    ///
    /// # Errors
    /// [`Refusal::Fact`] with `origin`, `symbol`, `subject`, `file`, `pages`, `left_out`.
    pub fn copied(
        (fields, file): (&DraftFields, &RegisteredFile),
        origin: &Origin,
        actor: &Actor<'_>,
    ) -> Result<Self, Refusal> {
        if !origin.relation.is_copy() || origin.document.is_none() {
            return Err(Refusal::Fact("origin"));
        }
        let symbol = nfc(fields.symbol.trim());
        check_symbol(&symbol, origin.relation)?;
        check_subject(&fields.subject)?;
        check_file(file)?;
        origin.check()?;
        let outgoing = Outgoing::of(actor.named(), symbol);
        Ok(Self {
            direction: Direction::Outgoing,
            state: DocumentState::Signed,
            due: None,
            handling: Handling {
                outgoing: Some(Box::new(outgoing)),
                origin: Some(Box::new(Origin {
                    left_out: nfc(origin.left_out.trim()),
                    ..origin.clone()
                })),
                ..Handling::default()
            },
        })
    }

    /// Whether a document of that kind can be this to a document that stands here and is of the kind
    /// `own`: of an original there is no sao lục, of a sao y no other sao y, a correction is an official
    /// letter, and what replaces a document is of the same kind. What a document that came in is,
    /// only its paper says, unless it came as a copy.
    #[must_use]
    pub fn takes(&self, relation: Relation, (own, new): (DocumentType, DocumentType)) -> bool {
        let known = self.handling.origin.as_deref();
        let is_copy = known.is_some_and(|origin| origin.relation.is_copy());
        match relation {
            Relation::TrueCopy => !is_copy,
            Relation::CopyOfCopy => is_copy || self.direction == Direction::Incoming,
            Relation::Extract => true,
            Relation::Correction => new == DocumentType::OfficialLetter,
            Relation::Replacement => new == own,
        }
    }

    /// Whether it is a copy that goes out.
    #[must_use]
    pub fn is_copy(&self) -> bool {
        self.direction == Direction::Outgoing
            && self
                .handling
                .origin
                .as_ref()
                .is_some_and(|origin| origin.relation.is_copy())
    }

    /// Whether another one stands in its place.
    #[must_use]
    pub fn is_replaced(&self) -> bool {
        let mut derived = self.handling.derived.iter();
        derived.any(|one| one.relation == Relation::Replacement)
    }
}

/// `SY-UBND`: the abbreviation of the form, then that of the agency.
fn check_symbol(symbol: &str, relation: Relation) -> Result<(), Refusal> {
    let agency = symbol
        .strip_prefix(relation.abbreviation())
        .and_then(|rest| rest.strip_prefix('-'));
    let notation: Result<Notation, _> = format!("1/{symbol}").parse();
    let is_symbol = agency.is_some_and(|agency| !agency.is_empty())
        && notation.is_ok()
        && symbol.chars().count() <= super::outgoing::SYMBOL_MAX;
    if is_symbol {
        Ok(())
    } else {
        Err(Refusal::Fact("symbol"))
    }
}
