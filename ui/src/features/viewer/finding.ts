import type { FileHit } from "../../generated/types";

/** What is known of a search so far. */
export interface Found {
  hits: readonly FileHit[];
  /** Pages without any words: nothing can be found there. */
  wordless: number;
  done: boolean;
}

export const NOTHING: Found = { hits: [], wordless: 0, done: false };

/** The hit to show first: the first from the page that is read on; when all is searched and there is
 * none, the first of all. Null while it may still come. */
export function firstHit(found: Found, page: number): number | null {
  const at = found.hits.findIndex((hit) => hit.page >= page);
  if (at >= 0) return at;
  return found.done && found.hits.length > 0 ? 0 : null;
}

/** The next or previous hit, around the end. */
export function otherHit(count: number, current: number | null, by: 1 | -1): number | null {
  if (count === 0) return null;
  if (current === null) return by > 0 ? 0 : count - 1;
  return (current + by + count) % count;
}

/** The hits of one page with their places in the whole. */
export function hitsOn(
  hits: readonly FileHit[],
  page: number,
): Array<{ hit: FileHit; at: number }> {
  const here: Array<{ hit: FileHit; at: number }> = [];
  hits.forEach((hit, at) => {
    if (hit.page === page) here.push({ hit, at });
  });
  return here;
}
