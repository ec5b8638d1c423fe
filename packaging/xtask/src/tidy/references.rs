use std::path::Path;

use super::{Source, resolve};

/// Pages that are spoken of without being part of the checkout.
const ELSEWHERE: &[&str] = &[];

/// Every page (`*.md`) that a comment or a page speaks of exists in the checkout: a reader who
/// follows a reference must arrive.
pub(super) fn check(sources: &[Source]) -> Vec<String> {
    let pages: Vec<&str> = sources
        .iter()
        .map(|source| source.path.as_str())
        .filter(|path| path.ends_with(".md"))
        .collect();
    let mut wrong = Vec::new();
    for source in sources.iter().filter(|source| !source.is_generated()) {
        // Tests may speak of pages that they make up.
        let text = source.text.split("#[cfg(test)]").next().unwrap_or_default();
        for (line, number) in text.lines().zip(1..) {
            for reference in references(line) {
                if !exists(&pages, &source.path, reference) {
                    wrong.push(format!(
                        "{}:{number}: speaks of {reference}, which does not exist here",
                        source.path
                    ));
                }
            }
        }
    }
    wrong
}

/// The names of pages in a line, with the folders before them.
fn references(line: &str) -> impl Iterator<Item = &str> {
    let is_part = |letter: char| letter.is_ascii_alphanumeric() || "._-/".contains(letter);
    line.split(move |letter| !is_part(letter))
        .map(|word| word.trim_end_matches('.'))
        .filter(|word| {
            word.strip_suffix(".md")
                .is_some_and(|name| name.ends_with(|letter: char| letter.is_ascii_alphanumeric()))
        })
}

fn exists(pages: &[&str], from: &str, reference: &str) -> bool {
    if ELSEWHERE.contains(&reference) {
        return true;
    }
    if !reference.contains('/') {
        // Spoken of by its name alone.
        return pages
            .iter()
            .any(|page| page.rsplit('/').next() == Some(reference));
    }
    let here = Path::new(from).parent().unwrap_or(Path::new(""));
    [here, Path::new("")].iter().any(|folder| {
        resolve(folder, reference)
            .is_some_and(|page| pages.iter().any(|known| Path::new(known) == page))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wrong(line: &str) -> usize {
        let source = |path: &str, text: &str| Source {
            path: path.into(),
            text: text.into(),
        };
        check(&[
            source("src-tauri/ARCHITECTURE.md", ""),
            source("src-tauri/docs/adr/0001-a.md", ""),
            source("src-tauri/src/main.rs", line),
        ])
        .len()
    }

    #[test]
    fn a_page_may_be_named_alone_from_here_or_from_the_root() {
        assert_eq!(wrong("// See ARCHITECTURE.md."), 0);
        assert_eq!(wrong("// See ../ARCHITECTURE.md (why)"), 0);
        assert_eq!(wrong("// [why](src-tauri/docs/adr/0001-a.md)"), 0);
    }

    #[test]
    fn a_page_that_is_not_in_the_checkout_is_found() {
        assert_eq!(wrong("// See notes.md 1.2"), 1);
        assert_eq!(wrong("// See ../../../elsewhere/ARCHITECTURE.md"), 1);
        assert_eq!(wrong("// See docs/0001-a.md"), 1);
    }

    #[test]
    fn an_ending_alone_is_no_page() {
        assert_eq!(wrong("// every .md file, or *.md"), 0);
    }
}
