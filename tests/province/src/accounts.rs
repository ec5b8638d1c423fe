//! Accounts, their posts, and the certificates that may sign for them.

use argon2::{
    Argon2, PasswordHash, PasswordHasher as _, PasswordVerifier as _, password_hash::SaltString,
};
use congvan_model::{AccountId, Role, Sha256, Timestamp};
use congvan_protocol::{
    AccountInfo, AgencyInfo, LeaderInfo, Post, SignerBinding, handling::OfficePerson,
};
use congvan_testkit::Person;
use rusqlite::{OptionalExtension as _, Row, Rows, Transaction, params};
use x509_cert::{Certificate, der::Decode as _};

use crate::{
    ProvinceError,
    error::Result,
    keys::{random, sha256},
    text::{hash, parse, word},
};

/// Argon2id in PHC form, with the parameters that RFC 9106 gives for memory-poor machines.
pub(crate) fn hash_password(password: &str) -> Result<String> {
    let salt = SaltString::encode_b64(&random::<16>()?)
        .map_err(|_| ProvinceError::Key("password salt"))?;
    Argon2::default()
        .hash_password(password.as_bytes(), &salt)
        .map(|hash| hash.to_string())
        .map_err(|_| ProvinceError::Key("password hash"))
}

/// Whether the password belongs to the hash.
pub(crate) fn password_matches(password: &str, stored: &str) -> bool {
    PasswordHash::new(stored).is_ok_and(|hash| {
        Argon2::default()
            .verify_password(password.as_bytes(), &hash)
            .is_ok()
    })
}

pub(crate) fn insert(tx: &Transaction<'_>, person: &Person) -> Result<AccountId> {
    let id: i64 = tx.query_row(
        "INSERT INTO account(username, password_hash, full_name) VALUES (?1, ?2, ?3) RETURNING id",
        params![
            person.username,
            hash_password(person.password)?,
            person.full_name
        ],
        |row| row.get(0),
    )?;
    tx.execute(
        "INSERT INTO post(account, ordinal, role, title, agency_code, agency_name)
         VALUES (?1, 1, ?2, ?3, ?4, ?5)",
        params![
            id,
            word(&person.role)?,
            person.title,
            person.unit_code,
            person.unit_name
        ],
    )?;
    tx.execute("INSERT INTO feed_head(account, head) VALUES (?1, 0)", [id])?;
    Ok(AccountId(id))
}

/// Account and password hash of a name.
pub(crate) fn by_name(tx: &Transaction<'_>, username: &str) -> Result<Option<(AccountId, String)>> {
    Ok(tx
        .query_row(
            "SELECT id, password_hash FROM account WHERE username = ?1",
            [username],
            |row| Ok((AccountId(row.get(0)?), row.get(1)?)),
        )
        .optional()?)
}

pub(crate) fn info(tx: &Transaction<'_>, account: AccountId) -> Result<AccountInfo> {
    let (username, full_name) = tx.query_row(
        "SELECT username, full_name FROM account WHERE id = ?1",
        [account.0],
        |row| Ok((row.get(0)?, row.get(1)?)),
    )?;
    Ok(AccountInfo {
        id: account,
        username,
        full_name,
        posts: posts(tx, account)?,
    })
}

fn posts(tx: &Transaction<'_>, account: AccountId) -> Result<Vec<Post>> {
    let mut statement = tx.prepare_cached(
        "SELECT p.role, p.title, p.agency_code, p.agency_name, t.since, t.until
         FROM post p LEFT JOIN term t ON t.held = 1 AND t.account = p.account
           AND t.agency_code = p.agency_code AND t.role = p.role
         WHERE p.account = ?1 ORDER BY p.ordinal",
    )?;
    read_posts(statement.query([account.0])?)
}

/// The posts of an account that have not begun.
pub(crate) fn coming(tx: &Transaction<'_>, account: AccountId) -> Result<Vec<Post>> {
    let mut statement = tx.prepare_cached(
        "SELECT role, title, agency_code, agency_name, since, until FROM term
         WHERE account = ?1 AND held = 0 ORDER BY since, agency_code, role",
    )?;
    read_posts(statement.query([account.0])?)
}

fn read_posts(mut rows: Rows<'_>) -> Result<Vec<Post>> {
    let mut posts = Vec::new();
    while let Some(row) = rows.next()? {
        posts.push(read_post(row, 0)?);
    }
    Ok(posts)
}

/// A post out of six columns, the first of them at `at`.
fn read_post(row: &Row<'_>, at: usize) -> Result<Post> {
    Ok(Post {
        role: parse("role", &row.get::<_, String>(at)?)?,
        title: row.get(at + 1)?,
        agency: AgencyInfo {
            code: row.get(at + 2)?,
            name: row.get(at + 3)?,
        },
        since: row.get::<_, Option<i64>>(at + 4)?.map(Timestamp),
        until: row.get::<_, Option<i64>>(at + 5)?.map(Timestamp),
    })
}

/// Code and name of an agency, as its people's posts call it; its code where nobody has a post in it.
pub(crate) fn agency(tx: &Transaction<'_>, code: &str) -> Result<AgencyInfo> {
    let name = tx
        .query_row(
            "SELECT agency_name FROM post WHERE agency_code = ?1 ORDER BY account LIMIT 1",
            [code],
            |row| row.get(0),
        )
        .optional()?;
    Ok(AgencyInfo {
        code: code.to_owned(),
        name: name.unwrap_or_else(|| code.to_owned()),
    })
}

/// The leaders of an agency itself; those of its units do not direct for it.
pub(crate) fn leaders(tx: &Transaction<'_>, agency: &str) -> Result<Vec<LeaderInfo>> {
    let mut statement = tx.prepare_cached(
        "SELECT a.id, a.full_name, p.title FROM post p JOIN account a ON a.id = p.account
         WHERE p.role = 'leader' AND p.agency_code = ?1 ORDER BY a.id, p.ordinal",
    )?;
    let rows = statement.query_map([agency], |row| {
        Ok(LeaderInfo {
            account: AccountId(row.get(0)?),
            full_name: row.get(1)?,
            title: row.get(2)?,
        })
    })?;
    let mut leaders: Vec<LeaderInfo> = rows.collect::<rusqlite::Result<_>>()?;
    leaders.dedup_by_key(|leader| leader.account);
    Ok(leaders)
}

/// The people of an agency and of the units below it, by their main posts, in the order of accounts,
/// with their other posts.
pub(crate) fn people(tx: &Transaction<'_>, agency: &str) -> Result<Vec<OfficePerson>> {
    let mut statement = tx.prepare_cached(
        "WITH here AS (
           SELECT account FROM post WHERE ordinal = 1 AND (agency_code = ?1
             OR substr(agency_code, 1, length(?1) + 1) = ?1 || '.')),
         every AS (
           SELECT p.account, p.ordinal, p.role, p.title, p.agency_code, p.agency_name,
             t.since, t.until
           FROM post p LEFT JOIN term t ON t.held = 1 AND t.account = p.account
             AND t.agency_code = p.agency_code AND t.role = p.role
           UNION ALL
           SELECT account, 1000000, role, title, agency_code, agency_name, since, until
           FROM term WHERE held = 0)
         SELECT a.id, a.full_name, e.role, e.title, e.agency_code, e.agency_name, e.since, e.until
         FROM here JOIN every e ON e.account = here.account JOIN account a ON a.id = here.account
         ORDER BY a.id, e.ordinal, e.since, e.agency_code, e.role",
    )?;
    let mut rows = statement.query([agency])?;
    let mut people: Vec<OfficePerson> = Vec::new();
    while let Some(row) = rows.next()? {
        let (account, post) = (AccountId(row.get(0)?), read_post(row, 2)?);
        match people.last_mut() {
            Some(person) if person.account == account => person.further.push(post),
            Some(_) | None => people.push(OfficePerson {
                account,
                full_name: row.get(1)?,
                title: post.title,
                role: post.role,
                unit: post.agency,
                further: Vec::new(),
            }),
        }
    }
    Ok(people)
}

/// All posts of a person of the agency.
pub(crate) fn posts_of(person: &OfficePerson) -> Vec<Post> {
    let mut posts = person.further.clone();
    posts.push(Post {
        role: person.role,
        title: person.title.clone(),
        agency: person.unit.clone(),
        since: None,
        until: None,
    });
    posts
}

/// Who is that in this very unit.
pub(crate) fn of_role(tx: &Transaction<'_>, role: Role, unit: &str) -> Result<Vec<AccountId>> {
    let mut statement = tx.prepare_cached(
        "SELECT DISTINCT account FROM post WHERE role = ?1 AND agency_code = ?2 ORDER BY account",
    )?;
    let rows = statement.query_map(params![word(&role)?, unit], |row| {
        Ok(AccountId(row.get(0)?))
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

pub(crate) fn full_name(tx: &Transaction<'_>, account: AccountId) -> Result<String> {
    Ok(tx.query_row(
        "SELECT full_name FROM account WHERE id = ?1",
        [account.0],
        |row| row.get(0),
    )?)
}

/// Registers a certificate for an account; the same twice is once.
pub(crate) fn bind_signer(tx: &Transaction<'_>, account: AccountId, der: &[u8]) -> Result<()> {
    let fingerprint = sha256(der);
    let certificate =
        Certificate::from_der(der).map_err(|_| ProvinceError::Certificate(fingerprint.to_hex()))?;
    tx.execute(
        "INSERT OR IGNORE INTO signer(certificate, account, subject) VALUES (?1, ?2, ?3)",
        params![
            fingerprint.0,
            account.0,
            certificate.tbs_certificate.subject.to_string()
        ],
    )?;
    Ok(())
}

pub(crate) fn signers(tx: &Transaction<'_>, account: AccountId) -> Result<Vec<SignerBinding>> {
    let mut statement =
        tx.prepare_cached("SELECT certificate, subject FROM signer WHERE account = ?1")?;
    let rows = statement.query_map([account.0], |row| {
        Ok(SignerBinding {
            certificate: hash(row, "certificate")?,
            subject: row.get("subject")?,
        })
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// Whether the certificate may sign for the account.
pub(crate) fn may_sign(
    tx: &Transaction<'_>,
    account: AccountId,
    certificate: &Sha256,
) -> Result<bool> {
    Ok(signers(tx, account)?
        .iter()
        .any(|signer| signer.certificate == *certificate))
}

/// One more post of a person, behind those that the person has.
pub(crate) fn appoint(tx: &Transaction<'_>, account: AccountId, post: &Post) -> Result<()> {
    tx.execute(
        "INSERT INTO post(account, ordinal, role, title, agency_code, agency_name)
         SELECT ?1, coalesce(max(ordinal), 0) + 1, ?2, ?3, ?4, ?5 FROM post WHERE account = ?1",
        params![
            account.0,
            word(&post.role)?,
            post.title,
            post.agency.code,
            post.agency.name
        ],
    )?;
    Ok(())
}

/// The person has that post no longer. The main one stays.
pub(crate) fn dismiss(
    tx: &Transaction<'_>,
    account: AccountId,
    (unit, role): (&str, Role),
) -> Result<()> {
    tx.execute(
        "DELETE FROM post WHERE account = ?1 AND agency_code = ?2 AND role = ?3 AND ordinal > 1",
        params![account.0, unit, word(&role)?],
    )?;
    Ok(())
}
