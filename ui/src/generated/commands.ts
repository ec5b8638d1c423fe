import type {
  AddOpinion,
  AppStatus,
  DocumentDetail,
  DocumentId,
  DocumentPage,
  DocumentQuery,
  Empty,
  FileOpened,
  FileRequest,
  LoginArgs,
  ModuleArgs,
  ModuleDto,
  OpinionDto,
  OutboxEntry,
  PageText,
  PageTextRequest,
  PinAnswer,
  SettingArgs,
  Settings,
  SignArgs,
  SignOutcome,
  SignProgress,
  SignatureReport,
  StartupReport,
  SyncStatus,
  TokenDto,
  ViewCounts,
} from "./types";

export interface Commands {
  app_status: { args: Empty; result: AppStatus };
  login: { args: LoginArgs; result: AppStatus };
  logout: { args: Empty; result: AppStatus };
  settings: { args: Empty; result: Settings };
  setting_set: { args: SettingArgs; result: Empty };
  report_startup: { args: StartupReport; result: Empty };
  documents_list: { args: DocumentQuery; result: DocumentPage };
  view_counts: { args: Empty; result: ViewCounts };
  document_get: { args: DocumentId; result: DocumentDetail };
  document_opened: { args: DocumentId; result: Empty };
  opinion_add: { args: AddOpinion; result: OpinionDto };
  file_open: { args: FileRequest; result: FileOpened };
  page_text: { args: PageTextRequest; result: PageText };
  signatures: { args: FileRequest; result: SignatureReport };
  token_modules: { args: Empty; result: Array<ModuleDto> };
  token_list: { args: ModuleArgs; result: Array<TokenDto> };
  sign: { args: SignArgs; result: SignOutcome };
  sign_progress: { args: Empty; result: SignProgress };
  pin_answer: { args: PinAnswer; result: Empty };
  sync_status: { args: Empty; result: SyncStatus };
  sync_now: { args: Empty; result: Empty };
  outbox_list: { args: Empty; result: Array<OutboxEntry> };
  outbox_dismiss: { args: DocumentId; result: Empty };
}
