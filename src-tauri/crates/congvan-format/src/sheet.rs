//! Paper, margins, face, colour and page numbers: section I.

use crate::{
    finding::Value,
    letter::{Letter, Piece},
    page::Page,
    review::Findings,
    rows::{Row, body_rows, edges, is_footnote, is_page_number, is_signing_text, rows},
    rules::{Aspect, Part},
};

/// Width and height of A4, in millimetres.
const A4: (f32, f32) = (210.0, 297.0);

/// Paper may be cut so much larger or smaller, in millimetres.
const CUT: f32 = 2.0;

/// What a program may round when it sets a margin, in millimetres.
const SLACK: f32 = 0.7;

/// The first line of a page may stand so much lower than its margin: wide line spacing and the space
/// before a paragraph go above its letters. Of the first page, which begins with single lines, and
/// of the others.
const LOWER: (f32, f32) = (2.5, 5.5);

pub(crate) fn check(letter: &Letter<'_>, found: &mut Findings) {
    for ((number, place), page) in (0..).zip(0_u32..).zip(letter.pages) {
        if page.is_picture {
            continue;
        }
        let (short, long) = (page.width.min(page.height), page.width.max(page.height));
        if (short - A4.0).abs() > CUT || (long - A4.1).abs() > CUT {
            let paper = Value::Paper(page.width, page.height);
            let wanted = vec![Value::Paper(A4.0, A4.1)];
            found.add(
                (Part::Paper, Aspect::Distance),
                (place, None),
                Some(paper),
                wanted,
            );
        }
        // Across, only tables stand, and the margins turn with them.
        if page.width < page.height {
            margins(letter, (number, place), page, found);
        }
        faces(letter.on(number), found);
        colours(letter, number, found);
        page_number(letter, (number, place), page, found);
    }
}

fn margins(letter: &Letter<'_>, (number, place): (usize, u32), page: &Page, found: &mut Findings) {
    let all: Vec<Row<'_>> = rows(letter.on(number), page)
        .into_iter()
        .filter(|row| {
            !is_page_number(&row.piece, page)
                && !is_signing_text(&row.piece)
                && !is_address(&row.piece, page)
        })
        .collect();
    let mut tell = |part: Part, measured: f32, wanted: (f32, f32), row: &Row<'_>| {
        found.add(
            (part, Aspect::Distance),
            (place, Some(row.piece.area)),
            Some(Value::Millimetres(measured)),
            vec![Value::Millimetres(wanted.0), Value::Millimetres(wanted.1)],
        );
    };
    if let Some(first) = all.first().filter(|row| !row.is_tabled) {
        let top = first.piece.area.y;
        let lower = if number == 0 { LOWER.0 } else { LOWER.1 };
        if !(20.0 - SLACK..=25.0 + lower).contains(&top) {
            tell(Part::MarginTop, top, (20.0, 25.0), first);
        }
    }
    let body = body_rows(letter, number);
    if let Some(last) = all.last() {
        let bottom = page.height - last.piece.area.bottom();
        if bottom < 20.0 - SLACK {
            tell(Part::MarginBottom, bottom, (20.0, 25.0), last);
        } else if let Some(row) = body.last().filter(|_| goes_on(letter, number, &body)) {
            // One line more would have fitted, and another that is kept from standing alone.
            let lines = row.piece.area.h * 1.5 * 3.0;
            let bottom = page.height - row.piece.area.bottom();
            if bottom > 25.0 + lines && last.piece.area.y - row.piece.area.y < 1.0 {
                tell(Part::MarginBottom, bottom, (20.0, 25.0), row);
            }
        }
    }
    let edges = edges(&body);
    let left = edges.map(|edges| edges.left).or_else(|| {
        // “Nơi nhận” stands at the left edge (II.9).
        let label = letter.label.as_ref()?;
        (label.page == place).then_some(label.area.x)
    });
    if let (Some(left), Some(row)) = (left, body.first().or(all.first()))
        && !(30.0 - SLACK..=35.0 + SLACK).contains(&left)
    {
        tell(Part::MarginLeft, left, (30.0, 35.0), row);
    }
    if let (Some(edges), Some(row)) = (edges, widest(&body)) {
        let right = page.width - edges.right;
        // Of uneven lines some end alike by chance.
        let is_edge = edges.full >= 3 && edges.full * 3 > body.len();
        if right < 15.0 - SLACK || (is_edge && right > 20.0 + SLACK) {
            tell(Part::MarginRight, right, (15.0, 20.0), row);
        }
    }
}

fn widest<'r, 'a>(rows: &'r [Row<'a>]) -> Option<&'r Row<'a>> {
    rows.iter().max_by(|a, b| a.right().total_cmp(&b.right()))
}

/// Whether the last paragraph of a page goes on on the next.
fn goes_on(letter: &Letter<'_>, number: usize, body: &[Row<'_>]) -> bool {
    if number >= letter.signed {
        return false;
    }
    let next = body_rows(letter, number + 1);
    let (Some(own), Some(other)) = (edges(body), edges(&next)) else {
        return false;
    };
    let is_full = body.last().is_some_and(|row| own.right - row.right() < 1.0);
    let is_flush = next
        .first()
        .is_some_and(|row| (row.left() - other.left).abs() < 1.0);
    is_full && is_flush
}

/// Address and telephone at the foot of a first page (III.4) stand in the margin.
fn is_address(piece: &Piece<'_>, page: &Page) -> bool {
    let text = piece.squeezed();
    let marks = ["diachi", "dienthoai", "email", "website", "fax", "http"];
    piece.size() < 12.3
        && piece.area.y > page.height - 40.0
        && marks.iter().any(|mark| text.contains(mark))
}

/// Whether letters are in the decree's face, or in one that was made to stand for it.
fn is_times(font: &str) -> bool {
    let name: String = font
        .rsplit('+')
        .next()
        .unwrap_or(font)
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .collect::<String>()
        .to_ascii_lowercase();
    // A face without a name cannot be judged.
    name.is_empty()
        || ["times", "tinos", "liberationserif"]
            .iter()
            .any(|known| name.starts_with(known))
}

fn faces(pieces: &[Piece<'_>], found: &mut Findings) {
    let mut told: Vec<String> = Vec::new();
    for piece in pieces.iter().filter(|piece| !is_signing_text(piece)) {
        for word in &piece.words {
            // Bullets and check marks come from faces of symbols.
            let has_letters = word.text.chars().any(char::is_alphanumeric);
            if !has_letters || is_times(&word.style.font) {
                continue;
            }
            let name = word.style.font.rsplit('+').next().unwrap_or_default();
            if told.iter().any(|told| told == name) {
                continue;
            }
            told.push(name.to_owned());
            found.add(
                (Part::Text, Aspect::Font),
                (piece.page, Some(piece.area)),
                Some(Value::Text(name.to_owned())),
                vec![Value::Text("Times New Roman".to_owned())],
            );
        }
    }
}

/// Each of red, green and blue up to this is black: offices print “automatic” as a very dark grey.
const DARK: u8 = 64;

fn colours(letter: &Letter<'_>, number: usize, found: &mut Findings) {
    let mut told: Vec<[u8; 3]> = Vec::new();
    for piece in letter.on(number) {
        // Marks of urgency and secrecy are bright red (III.2).
        if is_signing_text(piece) || is_mark(piece) {
            continue;
        }
        for word in &piece.words {
            let colour = word.style.colour;
            let has_letters = word.text.chars().any(char::is_alphanumeric);
            if !has_letters || colour.iter().all(|part| *part <= DARK) || told.contains(&colour) {
                continue;
            }
            told.push(colour);
            let [red, green, blue] = colour;
            found.add(
                (Part::Text, Aspect::Colour),
                (piece.page, Some(piece.area)),
                Some(Value::Text(format!("#{red:02X}{green:02X}{blue:02X}"))),
                vec![Value::Text("#000000".to_owned())],
            );
        }
    }
}

fn is_mark(piece: &Piece<'_>) -> bool {
    matches!(
        piece.squeezed().as_str(),
        "khan" | "thuongkhan" | "hoatoc" | "hoatochengio" | "mat" | "toimat" | "tuyetmat"
    ) && !piece.text.chars().any(char::is_lowercase)
}

fn page_number(
    letter: &Letter<'_>,
    (number, place): (usize, u32),
    page: &Page,
    found: &mut Findings,
) {
    let numbers: Vec<&Piece<'_>> = letter
        .on(number)
        .iter()
        .filter(|piece| is_page_number(piece, page) && !is_footnote(piece, page))
        .collect();
    if number == 0 {
        // Other figures may stand alone at the edges; the page's own number is 1.
        if let Some(piece) = numbers.iter().find(|piece| piece.squeezed() == "1") {
            let at = (place, Some(piece.area));
            found.add((Part::PageNumber, Aspect::Unwanted), at, None, Vec::new());
        }
        return;
    }
    // Annexes are numbered by themselves (III.1).
    if number > letter.signed || page.width > page.height {
        return;
    }
    let wanted = (number + 1).to_string();
    let Some(piece) = numbers
        .iter()
        .find(|piece| piece.area.y < page.height / 2.0)
        .or(numbers.first())
    else {
        let wanted = vec![Value::Text(wanted)];
        found.add(
            (Part::PageNumber, Aspect::Missing),
            (place, None),
            None,
            wanted,
        );
        return;
    };
    let at = (place, Some(piece.area));
    if piece.text != wanted {
        found.add(
            (Part::PageNumber, Aspect::Wording),
            at,
            Some(Value::Text(piece.text.clone())),
            vec![Value::Text(wanted)],
        );
    }
    // The middle of the paper, or of text between unequal margins.
    let middle = page.width / 2.0;
    let is_central = (middle - 4.0..=middle + 14.0).contains(&piece.area.centre().0);
    if !is_central || piece.area.y > page.height / 2.0 {
        found.add((Part::PageNumber, Aspect::Place), at, None, Vec::new());
    }
    let wanted = crate::face::Wanted::of(13.0, 14.0);
    crate::face::check(&[*piece], Part::PageNumber, wanted, found);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn faces_that_stand_for_times_new_roman_are_taken_for_it_and_others_are_not() {
        for name in [
            "TimesNewRomanPSMT",
            "ABCDEF+TimesNewRomanPS-BoldItalicMT",
            "Times New Roman,Bold",
            "BAAAAA+LiberationSerif-Bold",
            "Tinos-Italic",
            "Times-Roman",
            "",
        ] {
            assert!(is_times(name), "{name}");
        }
        for name in [
            "ArialMT",
            "ABCDEF+Calibri",
            ".VnTime",
            "DejaVuSerif",
            "VNI-Times",
        ] {
            assert!(!is_times(name), "{name}");
        }
    }
}
