import { useEffect, useState } from "react";

/** A pause in typing as long as this, and what is not the rows themselves is asked for too. */
const PAUSE_MS = 150;

/** A value that has not changed for a while; the first one at once. */
export function useSettled<V>(value: V): V {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [value]);
  return settled;
}
