export type DocumentView = "incoming_pending" | "incoming_overdue" | "incoming_all" | "to_sign" | "outgoing_all";

export type DocumentQuery = { view: DocumentView, search: string, after: string | null, limit: number };

export type DocumentPage = { rows: Array<DocumentRow>, total: number, next: string | null };

export type SentState = "settled" | "saved_here" | "needs_attention";

export type DocumentRow = { id: string, notation: string | null, arrival_number: number | null, kind: string, subject: string, issuer: string, urgency: string, state: string, arrived_at: number, issued_on: string | null, due_at: number | null, due_is_day: boolean, overdue: boolean, unread: boolean, role: string | null, files: number, sent: SentState };

export type DocumentId = { id: string };

export type DocumentDetail = { row: DocumentRow, direction: string, signer_position: string, signer_name: string, issuer_code: string, files: Array<FileDto>, flow: Array<DocumentFlow>, opinions: Array<OpinionDto> };

export type FilePlace = "here" | "waiting" | "quarantined";

export type FileDto = { id: string, name: string, role: string, media_type: string, head: string, size: number, pages: number | null, place: FilePlace, revisions: Array<RevisionDto> };

export type RevisionDto = { sha256: string, size: number, level: string | null, signed_by: string | null, at: number, at_server: boolean };

export type DocumentFlow = { at: number, who: string, state: string, note: string };

export type OpinionDto = { id: string, kind: string, text: string, author: string, written_at: number, received_at: number | null };

export type AddOpinion = { document: string, kind: string, text: string };

export type ViewCounts = { incoming_pending: number, incoming_overdue: number, incoming_all: number, incoming_unread: number, to_sign: number, outgoing_all: number };

export type FileRequest = { sha256: string };

export type FileOpened = { sha256: string, pages: Array<PageSize> };

export type PageSize = { width_mm: number, height_mm: number };

export type PageTextRequest = { sha256: string, page: number };

export type PageText = { runs: Array<TextRun> };

export type TextRun = { text: string, x: number, y: number, w: number, h: number, line_end: boolean };

export type Empty = Record<string, never>;

export type Phase = "unconfigured" | "login" | "desk";

export type AppStatus = { version: string, phase: Phase, province: string | null, server: string | null, account: AccountDto | null, sync: SyncStatus };

export type AccountDto = { id: number, username: string, full_name: string, posts: Array<PostDto> };

export type PostDto = { role: string, title: string, agency: string, agency_code: string };

export type LoginArgs = { username: string, password: string };

export type Settings = { values: { [key in string]: string } };

export type SettingArgs = { key: string, value: string };

export type StartupReport = { first_paint_at: number, usable_at: number };

export type ModuleDto = { id: string, name: string, simulator: boolean, tokens: number, problem: string | null };

export type ModuleArgs = { module: string };

export type PinState = "ok" | "count_low" | "final_try" | "locked" | "not_initialised";

export type TokenDto = { module: string, serial: string, label: string, model: string, pin_state: PinState, pin_pad: boolean, certificates: Array<CertificateDto> };

export type CertificateState = "usable" | "expired" | "not_yet_valid" | "wrong_usage" | "untrusted";

export type CertificateDto = { sha256: string, subject: string, organisation: string, issuer: string, serial: string, not_before: number, not_after: number, key: string, state: CertificateState, registered: boolean };

export type Placement = { page: number, x_mm: number, y_mm: number, w_mm: number, h_mm: number };

export type SignArgs = { document: string, file: string, shown: string, module: string, token_serial: string, certificate: string, placement: Placement | null };

export type SignOutcome = { sha256: string, level: string, upload_bytes: number };

export type SignStage = "idle" | "preparing" | "waiting_for_pin" | "signing" | "verifying" | "storing";

export type SignProgress = { stage: SignStage, document: string | null };

export type PinAnswer = { request: string, pin: string | null, final_try_consent: boolean };

export type SignatureStatus = "valid" | "invalid" | "could_not_check";

export type SignatureDto = { field: string, signer: string, organisation: string, issuer: string, claimed_at: number | null, status: SignatureStatus, reasons: Array<string>, level: string, covers_whole_file: boolean, changes_after: Array<string> };

export type SignatureReport = { signatures: Array<SignatureDto> };

export type Network = "online" | "offline" | "busy" | "wrong_network" | "untrusted" | "needs_login" | "connecting";

export type SyncStatus = { network: Network, since: number, last_sync: number | null, unsent: number, needs_attention: number, downloads_waiting: number, syncing: boolean, transfers: Array<Transfer> };

export type Transfer = { sha256: string, name: string, upload: boolean, done: number, total: number };

export type OutboxState = "waiting" | "uploading" | "received" | "conflict" | "rejected";

export type OutboxEntry = { id: string, document: string, document_title: string, kind: string, at: number, state: OutboxState, problem: string | null, receipt: string | null, received_at: number | null };

export type ChangeTag = "documents" | "sync" | "session" | "signing" | "settings";

export type Changed = { tags: Array<ChangeTag> };
