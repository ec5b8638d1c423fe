//! The messages on the pipe. Both sides are always installed together, so a change of any message
//! raises [`PROTOCOL`] and needs no compatibility.

use serde::{Deserialize, Serialize};

use crate::{
    Pin,
    ocr::{OcrError, OcrLayout, OcrLine},
    pin::on_the_wire,
    render::{GreyPicture, PageInk, PageScan, PageSize, PageText, RenderError, SandboxProbe},
    token::{
        CardService, Discovery, LibraryInfo, ModuleInfo, PresentToken, SignAlgorithm, TokenError,
        TokenInfo,
    },
    training::Scenario,
};

/// The version of the messages below.
pub const PROTOCOL: u16 = 8;

/// A document's bytes are asked for in blocks of this size, in which blobs are enciphered.
pub const BLOCK: u64 = 64 << 10;

/// The first four bytes of every hello: tells our program from any other.
pub const MAGIC: [u8; 4] = *b"CVWK";

/// What a worker does in its life.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Role {
    /// PDFium.
    Render,
    /// One PKCS#11 module, or discovery without any.
    Token,
    /// Tesseract.
    Ocr,
}

/// Whether a protection took effect.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Guard {
    /// It is in force.
    Applied,
    /// This role does not use it.
    NotUsed,
    /// The system does not offer it; the reason is for the diagnosis view.
    Unavailable(String),
}

/// The protections of a worker process, reported by itself in the hello.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sandbox {
    /// No file can be opened (Linux: landlock), fonts excepted.
    pub file_system: Guard,
    /// No socket, no new program (Linux: seccomp).
    pub system_calls: Guard,
    /// Memory is limited.
    pub memory: Guard,
    /// The system ends it when the desk ends; besides, it ends by itself when its pipe closes.
    pub dies_with_parent: Guard,
}

/// The worker's first message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hello {
    /// Always [`MAGIC`].
    pub magic: [u8; 4],
    /// Its [`PROTOCOL`].
    pub protocol: u16,
    /// What it does.
    pub role: Role,
    /// What confines it.
    pub sandbox: Sandbox,
}

/// From the desk to a render worker.
#[derive(Debug, Serialize, Deserialize)]
pub enum ToRender {
    /// A call; answered by exactly one [`FromRender::Reply`] with the same id.
    Call {
        /// Rises with every call of this process.
        id: u32,
        /// What to do.
        call: RenderCall,
    },
    /// The answer to [`FromRender::Need`]: exactly as many bytes as were asked for.
    Bytes(#[serde(with = "serde_bytes")] Vec<u8>),
    /// The answer to [`FromRender::Need`] when the bytes cannot be had.
    BytesFailed,
}

/// What a render worker can do.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub enum RenderCall {
    /// Opens a document whose bytes are asked for as needed.
    Open {
        /// The desk's number for it.
        document: u64,
        /// Its length in bytes.
        length: u64,
        /// Its first blocks: a letter that a program made is there whole, and nothing of it need be
        /// asked for. Empty where they cannot be had now.
        #[serde(with = "serde_bytes")]
        head: Vec<u8>,
        /// Its last block, where every reader begins, if it is not in `head`.
        #[serde(with = "serde_bytes")]
        tail: Vec<u8>,
    },
    /// One page as PNG.
    PagePng {
        /// From [`RenderCall::Open`].
        document: u64,
        /// From 0.
        page: u32,
        /// Width in pixels; the height follows from the page.
        width_px: u32,
    },
    /// The text of one page with positions.
    PageText {
        /// From [`RenderCall::Open`].
        document: u64,
        /// From 0.
        page: u32,
    },
    /// The upper part of a page for reading.
    PageScan {
        /// From [`RenderCall::Open`].
        document: u64,
        /// From 0.
        page: u32,
        /// Dots per inch.
        dpi: u32,
        /// How much of the height, 0..1.
        part: f32,
    },
    /// Where a page carries ink.
    PageInk {
        /// From [`RenderCall::Open`].
        document: u64,
        /// From 0.
        page: u32,
    },
    /// How a page is set.
    PageTypeset {
        /// From [`RenderCall::Open`].
        document: u64,
        /// From 0.
        page: u32,
    },
    /// A new PDF out of pages of documents; it comes in pieces before the reply.
    Assemble {
        /// Its pages in order.
        pages: Vec<WirePart>,
    },
    /// Forgets a document.
    Close {
        /// From [`RenderCall::Open`].
        document: u64,
    },
    /// Tries what the sandbox must refuse.
    Probe,
}

/// A page of a PDF to be made.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub enum WirePart {
    /// A page of an open document.
    Page {
        /// From [`RenderCall::Open`].
        document: u64,
        /// From 0.
        page: u32,
        /// Quarter turns clockwise, 0..=3.
        turns: u8,
        /// Degrees clockwise by which it lies askew and is turned back.
        skew: f32,
    },
    /// An empty page.
    Empty {
        /// In points.
        width_pt: f32,
        /// In points.
        height_pt: f32,
    },
}

/// From a render worker to the desk.
#[derive(Debug, Serialize, Deserialize)]
pub enum FromRender {
    /// It needs bytes of a document in order to go on; answered by [`ToRender::Bytes`].
    Need {
        /// Which document.
        document: u64,
        /// First byte.
        offset: u64,
        /// How many; always inside the document.
        length: u32,
    },
    /// The next bytes of the PDF that [`RenderCall::Assemble`] makes.
    Piece(#[serde(with = "serde_bytes")] Vec<u8>),
    /// The end of a call.
    Reply {
        /// The call's id.
        id: u32,
        /// What came of it.
        result: Result<RenderReply, RenderError>,
    },
}

/// The good answers of a render worker, in the order of [`RenderCall`].
#[derive(Debug, Serialize, Deserialize)]
pub enum RenderReply {
    /// The sizes of all pages.
    Opened(Vec<PageSize>),
    /// A PNG file.
    Png(#[serde(with = "serde_bytes")] Vec<u8>),
    /// The text.
    Text(PageText),
    /// A part of the page for reading.
    Scan(PageScan),
    /// Where it carries ink.
    Ink(PageInk),
    /// How it is set.
    Typeset(congvan_format::Page),
    /// The PDF is made: so many bytes were sent.
    Assembled(u64),
    /// Forgotten.
    Closed,
    /// What was refused.
    Probed(SandboxProbe),
}

/// From the desk to an OCR worker.
#[derive(Debug, Serialize, Deserialize)]
pub struct ToOcr {
    /// Rises with every call of this process.
    pub id: u32,
    /// What to do.
    pub call: OcrCall,
}

/// What an OCR worker can do.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub enum OcrCall {
    /// Reads a picture.
    Read {
        /// The picture.
        picture: GreyPicture,
        /// How it is laid out.
        layout: OcrLayout,
    },
    /// Tries what the sandbox must refuse.
    Probe,
}

/// From an OCR worker to the desk: the end of a call.
#[derive(Debug, Serialize, Deserialize)]
pub struct FromOcr {
    /// The call's id.
    pub id: u32,
    /// What came of it.
    pub result: Result<OcrReply, OcrError>,
}

/// The good answers of an OCR worker, in the order of [`OcrCall`].
#[derive(Debug, Serialize, Deserialize)]
pub enum OcrReply {
    /// What was read.
    Lines(Vec<OcrLine>),
    /// What was refused.
    Probed(SandboxProbe),
}

/// From the desk to a token worker. No `Debug`: it may carry a PIN.
#[derive(Serialize, Deserialize)]
pub struct ToToken {
    /// Rises with every call of this process.
    pub id: u32,
    /// What to do.
    pub call: TokenCall,
}

/// What a token worker can do. No `Debug`: it may carry a PIN.
#[derive(Serialize, Deserialize)]
pub enum TokenCall {
    /// Lists the modules on this machine without loading any.
    Discover(Discovery),
    /// Asks the system's card service for readers.
    Readers,
    /// What the module says of itself.
    About,
    /// From now on tell of insertions and removals unasked, where the module can.
    Watch,
    /// Tells the simulated token what to do from now on, with a fresh counter of tries.
    Train(Scenario),
    /// Lists tokens with their certificates.
    Tokens,
    /// Lists which tokens are plugged in; cheap, for watching.
    Presence,
    /// Logs in and holds the key of one certificate.
    Open {
        /// Which token, by serial number.
        serial: String,
        /// SHA-256 of the chosen certificate.
        certificate: [u8; 32],
        /// The PIN, or nothing when the reader has its own keypad.
        #[serde(with = "on_the_wire")]
        pin: Option<Pin>,
        /// The user agreed to spend the last try.
        final_try_consent: bool,
    },
    /// Signs with the open session.
    Sign {
        /// From [`TokenReply::Opened`].
        session: u64,
        /// How.
        algorithm: SignAlgorithm,
        /// The message; hashed in the worker or on the token.
        #[serde(with = "serde_bytes")]
        data: Vec<u8>,
    },
    /// Logs out and forgets the PIN.
    Close {
        /// From [`TokenReply::Opened`].
        session: u64,
    },
    /// Changes the user's PIN.
    ChangePin {
        /// Which token, by serial number.
        serial: String,
        /// The present PIN, or nothing when the reader has its own keypad.
        #[serde(with = "on_the_wire")]
        old: Option<Pin>,
        /// The new PIN, or nothing likewise.
        #[serde(with = "on_the_wire")]
        new: Option<Pin>,
        /// The user agreed to spend the last try.
        final_try_consent: bool,
    },
}

/// From a token worker to the desk: the end of a call.
#[derive(Debug, Serialize, Deserialize)]
pub struct FromToken {
    /// The call's id.
    pub id: u32,
    /// What came of it.
    pub result: Result<TokenReply, TokenError>,
}

/// The good answers of a token worker, in the order of [`TokenCall`].
#[derive(Debug, Serialize, Deserialize)]
pub enum TokenReply {
    /// Modules found.
    Modules(Vec<ModuleInfo>),
    /// Readers found.
    Readers(CardService),
    /// The module's words.
    About(LibraryInfo),
    /// Whether it will tell.
    Watching(bool),
    /// The simulated token will do so.
    Trained,
    /// Tokens found.
    Tokens(Vec<TokenInfo>),
    /// Tokens plugged in.
    Presence(Vec<PresentToken>),
    /// Logged in.
    Opened {
        /// The worker's number for the session.
        session: u64,
    },
    /// The signature, verified with the certificate's public key.
    Signature(#[serde(with = "serde_bytes")] Vec<u8>),
    /// Logged out.
    Closed,
    /// The PIN is changed.
    PinChanged,
    /// Sent unasked, with the id 0: something was plugged in or pulled.
    SlotEvent {
        /// The worker goes on waiting for the next one.
        waits: bool,
        /// A card went.
        gone: bool,
    },
}
