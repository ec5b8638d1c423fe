use std::{
    fs,
    path::{Path, PathBuf},
};

use congvan_pkcs11_shim::file_name;

/// The token as the shim plays it: pulled and plugged in, with the tries that it has left.
pub(crate) struct Card {
    state: PathBuf,
}

impl Card {
    pub(crate) fn new(state: &Path) -> anyhow::Result<Self> {
        fs::create_dir_all(state)?;
        Ok(Self {
            state: state.to_owned(),
        })
    }

    pub(crate) fn set_tries(&self, left: u32) -> anyhow::Result<()> {
        Ok(fs::write(
            self.state.join(file_name::TRIES),
            left.to_string(),
        )?)
    }

    /// It is pulled during the n-th signature from now on.
    pub(crate) fn pull_at_signature(&self, n: usize) -> anyhow::Result<()> {
        let calls = fs::read_to_string(self.state.join(file_name::CALLS)).unwrap_or_default();
        let made = calls.lines().filter(|call| *call == "C_Sign").count();
        let rule = format!("C_Sign {} unplug\n", made + n);
        Ok(fs::write(self.state.join(file_name::FAULTS), rule)?)
    }

    /// It is plugged in and works.
    pub(crate) fn plug(&self) -> anyhow::Result<()> {
        for file in [file_name::UNPLUGGED, file_name::FAULTS] {
            match fs::remove_file(self.state.join(file)) {
                Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                    return Err(error.into());
                }
                Ok(()) | Err(_) => {}
            }
        }
        Ok(())
    }
}
