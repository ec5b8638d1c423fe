import { useCallback, useContext, useEffect, useMemo, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { useSettings } from "../../api/settings";
import type { PageSize } from "../../generated/types";
import { useHoldAhead } from "../ahead/context";
import { boxInSight, type NoteBoxControl } from "../opinions/noteBox";
import type { PlacementControl } from "../signing/usePlacement";
import { FindBar } from "./FindBar";
import { hitsOn } from "./finding";
import type { Lit } from "./lit";
import { LookedFor } from "./lookedFor";
import { PageView } from "./PageView";
import { PrintDialog } from "./PrintDialog";
import { type Selected, selectedIn, WHOLE } from "./selected";
import { Thumbnails } from "./Thumbnails";
import { Toolbar } from "./Toolbar";
import { type Turns, turned, turnedBox, turnedSize } from "./turning";
import { GAP, useColumn } from "./useColumn";
import { useFind } from "./useFind";
import { type Reading, useReading } from "./useReading";
import { useViewerKeys } from "./useViewerKeys";
import { useZoom } from "./useZoom";
import css from "./Viewer.module.css";

export interface PagesProps {
  sha256: string;
  pages: readonly PageSize[];
  placement: PlacementControl | undefined;
  /** Who wants to know which pages have been read. */
  reading: Reading | undefined;
  /** The document that the file belongs to; without it nothing is printed. */
  document: string | undefined;
  /** Puts another document beside this one. */
  onCompare: (() => void) | undefined;
  /** Writes a note on a place. */
  onNote: ((place: Selected) => void) | undefined;
  /** The box of a note that is being written. */
  noteBox: NoteBoxControl | undefined;
  /** What something beside the pages points at. */
  lit: Lit | undefined;
  /** One of two side by side: what it is, and no room for small pages. */
  beside: Beside | undefined;
}

/** What a viewer that stands beside another is told. */
export interface Beside {
  label: string;
  /** Gets the scrolled column, for scrolling together. */
  onScroller: (scroller: HTMLElement | null) => void;
}

/** Continuous pages. Those in sight are drawn first, their neighbours only after them. */
export function Pages(props: PagesProps) {
  const { sha256, pages, placement, reading, document, onCompare, onNote } = props;
  const { noteBox, lit, beside } = props;
  const { t } = useTranslation();
  const { read, remember } = useSettings();
  const root = useRef<HTMLDivElement>(null);
  const scroller = useRef<HTMLElement>(null);
  const pageField = useRef<HTMLInputElement>(null);
  const findField = useRef<HTMLInputElement>(null);
  const [turns, setTurns] = useState<Turns>(0);
  const [printing, setPrinting] = useState(false);
  const [drawn, setDrawn] = useState<ReadonlySet<string>>(new Set());

  const sizes = useMemo(() => pages.map((page) => turnedSize(page, turns)), [pages, turns]);
  const widestMm = Math.max(...sizes.map((page) => page.width_mm));
  const tallestMm = Math.max(...sizes.map((page) => page.height_mm));
  const zoom = useZoom(scroller, widestMm, GAP, tallestMm);
  const { virtual, current, goTo, bring } = useColumn(scroller, sizes, zoom.pxPerMm, turns);
  const find = useFind(sha256, () => current, useContext(LookedFor));

  const key = (page: number) => `${sha256} ${page}`;
  const range = virtual.range;
  const inSight = (page: number) =>
    range === null || (page >= range.startIndex && page <= range.endIndex);
  const items = virtual.getVirtualItems();
  const allDrawn = items.every((item) => !inSight(item.index) || drawn.has(key(item.index)));
  useHoldAhead(!allDrawn || items.length === 0);

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

  const hit = find.current === null ? undefined : find.found.hits[find.current.at];
  // biome-ignore lint/correctness/useExhaustiveDependencies: scrolls once per move.
  useEffect(() => {
    const box = hit?.boxes[0];
    if (hit !== undefined && box !== undefined) bring(hit.page, turnedBox(box, turns));
  }, [find.current]);

  const pointed = lit?.current ?? null;
  // biome-ignore lint/correctness/useExhaustiveDependencies: scrolls once per request.
  useEffect(() => {
    const place = pointed === null ? undefined : lit?.hits[pointed.at];
    if (place === undefined) return;
    const box = place.boxes[0];
    if (box === undefined) goTo(place.page);
    else bring(place.page, turnedBox(box, turns));
  }, [pointed]);

  const onScroller = beside?.onScroller;
  const attach = useCallback(
    (element: HTMLElement | null) => {
      scroller.current = element;
      onScroller?.(element);
    },
    [onScroller],
  );
  const toPages = () => scroller.current?.focus();
  const closeFind = () => {
    find.close();
    toPages();
  };
  const openFind = () => {
    find.show();
    findField.current?.focus();
    findField.current?.select();
  };
  const stripOpen = beside === undefined && read("viewer.strip") === "1";
  const toggleStrip = () => remember("viewer.strip", stripOpen ? "0" : "1");
  const turn = (by: 1 | -1) => setTurns((old) => turned(old, by));
  const print = document === undefined ? undefined : () => setPrinting(true);
  const note =
    onNote &&
    (() => {
      const sheet = root.current?.querySelector(`[data-sheet="${current}"]`);
      const view = scroller.current;
      // Of a turned page the places are not those of the file.
      if (turns !== 0 || sheet == null || view === null) {
        onNote({ page: current, at: WHOLE, text: "" });
        return;
      }
      const at = () => boxInSight(sheet.getBoundingClientRect(), view.getBoundingClientRect());
      onNote(selectedIn(root.current) ?? { page: current, at: at(), text: "", isFree: true });
    });
  const onKey = useViewerKeys(root, {
    "note.add": note,
    "zoom.in": zoom.in,
    "zoom.out": zoom.out,
    "zoom.fit": zoom.fit,
    "zoom.page": zoom.fitPage,
    "zoom.actual": zoom.actual,
    "view.turn": () => turn(1),
    "view.turnBack": () => turn(-1),
    "view.strip": beside === undefined ? toggleStrip : undefined,
    "page.go": () => pageField.current?.focus(),
    "find.open": openFind,
    "find.next": find.open ? () => find.move(1) : undefined,
    "find.previous": find.open ? () => find.move(-1) : undefined,
    print,
    back: find.open ? closeFind : undefined,
  });

  const width = widestMm * zoom.pxPerMm + 2 * GAP;
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the keys of what is inside.
    <div ref={root} className={css.viewer} data-viewer-root="" onKeyDown={onKey}>
      <Toolbar
        page={current}
        count={pages.length}
        zoom={zoom}
        turns={turns}
        fieldRef={pageField}
        onGo={goTo}
        onTurn={turn}
        acts={{
          strip: beside === undefined ? { open: stripOpen, toggle: toggleStrip } : undefined,
          find: { open: find.open, toggle: find.open ? closeFind : openFind },
          note,
          print,
          compare: onCompare,
        }}
      />
      {find.open && (
        <FindBar find={find} field={findField} within={beside?.label} onClose={closeFind} />
      )}
      <div className={css.sheet}>
        {stripOpen && (
          <Thumbnails
            sha256={sha256}
            pages={pages}
            turns={turns}
            current={current}
            mayDraw={allDrawn}
            onGo={goTo}
            onLeave={toPages}
          />
        )}
        <section
          ref={attach}
          className={css.scroller}
          aria-label={beside?.label ?? t("viewer.label")}
          // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must take the keys.
          tabIndex={0}
          data-viewer=""
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
                  data-sheet={item.index}
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
                    noteBox={noteBox}
                    turns={turns}
                    hits={hitsOn(find.found.hits, item.index)}
                    hit={find.current?.at}
                    lit={
                      lit && {
                        tone: lit.tone,
                        hits: hitsOn(lit.hits, item.index),
                        current: lit.current?.at,
                      }
                    }
                    within={beside?.label}
                  />
                </div>
              );
            })}
          </div>
        </section>
      </div>
      {document !== undefined && (
        <PrintDialog
          open={printing}
          onClose={() => setPrinting(false)}
          document={document}
          sha256={sha256}
          pages={pages}
          current={current}
        />
      )}
    </div>
  );
}
