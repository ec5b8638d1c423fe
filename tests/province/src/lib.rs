//! The reference server of a province: the executable specification of the protocol, the demo's
//! server, the load target. An embedded SQLite store, HTTPS, faults on demand.
//!
//! Invariant: an op's result is committed with its effect. Invariant: a blob row never precedes
//! durable bytes. Invariant: nothing is served to an account that has no row in `access` for it.

mod error;

mod clock;
mod config;
mod db;
mod keys;
mod text;

mod accounts;
mod activities;
mod auth;
mod axis;
mod blobs;
mod books;
mod calendars;
mod courier;
mod course;
mod delivery;
mod directory;
mod dossiers;
mod entity;
mod feed;
mod gate;
mod hub;
mod inventory;
mod mandates;
mod mutant;
mod office;
mod ops;
mod origin;
mod posts;
mod round;
mod uploads;

mod faults;
mod http;
mod quiet;
mod returning;
mod running;
mod seed;
mod stats;
mod tasks;

pub use axis::{AxisDelivery, AxisStatus};
pub use books::NumbersReport;
pub use clock::Clock;
pub use config::{ProvinceConfig, Seed, read_trust};
pub use error::ProvinceError;
pub use faults::{FaultAction, FaultRule};
pub use http::openapi_json;
pub use mutant::Mutant;
pub use office::{RestoreMark, restore_mark};
pub use quiet::{Answered, QuietProvince, Visitor};
pub use running::{Province, RunningProvince};
pub use stats::{RevisionStat, Stats, UploadStat};
