/** Puts text on the clipboard. Answers whether that worked. */
export async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copyTheOldWay(text);
  }
}

/** For webviews without the clipboard's own interface. */
function copyTheOldWay(text: string): boolean {
  const field = document.createElement("textarea");
  field.value = text;
  field.style.position = "fixed";
  field.style.opacity = "0";
  document.body.append(field);
  const before = document.activeElement;
  field.select();
  const done = document.execCommand("copy");
  field.remove();
  if (before instanceof HTMLElement) before.focus();
  return done;
}

/** How long bytes are kept for the webview, which on a busy machine begins a download late, in
 * milliseconds. */
const KEPT = 600_000;

/** Hands text to the person as a file, in their downloads. */
export function saveText(fileName: string, text: string): void {
  saveFile(fileName, new Blob([text], { type: "text/plain;charset=utf-8" }));
}

/** Hands bytes to the person as a file, in their downloads. */
export function saveFile(fileName: string, bytes: Blob): void {
  const address = URL.createObjectURL(bytes);
  const link = document.createElement("a");
  link.href = address;
  link.download = fileName;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), KEPT);
}
