import { type RefObject, useLayoutEffect, useRef } from "react";

/** Where the selected document is, also while its page is not read. When rows arrive above it,
 * scrolls by as much, so that nothing jumps under the cursor. */
export function useSteadyScroll(
  list: RefObject<HTMLElement | null>,
  shownList: string,
  selected: string | null,
  found: number,
  rowHeight: number,
): number {
  const last = useRef({ shownList, selected, index: -1 });
  const same = last.current.selected === selected && last.current.shownList === shownList;
  const known = same ? last.current.index : -1;
  useLayoutEffect(() => {
    if (found < 0) return;
    const before = last.current;
    const sameRow = before.selected === selected && before.shownList === shownList;
    const moved = sameRow && before.index >= 0 ? found - before.index : 0;
    if (moved !== 0 && list.current !== null && list.current.scrollTop > 0) {
      list.current.scrollTop += moved * rowHeight;
    }
    last.current = { shownList, selected, index: found };
  }, [shownList, selected, found, rowHeight, list]);
  return found >= 0 ? found : known;
}
