//! Posts for a time: given and ended by who manages a unit, begun and ended by the server's clock.

use congvan_model::{AccountId, Role, Timestamp, nfc};
use congvan_protocol::{NewPost, Post, ProblemCode, may_give_post};
use rusqlite::{OptionalExtension as _, Transaction, params};

use crate::{
    accounts, books,
    error::Result,
    feed,
    office::Office,
    text::{parse, word},
};

/// One post of an account: there is one of a role in a unit.
pub(crate) struct Place<'a> {
    pub(crate) account: AccountId,
    pub(crate) unit: &'a str,
    pub(crate) role: Role,
}

/// Gives a post for a time, or another time or title to one that was given so. Said again it is
/// answered the same.
pub(crate) fn give(
    office: &Office,
    caller: AccountId,
    place: &Place<'_>,
    new: &NewPost,
) -> Result<std::result::Result<Post, ProblemCode>> {
    let now = office.now();
    office.db.write(|tx| {
        if !may_give(tx, caller, place, now)? {
            return Ok(Err(ProblemCode::Forbidden));
        }
        let is_unit: bool = tx
            .prepare_cached("SELECT 1 FROM post WHERE agency_code = ?1")?
            .exists([place.unit])?;
        let is_lasting = tx
            .prepare_cached(
                "SELECT 1 FROM post WHERE account = ?1 AND agency_code = ?2 AND role = ?3
                   AND NOT EXISTS (SELECT 1 FROM term t WHERE t.account = ?1
                     AND t.agency_code = ?2 AND t.role = ?3)",
            )?
            .exists(params![place.account.0, place.unit, word(&place.role)?])?;
        // What a person holds for good is not made to end here.
        if !is_unit || is_lasting || !is_beside(tx, caller, place)? || new.check(now).is_err() {
            return Ok(Err(ProblemCode::InvalidRequest));
        }
        let post = Post {
            role: place.role,
            title: nfc(new.title.trim()),
            agency: accounts::agency(tx, place.unit)?,
            since: Some(new.since),
            until: new.until,
        };
        set(tx, place.account, &post, now)?;
        feed::nudge(tx, &[place.account, caller])?;
        Ok(Ok(post))
    })
}

/// Ends a post that was given for a time, now. Said again it is answered the same.
pub(crate) fn end(
    office: &Office,
    caller: AccountId,
    place: &Place<'_>,
) -> Result<std::result::Result<(), ProblemCode>> {
    let now = office.now();
    office.db.write(|tx| {
        if !may_give(tx, caller, place, now)? {
            return Ok(Err(ProblemCode::Forbidden));
        }
        tx.execute(
            "UPDATE term SET until = ?4
             WHERE account = ?1 AND agency_code = ?2 AND role = ?3",
            params![place.account.0, place.unit, word(&place.role)?, now.0],
        )?;
        turn(tx, now)?;
        feed::nudge(tx, &[place.account, caller])?;
        Ok(Ok(()))
    })
}

fn may_give(
    tx: &Transaction<'_>,
    caller: AccountId,
    place: &Place<'_>,
    now: Timestamp,
) -> Result<bool> {
    let own = accounts::info(tx, caller)?.posts;
    let asked = (place.account, place.unit, place.role);
    Ok(may_give_post((caller, &own), asked, now))
}

/// Whether who is named belongs to the caller's agency.
fn is_beside(tx: &Transaction<'_>, caller: AccountId, place: &Place<'_>) -> Result<bool> {
    let Some(registry) = books::registry(tx, caller)? else {
        return Ok(false);
    };
    let people = accounts::people(tx, &registry.agency)?;
    Ok(people.iter().any(|one| one.account == place.account))
}

/// Puts a post with its time down, and takes it up when that has come.
pub(crate) fn set(
    tx: &Transaction<'_>,
    account: AccountId,
    post: &Post,
    now: Timestamp,
) -> Result<()> {
    let role = word(&post.role)?;
    accounts::dismiss(tx, account, (&post.agency.code, post.role))?;
    tx.execute(
        "INSERT INTO term(account, agency_code, role, title, agency_name, since, until, held)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, 0)
         ON CONFLICT(account, agency_code, role) DO UPDATE SET title = excluded.title,
           since = excluded.since, until = excluded.until, held = 0",
        params![
            account.0,
            post.agency.code,
            role,
            post.title,
            post.agency.name,
            post.since.map(|at| at.0),
            post.until.map(|at| at.0)
        ],
    )?;
    turn(tx, now)
}

/// Takes up the posts that have begun and lays down those that have ended. Asked before every answer,
/// so that no request is judged by yesterday's posts.
pub(crate) fn turn_due(office: &Office) -> Result<()> {
    let now = office.now();
    let is_due = |tx: &Transaction<'_>| -> Result<bool> {
        Ok(tx
            .prepare_cached(&format!("SELECT 1 FROM term WHERE {BEGUN} OR {ENDED}"))?
            .exists([now.0])?)
    };
    // A request on any other day writes nothing.
    if !office.db.read(is_due)? {
        return Ok(());
    }
    office.db.write(|tx| turn(tx, now))
}

const BEGUN: &str = "(held = 0 AND coalesce(since, 0) <= ?1)";
const ENDED: &str = "(until <= ?1)";

fn turn(tx: &Transaction<'_>, now: Timestamp) -> Result<()> {
    while let Some((account, post, has_ended)) = next_due(tx, now)? {
        let key = (post.agency.code.as_str(), post.role);
        let facts = params![account.0, key.0, word(&key.1)?];
        if has_ended {
            accounts::dismiss(tx, account, key)?;
            tx.execute(
                "DELETE FROM term WHERE account = ?1 AND agency_code = ?2 AND role = ?3",
                facts,
            )?;
        } else {
            accounts::appoint(tx, account, &post)?;
            tx.execute(
                "UPDATE term SET held = 1
                 WHERE account = ?1 AND agency_code = ?2 AND role = ?3",
                facts,
            )?;
        }
        feed::nudge(tx, &[account])?;
    }
    Ok(())
}

/// The next post to be taken up or laid down.
fn next_due(tx: &Transaction<'_>, now: Timestamp) -> Result<Option<(AccountId, Post, bool)>> {
    let sql = format!(
        "SELECT account, role, title, agency_code, agency_name, {ENDED} FROM term
         WHERE {BEGUN} OR {ENDED} ORDER BY account, agency_code, role LIMIT 1"
    );
    let found = tx
        .prepare_cached(&sql)?
        .query_row([now.0], |row| {
            let role: String = row.get(1)?;
            let agency = congvan_protocol::AgencyInfo {
                code: row.get(3)?,
                name: row.get(4)?,
            };
            let has_ended: Option<bool> = row.get(5)?;
            Ok((row.get(0)?, role, row.get(2)?, (agency, has_ended)))
        })
        .optional()?;
    let Some((account, role, title, (agency, has_ended))) = found else {
        return Ok(None);
    };
    let post = Post {
        role: parse("role", &role)?,
        title,
        agency,
        since: None,
        until: None,
    };
    Ok(Some((AccountId(account), post, has_ended == Some(true))))
}
