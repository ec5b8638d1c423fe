//! What is written by hand on a printed head, and the pages after a signature.

use congvan_testkit::SplitMix;

use crate::{
    font::Style::{self, Bold, Italic},
    layout::{BLACK, BODY, Ink, LEFT, LINE, Sheet, TOP, WIDTH},
};

impl Sheet<'_> {
    /// A centred line of which parts are written by hand: larger, slanted, with gaps around them,
    /// and each figure a little higher or lower.
    pub(crate) fn by_hand(
        &mut self,
        (centre, y): (f32, f32),
        (style, size): (Style, f32),
        parts: &[(&str, Option<Ink>)],
    ) {
        const GAP: f32 = 5.0;
        let mut random = SplitMix::new(self.plan.seed ^ 11);
        let face = |ink: &Option<Ink>| {
            if ink.is_some() {
                (Italic, size * 1.15)
            } else {
                (style, size)
            }
        };
        let width = |sheet: &Self, text: &str, ink: &Option<Ink>| {
            let (style, size) = face(ink);
            sheet.faces.width(style, size, text) + if ink.is_some() { GAP * 2.0 } else { 0.0 }
        };
        let whole: f32 = parts.iter().map(|(text, ink)| width(self, text, ink)).sum();
        let mut x = centre - whole / 2.0;
        for (text, ink) in parts {
            let end = x + width(self, text, ink);
            if let Some(ink) = ink {
                x += GAP;
                for figure in text.chars() {
                    let figure = figure.to_string();
                    let lift = random.below(5) as f32 * 0.5 - 1.0;
                    self.text((x, y - lift), face(&Some(*ink)), &figure, *ink);
                    x += self.faces.width(Italic, size * 1.15, &figure) + 0.4;
                }
            } else {
                self.text((x, y), (style, size), text, BLACK);
            }
            x = end;
        }
    }

    pub(crate) fn put_date(&mut self, at: (f32, f32)) {
        let date = self.date();
        let Some(ink) = self.plan.manner.hand else {
            self.centred(at, (Italic, 13.0), &date, BLACK);
            return;
        };
        let (before, rest) = date.split_once(" ngày ").unwrap_or(("", &date));
        let (day, rest) = rest.split_once(' ').unwrap_or((rest, ""));
        let before = format!("{before} ngày");
        let parts = [(before.as_str(), None), (day, Some(ink)), (rest, None)];
        self.by_hand(at, (Italic, 13.0), &parts);
    }

    /// A page that belongs to the letter and has no signature.
    pub(crate) fn annex(&mut self, number: usize) {
        self.pages.push(Vec::new());
        let centre = LEFT + WIDTH / 2.0;
        self.y = TOP + 14.0;
        self.centred(
            (centre, self.y),
            (Bold, BODY),
            &format!("PHỤ LỤC {number}"),
            BLACK,
        );
        self.y += LINE;
        let of = format!("(Kèm theo Văn bản số {})", self.plan.truth.notation);
        self.centred((centre, self.y), (Italic, BODY), &of, BLACK);
        self.y += LINE * 2.0;
        for line in 1..8 {
            let text = format!(
                "{line}. Nội dung công việc, đơn vị chủ trì, đơn vị phối hợp và thời gian thực hiện nêu tại văn bản này."
            );
            self.paragraph(&text);
        }
    }
}
