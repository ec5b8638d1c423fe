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
  token_state: { args: t.Empty; result: t.TokenState };
  token_rescan: { args: t.Empty; result: t.TokenState };
  token_diagnosis: { args: t.Empty; result: t.TokenDiagnosis };
  token_diagnosis_export: { args: t.Empty; result: t.TextExport };
  pin_change: { args: t.PinChangeArgs; result: t.Empty };
  training_scenarios: { args: t.Empty; result: t.TrainingScenarioDto[] };
  training_start: { args: t.TrainingArgs; result: t.TokenState };
  training_stop: { args: t.Empty; result: t.TokenState };
  training_sign: { args: t.TrainingSignArgs; result: t.TrainingReport };
  sign: { args: t.SignArgs; result: t.SignOutcome };
  sign_progress: { args: t.Empty; result: t.SignProgress };
  signing_tray: { args: t.TrayQuery; result: t.TrayPage };
  tray_mark: { args: t.MarkArgs; result: t.Empty };
  page_seen: { args: t.PageSeenArgs; result: t.ReadingDto };
  placement_get: { args: t.PlacementArgs; result: t.PlacementFound };
  placement_remember: { args: t.PlacementRemember; result: t.Empty };
  batch_preflight: { args: t.BatchArgs; result: t.BatchPreflight };
  batch_sign: { args: t.BatchArgs; result: t.BatchView };
  batch_view: { args: t.Empty; result: t.BatchDesk };
  batch_cancel: { args: t.Empty; result: t.Empty };
  batch_resume: { args: t.BatchId; result: t.BatchView };
  batch_dismiss: { args: t.BatchId; result: t.Empty };
  pin_answer: { args: t.PinAnswer; result: t.Empty };
  signature_image_list: { args: t.Empty; result: t.SignatureImageDto[] };
  signature_image_put: { args: t.SignatureImagePut; result: t.SignatureImageDto };
  signature_image_remove: { args: t.SignatureImageRemove; result: t.Empty };
  sync_status: { args: t.Empty; result: t.SyncStatus };
  sync_now: { args: t.Empty; result: t.Empty };
  completion_list: { args: t.Empty; result: t.CompletionList };
  completion_retry: { args: t.CompletionRetry; result: t.Empty };
  outbox_list: { args: t.Empty; result: t.OutboxEntry[] };
  outbox_dismiss: { args: t.DocumentId; result: t.Empty };
}
