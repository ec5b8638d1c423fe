//! The clients against real servers, with their faults on demand.
#![allow(clippy::indexing_slicing, clippy::print_stdout)]

mod big;
mod courier;
mod escl;
mod evidence;
mod hints;
mod issuers;
mod lines;
mod link;
mod proxy;
mod reach;
mod scripted;
mod session;
mod support;
mod transfers;
