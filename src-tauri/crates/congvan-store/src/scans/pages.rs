//! Changes of pages: each is one transaction and can be undone. The stacks never change.

use std::collections::BTreeSet;

use congvan_model::Timestamp;
use rusqlite::{OptionalExtension as _, Transaction, params};
use uuid::Uuid;

use super::{
    LetterId, LetterState, Proposal, ScanRefusal, StackId,
    stacks::refused,
    undo::{self, Before, LetterBefore, PageRef, read_pages, write_pages},
};
use crate::{Store, acts::uuid_v7, error::Result};

/// A change of pages. Pages of a letter count from 0.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PagesAct {
    /// A new letter begins at this page.
    Split {
        /// The letter.
        letter: LetterId,
        /// From 1.
        page: u32,
    },
    /// The letter goes to the end of the one before it.
    Merge {
        /// The letter.
        letter: LetterId,
    },
    /// The pages stand in this order now.
    Order {
        /// The letter.
        letter: LetterId,
        /// Every old place once.
        order: Vec<u32>,
    },
    /// Quarter turns clockwise.
    Turn {
        /// The letter.
        letter: LetterId,
        /// Page.
        page: u32,
        /// 1..=3.
        turns: u8,
    },
    /// Makes a page straight, or as it was again.
    Straighten {
        /// The letter.
        letter: LetterId,
        /// Page.
        page: u32,
        /// Whether.
        on: bool,
    },
    /// Takes pages out; the stack keeps them.
    Remove {
        /// The letter.
        letter: LetterId,
        /// Pages.
        pages: Vec<u32>,
    },
    /// Moves pages of another letter in front of this page.
    Insert {
        /// The letter.
        letter: LetterId,
        /// The number of pages = at the end.
        before: u32,
        /// From this letter.
        from: LetterId,
        /// Its pages.
        pages: Vec<u32>,
    },
    /// Takes the letter out of the inbox.
    Discard {
        /// The letter.
        letter: LetterId,
    },
    /// Cuts a stack as proposed, or leaves it in one piece.
    SettleSplit {
        /// The stack.
        stack: StackId,
        /// Whether it is cut.
        accept: bool,
    },
    /// A stack's fault was seen.
    DismissStack {
        /// The stack.
        stack: StackId,
    },
}

impl Store {
    /// Changes pages as a person asks.
    ///
    /// # Errors
    /// [`StoreError::Scan`](crate::StoreError::Scan): nothing was changed; disk errors.
    pub fn pages_act(&self, act: &PagesAct, now: Timestamp) -> Result<()> {
        self.write_again(|tx| {
            let mut change = Change {
                tx,
                now,
                before: Before::default(),
            };
            change.run(act)?;
            undo::remember(tx, &change.before, now)
        })
    }
}

/// A letter that is being changed.
struct Open {
    id: LetterId,
    place: i64,
    state: LetterState,
    signed: bool,
    pages: Vec<PageRef>,
}

struct Change<'a, 'b> {
    tx: &'a Transaction<'b>,
    now: Timestamp,
    before: Before,
}

impl Change<'_, '_> {
    fn run(&mut self, act: &PagesAct) -> Result<()> {
        match act {
            PagesAct::Split { letter, page } => self.split(*letter, *page),
            PagesAct::Merge { letter } => self.merge(*letter),
            PagesAct::Order { letter, order } => self.order(*letter, order),
            PagesAct::Turn {
                letter,
                page,
                turns,
            } => self.turn(*letter, *page, *turns),
            PagesAct::Straighten { letter, page, on } => {
                let mut open = self.unsigned(*letter)?;
                page_mut(&mut open.pages, *page)?.straighten = *on;
                self.close(open, false)
            }
            PagesAct::Remove { letter, pages } => {
                let mut open = self.unsigned(*letter)?;
                let ends = ends(&open.pages);
                take(&mut open.pages, pages)?;
                let reread = self::ends(&open.pages) != ends;
                self.close(open, reread)
            }
            PagesAct::Insert {
                letter,
                before,
                from,
                pages,
            } => self.insert(*letter, *before, (*from, pages)),
            PagesAct::Discard { letter } => {
                let open = self.open(*letter)?;
                self.set_state(open.id, LetterState::Discarded)
            }
            PagesAct::SettleSplit { stack, accept } => self.settle(*stack, *accept),
            PagesAct::DismissStack { stack } => self.dismiss(*stack),
        }
    }

    /// Takes a letter up, and remembers how it stood.
    fn open(&mut self, id: LetterId) -> Result<Open> {
        let found: Option<(i64, String, bool)> = self
            .tx
            .query_row(
                "SELECT place, state, signed FROM scan_letter WHERE id = ?1",
                params![id.0.as_bytes()],
                |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)),
            )
            .optional()?;
        let (place, word, signed) = found.ok_or_else(|| refused(ScanRefusal::NotThere))?;
        let state = match LetterState::from_word(&word) {
            Some(state @ (LetterState::Reading | LetterState::Ready | LetterState::Confirmed)) => {
                state
            }
            Some(LetterState::Registered | LetterState::Secret) => {
                return Err(refused(ScanRefusal::State));
            }
            Some(LetterState::Discarded) | None => return Err(refused(ScanRefusal::NotThere)),
        };
        let pages = read_pages(self.tx, id)?;
        self.before.letters.push(LetterBefore {
            id,
            place,
            state: word,
            pages: pages.clone(),
        });
        Ok(Open {
            id,
            place,
            state,
            signed,
            pages,
        })
    }

    fn unsigned(&mut self, id: LetterId) -> Result<Open> {
        let open = self.open(id)?;
        match open.signed {
            true => Err(refused(ScanRefusal::Signed)),
            false => Ok(open),
        }
    }

    /// Puts a letter down. What was confirmed of other pages is no longer confirmed; where the pages
    /// with its fields are others and nobody has written them, they are read again.
    fn close(&self, open: Open, reread: bool) -> Result<()> {
        write_pages(self.tx, open.id, &open.pages)?;
        if open.pages.is_empty() {
            return self.set_state(open.id, LetterState::Discarded);
        }
        let edited: bool = self.tx.query_row(
            "UPDATE scan_letter SET pages_rev = pages_rev + 1 WHERE id = ?1 RETURNING edited",
            params![open.id.0.as_bytes()],
            |row| row.get(0),
        )?;
        let state = match open.state {
            LetterState::Reading => LetterState::Reading,
            _ if reread && !edited => LetterState::Reading,
            LetterState::Ready
            | LetterState::Confirmed
            | LetterState::Registered
            | LetterState::Secret
            | LetterState::Discarded => LetterState::Ready,
        };
        self.set_state(open.id, state)
    }

    fn set_state(&self, id: LetterId, state: LetterState) -> Result<()> {
        self.tx.execute(
            "UPDATE scan_letter SET state = ?2, changed_at = ?3 WHERE id = ?1 AND state <> ?2",
            params![id.0.as_bytes(), state.word(), self.now.0],
        )?;
        Ok(())
    }

    fn split(&mut self, id: LetterId, page: u32) -> Result<()> {
        let mut open = self.unsigned(id)?;
        let at = index(page);
        if at == 0 || at >= open.pages.len() {
            return Err(refused(ScanRefusal::NotThere));
        }
        let rest = open.pages.split_off(at);
        self.make_after(&open, &rest)?;
        self.close(open, true)
    }

    /// A new letter behind another, with its name and department.
    fn make_after(&mut self, first: &Open, pages: &[PageRef]) -> Result<()> {
        let id = LetterId(uuid_v7(self.now));
        self.tx.execute(
            "UPDATE scan_letter SET place = place + 1 WHERE place > ?1",
            params![first.place],
        )?;
        self.tx.execute(
            "INSERT INTO scan_letter(id, place, state, name, at, changed_at, department)
             SELECT ?2, place + 1, 'reading', name, at, ?3, department FROM scan_letter WHERE id = ?1",
            params![first.id.0.as_bytes(), id.0.as_bytes(), self.now.0],
        )?;
        self.before.made.push(id);
        write_pages(self.tx, id, pages)
    }

    fn merge(&mut self, id: LetterId) -> Result<()> {
        let last = self.unsigned(id)?;
        let found: Option<[u8; 16]> = self
            .tx
            .query_row(
                "SELECT id FROM scan_letter WHERE state IN ('reading', 'ready', 'confirmed')
                   AND (place, row) < (SELECT place, row FROM scan_letter WHERE id = ?1)
                 ORDER BY place DESC, row DESC LIMIT 1",
                params![id.0.as_bytes()],
                |row| row.get(0),
            )
            .optional()?;
        let found = found.ok_or_else(|| refused(ScanRefusal::NotThere))?;
        let mut first = self.unsigned(LetterId(Uuid::from_bytes(found)))?;
        first.pages.extend(last.pages.iter().copied());
        self.close(first, true)?;
        self.close(
            Open {
                pages: Vec::new(),
                ..last
            },
            false,
        )
    }

    fn order(&mut self, id: LetterId, order: &[u32]) -> Result<()> {
        let mut open = self.unsigned(id)?;
        let once: BTreeSet<u32> = order.iter().copied().collect();
        if once.len() != open.pages.len() || order.len() != open.pages.len() {
            return Err(refused(ScanRefusal::NotThere));
        }
        let ends = ends(&open.pages);
        let pages = order
            .iter()
            .map(|place| open.pages.get(index(*place)).copied());
        open.pages = pages
            .collect::<Option<_>>()
            .ok_or_else(|| refused(ScanRefusal::NotThere))?;
        let reread = self::ends(&open.pages) != ends;
        self.close(open, reread)
    }

    fn turn(&mut self, id: LetterId, page: u32, turns: u8) -> Result<()> {
        let mut open = self.unsigned(id)?;
        let ends = ends(&open.pages);
        let turned = page_mut(&mut open.pages, page)?;
        turned.turns = turned.turns.wrapping_add(turns) % 4;
        let reread = self::ends(&open.pages) != ends;
        self.close(open, reread)
    }

    fn insert(
        &mut self,
        id: LetterId,
        before: u32,
        (from, pages): (LetterId, &[u32]),
    ) -> Result<()> {
        if id == from {
            return Err(refused(ScanRefusal::NotThere));
        }
        let (mut open, mut source) = (self.unsigned(id)?, self.unsigned(from)?);
        let (open_ends, source_ends) = (ends(&open.pages), ends(&source.pages));
        let taken = take(&mut source.pages, pages)?;
        let at = index(before);
        if at > open.pages.len() {
            return Err(refused(ScanRefusal::NotThere));
        }
        open.pages.splice(at..at, taken);
        let reread = ends(&open.pages) != open_ends;
        self.close(open, reread)?;
        let reread = ends(&source.pages) != source_ends;
        self.close(source, reread)
    }

    fn stack_before(&mut self, stack: StackId) -> Result<Option<String>> {
        let found: Option<(Option<String>, Option<i64>)> = self
            .tx
            .query_row(
                "SELECT proposal, dismissed_at FROM scan_stack WHERE id = ?1",
                params![stack.0.as_bytes()],
                |row| Ok((row.get(0)?, row.get(1)?)),
            )
            .optional()?;
        let (proposal, dismissed) = found.ok_or_else(|| refused(ScanRefusal::NotThere))?;
        self.before.stack = Some((stack, proposal.clone(), dismissed));
        Ok(proposal)
    }

    fn settle(&mut self, stack: StackId, accept: bool) -> Result<()> {
        let text = self
            .stack_before(stack)?
            .ok_or_else(|| refused(ScanRefusal::NotThere))?;
        let proposal: Proposal = serde_json::from_str(&text)?;
        self.tx.execute(
            "UPDATE scan_stack SET proposal = NULL, dismissed_at = ?2 WHERE id = ?1",
            params![stack.0.as_bytes(), self.now.0],
        )?;
        if !accept {
            return Ok(());
        }
        let mut query = self.tx.prepare_cached(
            "SELECT DISTINCT l.id FROM scan_letter l JOIN scan_page p ON p.letter = l.id
             WHERE p.stack = ?1 AND l.state IN ('reading', 'ready', 'confirmed') AND l.signed = 0
             ORDER BY l.place DESC",
        )?;
        let found = query.query_map(params![stack.0.as_bytes()], |row| row.get(0))?;
        let found: Vec<[u8; 16]> = found.collect::<rusqlite::Result<_>>()?;
        for id in found {
            self.cut(LetterId(Uuid::from_bytes(id)), (stack, &proposal.begins))?;
        }
        Ok(())
    }

    /// Cuts a letter in front of each of these pages of a stack.
    fn cut(&mut self, id: LetterId, (stack, begins): (StackId, &[u32])) -> Result<()> {
        let mut open = self.unsigned(id)?;
        let begins_here = |page: &PageRef| page.stack == stack && begins.contains(&page.page);
        let mut cut = false;
        // From the end, so that each new letter comes right behind the first.
        while let Some(at) = open
            .pages
            .iter()
            .rposition(begins_here)
            .filter(|at| *at > 0)
        {
            let rest = open.pages.split_off(at);
            self.make_after(&open, &rest)?;
            cut = true;
        }
        match cut {
            true => self.close(open, true),
            false => Ok(()),
        }
    }

    fn dismiss(&mut self, stack: StackId) -> Result<()> {
        self.stack_before(stack)?;
        self.tx.execute(
            "UPDATE scan_stack SET dismissed_at = ?2, proposal = NULL WHERE id = ?1",
            params![stack.0.as_bytes(), self.now.0],
        )?;
        Ok(())
    }
}

fn index(page: u32) -> usize {
    usize::try_from(page).unwrap_or(usize::MAX)
}

fn page_mut(pages: &mut [PageRef], page: u32) -> Result<&mut PageRef> {
    pages
        .get_mut(index(page))
        .ok_or_else(|| refused(ScanRefusal::NotThere))
}

/// The pages on which the fields stand.
fn ends(pages: &[PageRef]) -> (Option<PageRef>, Option<PageRef>) {
    let plain = |page: &PageRef| PageRef {
        straighten: false,
        ..*page
    };
    (pages.first().map(plain), pages.last().map(plain))
}

/// Takes pages out, in the order in which they stood.
fn take(pages: &mut Vec<PageRef>, wanted: &[u32]) -> Result<Vec<PageRef>> {
    let wanted: BTreeSet<usize> = wanted.iter().map(|page| index(*page)).collect();
    if wanted.is_empty() || wanted.last().is_some_and(|last| *last >= pages.len()) {
        return Err(refused(ScanRefusal::NotThere));
    }
    let mut taken = Vec::with_capacity(wanted.len());
    let mut place = 0;
    pages.retain(|page| {
        let goes = wanted.contains(&place);
        place += 1;
        if goes {
            taken.push(*page);
        }
        !goes
    });
    Ok(taken)
}
