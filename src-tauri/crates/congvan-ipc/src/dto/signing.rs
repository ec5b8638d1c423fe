use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// A PKCS#11 module found on this machine.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct ModuleDto {
    /// Handle for the other commands; never a path.
    pub id: String,
    /// Name for people, e.g. `VGCA Token (bit4id)`.
    pub name: String,
    /// Whether it is a simulated token for training and tests.
    pub simulator: bool,
    /// How many tokens are plugged in behind it.
    pub tokens: u32,
    /// Error code when it cannot be loaded.
    pub problem: Option<String>,
}

/// Arguments of `token_list`.
#[derive(Clone, Debug, Deserialize, TS)]
pub struct ModuleArgs {
    /// `id` of a [`ModuleDto`].
    pub module: String,
}

/// What is known of the tries left.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum PinState {
    /// No wrong try lately.
    Ok,
    /// Few tries left.
    CountLow,
    /// One try left.
    FinalTry,
    /// Locked.
    Locked,
    /// No PIN has been set.
    NotInitialised,
}

/// A token that is plugged in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct TokenDto {
    /// The module it is behind.
    pub module: String,
    /// Serial number: names the token in `sign`.
    pub serial: String,
    /// Label, as printed on it or given by its owner.
    pub label: String,
    /// Maker and model.
    pub model: String,
    /// Tries left.
    pub pin_state: PinState,
    /// The PIN is typed on the reader itself.
    pub pin_pad: bool,
    /// The certificates with a key on the token.
    pub certificates: Vec<CertificateDto>,
}

/// Whether a certificate can sign.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum CertificateState {
    /// Yes.
    Usable,
    /// Past its end.
    Expired,
    /// Before its start.
    NotYetValid,
    /// Not for signing documents.
    WrongUsage,
    /// Does not lead to a trusted root.
    Untrusted,
    /// Revoked by its authority.
    Revoked,
}

/// A certificate on a token.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct CertificateDto {
    /// SHA-256 of its DER: binds the choice.
    pub sha256: String,
    /// Whose: the common name.
    pub subject: String,
    /// The organisation in its subject.
    pub organisation: String,
    /// Issuer's common name.
    pub issuer: String,
    /// Serial number, hexadecimal.
    pub serial: String,
    /// Valid from.
    pub not_before: i64,
    /// Valid to.
    pub not_after: i64,
    /// E.g. `RSA 2048`.
    pub key: String,
    /// Whether it can sign, and if not, why.
    pub state: CertificateState,
    /// Whether the office has registered it for this account.
    pub registered: bool,
}

/// Where the signature goes: millimetres from the top left of the page as displayed.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct Placement {
    /// Page, from 0.
    pub page: u32,
    /// Left edge.
    pub x_mm: f32,
    /// Top edge.
    pub y_mm: f32,
    /// Width.
    pub w_mm: f32,
    /// Height.
    pub h_mm: f32,
}

/// Arguments of `sign`. Answers when the signed revision is stored (or nothing is).
#[derive(Clone, Debug, Deserialize, TS)]
pub struct SignArgs {
    /// The document.
    pub document: String,
    /// The file.
    pub file: String,
    /// Hash of what was shown: only that is signed.
    pub shown: String,
    /// Module.
    pub module: String,
    /// Token.
    pub token_serial: String,
    /// Certificate.
    pub certificate: String,
    /// Where; none for an invisible signature.
    pub placement: Option<Placement>,
}

/// Answer of `sign`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct SignOutcome {
    /// Hash of the signed state, now the head.
    pub sha256: String,
    /// Level reached, e.g. `B-B`.
    pub level: String,
    /// Bytes that will be uploaded: the tail only.
    pub upload_bytes: u64,
}

/// The stages of a signing, for the progress line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum SignStage {
    /// Nothing under way.
    Idle,
    /// The document is examined and the signature's place made.
    Preparing,
    /// The PIN window is open.
    WaitingForPin,
    /// The token works.
    Signing,
    /// Our own check of the result.
    Verifying,
    /// Being written to disk.
    Storing,
}

/// Answer of `sign_progress`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct SignProgress {
    /// The stage.
    pub stage: SignStage,
    /// The document at work.
    pub document: Option<String>,
}

/// Arguments of `pin_answer`, from the PIN window only.
#[derive(Clone, Deserialize, TS)]
pub struct PinAnswer {
    /// The request that the window was opened for.
    pub request: String,
    /// The PIN; none to cancel. On a reader with a keypad (`mode=pad`), where nothing is typed
    /// here, none with the consent below means: go on. This type has no `Debug`.
    pub pin: Option<String>,
    /// The new PIN, where the window was opened for changing it (`mode=change`).
    #[serde(default)]
    #[ts(optional)]
    pub new_pin: Option<String>,
    /// The user has agreed to spend the last try.
    pub final_try_consent: bool,
}

/// ETSI EN 319 102-1: total-passed, total-failed, indeterminate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum SignatureStatus {
    /// Valid.
    Valid,
    /// Invalid: altered or forged.
    Invalid,
    /// Could not be checked completely.
    CouldNotCheck,
}

/// What a signature is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum SignatureKind {
    /// An ordinary signature.
    Approval,
    /// The author's, which says what may be changed after it.
    Certification,
    /// A time stamp over the whole document.
    TimeStamp,
}

/// How far a signature reaches.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum SignatureCoverage {
    /// The file to its last byte.
    Whole,
    /// The file as it was when it was signed; something was added behind.
    Revision,
    /// Could not be established.
    Unclear,
}

/// One signature in a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct SignatureDto {
    /// Field name.
    pub field: String,
    /// Who: the certificate's common name.
    pub signer: String,
    /// The organisation in the certificate.
    pub organisation: String,
    /// Issuer's common name.
    pub issuer: String,
    /// What it is for.
    pub kind: SignatureKind,
    /// Claimed time of signing: by the clock of the signer's machine.
    pub claimed_at: Option<i64>,
    /// Time by a trusted time stamp; none where no such is in the file.
    pub stamped_at: Option<i64>,
    /// The tool wrote local time as if it were UTC: the claimed time is seven hours off.
    pub zone_wrong: bool,
    /// The certificate's period and serial number (hexadecimal).
    pub not_before: Option<i64>,
    /// See above.
    pub not_after: Option<i64>,
    /// See above.
    pub serial: String,
    /// The verdict.
    pub status: SignatureStatus,
    /// Codes of the reasons, e.g. `HASH_MISMATCH`, `NO_REVOCATION_DATA`, `CHAIN_UNTRUSTED`.
    pub reasons: Vec<String>,
    /// Level, e.g. `B-B`.
    pub level: String,
    /// Covers the file to its last byte.
    pub covers_whole_file: bool,
    /// The same in three words.
    pub coverage: SignatureCoverage,
    /// What came after it: codes such as `SIGNATURE_ADDED`, `CONTENT_CHANGED`.
    pub changes_after: Vec<String>,
}

/// Answer of `signatures`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct SignatureReport {
    /// In the order of signing.
    pub signatures: Vec<SignatureDto>,
}
