//! The process wall around native code: messages, and clients that supervise the processes.
//!
//! PDFium reads hostile files and vendors' PKCS#11 modules hang and crash, so both run in the
//! `congvan-worker` program (package `congvan-worker-bin`) and the desk talks to it over pipes.
//! A crash, a hang, garbage on the pipe and a short answer are ordinary typed errors here; the
//! next call starts a new process.
//!
//! Decision: the library and the program are two packages. Cargo cannot give one target of a
//! package its own dependencies, and a feature would be unified across the workspace; two packages
//! keep PDFium and PKCS#11 bindings provably out of the shell (`cargo tree -p congvan`).
//!
//! Decision: each process has its own supervising thread with a small runtime. The thread outlives
//! every call, so the kernel's "die with the parent" signal, which follows the *thread* that made
//! the child, is right; and byte sources that decipher blobs may block without stalling anyone.
//!
//! Invariant: no native library is linked here; no call is without a deadline; a PIN is written to
//! one pipe once, from a buffer that is wiped, and is never sent again by this crate.

mod crops;
pub mod frame;
mod letter;
mod loss;
pub mod ocr;
mod office;
mod pin;
mod process;
pub mod render;
pub mod token;
mod training;
mod turning;
pub mod wire;

pub use letter::{
    LetterError, LetterPage, LetterText, ReadPicture, read_for_fields, read_head, read_whole_page,
};
pub use loss::Loss;
pub use ocr::{OcrClient, OcrError, OcrLayout, OcrLine, OcrPaths, OcrTurn, OcrWord};
pub use office::{OFFICE_DEADLINE, OfficeError, OfficeFormat, OfficePdf, OfficeProgram};
pub use pin::Pin;
pub use process::WorkerPaths;
pub use render::{
    DocumentHandle, GreyPicture, OpenDocument, PageInk, PagePart, PagePicture, PageScan, PageSize,
    PageText, RenderClient, RenderDeadlines, RenderError, SandboxProbe, TextLine, TextWord,
};
pub use token::{
    CardService, Discovery, Hash, KeyKind, KnownCard, LibraryInfo, ModuleFit, ModuleHint,
    ModuleInfo, ModuleOrigin, PinState, PresentToken, ReaderContent, ReaderInfo, SessionId,
    SignAlgorithm, TokenCertificate, TokenClient, TokenDeadlines, TokenError, TokenEvent,
    TokenInfo,
};
pub use training::{Scenario, TRAINING_FILE, TRAINING_PIN};
pub use wire::{Guard, Sandbox};
