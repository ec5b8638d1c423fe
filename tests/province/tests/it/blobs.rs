use congvan_model::{DocumentState, Sha256};
use congvan_province::Seed;
use congvan_testkit::{CLERK, LEADER, OFFICIAL};
use reqwest::{Method, Response, StatusCode};

use crate::office::{Desk, header, noise, sha256, start};

async fn range(desk: &Desk, blob: &Sha256, range: &str, if_range: Option<&str>) -> Response {
    let mut request = desk
        .request(Method::GET, &format!("/v1/blobs/{blob}"))
        .header("range", range);
    if let Some(etag) = if_range {
        request = request.header("if-range", etag);
    }
    request.send().await.expect("blob")
}

#[tokio::test]
async fn the_etag_is_the_hash_and_ranges_join_to_the_whole() {
    let office = start(Seed::Few);
    let mut desk = office.login(&LEADER).await;
    let blob = desk.documents().await[0].files[0].revisions[0].sha256;
    let whole = desk.get_blob(&blob).await;
    let etag = header(&whole, "etag");
    assert_eq!(etag, format!("\"{blob}\""));
    assert_eq!(header(&whole, "accept-ranges"), "bytes");
    let whole = whole.bytes().await.expect("bytes").to_vec();
    let first = range(&desk, &blob, "bytes=0-999", Some(&etag)).await;
    assert_eq!(first.status(), StatusCode::PARTIAL_CONTENT);
    assert_eq!(
        header(&first, "content-range"),
        format!("bytes 0-999/{}", whole.len())
    );
    let mut joined = first.bytes().await.expect("bytes").to_vec();
    let rest = range(&desk, &blob, "bytes=1000-", Some(&etag)).await;
    assert_eq!(rest.status(), StatusCode::PARTIAL_CONTENT);
    joined.extend(rest.bytes().await.expect("bytes"));
    assert_eq!(joined, whole);
    let beyond = range(&desk, &blob, "bytes=99999999-", None).await;
    assert_eq!(beyond.status(), StatusCode::RANGE_NOT_SATISFIABLE);
    assert_eq!(
        header(&beyond, "content-range"),
        format!("bytes */{}", whole.len())
    );
    // The part at hand is of another file: all of it comes again.
    let other = range(&desk, &blob, "bytes=1000-", Some("\"0123\"")).await;
    assert_eq!(other.status(), StatusCode::OK);
    assert_eq!(other.bytes().await.expect("bytes").len(), whole.len());
}

#[tokio::test]
async fn head_gives_the_length_without_the_bytes() {
    let office = start(Seed::Few);
    let mut desk = office.login(&LEADER).await;
    let revision = desk.documents().await[0].files[0].revisions[0].clone();
    let path = format!("/v1/blobs/{}", revision.sha256);
    let response = desk
        .request(Method::HEAD, &path)
        .send()
        .await
        .expect("head");
    assert_eq!(
        header(&response, "content-length"),
        revision.size.to_string()
    );
}

#[tokio::test]
async fn a_blob_is_not_there_for_who_may_not_read_its_document() {
    let office = start(Seed::Few);
    let mut clerk = office.login(&CLERK).await;
    let hidden = clerk
        .documents()
        .await
        .into_iter()
        .find(|document| document.state == DocumentState::Received)
        .expect("a document that was only received");
    let blob = hidden.files[0].revisions[0].sha256;
    assert_eq!(clerk.get_blob(&blob).await.status(), StatusCode::OK);
    for person in [&LEADER, &OFFICIAL] {
        let desk = office.login(person).await;
        assert_eq!(desk.get_blob(&blob).await.status(), StatusCode::NOT_FOUND);
    }
    let path = "/v1/blobs/..%2fprovince.db";
    let response = clerk
        .request(Method::GET, path)
        .send()
        .await
        .expect("answer");
    assert_eq!(response.status(), StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn an_upload_is_readable_for_its_owner_and_says_nothing_to_others() {
    let office = start(Seed::Empty);
    let leader = office.login(&LEADER).await;
    let clerk = office.login(&CLERK).await;
    let bytes = noise(5000, 1);
    leader.upload(&bytes, None).await;
    assert_eq!(
        leader.get_blob(&sha256(&bytes)).await.status(),
        StatusCode::OK
    );
    assert_eq!(
        clerk.get_blob(&sha256(&bytes)).await.status(),
        StatusCode::NOT_FOUND
    );
    // "Already there" is answered to the owner only; another must bring the bytes.
    let mine = leader.create(&bytes, None).send().await.expect("create");
    assert_eq!(header(&mine, "upload-complete"), "?1");
    let other = clerk.create(&bytes, None).send().await.expect("create");
    assert_eq!(
        (
            header(&other, "upload-complete").as_str(),
            header(&other, "upload-offset").as_str()
        ),
        ("?0", "0")
    );
}
