use super::{Part, PicturePart, Role, Rule, Size, Template, TextPart, words};

/// Width and height of the arrival stamp in millimetres (Decree 30/2020, Appendix IV).
pub(crate) const ARRIVAL_MM: [f64; 2] = [50.0, 35.0];
/// The red of marks of urgency and of arrival.
const RED: words::Paint = words::Paint(congvan_pdf::Colour::RED);

fn text(lines: &[&str]) -> TextPart {
    TextPart {
        lines: lines.iter().map(|line| (*line).to_owned()).collect(),
        area_mm: None,
        size_pt: words::decree_size(),
        colour: words::Paint::default(),
        align: words::Side::Left,
    }
}

fn picture() -> Vec<Part> {
    vec![Part::Picture(PicturePart::default())]
}

impl Template {
    /// The decree's own: Appendix I, parts I.I and I.II; where it leaves a length open, what
    /// offices use.
    #[must_use]
    pub fn built_in(role: Role) -> Self {
        let (place, size, parts) = match role {
            Role::Leader => (Rule::SignerBlock, Size::Mm([45.0, 22.0]), picture()),
            Role::Initials => (Rule::AfterContent, Size::Mm([16.0, 8.0]), picture()),
            // The seal of a commune or an agency is 36 mm across; its picture should say.
            Role::Seal => (
                Rule::OverLeader,
                Size::Picture {
                    else_mm: [36.0, 36.0],
                },
                picture(),
            ),
            Role::Copy => (
                Rule::TopRight { margin_mm: 8.0 },
                Size::Mm([70.0, 18.0]),
                vec![Part::Text(text(&["{copy_form}", "{agency}", "{time}"]))],
            ),
            Role::Appendix => (
                Rule::TopRight { margin_mm: 8.0 },
                Size::Mm([70.0, 12.0]),
                vec![Part::Text(text(&["{notation}", "{time}"]))],
            ),
            Role::NumberDate => (
                Rule::NumberAndDate,
                Size::Mm([15.0, 6.0]),
                vec![Part::Text(TextPart {
                    size_pt: 13.0,
                    align: words::Side::Centre,
                    ..text(&["{number}"])
                })],
            ),
            Role::Arrival => (
                Rule::Absolute {
                    page: 1,
                    x_mm: 22.0,
                    y_mm: 50.0,
                },
                Size::Mm(ARRIVAL_MM),
                arrival(),
            ),
            Role::None => (Rule::Invisible, Size::Mm([0.0, 0.0]), Vec::new()),
        };
        // Without a picture the handwriting is replaced by who signed, and when.
        let without_picture = match role {
            Role::Leader | Role::Initials => vec![Part::Text(TextPart {
                align: words::Side::Centre,
                ..text(&["{name}", "{time}"])
            })],
            Role::Seal
            | Role::Copy
            | Role::Appendix
            | Role::NumberDate
            | Role::Arrival
            | Role::None => Vec::new(),
        };
        Self {
            role,
            place,
            size,
            parts,
            without_picture,
        }
    }
}

fn arrival() -> Vec<Part> {
    let [width, _] = ARRIVAL_MM;
    let row = |index: f64, rows: f64| [1.5, 1.0 + index * 5.5, width - 3.0, rows * 5.5];
    let dots = "................................";
    let line = |label: &str, name: &str| format!("{label}: {{{name}|{dots}}}");
    vec![
        Part::Frame(super::FramePart {
            area_mm: None,
            width_pt: 1.0,
            colour: RED,
        }),
        Part::Text(TextPart {
            area_mm: Some(row(0.0, 2.0)),
            colour: RED,
            align: words::Side::Centre,
            ..text(&["{agency}", "ĐẾN"])
        }),
        Part::Text(TextPart {
            lines: vec![
                line("Số", "number"),
                line("Ngày", "date"),
                line("Chuyển", "passed_to"),
                line("Số và ký hiệu HS", "dossier"),
            ],
            area_mm: Some(row(2.0, 4.0)),
            colour: RED,
            ..text(&[])
        }),
    ]
}
