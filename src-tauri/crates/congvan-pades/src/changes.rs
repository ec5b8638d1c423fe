//! What was changed after a signature, and whether that is permitted.
//!
//! The earlier revision is opened as a file of its own and its whole object graph is walked. An
//! object may differ in the later file only where the walk reaches it in a role that admits the
//! difference (a page may gain annotations of new signature fields, a form may gain such fields, an
//! empty signature field may be signed …). An object that is reached in any other way must be the
//! same; that includes numbers which the earlier revision mentions but does not define, so that
//! content prepared before signing cannot be switched on later.

mod content;
mod form;

use std::collections::{BTreeSet, HashMap, HashSet};

use congvan_pdf::{
    Dict, Document, Entry, Field, ObjRef, Object, Page, PdfError, form_fields, pages,
};

use crate::{
    Change, Violation,
    dss::{check_form, read_store, store_objects},
    permissions::Restrictions,
};

/// What changed between two revisions.
#[derive(Clone, Debug, Default)]
pub(crate) struct Judgement {
    pub(crate) changes: BTreeSet<Change>,
    pub(crate) violations: Vec<Violation>,
}

/// Compares an earlier revision with the file that begins with it.
pub(crate) fn compare(
    old: &Document<'_>,
    new: &Document<'_>,
    restrictions: &Restrictions,
) -> Result<Judgement, PdfError> {
    let mut comparison = Comparison {
        changed: changed_numbers(old, new),
        old_fields: form_fields(old)?,
        new_fields: form_fields(new)?,
        old,
        new,
        restrictions,
        structural: HashSet::new(),
        visited: HashSet::new(),
        judgement: Judgement::default(),
    };
    comparison.run()?;
    Ok(comparison.judgement)
}

/// Numbers that mean something else in the later file.
fn changed_numbers(old: &Document<'_>, new: &Document<'_>) -> HashSet<u32> {
    let before: HashMap<u32, Entry> = old.entries().collect();
    let free = |entry: Option<Entry>| entry.unwrap_or(Entry::Free);
    let mut changed: HashSet<u32> = new
        .entries()
        .filter(|(num, entry)| free(before.get(num).copied()) != *entry)
        .map(|(num, _)| num)
        .collect();
    // An object keeps its place in an object stream while the stream itself is replaced.
    let holders: Vec<u32> = new
        .entries()
        .filter(|(_, entry)| matches!(entry, Entry::InStream { stream, .. } if changed.contains(stream)))
        .map(|(num, _)| num)
        .collect();
    changed.extend(holders);
    changed
}

struct Comparison<'a, 'o, 'n> {
    old: &'a Document<'o>,
    new: &'a Document<'n>,
    restrictions: &'a Restrictions,
    changed: HashSet<u32>,
    old_fields: Vec<Field>,
    new_fields: Vec<Field>,
    /// Objects that are judged in a role of their own and therefore not as content.
    structural: HashSet<u32>,
    visited: HashSet<u32>,
    judgement: Judgement,
}

/// Keys of the catalog that say nothing about what is shown.
const CATALOG_OPEN: [&str; 3] = ["Extensions", "Version", "Metadata"];

impl Comparison<'_, '_, '_> {
    fn run(&mut self) -> Result<(), PdfError> {
        self.check_chain();
        let (old_trailer, new_trailer) = (self.old.trailer(), self.new.trailer());
        if old_trailer.get("Root") != new_trailer.get("Root") {
            self.violate(None, "the trailer names another root");
            return Ok(());
        }
        let known = self.judgement.violations.len();
        // Another key would make another text of the same bytes.
        let (before, after) = (old_trailer.get("Encrypt"), new_trailer.get("Encrypt"));
        self.same(None, before, after)?;
        if before.is_some() && self.old.file_id() != self.new.file_id() {
            self.violate(None, "the encryption was changed");
        }
        if self.judgement.violations.len() > known {
            return Ok(());
        }
        if self.changed.is_empty() {
            return Ok(());
        }
        let old_pages = pages(self.old)?;
        let (root, old_catalog) = self.old.catalog()?;
        let (_, new_catalog) = self.new.catalog()?;
        self.note_structure(root, &old_catalog, &old_pages);
        self.catalog(root, &old_catalog, &new_catalog)?;
        let added = self.form(&old_catalog, &new_catalog)?;
        for (index, page) in old_pages.iter().enumerate() {
            self.page(index, page, &added)?;
        }
        Ok(())
    }

    fn violate(&mut self, object: impl Into<Option<ObjRef>>, what: &'static str) {
        // A hundred grounds are as good as a million.
        if self.judgement.violations.len() < 100 {
            self.judgement.violations.push(Violation {
                object: object.into(),
                what,
            });
        }
    }

    /// The later file must build on the earlier one's cross-reference and not beside it.
    fn check_chain(&mut self) {
        let old: Vec<u64> = self.old.sections().iter().map(|s| s.offset).collect();
        let new: Vec<u64> = self.new.sections().iter().map(|s| s.offset).collect();
        if !new.ends_with(&old) {
            self.violate(None, "the later revision leaves out an earlier one");
        } else if self.old.source().len() < self.new.source().len() && new.len() == old.len() {
            self.violate(None, "bytes after the end that are no revision");
        }
    }

    fn note_structure(&mut self, root: ObjRef, catalog: &Dict, old_pages: &[Page]) {
        self.structural.insert(root.num);
        for page in old_pages {
            self.structural.insert(page.id.num);
            if let Some(list) = page.dict.get("Annots").and_then(Object::as_ref) {
                self.structural.insert(list.num);
            }
        }
        for field in &self.old_fields {
            self.structural.insert(field.id.num);
            self.structural
                .extend(field.widgets.iter().map(|widget| widget.num));
        }
        if let Some(form) = catalog.get("AcroForm").and_then(Object::as_ref) {
            self.structural.insert(form.num);
            let form = self.old.get(form).ok();
            let fields = form
                .as_deref()
                .and_then(Object::as_dict)
                .and_then(|form| form.get("Fields"));
            if let Some(list) = fields.and_then(Object::as_ref) {
                self.structural.insert(list.num);
            }
        }
    }

    fn catalog(&mut self, root: ObjRef, old: &Dict, new: &Dict) -> Result<(), PdfError> {
        for key in union(old, new) {
            let (before, after) = (old.0.get(&key), new.0.get(&key));
            match key.as_slice() {
                b"AcroForm" => {}
                b"DSS" => self.evidence(before, after)?,
                _ if CATALOG_OPEN.iter().any(|open| open.as_bytes() == key) => {
                    if before != after
                        || before
                            .and_then(Object::as_ref)
                            .is_some_and(|id| self.changed.contains(&id.num))
                    {
                        self.judgement.changes.insert(Change::Metadata);
                    }
                }
                _ => self.same(root, before, after)?,
            }
        }
        Ok(())
    }

    /// Evidence may only grow, and may hold nothing but evidence: an object of the document that
    /// is named there stays what it was.
    fn evidence(
        &mut self,
        before: Option<&Object>,
        after: Option<&Object>,
    ) -> Result<(), PdfError> {
        let (old, new) = (read_store(self.old)?, read_store(self.new)?);
        let (had, has) = (old.evidence.hashes(), new.evidence.hashes());
        let is_touched = before
            .and_then(Object::as_ref)
            .is_some_and(|id| self.changed.contains(&id.num));
        if before == after && !is_touched && had == has {
            return Ok(());
        }
        self.judgement.changes.insert(Change::Evidence);
        if !had.is_subset(&has) || (before.is_some() && after.is_none()) {
            self.violate(None, "evidence was taken out");
        }
        let known: HashSet<u32> = store_objects(self.old)?;
        let is_foreign = |id: ObjRef| {
            let is_old = !matches!(self.old.entry(id.num), None | Some(Entry::Free));
            is_old && !known.contains(&id.num)
        };
        let form = after.map_or(Ok(()), |value| check_form(self.new, value, &is_foreign));
        if let Err(what) = form {
            self.violate(None, what);
        }
        Ok(())
    }
}

fn union(a: &Dict, b: &Dict) -> BTreeSet<Vec<u8>> {
    a.0.keys().chain(b.0.keys()).cloned().collect()
}

/// Whether every item is still there, in the same order.
fn keeps(before: &[Object], after: &[Object]) -> bool {
    let mut after = after.iter();
    before.iter().all(|item| after.any(|other| other == item))
}
