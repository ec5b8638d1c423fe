import type * as t from "../generated/types";

declare module "../generated/commands" {
  interface Commands {
    intake_list: { args: t.IntakeQuery; result: t.IntakePage };
    intake_letter: { args: t.LetterId; result: t.LetterDetail };
    intake_save: { args: t.LetterEdit; result: t.LetterDetail };
    intake_confirm: { args: t.LetterEdit; result: t.LetterConfirmed };
    intake_reopen: { args: t.LetterId; result: t.Empty };
    intake_pages: { args: t.PagesAct; result: t.Empty };
    intake_undo: { args: t.Empty; result: t.Empty };
    agencies_find: { args: t.AgencyQuery; result: t.AgencyDto[] };
    scan_sources: { args: t.Empty; result: t.ScanSources };
    scan_folder_set: { args: { folder: string | null }; result: t.ScanSources };
    scanner_add: { args: t.ScannerAddress; result: t.ScanSources };
    scanner_forget: { args: t.ScannerAddress; result: t.ScanSources };
    scan_start: { args: t.ScanStart; result: t.Empty };
    scan_cancel: { args: t.Empty; result: t.Empty };
    scan_separators: { args: t.SeparatorArgs; result: t.FileExport };
    register_options: { args: t.Empty; result: t.RegisterOptions };
    intake_register: { args: t.RegisterArgs; result: t.RegisterReport };
    registration_undo: { args: t.RegistrationUndo; result: t.Empty };
    registration_withdraw: { args: t.RegistrationUndo; result: t.Empty };
    lease_take: { args: t.BookId; result: t.BookDto };
    lease_return: { args: t.BookId; result: t.BookDto };
    seal_queue: { args: t.Empty; result: t.SealQueue };
    seal_sign: { args: t.SealArgs; result: t.BatchView };
    book_entries: { args: t.BookQuery; result: t.BookPage };
    book_export: { args: t.BookExport; result: t.FileExport };
  }
}
