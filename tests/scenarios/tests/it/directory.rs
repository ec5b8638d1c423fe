//! The directory of agencies on a real desk: it comes by itself, after the letters, and completes.

use congvan_province::{AxisDelivery, FaultAction, FaultRule};
use congvan_testkit::{CLERK, province_directory};
use serde_json::{Value, json};

use crate::{face::Face, office::Office};

async fn find(desk: &Face, text: &str, on: &str) -> Vec<Value> {
    let args = json!({ "text": text, "on": on, "limit": 50 });
    let found = desk.ask("agencies_find", args).await;
    found.as_array().unwrap().clone()
}

#[tokio::test]
async fn the_directory_comes_in_pages_goes_on_after_a_cut_and_again_only_when_it_changed() {
    let office = Office::open_with(|config| {
        config.directory = true;
        config.next_poll_s = 3_600;
    });
    // The first page passes, the second is lost as often as it is asked for; the first time is told.
    for times in [Some(1), None] {
        office.fault(FaultRule {
            method: None,
            path: "/v1/agencies".to_owned(),
            skip: 1,
            times,
            action: FaultAction::CutBefore,
        });
    }
    let desk = office.leader().await;
    desk.everything_pulled().await;
    desk.until("the second page is lost", async |_| {
        (office.province().faults_left() == 1).then_some(())
    })
    .await;
    let far = "Trường Mầm non";
    assert_eq!(find(&desk, far, "2026-01-05").await, Vec::<Value>::new());
    office.province().clear_faults();
    desk.sync_now().await;
    let last = desk.until("the last page", async |desk| {
        let found = find(desk, far, "2026-01-05").await;
        (!found.is_empty()).then_some(found)
    });
    assert_eq!(last.await[0]["parent"], "Sở Giáo dục và Đào tạo");

    // Of a letter from before the districts ended, the district comes first and says what it became.
    let before = find(&desk, "ubnd huyen", "2024-05-06").await;
    assert_eq!(before[0]["is_valid"], true, "{}", before[0]);
    assert_eq!(before[0]["valid_to"], "2025-06-30");
    assert!(before[0]["successors"].as_array().unwrap().len() > 1);
    let today = find(&desk, "ubnd huyen", "2026-01-05").await;
    assert!(today.iter().all(|one| one["is_valid"] == false));
    // What documents here call it stays, with what the directory knows of it; by its old code too.
    let treasury = find(&desk, "000.00.15.G12", "2026-01-05").await;
    assert_eq!(treasury[0]["code"], "G12.39", "{}", treasury[0]);

    let all = province_directory();
    let school = all.iter().find(|one| one.name.starts_with(far)).unwrap();
    let renamed = congvan_protocol::Agency {
        name: "Trường Đổi tên".to_owned(),
        ..school.clone()
    };
    let gone = all
        .iter()
        .find(|one| one.name.starts_with("Trường Tiểu"))
        .unwrap();
    let at_gone = async |desk: &Face| {
        let found = find(desk, &gone.code, "2026-01-05").await;
        found.iter().any(|one| one["code"] == gone.code)
    };
    assert!(at_gone(&desk).await);
    office.province().put_agencies(&[renamed]).unwrap();
    office.province().remove_agency(gone.id).unwrap();
    desk.sync_now().await;
    desk.until("what changed", async |desk| {
        let found = find(desk, "truong doi ten", "2026-01-05").await;
        (!found.is_empty()).then_some(())
    })
    .await;
    assert!(!at_gone(&desk).await, "taken out");
}

#[tokio::test]
async fn a_letter_keeps_the_name_of_its_day_and_says_what_its_agency_has_become() {
    let office = Office::open_with(|config| config.directory = true);
    let desk = office.desk();
    desk.log_in(&CLERK).await.unwrap();
    desk.everything_pulled().await;
    let district = desk.until("the directory", async |desk| {
        find(desk, "ubnd huyen", "2024-05-06")
            .await
            .into_iter()
            .next()
    });
    let district = district.await;
    let from = |code: &Value, name: &Value, number: &str| AxisDelivery {
        axis_id: number.to_owned(),
        sender: code.as_str().unwrap().to_owned(),
        sender_name: name.as_str().unwrap().to_owned(),
        notation: number.parse().unwrap(),
        subject: "V/v bàn giao hồ sơ".to_owned(),
    };
    let pdf = b"%PDF-1.7\n%%EOF\n";
    let ended = from(&district["code"], &district["name"], "12/UBND-VP");
    let ended = office.province().deliver_by_axis(&ended, pdf).unwrap();
    let (code, name) = (json!("G12.39"), json!("Kho bạc"));
    let alive = from(&code, &name, "13/KB-VP");
    let alive = office.province().deliver_by_axis(&alive, pdf).unwrap();
    let (ended, alive) = (ended.to_string(), alive.to_string());
    desk.arrives(&ended).await;
    desk.arrives(&alive).await;
    let detail = desk.document(&ended).await;
    assert_eq!(detail["row"]["issuer"], district["name"]);
    assert_eq!(detail["issuer_became"], district["successors"]);
    assert_eq!(desk.document(&alive).await["issuer_became"], json!([]));
}
