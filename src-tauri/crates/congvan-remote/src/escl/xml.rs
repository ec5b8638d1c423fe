//! As much XML as a scanner's answers have, with limits on everything. Prefixes differ between
//! makers, so only local names count. Nothing is ever expanded: a document type ends the reading.

use quick_xml::{Reader, events::Event};

use super::ScannerError;

/// The longest capabilities seen are 40 KB.
pub(super) const LONGEST: usize = 512 * 1024;
/// Capabilities are 10 deep.
const DEEPEST: usize = 32;
/// Capabilities have a few hundred.
const ELEMENTS: usize = 20_000;
/// Letters of one element; a model's name is the longest of interest.
const TEXT: usize = 2_000;

/// An element with the text directly inside it.
#[derive(Debug, Default)]
pub(super) struct Element {
    pub(super) name: String,
    pub(super) text: String,
    pub(super) children: Vec<Self>,
}

impl Element {
    /// The first child of this name.
    pub(super) fn child(&self, name: &str) -> Option<&Self> {
        self.children.iter().find(|child| child.name == name)
    }

    /// Text of the first child of this name, trimmed.
    pub(super) fn text_of(&self, name: &str) -> Option<&str> {
        let text = self.child(name)?.text.trim();
        (!text.is_empty()).then_some(text)
    }

    /// Every element of this name below, at any depth.
    pub(super) fn all<'a>(&'a self, name: &'a str) -> Box<dyn Iterator<Item = &'a Self> + 'a> {
        Box::new(self.children.iter().flat_map(move |child| {
            let own = (child.name == name).then_some(child);
            own.into_iter().chain(child.all(name))
        }))
    }

    /// A number, if the text of the first child of this name is one.
    pub(super) fn number(&self, name: &str) -> Option<u32> {
        self.text_of(name)?.parse().ok()
    }
}

/// Reads an answer whose outermost element has this name.
pub(super) fn parse(bytes: &[u8], root: &str) -> Result<Element, ScannerError> {
    let odd = |what| ScannerError::Protocol { what };
    if bytes.len() > LONGEST {
        return Err(odd("an answer without end"));
    }
    let text = String::from_utf8_lossy(bytes);
    let mut reader = Reader::from_str(text.trim_start_matches('\u{feff}'));
    let mut open: Vec<Element> = vec![Element::default()];
    let mut count = 0;
    loop {
        let event = reader.read_event().map_err(|_| odd("malformed XML"))?;
        match event {
            Event::Start(tag) => {
                count += 1;
                if open.len() > DEEPEST || count > ELEMENTS {
                    return Err(odd("too many elements"));
                }
                open.push(named(tag.local_name().as_ref()));
            }
            Event::Empty(tag) => {
                count += 1;
                if count > ELEMENTS {
                    return Err(odd("too many elements"));
                }
                let element = named(tag.local_name().as_ref());
                open.last_mut()
                    .ok_or_else(|| odd("malformed XML"))?
                    .children
                    .push(element);
            }
            Event::End(_) => {
                let done = open.pop().filter(|_| !open.is_empty());
                let done = done.ok_or_else(|| odd("malformed XML"))?;
                if let Some(parent) = open.last_mut() {
                    parent.children.push(done);
                }
            }
            Event::Text(text) => add(&mut open, &text),
            Event::CData(text) => add(&mut open, &text),
            Event::GeneralRef(reference) => {
                let letter = reference.resolve_char_ref().ok().flatten();
                let letter = letter.or(match reference.as_ref() {
                    "amp" => Some('&'),
                    "lt" => Some('<'),
                    "gt" => Some('>'),
                    "quot" => Some('"'),
                    "apos" => Some('\''),
                    _ => None,
                });
                let letter = letter.ok_or_else(|| odd("an unknown entity"))?;
                add(&mut open, letter.encode_utf8(&mut [0; 4]));
            }
            Event::DocType(_) => return Err(odd("a document type")),
            Event::Comment(_) | Event::Decl(_) | Event::PI(_) => {}
            Event::Eof => break,
        }
    }
    let document = open.pop().filter(|_| open.is_empty());
    let first = document.and_then(|document| document.children.into_iter().next());
    first
        .filter(|first| first.name == root)
        .ok_or_else(|| odd("another answer than was asked for"))
}

fn named(name: &str) -> Element {
    Element {
        name: name.chars().take(64).collect(),
        ..Element::default()
    }
}

fn add(open: &mut [Element], text: &str) {
    if let Some(element) = open.last_mut() {
        let room = TEXT.saturating_sub(element.text.len());
        element.text.extend(text.chars().take(room));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_read_by_its_local_names_whatever_the_prefixes() {
        let root = parse(
            "\u{feff}<?xml version=\"1.0\"?><!-- x --><a:Status xmlns:a=\"urn:x\"><Model> A &amp; B\
             &#x1EA4; </Model><b:List><b:One>1</b:One><One>2</One></b:List><Empty/></a:Status>"
                .as_bytes(),
            "Status",
        )
        .unwrap();
        assert_eq!(root.text_of("Model"), Some("A & BẤ"));
        let ones: Vec<&str> = root.all("One").map(|one| one.text.as_str()).collect();
        assert_eq!(ones, ["1", "2"]);
        assert_eq!(root.text_of("Empty"), None);
    }

    #[test]
    fn answers_made_to_hurt_are_refused() {
        let refused = |text: &str| parse(text.as_bytes(), "S").unwrap_err();
        let bomb = "<!DOCTYPE S [<!ENTITY a \"xxxx\"><!ENTITY b \"&a;&a;\">]><S>&b;</S>";
        assert!(matches!(refused(bomb), ScannerError::Protocol { .. }));
        refused("<S>&unknown;</S>");
        refused(&format!(
            "<S>{}{}</S>",
            "<d>".repeat(200),
            "</d>".repeat(200)
        ));
        refused(&format!("<S>{}</S>", "<d/>".repeat(ELEMENTS + 1)));
        refused(&" ".repeat(LONGEST + 1));
        refused("<S><open></S>");
        refused("<S>");
        refused("</S>");
        refused("");
        refused("<html/>");
        let long = parse(format!("<S>{}</S>", "ữ".repeat(100_000)).as_bytes(), "S").unwrap();
        assert!(long.text.len() <= 3 * TEXT, "a text is cut off");
    }
}
