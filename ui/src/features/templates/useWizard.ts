import { useEffect, useMemo, useState } from "react";
import type { ImageRole } from "../../generated/types";
import { type Area, crop, DECREE_BLUE, type Pixels, SEAL_RED } from "./image/pixels";
import { base64, encodePng } from "./image/png";
import {
  finished,
  handwriting,
  INK_CHOICES,
  type InkChoices,
  inkArea,
  millimetres,
  seal,
} from "./image/recipe";
import type { Photo } from "./usePhoto";

/** What the core takes at most. */
const MOST_BYTES = 200 * 1024;
/** Resolution of a scan whose file does not say it. */
const USUAL_DPI = 300;
/** The sizes that a picture may have on paper, millimetres. */
export const SIZE_MM = { min: 4, max: 100 } as const;
/** Widths to start with, millimetres. */
const USUAL_WIDTH: Record<ImageRole, number> = { signature: 45, initials: 14, seal: 36 };

export interface Result {
  pixels: Pixels;
  widthMm: number;
  heightMm: number;
}

/** From a photo to the finished picture: the frame, the choices, and what comes of them. */
export function useWizard(role: ImageRole, photo: Photo | null) {
  const [area, setArea] = useState<Area | null>(null);
  const [choices, setChoices] = useState<InkChoices>(INK_CHOICES);
  const [typedMm, setTypedMm] = useState<number | null>(null);

  const findInk = () => {
    if (photo === null) return;
    const { pixels } = photo;
    setArea(inkArea(drawn(role, pixels, choices)) ?? whole(pixels));
  };
  // A new photo begins with its own frame and size.
  // biome-ignore lint/correctness/useExhaustiveDependencies: once per photo, not per change of a choice.
  useEffect(() => {
    setTypedMm(null);
    findInk();
  }, [photo]);

  const settled = useSettled(area, 160);
  const ink = useMemo(
    () =>
      photo === null || settled === null ? null : drawn(role, crop(photo.pixels, settled), choices),
    [role, photo, settled, choices],
  );
  const result = useMemo((): Result | null => {
    if (photo === null || ink === null) return null;
    const part = inkArea(ink);
    if (part === null) return null;
    const dpi = photo.dpi ?? (role === "seal" ? USUAL_DPI : null);
    const stated = dpi === null ? USUAL_WIDTH[role] : millimetres(part.width, dpi);
    const widest = (SIZE_MM.max * part.width) / Math.max(part.width, part.height);
    const widthMm = Math.min(widest, Math.max(SIZE_MM.min, typedMm ?? stated));
    const pixels = finished(ink, part, widthMm);
    return { pixels, widthMm, heightMm: (widthMm * pixels.height) / pixels.width };
  }, [role, photo, ink, typedMm]);

  return { area, setArea, choices, setChoices, setTypedMm, findInk, result };
}

function drawn(role: ImageRole, pixels: Pixels, choices: InkChoices): Pixels {
  return role === "seal"
    ? seal(pixels, SEAL_RED, choices)
    : handwriting(pixels, DECREE_BLUE, choices);
}

function whole({ width, height }: Pixels): Area {
  return { x: 0, y: 0, width, height };
}

/** A value once it has held still. */
function useSettled<T>(value: T, ms: number): T {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), ms);
    return () => clearTimeout(timer);
  }, [value, ms]);
  return settled;
}

/** The picture as the core takes it: made coarser only where it would be too large. */
export async function packed(result: Result): Promise<string> {
  const area = whole(result.pixels);
  for (const scale of [1, 0.75, 0.5, 0.35]) {
    const pixels =
      scale === 1 ? result.pixels : finished(result.pixels, area, result.widthMm, scale);
    const png = await encodePng(pixels);
    if (png.length <= MOST_BYTES) return base64(png);
  }
  return base64(await encodePng(finished(result.pixels, area, result.widthMm, 0.2)));
}
