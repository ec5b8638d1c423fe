// Made from congvan-ipc by `cargo xtask codegen`. Do not edit.

/**
 * No arguments, or no answer.
 */
export type Empty = Record<symbol, never>;

/**
 * Where the program stands.
 */
export type Phase = "unconfigured" | "login" | "desk" | "locked";

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
 * Arguments of `unlock`.
 */
export type Unlock = { 
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
export type Network = "online" | "offline" | "busy" | "wrong_network" | "untrusted" | "proxy_auth_needed" | "proxy_refused" | "needs_login" | "connecting";

/**
 * How busy the server says it is.
 */
export type ServerLoad = "calm" | "busy" | "strained" | "critical";

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
transfers: Array<Transfer>, 
/**
 * Seconds until all that may travel now has travelled, at the speed of now.
 */
remaining_s: number | null, 
/**
 * Files that failed again and again, or for good.
 */
troubles: Array<TransferTrouble>, 
/**
 * A person has paused the exchange.
 */
paused: boolean, 
/**
 * When it goes on by itself; none until the person says so.
 */
paused_until: number | null, 
/**
 * How busy the server says it is.
 */
load: ServerLoad, 
/**
 * The desk is being compared with the server.
 */
comparing: boolean, 
/**
 * Things that comparisons found different and healed, in this run.
 */
healed: number, 
/**
 * Removals in bulk that wait for a person or for proof.
 */
held_removals: number, 
/**
 * The server's clock minus the machine's, ms, where that is more than five minutes.
 */
clock_wrong_by_ms: number | null, };

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
total: number, 
/**
 * Bytes a second of the last seconds; none before it means something.
 */
rate: number | null, 
/**
 * Seconds to its end at this rate.
 */
remaining_s: number | null, 
/**
 * The document it belongs to; none when it is no longer here.
 */
document: string | null, 
/**
 * Its notation or subject.
 */
document_title: string | null, };

/**
 * Who is at fault when a file does not get through.
 */
export type TroubleKind = "network" | "server" | "refused" | "too_large" | "machine";

/**
 * A file that does not get through.
 */
export type TransferTrouble = { 
/**
 * Its hash.
 */
sha256: string, 
/**
 * Up, else down.
 */
upload: boolean, 
/**
 * Who is at fault.
 */
kind: TroubleKind, 
/**
 * Failures in a row.
 */
failures: number, 
/**
 * It is not tried again by itself.
 */
given_up: boolean, 
/**
 * The document it belongs to; none when it is no longer here.
 */
document: string | null, 
/**
 * Its notation or subject.
 */
document_title: string | null, };

/**
 * Where an act stands.
 */
export type OutboxState = "waiting" | "received" | "conflict" | "rejected";

/**
 * What a person can do about a refused act.
 */
export type ActChoice = "sign_again" | "again" | "copy_text" | "keep_copy" | "open" | "let_go";

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
 * `add_opinion`, `link_revision`, `mark_read`, `register_incoming`, `void_number`,
 * `present_document`, `withdraw_registration`, or the word of an act, e.g. `direct`.
 */
kind: string, 
/**
 * The words of an opinion.
 */
text: string | null, 
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
 * Who was first, where another person did the same before (`ALREADY_REGISTERED`).
 */
first: string | null, 
/**
 * A person has seen the conflict or rejection and let it go.
 */
dismissed: boolean, 
/**
 * What a person can do about it, the safest first; empty unless it needs one.
 */
choices: Array<ActChoice>, 
/**
 * Answers so far that were not final.
 */
attempts: number, 
/**
 * Four digits of the receipt.
 */
receipt: string | null, 
/**
 * The receipt is for this act and signed by the server; false: it proves nothing; none before
 * it was looked at.
 */
receipt_verified: boolean | null, 
/**
 * When the server received it.
 */
received_at: number | null, };

/**
 * What may have changed; the face re-reads what it shows.
 */
export type ChangeTag = "documents" | "sync" | "session" | "signing" | "token" | "settings" | "signatures" | "completion" | "intake";

/**
 * The one event: tags, never data.
 */
export type Changed = { 
/**
 * What to re-read.
 */
tags: Array<ChangeTag>, };

/**
 * Arguments of `outbox_again`.
 */
export type ActId = { 
/**
 * The op.
 */
id: string, };

/**
 * Arguments of `sync_pause`.
 */
export type PauseArgs = { 
/**
 * When it goes on by itself; none until `sync_resume`.
 */
until: number | null, };

/**
 * How much of the line files may take. Acts and urgent letters are never held back by it.
 */
export type SyncLimits = { 
/**
 * Outside all hours below: kilobits a second; none for no limit, 0 for no files.
 */
limit_kbps: number | null, 
/**
 * Hours with a limit of their own; the first that fits counts.
 */
hours: Array<LimitHours>, };

/**
 * Hours of the day with a limit of their own, by the clock of Vietnam.
 */
export type LimitHours = { 
/**
 * Days it counts on: bit 0 is Monday.
 */
days: number, 
/**
 * Minutes after midnight.
 */
from_min: number, 
/**
 * Minutes after midnight, exclusive; not above `from_min` means past midnight.
 */
to_min: number, 
/**
 * Kilobits a second; none for no limit, 0 for no files.
 */
limit_kbps: number | null, };

/**
 * A document that the server takes away in bulk and that stays until someone says so.
 */
export type HeldRemovalDto = { 
/**
 * The document.
 */
document: string, 
/**
 * Its notation or subject.
 */
title: string, 
/**
 * When the server's word came.
 */
since: number, };

/**
 * Arguments of `removals_settle`.
 */
export type RemovalsSettle = { 
/**
 * Which documents.
 */
documents: Array<string>, 
/**
 * They go, else they stay.
 */
remove: boolean, };

/**
 * Arguments of `sync_history`.
 */
export type HistoryQuery = { 
/**
 * Lines before this one; none for the newest.
 */
before: number | null, };

/**
 * A line of the history.
 */
export type HappeningDto = { 
/**
 * Its position.
 */
seq: number, 
/**
 * When.
 */
at: number, 
/**
 * What, e.g. `RECEIVED`.
 */
code: string, 
/**
 * How many.
 */
count: number, 
/**
 * An id or a code.
 */
detail: string, };

/**
 * How the server is reached.
 */
export type ProxyWay = "system" | "none" | "manual";

/**
 * Answer of `proxy_get`.
 */
export type ProxyDto = { 
/**
 * How.
 */
way: ProxyWay, 
/**
 * `http://host:port`, where it is `manual`.
 */
url: string | null, 
/**
 * Name at the proxy.
 */
user: string | null, 
/**
 * A password is kept in the keyring.
 */
password_kept: boolean, };

/**
 * Arguments of `proxy_set` and `proxy_test`.
 */
export type ProxyArgs = { 
/**
 * How.
 */
way: ProxyWay, 
/**
 * `http://host:port`, where it is `manual`.
 */
url: string | null, 
/**
 * Name at the proxy; none where it wants none.
 */
user: string | null, 
/**
 * Its password; none for the one that is kept. This type has no `Debug`.
 */
password: string | null, };

/**
 * A person who has used this machine.
 */
export type PersonDto = { 
/**
 * Account name.
 */
username: string, 
/**
 * The person's name.
 */
full_name: string | null, 
/**
 * Acts the server had not received when they left.
 */
unsent: number, 
/**
 * They sit at the desk now.
 */
present: boolean, };

/**
 * Arguments of `person_forget`.
 */
export type PersonForget = { 
/**
 * Account name.
 */
username: string, 
/**
 * Also while the server lacks acts of theirs: those are lost.
 */
unsent_too: boolean, };

/**
 * Answer of `person_forget`.
 */
export type PersonForgotten = { 
/**
 * Nothing of them is here any more; else nothing was done, because of what is unsent.
 */
gone: boolean, 
/**
 * How many acts would be lost; none when it cannot be known, and when they are gone.
 */
unsent: number | null, };

/**
 * Arguments of `document_rest`.
 */
export type DocumentRest = { 
/**
 * The document.
 */
document: string, 
/**
 * It rests, else it goes on.
 */
rest: boolean, };

/**
 * A document whose acts and files rest.
 */
export type RestingDocumentDto = { 
/**
 * The document.
 */
document: string, 
/**
 * Its notation or subject.
 */
title: string, };

/**
 * Where this desk stands with courier bundles.
 */
export type CourierState = { 
/**
 * Whether bundles can be written: the server has told what they are sealed to.
 */
ready: boolean, };

/**
 * A bundle that was written.
 */
export type CourierWritten = { 
/**
 * Name of the file.
 */
name: string, 
/**
 * Its length in bytes.
 */
size: number, 
/**
 * Acts in it.
 */
acts: number, 
/**
 * Files in it.
 */
files: number, 
/**
 * Acts that wait for the next one.
 */
left: number, };

/**
 * A bundle that was carried.
 */
export type CourierCarried = { 
/**
 * The office whose it is.
 */
office: string, 
/**
 * Its length in bytes.
 */
size: number, 
/**
 * Name of the answer's file.
 */
answer: string, 
/**
 * The answer's length in bytes.
 */
answer_size: number, };

/**
 * What an answer has brought.
 */
export type CourierReceived = { 
/**
 * Acts that the server has done.
 */
applied: number, 
/**
 * Acts that a person must look at.
 */
trouble: number, 
/**
 * Documents that are new or changed.
 */
changed: number, 
/**
 * Documents that are gone by the server's word.
 */
removed: number, 
/**
 * Files that are here now.
 */
files: number, 
/**
 * Another bundle is needed: more records or files wait at the server, or the desk has begun anew.
 */
more: boolean, 
/**
 * The desk knew all of it already, or was further.
 */
stale: boolean, 
/**
 * Why the server did nothing of it, by the protocol's code.
 */
refused: string | null, 
/**
 * The server's clock when it answered, in milliseconds since 1970.
 */
answered_at: number | null, };

/**
 * The file that is being written, carried or read where a person keeps it.
 */
export type OutsideState = { 
/**
 * How far it is; none when there is none.
 */
under_way: OutsideProgress | null, };

/**
 * How far a file is.
 */
export type OutsideProgress = { 
/**
 * Bytes.
 */
done: number, 
/**
 * Of how many; 0 while that is not known.
 */
total: number, };

/**
 * A dossier that was written out with its files.
 */
export type DossierPacked = { 
/**
 * Name of the file.
 */
name: string, 
/**
 * Its length in bytes.
 */
size: number, 
/**
 * Files of documents in it.
 */
files: number, 
/**
 * Documents of the dossier that are not on this machine; only the table of contents has them.
 */
unseen: number, };

/**
 * The lists of the desk.
 */
export type DocumentView = "incoming_pending" | "incoming_overdue" | "incoming_due_soon" | "incoming_say" | "incoming_hold" | "incoming_support" | "incoming_inform" | "incoming_done" | "incoming_all" | "drafts" | "outgoing_check" | "to_sign" | "outgoing_issue" | "outgoing_issued" | "outgoing_all";

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
 * Rows passed over first, behind `after`.
 */
skip: number, 
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
 * A copy (sao y, sao lục, trích sao) that the agency has not signed yet, though its state is
 * `signed`: no leader signs it.
 */
unsigned_copy: boolean, 
/**
 * When it reached the office.
 */
arrived_at: number, 
/**
 * Ngày văn bản.
 */
issued_on: string | null, 
/**
 * The last instant in time for this person; none without a deadline.
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
 * Names of what that agency has become since; empty where it goes on.
 */
issuer_became: Array<string>, 
/**
 * Since when the certificate of a signature on it is revoked that cannot be saved any more:
 * the document is neither signed nor issued. None when nothing is in the way.
 */
blocked_since: number | null, 
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
 * A place on a page of one state of a file.
 */
export type NotePlace = { 
/**
 * The state.
 */
sha256: string, 
/**
 * The page, from 0.
 */
page: number, 
/**
 * Where on it.
 */
at: HitBox, };

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
received_at: number | null, 
/**
 * Where it stands, when it is a note on a place of a page.
 */
place: NotePlace | null, 
/**
 * The note that it says is dealt with.
 */
settles: string | null, 
/**
 * The note that it says is open again.
 */
reopens: string | null, };

/**
 * Arguments of `note_add`.
 */
export type NoteAdd = { 
/**
 * On which document.
 */
document: string, 
/**
 * Where.
 */
place: NotePlace, 
/**
 * 1 to 4,000 characters.
 */
text: string, };

/**
 * Arguments of `note_settle` and `note_reopen`.
 */
export type NoteWord = { 
/**
 * On which document.
 */
document: string, 
/**
 * The note.
 */
note: string, 
/**
 * What was done or is left, 1 to 4,000 characters.
 */
text: string, };

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
 * Sắp đến hạn.
 */
incoming_due_soon: number, 
/**
 * Chờ cho ý kiến.
 */
incoming_say: number, 
/**
 * Được giao.
 */
incoming_hold: number, 
/**
 * Phối hợp.
 */
incoming_support: number, 
/**
 * Để biết.
 */
incoming_inform: number, 
/**
 * Tất cả văn bản đến.
 */
incoming_all: number, 
/**
 * Văn bản đến chưa đọc.
 */
incoming_unread: number, 
/**
 * Dự thảo của tôi.
 */
drafts: number, 
/**
 * Chờ tôi duyệt, kiểm tra.
 */
outgoing_check: number, 
/**
 * Trình ký.
 */
to_sign: number, 
/**
 * Chờ cấp số và phát hành.
 */
outgoing_issue: number, 
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
 * Arguments of `document_file_open`.
 */
export type DocumentFile = { 
/**
 * The document.
 */
document: string, 
/**
 * The file that is wanted of it; without it, its first.
 */
file: string | null, };

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
 * Arguments of `file_search`: the words in a file, in portions. Whoever wants no more does not ask
 * for the next.
 */
export type FileSearch = { 
/**
 * The state of the file.
 */
sha256: string, 
/**
 * What is looked for; diacritics and case do not matter.
 */
query: string, 
/**
 * Each word by itself, where words begin so; else one after the other as they are.
 */
each_word: boolean, 
/**
 * Page to begin with, from 0.
 */
from: number, };

/**
 * A box in fractions of the page's width and height.
 */
export type HitBox = { 
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
h: number, };

/**
 * One place where the words stand.
 */
export type FileHit = { 
/**
 * Page, from 0.
 */
page: number, 
/**
 * One for each line.
 */
boxes: Array<HitBox>, };

/**
 * Answer of `file_search`.
 */
export type FileHits = { 
/**
 * In reading order.
 */
hits: Array<FileHit>, 
/**
 * The page to go on with; none at the end.
 */
next: number | null, 
/**
 * Pages of this portion without any words.
 */
wordless: number, };

/**
 * Arguments of `print_mark`.
 */
export type PrintArgs = { 
/**
 * The document.
 */
document: string, 
/**
 * The state of one of its files.
 */
sha256: string, 
/**
 * First page, from 0.
 */
first: number, 
/**
 * Last page.
 */
last: number, };

/**
 * What stands at the foot of every printed page.
 */
export type PrintMark = { 
/**
 * Who prints.
 */
by: string, 
/**
 * That person's unit.
 */
unit: string, 
/**
 * When.
 */
at: number, 
/**
 * The document's number and symbol.
 */
notation: string | null, 
/**
 * The state of the file.
 */
sha256: string, };

/**
 * Arguments of `texts_compare`.
 */
export type TextsCompare = { 
/**
 * The state of the file that came first.
 */
old: string, 
/**
 * The state of the one that is compared with it.
 */
new: string, };

/**
 * One difference. One that replaces words has both sides.
 */
export type TextChange = { 
/**
 * Where words are no longer there, one for each page.
 */
old: Array<FileHit>, 
/**
 * Where words are new, one for each page.
 */
new: Array<FileHit>, 
/**
 * The words that went; of many the first.
 */
old_text: string, 
/**
 * The words that came; of many the first.
 */
new_text: string, };

/**
 * Answer of `texts_compare`: how far it is.
 */
export type TextCheck = { 
/**
 * Pages read, of both files.
 */
done: number, 
/**
 * Pages of both.
 */
pages: number, 
/**
 * What came of it; none while something is left to do: ask again.
 */
comparison: TextComparison | null, };

/**
 * What differs between two files.
 */
export type TextComparison = { 
/**
 * In reading order.
 */
changes: Array<TextChange>, 
/**
 * Pages of the first file without words: they are not compared.
 */
old_wordless: number, 
/**
 * Those of the other.
 */
new_wordless: number, };

/**
 * How much a rule weighs.
 */
export type FormatSeverity = "must" | "should";

/**
 * Something measured, or wanted.
 */
export type FormatValue = { "unit": "mm", 
/**
 * How many.
 */
value: number, } | { "unit": "pt", 
/**
 * How many.
 */
value: number, } | { "unit": "times", 
/**
 * How many.
 */
value: number, } | { "unit": "paper", 
/**
 * Across.
 */
width: number, 
/**
 * Down.
 */
height: number, } | { "unit": "text", 
/**
 * In its own words.
 */
text: string, };

/**
 * One place where a letter is not as the decree asks.
 */
export type FormatFinding = { 
/**
 * Of which part of the letter, e.g. `margin_left`: one of `FORMAT_RULES`.
 */
part: string, 
/**
 * What about it, e.g. `size`.
 */
aspect: string, 
/**
 * How much it weighs.
 */
severity: FormatSeverity, 
/**
 * Section, point and letter of Part I of Appendix I of the decree.
 */
clause: string, 
/**
 * Page, from 0.
 */
page: number, 
/**
 * Where on it; none where something is missing that has no place yet.
 */
place: HitBox | null, 
/**
 * What is there; none where there is nothing to measure.
 */
measured: FormatValue | null, 
/**
 * One value, the least and the most, or nothing.
 */
wanted: Array<FormatValue>, };

/**
 * What came of checking a letter.
 */
export type FormatReview = { 
/**
 * Whether it has text that could be checked. A scan has none and is neither clean nor wrong.
 */
checked: boolean, 
/**
 * Pages, from 0, of a letter with text that are images and could not be checked.
 */
unchecked: Array<number>, 
/**
 * Pages, from 0, on which nothing stands.
 */
empty: Array<number>, 
/**
 * From the first page to the last, from top to bottom.
 */
findings: Array<FormatFinding>, };

/**
 * Answer of `document_format`: how far the check is. Whoever wants no more does not ask again.
 */
export type FormatCheck = { 
/**
 * The state of the file.
 */
sha256: string, 
/**
 * Pages looked at.
 */
done: number, 
/**
 * Pages of the file.
 */
pages: number, 
/**
 * What came of it; none while pages are left.
 */
review: FormatReview | null, };

/**
 * What one document is to another, as in the protocol.
 */
export type DocumentRelation = "true_copy" | "copy_of_copy" | "extract" | "correction" | "replacement";

/**
 * What a person may make of a document now.
 */
export type CopyOffer = { 
/**
 * Forms of a copy; empty where it may not be copied.
 */
copies: Array<DocumentRelation>, 
/**
 * How it may be amended; empty where it may not be.
 */
amendments: Array<DocumentRelation>, 
/**
 * What the symbol of a copy ends with, e.g. `UBND`; empty where that is not known.
 */
agency: string, 
/**
 * Whether its file bears electronic signatures.
 */
is_electronic: boolean, };

/**
 * Arguments of `copy_make`.
 */
export type CopyArgs = { 
/**
 * Of which document.
 */
source: string, 
/**
 * Which form of a copy.
 */
relation: DocumentRelation, 
/**
 * What stands behind the abbreviation of the form in its symbol.
 */
agency: string, 
/**
 * Of an extract: the pages in their order, from 1; else empty.
 */
pages: Array<number>, 
/**
 * Of an extract: what is left out, 1 to 500 characters; else empty.
 */
left_out: string, };

/**
 * That a draft corrects or replaces an issued document.
 */
export type DraftAbout = { 
/**
 * Which.
 */
document: string, 
/**
 * `correction` by an official letter, `replacement` by a document of the same kind.
 */
relation: DocumentRelation, };

/**
 * Another document that one has to do with.
 */
export type RelatedDto = { 
/**
 * What the one is to the other.
 */
relation: DocumentRelation, 
/**
 * The other one, where it is here and can be opened.
 */
document: string | null, 
/**
 * Its number and symbol, or its subject; empty while it waits for its number.
 */
title: string, 
/**
 * Its day, `YYYY-MM-DD`.
 */
issued_on: string | null, 
/**
 * Of an extract: the pages, from 1.
 */
pages: Array<number>, 
/**
 * Of an extract: what was left out.
 */
left_out: string, };

/**
 * A PDF that is kept here, to be a draft or a new version of one; the host that took it in says it.
 */
export type DraftFileDto = { 
/**
 * Hash of its bytes; they can be opened by it.
 */
sha256: string, 
/**
 * Bytes.
 */
size: number, 
/**
 * Display name, 1 to 200 characters.
 */
name: string, 
/**
 * Pages.
 */
pages: number | null, };

/**
 * What stands on a draft.
 */
export type DraftFieldsDto = { 
/**
 * Tên loại, as in the protocol, e.g. `decision`, `official_letter`.
 */
kind: string, 
/**
 * Ký hiệu, e.g. `QĐ-UBND`; 1 to 50 characters, that of a named kind with its abbreviation.
 */
symbol: string, 
/**
 * Trích yếu, 1 to 2,000 characters.
 */
subject: string, 
/**
 * `normal`, `urgent`, `very_urgent`, `express`, `express_timed`.
 */
urgency: string, };

/**
 * Arguments of `draft_create`.
 */
export type DraftArgs = { 
/**
 * What stands on it.
 */
fields: DraftFieldsDto, 
/**
 * Its first version.
 */
file: DraftFileDto, 
/**
 * What it corrects or replaces; most drafts nothing.
 */
about?: DraftAbout, };

/**
 * A draft that was made.
 */
export type Drafted = { 
/**
 * The document.
 */
document: string, };

/**
 * A version of a draft.
 */
export type DraftVersionDto = { 
/**
 * From 1.
 */
number: number, 
/**
 * Its bytes; they can be opened by it once they are here.
 */
sha256: string, 
/**
 * Who made it.
 */
by: string, 
/**
 * When.
 */
at: number, 
/**
 * What has changed; may be empty.
 */
text: string, };

/**
 * Somebody who initials a draft.
 */
export type InitialsDto = { 
/**
 * The account.
 */
account: string, 
/**
 * The person's name.
 */
name: string, 
/**
 * When it was done; none before.
 */
at: number | null, };

/**
 * A draft that was sent back.
 */
export type SentBackDto = { 
/**
 * By whom.
 */
by: string, 
/**
 * Why.
 */
reason: string, 
/**
 * When.
 */
at: number, };

/**
 * How a document that goes out was drafted and checked.
 */
export type OutgoingDto = { 
/**
 * Who drafted it.
 */
drafter: string, 
/**
 * Ký hiệu, what will stand behind the number.
 */
symbol: string, 
/**
 * The versions in their order, the last the one that counts; empty when it was drafted
 * elsewhere.
 */
versions: Array<DraftVersionDto>, 
/**
 * Who answers for its content, once it was submitted.
 */
reviewer: string | null, 
/**
 * Who checked its format.
 */
checker: string | null, 
/**
 * Who was named to initial it.
 */
initials: Array<InitialsDto>, 
/**
 * Why it is with the drafter again.
 */
sent_back: SentBackDto | null, 
/**
 * Whether it was never sent: `draft_undo` takes the whole of it back.
 */
only_here: boolean, 
/**
 * Whether it was signed before it was sent back: `submit` needs a new version first.
 */
to_replace: boolean, 
/**
 * Its number, once it was asked for.
 */
numbered: NumberedDto | null, 
/**
 * Who signed it for the agency.
 */
sealed: DoneDto | null, 
/**
 * Who issued it.
 */
issued: DoneDto | null, 
/**
 * The agencies it was sent to, in the order of naming.
 */
deliveries: Array<DeliveryDto>, 
/**
 * Further lines of “Nơi nhận”.
 */
places: Array<string>, 
/**
 * What of it went to the post office, in the order of writing down.
 */
mailings: Array<MailingDto>, 
/**
 * Who had and has the file copy, in the order of giving out.
 */
loans: Array<LoanDto>, };

/**
 * An agency that a document is sent to.
 */
export type RecipientDto = { 
/**
 * Its code in the directory.
 */
code: string, 
/**
 * Its name; the server puts the directory's in its place.
 */
name: string, };

/**
 * Nhóm nơi nhận: agencies that this person sends to together.
 */
export type RecipientGroupDto = { 
/**
 * The group.
 */
id: string, 
/**
 * What this person calls it.
 */
name: string, 
/**
 * The agencies, in the order of naming.
 */
members: Array<RecipientDto>, };

/**
 * Arguments of `recipient_group_put`.
 */
export type RecipientGroupPut = { 
/**
 * The group that is changed; none makes a new one.
 */
id: string | null, 
/**
 * Its name, 1 to 100 characters; no two groups are called alike.
 */
name: string, 
/**
 * 1 to 500 agencies, each once.
 */
members: Array<RecipientDto>, };

/**
 * Names a group of recipients.
 */
export type RecipientGroupId = { 
/**
 * The group.
 */
id: string, };

/**
 * A number that was asked for.
 */
export type NumberedDto = { 
/**
 * Số, ký hiệu; none while the server has not given it (chờ cấp số).
 */
notation: string | null, 
/**
 * Ngày, `YYYY-MM-DD`; with the number.
 */
issued_on: string | null, 
/**
 * Who asked for it.
 */
by: string, 
/**
 * When.
 */
at: number, };

/**
 * Something that was done.
 */
export type DoneDto = { 
/**
 * By whom.
 */
by: string, 
/**
 * When.
 */
at: number, };

/**
 * A document at an agency it was sent to.
 */
export type DeliveryDto = { 
/**
 * Code of the agency.
 */
code: string, 
/**
 * Its name.
 */
name: string, 
/**
 * What its system said, in the order of coming.
 */
statuses: Array<DeliveryStatusDto>, 
/**
 * Whether it can be asked back.
 */
may_recall: boolean, };

/**
 * One status of a delivery.
 */
export type DeliveryStatusDto = { 
/**
 * As on the national axis: `01` arrived, `02` refused, `03` registered, `04` directed, `05` in
 * progress, `06` done, `13` wanted back, `15` given back, `16` kept.
 */
code: string, 
/**
 * When.
 */
at: number, 
/**
 * Why; may be empty.
 */
reason: string, };

/**
 * Envelopes that went to the post office.
 */
export type MailingDto = { 
/**
 * `YYYY-MM-DD`.
 */
on: string, 
/**
 * To whom.
 */
to: string, 
/**
 * How many.
 */
envelopes: number, 
/**
 * May be empty.
 */
note: string, };

/**
 * The file copy in somebody's hands.
 */
export type LoanDto = { 
/**
 * Its id.
 */
id: string, 
/**
 * Since when, `YYYY-MM-DD`.
 */
on: string, 
/**
 * Who has it.
 */
borrower: string, 
/**
 * Who permitted it.
 */
permitted_by: string, 
/**
 * May be empty.
 */
note: string, 
/**
 * When it came back, `YYYY-MM-DD`; none while it is out.
 */
returned_on: string | null, };

/**
 * Another post of a person.
 */
export type FurtherPostDto = { 
/**
 * As of the person's main post.
 */
role: string, 
/**
 * The title as signed.
 */
position: string, 
/**
 * Name of the unit.
 */
unit: string, };

/**
 * A person whom acts may name.
 */
export type OfficePersonDto = { 
/**
 * The account.
 */
account: string, 
/**
 * The person's name.
 */
name: string, 
/**
 * The title as signed.
 */
position: string, 
/**
 * `leader`, `clerk`, `head`, `official`, `unit_clerk`, `archivist`, `unit_admin`.
 */
role: string, 
/**
 * Name of the unit.
 */
unit: string, 
/**
 * Code of the unit.
 */
unit_code: string, 
/**
 * The person's other posts that are held now.
 */
further: Array<FurtherPostDto>, };

/**
 * A deadline of somebody's own, among those whom an act names.
 */
export type OwnDeadlineDto = { 
/**
 * Who leads or supports.
 */
account: string, 
/**
 * `YYYY-MM-DD`.
 */
due: string, };

/**
 * An act on a document. Accounts are those of `office_people`; deadlines `YYYY-MM-DD`,
 * empty for none; reasons have 1 to 500 characters, free words at most 4,000.
 */
export type HandlingActDto = { "act": "direct", 
/**
 * Chủ trì.
 */
lead: string, 
/**
 * Phối hợp.
 */
supports: Array<string>, 
/**
 * Để biết.
 */
informed: Array<string>, 
/**
 * Until when; empty keeps the document's deadline.
 */
due: string, 
/**
 * Deadlines of those who have one of their own, not after that of the whole.
 */
deadlines: Array<OwnDeadlineDto>, 
/**
 * The words; may be empty.
 */
text: string, } | { "act": "assign", 
/**
 * Chủ trì.
 */
lead: string, 
/**
 * Phối hợp.
 */
supports: Array<string>, 
/**
 * Until when, not after the unit's own deadline; empty takes that.
 */
due: string, 
/**
 * Deadlines of those who have one of their own, not after the unit's.
 */
deadlines: Array<OwnDeadlineDto>, 
/**
 * Words; may be empty.
 */
text: string, } | { "act": "take_up" } | { "act": "resolve", 
/**
 * The signed outgoing document that answers; none = without an answer.
 */
reply: string | null, 
/**
 * What was done; without an answer, why.
 */
text: string, } | { "act": "file", 
/**
 * Title or code of the dossier; may be empty.
 */
dossier: string, } | { "act": "return", 
/**
 * Why.
 */
reason: string, } | { "act": "hand_over", 
/**
 * To whom.
 */
to: string, 
/**
 * Why.
 */
reason: string, } | { "act": "ask_extension", 
/**
 * Until when.
 */
due: string, 
/**
 * Why.
 */
reason: string, } | { "act": "answer_extension", 
/**
 * Whether the time is given.
 */
granted: boolean, 
/**
 * Words; a refusal needs them.
 */
text: string, } | { "act": "refuse", 
/**
 * Why.
 */
reason: string, } | { "act": "answer_recall", 
/**
 * Whether it goes back.
 */
agreed: boolean, 
/**
 * Why not.
 */
reason: string, } | { "act": "revise", 
/**
 * The new version; none keeps the file.
 */
file: DraftFileDto | null, 
/**
 * What stands on it; none keeps that.
 */
fields: DraftFieldsDto | null, 
/**
 * What has changed; may be empty.
 */
text: string, } | { "act": "submit", 
/**
 * Who answers for the content: a `head` or `leader`.
 */
to: string, 
/**
 * Whose opinion is asked (xin ý kiến).
 */
supports: Array<string>, 
/**
 * Words; may be empty.
 */
text: string, } | { "act": "approve", 
/**
 * Words; may be empty.
 */
text: string, } | { "act": "check_format", 
/**
 * The leader who signs.
 */
signer: string, 
/**
 * Who initials it before; nobody: it goes to the leader at once.
 */
initials: Array<string>, 
/**
 * Words; may be empty.
 */
text: string, } | { "act": "initial" } | { "act": "take_back" } | { "act": "discard", 
/**
 * Why.
 */
reason: string, } | { "act": "number" } | { "act": "issue", 
/**
 * Agencies of the directory, at most 500.
 */
to: Array<RecipientDto>, 
/**
 * Further lines of “Nơi nhận”, at most 100.
 */
places: Array<string>, } | { "act": "recall", 
/**
 * Codes of agencies; nobody: all that can still be asked.
 */
to: Array<string>, 
/**
 * Why.
 */
reason: string, } | { "act": "mail", 
/**
 * `YYYY-MM-DD`, today at the latest.
 */
on: string, 
/**
 * To whom, 1 to 300 characters.
 */
to: string, 
/**
 * Số lượng bì, 1 to 9,999.
 */
envelopes: number, 
/**
 * May be empty.
 */
note: string, } | { "act": "lend", 
/**
 * `YYYY-MM-DD`, today at the latest.
 */
on: string, 
/**
 * To whom, 1 to 300 characters.
 */
borrower: string, 
/**
 * Who permits it, 1 to 300 characters.
 */
permitted_by: string, 
/**
 * May be empty.
 */
note: string, } | { "act": "take_in", 
/**
 * Which loan, an id of `OutgoingDto::loans`.
 */
loan: string, 
/**
 * `YYYY-MM-DD`, today at the latest and not before it was given out.
 */
on: string, };

/**
 * Arguments of `document_act`.
 */
export type HandlingArgs = { 
/**
 * On which document.
 */
document: string, 
/**
 * What.
 */
act: HandlingActDto, };

/**
 * Somebody who was named on a document.
 */
export type ReceiverDto = { 
/**
 * The account.
 */
account: string, 
/**
 * The person's name.
 */
name: string, 
/**
 * Name of the unit.
 */
unit: string, 
/**
 * `lead`, `support`, `inform`.
 */
role: string, 
/**
 * Whether it is with this person now.
 */
holds: boolean, 
/**
 * The last instant in time; none without a deadline.
 */
due_at: number | null, 
/**
 * Who gave it.
 */
given_by: string, 
/**
 * When.
 */
at: number, };

/**
 * More time that was asked for.
 */
export type ExtensionDto = { 
/**
 * The last instant of it.
 */
due_at: number, 
/**
 * Why.
 */
reason: string, 
/**
 * Who asks.
 */
asked_by: string, 
/**
 * When.
 */
at: number, };

/**
 * How a document was resolved.
 */
export type ResolutionDto = { 
/**
 * The document that answers.
 */
reply: string | null, 
/**
 * Its notation or subject; empty until the server has said it.
 */
reply_title: string, 
/**
 * What was done, or why there is no answer.
 */
text: string, 
/**
 * By whom.
 */
by: string, 
/**
 * When.
 */
at: number, };

/**
 * How a document is being handled, our acts that are not sent yet counted in.
 */
export type HandlingDto = { 
/**
 * State, as in the protocol.
 */
state: string, 
/**
 * The last instant in time of the whole; none without a deadline. The reader's own is the row's.
 */
due_at: number | null, 
/**
 * The leader before whom it is, or who directed it; of one that goes out, who signs.
 */
director: string | null, 
/**
 * That leader's account.
 */
director_account: string | null, 
/**
 * Who was named, in the order of naming.
 */
receivers: Array<ReceiverDto>, 
/**
 * More time that was asked for and not answered.
 */
extension: ExtensionDto | null, 
/**
 * How it was resolved.
 */
resolution: ResolutionDto | null, 
/**
 * The dossier it was filed in.
 */
dossier: string, 
/**
 * Whether it came over the axis: its sender is told.
 */
from_axis: boolean, 
/**
 * Why the sender wants it back, while nobody has answered.
 */
recall: string | null, 
/**
 * The acts that this person may do now, e.g. `direct`, `take_up`; words as in `HandlingActDto`.
 */
allowed: Array<string>, 
/**
 * Whether it waits for this person's signature; the agency's own is `seal` in `allowed`.
 */
may_sign: boolean, 
/**
 * Whether the last act can be taken back: it was not sent.
 */
undoable: boolean, 
/**
 * What it is to another document: a copy of it, what corrects or replaces it.
 */
origin?: RelatedDto, 
/**
 * What is a copy of it, corrects or replaces it, in the order of making.
 */
derived: Array<RelatedDto>, 
/**
 * How it was drafted and checked; of documents that go out only.
 */
outgoing?: OutgoingDto, };

/**
 * Why somebody stands in a leader's place.
 */
export type MandateKind = "delegation" | "absence";

/**
 * Something that this person can act as.
 */
export type CapacityDto = { 
/**
 * To be given back when it is chosen; empty: by all posts together.
 */
key: string, 
/**
 * Title, e.g. `Trưởng phòng` or `TUQ. Chủ tịch`.
 */
title: string, 
/**
 * Name of the unit.
 */
unit: string, 
/**
 * In whose place; none for a post of the person's own.
 */
for_whom: string | null, 
/**
 * What may be signed by a mandate, by the protocol's words; empty: documents of all kinds.
 */
kinds: Array<string>, 
/**
 * Instant from which it can be chosen; none: now.
 */
since: number | null, 
/**
 * Instant at which it ends; none: no end is set.
 */
until: number | null, };

/**
 * A mandate that this person has given or holds.
 */
export type MandateDto = { 
/**
 * Its id.
 */
id: string, 
/**
 * Why.
 */
kind: MandateKind, 
/**
 * The other side: who holds it, or who gave it.
 */
person: string, 
/**
 * That person's title.
 */
position: string, 
/**
 * Whether directing is covered.
 */
direct: boolean, 
/**
 * Whether signing is covered.
 */
sign: boolean, 
/**
 * What may be signed, by the protocol's words; empty: documents of all kinds.
 */
kinds: Array<string>, 
/**
 * Instant from which it is in force.
 */
since: number, 
/**
 * Instant at which it ends.
 */
until: number, 
/**
 * Number of the written delegation; may be empty.
 */
reference: string, 
/**
 * Whether it is in force now, else it has not begun.
 */
in_force: boolean, };

/**
 * What this person can act as, and the mandates.
 */
export type CapacitiesDto = { 
/**
 * What can be chosen; empty where there is nothing to choose.
 */
options: Array<CapacityDto>, 
/**
 * The key of what was chosen.
 */
chosen: string, 
/**
 * Whether what was chosen has ended: nothing is done until it is chosen anew.
 */
ended: boolean, 
/**
 * Whether this person may give mandates: a leader.
 */
may_give: boolean, 
/**
 * Whether this person manages a unit, so that `unit_posts` has something to say.
 */
may_manage: boolean, 
/**
 * Those that the person has given and that have not ended.
 */
given: Array<MandateDto>, 
/**
 * Those that the person holds and that have not ended.
 */
held: Array<MandateDto>, };

/**
 * Arguments of `capacity_choose`.
 */
export type CapacityArgs = { 
/**
 * The key of an option; empty: by all posts together.
 */
key: string, };

/**
 * Arguments of `mandate_give`.
 */
export type MandateArgs = { 
/**
 * Why.
 */
kind: MandateKind, 
/**
 * Account of who acts.
 */
holder: string, 
/**
 * Whether directing is covered.
 */
direct: boolean, 
/**
 * Whether signing is covered.
 */
sign: boolean, 
/**
 * What may be signed, by the protocol's words; empty: documents of all kinds.
 */
kinds: Array<string>, 
/**
 * Instant from which it is in force.
 */
since: number, 
/**
 * Instant at which it ends.
 */
until: number, 
/**
 * Number of the written delegation.
 */
reference: string, };

/**
 * Arguments of `mandate_revoke`.
 */
export type MandateId = { 
/**
 * Which.
 */
id: string, };

/**
 * A post in a unit that this person manages.
 */
export type UnitPostDto = { 
/**
 * Account of whose it is.
 */
account: string, 
/**
 * The person's name.
 */
person: string, 
/**
 * `leader`, `clerk`, `head`, `official`, `unit_clerk`, `archivist`, `unit_admin`.
 */
role: string, 
/**
 * The title as signed.
 */
title: string, 
/**
 * Name of the unit.
 */
unit: string, 
/**
 * Code of the unit.
 */
unit_code: string, 
/**
 * Instant from which it is held; none: no beginning is kept.
 */
since: number | null, 
/**
 * Instant at which it ends; none: no end is set.
 */
until: number | null, 
/**
 * Whether it was given for a time, so that this person can end it.
 */
may_end: boolean, };

/**
 * Arguments of `unit_post_give`.
 */
export type UnitPostArgs = { 
/**
 * Account of who gets it.
 */
account: string, 
/**
 * Code of the unit.
 */
unit_code: string, 
/**
 * `head`, `official`, `unit_clerk`, `clerk`, `archivist`.
 */
role: string, 
/**
 * The title as signed.
 */
title: string, 
/**
 * Instant from which it is held.
 */
since: number, 
/**
 * Instant at which it ends; none: no end is set.
 */
until: number | null, };

/**
 * Arguments of `unit_post_end`.
 */
export type UnitPostPlace = { 
/**
 * Account of whose it is.
 */
account: string, 
/**
 * Code of the unit.
 */
unit_code: string, 
/**
 * The role.
 */
role: string, };

/**
 * Names a year's list of dossiers.
 */
export type DossierQuery = { 
/**
 * The year.
 */
year: number, };

/**
 * A dossier as a list shows it.
 */
export type DossierDto = { 
/**
 * The dossier.
 */
id: string, 
/**
 * Year of its list.
 */
year: number, 
/**
 * Số và ký hiệu, e.g. `01.TCCB`; the letters alone until the server has given the number.
 */
notation: string, 
/**
 * Whether the server has given the number.
 */
numbered: boolean, 
/**
 * The letters of the symbol.
 */
code: string, 
/**
 * Đề mục lớn; may be empty.
 */
large: string, 
/**
 * Đề mục nhỏ; may be empty.
 */
small: string, 
/**
 * Tiêu đề.
 */
title: string, 
/**
 * Years that it is kept; none: for ever (vĩnh viễn).
 */
retention_years: number | null, 
/**
 * Người lập.
 */
creator: string, 
/**
 * The creator's account.
 */
creator_account: string, 
/**
 * The creator's unit; empty until the server has said it.
 */
unit: string, 
/**
 * Ghi chú.
 */
note: string, 
/**
 * `planned`, `listed`, `open`, `closed`, `handed_over`, `archived`.
 */
state: string, 
/**
 * Whether it is in the year's list.
 */
listed: boolean, 
/**
 * Whether this person is the creator.
 */
mine: boolean, 
/**
 * Whether this person sees what is inside.
 */
inside: boolean, 
/**
 * How many documents it has.
 */
count: number, 
/**
 * Day it was begun.
 */
started_on: string | null, 
/**
 * Day it was ended.
 */
ended_on: string | null, 
/**
 * Last day to hand it over to the archive; none while that is not asked.
 */
hand_over_by: string | null, 
/**
 * Whether an act of this machine on it is not at the server yet.
 */
unsent: boolean, };

/**
 * Hồ sơ công việc of a year.
 */
export type DossierListDto = { 
/**
 * The years that have any, the latest first.
 */
years: Array<number>, 
/**
 * Those of the year, by number.
 */
dossiers: Array<DossierDto>, 
/**
 * Whether this person proposes dossiers for the list.
 */
may_plan: boolean, 
/**
 * Ids of the proposals that this person may approve.
 */
to_approve: Array<string>, };

/**
 * A document in a dossier.
 */
export type DossierItemDto = { 
/**
 * The document.
 */
document: string, 
/**
 * Its place.
 */
ordinal: number, 
/**
 * Whether the server has not said so yet.
 */
provisional: boolean, 
/**
 * Whether this person has the document; the rest is empty otherwise.
 */
here: boolean, 
/**
 * Số, ký hiệu.
 */
notation: string, 
/**
 * Day of the document.
 */
issued_on: string | null, 
/**
 * Tên loại, as its code.
 */
kind: string, 
/**
 * Trích yếu.
 */
subject: string, 
/**
 * Tác giả.
 */
issuer: string, 
/**
 * Pages of its files, where they are known.
 */
pages: number | null, 
/**
 * `incoming` or `outgoing`.
 */
direction: string, };

/**
 * Something to be looked at before a dossier is closed.
 */
export type DossierFindingDto = { 
/**
 * `empty`, `duplicate`, `draft`, `not_registered`, `fields_missing`, `not_seen`.
 */
kind: string, 
/**
 * On which document; none: the dossier as a whole.
 */
document: string | null, };

/**
 * One step in the life of a dossier.
 */
export type DossierStepDto = { 
/**
 * Word of the act.
 */
act: string, 
/**
 * When.
 */
at: number, 
/**
 * Who.
 */
by: string, 
/**
 * Reason or reference.
 */
note: string, };

/**
 * A dossier with what is inside.
 */
export type DossierContentsDto = { 
/**
 * The dossier.
 */
dossier: DossierDto, 
/**
 * Its documents by ordinal.
 */
items: Array<DossierItemDto>, 
/**
 * What is to be looked at before it is closed.
 */
findings: Array<DossierFindingDto>, 
/**
 * Words of the acts that this person may do now.
 */
allowed: Array<string>, 
/**
 * What happened, oldest first.
 */
steps: Array<DossierStepDto>, };

/**
 * What stands on a dossier.
 */
export type DossierFieldsDto = { 
/**
 * Year of its list.
 */
year: number, 
/**
 * The number; none lets the server give the next one.
 */
number: number | null, 
/**
 * Letters of the symbol.
 */
code: string, 
/**
 * Đề mục lớn; may be empty.
 */
large: string, 
/**
 * Đề mục nhỏ; may be empty.
 */
small: string, 
/**
 * Tiêu đề.
 */
title: string, 
/**
 * Years that it is kept; none: for ever.
 */
retention_years: number | null, 
/**
 * Account of the creator; none: this person.
 */
creator: string | null, 
/**
 * Ghi chú; may be empty.
 */
note: string, };

/**
 * Arguments of `dossier_make`.
 */
export type DossierMake = { 
/**
 * What stands on it.
 */
fields: DossierFieldsDto, 
/**
 * Day it is begun, for one beside the list; none proposes it for the list.
 */
started_on: string | null, };

/**
 * Which list of a year's dossiers is taken out.
 */
export type DossierPaper = "list" | "handed_over" | "minutes";

/**
 * Arguments of `dossiers_export`.
 */
export type DossiersExport = { 
/**
 * The year.
 */
year: number, 
/**
 * Which list of it.
 */
paper: DossierPaper, 
/**
 * How.
 */
format: SearchFormat, };

/**
 * How a dossier is taken out.
 */
export type DossierFormat = "PDF" | "XLSX" | "XML";

/**
 * Arguments of `dossier_export`.
 */
export type DossierExport = { 
/**
 * The dossier.
 */
id: string, 
/**
 * How.
 */
format: DossierFormat, };

/**
 * A finding that stays, and why.
 */
export type DossierLetStand = { 
/**
 * What was found.
 */
finding: DossierFindingDto, 
/**
 * Why it may stay.
 */
reason: string, };

/**
 * An act on a dossier.
 */
export type DossierActDto = { "act": "approve" } | { "act": "strike", 
/**
 * Why.
 */
reason: string, } | { "act": "open", 
/**
 * Day.
 */
started_on: string, } | { "act": "amend", 
/**
 * What stands on it from now on.
 */
fields: DossierFieldsDto, } | { "act": "remove", 
/**
 * Which.
 */
document: string, } | { "act": "close", 
/**
 * Day.
 */
ended_on: string, 
/**
 * What stays all the same.
 */
settled: Array<DossierLetStand>, } | { "act": "reopen", 
/**
 * Why.
 */
reason: string, } | { "act": "keep_back", 
/**
 * Until when.
 */
until: string, 
/**
 * Number of the written consent.
 */
reference: string, 
/**
 * Why.
 */
reason: string, } | { "act": "hand_over" } | { "act": "receive" } | { "act": "send_back", 
/**
 * Why.
 */
reason: string, };

/**
 * Arguments of `dossier_act`.
 */
export type DossierActArgs = { 
/**
 * The dossiers: several are approved at once.
 */
ids: Array<string>, 
/**
 * What is done to each.
 */
act: DossierActDto, };

/**
 * Arguments of `dossier_add`.
 */
export type DossierAdd = { 
/**
 * The dossier.
 */
id: string, 
/**
 * The documents.
 */
documents: Array<string>, 
/**
 * Whether those that can be filed now are filed, too.
 */
file: boolean, };

/**
 * How many were added.
 */
export type DossierAdded = { 
/**
 * Those in it before are not counted.
 */
added: number, };

/**
 * Names a dossier.
 */
export type DossierId = { 
/**
 * The dossier.
 */
id: string, };

/**
 * Which tasks a list shows.
 */
export type TaskFilter = "to_do" | "to_answer" | "given" | "overdue" | "open" | "ended";

/**
 * Arguments of `tasks_list`.
 */
export type TaskQuery = { 
/**
 * Which.
 */
filter: TaskFilter, };

/**
 * How many tasks there are in each list of open ones.
 */
export type TaskCountsDto = { 
/**
 * To be worked on by this person.
 */
to_do: number, 
/**
 * Waiting for this person's word.
 */
to_answer: number, 
/**
 * Given by this person.
 */
given: number, 
/**
 * Worked on although the day is over.
 */
overdue: number, 
/**
 * All.
 */
open: number, };

/**
 * Somebody who works on a task.
 */
export type TaskPartyDto = { 
/**
 * The account.
 */
account: string, 
/**
 * The name.
 */
name: string, 
/**
 * Name of the unit.
 */
unit: string, };

/**
 * A task as a list shows it.
 */
export type TaskDto = { 
/**
 * The task.
 */
id: string, 
/**
 * What is to be done.
 */
title: string, 
/**
 * `given`, `in_progress`, `reported`, `accepted`, `withdrawn`.
 */
state: string, 
/**
 * Who gave it.
 */
giver: string, 
/**
 * Who leads.
 */
lead: TaskPartyDto, 
/**
 * The last day in time.
 */
due: string, 
/**
 * Working days until then, that day counted; negative when it is over.
 */
days_left: number, 
/**
 * Whether it is late.
 */
overdue: boolean, 
/**
 * Whether it is worked on and the deadline is near.
 */
soon: boolean, 
/**
 * How much the lead says is done, 0 to 100.
 */
percent: number, 
/**
 * Whether more time is asked for.
 */
asked: boolean, 
/**
 * Whether an act of this machine on it is not at the server yet.
 */
unsent: boolean, };

/**
 * A list of tasks.
 */
export type TaskListDto = { 
/**
 * How many there are in each.
 */
counts: TaskCountsDto, 
/**
 * Those that were asked for, overdue first.
 */
tasks: Array<TaskDto>, 
/**
 * Whether this person gives tasks.
 */
may_give: boolean, };

/**
 * What the people of a unit have led to its acceptance this year.
 */
export type TaskTallyDto = { 
/**
 * Name of the unit.
 */
unit: string, 
/**
 * In time.
 */
in_time: number, 
/**
 * Late.
 */
late: number, };

/**
 * How all tasks that this person sees stand.
 */
export type TaskBoardDto = { 
/**
 * The open ones, overdue first.
 */
open: Array<TaskDto>, 
/**
 * What was accepted this year, by units.
 */
accepted: Array<TaskTallyDto>, };

/**
 * A document that a task names.
 */
export type TaskDocumentDto = { 
/**
 * The document.
 */
id: string, 
/**
 * Whether this person has it; the rest is empty otherwise.
 */
here: boolean, 
/**
 * Số, ký hiệu.
 */
notation: string, 
/**
 * Trích yếu.
 */
subject: string, 
/**
 * `incoming` or `outgoing`.
 */
direction: string, };

/**
 * A meeting whose conclusion a task comes from.
 */
export type TaskMeetingDto = { 
/**
 * Which meeting, or the number of its conclusion.
 */
name: string, 
/**
 * When it was held.
 */
held_on: string, };

/**
 * A report on how far a task is.
 */
export type TaskReportDto = { 
/**
 * When.
 */
at: number, 
/**
 * Who.
 */
by: string, 
/**
 * What was done.
 */
text: string, 
/**
 * How much of the person's part, 0 to 100.
 */
percent: number, 
/**
 * Whether the lead reports by it that all is done.
 */
done: boolean, 
/**
 * Documents that show it.
 */
evidence: Array<TaskDocumentDto>, };

/**
 * One step in the life of a task.
 */
export type TaskStepDto = { 
/**
 * Word of the act.
 */
act: string, 
/**
 * When.
 */
at: number, 
/**
 * Who.
 */
by: string, 
/**
 * Reason or words.
 */
note: string, 
/**
 * The day that was given, asked for or granted.
 */
until: string | null, };

/**
 * More time that the lead has asked for.
 */
export type TaskExtensionDto = { 
/**
 * Until when.
 */
until: string, 
/**
 * Why.
 */
reason: string, 
/**
 * When it was asked.
 */
at: number, };

/**
 * A task with what this person may do.
 */
export type TaskDetailDto = { 
/**
 * The task.
 */
task: TaskDto, 
/**
 * More about it.
 */
text: string, 
/**
 * Who supports.
 */
supports: Array<TaskPartyDto>, 
/**
 * The document that it comes from.
 */
document: TaskDocumentDto | null, 
/**
 * The meeting that it comes from.
 */
meeting: TaskMeetingDto | null, 
/**
 * When it was given.
 */
given_at: number, 
/**
 * The day of the report that all is done.
 */
done_on: string | null, 
/**
 * More time that is asked for.
 */
extension: TaskExtensionDto | null, 
/**
 * What was reported, oldest first.
 */
reports: Array<TaskReportDto>, 
/**
 * What happened, oldest first.
 */
steps: Array<TaskStepDto>, 
/**
 * Words of the acts that this person may do now.
 */
allowed: Array<string>, };

/**
 * Arguments of `task_give`.
 */
export type TaskGive = { 
/**
 * What is to be done.
 */
title: string, 
/**
 * More about it; may be empty.
 */
text: string, 
/**
 * The document that it comes from.
 */
document: string | null, 
/**
 * The meeting that it comes from, where there is no document.
 */
meeting: TaskMeetingDto | null, 
/**
 * Account of who leads.
 */
lead: string, 
/**
 * Accounts of who supports.
 */
supports: Array<string>, 
/**
 * The last day in time.
 */
due: string, };

/**
 * An act on a task.
 */
export type TaskActDto = { "act": "take_up" } | { "act": "report", 
/**
 * What was done.
 */
text: string, 
/**
 * How much of the person's part, 0 to 100.
 */
percent: number, 
/**
 * Ids of documents that show it.
 */
evidence: Array<string>, } | { "act": "finish", 
/**
 * What came of it.
 */
text: string, 
/**
 * Ids of documents that show it.
 */
evidence: Array<string>, } | { "act": "accept", 
/**
 * A word on it; may be empty.
 */
note: string, } | { "act": "send_back", 
/**
 * What is missing.
 */
reason: string, } | { "act": "ask_extension", 
/**
 * Until when.
 */
until: string, 
/**
 * Why.
 */
reason: string, } | { "act": "answer_extension", 
/**
 * The new deadline; none: it stays.
 */
until: string | null, 
/**
 * Why not; may be empty when it is granted.
 */
reason: string, } | { "act": "withdraw", 
/**
 * Why.
 */
reason: string, };

/**
 * Arguments of `task_act`.
 */
export type TaskActArgs = { 
/**
 * The task.
 */
id: string, 
/**
 * What is done.
 */
act: TaskActDto, };

/**
 * Names a task.
 */
export type TaskId = { 
/**
 * The task.
 */
id: string, };

/**
 * Why a day is not what its place in the week says.
 */
export type CalendarDayKind = "holiday" | "make_up";

/**
 * A named day of the agency's calendar.
 */
export type CalendarDayDto = { 
/**
 * `YYYY-MM-DD`.
 */
day: string, 
/**
 * Whether it is off or worked.
 */
kind: CalendarDayKind, 
/**
 * What it is called.
 */
name: string, };

/**
 * The agency's calendar.
 */
export type CalendarDto = { 
/**
 * Its named days of all years, the first first.
 */
days: Array<CalendarDayDto>, 
/**
 * Whether this person keeps it.
 */
may_keep: boolean, };

/**
 * Names a day.
 */
export type CalendarDayArgs = { 
/**
 * `YYYY-MM-DD`.
 */
day: string, };

/**
 * What a picture for signatures is of.
 */
export type ImageRole = "signature" | "initials" | "seal";

/**
 * A picture that is kept; its bytes are at `page://localhost/signature-image/{sha256}`.
 */
export type SignatureImageDto = { 
/**
 * What it is of.
 */
role: ImageRole, 
/**
 * Hash of the PNG.
 */
sha256: string, 
/**
 * Pixels.
 */
width_px: number, 
/**
 * Pixels.
 */
height_px: number, 
/**
 * Millimetres on paper.
 */
width_mm: number, 
/**
 * Millimetres on paper.
 */
height_mm: number, 
/**
 * When it was taken in.
 */
at: number, };

/**
 * Arguments of `signature_image_put`.
 */
export type SignatureImagePut = { 
/**
 * What it is of; it takes the place of the one there was.
 */
role: ImageRole, 
/**
 * The PNG in base64: see-through, at most 200 KB and 2,400 pixels a side. It comes once, from
 * the wizard that made it, and is small: the one picture that crosses as text.
 */
png: string, 
/**
 * Millimetres on paper, in the proportion of the pixels.
 */
width_mm: number, 
/**
 * Millimetres on paper.
 */
height_mm: number, };

/**
 * Arguments of `signature_image_remove`.
 */
export type SignatureImageRemove = { 
/**
 * Which.
 */
role: ImageRole, };

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
export type CertificateState = "usable" | "expired" | "not_yet_valid" | "wrong_usage" | "untrusted" | "revoked";

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
 * The PIN; none to cancel. On a reader with a keypad (`mode=pad`), where nothing is typed
 * here, none with the consent below means: go on. This type has no `Debug`.
 */
pin: string | null, 
/**
 * The new PIN, where the window was opened for changing it (`mode=change`).
 */
new_pin?: string, 
/**
 * The user has agreed to spend the last try.
 */
final_try_consent: boolean, };

/**
 * ETSI EN 319 102-1: total-passed, total-failed, indeterminate.
 */
export type SignatureStatus = "valid" | "invalid" | "could_not_check";

/**
 * What a signature is for.
 */
export type SignatureKind = "approval" | "certification" | "time_stamp";

/**
 * How far a signature reaches.
 */
export type SignatureCoverage = "whole" | "revision" | "unclear";

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
 * What it is for.
 */
kind: SignatureKind, 
/**
 * Claimed time of signing: by the clock of the signer's machine.
 */
claimed_at: number | null, 
/**
 * Time by a trusted time stamp; none where no such is in the file.
 */
stamped_at: number | null, 
/**
 * The tool wrote local time as if it were UTC: the claimed time is seven hours off.
 */
zone_wrong: boolean, 
/**
 * The certificate's period and serial number (hexadecimal).
 */
not_before: number | null, 
/**
 * See above.
 */
not_after: number | null, 
/**
 * See above.
 */
serial: string, 
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
 * The same in three words.
 */
coverage: SignatureCoverage, 
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

/**
 * Answer of `token_state`: what the frame's 🔑 shows. Changes are told by the tag `token`.
 */
export type TokenState = { 
/**
 * Tokens that are plugged in. While training, only the simulated one.
 */
tokens: Array<PresentTokenDto>, 
/**
 * Why there is none, as precisely as can be told; none while there is a token, and none
 * while the desk is still looking for the first time.
 */
problem: IpcError | null, 
/**
 * Training mode is on: show its banner.
 */
training: TrainingState | null, };

/**
 * A token that is plugged in, without its certificates.
 */
export type PresentTokenDto = { 
/**
 * Module, for the other commands.
 */
module: string, 
/**
 * The module's name for people.
 */
module_name: string, 
/**
 * Keys in a file: never for real signatures.
 */
simulator: boolean, 
/**
 * Serial number.
 */
serial: string, 
/**
 * Label.
 */
label: string, 
/**
 * Tries left, as far as the token says.
 */
pin_state: PinState, 
/**
 * The PIN is typed on the reader.
 */
pin_pad: boolean, };

/**
 * The system's card service (PC/SC).
 */
export type CardServiceState = "running" | "stopped" | "missing" | "failed" | "unknown";

/**
 * A card reader, or the reader inside a USB token.
 */
export type ReaderDto = { 
/**
 * Its name.
 */
name: string, 
/**
 * Answer to reset, hexadecimal; none when there is no card or it is mute.
 */
atr: string | null, 
/**
 * There is something in it that does not answer.
 */
mute: boolean, 
/**
 * The kind of token, where the answer to reset is known, e.g. `VGCA Token (bit4id)`.
 */
product: string | null, 
/**
 * What is to be found out about it.
 */
finding: IpcError | null, };

/**
 * Why a module is on the list.
 */
export type ModuleReason = "atr" | "registered" | "known_path" | "administrator" | "training";

/**
 * What the module says of itself.
 */
export type LibraryDto = { 
/**
 * Description.
 */
description: string, 
/**
 * Maker.
 */
manufacturer: string, 
/**
 * Version of the library.
 */
version: string, 
/**
 * Version of PKCS#11 it speaks.
 */
cryptoki: string, 
/**
 * It tells of insertion and removal by itself; otherwise the desk looks every half second.
 */
slot_events: boolean, };

/**
 * The worker process of a module.
 */
export type WorkerDto = { 
/**
 * Process number.
 */
pid: number, 
/**
 * It ends when the desk ends, by the system's word.
 */
dies_with_parent: boolean, };

/**
 * A module in the diagnosis.
 */
export type DiagnosedModule = { 
/**
 * Handle for the other commands.
 */
id: string, 
/**
 * Name for people.
 */
name: string, 
/**
 * Maker.
 */
vendor: string, 
/**
 * Where the file lies: to be read by a person, taken by no command.
 */
path: string, 
/**
 * Processors the file is made for, e.g. `x86_64`; empty when it is no library.
 */
architecture: string, 
/**
 * Why it is on the list; the first is why it stands where it stands.
 */
reasons: Array<ModuleReason>, 
/**
 * The administrator's list allows it (or there is no list).
 */
allowed: boolean, 
/**
 * Keys in a file.
 */
simulator: boolean, 
/**
 * What it says of itself; none when it could not be loaded.
 */
library: LibraryDto | null, 
/**
 * Its process; none while none runs.
 */
worker: WorkerDto | null, 
/**
 * Why it cannot be used.
 */
problem: IpcError | null, 
/**
 * The tokens it sees.
 */
tokens: Array<DiagnosedToken>, };

/**
 * A token in the diagnosis.
 */
export type DiagnosedToken = { 
/**
 * Serial number.
 */
serial: string, 
/**
 * Label.
 */
label: string, 
/**
 * Maker.
 */
manufacturer: string, 
/**
 * Model.
 */
model: string, 
/**
 * Reader.
 */
reader: string, 
/**
 * State of the PIN, by the token's flags; no PIN was tried.
 */
pin_state: PinState, 
/**
 * The PIN is typed on the reader.
 */
pin_pad: boolean, 
/**
 * Shortest PIN.
 */
pin_min: number, 
/**
 * Longest PIN; 0 when the token does not say.
 */
pin_max: number, 
/**
 * Certificates with their fitness.
 */
certificates: Array<CertificateDto>, 
/**
 * What a person should know about it.
 */
findings: Array<IpcError>, };

/**
 * Answer of `token_diagnosis`.
 */
export type TokenDiagnosis = { 
/**
 * When.
 */
at: number, 
/**
 * The card service.
 */
card_service: CardServiceState, 
/**
 * Readers.
 */
readers: Array<ReaderDto>, 
/**
 * Modules, those in use first.
 */
modules: Array<DiagnosedModule>, 
/**
 * The administrator allows only the modules on a list.
 */
restricted: boolean, 
/**
 * Findings about the whole, the most helpful first; each has a remedy. Empty: all is well.
 */
findings: Array<IpcError>, };

/**
 * A text for the person to save or copy.
 */
export type TextExport = { 
/**
 * A name for the file.
 */
file_name: string, 
/**
 * The text.
 */
text: string, };

/**
 * Arguments of `pin_change`: opens the PIN window, which asks for the old and the new PIN.
 */
export type PinChangeArgs = { 
/**
 * Module.
 */
module: string, 
/**
 * Token.
 */
token_serial: string, };

/**
 * What the simulated token does.
 */
export type TrainingScenario = "normal" | "pin_pad" | "always_authenticate" | "slow" | "wrong_pin" | "last_try" | "locked" | "pin_not_set" | "cancelled_on_reader" | "unplugged_signing" | "other_token" | "crash" | "crash_at_login" | "hang" | "wrong_signature" | "short_signature" | "module_error" | "no_algorithm" | "expired_certificate" | "not_yet_valid" | "revoked_certificate" | "wrong_usage" | "untrusted" | "no_certificate" | "no_key" | "card_service_stopped" | "no_reader" | "no_card" | "card_mute" | "no_middleware" | "wrong_architecture" | "module_unloadable";

/**
 * A scenario on the list. Its words are `training.scenario.ID.title` and `.hint` in the
 * catalogues.
 */
export type TrainingScenarioDto = { 
/**
 * Which.
 */
id: TrainingScenario, 
/**
 * The message that a person meets, at the latest when signing; none when all goes well.
 */
code: ErrorCode | null, };

/**
 * Arguments of `training_start`.
 */
export type TrainingArgs = { 
/**
 * What the token shall do.
 */
scenario: TrainingScenario, };

/**
 * Training mode, while it is on.
 */
export type TrainingState = { 
/**
 * What the token does.
 */
scenario: TrainingScenario, 
/**
 * The PIN of the simulated token, to be shown on the banner.
 */
pin: string, 
/**
 * Hash of the document to practise with, for `file_open` and `page://` like any other's.
 */
sample: string, };

/**
 * Arguments of `training_sign`: signs copies of the sample with one PIN. Nothing of it enters
 * the outbox, the documents of the desk, or the server.
 */
export type TrainingSignArgs = { 
/**
 * How many copies, 1 to 50.
 */
documents: number, };

/**
 * One practised signature.
 */
export type TrainingItem = { 
/**
 * The signed copy, to be looked at under `page://`; none when it was not signed.
 */
sha256: string | null, 
/**
 * Why not.
 */
problem: IpcError | null, };

/**
 * Answer of `training_sign`. Faults of the PIN or the token before the first signature are the
 * command's own error.
 */
export type TrainingReport = { 
/**
 * One for each copy, in order; those after a stop have neither hash nor problem.
 */
items: Array<TrainingItem>, 
/**
 * What stopped the batch.
 */
stopped: IpcError | null, };

/**
 * What must have been on the screen before a document may be marked; the province says it.
 */
export type ReadingRule = "every_page" | "first_page" | "nothing";

/**
 * Arguments of `signing_tray`.
 */
export type TrayQuery = { 
/**
 * Only what is marked to be signed.
 */
marked_only: boolean, 
/**
 * What was typed into the search field; empty for everything.
 */
search: string, 
/**
 * `next` of the page before; none for the first.
 */
after: string | null, 
/**
 * Rows wanted, at most 200.
 */
limit: number, };

/**
 * Answer of `signing_tray`.
 */
export type TrayPage = { 
/**
 * Newest first.
 */
rows: Array<TrayRow>, 
/**
 * How many wait for this person's signature (counted on the first page, else 0).
 */
total: number, 
/**
 * How many of all are marked; what the big button says.
 */
marked: number, 
/**
 * For the next page; none at the end.
 */
next: string | null, 
/**
 * What must be read before marking.
 */
reading: ReadingRule, 
/**
 * Whether a person may mark a document unread (it is audited then).
 */
unread_allowed: boolean, };

/**
 * How much of a document has been on this person's screen.
 */
export type ReadState = "all" | "some" | "none";

/**
 * Whether a document in the tray can be looked at and signed.
 */
export type TrayState = "ready" | "coming" | "no_file";

/**
 * A document that waits for this person's signature.
 */
export type TrayRow = { 
/**
 * The document.
 */
document: string, 
/**
 * The file that is signed: the main one.
 */
file: string, 
/**
 * Its current bytes: what must be shown and is signed.
 */
sha256: string, 
/**
 * Số và ký hiệu; none before the number is given.
 */
notation: string | null, 
/**
 * Tên loại, in words.
 */
kind: string, 
/**
 * Trích yếu.
 */
subject: string, 
/**
 * `normal`, `urgent`, `very_urgent`, `express` and alike.
 */
urgency: string, 
/**
 * Who drafted it or the unit it is from.
 */
issuer: string, 
/**
 * When it was laid into the tray.
 */
arrived_at: number, 
/**
 * Deadline.
 */
due_at: number | null, 
/**
 * The deadline is a day, not a moment.
 */
due_is_day: boolean, 
/**
 * Past its deadline.
 */
overdue: boolean, 
/**
 * Bytes.
 */
size: number, 
/**
 * Pages: counted by us once it was opened, before that as the server says; none when unknown.
 */
pages: number | null, 
/**
 * How much has been read.
 */
read: ReadState, 
/**
 * Pages of these bytes that have been on the screen.
 */
pages_read: number, 
/**
 * Whether `tray_mark` would take it: it is here and read as far as the rule asks.
 */
may_mark: boolean, 
/**
 * Marked to be signed. A mark is bound to the bytes: it goes when they change.
 */
marked: boolean, 
/**
 * Where the signature's place would come from.
 */
placement: PlacementSource, 
/**
 * Whether it can be looked at and signed.
 */
state: TrayState, 
/**
 * Whether our acts on it have arrived.
 */
sent: SentState, };

/**
 * Arguments of `tray_mark`.
 */
export type MarkArgs = { 
/**
 * The document.
 */
document: string, 
/**
 * The bytes that were shown; a mark is bound to them.
 */
shown: string, 
/**
 * Mark, or take the mark away.
 */
marked: boolean, 
/**
 * Why it is marked although it is unread: only where the province allows it, and audited;
 * none for an ordinary mark.
 */
unread: UnreadReason | null, };

/**
 * Arguments of `page_seen`.
 */
export type PageSeenArgs = { 
/**
 * The document.
 */
document: string, 
/**
 * The file.
 */
file: string, 
/**
 * The bytes on the screen.
 */
shown: string, 
/**
 * The page, from 0.
 */
page: number, };

/**
 * Answer of `page_seen`: how far the reading has come.
 */
export type ReadingDto = { 
/**
 * Pages the file has.
 */
pages: number, 
/**
 * Pages of it that have been on the screen, from 0, in order.
 */
seen: Array<number>, 
/**
 * Whether the document may be marked now.
 */
may_mark: boolean, };

/**
 * Where a signature's place comes from.
 */
export type PlacementSource = "REMEMBERED" | "FOUND" | "DEFAULT";

/**
 * Arguments of `placement_get`.
 */
export type PlacementArgs = { 
/**
 * The document.
 */
document: string, 
/**
 * The file.
 */
file: string, 
/**
 * The certificate it will be signed with, where one is chosen: it decides the role in which
 * the person signs.
 */
certificate: string | null, };

/**
 * What a box for a signature keeps to, in millimetres. The core keeps it too.
 */
export type PlacementRule = { 
/**
 * Distance from every edge of the page.
 */
edge_mm: number, 
/**
 * Least width.
 */
least_w_mm: number, 
/**
 * Least height.
 */
least_h_mm: number, 
/**
 * Greatest width; none as far as the page goes.
 */
most_w_mm: number | null, 
/**
 * Greatest height.
 */
most_h_mm: number | null, };

/**
 * What a signature is on the page.
 */
export type SignatureRole = "signature" | "initials" | "seal" | "appendix" | "copy";

/**
 * Answer of `placement_get`.
 */
export type PlacementFound = { 
/**
 * The place.
 */
placement: Placement, 
/**
 * Where it comes from.
 */
source: PlacementSource, 
/**
 * What will stand there: whose picture, or the agency's words on a file beside the document.
 */
role: SignatureRole, 
/**
 * What a box that is moved keeps to.
 */
rule: PlacementRule, };

/**
 * Arguments of `placement_remember`: kept for all documents of this one's type.
 */
export type PlacementRemember = { 
/**
 * The document on which it was chosen.
 */
document: string, 
/**
 * The file.
 */
file: string, 
/**
 * The place; none forgets what was remembered for this type.
 */
placement: Placement | null, };

/**
 * Why a document is marked that was not on the screen as far as the province's rule asks.
 */
export type UnreadReason = "read_on_paper" | "read_before" | "reported" | "urgent";

/**
 * One document to be signed, as it was shown.
 */
export type BatchItemArgs = { 
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
 * Where; none = what `placement_get` answers.
 */
placement: Placement | null, };

/**
 * Arguments of `batch_preflight` and `batch_sign`.
 */
export type BatchArgs = { 
/**
 * The documents in the order of signing; none listed = everything marked in the tray.
 */
items: Array<BatchItemArgs>, 
/**
 * Module.
 */
module: string, 
/**
 * Token.
 */
token_serial: string, 
/**
 * Certificate, by the hash of its DER.
 */
certificate: string, };

/**
 * Answer of `batch_preflight`: what would happen, before anyone is asked for a PIN.
 */
export type BatchPreflight = { 
/**
 * One finding for each document, in the order of signing.
 */
items: Array<PreflightItem>, 
/**
 * How many are ready.
 */
ready: number, 
/**
 * Why the token cannot be used; none when it can.
 */
token: ErrorCode | null, 
/**
 * Label of the token.
 */
token_label: string, 
/**
 * Tries left, as far as the token says; none without a token.
 */
pin_state: PinState | null, 
/**
 * The PIN is typed on the reader itself.
 */
pin_pad: boolean, 
/**
 * Why the certificate cannot sign; none when it can.
 */
certificate: ErrorCode | null, 
/**
 * Whose certificate.
 */
subject: string, 
/**
 * Whether `batch_sign` would start: token and certificate are good and something is ready.
 */
can_start: boolean, };

/**
 * What preflight found about one document.
 */
export type PreflightItem = { 
/**
 * The document.
 */
document: string, 
/**
 * The file.
 */
file: string, 
/**
 * Hash of what would be signed.
 */
shown: string, 
/**
 * Its notation or subject.
 */
title: string, 
/**
 * Why it would be skipped; none = ready. `SHOWN_IS_STALE`, `READING_REQUIRED`,
 * `FILE_NOT_HERE`, `ALREADY_SIGNED`, `NOT_FOUND`, `PDF_PASSWORD`, `PDF_CORRUPT`,
 * `SIGN_REFUSED`.
 */
code: ErrorCode | null, 
/**
 * With `SIGN_REFUSED`: `CERTIFIED`, `LOCKED_BY_SIGNATURE`, `ENCRYPTED`.
 */
reason: string | null, 
/**
 * Where the signature would go; none when it is not ready.
 */
placement: Placement | null, 
/**
 * Where that place comes from; none when it was given or it is not ready.
 */
source: PlacementSource | null, };

/**
 * The stages of a batch.
 */
export type BatchStage = "CHECKING" | "WAITING_FOR_PIN" | "SIGNING" | "STOPPING" | "FINISHED" | "STOPPED" | "INTERRUPTED";

/**
 * Where one document of a batch stands.
 */
export type BatchItemState = "WAITING" | "PREPARING" | "SIGNING" | "SIGNED" | "SKIPPED" | "FAILED" | "UNTOUCHED";

/**
 * One document of a batch.
 */
export type BatchItem = { 
/**
 * The document.
 */
document: string, 
/**
 * The file.
 */
file: string, 
/**
 * Its notation or subject.
 */
title: string, 
/**
 * Where it stands.
 */
state: BatchItemState, 
/**
 * Why it was skipped or failed.
 */
code: ErrorCode | null, 
/**
 * With `SIGN_REFUSED`: which rule of the document forbids it.
 */
reason: string | null, 
/**
 * Level reached, e.g. `B-B`; rises later, when completion has worked.
 */
level: string | null, 
/**
 * Hash of the signed state.
 */
sha256: string | null, };

/**
 * A batch: the one under way, or the last one that nobody has closed.
 */
export type BatchView = { 
/**
 * Names it.
 */
id: string, 
/**
 * Where it stands.
 */
stage: BatchStage, 
/**
 * Documents with a final state.
 */
done: number, 
/**
 * Documents signed.
 */
signed: number, 
/**
 * Documents in all.
 */
total: number, 
/**
 * Every document, in the order of signing.
 */
items: Array<BatchItem>, 
/**
 * Why it stopped before its end: a token, PIN, key, disk or session error, or
 * `BATCH_CANCELLED`, `PIN_CANCELLED`.
 */
stopped_by: ErrorCode | null, 
/**
 * Whether `batch_resume` would sign anything.
 */
can_resume: boolean, 
/**
 * The token's label.
 */
token: string, 
/**
 * When it started.
 */
started: number, 
/**
 * When it ended.
 */
finished: number | null, 
/**
 * Milliseconds of work (waiting for the PIN left out).
 */
elapsed_ms: number, 
/**
 * Milliseconds of these that the token itself worked.
 */
token_ms: number, };

/**
 * Answer of `batch_view`.
 */
export type BatchDesk = { 
/**
 * The batch; none when there is nothing to show.
 */
batch: BatchView | null, };

/**
 * Names a batch.
 */
export type BatchId = { 
/**
 * `id` of a [`BatchView`].
 */
id: string, };

/**
 * How the completion of one signed file stands.
 */
export type CompletionState = "working" | "waiting" | "resting" | "closed" | "blocked";

/**
 * A signed file that has not reached the province's level, or never will.
 */
export type CompletionEntry = { 
/**
 * The document.
 */
document: string, 
/**
 * Its file; names the entry in `completion_retry`.
 */
file: string, 
/**
 * Notation or subject of the document, for people.
 */
document_title: string, 
/**
 * How it stands.
 */
state: CompletionState, 
/**
 * Level reached, e.g. `B-B`.
 */
level: string, 
/**
 * When it was signed.
 */
signed_at: number, 
/**
 * Attempts that failed.
 */
attempts: number, 
/**
 * When it is tried next; none when no attempt is planned.
 */
next_try: number | null, 
/**
 * Code of the last failure, for `completionReason.CODE`: `EVIDENCE_HOST`,
 * `COMPLETION_REVOKED` and so on.
 */
code: string | null, 
/**
 * Host of the authority whose time stamp was taken last.
 */
time_stamped_by: string | null, 
/**
 * When the certificate was revoked, where that blocks the document.
 */
revoked_at: number | null, };

/**
 * How a time stamp authority, a responder or a server of lists is doing.
 */
export type EvidenceEndpoint = { 
/**
 * Its address.
 */
url: string, 
/**
 * Whether it is left alone after failures, and until when.
 */
resting_until: number | null, 
/**
 * How long its last good answer took, milliseconds.
 */
last_answer_ms: number | null, 
/**
 * Code of what last went wrong; none after a good answer.
 */
code: string | null, 
/**
 * Time stamps asked today; none where it gives none.
 */
used_today: number | null, 
/**
 * Time stamps that may be asked a day; none where there is no limit.
 */
daily_quota: number | null, };

/**
 * What is still to be completed, and with whose help.
 */
export type CompletionList = { 
/**
 * The level that the province asks for, e.g. `B-LT`.
 */
wanted: string, 
/**
 * Whether there is anybody to ask for time stamps.
 */
has_authority: boolean, 
/**
 * The blocked first, then the oldest.
 */
entries: Array<CompletionEntry>, 
/**
 * Those that were asked in this run.
 */
endpoints: Array<EvidenceEndpoint>, };

/**
 * Arguments of `completion_retry`.
 */
export type CompletionRetry = { 
/**
 * `file` of a [`CompletionEntry`]; none = all.
 */
file: string | null, };

/**
 * How a stack came.
 */
export type StackOrigin = "DROPPED" | "FOLDER" | "SCANNER";

/**
 * A file as it came, before and besides the letters made of it.
 */
export type StackDto = { 
/**
 * Id.
 */
id: string, 
/**
 * Name of the file.
 */
name: string, 
/**
 * How it came.
 */
origin: StackOrigin, 
/**
 * Instant.
 */
added_at: number, 
/**
 * Pages; none while they are not counted.
 */
pages: number | null, 
/**
 * Why it cannot be taken in: `INTAKE_EMPTY`, `INTAKE_FORMAT`, `INTAKE_DAMAGED`,
 * `PDF_PASSWORD`, `INTAKE_TOO_LONG`, `INTAKE_SAME_FILE`, `INTAKE_SECRET`, `DISK_FULL`; none
 * when it can.
 */
code: ErrorCode | null, 
/**
 * With `INTAKE_SAME_FILE`: the letter that has these bytes already.
 */
same_as: string | null, 
/**
 * State of the PDF whose pages show the stack, so that a cut is seen before it counts; none
 * where there is nothing to show.
 */
sha256: string | null, 
/**
 * Letters that the stack would be cut into, where that waits for a person's word.
 */
split: SplitProposal | null, };

/**
 * A cut that nobody has agreed to yet.
 */
export type SplitProposal = { 
/**
 * First page (from 0) of each letter after the first.
 */
begins: Array<number>, 
/**
 * Pages that look blank. They stay unless a person takes them out.
 */
blank: Array<number>, 
/**
 * Separator sheets of ours: they would be in no letter.
 */
sheets: Array<number>, };

/**
 * Where a letter stands.
 */
export type LetterState = "READING" | "READY" | "CONFIRMED" | "REGISTERED" | "SECRET";

/**
 * A letter in the list.
 */
export type LetterCard = { 
/**
 * Id.
 */
id: string, 
/**
 * Where it stands.
 */
state: LetterState, 
/**
 * Name of the file (first page's).
 */
name: string, 
/**
 * Pages.
 */
pages: number, 
/**
 * State of a PDF and page of it that shows the first page; none for a secret one.
 */
cover: LetterPageDto | null, 
/**
 * Số và ký hiệu as read or confirmed.
 */
notation: string, 
/**
 * Trích yếu as read or confirmed.
 */
subject: string, 
/**
 * Cơ quan ban hành as read or confirmed.
 */
issuer: string, 
/**
 * Urgency stamp, as in `DocumentRow`; `NORMAL` without one.
 */
urgency: string, 
/**
 * The lowest confidence of its fields, 0..1; low ones first.
 */
confidence: number, 
/**
 * A letter or document that is probably the same; details in `LetterDetail`.
 */
duplicate: boolean, 
/**
 * The scan falls short of the decree.
 */
poor: boolean, 
/**
 * The file carries signatures: it is kept as it is.
 */
signed: boolean, 
/**
 * Why nothing was read: `OCR_MISSING`, `INTAKE_UNREADABLE`; none else.
 */
code: ErrorCode | null, 
/**
 * When registered: the document.
 */
document: string | null, 
/**
 * When registered: số đến; none while the server has not given it.
 */
number: number | null, 
/**
 * When registered: what stands for the number until then.
 */
provisional: string | null, 
/**
 * Registered, and the server has not received it: can be taken back.
 */
can_undo: boolean, };

/**
 * Arguments of `intake_list`.
 */
export type IntakeQuery = { 
/**
 * Only letters in these states; none listed = all but registered ones.
 */
states: Array<LetterState>, 
/**
 * How many to leave out.
 */
offset: number, 
/**
 * How many at most, 1..=500.
 */
limit: number, };

/**
 * The inbox of scans.
 */
export type IntakePage = { 
/**
 * Letters in the order of their pages; those to be confirmed with the doubtful ones first
 * where `doubtful_first` is set.
 */
letters: Array<LetterCard>, 
/**
 * How many there are in these states.
 */
total: number, 
/**
 * Stacks that need a person: a fault, or a cut that is proposed.
 */
stacks: Array<StackDto>, 
/**
 * How many letters are in each state.
 */
counts: IntakeCounts, 
/**
 * Whether the last change of pages can be undone.
 */
can_undo: boolean, };

/**
 * How many letters stand where.
 */
export type IntakeCounts = { 
/**
 * Waiting for their words.
 */
reading: number, 
/**
 * Waiting for a person.
 */
ready: number, 
/**
 * Confirmed.
 */
confirmed: number, 
/**
 * Registered today.
 */
registered_today: number, 
/**
 * Files still being copied.
 */
copying: number, };

/**
 * A letter's id.
 */
export type LetterId = { 
/**
 * Id.
 */
letter: string, };

/**
 * A page of a letter, and the page of the PDF that shows it (`pageUrl(sha256, page, width)`).
 */
export type LetterPageDto = { 
/**
 * The stack it came from.
 */
stack: string, 
/**
 * Page of the stack, from 0.
 */
page: number, 
/**
 * State of the PDF to show.
 */
sha256: string, 
/**
 * Quarter turns clockwise, 0..=3, to be shown on top of the PDF's own.
 */
turns: number, 
/**
 * Width in points after turning.
 */
width_pt: number, 
/**
 * Height in points after turning.
 */
height_pt: number, 
/**
 * It looks empty.
 */
blank: boolean, 
/**
 * It was made straight (`PagesAct::Straighten`).
 */
straight: boolean, 
/**
 * Degrees clockwise by which its picture lies askew and is turned back to be shown as it is
 * registered; 0 for a page that was not made straight.
 */
skew: number, };

/**
 * A place on a letter's page, in shares of its width and height after turning, 0..1 from the top
 * left.
 */
export type ReadPlace = { 
/**
 * Page of the letter, from 0.
 */
page: number, 
/**
 * Left edge.
 */
x: number, 
/**
 * Upper edge.
 */
y: number, 
/**
 * Width.
 */
w: number, 
/**
 * Height.
 */
h: number, };

/**
 * The fields of the register, as text a person can edit.
 */
export type LetterFields = { 
/**
 * Cơ quan ban hành.
 */
issuer: string, 
/**
 * Its code in the directory, where it was chosen from there.
 */
issuer_code: string | null, 
/**
 * Số và ký hiệu; empty where the paper has none.
 */
notation: string, 
/**
 * Ngày văn bản, `YYYY-MM-DD`; empty where the paper has none.
 */
issued_on: string, 
/**
 * Tên loại: abbreviation of Appendix III, or `CV` (công văn), `THC` (thư công), `KHAC` (others).
 */
kind: string, 
/**
 * Trích yếu.
 */
subject: string, 
/**
 * Urgency, as in `DocumentRow`.
 */
urgency: string, 
/**
 * Position of the signer.
 */
signer_position: string, 
/**
 * Name of the signer.
 */
signer_name: string, 
/**
 * Thời hạn, `YYYY-MM-DD`; empty where there is none.
 */
due: string, 
/**
 * Lĩnh vực: a code of `LetterDetail::activities`; empty where none was chosen.
 */
activity: string, };

/**
 * How sure a field's reading is and where it was read.
 */
export type FieldReading = { 
/**
 * Name of the field in `LetterFields`.
 */
field: string, 
/**
 * 0..1; 1 once a person has written or confirmed it.
 */
confidence: number, 
/**
 * Where, one box a line.
 */
places: Array<ReadPlace>, };

/**
 * An entry that is probably the same paper.
 */
export type DuplicateDto = { 
/**
 * The document in the book; none when it is another letter of this inbox.
 */
document: string | null, 
/**
 * The other letter of this inbox.
 */
letter: string | null, 
/**
 * Why: `IDENTIFIER`, `NOTATION` (number, symbol and agency in the year) or `CONTENT`.
 */
reason: string, 
/**
 * Its số đến.
 */
number: number | null, 
/**
 * Its số và ký hiệu.
 */
notation: string, 
/**
 * Its agency.
 */
issuer: string, 
/**
 * Its trích yếu.
 */
subject: string, 
/**
 * When it arrived.
 */
arrived_at: number | null, };

/**
 * How a scan falls short of Decree 30/2020, Appendix I, part II, I, or of what a stamp needs.
 */
export type ScanShortfall = "LOW_RESOLUTION" | "NOT_COLOUR" | "NOT_FULL_SIZE" | "OLD_PDF" | "NO_ROOM_FOR_STAMP";

/**
 * How a scan falls short, and where.
 */
export type ScanWarning = { 
/**
 * How.
 */
what: ScanShortfall, 
/**
 * Its pages, from 1; none where it is about the whole file.
 */
pages: Array<number>, };

/**
 * Everything about one letter.
 */
export type LetterDetail = { 
/**
 * As in the list.
 */
card: LetterCard, 
/**
 * Its pages in order.
 */
pages: Array<LetterPageDto>, 
/**
 * The fields as they stand.
 */
fields: LetterFields, 
/**
 * What is known of their reading.
 */
readings: Array<FieldReading>, 
/**
 * Probably the same.
 */
duplicates: Array<DuplicateDto>, 
/**
 * How the scan falls short.
 */
warnings: Array<ScanWarning>, 
/**
 * Department of the separator sheet before it.
 */
department: string | null, 
/**
 * The fields of activity that can be chosen; empty where the agency has no list.
 */
activities: Array<ActivityDto>, };

/**
 * Arguments of `intake_save` and `intake_confirm`.
 */
export type LetterEdit = { 
/**
 * The letter.
 */
letter: string, 
/**
 * What the clerk wrote.
 */
fields: LetterFields, 
/**
 * Confirm although an entry is probably the same.
 */
despite_duplicate: boolean, };

/**
 * Answer of `intake_confirm`.
 */
export type LetterConfirmed = { 
/**
 * The next letter to look at, doubtful ones first; none when all are done.
 */
next: string | null, };

/**
 * A change of pages; each can be undone with `intake_undo`.
 */
export type PagesAct = { "act": "SPLIT", 
/**
 * The letter.
 */
letter: string, 
/**
 * Page, from 1.
 */
page: number, } | { "act": "MERGE", 
/**
 * The letter.
 */
letter: string, } | { "act": "ORDER", 
/**
 * The letter.
 */
letter: string, 
/**
 * Old places in their new order.
 */
order: Array<number>, } | { "act": "TURN", 
/**
 * The letter.
 */
letter: string, 
/**
 * Page.
 */
page: number, 
/**
 * 1..=3.
 */
turns: number, } | { "act": "STRAIGHTEN", 
/**
 * The letter.
 */
letter: string, 
/**
 * Page.
 */
page: number, 
/**
 * Whether.
 */
on: boolean, } | { "act": "REMOVE", 
/**
 * The letter.
 */
letter: string, 
/**
 * Pages.
 */
pages: Array<number>, } | { "act": "INSERT", 
/**
 * The letter.
 */
letter: string, 
/**
 * Before this page; the number of pages = at the end.
 */
before: number, 
/**
 * From this letter.
 */
from: string, 
/**
 * Its pages.
 */
pages: Array<number>, } | { "act": "DISCARD", 
/**
 * The letter.
 */
letter: string, } | { "act": "SETTLE_SPLIT", 
/**
 * The stack.
 */
stack: string, 
/**
 * Whether it is cut.
 */
accept: boolean, } | { "act": "DISMISS_STACK", 
/**
 * The stack.
 */
stack: string, };

/**
 * Arguments of `agencies_find`.
 */
export type AgencyQuery = { 
/**
 * What was typed, with or without diacritics.
 */
text: string, 
/**
 * How many at most, 1..=50.
 */
limit: number, 
/**
 * The day of the document, `YYYY-MM-DD`; none is today. Who existed then comes first.
 */
on: string | null, };

/**
 * An agency of the directory or learned from corrections.
 */
export type AgencyDto = { 
/**
 * Its code; none when it was only learned.
 */
code: string | null, 
/**
 * Its name.
 */
name: string, 
/**
 * Its group in symbols, e.g. `SNV`.
 */
symbol: string | null, 
/**
 * Name of the agency above it.
 */
parent: string | null, 
/**
 * First day under this name, `YYYY-MM-DD`, where it is known.
 */
valid_from: string | null, 
/**
 * Last day, once it has ended.
 */
valid_to: string | null, 
/**
 * What it became when it ended.
 */
successors: Array<string>, 
/**
 * Whether it had this name on the day that was asked for.
 */
is_valid: boolean, };

/**
 * A department for which separator sheets are printed; empty = a plain sheet.
 */
export type SeparatorArgs = { 
/**
 * One sheet each.
 */
departments: Array<string>, };

/**
 * A file that waits to be saved: `exportUrl(id)` gives the bytes once.
 */
export type FileExport = { 
/**
 * Id.
 */
id: string, 
/**
 * Name to save it under.
 */
name: string, 
/**
 * Media type.
 */
media_type: string, };

/**
 * Which register.
 */
export type ImportDirection = "incoming" | "outgoing";

/**
 * What a column can hold.
 */
export type ImportField = "old_id" | "book" | "year" | "arrival" | "arrived_on" | "issuer" | "issuer_code" | "notation" | "number" | "symbol" | "issued_on" | "kind" | "activity" | "subject" | "signer" | "position" | "urgency" | "secrecy" | "places" | "handled_by" | "files";

/**
 * A book.
 */
export type ImportBook = { 
/**
 * Code.
 */
code: string, 
/**
 * Name.
 */
name: string, };

/**
 * A column.
 */
export type ImportColumn = { 
/**
 * Its heading.
 */
heading: string, 
/**
 * Cells of the first rows.
 */
samples: Array<string>, 
/**
 * What it is taken for.
 */
field: ImportField | null, };

/**
 * A fault of a row.
 */
export type ImportFault = { 
/**
 * The row in the file.
 */
line: number, 
/**
 * The field, where it is of one.
 */
field: ImportField | null, 
/**
 * What it is.
 */
code: string, };

/**
 * A row as it would stand.
 */
export type ImportPreview = { 
/**
 * Its row in the file.
 */
line: number, 
/**
 * Its number; none where something is wrong, as all that follows.
 */
number: number | null, 
/**
 * Its day (YYYY-MM-DD).
 */
on: string | null, 
/**
 * Số, ký hiệu.
 */
notation: string, 
/**
 * Cơ quan ban hành.
 */
issuer: string, 
/**
 * Its code.
 */
issuer_code: string, 
/**
 * Tên loại và trích yếu.
 */
subject: string, 
/**
 * Names of its files.
 */
files: Array<string>, 
/**
 * What is wrong with it.
 */
faults: Array<ImportFault>, };

/**
 * How many rows have something.
 */
export type ImportCount = { 
/**
 * What.
 */
code: string, 
/**
 * How many.
 */
rows: number, };

/**
 * What a dry run found.
 */
export type ImportJudgement = { 
/**
 * Rows that are new and can be taken over.
 */
good: number, 
/**
 * Rows that are here already.
 */
already: number, 
/**
 * Of these, rows that bring further files.
 */
more_files: number, 
/**
 * Rows with a fault.
 */
refused: number, 
/**
 * Files of the rows that can be taken over.
 */
files: number, 
/**
 * Rows by fault.
 */
faults: Array<ImportCount>, 
/**
 * Rows by notice.
 */
notices: Array<ImportCount>, };

/**
 * What an import has put into the outbox.
 */
export type ImportTaken = { 
/**
 * Rows that are new here.
 */
rows: number, 
/**
 * Files that are new here.
 */
files: number, 
/**
 * Files that could not be read at last.
 */
lost_files: number, 
/**
 * It was ended before its last row.
 */
stopped: boolean, 
/**
 * The disk is full.
 */
disk_full: boolean, };

/**
 * How far it is.
 */
export type ImportProgress = { 
/**
 * Rows are taken over; else they are judged.
 */
importing: boolean, 
/**
 * Rows that are done.
 */
done: number, 
/**
 * It waits for a person.
 */
paused: boolean, };

/**
 * A chosen table and how far it is.
 */
export type ImportTable = { 
/**
 * Name of its file.
 */
name: string, 
/**
 * Names of a workbook's sheets; empty of a text.
 */
sheets: Array<string>, 
/**
 * Which of them.
 */
sheet: number, 
/**
 * Rows below the headings.
 */
rows: number, 
/**
 * Which register it is.
 */
direction: ImportDirection, 
/**
 * Code of the book for rows that name none.
 */
book: string, 
/**
 * Its columns.
 */
columns: Array<ImportColumn>, 
/**
 * What such a register can hold, in the order of choosing.
 */
fields: Array<ImportField>, 
/**
 * What no column holds and a register is never without.
 */
missing: Array<ImportField>, 
/**
 * How many files the chosen folder has.
 */
folder_files: number | null, 
/**
 * Its first rows as they would stand.
 */
preview: Array<ImportPreview>, 
/**
 * What the dry run found.
 */
judged: ImportJudgement | null, 
/**
 * What was taken over.
 */
taken: ImportTaken | null, 
/**
 * Rows that the server has refused.
 */
refused: number, 
/**
 * What is under way.
 */
progress: ImportProgress | null, };

/**
 * Where the import of a previous system's data is.
 */
export type ImportState = { 
/**
 * Whether this person keeps a registry's books.
 */
clerk: boolean, 
/**
 * The books of what comes in.
 */
books: Array<ImportBook>, 
/**
 * The chosen table.
 */
table: ImportTable | null, 
/**
 * Rows that the server does not show yet.
 */
waiting_rows: number, 
/**
 * Files that the server does not have yet.
 */
waiting_files: number, };

/**
 * What the columns are.
 */
export type ImportMapArgs = { 
/**
 * Which register.
 */
direction: ImportDirection, 
/**
 * Code of the book for rows that name none.
 */
book: string, 
/**
 * The field of each column.
 */
columns: Array<ImportField | null>, };

/**
 * A sheet of the workbook.
 */
export type ImportSheetArgs = { 
/**
 * Its place.
 */
sheet: number, };

/**
 * Whether the import waits.
 */
export type ImportPauseArgs = { 
/**
 * It waits.
 */
paused: boolean, };

/**
 * A part of the faults.
 */
export type ImportFaultQuery = { 
/**
 * Of this kind; none = all.
 */
code: string | null, 
/**
 * How many to leave out.
 */
offset: number, 
/**
 * How many at most, 200 or fewer.
 */
limit: number, };

/**
 * Faults.
 */
export type ImportFaultPage = { 
/**
 * In the order of the table.
 */
faults: Array<ImportFault>, 
/**
 * How many there are.
 */
total: number, };

/**
 * A table to begin with.
 */
export type ImportSampleArgs = { 
/**
 * Of which register.
 */
direction: ImportDirection, };

/**
 * Where scans are fetched from.
 */
export type ScanSources = { 
/**
 * The watched folder as the person knows it; none = none is watched.
 */
folder: string | null, 
/**
 * Why the folder cannot be watched at the moment.
 */
folder_code: ErrorCode | null, 
/**
 * The scanners found or written down.
 */
scanners: Array<ScannerDto>, 
/**
 * What is being scanned.
 */
job: ScanJob | null, };

/**
 * A network scanner that speaks eSCL.
 */
export type ScannerDto = { 
/**
 * Id: its address.
 */
id: string, 
/**
 * Make and model.
 */
name: string, 
/**
 * Why it cannot be used; none = ready.
 */
code: ErrorCode | null, 
/**
 * Has a feeder.
 */
feeder: boolean, 
/**
 * The feeder scans both sides.
 */
duplex: boolean, 
/**
 * Has a glass plate.
 */
plate: boolean, 
/**
 * Dots an inch that it offers.
 */
resolutions: Array<number>, };

/**
 * A scan under way.
 */
export type ScanJob = { 
/**
 * The scanner.
 */
scanner: string, 
/**
 * Pages that are safe here.
 */
pages: number, 
/**
 * It has ended with this; none while it goes on.
 */
code: ErrorCode | null, };

/**
 * Arguments of `scan_start`.
 */
export type ScanStart = { 
/**
 * The scanner.
 */
scanner: string, 
/**
 * From the feeder, else from the plate.
 */
feeder: boolean, 
/**
 * Both sides.
 */
duplex: boolean, 
/**
 * Dots an inch.
 */
resolution: number, };

/**
 * Arguments of `scanner_add`, where no announcement arrives, and of `scanner_forget`, with the
 * scanner's id.
 */
export type ScannerAddress = { 
/**
 * Host name or address, with a port where it is not 80.
 */
address: string, };

/**
 * Arguments of `scan_folder_set`.
 */
export type ScanFolder = { 
/**
 * The folder, as the system writes it; none = none is watched.
 */
folder: string | null, };

/**
 * What holds for all letters of a batch; remembered.
 */
export type RegisterDefaults = { 
/**
 * Code of the book.
 */
book: string, 
/**
 * Ngày đến, `YYYY-MM-DD`; empty = today.
 */
received_on: string, 
/**
 * Whom the letters are presented to (người trình lên), account id; none = nobody.
 */
present_to: string | null, 
/**
 * Draw the stamp ĐẾN on the first page.
 */
stamp: boolean, 
/**
 * Sign the scans with the organisation's certificate.
 */
sign: boolean, };

/**
 * Answer of `register_options`.
 */
export type RegisterOptions = { 
/**
 * The books of the office.
 */
books: Array<BookDto>, 
/**
 * Whom letters can be presented to.
 */
leaders: Array<LeaderDto>, 
/**
 * The fields of activity that documents are sorted by; empty where the agency has no list.
 */
activities: Array<ActivityDto>, 
/**
 * As last time.
 */
defaults: RegisterDefaults, };

/**
 * Somebody to present letters to.
 */
export type LeaderDto = { 
/**
 * Account.
 */
account: string, 
/**
 * Name.
 */
name: string, 
/**
 * Position.
 */
position: string, };

/**
 * A field of activity (lĩnh vực) of the agency.
 */
export type ActivityDto = { 
/**
 * Code.
 */
code: string, 
/**
 * Name.
 */
name: string, };

/**
 * A book of a year.
 */
export type BookDto = { 
/**
 * Code.
 */
book: string, 
/**
 * Name.
 */
name: string, 
/**
 * Year.
 */
year: number, 
/**
 * Numbers on this machine that can be given without the server (Mode L).
 */
leased: LeaseDto | null, 
/**
 * Another machine has the book; its holder in words.
 */
held_by: string | null, };

/**
 * Numbers that this machine may give.
 */
export type LeaseDto = { 
/**
 * Next number.
 */
next: number, 
/**
 * Last number.
 */
hi: number, 
/**
 * Until when, instant.
 */
expires_at: number, 
/**
 * Nothing more is given out of it.
 */
stopped: boolean, };

/**
 * Arguments of `lease_take` and `lease_return`.
 */
export type BookId = { 
/**
 * Code.
 */
book: string, 
/**
 * Year.
 */
year: number, };

/**
 * Arguments of `intake_register`.
 */
export type RegisterArgs = { 
/**
 * The letters in the order of their numbers; none listed = all confirmed ones.
 */
letters: Array<string>, 
/**
 * What holds for all.
 */
defaults: RegisterDefaults, };

/**
 * A registration of this machine that nobody refused.
 */
export type RegisteredHere = { 
/**
 * Số đến; none while the server has not given it.
 */
number: number | null, 
/**
 * What stands for it until then.
 */
provisional: string, 
/**
 * Nothing of it was sent: `registration_undo` takes it back.
 */
can_undo: boolean, };

/**
 * A document that came over the axis.
 */
export type ReceivedDto = { 
/**
 * The document.
 */
document: string, 
/**
 * Số và ký hiệu; may be empty.
 */
notation: string, 
/**
 * Ngày văn bản, `YYYY-MM-DD`, or empty.
 */
issued_on: string, 
/**
 * Cơ quan gửi.
 */
issuer: string, 
/**
 * Trích yếu.
 */
subject: string, 
/**
 * Độ khẩn.
 */
urgency: string, 
/**
 * When it came.
 */
arrived_at: number, 
/**
 * Its registration, once there is one.
 */
registered: RegisteredHere | null, };

/**
 * Answer of `received_list`.
 */
export type ReceivedPage = { 
/**
 * Whether this person registers what comes; else the lists are empty.
 */
is_clerk: boolean, 
/**
 * What waits for its registration: the most urgent first, then in the order it came; at most 500.
 */
waiting: Array<ReceivedDto>, 
/**
 * How much waits.
 */
total: number, 
/**
 * What this machine registered today, the latest first.
 */
registered: Array<ReceivedDto>, };

/**
 * Arguments of `received_register`.
 */
export type ReceivedArgs = { 
/**
 * The documents in the order of their numbers.
 */
documents: Array<string>, 
/**
 * What holds for all; stamp and signature are of no account.
 */
defaults: RegisterDefaults, };

/**
 * What became of one letter, or of one document that came over the axis.
 */
export type RegisteredLetter = { 
/**
 * The letter; the document for what came over the axis.
 */
letter: string, 
/**
 * Its document; none when it was not registered.
 */
document: string | null, 
/**
 * Số đến; none while the server has not given it.
 */
number: number | null, 
/**
 * What stands for it until then.
 */
provisional: string | null, 
/**
 * Why it was not registered.
 */
code: ErrorCode | null, };

/**
 * Answer of `intake_register` and `received_register`: all of it is safe on this machine.
 */
export type RegisterReport = { 
/**
 * One for each letter asked for.
 */
letters: Array<RegisteredLetter>, 
/**
 * How many have a number.
 */
numbered: number, 
/**
 * How many wait for the server's number.
 */
provisional: number, 
/**
 * How many could not be registered.
 */
failed: number, };

/**
 * Arguments of `registration_undo`, until the server has it, and of `registration_withdraw` after.
 */
export type RegistrationUndo = { 
/**
 * The document.
 */
document: string, 
/**
 * Why, where a number out of a lease becomes void by it.
 */
reason: string, };

/**
 * Copies that wait for the organisation's signature.
 */
export type SealQueue = { 
/**
 * How many are ready to be signed (they have their number).
 */
ready: number, 
/**
 * How many wait for their number.
 */
waiting: number, };

/**
 * Arguments of `seal_sign`: everything that is ready, with one PIN; progress as for any batch
 * (`batch_view`).
 */
export type SealArgs = { 
/**
 * Module.
 */
module: string, 
/**
 * Token.
 */
token_serial: string, 
/**
 * Certificate, by the hash of its DER.
 */
certificate: string, };

/**
 * Arguments of `book_entries`, of the other registers and of `book_export`.
 */
export type BookQuery = { 
/**
 * Code of the book; of what goes out empty = every series.
 */
book: string, 
/**
 * Year.
 */
year: number, 
/**
 * Days of arrival (of what goes out: of the document) from, `YYYY-MM-DD`; empty = the year's
 * beginning.
 */
from: string, 
/**
 * To and with; empty = the year's end.
 */
to: string, 
/**
 * Code of a field of activity; empty = all.
 */
activity: string, 
/**
 * How far it has come, in the register that follows the handling; none = all.
 */
progress: RegisterProgress | null, 
/**
 * Words in issuer, notation or subject; empty = all.
 */
text: string, 
/**
 * How many to leave out.
 */
offset: number, 
/**
 * How many at most, 1..=500; of no account for an export.
 */
limit: number, };

/**
 * A line of the register of incoming documents (Decree 30/2020, Appendix IV): its ten columns.
 */
export type BookEntryDto = { 
/**
 * The document; none for a void number.
 */
document: string | null, 
/**
 * 1. Ngày đến, `YYYY-MM-DD`.
 */
arrived_on: string, 
/**
 * 2. Số đến; none while it waits for its number.
 */
number: number | null, 
/**
 * What stands for the number until then.
 */
provisional: string | null, 
/**
 * 3. Tác giả.
 */
issuer: string, 
/**
 * 4. Số, ký hiệu.
 */
notation: string, 
/**
 * 5. Ngày tháng văn bản, `YYYY-MM-DD`, or empty.
 */
issued_on: string, 
/**
 * 6. Tên loại và trích yếu.
 */
subject: string, 
/**
 * Name of its field of activity, which is no column of the decree; may be empty.
 */
activity: string, 
/**
 * 7. Đơn vị, người nhận.
 */
receivers: string, 
/**
 * 8. Ngày chuyển, `YYYY-MM-DD`, or empty.
 */
passed_on: string, 
/**
 * 9. Ký nhận: who opened it first, and when, as words; empty while nobody has.
 */
acknowledged: string, 
/**
 * 10. Ghi chú; the reason of a void number.
 */
note: string, 
/**
 * The number is void.
 */
is_void: boolean, };

/**
 * A register of Decree 30/2020, Appendix IV.
 */
export type RegisterKind = "incoming" | "outgoing" | "tracking" | "mail" | "loans";

/**
 * A column that a register can show.
 */
export type RegisterColumn = "arrived" | "number" | "issuer" | "notation" | "issued" | "subject" | "receivers" | "passed" | "acknowledged" | "note" | "activity" | "signer" | "recipients" | "kept" | "copies" | "sent" | "described" | "due" | "progress" | "reply" | "envelopes" | "stamped" | "lent" | "borrower" | "lent_document" | "dossier" | "returned" | "permitted";

/**
 * How far an incoming document has come, measured by its deadline.
 */
export type RegisterProgress = "open" | "near" | "overdue" | "done_in_time" | "done_late";

/**
 * A line of the register of what goes out (Decree 30/2020, Appendix IV): its ten columns.
 */
export type OutgoingEntryDto = { 
/**
 * The document; none for a void number.
 */
document: string | null, 
/**
 * Code of its series.
 */
book: string, 
/**
 * Its number; none while it waits for one.
 */
number: number | null, 
/**
 * 1. Số, ký hiệu; of what waits, the symbol alone.
 */
notation: string, 
/**
 * 2. Ngày tháng văn bản, `YYYY-MM-DD`, or empty.
 */
issued_on: string, 
/**
 * 3. Tên loại và trích yếu.
 */
subject: string, 
/**
 * 4. Người ký.
 */
signer: string, 
/**
 * 5. Nơi nhận.
 */
recipients: string, 
/**
 * 6. Đơn vị, người nhận bản lưu.
 */
kept: string, 
/**
 * 7. Số lượng bản: to how many agencies it was sent; none before its issue.
 */
copies: number | null, 
/**
 * 8. Ngày chuyển, `YYYY-MM-DD`, or empty.
 */
sent_on: string, 
/**
 * 9. Ký nhận: how many of those agencies said that it has come.
 */
received: number, 
/**
 * 10. Ghi chú; the reason of a void number.
 */
note: string, 
/**
 * The number is void.
 */
is_void: boolean, };

/**
 * A series of what goes out.
 */
export type SeriesDto = { 
/**
 * Code.
 */
book: string, 
/**
 * What people call it.
 */
name: string, };

/**
 * A page of the register of what goes out.
 */
export type OutgoingPage = { 
/**
 * By series and number; those without a number at the end.
 */
entries: Array<OutgoingEntryDto>, 
/**
 * How many there are.
 */
total: number, 
/**
 * How many numbers between others of their series are on documents that this account does not see.
 */
unseen: number, 
/**
 * The series of that year.
 */
books: Array<SeriesDto>, 
/**
 * The years that have documents, the latest first.
 */
years: Array<number>, };

/**
 * A line of the register that follows the handling of incoming documents (Decree 30/2020, Appendix
 * IV): its seven columns.
 */
export type TrackingEntryDto = { 
/**
 * The document.
 */
document: string, 
/**
 * 1. Số đến.
 */
number: number, 
/**
 * 2. Tên loại, số và ký hiệu, ngày tháng, cơ quan ban hành.
 */
described: string, 
/**
 * 3. Đơn vị, người nhận.
 */
receivers: string, 
/**
 * 4. Thời hạn giải quyết, `YYYY-MM-DD`, or empty.
 */
due: string, 
/**
 * 5. Tiến độ: what the deadline makes of it,
 */
progress: RegisterProgress, 
/**
 * and the day it was done, `YYYY-MM-DD`, or empty.
 */
done_on: string, 
/**
 * 6. Số, ký hiệu văn bản trả lời.
 */
reply: string, 
/**
 * 7. Ghi chú.
 */
note: string, };

/**
 * A page of the register that follows the handling.
 */
export type TrackingPage = { 
/**
 * Lines by number.
 */
entries: Array<TrackingEntryDto>, 
/**
 * How many there are.
 */
total: number, };

/**
 * A line of the register of what went by post (Decree 30/2020, Appendix IV); its fifth column is
 * filled on paper.
 */
export type MailEntryDto = { 
/**
 * The document.
 */
document: string, 
/**
 * 1. Ngày chuyển, `YYYY-MM-DD`.
 */
on: string, 
/**
 * 2. Số, ký hiệu văn bản.
 */
notation: string, 
/**
 * 3. Nơi nhận văn bản.
 */
to: string, 
/**
 * 4. Số lượng bì.
 */
envelopes: number, 
/**
 * 6. Ghi chú.
 */
note: string, 
/**
 * What it is about, which is no column of the decree.
 */
subject: string, };

/**
 * A page of the register of what went by post.
 */
export type MailPage = { 
/**
 * Lines by day.
 */
entries: Array<MailEntryDto>, 
/**
 * How many there are.
 */
total: number, 
/**
 * The years that have lines, the latest first.
 */
years: Array<number>, };

/**
 * A line of the register of who used a file copy (Decree 30/2020, Appendix IV); its sixth column is
 * filled on paper.
 */
export type LoanEntryDto = { 
/**
 * The document.
 */
document: string, 
/**
 * 1. Ngày tháng, `YYYY-MM-DD`.
 */
on: string, 
/**
 * 2. Họ và tên người sử dụng.
 */
borrower: string, 
/**
 * 3. Số, ký hiệu, ngày tháng văn bản.
 */
described: string, 
/**
 * 4. Tên loại và trích yếu nội dung.
 */
subject: string, 
/**
 * 5. Số và ký hiệu hồ sơ; may be empty.
 */
dossier: string, 
/**
 * 7. Ngày trả, `YYYY-MM-DD`; empty while it is out.
 */
returned_on: string, 
/**
 * 8. Người cho phép sử dụng.
 */
permitted_by: string, 
/**
 * 9. Ghi chú.
 */
note: string, };

/**
 * A page of the register of who used a file copy.
 */
export type LoanPage = { 
/**
 * Lines by day.
 */
entries: Array<LoanEntryDto>, 
/**
 * How many there are.
 */
total: number, 
/**
 * The years that have lines, the latest first.
 */
years: Array<number>, };

/**
 * A page of the register.
 */
export type BookPage = { 
/**
 * Lines by number; those without a number at the end.
 */
entries: Array<BookEntryDto>, 
/**
 * How many there are.
 */
total: number, };

/**
 * How the register is taken out.
 */
export type BookFormat = "PDF" | "XLSX";

/**
 * Arguments of `book_export`.
 */
export type BookExport = { 
/**
 * Which register.
 */
register: RegisterKind, 
/**
 * What of it.
 */
query: BookQuery, 
/**
 * Its columns in their order; none named = the decree's.
 */
columns: Array<RegisterColumn>, 
/**
 * How.
 */
format: BookFormat, };

/**
 * What results are narrowed to besides the words; an empty text chooses nothing.
 */
export type SearchNarrow = { 
/**
 * `incoming`, `outgoing`.
 */
direction: string, 
/**
 * Tên loại, by the code of the protocol, e.g. `official_letter`.
 */
kind: string, 
/**
 * Cơ quan ban hành, by its whole name.
 */
issuer: string, 
/**
 * Year of arrival, e.g. `2026`.
 */
year: string, 
/**
 * State, as in the protocol.
 */
state: string, 
/**
 * `normal`, `urgent`, `very_urgent`, `express`, `express_timed`.
 */
urgency: string, };

/**
 * The order of what is found.
 */
export type SearchOrder = "newest" | "oldest" | "best";

/**
 * Arguments of `search_find` and `search_facets`.
 */
export type SearchArgs = { 
/**
 * As typed.
 */
text: string, 
/**
 * What was chosen.
 */
narrow: SearchNarrow, 
/**
 * The order; of no account for `search_facets`.
 */
order: SearchOrder, 
/**
 * Rows passed over first.
 */
skip: number, 
/**
 * Rows wanted, at most 200.
 */
limit: number, };

/**
 * A document that was found.
 */
export type FoundRow = { 
/**
 * As the lists show it.
 */
row: DocumentRow, 
/**
 * `incoming`, `outgoing`.
 */
direction: string, 
/**
 * Người ký.
 */
signer: string, };

/**
 * A part of what was typed, as it was understood.
 */
export type SearchAsked = { 
/**
 * `number`, `arrival`, `day`, `agency`, `signer`, `subject`, `pages`, `other`, `from`, `to`,
 * `year`, `kind`, `direction`, `urgency`, `state`, `due`, `without`.
 */
field: string, 
/**
 * Its value.
 */
value: string, 
/**
 * It must not be so.
 */
not: boolean, };

/**
 * Answer of `search_find`.
 */
export type FoundPage = { 
/**
 * The rows.
 */
rows: Array<FoundRow>, 
/**
 * How many there are, up to 1,000; with the first row only, else 0. The counts of
 * `search_facets` go further.
 */
total: number, 
/**
 * There are more than were counted.
 */
is_more: boolean, 
/**
 * What was typed, as it was understood.
 */
asked: Array<SearchAsked>, 
/**
 * What was not understood and is looked for as words.
 */
unknown: Array<string>, 
/**
 * The words to be marked, folded: each is the beginning of a word.
 */
words: Array<string>, };

/**
 * A value that results can be narrowed to, and how many have it.
 */
export type SearchFacet = { 
/**
 * As [`SearchNarrow`] takes it.
 */
value: string, 
/**
 * The name of a kind in Vietnamese; of others as the value.
 */
name: string, 
/**
 * How many of those that were counted.
 */
count: number, };

/**
 * Answer of `search_facets`.
 */
export type SearchFacets = { 
/**
 * In and out.
 */
directions: Array<SearchFacet>, 
/**
 * Tên loại, the most frequent first.
 */
kinds: Array<SearchFacet>, 
/**
 * Cơ quan ban hành, the most frequent twelve.
 */
issuers: Array<SearchFacet>, 
/**
 * Years of arrival, the latest first.
 */
years: Array<SearchFacet>, 
/**
 * Where they stand.
 */
states: Array<SearchFacet>, 
/**
 * Độ khẩn.
 */
urgencies: Array<SearchFacet>, 
/**
 * How many were counted: all, or the newest 10,000.
 */
counted: number, 
/**
 * There are more.
 */
is_more: boolean, };

/**
 * Arguments of `search_excerpts`.
 */
export type SearchExcerptArgs = { 
/**
 * As typed.
 */
text: string, 
/**
 * The documents, at most sixty.
 */
documents: Array<string>, };

/**
 * Where words stand that no column shows.
 */
export type SearchExcerpt = { 
/**
 * The document.
 */
document: string, 
/**
 * The words with some before and after.
 */
text: string, 
/**
 * They stand on a page; else in an opinion.
 */
on_page: boolean, };

/**
 * A search that is kept.
 */
export type SavedSearchDto = { 
/**
 * The search.
 */
id: string, 
/**
 * What this person calls it.
 */
name: string, 
/**
 * As typed.
 */
text: string, 
/**
 * What was chosen.
 */
narrow: SearchNarrow, 
/**
 * How many it finds now, up to 10,000.
 */
count: number, 
/**
 * There are more.
 */
is_more: boolean, };

/**
 * Arguments of `search_save`.
 */
export type SearchSave = { 
/**
 * Its name, 1 to 100 characters; one that is called so already gives way.
 */
name: string, 
/**
 * As typed.
 */
text: string, 
/**
 * What was chosen.
 */
narrow: SearchNarrow, };

/**
 * Names a search that is kept.
 */
export type SavedSearchId = { 
/**
 * The search.
 */
id: string, };

/**
 * A column that results can show.
 */
export type SearchColumn = "notation" | "issued" | "issuer" | "subject" | "kind" | "signer" | "arrival" | "arrived" | "due" | "state" | "urgency" | "direction";

/**
 * How what was found is taken out.
 */
export type SearchFormat = "PDF" | "XLSX";

/**
 * Arguments of `search_export`.
 */
export type SearchExport = { 
/**
 * What; the first 5,000 of it.
 */
query: SearchArgs, 
/**
 * The columns, in their order.
 */
columns: Array<SearchColumn>, 
/**
 * How.
 */
format: SearchFormat, 
/**
 * What was chosen, in words.
 */
narrowed: string, };

/**
 * By what figures are told apart.
 */
export type StatisticsBy = "unit" | "person" | "month" | "activity" | "kind" | "sender" | "level";

/**
 * Arguments of `statistics`.
 */
export type StatisticsQuery = { 
/**
 * First day.
 */
from: string, 
/**
 * Last day.
 */
to: string, 
/**
 * By what.
 */
by: StatisticsBy, };

/**
 * One figure.
 */
export type StatisticsMeasure = "incoming" | "done_in_time" | "done_late" | "open" | "overdue" | "by_axis" | "carried" | "carried_overdue" | "outgoing" | "personal" | "signed" | "sealed" | "electronic";

/**
 * Whose documents are counted.
 */
export type StatisticsSight = "agency" | "own";

/**
 * How many documents each figure has.
 */
export type FiguresDto = { 
/**
 * Came in.
 */
incoming: number, 
/**
 * Handled in time, or without a deadline.
 */
done_in_time: number, 
/**
 * Handled late.
 */
done_late: number, 
/**
 * To be handled, in time.
 */
open: number, 
/**
 * To be handled, overdue.
 */
overdue: number, 
/**
 * Came over the axis.
 */
by_axis: number, 
/**
 * Came before the period, to be handled.
 */
carried: number, 
/**
 * Of those, overdue.
 */
carried_overdue: number, 
/**
 * Issued.
 */
outgoing: number, 
/**
 * Of those, what a person signs.
 */
personal: number, 
/**
 * Of those, signed by that person.
 */
signed: number, 
/**
 * Issued and signed for the agency.
 */
sealed: number, 
/**
 * Issued with every signature that it needs.
 */
electronic: number, };

/**
 * The figures of one group.
 */
export type StatisticsGroup = { 
/**
 * Names it in `statistics_documents`; of a month `YYYY-MM`, of a kind and a level its word; empty
 * for what belongs to none.
 */
key: string, 
/**
 * What people call it; empty where it has no name.
 */
name: string, 
/**
 * Its place by what was handled in time, of units and persons.
 */
place: number | null, 
/**
 * Its figures.
 */
figures: FiguresDto, };

/**
 * The dossiers of the years that a period is in.
 */
export type DossierTallyDto = { 
/**
 * In the approved lists, or beside them.
 */
all: number, 
/**
 * Of those, begun.
 */
begun: number, 
/**
 * Of those, ended.
 */
ended: number, 
/**
 * Of those, handed over to the archive.
 */
handed_over: number, };

/**
 * Answer of `statistics`.
 */
export type StatisticsDto = { 
/**
 * The moment that decided what is overdue.
 */
at: number, 
/**
 * Whose documents are counted.
 */
sight: StatisticsSight, 
/**
 * Of all documents, each once.
 */
total: FiguresDto, 
/**
 * Of each group, in the order to be shown in.
 */
groups: Array<StatisticsGroup>, 
/**
 * Some documents are in several groups.
 */
overlap: boolean, 
/**
 * The day of the earliest document that can be counted.
 */
since: string | null, 
/**
 * Dossiers.
 */
dossiers: DossierTallyDto, };

/**
 * Arguments of `statistics_documents`.
 */
export type CountedQuery = { 
/**
 * First day.
 */
from: string, 
/**
 * Last day.
 */
to: string, 
/**
 * By what groups are told apart.
 */
by: StatisticsBy, 
/**
 * The moment of the figure.
 */
at: number, 
/**
 * The figure.
 */
measure: StatisticsMeasure, 
/**
 * Key of a group; none for all.
 */
group: string | null, 
/**
 * How many to leave out.
 */
offset: number, 
/**
 * How many at most; 200 are given.
 */
limit: number, };

/**
 * A document behind a figure.
 */
export type CountedDocument = { 
/**
 * The document.
 */
id: string, 
/**
 * Whether it can be opened.
 */
here: boolean, 
/**
 * `incoming` or `outgoing`.
 */
direction: string, 
/**
 * The day that it counts on.
 */
day: string, 
/**
 * Its arrival number.
 */
number: number | null, 
/**
 * Number and symbol; empty when it has none.
 */
notation: string, 
/**
 * Its kind.
 */
kind: string, 
/**
 * Who issued it, as called then.
 */
issuer: string, 
/**
 * Its subject.
 */
subject: string, 
/**
 * Last day in time.
 */
due: string | null, };

/**
 * Answer of `statistics_documents`.
 */
export type CountedPage = { 
/**
 * The latest first.
 */
rows: Array<CountedDocument>, 
/**
 * How many there are.
 */
total: number, };

/**
 * Arguments of `statistics_export`.
 */
export type StatisticsExport = { 
/**
 * What.
 */
query: StatisticsQuery, 
/**
 * How.
 */
format: SearchFormat, };

export type ErrorCode = "CONFIG_MISSING" | "BAD_CREDENTIALS" | "TOO_MANY_ATTEMPTS" | "SESSION_EXPIRED" | "NOT_LOGGED_IN" | "LOCKED" | "NET_UNREACHABLE" | "NET_WRONG_NETWORK" | "PROXY_AUTH_NEEDED" | "PROXY_REFUSED" | "TLS_UNTRUSTED" | "SERVER_BUSY" | "SERVER_REFUSED" | "ALREADY_SENT" | "REASON_MISSING" | "NO_NUMBER_LEFT" | "BOOK_HELD" | "NOT_CLERK" | "ACT_FORBIDDEN" | "CAPACITY_ENDED" | "SECRET_DOCUMENT" | "MANDATE_NARROWER" | "ACT_WRONG_STATE" | "ACT_FIELD" | "ACT_SENT" | "GROUP_TAKEN" | "NOT_FOUND" | "FILE_NOT_HERE" | "PDF_CORRUPT" | "PDF_PASSWORD" | "PAGE_FAILED" | "SHOWN_IS_STALE" | "SIGN_REFUSED" | "READING_REQUIRED" | "ALREADY_SIGNED" | "BATCH_CANCELLED" | "NOTHING_TO_SIGN" | "SIGN_VERIFY_FAILED" | "MODULE_NOT_FOUND" | "MODULE_FAILED" | "MODULE_ARCHITECTURE" | "MODULE_NOT_ALLOWED" | "MIDDLEWARE_MISSING" | "CARD_SERVICE_MISSING" | "CARD_SERVICE_STOPPED" | "CARD_SERVICE_FAILED" | "READER_ABSENT" | "CARD_ABSENT" | "CARD_MUTE" | "CARD_UNKNOWN" | "TOKEN_ABSENT" | "TOKEN_REMOVED" | "TOKEN_BUSY" | "PIN_INCORRECT" | "PIN_FINAL_TRY" | "PIN_COUNT_LOW" | "PIN_LOCKED" | "PIN_LENGTH" | "PIN_NOT_SET" | "PIN_CANCELLED" | "PIN_TIMED_OUT" | "CERTIFICATE_MISSING" | "CERTIFICATE_NONE" | "CERTIFICATE_EXPIRED" | "CERTIFICATE_NOT_YET_VALID" | "CERTIFICATE_USAGE" | "CERTIFICATE_UNTRUSTED" | "CERTIFICATE_REVOKED" | "DOCUMENT_BLOCKED" | "TRAINING_ACTIVE" | "TRAINING_INACTIVE" | "WORKER_LOST" | "IMAGE_REFUSED" | "SCANNER_UNREACHABLE" | "SCANNER_UNTRUSTED" | "SCANNER_BUSY" | "SCANNER_JAM" | "SCANNER_COVER_OPEN" | "SCANNER_EMPTY" | "SCANNER_FAILED" | "SCANNER_ADDRESS" | "OFFICE_MISSING" | "OFFICE_TIMED_OUT" | "OFFICE_CANCELLED" | "OFFICE_FAILED" | "COURIER_NOT_READY" | "COURIER_NOT_OURS" | "COURIER_NEWER" | "COURIER_DAMAGED" | "COURIER_OTHER_DESK" | "COURIER_OTHER_PROVINCE" | "COURIER_OUTGOING" | "COURIER_ANSWER" | "COURIER_UNKNOWN_DESK" | "COURIER_TOO_OLD" | "OUTSIDE_BUSY" | "OUTSIDE_CANCELLED" | "OUTSIDE_FAILED" | "OUTSIDE_FULL" | "IMPORT_NO_TABLE" | "IMPORT_UNREADABLE" | "IMPORT_NOT_A_TABLE" | "IMPORT_EMPTY" | "IMPORT_TOO_LARGE" | "IMPORT_CHANGED" | "IMPORT_BUSY" | "IMPORT_UNMAPPED" | "FOLDER_UNREACHABLE" | "TEXT_EMPTY" | "TEXT_TOO_LONG" | "TOO_MANY_PAGES" | "INTAKE_EMPTY" | "INTAKE_FORMAT" | "INTAKE_DAMAGED" | "INTAKE_TOO_LONG" | "INTAKE_SAME_FILE" | "INTAKE_SECRET" | "INTAKE_SIGNED" | "INTAKE_UNREADABLE" | "OCR_MISSING" | "INTAKE_FIELD" | "INTAKE_DUPLICATE" | "KEYRING_UNAVAILABLE" | "DISK_FULL" | "STORE_FAILED" | "STORE_NEWER" | "STORE_IN_USE" | "STORE_KEY_WRONG" | "INVALID_REQUEST" | "INTERNAL";

export type IpcError = { 
/**
 * Which failure.
 */
code: ErrorCode, 
/**
 * Facts for the sentence, by name.
 */
args: { [key in string]: string }, };
