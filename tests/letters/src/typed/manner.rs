//! How a letter is set: first as the decree allows, then with faults.

use congvan_model::DocumentType;
use congvan_testkit::SplitMix;

use crate::font::Style;

pub(super) const MM: f32 = 72.0 / 25.4;

/// The type of a part.
#[derive(Clone, Copy, Debug)]
pub(super) struct Type {
    pub(super) size: f32,
    pub(super) style: Style,
}

impl Type {
    pub(super) fn set_bold(&mut self, bold: bool) {
        self.style = match (self.style, bold) {
            (Style::Regular | Style::Bold, true) => Style::Bold,
            (Style::Regular | Style::Bold, false) => Style::Regular,
            (Style::Italic | Style::BoldItalic, true) => Style::BoldItalic,
            (Style::Italic | Style::BoldItalic, false) => Style::Italic,
        };
    }

    pub(super) fn set_italic(&mut self, italic: bool) {
        self.style = match (self.style, italic) {
            (Style::Regular | Style::Italic, true) => Style::Italic,
            (Style::Regular | Style::Italic, false) => Style::Regular,
            (Style::Bold | Style::BoldItalic, true) => Style::BoldItalic,
            (Style::Bold | Style::BoldItalic, false) => Style::Bold,
        };
    }
}

/// Where a page's number stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Numbered {
    Above,
    Right,
    Below,
    Nowhere,
}

/// A line under words, as a part of their length.
pub(super) type Under = Option<f32>;

/// Everything about the type and the paper.
#[derive(Clone, Debug)]
pub(super) struct Manner {
    /// Width and height, in millimetres.
    pub(super) paper: (f32, f32),
    /// Top, bottom, left, right, in millimetres.
    pub(super) margins: (f32, f32, f32, f32),
    pub(super) nation: Type,
    pub(super) nation_words: Option<String>,
    pub(super) motto: Type,
    pub(super) motto_words: Option<String>,
    pub(super) motto_line: Under,
    pub(super) above: Type,
    pub(super) above_capitals: bool,
    pub(super) agency: Type,
    pub(super) agency_capitals: bool,
    pub(super) agency_line: Under,
    pub(super) number: Type,
    /// Between “Số” and the slash, and after it.
    pub(super) number_words: Option<String>,
    pub(super) date: Type,
    pub(super) date_words: Option<String>,
    pub(super) kind: Type,
    pub(super) kind_capitals: bool,
    pub(super) subject: Type,
    pub(super) subject_line: Under,
    pub(super) about: Type,
    /// Before the subject of a công văn; nothing leaves all of it out.
    pub(super) about_words: Option<&'static str>,
    pub(super) mark: Type,
    pub(super) addressees: Type,
    /// After the label, after each of several, after the last of them; nothing leaves all out.
    pub(super) addressees_words: Option<(&'static str, &'static str, &'static str)>,
    pub(super) grounds: Type,
    pub(super) body: Type,
    /// As a part of single spacing.
    pub(super) spacing: f32,
    /// Between paragraphs, in points.
    pub(super) gap: f32,
    /// In millimetres.
    pub(super) indent: f32,
    pub(super) is_justified: bool,
    pub(super) authority: Type,
    pub(super) signer: Type,
    pub(super) label: Type,
    pub(super) label_words: Option<&'static str>,
    pub(super) recipients: Type,
    /// Before each, after each, and the last line.
    pub(super) recipients_words: (&'static str, &'static str, Option<&'static str>),
    pub(super) page_number: Type,
    pub(super) numbered: Numbered,
    /// What the second page is called, if not 2.
    pub(super) page_shift: usize,
    pub(super) is_first_numbered: bool,
    /// Names of the faces in the file: regular, bold, italic, bold and italic.
    pub(super) face_names: [&'static str; 4],
    /// All letters, or only those of one paragraph, in another face.
    pub(super) other_face: Option<Where>,
    pub(super) other_ink: Option<(Where, [u8; 3])>,
}

/// What a fault of face or colour is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Where {
    Everything,
    FirstParagraph,
    Date,
}

pub(super) const FACES: &[[&str; 4]] = &[
    [
        "TimesNewRomanPSMT",
        "TimesNewRomanPS-BoldMT",
        "TimesNewRomanPS-ItalicMT",
        "TimesNewRomanPS-BoldItalicMT",
    ],
    [
        "LiberationSerif",
        "LiberationSerif-Bold",
        "LiberationSerif-Italic",
        "LiberationSerif-BoldItalic",
    ],
    [
        "Tinos-Regular",
        "Tinos-Bold",
        "Tinos-Italic",
        "Tinos-BoldItalic",
    ],
    [
        "TimesNewRoman",
        "TimesNewRoman,Bold",
        "TimesNewRoman,Italic",
        "TimesNewRoman,BoldItalic",
    ],
];

fn of(size: f32, style: Style) -> Type {
    Type { size, style }
}

/// As the decree allows, drawn from all of what it allows.
pub(super) fn allowed(kind: DocumentType, random: &mut SplitMix) -> Manner {
    let between = |least: f32, most: f32, random: &mut SplitMix| {
        let steps = ((most - least) * 2.0).round() as usize;
        least + random.below(steps + 1) as f32 / 2.0
    };
    let head = between(12.0, 13.0, random);
    let body = between(13.0, 14.0, random);
    let margins = (
        between(20.0, 25.0, random),
        between(20.0, 25.0, random),
        between(30.0, 35.0, random),
        between(15.0, 20.0, random),
    );
    let bold = |least: f32, most: f32, random: &mut SplitMix| {
        of(between(least, most, random), Style::Bold)
    };
    let third = |random: &mut SplitMix| Some(0.34 + random.below(16) as f32 / 100.0);
    Manner {
        paper: (210.0, 297.0),
        margins,
        nation: of(head, Style::Bold),
        nation_words: Some("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM".to_owned()),
        motto: of(head + 1.0, Style::Bold),
        motto_words: Some("Độc lập - Tự do - Hạnh phúc".to_owned()),
        motto_line: Some(1.0),
        above: of(head, Style::Regular),
        above_capitals: true,
        agency: of(head, Style::Bold),
        agency_capitals: true,
        agency_line: third(random),
        number: of(13.0, Style::Regular),
        number_words: None,
        date: of(between(13.0, 14.0, random), Style::Italic),
        date_words: None,
        kind: bold(13.0, 14.0, random),
        kind_capitals: true,
        subject: bold(13.0, 14.0, random),
        subject_line: third(random),
        about: of(between(12.0, 13.0, random), Style::Regular),
        about_words: Some("V/v"),
        mark: bold(13.0, 14.0, random),
        addressees: of(body, Style::Regular),
        addressees_words: Some((":", ";", ".")),
        grounds: of(body, Style::Italic),
        body: of(body, Style::Regular),
        spacing: *random.pick(&[1.0, 1.08, 1.15, 1.2, 1.3, 1.5]),
        gap: *random.pick(&[6.0, 6.0, 8.0, 10.0]),
        indent: *random.pick(&[10.0, 12.7]),
        is_justified: true,
        authority: bold(13.0, 14.0, random),
        signer: bold(13.0, 14.0, random),
        label: of(12.0, Style::BoldItalic),
        label_words: Some("Nơi nhận:"),
        recipients: of(11.0, Style::Regular),
        recipients_words: (
            "- ",
            ";",
            Some(if kind == DocumentType::OfficialLetter {
                "- Lưu: VT, TH."
            } else {
                "- Lưu: VT."
            }),
        ),
        page_number: of(between(13.0, 14.0, random), Style::Regular),
        numbered: Numbered::Above,
        page_shift: 0,
        is_first_numbered: false,
        face_names: *random.pick(FACES),
        other_face: None,
        other_ink: None,
    }
}
