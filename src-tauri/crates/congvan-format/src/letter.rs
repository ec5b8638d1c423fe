//! A letter's pages as lines and pieces, and the fields that intake finds on them.

use congvan_intake::{Knowledge, PageText, Place, Reading, Source, is_signed, pieces, read_letter};
use congvan_model::{DocumentType, fold, nfc};

use crate::page::{Area, Page, Stroke, Word};

/// Words that belong together: a line of one column.
#[derive(Clone, Debug)]
pub(crate) struct Piece<'a> {
    pub(crate) page: u32,
    pub(crate) words: Vec<&'a Word>,
    pub(crate) text: String,
    pub(crate) area: Area,
}

impl<'a> Piece<'a> {
    pub(crate) fn new(page: u32, words: Vec<&'a Word>) -> Option<Self> {
        let area = words.iter().map(|word| word.area).reduce(Area::union)?;
        let text: Vec<String> = words.iter().map(|word| nfc(&word.text)).collect();
        Some(Self {
            page,
            area,
            text: text.join(" "),
            words,
        })
    }

    /// Where its letters stand.
    pub(crate) fn baseline(&self) -> f32 {
        self.words
            .iter()
            .map(|word| word.baseline)
            .fold(0.0, f32::max)
    }

    /// Number and date, where they stand so near to each other that they are one piece.
    fn columns(&self) -> Option<(Self, Self)> {
        let text = self.squeezed();
        if !(text.starts_with("so") && text.contains("ngay") && text.contains("thang")) {
            return None;
        }
        // The number ends with its symbol, whose groups hyphens join.
        let is_joint = |text: &str| text.starts_with('-') || text.ends_with('-');
        let slash = self
            .words
            .iter()
            .rposition(|word| word.text.contains('/'))?;
        let rest = self.words.get(slash + 1..)?;
        let more = rest.iter().take_while(|word| is_joint(&word.text)).count();
        let more = if more > 0 { more + 1 } else { 0 };
        let (left, right) = self.words.split_at_checked(slash + 1 + more)?;
        Some((
            Self::new(self.page, left.to_vec())?,
            Self::new(self.page, right.to_vec())?,
        ))
    }

    /// Folded letters and figures without spaces.
    pub(crate) fn squeezed(&self) -> String {
        squeeze(&self.text)
    }

    /// The size of most of its letters, in points.
    pub(crate) fn size(&self) -> f32 {
        let mut sizes: Vec<f32> = self
            .words
            .iter()
            .flat_map(|word| word.text.chars().map(|_| word.style.size_pt))
            .collect();
        sizes.sort_by(f32::total_cmp);
        sizes.get(sizes.len() / 2).copied().unwrap_or(0.0)
    }

    /// The share of its letters that are in words of which this holds.
    pub(crate) fn share(&self, holds: impl Fn(&Word) -> bool) -> f32 {
        let count = |word: &Word| {
            let letters = word.text.chars().filter(|c| c.is_alphanumeric()).count();
            f32::from(u16::try_from(letters).unwrap_or(u16::MAX))
        };
        let all: f32 = self.words.iter().map(|word| count(word)).sum();
        let some: f32 = self
            .words
            .iter()
            .filter(|word| holds(word))
            .map(|word| count(word))
            .sum();
        if all > 0.0 { some / all } else { 0.0 }
    }

    pub(crate) fn is_bold(&self) -> bool {
        self.share(|word| word.style.is_bold) > 0.5
    }

    pub(crate) fn is_italic(&self) -> bool {
        self.share(|word| word.style.is_italic) > 0.5
    }
}

/// Folded letters and figures without spaces.
pub(crate) fn squeeze(text: &str) -> String {
    fold(text).chars().filter(|c| c.is_alphanumeric()).collect()
}

/// A stroke under words is shorter than one that divides the page, in millimetres.
const LONGEST: f32 = 120.0;

fn is_label(piece: &Piece<'_>) -> bool {
    piece.squeezed().starts_with("noinhan") && piece.words.len() <= 3
}

/// A letter to be checked.
pub(crate) struct Letter<'a> {
    pub(crate) pages: &'a [Page],
    /// Of every page, from top to bottom.
    pub(crate) pieces: Vec<Vec<Piece<'a>>>,
    pub(crate) reading: Reading,
    /// The page that bears the signature; those after it are annexes.
    pub(crate) signed: usize,
    /// Số, ký hiệu, filled in or not.
    pub(crate) number: Option<Piece<'a>>,
    /// Địa danh, thời gian, likewise.
    pub(crate) date: Option<Piece<'a>>,
    /// Tên loại.
    pub(crate) title: Option<Piece<'a>>,
    /// “Nơi nhận”.
    pub(crate) label: Option<Piece<'a>>,
    /// Where the head ends on the first page, in millimetres.
    pub(crate) head_bottom: f32,
    /// Where signature and recipients begin on the signed page, in millimetres.
    pub(crate) foot_top: f32,
}

impl<'a> Letter<'a> {
    pub(crate) fn read(pages: &'a [Page]) -> Self {
        let texts: Vec<PageText> = (0..).zip(pages).map(|(n, page)| text(n, page)).collect();
        let pieces: Vec<Vec<Piece<'a>>> = texts
            .iter()
            .zip(pages)
            .map(|(text, page)| cut(text, page))
            .collect();
        // An annex may hold what looks like a post above a name, but no recipients.
        let labelled = pieces.iter().rposition(|on| on.iter().any(is_label));
        let signed = labelled.or_else(|| texts.iter().rposition(is_signed));
        let mut letter = Self {
            pages,
            pieces,
            reading: read_letter(&texts, &Knowledge::default()),
            signed: signed.unwrap_or(pages.len().saturating_sub(1)),
            number: None,
            date: None,
            title: None,
            label: None,
            head_bottom: 0.0,
            foot_top: f32::MAX,
        };
        letter.find_parts();
        letter
    }

    fn find_parts(&mut self) {
        let height = self.pages.first().map_or(0.0, |page| page.height);
        let width = self.pages.first().map_or(0.0, |page| page.width);
        let upper = |piece: &&Piece<'a>| piece.area.y < height * 0.45;
        // A draft has neither number nor day, and intake reads values only.
        let number = self.read_at(self.reading.notation.as_ref().map(|field| &field.places));
        self.number = number.or_else(|| {
            let is_number = |piece: &&Piece<'a>| {
                piece.text.starts_with("Số") && piece.text.contains(['/', ':'])
            };
            let left = |piece: &&Piece<'a>| piece.area.x < width * 0.45;
            let mut all = self.on(0).iter().filter(upper).filter(left);
            all.find(is_number).cloned()
        });
        // Without its day the head has no date to be read, and the text has others.
        let level = self.number.as_ref().map(|number| number.area.y);
        let beside = |piece: &Piece<'a>| level.is_none_or(|y| (piece.area.y - y).abs() < 12.0);
        let date = self.read_at(self.reading.date.as_ref().map(|field| &field.places));
        self.date = date.filter(|piece| beside(piece)).or_else(|| {
            let is_date = |piece: &&Piece<'a>| {
                let text = piece.squeezed();
                let words = ["ngay", "thang", "nam"];
                words.iter().all(|word| text.contains(word)) && piece.area.x > width * 0.35
            };
            let mut all = self.on(0).iter().filter(upper);
            all.find(|piece| is_date(piece) && beside(piece)).cloned()
        });
        // A long place reaches up to the number.
        if let Some((left, right)) = self.number.as_ref().and_then(Piece::columns) {
            self.number = Some(left);
            self.date = Some(right);
        }
        // A name that is not in capitals is not read as one.
        let kind = self.reading.kind.value;
        let name = squeeze(kind.name());
        let is_named = !matches!(kind, DocumentType::OfficialLetter | DocumentType::Other);
        let mut below = self.on(0).iter().filter(|piece| {
            self.number
                .as_ref()
                .is_none_or(|number| piece.area.y > number.area.y)
        });
        self.title = below
            .find(|piece| is_named && piece.squeezed() == name)
            .cloned();
        let signed = self.signed;
        self.label = self
            .on(signed)
            .iter()
            .rev()
            .find(|it| is_label(it))
            .cloned();
        self.head_bottom = self.head_end();
        let mut foot: Vec<f32> = self.label.iter().map(|piece| piece.area.y).collect();
        if let Some(signer) = &self.reading.signer {
            let block = self.at(&signer.places);
            let own = block
                .iter()
                .filter(|piece| usize::try_from(piece.page).is_ok_and(|page| page == signed));
            foot.extend(own.map(|piece| piece.area.y));
        }
        self.foot_top = foot.into_iter().fold(f32::MAX, f32::min);
    }

    fn read_at(&self, places: Option<&Vec<Place>>) -> Option<Piece<'a>> {
        self.at(places?).first().map(|piece| (*piece).clone())
    }

    /// The bottom of the lowest part of the head.
    fn head_end(&self) -> f32 {
        let reading = &self.reading;
        let mut parts: Vec<&Piece<'a>> = Vec::new();
        parts.extend(&self.number);
        parts.extend(&self.date);
        parts.extend(&self.title);
        let fields = [
            reading.subject.as_ref().map(|field| &field.places),
            reading.agency.as_ref().map(|field| &field.places),
            reading.urgency.as_ref().map(|field| &field.places),
        ];
        for places in fields.into_iter().flatten() {
            parts.extend(self.at(places));
        }
        for addressee in &reading.addressees {
            parts.extend(self.at(&addressee.places));
        }
        parts.extend(
            self.on(0)
                .iter()
                .filter(|piece| piece.squeezed().starts_with("kinhgui")),
        );
        parts
            .into_iter()
            .filter(|piece| piece.page == 0)
            .map(|piece| piece.area.bottom() - 1.0)
            .fold(0.0, f32::max)
    }

    /// The pieces of a page.
    pub(crate) fn on(&self, page: usize) -> &[Piece<'a>] {
        self.pieces.get(page).map(Vec::as_slice).unwrap_or_default()
    }

    /// The pieces that stand where a field was read.
    pub(crate) fn at(&self, places: &[Place]) -> Vec<&Piece<'a>> {
        places
            .iter()
            .flat_map(|place| {
                let page = usize::try_from(place.page).unwrap_or(usize::MAX);
                let sides = self.pages.get(page).map_or((1.0, 1.0), sides);
                self.on(page).iter().filter(move |piece| {
                    let (x, y) = piece.area.centre();
                    let (x, y) = (x / sides.0, y / sides.1);
                    let area = place.area;
                    (area.x..=area.x + area.w).contains(&x)
                        && (area.y..=area.y + area.h).contains(&y)
                })
            })
            .collect()
    }

    /// The stroke across that is drawn under a piece, in its middle.
    pub(crate) fn line_under(&self, piece: &Piece<'_>) -> Option<Stroke> {
        let page = self.page(piece.page)?;
        let (centre, base) = (piece.area.centre().0, piece.baseline());
        page.strokes.iter().copied().find(|stroke| {
            stroke.is_across()
                && (base..piece.area.bottom() + 4.0).contains(&stroke.area.centre().1)
                && (stroke.area.centre().0 - centre).abs() < 8.0
                && stroke.area.w < LONGEST
        })
    }

    /// Whether all that is drawn on a piece's page was looked at.
    pub(crate) fn is_drawn_whole(&self, piece: &Piece<'_>) -> bool {
        self.page(piece.page)
            .is_some_and(|page| page.is_drawn_whole)
    }

    fn page(&self, number: u32) -> Option<&'a Page> {
        self.pages.get(usize::try_from(number).ok()?)
    }
}

fn sides(page: &Page) -> (f32, f32) {
    (page.width.max(1.0), page.height.max(1.0))
}

/// A page as intake reads it.
fn text(number: u32, page: &Page) -> PageText {
    let (width, height) = sides(page);
    let word = |word: &Word| congvan_intake::Word {
        text: word.text.clone(),
        area: congvan_intake::Area {
            x: word.area.x / width,
            y: word.area.y / height,
            w: word.area.w / width,
            h: word.area.h / height,
        },
        confidence: 1.0,
    };
    PageText {
        page: number,
        ratio: height / width,
        source: Source::TextLayer,
        lines: page
            .lines
            .iter()
            .map(|line| congvan_intake::Line {
                words: line.words.iter().map(word).collect(),
            })
            .collect(),
        red: Vec::new(),
    }
}

/// The words of a page by the pieces that intake cuts its lines into.
fn cut<'a>(text: &PageText, page: &'a Page) -> Vec<Piece<'a>> {
    let (width, height) = sides(page);
    let words: Vec<&Word> = page.lines.iter().flat_map(|line| &line.words).collect();
    let mut taken = vec![false; words.len()];
    let mut all = Vec::new();
    for place in pieces(text) {
        let area = place.area;
        let mut own = Vec::new();
        for (word, taken) in words.iter().zip(&mut taken) {
            let (x, y) = word.area.centre();
            let is_inside = (area.x..=area.x + area.w).contains(&(x / width))
                && (area.y..=area.y + area.h).contains(&(y / height));
            if is_inside && !*taken {
                *taken = true;
                own.push(*word);
            }
        }
        all.extend(Piece::new(text.page, own));
    }
    all
}
