use reqwest::Method;

use super::{Outcome, must};
use crate::{
    desk::{Answer, Desk, hash_hex, pdf},
    suite::{Stop, Suite},
};

async fn stored(desk: &Desk) -> Result<(Vec<u8>, String), Stop> {
    let bytes = pdf();
    desk.upload(&bytes).await?;
    let path = format!("/v1/blobs/{}", hash_hex(&bytes));
    Ok((bytes, path))
}

async fn get(desk: &Desk, path: &str, headers: &[(&str, &str)]) -> Result<Answer, Stop> {
    let mut request = desk.request(Method::GET, path);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    Answer::of(request.send().await?).await
}

pub(super) async fn whole(suite: &Suite) -> Outcome {
    let desk = suite.clerk();
    let (bytes, path) = stored(&desk).await?;
    let answer = get(&desk, &path, &[]).await?;
    answer.is(200)?;
    must!(answer.bytes == bytes, "other bytes");
    let etag = format!("\"{}\"", hash_hex(&bytes));
    must!(
        answer.header("etag") == etag,
        "ETag {}",
        answer.header("etag")
    );
    must!(
        answer.header("accept-ranges") == "bytes",
        "no Accept-Ranges"
    );
    let head = Answer::of(desk.request(Method::HEAD, &path).send().await?).await?;
    head.is(200)?;
    must!(
        head.header("content-length") == bytes.len().to_string(),
        "HEAD without length"
    );
    Ok("its hash".to_owned())
}

pub(super) async fn range(suite: &Suite) -> Outcome {
    let desk = suite.clerk();
    let (bytes, path) = stored(&desk).await?;
    let last = bytes.len() - 1;
    let cases = [
        ("bytes=10-29".to_owned(), 10, 29),
        ("bytes=50-".to_owned(), 50, last),
        ("bytes=-7".to_owned(), last - 6, last),
    ];
    for (range, from, to) in &cases {
        let answer = get(&desk, &path, &[("range", range)]).await?;
        answer.is(206)?;
        let wanted = bytes.get(*from..=*to).unwrap_or_default();
        must!(answer.bytes == wanted, "other bytes for {range}");
        let said = format!("bytes {from}-{to}/{}", bytes.len());
        let found = answer.header("content-range");
        must!(found == said, "Content-Range {found} for {range}");
    }
    Ok(format!("{} ranges", cases.len()))
}

pub(super) async fn conditions(suite: &Suite) -> Outcome {
    let desk = suite.clerk();
    let (bytes, path) = stored(&desk).await?;
    let etag = format!("\"{}\"", hash_hex(&bytes));
    let part = ("range", "bytes=0-9");
    get(&desk, &path, &[part, ("if-range", &etag)])
        .await?
        .is(206)?;
    get(&desk, &path, &[part, ("if-range", "\"another\"")])
        .await?
        .is(200)?;
    get(&desk, &path, &[("if-none-match", &etag)])
        .await?
        .is(304)?;
    let beyond = get(&desk, &path, &[("range", "bytes=9999999-")]).await?;
    beyond.is(416)?;
    let said = format!("bytes */{}", bytes.len());
    let found = beyond.header("content-range");
    must!(found == said, "Content-Range {found}");
    Ok("206 200 304 416".to_owned())
}

pub(super) async fn strangers(suite: &Suite) -> Outcome {
    let other = suite.second()?;
    let (_, path) = stored(&suite.clerk()).await?;
    get(&other, &path, &[]).await?.refused(404, "NOT_FOUND")?;
    Ok("404".to_owned())
}
