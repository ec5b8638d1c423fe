import type { HitBox, PageSize } from "../../generated/types";

/** Quarter turns to the right in which pages are looked at. The file knows nothing of them. */
export type Turns = 0 | 1 | 2 | 3;

/** One quarter more or less. */
export function turned(turns: Turns, by: 1 | -1): Turns {
  return ((turns + by + 4) % 4) as Turns;
}

/** The size of a page as it lies on the screen. */
export function turnedSize(size: PageSize, turns: Turns): PageSize {
  return turns % 2 === 0 ? size : { width_mm: size.height_mm, height_mm: size.width_mm };
}

/** Turns a face of that width and height about its corner into the turned page's box. */
export function turnTransform(turns: Turns, width: number, height: number): string | undefined {
  switch (turns) {
    case 0:
      return undefined;
    case 1:
      return `translate(${height}px, 0) rotate(90deg)`;
    case 2:
      return `translate(${width}px, ${height}px) rotate(180deg)`;
    case 3:
      return `translate(0, ${width}px) rotate(270deg)`;
  }
}

/** A box of the page, in fractions of the turned page. */
export function turnedBox({ x, y, w, h }: HitBox, turns: Turns): HitBox {
  switch (turns) {
    case 0:
      return { x, y, w, h };
    case 1:
      return { x: 1 - y - h, y: x, w: h, h: w };
    case 2:
      return { x: 1 - x - w, y: 1 - y - h, w, h };
    case 3:
      return { x: y, y: 1 - x - w, w: h, h: w };
  }
}
