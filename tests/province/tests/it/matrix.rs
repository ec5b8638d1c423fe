//! Who may do what and who sees what, each as one literal table over everyone of the office and of
//! the agency beside it, judged by the real server. Nothing here is taken out of the protocol's table.

use congvan_model::{DocumentId, DocumentState, FileId, OpinionId, ReceiverRole};
use congvan_protocol::{
    Intent, OpinionKind, ProblemCode, handling::ActKind, import::imported_file,
};
use congvan_testkit::{
    ARCHIVIST, CLERK, COLLEAGUE, HEAD, LEADER, NEIGHBOUR_CLERK, NEIGHBOUR_HEAD, NEIGHBOUR_LEADER,
    OFFICIAL, OTHER_HEAD, OTHER_ROLES, Person, UNIT_ADMIN, UNIT_CLERK,
};
use reqwest::StatusCode;
use uuid::Uuid;

use crate::{
    clerk::{Paper, check},
    handling::{delivery, register},
    importing,
    issuing::{House, Step, to_neighbour},
    office::{Child, applied, code, opinion, sha256},
    outgoing::{self, head},
};

/// The columns of both tables.
const EVERYONE: [&Person; 12] = [
    &LEADER,
    &CLERK,
    &HEAD,
    &OFFICIAL,
    &COLLEAGUE,
    &OTHER_HEAD,
    &UNIT_CLERK,
    &ARCHIVIST,
    &UNIT_ADMIN,
    &NEIGHBOUR_LEADER,
    &NEIGHBOUR_CLERK,
    &NEIGHBOUR_HEAD,
];

/// A document of the office that stands there; the official drafts and handles, the head of the
/// economic section reviews and initials, the other head supports.
#[derive(Clone, Copy, Debug)]
pub(crate) enum There {
    /// Over the axis, waiting to be registered.
    Received,
    Registered,
    Presented,
    /// Directed, with the head of the leading unit.
    WithHead,
    /// Directed, with the official to whom the head gave it.
    Directed,
    InProgress,
    /// The official has asked for more time.
    Asked,
    /// Its sender wants it back.
    Wanted,
    Resolved,
    FiledIncoming,
    Draft,
    ContentReview,
    FormatReview,
    AwaitingInitials,
    AwaitingSignature,
    Signed,
    Numbered,
    Sealed,
    Issued,
    /// Issued, and somebody has the file copy.
    Lent,
    FiledOutgoing,
    /// Taken over from a previous system.
    Imported,
}

/// What is tried.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Deed {
    /// A paper is entered in the book.
    Register,
    /// What came over the axis is entered in the book.
    RegisterReceived,
    Present,
    Withdraw,
    /// A number that no lease gave.
    Void,
    /// A row of a previous system's register.
    Import,
    Make,
    Opinion,
    Direction,
    Read,
    /// The leader's signature, by the leader's certificate.
    Sign,
    Act(ActKind),
}

use ActKind::{
    Amend, AnswerExtension, AnswerRecall, Approve, AskExtension, Assign, CheckFormat, Copy, Direct,
    Discard, File, HandOver, Initial, Issue, Lend, Mail, Number, Recall, Refuse, Resolve, Return,
    Revise, Seal, Submit, TakeBack, TakeIn, TakeUp,
};
use Deed::Act;

/// `y` done, `f` FORBIDDEN, `n` NOT_FOUND, `w` WRONG_STATE, `i` INVALID_REQUEST; in the order of
/// [`EVERYONE`]: leader, clerk, head, official, colleague, other head, clerk of the unit, archivist, manager of the
/// unit; leader, clerk and head beside.
pub(crate) const DEEDS: [(Deed, There, &str); 47] = [
    (Deed::Register, There::Registered, "fyfffffff fyf"),
    (Deed::RegisterReceived, There::Received, "fyfffffff fnf"),
    (Act(Refuse), There::Received, "nynnnnnnn nnn"),
    (Deed::Withdraw, There::Registered, "fyfffffff fff"),
    (Deed::Present, There::Registered, "nynnnnnnn nnn"),
    (Deed::Void, There::Registered, "fifffffff fif"),
    // Into the registry that is named, which is another one's of the agency beside.
    (Deed::Import, There::Registered, "fyfffffff fff"),
    (Act(Direct), There::Presented, "yfnnnnnnn nnn"),
    (Act(Return), There::Presented, "yfnnnnnnn nnn"),
    (Deed::Direction, There::Presented, "yfnnnnnnn nnn"),
    (Deed::Opinion, There::Presented, "yynnnnnnn nnn"),
    (Act(Direct), There::WithHead, "yffnnffnn nnn"),
    (Act(Assign), There::WithHead, "ffynnfynn nnn"),
    (Act(Assign), There::Directed, "ffwfnffnn nnn"),
    (Act(TakeUp), There::Directed, "ffwynffnn nnn"),
    (Act(Return), There::Directed, "ffwynffnn nnn"),
    (Act(HandOver), There::Directed, "ffwynffnn nnn"),
    (Act(AskExtension), There::InProgress, "ffwynyfnn nnn"),
    (Act(AnswerExtension), There::Asked, "yfffnffnn nnn"),
    (Act(Resolve), There::InProgress, "ffwynffnn nnn"),
    (Act(AnswerRecall), There::Wanted, "fynnnnnnn nnn"),
    (Act(File), There::Resolved, "fywynffnn nnn"),
    (Deed::Read, There::Resolved, "yyyynyynn nnn"),
    (Deed::Make, There::Draft, "yyyyyyyyy yyy"),
    (Act(Revise), There::Draft, "nnnynnnnn nnn"),
    (Act(Submit), There::Draft, "nnnynnnnn nnn"),
    (Act(Discard), There::Draft, "nnnynnnnn nnn"),
    (Act(Revise), There::ContentReview, "nnywnfnnn nnn"),
    (Act(Approve), There::ContentReview, "nnyfnfnnn nnn"),
    (Act(TakeBack), There::ContentReview, "nnfynfnnn nnn"),
    (Act(CheckFormat), There::FormatReview, "nyffnfnnn nnn"),
    (Act(Initial), There::AwaitingInitials, "nfyfnfnnn nnn"),
    (Act(Return), There::AwaitingInitials, "nwyfnfnnn nnn"),
    (Deed::Sign, There::AwaitingSignature, "yfffnfnnn nnn"),
    (Act(Return), There::AwaitingSignature, "ywwfnfnnn nnn"),
    (Act(Number), There::Signed, "fyffnfnnn nnn"),
    (Act(Seal), There::Numbered, "fiffnfnnn nnn"),
    (Act(Issue), There::Sealed, "fyffnfnnn nnn"),
    (Act(Return), There::Sealed, "wywfnfnnn nnn"),
    (Act(Recall), There::Issued, "fyffnfnnn nnn"),
    (Act(Mail), There::Issued, "fyffnfnnn nnn"),
    (Act(Lend), There::Issued, "fyffnfnnn nnn"),
    (Act(TakeIn), There::Lent, "fyffnfnnn nnn"),
    (Act(File), There::Issued, "fyfynfnnn nnn"),
    // A copy and what amends are drafts of their own: nobody does it by the act alone.
    (Act(Copy), There::Resolved, "fiffnffnn nnn"),
    (Act(Copy), There::Issued, "fiffnfnnn nnn"),
    (Act(Amend), There::Issued, "fifinfnnn nnn"),
];

/// `L` leads (chủ trì), `S` supports (phối hợp), `I` is informed (để biết), `-` sees it without a part
/// (the registry; who had it before), `.` sees nothing of it; in the order of [`EVERYONE`].
const SEEN: [(There, &str); 22] = [
    (There::Received, ".-....... ..."),
    (There::Registered, ".-....... ..."),
    (There::Presented, "L-....... ..."),
    (There::WithHead, "I-L..S-.. ..."),
    (There::Directed, "I-LL.S-.. ..."),
    (There::InProgress, "I-LL.S-.. ..."),
    (There::Asked, "I-LL.S-.. ..."),
    (There::Wanted, "L-....... ..."),
    (There::Resolved, "I-LL.S-.. ..."),
    (There::FiledIncoming, "I-LL.S--. ..."),
    (There::Draft, "...L..... ..."),
    (There::ContentReview, "..LL.S... ..."),
    (There::FormatReview, ".-LL.S... ..."),
    // Who answers for the content leads on it beside who drafted it, also where named to initial it.
    (There::AwaitingInitials, ".-LL.S... ..."),
    (There::AwaitingSignature, "L-LL.S... ..."),
    (There::Signed, "L-LL.S... ..."),
    (There::Numbered, "I-LL.S... ..."),
    (There::Sealed, "I-LL.S... ..."),
    (There::Issued, "I-LL.S... ..."),
    (There::Lent, "I-LL.S... ..."),
    (There::FiledOutgoing, "I-LL.S.-. ..."),
    (There::Imported, ".-.....-. ..."),
];

/// A row of that number for the office's registry, and the document that it is.
fn old_row(number: u32) -> (DocumentId, Intent) {
    let row = importing::row(2, number, jiff::civil::date(2019, 3, 4));
    let document = row.document(importing::AGENCY);
    (document, importing::intent(importing::AGENCY, vec![row]))
}

pub(crate) struct Matrix {
    pub(crate) house: House,
    /// Documents of the axis are told apart by their numbers.
    axis: u32,
}

impl Matrix {
    pub(crate) async fn open() -> Self {
        let mut house = House::open().await;
        for person in &OTHER_ROLES {
            house.staff.hire(person).await;
        }
        Self { house, axis: 100 }
    }

    /// A document that came over the axis, and the id it has there.
    fn delivered(&mut self) -> (DocumentId, String) {
        self.axis += 1;
        let sent = delivery(self.axis);
        let pdf = format!("%PDF-1.7\n% axis {}\n%%EOF\n", self.axis);
        let province = &self.house.staff.office.province;
        let id = province.deliver_by_axis(&sent, pdf.as_bytes());
        (id.expect("delivered"), sent.axis_id)
    }

    pub(crate) async fn document(&mut self, there: There) -> DocumentId {
        let staff = &mut self.house.staff;
        match there {
            There::Received => self.delivered().0,
            There::Registered => staff.document_in(DocumentState::Registered).await,
            There::Presented => staff.document_in(DocumentState::Presented).await,
            There::WithHead => {
                let document = staff.document_in(DocumentState::Presented).await;
                let act = staff.direction();
                staff.done(&LEADER, document, act).await;
                document
            }
            There::Directed => staff.document_in(DocumentState::Directed).await,
            There::InProgress => staff.document_in(DocumentState::InProgress).await,
            There::Asked => {
                let document = staff.document_in(DocumentState::InProgress).await;
                let act = staff.any(AskExtension);
                staff.done(&OFFICIAL, document, act).await;
                document
            }
            There::Wanted => {
                let (document, axis_id) = self.delivered();
                let staff = &mut self.house.staff;
                register(staff, document).await;
                staff.present(document).await;
                let province = &staff.office.province;
                let asked = province.recall_by_axis(&axis_id, "Gửi nhầm");
                assert!(asked.expect("asked"));
                document
            }
            There::Resolved => staff.document_in(DocumentState::Resolved).await,
            There::FiledIncoming => staff.document_in(DocumentState::Filed).await,
            There::Draft => outgoing::document_in(staff, DocumentState::Draft).await,
            There::ContentReview => {
                outgoing::document_in(staff, DocumentState::ContentReview).await
            }
            There::FormatReview => outgoing::document_in(staff, DocumentState::FormatReview).await,
            There::AwaitingInitials => {
                outgoing::document_in(staff, DocumentState::AwaitingInitials).await
            }
            There::AwaitingSignature => self.house.before_the_leader().await,
            There::Signed => self.house.at(Step::Signed).await,
            There::Numbered => self.house.at(Step::Numbered).await,
            There::Sealed => self.house.at(Step::Sealed).await,
            There::Issued => self.house.at(Step::Issued).await,
            There::Lent => {
                let document = self.house.at(Step::Issued).await;
                let staff = &mut self.house.staff;
                let act = staff.any(Lend);
                staff.done(&CLERK, document, act).await;
                document
            }
            There::FiledOutgoing => self.house.at(Step::Filed).await,
            There::Imported => {
                self.axis += 1;
                let (document, intent) = old_row(self.axis);
                let lane = DocumentId(Uuid::now_v7());
                let result = staff.send(&CLERK, lane, intent).await;
                assert!(applied(&result), "{result:?}");
                let bytes = outgoing::pdf(&document.to_string());
                staff.desk(&CLERK).upload(&bytes, None).await;
                let (bytes, named) = ((sha256(&bytes), bytes.len() as u64), "cu.pdf".to_owned());
                let file = Box::new(imported_file(document, bytes, (named, Some(1))));
                let adding = Intent::ImportFile { file };
                let result = staff.send(&CLERK, document, adding).await;
                assert!(applied(&result), "{result:?}");
                document
            }
        }
    }

    /// What the server says to that person: a letter of [`DEEDS`].
    pub(crate) async fn tried(
        &mut self,
        deed: Deed,
        person: &Person,
        document: DocumentId,
    ) -> char {
        let staff = &mut self.house.staff;
        let year = staff.year;
        let mut lane = document;
        let intent = match deed {
            Deed::Register => {
                let paper = Paper::scan(&staff.office, staff.desk_of(person)).await;
                lane = paper.document;
                paper.intent(year, None)
            }
            Deed::RegisterReceived => Intent::RegisterReceived {
                book: "den".to_owned(),
                year,
                received_at: staff.office.province.now(),
                provisional: "T-7F3A9C01-1".to_owned(),
                number: None,
            },
            Deed::Present => Intent::PresentDocument {
                to: staff.account(&LEADER),
            },
            Deed::Withdraw => Intent::WithdrawRegistration {
                reason: "Vào sổ nhầm".to_owned(),
            },
            Deed::Void => Intent::VoidNumber {
                book: "den".to_owned(),
                year,
                number: 900,
                reason: "Hỏng dấu".to_owned(),
            },
            Deed::Import => {
                self.axis += 1;
                lane = DocumentId(Uuid::now_v7());
                old_row(self.axis).1
            }
            Deed::Make => {
                lane = DocumentId(Uuid::now_v7());
                let bytes = outgoing::pdf("dự thảo");
                staff.desk(person).upload(&bytes, None).await;
                outgoing::intent(&bytes)
            }
            Deed::Opinion => opinion("Đã xem"),
            Deed::Direction => Intent::AddOpinion {
                opinion: OpinionId(Uuid::now_v7()),
                opinion_kind: OpinionKind::Direction,
                text: "Giao Phòng Kinh tế".to_owned(),
                about: None,
            },
            Deed::Read => Intent::MarkRead,
            Deed::Sign if staff.sees(person, document).await.is_none() => Child {
                document,
                file: FileId(Uuid::now_v7()),
                parent: sha256(b"unseen"),
                bytes: b"signed".to_vec(),
                certificate: self.house.leader.fingerprint(),
            }
            .intent(),
            Deed::Sign => {
                let leader = self.house.leader.clone();
                let result = self.house.sign(person, document, &leader).await;
                return letter(applied(&result), code(&result));
            }
            Act(kind) => {
                let act = match kind {
                    Issue => to_neighbour(),
                    other => staff.any(other),
                };
                Intent::Handle { act: Box::new(act) }
            }
        };
        let result = staff.send(person, lane, intent).await;
        letter(applied(&result), code(&result))
    }
}

fn letter(applied: bool, code: Option<ProblemCode>) -> char {
    match code {
        None if applied => 'y',
        Some(ProblemCode::Forbidden) => 'f',
        Some(ProblemCode::NotFound) => 'n',
        Some(ProblemCode::WrongState) => 'w',
        Some(ProblemCode::InvalidRequest) => 'i',
        _ => '?',
    }
}

/// As the tables are written: the office, a space, the agency beside it.
fn written(letters: &[char]) -> String {
    let (own, beside) = letters.split_at(9);
    own.iter().chain([&' ']).chain(beside).collect()
}

#[tokio::test]
async fn every_deed_by_every_role_of_two_agencies_is_as_the_table_says() {
    let mut matrix = Matrix::open().await;
    let mut wrong = Vec::new();
    for (deed, there, expected) in DEEDS {
        let mut document = matrix.document(there).await;
        let mut letters = Vec::new();
        for person in EVERYONE {
            let letter = matrix.tried(deed, person, document).await;
            letters.push(letter);
            let is_spent = letter == 'y' && person.username != NEIGHBOUR_HEAD.username;
            if is_spent && !matches!(deed, Deed::Register | Deed::Make | Deed::Read) {
                document = matrix.document(there).await;
            }
        }
        let found = written(&letters);
        if found != expected {
            wrong.push(format!("{deed:?} {there:?}: {found}, not {expected}"));
        }
    }
    assert_eq!(wrong, [""; 0]);
    check(&matrix.house.staff.office);
}

#[tokio::test]
async fn every_kind_of_act_stands_in_the_table_and_somebody_may_do_it_save_the_seal() {
    for kind in ActKind::ALL {
        let mut rows = DEEDS
            .iter()
            .filter(|(deed, ..)| matches!(deed, Act(found) if *found == kind));
        let is_done = rows.any(|(_, _, letters)| letters.contains('y'));
        // The agency's signature is the act, and the draft of what is made of the document.
        let is_sent = !matches!(kind, Seal | Copy | Amend);
        assert_eq!(is_done, is_sent, "{kind:?}");
    }
}

#[tokio::test]
async fn who_sees_a_document_is_as_the_table_says_and_only_they_get_its_bytes() {
    let mut matrix = Matrix::open().await;
    let mut wrong = Vec::new();
    for (there, expected) in SEEN {
        let document = matrix.document(there).await;
        let staff = &mut matrix.house.staff;
        let mut blob = None;
        let mut letters = Vec::new();
        for person in EVERYONE {
            let seen = staff.sees(person, document).await;
            if let Some(seen) = &seen {
                blob = Some(head(seen));
            }
            letters.push(match seen.map(|seen| seen.role) {
                Some(Some(ReceiverRole::Lead)) => 'L',
                Some(Some(ReceiverRole::Support)) => 'S',
                Some(Some(ReceiverRole::Inform)) => 'I',
                Some(None) => '-',
                None => '.',
            });
        }
        let found = written(&letters);
        if found != expected {
            wrong.push(format!("{there:?}: {found}, not {expected}"));
        }
        let blob = blob.expect("somebody sees it");
        for (person, letter) in EVERYONE.into_iter().zip(letters) {
            let status = staff.desk(person).get_blob(&blob).await.status();
            // What was issued to the agency beside it is its own document there, of the same bytes.
            let is_sent = matches!(there, There::Issued | There::Lent | There::FiledOutgoing);
            if is_sent && person.username == NEIGHBOUR_CLERK.username {
                assert_eq!(status, StatusCode::OK);
                continue;
            }
            let may = if letter == '.' {
                StatusCode::NOT_FOUND
            } else {
                StatusCode::OK
            };
            assert_eq!(status, may, "{there:?} {}", person.full_name);
        }
    }
    assert_eq!(wrong, [""; 0]);
}
