use std::collections::BTreeMap;

use serde::Serialize;
use ts_rs::TS;

macro_rules! error_codes {
    ($($(#[$doc:meta])* $name:ident = $code:literal;)*) => {
        /// Every way a command can fail. The catalogues have `err.CODE` (what happened, what is
        /// safe) and `rec.CODE` (what to do now) for each.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, TS)]
        pub enum ErrorCode {
            $($(#[$doc])* #[serde(rename = $code)] #[ts(rename = $code)] $name,)*
        }
        impl ErrorCode {
            /// All codes, for the catalogues' completeness check.
            pub const ALL: &[Self] = &[$(Self::$name),*];
            /// The code as it crosses the border.
            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$name => $code,)* }
            }
        }
    };
}

error_codes! {
    /// No province is configured on this machine.
    ConfigMissing = "CONFIG_MISSING";
    /// Unknown account or wrong password.
    BadCredentials = "BAD_CREDENTIALS";
    /// Too many wrong passwords; the server asks to wait (`seconds`).
    TooManyAttempts = "TOO_MANY_ATTEMPTS";
    /// The session was revoked at the server; log in again. Local data stays.
    SessionExpired = "SESSION_EXPIRED";
    /// Nobody is logged in.
    NotLoggedIn = "NOT_LOGGED_IN";
    /// The desk is covered until its person's password is typed.
    Locked = "LOCKED";
    /// The server does not answer.
    NetUnreachable = "NET_UNREACHABLE";
    /// Something answers, but not the province's server (captive portal, other network).
    NetWrongNetwork = "NET_WRONG_NETWORK";
    /// The office's proxy wants a name and a password.
    ProxyAuthNeeded = "PROXY_AUTH_NEEDED";
    /// The office's proxy does not let us through.
    ProxyRefused = "PROXY_REFUSED";
    /// The server's certificate is not the province's.
    TlsUntrusted = "TLS_UNTRUSTED";
    /// The server is over its capacity; the desk tries again by itself.
    ServerBusy = "SERVER_BUSY";
    /// The server refused (`code`).
    ServerRefused = "SERVER_REFUSED";
    /// The registration was sent: it can only be withdrawn with a reason.
    AlreadySent = "ALREADY_SENT";
    /// A number that becomes void, or a document that is withdrawn, needs a reason.
    ReasonMissing = "REASON_MISSING";
    /// This machine can give no number of that book now; the server can.
    NoNumberLeft = "NO_NUMBER_LEFT";
    /// Another machine of the office has the numbers of the book.
    BookHeld = "BOOK_HELD";
    /// Only a clerk of the agency writes in its books.
    NotClerk = "NOT_CLERK";
    /// This act on the document is never this person's.
    ActForbidden = "ACT_FORBIDDEN";
    /// The post or mandate that was chosen to act by has ended.
    CapacityEnded = "CAPACITY_ENDED";
    /// The document bears a mark of secrecy: no copy of it is made here.
    SecretDocument = "SECRET_DOCUMENT";
    /// The mandate that is acted by does not cover signing documents of this kind.
    MandateNarrower = "MANDATE_NARROWER";
    /// The act is not possible as the document stands now.
    ActWrongState = "ACT_WRONG_STATE";
    /// A fact of an act (`field`) is missing, wrong, or names somebody who cannot be named.
    ActField = "ACT_FIELD";
    /// The act was sent: it cannot be taken back any more.
    ActSent = "ACT_SENT";
    /// Another group of recipients has that name.
    GroupTaken = "GROUP_TAKEN";
    /// No such document, file or page on this machine.
    NotFound = "NOT_FOUND";
    /// The file's bytes have not been downloaded yet.
    FileNotHere = "FILE_NOT_HERE";
    /// The file is not a PDF that can be read.
    PdfCorrupt = "PDF_CORRUPT";
    /// The PDF wants a password.
    PdfPassword = "PDF_PASSWORD";
    /// This page cannot be shown; the others can.
    PageFailed = "PAGE_FAILED";
    /// What was shown is no longer the current state of the file.
    ShownIsStale = "SHOWN_IS_STALE";
    /// The document cannot be signed as it is (`reason`).
    SignRefused = "SIGN_REFUSED";
    /// The document has not been read as far as the province's rule asks.
    ReadingRequired = "READING_REQUIRED";
    /// This person has signed these bytes already.
    AlreadySigned = "ALREADY_SIGNED";
    /// The batch was stopped by the person; what was signed is signed.
    BatchCancelled = "BATCH_CANCELLED";
    /// There is nothing to sign: nothing is marked, or nothing of it is ready.
    NothingToSign = "NOTHING_TO_SIGN";
    /// The signature made does not verify; nothing was stored.
    SignVerifyFailed = "SIGN_VERIFY_FAILED";
    /// No PKCS#11 module was found on this machine.
    ModuleNotFound = "MODULE_NOT_FOUND";
    /// The module cannot be loaded (`module`).
    ModuleFailed = "MODULE_FAILED";
    /// The module is for another processor architecture.
    ModuleArchitecture = "MODULE_ARCHITECTURE";
    /// The administrator's list does not allow the module (`module`).
    ModuleNotAllowed = "MODULE_NOT_ALLOWED";
    /// A known token (`token`) is plugged in and its module (`middleware`) is not installed.
    MiddlewareMissing = "MIDDLEWARE_MISSING";
    /// The system's card service is not installed.
    CardServiceMissing = "CARD_SERVICE_MISSING";
    /// The system's card service does not run.
    CardServiceStopped = "CARD_SERVICE_STOPPED";
    /// The system's card service answers an error (`detail`).
    CardServiceFailed = "CARD_SERVICE_FAILED";
    /// No reader and no USB token is plugged in.
    ReaderAbsent = "READER_ABSENT";
    /// The reader (`reader`) has no card in it.
    CardAbsent = "CARD_ABSENT";
    /// The card in the reader (`reader`) does not answer.
    CardMute = "CARD_MUTE";
    /// No module on this machine knows the card (`atr`).
    CardUnknown = "CARD_UNKNOWN";
    /// No token is plugged in.
    TokenAbsent = "TOKEN_ABSENT";
    /// The token was pulled while at work; nothing was written.
    TokenRemoved = "TOKEN_REMOVED";
    /// Another signing is under way.
    TokenBusy = "TOKEN_BUSY";
    /// The PIN is wrong (`token`); the software does not try again by itself.
    PinIncorrect = "PIN_INCORRECT";
    /// One try is left; needs explicit consent.
    PinFinalTry = "PIN_FINAL_TRY";
    /// A wrong PIN was entered lately; few tries are left (`token`).
    PinCountLow = "PIN_COUNT_LOW";
    /// The token is locked.
    PinLocked = "PIN_LOCKED";
    /// The PIN has the wrong length (`min`, `max`); no try was spent.
    PinLength = "PIN_LENGTH";
    /// Nobody has set a PIN on the token yet.
    PinNotSet = "PIN_NOT_SET";
    /// The user closed the PIN window.
    PinCancelled = "PIN_CANCELLED";
    /// The PIN window was left open too long.
    PinTimedOut = "PIN_TIMED_OUT";
    /// The chosen certificate is not on the token.
    CertificateMissing = "CERTIFICATE_MISSING";
    /// There is no certificate on the token (`token`).
    CertificateNone = "CERTIFICATE_NONE";
    /// The certificate is past its end (`until`).
    CertificateExpired = "CERTIFICATE_EXPIRED";
    /// The certificate is not valid yet (`from`).
    CertificateNotYetValid = "CERTIFICATE_NOT_YET_VALID";
    /// The certificate is not for signing documents.
    CertificateUsage = "CERTIFICATE_USAGE";
    /// The certificate does not lead to a root that the province trusts.
    CertificateUntrusted = "CERTIFICATE_UNTRUSTED";
    /// The certificate was revoked by its authority (`at`).
    CertificateRevoked = "CERTIFICATE_REVOKED";
    /// Nothing may be done with the document: a signer's certificate was revoked (`at`) before the
    /// earliest proven time of the signature.
    DocumentBlocked = "DOCUMENT_BLOCKED";
    /// Training mode is on: no real document is signed.
    TrainingActive = "TRAINING_ACTIVE";
    /// Training mode is off.
    TrainingInactive = "TRAINING_INACTIVE";
    /// A worker process died or hung and was restarted.
    WorkerLost = "WORKER_LOST";
    /// A picture for signatures breaks a rule (`reason`); it was not kept.
    ImageRefused = "IMAGE_REFUSED";
    /// No scanner answers, or the line to it broke in the middle.
    ScannerUnreachable = "SCANNER_UNREACHABLE";
    /// The scanner shows another certificate than at first contact.
    ScannerUntrusted = "SCANNER_UNTRUSTED";
    /// The scanner works for somebody else.
    ScannerBusy = "SCANNER_BUSY";
    /// Paper is stuck in the scanner.
    ScannerJam = "SCANNER_JAM";
    /// A cover of the scanner is open.
    ScannerCoverOpen = "SCANNER_COVER_OPEN";
    /// There is no paper in the scanner's feeder.
    ScannerEmpty = "SCANNER_EMPTY";
    /// The scanner gave up, refused, or answers what no scanner does.
    ScannerFailed = "SCANNER_FAILED";
    /// What was written is no address of a scanner.
    ScannerAddress = "SCANNER_ADDRESS";
    /// LibreOffice, which makes a PDF of a word processor's file, is not installed.
    OfficeMissing = "OFFICE_MISSING";
    /// LibreOffice took too long over a file.
    OfficeTimedOut = "OFFICE_TIMED_OUT";
    /// The person gave the conversion of a file up.
    OfficeCancelled = "OFFICE_CANCELLED";
    /// LibreOffice made no PDF: the file is broken, locked by a password, or has no pages.
    OfficeFailed = "OFFICE_FAILED";
    /// The server has not told what courier bundles are sealed to.
    CourierNotReady = "COURIER_NOT_READY";
    /// The file is no courier bundle.
    CourierNotOurs = "COURIER_NOT_OURS";
    /// The courier bundle is of a newer version of the program.
    CourierNewer = "COURIER_NEWER";
    /// The courier bundle was changed, or bytes of it are lost.
    CourierDamaged = "COURIER_DAMAGED";
    /// The answer is for another desk.
    CourierOtherDesk = "COURIER_OTHER_DESK";
    /// The courier bundle is of another province.
    CourierOtherProvince = "COURIER_OTHER_PROVINCE";
    /// The courier bundle has not been carried yet: it is no answer.
    CourierOutgoing = "COURIER_OUTGOING";
    /// The courier bundle is an answer: it is to be received, not carried.
    CourierAnswer = "COURIER_ANSWER";
    /// The server does not know whose courier bundle it is.
    CourierUnknownDesk = "COURIER_UNKNOWN_DESK";
    /// The courier bundle was written too long ago.
    CourierTooOld = "COURIER_TOO_OLD";
    /// Another file is being written, carried or read outside the desk.
    OutsideBusy = "OUTSIDE_BUSY";
    /// The person gave up the file that was being written, carried or read.
    OutsideCancelled = "OUTSIDE_CANCELLED";
    /// The place that the person chose, a stick or a folder, cannot be read or written.
    OutsideFailed = "OUTSIDE_FAILED";
    /// There is no room in the place that the person chose.
    OutsideFull = "OUTSIDE_FULL";
    /// No table of a previous system is chosen.
    ImportNoTable = "IMPORT_NO_TABLE";
    /// The table cannot be read.
    ImportUnreadable = "IMPORT_UNREADABLE";
    /// The file is neither a text with separators nor an XLSX workbook.
    ImportNotATable = "IMPORT_NOT_A_TABLE";
    /// The table has no row.
    ImportEmpty = "IMPORT_EMPTY";
    /// The table is larger than 512 MB or has more than 200 columns.
    ImportTooLarge = "IMPORT_TOO_LARGE";
    /// The table has changed since it was judged.
    ImportChanged = "IMPORT_CHANGED";
    /// The table is being judged or imported.
    ImportBusy = "IMPORT_BUSY";
    /// A column that a register is never without is not named.
    ImportUnmapped = "IMPORT_UNMAPPED";
    /// The watched folder cannot be read.
    FolderUnreachable = "FOLDER_UNREACHABLE";
    /// A text that must not be empty is empty.
    TextEmpty = "TEXT_EMPTY";
    /// A text is longer than allowed (`limit`).
    TextTooLong = "TEXT_TOO_LONG";
    /// The file has more pages than are checked or compared (`limit`).
    TooManyPages = "TOO_MANY_PAGES";
    /// The file has no bytes.
    IntakeEmpty = "INTAKE_EMPTY";
    /// Neither PDF, TIFF, JPEG nor PNG.
    IntakeFormat = "INTAKE_FORMAT";
    /// The file is cut off or damaged.
    IntakeDamaged = "INTAKE_DAMAGED";
    /// More than 500 MB or 1,000 pages.
    IntakeTooLong = "INTAKE_TOO_LONG";
    /// The inbox has these bytes already.
    IntakeSameFile = "INTAKE_SAME_FILE";
    /// The letter carries a mark of secrecy: it is not kept here.
    IntakeSecret = "INTAKE_SECRET";
    /// The file carries signatures: it is never cut, turned or merged.
    IntakeSigned = "INTAKE_SIGNED";
    /// The file or its pages could not be read.
    IntakeUnreadable = "INTAKE_UNREADABLE";
    /// Tesseract or its Vietnamese model is not installed.
    OcrMissing = "OCR_MISSING";
    /// A field of a letter is missing or wrong (`field`).
    IntakeField = "INTAKE_FIELD";
    /// An entry is probably the same paper.
    IntakeDuplicate = "INTAKE_DUPLICATE";
    /// The system's keyring does not answer.
    KeyringUnavailable = "KEYRING_UNAVAILABLE";
    /// The disk is full; nothing was lost.
    DiskFull = "DISK_FULL";
    /// The local data cannot be read or written.
    StoreFailed = "STORE_FAILED";
    /// The local data is from a newer version of the program.
    StoreNewer = "STORE_NEWER";
    /// Another running copy of the program has the local data.
    StoreInUse = "STORE_IN_USE";
    /// The key in the keyring does not open the local data.
    StoreKeyWrong = "STORE_KEY_WRONG";
    /// The face sent something malformed: our bug.
    InvalidRequest = "INVALID_REQUEST";
    /// A fault of the program: our bug.
    Internal = "INTERNAL";
}

/// What a failed command answers: a code and facts to put into its sentence, never words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct IpcError {
    /// Which failure.
    pub code: ErrorCode,
    /// Facts for the sentence, by name.
    pub args: BTreeMap<String, String>,
}

impl IpcError {
    /// A failure without facts.
    #[must_use]
    pub fn new(code: ErrorCode) -> Self {
        Self {
            code,
            args: BTreeMap::new(),
        }
    }

    /// The same with one more fact.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl ToString) -> Self {
        self.args.insert(name.to_owned(), value.to_string());
        self
    }
}
