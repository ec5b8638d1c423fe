//! The store on real files.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

mod acts;
mod batch;
mod blobs;
mod brake;
mod completions;
mod faults;
mod feed;
mod history;
mod images;
mod keeping;
mod keyring;
mod kill;
mod numbers;
mod opening;
mod power;
mod received;
mod recovery;
mod registering;
mod safety;
mod scans;
mod scans_words;
mod search;
mod support;
mod upgrade;
mod webview;
