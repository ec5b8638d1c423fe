//! What is on paper of a document that goes out: its envelopes at the post office, and who has the file
//! copy. Two registers of Decree 30/2020, Appendix IV, are made of it.

use congvan_model::{LoanId, Timestamp, nfc};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Actor, Course, HandlingAct, Named, Outgoing, REASON_MAX, Refusal};

/// Most envelopes of one posting.
pub const ENVELOPES_MAX: u16 = 9_999;
/// Longest name of a person or a place, in characters.
const NAME_MAX: usize = 300;

/// Envelopes that went to the post office: a line of “Sổ gửi văn bản đi bưu điện”.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Mailing {
    /// Ngày chuyển.
    #[schema(value_type = String)]
    pub on: Date,
    /// Nơi nhận.
    pub to: String,
    /// Số lượng bì, 1 to [`ENVELOPES_MAX`].
    pub envelopes: u16,
    /// Ghi chú; may be empty.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
    /// Who wrote it down.
    pub by: Named,
}

/// The file copy in somebody's hands: a line of “Sổ sử dụng bản lưu”.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Loan {
    /// Its id, made on the device.
    #[schema(value_type = String, format = Uuid)]
    pub id: LoanId,
    /// Since when.
    #[schema(value_type = String)]
    pub on: Date,
    /// Họ tên người sử dụng.
    pub borrower: String,
    /// Người cho phép.
    pub permitted_by: String,
    /// Ghi chú; may be empty.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
    /// Who gave it out.
    pub by: Named,
    /// Ngày trả; none while it is out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub returned_on: Option<Date>,
}

impl Outgoing {
    /// Whether a file copy is out.
    #[must_use]
    pub fn has_loan(&self) -> bool {
        self.loans.iter().any(|loan| loan.returned_on.is_none())
    }
}

impl Course {
    /// What an act on paper makes of it.
    pub(super) fn carry_out_on_paper(
        &mut self,
        act: &HandlingAct,
        (actor, at): (&Actor<'_>, Timestamp),
    ) -> Result<(), Refusal> {
        let by = actor.named();
        let clean = |words: &str| nfc(words.trim());
        // Nothing on paper is done tomorrow.
        let past = |on: Date| match on <= at.vietnam_date() {
            true => Ok(on),
            false => Err(Refusal::Fact("on")),
        };
        let out = self.outgoing_mut()?;
        if let HandlingAct::Mail {
            on,
            to,
            envelopes,
            note,
        } = act
        {
            out.mailings.push(Mailing {
                on: past(*on)?,
                to: clean(to),
                envelopes: *envelopes,
                note: clean(note),
                by,
            });
        } else if let HandlingAct::Lend {
            loan,
            on,
            borrower,
            permitted_by,
            note,
        } = act
        {
            if out.loans.iter().any(|one| one.id == *loan) {
                return Err(Refusal::Fact("loan"));
            }
            out.loans.push(Loan {
                id: *loan,
                on: past(*on)?,
                borrower: clean(borrower),
                permitted_by: clean(permitted_by),
                note: clean(note),
                by,
                returned_on: None,
            });
        } else if let HandlingAct::TakeIn { loan, on } = act {
            let on = past(*on)?;
            let mut open = out.loans.iter_mut();
            let one = open.find(|one| one.id == *loan && one.returned_on.is_none());
            let one = one.ok_or(Refusal::Fact("loan"))?;
            if on < one.on {
                return Err(Refusal::Fact("on"));
            }
            one.returned_on = Some(on);
        }
        Ok(())
    }
}

/// Whether the words of an act on paper are there, and could stand in a register.
pub(super) fn check_paper(act: &HandlingAct) -> Result<(), Refusal> {
    let within = |text: &str, least: usize, most: usize| {
        (least..=most).contains(&nfc(text.trim()).chars().count())
    };
    let named = |text: &str, fact: &'static str| match within(text, 1, NAME_MAX) {
        true => Ok(()),
        false => Err(Refusal::Fact(fact)),
    };
    let note = |text: &str| match within(text, 0, REASON_MAX) {
        true => Ok(()),
        false => Err(Refusal::Fact("note")),
    };
    if let HandlingAct::Mail {
        to,
        envelopes,
        note: words,
        ..
    } = act
    {
        named(to, "to")?;
        if !(1..=ENVELOPES_MAX).contains(envelopes) {
            return Err(Refusal::Fact("envelopes"));
        }
        note(words)?;
    } else if let HandlingAct::Lend {
        borrower,
        permitted_by,
        note: words,
        ..
    } = act
    {
        named(borrower, "borrower")?;
        named(permitted_by, "permitted_by")?;
        note(words)?;
    }
    Ok(())
}
