//! A document that goes out, from its draft to the leader who signs: what is known of it, and what
//! its acts make of it. What comes after is [`super::issuing`].

use congvan_model::{
    AccountId, Direction, DocumentState, DocumentType, Notation, ReceiverRole, RevisionId, Role,
    Sha256, Timestamp, Urgency, nfc,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    Actor, Course, Delivery, Done, Handling, HandlingAct, Loan, Mailing, Named, Numbered,
    OfficePerson, Receiver, Refusal, TEXT_MAX,
};
use crate::RegisteredFile;

/// Longest symbol, in characters.
pub(super) const SYMBOL_MAX: usize = 50;
/// Longest subject, in characters.
const SUBJECT_MAX: usize = 2_000;
/// Longest name of a file, in characters.
const NAME_MAX: usize = 200;

/// What stands on a draft.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct DraftFields {
    /// Tên loại, one of the decree's.
    #[schema(value_type = String)]
    pub kind: DocumentType,
    /// Ký hiệu, what will stand behind the number, e.g. `QĐ-UBND`; 1 to 50 characters. That of a
    /// named kind begins with its abbreviation.
    pub symbol: String,
    /// Trích yếu, 1 to 2,000 characters.
    pub subject: String,
    /// Độ khẩn, as the drafter proposes it.
    #[schema(value_type = String)]
    pub urgency: Urgency,
}

impl DraftFields {
    /// Whether it could stand on a document.
    ///
    /// # Errors
    /// [`Refusal::Fact`] with `kind`, `symbol` or `subject`.
    pub fn check(&self) -> Result<(), Refusal> {
        if self.kind == DocumentType::Other {
            return Err(Refusal::Fact("kind"));
        }
        let symbol = nfc(self.symbol.trim());
        let notation: Result<Notation, _> = format!("1/{symbol}").parse();
        let named = Some(self.kind).filter(|kind| !kind.abbreviation().is_empty());
        let is_symbol = symbol.chars().count() <= SYMBOL_MAX
            && notation.is_ok_and(|notation| notation.document_type() == named);
        if !is_symbol {
            return Err(Refusal::Fact("symbol"));
        }
        check_subject(&self.subject)
    }
}

/// Whether a subject could stand on a document.
pub(super) fn check_subject(subject: &str) -> Result<(), Refusal> {
    let length = nfc(subject.trim()).chars().count();
    if (1..=SUBJECT_MAX).contains(&length) {
        Ok(())
    } else {
        Err(Refusal::Fact("subject"))
    }
}

/// How a document that goes out was drafted and checked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Outgoing {
    /// Who drafted it.
    pub drafter: Named,
    /// Ký hiệu, what will stand behind the number.
    pub symbol: String,
    /// The versions of its file in their order, the last the one that counts; empty of a document
    /// that was drafted elsewhere.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub versions: Vec<DraftVersion>,
    /// Who answers for its content, once it was submitted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reviewer: Option<Named>,
    /// Who checked its format.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub checker: Option<Named>,
    /// Who was named to initial it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub initials: Vec<Initials>,
    /// Why it is with the drafter again, until it is submitted anew.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sent_back: Option<SentBack>,
    /// Whether it was signed before it was sent back: a new version has to take the place of what the
    /// signature is on.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub to_replace: bool,
    /// Its number, once the registry asked for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub numbered: Option<Numbered>,
    /// Who signed it for the agency.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sealed: Option<Done>,
    /// Who issued it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub issued: Option<Done>,
    /// The agencies it was sent to, in the order of naming.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub deliveries: Vec<Delivery>,
    /// Further lines of “Nơi nhận”.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub places: Vec<String>,
    /// What of it went to the post office, in the order of writing down.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub mailings: Vec<Mailing>,
    /// Who had and has the file copy, in the order of giving out.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub loans: Vec<Loan>,
}

impl Outgoing {
    /// One that this person drafted, and nothing else.
    #[must_use]
    pub fn of(drafter: Named, symbol: String) -> Self {
        Self {
            drafter,
            symbol,
            versions: Vec::new(),
            reviewer: None,
            checker: None,
            initials: Vec::new(),
            sent_back: None,
            to_replace: false,
            numbered: None,
            sealed: None,
            issued: None,
            deliveries: Vec::new(),
            places: Vec::new(),
            mailings: Vec::new(),
            loans: Vec::new(),
        }
    }
}

/// A version of a draft.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct DraftVersion {
    /// Its number, from 1.
    pub number: u32,
    /// The state of the main file that it is.
    #[schema(value_type = String, format = Uuid)]
    pub revision: RevisionId,
    /// Its bytes.
    #[schema(value_type = String)]
    pub sha256: Sha256,
    /// Who made it.
    pub by: Named,
    /// When.
    #[schema(value_type = i64)]
    pub at: Timestamp,
    /// What has changed; may be empty.
    #[serde(default)]
    pub text: String,
}

/// Somebody who initials a draft.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Initials {
    /// Who.
    pub person: Named,
    /// When it was done; none before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<i64>)]
    pub at: Option<Timestamp>,
}

/// A draft that was sent back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SentBack {
    /// By whom.
    pub by: Named,
    /// Why.
    pub reason: String,
    /// When.
    #[schema(value_type = i64)]
    pub at: Timestamp,
}

impl Course {
    /// Where a new draft stands: with who drafted it.
    ///
    /// # Errors
    /// [`Refusal::Fact`] of the fields, or `file`.
    pub fn drafted(
        fields: &DraftFields,
        file: &RegisteredFile,
        actor: &Actor<'_>,
        at: Timestamp,
    ) -> Result<Self, Refusal> {
        fields.check()?;
        check_file(file)?;
        let drafter = actor.named();
        let outgoing = Outgoing {
            versions: vec![DraftVersion {
                number: 1,
                revision: file.revision,
                sha256: file.sha256,
                by: drafter.clone(),
                at,
                text: String::new(),
            }],
            ..Outgoing::of(drafter.clone(), nfc(fields.symbol.trim()))
        };
        let mut holder = receiver(&drafter, ReceiverRole::Lead, (&drafter, at));
        holder.holds = true;
        Ok(Self {
            direction: Direction::Outgoing,
            state: DocumentState::Draft,
            due: None,
            handling: Handling {
                receivers: vec![holder],
                outgoing: Some(Box::new(outgoing)),
                ..Handling::default()
            },
        })
    }

    /// Whether this person answers for the content.
    pub(super) fn reviews(&self, account: AccountId) -> bool {
        let reviewer = self.outgoing().and_then(|out| out.reviewer.as_ref());
        reviewer.is_some_and(|one| one.account == account)
    }

    /// Whether this person drafted it.
    pub(super) fn drafted_it(&self, account: AccountId) -> bool {
        self.outgoing()
            .is_some_and(|out| out.drafter.account == account)
    }

    /// Whether this person was named to initial it; and has not, where that is asked.
    pub(super) fn initials(&self, account: AccountId, pending: bool) -> bool {
        let mut named = self.outgoing().into_iter().flat_map(|out| &out.initials);
        named.any(|one| one.person.account == account && !(pending && one.at.is_some()))
    }

    /// What an act on a draft makes of it, its state aside where the table says it.
    pub(super) fn carry_out_of_draft(
        &mut self,
        act: &HandlingAct,
        (actor, at): (&Actor<'_>, Timestamp),
        people: Option<&[OfficePerson]>,
    ) -> Result<(), Refusal> {
        match act {
            HandlingAct::Revise { file, fields, text } => {
                self.revise((file.as_deref(), fields.as_deref()), text, (actor, at))
            }
            HandlingAct::Submit { to, supports, .. } => {
                self.submit((*to, supports), people, (actor, at))
            }
            HandlingAct::Approve { .. } => {
                self.approve();
                Ok(())
            }
            HandlingAct::CheckFormat {
                signer, initials, ..
            } => self.check_format((*signer, initials), people, (actor, at)),
            HandlingAct::Initial {} => self.initial(actor.account, at),
            HandlingAct::TakeBack {} => self.back_to_drafter(None, (actor, at)),
            // Of those that come in; and what is given up stays as it was.
            HandlingAct::Direct { .. }
            | HandlingAct::Assign { .. }
            | HandlingAct::TakeUp {}
            | HandlingAct::Resolve { .. }
            | HandlingAct::File { .. }
            | HandlingAct::Return { .. }
            | HandlingAct::HandOver { .. }
            | HandlingAct::AskExtension { .. }
            | HandlingAct::AnswerExtension { .. }
            | HandlingAct::Refuse { .. }
            | HandlingAct::AnswerRecall { .. }
            | HandlingAct::Discard { .. }
            | HandlingAct::Copy {}
            | HandlingAct::Amend {} => Ok(()),
            HandlingAct::Number {}
            | HandlingAct::Seal {}
            | HandlingAct::Issue { .. }
            | HandlingAct::Recall { .. } => self.carry_out_of_issue(act, (actor, at)),
            HandlingAct::Mail { .. } | HandlingAct::Lend { .. } | HandlingAct::TakeIn { .. } => {
                self.carry_out_on_paper(act, (actor, at))
            }
        }
    }

    fn revise(
        &mut self,
        (file, fields): (Option<&RegisteredFile>, Option<&DraftFields>),
        text: &str,
        (actor, at): (&Actor<'_>, Timestamp),
    ) -> Result<(), Refusal> {
        if file.is_none() && fields.is_none() {
            return Err(Refusal::Fact("file"));
        }
        fields.map_or(Ok(()), DraftFields::check)?;
        file.map_or(Ok(()), check_file)?;
        let out = self.outgoing_mut()?;
        if let Some(fields) = fields {
            out.symbol = nfc(fields.symbol.trim());
        }
        if let Some(file) = file {
            out.to_replace = false;
            let is_known = out
                .versions
                .iter()
                .any(|known| known.revision == file.revision || known.sha256 == file.sha256);
            if is_known {
                return Err(Refusal::Fact("file"));
            }
            let last = out.versions.last().map_or(0, |version| version.number);
            out.versions.push(DraftVersion {
                number: last.saturating_add(1),
                revision: file.revision,
                sha256: file.sha256,
                by: actor.named(),
                at,
                text: nfc(text.trim()),
            });
        }
        Ok(())
    }

    fn submit(
        &mut self,
        (to, supports): (AccountId, &[AccountId]),
        people: Option<&[OfficePerson]>,
        (actor, at): (&Actor<'_>, Timestamp),
    ) -> Result<(), Refusal> {
        let own = actor.account;
        let answers: (&[Role], Timestamp) = (&[Role::Head, Role::Leader], at);
        let reviewer = named((to, "to"), people, Some(answers))?;
        if to == own {
            return Err(Refusal::Fact("to"));
        }
        let given_by = actor.named();
        let drafter = (own, &given_by);
        let mut all = vec![placed(drafter, people, ReceiverRole::Lead, (&given_by, at))];
        let mut lead = placed((to, &reviewer), people, ReceiverRole::Lead, (&given_by, at));
        lead.holds = true;
        all.push(lead);
        for account in supports {
            let person = named((*account, "supports"), people, None)?;
            if all.iter().any(|one| one.account == *account) {
                return Err(Refusal::Fact("supports"));
            }
            let role = ReceiverRole::Support;
            all.push(placed((*account, &person), people, role, (&given_by, at)));
        }
        let out = self.outgoing_mut()?;
        // What somebody signed is not put before others as if nobody had.
        if out.to_replace {
            return Err(Refusal::Fact("file"));
        }
        out.reviewer = Some(reviewer);
        out.sent_back = None;
        self.handling.receivers = all;
        Ok(())
    }

    fn approve(&mut self) {
        for one in &mut self.handling.receivers {
            one.holds = false;
        }
    }

    fn check_format(
        &mut self,
        (signer, initials): (AccountId, &[AccountId]),
        people: Option<&[OfficePerson]>,
        (actor, at): (&Actor<'_>, Timestamp),
    ) -> Result<(), Refusal> {
        let leaders: (&[Role], Timestamp) = (&[Role::Leader], at);
        let leader = named((signer, "signer"), people, Some(leaders))?;
        let mut all: Vec<Initials> = Vec::new();
        for account in initials {
            let person = named((*account, "initials"), people, None)?;
            let is_twice = all.iter().any(|one| one.person.account == *account);
            // Who signs it does not initial it besides.
            if is_twice || *account == signer {
                return Err(Refusal::Fact("initials"));
            }
            all.push(Initials { person, at: None });
        }
        let checker = actor.named();
        let out = self.outgoing_mut()?;
        out.checker = Some(checker);
        out.initials = all;
        self.handling.director = Some(leader);
        self.onward();
        Ok(())
    }

    fn initial(&mut self, account: AccountId, at: Timestamp) -> Result<(), Refusal> {
        let out = self.outgoing_mut()?;
        let mut named = out.initials.iter_mut();
        let own = named.find(|one| one.person.account == account && one.at.is_none());
        own.ok_or(Refusal::NotNow)?.at = Some(at);
        self.onward();
        Ok(())
    }

    /// With the drafter again; with a reason when somebody sent it back.
    pub(super) fn back_to_drafter(
        &mut self,
        reason: Option<&str>,
        (actor, at): (&Actor<'_>, Timestamp),
    ) -> Result<(), Refusal> {
        let by = actor.named();
        let was_signed = self.state == DocumentState::Signed;
        let out = self.outgoing_mut()?;
        out.to_replace |= was_signed;
        (out.numbered, out.sealed) = (None, None);
        out.sent_back = reason.map(|reason| SentBack {
            by,
            reason: nfc(reason.trim()),
            at,
        });
        out.checker = None;
        out.initials.clear();
        let drafter = out.drafter.account;
        self.handling.director = None;
        let receivers = &mut self.handling.receivers;
        receivers.retain(|one| one.account == drafter);
        for one in receivers {
            one.holds = true;
        }
        Ok(())
    }

    /// To those who initial it; to the leader, once all of them have.
    fn onward(&mut self) {
        let is_left = self
            .outgoing()
            .is_some_and(|out| out.initials.iter().any(|one| one.at.is_none()));
        self.state = if is_left {
            DocumentState::AwaitingInitials
        } else {
            DocumentState::AwaitingSignature
        };
    }

    pub(super) fn outgoing(&self) -> Option<&Outgoing> {
        self.handling.outgoing.as_deref()
    }

    pub(super) fn outgoing_mut(&mut self) -> Result<&mut Outgoing, Refusal> {
        self.handling.outgoing.as_deref_mut().ok_or(Refusal::NotNow)
    }
}

/// Whether the facts of a file could be true.
pub(super) fn check_file(file: &RegisteredFile) -> Result<(), Refusal> {
    let length = nfc(file.name.trim()).chars().count();
    if (1..=NAME_MAX).contains(&length) && file.size > 0 {
        Ok(())
    } else {
        Err(Refusal::Fact("file"))
    }
}

/// Words that need not be there.
pub(super) fn check_text(text: &str) -> Result<(), Refusal> {
    if nfc(text.trim()).chars().count() <= TEXT_MAX {
        Ok(())
    } else {
        Err(Refusal::Fact("text"))
    }
}

/// A person of the office, of one of these roles where they are given. A desk that does not know the
/// office takes anyone and leaves the name empty.
fn named(
    (account, fact): (AccountId, &'static str),
    people: Option<&[OfficePerson]>,
    roles: Option<(&[Role], Timestamp)>,
) -> Result<Named, Refusal> {
    let Some(people) = people else {
        return Ok(Named {
            account,
            full_name: String::new(),
        });
    };
    let found = people.iter().find(|person| {
        person.account == account && roles.is_none_or(|(roles, at)| person.holds(roles, at))
    });
    let person = found.ok_or(Refusal::Fact(fact))?;
    Ok(Named {
        account,
        full_name: person.full_name.clone(),
    })
}

fn placed(
    (account, person): (AccountId, &Named),
    people: Option<&[OfficePerson]>,
    role: ReceiverRole,
    given: (&Named, Timestamp),
) -> Receiver {
    let mut one = receiver(person, role, given);
    let mut known = people.into_iter().flatten();
    if let Some(known) = known.find(|known| known.account == account) {
        one.unit.clone_from(&known.unit.name);
    }
    one
}

fn receiver(person: &Named, role: ReceiverRole, (given_by, at): (&Named, Timestamp)) -> Receiver {
    Receiver {
        account: person.account,
        full_name: person.full_name.clone(),
        unit: String::new(),
        heads: String::new(),
        role,
        holds: false,
        due: None,
        given_by: given_by.clone(),
        at,
    }
}
