import type { FileHit, TextChange } from "../../generated/types";
import type { Lit } from "./lit";

export type ChangeKind = "changed" | "added" | "removed";

/** What a change did to the words. */
export function kindOf({ old, new: came }: TextChange): ChangeKind {
  if (old.length === 0) return "added";
  return came.length === 0 ? "removed" : "changed";
}

/** How many changes there are of each kind. */
export function countsOf(changes: readonly TextChange[]): Record<ChangeKind, number> {
  const counts = { changed: 0, added: 0, removed: 0 };
  for (const change of changes) counts[kindOf(change)] += 1;
  return counts;
}

/** The first page, from 0, on which a change is seen. */
export function pageOf({ old, new: came }: TextChange): number {
  return (came[0] ?? old[0])?.page ?? 0;
}

/** What is lit on one side: all its places, and of the change that was gone to the first. */
export function litOf(
  changes: readonly TextChange[],
  side: "old" | "new",
  current: { at: number } | null,
): Lit {
  const hits: FileHit[] = [];
  let place: number | null = null;
  changes.forEach((change, at) => {
    if (at === current?.at && change[side].length > 0) place = hits.length;
    hits.push(...change[side]);
  });
  return {
    tone: side === "old" ? "gone" : "new",
    hits,
    current: place === null ? null : { at: place },
  };
}
