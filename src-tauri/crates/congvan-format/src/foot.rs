//! The foot of a letter: who signs (II.7) and who receives it (II.9).

use congvan_model::DocumentType;

use crate::{
    face::{self, Wanted},
    finding::Value,
    letter::{Letter, Piece},
    review::Findings,
    rules::{Aspect, Part},
};

pub(crate) fn check(letter: &Letter<'_>, found: &mut Findings) {
    signer(letter, found);
    recipients(letter, found);
}

fn signer(letter: &Letter<'_>, found: &mut Findings) {
    let Some(field) = &letter.reading.signer else {
        return;
    };
    let block = letter.at(&field.places);
    let is_on_signed =
        |piece: &&&Piece<'_>| usize::try_from(piece.page).is_ok_and(|page| page == letter.signed);
    let block: Vec<&Piece<'_>> = block.iter().filter(is_on_signed).copied().collect();
    // A post is in capitals, a name is not.
    let is_name = |piece: &Piece<'_>| piece.text.chars().any(char::is_lowercase);
    let (names, posts): (Vec<&Piece<'_>>, Vec<&Piece<'_>>) =
        block.into_iter().partition(|piece| is_name(piece));
    let wanted = Wanted::of(13.0, 14.0).bold(true);
    face::check(&posts, Part::Authority, wanted, found);
    face::check(&names, Part::Signer, wanted, found);
}

/// Types that have no recipients of their own: agreements, minutes, papers that a person carries.
fn needs_recipients(kind: DocumentType) -> bool {
    !matches!(
        kind,
        DocumentType::Contract
            | DocumentType::Minutes
            | DocumentType::Memorandum
            | DocumentType::Agreement
            | DocumentType::PublicLetter
            | DocumentType::PowerOfAttorney
            | DocumentType::Introduction
            | DocumentType::LeavePermit
            | DocumentType::SendingNote
            | DocumentType::TransferNote
            | DocumentType::NoticeNote
            | DocumentType::Regulation
            | DocumentType::Rule
            | DocumentType::Other
    )
}

fn recipients(letter: &Letter<'_>, found: &mut Findings) {
    let page = u32::try_from(letter.signed).unwrap_or(u32::MAX);
    let Some(label) = &letter.label else {
        let is_whole = letter.reading.signer.is_some() && letter.number.is_some();
        if is_whole && needs_recipients(letter.reading.kind.value) {
            let wanted = vec![Value::Text("Nơi nhận:".to_owned())];
            let at = (Part::RecipientsLabel, Aspect::Missing);
            found.add(at, (page, None), None, wanted);
        }
        return;
    };
    let misspelt = |part: Part, piece: &Piece<'_>, wanted: &str, found: &mut Findings| {
        found.add(
            (part, Aspect::Wording),
            (piece.page, Some(piece.area)),
            Some(Value::Text(piece.text.clone())),
            vec![Value::Text(wanted.to_owned())],
        );
    };
    if label.text != "Nơi nhận:" {
        misspelt(Part::RecipientsLabel, label, "Nơi nhận:", found);
    }
    let wanted = Wanted::of(12.0, 12.0).bold(true).italic();
    face::check(&[label], Part::RecipientsLabel, wanted, found);

    let list = list(letter, label);
    let kept = |piece: &&Piece<'_>| piece.squeezed().starts_with("luu");
    let archive = list.iter().position(kept);
    let Some(archive) = archive else {
        let wanted = vec![Value::Text("- Lưu: VT, ….".to_owned())];
        let at = (label.page, Some(label.area));
        found.add((Part::Recipients, Aspect::Missing), at, None, wanted);
        return;
    };
    face::check(&list, Part::Recipients, Wanted::of(11.0, 11.0), found);
    // A name may go on on a second line; each begins with a dash and ends before the next one.
    let items = list.get(..archive).unwrap_or_default();
    let kept = list.get(archive..).unwrap_or_default();
    let wrong = (0..items.len()).find_map(|place| {
        let item = items.get(place)?;
        let begins = place == 0 || items.get(place - 1)?.text.ends_with(';');
        let next = list.get(place + 1)?;
        let ends = next.text.starts_with('-');
        if begins && !item.text.starts_with('-') {
            return Some((*item, "- …;"));
        }
        (ends && !item.text.ends_with(';')).then_some((*item, "- …;"))
    });
    let first = kept.first().copied();
    let last = kept.last().copied();
    let is_kept_well = first.is_some_and(|piece| {
        let text = piece.text.trim_start_matches('-').trim_start();
        piece.text.starts_with('-') && text.starts_with("Lưu: VT")
    });
    if let Some((item, wanted)) = wrong {
        misspelt(Part::Recipients, item, wanted, found);
    } else if let Some(piece) = first.filter(|_| !is_kept_well) {
        misspelt(Part::Recipients, piece, "- Lưu: VT, ….", found);
    } else if let Some(piece) = last.filter(|piece| !piece.text.ends_with('.')) {
        misspelt(Part::Recipients, piece, "- Lưu: VT, ….", found);
    }
}

/// The lines under the label, in its column, down to where the column ends.
fn list<'l, 'a>(letter: &'l Letter<'a>, label: &Piece<'a>) -> Vec<&'l Piece<'a>> {
    let mut list: Vec<&'l Piece<'a>> = Vec::new();
    let mut last = label.area;
    let below = letter
        .on(letter.signed)
        .iter()
        .filter(|piece| piece.area.y > label.area.y + 1.0 && piece.area.x < label.area.x + 15.0);
    for piece in below {
        if piece.area.y - last.y > label.area.h * 2.5 {
            break;
        }
        last = piece.area;
        list.push(piece);
    }
    list
}
