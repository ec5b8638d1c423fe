//! Whole stories on the real desk: core, store, workers, token and PDFium, against the province's
//! real server over TLS.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::print_stdout
)]

mod bad_input;
mod batch;
mod batch_card;
mod batch_crash;
mod batch_files;
mod batch_numbers;
mod batch_worker;
mod capacity;
mod completion;
mod copies;
mod courier;
mod crash;
mod cuts;
mod deadlines;
mod deputy;
mod directory;
mod dossiers;
mod exchange;
mod face;
mod format;
mod handling;
mod host;
mod house;
mod importing;
mod intake;
mod intake_reading;
mod issuing;
mod keyring;
mod looks;
mod network;
mod not_taken;
mod notes;
mod office;
mod offline;
mod outgoing;
mod people;
mod posts;
mod reading;
mod received;
mod registering;
mod registers;
mod returned;
mod scanning;
mod shown;
mod small_disk;
mod stamps;
mod statistics;
mod tasks;
mod token;
mod tray;
mod two_desks;
mod words;
