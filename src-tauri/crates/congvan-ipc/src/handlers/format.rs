use std::sync::Arc;

use congvan_core::{self as core, Desk};

use super::{Answer, parse, word};
use crate::dto::{
    FileRequest, FormatCheck, FormatFinding, FormatReview, FormatSeverity, FormatValue, HitBox,
};

/// See the command table.
///
/// # Errors
/// As `page_text`; `TOO_MANY_PAGES`.
pub async fn document_format(desk: &Arc<Desk>, args: FileRequest) -> Answer<FormatCheck> {
    let check = desk.check_format(parse(&args.sha256)?).await?;
    Ok(FormatCheck {
        sha256: args.sha256,
        done: check.done,
        pages: check.pages,
        review: check.review.as_deref().map(review),
    })
}

fn review(it: &core::FormatReview) -> FormatReview {
    match &it.review {
        core::Review::Image => FormatReview {
            checked: false,
            unchecked: Vec::new(),
            empty: Vec::new(),
            findings: Vec::new(),
        },
        core::Review::Text {
            findings,
            unchecked,
            empty,
        } => FormatReview {
            checked: true,
            unchecked: unchecked.clone(),
            empty: empty.clone(),
            findings: findings.iter().map(|one| finding(one, &it.sizes)).collect(),
        },
    }
}

fn finding(it: &core::FormatFinding, sizes: &[(f32, f32)]) -> FormatFinding {
    let size = usize::try_from(it.page)
        .ok()
        .and_then(|page| sizes.get(page))
        .copied();
    FormatFinding {
        part: word(&it.rule.part),
        aspect: word(&it.rule.aspect),
        severity: match it.rule.severity {
            core::FormatSeverity::Must => FormatSeverity::Must,
            core::FormatSeverity::Should => FormatSeverity::Should,
        },
        clause: it.rule.clause.to_owned(),
        page: it.page,
        place: it.area.zip(size).and_then(|(area, size)| place(area, size)),
        measured: it.measured.as_ref().map(value),
        wanted: it.wanted.iter().map(value).collect(),
    }
}

/// In fractions of the page, and never outside it: a margin may be measured up to its edge.
fn place(area: core::FormatArea, (width, height): (f32, f32)) -> Option<HitBox> {
    if width <= 0.0 || height <= 0.0 {
        return None;
    }
    let (x, y) = (
        (area.x / width).clamp(0.0, 1.0),
        (area.y / height).clamp(0.0, 1.0),
    );
    Some(HitBox {
        x,
        y,
        w: ((area.x + area.w) / width).clamp(x, 1.0) - x,
        h: ((area.y + area.h) / height).clamp(y, 1.0) - y,
    })
}

fn value(it: &core::FormatValue) -> FormatValue {
    match it {
        core::FormatValue::Millimetres(value) => FormatValue::Mm { value: *value },
        core::FormatValue::Points(value) => FormatValue::Pt { value: *value },
        core::FormatValue::Times(value) => FormatValue::Times { value: *value },
        core::FormatValue::Paper(width, height) => FormatValue::Paper {
            width: *width,
            height: *height,
        },
        core::FormatValue::Text(text) => FormatValue::Text { text: text.clone() },
    }
}
