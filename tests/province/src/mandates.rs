//! Who stands in a leader's place: given, revoked, looked up, and what its holder is shown.

use congvan_model::{AccountId, DocumentId, DocumentType, MandateId, Role, Timestamp, nfc};
use congvan_protocol::{
    Acting, Capacity, LeaderInfo, Mandate, MandateKind, NewMandate, NoCapacity, ProblemCode,
    handling::{Course, OfficePerson},
};
use rusqlite::{OptionalExtension as _, Transaction, params};

use crate::{
    accounts, books, course,
    error::Result,
    feed::{self, Touch},
    mutant::Mutant,
    office::Office,
    ops::{people_of, touch_document, touch_opinion},
    text::{parse, uuid},
};

/// Gives a mandate under the id that the giver's desk made. Said again it is answered the same.
pub(crate) fn give(
    office: &Office,
    caller: AccountId,
    id: MandateId,
    new: &NewMandate,
) -> Result<std::result::Result<Mandate, ProblemCode>> {
    let (now, mutant) = (office.now(), office.config.mutant);
    office.db.write(|tx| {
        if let Some(known) = load(tx, id)? {
            let is_same = known.giver.account == caller && says(&known, new);
            return Ok(if is_same {
                Ok(known)
            } else {
                Err(ProblemCode::Forbidden)
            });
        }
        let mandate = match drawn_up(tx, caller, (id, new), (now, mutant))? {
            Ok(mandate) => mandate,
            Err(code) => return Ok(Err(code)),
        };
        tx.execute(
            "INSERT INTO mandate(id, giver, holder, since, until, body)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            params![
                id.0.as_bytes(),
                caller.0,
                mandate.holder.account.0,
                mandate.since.0,
                mandate.until.0,
                serde_json::to_string(&mandate)?
            ],
        )?;
        feed::nudge(tx, &[caller, mandate.holder.account])?;
        Ok(Ok(mandate))
    })
}

/// Ends a mandate now; only its giver does. Said again it is answered the same.
pub(crate) fn revoke(
    office: &Office,
    caller: AccountId,
    id: MandateId,
) -> Result<std::result::Result<Mandate, ProblemCode>> {
    let now = office.now();
    office.db.write(|tx| {
        let Some(mut mandate) = load(tx, id)? else {
            return Ok(Err(ProblemCode::NotFound));
        };
        if mandate.giver.account != caller {
            let is_holder = mandate.holder.account == caller;
            return Ok(Err(if is_holder {
                ProblemCode::Forbidden
            } else {
                ProblemCode::NotFound
            }));
        }
        if mandate.revoked_at.is_none() {
            mandate.revoked_at = Some(now);
            tx.execute(
                "UPDATE mandate SET revoked_at = ?2 WHERE id = ?1",
                params![id.0.as_bytes(), now.0],
            )?;
            feed::nudge(tx, &[caller, mandate.holder.account])?;
        }
        Ok(Ok(mandate))
    })
}

/// What a leader asks for, as it will stand; or why it cannot.
fn drawn_up(
    tx: &Transaction<'_>,
    caller: AccountId,
    (id, new): (MandateId, &NewMandate),
    (now, mutant): (Timestamp, Option<Mutant>),
) -> Result<std::result::Result<Mandate, ProblemCode>> {
    let people = people_of(tx, caller)?;
    let agency = books::registry(tx, caller)?.map(|registry| registry.agency);
    let leaders = match &agency {
        Some(agency) => accounts::leaders(tx, agency)?,
        None => Vec::new(),
    };
    let leader = leaders.iter().find(|one| one.account == caller).cloned();
    // A server that does not look who asks takes anybody of the agency.
    let leader = leader.or_else(|| {
        let asks = |one: &&OfficePerson| one.account == caller;
        let person = people.iter().find(asks);
        let person = person.filter(|_| mutant == Some(Mutant::PassesMandatesOn))?;
        Some(LeaderInfo {
            account: caller,
            full_name: person.full_name.clone(),
            title: person.title.clone(),
        })
    });
    let (Some(leader), Some(agency)) = (leader, agency) else {
        // Who only acts in a leader's place does not pass that on.
        let holds = of(tx, caller, now)?
            .iter()
            .any(|one| one.holder.account == caller);
        return Ok(Err(if holds {
            ProblemCode::NoRedelegation
        } else {
            ProblemCode::Forbidden
        }));
    };
    let holder = people.iter().find(|one| one.account == new.holder);
    let is_leader = leaders.iter().any(|one| one.account == new.holder);
    let fits = match new.kind {
        MandateKind::Delegation => true,
        MandateKind::Absence => is_leader,
    };
    let holder = holder.filter(|one| fits && one.account != caller);
    let (Some(holder), Ok(())) = (holder, new.check(now)) else {
        return Ok(Err(ProblemCode::InvalidRequest));
    };
    Ok(Ok(Mandate {
        id,
        kind: new.kind,
        giver: OfficePerson {
            account: caller,
            full_name: leader.full_name,
            title: leader.title,
            role: Role::Leader,
            unit: accounts::agency(tx, &agency)?,
            further: Vec::new(),
        },
        holder: holder.clone(),
        direct: new.direct,
        sign: new.sign,
        kinds: new.kinds.clone(),
        since: new.since,
        until: new.until,
        reference: nfc(new.reference.trim()),
        revoked_at: None,
    }))
}

fn says(known: &Mandate, new: &NewMandate) -> bool {
    known.kind == new.kind
        && known.holder.account == new.holder
        && (known.direct, known.sign) == (new.direct, new.sign)
        && known.kinds == new.kinds
        && (known.since, known.until) == (new.since, new.until)
        && known.reference == nfc(new.reference.trim())
}

fn load(tx: &Transaction<'_>, id: MandateId) -> Result<Option<Mandate>> {
    let found: Option<(String, Option<i64>)> = tx
        .prepare_cached("SELECT body, revoked_at FROM mandate WHERE id = ?1")?
        .query_row([id.0.as_bytes()], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    found
        .map(|(body, revoked_at)| read(&body, revoked_at))
        .transpose()
}

fn read(body: &str, revoked_at: Option<i64>) -> Result<Mandate> {
    let mut mandate: Mandate = serde_json::from_str(body)?;
    mandate.revoked_at = revoked_at.map(Timestamp);
    Ok(mandate)
}

/// The mandates that an account has given or holds and that have not ended.
pub(crate) fn of(tx: &Transaction<'_>, account: AccountId, now: Timestamp) -> Result<Vec<Mandate>> {
    let mut statement = tx.prepare_cached(
        "SELECT body FROM mandate WHERE (giver = ?1 OR holder = ?1) AND until > ?2
           AND revoked_at IS NULL ORDER BY since, id",
    )?;
    let mut rows = statement.query(params![account.0, now.0])?;
    let mut mandates = Vec::new();
    while let Some(row) = rows.next()? {
        mandates.push(read(&row.get::<_, String>(0)?, None)?);
    }
    Ok(mandates)
}

/// Who an account is in a capacity.
pub(crate) fn acting(
    tx: &Transaction<'_>,
    account: AccountId,
    capacity: Option<&Capacity>,
    (now, mutant): (Timestamp, Option<Mutant>),
) -> Result<std::result::Result<Acting, NoCapacity>> {
    let person = accounts::info(tx, account)?;
    let held = match capacity {
        Some(Capacity::Mandate { mandate }) if mutant == Some(Mutant::OutlivesRevocation) => {
            let known = load(tx, *mandate)?.into_iter();
            known
                .map(|mandate| Mandate {
                    revoked_at: None,
                    ..mandate
                })
                .collect()
        }
        Some(Capacity::Mandate { .. }) => of(tx, account, now)?,
        Some(Capacity::Post { .. }) | None => Vec::new(),
    };
    Ok(Acting::resolve(&person, capacity, &held, now))
}

/// A document has come before a leader: who stands in that leader's place now sees it.
pub(crate) fn show(
    tx: &Transaction<'_>,
    document: DocumentId,
    course: &Course,
    now: Timestamp,
) -> Result<()> {
    let Some(director) = &course.handling.director else {
        return Ok(());
    };
    let given = of(tx, director.account, now)?;
    let mut in_force = given.iter().filter(|one| one.is_in_force(now)).peekable();
    if in_force.peek().is_none() {
        return Ok(());
    }
    let kind = kind_of(tx, document)?;
    for mandate in in_force.filter(|one| one.reaches(course, kind)) {
        let_in(tx, document, mandate.holder.account)?;
    }
    Ok(())
}

/// Mandates that have begun: their holder sees what lies before the giver. Done once each, when the
/// holder next asks for changes.
pub(crate) fn open_due(office: &Office, account: AccountId) -> Result<()> {
    let now = office.now();
    let due = |tx: &Transaction<'_>| -> Result<Vec<MandateId>> {
        let mut statement = tx.prepare_cached(
            "SELECT id FROM mandate WHERE holder = ?1 AND until > ?2 AND since <= ?2
               AND opened = 0 AND revoked_at IS NULL",
        )?;
        let rows = statement.query_map(params![account.0, now.0], |row| {
            Ok(MandateId(uuid(row, "id")?))
        })?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    };
    // An idle poll writes nothing.
    if office.db.read(due)?.is_empty() {
        return Ok(());
    }
    office.db.write(|tx| {
        for id in due(tx)? {
            if let Some(mandate) = load(tx, id)? {
                feed::append(tx, shown_by(tx, &mandate)?)?;
            }
            tx.execute(
                "UPDATE mandate SET opened = 1 WHERE id = ?1",
                [id.0.as_bytes()],
            )?;
        }
        Ok(())
    })
}

/// Lets the holder see what lies before the giver, with what was said on it.
fn shown_by(tx: &Transaction<'_>, mandate: &Mandate) -> Result<Vec<Touch>> {
    let mut statement = tx.prepare_cached(
        "SELECT d.id, d.rev FROM document d JOIN access a ON a.document = d.id
         WHERE a.account = ?1 AND d.recalled = 0 AND d.state IN
           ('presented', 'directed', 'in_progress', 'awaiting_signature')
         ORDER BY d.id",
    )?;
    let rows = statement.query_map([mandate.giver.account.0], |row| {
        Ok((DocumentId(uuid(row, "id")?), row.get::<_, u64>("rev")?))
    })?;
    let found: Vec<(DocumentId, u64)> = rows.collect::<rusqlite::Result<_>>()?;
    let mut touches = Vec::new();
    for (document, rev) in found {
        let Some(course) = course::load(tx, document)? else {
            continue;
        };
        if !mandate.reaches(&course, kind_of(tx, document)?) {
            continue;
        }
        let holder = mandate.holder.account;
        if !let_in(tx, document, holder)? {
            continue;
        }
        touches.extend(touch_document(tx, document, rev, &[holder])?);
        for id in course::opinions_of(tx, document)? {
            let all = touch_opinion(tx, document, id)?;
            touches.extend(all.into_iter().filter(|touch| touch.account == holder));
        }
    }
    Ok(touches)
}

/// Whether the account did not see it before.
fn let_in(tx: &Transaction<'_>, document: DocumentId, account: AccountId) -> Result<bool> {
    let inserted = tx
        .prepare_cached("INSERT OR IGNORE INTO access(document, account) VALUES (?1, ?2)")?
        .execute(params![document.0.as_bytes(), account.0])?;
    Ok(inserted > 0)
}

/// The kind of a document.
pub(crate) fn kind_of(tx: &Transaction<'_>, document: DocumentId) -> Result<DocumentType> {
    let word: String = tx
        .prepare_cached("SELECT kind FROM document WHERE id = ?1")?
        .query_row([document.0.as_bytes()], |row| row.get(0))?;
    parse("kind", &word)
}

/// What an account may be said to be: changes when its posts or mandates do. None for who has one post
/// and no mandate.
pub(crate) fn standing(
    tx: &Transaction<'_>,
    account: AccountId,
    now: Timestamp,
) -> Result<Option<String>> {
    let posts = accounts::info(tx, account)?.posts;
    let coming = accounts::coming(tx, account)?;
    let mandates = of(tx, account, now)?;
    if posts.len() == 1 && coming.is_empty() && mandates.is_empty() {
        return Ok(None);
    }
    let begun: Vec<bool> = mandates.iter().map(|one| one.is_in_force(now)).collect();
    let all = serde_json::to_vec(&(posts, coming, mandates, begun))?;
    let word = crate::keys::sha256(&all).to_hex();
    Ok(Some(word.chars().take(16).collect()))
}
