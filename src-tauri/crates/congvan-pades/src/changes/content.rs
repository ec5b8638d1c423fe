//! What is shown: pages with all they refer to, which stay as they were, and their annotations.

use std::collections::HashSet;

use congvan_pdf::{Dict, ObjRef, Object, Page, PdfError};

use super::{Comparison, keeps, union};
use crate::{Change, Permission};

impl Comparison<'_, '_, '_> {
    /// Whether a value, or what it refers to at any depth up to its own kind of limit, changed.
    pub(super) fn reaches_change(&self, value: Option<&Object>) -> Result<bool, PdfError> {
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

    pub(super) fn page(
        &mut self,
        index: usize,
        page: &Page,
        added: &HashSet<ObjRef>,
    ) -> Result<(), PdfError> {
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
    pub(super) fn same(
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
    pub(super) fn content(
        &mut self,
        owner: Option<ObjRef>,
        value: &Object,
    ) -> Result<(), PdfError> {
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
