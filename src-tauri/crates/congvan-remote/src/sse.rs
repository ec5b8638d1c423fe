//! Server-sent events as the HTML standard writes them, as far as the province sends them.
//!
//! Invariant: no I/O; memory is bounded whatever comes.

/// Longest event; ours are under a hundred bytes.
const LONGEST: usize = 64 * 1024;

/// A whole event.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct RawEvent {
    /// `message` when it has none.
    pub(crate) name: String,
    /// Its lines, joined.
    pub(crate) data: String,
}

/// An event or line is longer than any of ours: this is not our stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct TooLong;

/// Takes bytes as they come, gives events as they are whole.
#[derive(Debug, Default)]
pub(crate) struct SseParser {
    line: Vec<u8>,
    /// The last byte was a carriage return: a line feed right after it belongs to it.
    after_cr: bool,
    begun: bool,
    name: String,
    data: Vec<String>,
    size: usize,
}

impl SseParser {
    /// Takes the next bytes and gives the events that they complete.
    pub(crate) fn feed(&mut self, bytes: &[u8]) -> Result<Vec<RawEvent>, TooLong> {
        let mut events = Vec::new();
        for byte in bytes {
            match byte {
                b'\n' if self.after_cr => self.after_cr = false,
                b'\n' | b'\r' => {
                    self.after_cr = *byte == b'\r';
                    events.extend(self.end_line()?);
                }
                other => {
                    self.after_cr = false;
                    if self.line.len() >= LONGEST {
                        return Err(TooLong);
                    }
                    self.line.push(*other);
                }
            }
        }
        Ok(events)
    }

    fn end_line(&mut self) -> Result<Option<RawEvent>, TooLong> {
        let bytes = std::mem::take(&mut self.line);
        let text = String::from_utf8_lossy(&bytes);
        let mut line: &str = &text;
        if !self.begun {
            self.begun = true;
            line = line.strip_prefix('\u{feff}').unwrap_or(line);
        }
        if line.is_empty() {
            return Ok(self.dispatch());
        }
        let (field, value) = match line.split_once(':') {
            Some((field, value)) => (field, value.strip_prefix(' ').unwrap_or(value)),
            None => (line, ""),
        };
        self.size += value.len();
        if self.size > LONGEST {
            return Err(TooLong);
        }
        match field {
            "event" => value.clone_into(&mut self.name),
            "data" => self.data.push(value.to_owned()),
            // Comments, ids and retry times: the cursor of a round is the only place we stand.
            _ => {}
        }
        Ok(None)
    }

    /// An event without data is none, as the standard says.
    fn dispatch(&mut self) -> Option<RawEvent> {
        self.size = 0;
        let name = std::mem::take(&mut self.name);
        let data = std::mem::take(&mut self.data);
        if data.is_empty() {
            return None;
        }
        Some(RawEvent {
            name: if name.is_empty() {
                "message".to_owned()
            } else {
                name
            },
            data: data.join("\n"),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(name: &str, data: &str) -> RawEvent {
        RawEvent {
            name: name.to_owned(),
            data: data.to_owned(),
        }
    }

    const STREAM: &str = "\u{feff}: welcome\r\n\r\nevent: state\ndata: {\"head\":7}\n\n\
        event: ping\r\ndata:{\"interval\":25}\r\n\r\ndata: a\rdata: b\r\rid: 4\nretry: 1\n\n\
        event: empty\n\nevent: state\ndata: {\"head\":8}\n";

    #[test]
    fn events_are_the_same_however_the_bytes_are_cut() {
        let whole = SseParser::default().feed(STREAM.as_bytes()).expect("short");
        assert_eq!(
            whole,
            [
                event("state", "{\"head\":7}"),
                event("ping", "{\"interval\":25}"),
                event("message", "a\nb"),
            ],
            "the last one has not ended"
        );
        for size in 1..STREAM.len() {
            let mut parser = SseParser::default();
            let mut events = Vec::new();
            for piece in STREAM.as_bytes().chunks(size) {
                events.extend(parser.feed(piece).expect("short"));
            }
            assert_eq!(events, whole, "pieces of {size}");
        }
    }

    #[test]
    fn a_stream_that_is_none_of_ours_fills_no_memory() {
        let mut parser = SseParser::default();
        let endless = vec![b'x'; LONGEST + 1];
        assert_eq!(parser.feed(&endless), Err(TooLong));
        let mut parser = SseParser::default();
        let lines = "data: 0123456789\n".repeat(LONGEST / 10 + 1);
        assert_eq!(parser.feed(lines.as_bytes()), Err(TooLong));
    }
}
