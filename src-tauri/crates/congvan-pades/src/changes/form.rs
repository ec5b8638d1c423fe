//! The form: fields may be added, filled and signed where nothing forbids it.

use std::collections::{HashMap, HashSet};

use congvan_pdf::{Dict, Document, Field, FieldKind, ObjRef, Object, PdfError};

use super::{Comparison, keeps, union};
use crate::{Change, Permission, numbers::is_blank};

impl Comparison<'_, '_, '_> {
    /// Judges the form; gives the widgets of fields that are new.
    pub(super) fn form(&mut self, old: &Dict, new: &Dict) -> Result<HashSet<ObjRef>, PdfError> {
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
}
