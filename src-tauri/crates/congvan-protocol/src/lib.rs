//! The wire protocol between the desk and the province's server, version 1.
//!
//! Types, and the pure rules that both sides must compute alike: inventory digests, the numbers of a
//! book, and the life of a document. The OpenAPI description is generated from them (`openapi` in
//! `tests/province`) and checked in as `tests/province/openapi.json`. Everything new is optional or a new variant, so
//! that desk and server may be upgraded in either order.
//!
//! Invariant: no I/O, no clock; unknown JSON fields are ignored, never an error.

mod about;
mod auth;
mod blob;
mod book;
mod capacity;
mod courier;
mod directory;
mod entity;
mod events;
mod health;
mod inventory;
mod posts;
mod problem;
mod sync;

pub mod calendar;
pub mod dossier;
pub mod handling;
pub mod import;
pub mod numbers;
pub mod task;

pub use about::OpinionAbout;
pub use auth::{
    AccountInfo, AgencyInfo, CompletionRules, LeaderInfo, LoginRequest, Post, ReadingRule,
    RefreshRequest, SessionInfo, SignerBinding, SigningRules, TimeStampingAuthority, Tokens,
    UploadLimits,
};
pub use blob::{
    BlobHeaders, INTEROP_VERSION, PARTIAL_UPLOAD, format_digest, headers, parse_digest,
};
pub use book::{
    Acknowledged, BookState, BreakAnswer, BreakRequest, FieldOfActivity, Lease, LeaseInfo,
    LeaseRequest, LeasedNumber, RegisteredFile, Registration, RegistrationFields, ReturnRequest,
    VoidEntry, WithdrawnEntry,
};
pub use capacity::{Acting, Capacity, Mandate, MandateKind, NewMandate, NoCapacity, REFERENCE_MAX};
pub use courier::{
    BUNDLE_DAYS, Bundle, BundleAnswer, BundleBase, BundleFile, CarryAnswer, CarryRequest, DeskKeys,
};
pub use directory::{Agency, AgencyPage};
pub use entity::{
    Document, Entity, EntityType, FileRef, FileRole, FlowStep, Issuer, Opinion, OpinionKind,
    Revision, SignatureLevel, Signer,
};
pub use events::{PING_EVENT, PingEvent, STATE_EVENT, StateEvent};
pub use health::{Health, Load};
pub use inventory::{
    INVENTORY_BUCKETS, InventoryBodies, InventoryBodiesRequest, InventoryBucket, InventoryItem,
    InventoryKey, InventorySummary, inventory_bucket, inventory_digest, inventory_term,
};
pub use posts::{GIVEN_ROLES, NewPost, TITLE_MAX, may_give_post};
pub use problem::{Problem, ProblemCode};
pub use sync::{
    Change, ChangeKind, GivenNumber, Intent, Op, OpOutcome, OpResult, Receipt, SyncRequest,
    SyncResponse, content_hash_input,
};

/// The prefix of every path of this version.
pub const BASE_PATH: &str = "/v1";

#[cfg(test)]
mod wire_tests;
