import type { DraftFileDto } from "../../generated/types";
import { CommandError } from "../commandError";

/** What a chooser shows, and whether several can be chosen. */
interface Wanted {
  accept: string;
  multiple: boolean;
  /** A folder with all that is in it. */
  folder?: boolean;
}
export const SCANS: Wanted = { accept: ".pdf,.tif,.tiff,.jpg,.jpeg,.png", multiple: true };
/** A PDF, or what becomes one by LibreOffice. */
export const DRAFT: Wanted = { accept: ".pdf,.docx,.odt,.doc", multiple: false };

/** Whether the name is that of a word processor's file. */
export function isOfficeFile(name: string): boolean {
  return /\.(docx|odt|doc)$/i.test(name);
}

/** Hands files to the core one after the other, in their order; each is durable when its turn ends. */
export async function addScans(files: readonly File[]): Promise<void> {
  for (const file of files) await hand("/intake", file);
}

/** Hands the file of a draft to the core; durable when it answers. */
export async function keepDraftFile(file: File | undefined): Promise<DraftFileDto | null> {
  return file === undefined ? null : ((await hand("/draft-file", file)) as DraftFileDto);
}

/** Hands a file to the core under its name or another one. */
export async function hand(
  where: string,
  file: File | null,
  name: string = file?.name ?? "",
): Promise<unknown> {
  const answer = await fetch(`${where}?name=${encodeURIComponent(name)}`, {
    method: "POST",
    body: file,
  });
  const body: unknown = await answer.json();
  if (!answer.ok) throw CommandError.from(body);
  return body;
}

/** Asks the person for files; none when the choice was cancelled. */
export function chooseFiles({ accept, multiple, folder = false }: Wanted): Promise<File[]> {
  const field = document.createElement("input");
  field.type = "file";
  field.multiple = multiple;
  field.accept = accept;
  field.webkitdirectory = folder;
  return new Promise((settle) => {
    field.addEventListener("change", () => settle([...(field.files ?? [])]));
    field.addEventListener("cancel", () => settle([]));
    field.click();
  });
}
