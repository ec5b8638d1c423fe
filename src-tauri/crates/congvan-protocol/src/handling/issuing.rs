//! A document that goes out, from the leader's signature to its issue: number and day, the agency's
//! signature, to whom it was sent, and what became of it there.

use congvan_model::{Direction, DocumentState, Notation, Role, Timestamp, nfc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{ActKind, Actor, Course, HandlingAct, Named, Refusal};
use crate::AgencyInfo;

/// Most agencies that one issue names.
pub const RECIPIENTS_MAX: usize = 500;
/// Most further lines of “Nơi nhận”.
pub const PLACES_MAX: usize = 100;
/// Longest name or line, in characters.
const LINE_MAX: usize = 300;
/// Longest code of an agency, in characters.
const CODE_MAX: usize = 35;

/// Something that was done, by whom and when.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Done {
    /// By whom.
    pub by: Named,
    /// When.
    #[schema(value_type = i64)]
    pub at: Timestamp,
}

/// A number that was asked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Numbered {
    /// Who asked for it.
    pub by: Named,
    /// When.
    #[schema(value_type = i64)]
    pub at: Timestamp,
    /// What the server gave; none before it has answered (chờ cấp số).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub number: Option<OutgoingNumber>,
}

/// Number and day of a document that goes out (Decree 30/2020, Art. 15): consecutive in its book from
/// the first to the last day of a year, given once.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct OutgoingNumber {
    /// Code of the outgoing book; one for each kind of document.
    pub book: String,
    /// Its year.
    pub year: u16,
    /// Số, ký hiệu.
    #[schema(value_type = String)]
    pub notation: Notation,
    /// Ngày.
    #[schema(value_type = String)]
    pub issued_on: jiff::civil::Date,
}

/// What an agency's system says of a document it was sent: the status codes of the national axis.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, ToSchema,
)]
pub enum AxisCode {
    /// Đã đến.
    #[serde(rename = "01")]
    Arrived,
    /// Từ chối tiếp nhận; with a reason.
    #[serde(rename = "02")]
    Refused,
    /// Đã tiếp nhận: registered.
    #[serde(rename = "03")]
    Registered,
    /// Đã chuyển xử lý.
    #[serde(rename = "04")]
    Directed,
    /// Đang xử lý.
    #[serde(rename = "05")]
    InProgress,
    /// Đã hoàn thành.
    #[serde(rename = "06")]
    Done,
    /// The sender wants it back; with a reason.
    #[serde(rename = "13")]
    Recalled,
    /// Đồng ý lấy lại.
    #[serde(rename = "15")]
    GivenBack,
    /// Từ chối lấy lại; with a reason.
    #[serde(rename = "16")]
    Kept,
}

impl AxisCode {
    /// All of them.
    pub const ALL: [Self; 9] = [
        Self::Arrived,
        Self::Refused,
        Self::Registered,
        Self::Directed,
        Self::InProgress,
        Self::Done,
        Self::Recalled,
        Self::GivenBack,
        Self::Kept,
    ];

    /// As the axis writes it.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Arrived => "01",
            Self::Refused => "02",
            Self::Registered => "03",
            Self::Directed => "04",
            Self::InProgress => "05",
            Self::Done => "06",
            Self::Recalled => "13",
            Self::GivenBack => "15",
            Self::Kept => "16",
        }
    }

    /// The code that is written so.
    #[must_use]
    pub fn read(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|known| known.code() == code)
    }
}

/// A document at an agency it was sent to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Delivery {
    /// The agency.
    pub agency: AgencyInfo,
    /// What its system said, and where the sender wanted it back, in the order of coming; each once.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub statuses: Vec<DeliveryStatus>,
}

/// One status of a delivery.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct DeliveryStatus {
    /// Which.
    pub code: AxisCode,
    /// When.
    #[schema(value_type = i64)]
    pub at: Timestamp,
    /// Why, where the code asks for it; else empty.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub reason: String,
}

impl Delivery {
    /// Whether that was said.
    #[must_use]
    pub fn has(&self, code: AxisCode) -> bool {
        self.statuses.iter().any(|status| status.code == code)
    }

    /// Whether it can be asked back: it is there, and was not asked back before.
    #[must_use]
    pub fn may_recall(&self) -> bool {
        !self.has(AxisCode::Recalled) && !self.has(AxisCode::Refused)
    }
}

impl Course {
    /// Whether it waits for this person's signature. Of what was drafted elsewhere the handling does
    /// not say who signs: a leader does.
    #[must_use]
    pub fn awaits_signature_of(&self, actor: &Actor<'_>) -> bool {
        self.direction == Direction::Outgoing
            && self.state == DocumentState::AwaitingSignature
            && self.handling.may_sign(actor.account)
            && (self.outgoing().is_some() || actor.holds(Role::Leader))
    }

    /// Whether a document that goes out has come as far as this act needs, its state aside.
    pub(super) fn is_ready_for(&self, act: ActKind) -> bool {
        let Some(out) = self.outgoing() else {
            return false;
        };
        let has_number = out
            .numbered
            .as_ref()
            .is_some_and(|one| one.number.is_some());
        match act {
            ActKind::Number => out.numbered.is_none(),
            ActKind::Seal => has_number && out.sealed.is_none(),
            ActKind::Issue => has_number && out.sealed.is_some(),
            ActKind::TakeIn => out.has_loan(),
            ActKind::Recall => out.deliveries.iter().any(Delivery::may_recall),
            ActKind::Direct
            | ActKind::Assign
            | ActKind::TakeUp
            | ActKind::Resolve
            | ActKind::File
            | ActKind::Return
            | ActKind::HandOver
            | ActKind::AskExtension
            | ActKind::AnswerExtension
            | ActKind::Refuse
            | ActKind::AnswerRecall
            | ActKind::Revise
            | ActKind::Submit
            | ActKind::Approve
            | ActKind::CheckFormat
            | ActKind::Initial
            | ActKind::TakeBack
            | ActKind::Discard
            | ActKind::Mail
            | ActKind::Lend
            | ActKind::Copy
            | ActKind::Amend => true,
        }
    }

    /// What an act after the leader's signature makes of it. A number is not given here: only the
    /// server has the book.
    pub(super) fn carry_out_of_issue(
        &mut self,
        act: &HandlingAct,
        (actor, at): (&Actor<'_>, Timestamp),
    ) -> Result<(), Refusal> {
        let by = actor.named();
        let out = self.outgoing_mut()?;
        if let HandlingAct::Number {} = act {
            let number = None;
            out.numbered = Some(Numbered { by, at, number });
        } else if let HandlingAct::Seal {} = act {
            out.sealed = Some(Done { by, at });
        } else if let HandlingAct::Issue { to, places } = act {
            out.issued = Some(Done { by, at });
            out.places = places.iter().map(|line| nfc(line.trim())).collect();
            out.deliveries = to.iter().map(sent_to).collect();
        } else if let HandlingAct::Recall { to, reason } = act {
            return recall(&mut out.deliveries, to, (reason, at));
        }
        Ok(())
    }
}

fn sent_to(agency: &AgencyInfo) -> Delivery {
    Delivery {
        agency: AgencyInfo {
            code: agency.code.trim().to_owned(),
            name: nfc(agency.name.trim()),
        },
        statuses: Vec::new(),
    }
}

/// Those who are named, or all that can be asked; who cannot be asked is not named.
fn recall(
    deliveries: &mut [Delivery],
    to: &[String],
    (reason, at): (&str, Timestamp),
) -> Result<(), Refusal> {
    let may = |code: &String| {
        let mut known = deliveries.iter();
        known.any(|one| one.agency.code == *code && one.may_recall())
    };
    if !to.iter().all(may) {
        return Err(Refusal::Fact("to"));
    }
    for one in deliveries {
        let is_meant = to.is_empty() || to.contains(&one.agency.code);
        if is_meant && one.may_recall() {
            one.statuses.push(DeliveryStatus {
                code: AxisCode::Recalled,
                at,
                reason: nfc(reason.trim()),
            });
        }
    }
    Ok(())
}

/// Whether somebody receives it, each agency is named once, and every line could stand on paper.
pub(super) fn check_recipients(to: &[AgencyInfo], places: &[String]) -> Result<(), Refusal> {
    let within = |text: &str, most: usize| (1..=most).contains(&nfc(text.trim()).chars().count());
    let is_sane = |(index, one): (usize, &AgencyInfo)| {
        let code = one.code.trim();
        let mut before = to.iter().take(index);
        within(code, CODE_MAX)
            && within(&one.name, LINE_MAX)
            && before.all(|other| other.code.trim() != code)
    };
    if to.len() > RECIPIENTS_MAX || !to.iter().enumerate().all(is_sane) {
        return Err(Refusal::Fact("to"));
    }
    if places.len() > PLACES_MAX || !places.iter().all(|line| within(line, LINE_MAX)) {
        return Err(Refusal::Fact("places"));
    }
    if to.is_empty() && places.is_empty() {
        return Err(Refusal::Fact("to"));
    }
    Ok(())
}
