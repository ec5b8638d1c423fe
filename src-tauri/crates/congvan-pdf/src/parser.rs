use std::ops::Range;

use crate::{Dict, ObjRef, Object, limits};

/// Why parsing stopped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stop {
    /// The window ended inside the object; a larger one may help.
    More,
    /// The bytes are wrong whatever follows; at this position of the window.
    Bad(usize, &'static str),
}

type Parsed<T> = Result<T, Stop>;

/// A recursive-descent parser over a window of the file.
pub(crate) struct Parser<'a> {
    data: &'a [u8],
    pub(crate) pos: usize,
    /// Whether the file ends where the window ends.
    last: bool,
}

pub(crate) fn is_space(byte: u8) -> bool {
    matches!(byte, 0 | 9 | 10 | 12 | 13 | 32)
}

fn is_delimiter(byte: u8) -> bool {
    matches!(
        byte,
        b'(' | b')' | b'<' | b'>' | b'[' | b']' | b'{' | b'}' | b'/' | b'%'
    )
}

const fn hex_digit(byte: u8) -> Option<u8> {
    match byte {
        b'0'..=b'9' => Some(byte - b'0'),
        b'a'..=b'f' => Some(byte - b'a' + 10),
        b'A'..=b'F' => Some(byte - b'A' + 10),
        _ => None,
    }
}

/// The value of each hexadecimal digit; [`NO_DIGIT`] for every other byte.
#[expect(clippy::indexing_slicing, reason = "while compiling")]
static HEX: [u8; 256] = {
    let mut table = [NO_DIGIT; 256];
    let mut byte = 0;
    while byte < 256 {
        if let Some(value) = hex_digit(byte as u8) {
            table[byte] = value;
        }
        byte += 1;
    }
    table
};
const NO_DIGIT: u8 = 0xff;

/// Digits looked at in one go: the room reserved for a signature is mostly zeros, and is read again
/// and again.
const BLOCK: usize = 64;

/// Reads pairs of hexadecimal digits and nothing else; none where there is anything else.
#[must_use]
pub fn hex_pairs(text: &[u8]) -> Option<Vec<u8>> {
    if !text.len().is_multiple_of(2) {
        return None;
    }
    let value = |digit: u8| HEX.get(usize::from(digit)).copied().unwrap_or(NO_DIGIT);
    let mut bytes = Vec::with_capacity(text.len() / 2);
    let mut worst = 0;
    for block in text.chunks(BLOCK) {
        if block == [b'0'; BLOCK] {
            bytes.resize(bytes.len() + BLOCK / 2, 0);
            continue;
        }
        let (pairs, _) = block.as_chunks::<2>();
        bytes.extend(pairs.iter().map(|[high, low]| {
            let (high, low) = (value(*high), value(*low));
            worst |= high | low;
            (high << 4) | (low & 0xf)
        }));
    }
    (worst <= 0xf).then_some(bytes)
}

/// Where a string ends that begins a window.
fn end_of_hex(text: &[u8]) -> Option<usize> {
    let mut before = 0;
    for block in text.chunks(4 * BLOCK) {
        // Tells whether, many bytes at a time; not where.
        if block.contains(&b'>') {
            let within = block.iter().position(|byte| *byte == b'>')?;
            return Some(before + within);
        }
        before += block.len();
    }
    None
}

impl<'a> Parser<'a> {
    pub(crate) fn new(data: &'a [u8], last: bool) -> Self {
        Self { data, pos: 0, last }
    }

    pub(crate) fn bad<T>(&self, what: &'static str) -> Parsed<T> {
        Err(Stop::Bad(self.pos, what))
    }

    /// The byte at the position; none only at the end of the file.
    pub(crate) fn peek(&self) -> Parsed<Option<u8>> {
        match self.data.get(self.pos) {
            Some(byte) => Ok(Some(*byte)),
            None if self.last => Ok(None),
            None => Err(Stop::More),
        }
    }

    fn peek_at(&self, ahead: usize) -> Parsed<Option<u8>> {
        match self.data.get(self.pos.saturating_add(ahead)) {
            Some(byte) => Ok(Some(*byte)),
            None if self.last => Ok(None),
            None => Err(Stop::More),
        }
    }

    fn next(&mut self) -> Parsed<u8> {
        match self.peek()? {
            Some(byte) => {
                self.pos += 1;
                Ok(byte)
            }
            None => self.bad("unexpected end of file"),
        }
    }

    pub(crate) fn skip_space(&mut self) -> Parsed<()> {
        while let Some(byte) = self.peek()? {
            if is_space(byte) {
                self.pos += 1;
            } else if byte == b'%' {
                while let Some(byte) = self.peek()? {
                    if matches!(byte, 10 | 13) {
                        break;
                    }
                    self.pos += 1;
                }
            } else {
                break;
            }
        }
        Ok(())
    }

    /// A run of regular characters: a number or a keyword.
    pub(crate) fn word(&mut self) -> Parsed<&'a [u8]> {
        let start = self.pos;
        while let Some(byte) = self.peek()? {
            if is_space(byte) || is_delimiter(byte) {
                break;
            }
            self.pos += 1;
        }
        Ok(self.data.get(start..self.pos).unwrap_or_default())
    }

    /// Skips space and takes the keyword; wrong where another follows.
    pub(crate) fn keyword(&mut self, keyword: &'static str) -> Parsed<()> {
        self.skip_space()?;
        if self.word()? == keyword.as_bytes() {
            Ok(())
        } else {
            self.bad("keyword expected")
        }
    }

    /// Takes the keyword when it follows.
    pub(crate) fn try_keyword(&mut self, keyword: &str) -> Parsed<bool> {
        let start = self.pos;
        self.skip_space()?;
        if self.word()? == keyword.as_bytes() {
            return Ok(true);
        }
        self.pos = start;
        Ok(false)
    }

    /// Skips space and takes a non-negative integer.
    pub(crate) fn unsigned(&mut self) -> Parsed<u64> {
        self.skip_space()?;
        let word = self.word()?;
        match digits(word) {
            Some(value) => Ok(value),
            None => self.bad("number expected"),
        }
    }

    /// `num gen obj`.
    pub(crate) fn object_header(&mut self) -> Parsed<ObjRef> {
        let num = self.unsigned()?;
        let generation = self.unsigned()?;
        self.keyword("obj")?;
        let num = u32::try_from(num).or(self.bad("object number"))?;
        let generation = u16::try_from(generation).or(self.bad("generation"))?;
        Ok(ObjRef { num, generation })
    }

    pub(crate) fn object(&mut self) -> Parsed<Object> {
        self.value(0)
    }

    fn value(&mut self, depth: usize) -> Parsed<Object> {
        if depth > limits::DEPTH {
            return self.bad("nested too deeply");
        }
        self.skip_space()?;
        match self.peek()? {
            None => self.bad("unexpected end of file"),
            Some(b'/') => Ok(Object::Name(self.name()?)),
            Some(b'(') => self.literal_string(),
            Some(b'<') => {
                if self.peek_at(1)? == Some(b'<') {
                    self.dict(depth).map(Object::Dict)
                } else {
                    self.hex_string()
                }
            }
            Some(b'[') => self.array(depth),
            Some(b'0'..=b'9' | b'+' | b'-' | b'.') => self.number(),
            Some(_) => match self.word()? {
                b"true" => Ok(Object::Bool(true)),
                b"false" => Ok(Object::Bool(false)),
                b"null" => Ok(Object::Null),
                _ => self.bad("unknown token"),
            },
        }
    }

    fn name(&mut self) -> Parsed<Vec<u8>> {
        self.pos += 1;
        let mut name = Vec::new();
        while let Some(byte) = self.peek()? {
            if is_space(byte) || is_delimiter(byte) {
                break;
            }
            self.pos += 1;
            if byte == b'#' {
                let high = self.peek_at(0)?.and_then(hex_digit);
                let low = self.peek_at(1)?.and_then(hex_digit);
                if let (Some(high), Some(low)) = (high, low) {
                    self.pos += 2;
                    name.push(high * 16 + low);
                    continue;
                }
            }
            name.push(byte);
        }
        Ok(name)
    }

    fn literal_string(&mut self) -> Parsed<Object> {
        self.pos += 1;
        let mut open = 1_u32;
        let mut bytes = Vec::new();
        loop {
            match self.next()? {
                b'(' => {
                    open = open.saturating_add(1);
                    bytes.push(b'(');
                }
                b')' => {
                    open -= 1;
                    if open == 0 {
                        return Ok(Object::String(bytes));
                    }
                    bytes.push(b')');
                }
                b'\\' => self.escape(&mut bytes)?,
                13 => {
                    // An end of line in a string is read as one line feed (7.3.4.2).
                    if self.peek()? == Some(10) {
                        self.pos += 1;
                    }
                    bytes.push(10);
                }
                byte => bytes.push(byte),
            }
        }
    }

    fn escape(&mut self, bytes: &mut Vec<u8>) -> Parsed<()> {
        match self.next()? {
            b'n' => bytes.push(10),
            b'r' => bytes.push(13),
            b't' => bytes.push(9),
            b'b' => bytes.push(8),
            b'f' => bytes.push(12),
            10 => {}
            13 => {
                if self.peek()? == Some(10) {
                    self.pos += 1;
                }
            }
            digit @ b'0'..=b'7' => {
                let mut code = u32::from(digit - b'0');
                for _ in 0..2 {
                    match self.peek()? {
                        Some(next @ b'0'..=b'7') => {
                            code = code * 8 + u32::from(next - b'0');
                            self.pos += 1;
                        }
                        Some(_) | None => break,
                    }
                }
                bytes.push((code & 0xff) as u8);
            }
            byte => bytes.push(byte),
        }
        Ok(())
    }

    fn hex_string(&mut self) -> Parsed<Object> {
        self.pos += 1;
        let rest = self.data.get(self.pos..).unwrap_or_default();
        // The contents of a signature, which are read many times: all of it, or not yet.
        match end_of_hex(rest) {
            None if !self.last => return Err(Stop::More),
            None => {}
            Some(end) => {
                if let Some(bytes) = rest.get(..end).and_then(hex_pairs) {
                    self.pos += end + 1;
                    return Ok(Object::String(bytes));
                }
            }
        }
        let mut bytes = Vec::new();
        let mut high = None;
        loop {
            match self.next()? {
                b'>' => break,
                byte if is_space(byte) => {}
                byte => match (hex_digit(byte), high.take()) {
                    (Some(digit), None) => high = Some(digit),
                    (Some(digit), Some(first)) => bytes.push(first * 16 + digit),
                    (None, _) => return self.bad("hexadecimal string"),
                },
            }
        }
        if let Some(first) = high {
            bytes.push(first * 16);
        }
        Ok(Object::String(bytes))
    }

    fn array(&mut self, depth: usize) -> Parsed<Object> {
        self.pos += 1;
        let mut items = Vec::new();
        loop {
            self.skip_space()?;
            if self.peek()? == Some(b']') {
                self.pos += 1;
                return Ok(Object::Array(items));
            }
            items.push(self.value(depth + 1)?);
        }
    }

    fn dict(&mut self, depth: usize) -> Parsed<Dict> {
        let mut dict = Dict::new();
        self.entries(depth, |key, value, _| {
            dict.0.insert(key, value);
        })?;
        Ok(dict)
    }

    fn entries(
        &mut self,
        depth: usize,
        mut take: impl FnMut(Vec<u8>, Object, Range<usize>),
    ) -> Parsed<()> {
        self.pos += 2;
        loop {
            self.skip_space()?;
            match self.peek()? {
                Some(b'/') => {
                    let key = self.name()?;
                    self.skip_space()?;
                    let start = self.pos;
                    let value = self.value(depth + 1)?;
                    take(key, value, start..self.pos);
                }
                Some(b'>') if self.peek_at(1)? == Some(b'>') => {
                    self.pos += 2;
                    return Ok(());
                }
                Some(_) | None => return self.bad("dictionary key expected"),
            }
        }
    }

    fn number(&mut self) -> Parsed<Object> {
        let start = self.pos;
        let word = self.word()?;
        if let Some(value) = digits(word) {
            let after = self.pos;
            if let Some(target) = self.reference(value)? {
                return Ok(Object::Ref(target));
            }
            self.pos = after;
        }
        let text = std::str::from_utf8(word).unwrap_or_default();
        if let Ok(value) = text.parse::<i64>() {
            return Ok(Object::Int(value));
        }
        let plausible = word
            .iter()
            .all(|byte| matches!(byte, b'0'..=b'9' | b'+' | b'-' | b'.'));
        if plausible && text.parse::<f64>().is_ok() {
            return Ok(Object::Real(word.to_vec()));
        }
        Err(Stop::Bad(start, "number"))
    }

    /// The rest of `num gen R`, where that is what follows.
    fn reference(&mut self, num: u64) -> Parsed<Option<ObjRef>> {
        // One look is enough for almost every number; `More` here must not fail a number at the
        // very end of a window, but asking for a larger window is always right.
        self.skip_space()?;
        match self.peek()? {
            Some(b'0'..=b'9') => {}
            Some(_) | None => return Ok(None),
        }
        let Some(generation) = digits(self.word()?) else {
            return Ok(None);
        };
        self.skip_space()?;
        if self.peek()? != Some(b'R') || self.word()? != b"R" {
            return Ok(None);
        }
        let (Ok(num), Ok(generation)) = (u32::try_from(num), u16::try_from(generation)) else {
            return Ok(None);
        };
        Ok(Some(ObjRef { num, generation }))
    }
}

pub(crate) fn digits(word: &[u8]) -> Option<u64> {
    if word.is_empty() || word.len() > 19 || !word.iter().all(u8::is_ascii_digit) {
        return None;
    }
    std::str::from_utf8(word).ok()?.parse().ok()
}

/// Where the value of `key` is written inside the bytes of an indirect dictionary object
/// (`n g obj << … >>`), relative to their start. None where the bytes are no such object, the key
/// is absent, or it is written twice (then what a reader sees is not defined).
#[must_use]
pub fn value_span(object: &[u8], key: &str) -> Option<Range<usize>> {
    let mut parser = Parser::new(object, true);
    parser.object_header().ok()?;
    parser.skip_space().ok()?;
    if !object.get(parser.pos..)?.starts_with(b"<<") {
        return None;
    }
    let mut found = Vec::new();
    parser
        .entries(0, |name, _, span| {
            if name == key.as_bytes() {
                found.push(span);
            }
        })
        .ok()?;
    match found.as_slice() {
        [span] => Some(span.clone()),
        [] | [_, ..] => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Object {
        Parser::new(text.as_bytes(), true).object().unwrap()
    }

    #[test]
    fn hexadecimal_strings_of_any_length_are_read_right() {
        for zeros in 0..300 {
            for (before, after) in [("", ""), ("a", ""), ("ab", "cd"), ("a", "7"), ("", "7 ")] {
                let digits = format!("{before}{}{after}", "0".repeat(zeros));
                let mut even = digits.trim_end().to_owned();
                if even.len() % 2 == 1 {
                    even.push('0');
                }
                let expected: Vec<u8> = (even.as_bytes().chunks(2))
                    .map(|pair| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap())
                    .collect();
                assert_eq!(parse(&format!("<{digits}>")), Object::String(expected));
            }
        }
    }

    #[test]
    fn pairs_of_digits_are_digits_and_pairs() {
        for byte in 0..=u8::MAX {
            let text = [byte, b'0', b'7', byte];
            let expected = char::from(byte)
                .to_digit(16)
                .map(|digit| vec![digit as u8 * 16, 0x70 + digit as u8]);
            assert_eq!(hex_pairs(&text), expected, "{byte}");
        }
        assert_eq!(hex_pairs(b"123"), None);
        let mut long = b"0".repeat(5 * BLOCK);
        assert_eq!(hex_pairs(&long), Some(vec![0; 5 * BLOCK / 2]));
        for at in 0..long.len() {
            long[at] = b'>';
            assert_eq!(hex_pairs(&long), None);
            assert_eq!(end_of_hex(&long), Some(at));
            long[at] = b'0';
        }
        assert_eq!(end_of_hex(&long), None);
        assert_eq!(hex_pairs(b""), Some(Vec::new()));
    }

    #[test]
    fn every_kind_of_value_is_read() {
        assert_eq!(parse("true"), Object::Bool(true));
        assert_eq!(parse("-12"), Object::Int(-12));
        assert_eq!(parse("+.5"), Object::Real(b"+.5".to_vec()));
        assert_eq!(parse("/A#42c"), Object::name("ABc"));
        assert_eq!(parse("(a(b)\\051\\n)"), Object::String(b"a(b))\n".to_vec()));
        assert_eq!(parse("<48 656>"), Object::String(b"He`".to_vec()));
        assert_eq!(
            parse("[1 0 R 2]"),
            Object::Array(vec![
                Object::Ref(ObjRef {
                    num: 1,
                    generation: 0
                }),
                Object::Int(2)
            ])
        );
        assert_eq!(parse("<</A 1/B<</C(x)>>>>").as_dict().unwrap().0.len(), 2);
    }

    #[test]
    fn a_window_that_ends_too_early_asks_for_more() {
        let text = b"<< /A [1 0 R (x)] >>";
        for cut in 1..text.len() {
            assert_eq!(
                Parser::new(&text[..cut], false).object(),
                Err(Stop::More),
                "cut at {cut}"
            );
        }
    }

    #[test]
    fn nesting_beyond_the_limit_is_an_error_and_not_a_crash() {
        let bomb = vec![b'['; 100_000];
        assert!(matches!(
            Parser::new(&bomb, true).object(),
            Err(Stop::Bad(_, "nested too deeply"))
        ));
    }

    #[test]
    fn the_place_of_a_value_is_found_and_a_doubled_key_is_not() {
        let object = b"4 0 obj <</A 1 /Contents <00ff> >> endobj";
        let span = value_span(object, "Contents").unwrap();
        assert_eq!(&object[span], b"<00ff>");
        assert_eq!(value_span(b"4 0 obj <</A 1 /A 2>> endobj", "A"), None);
    }
}
