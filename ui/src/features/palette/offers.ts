import { useEffect, useRef } from "react";
import type { Entry } from "./entries";

/** What the parts of the screen offer; asked for only when the palette opens. */
const offers = new Map<symbol, () => readonly Entry[]>();

/** Offers what can be done here now, as long as the caller is on the screen. */
export function useOffer(make: () => readonly Entry[]): void {
  const latest = useRef(make);
  latest.current = make;
  useEffect(() => {
    const own = Symbol("offer");
    offers.set(own, () => latest.current());
    return () => {
      offers.delete(own);
    };
  }, []);
}

/** What can be done on the screen now. */
export function offered(): Entry[] {
  return [...offers.values()].flatMap((make) => make());
}
