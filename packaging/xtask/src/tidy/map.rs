//! Reads the map of ARCHITECTURE.md: what a crate may use is written once, there.

/// A row of the map.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Row {
    /// Name of the crate.
    pub(super) name: String,
    /// The crates it may use, without `congvan-`; `model` is meant everywhere.
    pub(super) may_use: Vec<String>,
}

/// The rows of the table whose head begins with `crate`.
pub(super) fn parse(page: &str) -> Vec<Row> {
    page.lines()
        .skip_while(|line| !line.starts_with("| crate |"))
        .skip(2)
        .take_while(|line| line.starts_with('|'))
        .filter_map(|line| {
            // What a crate is may hold a bar within code, so the last column is counted from the end.
            let mut columns = line.trim_matches('|').split('|');
            let name = columns.next()?.split('`').nth(1)?;
            let may_use = columns.next_back()?;
            let may_use = may_use.split(',').map(|name| name.trim().to_owned());
            let may_use = may_use
                .filter(|name| !name.is_empty() && name != "nothing")
                .collect();
            Some(Row {
                name: name.to_owned(),
                may_use,
            })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_map_is_read_row_by_row() {
        let page = "words\n| crate | what | may use |\n|---|---|---|\n\
                    | `congvan` (here) | shell | core, ipc |\n\
                    | `congvan-worker-bin` | `a\\|b` | worker |\n\
                    | `congvan-model` | words | nothing |\n\nmore | words |\n";
        let rows = parse(page);
        let names: Vec<&str> = rows.iter().map(|row| row.name.as_str()).collect();
        assert_eq!(names, ["congvan", "congvan-worker-bin", "congvan-model"]);
        let used: Vec<usize> = rows.iter().map(|row| row.may_use.len()).collect();
        assert_eq!(used, [2, 1, 0]);
    }
}
