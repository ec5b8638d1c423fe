import type { PageSize } from "../../generated/types";

/** Pages sent to the printer at once: each is a picture of its own that the system keeps until the
 * last has come out. */
export const MOST_PAGES = 100;

/** Dots per inch of a printed page. */
const DPI = 200;

/** Pages to print, from 0, the last included. */
export interface PageRange {
  first: number;
  last: number;
}

/** Why pages cannot be printed as typed. */
export type RangeFault = "form" | "outside" | "many";

/** `3`, `2-5`, `2–5`: pages as people write them, counted from 1; nothing typed means all. */
export function pageRange(typed: string, count: number): PageRange | RangeFault {
  const text = typed.trim();
  const match = /^(\d{1,6})(?:\s*[-–]\s*(\d{1,6}))?$/.exec(text);
  if (text !== "" && match === null) return "form";
  const first = Number(match?.[1] ?? 1);
  const last = Number(match?.[2] ?? match?.[1] ?? count);
  if (first < 1 || last > count || first > last) return "outside";
  if (last - first + 1 > MOST_PAGES) return "many";
  return { first: first - 1, last: last - 1 };
}

/** How many pixels wide a page's picture is for the printer. */
export function printWidth(size: PageSize): number {
  return Math.round((size.width_mm / 25.4) * DPI);
}

/** The short name of a file's state on paper: enough to find it again. */
export function fileMark(sha256: string): string {
  return sha256.slice(0, 12).toUpperCase();
}
