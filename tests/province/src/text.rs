//! How our enums and ids stand in columns.

use congvan_model::Sha256;
use rusqlite::Row;
use serde::{Serialize, de::DeserializeOwned};
use uuid::Uuid;

use crate::{ProvinceError, error::Result};

/// The word of a variant, as on the wire.
pub(crate) fn word<T: Serialize>(value: &T) -> Result<String> {
    match serde_json::to_value(value)? {
        serde_json::Value::String(text) => Ok(text),
        other => Ok(other.to_string()),
    }
}

/// The variant of a word.
pub(crate) fn parse<T: DeserializeOwned>(what: &'static str, text: &str) -> Result<T> {
    serde_json::from_value(serde_json::Value::String(text.to_owned()))
        .map_err(|_| ProvinceError::Stored(what))
}

/// A UUID column.
pub(crate) fn uuid(row: &Row<'_>, column: &str) -> rusqlite::Result<Uuid> {
    let bytes: [u8; 16] = row.get(column)?;
    Ok(Uuid::from_bytes(bytes))
}

/// A hash column.
pub(crate) fn hash(row: &Row<'_>, column: &str) -> rusqlite::Result<Sha256> {
    Ok(Sha256(row.get(column)?))
}
