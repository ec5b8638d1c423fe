//! The store on real files.

mod acts;
mod batch;
mod blobs;
mod brake;
mod completions;
mod feed;
mod history;
mod images;
mod keeping;
mod keyring;
mod kill;
mod numbers;
mod opening;
mod search;
mod support;
