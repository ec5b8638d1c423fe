//! `recover`: the keyring is gone (a new profile, a new password), the data is not. The agency's
//! recovery key opens the wrap beside the database; the key goes back into the keyring of whoever
//! runs this.

use std::{fs, path::Path, process::ExitCode};

use congvan_store::{
    AccountKey, Home, KEYRING_SERVICE, KeyVault, KnownAccount, Store, StoreError, recover_key,
};
use serde::Serialize;

use crate::{
    arguments::RecoverOptions,
    clock, exit,
    fault::{Fault, Result},
    output::{self, Face},
    places,
    words::{Code, Language},
};

/// Bytes of a store's key.
const KEY: usize = 32;

#[derive(Serialize)]
struct Line {
    r#type: &'static str,
    user: String,
    server: String,
    /// Acts that the server lacks; all of them are there.
    unsent: u32,
    /// The key is in the keyring; else it was only tried.
    restored: bool,
}

/// Opens the store with the recovery key, and puts its key back unless it is only to be tried.
pub(crate) fn run(face: Face, options: &RecoverOptions) -> Result<ExitCode> {
    let data = match &options.data {
        Some(data) => data.clone(),
        None => places::data(),
    };
    // Opening a folder makes it; here it must be there.
    if !data.join("home.json").is_file() {
        return Err(Fault::at(Code::DataMissing, &data));
    }
    let home = Home::open(&data).map_err(stored)?;
    let known = chosen(&home, options)?;
    let folder = home.store_dir(&known);
    let key = key(options, &folder)?;
    // What opens the store is its key; nothing else proves it.
    let (store, _) = Store::open(&folder, &key, clock::now()).map_err(stored)?;
    let (unsent, _) = store.outbox_counts().map_err(stored)?;
    drop(store);
    if !options.check {
        let vault = KeyVault::system(KEYRING_SERVICE).map_err(stored)?;
        vault
            .restore_key(&known.vault_name(), &key)
            .map_err(stored)?;
    }
    let line = Line {
        r#type: "recovered",
        user: known.username,
        server: known.server,
        unsent,
        restored: !options.check,
    };
    if face.is_json {
        output::tell(&line);
    } else {
        output::say(&in_words(face.language, &line));
    }
    Ok(ExitCode::from(exit::DONE))
}

fn in_words(language: Language, line: &Line) -> String {
    let Line { user, unsent, .. } = line;
    match (language, line.restored) {
        (Language::Vi, true) => format!(
            "Đã đưa khoá dữ liệu của {user} vào kho khoá của máy. Còn nguyên {unsent} việc chưa \
             gửi.\nMở Công Văn và đăng nhập như thường lệ; xoá tệp khoá khôi phục khỏi máy này."
        ),
        (Language::Vi, false) => format!(
            "Khoá khôi phục mở được dữ liệu của {user}. Còn nguyên {unsent} việc chưa gửi. Chưa \
             thay đổi gì; bỏ --check để đưa khoá vào kho khoá của máy."
        ),
        (Language::En, true) => format!(
            "The key of {user} is in this computer's keyring again. {unsent} unsent acts are \
             there.\nOpen Công Văn and log in as always; delete the recovery key from here."
        ),
        (Language::En, false) => format!(
            "The recovery key opens the data of {user}. {unsent} unsent acts are there. Nothing \
             was changed; leave --check out to put the key into the keyring."
        ),
    }
}

/// The one account of that name that was used here.
fn chosen(home: &Home, options: &RecoverOptions) -> Result<KnownAccount> {
    let wanted = options.user.trim().to_lowercase();
    let all = home.accounts();
    let is_server = |known: &&KnownAccount| {
        let server = options.server.as_ref();
        server.is_none_or(|server| known.server == server.trim_end_matches('/'))
    };
    let mut found = all
        .iter()
        .filter(|known| known.username == wanted)
        .filter(is_server);
    match (found.next(), found.next()) {
        (Some(known), None) => Ok(known.clone()),
        (Some(one), Some(other)) => Err(Fault::new(Code::Arguments)
            .with(
                "detail",
                format!("--server {} | {}", one.server, other.server),
            )
            .with("command", "recover")),
        (None, _) => {
            let names: Vec<&str> = all.iter().map(|known| known.username.as_str()).collect();
            Err(Fault::new(Code::AccountUnknown)
                .with("user", wanted)
                .with("known", names.join(", ")))
        }
    }
}

fn key(options: &RecoverOptions, folder: &Path) -> Result<AccountKey> {
    if let Some(path) = &options.unwrapped {
        let bytes = fs::read(path).map_err(|error| Fault::reading(&error, path))?;
        let bytes: [u8; KEY] = bytes
            .try_into()
            .map_err(|_| Fault::new(Code::RecoveryFailed).with("detail", "32 byte"))?;
        return Ok(AccountKey::from_bytes(bytes));
    }
    let path = options.key.as_deref().unwrap_or(Path::new(""));
    let pem = fs::read_to_string(path).map_err(|error| Fault::reading(&error, path))?;
    recover_key(folder, &pem).map_err(stored)
}

fn stored(error: StoreError) -> Fault {
    let code = match &error {
        StoreError::InUse => Code::StoreInUse,
        StoreError::KeyWrong => Code::StoreKeyWrong,
        StoreError::KeyringUnavailable { .. } => Code::KeyringUnavailable,
        StoreError::Recovery { .. } => Code::RecoveryFailed,
        StoreError::NewerSchema { .. } => Code::StoreNewer,
        // The store's own words name what the disk did; each is rare and none is the person's.
        StoreError::Full
        | StoreError::ReadOnly
        | StoreError::Locked
        | StoreError::Corrupt { .. }
        | StoreError::SqliteTooOld { .. }
        | StoreError::NotEncrypted
        | StoreError::NoDocument { .. }
        | StoreError::NoIntent { .. }
        | StoreError::BlobMissing { .. }
        | StoreError::BlobMismatch { .. }
        | StoreError::BlobCorrupt { .. }
        | StoreError::NoNumber { .. }
        | StoreError::AlreadySent
        | StoreError::ReasonMissing
        | StoreError::Scan { .. }
        | StoreError::Courier { .. }
        | StoreError::KeyLost
        | StoreError::Invalid { .. }
        | StoreError::Io(_)
        | StoreError::Sql(_)
        | StoreError::GroupTaken
        | StoreError::Encoding(_) => Code::StoreFailed,
    };
    Fault::new(code).with("detail", error)
}
