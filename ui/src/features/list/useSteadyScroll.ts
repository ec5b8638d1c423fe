import { type RefObject, useLayoutEffect, useRef } from "react";

/** Where the selected document is, also while its page is not read. When rows arrive above it,
 * scrolls by as much, so that nothing jumps under the cursor. */
export function useSteadyScroll(
  selected: string | null,
  found: number,
  rowHeight: number,
  list: RefObject<HTMLElement | null>,
): number {
  const last = useRef<{ selected: string | null; index: number }>({ selected: null, index: -1 });
  const known = last.current.selected === selected ? last.current.index : -1;
  useLayoutEffect(() => {
    if (found < 0) return;
    const before = last.current;
    const moved = before.selected === selected && before.index >= 0 ? found - before.index : 0;
    if (moved !== 0 && list.current !== null && list.current.scrollTop > 0) {
      list.current.scrollTop += moved * rowHeight;
    }
    last.current = { selected, index: found };
  }, [selected, found, rowHeight, list]);
  return found >= 0 ? found : known;
}
