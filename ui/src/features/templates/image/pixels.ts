/** Pixels in rows from the top left, four bytes each: red, green, blue, opacity. An `ImageData`
 * is one too. */
export interface Pixels {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8ClampedArray;
}

/** A rectangle in pixels. */
export interface Area {
  x: number;
  y: number;
  width: number;
  height: number;
}

export type Rgb = readonly [number, number, number];

/** The blue of a leader's signature picture (Decree 30/2020, Appendix I, part I). */
export const DECREE_BLUE: Rgb = [13, 51, 153];
/** The red of an agency's seal. */
export const SEAL_RED: Rgb = [214, 20, 30];

export function blank(width: number, height: number): Pixels {
  return { width, height, data: new Uint8ClampedArray(width * height * 4) };
}

/** The part of a picture inside an area; what lies outside the picture is left out. */
export function crop(from: Pixels, area: Area): Pixels {
  const x = Math.max(0, Math.min(from.width - 1, Math.round(area.x)));
  const y = Math.max(0, Math.min(from.height - 1, Math.round(area.y)));
  const width = Math.max(1, Math.min(from.width - x, Math.round(area.width)));
  const height = Math.max(1, Math.min(from.height - y, Math.round(area.height)));
  const to = blank(width, height);
  for (let row = 0; row < height; row++) {
    const start = ((y + row) * from.width + x) * 4;
    to.data.set(from.data.subarray(start, start + width * 4), row * width * 4);
  }
  return to;
}

/** A smaller copy, each pixel the mean of those it stands for; colours weighted by opacity. */
export function shrink(from: Pixels, width: number, height: number): Pixels {
  const to = blank(width, height);
  for (let y = 0; y < height; y++) {
    const top = Math.floor((y * from.height) / height);
    const bottom = Math.max(top + 1, Math.floor(((y + 1) * from.height) / height));
    for (let x = 0; x < width; x++) {
      const left = Math.floor((x * from.width) / width);
      const right = Math.max(left + 1, Math.floor(((x + 1) * from.width) / width));
      mean(from, { x: left, y: top, width: right - left, height: bottom - top }, to, y * width + x);
    }
  }
  return to;
}

function mean(from: Pixels, area: Area, to: Pixels, at: number): void {
  const sum = [0, 0, 0];
  let opacity = 0;
  for (let y = area.y; y < area.y + area.height; y++) {
    for (let x = area.x; x < area.x + area.width; x++) {
      const i = (y * from.width + x) * 4;
      const alpha = from.data[i + 3] ?? 0;
      opacity += alpha;
      for (let c = 0; c < 3; c++) sum[c] = (sum[c] ?? 0) + (from.data[i + c] ?? 0) * alpha;
    }
  }
  for (let c = 0; c < 3; c++) to.data[at * 4 + c] = opacity > 0 ? (sum[c] ?? 0) / opacity : 0;
  to.data[at * 4 + 3] = opacity / (area.width * area.height);
}

/** Whether anything in the picture is see-through already. */
export function isTransparent({ data }: Pixels): boolean {
  for (let i = 3; i < data.length; i += 4) if ((data[i] ?? 0) < 250) return true;
  return false;
}

/** The smallest area with everything that is not see-through; none for an empty picture. */
export function visibleArea({ width, height, data }: Pixels, least = 24): Area | null {
  let [left, top, right, bottom] = [width, height, -1, -1];
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      if ((data[(y * width + x) * 4 + 3] ?? 0) < least) continue;
      left = Math.min(left, x);
      right = Math.max(right, x);
      top = Math.min(top, y);
      bottom = Math.max(bottom, y);
    }
  }
  if (right < 0) return null;
  return { x: left, y: top, width: right - left + 1, height: bottom - top + 1 };
}
