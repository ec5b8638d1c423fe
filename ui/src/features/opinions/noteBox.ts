import type { HitBox } from "../../generated/types";

/** The box of a note that is being written, which a person draws, moves and sizes. */
export interface NoteBoxControl {
  /** From 0. */
  page: number;
  at: HitBox;
  /** It is the page as a whole: a box may still be drawn. */
  isWhole: boolean;
  put: (page: number, at: HitBox) => void;
  /** It stands where it should: the words come next. */
  write: () => void;
  stop: () => void;
}

interface Point {
  x: number;
  y: number;
}

interface Rect {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

/** Width and height that a new box has, and that a box has at least: parts of an A4 page. */
const USUAL = { w: 0.4, h: 0.06 };
const LEAST = { w: 0.012, h: 0.008 };

/** The same box, moved and sized as little as needed to lie on its page and be seen. */
export function keptOn({ x, y, w, h }: HitBox): HitBox {
  const extent = (wanted: number, least: number) => Math.min(Math.max(wanted, least), 1);
  const [width, height] = [extent(w, LEAST.w), extent(h, LEAST.h)];
  const inside = (at: number, size: number) => Math.max(0, Math.min(at, 1 - size));
  return { x: inside(x, width), y: inside(y, height), w: width, h: height };
}

/** The box between two corners, whichever they are. */
export function boxBetween(a: Point, b: Point): HitBox {
  return keptOn({
    x: Math.min(a.x, b.x),
    y: Math.min(a.y, b.y),
    w: Math.abs(a.x - b.x),
    h: Math.abs(a.y - b.y),
  });
}

/** Whether that was a click rather than a box. */
export function isClick({ w, h }: HitBox): boolean {
  return w <= LEAST.w && h <= LEAST.h;
}

/** A new box about a point. */
export function boxAbout({ x, y }: Point): HitBox {
  return keptOn({ x: x - USUAL.w / 2, y: y - USUAL.h / 2, ...USUAL });
}

/** A new box in the middle of what can be seen of a page. */
export function boxInSight(page: Rect, view: Rect): HitBox {
  const middle = (from: number, to: number, low: number, high: number) =>
    ((Math.max(from, low) + Math.min(to, high)) / 2 - from) / (to - from);
  return boxAbout({
    x: middle(page.left, page.right, view.left, view.right),
    y: middle(page.top, page.bottom, view.top, view.bottom),
  });
}
