//! The text itself: II.6.

use congvan_model::DocumentType;

use crate::{
    face::fits,
    finding::Value,
    letter::Letter,
    review::Findings,
    rows::{Edges, Row, body_rows, edges, median},
    rules::{Aspect, Part},
};

/// The least and the most, in points.
const SIZE: (f32, f32) = (13.0, 14.0);

/// Single spacing of Times New Roman: ascent, descent and line gap, as parts of the size.
const SINGLE: f32 = 1.15;

/// Line spacing that is neither narrower than single nor wider than 1.5, and what programs round.
const SPACING: (f32, f32) = (0.94, 1.57);

/// Indents of a first line, in millimetres, and what programs round.
const INDENTS: [f32; 2] = [10.0, 12.7];
const INDENT_SLACK: f32 = 0.9;

/// The least between paragraphs, in points; what is short of it by less is rounded.
const GAP: f32 = 6.0;
const GAP_SLACK: f32 = 1.2;

pub(crate) fn check(letter: &Letter<'_>, found: &mut Findings) {
    for number in 0..=letter.signed {
        let upright = letter
            .pages
            .get(number)
            .is_some_and(|page| page.width < page.height && !page.is_picture);
        if !upright {
            continue;
        }
        let rows = body_rows(letter, number);
        size(&rows, found);
        if let Some(edges) = edges(&rows) {
            let paragraphs = paragraphs(&rows, edges);
            spacing(&paragraphs, found);
            gap(&paragraphs, found);
            indent(&paragraphs, edges, found);
            justified(&paragraphs, edges, found);
        }
    }
    grounds(letter, found);
}

/// Two lines in a row of another size: a single one may be a caption.
fn size(rows: &[Row<'_>], found: &mut Findings) {
    let wrong = |row: &Row<'_>| !fits(row.piece.size(), SIZE);
    let first = rows.windows(2).find_map(|two| match two {
        [one, other] => (wrong(one) && wrong(other) && other.is_near(one)).then_some(one),
        _ => None,
    });
    if let Some(row) = first {
        tell(
            (Aspect::Size, row),
            Some(Value::Points(row.piece.size())),
            vec![Value::Points(SIZE.0), Value::Points(SIZE.1)],
            found,
        );
    }
}

/// Lines of one paragraph on one page.
struct Paragraph<'r, 'a> {
    rows: Vec<&'r Row<'a>>,
    /// The last line of the paragraph above, if that ends on this page.
    above: Option<&'r Row<'a>>,
    /// It begins here, and does not go on from the page before.
    is_begun: bool,
}

/// Text of the letter cut into paragraphs. What begins neither at the edge nor at an indent is a
/// heading, a centred line or an item of a list, and none.
fn paragraphs<'r, 'a>(rows: &'r [Row<'a>], edges: Edges) -> Vec<Paragraph<'r, 'a>> {
    let is_flush = |row: &Row<'_>| (row.left() - edges.left).abs() < 1.2;
    // Lines that go on are nearest to each other.
    let pitches: Vec<f32> = rows
        .windows(2)
        .filter_map(|two| match two {
            [above, row] => (is_flush(row) && row.is_near(above)).then(|| row.pitch(above)),
            _ => None,
        })
        .collect();
    let usual = median(pitches).unwrap_or(f32::MAX);
    let width = edges.right - edges.left;
    let mut all: Vec<Paragraph<'r, 'a>> = Vec::new();
    let mut above: Option<&'r Row<'a>> = None;
    for row in rows {
        let goes_on = above.is_some_and(|above| {
            let is_short = edges.right - above.right() > width * 0.3;
            is_flush(row) && row.pitch(above) < usual + 3.0 && !is_short
        });
        match all.last_mut() {
            Some(paragraph) if goes_on => paragraph.rows.push(row),
            Some(_) | None => all.push(Paragraph {
                rows: vec![row],
                above,
                is_begun: above.is_some() || !is_flush(row),
            }),
        }
        above = Some(row);
    }
    all
}

fn spacing(paragraphs: &[Paragraph<'_, '_>], found: &mut Findings) {
    let ratios: Vec<(f32, &Row<'_>)> = paragraphs
        .iter()
        .flat_map(|paragraph| paragraph.rows.windows(2))
        .filter_map(|two| match two {
            [above, row] => {
                let single = row.piece.size() * SINGLE;
                Some((row.pitch(above) / single.max(1.0), *row))
            }
            _ => None,
        })
        .collect();
    let Some(usual) = median(ratios.iter().map(|(ratio, _)| *ratio).collect()) else {
        return;
    };
    if ratios.len() < 2 || (SPACING.0..=SPACING.1).contains(&usual) {
        return;
    }
    let wrong = |ratio: f32| !(SPACING.0..=SPACING.1).contains(&ratio);
    if let Some((_, row)) = ratios.iter().find(|(ratio, _)| wrong(*ratio)) {
        let wanted = vec![Value::Times(1.0), Value::Times(1.5)];
        tell(
            (Aspect::Spacing, row),
            Some(Value::Times(usual)),
            wanted,
            found,
        );
    }
}

fn gap(paragraphs: &[Paragraph<'_, '_>], found: &mut Findings) {
    let within = paragraphs
        .iter()
        .flat_map(|paragraph| paragraph.rows.windows(2))
        .filter_map(|two| match two {
            [above, row] => Some(row.pitch(above)),
            _ => None,
        });
    let Some(line) = median(within.collect()) else {
        return;
    };
    let gaps: Vec<(f32, &Row<'_>)> = paragraphs
        .iter()
        .filter_map(|paragraph| {
            let (first, above) = (paragraph.rows.first()?, paragraph.above?);
            let is_text = !first.piece.is_bold() && !above.piece.is_bold();
            (is_text && first.is_near(above)).then(|| (first.pitch(above) - line, *first))
        })
        .collect();
    let Some(usual) = median(gaps.iter().map(|(gap, _)| *gap).collect()) else {
        return;
    };
    let narrow = gaps.iter().find(|(gap, _)| *gap < GAP - GAP_SLACK);
    if let Some((_, row)) = narrow
        && gaps.len() >= 2
        && usual < GAP - GAP_SLACK
    {
        let measured = Some(Value::Points(usual.max(0.0)));
        let wanted = vec![Value::Points(GAP)];
        tell((Aspect::ParagraphGap, row), measured, wanted, found);
    }
}

fn indent(paragraphs: &[Paragraph<'_, '_>], edges: Edges, found: &mut Findings) {
    // A second line proves that the first is one of a paragraph.
    let begun: Vec<(f32, &Row<'_>)> = paragraphs
        .iter()
        .filter(|paragraph| paragraph.is_begun && paragraph.rows.len() >= 2)
        .filter_map(|paragraph| {
            let row = *paragraph.rows.first()?;
            let is_item = row.piece.text.starts_with(['-', '+', '•', '–', '*']);
            let is_text = !is_item && !row.piece.is_bold();
            is_text.then(|| ((row.left() - edges.left).max(0.0), row))
        })
        .collect();
    let fits = |indent: f32| {
        INDENTS
            .iter()
            .any(|wanted| (indent - wanted).abs() < INDENT_SLACK)
    };
    let Some(usual) = median(begun.iter().map(|(indent, _)| *indent).collect()) else {
        return;
    };
    let wrong = begun.iter().find(|(indent, _)| !fits(*indent));
    if let Some((_, row)) = wrong
        && !fits(usual)
    {
        let measured = Some(Value::Millimetres(usual));
        let wanted = INDENTS.map(Value::Millimetres).to_vec();
        tell((Aspect::Indent, row), measured, wanted, found);
    }
}

fn justified(paragraphs: &[Paragraph<'_, '_>], edges: Edges, found: &mut Findings) {
    // The last line of a paragraph ends where it ends.
    let inner: Vec<&Row<'_>> = paragraphs
        .iter()
        .filter_map(|paragraph| paragraph.rows.split_last())
        .flat_map(|(_, rows)| rows)
        .copied()
        .collect();
    let ragged: Vec<&&Row<'_>> = inner
        .iter()
        .filter(|row| edges.right - row.right() > 1.5)
        .collect();
    if let Some(row) = ragged.first()
        && ragged.len() >= 3
        && ragged.len() * 2 > inner.len()
    {
        tell((Aspect::Justified, row), None, Vec::new(), found);
    }
}

/// The grounds of a resolution or decision, up to the word that decides, are italic.
fn grounds(letter: &Letter<'_>, found: &mut Findings) {
    let decides = match letter.reading.kind.value {
        DocumentType::Decision => "quyetdinh",
        DocumentType::Resolution => "quyetnghi",
        _ => return,
    };
    if letter.title.is_none() {
        return;
    }
    let rows = body_rows(letter, 0);
    let before: Vec<&Row<'_>> = rows
        .iter()
        .take_while(|row| row.piece.squeezed() != decides)
        .collect();
    // Without the word, "Căn cứ" may begin any sentence.
    if before.len() == rows.len() {
        return;
    }
    let upright = before
        .iter()
        .find(|row| row.piece.text.starts_with("Căn cứ") && !row.piece.is_italic());
    if let Some(row) = upright {
        found.add(
            (Part::Grounds, Aspect::Italic),
            (row.piece.page, Some(row.piece.area)),
            None,
            Vec::new(),
        );
    }
}

fn tell(
    (aspect, row): (Aspect, &Row<'_>),
    measured: Option<Value>,
    wanted: Vec<Value>,
    found: &mut Findings,
) {
    let at = (row.piece.page, Some(row.piece.area));
    found.add((Part::Body, aspect), at, measured, wanted);
}
