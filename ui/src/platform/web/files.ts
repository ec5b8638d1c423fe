import { CommandError } from "../commandError";

/** Hands files to the core one after the other, in their order; each is durable when its turn ends. */
export async function addScans(files: readonly File[]): Promise<void> {
  for (const file of files) {
    const answer = await fetch(`/intake?name=${encodeURIComponent(file.name)}`, {
      method: "POST",
      body: file,
    });
    if (!answer.ok) throw CommandError.from(await answer.json());
  }
}

/** Asks the person for files; none when the choice was cancelled. */
export function chooseFiles(): Promise<File[]> {
  const field = document.createElement("input");
  field.type = "file";
  field.multiple = true;
  field.accept = ".pdf,.tif,.tiff,.jpg,.jpeg,.png";
  return new Promise((settle) => {
    field.addEventListener("change", () => settle([...(field.files ?? [])]));
    field.addEventListener("cancel", () => settle([]));
    field.click();
  });
}
