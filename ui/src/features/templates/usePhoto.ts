import { useCallback, useState } from "react";
import type { Pixels } from "./image/pixels";
import { statedDpi } from "./image/png";

/** A photo or scan as the wizard works on it. */
export interface Photo {
  pixels: Pixels;
  /** Resolution of these pixels as the file states it; none where it does not say. */
  dpi: number | null;
}

/** The longer side that is worked on: finer than any signature is printed. */
const LONGEST = 2000;
/** What no phone or scanner makes of one sheet. */
const LARGEST_FILE = 60 * 1024 * 1024;

export type PhotoProblem = "notImage" | "tooLarge";

/** Takes a picture from wherever the person has it. */
export function usePhoto() {
  const [photo, setPhoto] = useState<Photo | null>(null);
  const [problem, setProblem] = useState<PhotoProblem | null>(null);
  const [busy, setBusy] = useState(false);
  const take = useCallback((file: File | undefined) => {
    if (file === undefined) return;
    setProblem(null);
    if (file.size > LARGEST_FILE) {
      setProblem("tooLarge");
      return;
    }
    setBusy(true);
    readPhoto(file)
      .then(setPhoto, () => setProblem("notImage"))
      .finally(() => setBusy(false));
  }, []);
  const clear = useCallback(() => setPhoto(null), []);
  return { photo, problem, busy, take, clear };
}

async function readPhoto(file: File): Promise<Photo> {
  const head = new Uint8Array(await file.slice(0, 64 * 1024).arrayBuffer());
  const bitmap = await createImageBitmap(file);
  const factor = Math.min(1, LONGEST / Math.max(bitmap.width, bitmap.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(bitmap.width * factor));
  canvas.height = Math.max(1, Math.round(bitmap.height * factor));
  const context = canvas.getContext("2d", { willReadFrequently: true });
  if (context === null) throw new Error("no canvas");
  context.imageSmoothingQuality = "high";
  context.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  bitmap.close();
  const dpi = statedDpi(head);
  return {
    pixels: context.getImageData(0, 0, canvas.width, canvas.height),
    dpi: dpi === null ? null : dpi * factor,
  };
}
