//! The directory of agencies: pages of it come in like the feed, with a cursor of its own, and it is
//! searched by words, beginnings and codes without being held in memory.

mod find;

use congvan_model::{AgencyId, spelled_out};
use congvan_protocol::{Agency, AgencyPage};
use rusqlite::{Connection, OptionalExtension as _, Transaction, params};

use crate::{
    Store,
    error::{Result, StoreError},
};

pub use find::{AgencyWish, ListedAgency};
pub(crate) use find::{called, of_day};

const CURSOR: &str = "agencies.cursor";

impl Store {
    /// Where this desk stands in the directory; none before the first page.
    ///
    /// # Errors
    /// Disk errors.
    pub fn agencies_cursor(&self) -> Result<Option<String>> {
        Ok(self.setting(CURSOR)?.filter(|cursor| !cursor.is_empty()))
    }

    /// Takes in a page with its cursor, all of it or nothing. `false` when the page is not for where
    /// this desk stands (`sent` is the cursor that it was asked with); then nothing changed.
    ///
    /// # Errors
    /// Disk errors.
    pub fn apply_agencies(&self, sent: Option<&str>, page: &AgencyPage) -> Result<bool> {
        self.write(|tx| {
            let cursor: Option<String> = tx
                .prepare_cached("SELECT value FROM setting WHERE name = ?1")?
                .query_row([CURSOR], |row| row.get(0))
                .optional()?;
            if cursor.as_deref().unwrap_or_default() != sent.unwrap_or_default() {
                return Ok(false);
            }
            for agency in &page.agencies {
                put(tx, agency)?;
            }
            for id in &page.removed {
                forget(tx, *id)?;
                tx.prepare_cached("DELETE FROM agency WHERE id = ?1")?
                    .execute([id.0])?;
            }
            set_cursor(tx, &page.cursor)?;
            Ok(true)
        })
    }

    /// The server has begun a new history: the directory is asked for from its beginning. What is here
    /// stays, and only tombstones take any of it away.
    ///
    /// # Errors
    /// Disk errors.
    pub fn restart_agencies(&self) -> Result<()> {
        self.write(|tx| set_cursor(tx, ""))
    }

    /// The whole directory, for whoever compares with all of it: half a second and 40 MB at 120,000.
    ///
    /// # Errors
    /// Disk errors.
    pub fn agencies_all(&self) -> Result<Vec<Agency>> {
        self.read(|db| {
            let mut query = db.prepare("SELECT body FROM agency ORDER BY id")?;
            let mut rows = query.query([])?;
            let mut all = Vec::new();
            while let Some(row) = rows.next()? {
                all.push(serde_json::from_str(
                    row.get_ref(0)?.as_str().map_err(unread)?,
                )?);
            }
            Ok(all)
        })
    }
}

fn unread(_: rusqlite::types::FromSqlError) -> StoreError {
    StoreError::Corrupt { what: "agency" }
}

fn set_cursor(tx: &Transaction<'_>, cursor: &str) -> Result<()> {
    tx.prepare_cached(
        "INSERT INTO setting(name, value) VALUES (?1, ?2)
         ON CONFLICT(name) DO UPDATE SET value = excluded.value",
    )?
    .execute(params![CURSOR, cursor])?;
    Ok(())
}

/// An agency as it stands here.
pub(crate) fn get(db: &Connection, id: AgencyId) -> Result<Option<Agency>> {
    let body: Option<String> = db
        .prepare_cached("SELECT body FROM agency WHERE id = ?1")?
        .query_row([id.0], |row| row.get(0))
        .optional()?;
    Ok(body.map(|body| serde_json::from_str(&body)).transpose()?)
}

fn put(tx: &Transaction<'_>, agency: &Agency) -> Result<()> {
    let before = get(tx, agency.id)?;
    if before.as_ref() == Some(agency) {
        return Ok(());
    }
    forget(tx, agency.id)?;
    tx.prepare_cached(
        "INSERT INTO agency(id, parent, name_key, valid_to, body) VALUES (?1, ?2, ?3, ?4, ?5)
         ON CONFLICT(id) DO UPDATE SET parent = excluded.parent, name_key = excluded.name_key,
           valid_to = excluded.valid_to, body = excluded.body",
    )?
    .execute(params![
        agency.id.0,
        agency.parent.map(|parent| parent.0),
        spelled_out(&agency.name),
        agency.valid_to.map(|day| day.to_string()),
        serde_json::to_string(agency)?,
    ])?;
    let mut code =
        tx.prepare_cached("INSERT OR IGNORE INTO agency_code(code, agency) VALUES (?1, ?2)")?;
    for one in std::iter::once(&agency.code).chain(&agency.former_codes) {
        if !one.is_empty() {
            code.execute(params![one, agency.id.0])?;
        }
    }
    index(tx, agency)?;
    // Those below are found by its name too; a parent may come after them.
    if before.is_none_or(|before| before.name != agency.name) {
        let mut below = tx.prepare_cached("SELECT body FROM agency WHERE parent = ?1")?;
        let mut rows = below.query([agency.id.0])?;
        while let Some(row) = rows.next()? {
            let child: Agency = serde_json::from_str(row.get_ref(0)?.as_str().map_err(unread)?)?;
            unindex(tx, child.id)?;
            index(tx, &child)?;
        }
    }
    Ok(())
}

/// Takes an agency out of what it is found by.
fn forget(tx: &Transaction<'_>, id: AgencyId) -> Result<()> {
    tx.prepare_cached("DELETE FROM agency_code WHERE agency = ?1")?
        .execute([id.0])?;
    unindex(tx, id)
}

fn unindex(tx: &Transaction<'_>, id: AgencyId) -> Result<()> {
    tx.prepare_cached("DELETE FROM search_agency WHERE rowid = ?1")?
        .execute([id.0])?;
    Ok(())
}

fn index(tx: &Transaction<'_>, agency: &Agency) -> Result<()> {
    let mut text = agency.name.clone();
    let others = agency.aliases.iter().chain(agency.symbol.as_ref());
    let codes = std::iter::once(&agency.code).chain(&agency.former_codes);
    for other in others.chain(codes) {
        text.push(' ');
        text.push_str(other);
    }
    if let Some(parent) = agency.parent
        && let Some(parent) = get(tx, parent)?
    {
        text.push(' ');
        text.push_str(&parent.name);
    }
    let written = congvan_model::fold(&text);
    // What is abbreviated is found written out, and the other way round.
    let mut words = spelled_out(&text);
    words.push(' ');
    words.push_str(&written);
    for (long, short) in [("uy ban nhan dan", "ubnd"), ("hoi dong nhan dan", "hdnd")] {
        if words.contains(long) {
            words.push(' ');
            words.push_str(short);
        }
    }
    tx.prepare_cached("INSERT INTO search_agency(rowid, words) VALUES (?1, ?2)")?
        .execute(params![agency.id.0, words])?;
    Ok(())
}
