use crate::{
    body,
    finding::{Finding, Value},
    foot, head,
    letter::Letter,
    page::{Area, Page},
    rules::{Aspect, Part, rule},
    sheet,
};

/// What came of looking at a letter.
#[derive(Clone, Debug, PartialEq)]
pub enum Review {
    /// It cannot be checked: its first page is an image, or has no text to speak of.
    Image,
    /// Its text was checked.
    Text {
        /// From the first page to the last, from top to bottom.
        findings: Vec<Finding>,
        /// Pages, from 0, that are images and could not be checked.
        unchecked: Vec<u32>,
        /// Pages, from 0, on which nothing stands.
        empty: Vec<u32>,
    },
}

impl Review {
    /// Whether all of it was checked and nothing was found.
    #[must_use]
    pub fn is_clean(&self) -> bool {
        match self {
            Self::Image => false,
            Self::Text {
                findings,
                unchecked,
                empty,
            } => findings.is_empty() && unchecked.is_empty() && empty.is_empty(),
        }
    }
}

/// Fewer letters on a page are a page number or a signature's text.
const FEW_LETTERS: usize = 60;

/// Checks a letter, given all its pages in order.
#[must_use]
pub fn review(pages: &[Page]) -> Review {
    let is_image = |page: &Page| page.is_picture || letters(page) < FEW_LETTERS;
    let Some(first) = pages.first().filter(|page| !is_image(page)) else {
        return Review::Image;
    };
    // The last page of a letter may hold no more than a name; it is only an image where pictures
    // cover it.
    let unchecked = numbers(pages, |page| {
        !page.is_empty && (page.is_picture || letters(page) == 0)
    });
    let empty = numbers(pages, |page| page.is_empty);
    let letter = Letter::read(pages);
    let mut found = Findings::default();
    sheet::check(&letter, &mut found);
    head::check(&letter, first, &mut found);
    body::check(&letter, &mut found);
    foot::check(&letter, &mut found);
    let mut findings = found.0;
    findings.sort_by(|a, b| {
        let top = |finding: &Finding| finding.area.map_or(0.0, |area| area.y);
        (a.page.cmp(&b.page)).then(top(a).total_cmp(&top(b)))
    });
    Review::Text {
        findings,
        unchecked,
        empty,
    }
}

/// Which pages are so, from 0.
fn numbers(pages: &[Page], are: impl Fn(&Page) -> bool) -> Vec<u32> {
    let all = (0..).zip(pages);
    all.filter(|(_, page)| are(page))
        .map(|(number, _)| number)
        .collect()
}

fn letters(page: &Page) -> usize {
    page.lines
        .iter()
        .flat_map(|line| &line.words)
        .map(|word| word.text.chars().filter(|c| c.is_alphabetic()).count())
        .sum()
}

/// What was found so far.
#[derive(Default)]
pub(crate) struct Findings(Vec<Finding>);

impl Findings {
    pub(crate) fn add(
        &mut self,
        (part, aspect): (Part, Aspect),
        (page, area): (u32, Option<Area>),
        measured: Option<Value>,
        wanted: Vec<Value>,
    ) {
        // The list names every pair that the checks ask for; the test of planted faults meets each.
        let Some(rule) = rule(part, aspect) else {
            return;
        };
        self.0.push(Finding {
            rule,
            page,
            area,
            measured,
            wanted,
        });
    }
}
