/** CSS pixels per millimetre at 100 %. */
export const AT_100 = 96 / 25.4;
/** The steps of zooming in and out. */
const STEPS = [0.5, 0.67, 0.75, 0.9, 1, 1.1, 1.25, 1.5, 1.75, 2, 2.5, 3] as const;
/** Fitting never enlarges beyond this: on a wide screen a page stays a page. */
const FIT_LIMIT = 1.5;
/** Fitting never makes pages smaller than this many CSS pixels per millimetre. */
const FIT_LEAST = 0.5;

/** How pages are made to fit: by their width, as a whole, or to a size that was chosen. */
export type Fit = "width" | "page" | "scale";

/** What the size is worked out from, in CSS pixels and millimetres. */
export interface Room {
  width: number;
  height: number;
  margin: number;
  widestMm: number;
  tallestMm: number;
}

/** What is remembered of the zoom: `fit` and `page` fit, a number is a scale. */
export function fitOf(remembered: string | undefined): Fit {
  if (remembered === "page") return "page";
  return Number(remembered) > 0 ? "scale" : "width";
}

/** CSS pixels per millimetre. */
export function scaleFor(remembered: string | undefined, room: Room): number {
  const fit = fitOf(remembered);
  if (fit === "scale") return Number(remembered) * AT_100;
  const across = (room.width - 2 * room.margin) / room.widestMm;
  const down = (room.height - 2 * room.margin) / room.tallestMm;
  const wanted = fit === "width" ? across : Math.min(across, down);
  return Math.min(Math.max(wanted, FIT_LEAST), AT_100 * FIT_LIMIT);
}

/** Width of a page's picture in the screen's own pixels, at a scale. */
export function pixelsAcross(page: { width_mm: number }, pxPerMm: number): number {
  return Math.round(page.width_mm * pxPerMm * window.devicePixelRatio);
}

/** The next step up or down from a scale; none at the end. */
export function nextStep(factor: number, by: 1 | -1): number | undefined {
  return by > 0
    ? STEPS.find((step) => step > factor + 0.01)
    : STEPS.findLast((step) => step < factor - 0.01);
}
