//! The store on real files.

mod acts;
mod batch;
mod blobs;
mod completions;
mod feed;
mod history;
mod images;
mod keyring;
mod kill;
mod opening;
mod search;
mod support;
