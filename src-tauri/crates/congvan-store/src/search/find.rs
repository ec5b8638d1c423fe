//! Finding documents: pages of rows by place, how many there are, and where the words stand.

use std::collections::{BTreeMap, BTreeSet};

use congvan_model::{Deadline, DocumentId, DocumentState, Timestamp};
use rusqlite::{Connection, Row, named_params, params};

use super::{
    Asked, DueAsked, Narrow, folded_words,
    language::{self, Typed},
    plan::Plan,
};
use crate::{
    DocumentRow, Store,
    document::{self, word},
    error::Result,
    list::{COLUMNS, document_row},
    scans,
};

/// Counting stops here: more than these are "many".
pub(super) const COUNT_MAX: u32 = 10_000;
/// Here with the first page: it is asked for at every key, and no hand scrolls so far before the counts
/// of [`Store::facets`] are there.
const COUNT_SOON: u32 = 1_000;
/// Rows of a page at most.
const PAGE_MAX: u32 = 200;
/// What a row has beside the columns of a list.
const SIGNER: &str = "d.body ->> '$.signer.full_name' AS signer";
/// Characters before and after the first hit of an excerpt.
const AROUND: usize = 70;
/// Words that stand no further from each other stand together.
const NEAR: usize = 12;
/// Hits of a text that are looked at: a single letter begins every third word.
const HITS: usize = 1_000;

/// The order of what is found.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SearchOrder {
    /// What came last first.
    #[default]
    Newest,
    /// What came first first.
    Oldest,
    /// The words as typed first, marks and all; the newest first among equals.
    Best,
}

/// What is looked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SearchQuery {
    /// As typed; see [`Asked`] for what is understood.
    pub text: String,
    /// What was chosen.
    pub narrow: Narrow,
    /// The order.
    pub order: SearchOrder,
    /// Rows passed over first.
    pub skip: u32,
    /// Rows wanted; at most 200 are given.
    pub limit: u32,
    /// The moment that decides what is overdue.
    pub now: Timestamp,
}

/// A document that was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FoundRow {
    /// As the lists show it.
    pub row: DocumentRow,
    /// Người ký.
    pub signer: String,
}

/// Part of what was found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FoundPage {
    /// The rows.
    pub rows: Vec<FoundRow>,
    /// How many are found in all; counted on the first page only, up to 1,000. Who needs more asks
    /// [`Store::facets`].
    pub total: u32,
    /// There are more than were counted.
    pub is_more: bool,
    /// What was typed, as it was understood.
    pub asked: Vec<Asked>,
    /// What was not understood and is looked for as words.
    pub unknown: Vec<String>,
    /// The words that are looked for, folded, to be marked where they stand.
    pub words: Vec<String>,
}

/// Where words stand that no column shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Excerpt {
    /// Of which document.
    pub document: DocumentId,
    /// The words with some before and after.
    pub text: String,
    /// They stand on a page; else in an opinion.
    pub on_page: bool,
}

impl Store {
    /// Looks for documents.
    ///
    /// # Errors
    /// Disk errors.
    pub fn find(&self, query: &SearchQuery) -> Result<FoundPage> {
        let typed = language::understand(&query.text, query.now.vietnam_date());
        self.read(|db| {
            let asking = Asking::of(db, &typed, &query.narrow, query.now)?;
            let every = &asking.plan.every;
            let direction = match query.order {
                SearchOrder::Oldest => "ASC",
                SearchOrder::Newest | SearchOrder::Best => "DESC",
            };
            let is_best = query.order == SearchOrder::Best;
            let (rows, (total, is_more)) = match (is_best, query.skip) {
                (true, 0) => (asking.best(db, query)?, asking.count(db, COUNT_SOON)?),
                (true, _) => (asking.best(db, query)?, (0, false)),
                (false, 0) => asking.counted(db, direction, query)?,
                (false, _) => (asking.rows(db, (every, direction), query)?, (0, false)),
            };
            Ok(FoundPage {
                rows,
                total,
                is_more,
                asked: typed.asked.clone(),
                unknown: typed.unknown.clone(),
                words: words(&typed),
            })
        })
    }

    /// Where the words that were typed stand in these documents, for those where no column of a list
    /// shows them all.
    ///
    /// # Errors
    /// Disk errors.
    pub fn excerpts(&self, text: &str, now: Timestamp, of: &[DocumentId]) -> Result<Vec<Excerpt>> {
        let words = words(&language::understand(text, now.vietnam_date()));
        self.read(|db| {
            let mut found = Vec::new();
            for id in of {
                if let Some(excerpt) = excerpt(db, *id, &words)? {
                    found.push(excerpt);
                }
            }
            Ok(found)
        })
    }
}

/// The words that are looked for, of all fields, as they were typed; those that must not be there are
/// none of them.
fn words(typed: &Typed) -> Vec<String> {
    let wanted = typed.terms.iter().filter(|term| !term.not);
    let mut words: Vec<String> = Vec::new();
    for word in wanted.flat_map(|term| folded_words(&term.text)) {
        if !words.contains(&word) {
            words.push(word);
        }
    }
    words
}

/// A plan with what our own acts change in it.
pub(super) struct Asking {
    pub(super) plan: Plan,
    /// The documents that our unsent acts change, by row: the index of the mirror does not know.
    changed: BTreeMap<i64, DocumentRow>,
    now: Timestamp,
}

impl Asking {
    pub(super) fn of(
        db: &Connection,
        typed: &Typed,
        narrow: &Narrow,
        now: Timestamp,
    ) -> Result<Self> {
        let mut changed = BTreeMap::new();
        let sql = format!(
            "SELECT {COLUMNS} FROM document d WHERE d.id IN (
               SELECT a.document FROM overlay_act a UNION SELECT v.document FROM overlay_revision v
               UNION SELECT g.document FROM overlay_registration g)"
        );
        let mut query = db.prepare_cached(&sql)?;
        let mut rows = query.query([])?;
        while let Some(row) = rows.next()? {
            changed.insert(row.get(0)?, document_row(row, now)?);
        }
        Ok(Self {
            plan: Plan::of(typed, narrow),
            changed,
            now,
        })
    }

    /// The state of a row as this desk shows it.
    pub(super) fn state_here(&self, row: i64) -> Option<DocumentState> {
        self.changed.get(&row).map(|row| row.state)
    }

    /// What the joins and conditions are; of the mirror's facts only what is needed.
    pub(super) fn sources(&self, always_facts: bool) -> Result<(String, String)> {
        let needs_facts =
            always_facts || !self.plan.states.is_empty() || !self.plan.dues.is_empty();
        // CROSS JOIN keeps the index in front: its rows come in order and reading stops early.
        let from = match needs_facts {
            true => {
                "search CROSS JOIN document f INDEXED BY document_facts ON f.row = search.rowid"
                    .to_owned()
            }
            false => "search".to_owned(),
        };
        let mut conditions =
            "search MATCH :match AND search.rowid BETWEEN :low AND :high".to_owned();
        for states in &self.plan.states {
            let names: Vec<String> = states
                .iter()
                .map(|state| Ok(format!("'{}'", word(state)?)))
                .collect::<Result<_>>()?;
            let mirror = format!("f.state IN ({})", names.join(", "));
            let here = |row: &DocumentRow| states.contains(&row.state);
            conditions.push_str(&self.with_ours(&mirror, here));
        }
        for due in &self.plan.dues {
            let mirror = match due {
                DueAsked::Overdue => format!("f.open = 1 AND f.due_at < {}", self.now.0),
                DueAsked::Any => "f.due_at IS NOT NULL".to_owned(),
                DueAsked::On(day) => {
                    let last = Deadline::Day(*day).instant().0;
                    format!("f.due_at > {} AND f.due_at <= {last}", last - DAY_MS)
                }
            };
            let here = |row: &DocumentRow| match due {
                DueAsked::Overdue => row.overdue,
                DueAsked::Any => row.due.is_some(),
                DueAsked::On(day) => {
                    let last = Deadline::Day(*day).instant().0;
                    row.due
                        .is_some_and(|due| (last - DAY_MS + 1..=last).contains(&due.instant().0))
                }
            };
            conditions.push_str(&self.with_ours(&mirror, here));
        }
        Ok((from, conditions))
    }

    /// A condition on the mirror, and for the rows that our own acts change the answer itself.
    fn with_ours(&self, mirror: &str, here: impl Fn(&DocumentRow) -> bool) -> String {
        if self.changed.is_empty() {
            return format!(" AND {mirror}");
        }
        let list = |rows: Vec<i64>| {
            let rows: Vec<String> = rows.iter().map(ToString::to_string).collect();
            rows.join(", ")
        };
        let all = list(self.changed.keys().copied().collect());
        let ours = self.changed.iter().filter(|(_, row)| here(row));
        let ours = list(ours.map(|(row, _)| *row).collect());
        format!(" AND (({mirror} AND search.rowid NOT IN ({all})) OR search.rowid IN ({ours}))")
    }

    /// The first page, and how many there are: both of one reading of the index, which begins with
    /// the merging of every word that was begun.
    fn counted(
        &self,
        db: &Connection,
        direction: &str,
        query: &SearchQuery,
    ) -> Result<(Vec<FoundRow>, (u32, bool))> {
        let (from, conditions) = self.sources(false)?;
        let sql = format!(
            "SELECT search.rowid FROM {from} WHERE {conditions}
             ORDER BY search.rowid {direction} LIMIT :most"
        );
        let mut statement = db.prepare_cached(&sql)?;
        let mut found = statement.query(named_params! {
            ":match": self.plan.every,
            ":low": self.plan.rows.0,
            ":high": self.plan.rows.1,
            ":most": COUNT_SOON + 1,
        })?;
        let (mut first, mut count) = (Vec::new(), 0_u32);
        while let Some(row) = found.next()? {
            if count < query.limit.min(PAGE_MAX) {
                first.push(row.get::<_, i64>(0)?);
            }
            count += 1;
        }
        let sql = format!("SELECT {COLUMNS}, {SIGNER} FROM document d WHERE d.row = ?1");
        let mut statement = db.prepare_cached(&sql)?;
        let mut rows = Vec::with_capacity(first.len());
        for place in first {
            let mut at = statement.query([place])?;
            if let Some(row) = at.next()? {
                rows.push(found_row(row, query.now)?);
            }
        }
        Ok((rows, (count.min(COUNT_SOON), count > COUNT_SOON)))
    }

    fn rows(
        &self,
        db: &Connection,
        (matching, direction): (&str, &str),
        query: &SearchQuery,
    ) -> Result<Vec<FoundRow>> {
        let (from, conditions) = self.sources(false)?;
        let sql = format!(
            "SELECT {COLUMNS}, {SIGNER} FROM {from} CROSS JOIN document d ON d.row = search.rowid
             WHERE {conditions} ORDER BY search.rowid {direction} LIMIT :limit OFFSET :skip"
        );
        let mut statement = db.prepare_cached(&sql)?;
        let mut found = statement.query(named_params! {
            ":match": matching,
            ":low": self.plan.rows.0,
            ":high": self.plan.rows.1,
            ":limit": query.limit.min(PAGE_MAX),
            ":skip": query.skip,
        })?;
        let mut rows = Vec::new();
        while let Some(row) = found.next()? {
            rows.push(found_row(row, query.now)?);
        }
        Ok(rows)
    }

    /// Tier after tier until the page is full.
    fn best(&self, db: &Connection, query: &SearchQuery) -> Result<Vec<FoundRow>> {
        let limit = query.limit.min(PAGE_MAX) as usize;
        let mut all = Vec::new();
        let mut skip = query.skip;
        for tier in &self.plan.tiers {
            let wanted = SearchQuery {
                skip,
                limit: u32::try_from(limit - all.len()).unwrap_or(0),
                ..query.clone()
            };
            let rows = self.rows(db, (tier, "DESC"), &wanted)?;
            if rows.is_empty() && skip > 0 {
                skip = skip.saturating_sub(self.count_of(db, tier, u32::MAX)?);
            } else if !rows.is_empty() {
                skip = 0;
            }
            all.extend(rows);
            if all.len() >= limit {
                break;
            }
        }
        Ok(all)
    }

    /// How many there are, counted up to `most`, and whether there are more.
    pub(super) fn count(&self, db: &Connection, most: u32) -> Result<(u32, bool)> {
        let count = self.count_of(db, &self.plan.every, most + 1)?;
        Ok((count.min(most), count > most))
    }

    fn count_of(&self, db: &Connection, matching: &str, most: u32) -> Result<u32> {
        let (from, conditions) = self.sources(false)?;
        let sql =
            format!("SELECT count(*) FROM (SELECT 1 FROM {from} WHERE {conditions} LIMIT :most)");
        Ok(db.prepare_cached(&sql)?.query_row(
            named_params! {
                ":match": matching,
                ":low": self.plan.rows.0,
                ":high": self.plan.rows.1,
                ":most": most,
            },
            |row| row.get(0),
        )?)
    }
}

const DAY_MS: i64 = 86_400_000;

fn found_row(row: &Row<'_>, now: Timestamp) -> Result<FoundRow> {
    Ok(FoundRow {
        row: document_row(row, now)?,
        signer: row.get::<_, Option<String>>("signer")?.unwrap_or_default(),
    })
}

fn excerpt(db: &Connection, id: DocumentId, words: &[String]) -> Result<Option<Excerpt>> {
    let Some((document, _, _)) = document::load(db, id)? else {
        return Ok(None);
    };
    let notation = document.notation.as_ref().map(ToString::to_string);
    let shown = format!(
        "{} {} {} {} {}",
        notation.unwrap_or_default(),
        document.issuer.name,
        document.subject,
        document.signer.full_name,
        document.kind.name()
    );
    let shown = folded_words(&shown);
    let is_shown = |word: &&String| shown.iter().any(|one| one.starts_with(word.as_str()));
    let hidden: Vec<&String> = words.iter().filter(|word| !is_shown(word)).collect();
    if hidden.is_empty() {
        return Ok(None);
    }
    let opinions = document::opinions(db, id)?;
    let opinions = opinions.into_iter().map(|opinion| (opinion.text, false));
    let mut query = db.prepare_cached(
        "SELECT t.words FROM file_blob f JOIN file_text t ON t.sha256 = f.sha256
         WHERE f.document = ?1 AND f.head = 1",
    )?;
    let pages: Vec<String> = query
        .query_map(params![id.0.as_bytes()], |row| row.get(0))?
        .collect::<rusqlite::Result<_>>()?;
    let scans = scans::words_of(db, id)?;
    let pages = pages.into_iter().chain(scans).map(|text| (text, true));
    let best = opinions
        .chain(pages)
        .filter_map(|(text, on_page)| {
            let (hits, text) = around(&text, &hidden)?;
            Some((
                hits,
                Excerpt {
                    document: id,
                    text,
                    on_page,
                },
            ))
        })
        .max_by_key(|(hits, _)| *hits);
    Ok(best.map(|(_, excerpt)| excerpt))
}

/// How many different ones of the words stand together in a text, and where most of them do with what is
/// around.
fn around(text: &str, words: &[&String]) -> Option<(usize, String)> {
    let pieces: Vec<&str> = text.split_whitespace().collect();
    let mut hits: Vec<(usize, usize)> = Vec::new();
    for (place, piece) in pieces.iter().enumerate() {
        if hits.len() >= HITS {
            break;
        }
        let parts = folded_words(piece);
        for (number, word) in words.iter().enumerate() {
            if parts.iter().any(|part| part.starts_with(word.as_str())) {
                hits.push((place, number));
            }
        }
    }
    let together = |from: usize| {
        let near = hits.iter().skip_while(|(place, _)| *place < from);
        let near = near.take_while(|(place, _)| *place < from + NEAR);
        let numbers: BTreeSet<usize> = near.map(|(_, number)| *number).collect();
        numbers.len()
    };
    // The first of the best.
    let mut best: Option<(usize, usize)> = None;
    for (place, _) in &hits {
        let count = together(*place);
        if best.is_none_or(|(most, _)| count > most) {
            best = Some((count, *place));
        }
        if count == words.len() {
            break;
        }
    }
    let (count, first) = best?;
    let mut from = first;
    let mut length = 0;
    while let Some(before) = from.checked_sub(1).and_then(|place| pieces.get(place)) {
        length += before.chars().count() + 1;
        if length > AROUND {
            break;
        }
        from -= 1;
    }
    let mut out = String::new();
    for piece in pieces.iter().skip(from) {
        if out.chars().count() > 2 * AROUND {
            break;
        }
        if !out.is_empty() {
            out.push(' ');
        }
        out.push_str(piece);
    }
    Some((count, out))
}
