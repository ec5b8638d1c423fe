import type { SplitProposal } from "../../generated/types";

/** The pages (from 0) of each letter that a stack would be cut into; separator sheets are in none. */
export function piecesOf(split: SplitProposal, pages: number): number[][] {
  const sheets = new Set(split.sheets);
  const begins = [0, ...split.begins.filter((page) => page > 0 && page < pages)];
  return begins
    .map((from, i) => {
      const to = begins[i + 1] ?? pages;
      return Array.from({ length: to - from }, (_, at) => from + at).filter(
        (page) => !sheets.has(page),
      );
    })
    .filter((piece) => piece.length > 0);
}
