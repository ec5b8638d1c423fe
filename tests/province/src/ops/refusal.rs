//! What the protocol's tables refuse, in words that a person understands.

use congvan_model::Timestamp;
use congvan_protocol::{OpOutcome, ProblemCode, handling::Refusal};

use super::{intents::Decision, registering::refused};

/// Whose the act is, where it is not theirs; who did what last, where somebody was first.
pub(super) fn explain(
    refusal: Refusal,
    last: Option<(&str, Timestamp)>,
    not_yours: &str,
) -> Decision {
    match refusal {
        Refusal::Fact(fact) => refused(fact),
        Refusal::NotYours => Decision::rejected(ProblemCode::Forbidden, not_yours),
        Refusal::NotNow => {
            let detail = last.map_or_else(String::new, |(who, at)| {
                let at = at.vietnam();
                let (hour, minute) = (at.hour(), at.minute());
                let (day, month) = (at.day(), at.month());
                format!("{who} ({hour:02}:{minute:02} {day:02}/{month:02})")
            });
            Decision::settled(OpOutcome::Conflict {
                code: ProblemCode::WrongState,
                detail,
            })
        }
    }
}
