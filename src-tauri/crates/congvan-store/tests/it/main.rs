//! The store on real files.

mod acts;
mod blobs;
mod feed;
mod keyring;
mod kill;
mod opening;
mod search;
mod support;
