//! One connection, one request, one answer.

use std::{
    io::{BufRead as _, BufReader, Read, Write},
    net::{Shutdown, TcpStream},
};

use anyhow::{Context as _, Result};
use rustls::{ServerConnection, StreamOwned};

use super::{Job, ScannerFault, Shared, State, answers};

/// Sends no more than this of what has no end: a client that takes it all is wrong.
const ENDLESS: usize = 1024 * 1024 * 1024;

struct Request {
    method: String,
    path: String,
    body: String,
}

/// What is sent back.
enum Reply {
    /// Status, extra heads, media type and body.
    Whole(u16, String, &'static str, Vec<u8>),
    /// So much of a body whose length is announced; then the line breaks.
    Broken(Vec<u8>),
    /// A body without length, that ends when the line closes.
    Unmeasured(Vec<u8>),
    /// The beginning of a body that goes on with zeros.
    Endless(&'static str, Vec<u8>),
    /// Nothing; the line closes.
    Nothing,
    /// Nothing, and the line stays.
    Silence,
}

pub(super) fn answer(shared: &Shared, stream: TcpStream) -> Result<()> {
    if shared.state().is_unplugged {
        return Ok(stream.shutdown(Shutdown::Both)?);
    }
    let tls = shared.tls().clone();
    match tls {
        None => exchange(shared, &stream, stream.try_clone()?),
        Some(config) => {
            let line = StreamOwned::new(ServerConnection::new(config)?, stream);
            exchange_over(shared, line)
        }
    }
}

fn exchange(shared: &Shared, reading: &TcpStream, mut writing: TcpStream) -> Result<()> {
    let request = read(&mut BufReader::new(reading))?;
    send(shared, &mut writing, reply(shared, &request))?;
    writing.shutdown(Shutdown::Write)?;
    Ok(())
}

fn exchange_over(shared: &Shared, mut line: impl Read + Write) -> Result<()> {
    let request = read(&mut BufReader::new(&mut line))?;
    send(shared, &mut line, reply(shared, &request))
}

fn read(reader: &mut BufReader<impl Read>) -> Result<Request> {
    let mut line = String::new();
    reader.read_line(&mut line)?;
    let mut words = line.split(' ');
    let method = words.next().context("a method")?.to_owned();
    let path = words.next().context("a path")?.to_owned();
    let (mut length, mut chunked) = (0_u64, false);
    loop {
        let mut head = String::new();
        reader.read_line(&mut head)?;
        let head = head.trim().to_ascii_lowercase();
        if head.is_empty() {
            break;
        }
        if let Some(value) = head.strip_prefix("content-length:") {
            length = value.trim().parse()?;
        }
        chunked |= head.starts_with("transfer-encoding:") && head.ends_with("chunked");
    }
    let mut body = String::new();
    if chunked {
        read_chunks(reader, &mut body)?;
    } else {
        reader.by_ref().take(length).read_to_string(&mut body)?;
    }
    Ok(Request { method, path, body })
}

fn read_chunks(reader: &mut BufReader<impl Read>, body: &mut String) -> Result<()> {
    loop {
        let mut size = String::new();
        reader.read_line(&mut size)?;
        let size = u64::from_str_radix(size.trim(), 16)?;
        reader.by_ref().take(size).read_to_string(body)?;
        let mut end = String::new();
        reader.read_line(&mut end)?;
        if size == 0 {
            return Ok(());
        }
    }
}

fn reply(shared: &Shared, request: &Request) -> Reply {
    let mut state = shared.state();
    state.requests += 1;
    match state.fault {
        ScannerFault::WebPage => {
            return Reply::Whole(200, String::new(), "text/html", b"<html></html>".to_vec());
        }
        ScannerFault::Redirects => {
            let elsewhere = "Location: http://192.0.2.1/\r\n".to_owned();
            return Reply::Whole(302, elsewhere, "text/plain", Vec::new());
        }
        ScannerFault::Silent => return Reply::Silence,
        _ => {}
    }
    let path = request.path.trim_end_matches('/');
    let job = path.strip_prefix("/eSCL/ScanJobs/");
    match (request.method.as_str(), path) {
        ("GET", "/eSCL/ScannerCapabilities") => match state.fault {
            ScannerFault::EndlessAnswer => Reply::Endless("text/xml", Vec::new()),
            ScannerFault::DeepAnswer => xml(answers::deep()),
            _ => xml(answers::capabilities()),
        },
        ("GET", "/eSCL/ScannerStatus") => xml(answers::status(&state)),
        ("POST", "/eSCL/ScanJobs") => begin(&mut state, &request.body),
        ("DELETE", _) if job.is_some() => {
            state.cancelled += 1;
            state.job = state.job.map(|job| Job { over: true, ..job });
            plain(200)
        }
        ("GET", _) => match job.and_then(|rest| rest.strip_suffix("/NextDocument")) {
            Some(number) => next(&mut state, number),
            None => plain(404),
        },
        _ => plain(404),
    }
}

fn plain(status: u16) -> Reply {
    Reply::Whole(status, String::new(), "text/plain", Vec::new())
}

fn xml(text: String) -> Reply {
    Reply::Whole(200, String::new(), "text/xml", text.into_bytes())
}

/// Not now: for a second, or until it is asked again.
fn again(state: &mut State, wait: &str) -> Reply {
    state.refused += 1;
    Reply::Whole(503, wait.to_owned(), "text/plain", Vec::new())
}

const A_SECOND: &str = "Retry-After: 1\r\n";

fn begin(state: &mut State, order: &str) -> Reply {
    if matches!(state.fault, ScannerFault::BusyJobs(times) if state.refused < times) {
        return again(state, A_SECOND);
    }
    if state.job.is_some_and(|job| !job.over) {
        return again(state, A_SECOND);
    }
    let wants = |words: &str| order.contains(words);
    if !wants("ScanSettings") || !(wants(">Feeder<") || wants(">Platen<")) {
        return plain(400);
    }
    state.orders.push(order.to_owned());
    let feeder = wants(">Feeder<");
    if feeder && state.pages.is_empty() {
        return plain(409);
    }
    state.jobs += 1;
    let number = state.jobs;
    state.job = Some(Job {
        number,
        given: 0,
        feeder,
        over: false,
    });
    let host = match state.fault {
        ScannerFault::OtherHost => "http://may-quet-noi-bo.example",
        _ => "",
    };
    let location = format!("Location: {host}/eSCL/ScanJobs/{number}\r\n");
    Reply::Whole(201, location, "text/plain", Vec::new())
}

fn next(state: &mut State, number: &str) -> Reply {
    let Some(job) = state.job.filter(|job| job.number.to_string() == number) else {
        return plain(404);
    };
    let ended = match state.fault {
        ScannerFault::JamAfter(pages) | ScannerFault::AbortsAfter(pages) => job.given >= pages,
        _ => false,
    };
    let is_through = state.pages.is_empty() || (!job.feeder && job.given > 0);
    if job.over || ended || is_through {
        state.job = Some(Job { over: true, ..job });
        return plain(404);
    }
    if let ScannerFault::PageNotReady(times) = state.fault {
        if state.refused < times {
            return again(state, "");
        }
        state.refused = 0;
    }
    let page = if job.feeder {
        state.pages.remove(0)
    } else {
        state.pages.first().cloned().unwrap_or_default()
    };
    let given = job.given + 1;
    state.job = Some(Job { given, ..job });
    let half = |page: &[u8]| page.get(..page.len() / 2).unwrap_or_default().to_vec();
    match state.fault {
        ScannerFault::UnpluggedAfter(pages) if given > pages => {
            state.is_unplugged = true;
            Reply::Broken(half(&page))
        }
        ScannerFault::HalfPage(which) if given == which => Reply::Unmeasured(half(&page)),
        ScannerFault::EndlessPage(which) if given == which => {
            Reply::Endless("image/jpeg", half(&page))
        }
        ScannerFault::NoPicture(which) if given == which => {
            Reply::Whole(200, String::new(), "text/html", b"<html></html>".to_vec())
        }
        _ if state.is_unplugged => Reply::Nothing,
        _ => Reply::Whole(200, String::new(), "image/jpeg", page),
    }
}

fn send(shared: &Shared, line: &mut impl Write, reply: Reply) -> Result<()> {
    match reply {
        Reply::Whole(status, more, kind, body) => {
            let length = body.len();
            let head = format!(
                "HTTP/1.1 {status} {}\r\n{more}Content-Type: {kind}\r\nContent-Length: {length}\r\n\
                 Connection: close\r\n\r\n",
                reason(status)
            );
            line.write_all(head.as_bytes())?;
            line.write_all(&body)?;
        }
        Reply::Broken(body) => {
            let length = body.len() * 2;
            let head = format!(
                "HTTP/1.1 200 OK\r\nContent-Type: image/jpeg\r\nContent-Length: {length}\r\n\r\n"
            );
            line.write_all(head.as_bytes())?;
            line.write_all(&body)?;
        }
        Reply::Unmeasured(body) => {
            line.write_all(b"HTTP/1.0 200 OK\r\nContent-Type: image/jpeg\r\n\r\n")?;
            line.write_all(&body)?;
        }
        Reply::Endless(kind, body) => {
            let head =
                format!("HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\nConnection: close\r\n\r\n");
            line.write_all(head.as_bytes())?;
            line.write_all(&body)?;
            let zeros = vec![0; 256 * 1024];
            for _ in 0..ENDLESS / zeros.len() {
                line.write_all(&zeros)?;
            }
        }
        Reply::Nothing => {}
        Reply::Silence => shared.hold(ScannerFault::Silent),
    }
    line.flush()?;
    Ok(())
}

fn reason(status: u16) -> &'static str {
    match status {
        200 => "OK",
        201 => "Created",
        302 => "Found",
        400 => "Bad Request",
        404 => "Not Found",
        409 => "Conflict",
        503 => "Service Unavailable",
        _ => "Odd",
    }
}
