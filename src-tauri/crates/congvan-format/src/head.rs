//! The head of a letter: sections II.1 to II.5, III.2, and “Kính gửi” of II.9.

use congvan_model::{DocumentType, Notation, fold};

use crate::{
    face::{self, Wanted},
    finding::Value,
    letter::{Letter, Piece, squeeze},
    page::Page,
    review::Findings,
    rules::{Aspect, Part},
};

const NATION: &str = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM";
const MOTTO: &str = "Độc lập - Tự do - Hạnh phúc";

/// A line may be so much shorter or longer than is asked, as a part of the words above it.
const LINE_SLACK: f32 = 0.06;

pub(crate) fn check(letter: &Letter<'_>, first: &Page, found: &mut Findings) {
    let pieces = letter.on(0);
    nation(letter, pieces, found);
    agency(letter, pieces, first, found);
    number(letter, pieces, found);
    date(letter, pieces, found);
    if letter.reading.kind.value == DocumentType::OfficialLetter && letter.title.is_none() {
        letter_subject(letter, found);
    } else {
        title(letter, found);
    }
    addressees(letter, pieces, found);
    if let Some(field) = &letter.reading.urgency {
        let marks = letter.at(&field.places);
        let wanted = Wanted::of(13.0, 14.0).bold(true).any_slant();
        face::check(&marks, Part::UrgencyMark, wanted, found);
    }
}

fn nation(letter: &Letter<'_>, pieces: &[Piece<'_>], found: &mut Findings) {
    let find = |wanted: &str| {
        pieces
            .iter()
            .find(|piece| piece.squeezed() == squeeze(wanted))
    };
    let missing = |part: Part, wanted: &str, found: &mut Findings| {
        let wanted = vec![Value::Text(wanted.to_owned())];
        found.add((part, Aspect::Missing), (0, None), None, wanted);
    };
    let misspelt = |part: Part, piece: &Piece<'_>, wanted: &str, found: &mut Findings| {
        found.add(
            (part, Aspect::Wording),
            (piece.page, Some(piece.area)),
            Some(Value::Text(piece.text.clone())),
            vec![Value::Text(wanted.to_owned())],
        );
    };
    match find(NATION) {
        None => missing(Part::NationName, NATION, found),
        Some(piece) => {
            // Where the tone of “oa” stands is not asked.
            let upper = piece.text.to_uppercase().replace("HOÀ", "HÒA");
            if upper != NATION {
                misspelt(Part::NationName, piece, NATION, found);
            }
            let wanted = Wanted::of(12.0, 13.0).bold(true).capitals();
            face::check(&[piece], Part::NationName, wanted, found);
        }
    }
    match find(MOTTO) {
        None => missing(Part::Motto, MOTTO, found),
        Some(piece) => {
            if piece.text != MOTTO {
                misspelt(Part::Motto, piece, MOTTO, found);
            }
            let wanted = Wanted::of(13.0, 14.0).bold(true);
            face::check(&[piece], Part::Motto, wanted, found);
            // As long as the words.
            line(letter, &[piece], (Part::Motto, (0.9, 1.1)), found);
        }
    }
}

/// The line under the last of these pieces: so much of the length of the words. Where the words
/// stand on several lines, of any of them.
fn line(
    letter: &Letter<'_>,
    pieces: &[&Piece<'_>],
    (part, (least, most)): (Part, (f32, f32)),
    found: &mut Findings,
) {
    let Some(last) = pieces.last() else { return };
    let at = (last.page, Some(last.area));
    let wanted = vec![Value::Times(least), Value::Times(most)];
    match letter.line_under(last) {
        // It may be in a drawing that is not looked into.
        None if !letter.is_drawn_whole(last) => {}
        None => found.add((part, Aspect::Line), at, None, wanted),
        Some(stroke) => {
            let fits = pieces.iter().any(|piece| {
                let ratio = stroke.area.w / piece.area.w.max(1.0);
                (least - LINE_SLACK..=most + LINE_SLACK).contains(&ratio)
            });
            if !fits {
                let measured = Value::Times(stroke.area.w / last.area.w.max(1.0));
                found.add((part, Aspect::Line), at, Some(measured), wanted);
            }
        }
    }
}

/// A third to a half.
const PART: (f32, f32) = (1.0 / 3.0, 0.5);

fn agency(letter: &Letter<'_>, pieces: &[Piece<'_>], first: &Page, found: &mut Findings) {
    let Some(bottom) = letter.number.as_ref().or(letter.date.as_ref()) else {
        return;
    };
    let edge = pieces
        .iter()
        .find(|piece| piece.squeezed() == squeeze(NATION))
        .map_or(first.width * 0.45, |piece| piece.area.x);
    let column: Vec<&Piece<'_>> = pieces
        .iter()
        .filter(|piece| {
            piece.area.centre().0 < edge
                && piece.area.bottom() < bottom.area.y + 2.0
                && piece.squeezed().len() > 1
                && !crate::rows::is_signing_text(piece)
                && !crate::rows::is_page_number(piece, first)
        })
        .collect();
    let own = letter.reading.agency.as_ref().map(|field| &field.places);
    let own = own.map(|places| letter.at(places)).unwrap_or_default();
    let read = column
        .iter()
        .position(|piece| own.iter().any(|own| own.area == piece.area));
    // The agency is what is bold at the end; its type tells better than its words where it begins,
    // as long as both are not set alike.
    let bold = column
        .iter()
        .rposition(|piece| !piece.is_bold())
        .map(|last| last + 1)
        .filter(|start| *start < column.len());
    let is_all_bold = column.first().is_some_and(|piece| piece.is_bold());
    let start = bold
        .or(read)
        .or_else(|| is_all_bold.then_some(0))
        .unwrap_or(column.len().saturating_sub(1));
    let (above, own) = column.split_at(start.min(column.len()));
    let wanted = Wanted::of(12.0, 13.0).capitals();
    face::check(
        above,
        Part::AgencyAbove,
        wanted.bold(false).any_slant(),
        found,
    );
    face::check(own, Part::Agency, wanted.bold(true), found);
    line(letter, own, (Part::Agency, PART), found);
}

fn number(letter: &Letter<'_>, pieces: &[Piece<'_>], found: &mut Findings) {
    let Some(piece) = &letter.number else {
        if has_head(pieces) {
            found.add((Part::Number, Aspect::Missing), (0, None), None, Vec::new());
        }
        return;
    };
    let kind = letter.title.as_ref().map(|_| letter.reading.kind.value);
    if let Some(wanted) = number_as_wanted(&piece.text, kind) {
        found.add(
            (Part::Number, Aspect::Wording),
            (piece.page, Some(piece.area)),
            Some(Value::Text(piece.text.clone())),
            vec![Value::Text(wanted)],
        );
    }
    face::check(&[piece], Part::Number, Wanted::of(13.0, 13.0), found);
}

/// Whether the page begins a letter: an annex by itself does not.
fn has_head(pieces: &[Piece<'_>]) -> bool {
    pieces
        .iter()
        .any(|piece| piece.squeezed() == squeeze(NATION))
}

/// How number and symbol should be written, where they are not: “Số:” and the number with a zero
/// before those below ten, a slash, groups joined by hyphens, no spaces; the symbol of a named
/// document begins with the abbreviation of its type (Appendix III). A draft has no number yet.
fn number_as_wanted(text: &str, kind: Option<DocumentType>) -> Option<String> {
    let rest = text.trim_start_matches("Số").trim_start_matches(':').trim();
    let (number, symbol) = rest.split_once('/')?;
    let digits: String = number.chars().filter(|c| !c.is_whitespace()).collect();
    let joined: String = symbol
        .chars()
        .filter(|c| !c.is_whitespace())
        .map(|c| {
            if matches!(c, '–' | '—' | '_') {
                '-'
            } else {
                c
            }
        })
        .collect();
    let padded = match digits.parse::<u32>() {
        Ok(number) => format!("{number:02}"),
        Err(_) => digits.clone(),
    };
    // A symbol with a year is one of a legal document, which has rules of its own.
    let is_legal = joined.starts_with(|c: char| c.is_ascii_digit());
    let wants_type = kind.map(DocumentType::abbreviation).unwrap_or_default();
    let named = format!("1/{joined}").parse::<Notation>().ok();
    let own_type = named.and_then(|notation| notation.document_type());
    let is_of_type = is_legal || wants_type.is_empty() || own_type == kind;
    let symbol_as_wanted = if is_of_type {
        joined.clone()
    } else {
        format!(
            "{wants_type}-{}",
            joined
                .split_once('-')
                .map_or(joined.as_str(), |(_, rest)| rest)
        )
    };
    let written = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let good = if digits.is_empty() {
        // “Số:      /UBND-VX”: spaces are left for the number.
        written.starts_with("Số:")
            && !symbol.contains(char::is_whitespace)
            && symbol_as_wanted == symbol
    } else {
        let wanted = format!("{padded}/{symbol_as_wanted}");
        written == format!("Số: {wanted}") || written == format!("Số:{wanted}")
    };
    (!good).then(|| format!("Số: {padded}/{symbol_as_wanted}"))
}

fn date(letter: &Letter<'_>, pieces: &[Piece<'_>], found: &mut Findings) {
    let Some(piece) = &letter.date else {
        if has_head(pieces) {
            found.add(
                (Part::PlaceDate, Aspect::Missing),
                (0, None),
                None,
                Vec::new(),
            );
        }
        return;
    };
    if let Some(wanted) = date_as_wanted(&piece.text) {
        found.add(
            (Part::PlaceDate, Aspect::Wording),
            (piece.page, Some(piece.area)),
            Some(Value::Text(piece.text.clone())),
            vec![Value::Text(wanted)],
        );
    }
    let wanted = Wanted::of(13.0, 14.0).italic();
    face::check(&[piece], Part::PlaceDate, wanted, found);
}

/// How place and date should be written, where they are not: “Bình Minh Đông, ngày 05 tháng 01 năm
/// 2026”. A zero before the months 3 to 9 is neither asked nor forbidden; a draft has no day yet.
fn date_as_wanted(text: &str) -> Option<String> {
    let folded = fold(text);
    // Every letter folds to one.
    let at = |word: &str| {
        let found = folded.rfind(word)?;
        Some(folded.get(..found)?.chars().count())
    };
    let (day_at, month_at, year_at) = (at("ngay")?, at("thang")?, at("nam")?);
    if !(day_at < month_at && month_at < year_at) {
        return None;
    }
    let part = |from: usize, to: usize| -> String {
        let letters = text.chars().skip(from).take(to.saturating_sub(from));
        letters.collect::<String>().trim().to_owned()
    };
    let place = part(0, day_at);
    let day = part(day_at + 4, month_at);
    let month = part(month_at + 5, year_at);
    let year = part(year_at + 3, text.chars().count());
    let zeros = |figures: &str, below: u32| match figures.parse::<u32>() {
        Ok(number) if number < below => format!("{number:02}"),
        Ok(_) | Err(_) => figures.to_owned(),
    };
    let name = upper_first(place.trim_end_matches(',').trim());
    let blank = |figures: String| {
        if figures.is_empty() {
            "…".to_owned()
        } else {
            figures
        }
    };
    let wanted = format!(
        "{name}, ngày {} tháng {} năm {}",
        blank(zeros(&day, 10)),
        blank(zeros(&month, 3)),
        blank(year.trim_end_matches('.').to_owned())
    );
    let is_blank = |figures: &str| figures.chars().all(|c| matches!(c, '.' | '…' | '_' | ' '));
    let is_drafted = is_blank(&day) || is_blank(&month);
    let words: Vec<&str> = text.split_whitespace().collect();
    let good = if is_drafted {
        place.ends_with(',')
    } else {
        words.join(" ") == wanted
    };
    (!good).then_some(wanted)
}

fn upper_first(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(letters).collect()
    })
}

fn title(letter: &Letter<'_>, found: &mut Findings) {
    let Some(name) = &letter.title else { return };
    let wanted = Wanted::of(13.0, 14.0).bold(true);
    face::check(&[name], Part::Kind, wanted.capitals(), found);
    let Some(subject) = &letter.reading.subject else {
        return;
    };
    let mut lines = letter.at(&subject.places);
    // Types without a subject have text there.
    let is_subject =
        |first: &&Piece<'_>| first.area.y > name.area.y && !first.squeezed().starts_with("kinhgui");
    if !lines.first().is_some_and(is_subject) {
        return;
    }
    // What stands under the line is text; without one, what goes on in the middle is subject.
    if let Some(last) = lines.iter().position(|it| letter.line_under(it).is_some()) {
        lines.truncate(last + 1);
    } else {
        for piece in letter.on(0) {
            let goes_on = lines.last().is_some_and(|last| {
                (last.area.bottom() - 2.0..last.area.bottom() + 3.0).contains(&piece.area.y)
                    && piece.is_bold()
                    && (piece.area.centre().0 - name.area.centre().0).abs() < 5.0
            });
            if goes_on {
                lines.push(piece);
            }
        }
    }
    face::check(&lines, Part::Subject, wanted, found);
    line(letter, &lines, (Part::Subject, PART), found);
}

fn letter_subject(letter: &Letter<'_>, found: &mut Findings) {
    let read = letter.reading.subject.as_ref();
    let mut lines = read
        .map(|field| letter.at(&field.places))
        .unwrap_or_default();
    if lines.is_empty() {
        lines = about(letter);
    }
    let Some(first) = lines.first() else {
        // A letter to somebody with a number and no type's name is a công văn.
        if letter.number.is_some() && !letter.reading.addressees.is_empty() {
            let at = (Part::LetterSubject, Aspect::Missing);
            found.add(at, (0, None), None, vec![Value::Text("V/v …".to_owned())]);
        }
        return;
    };
    if !first.text.starts_with("V/v ") {
        found.add(
            (Part::LetterSubject, Aspect::Wording),
            (first.page, Some(first.area)),
            Some(Value::Text(first.text.clone())),
            vec![Value::Text("V/v …".to_owned())],
        );
    }
    let wanted = Wanted::of(12.0, 13.0);
    face::check(&lines, Part::LetterSubject, wanted, found);
}

/// “V/v …” under the number of a draft: without a number intake reads no subject.
fn about<'l, 'a>(letter: &'l Letter<'a>) -> Vec<&'l Piece<'a>> {
    let Some(number) = &letter.number else {
        return Vec::new();
    };
    let width = letter.pages.first().map_or(0.0, |page| page.width);
    let mut lines: Vec<&'l Piece<'a>> = Vec::new();
    for piece in letter.on(0) {
        let text = fold(&piece.text);
        if text.starts_with("kinh gui") {
            break;
        }
        let begins = text.starts_with("v/v") || text.starts_with("ve viec");
        let top = lines.last().copied().unwrap_or(number).area.bottom();
        let is_near = (top - 2.0..top + 6.0).contains(&piece.area.y);
        // A blank number is only the word before it: the column is wider.
        let is_under = piece.area.centre().0 < width * 0.45;
        if is_near && is_under && (begins || !lines.is_empty()) {
            lines.push(piece);
        }
    }
    lines
}

fn addressees(letter: &Letter<'_>, pieces: &[Piece<'_>], found: &mut Findings) {
    let label = pieces
        .iter()
        .position(|piece| piece.squeezed().starts_with("kinhgui"));
    let Some(label) = label else {
        let is_letter = letter.reading.kind.value == DocumentType::OfficialLetter
            && letter.title.is_none()
            && letter.number.is_some()
            && (letter.reading.subject.is_some() || !about(letter).is_empty());
        if is_letter {
            let wanted = vec![Value::Text("Kính gửi: …".to_owned())];
            found.add((Part::Addressees, Aspect::Missing), (0, None), None, wanted);
        }
        return;
    };
    let Some((head, rest)) = pieces.get(label..).and_then(<[_]>::split_first) else {
        return;
    };
    let mut lines = vec![head];
    lines.extend(
        rest.iter()
            .take_while(|piece| piece.text.starts_with('-') && piece.area.x > head.area.x),
    );
    face::check(&lines, Part::Addressees, Wanted::of(13.0, 14.0), found);
    let mut tell = |piece: &Piece<'_>, wanted: &str| {
        found.add(
            (Part::Addressees, Aspect::Wording),
            (piece.page, Some(piece.area)),
            Some(Value::Text(piece.text.clone())),
            vec![Value::Text(wanted.to_owned())],
        );
    };
    if !head.text.starts_with("Kính gửi:") {
        tell(head, "Kính gửi: …");
        return;
    }
    let items = lines.get(1..).unwrap_or_default();
    // A name on two lines ends on the second.
    for two in items.windows(2) {
        if let [item, _] = two
            && !item.text.ends_with(';')
        {
            tell(item, "- …;");
            return;
        }
    }
    let next = rest.get(items.len());
    if let (Some(last), Some(next)) = (items.last(), next)
        && items.len() > 1
        && !last.text.ends_with('.')
        && (next.area.x - last.area.x).abs() > 6.0
    {
        tell(last, "- ….");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_wanted_as_the_decree_writes_them() {
        let decision = Some(DocumentType::Decision);
        for (text, kind, wanted) in [
            ("Số: 05/GM-UBND", Some(DocumentType::Invitation), None),
            ("Số: 123/UBND-VX", None, None),
            ("Số:123/UBND-VX", None, None),
            ("Số: /UBND-VX", None, None),
            ("Số: /QĐ-UBND", decision, None),
            ("Số: 12/2026/QĐ-UBND", decision, None),
            ("Số: 5/GM-UBND", None, Some("Số: 05/GM-UBND")),
            ("Số: 005/GM-UBND", None, Some("Số: 05/GM-UBND")),
            ("Số 15/QĐ-UBND", decision, Some("Số: 15/QĐ-UBND")),
            ("Số: 15 /QĐ-UBND", decision, Some("Số: 15/QĐ-UBND")),
            ("Số: 15/QĐ - UBND", decision, Some("Số: 15/QĐ-UBND")),
            ("Số: 15/QĐ–UBND", decision, Some("Số: 15/QĐ-UBND")),
            ("Số: 15/KH-UBND", decision, Some("Số: 15/QĐ-UBND")),
        ] {
            assert_eq!(number_as_wanted(text, kind).as_deref(), wanted, "{text}");
        }
    }

    #[test]
    fn dates_are_wanted_with_zeros_where_the_decree_has_them() {
        for (text, wanted) in [
            ("Bình Minh Đông, ngày 05 tháng 01 năm 2026", None),
            ("Hưng Thịnh, ngày 15 tháng 3 năm 2026", None),
            ("Hưng Thịnh, ngày 15 tháng 03 năm 2026", None),
            ("Hưng Thịnh, ngày tháng năm 2026", None),
            ("Hưng Thịnh, ngày … tháng 01 năm 2026", None),
            (
                "Hưng Thịnh, ngày 5 tháng 01 năm 2026",
                Some("Hưng Thịnh, ngày 05 tháng 01 năm 2026"),
            ),
            (
                "Hưng Thịnh, ngày 15 tháng 2 năm 2026",
                Some("Hưng Thịnh, ngày 15 tháng 02 năm 2026"),
            ),
            (
                "Quảng Nam ngày 15 tháng 12 năm 2026",
                Some("Quảng Nam, ngày 15 tháng 12 năm 2026"),
            ),
            (
                "hưng Thịnh, ngày 15 tháng 12 năm 2026",
                Some("Hưng Thịnh, ngày 15 tháng 12 năm 2026"),
            ),
        ] {
            assert_eq!(date_as_wanted(text).as_deref(), wanted, "{text}");
        }
    }
}
