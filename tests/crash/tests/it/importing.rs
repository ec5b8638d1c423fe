use std::{collections::BTreeMap, fmt::Write as _, time::Duration};

use congvan_protocol::Entity;
use congvan_testkit::{CLERK, SplitMix};
use serde_json::json;

use crate::{
    extent,
    programs::{self, Commands, Keyring},
    wire,
};

const ROWS: u32 = 1_500;

/// A register of one year, every row of it good.
fn table() -> String {
    let mut text = "Số đến;Ngày đến;Số/Ký hiệu;Cơ quan ban hành;Trích yếu\n".to_owned();
    for row in 1..=ROWS {
        let (day, month) = (1 + row % 27, 1 + row / 150);
        let line = format!("{row};{day}/{month}/2019;{row}/QĐ-UBND;UBND huyện cũ;Về việc {row}");
        writeln!(text, "{line}").unwrap();
    }
    text
}

#[tokio::test]
async fn a_desk_killed_in_the_middle_of_an_import_goes_on_without_doubles() {
    let (cycles, seed) = extent(4);
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("province");
    let server = programs::server(&data, programs::free_port());
    let base = server.said["url"].as_str().unwrap().to_owned();
    let config = data.join("client.toml");
    let keyring = Keyring::open(&dir.path().join("session"));
    let home = dir.path().join("desk");
    let host = programs::desk(&config, &home, &keyring);
    let desk = Commands::of(&host);
    let person = json!({ "username": CLERK.username, "password": CLERK.password });
    desk.ask("login", person).await;
    desk.until("everything is here", async |desk| {
        !desk.status().await["last_sync"].is_null()
    })
    .await;
    host.kill();

    let mut random = SplitMix::new(seed);
    let (mut killed_amid, mut before) = (0_u32, 0);
    for cycle in 0..=cycles {
        let host = programs::desk(&config, &home, &keyring);
        let desk = Commands::of(&host);
        desk.until("the desk is open", async |desk| {
            let status = desk.call("app_status", json!({})).await;
            status.is_some_and(|status| status["phase"] == "desk")
        })
        .await;
        desk.hand("/import/table?name=so.csv", table()).await;
        desk.ask("import_judge", json!({})).await;
        desk.until("it is judged", async |desk| {
            let state = desk.ask("import_state", json!({})).await;
            !state["table"]["judged"].is_null()
        })
        .await;
        let state = desk.ask("import_state", json!({})).await;
        let (good, already) = (
            state["table"]["judged"]["good"].as_u64().unwrap(),
            state["table"]["judged"]["already"].as_u64().unwrap(),
        );
        println!("cycle {cycle}: {already} rows were here");
        assert_eq!(
            (good + already, state["table"]["judged"]["refused"].as_u64()),
            (u64::from(ROWS), Some(0))
        );
        assert!(already >= before, "what was said to be here stays");
        before = already;
        if good > 0 {
            desk.ask("import_start", json!({})).await;
        }
        if cycle == cycles {
            desk.until("everything is sent", async |desk| {
                let state = desk.ask("import_state", json!({})).await;
                let status = desk.status().await;
                state["table"]["progress"].is_null()
                    && state["waiting_rows"] == 0
                    && status["unsent"] == 0
            })
            .await;
            host.kill();
            break;
        }
        tokio::time::sleep(Duration::from_micros(random.below(500_000) as u64)).await;
        let state = desk.ask("import_state", json!({})).await;
        killed_amid += u32::from(!state["table"]["progress"].is_null());
        host.kill();
    }
    let judge = wire::Device::log_in(&base, &data.join("ca.pem"), &CLERK).await;
    let mut numbers: BTreeMap<u32, u32> = BTreeMap::new();
    for change in judge.everything().await {
        if let Some(Entity::Document(document)) = change.body
            && document.handling.is_some_and(|all| all.imported.is_some())
        {
            *numbers.entry(document.arrival_number.unwrap()).or_default() += 1;
        }
    }
    let doubled = numbers.values().filter(|count| **count != 1).count();
    println!(
        "{cycles} x kill -9, seed {seed}: {killed_amid} amid the import; {} there, {doubled} doubled",
        numbers.len()
    );
    assert_eq!((numbers.len(), doubled), (ROWS as usize, 0));
    assert!(killed_amid > 0, "no kill met the import");
}
