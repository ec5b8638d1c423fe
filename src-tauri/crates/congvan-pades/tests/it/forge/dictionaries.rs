use super::{FORGED, range, replace, stream, with_range};

/// USF and SWA: the signature dictionary is what is attacked.
pub(crate) fn forged_dictionaries(signed: &[u8]) -> Vec<(&'static str, Vec<u8>)> {
    let (_, [a, b, c, d]) = range(signed);
    let ranges = [
        ("range-null", "null".to_owned()),
        ("range-empty", "[]".to_owned()),
        ("range-zeros", "[0 0 0 0]".to_owned()),
        ("range-one", "[0 1 2 3]".to_owned()),
        ("range-negative", format!("[0 {b} {c} -{d}]")),
        (
            "range-overflow",
            format!("[0 {b} 9223372036854775807 9223372036854775807]"),
        ),
        ("range-real", format!("[0.0 {b} {c} {d}]")),
        ("range-short", format!("[0 {b} {c}]")),
        ("range-long", format!("[{a} {b} {c} {d} 0 1]")),
        ("range-shifted", format!("[1 {b} {c} {d}]")),
        ("range-gap-early", format!("[0 {} {c} {d}]", b - 20)),
        ("range-gap-late", format!("[0 {b} {} {}]", c + 20, d - 20)),
        ("range-past-end", format!("[0 {b} {c} {}]", d + 1)),
        ("range-cut", format!("[0 {b} {c} {}]", d - 30)),
        ("range-swapped", format!("[{c} {d} 0 {b}]")),
    ];
    let mut found: Vec<_> = ranges
        .into_iter()
        .map(|(name, text)| (name, with_range(signed, &text)))
        .collect();
    let b = b as usize;
    let mut zeros = signed.to_vec();
    zeros[b + 1..c as usize - 1].fill(b'0');
    found.push(("contents-zeros", zeros));
    let mut letters = signed.to_vec();
    letters[b + 1..b + 5].copy_from_slice(b"zzzz");
    found.push(("contents-not-hexadecimal", letters));
    let mut padded = signed.to_vec();
    padded[c as usize - 9..c as usize - 1].copy_from_slice(b"deadbeef");
    found.push(("contents-trailing-data", padded));
    let mut spaces = signed.to_vec();
    spaces[c as usize - 9..c as usize - 1].fill(b' ');
    found.push(("contents-spaces-in-padding", spaces));
    found.push((
        "contents-renamed",
        replace(signed, "/Contents <", "/Kontents <"),
    ));
    found.push((
        "sub-filter-unknown",
        replace(signed, "ETSI.CAdES.detached", "ETSI.CAdES.attached"),
    ));
    found.push(("page-text-in-place", replace(signed, "so 12", "so 99")));
    found.push((
        "metadata-in-place",
        replace(signed, "Quyet dinh", "Quyet DINH"),
    ));
    found
}

/// SWA: the signed part is kept, another cross-reference is slipped into a widened gap.
pub(crate) fn wrapped(signed: &[u8]) -> Vec<(&'static str, Vec<u8>)> {
    let (_, [_, b, c, d]) = range(signed);
    let (b, c) = (b as usize, c as usize);
    let mut found = Vec::new();
    let evil = format!("4 0 obj\n{}\nendobj\n", stream(FORGED));
    // The tail moves; the range is adjusted so that the digest stays right.
    let moved = [&signed[..c], evil.as_bytes(), &signed[c..]].concat();
    let new = format!("[0 {b} {} {d}]", c + evil.len());
    found.push(("wrapped-gap", with_range(&moved, &new)));
    let mut twice = signed.to_vec();
    twice.extend(&signed[c..]);
    let new = format!("[0 {b} {} {d}]", signed.len());
    found.push(("wrapped-second-copy", with_range(&twice, &new)));
    found
}
