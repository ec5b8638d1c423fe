import type { FileHit } from "../../generated/types";

/** Places that something beside the pages points at. A new `current` each time, so that going to the
 * same place again scrolls. */
export interface Lit {
  /** What the places are: faults of format, words that are no longer there or are new, notes. */
  tone: "fault" | "gone" | "new" | "note";
  /** A place without boxes is its page as a whole. */
  hits: readonly FileHit[];
  current: { at: number } | null;
}
