//! Number and day on the pages of a document that goes out. They are given after the leader has signed
//! (Decree 30/2020, article 15), and a later revision may not write on a signed page: so the first
//! signature brings empty fields along in the blanks of the page, and the agency's signature fills
//! them, or shows number and day itself where there are none.

use congvan_model::{ByteSource, DocumentState, Sha256, Timestamp};
use congvan_pades::{
    Appearance, FieldChoice, NumberDate, TextField, inspect, number_fields, number_values,
    placement::PageWords, seal_with_number, template::Stamp,
};
use congvan_protocol::{
    FileRole,
    handling::{Course, OutgoingNumber},
};
use congvan_store::{DocumentDetail, FileView};

use crate::{Desk, DeskError, Placement, Result, engine::pdf_fault, look::Look, session::Session};

/// What a signature does for number and day.
#[derive(Clone, Debug, Default)]
pub(crate) enum Numbering {
    /// Nothing.
    #[default]
    Nothing,
    /// Brings empty fields along, where the file is not signed yet.
    Blanks(Vec<TextField>),
    /// Fills them in, or shows number and day itself.
    Given {
        number: NumberDate,
        /// The words of the first page, where its blanks are.
        words: Vec<PageWords>,
    },
}

/// What of a signature follows from that.
pub(crate) struct Numbered {
    pub(crate) field: FieldChoice,
    pub(crate) appearance: Appearance,
    pub(crate) text_fields: Vec<TextField>,
    pub(crate) filled: Vec<(&'static str, String)>,
}

impl Desk {
    /// What a signature on a file does for number and day.
    pub(crate) async fn numbering(
        &self,
        session: &Session,
        detail: &DocumentDetail,
        (file, head): (&FileView, Sha256),
    ) -> Numbering {
        let handling = detail.document.handling.as_deref();
        let out = handling.and_then(|handling| handling.outgoing.as_deref());
        let is_copy = Course::of(&detail.document).is_copy();
        // On a copy stand number and day of its source.
        let Some(out) = out.filter(|_| file.file.role == FileRole::Main && !is_copy) else {
            return Numbering::Nothing;
        };
        let given = out.numbered.as_ref().and_then(|one| one.number.as_ref());
        let is_sealing = detail.document.state == DocumentState::Signed && out.sealed.is_none();
        match given {
            Some(number) if is_sealing => Numbering::Given {
                number: as_read(number),
                words: self.first_words(session, head).await.unwrap_or_default(),
            },
            Some(_) => Numbering::Nothing,
            None => Numbering::Blanks(self.blanks(session, head).await),
        }
    }

    /// The blanks for number and day of a file, looked for once in a run of the program.
    async fn blanks(&self, session: &Session, head: Sha256) -> Vec<TextField> {
        if let Some(known) = self.places().known_blanks(head) {
            return known;
        }
        // A worker that was lost is no answer of the file: the next signature looks again.
        let Some(words) = self.first_words(session, head).await else {
            return Vec::new();
        };
        let blanks = number_fields(&words);
        self.places().found_blanks(head, blanks.clone());
        blanks
    }
}

/// Number and day as the decree writes them.
fn as_read(number: &OutgoingNumber) -> NumberDate {
    let day = number.issued_on;
    NumberDate {
        number: format!("{:02}", number.notation.number()),
        day: u8::try_from(day.day()).unwrap_or(0),
        month: u8::try_from(day.month()).unwrap_or(0),
        year: u16::try_from(day.year()).unwrap_or(0),
    }
}

impl Numbering {
    /// Field and appearance of a signature with what it does for number and day. Blocks.
    ///
    /// # Errors
    /// `PdfCorrupt`, `PdfPassword`; what [`Look::drawn`] refuses.
    pub(crate) fn drawn(
        &self,
        source: &dyn ByteSource,
        look: &Look,
        placement: Option<Placement>,
        now: Timestamp,
    ) -> Result<Numbered> {
        let drawn = |placement: Option<Placement>| match placement {
            Some(place) => look.drawn(place, now),
            None => Ok((FieldChoice::Invisible, Appearance::default())),
        };
        let plain = |(field, appearance)| Numbered {
            field,
            appearance,
            text_fields: Vec::new(),
            filled: Vec::new(),
        };
        match self {
            Self::Nothing => Ok(plain(drawn(placement)?)),
            Self::Blanks(fields) => {
                let is_first = fields.is_empty() || is_unsigned(source)?;
                Ok(Numbered {
                    text_fields: if is_first { fields.clone() } else { Vec::new() },
                    ..plain(drawn(placement)?)
                })
            }
            Self::Given { number, words } => {
                let filled = number_values(source, number).map_err(|error| pdf_fault(&error))?;
                if !filled.is_empty() {
                    return Ok(Numbered {
                        filled,
                        ..plain(drawn(placement)?)
                    });
                }
                // The number has to be read on the page: such a signature is never invisible.
                let placement = match placement {
                    Some(placement) => placement,
                    None => {
                        let found = inspect(source).map_err(|error| pdf_fault(&error))?;
                        look.usual(&found.pages).ok_or(DeskError::PdfCorrupt)?
                    }
                };
                let (field, appearance) = look.drawn(placement, now)?;
                let FieldChoice::New { page, rect } = field else {
                    return Ok(plain((field, appearance)));
                };
                let seal = Stamp {
                    place: Some(congvan_pades::placement::Place { page, rect }),
                    appearance,
                };
                let stamp = seal_with_number(&seal, words, number);
                Ok(plain((stamp.field(), stamp.appearance)))
            }
        }
    }
}

fn is_unsigned(source: &dyn ByteSource) -> Result<bool> {
    let found = inspect(source).map_err(|error| pdf_fault(&error))?;
    Ok(found.signed_fields.is_empty())
}
