//! The directory of agencies over HTTP.

use std::collections::BTreeMap;

use congvan_model::AgencyId;
use congvan_protocol::{Agency, AgencyPage};
use congvan_province::Seed;
use congvan_testkit::{CLERK, province_directory};
use reqwest::{Method, StatusCode, header};

use crate::office::{Desk, json as read, start, start_with};

async fn page(desk: &Desk, query: &str) -> AgencyPage {
    let path = format!("/v1/agencies{query}");
    let response = desk.request(Method::GET, &path).send().await;
    read(response.expect("a page")).await
}

#[tokio::test]
async fn the_directory_comes_in_pages_once_and_then_only_what_changed_with_tombstones() {
    let office = start(Seed::Empty);
    let mut desk = office.login(&CLERK).await;
    assert_eq!(
        desk.sync(Vec::new()).await.directory,
        None,
        "none was entered"
    );
    let all = province_directory();
    office.province.put_agencies(&all).expect("entered");

    let mut had: BTreeMap<AgencyId, Agency> = BTreeMap::new();
    let mut since = String::new();
    let mut pages = 0;
    let cursor = loop {
        let page = page(&desk, &format!("?limit=300{since}")).await;
        assert!(page.agencies.len() <= 300);
        had.extend(page.agencies.into_iter().map(|one| (one.id, one)));
        pages += 1;
        if !page.more {
            break page.cursor;
        }
        since = format!("&since={}", page.cursor);
    };
    assert_eq!((had.len(), pages), (all.len(), all.len().div_ceil(300)));
    let named = desk.sync(Vec::new()).await.directory;
    assert_eq!(named.as_deref(), Some(cursor.as_str()));

    // Nothing new costs no body.
    let path = format!("/v1/agencies?since={cursor}");
    let request = desk.request(Method::GET, &path);
    let request = request.header(header::IF_NONE_MATCH, format!("\"{cursor}\""));
    let response = request.send().await.expect("an answer");
    assert_eq!(response.status(), StatusCode::NOT_MODIFIED);
    assert_eq!(response.bytes().await.expect("none").len(), 0);

    let mut renamed = all[7].clone();
    renamed.name = "Sở Khác".to_owned();
    office
        .province
        .put_agencies(&[renamed.clone()])
        .expect("entered");
    office.province.remove_agency(all[9].id).expect("taken out");
    let news = page(&desk, &format!("?since={cursor}")).await;
    assert_eq!(
        (news.agencies, news.removed),
        (vec![renamed], vec![all[9].id])
    );
    assert!(!news.more && news.cursor != cursor);

    // Another history.
    office.province.new_epoch().expect("begun");
    let path = format!("/v1/agencies?since={}", news.cursor);
    let response = desk.request(Method::GET, &path).send().await;
    assert_eq!(response.expect("an answer").status(), StatusCode::CONFLICT);
}

#[tokio::test]
async fn a_seeded_province_has_its_agencies_and_the_issuers_of_its_documents_among_them() {
    let office = start_with(Seed::Few, |config| config.directory = true);
    let mut desk = office.login(&CLERK).await;
    let page = page(&desk, "").await;
    assert!(!page.more || page.agencies.len() == 1_000);
    let known = |code: &str| {
        let has =
            |one: &&Agency| one.code == code || one.former_codes.iter().any(|old| old == code);
        page.agencies.iter().any(|one| has(&one))
    };
    for document in desk.documents().await {
        assert!(known(&document.issuer.code), "{:?}", document.issuer);
    }
}
