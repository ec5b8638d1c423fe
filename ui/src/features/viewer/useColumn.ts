import { useVirtualizer } from "@tanstack/react-virtual";
import { type RefObject, useEffect, useRef } from "react";
import type { HitBox, PageSize } from "../../generated/types";

/** CSS pixels between pages and around them. */
export const GAP = 16;
/** How far below the upper edge of the viewer a place is brought, as a share of its height. */
const EYE = 0.3;

/** The pages as one scrolled column: which are in sight, which one is read, and how to go to one.
 * `sizes` are those on the screen; `layout` changes when pages lie another way, as when turned. */
export function useColumn(
  scroller: RefObject<HTMLElement | null>,
  sizes: readonly PageSize[],
  pxPerMm: number,
  layout: unknown,
) {
  const virtual = useVirtualizer({
    count: sizes.length,
    getScrollElement: () => scroller.current,
    estimateSize: (index) => (sizes[index]?.height_mm ?? 297) * pxPerMm,
    gap: GAP,
    paddingStart: GAP,
    paddingEnd: GAP,
    overscan: 2,
  });

  // The place on the page stays under the eye while its scale changes.
  const anchor = useRef(pxPerMm);
  useEffect(() => {
    const before = anchor.current;
    anchor.current = pxPerMm;
    if (before === pxPerMm || scroller.current === null) return;
    const { scrollTop, scrollLeft, clientWidth } = scroller.current;
    const ratio = pxPerMm / before;
    virtual.measure();
    scroller.current.scrollTop = scrollTop * ratio;
    scroller.current.scrollLeft = (scrollLeft + clientWidth / 2) * ratio - clientWidth / 2;
  }, [pxPerMm, virtual, scroller]);

  const middle = (virtual.scrollOffset ?? 0) + (scroller.current?.clientHeight ?? 0) / 2;
  const at = virtual.getVirtualItemForOffset(middle)?.index ?? 0;
  const current = Math.min(at, sizes.length - 1);
  const goTo = (page: number) => virtual.scrollToIndex(page, { align: "start" });

  // Pages that lie another way have other heights: the one that was read is looked for anew.
  const read = useRef({ layout, page: current });
  if (read.current.layout === layout) read.current.page = current;
  useEffect(() => {
    if (read.current.layout === layout) return;
    const { page } = read.current;
    read.current = { layout, page };
    virtual.measure();
    virtual.scrollToIndex(page, { align: "start" });
  }, [layout, virtual]);

  /** Brings a box of a page, in fractions of it as it lies on the screen, before the eye. */
  const bring = (page: number, box: HitBox) => {
    const size = sizes[page];
    const view = scroller.current;
    const start = virtual.getOffsetForIndex(page, "start")?.[0];
    if (size === undefined || view === null || start === undefined) return;
    const top = start + box.y * size.height_mm * pxPerMm;
    const inSight = top >= view.scrollTop && top + 40 <= view.scrollTop + view.clientHeight;
    if (!inSight) virtual.scrollToOffset(Math.max(0, top - view.clientHeight * EYE));
    const room = view.scrollWidth - view.clientWidth;
    if (room <= 0) return;
    const width = size.width_mm * pxPerMm;
    const left = (view.scrollWidth - width) / 2 + box.x * width;
    if (left < view.scrollLeft || left > view.scrollLeft + view.clientWidth * 0.8) {
      view.scrollLeft = Math.max(0, left - view.clientWidth * EYE);
    }
  };

  return { virtual, current, goTo, bring };
}
