import { useVirtualizer } from "@tanstack/react-virtual";
import { type KeyboardEvent, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { PageSize } from "../../generated/types";
import { isKey } from "../../keymap";
import type { PlacementControl } from "../signing/usePlacement";
import { PageView } from "./PageView";
import { Toolbar } from "./Toolbar";
import { type Reading, useReading } from "./useReading";
import { useZoom } from "./useZoom";
import css from "./Viewer.module.css";

interface PagesProps {
  sha256: string;
  pages: readonly PageSize[];
  placement: PlacementControl | undefined;
  /** Who wants to know which pages have been read. */
  reading: Reading | undefined;
}

/** CSS pixels between pages and around them. */
const GAP = 16;

/** Continuous pages. Those in sight are drawn first, their neighbours only after them. */
export function Pages({ sha256, pages, placement, reading }: PagesProps) {
  const { t } = useTranslation();
  const scroller = useRef<HTMLElement>(null);
  const widest = Math.max(...pages.map((page) => page.width_mm));
  const zoom = useZoom(scroller, widest, GAP);
  const [drawn, setDrawn] = useState<ReadonlySet<string>>(new Set());

  const virtual = useVirtualizer({
    count: pages.length,
    getScrollElement: () => scroller.current,
    estimateSize: (index) => (pages[index]?.height_mm ?? 297) * zoom.pxPerMm,
    gap: GAP,
    paddingStart: GAP,
    paddingEnd: GAP,
    overscan: 2,
  });
  const key = (page: number) => `${sha256} ${page}`;
  const range = virtual.range;
  const inSight = (page: number) =>
    range === null || (page >= range.startIndex && page <= range.endIndex);
  const items = virtual.getVirtualItems();
  const allDrawn = items.every((item) => !inSight(item.index) || drawn.has(key(item.index)));

  // The place on the page stays under the eye while its scale changes.
  const anchor = useRef({ scale: zoom.pxPerMm });
  useEffect(() => {
    const before = anchor.current.scale;
    anchor.current = { scale: zoom.pxPerMm };
    if (before === zoom.pxPerMm || scroller.current === null) return;
    const { scrollTop, scrollLeft, clientWidth } = scroller.current;
    const ratio = zoom.pxPerMm / before;
    virtual.measure();
    scroller.current.scrollTop = scrollTop * ratio;
    scroller.current.scrollLeft = (scrollLeft + clientWidth / 2) * ratio - clientWidth / 2;
  }, [zoom.pxPerMm, virtual]);

  const wanted = placement?.reveal;
  // biome-ignore lint/correctness/useExhaustiveDependencies: scrolls once per request, not per move of the box.
  useEffect(() => {
    // Where nobody has asked yet, reading begins at the top.
    if (placement?.value == null || placement.reveal === 0) return;
    const start = virtual.getOffsetForIndex(placement.value.page, "start")?.[0] ?? 0;
    const top = start + placement.value.y_mm * zoom.pxPerMm;
    const height = scroller.current?.clientHeight ?? 0;
    virtual.scrollToOffset(Math.max(0, top - height / 2));
  }, [wanted]);

  const middle = (virtual.scrollOffset ?? 0) + (scroller.current?.clientHeight ?? 0) / 2;
  const current = virtual.getVirtualItemForOffset(middle)?.index ?? 0;
  const goTo = (page: number) => virtual.scrollToIndex(page, { align: "start" });

  useReading(reading, scroller, () =>
    items
      .filter((item) => drawn.has(key(item.index)))
      .map((item) => ({ page: item.index, top: item.start, height: item.size })),
  );
  const jump = reading?.jump;
  // biome-ignore lint/correctness/useExhaustiveDependencies: scrolls once per request.
  useEffect(() => {
    if (jump !== undefined && jump !== null) goTo(jump.page);
  }, [jump]);

  const onKey = (event: KeyboardEvent) => {
    const pressed = event.nativeEvent;
    if (isKey(pressed, "zoom.in")) zoom.in();
    else if (isKey(pressed, "zoom.out")) zoom.out();
    else if (isKey(pressed, "zoom.fit")) zoom.fit();
    else return;
    event.preventDefault();
  };

  const width = Math.max(...pages.map((page) => page.width_mm)) * zoom.pxPerMm + 2 * GAP;
  return (
    <div className={css.viewer}>
      <Toolbar
        page={Math.min(current, pages.length - 1)}
        count={pages.length}
        zoom={zoom}
        onGo={goTo}
      />
      <section
        ref={scroller}
        className={css.scroller}
        aria-label={t("viewer.label")}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must take the keys.
        tabIndex={0}
        data-viewer=""
        onKeyDown={onKey}
        onWheel={zoom.onWheel}
      >
        <div className={css.space} style={{ height: virtual.getTotalSize(), width }}>
          {items.map((item) => {
            const size = pages[item.index];
            if (size === undefined) return null;
            const seen = inSight(item.index);
            const settled = !virtual.isScrolling || drawn.has(key(item.index));
            return (
              <div
                key={item.key}
                className={css.slot}
                style={{ transform: `translate(-50%, ${item.start}px)` }}
              >
                <PageView
                  sha256={sha256}
                  page={item.index}
                  count={pages.length}
                  size={size}
                  pxPerMm={zoom.pxPerMm}
                  drawPxPerMm={zoom.settledPxPerMm}
                  mayDraw={seen ? settled : allDrawn}
                  mayRead={seen}
                  onDrawn={() =>
                    setDrawn((old) =>
                      old.has(key(item.index)) ? old : new Set(old).add(key(item.index)),
                    )
                  }
                  placement={placement}
                />
              </div>
            );
          })}
        </div>
      </section>
    </div>
  );
}
