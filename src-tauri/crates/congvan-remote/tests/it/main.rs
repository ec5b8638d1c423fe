//! The client against the real reference server, with its faults on demand.

mod reach;
mod session;
mod support;
mod transfers;
