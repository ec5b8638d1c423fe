use std::collections::HashSet;

use crate::{Dict, Document, MmRect, ObjRef, Object, PdfError, limits};

/// Millimetres in an inch over points in an inch.
const MM_PER_POINT: f64 = 25.4 / 72.0;

/// One page with what it inherits from the page tree (ISO 32000-2, 7.7.3.4).
#[derive(Clone, Debug)]
pub struct Page {
    /// The page object.
    pub id: ObjRef,
    /// Its own dictionary, nothing inherited.
    pub dict: Dict,
    /// What a viewer shows, in user space: /CropBox cut by /MediaBox, `[left, bottom, right, top]`.
    pub visible: [f64; 4],
    /// Clockwise rotation for display: 0, 90, 180 or 270 degrees.
    pub rotate: u16,
    /// Size of one user-space unit in points (7.7.3.3, /UserUnit).
    pub user_unit: f64,
}

impl Page {
    /// Width and height as displayed, in millimetres.
    #[must_use]
    pub fn size_mm(&self) -> (f64, f64) {
        let [left, bottom, right, top] = self.visible;
        let scale = MM_PER_POINT * self.user_unit;
        let (width, height) = ((right - left) * scale, (top - bottom) * scale);
        if matches!(self.rotate, 90 | 270) {
            (height, width)
        } else {
            (width, height)
        }
    }

    /// A rectangle on the page as displayed, as an annotation rectangle in user space.
    #[must_use]
    pub fn user_rect(&self, rect: MmRect) -> [f64; 4] {
        let scale = 1.0 / (MM_PER_POINT * self.user_unit);
        let (u0, v0) = (rect.x * scale, rect.y * scale);
        let (u1, v1) = (
            (rect.x + rect.width) * scale,
            (rect.y + rect.height) * scale,
        );
        let [left, bottom, right, top] = self.visible;
        // Where a displayed point (to the right, downwards) lies in user space: turning the page
        // clockwise makes its left edge the upper one.
        let place = |u: f64, v: f64| match self.rotate {
            90 => (left + v, bottom + u),
            180 => (right - u, bottom + v),
            270 => (right - v, top - u),
            _ => (left + u, top - v),
        };
        let (a, b) = (place(u0, v0), place(u1, v1));
        [a.0.min(b.0), a.1.min(b.1), a.0.max(b.0), a.1.max(b.1)]
    }
}

impl Page {
    /// An annotation rectangle in user space, on the page as displayed: what [`Page::user_rect`]
    /// turns back.
    #[must_use]
    pub fn display_rect(&self, [a, b, c, d]: [f64; 4]) -> MmRect {
        let [left, bottom, right, top] = self.visible;
        let place = |x: f64, y: f64| match self.rotate {
            90 => (y - bottom, x - left),
            180 => (right - x, y - bottom),
            270 => (top - y, right - x),
            _ => (x - left, top - y),
        };
        let scale = MM_PER_POINT * self.user_unit;
        let ((u0, v0), (u1, v1)) = (place(a, b), place(c, d));
        MmRect {
            x: u0.min(u1) * scale,
            y: v0.min(v1) * scale,
            width: (u0 - u1).abs() * scale,
            height: (v0 - v1).abs() * scale,
        }
    }
}

/// Page, from 0, and place as displayed of a widget; none where it has no area or no page.
///
/// # Errors
/// Where the file is damaged.
pub fn widget_place(
    document: &Document<'_>,
    all: &[Page],
    widget: ObjRef,
) -> Result<Option<(usize, MmRect)>, PdfError> {
    let object = document.get(widget)?;
    let Some(dict) = object.as_dict() else {
        return Ok(None);
    };
    let Some(rect) = rectangle(document, dict, "Rect")? else {
        return Ok(None);
    };
    let named = dict.get("P").and_then(Object::as_ref);
    if let Some(index) = all.iter().position(|page| Some(page.id) == named) {
        let page = all.get(index);
        return Ok(page.map(|page| (index, page.display_rect(rect))));
    }
    for (index, page) in all.iter().enumerate() {
        let list = document.value(&page.dict, "Annots")?;
        if list
            .as_array()
            .unwrap_or_default()
            .contains(&Object::Ref(widget))
        {
            return Ok(Some((index, page.display_rect(rect))));
        }
    }
    Ok(None)
}

#[derive(Clone, Default)]
struct Inherited {
    media: Option<[f64; 4]>,
    crop: Option<[f64; 4]>,
    rotate: Option<i64>,
}

/// All pages in reading order.
///
/// # Errors
/// Where the page tree is damaged, is a ring, or is beyond the limits.
pub fn pages(document: &Document<'_>) -> Result<Vec<Page>, PdfError> {
    let (root, catalog) = document.catalog()?;
    let top = catalog
        .get("Pages")
        .and_then(Object::as_ref)
        .ok_or(PdfError::malformed(root, "catalog without /Pages"))?;
    let mut walk = Walk {
        document,
        seen: HashSet::new(),
        found: Vec::new(),
    };
    walk.node(top, &Inherited::default(), 0)?;
    Ok(walk.found)
}

struct Walk<'d, 's> {
    document: &'d Document<'s>,
    seen: HashSet<u32>,
    found: Vec<Page>,
}

impl Walk<'_, '_> {
    fn node(&mut self, node: ObjRef, inherited: &Inherited, depth: usize) -> Result<(), PdfError> {
        let document = self.document;
        if depth > limits::TREE_DEPTH || self.found.len() >= limits::PAGES {
            return Err(PdfError::Limit { limit: "page tree" });
        }
        if !self.seen.insert(node.num) {
            return Err(PdfError::malformed(node, "page tree is a ring"));
        }
        let object = document.get(node)?;
        let dict = match &*object {
            Object::Dict(dict) => dict,
            _ => return Err(PdfError::malformed(node, "page is no dictionary")),
        };
        let mut here = inherited.clone();
        here.media = rectangle(document, dict, "MediaBox")?.or(here.media);
        here.crop = rectangle(document, dict, "CropBox")?.or(here.crop);
        here.rotate = document.value(dict, "Rotate")?.as_int().or(here.rotate);
        let kids = document.value(dict, "Kids")?;
        match kids.as_array() {
            Some(kids) if !dict.is("Type", "Page") => {
                for kid in kids {
                    if let Some(kid) = kid.as_ref() {
                        self.node(kid, &here, depth + 1)?;
                    }
                }
            }
            Some(_) | None => self.found.push(page(document, node, dict, &here)?),
        }
        Ok(())
    }
}

fn page(
    document: &Document<'_>,
    id: ObjRef,
    dict: &Dict,
    inherited: &Inherited,
) -> Result<Page, PdfError> {
    // Without a /MediaBox viewers assume US Letter.
    let media = inherited.media.unwrap_or([0.0, 0.0, 612.0, 792.0]);
    let visible = inherited
        .crop
        .map(|crop| intersect(media, crop))
        .filter(|[left, bottom, right, top]| right > left && top > bottom)
        .unwrap_or(media);
    let user_unit = document
        .value(dict, "UserUnit")?
        .as_number()
        .filter(|unit| (0.001..=10_000.0).contains(unit))
        .unwrap_or(1.0);
    Ok(Page {
        id,
        dict: dict.clone(),
        visible,
        rotate: inherited.rotate.unwrap_or(0).rem_euclid(360) as u16 / 90 * 90,
        user_unit,
    })
}

fn intersect(a: [f64; 4], b: [f64; 4]) -> [f64; 4] {
    [
        a[0].max(b[0]),
        a[1].max(b[1]),
        a[2].min(b[2]),
        a[3].min(b[3]),
    ]
}

/// A rectangle with its corners put in order (7.9.5); none where absent or degenerate.
pub(crate) fn rectangle(
    document: &Document<'_>,
    dict: &Dict,
    key: &str,
) -> Result<Option<[f64; 4]>, PdfError> {
    let value = document.value(dict, key)?;
    let Some(items) = value.as_array() else {
        return Ok(None);
    };
    let mut numbers = Vec::with_capacity(4);
    for item in items.iter().take(4) {
        numbers.extend(document.resolve(item)?.as_number());
    }
    let Ok([a, b, c, d]) = <[f64; 4]>::try_from(numbers) else {
        return Ok(None);
    };
    let ordered = [a.min(c), b.min(d), a.max(c), b.max(d)];
    let sane = ordered.iter().all(|value| value.abs() < 1e7);
    Ok((sane && ordered[2] > ordered[0] && ordered[3] > ordered[1]).then_some(ordered))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(rotate: u16) -> Page {
        Page {
            id: ObjRef {
                num: 1,
                generation: 0,
            },
            dict: Dict::new(),
            visible: [10.0, 20.0, 110.0, 220.0],
            rotate,
            user_unit: 1.0,
        }
    }

    #[test]
    fn the_top_left_of_the_display_is_found_at_every_rotation() {
        let point = 25.4 / 72.0;
        let rect = MmRect {
            x: 0.0,
            y: 0.0,
            width: 10.0 * point,
            height: 5.0 * point,
        };
        let near = |rotate, expected: [f64; 4]| {
            let got = page(rotate).user_rect(rect);
            for (got, expected) in got.iter().zip(expected) {
                assert!((got - expected).abs() < 1e-9, "{rotate}: {got} {expected}");
            }
            let back = page(rotate).display_rect(got);
            assert!((back.x - rect.x).abs() < 1e-9 && (back.y - rect.y).abs() < 1e-9);
            assert!((back.width - rect.width).abs() < 1e-9, "{rotate}");
            assert!((back.height - rect.height).abs() < 1e-9, "{rotate}");
        };
        near(0, [10.0, 215.0, 20.0, 220.0]);
        near(90, [10.0, 20.0, 15.0, 30.0]);
        near(180, [100.0, 20.0, 110.0, 25.0]);
        near(270, [105.0, 210.0, 110.0, 220.0]);
    }

    #[test]
    fn a_turned_page_swaps_width_and_height() {
        let (width, height) = page(90).size_mm();
        assert!(width > height);
    }
}
