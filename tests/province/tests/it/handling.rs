//! The life of an incoming document at the province: every act by every role in every state, who
//! sees it from when on, and what its sender over the axis is told.

use std::collections::BTreeMap;

use congvan_model::{
    AccountId, Deadline, DocumentId, DocumentState, DocumentType, LoanId, OpinionId, ReceiverRole,
    Urgency, civil_date,
};
use congvan_protocol::{
    Document, Intent, OpOutcome, OpResult, ProblemCode, SessionInfo,
    handling::{ActKind, DraftFields, HandlingAct},
};
use congvan_province::{AxisDelivery, Seed};
use congvan_testkit::{
    CLERK, COLLEAGUE, HEAD, LEADER, NEIGHBOURS, OFFICIAL, OTHER_HEAD, PEOPLE, Person,
};
use reqwest::Method;
use uuid::Uuid;

use crate::{
    clerk::{Clerk, Paper, check},
    office::{Desk, Office, applied, code, json as read, start},
};

/// The file copy is out once at a time in these tests.
const LOAN: LoanId = LoanId(Uuid::from_u128(1));

/// Everyone of the office at a desk of their own.
pub(crate) struct Staff {
    pub(crate) office: Office,
    pub(crate) year: u16,
    desks: BTreeMap<&'static str, Desk>,
    accounts: BTreeMap<&'static str, AccountId>,
}

impl Staff {
    async fn at(seed: Seed) -> Self {
        Self::of(start(seed)).await
    }

    pub(crate) async fn of(office: Office) -> Self {
        let clerk = Clerk::at(&office).await;
        let (year, mut desks) = (clerk.year, BTreeMap::new());
        let mut accounts = BTreeMap::new();
        for person in &PEOPLE {
            let desk = office.login(person).await;
            let response = desk.request(Method::GET, "/v1/session").send().await;
            let info: SessionInfo = read(response.expect("session")).await;
            accounts.insert(person.username, info.account.id);
            assert_eq!(info.people.len(), PEOPLE.len());
            desks.insert(person.username, desk);
        }
        let beside = NEIGHBOURS.iter();
        for person in beside.filter(|_| office.province.config.neighbour) {
            let desk = office.login(person).await;
            let response = desk.request(Method::GET, "/v1/session").send().await;
            let info: SessionInfo = read(response.expect("session")).await;
            accounts.insert(person.username, info.account.id);
            assert_eq!(info.people.len(), NEIGHBOURS.len());
            desks.insert(person.username, desk);
        }
        Self {
            office,
            year,
            desks,
            accounts,
        }
    }

    /// Somebody who is in no seed comes to the office, and sits down at a desk.
    pub(crate) async fn hire(&mut self, person: &Person) {
        self.office.province.hire(person).expect("hired");
        let desk = self.office.login(person).await;
        let response = desk.request(Method::GET, "/v1/session").send().await;
        let info: SessionInfo = read(response.expect("session")).await;
        self.accounts.insert(person.username, info.account.id);
        self.desks.insert(person.username, desk);
    }

    pub(crate) fn account(&self, person: &Person) -> AccountId {
        self.accounts[person.username]
    }

    pub(crate) fn desk(&mut self, person: &Person) -> &mut Desk {
        self.desks.get_mut(person.username).expect("a desk")
    }

    pub(crate) fn desk_of(&self, person: &Person) -> &Desk {
        &self.desks[person.username]
    }

    pub(crate) async fn send(
        &mut self,
        person: &Person,
        document: DocumentId,
        intent: Intent,
    ) -> OpResult {
        let desk = self.desk(person);
        let op = desk.op(document, intent);
        desk.settle(&op).await
    }

    pub(crate) async fn act(
        &mut self,
        person: &Person,
        document: DocumentId,
        act: HandlingAct,
    ) -> OpResult {
        let act = Box::new(act);
        self.send(person, document, Intent::Handle { act }).await
    }

    pub(crate) async fn done(&mut self, person: &Person, document: DocumentId, act: HandlingAct) {
        let result = self.act(person, document, act).await;
        assert!(applied(&result), "{}: {result:?}", person.full_name);
    }

    /// A paper, registered.
    async fn registered(&mut self) -> DocumentId {
        let paper = Paper::scan(&self.office, &self.desks[CLERK.username]).await;
        let intent = paper.intent(self.year, None);
        let result = self.send(&CLERK, paper.document, intent).await;
        assert!(applied(&result), "{result:?}");
        paper.document
    }

    pub(crate) async fn present(&mut self, document: DocumentId) {
        let to = self.account(&LEADER);
        let intent = Intent::PresentDocument { to };
        let result = self.send(&CLERK, document, intent).await;
        assert!(applied(&result), "{result:?}");
    }

    pub(crate) fn direction(&self) -> HandlingAct {
        HandlingAct::Direct {
            opinion: OpinionId(Uuid::now_v7()),
            lead: self.account(&HEAD),
            supports: vec![self.account(&OTHER_HEAD)],
            informed: Vec::new(),
            due: day(20),
            deadlines: Vec::new(),
            text: "Giao Phòng Kinh tế chủ trì tham mưu".to_owned(),
        }
    }

    fn assignment(&self) -> HandlingAct {
        HandlingAct::Assign {
            lead: self.account(&OFFICIAL),
            supports: Vec::new(),
            due: day(18),
            deadlines: Vec::new(),
            text: String::new(),
        }
    }

    /// A paper that has come as far as this state, the unit's person having it once directed.
    pub(crate) async fn document_in(&mut self, state: DocumentState) -> DocumentId {
        let document = self.registered().await;
        if state == DocumentState::Registered {
            return document;
        }
        self.present(document).await;
        if state == DocumentState::Presented {
            return document;
        }
        let (direction, assignment) = (self.direction(), self.assignment());
        self.done(&LEADER, document, direction).await;
        self.done(&HEAD, document, assignment).await;
        for (reached, act) in [
            (DocumentState::InProgress, HandlingAct::TakeUp {}),
            (DocumentState::Resolved, resolve()),
            (DocumentState::Filed, file()),
        ] {
            if !comes_before(state, reached) {
                self.done(&OFFICIAL, document, act).await;
            }
        }
        document
    }

    /// The latest word of the feed on a document, for this person.
    pub(crate) async fn sees(&mut self, person: &Person, document: DocumentId) -> Option<Document> {
        let desk = self.desk(person);
        desk.cursor = None;
        let all = desk.documents().await;
        all.into_iter().find(|one| one.id == document)
    }

    pub(crate) fn any(&self, kind: ActKind) -> HandlingAct {
        match kind {
            ActKind::Direct => self.direction(),
            ActKind::Assign => self.assignment(),
            ActKind::TakeUp => HandlingAct::TakeUp {},
            ActKind::Resolve => resolve(),
            ActKind::File => file(),
            ActKind::Return => give_back("Không thuộc chức năng"),
            ActKind::HandOver => HandlingAct::HandOver {
                to: self.account(&COLLEAGUE),
                reason: "Nghỉ phép".to_owned(),
            },
            ActKind::AskExtension => HandlingAct::AskExtension {
                due: day(28).expect("a day"),
                reason: "Chờ số liệu".to_owned(),
            },
            ActKind::AnswerExtension => HandlingAct::AnswerExtension {
                granted: true,
                text: String::new(),
            },
            ActKind::Refuse => HandlingAct::Refuse {
                reason: "Sai nơi nhận".to_owned(),
            },
            ActKind::AnswerRecall => HandlingAct::AnswerRecall {
                agreed: true,
                reason: String::new(),
            },
            ActKind::Revise => HandlingAct::Revise {
                file: None,
                fields: Some(Box::new(fields("Kiện toàn Ban Chỉ huy phòng thủ dân sự"))),
                text: String::new(),
            },
            ActKind::Submit => HandlingAct::Submit {
                to: self.account(&HEAD),
                supports: vec![self.account(&OTHER_HEAD)],
                text: String::new(),
            },
            ActKind::Approve => HandlingAct::Approve {
                text: String::new(),
            },
            ActKind::CheckFormat => HandlingAct::CheckFormat {
                signer: self.account(&LEADER),
                initials: vec![self.account(&HEAD)],
                text: String::new(),
            },
            ActKind::Initial => HandlingAct::Initial {},
            ActKind::TakeBack => HandlingAct::TakeBack {},
            ActKind::Discard => HandlingAct::Discard {
                reason: "Không ban hành nữa".to_owned(),
            },
            ActKind::Number => HandlingAct::Number {},
            ActKind::Seal => HandlingAct::Seal {},
            ActKind::Issue => HandlingAct::Issue {
                to: Vec::new(),
                places: vec!["Như trên".to_owned()],
            },
            ActKind::Recall => HandlingAct::Recall {
                to: Vec::new(),
                reason: "Gửi nhầm".to_owned(),
            },
            ActKind::Mail => HandlingAct::Mail {
                on: self.office.province.now().vietnam_date(),
                to: "Hạt Kiểm lâm khu vực 2".to_owned(),
                envelopes: 1,
                note: String::new(),
            },
            ActKind::Lend => HandlingAct::Lend {
                loan: LOAN,
                on: self.office.province.now().vietnam_date(),
                borrower: OFFICIAL.full_name.to_owned(),
                permitted_by: LEADER.full_name.to_owned(),
                note: String::new(),
            },
            ActKind::TakeIn => HandlingAct::TakeIn {
                loan: LOAN,
                on: self.office.province.now().vietnam_date(),
            },
            ActKind::Copy => HandlingAct::Copy {},
            ActKind::Amend => HandlingAct::Amend {},
        }
    }
}

pub(crate) fn fields(subject: &str) -> DraftFields {
    DraftFields {
        kind: DocumentType::Decision,
        symbol: "QĐ-UBND".to_owned(),
        subject: subject.to_owned(),
        urgency: Urgency::Normal,
    }
}

/// Far enough ahead for every run of these tests.
fn day(day: i8) -> Option<Deadline> {
    civil_date(2099, 12, day).map(Deadline::Day)
}

fn resolve() -> HandlingAct {
    HandlingAct::Resolve {
        reply: None,
        text: "Đã tổng hợp báo cáo trực tiếp".to_owned(),
    }
}

fn file() -> HandlingAct {
    HandlingAct::File {
        dossier: "Hồ sơ phòng, chống thiên tai".to_owned(),
    }
}

pub(crate) fn give_back(reason: &str) -> HandlingAct {
    HandlingAct::Return {
        reason: reason.to_owned(),
    }
}

const COURSE: [DocumentState; 6] = [
    DocumentState::Registered,
    DocumentState::Presented,
    DocumentState::Directed,
    DocumentState::InProgress,
    DocumentState::Resolved,
    DocumentState::Filed,
];

fn comes_before(one: DocumentState, other: DocumentState) -> bool {
    let place = |state| COURSE.iter().position(|known| *known == state);
    place(one) < place(other)
}

/// Who may do it there; written by hand, not out of the table that is tested.
fn may(kind: ActKind, state: DocumentState) -> &'static [&'static Person] {
    use DocumentState::{Directed, InProgress, Presented, Resolved};
    match (kind, state) {
        (ActKind::Direct | ActKind::Return, Presented) => &[&LEADER],
        (ActKind::TakeUp, Directed) | (ActKind::Resolve, InProgress) => &[&OFFICIAL],
        (ActKind::Return | ActKind::HandOver, Directed | InProgress) => &[&OFFICIAL],
        (ActKind::AskExtension, Directed | InProgress) => &[&OFFICIAL, &OTHER_HEAD],
        (ActKind::File, Resolved) => &[&OFFICIAL, &CLERK],
        _ => &[],
    }
}

/// What a person who may not do it is told.
fn refusal(kind: ActKind, state: DocumentState, person: &Person) -> ProblemCode {
    let is_directed = !comes_before(state, DocumentState::Directed);
    let sees = match person.username {
        name if name == CLERK.username => true,
        name if name == LEADER.username => state != DocumentState::Registered,
        name if name == COLLEAGUE.username => false,
        _ => is_directed,
    };
    if !sees {
        return ProblemCode::NotFound;
    }
    // The part is this person's, or was, but not now.
    let parts: &[&Person] = match kind {
        ActKind::Direct | ActKind::AnswerExtension => &[&LEADER],
        ActKind::Assign => &[&HEAD],
        ActKind::TakeUp | ActKind::Resolve | ActKind::HandOver => &[&OFFICIAL, &HEAD],
        ActKind::AskExtension => &[&OFFICIAL, &HEAD, &OTHER_HEAD],
        ActKind::Return => &[&OFFICIAL, &HEAD],
        ActKind::File => &[&OFFICIAL, &HEAD, &CLERK],
        ActKind::Refuse | ActKind::AnswerRecall => &[&CLERK],
        ActKind::Revise
        | ActKind::Submit
        | ActKind::Approve
        | ActKind::CheckFormat
        | ActKind::Initial
        | ActKind::TakeBack
        | ActKind::Discard
        | ActKind::Number
        | ActKind::Seal
        | ActKind::Issue
        | ActKind::Recall
        | ActKind::Mail
        | ActKind::Lend
        | ActKind::TakeIn
        | ActKind::Amend => &[],
        // The table has it; a copy is a draft of its own.
        ActKind::Copy if person.username == CLERK.username => return ProblemCode::InvalidRequest,
        ActKind::Copy => &[],
    };
    if parts.iter().any(|part| part.username == person.username) {
        ProblemCode::WrongState
    } else {
        ProblemCode::Forbidden
    }
}

#[tokio::test]
async fn every_act_by_every_role_in_every_state_is_done_or_refused_with_its_code() {
    let mut staff = Staff::at(Seed::Empty).await;
    let mut tried = 0;
    for state in COURSE {
        let mut document = staff.document_in(state).await;
        for kind in ActKind::ALL {
            let allowed = may(kind, state);
            for person in &PEOPLE {
                tried += 1;
                if allowed.iter().any(|one| one.username == person.username) {
                    let act = staff.any(kind);
                    staff.done(person, document, act).await;
                    document = staff.document_in(state).await;
                    continue;
                }
                let act = staff.any(kind);
                let result = staff.act(person, document, act).await;
                let expected = refusal(kind, state, person);
                assert_eq!(
                    code(&result),
                    Some(expected),
                    "{kind:?} {state:?} {}",
                    person.full_name
                );
            }
        }
        let seen = staff.sees(&CLERK, document).await.expect("there");
        assert_eq!(seen.state, state, "what is refused changes nothing");
    }
    assert_eq!(tried, COURSE.len() * ActKind::ALL.len() * PEOPLE.len());
    check(&staff.office);
}

#[tokio::test]
async fn who_is_named_sees_it_from_then_on_with_what_was_said_and_nobody_else_does() {
    let mut staff = Staff::at(Seed::Empty).await;
    let document = staff.document_in(DocumentState::Presented).await;
    for person in [&HEAD, &OTHER_HEAD, &OFFICIAL, &COLLEAGUE] {
        assert!(staff.sees(person, document).await.is_none());
    }
    let direction = staff.direction();
    staff.done(&LEADER, document, direction).await;
    let seen = staff.sees(&HEAD, document).await.expect("named");
    assert_eq!((seen.state, seen.due), (DocumentState::Directed, day(20)));
    assert_eq!(seen.role, Some(ReceiverRole::Lead));
    let step = seen.flow.last().expect("a step");
    assert_eq!(
        step.note,
        "Chuyển xử lý: Hoàng Văn E (Phòng Kinh tế xã Bình Minh Đông) chủ trì; \
         Đặng Thị H (Phòng Văn hóa – Xã hội xã Bình Minh Đông) phối hợp; hạn 20/12/2099"
    );
    let other = staff.sees(&OTHER_HEAD, document).await.expect("named");
    assert_eq!(other.role, Some(ReceiverRole::Support));
    assert!(staff.sees(&OFFICIAL, document).await.is_none());
    let assignment = staff.assignment();
    staff.done(&HEAD, document, assignment).await;
    // Who comes later reads the direction that was written before.
    let desk = staff.desk(&OFFICIAL);
    desk.cursor = None;
    let changes = desk.pull().await;
    let says = serde_json::to_string(&changes).expect("json");
    assert!(
        says.contains("Giao Phòng Kinh tế chủ trì tham mưu"),
        "{says}"
    );
    assert!(staff.sees(&COLLEAGUE, document).await.is_none());
    let over = staff.any(ActKind::HandOver);
    staff.done(&OFFICIAL, document, over).await;
    let seen = staff.sees(&COLLEAGUE, document).await.expect("named");
    let handling = seen.handling.expect("handled");
    let holders: Vec<_> = handling.receivers.iter().filter(|one| one.holds).collect();
    assert_eq!(holders.len(), 1);
    assert_eq!(holders[0].full_name, COLLEAGUE.full_name);
    // Who had it keeps seeing it, and is told who has it when it is too late.
    assert!(staff.sees(&OFFICIAL, document).await.is_some());
    let late = staff.act(&OFFICIAL, document, HandlingAct::TakeUp {}).await;
    let OpOutcome::Rejected { code, .. } = late.outcome else {
        panic!("{late:?}");
    };
    assert_eq!(code, ProblemCode::WrongState);
}

#[tokio::test]
async fn who_comes_too_late_is_told_who_did_what() {
    let mut staff = Staff::at(Seed::Empty).await;
    let document = staff.document_in(DocumentState::Directed).await;
    staff
        .done(&OFFICIAL, document, give_back("Sai phòng"))
        .await;
    staff.done(&HEAD, document, HandlingAct::TakeUp {}).await;
    let late = staff.act(&OFFICIAL, document, HandlingAct::TakeUp {}).await;
    let OpOutcome::Conflict { code, detail } = late.outcome else {
        panic!("{late:?}");
    };
    assert_eq!(code, ProblemCode::WrongState);
    assert!(detail.starts_with("Hoàng Văn E: Nhận xử lý ("), "{detail}");
}

#[tokio::test]
async fn more_time_is_asked_by_who_has_it_and_given_by_who_directed() {
    let mut staff = Staff::at(Seed::Empty).await;
    let document = staff.document_in(DocumentState::InProgress).await;
    let (ask, answer) = (
        staff.any(ActKind::AskExtension),
        staff.any(ActKind::AnswerExtension),
    );
    staff.done(&OFFICIAL, document, ask.clone()).await;
    let twice = staff.act(&OFFICIAL, document, ask).await;
    assert_eq!(code(&twice), Some(ProblemCode::WrongState));
    let others = staff.act(&HEAD, document, answer.clone()).await;
    assert_eq!(code(&others), Some(ProblemCode::Forbidden));
    staff.done(&LEADER, document, answer).await;
    let seen = staff.sees(&OFFICIAL, document).await.expect("there");
    assert_eq!(seen.due, day(28));
    assert_eq!(
        seen.flow.last().expect("a step").note,
        "Đồng ý gia hạn đến 28/12/2099"
    );
}

#[tokio::test]
async fn what_the_leader_returned_is_presented_anew_and_a_reply_must_be_signed_and_seen() {
    let mut staff = Staff::at(Seed::Few).await;
    let document = staff.document_in(DocumentState::Presented).await;
    staff
        .done(&LEADER, document, give_back("Thiếu phụ lục"))
        .await;
    let seen = staff.sees(&CLERK, document).await.expect("there");
    assert_eq!(seen.state, DocumentState::Registered);
    assert_eq!(
        seen.flow.last().expect("a step").note,
        "Chuyển trả văn thư: Thiếu phụ lục"
    );
    staff.present(document).await;
    let (direction, assignment) = (staff.direction(), staff.assignment());
    staff.done(&LEADER, document, direction).await;
    staff.done(&HEAD, document, assignment).await;
    staff
        .done(&OFFICIAL, document, HandlingAct::TakeUp {})
        .await;
    let desk = staff.desk(&OFFICIAL);
    desk.cursor = None;
    let all = desk.documents().await;
    let draft = all
        .iter()
        .find(|one| one.state == DocumentState::AwaitingSignature)
        .expect("a draft");
    for reply in [draft.id, DocumentId(Uuid::now_v7()), document] {
        let act = HandlingAct::Resolve {
            reply: Some(reply),
            text: String::new(),
        };
        let refused = staff.act(&OFFICIAL, document, act).await;
        assert_eq!(code(&refused), Some(ProblemCode::InvalidRequest));
    }
    staff.done(&OFFICIAL, document, resolve()).await;
}

#[tokio::test]
async fn what_was_directed_before_handlings_were_kept_goes_on() {
    let mut staff = Staff::at(Seed::Few).await;
    let all = staff.desk(&LEADER).documents().await;
    let mut all = all.into_iter();
    let own = all.find(|one| one.state == DocumentState::Directed);
    let own = own.expect("a seeded one");
    let handling = own.handling.expect("who sees it was named");
    let director = handling.director.expect("a leader");
    assert_eq!(director.full_name, LEADER.full_name);
    let (direction, document) = (staff.direction(), own.id);
    staff.done(&LEADER, document, direction).await;
    staff.done(&HEAD, document, HandlingAct::TakeUp {}).await;
    staff.done(&HEAD, document, resolve()).await;
    staff.done(&CLERK, document, file()).await;
}

pub(crate) fn delivery(number: u32) -> AxisDelivery {
    AxisDelivery {
        axis_id: format!("H99.05,2026/11/22,{number}/STC-NS"),
        sender: "H99.05".to_owned(),
        sender_name: "Sở Tài chính".to_owned(),
        notation: format!("{number}/STC-NS").parse().expect("notation"),
        subject: "V/v quyết toán".to_owned(),
    }
}

/// What the sender was told of that document, with the reasons.
fn told(office: &Office, delivery: &AxisDelivery) -> Vec<(String, String)> {
    let statuses = office.province.axis_statuses().expect("statuses");
    statuses
        .into_iter()
        .filter(|one| one.axis_id == delivery.axis_id)
        .map(|one| (one.code, one.reason))
        .collect()
}

/// Registers a delivered document under its own id, with its own file.
pub(crate) async fn register(staff: &mut Staff, id: DocumentId) {
    let document = staff.sees(&CLERK, id).await.expect("delivered");
    let mut own = Paper::scan(&staff.office, &staff.desks[CLERK.username]).await;
    own.document = id;
    let mut intent = own.intent(staff.year, None);
    let head = document.files[0].head().expect("a head");
    if let Intent::RegisterIncoming { file, .. } = &mut intent {
        file.file = document.files[0].id;
        file.revision = head.id;
        file.sha256 = head.sha256;
        file.size = head.size;
    }
    let result = staff.send(&CLERK, id, intent).await;
    assert!(applied(&result), "{result:?}");
}

#[tokio::test]
async fn a_sender_sees_how_its_document_is_handled_and_is_answered_when_it_wants_it_back() {
    let mut staff = Staff::at(Seed::Empty).await;
    let pdf = b"%PDF-1.7\n% axis\n%%EOF\n";
    let deliver = |staff: &Staff, number| {
        let new = delivery(number);
        let id = staff.office.province.deliver_by_axis(&new, pdf);
        (new, id.expect("delivered"))
    };
    let codes = |staff: &Staff, new: &AxisDelivery| {
        let told = told(&staff.office, new);
        let codes: Vec<String> = told.into_iter().map(|(code, _)| code).collect();
        codes.join(" ")
    };
    // Not taken: back with the reason, gone from every desk.
    let (refused, id) = deliver(&staff, 1);
    let by_leader = staff.any(ActKind::Refuse);
    let nobody = staff.act(&LEADER, id, by_leader.clone()).await;
    assert_eq!(code(&nobody), Some(ProblemCode::NotFound));
    staff.done(&CLERK, id, by_leader).await;
    assert_eq!(
        told(&staff.office, &refused)[1],
        ("02".to_owned(), "Sai nơi nhận".to_owned())
    );
    assert!(staff.sees(&CLERK, id).await.is_none());
    // Handled to its end.
    let (handled, id) = deliver(&staff, 2);
    register(&mut staff, id).await;
    let late = staff.any(ActKind::Refuse);
    let late = staff.act(&CLERK, id, late).await;
    assert_eq!(code(&late), Some(ProblemCode::WrongState));
    staff.present(id).await;
    let (direction, assignment) = (staff.direction(), staff.assignment());
    staff.done(&LEADER, id, direction).await;
    assert_eq!(codes(&staff, &handled), "01 03 04");
    staff.done(&HEAD, id, assignment).await;
    staff.done(&OFFICIAL, id, HandlingAct::TakeUp {}).await;
    // Wanted back while somebody works on it: kept, with the reason.
    let nothing = staff.any(ActKind::AnswerRecall);
    let early = staff.act(&CLERK, id, nothing.clone()).await;
    assert_eq!(code(&early), Some(ProblemCode::WrongState));
    let recall = |staff: &Staff, new: &AxisDelivery| {
        let asked = staff
            .office
            .province
            .recall_by_axis(&new.axis_id, "Gửi nhầm");
        assert!(asked.expect("asked"));
    };
    recall(&staff, &handled);
    let seen = staff.sees(&OFFICIAL, id).await.expect("there");
    assert_eq!(
        seen.handling.expect("handled").recall.as_deref(),
        Some("Gửi nhầm")
    );
    let others = staff.act(&OFFICIAL, id, nothing.clone()).await;
    assert_eq!(code(&others), Some(ProblemCode::Forbidden));
    let keep = HandlingAct::AnswerRecall {
        agreed: false,
        reason: "Đã xử lý".to_owned(),
    };
    staff.done(&CLERK, id, keep).await;
    staff.done(&OFFICIAL, id, resolve()).await;
    let all = told(&staff.office, &handled);
    let mut said: Vec<&str> = all.iter().map(|(code, _)| code.as_str()).collect();
    said.sort_unstable();
    assert_eq!(said, ["01", "03", "04", "05", "06", "13", "16"]);
    assert!(all.contains(&("16".to_owned(), "Đã xử lý".to_owned())));
    // Wanted back and given back: its number is void, and nobody has it any more.
    let (back, id) = deliver(&staff, 3);
    register(&mut staff, id).await;
    recall(&staff, &back);
    staff.done(&CLERK, id, nothing).await;
    assert_eq!(codes(&staff, &back), "01 03 13 15");
    assert!(staff.sees(&CLERK, id).await.is_none());
    let report = check(&staff.office);
    assert_eq!((report.registered, report.void), (1, 1));
}
