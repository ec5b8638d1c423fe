//! The table: what may be done to a document, by whom, in which state, and where it leads.

use congvan_model::{Direction, DocumentState};

use super::ActKind;

/// What a person must be to a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Who {
    /// The leader before whom it is, or who directed it.
    Director,
    /// Who has it and heads a unit, or the clerk of that unit in its head's place.
    HeadHolding,
    /// Who has it: the one who leads, last in the chain.
    Holder,
    /// Who has it, or supports who has it.
    HolderOrSupport,
    /// Who has it; before it is directed, the leader before whom it is.
    HolderOrDirector,
    /// Who had it last, or a clerk of the agency.
    HolderOrClerk,
    /// A clerk of the agency.
    Clerk,
    /// Who drafted it.
    Drafter,
    /// Who answers for the content of a draft.
    Reviewer,
    /// Who was named to initial it and has not.
    Initialler,
    /// Who drafted it, or a clerk of the agency.
    DrafterOrClerk,
    /// Before whom it is as it stands: who answers for its content, the registry, who initials it, the
    /// leader who signs, and the registry again until it is issued.
    Checking,
}

/// Where an act leads.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Next {
    /// To this state.
    To(DocumentState),
    /// Nowhere: only deadlines and persons change.
    Same,
    /// To the state in which who gave it had it.
    Back,
    /// Away from the agency, where the act says so.
    Away,
    /// To those who initial it; to the leader who signs, once all of them have.
    Onward,
}

/// One line of the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rule {
    /// Which act.
    pub act: ActKind,
    /// On which documents.
    pub on: Direction,
    /// In which states.
    pub from: &'static [DocumentState],
    /// By whom.
    pub who: Who,
    /// Where it leads.
    pub next: Next,
    /// The clause of Decree 30/2020/NĐ-CP, or `practice`.
    pub basis: &'static str,
}

use Direction::{Incoming, Outgoing};
use DocumentState::{
    AwaitingInitials, AwaitingSignature, ContentReview, Directed, Draft, Filed, FormatReview,
    InProgress, Issued, Presented, Received, Registered, Resolved, Signed,
};

/// The whole machine. What is not in it is not possible.
pub const RULES: [Rule; 30] = [
    Rule {
        act: ActKind::Direct,
        on: Incoming,
        from: &[Presented, Directed],
        who: Who::Director,
        next: Next::To(Directed),
        basis: "Art. 23(2)-(3): the leader names unit or person, direction and deadline; of several, who leads, who supports and until when each",
    },
    Rule {
        act: ActKind::Assign,
        on: Incoming,
        from: &[Directed, InProgress],
        who: Who::HeadHolding,
        next: Next::To(Directed),
        basis: "Art. 24(2): the head of the unit has it resolved in time",
    },
    Rule {
        act: ActKind::TakeUp,
        on: Incoming,
        from: &[Directed],
        who: Who::Holder,
        next: Next::To(InProgress),
        basis: "Art. 24(2)",
    },
    Rule {
        act: ActKind::Resolve,
        on: Incoming,
        from: &[InProgress],
        who: Who::Holder,
        next: Next::To(Resolved),
        basis: "Art. 24(2); only who leads completes: practice",
    },
    Rule {
        act: ActKind::File,
        on: Incoming,
        from: &[Resolved],
        who: Who::HolderOrClerk,
        next: Next::To(Filed),
        basis: "Art. 29: who resolves makes the dossier; by the registry: practice",
    },
    Rule {
        act: ActKind::Return,
        on: Incoming,
        from: &[Presented, Directed, InProgress],
        who: Who::HolderOrDirector,
        next: Next::Back,
        basis: "practice",
    },
    Rule {
        act: ActKind::HandOver,
        on: Incoming,
        from: &[Directed, InProgress],
        who: Who::Holder,
        next: Next::Same,
        basis: "practice",
    },
    Rule {
        act: ActKind::AskExtension,
        on: Incoming,
        from: &[Directed, InProgress],
        who: Who::HolderOrSupport,
        next: Next::Same,
        basis: "practice",
    },
    Rule {
        act: ActKind::AnswerExtension,
        on: Incoming,
        from: &[Directed, InProgress],
        who: Who::Director,
        next: Next::Same,
        basis: "practice: granted by the leader who directed",
    },
    Rule {
        act: ActKind::Refuse,
        on: Incoming,
        from: &[Received],
        who: Who::Clerk,
        next: Next::Away,
        basis: "Art. 21(2): what fails the check, or was sent to the wrong place, goes back to the sender; axis status 02",
    },
    Rule {
        act: ActKind::AnswerRecall,
        on: Incoming,
        from: &[
            Received, Registered, Presented, Directed, InProgress, Resolved,
        ],
        who: Who::Clerk,
        next: Next::Away,
        basis: "Art. 18(4)(b): the receiver cancels it and tells the sender; axis statuses 13, 15, 16",
    },
    Rule {
        act: ActKind::Revise,
        on: Outgoing,
        from: &[Draft, ContentReview],
        who: Who::Holder,
        next: Next::Same,
        basis: "Art. 10(3): what is to be corrected comes back to the drafter; by who answers for it: practice",
    },
    Rule {
        act: ActKind::Submit,
        on: Outgoing,
        from: &[Draft],
        who: Who::Drafter,
        next: Next::To(ContentReview),
        basis: "Art. 10(2)-(3): the draft goes through the head of the drafting unit",
    },
    Rule {
        act: ActKind::Approve,
        on: Outgoing,
        from: &[ContentReview],
        who: Who::Reviewer,
        next: Next::To(FormatReview),
        basis: "Art. 12(1): the head of the drafting unit answers for the content",
    },
    Rule {
        act: ActKind::CheckFormat,
        on: Outgoing,
        from: &[FormatReview],
        who: Who::Clerk,
        next: Next::Onward,
        basis: "Art. 12(2): who checks the format answers for it",
    },
    Rule {
        act: ActKind::Initial,
        on: Outgoing,
        from: &[AwaitingInitials],
        who: Who::Initialler,
        next: Next::Onward,
        basis: "practice",
    },
    Rule {
        act: ActKind::Return,
        on: Outgoing,
        from: &[
            ContentReview,
            FormatReview,
            AwaitingInitials,
            AwaitingSignature,
            Signed,
        ],
        who: Who::Checking,
        next: Next::To(Draft),
        basis: "Art. 10(3): it is returned through the System to who drafts it; once signed, as long as it is not issued, and a number it had is void: practice",
    },
    Rule {
        act: ActKind::TakeBack,
        on: Outgoing,
        from: &[
            ContentReview,
            FormatReview,
            AwaitingInitials,
            AwaitingSignature,
        ],
        who: Who::Drafter,
        next: Next::To(Draft),
        basis: "practice: until the leader has signed",
    },
    Rule {
        act: ActKind::Discard,
        on: Outgoing,
        from: &[Draft, Signed],
        who: Who::Drafter,
        next: Next::Away,
        basis: "practice: a draft has no number yet; a copy that is not issued, and a number it had is void",
    },
    Rule {
        act: ActKind::Number,
        on: Outgoing,
        from: &[Signed],
        who: Who::Clerk,
        next: Next::Same,
        basis: "Art. 15(3): number and day are given by a function of the System, after the signature",
    },
    Rule {
        act: ActKind::Seal,
        on: Outgoing,
        from: &[Signed],
        who: Who::Clerk,
        next: Next::Same,
        basis: "Art. 17(2) and 32(2): the registry signs for the agency what the leader has signed and what has its number",
    },
    Rule {
        act: ActKind::Issue,
        on: Outgoing,
        from: &[Signed],
        who: Who::Clerk,
        next: Next::To(Issued),
        basis: "Art. 18(1): issued the day it was signed, the next working day at the latest",
    },
    Rule {
        act: ActKind::Recall,
        on: Outgoing,
        from: &[Issued, Filed],
        who: Who::Clerk,
        next: Next::Same,
        basis: "Art. 18(4)(b): the receiver cancels it and tells the sender; axis status 13",
    },
    Rule {
        act: ActKind::Mail,
        on: Outgoing,
        from: &[Issued, Filed],
        who: Who::Clerk,
        next: Next::Same,
        basis: "Appendix IV: what goes by post is written into a register",
    },
    Rule {
        act: ActKind::Lend,
        on: Outgoing,
        from: &[Issued, Filed],
        who: Who::Clerk,
        next: Next::Same,
        basis: "Appendix IV: who uses the file copy, and who permits it, is written into a register",
    },
    Rule {
        act: ActKind::TakeIn,
        on: Outgoing,
        from: &[Issued, Filed],
        who: Who::Clerk,
        next: Next::Same,
        basis: "Appendix IV: the day on which the file copy came back",
    },
    Rule {
        act: ActKind::File,
        on: Outgoing,
        from: &[Issued],
        who: Who::DrafterOrClerk,
        next: Next::To(Filed),
        basis: "Art. 19(2) and 29: the original is kept in the System, who drafted it makes the dossier",
    },
    Rule {
        act: ActKind::Copy,
        on: Incoming,
        from: &[Registered, Presented, Directed, InProgress, Resolved, Filed],
        who: Who::Clerk,
        next: Next::Same,
        basis: "Art. 27(1): the head of the agency says who copies, here the registry, which signs it for the agency (Art. 32(2))",
    },
    Rule {
        act: ActKind::Copy,
        on: Outgoing,
        from: &[Issued, Filed],
        who: Who::Clerk,
        next: Next::Same,
        basis: "Art. 27(1): as of what came in; before it is issued there is no original: practice",
    },
    Rule {
        act: ActKind::Amend,
        on: Outgoing,
        from: &[Issued, Filed],
        who: Who::DrafterOrClerk,
        next: Next::Same,
        basis: "Art. 18(3): content by a document of the same form, format and procedure by an official letter; the draft goes the way of every other",
    },
];

/// The line of an act on documents of that direction.
#[must_use]
pub fn rule(act: ActKind, on: Direction) -> Option<&'static Rule> {
    RULES.iter().find(|rule| rule.act == act && rule.on == on)
}
