//! Faults on demand: what a bad network or a tired server does, at a chosen point.

use std::sync::{
    Mutex, PoisonError,
    atomic::{AtomicBool, AtomicU64, Ordering},
};

use futures_util::task::AtomicWaker;
use serde::{Deserialize, Serialize};

/// What goes wrong.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FaultAction {
    /// The connection dies before the request is handled.
    CutBefore,
    /// The request is handled and committed; the connection dies before the answer.
    CutAfter,
    /// The connection dies after so many bytes of the request's body have been handled.
    CutBodyAfter(u64),
    /// The connection dies after so many bytes of the answer's body have been sent.
    CutAnswerAfter(u64),
    /// The request's body stops coming after so many bytes, and the connection stays open.
    HangBodyAfter(u64),
    /// The request waits so many milliseconds before it is handled.
    DelayMs(u64),
    /// The request is refused with `OVERLOADED` and this `Retry-After`.
    Overloaded(u32),
    /// A captive portal answers with a page and status 200.
    CaptivePortal,
    /// Health names another province.
    OtherProvince(String),
}

/// When something goes wrong.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FaultRule {
    /// HTTP method; none for any.
    #[serde(default)]
    pub method: Option<String>,
    /// What the path starts with, e.g. `/v1/uploads/`.
    pub path: String,
    /// How many matching requests pass unharmed first.
    #[serde(default)]
    pub skip: u32,
    /// How many are then hit; none for all until cleared.
    #[serde(default)]
    pub times: Option<u32>,
    /// What happens to them.
    pub action: FaultAction,
}

impl FaultRule {
    /// Hits the next request with that method (empty: any) and path prefix, once.
    #[must_use]
    pub fn once(method: &str, path: &str, action: FaultAction) -> Self {
        let method = (!method.is_empty()).then(|| method.to_owned());
        Self {
            method,
            path: path.to_owned(),
            skip: 0,
            times: Some(1),
            action,
        }
    }

    /// Hits every request with that path prefix until the faults are cleared.
    #[must_use]
    pub fn always(path: &str, action: FaultAction) -> Self {
        Self {
            method: None,
            path: path.to_owned(),
            skip: 0,
            times: None,
            action,
        }
    }
}

/// The rules in force.
#[derive(Default)]
pub(crate) struct Faults {
    rules: Mutex<Vec<FaultRule>>,
}

impl Faults {
    pub(crate) fn add(&self, rule: FaultRule) {
        self.rules
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(rule);
    }

    pub(crate) fn clear(&self) {
        self.rules
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clear();
    }

    pub(crate) fn left(&self) -> usize {
        self.rules
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .len()
    }

    /// What happens to this request; each rule that matches counts it.
    pub(crate) fn strike(&self, method: &str, path: &str) -> Vec<FaultAction> {
        let mut rules = self.rules.lock().unwrap_or_else(PoisonError::into_inner);
        let mut actions = Vec::new();
        for rule in rules.iter_mut() {
            let of_method = rule.method.as_deref().is_none_or(|wanted| wanted == method);
            if !of_method || !path.starts_with(&rule.path) {
                continue;
            }
            if rule.skip > 0 {
                rule.skip -= 1;
                continue;
            }
            if let Some(times) = &mut rule.times {
                *times = times.saturating_sub(1);
            }
            actions.push(rule.action.clone());
        }
        rules.retain(|rule| rule.times != Some(0));
        actions
    }
}

/// The switch that cuts one connection: its stream fails from then on, in both directions.
#[derive(Default)]
pub(crate) struct CutSwitch {
    cut: AtomicBool,
    reader: AtomicWaker,
    writer: AtomicWaker,
    written: AtomicU64,
    progress: AtomicWaker,
}

impl CutSwitch {
    pub(crate) fn cut(&self) {
        self.cut.store(true, Ordering::SeqCst);
        self.reader.wake();
        self.writer.wake();
    }

    /// So many more bytes went out.
    pub(crate) fn note_written(&self, bytes: usize) {
        self.written.fetch_add(bytes as u64, Ordering::SeqCst);
        self.progress.wake();
    }

    /// How many bytes have gone out; the task is woken when more do.
    pub(crate) fn poll_written(&self, context: &std::task::Context<'_>) -> u64 {
        self.progress.register(context.waker());
        self.written.load(Ordering::SeqCst)
    }

    /// Whether it was cut; else the task is woken when it is.
    pub(crate) fn poll_read(&self, context: &std::task::Context<'_>) -> bool {
        self.reader.register(context.waker());
        self.cut.load(Ordering::SeqCst)
    }

    pub(crate) fn poll_write(&self, context: &std::task::Context<'_>) -> bool {
        self.writer.register(context.waker());
        self.cut.load(Ordering::SeqCst)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rule_skips_then_hits_then_is_over() {
        let faults = Faults::default();
        let mut rule = FaultRule::once("PATCH", "/v1/uploads/", FaultAction::CutBefore);
        rule.skip = 1;
        faults.add(rule);
        assert!(faults.strike("PATCH", "/v1/uploads/1").is_empty());
        assert!(faults.strike("HEAD", "/v1/uploads/1").is_empty());
        assert_eq!(
            faults.strike("PATCH", "/v1/uploads/1"),
            [FaultAction::CutBefore]
        );
        assert!(faults.strike("PATCH", "/v1/uploads/1").is_empty());
    }
}
