// Made from congvan-ipc by `cargo xtask codegen`. Do not edit.

/**
 * No arguments, or no answer.
 */
export type Empty = Record<symbol, never>;

/**
 * Where the program stands.
 */
export type Phase = "unconfigured" | "login" | "desk";

/**
 * Answer of `app_status`: what a face needs to draw its frame.
 */
export type AppStatus = { 
/**
 * Version of the program.
 */
version: string, 
/**
 * Where it stands.
 */
phase: Phase, 
/**
 * Name of the province's server, e.g. `Tỉnh H99 (thử nghiệm)`.
 */
province: string | null, 
/**
 * Host of the server, for the login screen.
 */
server: string | null, 
/**
 * Who is logged in.
 */
account: AccountDto | null, 
/**
 * The line at the top right.
 */
sync: SyncStatus, };

/**
 * The person at the desk.
 */
export type AccountDto = { 
/**
 * Account number.
 */
id: number, 
/**
 * Account name.
 */
username: string, 
/**
 * Name.
 */
full_name: string, 
/**
 * Posts, the main one first.
 */
posts: Array<PostDto>, };

/**
 * A post.
 */
export type PostDto = { 
/**
 * `leader`, `clerk` or `official`.
 */
role: string, 
/**
 * Title.
 */
title: string, 
/**
 * Name of the unit.
 */
agency: string, 
/**
 * Code of the unit.
 */
agency_code: string, };

/**
 * Arguments of `login`.
 */
export type LoginArgs = { 
/**
 * Account name.
 */
username: string, 
/**
 * Password. This type has no `Debug`.
 */
password: string, };

/**
 * Everything remembered for the face: theme, language, pane widths, last module. Values are
 * small strings the face understands.
 */
export type Settings = { 
/**
 * By key.
 */
values: { [key in string]: string }, };

/**
 * Arguments of `setting_set`.
 */
export type SettingArgs = { 
/**
 * 1 to 64 characters.
 */
key: string, 
/**
 * At most 4,096 characters.
 */
value: string, };

/**
 * Arguments of `report_startup`: the face says when it became usable.
 */
export type StartupReport = { 
/**
 * Instant of the first paint with content.
 */
first_paint_at: number, 
/**
 * Instant at which the list was painted and its first row could be selected.
 */
usable_at: number, };

/**
 * How the desk stands to the province's server.
 */
export type Network = "online" | "offline" | "busy" | "wrong_network" | "untrusted" | "needs_login" | "connecting";

/**
 * The line at the top right, and the head of the sync screen.
 */
export type SyncStatus = { 
/**
 * How it stands.
 */
network: Network, 
/**
 * Since when.
 */
since: number, 
/**
 * When a round with the server last ended well.
 */
last_sync: number | null, 
/**
 * Acts the server has not received yet.
 */
unsent: number, 
/**
 * Acts a person must look at (Cần xử lý).
 */
needs_attention: number, 
/**
 * Files still to be downloaded.
 */
downloads_waiting: number, 
/**
 * Whether a round is under way.
 */
syncing: boolean, 
/**
 * Files on the move.
 */
transfers: Array<Transfer>, };

/**
 * A file on the move.
 */
export type Transfer = { 
/**
 * Its hash.
 */
sha256: string, 
/**
 * Up or down.
 */
upload: boolean, 
/**
 * Bytes through.
 */
done: number, 
/**
 * Bytes in all.
 */
total: number, };

/**
 * Where an act stands.
 */
export type OutboxState = "waiting" | "received" | "conflict" | "rejected";

/**
 * One act in the sync screen.
 */
export type OutboxEntry = { 
/**
 * The op.
 */
id: string, 
/**
 * The document it is about.
 */
document: string, 
/**
 * Its notation or subject, for people.
 */
document_title: string, 
/**
 * `add_opinion`, `link_revision`, `mark_read`.
 */
kind: string, 
/**
 * When the user did it.
 */
at: number, 
/**
 * Where it stands.
 */
state: OutboxState, 
/**
 * Problem code of a conflict or rejection.
 */
problem: string | null, 
/**
 * A person has seen the conflict or rejection and let it go.
 */
dismissed: boolean, 
/**
 * Four digits of the receipt.
 */
receipt: string | null, 
/**
 * When the server received it.
 */
received_at: number | null, };

/**
 * What may have changed; the face re-reads what it shows.
 */
export type ChangeTag = "documents" | "sync" | "session" | "signing" | "settings";

/**
 * The one event: tags, never data.
 */
export type Changed = { 
/**
 * What to re-read.
 */
tags: Array<ChangeTag>, };

/**
 * The lists of the desk.
 */
export type DocumentView = "incoming_pending" | "incoming_overdue" | "incoming_all" | "to_sign" | "outgoing_all";

/**
 * Arguments of `documents_list`.
 */
export type DocumentQuery = { 
/**
 * Which list.
 */
view: DocumentView, 
/**
 * What the user typed; empty for the whole list.
 */
search: string, 
/**
 * `next` of the page before; none for the first page.
 */
after: string | null, 
/**
 * Rows wanted, 1 to 200.
 */
limit: number, };

/**
 * A page of a list, newest first.
 */
export type DocumentPage = { 
/**
 * The rows.
 */
rows: Array<DocumentRow>, 
/**
 * Rows in the whole list; on the first page only, 0 on later ones.
 */
total: number, 
/**
 * For the next page; none at the end.
 */
next: string | null, };

/**
 * Whether what this person did to a document has reached the server.
 */
export type SentState = "settled" | "saved_here" | "needs_attention";

/**
 * One row of a list.
 */
export type DocumentRow = { 
/**
 * The document.
 */
id: string, 
/**
 * Số và ký hiệu.
 */
notation: string | null, 
/**
 * Số đến.
 */
arrival_number: number | null, 
/**
 * Tên loại, in Vietnamese.
 */
kind: string, 
/**
 * Trích yếu.
 */
subject: string, 
/**
 * Cơ quan ban hành.
 */
issuer: string, 
/**
 * `normal`, `urgent`, `very_urgent`, `express`, `express_timed`.
 */
urgency: string, 
/**
 * State, as in the protocol, e.g. `registered`, `awaiting_signature`.
 */
state: string, 
/**
 * When it reached the office.
 */
arrived_at: number, 
/**
 * Ngày văn bản.
 */
issued_on: string | null, 
/**
 * The last instant in time; none without a deadline.
 */
due_at: number | null, 
/**
 * Whether the deadline is a day (true) or an hour.
 */
due_is_day: boolean, 
/**
 * Whether the deadline has passed and the work is not done.
 */
overdue: boolean, 
/**
 * Not yet opened by this person.
 */
unread: boolean, 
/**
 * `lead`, `support`, `inform`.
 */
role: string | null, 
/**
 * How many files.
 */
files: number, 
/**
 * Whether our acts on it have arrived.
 */
sent: SentState, };

/**
 * Arguments of commands about one document.
 */
export type DocumentId = { 
/**
 * The document.
 */
id: string, };

/**
 * Everything about one document.
 */
export type DocumentDetail = { 
/**
 * What the list shows.
 */
row: DocumentRow, 
/**
 * `incoming` or `outgoing`.
 */
direction: string, 
/**
 * Chức vụ người ký.
 */
signer_position: string, 
/**
 * Người ký.
 */
signer_name: string, 
/**
 * Code of the issuing agency.
 */
issuer_code: string, 
/**
 * The files, the main one first.
 */
files: Array<FileDto>, 
/**
 * History, oldest first.
 */
flow: Array<DocumentFlow>, 
/**
 * Opinions and directions, oldest first; with ours that are not sent yet.
 */
opinions: Array<OpinionDto>, };

/**
 * Whether a file's bytes are on this machine.
 */
export type FilePlace = "here" | "waiting" | "quarantined";

/**
 * A file.
 */
export type FileDto = { 
/**
 * The file.
 */
id: string, 
/**
 * Display name.
 */
name: string, 
/**
 * `main`, `appendix`, `attachment`.
 */
role: string, 
/**
 * Media type.
 */
media_type: string, 
/**
 * Hash of its current bytes, ours included where we signed.
 */
head: string, 
/**
 * Bytes.
 */
size: number, 
/**
 * Pages, where known.
 */
pages: number | null, 
/**
 * Whether it is here.
 */
place: FilePlace, 
/**
 * Its states, oldest first.
 */
revisions: Array<RevisionDto>, };

/**
 * A state of a file.
 */
export type RevisionDto = { 
/**
 * Hash.
 */
sha256: string, 
/**
 * Bytes.
 */
size: number, 
/**
 * `B-B`, `B-T`, `B-LT`, `B-LTA`.
 */
level: string | null, 
/**
 * Who signed.
 */
signed_by: string | null, 
/**
 * When.
 */
at: number, 
/**
 * Whether the server has it.
 */
at_server: boolean, };

/**
 * A step in the history.
 */
export type DocumentFlow = { 
/**
 * When.
 */
at: number, 
/**
 * Who.
 */
who: string, 
/**
 * State reached.
 */
state: string, 
/**
 * In words.
 */
note: string, };

/**
 * An opinion or direction.
 */
export type OpinionDto = { 
/**
 * Its id.
 */
id: string, 
/**
 * `opinion` or `direction`.
 */
kind: string, 
/**
 * The words.
 */
text: string, 
/**
 * Who.
 */
author: string, 
/**
 * When it was written.
 */
written_at: number, 
/**
 * When the server took it; none while it waits here.
 */
received_at: number | null, };

/**
 * Arguments of `opinion_add`.
 */
export type AddOpinion = { 
/**
 * On which document.
 */
document: string, 
/**
 * `opinion` or `direction`.
 */
kind: string, 
/**
 * 1 to 4,000 characters.
 */
text: string, };

/**
 * How many documents each list has, and how many of them are unread.
 */
export type ViewCounts = { 
/**
 * Chờ xử lý.
 */
incoming_pending: number, 
/**
 * Quá hạn.
 */
incoming_overdue: number, 
/**
 * Tất cả văn bản đến.
 */
incoming_all: number, 
/**
 * Văn bản đến chưa đọc.
 */
incoming_unread: number, 
/**
 * Trình ký.
 */
to_sign: number, 
/**
 * Văn bản đi.
 */
outgoing_all: number, };

/**
 * Arguments of `file_open` and `signatures`.
 */
export type FileRequest = { 
/**
 * The state of the file that is wanted.
 */
sha256: string, };

/**
 * Answer of `file_open`: the pages can now be asked for at
 * `page://localhost/{sha256}/{page}?w={pixels}` (pages from 0, PNG).
 */
export type FileOpened = { 
/**
 * The state.
 */
sha256: string, 
/**
 * Sizes of the pages as displayed.
 */
pages: Array<PageSize>, };

/**
 * A page as displayed (after rotation).
 */
export type PageSize = { 
/**
 * Millimetres.
 */
width_mm: number, 
/**
 * Millimetres.
 */
height_mm: number, };

/**
 * Arguments of `page_text`.
 */
export type PageTextRequest = { 
/**
 * The state of the file.
 */
sha256: string, 
/**
 * Page, from 0.
 */
page: number, };

/**
 * The words of a page, for selection and for screen readers.
 */
export type PageText = { 
/**
 * In reading order.
 */
runs: Array<TextRun>, };

/**
 * A run of text on one line; the box is in fractions of the page's width and height.
 */
export type TextRun = { 
/**
 * The text.
 */
text: string, 
/**
 * Left.
 */
x: number, 
/**
 * Top.
 */
y: number, 
/**
 * Width.
 */
w: number, 
/**
 * Height.
 */
h: number, 
/**
 * Whether a line ends after it.
 */
line_end: boolean, };

/**
 * A PKCS#11 module found on this machine.
 */
export type ModuleDto = { 
/**
 * Handle for the other commands; never a path.
 */
id: string, 
/**
 * Name for people, e.g. `VGCA Token (bit4id)`.
 */
name: string, 
/**
 * Whether it is a simulated token for training and tests.
 */
simulator: boolean, 
/**
 * How many tokens are plugged in behind it.
 */
tokens: number, 
/**
 * Error code when it cannot be loaded.
 */
problem: string | null, };

/**
 * Arguments of `token_list`.
 */
export type ModuleArgs = { 
/**
 * `id` of a [`ModuleDto`].
 */
module: string, };

/**
 * What is known of the tries left.
 */
export type PinState = "ok" | "count_low" | "final_try" | "locked" | "not_initialised";

/**
 * A token that is plugged in.
 */
export type TokenDto = { 
/**
 * The module it is behind.
 */
module: string, 
/**
 * Serial number: names the token in `sign`.
 */
serial: string, 
/**
 * Label, as printed on it or given by its owner.
 */
label: string, 
/**
 * Maker and model.
 */
model: string, 
/**
 * Tries left.
 */
pin_state: PinState, 
/**
 * The PIN is typed on the reader itself.
 */
pin_pad: boolean, 
/**
 * The certificates with a key on the token.
 */
certificates: Array<CertificateDto>, };

/**
 * Whether a certificate can sign.
 */
export type CertificateState = "usable" | "expired" | "not_yet_valid" | "wrong_usage" | "untrusted";

/**
 * A certificate on a token.
 */
export type CertificateDto = { 
/**
 * SHA-256 of its DER: binds the choice.
 */
sha256: string, 
/**
 * Whose: the common name.
 */
subject: string, 
/**
 * The organisation in its subject.
 */
organisation: string, 
/**
 * Issuer's common name.
 */
issuer: string, 
/**
 * Serial number, hexadecimal.
 */
serial: string, 
/**
 * Valid from.
 */
not_before: number, 
/**
 * Valid to.
 */
not_after: number, 
/**
 * E.g. `RSA 2048`.
 */
key: string, 
/**
 * Whether it can sign, and if not, why.
 */
state: CertificateState, 
/**
 * Whether the office has registered it for this account.
 */
registered: boolean, };

/**
 * Where the signature goes: millimetres from the top left of the page as displayed.
 */
export type Placement = { 
/**
 * Page, from 0.
 */
page: number, 
/**
 * Left edge.
 */
x_mm: number, 
/**
 * Top edge.
 */
y_mm: number, 
/**
 * Width.
 */
w_mm: number, 
/**
 * Height.
 */
h_mm: number, };

/**
 * Arguments of `sign`. Answers when the signed revision is stored (or nothing is).
 */
export type SignArgs = { 
/**
 * The document.
 */
document: string, 
/**
 * The file.
 */
file: string, 
/**
 * Hash of what was shown: only that is signed.
 */
shown: string, 
/**
 * Module.
 */
module: string, 
/**
 * Token.
 */
token_serial: string, 
/**
 * Certificate.
 */
certificate: string, 
/**
 * Where; none for an invisible signature.
 */
placement: Placement | null, };

/**
 * Answer of `sign`.
 */
export type SignOutcome = { 
/**
 * Hash of the signed state, now the head.
 */
sha256: string, 
/**
 * Level reached, e.g. `B-B`.
 */
level: string, 
/**
 * Bytes that will be uploaded: the tail only.
 */
upload_bytes: number, };

/**
 * The stages of a signing, for the progress line.
 */
export type SignStage = "idle" | "preparing" | "waiting_for_pin" | "signing" | "verifying" | "storing";

/**
 * Answer of `sign_progress`.
 */
export type SignProgress = { 
/**
 * The stage.
 */
stage: SignStage, 
/**
 * The document at work.
 */
document: string | null, };

/**
 * Arguments of `pin_answer`, from the PIN window only.
 */
export type PinAnswer = { 
/**
 * The request that the window was opened for.
 */
request: string, 
/**
 * The PIN; none to cancel. This type has no `Debug`.
 */
pin: string | null, 
/**
 * The user has agreed to spend the last try.
 */
final_try_consent: boolean, };

/**
 * ETSI EN 319 102-1: total-passed, total-failed, indeterminate.
 */
export type SignatureStatus = "valid" | "invalid" | "could_not_check";

/**
 * One signature in a file.
 */
export type SignatureDto = { 
/**
 * Field name.
 */
field: string, 
/**
 * Who: the certificate's common name.
 */
signer: string, 
/**
 * The organisation in the certificate.
 */
organisation: string, 
/**
 * Issuer's common name.
 */
issuer: string, 
/**
 * Claimed time of signing.
 */
claimed_at: number | null, 
/**
 * The verdict.
 */
status: SignatureStatus, 
/**
 * Codes of the reasons, e.g. `HASH_MISMATCH`, `NO_REVOCATION_DATA`, `CHAIN_UNTRUSTED`.
 */
reasons: Array<string>, 
/**
 * Level, e.g. `B-B`.
 */
level: string, 
/**
 * Covers the file to its last byte.
 */
covers_whole_file: boolean, 
/**
 * What came after it: codes such as `SIGNATURE_ADDED`, `CONTENT_CHANGED`.
 */
changes_after: Array<string>, };

/**
 * Answer of `signatures`.
 */
export type SignatureReport = { 
/**
 * In the order of signing.
 */
signatures: Array<SignatureDto>, };

export type ErrorCode = "CONFIG_MISSING" | "BAD_CREDENTIALS" | "TOO_MANY_ATTEMPTS" | "SESSION_EXPIRED" | "NOT_LOGGED_IN" | "NET_UNREACHABLE" | "NET_WRONG_NETWORK" | "TLS_UNTRUSTED" | "SERVER_BUSY" | "SERVER_REFUSED" | "NOT_FOUND" | "FILE_NOT_HERE" | "PDF_CORRUPT" | "PDF_PASSWORD" | "PAGE_FAILED" | "SHOWN_IS_STALE" | "SIGN_REFUSED" | "SIGN_VERIFY_FAILED" | "MODULE_NOT_FOUND" | "MODULE_FAILED" | "MODULE_ARCHITECTURE" | "TOKEN_ABSENT" | "TOKEN_REMOVED" | "TOKEN_BUSY" | "PIN_INCORRECT" | "PIN_FINAL_TRY" | "PIN_LOCKED" | "PIN_LENGTH" | "PIN_NOT_SET" | "PIN_CANCELLED" | "PIN_TIMED_OUT" | "CERTIFICATE_MISSING" | "CERTIFICATE_EXPIRED" | "CERTIFICATE_NOT_YET_VALID" | "CERTIFICATE_USAGE" | "CERTIFICATE_UNTRUSTED" | "WORKER_LOST" | "TEXT_EMPTY" | "TEXT_TOO_LONG" | "KEYRING_UNAVAILABLE" | "DISK_FULL" | "STORE_FAILED" | "STORE_NEWER" | "STORE_IN_USE" | "STORE_KEY_WRONG" | "INVALID_REQUEST" | "INTERNAL";

export type IpcError = { 
/**
 * Which failure.
 */
code: ErrorCode, 
/**
 * Facts for the sentence, by name.
 */
args: { [key in string]: string }, };
