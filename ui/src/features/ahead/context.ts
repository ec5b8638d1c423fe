import { createContext, useContext, useEffect, useMemo, useRef } from "react";
import type { Ahead, Target } from "./ahead";

/** Who works ahead, where anybody does. */
export const AheadContext = createContext<Ahead | null>(null);

/** Holds the work ahead back while `isWaiting`. */
export function useHoldAhead(isWaiting: boolean): void {
  const ahead = useContext(AheadContext);
  useEffect(() => (isWaiting ? ahead?.hold() : undefined), [isWaiting, ahead]);
}

/** Tells which letters lie beside the one that is read, the likeliest first. Answers how to tell the
 * rest: props for each row, and going to a letter by key. */
export function useAheadOfList(near: ReadonlyArray<Target | undefined>) {
  const ahead = useContext(AheadContext);
  const key = JSON.stringify(near);
  const latest = useRef(near);
  latest.current = near;
  // biome-ignore lint/correctness/useExhaustiveDependencies: `key` is what they are.
  useEffect(() => {
    ahead?.beside(latest.current.filter((target) => target !== undefined));
  }, [key, ahead]);
  return useMemo(
    () => ({
      go: (target: Target) => ahead?.go(target),
      afterAsking: (work: () => void) => (ahead === null ? work() : ahead.afterAsking(work)),
      row: (target: Target | undefined) => ({
        onPointerEnter: () => ahead?.point(target ?? null),
        onPointerLeave: () => ahead?.point(null),
        onPointerDown: () => target && ahead?.go(target),
      }),
    }),
    [ahead],
  );
}
