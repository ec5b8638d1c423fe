//! Dossiers as rows, and as one account may see them.

use congvan_model::{AccountId, DossierId};
use congvan_protocol::{
    ChangeKind, EntityType,
    dossier::Dossier,
    handling::{Actor, OfficePerson},
};
use rusqlite::{OptionalExtension as _, Transaction, params};

use crate::{accounts, error::Result, feed::Touch, mutant::Mutant};

/// A dossier with its `rev`.
pub(crate) fn load(tx: &Transaction<'_>, id: DossierId) -> Result<Option<(Dossier, u64)>> {
    let found: Option<(String, u64)> = tx
        .prepare_cached("SELECT body, rev FROM dossier WHERE id = ?1")?
        .query_row([id.0.as_bytes()], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    Ok(match found {
        Some((body, rev)) => Some((serde_json::from_str(&body)?, rev)),
        None => None,
    })
}

/// The dossier as that account sees it.
pub(crate) fn of(
    tx: &Transaction<'_>,
    id: DossierId,
    account: AccountId,
) -> Result<Option<Dossier>> {
    let Some((mut dossier, _)) = load(tx, id)? else {
        return Ok(None);
    };
    let person = accounts::info(tx, account)?;
    let actor = Actor {
        account,
        full_name: &person.full_name,
        posts: &person.posts,
    };
    dossier.inside = dossier.is_seen_by(&actor);
    if !dossier.inside {
        dossier.hide_inside();
    }
    Ok(Some(dossier))
}

/// Writes a dossier down; the answer is its new `rev`.
pub(crate) fn save(tx: &Transaction<'_>, dossier: &Dossier, rev: u64) -> Result<u64> {
    let fields = &dossier.fields;
    let rev = rev + 1;
    tx.execute(
        "INSERT INTO dossier(id, agency, year, number, code, large, rev, body)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
         ON CONFLICT(id) DO UPDATE SET number = excluded.number, code = excluded.code,
           large = excluded.large, rev = excluded.rev, body = excluded.body",
        params![
            dossier.id.0.as_bytes(),
            dossier.agency.code,
            fields.year,
            fields.number.unwrap_or(0),
            fields.code,
            fields.large,
            rev,
            serde_json::to_string(dossier)?
        ],
    )?;
    Ok(rev)
}

/// Takes a dossier out of the list.
pub(crate) fn strike(tx: &Transaction<'_>, id: DossierId) -> Result<()> {
    tx.execute("DELETE FROM dossier WHERE id = ?1", [id.0.as_bytes()])?;
    Ok(())
}

/// The next number of a list: over the whole of it, or under each large heading.
pub(crate) fn next_number(
    tx: &Transaction<'_>,
    dossier: &Dossier,
    (per_heading, mutant): (bool, Option<Mutant>),
) -> Result<u16> {
    let fields = &dossier.fields;
    let last: u16 = tx
        .prepare_cached(
            "SELECT coalesce(max(number), 0) FROM dossier WHERE agency = ?1 AND year = ?2
               AND (?3 = 0 OR large = ?4)",
        )?
        .query_row(
            params![dossier.agency.code, fields.year, per_heading, fields.large],
            |row| row.get(0),
        )?;
    if mutant == Some(Mutant::RepeatsDossierNumbers) {
        return Ok(last.max(1));
    }
    Ok(last.saturating_add(1))
}

/// Whether another dossier of the list has this symbol.
pub(crate) fn is_taken(tx: &Transaction<'_>, dossier: &Dossier) -> Result<bool> {
    let fields = &dossier.fields;
    Ok(tx
        .prepare_cached(
            "SELECT 1 FROM dossier WHERE agency = ?1 AND year = ?2 AND number = ?3 AND code = ?4
               AND id <> ?5",
        )?
        .exists(params![
            dossier.agency.code,
            fields.year,
            fields.number,
            fields.code,
            dossier.id.0.as_bytes()
        ])?)
}

/// Its feed rows: for everyone of the agency, or for who sees inside only.
pub(crate) fn touch(
    dossier: &Dossier,
    people: &[OfficePerson],
    (rev, change): (u64, ChangeKind),
    inside_only: bool,
) -> Vec<Touch> {
    let sees = |person: &&OfficePerson| {
        let posts = accounts::posts_of(person);
        let actor = Actor {
            account: person.account,
            full_name: &person.full_name,
            posts: &posts,
        };
        !inside_only || dossier.is_seen_by(&actor)
    };
    let touch = |person: &OfficePerson| Touch {
        account: person.account,
        entity: EntityType::Dossier,
        id: dossier.id.0,
        change,
        rev,
        prio: 0,
    };
    people.iter().filter(sees).map(touch).collect()
}
