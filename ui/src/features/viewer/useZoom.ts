import { type RefObject, useEffect, useRef, useState, type WheelEvent } from "react";
import { useSettings } from "../../api/settings";

/** CSS pixels per millimetre at 100 %. */
const AT_100 = 96 / 25.4;
const STEPS = [0.5, 0.67, 0.75, 0.9, 1, 1.1, 1.25, 1.5, 1.75, 2, 2.5, 3] as const;
/** Fitting the width never enlarges beyond this: on a wide screen a page stays a page. */
const FIT_LIMIT = 1.5;
/** The pictures are drawn anew once the size has held still this long. */
const SETTLE_MS = 140;

export interface Zoom {
  /** CSS pixels per millimetre now. */
  pxPerMm: number;
  /** The same, for drawing the pictures: follows when the size holds still. */
  settledPxPerMm: number;
  /** In per cent of the real size. */
  percent: number;
  fitted: boolean;
  in: () => void;
  out: () => void;
  fit: () => void;
  onWheel: (event: WheelEvent) => void;
}

/** How large the pages are: fitted to the width of the viewer, or as the user chose. */
export function useZoom(
  scroller: RefObject<HTMLElement | null>,
  widestMm: number,
  margin: number,
): Zoom {
  const { read, remember } = useSettings();
  const width = useWidth(scroller);
  const chosen = Number(read("viewer.zoom"));
  const fitted = !(chosen > 0);
  const fit = Math.min(Math.max((width - 2 * margin) / widestMm, 0.5), AT_100 * FIT_LIMIT);
  const pxPerMm = fitted ? fit : chosen * AT_100;

  const [settled, setSettled] = useState(0);
  const laidOut = width > 0;
  if (laidOut && settled === 0) setSettled(pxPerMm);
  useEffect(() => {
    if (!laidOut) return;
    const timer = setTimeout(() => setSettled(pxPerMm), SETTLE_MS);
    return () => clearTimeout(timer);
  }, [pxPerMm, laidOut]);

  const factor = pxPerMm / AT_100;
  const set = (value: number | undefined) => {
    if (value !== undefined) remember("viewer.zoom", String(value));
  };
  const zoomIn = () => set(STEPS.find((step) => step > factor + 0.01));
  const zoomOut = () => set(STEPS.findLast((step) => step < factor - 0.01));
  return {
    pxPerMm,
    settledPxPerMm: settled,
    percent: Math.round(factor * 100),
    fitted,
    in: zoomIn,
    out: zoomOut,
    fit: () => remember("viewer.zoom", "fit"),
    onWheel: (event) => {
      if (!event.ctrlKey) return;
      if (event.deltaY < 0) zoomIn();
      else zoomOut();
    },
  };
}

/** The inner width of an element, followed; 0 before it is laid out. */
function useWidth(ref: RefObject<HTMLElement | null>): number {
  const [width, setWidth] = useState(0);
  const frame = useRef(0);
  useEffect(() => {
    const element = ref.current;
    if (element === null) return;
    setWidth(element.clientWidth);
    const observer = new ResizeObserver(() => {
      cancelAnimationFrame(frame.current);
      frame.current = requestAnimationFrame(() => setWidth(element.clientWidth));
    });
    observer.observe(element);
    return () => {
      cancelAnimationFrame(frame.current);
      observer.disconnect();
    };
  }, [ref]);
  return width;
}
