use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{DraftAbout, RelatedDto};

/// A person whom acts may name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct OfficePersonDto {
    /// The account.
    pub account: String,
    /// The person's name.
    pub name: String,
    /// The title as signed.
    pub position: String,
    /// `leader`, `clerk`, `head`, `official`, `unit_clerk`, `archivist`, `unit_admin`.
    pub role: String,
    /// Name of the unit.
    pub unit: String,
    /// Code of the unit.
    pub unit_code: String,
    /// The person's other posts that are held now.
    pub further: Vec<FurtherPostDto>,
}

/// Another post of a person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct FurtherPostDto {
    /// As of the person's main post.
    pub role: String,
    /// The title as signed.
    pub position: String,
    /// Name of the unit.
    pub unit: String,
}

/// A PDF that is kept here, to be a draft or a new version of one; the host that took it in says it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct DraftFileDto {
    /// Hash of its bytes; they can be opened by it.
    pub sha256: String,
    /// Bytes.
    pub size: u64,
    /// Display name, 1 to 200 characters.
    pub name: String,
    /// Pages.
    pub pages: Option<u32>,
}

impl From<congvan_core::DraftFile> for DraftFileDto {
    fn from(file: congvan_core::DraftFile) -> Self {
        Self {
            sha256: file.sha256.to_hex(),
            size: file.size,
            name: file.name,
            pages: file.pages,
        }
    }
}

/// What stands on a draft.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct DraftFieldsDto {
    /// Tên loại, as in the protocol, e.g. `decision`, `official_letter`.
    pub kind: String,
    /// Ký hiệu, e.g. `QĐ-UBND`; 1 to 50 characters, that of a named kind with its abbreviation.
    pub symbol: String,
    /// Trích yếu, 1 to 2,000 characters.
    pub subject: String,
    /// `normal`, `urgent`, `very_urgent`, `express`, `express_timed`.
    pub urgency: String,
}

/// Arguments of `draft_create`.
#[derive(Clone, Debug, Deserialize, TS)]
pub struct DraftArgs {
    /// What stands on it.
    pub fields: DraftFieldsDto,
    /// Its first version.
    pub file: DraftFileDto,
    /// What it corrects or replaces; most drafts nothing.
    #[serde(default)]
    #[ts(optional)]
    pub about: Option<DraftAbout>,
}

/// A draft that was made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct Drafted {
    /// The document.
    pub document: String,
}

/// An act on a document. Accounts are those of `office_people`; deadlines `YYYY-MM-DD`,
/// empty for none; reasons have 1 to 500 characters, free words at most 4,000.
#[derive(Clone, Debug, Deserialize, TS)]
#[serde(tag = "act", rename_all = "snake_case")]
pub enum HandlingActDto {
    /// Bút phê.
    Direct {
        /// Chủ trì.
        lead: String,
        /// Phối hợp.
        supports: Vec<String>,
        /// Để biết.
        informed: Vec<String>,
        /// Until when; empty keeps the document's deadline.
        due: String,
        /// Deadlines of those who have one of their own, not after that of the whole.
        #[serde(default)]
        deadlines: Vec<OwnDeadlineDto>,
        /// The words; may be empty.
        text: String,
    },
    /// Phân công in the unit.
    Assign {
        /// Chủ trì.
        lead: String,
        /// Phối hợp.
        supports: Vec<String>,
        /// Until when, not after the unit's own deadline; empty takes that.
        due: String,
        /// Deadlines of those who have one of their own, not after the unit's.
        #[serde(default)]
        deadlines: Vec<OwnDeadlineDto>,
        /// Words; may be empty.
        text: String,
    },
    /// Nhận xử lý.
    TakeUp,
    /// Hoàn thành.
    Resolve {
        /// The signed outgoing document that answers; none = without an answer.
        reply: Option<String>,
        /// What was done; without an answer, why.
        text: String,
    },
    /// Lưu hồ sơ.
    File {
        /// Title or code of the dossier; may be empty.
        dossier: String,
    },
    /// Chuyển trả to who gave it; of a draft, to the drafter.
    Return {
        /// Why.
        reason: String,
    },
    /// Bàn giao to another person of the unit.
    HandOver {
        /// To whom.
        to: String,
        /// Why.
        reason: String,
    },
    /// Xin gia hạn.
    AskExtension {
        /// Until when.
        due: String,
        /// Why.
        reason: String,
    },
    /// Trả lời xin gia hạn.
    AnswerExtension {
        /// Whether the time is given.
        granted: bool,
        /// Words; a refusal needs them.
        text: String,
    },
    /// Trả lại nơi gửi over the axis.
    Refuse {
        /// Why.
        reason: String,
    },
    /// Trả lời yêu cầu lấy lại.
    AnswerRecall {
        /// Whether it goes back.
        agreed: bool,
        /// Why not.
        reason: String,
    },
    /// A new version of a draft, what stands on it, or both.
    Revise {
        /// The new version; none keeps the file.
        file: Option<DraftFileDto>,
        /// What stands on it; none keeps that.
        fields: Option<DraftFieldsDto>,
        /// What has changed; may be empty.
        text: String,
    },
    /// Trình duyệt nội dung.
    Submit {
        /// Who answers for the content: a `head` or `leader`.
        to: String,
        /// Whose opinion is asked (xin ý kiến).
        supports: Vec<String>,
        /// Words; may be empty.
        text: String,
    },
    /// Duyệt nội dung.
    Approve {
        /// Words; may be empty.
        text: String,
    },
    /// Duyệt thể thức, by the registry.
    CheckFormat {
        /// The leader who signs.
        signer: String,
        /// Who initials it before; nobody: it goes to the leader at once.
        initials: Vec<String>,
        /// Words; may be empty.
        text: String,
    },
    /// Ký nháy without a token. Signing the file at this step says the same.
    Initial,
    /// Rút lại dự thảo.
    TakeBack,
    /// Hủy dự thảo.
    Discard {
        /// Why.
        reason: String,
    },
    /// Cấp số, ngày: the server gives them; until it answers the document waits for its number.
    Number,
    /// Phát hành. (`seal` is no act to send: `sign` on the main file is it.)
    Issue {
        /// Agencies of the directory, at most 500.
        to: Vec<RecipientDto>,
        /// Further lines of “Nơi nhận”, at most 100.
        places: Vec<String>,
    },
    /// Thu hồi.
    Recall {
        /// Codes of agencies; nobody: all that can still be asked.
        to: Vec<String>,
        /// Why.
        reason: String,
    },
    /// Gửi bưu điện.
    Mail {
        /// `YYYY-MM-DD`, today at the latest.
        on: String,
        /// To whom, 1 to 300 characters.
        to: String,
        /// Số lượng bì, 1 to 9,999.
        envelopes: u32,
        /// May be empty.
        note: String,
    },
    /// Cho sử dụng bản lưu.
    Lend {
        /// `YYYY-MM-DD`, today at the latest.
        on: String,
        /// To whom, 1 to 300 characters.
        borrower: String,
        /// Who permits it, 1 to 300 characters.
        permitted_by: String,
        /// May be empty.
        note: String,
    },
    /// Nhận lại bản lưu.
    TakeIn {
        /// Which loan, an id of `OutgoingDto::loans`.
        loan: String,
        /// `YYYY-MM-DD`, today at the latest and not before it was given out.
        on: String,
    },
}

/// A deadline of somebody's own, among those whom an act names.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, TS)]
pub struct OwnDeadlineDto {
    /// Who leads or supports.
    pub account: String,
    /// `YYYY-MM-DD`.
    pub due: String,
}

/// An agency that a document is sent to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct RecipientDto {
    /// Its code in the directory.
    pub code: String,
    /// Its name; the server puts the directory's in its place.
    pub name: String,
}

/// Arguments of `document_act`.
#[derive(Clone, Debug, Deserialize, TS)]
pub struct HandlingArgs {
    /// On which document.
    pub document: String,
    /// What.
    pub act: HandlingActDto,
}

/// Somebody who was named on a document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct ReceiverDto {
    /// The account.
    pub account: String,
    /// The person's name.
    pub name: String,
    /// Name of the unit.
    pub unit: String,
    /// `lead`, `support`, `inform`.
    pub role: String,
    /// Whether it is with this person now.
    pub holds: bool,
    /// The last instant in time; none without a deadline.
    pub due_at: Option<i64>,
    /// Who gave it.
    pub given_by: String,
    /// When.
    pub at: i64,
}

/// More time that was asked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct ExtensionDto {
    /// The last instant of it.
    pub due_at: i64,
    /// Why.
    pub reason: String,
    /// Who asks.
    pub asked_by: String,
    /// When.
    pub at: i64,
}

/// How a document was resolved.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct ResolutionDto {
    /// The document that answers.
    pub reply: Option<String>,
    /// Its notation or subject; empty until the server has said it.
    pub reply_title: String,
    /// What was done, or why there is no answer.
    pub text: String,
    /// By whom.
    pub by: String,
    /// When.
    pub at: i64,
}

/// How a document is being handled, our acts that are not sent yet counted in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct HandlingDto {
    /// State, as in the protocol.
    pub state: String,
    /// The last instant in time of the whole; none without a deadline. The reader's own is the row's.
    pub due_at: Option<i64>,
    /// The leader before whom it is, or who directed it; of one that goes out, who signs.
    pub director: Option<String>,
    /// That leader's account.
    pub director_account: Option<String>,
    /// Who was named, in the order of naming.
    pub receivers: Vec<ReceiverDto>,
    /// More time that was asked for and not answered.
    pub extension: Option<ExtensionDto>,
    /// How it was resolved.
    pub resolution: Option<ResolutionDto>,
    /// The dossier it was filed in.
    pub dossier: String,
    /// Whether it came over the axis: its sender is told.
    pub from_axis: bool,
    /// Why the sender wants it back, while nobody has answered.
    pub recall: Option<String>,
    /// The acts that this person may do now, e.g. `direct`, `take_up`; words as in `HandlingActDto`.
    pub allowed: Vec<String>,
    /// Whether it waits for this person's signature; the agency's own is `seal` in `allowed`.
    pub may_sign: bool,
    /// Whether the last act can be taken back: it was not sent.
    pub undoable: bool,
    /// What it is to another document: a copy of it, what corrects or replaces it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub origin: Option<RelatedDto>,
    /// What is a copy of it, corrects or replaces it, in the order of making.
    pub derived: Vec<RelatedDto>,
    /// How it was drafted and checked; of documents that go out only.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub outgoing: Option<OutgoingDto>,
}

/// How a document that goes out was drafted and checked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct OutgoingDto {
    /// Who drafted it.
    pub drafter: String,
    /// Ký hiệu, what will stand behind the number.
    pub symbol: String,
    /// The versions in their order, the last the one that counts; empty when it was drafted
    /// elsewhere.
    pub versions: Vec<DraftVersionDto>,
    /// Who answers for its content, once it was submitted.
    pub reviewer: Option<String>,
    /// Who checked its format.
    pub checker: Option<String>,
    /// Who was named to initial it.
    pub initials: Vec<InitialsDto>,
    /// Why it is with the drafter again.
    pub sent_back: Option<SentBackDto>,
    /// Whether it was never sent: `draft_undo` takes the whole of it back.
    pub only_here: bool,
    /// Whether it was signed before it was sent back: `submit` needs a new version first.
    pub to_replace: bool,
    /// Its number, once it was asked for.
    pub numbered: Option<NumberedDto>,
    /// Who signed it for the agency.
    pub sealed: Option<DoneDto>,
    /// Who issued it.
    pub issued: Option<DoneDto>,
    /// The agencies it was sent to, in the order of naming.
    pub deliveries: Vec<DeliveryDto>,
    /// Further lines of “Nơi nhận”.
    pub places: Vec<String>,
    /// What of it went to the post office, in the order of writing down.
    pub mailings: Vec<MailingDto>,
    /// Who had and has the file copy, in the order of giving out.
    pub loans: Vec<LoanDto>,
}

/// Envelopes that went to the post office.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct MailingDto {
    /// `YYYY-MM-DD`.
    pub on: String,
    /// To whom.
    pub to: String,
    /// How many.
    pub envelopes: u16,
    /// May be empty.
    pub note: String,
}

/// The file copy in somebody's hands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct LoanDto {
    /// Its id.
    pub id: String,
    /// Since when, `YYYY-MM-DD`.
    pub on: String,
    /// Who has it.
    pub borrower: String,
    /// Who permitted it.
    pub permitted_by: String,
    /// May be empty.
    pub note: String,
    /// When it came back, `YYYY-MM-DD`; none while it is out.
    pub returned_on: Option<String>,
}

/// A number that was asked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct NumberedDto {
    /// Số, ký hiệu; none while the server has not given it (chờ cấp số).
    pub notation: Option<String>,
    /// Ngày, `YYYY-MM-DD`; with the number.
    pub issued_on: Option<String>,
    /// Who asked for it.
    pub by: String,
    /// When.
    pub at: i64,
}

/// Something that was done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct DoneDto {
    /// By whom.
    pub by: String,
    /// When.
    pub at: i64,
}

/// A document at an agency it was sent to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct DeliveryDto {
    /// Code of the agency.
    pub code: String,
    /// Its name.
    pub name: String,
    /// What its system said, in the order of coming.
    pub statuses: Vec<DeliveryStatusDto>,
    /// Whether it can be asked back.
    pub may_recall: bool,
}

/// One status of a delivery.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct DeliveryStatusDto {
    /// As on the national axis: `01` arrived, `02` refused, `03` registered, `04` directed, `05` in
    /// progress, `06` done, `13` wanted back, `15` given back, `16` kept.
    pub code: String,
    /// When.
    pub at: i64,
    /// Why; may be empty.
    pub reason: String,
}

/// A version of a draft.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct DraftVersionDto {
    /// From 1.
    pub number: u32,
    /// Its bytes; they can be opened by it once they are here.
    pub sha256: String,
    /// Who made it.
    pub by: String,
    /// When.
    pub at: i64,
    /// What has changed; may be empty.
    pub text: String,
}

/// Somebody who initials a draft.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct InitialsDto {
    /// The account.
    pub account: String,
    /// The person's name.
    pub name: String,
    /// When it was done; none before.
    pub at: Option<i64>,
}

/// A draft that was sent back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct SentBackDto {
    /// By whom.
    pub by: String,
    /// Why.
    pub reason: String,
    /// When.
    pub at: i64,
}
