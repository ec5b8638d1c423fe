import { useMemo, useState } from "react";
import type { HitBox, NotePlace, OpinionDto } from "../../generated/types";
import { type Selected, WHOLE } from "../viewer/selected";
import { entriesOf, isOpen, marksOf } from "./notes";

/** A note that is being written. */
export interface Noting {
  place: NotePlace;
  /** The words at the place. */
  text: string;
  /** Its box is not on words: it is drawn, moved and sized. */
  isFree: boolean;
}

export type Notes = ReturnType<typeof useNotes>;

const NONE: readonly OpinionDto[] = [];

/** The notes on a document: where they are marked on the pages that are shown, and the one that is
 * being written. */
export function useNotes(
  document: string,
  opinions: readonly OpinionDto[] = NONE,
  head: string | undefined,
) {
  const [noting, setNoting] = useState<(Noting & { document: string }) | null>(null);
  const [gone, setGone] = useState<{ note: string } | null>(null);
  const entries = useMemo(() => entriesOf(opinions), [opinions]);
  const marks = useMemo(() => marksOf(entries, head, gone), [entries, head, gone]);
  return {
    entries,
    open: entries.filter(isOpen).length,
    marks,
    /** Whether a note is on the pages that are shown. */
    isHere: ({ place }: OpinionDto) => place !== null && place.sha256 === head,
    go: (note: string) => setGone({ note }),
    noting: noting?.document === document ? noting : null,
    begin: ({ page, at, text, isFree = false }: Selected) => {
      if (head === undefined) return;
      setNoting({ document, place: { sha256: head, page, at }, text, isFree });
    },
    /** Puts the box of the note that is being written elsewhere. */
    put: (page: number, at: HitBox) =>
      setNoting((old) => old && { ...old, place: { ...old.place, page, at } }),
    /** The note is on its page as a whole. */
    whole: () => setNoting((old) => old && { ...old, place: { ...old.place, at: WHOLE } }),
    stop: () => setNoting(null),
  };
}
