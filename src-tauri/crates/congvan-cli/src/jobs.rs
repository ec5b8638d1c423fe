use std::{
    collections::HashSet,
    io::Read as _,
    path::{Path, PathBuf},
};

use crate::{
    arguments::FileOptions,
    fault::{Fault, Result},
    words::Code,
};

/// One file to work on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Job {
    pub(crate) input: PathBuf,
    pub(crate) output: PathBuf,
}

/// The pairs that the command line names, in its order.
pub(crate) fn jobs(options: &FileOptions) -> Result<Vec<Job>> {
    let jobs = match (&options.out_dir, &options.list, options.files.as_slice()) {
        (Some(folder), _, files) if !files.is_empty() => files
            .iter()
            .map(|input| {
                let name = input
                    .file_name()
                    .ok_or_else(|| wrong(&format!("{} ?", input.display())))?;
                Ok(Job {
                    input: input.clone(),
                    output: folder.join(name),
                })
            })
            .collect::<Result<Vec<_>>>()?,
        (None, Some(list), _) => listed(list)?,
        (None, None, [input, output]) => vec![Job {
            input: input.clone(),
            output: output.clone(),
        }],
        (_, _, _) => return Err(wrong("VÀO RA | --out-dir DIR VÀO... | --list")),
    };
    if let Some(folder) = &options.out_dir {
        std::fs::create_dir_all(folder).map_err(|error| Fault::writing(&error, folder))?;
    }
    let mut outputs = HashSet::new();
    if let Some(twice) = jobs.iter().find(|job| !outputs.insert(&job.output)) {
        return Err(wrong(&format!("{} ×2", twice.output.display())));
    }
    Ok(jobs)
}

fn wrong(detail: &str) -> Fault {
    Fault::new(Code::Arguments)
        .with("detail", detail)
        .with("command", "")
}

/// A list with a pair in each line; lines that are empty or begin with # do not count.
fn listed(list: &Path) -> Result<Vec<Job>> {
    let mut text = String::new();
    let read = if list == Path::new("-") {
        std::io::stdin().read_to_string(&mut text)
    } else {
        std::fs::File::open(list).and_then(|mut file| file.read_to_string(&mut text))
    };
    read.map_err(|error| Fault::reading(&error, list))?;
    let lines = text.lines().zip(1..);
    lines
        .filter(|(line, _)| !line.trim().is_empty() && !line.starts_with('#'))
        .map(|(line, number)| {
            let (input, output) = line
                .split_once('\t')
                .filter(|(input, output)| !input.is_empty() && !output.is_empty())
                .ok_or_else(|| wrong(&format!("{}:{number}", list.display())))?;
            Ok(Job {
                input: input.into(),
                output: output.into(),
            })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn options(files: &[&str]) -> FileOptions {
        FileOptions {
            out_dir: None,
            list: None,
            overwrite: false,
            no_sync: false,
            files: files.iter().map(PathBuf::from).collect(),
        }
    }

    #[test]
    fn two_files_are_a_pair_and_more_need_a_folder() {
        assert_eq!(jobs(&options(&["a", "b"])).unwrap().len(), 1);
        for files in [&["a"][..], &["a", "b", "c"], &[]] {
            assert_eq!(jobs(&options(files)).unwrap_err().code, Code::Arguments);
        }
        let folder = tempfile::tempdir().unwrap();
        let into = FileOptions {
            out_dir: Some(folder.path().join("new")),
            ..options(&["x/a", "y/b"])
        };
        let found = jobs(&into).unwrap();
        assert_eq!(found[1].output, folder.path().join("new/b"));
        let clash = FileOptions {
            out_dir: Some(folder.path().to_path_buf()),
            ..options(&["x/a", "y/a"])
        };
        assert_eq!(jobs(&clash).unwrap_err().code, Code::Arguments);
    }

    #[test]
    fn a_list_has_a_pair_in_each_line() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("list");
        std::fs::write(&path, "# số đi\na b.pdf\tc d.pdf\n\ne\tf\n").unwrap();
        let listed = FileOptions {
            list: Some(path.clone()),
            ..options(&[])
        };
        let found = jobs(&listed).unwrap();
        assert_eq!(found.len(), 2);
        assert_eq!(found[0].input, Path::new("a b.pdf"));
        std::fs::write(&path, "a b\n").unwrap();
        assert_eq!(jobs(&listed).unwrap_err().code, Code::Arguments);
    }
}
