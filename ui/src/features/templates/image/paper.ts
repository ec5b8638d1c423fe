import type { Pixels } from "./pixels";

/** Side of the cells in which the light is measured, as a share of the longer side. */
const CELLS = 28;
/** The paper is nearly the brightest thing in a cell; the very brightest is glare and noise. */
const BRIGHT = 0.85;

/** A map of single values over a picture. */
export interface Field {
  readonly width: number;
  readonly height: number;
  readonly data: Float32Array;
}

/** One colour of a picture, or its lightness, from 0 to 255. See-through counts as white. */
export function channel(pixels: Pixels, weights: readonly [number, number, number]): Field {
  const { width, height, data } = pixels;
  const out = new Float32Array(width * height);
  for (let i = 0; i < out.length; i++) {
    const at = i * 4;
    const value =
      (data[at] ?? 0) * weights[0] +
      (data[at + 1] ?? 0) * weights[1] +
      (data[at + 2] ?? 0) * weights[2];
    const alpha = (data[at + 3] ?? 0) / 255;
    out[i] = value * alpha + 255 * (1 - alpha);
  }
  return { width, height, data: out };
}

export const LIGHTNESS = [0.299, 0.587, 0.114] as const;

/** How bright the bare paper would be at each pixel: measured in cells, so that shadows and a lamp
 * at one side do not count as ink, then laid smoothly over the picture. */
export function paperLight(light: Field): Field {
  const side = Math.max(8, Math.ceil(Math.max(light.width, light.height) / CELLS));
  const columns = Math.ceil(light.width / side);
  const rows = Math.ceil(light.height / side);
  let cells = new Float32Array(columns * rows);
  for (let r = 0; r < rows; r++) {
    for (let c = 0; c < columns; c++)
      cells[r * columns + c] = brightOf(light, c * side, r * side, side);
  }
  // A cell full of ink knows nothing of the paper: its brighter neighbours do.
  cells = around(cells, columns, rows, Math.max);
  cells = around(cells, columns, rows, (a, b) => a + b, 9);
  return spread({ width: columns, height: rows, data: cells }, light.width, light.height, side);
}

function brightOf(light: Field, x0: number, y0: number, side: number): number {
  const counts = new Uint32Array(256);
  let total = 0;
  for (let y = y0; y < Math.min(light.height, y0 + side); y++) {
    for (let x = x0; x < Math.min(light.width, x0 + side); x++) {
      const value = Math.round(light.data[y * light.width + x] ?? 0);
      counts[value] = (counts[value] ?? 0) + 1;
      total++;
    }
  }
  let left = total * (1 - BRIGHT);
  for (let value = 255; value >= 0; value--) {
    left -= counts[value] ?? 0;
    if (left <= 0) return Math.max(1, value);
  }
  return 255;
}

/** Joins each cell with its eight neighbours; edges count themselves again. */
function around(
  cells: Float32Array,
  columns: number,
  rows: number,
  join: (a: number, b: number) => number,
  over = 1,
): Float32Array<ArrayBuffer> {
  const out = new Float32Array(cells.length);
  for (let r = 0; r < rows; r++) {
    for (let c = 0; c < columns; c++) {
      let value: number | undefined;
      for (let dr = -1; dr <= 1; dr++) {
        for (let dc = -1; dc <= 1; dc++) {
          const rr = Math.min(rows - 1, Math.max(0, r + dr));
          const cc = Math.min(columns - 1, Math.max(0, c + dc));
          const cell = cells[rr * columns + cc] ?? 0;
          value = value === undefined ? cell : join(value, cell);
        }
      }
      out[r * columns + c] = (value ?? 0) / over;
    }
  }
  return out;
}

/** Cells laid over pixels, blended between their middles. */
function spread(cells: Field, width: number, height: number, side: number): Field {
  const data = new Float32Array(width * height);
  for (let y = 0; y < height; y++) {
    const fy = Math.min(cells.height - 1, Math.max(0, (y + 0.5) / side - 0.5));
    const y0 = Math.floor(fy);
    const y1 = Math.min(cells.height - 1, y0 + 1);
    for (let x = 0; x < width; x++) {
      const fx = Math.min(cells.width - 1, Math.max(0, (x + 0.5) / side - 0.5));
      const x0 = Math.floor(fx);
      const x1 = Math.min(cells.width - 1, x0 + 1);
      const at = (cx: number, cy: number) => cells.data[cy * cells.width + cx] ?? 0;
      const top = at(x0, y0) * (1 - fx + x0) + at(x1, y0) * (fx - x0);
      const low = at(x0, y1) * (1 - fx + x0) + at(x1, y1) * (fx - x0);
      data[y * width + x] = top * (1 - fy + y0) + low * (fy - y0);
    }
  }
  return { width, height, data };
}
