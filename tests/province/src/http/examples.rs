//! Examples in the description, written as values of the types: they cannot be out of date.

use base64::engine::general_purpose::STANDARD;
use congvan_model::{
    AccountId, AgencyId, DeviceId, DocumentId, DocumentType, FileId, MandateId, OpId, OpinionId,
    RevisionId, Role, Sha256, Timestamp, Urgency,
};
use congvan_protocol::{
    AccountInfo, Agency, AgencyInfo, AgencyPage, BookState, BreakAnswer, BreakRequest, CarryAnswer,
    CarryRequest, Change, ChangeKind, DeskKeys, Entity, EntityType, Health, Intent,
    InventoryBodiesRequest, InventoryItem, InventoryKey, Lease, LeaseInfo, LeaseRequest,
    LeasedNumber, Load, LoginRequest, Mandate, MandateKind, NewMandate, NewPost, Op, OpOutcome,
    OpResult, Opinion, OpinionKind, Post, ProblemCode, Receipt, RefreshRequest, RegisteredFile,
    RegistrationFields, ReturnRequest, Signer, SyncRequest, SyncResponse, Tokens, VoidEntry,
    handling::OfficePerson,
};
use serde::Serialize;
use serde_json::{Value, json};
use uuid::Uuid;

use super::problem;

const AT: Timestamp = Timestamp(1_795_226_400_000);
const EPOCH: &str = "6f1d2c3b4a59687786950a1b2c3d4e5f";

/// Puts an example to every body of the description that can have one.
pub(super) fn put(description: &mut Value) -> Result<(), serde_json::Error> {
    for (path, method, body, status, answer) in bodies()? {
        let operation = &mut description["paths"][path][method];
        if let Some(body) = body {
            operation["requestBody"]["content"]["application/json"]["example"] = body;
        }
        if let Some(answer) = answer {
            operation["responses"][status]["content"]["application/json"]["example"] = answer;
        }
    }
    problems(description)
}

/// Every refusal shows the first code that its description names.
fn problems(description: &mut Value) -> Result<(), serde_json::Error> {
    let Some(paths) = description["paths"].as_object_mut() else {
        return Ok(());
    };
    let operations = paths
        .values_mut()
        .filter_map(Value::as_object_mut)
        .flat_map(|methods| methods.values_mut());
    for operation in operations {
        let Some(responses) = operation["responses"].as_object_mut() else {
            continue;
        };
        for response in responses.values_mut() {
            let words = response["description"]
                .as_str()
                .unwrap_or_default()
                .to_owned();
            let named = |(code, _): &&(ProblemCode, &str)| words.contains(code.as_str());
            let first = ProblemCode::EXPLAINED
                .iter()
                .filter(named)
                .min_by_key(|(code, _)| words.find(code.as_str()));
            let has_body = response["content"]["application/json"].is_object();
            if let Some((code, _)) = first
                && has_body
            {
                let wait = matches!(code, ProblemCode::Overloaded | ProblemCode::TooManyAttempts);
                let example = problem::describe(*code, wait.then_some(30));
                let content = response["content"].take();
                // Refusals have a media type of their own.
                let mut of_problem = content["application/json"].clone();
                of_problem["example"] = serde_json::to_value(example)?;
                response["content"] = json!({ "application/problem+json": of_problem });
            } else if response["content"].is_null()
                && let Some(response) = response.as_object_mut()
            {
                response.remove("content");
            }
        }
    }
    Ok(())
}

type Example = (
    &'static str,
    &'static str,
    Option<Value>,
    &'static str,
    Option<Value>,
);

fn value<T: Serialize>(value: &T) -> Result<Option<Value>, serde_json::Error> {
    serde_json::to_value(value).map(Some)
}

fn id(number: u128) -> Uuid {
    Uuid::from_u128(0x0193_6f4e_0000_7000_8000_0000_0000_0000 | number)
}

fn hash(byte: u8) -> Sha256 {
    Sha256([byte; 32])
}

fn bodies() -> Result<Vec<Example>, serde_json::Error> {
    let mut all = session()?;
    all.extend(syncing()?);
    all.extend(numbers()?);
    all.extend(mandates()?);
    all.extend(courier()?);
    all.extend(posts()?);
    Ok(all)
}

fn courier() -> Result<Vec<Example>, serde_json::Error> {
    let key = |byte: u8| base64::Engine::encode(&STANDARD, [byte; 32]);
    let keys = DeskKeys {
        sealing: key(0x11),
        signing: key(0x22),
    };
    let carry = CarryRequest { bundle: hash(0x5c) };
    let carried = CarryAnswer {
        answer: hash(0x6d),
        size: 131_438,
    };
    Ok(vec![
        (
            "/v1/courier",
            "post",
            value(&carry)?,
            "200",
            value(&carried)?,
        ),
        ("/v1/courier/keys", "put", value(&keys)?, "204", None),
    ])
}

fn mandates() -> Result<Vec<Example>, serde_json::Error> {
    let new = NewMandate {
        kind: MandateKind::Delegation,
        holder: AccountId(4),
        direct: true,
        sign: true,
        kinds: vec![DocumentType::OfficialLetter],
        since: AT,
        until: AT.plus_ms(604_800_000),
        reference: "05/GUQ-UBND".to_owned(),
    };
    let person = |account, full_name: &str, title: &str, role, (code, name): (&str, &str)| {
        let unit = AgencyInfo {
            code: code.to_owned(),
            name: name.to_owned(),
        };
        OfficePerson {
            account: AccountId(account),
            full_name: full_name.to_owned(),
            title: title.to_owned(),
            role,
            unit,
            further: Vec::new(),
        }
    };
    let agency = ("H99.101", "UBND xã Bình Minh Đông");
    let section = ("H99.101.03", "Phòng Kinh tế xã Bình Minh Đông");
    let mut mandate = Mandate {
        id: MandateId(id(40)),
        kind: new.kind,
        giver: person(1, "Nguyễn Văn A", "Chủ tịch", Role::Leader, agency),
        holder: person(4, "Hoàng Văn E", "Trưởng phòng", Role::Head, section),
        direct: new.direct,
        sign: new.sign,
        kinds: new.kinds.clone(),
        since: new.since,
        until: new.until,
        reference: new.reference.clone(),
        revoked_at: None,
    };
    let given = value(&mandate)?;
    mandate.revoked_at = Some(AT.plus_ms(86_400_000));
    Ok(vec![
        ("/v1/mandates/{id}", "put", value(&new)?, "200", given),
        (
            "/v1/mandates/{id}/revoke",
            "post",
            None,
            "200",
            value(&mandate)?,
        ),
    ])
}

fn posts() -> Result<Vec<Example>, serde_json::Error> {
    let new = NewPost {
        title: "Trợ lý kiêm nhiệm".to_owned(),
        since: AT,
        until: Some(AT.plus_ms(604_800_000)),
    };
    let post = Post {
        role: Role::UnitClerk,
        title: new.title.clone(),
        agency: AgencyInfo {
            code: "H99.101.03".to_owned(),
            name: "Phòng Kinh tế xã Bình Minh Đông".to_owned(),
        },
        since: Some(new.since),
        until: new.until,
    };
    let path = "/v1/posts/{account}/{unit}/{role}";
    Ok(vec![(path, "put", value(&new)?, "200", value(&post)?)])
}

fn session() -> Result<Vec<Example>, serde_json::Error> {
    let login = LoginRequest {
        username: "vanthu".to_owned(),
        password: "…".to_owned(),
        device: DeviceId(id(1)),
        device_name: "Máy văn thư".to_owned(),
    };
    let tokens = Tokens {
        access_token: "uV0…".to_owned(),
        access_expires_s: 600,
        refresh_token: "9qL…".to_owned(),
        account: AccountInfo {
            id: AccountId(2),
            username: "vanthu".to_owned(),
            full_name: "Trần Thị B".to_owned(),
            posts: vec![Post {
                role: Role::Clerk,
                title: "Công chức Văn thư – lưu trữ".to_owned(),
                agency: AgencyInfo {
                    code: "H99.101.02".to_owned(),
                    name: "Văn phòng HĐND và UBND xã Bình Minh Đông".to_owned(),
                },
                since: None,
                until: None,
            }],
        },
    };
    let refresh = RefreshRequest {
        refresh_token: "9qL…".to_owned(),
    };
    let health = Health {
        province: "H99".to_owned(),
        epoch: EPOCH.to_owned(),
        time: AT,
        load: Load::Calm,
        reconnect_window_s: 120,
        nonce: "4f2a".to_owned(),
    };
    Ok(vec![
        (
            "/v1/auth/login",
            "post",
            value(&login)?,
            "200",
            value(&tokens)?,
        ),
        (
            "/v1/auth/refresh",
            "post",
            value(&refresh)?,
            "200",
            value(&tokens)?,
        ),
        ("/v1/health", "get", None, "200", value(&health)?),
    ])
}

fn opinion_op() -> Op {
    Op {
        id: OpId(id(10)),
        local_seq: 41,
        lane: DocumentId(id(2)),
        base_rev: 3,
        at: AT,
        intent: Intent::AddOpinion {
            opinion: OpinionId(id(11)),
            opinion_kind: OpinionKind::Opinion,
            text: "Kính trình lãnh đạo xem xét.".to_owned(),
            about: None,
        },
        capacity: None,
    }
}

fn registration_op() -> Op {
    Op {
        id: OpId(id(20)),
        local_seq: 42,
        lane: DocumentId(id(3)),
        base_rev: 0,
        at: AT,
        intent: Intent::RegisterIncoming {
            document: DocumentId(id(3)),
            book: "den".to_owned(),
            year: 2026,
            received_at: AT,
            provisional: "T-7F3A9C01-12".to_owned(),
            number: Some(LeasedNumber {
                fence: 4,
                number: 1204,
            }),
            fields: Box::new(RegistrationFields {
                issuer_code: Some("H99.11".to_owned()),
                issuer_name: "Sở Nội vụ".to_owned(),
                notation: "12/SNV-CCHC".parse().ok(),
                issued_on: congvan_model::civil_date(2026, 11, 20),
                kind: DocumentType::OfficialLetter,
                subject: "Gửi báo cáo tự đánh giá".to_owned(),
                urgency: Urgency::Normal,
                signer: Signer {
                    position: "Phó Giám đốc".to_owned(),
                    full_name: "Phạm Văn D".to_owned(),
                },
                due: None,
                activity: None,
            }),
            file: RegisteredFile {
                file: FileId(id(21)),
                revision: RevisionId(id(22)),
                sha256: hash(0xab),
                size: 184_320,
                name: "cong-van.pdf".to_owned(),
                pages: Some(2),
            },
        },
        capacity: None,
    }
}

fn syncing() -> Result<Vec<Example>, serde_json::Error> {
    let request = SyncRequest {
        device: DeviceId(id(1)),
        incarnation: "b7c1…".to_owned(),
        cursor: Some("c1.…".to_owned()),
        settled_through: 40,
        highest_seq: 42,
        audit_head: Some(format!("113:{}", "7f".repeat(32))),
        ops: vec![opinion_op(), registration_op()],
        given: Vec::new(),
        want: 200,
        takes: vec![EntityType::Dossier, EntityType::Task, EntityType::Calendar],
    };
    let receipt = Receipt {
        request_hash: hash(0x7f),
        result_hash: hash(0x3a),
        server_time: AT,
        epoch: EPOCH.to_owned(),
        signature: "…".to_owned(),
    };
    let results = vec![
        OpResult {
            id: OpId(id(10)),
            outcome: OpOutcome::Applied { rev: 1 },
            receipt: Some(receipt),
            duplicate: true,
        },
        OpResult {
            id: OpId(id(20)),
            outcome: OpOutcome::Blocked {
                missing: vec![hash(0xab)],
            },
            receipt: None,
            duplicate: false,
        },
    ];
    let change = Change {
        entity: EntityType::Opinion,
        id: id(11),
        rev: 1,
        change: ChangeKind::Upsert,
        body: Some(Entity::Opinion(Opinion {
            id: OpinionId(id(11)),
            document: DocumentId(id(2)),
            kind: OpinionKind::Opinion,
            text: "Kính trình lãnh đạo xem xét.".to_owned(),
            author: AccountId(2),
            author_name: "Trần Thị B".to_owned(),
            written_at: AT,
            received_at: AT,
            about: None,
        })),
    };
    let mut response = SyncResponse {
        results,
        changes: vec![change.clone()],
        cursor: "c1.…".to_owned(),
        more: false,
        server_time: AT,
        next_poll_s: 60,
        load: Load::Calm,
        epoch: EPOCH.to_owned(),
        directory: Some("6f1d2c3b-771".to_owned()),
        standing: Some("9c1e07b2a4d85f36".to_owned()),
    };
    let synced = value(&response)?;
    response.results.clear();
    let wanted = InventoryBodiesRequest {
        items: vec![InventoryKey {
            entity: EntityType::Opinion,
            id: id(11),
        }],
    };
    let items = [InventoryItem { id: id(2), rev: 7 }];
    let digest = congvan_protocol::inventory_digest(items);
    let summary = json!({ "epoch": EPOCH, "head_hint": 41, "buckets": [digest, "… 256 in all"] });
    Ok(vec![
        ("/v1/sync", "post", value(&request)?, "200", synced),
        ("/v1/changes", "get", None, "200", value(&response)?),
        (
            "/v1/inventory/bodies",
            "post",
            value(&wanted)?,
            "200",
            Some(json!({ "changes": [change] })),
        ),
        ("/v1/inventory", "get", None, "200", Some(summary)),
        ("/v1/agencies", "get", None, "200", value(&agencies())?),
    ])
}

/// A department that became another.
fn agencies() -> AgencyPage {
    AgencyPage {
        agencies: vec![Agency {
            id: AgencyId(41),
            code: "H99.70".to_owned(),
            former_codes: vec!["000.00.70.H99".to_owned()],
            name: "Sở Kế hoạch và Đầu tư".to_owned(),
            aliases: vec!["Sở KH&ĐT".to_owned()],
            symbol: Some("SKHĐT".to_owned()),
            parent: Some(AgencyId(1)),
            successors: vec![AgencyId(12)],
            valid_from: None,
            valid_to: Some(jiff::civil::date(2025, 2, 28)),
        }],
        removed: vec![AgencyId(40)],
        cursor: "6f1d2c3b-771".to_owned(),
        more: false,
    }
}

fn numbers() -> Result<Vec<Example>, serde_json::Error> {
    let lease = Lease {
        book: "den".to_owned(),
        year: 2026,
        fence: 4,
        lo: 1201,
        hi: 1250,
        expires_at: Timestamp(1_795_280_399_999),
    };
    let mut book = BookState {
        book: "den".to_owned(),
        name: "Sổ văn bản đến".to_owned(),
        year: 2026,
        next: 1201,
        leasable: true,
        lease: Some(LeaseInfo {
            device: DeviceId(id(1)),
            holder: "Trần Thị B".to_owned(),
            lease: lease.clone(),
        }),
    };
    let books = value(&vec![book.clone()])?;
    book.lease = None;
    book.next = 1206;
    let ask = LeaseRequest {
        device: DeviceId(id(1)),
        incarnation: "b7c1…".to_owned(),
        want: 50,
    };
    let back = ReturnRequest {
        fence: 4,
        used_hi: 1205,
    };
    let word = BreakRequest {
        reason: "Máy mất trên đường công tác".to_owned(),
        second: "lanhdao".to_owned(),
        give_up: false,
    };
    let mut broken = book.clone();
    broken.next = 1251;
    let done = BreakAnswer {
        done: true,
        waiting_for: None,
        book: broken,
    };
    let voids = vec![VoidEntry {
        number: 1203,
        reason: "Đóng dấu nhầm".to_owned(),
        at: AT,
        withdrawn: None,
    }];
    let path = |act| match act {
        "lease" => "/v1/books/{book}/{year}/lease",
        "return" => "/v1/books/{book}/{year}/return",
        "voids" => "/v1/books/{book}/{year}/voids",
        _ => "/v1/books/{book}/{year}/break",
    };
    Ok(vec![
        ("/v1/books", "get", None, "200", books),
        (path("voids"), "get", None, "200", value(&voids)?),
        (path("lease"), "post", value(&ask)?, "200", value(&lease)?),
        (path("return"), "post", value(&back)?, "200", value(&book)?),
        (path("break"), "post", value(&word)?, "200", value(&done)?),
    ])
}
