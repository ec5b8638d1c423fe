//! The reference server over raw HTTP: each rule of the protocol, on the real thing.

mod auth;
mod blobs;
mod contract;
mod faults;
mod feed;
mod office;
mod ops;
mod signing;
mod uploads;
