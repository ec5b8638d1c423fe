//! Statistics at desks of the real server: each counts what it shows, an act counts where it is done at
//! once and everywhere when it is sent, and what leaves as a file says what the screen says.

use congvan_testkit::{CLERK, LEADER, OFFICIAL};
use serde_json::{Value, json};

use crate::{
    face::Face,
    handling::{account, act, comes, desk_of, everything_sent},
    house::House,
    office::Office,
    registers::{judged, paper, saved},
};

/// Around every document of the seed, whatever day it is.
const DAYS: (&str, &str) = ("2020-01-01", "2090-12-31");
const BY: [&str; 7] = [
    "unit", "person", "month", "activity", "kind", "sender", "level",
];
const PROGRESS: [&str; 4] = ["done_in_time", "done_late", "open", "overdue"];

async fn counted(desk: &Face, by: &str) -> Value {
    let args = json!({ "from": DAYS.0, "to": DAYS.1, "by": by });
    desk.ask("statistics", args).await
}

/// The ids of the documents behind a figure.
async fn behind(desk: &Face, (by, group): (&str, Option<&Value>), measure: &str) -> Vec<String> {
    let at = counted(desk, by).await["at"].clone();
    let args = json!({
        "from": DAYS.0, "to": DAYS.1, "by": by, "at": at, "measure": measure, "group": group,
        "offset": 0, "limit": 200,
    });
    let page = desk.ask("statistics_documents", args).await;
    let rows = page["rows"].as_array().unwrap();
    assert_eq!(page["total"], rows.len());
    let id = |row: &Value| row["id"].as_str().unwrap().to_owned();
    rows.iter().map(id).collect()
}

fn number(value: &Value) -> usize {
    usize::try_from(value.as_u64().unwrap()).unwrap()
}

/// The registered incoming documents of a desk's list.
async fn listed(desk: &Face) -> Vec<Value> {
    let mut rows = desk.rows("incoming_all", "").await;
    rows.retain(|row| row["state"] != "received");
    rows
}

#[tokio::test]
async fn every_desk_counts_what_its_person_sees_and_each_number_opens_its_documents() {
    let office = Office::open();
    let mut sights = Vec::new();
    for person in [&CLERK, &LEADER, &OFFICIAL] {
        let desk = desk_of(&office, person).await;
        let rows = listed(&desk).await;
        assert!(!rows.is_empty());
        for by in BY {
            let found = counted(&desk, by).await;
            let total = &found["total"];
            assert_eq!(number(&total["incoming"]), rows.len(), "{by}");
            let parts = PROGRESS.map(|part| number(&total[part]));
            assert_eq!(parts.iter().sum::<usize>(), rows.len());
            let late = rows.iter().filter(|row| row["overdue"] == true);
            assert_eq!(number(&total["overdue"]), late.count());
            for group in found["groups"].as_array().unwrap() {
                for measure in ["incoming", "overdue", "outgoing"] {
                    let of = (by, Some(&group["key"]));
                    let documents = behind(&desk, of, measure).await;
                    assert_eq!(documents.len(), number(&group["figures"][measure]));
                }
            }
        }
        let overdue = behind(&desk, ("unit", None), "overdue").await;
        for id in overdue {
            assert_eq!(desk.document(&id).await["row"]["overdue"], true);
        }
        sights.push(counted(&desk, "unit").await["sight"].clone());
    }
    assert_eq!(sights, [json!("agency"), json!("own"), json!("own")]);
}

#[tokio::test]
async fn what_is_handled_offline_counts_at_that_desk_at_once_and_at_the_registry_when_it_is_sent() {
    let mut office = Office::open_with(|config| config.next_poll_s = 1);
    let (clerk, official) = (
        desk_of(&office, &CLERK).await,
        desk_of(&office, &OFFICIAL).await,
    );
    let leader = desk_of(&office, &LEADER).await;
    let rows = leader.rows("incoming_all", "").await;
    let row = rows.iter().find(|row| row["state"] == "presented").unwrap();
    let document = row["id"].as_str().unwrap().to_owned();
    let direct = json!({
        "act": "direct", "lead": account(&leader, &OFFICIAL).await, "supports": [],
        "informed": [], "due": "2099-12-20", "text": "",
    });
    act(&leader, &document, direct).await;
    everything_sent(&leader).await;
    comes(&official, &document, "directed").await;
    act(&official, &document, json!({ "act": "take_up" })).await;
    everything_sent(&official).await;
    comes(&clerk, &document, "in_progress").await;
    let (before, after) = ("open", "done_in_time");
    let was = counted(&clerk, "unit").await["total"].clone();

    office.cut();
    official.network("offline").await;
    let own = counted(&official, "person").await["total"].clone();
    let resolve = json!({ "act": "resolve", "reply": null, "text": "Đã báo cáo" });
    act(&official, &document, resolve).await;
    let now = counted(&official, "person").await["total"].clone();
    assert_eq!(number(&now[before]) + 1, number(&own[before]));
    assert_eq!(number(&now[after]), number(&own[after]) + 1);
    let done = behind(&official, ("person", None), after).await;
    assert!(done.contains(&document));
    assert_eq!(counted(&clerk, "unit").await["total"], was);

    office.connect();
    everything_sent(&official).await;
    assert_eq!(counted(&official, "person").await["total"], now);
    comes(&clerk, &document, "resolved").await;
    let known = counted(&clerk, "unit").await["total"].clone();
    assert_eq!(number(&known[before]) + 1, number(&was[before]));
    assert_eq!(number(&known[after]), number(&was[after]) + 1);
}

#[tokio::test]
async fn what_was_signed_numbered_sealed_and_issued_is_fully_electronic_and_its_drafters() {
    let mut house = House::open().await;
    let before = counted(&house.clerk, "kind").await["total"].clone();
    let document = house.issued().await;
    let found = counted(&house.clerk, "kind").await;
    for measure in ["outgoing", "personal", "signed", "sealed", "electronic"] {
        let more = number(&before[measure]) + 1;
        assert_eq!(number(&found["total"][measure]), more, "{measure}");
        let documents = behind(&house.clerk, ("kind", None), measure).await;
        assert!(documents.contains(&document), "{measure}");
    }
    let people = counted(&house.clerk, "person").await;
    let mut groups = people["groups"].as_array().unwrap().iter();
    let drafter = groups.find(|group| group["name"] == OFFICIAL.full_name);
    assert_eq!(drafter.unwrap()["figures"]["electronic"], 1);
    // Of units, fields and senders it has none.
    let units = counted(&house.clerk, "unit").await;
    let groups = units["groups"].as_array().unwrap();
    assert!(groups.iter().all(|group| group["figures"]["outgoing"] == 0));
}

/// A share as the file writes it.
fn share(part: &Value, whole: usize) -> String {
    match whole {
        0 => "–".to_owned(),
        _ => {
            let tenths = (number(part) * 1_000 + whole / 2) / whole;
            format!("{},{} %", tenths / 10, tenths % 10)
        }
    }
}

#[tokio::test]
async fn the_table_that_leaves_has_every_figure_of_the_screen_in_its_column() {
    let office = Office::open();
    let clerk = desk_of(&office, &CLERK).await;
    for (by, first, measures) in [
        (
            "unit",
            2,
            &[
                "incoming",
                "done_in_time",
                "done_late",
                "open",
                "overdue",
                "carried",
                "by_axis",
            ][..],
        ),
        (
            "kind",
            1,
            &[
                "incoming",
                "done_in_time",
                "done_late",
                "open",
                "overdue",
                "carried",
                "by_axis",
                "",
                "outgoing",
                "signed",
                "sealed",
                "electronic",
            ],
        ),
    ] {
        let found = counted(&clerk, by).await;
        let export = async |format: &str| {
            let query = json!({ "from": DAYS.0, "to": DAYS.1, "by": by });
            let args = json!({ "query": query, "format": format });
            let file = clerk.ask("statistics_export", args).await;
            saved(&office, &clerk, &file)
        };
        let file = export("XLSX").await;
        let rows = judged(&file);
        assert_eq!(rows[0][0], "UBND XÃ BÌNH MINH ĐÔNG");
        assert!(rows[2][0].starts_with("Từ ngày 01/01/2020 đến ngày 31/12/2090"));
        assert_eq!(
            rows[5][first..].len(),
            measures.len() + usize::from(by == "unit")
        );
        let groups = found["groups"].as_array().unwrap();
        let figures: Vec<&Value> = groups.iter().map(|one| &one["figures"]).collect();
        let lines: Vec<&Vec<String>> = rows[6..].iter().collect();
        assert_eq!(lines.len(), groups.len() + 1);
        for (line, figures) in lines
            .iter()
            .zip(figures.into_iter().chain([&found["total"]]))
        {
            let decided = ["done_in_time", "done_late", "overdue"];
            let decided: usize = decided.iter().map(|one| number(&figures[*one])).sum();
            assert_eq!(line[first + 7], share(&figures["done_in_time"], decided));
            for (place, measure) in measures
                .iter()
                .enumerate()
                .filter(|(_, one)| !one.is_empty())
            {
                assert_eq!(
                    line[first + place],
                    figures[*measure].to_string(),
                    "{line:?}"
                );
            }
        }
        for (line, group) in lines.iter().zip(groups).filter(|_| by == "unit") {
            let place = match &group["place"] {
                Value::Null => String::new(),
                place => place.to_string(),
            };
            assert_eq!(line[0], place);
            let name = group["name"].as_str().unwrap();
            assert!(name.is_empty() || line[1] == name, "{line:?}");
        }

        let text = paper(&export("PDF").await);
        assert!(text.contains("Tổng số"), "{text}");
        for line in &rows[6..] {
            let words = line.join(" ");
            let words: Vec<&str> = words.split_whitespace().collect();
            assert!(text.contains(&words.join(" ")), "{words:?}: {text}");
        }
    }
    let args = json!({ "from": "2026-02-01", "to": "2026-01-31", "by": "unit" });
    let refused = clerk.call("statistics", args).await.unwrap_err();
    assert_eq!(refused.code, "ACT_FIELD");
}
