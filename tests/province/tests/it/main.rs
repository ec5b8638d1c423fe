//! The reference server over raw HTTP: each rule of the protocol, on the real thing.

#![expect(
    clippy::indexing_slicing,
    reason = "a test that finds nothing there has failed"
)]

mod auth;
mod blobs;
mod books;
mod capacity;
mod clerk;
mod contract;
mod copies;
mod directory;
mod dossiers;
mod events;
mod faults;
mod feed;
mod handling;
mod importing;
mod inventory;
mod issuing;
mod journal;
mod leases;
mod load;
mod matrix;
mod office;
mod ops;
mod outgoing;
mod posts;
mod presenting;
mod program;
mod received;
mod restored;
mod signing;
mod tasks;
mod uploads;
