//! As much HTTP/1.1 as a line must understand to break it at a chosen place.

use std::io::{ErrorKind, Read};

use anyhow::{Context as _, Result, bail};

use super::parts::Crawl;

/// Longest head of a request or answer.
const LONGEST_HEAD: usize = 64 * 1024;
/// Longest body; pieces of transfers are smaller.
const LONGEST_BODY: usize = 64 * 1024 * 1024;

/// A request on its way up.
#[derive(Clone, Debug)]
pub(crate) struct Request {
    pub(crate) method: String,
    pub(crate) path: String,
    head: Vec<u8>,
    pub(crate) body: Vec<u8>,
    length: usize,
}

impl Request {
    /// As it goes to the server, on a connection of its own.
    pub(crate) fn bytes(&self) -> Vec<u8> {
        let mut all = self.head.clone();
        all.extend_from_slice(&self.body);
        all
    }
}

/// An answer on its way down.
#[derive(Clone, Debug)]
pub(crate) struct Answer {
    pub(crate) head: Vec<u8>,
    pub(crate) body: Vec<u8>,
    /// The body says where it ends, so the connection can go on.
    pub(crate) keeps: bool,
    /// Events, without an end to wait for.
    pub(crate) is_stream: bool,
}

/// Reads the next request's head; none when the client has gone.
pub(crate) fn read_head(client: &mut impl Read) -> Result<Option<Request>> {
    let Some((head, rest)) = head(client)? else {
        return Ok(None);
    };
    let text = String::from_utf8_lossy(&head).into_owned();
    let first = text.lines().next().unwrap_or_default();
    let mut words = first.split(' ');
    let (Some(method), Some(path)) = (words.next(), words.next()) else {
        bail!("no request line");
    };
    if header(&text, "transfer-encoding").is_some() {
        bail!("a chunked request; our client always says how long");
    }
    let length = match header(&text, "content-length") {
        Some(length) => length.parse().context("content-length")?,
        None => 0,
    };
    if length > LONGEST_BODY {
        bail!("a body of {length} bytes");
    }
    Ok(Some(Request {
        method: method.to_owned(),
        path: path.to_owned(),
        head: with_close(&text),
        body: rest,
        length,
    }))
}

/// Reads the rest of the body.
pub(crate) fn read_body(
    client: &mut impl Read,
    request: &mut Request,
    crawl: &mut Crawl,
) -> Result<()> {
    while request.body.len() < request.length {
        let before = request.body.len();
        read_some(client, request, before + 16 * 1024)?;
        crawl.pass(request.body.len() - before);
    }
    Ok(())
}

/// Reads until the body has at least so many bytes, or is whole.
pub(crate) fn read_some(client: &mut impl Read, request: &mut Request, until: usize) -> Result<()> {
    let until = until.min(request.length);
    let mut buffer = vec![0; 16 * 1024];
    while request.body.len() < until {
        let want = (request.length - request.body.len()).min(buffer.len());
        let count = client.read(buffer.get_mut(..want).unwrap_or_default())?;
        if count == 0 {
            bail!("the client hung up");
        }
        request
            .body
            .extend_from_slice(buffer.get(..count).unwrap_or_default());
    }
    Ok(())
}

/// Reads the head of the answer, and what came with it.
pub(crate) fn read_answer_head(upstream: &mut impl Read) -> Result<(Answer, Vec<u8>)> {
    let (head, rest) = head(upstream)?.context("the server hung up")?;
    let text = String::from_utf8_lossy(&head).into_owned();
    let is_stream =
        header(&text, "content-type").is_some_and(|kind| kind.starts_with("text/event-stream"));
    let framed = header(&text, "content-length").is_some()
        || header(&text, "transfer-encoding").is_some()
        || text.contains(" 204 ")
        || text.contains(" 304 ");
    let answer = Answer {
        head: without_close(&text),
        body: Vec::new(),
        keeps: framed && !is_stream,
        is_stream,
    };
    Ok((answer, rest))
}

/// Reads the rest of an answer, which ends with its connection.
pub(crate) fn read_answer(
    upstream: &mut impl Read,
    mut answer: Answer,
    rest: Vec<u8>,
) -> Result<Answer> {
    answer.body = rest;
    let mut buffer = vec![0; 64 * 1024];
    loop {
        match upstream.read(&mut buffer) {
            Ok(0) => return Ok(answer),
            Ok(count) => answer
                .body
                .extend_from_slice(buffer.get(..count).unwrap_or_default()),
            Err(error) if error.kind() == ErrorKind::UnexpectedEof => return Ok(answer),
            Err(error) => return Err(error.into()),
        }
        if answer.body.len() > LONGEST_BODY {
            bail!("an answer without end");
        }
    }
}

/// A head with its empty line, and the bytes behind it; none when nothing came.
fn head(stream: &mut impl Read) -> Result<Option<(Vec<u8>, Vec<u8>)>> {
    let mut all = Vec::new();
    let mut buffer = [0; 4096];
    loop {
        if let Some(at) = all.windows(4).position(|four| four == b"\r\n\r\n") {
            let rest = all.split_off(at + 4);
            return Ok(Some((all, rest)));
        }
        if all.len() > LONGEST_HEAD {
            bail!("a head without end");
        }
        let count = match stream.read(&mut buffer) {
            Ok(count) => count,
            Err(error) if error.kind() == ErrorKind::UnexpectedEof => 0,
            Err(error) => return Err(error.into()),
        };
        if count == 0 {
            if all.is_empty() {
                return Ok(None);
            }
            bail!("a head that breaks off");
        }
        all.extend_from_slice(buffer.get(..count).unwrap_or_default());
    }
}

fn header<'a>(head: &'a str, name: &str) -> Option<&'a str> {
    head.lines().skip(1).find_map(|line| {
        let (key, value) = line.split_once(':')?;
        key.eq_ignore_ascii_case(name).then(|| value.trim())
    })
}

fn with_close(head: &str) -> Vec<u8> {
    let mut out = without_close(head);
    out.truncate(out.len().saturating_sub(2));
    out.extend_from_slice(b"connection: close\r\n\r\n");
    out
}

fn without_close(head: &str) -> Vec<u8> {
    let mut out = String::new();
    for line in head.trim_end_matches("\r\n").split("\r\n") {
        let is_connection = line
            .split_once(':')
            .is_some_and(|(key, _)| key.eq_ignore_ascii_case("connection"));
        if !is_connection {
            out.push_str(line);
            out.push_str("\r\n");
        }
    }
    out.push_str("\r\n");
    out.into_bytes()
}
