//! The clients against real servers, with their faults on demand.

mod evidence;
mod issuers;
mod reach;
mod session;
mod support;
mod transfers;
