import {
  type RefObject,
  useEffect,
  useLayoutEffect,
  useRef,
  useState,
  type WheelEvent,
} from "react";
import { useSettings } from "../../api/settings";
import { AT_100, type Fit, fitOf, nextStep, scaleFor } from "./fit";

/** The pictures are drawn anew once the size has held still this long. */
const SETTLE_MS = 140;
/** How much higher than wide a sheet is, where nobody says. */
const SHEET = Math.SQRT2;

export interface Zoom {
  /** CSS pixels per millimetre now. */
  pxPerMm: number;
  /** The same, for drawing the pictures: follows when the size holds still. */
  settledPxPerMm: number;
  /** In per cent of the real size. */
  percent: number;
  mode: Fit;
  /** To the width. */
  fit: () => void;
  in: () => void;
  out: () => void;
  fitPage: () => void;
  actual: () => void;
  onWheel: (event: WheelEvent) => void;
}

/** How large the pages are: fitted to the viewer, or as the user chose; remembered. */
export function useZoom(
  scroller: RefObject<HTMLElement | null>,
  widestMm: number,
  margin: number,
  tallestMm = widestMm * SHEET,
): Zoom {
  const { read, remember } = useSettings();
  const room = useRoom(scroller);
  const remembered = read("viewer.zoom");
  const pxPerMm = scaleFor(remembered, { ...room, widestMm, tallestMm, margin });

  const [settled, setSettled] = useState(0);
  const laidOut = room.width > 0;
  if (laidOut && settled === 0) setSettled(pxPerMm);
  useEffect(() => {
    if (!laidOut) return;
    const timer = setTimeout(() => setSettled(pxPerMm), SETTLE_MS);
    return () => clearTimeout(timer);
  }, [pxPerMm, laidOut]);

  const step = (by: 1 | -1) => {
    const next = nextStep(pxPerMm / AT_100, by);
    if (next !== undefined) remember("viewer.zoom", String(next));
  };
  return {
    pxPerMm,
    settledPxPerMm: settled,
    percent: Math.round((pxPerMm / AT_100) * 100),
    mode: fitOf(remembered),
    in: () => step(1),
    out: () => step(-1),
    fit: () => remember("viewer.zoom", "fit"),
    fitPage: () => remember("viewer.zoom", "page"),
    actual: () => remember("viewer.zoom", "1"),
    onWheel: (event) => {
      if (event.ctrlKey) step(event.deltaY < 0 ? 1 : -1);
    },
  };
}

/** The inner size of an element, followed; zeros before it is laid out. */
function useRoom(ref: RefObject<HTMLElement | null>): { width: number; height: number } {
  const [room, setRoom] = useState({ width: 0, height: 0 });
  const frame = useRef(0);
  // Before the screen is painted: page one is asked for with the first frame.
  useLayoutEffect(() => {
    const element = ref.current;
    if (element === null) return;
    const look = () => setRoom({ width: element.clientWidth, height: element.clientHeight });
    look();
    const observer = new ResizeObserver(() => {
      cancelAnimationFrame(frame.current);
      frame.current = requestAnimationFrame(look);
    });
    observer.observe(element);
    return () => {
      cancelAnimationFrame(frame.current);
      observer.disconnect();
    };
  }, [ref]);
  return room;
}
