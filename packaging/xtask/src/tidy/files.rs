use super::Source;

/// Lines that a file may have; the aim is 500.
const MOST_LINES: usize = 700;

/// Files that are longer, each with its reason.
const LONGER: &[(&str, &str)] = &[];

/// What a lib.rs may not hold: it is a table of contents.
const LOGIC: [&str; 7] = [
    "fn",
    "struct",
    "enum",
    "impl",
    "trait",
    "macro_rules!",
    "static",
];

/// Folders of a person's machine.
const HOMES: [&str; 4] = ["/home/", "/root/", "/Users/", "C:\\Users\\"];

/// Files that must name such folders, each with its reason.
const MAY_NAME_HOMES: &[(&str, &str)] = &[(
    "packaging/xtask/src/tidy/files.rs",
    "it is the list of them",
)];

/// Length, unfinished work, machine paths, and tables of contents.
pub(super) fn check(sources: &[Source]) -> Vec<String> {
    let mut wrong: Vec<String> = Vec::new();
    for source in sources.iter().filter(|source| !source.is_generated()) {
        wrong.extend(length(source));
        wrong.extend(unfinished(source));
        wrong.extend(machine_paths(source));
        wrong.extend(contents(source));
    }
    for (path, _) in LONGER {
        let Some(source) = sources.iter().find(|source| source.path == *path) else {
            wrong.push(format!(
                "{path}: is on the list of long files and does not exist"
            ));
            continue;
        };
        if source.text.lines().count() <= MOST_LINES {
            wrong.push(format!(
                "{path}: is on the list of long files and is not long"
            ));
        }
    }
    wrong
}

fn length(source: &Source) -> Option<String> {
    let is_code = [
        ".rs", ".ts", ".tsx", ".css", ".py", ".sh", ".sql", ".js", ".mjs",
    ]
    .iter()
    .any(|ending| source.path.ends_with(ending));
    let lines = source.text.lines().count();
    (is_code && lines > MOST_LINES && !LONGER.iter().any(|(path, _)| *path == source.path))
        .then(|| format!("{}: {lines} lines, more than {MOST_LINES}", source.path))
}

fn unfinished(source: &Source) -> Vec<String> {
    // In two parts, or this line would find itself.
    let marks = [
        concat!("to", "do!("),
        concat!("unimpl", "emented!("),
        concat!("FIX", "ME"),
    ];
    lines_with(source, |line| {
        marks
            .iter()
            .find(|mark| line.contains(**mark))
            .map(|mark| format!("unfinished: {mark}"))
    })
}

fn machine_paths(source: &Source) -> Vec<String> {
    if MAY_NAME_HOMES.iter().any(|(path, _)| *path == source.path) {
        return Vec::new();
    }
    lines_with(source, |line| {
        let home = HOMES.iter().find(|home| {
            // The folder itself, not the end of an address such as example.vn/home/.
            line.match_indices(**home).any(|(at, _)| {
                let before = line.get(..at).and_then(|text| text.chars().next_back());
                !before.is_some_and(|letter| letter.is_alphanumeric() || letter == '.')
            })
        })?;
        Some(format!("a path of somebody's machine: {home}"))
    })
}

fn contents(source: &Source) -> Vec<String> {
    if !source.path.ends_with("/lib.rs") {
        return Vec::new();
    }
    lines_with(source, |line| {
        // `const` alone is a name for a value, which a table of contents may have.
        let before = ["pub", "pub(crate)", "const", "async", "unsafe"];
        let mut words = line.split([' ', '<', '(']).filter(|word| !word.is_empty());
        let first = words.find(|word| !before.contains(word) && *word != "crate)")?;
        LOGIC
            .contains(&first)
            .then(|| format!("lib.rs is a table of contents; `{first}` belongs in a module"))
    })
}

fn lines_with(source: &Source, judge: impl Fn(&str) -> Option<String>) -> Vec<String> {
    let lines = source.text.lines().zip(1..);
    lines
        .filter_map(|(line, number)| Some(format!("{}:{number}: {}", source.path, judge(line)?)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn source(path: &str, text: &str) -> Source {
        Source {
            path: path.to_owned(),
            text: text.to_owned(),
        }
    }

    #[test]
    fn a_file_may_have_700_lines_and_not_one_more() {
        assert!(check(&[source("a.rs", &"//\n".repeat(700))]).is_empty());
        assert_eq!(check(&[source("a.rs", &"//\n".repeat(701))]).len(), 1);
    }

    #[test]
    fn a_table_of_contents_holds_no_logic() {
        let good = "//! Words.\nmod fold;\npub use fold::fold;\npub const BASE: &str = \"/v1\";\n";
        assert!(check(&[source("x/src/lib.rs", good)]).is_empty());
        for bad in [
            "pub(crate) fn a() {}",
            "pub const fn a() {}",
            "impl A {}",
            "pub struct A;",
        ] {
            assert_eq!(check(&[source("x/src/lib.rs", bad)]).len(), 1, "{bad}");
        }
        assert!(check(&[source("x/src/fold.rs", "fn a() {}")]).is_empty());
    }

    #[test]
    fn a_path_of_somebodys_machine_is_found_and_an_address_is_not() {
        let path = format!("open(\"{}linh/a.pdf\")", HOMES[0]);
        assert_eq!(check(&[source("a.ts", &path)]).len(), 1);
        let address = format!("https://example.vn{}", HOMES[0]);
        assert!(check(&[source("a.ts", &address)]).is_empty());
    }

    #[test]
    fn work_that_was_left_is_found() {
        let left = format!("fn a() {{ {}) }}", concat!("to", "do!("));
        assert_eq!(check(&[source("a.rs", &left)]).len(), 1);
    }
}
