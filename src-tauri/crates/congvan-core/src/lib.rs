//! The desk without a face: use cases, the sync driver, the event bus.
//!
//! Any host (the Tauri shell, the web host of the tests, a command line) makes one [`Desk`] and
//! calls its methods; [`DeskEvent`]s tell the host what may have changed.
//!
//! Invariant: the only crate that spawns tasks, and every task is tracked and ends with the desk.
//! Invariant: an act of the person is durable before its method returns.

mod clock;
mod config;
mod desk;
mod documents;
mod driver;
mod error;
mod events;
mod pin;
mod session;
mod signing;
mod status;
mod tokens;
mod viewing;

pub use config::{ConfigError, ProvinceConfig};
pub use desk::{Desk, DeskConfig, Phase, Status, VaultChoice};
pub use error::{CertificateFault, DeskError, Result};
pub use events::{ChangeTag, DeskEvent, Notice, NoticeKind, PinRequest};
pub use pin::PinAnswer;
pub use signing::{Placement, SignOrder, SignStage, Signed};
pub use status::{NetworkState, SyncStatus, Transfer};
pub use tokens::{CertificateState, CertificateView, ModuleView, TokenView};

pub use congvan_store::{
    ActEntry, ActFate, DocumentDetail, DocumentRow, FileView, Filter, ListPage, ListQuery,
    OpinionView, PageKey, Place, RevisionView, Sent, StoreError, View, ViewCounts,
};
pub use congvan_worker::{
    Loss, PageSize, PageText, Pin, PinState, RenderError, TextLine, TextWord, TokenError,
    WorkerPaths,
};
