import { type RefObject, useEffect, useRef } from "react";
import { type Laid, Seen } from "./seen";

/** Who follows the reading of a file, and where it wants the reader to go. */
export interface Reading {
  /** What is read: another one begins anew. */
  of: string;
  /** Counts the page; fails when it could not be counted now. */
  onRead: (page: number) => Promise<void>;
  /** Bring this page into sight; a new object for each request. */
  jump: { page: number } | null;
}

const TICK_MS = 100;

/** Tells which pages have been on the screen long enough. `laid` answers the pages drawn now. */
export function useReading(
  reading: Reading | undefined,
  scroller: RefObject<HTMLElement | null>,
  laid: () => readonly Laid[],
): void {
  const latest = useRef({ reading, laid });
  latest.current = { reading, laid };
  const of = reading?.of;
  useEffect(() => {
    if (of === undefined) return;
    const seen = new Seen();
    const timer = setInterval(() => {
      const view = scroller.current;
      // A window out of sight shows nothing to anyone.
      if (view === null || document.visibilityState !== "visible") return;
      const fresh = seen.look(
        latest.current.laid(),
        { top: view.scrollTop, height: view.clientHeight },
        TICK_MS,
      );
      for (const page of fresh) {
        latest.current.reading?.onRead(page).catch(() => seen.forget(page));
      }
    }, TICK_MS);
    return () => clearInterval(timer);
  }, [of, scroller]);
}
