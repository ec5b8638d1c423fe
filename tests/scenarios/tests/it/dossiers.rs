//! Dossiers at several desks: the year's list, documents added with the network down, what the server
//! makes of it, closing and the archive.

use congvan_core::CourierRefusal;
use congvan_testkit::{ARCHIVIST, CLERK, COLLEAGUE, HEAD, LEADER, OFFICIAL};
use serde_json::{Value, json};
use std::{
    path::{Path, PathBuf},
    process::Command,
};

use crate::{
    courier::{core, why},
    face::Face,
    handling::{account, desk_of, everything_sent},
    office::{Office, checkout},
    registering::output,
    registers::{judged, paper, saved, spreadsheet},
};

fn fields(title: &str, creator: Option<String>) -> Value {
    json!({
        "year": 2026, "number": null, "code": "KT", "large": "Kinh tế", "small": "",
        "title": title, "retention_years": 20, "creator": creator, "note": "",
    })
}

async fn act(desk: &Face, id: &str, act: Value) {
    let args = json!({ "ids": [id], "act": act });
    desk.ask("dossier_act", args).await;
}

async fn refused(desk: &Face, id: &str, act: Value) -> String {
    let args = json!({ "ids": [id], "act": act });
    let error = desk.call("dossier_act", args).await.unwrap_err();
    error.code
}

async fn add(desk: &Face, id: &str, document: &str) {
    let args = json!({ "id": id, "documents": [document], "file": false });
    desk.ask("dossier_add", args).await;
}

async fn dossier(desk: &Face, id: &str) -> Value {
    desk.ask("dossier_get", json!({ "id": id })).await
}

/// Waits until the desk shows the dossier as wanted.
async fn shows(desk: &Face, id: &str, wanted: impl Fn(&Value) -> bool) -> Value {
    desk.until("the dossier is shown so", async |desk| {
        desk.sync_now().await;
        let found = desk.call("dossier_get", json!({ "id": id })).await;
        found.ok().filter(|found| wanted(found))
    })
    .await
}

fn inside(contents: &Value) -> Vec<&str> {
    let items = contents["items"].as_array().unwrap().iter();
    items
        .map(|item| item["document"].as_str().unwrap())
        .collect()
}

fn in_state(state: &'static str) -> impl Fn(&Value) -> bool {
    move |contents| contents["dossier"]["state"] == state
}

fn house() -> Office {
    Office::open_with(|config| {
        config.next_poll_s = 1;
        config.other_roles = true;
    })
}

#[tokio::test]
async fn a_dossier_of_the_list_is_proposed_approved_begun_closed_and_taken_into_the_archive() {
    let office = house();
    let clerk = desk_of(&office, &CLERK).await;
    let official = desk_of(&office, &OFFICIAL).await;
    let creator = account(&clerk, &OFFICIAL).await;
    let refused_make = official
        .call(
            "dossier_make",
            json!({ "fields": fields("Không được lập", None), "started_on": null }),
        )
        .await;
    assert_eq!(refused_make.unwrap_err().code, "ACT_FORBIDDEN");
    let planned = json!({ "fields": fields("Chợ Bình Minh", Some(creator)), "started_on": null });
    let planned = clerk.ask("dossier_make", planned).await;
    let id = planned["dossier"]["id"].as_str().unwrap();
    assert_eq!(planned["dossier"]["numbered"], false);
    everything_sent(&clerk).await;
    let leader = desk_of(&office, &LEADER).await;
    shows(&leader, id, in_state("planned")).await;
    let list = leader.ask("dossiers_list", json!({ "year": 2026 })).await;
    assert_eq!(list["to_approve"], json!([id]));
    act(&leader, id, json!({ "act": "approve" })).await;
    everything_sent(&leader).await;
    let seen = shows(&official, id, in_state("listed")).await;
    assert_eq!(seen["dossier"]["notation"], "01.KT");
    assert_eq!(seen["dossier"]["mine"], true);
    let open = json!({ "act": "open", "started_on": "2026-01-05" });
    assert_eq!(refused(&clerk, id, open.clone()).await, "ACT_FORBIDDEN");
    act(&official, id, open).await;
    let close =
        |settled: Value| json!({ "act": "close", "ended_on": "2026-11-20", "settled": settled });
    assert_eq!(refused(&official, id, close(json!([]))).await, "ACT_FIELD");
    let reason = "Công việc không phát sinh văn bản";
    let settled = json!([{ "finding": { "kind": "empty", "document": null }, "reason": reason }]);
    act(&official, id, close(settled)).await;
    let closed = dossier(&official, id).await;
    assert_eq!(closed["dossier"]["hand_over_by"], "2027-11-20");
    act(&official, id, json!({ "act": "hand_over" })).await;
    everything_sent(&official).await;
    let archivist = desk_of(&office, &ARCHIVIST).await;
    shows(&archivist, id, in_state("handed_over")).await;
    act(&archivist, id, json!({ "act": "receive" })).await;
    everything_sent(&archivist).await;
    shows(&official, id, in_state("archived")).await;
}

#[tokio::test]
async fn what_two_desks_put_into_a_dossier_offline_is_in_it_once_in_one_order_for_all() {
    let mut office = house();
    let official = desk_of(&office, &OFFICIAL).await;
    let begun = json!({ "fields": fields("Chợ Bình Minh", None), "started_on": "2026-01-05" });
    let begun = official.ask("dossier_make", begun).await;
    let id = begun["dossier"]["id"].as_str().unwrap();
    everything_sent(&official).await;
    let second = desk_of(&office, &OFFICIAL).await;
    let head = desk_of(&office, &HEAD).await;
    let colleague = desk_of(&office, &COLLEAGUE).await;
    for desk in [&official, &second, &head, &colleague] {
        shows(desk, id, in_state("open")).await;
    }
    let first = async |view| {
        let rows = official.rows(view, "").await;
        rows[0]["id"].as_str().unwrap().to_owned()
    };
    let (shared, own) = (first("incoming_all").await, first("outgoing_all").await);
    second.arrives(&own).await;
    office.cut();
    add(&official, id, &shared).await;
    add(&second, id, &own).await;
    add(&second, id, &shared).await;
    // Who has no such document puts none in.
    let args = json!({ "id": id, "documents": [shared], "file": false });
    let refused = head.call("dossier_add", args).await.unwrap_err();
    assert_eq!(refused.code, "NOT_FOUND");
    let provisional = dossier(&second, id).await;
    assert_eq!(inside(&provisional), [own.as_str(), shared.as_str()]);
    assert_eq!(provisional["items"][0]["provisional"], true);
    office.connect();
    for desk in [&official, &second] {
        everything_sent(desk).await;
    }
    let settled = |contents: &Value| {
        let items = contents["items"].as_array().unwrap();
        items.len() == 2 && items.iter().all(|item| item["provisional"] == false)
    };
    let one = shows(&official, id, settled).await;
    let order = inside(&one);
    assert!(order.contains(&shared.as_str()) && order.contains(&own.as_str()));
    for desk in [&second, &head, &colleague] {
        let other = shows(desk, id, settled).await;
        assert_eq!(inside(&other), order);
        let ordinals = other["items"].as_array().unwrap().iter();
        let ordinals: Vec<u64> = ordinals
            .map(|item| item["ordinal"].as_u64().unwrap())
            .collect();
        assert_eq!(ordinals, [1, 2]);
    }
    // Who is of the unit sees that they are in it, and nothing more of them.
    let others = dossier(&colleague, id).await;
    for item in others["items"].as_array().unwrap() {
        assert_eq!(
            (&item["here"], &item["subject"]),
            (&json!(false), &json!(""))
        );
    }
    // The same document in a second dossier; no byte of it travels for that.
    let begun = json!({ "fields": fields("Vệ sinh môi trường", None), "started_on": "2026-02-01" });
    let begun = official.ask("dossier_make", begun).await;
    let other = begun["dossier"]["id"].as_str().unwrap();
    add(&official, other, &shared).await;
    let both = official
        .ask("document_dossiers", json!({ "id": shared }))
        .await;
    assert_eq!(both.as_array().unwrap().len(), 2);
}

/// The seven columns of the table of contents and the five of the year's list (Appendix V).
const SEVEN: [&str; 7] = [
    "STT",
    "Số, ký hiệu văn bản",
    "Ngày tháng văn bản",
    "Tên loại và trích yếu nội dung văn bản",
    "Tác giả văn bản",
    "Tờ số/Trang số",
    "Ghi chú",
];
const FIVE: [&str; 5] = [
    "Số và ký hiệu hồ sơ",
    "Tên đề mục và tiêu đề hồ sơ",
    "Thời hạn bảo quản",
    "Người lập hồ sơ",
    "Ghi chú",
];

/// An XML file as another program reads it: every element's path and words, in their order.
fn elements(path: &PathBuf) -> Vec<(String, String)> {
    let script = "import json,sys,xml.etree.ElementTree as E\n\
        out=[]\n\
        def walk(at,e):\n\
        \x20 out.append((at+e.tag,(e.text or '').strip())); [walk(at+e.tag+'/',c) for c in e]\n\
        walk('',E.parse(sys.argv[1]).getroot())\n\
        print(json.dumps(out))";
    let python = checkout("target/tools/venv/bin/python");
    let said = output(Command::new(python).args(["-c", script]).arg(path));
    serde_json::from_str(&said).unwrap()
}

/// What is in a package, as another program reads it: names and SHA-256 of the bytes, in their order.
fn unpacked(package: &Path) -> Vec<(String, String)> {
    let script = "import hashlib,json,sys,zipfile\n\
        z=zipfile.ZipFile(sys.argv[1])\n\
        assert z.testzip() is None\n\
        print(json.dumps([(i.filename,hashlib.sha256(z.read(i)).hexdigest()) for i in z.infolist()]))";
    let entries = output(
        Command::new(checkout("target/tools/venv/bin/python"))
            .args(["-c", script])
            .arg(package),
    );
    serde_json::from_str(&entries).unwrap()
}

#[tokio::test]
async fn a_dossier_and_the_years_list_leave_in_the_decrees_columns_and_names() {
    let office = house();
    let official = desk_of(&office, &OFFICIAL).await;
    let title = "Chợ Bình Minh & <chợ Đông>: kiểm tra vệ sinh an toàn thực phẩm, phòng cháy, chữa cháy, \
        sắp xếp điểm kinh doanh và thu phí tại các chợ trên địa bàn xã Bình Minh Đông trong sáu tháng \
        cuối năm, có đối chiếu với kế hoạch đã được Ủy ban nhân dân tỉnh phê duyệt";
    let begun = json!({ "fields": fields(title, None), "started_on": "2026-01-05" });
    let begun = official.ask("dossier_make", begun).await;
    let id = begun["dossier"]["id"].as_str().unwrap();
    let first = async |view| {
        let rows = official.rows(view, "").await;
        rows[0]["id"].as_str().unwrap().to_owned()
    };
    let (incoming, outgoing) = (first("incoming_all").await, first("outgoing_all").await);
    add(&official, id, &incoming).await;
    add(&official, id, &outgoing).await;
    everything_sent(&official).await;
    let contents = shows(&official, id, |found| {
        found["dossier"]["numbered"] == true && found["items"][1]["provisional"] == false
    })
    .await;
    let items = contents["items"].as_array().unwrap();
    let export = async |desk: &Face, format: &str| {
        let args = json!({ "id": id, "format": format });
        let file = desk.ask("dossier_export", args).await;
        saved(&office, desk, &file)
    };

    let rows = judged(&export(&official, "XLSX").await);
    assert_eq!(rows[0][0], "UBND XÃ BÌNH MINH ĐÔNG");
    assert_eq!(rows[1][0], "MỤC LỤC VĂN BẢN TRONG HỒ SƠ");
    assert_eq!(rows[2][0], format!("Hồ sơ 01.KT: {title}"));
    assert_eq!(rows[5], SEVEN);
    assert_eq!(rows.len(), 8);
    let mut page = 1;
    for (row, item) in rows[6..].iter().zip(items) {
        let word = |name: &str| item[name].as_str().unwrap_or_default().to_owned();
        assert_eq!(row[0], item["ordinal"].to_string());
        assert_eq!((&row[1], &row[4]), (&word("notation"), &word("issuer")));
        assert!(row[3].ends_with(&word("subject")), "{row:?}");
        let count = item["pages"].as_u64().unwrap();
        let pages = match count {
            1 => page.to_string(),
            _ => format!("{page}–{}", page + count - 1),
        };
        assert_eq!((&row[5], &row[6]), (&pages, &String::new()));
        page += count;
    }
    let file = export(&official, "PDF").await;
    // Of a title that is longer than the page is wide, too, all stands on the page.
    let boxes = output(Command::new("pdftotext").arg("-bbox").arg(&file).arg("-"));
    let ends = boxes.split("xMax=\"").skip(1);
    let ends: Vec<f64> = ends
        .map(|rest| rest.split('"').next().unwrap().parse().unwrap())
        .collect();
    assert!(
        ends.len() > 60 && ends.iter().all(|end| *end < 842.0),
        "{ends:?}"
    );
    let text = paper(&file);
    for words in ["MỤC LỤC VĂN BẢN TRONG HỒ SƠ", title, "2 văn bản – 20 năm"] {
        assert!(text.contains(words), "{words}: {text}");
    }

    let told = elements(&export(&official, "XML").await);
    let at = |path: &str| -> Vec<&str> {
        let found = told.iter().filter(|(one, _)| one == path);
        found.map(|(_, words)| words.as_str()).collect()
    };
    assert_eq!(at("Dossier/Title"), [title]);
    assert_eq!(at("Dossier/FileCode/FileCatalog"), ["2026"]);
    assert_eq!(at("Dossier/FileCode/FileNotation"), ["01.KT"]);
    assert_eq!(at("Dossier/StartDate"), ["05/01/2026"]);
    assert_eq!(
        (at("Dossier/DocTotal"), at("Dossier/EndDate")),
        (vec!["2"], vec![""])
    );
    assert_eq!(at("Dossier/PageTotal"), [(page - 1).to_string()]);
    for (direction, name) in [
        ("incoming", "IncomingDocument"),
        ("outgoing", "OutgoingDocument"),
    ] {
        let item = items
            .iter()
            .find(|one| one["direction"] == direction)
            .unwrap();
        let part = |field: &str| at(&format!("Dossier/Documents/{name}/{field}"));
        assert_eq!(part("Subject"), [item["subject"].as_str().unwrap()]);
        assert_eq!(part("DocOrdinal"), [item["ordinal"].to_string()]);
        assert_eq!(part("PageAmount"), [item["pages"].to_string()]);
        let notation = format!("{}/{}", part("CodeNumber")[0], part("CodeNotation")[0]);
        // A number below ten is written with a zero before it.
        let written = match item["notation"].as_str().unwrap() {
            // It waits for its number.
            "" => "/",
            written => written.trim_start_matches('0'),
        };
        assert_eq!(notation, written);
    }
    let number = at("Dossier/Documents/IncomingDocument/ArrivalNumber");
    assert!(number[0].parse::<u32>().is_ok(), "{number:?}");

    // All of it as one file: both papers, and the bytes of every document's files in the order inside.
    let package = office.file("Ho-so-01-KT.zip");
    let whole = core(&official);
    let number = id.parse().unwrap();
    assert_eq!(
        whole.dossier_package_name(number).await.unwrap(),
        "Ho-so-01-KT.zip"
    );
    let mut wanted = Vec::new();
    for item in items {
        let document = official.document(item["document"].as_str().unwrap()).await;
        for file in document["files"].as_array().unwrap() {
            wanted.push(file["head"].as_str().unwrap().to_owned());
        }
    }
    let written = official
        .until("every file is here", async |_| {
            whole.dossier_package(number, package.clone()).await.ok()
        })
        .await;
    assert_eq!((written.files as usize, written.unseen), (wanted.len(), 0));
    let entries = unpacked(&package);
    let (papers, files) = entries.split_at(2);
    let names: Vec<&str> = papers.iter().map(|entry| entry.0.as_str()).collect();
    assert_eq!(names, ["Muc-luc-van-ban.pdf", "Ho-so.xml"]);
    let hashes: Vec<&String> = files.iter().map(|entry| &entry.1).collect();
    assert_eq!(hashes, wanted.iter().collect::<Vec<_>>());
    for (name, _) in files {
        let ordinal = name.strip_prefix("Van-ban/00").unwrap();
        assert!(
            ordinal.starts_with(['1', '2']) && name.ends_with(".pdf"),
            "{name}"
        );
    }
    // A place that cannot be written leaves nothing behind, and says so.
    let nowhere = office.file("no-such-folder").join("Ho-so.zip");
    assert_eq!(
        why(whole.dossier_package(number, nowhere).await),
        CourierRefusal::Stick
    );
    assert_eq!(whole.outside(), None);

    // Who does not have the documents is told so, and nothing of them.
    let colleague = desk_of(&office, &COLLEAGUE).await;
    shows(&colleague, id, in_state("open")).await;
    let theirs = core(&colleague);
    let lesser = theirs.dossier_package(number, package.clone()).await;
    let lesser = lesser.unwrap();
    assert_eq!((lesser.files, lesser.unseen), (0, 2));
    assert_eq!(unpacked(&package).len(), 2);
    let rows = spreadsheet(&export(&colleague, "XLSX").await);
    for row in &rows[6..] {
        assert_eq!(row[1..6], [""; 5].map(str::to_owned), "{row:?}");
        assert_eq!(row[6], "Văn bản không có trên máy này");
    }

    let list = json!({ "year": 2026, "paper": "list", "format": "XLSX" });
    let file = official.ask("dossiers_export", list).await;
    let rows = spreadsheet(&saved(&office, &official, &file));
    assert_eq!(
        (rows[1][0].as_str(), rows[2][0].as_str()),
        ("DANH MỤC HỒ SƠ", "Năm 2026")
    );
    assert_eq!(rows[5], FIVE);
    assert_eq!(rows[6][1], "I. KINH TẾ");
    let own = [title, "20 năm"].map(str::to_owned);
    assert_eq!((rows[7][0].as_str(), &rows[7][1..3]), ("01.KT", &own[..]));
    assert_eq!(rows[7][4], "Bổ sung");

    // What goes along to the archive, once it was handed over: its list, and the minutes that two sign.
    let archive = async |paper: &str, format: &str| {
        let list = json!({ "year": 2026, "paper": paper, "format": format });
        let file = official.ask("dossiers_export", list).await;
        saved(&office, &official, &file)
    };
    assert_eq!(
        spreadsheet(&archive("handed_over", "XLSX").await).len(),
        6,
        "nothing was handed over"
    );
    let view = official.ask("dossier_get", json!({ "id": id })).await;
    let settled: Vec<Value> = view["findings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|finding| json!({ "finding": finding, "reason": "Đã đối chiếu bản giấy" }))
        .collect();
    let close = json!({ "act": "close", "ended_on": "2026-11-20", "settled": settled });
    act(&official, id, close).await;
    act(&official, id, json!({ "act": "hand_over" })).await;
    let rows = judged(&archive("handed_over", "XLSX").await);
    assert_eq!(rows[1][0], "MỤC LỤC HỒ SƠ, TÀI LIỆU NỘP LƯU");
    assert_eq!(
        rows[5],
        [
            "STT",
            "Số, ký hiệu hồ sơ",
            "Tiêu đề hồ sơ",
            "Thời gian tài liệu",
            "Thời hạn bảo quản",
            "Số tờ/Số trang",
            "Ghi chú",
        ]
    );
    assert_eq!(rows.len(), 7);
    assert_eq!(
        (
            rows[6][0].as_str(),
            rows[6][1].as_str(),
            rows[6][2].as_str()
        ),
        ("1", "01.KT", title)
    );
    assert!(rows[6][3].ends_with("– 20/11/2026"), "{rows:?}");
    let files: usize = view["items"].as_array().unwrap().len();
    let paper = paper(&archive("minutes", "PDF").await);
    for words in [
        "BIÊN BẢN GIAO NHẬN HỒ SƠ, TÀI LIỆU ĐIỆN TỬ".to_owned(),
        format!("Số lượng hồ sơ: 1; số lượng tệp tin: {files}"),
        "Bên giao: Phòng Kinh tế".to_owned(),
        "BÊN GIAO".to_owned(),
        "BÊN NHẬN".to_owned(),
        title.to_owned(),
    ] {
        assert!(paper.contains(&words), "{words} in {paper}");
    }
}

#[tokio::test]
async fn what_is_to_be_at_the_archive_within_30_days_is_told_to_its_creator_until_it_is_there() {
    let mut office = house();
    let official = desk_of(&office, &OFFICIAL).await;
    let head = desk_of(&office, &HEAD).await;
    let today = office.province().now().vietnam_date();
    let begin = async |title: &str| {
        let begun = json!({ "fields": fields(title, None), "started_on": "2025-01-05" });
        let begun = official.ask("dossier_make", begun).await;
        begun["dossier"]["id"].as_str().unwrap().to_owned()
    };
    let (old, fresh) = (
        begin("Chợ Bình Minh").await,
        begin("Vệ sinh môi trường").await,
    );
    everything_sent(&official).await;
    shows(&head, &old, in_state("open")).await;
    let due = async |desk: &Face| -> Vec<String> {
        let due = desk.ask("dossiers_due", json!({})).await;
        let ids = due.as_array().unwrap().iter();
        ids.map(|one| one["id"].as_str().unwrap().to_owned())
            .collect()
    };
    assert_eq!(due(&official).await, [""; 0]);
    let close = async |id: &str, ended_on: String| {
        let reason = "Công việc không phát sinh văn bản";
        let settled =
            json!([{ "finding": { "kind": "empty", "document": null }, "reason": reason }]);
        let close = json!({ "act": "close", "ended_on": ended_on, "settled": settled });
        act(&official, id, close).await;
    };
    // Its year ends so many days from now; there is no 29th of February in most.
    let year_ends_in = |days: usize| {
        let last = (0..days).fold(today, |day, _| day.tomorrow().unwrap());
        let day = |day| congvan_model::civil_date(last.year() - 1, last.month(), day);
        day(last.day()).or_else(|| day(28)).unwrap().to_string()
    };
    office.cut();
    close(&old, year_ends_in(30)).await;
    close(&fresh, year_ends_in(33)).await;
    assert_eq!(due(&official).await, [old.as_str()]);
    office.connect();
    everything_sent(&official).await;
    shows(&head, &old, in_state("closed")).await;
    assert_eq!(due(&official).await, [old.as_str()]);
    assert_eq!(due(&head).await, [""; 0]);
    act(&official, &old, json!({ "act": "hand_over" })).await;
    assert_eq!(due(&official).await, [""; 0]);
}
