import type { NotePlace, OpinionDto } from "../../generated/types";
import type { Lit } from "../viewer/lit";

/** An opinion, and what became of it where it is a note on a place of a page. */
export interface Entry {
  opinion: OpinionDto;
  /** The word that the note is dealt with; none while it is open, and for what is no note. */
  settled: OpinionDto | null;
}

/** Opinions with each note's settlement beside it. A word that settles nothing that is here stands by
 * itself, so that nothing is hidden. */
export function entriesOf(opinions: readonly OpinionDto[]): Entry[] {
  const notes = new Set(opinions.filter(({ place }) => place !== null).map(({ id }) => id));
  const settles = (word: OpinionDto) => word.settles !== null && notes.has(word.settles);
  return opinions
    .filter((opinion) => !settles(opinion))
    .map((opinion) => ({
      opinion,
      settled: opinions.find(({ settles: note }) => note === opinion.id) ?? null,
    }));
}

/** A note that waits to be dealt with. */
export function isOpen({ opinion, settled }: Entry): boolean {
  return opinion.place !== null && settled === null;
}

/** A note on a page as a whole has no box to light. */
function isWhole({ at }: NotePlace): boolean {
  return at.w > 0.99 && at.h > 0.99;
}

/** The open notes on a state of a file, as marks on its pages; `current` is the note that was gone to. */
export function marksOf(
  entries: readonly Entry[],
  head: string | undefined,
  current: { note: string } | null,
): Lit {
  const here = entries.flatMap((entry) => {
    const { place, id } = entry.opinion;
    // A note that is dealt with is shown when it is gone to.
    const shown = isOpen(entry) || id === current?.note;
    return place !== null && place.sha256 === head && shown ? [{ id, place }] : [];
  });
  const at = here.findIndex(({ id }) => id === current?.note);
  return {
    tone: "note",
    hits: here.map(({ place }) => ({ page: place.page, boxes: isWhole(place) ? [] : [place.at] })),
    current: at < 0 ? null : { at },
  };
}
