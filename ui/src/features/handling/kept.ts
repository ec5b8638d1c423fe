import { useCallback, useEffect, useRef, useState } from "react";
import { useSettings } from "../../api/settings";

/** After this pause what is in a form is kept, so that a crash loses no more than it. */
const KEEP_MS = 700;

/** What was kept, over what is so without it; nothing where nothing was. */
export function parsed<T extends object>(text: string | undefined, empty: T): T | null {
  if (text === undefined || text === "") return null;
  try {
    return { ...empty, ...(JSON.parse(text) as Partial<T>) };
  } catch {
    return null;
  }
}

/** What is filled into a form, kept with the person's own data on this machine, enciphered as they
 * are. Without a key it is kept nowhere: it goes with its form. */
export function useKept<T extends object>(key: string | null, empty: T) {
  const { read, remember } = useSettings();
  const [initial] = useState(() => (key === null ? null : parsed(read(key), empty)));
  const [kept, setKept] = useState(initial !== null);
  const [, redraw] = useState(0);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const value = useRef(initial ?? empty);
  const begun = useRef(false);

  const keep = useCallback(() => {
    clearTimeout(timer.current);
    if (key === null || !begun.current) return;
    begun.current = false;
    void remember(key, JSON.stringify(value.current)).then((done) => {
      // Said only of what stands in the form now, and only when it is so.
      if (done && !begun.current) setKept(true);
    });
  }, [key, remember]);
  const change = useCallback(
    (patch: Partial<T>) => {
      value.current = { ...value.current, ...patch };
      begun.current = true;
      setKept(false);
      redraw((n) => n + 1);
      clearTimeout(timer.current);
      timer.current = setTimeout(keep, KEEP_MS);
    },
    [keep],
  );
  const clear = useCallback(() => {
    clearTimeout(timer.current);
    begun.current = false;
    setKept(false);
    if (key !== null) void remember(key, "");
  }, [key, remember]);
  // The form closes with its window, or by Escape: what was typed a moment ago is kept as well.
  useEffect(() => keep, [keep]);
  return { value: value.current, kept, change, keep, clear };
}
