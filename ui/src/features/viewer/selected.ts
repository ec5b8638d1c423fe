import type { HitBox } from "../../generated/types";

/** A place on a page that somebody means, and the words there. */
export interface Selected {
  page: number;
  at: HitBox;
  text: string;
  /** A box that is not on words: it is drawn, moved and sized. */
  isFree?: boolean;
}

/** A page as a whole: where no words are selected, or where their places are not told. */
export const WHOLE: HitBox = { x: 0, y: 0, w: 1, h: 1 };

interface Rect {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

/** The smallest box around those rectangles that touch the page, in fractions of it. */
export function boxOn(page: Rect, rects: readonly Rect[]): HitBox | null {
  const on = rects.filter(
    (rect) =>
      rect.right > Math.max(rect.left, page.left) &&
      rect.left < page.right &&
      rect.bottom > Math.max(rect.top, page.top) &&
      rect.top < page.bottom,
  );
  if (on.length === 0) return null;
  const left = Math.max(page.left, Math.min(...on.map((rect) => rect.left)));
  const top = Math.max(page.top, Math.min(...on.map((rect) => rect.top)));
  const right = Math.min(page.right, Math.max(...on.map((rect) => rect.right)));
  const bottom = Math.min(page.bottom, Math.max(...on.map((rect) => rect.bottom)));
  const [width, height] = [page.right - page.left, page.bottom - page.top];
  return {
    x: (left - page.left) / width,
    y: (top - page.top) / height,
    w: (right - left) / width,
    h: (bottom - top) / height,
  };
}

/** The words that are selected in a viewer; of several pages those on the first. */
export function selectedIn(viewer: Element | null): Selected | null {
  const selection = window.getSelection();
  if (selection === null || selection.isCollapsed || selection.rangeCount === 0) return null;
  const range = selection.getRangeAt(0);
  const { startContainer } = range;
  const start = startContainer instanceof Element ? startContainer : startContainer.parentElement;
  const layer = start?.closest("[data-page]");
  if (layer == null || viewer?.contains(layer) !== true) return null;
  const at = boxOn(layer.getBoundingClientRect(), [...range.getClientRects()]);
  if (at === null) return null;
  const text = selection.toString().replace(/\s+/g, " ").trim();
  return { page: Number(layer.getAttribute("data-page")), at, text };
}
