// Made from congvan-ipc by `cargo xtask codegen`. Do not edit.

import type * as t from "./types";

export interface Commands {
  app_status: { args: t.Empty; result: t.AppStatus };
  login: { args: t.LoginArgs; result: t.AppStatus };
  logout: { args: t.Empty; result: t.AppStatus };
  settings: { args: t.Empty; result: t.Settings };
  setting_set: { args: t.SettingArgs; result: t.Empty };
  report_startup: { args: t.StartupReport; result: t.Empty };
  documents_list: { args: t.DocumentQuery; result: t.DocumentPage };
  view_counts: { args: t.Empty; result: t.ViewCounts };
  document_get: { args: t.DocumentId; result: t.DocumentDetail };
  document_opened: { args: t.DocumentId; result: t.Empty };
  opinion_add: { args: t.AddOpinion; result: t.OpinionDto };
  file_open: { args: t.FileRequest; result: t.FileOpened };
  page_text: { args: t.PageTextRequest; result: t.PageText };
  signatures: { args: t.FileRequest; result: t.SignatureReport };
  token_modules: { args: t.Empty; result: t.ModuleDto[] };
  token_list: { args: t.ModuleArgs; result: t.TokenDto[] };
  sign: { args: t.SignArgs; result: t.SignOutcome };
  sign_progress: { args: t.Empty; result: t.SignProgress };
  pin_answer: { args: t.PinAnswer; result: t.Empty };
  sync_status: { args: t.Empty; result: t.SyncStatus };
  sync_now: { args: t.Empty; result: t.Empty };
  outbox_list: { args: t.Empty; result: t.OutboxEntry[] };
  outbox_dismiss: { args: t.DocumentId; result: t.Empty };
}
