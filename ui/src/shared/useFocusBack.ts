import { useEffect, useLayoutEffect, useRef } from "react";

/** When what was open closes and took the focus with it, the focus goes back to where it was; where
 * that is gone, `elsewhere`. */
export function useFocusBack(open: boolean, elsewhere: () => void): void {
  const from = useRef<Element | null | undefined>(undefined);
  const latest = useRef(elsewhere);
  latest.current = elsewhere;
  // Before what is open takes it.
  useLayoutEffect(() => {
    if (open) from.current = document.activeElement;
  }, [open]);
  useEffect(() => {
    if (open || from.current === undefined) return;
    // What made place for it is there again at the next frame.
    const frame = requestAnimationFrame(() => {
      const before = from.current;
      from.current = undefined;
      if (!isNowhere()) return;
      if (before instanceof HTMLElement && before.isConnected) before.focus();
      if (isNowhere()) latest.current();
    });
    return () => cancelAnimationFrame(frame);
  }, [open]);
}

function isNowhere(): boolean {
  return document.activeElement === null || document.activeElement === document.body;
}
