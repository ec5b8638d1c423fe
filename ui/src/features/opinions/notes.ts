import type { NotePlace, OpinionDto } from "../../generated/types";
import type { Lit } from "../viewer/lit";

/** An opinion, and what became of it where it is a note on a place of a page. */
export interface Entry {
  opinion: OpinionDto;
  /** The words that it is dealt with or open again, in the order in which they were written. */
  words: readonly OpinionDto[];
}

const noteOf = ({ settles, reopens }: OpinionDto) => settles ?? reopens;

/** Opinions with what became of each note beside it. A word about a note that is not here stands by
 * itself, so that nothing is hidden. */
export function entriesOf(opinions: readonly OpinionDto[]): Entry[] {
  const notes = new Set(opinions.filter(({ place }) => place !== null).map(({ id }) => id));
  const isWord = (opinion: OpinionDto) => notes.has(noteOf(opinion) ?? "");
  return opinions
    .filter((opinion) => !isWord(opinion))
    .map((opinion) => ({
      opinion,
      words: opinions.filter((word) => noteOf(word) === opinion.id),
    }));
}

/** A note that waits to be dealt with: the last word about it counts. */
export function isOpen({ opinion, words }: Entry): boolean {
  return opinion.place !== null && (words.at(-1)?.settles ?? null) === null;
}

/** A note on a page as a whole has no box to light. */
export function isWhole({ at }: NotePlace): boolean {
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
