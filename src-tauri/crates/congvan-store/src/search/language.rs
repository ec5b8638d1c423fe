//! What a person types to search, understood: words, phrases, words that must not be there, and fields
//! by the names that an office gives them, with or without marks.
//!
//! Invariant: nothing typed is an error. What is not understood is looked for as words, and told.

use congvan_model::{Direction, DocumentState, DocumentType, Urgency, fold};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::WORDS_MAX;

/// What results are narrowed to besides the words: chosen, not typed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Narrow {
    /// In or out.
    pub direction: Option<Direction>,
    /// Tên loại.
    pub kind: Option<DocumentType>,
    /// Cơ quan ban hành, by its whole name.
    pub issuer: Option<String>,
    /// Year of arrival; of making for what goes out.
    pub year: Option<i16>,
    /// Where it stands.
    pub state: Option<DocumentState>,
    /// Độ khẩn.
    pub urgency: Option<Urgency>,
}

/// Which field was asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AskedField {
    /// Số, ký hiệu; số đến too.
    Number,
    /// Số đến alone.
    Arrival,
    /// Ngày văn bản.
    Day,
    /// Cơ quan ban hành.
    Agency,
    /// Người ký.
    Signer,
    /// Trích yếu.
    Subject,
    /// Words of the pages.
    Pages,
    /// Opinions, files, who had to do with it.
    Other,
    /// From that day of arrival on.
    From,
    /// Until that day of arrival.
    To,
    /// Year of arrival.
    Year,
    /// Tên loại.
    Kind,
    /// In or out.
    Direction,
    /// Độ khẩn.
    Urgency,
    /// Where it stands.
    State,
    /// Thời hạn.
    Due,
    /// A word that must not be there.
    Without,
}

/// A part of what was typed, as it was understood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    /// Which field.
    pub field: AskedField,
    /// Its value in the words of an office.
    pub value: String,
    /// It must not be so.
    pub not: bool,
}

/// What is asked of a deadline.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DueAsked {
    /// Past it and open.
    Overdue,
    /// There is one.
    Any,
    /// It ends on that day.
    On(Date),
}

/// Words that must, or must not, be there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Term {
    /// Where; none for anywhere.
    pub(super) field: Option<AskedField>,
    /// One word, or a phrase, as typed.
    pub(super) text: String,
    /// The words one after the other, each whole.
    pub(super) is_phrase: bool,
    pub(super) not: bool,
}

/// All of what was typed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Typed {
    pub(super) terms: Vec<Term>,
    /// One of each must hold, or none where `true`.
    pub(super) kinds: Vec<(Vec<DocumentType>, bool)>,
    pub(super) directions: Vec<(Direction, bool)>,
    pub(super) urgencies: Vec<(Vec<Urgency>, bool)>,
    pub(super) states: Vec<Vec<DocumentState>>,
    pub(super) dues: Vec<DueAsked>,
    pub(super) from: Option<Date>,
    pub(super) to: Option<Date>,
    pub(super) asked: Vec<Asked>,
    pub(super) unknown: Vec<String>,
}

const FIELDS: &[(AskedField, &[&str])] = {
    use AskedField as F;
    &[
        (
            F::Number,
            &[
                "so",
                "ky hieu",
                "so ky hieu",
                "so va ky hieu",
                "so hieu",
                "number",
            ],
        ),
        (F::Arrival, &["so den"]),
        (
            F::Day,
            &[
                "ngay",
                "ngay van ban",
                "ngay vb",
                "ngay ban hanh",
                "ngay ky",
                "date",
            ],
        ),
        (
            F::Agency,
            &[
                "co quan",
                "cq",
                "co quan ban hanh",
                "noi ban hanh",
                "noi gui",
                "don vi",
                "tac gia",
                "agency",
            ],
        ),
        (F::Signer, &["nguoi ky", "ky boi", "signer"]),
        (F::Subject, &["trich yeu", "ve viec", "v/v", "subject"]),
        (F::Pages, &["noi dung", "toan van", "text"]),
        (F::Other, &["y kien", "nguoi xu ly", "tep", "opinion"]),
        (F::From, &["tu", "tu ngay", "from"]),
        (F::To, &["den", "den ngay", "to"]),
        (F::Year, &["nam", "year"]),
        (
            F::Kind,
            &["loai", "ten loai", "loai van ban", "loai vb", "kind"],
        ),
        (F::Direction, &["huong", "van ban", "vb", "direction"]),
        (F::Urgency, &["khan", "do khan", "muc do khan", "urgency"]),
        (F::State, &["trang thai", "tinh trang", "state"]),
        (F::Due, &["han", "thoi han", "han xu ly", "due"]),
        (F::Without, &["khong", "khong co", "tru", "not"]),
    ]
};
/// Words of the longest name of a field.
const NAME_WORDS: usize = 4;

const DIRECTIONS: &[(&str, Direction)] =
    &[("den", Direction::Incoming), ("di", Direction::Outgoing)];
const URGENCIES: &[(&str, &[Urgency])] = &[
    (
        "co",
        &[
            Urgency::Urgent,
            Urgency::VeryUrgent,
            Urgency::Express,
            Urgency::ExpressTimed,
        ],
    ),
    ("khong", &[Urgency::Normal]),
    ("thuong", &[Urgency::Normal]),
    ("khan", &[Urgency::Urgent]),
    ("thuong khan", &[Urgency::VeryUrgent]),
    ("hoa toc", &[Urgency::Express, Urgency::ExpressTimed]),
    ("hoa toc hen gio", &[Urgency::ExpressTimed]),
];
const STATES: &[(&str, DocumentState)] = &[
    ("moi den", DocumentState::Received),
    ("cho vao so", DocumentState::Received),
    ("da vao so", DocumentState::Registered),
    ("da dang ky", DocumentState::Registered),
    ("cho chi dao", DocumentState::Presented),
    ("da trinh", DocumentState::Presented),
    ("da chi dao", DocumentState::Directed),
    ("da co chi dao", DocumentState::Directed),
    ("da chuyen", DocumentState::Directed),
    ("dang xu ly", DocumentState::InProgress),
    ("dang giai quyet", DocumentState::InProgress),
    ("da giai quyet", DocumentState::Resolved),
    ("da hoan thanh", DocumentState::Resolved),
    ("da xu ly", DocumentState::Resolved),
    ("xong", DocumentState::Resolved),
    ("du thao", DocumentState::Draft),
    ("cho duyet noi dung", DocumentState::ContentReview),
    ("cho duyet the thuc", DocumentState::FormatReview),
    ("cho kiem tra", DocumentState::FormatReview),
    ("cho ky nhay", DocumentState::AwaitingInitials),
    ("cho ky", DocumentState::AwaitingSignature),
    ("trinh ky", DocumentState::AwaitingSignature),
    ("da ky", DocumentState::Signed),
    ("da phat hanh", DocumentState::Issued),
    ("da luu", DocumentState::Filed),
    ("da luu ho so", DocumentState::Filed),
    ("da vao ho so", DocumentState::Filed),
];
const OVERDUE: &[&str] = &["qua", "qua han", "tre", "tre han", "overdue"];

/// Understands what was typed; `today` is the day that "hôm nay" means.
pub(super) fn understand(text: &str, today: Date) -> Typed {
    let mut reader = Reader {
        pieces: pieces(text),
        at: 0,
        today,
        typed: Typed::default(),
    };
    while reader.at < reader.pieces.len() {
        reader.next();
    }
    reader.typed.terms.truncate(WORDS_MAX);
    reader.typed
}

/// What stands between spaces, or between quotation marks.
#[derive(Clone, Debug, Default)]
struct Piece {
    /// Of what is quoted, what stands before the quotation mark: a field's name with its colon.
    head: String,
    text: String,
    is_quoted: bool,
    /// A minus stands before it.
    not: bool,
    /// A comma stands behind it.
    ends: bool,
}

fn pieces(text: &str) -> Vec<Piece> {
    let is_quote = |c: char| matches!(c, '"' | '“' | '”' | '„' | '«' | '»');
    let mut all = Vec::new();
    let mut rest = text.trim_start();
    while !rest.is_empty() {
        let end = rest.find(|c: char| c.is_whitespace() || is_quote(c));
        let (word, after) = rest.split_at(end.unwrap_or(rest.len()));
        let mut piece = Piece::default();
        let opens = after.chars().next().filter(|c| is_quote(*c));
        let is_head = word.is_empty() || word == "-" || word.ends_with(':');
        match opens {
            Some(mark) if is_head => {
                let inside = after.get(mark.len_utf8()..).unwrap_or_default();
                let close = inside.find(is_quote).unwrap_or(inside.len());
                let (quoted, behind) = inside.split_at(close);
                piece.head = word.trim_start_matches('-').to_owned();
                piece.not = word.starts_with('-');
                piece.text = quoted.trim().to_owned();
                piece.is_quoted = true;
                rest = behind.trim_start_matches(is_quote);
                if let Some(more) = rest.strip_prefix([',', ';']) {
                    piece.ends = true;
                    rest = more;
                }
            }
            Some(_) | None => {
                let bare = word.trim_end_matches([',', ';']);
                piece.ends = bare.len() < word.len();
                let is_minus = |word: &str| word.chars().next().is_some_and(char::is_alphanumeric);
                match bare.strip_prefix('-').filter(|word| is_minus(word)) {
                    Some(word) => (piece.not, piece.text) = (true, word.to_owned()),
                    None => piece.text = bare.to_owned(),
                }
                rest = after;
            }
        }
        rest = rest.trim_start();
        if piece.is_quoted || piece.text.chars().any(char::is_alphanumeric) {
            all.push(piece);
        }
    }
    all
}

/// A field's name that begins at a piece.
struct Begun {
    field: AskedField,
    /// Its name as typed.
    name: String,
    /// Pieces of the name.
    pieces: usize,
    /// What stands behind the colon in the last of them.
    value: Option<Piece>,
    not: bool,
}

struct Reader {
    pieces: Vec<Piece>,
    at: usize,
    today: Date,
    typed: Typed,
}

impl Reader {
    fn next(&mut self) {
        if let Some(begun) = self.begun(self.at) {
            self.at += begun.pieces;
            return self.field(begun);
        }
        let Some(piece) = self.pieces.get(self.at).cloned() else {
            return;
        };
        // "số 123" and "số đến 45" are said without a colon too.
        let follows = |place: usize| {
            let next = self.pieces.get(self.at + place)?;
            let is_number = next.text.starts_with(|c: char| c.is_ascii_digit());
            (is_number && next.head.is_empty() && !next.is_quoted).then(|| next.text.clone())
        };
        let is_word = |place: usize, word: &str| {
            let piece = self.pieces.get(self.at + place);
            piece.is_some_and(|piece| !piece.is_quoted && fold(&piece.text) == word)
        };
        if is_word(0, "so") && !piece.not {
            if let Some(number) = follows(1) {
                self.at += 2;
                return self.words(AskedField::Number, number, (false, false));
            }
            if is_word(1, "den")
                && let Some(number) = follows(2)
            {
                self.at += 3;
                return self.words(AskedField::Arrival, number, (false, false));
            }
        }
        self.at += 1;
        if piece.head.len() > 1 || (piece.text.contains(':') && !piece.is_quoted) {
            let name = piece.head.clone() + &piece.text;
            let is_named = name.split_once(':').is_some_and(|(name, value)| {
                name.chars().all(char::is_alphabetic) && !value.is_empty()
            });
            if is_named {
                self.typed.unknown.push(name);
            }
        }
        if piece.not {
            self.typed.asked.push(Asked {
                field: AskedField::Without,
                value: piece.text.clone(),
                not: true,
            });
        }
        self.typed.terms.push(Term {
            field: None,
            text: piece.head + &piece.text,
            is_phrase: piece.is_quoted,
            not: piece.not,
        });
    }

    /// The field whose name begins there, the longest name first.
    fn begun(&self, at: usize) -> Option<Begun> {
        (1..=NAME_WORDS).rev().find_map(|count| {
            let named = self.pieces.get(at..at + count)?;
            let (last, before) = named.split_last()?;
            let inner = named.get(1..)?;
            if before
                .iter()
                .any(|one| one.is_quoted || one.ends || one.text.contains(':'))
                || inner.iter().any(|one| one.not)
            {
                return None;
            }
            let (end, value) = match last.is_quoted {
                true => (last.head.strip_suffix(':')?.to_owned(), last.clone()),
                false => {
                    let (end, value) = last.text.split_once(':')?;
                    let text = value.to_owned();
                    (
                        end.to_owned(),
                        Piece {
                            text,
                            ..last.clone()
                        },
                    )
                }
            };
            let mut name: String = before.iter().flat_map(|one| [&one.text, " "]).collect();
            name.push_str(&end);
            let folded = fold(&name);
            let (field, _) = FIELDS
                .iter()
                .find(|(_, names)| names.contains(&folded.as_str()))?;
            Some(Begun {
                field: *field,
                name,
                pieces: count,
                not: named.first().is_some_and(|one| one.not),
                value: (!value.text.is_empty()).then_some(value),
            })
        })
    }

    /// The words that are the field's value: what stands behind the colon, and what follows until a
    /// comma, another field or a quotation mark.
    fn value(&self, begun: &Begun, most: usize) -> (Vec<Piece>, usize) {
        let mut taken: Vec<Piece> = begun.value.iter().cloned().collect();
        let mut followed = 0;
        while taken.len() < most {
            if taken.last().is_some_and(|last| last.is_quoted || last.ends) {
                break;
            }
            let at = self.at + followed;
            let Some(next) = self.pieces.get(at) else {
                break;
            };
            let is_apart = next.not || (next.is_quoted && !taken.is_empty());
            if is_apart || !next.head.is_empty() || self.begun(at).is_some() {
                break;
            }
            taken.push(next.clone());
            followed += 1;
        }
        (taken, followed)
    }

    fn field(&mut self, begun: Begun) {
        use AskedField as F;
        let most = match begun.field {
            F::Agency | F::Signer | F::Subject => WORDS_MAX,
            F::Kind | F::State | F::Due | F::Urgency => NAME_WORDS,
            F::Number
            | F::Arrival
            | F::Day
            | F::Pages
            | F::Other
            | F::From
            | F::To
            | F::Year
            | F::Direction
            | F::Without => 1,
        };
        let (value, followed) = self.value(&begun, most);
        let is_phrase = value.first().is_some_and(|piece| piece.is_quoted);
        let text = value.iter().map(|piece| piece.text.as_str());
        let text = text.collect::<Vec<_>>().join(" ");
        if text.is_empty() {
            if begun.field == F::Urgency {
                self.urgency("có", begun.not);
            }
            // The value is still to be typed.
            return;
        }
        match begun.field {
            F::Agency | F::Signer | F::Subject | F::Pages | F::Other | F::Number | F::Arrival => {
                self.at += followed;
                self.words(begun.field, text, (is_phrase, begun.not));
            }
            F::Without => {
                self.at += followed;
                self.typed.asked.push(asked(F::Without, &text, true));
                self.typed.terms.push(Term {
                    field: None,
                    text,
                    is_phrase,
                    not: true,
                });
            }
            F::Day => {
                self.at += followed;
                match span(&text, self.today) {
                    Some(_) => self.words(F::Day, text, (true, begun.not)),
                    None => self.unknown(&begun, text),
                }
            }
            F::From | F::To | F::Year => {
                self.at += followed;
                self.days(&begun, text);
            }
            F::Kind | F::State | F::Due | F::Urgency | F::Direction => {
                self.named(&begun, &value, followed);
            }
        }
    }

    fn words(&mut self, field: AskedField, text: String, (is_phrase, not): (bool, bool)) {
        self.typed.asked.push(asked(field, &text, not));
        self.typed.terms.push(Term {
            field: Some(field),
            text,
            is_phrase,
            not,
        });
    }

    fn days(&mut self, begun: &Begun, text: String) {
        let span = match (begun.field, fold(&text).as_str()) {
            (AskedField::Year, "nay") => span(&self.today.year().to_string(), self.today),
            _ => span(&text, self.today),
        };
        let Some((first, last)) = span.filter(|_| !begun.not) else {
            return self.unknown(begun, text);
        };
        let typed = &mut self.typed;
        if begun.field != AskedField::To {
            typed.from = Some(typed.from.map_or(first, |known| known.max(first)));
        }
        if begun.field != AskedField::From {
            typed.to = Some(typed.to.map_or(last, |known| known.min(last)));
        }
        typed.asked.push(asked(begun.field, &text, false));
    }

    /// A value out of a list of names: as many words as make a name, or the beginning of one.
    fn named(&mut self, begun: &Begun, value: &[Piece], followed: usize) {
        let own = value.len() - followed;
        let words = |count: usize| {
            let words = value.iter().take(count).map(|piece| piece.text.as_str());
            words.collect::<Vec<_>>().join(" ")
        };
        for is_whole in [true, false] {
            for count in (1..=value.len()).rev() {
                let text = words(count);
                if self.takes(begun, &text, is_whole) {
                    self.at += count.saturating_sub(own);
                    return;
                }
            }
        }
        let text = words(1);
        self.at += usize::from(own == 0);
        self.unknown(begun, text);
    }

    fn takes(&mut self, begun: &Begun, text: &str, is_whole: bool) -> bool {
        use AskedField as F;
        let wanted = fold(text);
        let is_it = |name: &str| match is_whole {
            true => name == wanted,
            false => name.starts_with(&wanted),
        };
        match begun.field {
            F::Kind => {
                let kinds: Vec<DocumentType> = kinds()
                    .filter(|kind| {
                        let short = fold(kind.abbreviation());
                        is_it(&fold(kind.name()))
                            || (is_whole && !short.is_empty() && short == wanted)
                    })
                    .collect();
                let is_found = !kinds.is_empty();
                if is_found {
                    let names: Vec<&str> = kinds.iter().map(|kind| kind.name()).collect();
                    let said = asked(F::Kind, &names.join(", "), begun.not);
                    self.typed.asked.push(said);
                    self.typed.kinds.push((kinds, begun.not));
                }
                is_found
            }
            F::Direction => match DIRECTIONS.iter().find(|(name, _)| is_it(name)) {
                Some((_, direction)) => {
                    self.typed.asked.push(asked(F::Direction, text, begun.not));
                    self.typed.directions.push((*direction, begun.not));
                    true
                }
                None => false,
            },
            F::Urgency => is_whole && self.urgency(text, begun.not),
            F::State => {
                let found = STATES.iter().filter(|(name, _)| is_it(name));
                let states: Vec<DocumentState> = found.map(|(_, state)| *state).collect();
                if states.is_empty() || begun.not {
                    return false;
                }
                self.typed.asked.push(asked(F::State, text, false));
                self.typed.states.push(states);
                true
            }
            F::Due => {
                let due = match span(text, self.today) {
                    Some((first, last)) if first == last => DueAsked::On(first),
                    _ if OVERDUE.iter().any(|name| is_it(name)) => DueAsked::Overdue,
                    _ if wanted == "co" => DueAsked::Any,
                    Some(_) | None => return false,
                };
                if begun.not {
                    return false;
                }
                self.typed.asked.push(asked(F::Due, text, false));
                self.typed.dues.push(due);
                true
            }
            F::Number
            | F::Arrival
            | F::Day
            | F::Agency
            | F::Signer
            | F::Subject
            | F::Pages
            | F::Other
            | F::From
            | F::To
            | F::Year
            | F::Without => false,
        }
    }

    fn urgency(&mut self, text: &str, not: bool) -> bool {
        let wanted = fold(text);
        match URGENCIES.iter().find(|(name, _)| *name == wanted) {
            Some((_, urgencies)) => {
                self.typed.asked.push(asked(AskedField::Urgency, text, not));
                self.typed.urgencies.push((urgencies.to_vec(), not));
                true
            }
            None => false,
        }
    }

    /// Told, and looked for as words.
    fn unknown(&mut self, begun: &Begun, text: String) {
        self.typed.unknown.push(format!("{}: {text}", begun.name));
        self.typed.terms.push(Term {
            field: None,
            text,
            is_phrase: false,
            not: begun.not,
        });
    }
}

fn asked(field: AskedField, value: &str, not: bool) -> Asked {
    Asked {
        field,
        value: value.to_owned(),
        not,
    }
}

fn kinds() -> impl Iterator<Item = DocumentType> {
    DocumentType::ALL
        .iter()
        .copied()
        .chain([DocumentType::Other])
}

/// The first and the last day of a day, a month (`1/2026`) or a year.
fn span(text: &str, today: Date) -> Option<(Date, Date)> {
    match fold(text.trim()).as_str() {
        "nay" | "hom nay" => return Some((today, today)),
        "hom qua" => return today.yesterday().ok().map(|day| (day, day)),
        _ => {}
    }
    let parts: Vec<i16> = text
        .split(['/', '-', '.'])
        .map(|part| part.trim().parse().ok())
        .collect::<Option<_>>()?;
    let small = |value: i16| i8::try_from(value).ok();
    let whole = |year: i16| match year {
        0..100 => year + 2000,
        year => year,
    };
    match parts.as_slice() {
        [year @ 1900..2200] => Some((
            congvan_model::civil_date(*year, 1, 1)?,
            congvan_model::civil_date(*year, 12, 31)?,
        )),
        [month, year @ 1900..2200] => {
            let first = congvan_model::civil_date(*year, small(*month)?, 1)?;
            Some((first, first.last_of_month()))
        }
        // As machines write it.
        [year @ 1900..2200, month, day] => {
            let day = congvan_model::civil_date(*year, small(*month)?, small(*day)?)?;
            Some((day, day))
        }
        [day, month, year] => {
            let day = congvan_model::civil_date(whole(*year), small(*month)?, small(*day)?)?;
            Some((day, day))
        }
        _ => None,
    }
}
