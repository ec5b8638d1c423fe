//! What was changed after a signature, and whether that is permitted.
//!
//! The earlier revision is opened as a file of its own and its whole object graph is walked. An
//! object may differ in the later file only where the walk reaches it in a role that admits the
//! difference (a page may gain annotations of new signature fields, a form may gain such fields, an
//! empty signature field may be signed …). An object that is reached in any other way must be the
//! same; that includes numbers which the earlier revision mentions but does not define, so that
//! content prepared before signing cannot be switched on later.

use std::collections::{BTreeSet, HashMap, HashSet};

use congvan_pdf::{
    Dict, Document, Entry, Field, FieldKind, ObjRef, Object, Page, PdfError, form_fields, pages,
};

use crate::{
    Change, Permission, Violation,
    dss::{check_form, read_store, store_objects},
    numbers::is_blank,
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

    /// Judges the form; gives the widgets of fields that are new.
    fn form(&mut self, old: &Dict, new: &Dict) -> Result<HashSet<ObjRef>, PdfError> {
        let before = self.old.value(old, "AcroForm")?;
        let after = self.new.value(new, "AcroForm")?;
        let owner = old.get("AcroForm").and_then(Object::as_ref);
        let empty = Dict::new();
        if let Some(before) = before.as_dict() {
            let after = after.as_dict().unwrap_or(&empty);
            for key in union(before, after) {
                match key.as_slice() {
                    b"Fields" | b"SigFlags" => {}
                    _ => self.same(owner, before.0.get(&key), after.0.get(&key))?,
                }
            }
        }
        let list = |document: &Document<'_>, form: &Object| -> Result<Vec<Object>, PdfError> {
            let fields = document.value(form.as_dict().unwrap_or(&empty), "Fields")?;
            Ok(fields.as_array().unwrap_or_default().to_vec())
        };
        let (before, after) = (list(self.old, &before)?, list(self.new, &after)?);
        if !keeps(&before, &after) {
            self.violate(owner, "a form field was taken out");
        }
        for item in &before {
            self.content(owner, item)?;
        }
        self.fields()
    }

    fn fields(&mut self) -> Result<HashSet<ObjRef>, PdfError> {
        let old: HashMap<ObjRef, Field> = self
            .old_fields
            .iter()
            .map(|field| (field.id, field.clone()))
            .collect();
        let mut added = HashSet::new();
        let new_fields = std::mem::take(&mut self.new_fields);
        let mut kept = 0;
        for field in &new_fields {
            match old.get(&field.id) {
                Some(before) => {
                    kept += 1;
                    self.field(before, field)?;
                }
                None if field.kind == FieldKind::Signature => {
                    added.extend(field.widgets.iter().copied());
                    self.signed(field)?;
                }
                None if self.restrictions.admits_blanks && is_blank(self.new, field)? => {
                    added.extend(field.widgets.iter().copied());
                    let field = field.name.clone();
                    self.judgement.changes.insert(Change::FieldAdded { field });
                }
                None => self.violate(field.id, "a form field was added"),
            }
        }
        if kept != old.len() {
            self.violate(None, "a form field was taken out");
        }
        Ok(added)
    }

    /// Notes a new signature, where it is permitted.
    fn signed(&mut self, field: &Field) -> Result<(), PdfError> {
        let value = match &field.value {
            None => {
                let field = field.name.clone();
                self.judgement.changes.insert(Change::FieldAdded { field });
                if self.restrictions.certified == Some(Permission::Nothing) {
                    self.violate(None, "the certification permits no new field");
                }
                return Ok(());
            }
            Some(value) => self.new.resolve(value)?,
        };
        let name = field.name.clone();
        if value
            .as_dict()
            .is_some_and(|dict| dict.is("SubFilter", "ETSI.RFC3161"))
        {
            self.judgement
                .changes
                .insert(Change::TimeStamped { field: name });
            return Ok(());
        }
        if self.restrictions.certified == Some(Permission::Nothing) {
            self.violate(field.id, "the certification permits no further signature");
        }
        self.check_lock(field);
        self.judgement
            .changes
            .insert(Change::Signed { field: name });
        Ok(())
    }

    fn check_lock(&mut self, field: &Field) {
        let locked = self
            .restrictions
            .lock
            .as_ref()
            .is_some_and(|lock| lock.locks(&field.name));
        if locked {
            self.violate(field.id, "the field was locked by the signature");
        }
    }

    fn field(&mut self, before: &Field, after: &Field) -> Result<(), PdfError> {
        let open: &[&str] = match (before.kind, &before.value) {
            (FieldKind::Signature, Some(_)) => &[],
            (FieldKind::Signature, None) if after.value.is_some() => &["V", "AP", "AS", "F"],
            (FieldKind::Signature, None) => &[],
            (FieldKind::Input, _) => &["V", "AP", "AS", "I"],
        };
        if before.name != after.name || before.kind != after.kind || before.widgets != after.widgets
        {
            self.violate(before.id, "a form field was rebuilt");
        }
        let mut filled = self.widget(before.id, open)?;
        for widget in &before.widgets {
            if *widget != before.id {
                filled |= self.widget(*widget, open)?;
            }
        }
        match (before.kind, &before.value) {
            (FieldKind::Signature, None) if after.value.is_some() => self.signed(after)?,
            (FieldKind::Signature, _) => {}
            (FieldKind::Input, _) if filled => {
                if self.restrictions.certified == Some(Permission::Nothing) {
                    self.violate(before.id, "the certification permits no filling of forms");
                }
                self.check_lock(before);
                let field = before.name.clone();
                self.judgement.changes.insert(Change::Filled { field });
            }
            (FieldKind::Input, _) => {}
        }
        Ok(())
    }

    /// Judges a field or widget dictionary; whether one of its open keys changed.
    fn widget(&mut self, id: ObjRef, open: &[&str]) -> Result<bool, PdfError> {
        let (before, after) = (self.old.get(id)?, self.new.get(id)?);
        let (Some(before), Some(after)) = (before.as_dict(), after.as_dict()) else {
            self.violate(id, "a form field was replaced");
            return Ok(false);
        };
        let mut changed = false;
        for key in union(before, after) {
            let (before, after) = (before.0.get(&key), after.0.get(&key));
            if open.iter().any(|open| open.as_bytes() == key) {
                changed |= before != after || self.reaches_change(before)?;
            } else {
                self.same(id, before, after)?;
            }
        }
        Ok(changed)
    }

    /// Whether a value, or what it refers to at any depth up to its own kind of limit, changed.
    fn reaches_change(&self, value: Option<&Object>) -> Result<bool, PdfError> {
        let mut stack: Vec<Object> = value.cloned().into_iter().collect();
        let mut seen = HashSet::new();
        while let Some(value) = stack.pop() {
            match value {
                Object::Ref(id) => {
                    if self.changed.contains(&id.num) {
                        return Ok(true);
                    }
                    if !self.structural.contains(&id.num) && seen.insert(id) {
                        stack.push((*self.old.get(id)?).clone());
                    }
                }
                Object::Array(items) => stack.extend(items),
                Object::Dict(dict) => stack.extend(dict.0.into_values()),
                Object::Stream(stream) => stack.extend(stream.dict.0.into_values()),
                Object::Null
                | Object::Bool(_)
                | Object::Int(_)
                | Object::Real(_)
                | Object::String(_)
                | Object::Name(_) => {}
            }
        }
        Ok(false)
    }

    fn page(&mut self, index: usize, page: &Page, added: &HashSet<ObjRef>) -> Result<(), PdfError> {
        let after = self.new.get(page.id)?;
        let empty = Dict::new();
        let after = match &*after {
            Object::Dict(dict) => dict,
            _ => &empty,
        };
        for key in union(&page.dict, after) {
            if key != b"Annots" {
                self.same(page.id, page.dict.0.get(&key), after.0.get(&key))?;
            }
        }
        let before = self.old.value(&page.dict, "Annots")?;
        let after = self.new.value(after, "Annots")?;
        let before = before.as_array().unwrap_or_default();
        let after = after.as_array().unwrap_or_default();
        let annotations_open = self.restrictions.certified == Some(Permission::Annotations);
        if !keeps(before, after) {
            if annotations_open {
                self.judgement
                    .changes
                    .insert(Change::Annotated { page: index });
            } else {
                self.violate(page.id, "an annotation was taken out");
            }
        }
        for item in before {
            if annotations_open && self.reaches_change(Some(item))? {
                self.judgement
                    .changes
                    .insert(Change::Annotated { page: index });
            } else {
                self.content(Some(page.id), item)?;
            }
        }
        for item in after.iter().filter(|item| !before.contains(item)) {
            if item.as_ref().is_some_and(|id| added.contains(&id)) {
                continue;
            }
            if annotations_open {
                self.judgement
                    .changes
                    .insert(Change::Annotated { page: index });
            } else {
                self.violate(item.as_ref().or(Some(page.id)), "an annotation was added");
            }
        }
        Ok(())
    }

    /// Two values at the same place must be the same, with all they refer to.
    fn same(
        &mut self,
        owner: impl Into<Option<ObjRef>>,
        before: Option<&Object>,
        after: Option<&Object>,
    ) -> Result<(), PdfError> {
        let owner = owner.into();
        let (null, before) = (Object::Null, before);
        let before = before.unwrap_or(&null);
        if before != after.unwrap_or(&null) {
            self.violate(owner, "a value was replaced");
        }
        self.content(owner, before)
    }

    /// Walks everything a value of the earlier revision refers to; none of it may have changed.
    fn content(&mut self, owner: Option<ObjRef>, value: &Object) -> Result<(), PdfError> {
        let mut stack = vec![value.clone()];
        while let Some(value) = stack.pop() {
            match value {
                Object::Ref(id) => {
                    if self.structural.contains(&id.num) || !self.visited.insert(id.num) {
                        continue;
                    }
                    let before = self.old.get(id)?;
                    if self.changed.contains(&id.num) && !self.is_same_value(id, &before) {
                        self.violate(Some(id).or(owner), "content was replaced");
                    }
                    stack.push((*before).clone());
                }
                Object::Array(items) => stack.extend(items),
                Object::Dict(dict) => stack.extend(dict.0.into_values()),
                Object::Stream(stream) => stack.extend(stream.dict.0.into_values()),
                Object::Null
                | Object::Bool(_)
                | Object::Int(_)
                | Object::Real(_)
                | Object::String(_)
                | Object::Name(_) => {}
            }
        }
        Ok(())
    }

    /// Whether an object that was written anew says the same; a stream never counts as the same.
    fn is_same_value(&self, id: ObjRef, before: &Object) -> bool {
        before.as_stream().is_none() && self.new.get(id).is_ok_and(|after| *after == *before)
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
