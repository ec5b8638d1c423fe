import { useEffect, useRef, useState } from "react";
import type { FileHits } from "../../generated/types";
import { type CommandError, host } from "../../platform";
import { type Found, firstHit, NOTHING, otherHit } from "./finding";

export interface Find {
  open: boolean;
  query: string;
  /** Begun by how the document was found: nobody asked for the field. */
  quiet: boolean;
  found: Found;
  /** Which hit is shown; a new object for each move, so that going to the same one again scrolls. */
  current: { at: number } | null;
  error: CommandError | null;
  show: () => void;
  close: () => void;
  look: (query: string) => void;
  move: (by: 1 | -1) => void;
}

/** Looks for words in a file: the core answers in portions, and a new query or another file lets go
 * of what is under way. `page` tells where the reader is. The words by which the document was found
 * are looked for at once, each by itself. */
export function useFind(sha256: string, page: () => number, foundBy = ""): Find {
  const [open, setOpen] = useState(foundBy !== "");
  const [query, setQuery] = useState(foundBy);
  const eachWord = foundBy !== "" && query === foundBy;
  const [quiet, setQuiet] = useState(foundBy !== "");
  const [found, setFound] = useState<Found>(NOTHING);
  const [current, setCurrent] = useState<{ at: number } | null>(null);
  const [error, setError] = useState<CommandError | null>(null);
  const where = useRef(page);
  where.current = page;

  useEffect(() => {
    setFound(NOTHING);
    setCurrent(null);
    setError(null);
    if (!open || query === "") return;
    let wanted = true;
    const from = where.current();
    const search = async () => {
      let soFar = NOTHING;
      let shown = false;
      for (let next: number | null = 0; next !== null && wanted; ) {
        const portion: FileHits = await host().call("file_search", {
          sha256,
          query,
          each_word: eachWord,
          from: next,
        });
        if (!wanted) return;
        next = portion.next;
        soFar = {
          hits: [...soFar.hits, ...portion.hits],
          wordless: soFar.wordless + portion.wordless,
          done: next === null,
        };
        setFound(soFar);
        const first = shown ? null : firstHit(soFar, from);
        if (first !== null) {
          shown = true;
          // Whoever has moved on by hand meanwhile is not called back.
          setCurrent((now) => now ?? { at: first });
        }
      }
    };
    search().catch((thrown: CommandError) => {
      if (wanted) setError(thrown);
    });
    return () => {
      wanted = false;
    };
  }, [sha256, query, open, eachWord]);

  return {
    open,
    query,
    quiet,
    found,
    current,
    error,
    show: () => {
      setQuiet(false);
      setOpen(true);
    },
    close: () => setOpen(false),
    look: setQuery,
    move: (by) =>
      setCurrent((now) => {
        const at = otherHit(found.hits.length, now?.at ?? null, by);
        return at === null ? null : { at };
      }),
  };
}
