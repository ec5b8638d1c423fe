//! The lines of a page across all its columns, and the edges of its text.

use crate::{
    letter::{Letter, Piece},
    page::Page,
};

/// Points of a millimetre.
pub(crate) const PT_PER_MM: f32 = 72.0 / 25.4;

/// Letters stand on one level within this, in millimetres.
const LEVEL: f32 = 0.7;

/// Words on one level.
#[derive(Clone, Debug)]
pub(crate) struct Row<'a> {
    pub(crate) piece: Piece<'a>,
    /// In the cells of a table: beside a stroke that goes down.
    pub(crate) is_tabled: bool,
}

impl Row<'_> {
    pub(crate) fn left(&self) -> f32 {
        self.piece.area.x
    }

    pub(crate) fn right(&self) -> f32 {
        self.piece.area.right()
    }

    /// From the line above this one, in points.
    pub(crate) fn pitch(&self, above: &Self) -> f32 {
        (self.piece.baseline() - above.piece.baseline()) * PT_PER_MM
    }

    /// A row that goes on with the paragraph of the one above may be this far below it, in points.
    pub(crate) fn is_near(&self, above: &Self) -> bool {
        self.pitch(above) < self.piece.size() * 2.9
    }
}

/// The rows of a page from top to bottom.
pub(crate) fn rows<'a>(pieces: &[Piece<'a>], page: &Page) -> Vec<Row<'a>> {
    let mut sorted: Vec<&Piece<'a>> = pieces.iter().collect();
    sorted.sort_by(|a, b| a.baseline().total_cmp(&b.baseline()));
    let mut groups: Vec<Vec<&Piece<'a>>> = Vec::new();
    for piece in sorted {
        let level = groups
            .last()
            .and_then(|group| group.first())
            .map(|first| first.baseline());
        match groups.last_mut() {
            Some(group) if level.is_some_and(|y| (piece.baseline() - y).abs() < LEVEL) => {
                group.push(piece);
            }
            Some(_) | None => groups.push(vec![piece]),
        }
    }
    groups
        .into_iter()
        .filter_map(|mut group| {
            group.sort_by(|a, b| a.area.x.total_cmp(&b.area.x));
            let number = group.first()?.page;
            let words = group.iter().flat_map(|piece| piece.words.iter().copied());
            let piece = Piece::new(number, words.collect())?;
            let y = piece.area.centre().1;
            let is_tabled = page.strokes.iter().any(|stroke| {
                !stroke.is_across()
                    && stroke.area.h > 4.0
                    && (stroke.area.y..stroke.area.bottom()).contains(&y)
            });
            Some(Row { piece, is_tabled })
        })
        .collect()
}

/// A page's own text: no number, no head, no foot, no signature's text, no table.
pub(crate) fn body_rows<'a>(letter: &Letter<'a>, number: usize) -> Vec<Row<'a>> {
    let Some(page) = letter.pages.get(number) else {
        return Vec::new();
    };
    let top = if number == 0 { letter.head_bottom } else { 0.0 };
    let bottom = if number == letter.signed {
        letter.foot_top
    } else {
        f32::MAX
    };
    rows(letter.on(number), page)
        .into_iter()
        .filter(|row| {
            let y = row.piece.area.centre().1;
            !row.is_tabled
                && y > top
                && y < bottom
                && !is_page_number(&row.piece, page)
                && !is_signing_text(&row.piece)
                && !is_footnote(&row.piece, page)
        })
        .collect()
}

/// How far from the edges of the paper a page's number may stand, in millimetres.
const EDGE: f32 = 28.0;

/// Figures alone, near the upper or lower edge.
pub(crate) fn is_page_number(piece: &Piece<'_>, page: &Page) -> bool {
    let text = piece.text.trim_matches(['-', '–', ' ']);
    let is_figures = (1..=3).contains(&text.len()) && text.chars().all(|c| c.is_ascii_digit());
    is_figures && (piece.area.bottom() < EDGE || piece.area.y > page.height - EDGE)
}

/// What signing programs print above the head of a letter, on the right (Decree 30/2020, Appendix I: size 10).
pub(crate) fn is_signing_text(piece: &Piece<'_>) -> bool {
    piece.size() < 10.6 && piece.area.bottom() < 30.0 && piece.area.x > 95.0
}

/// Small type under a short stroke low on the page.
pub(crate) fn is_footnote(piece: &Piece<'_>, page: &Page) -> bool {
    let is_under = || {
        page.strokes.iter().any(|stroke| {
            stroke.is_across()
                && stroke.area.w < 75.0
                && stroke.area.x < 45.0
                && stroke.area.y > page.height * 0.5
                && stroke.area.y < piece.area.y + 1.5
        })
    };
    piece.size() < 11.6 && is_under()
}

/// Where the text of a page begins and ends across, in millimetres.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Edges {
    /// Where lines that go on begin.
    pub(crate) left: f32,
    /// How far lines reach.
    pub(crate) right: f32,
    /// So many lines reach exactly so far.
    pub(crate) full: usize,
}

/// The edges of the text, from lines that go on with a paragraph; none where there are too few.
pub(crate) fn edges(rows: &[Row<'_>]) -> Option<Edges> {
    let right = rows.iter().map(Row::right).reduce(f32::max)?;
    let full = rows.iter().filter(|row| right - row.right() < 0.6).count();
    let going_on = |reach: f32| -> Vec<f32> {
        rows.windows(2)
            .filter_map(|two| match two {
                [above, row] => {
                    let step = above.left() - row.left();
                    let is_paragraph =
                        row.is_near(above) && above.right() > right - reach && step > 2.0;
                    (is_paragraph && step < 27.0).then(|| row.left())
                }
                _ => None,
            })
            .collect()
    };
    let sure = going_on(8.0);
    let candidates = if sure.is_empty() {
        going_on(26.0)
    } else {
        sure
    };
    let left = median(candidates).or_else(|| {
        // Paragraphs without an indent: most lines begin at the edge.
        let least = rows.iter().map(Row::left).reduce(f32::min)?;
        let at_edge = rows.iter().filter(|row| row.left() - least < 0.6).count();
        (at_edge >= 4 && at_edge * 2 > rows.len()).then_some(least)
    })?;
    Some(Edges { left, right, full })
}

/// The middle one.
pub(crate) fn median(mut values: Vec<f32>) -> Option<f32> {
    values.sort_by(f32::total_cmp);
    values.get(values.len() / 2).copied()
}
