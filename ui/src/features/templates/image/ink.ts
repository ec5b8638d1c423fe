import { channel, type Field, LIGHTNESS, paperLight } from "./paper";
import type { Pixels } from "./pixels";

/** Fainter than this is never ink, however even the light. */
const FAINTEST = 0.1;
/** Half the width of the soft edge around the threshold, as a share of it. */
const SOFT = 0.45;

/** How strongly each pixel is darkened against the bare paper: 0 for paper, towards 1 for ink. */
export function darkness(pixels: Pixels): Field {
  const light = channel(pixels, LIGHTNESS);
  const paper = paperLight(light);
  const data = light.data.map((value, i) => Math.max(0, 1 - value / (paper.data[i] ?? 255)));
  return { width: pixels.width, height: pixels.height, data };
}

/** How much redder than the paper each pixel is: black print and blue ink count nothing. */
export function redness(pixels: Pixels): Field {
  const paper = paperLight(channel(pixels, LIGHTNESS));
  const data = new Float32Array(pixels.width * pixels.height);
  for (let i = 0; i < data.length; i++) {
    const at = i * 4;
    const others = Math.max(pixels.data[at + 1] ?? 0, pixels.data[at + 2] ?? 0);
    const seen = (pixels.data[at + 3] ?? 0) / 255;
    data[i] = Math.max(0, (seen * ((pixels.data[at] ?? 0) - others)) / (paper.data[i] ?? 255));
  }
  return { width: pixels.width, height: pixels.height, data };
}

/** Where paper ends and ink begins: between the two crowds of values (Otsu), and clear of the
 * noise of the paper. */
export function inkThreshold({ data }: Field): number {
  const BINS = 200;
  const counts = new Float64Array(BINS);
  for (const value of data) {
    const bin = Math.min(BINS - 1, Math.floor(value * BINS));
    counts[bin] = (counts[bin] ?? 0) + 1;
  }
  const total = data.length;
  let [sum, below, sumBelow, best, bestBin] = [0, 0, 0, -1, 0];
  counts.forEach((count, bin) => {
    sum += bin * count;
  });
  counts.forEach((count, bin) => {
    below += count;
    sumBelow += bin * count;
    const above = total - below;
    if (below === 0 || above === 0) return;
    const gap = sumBelow / below - (sum - sumBelow) / above;
    const between = below * above * gap * gap;
    if (between > best) {
      best = between;
      bestBin = bin;
    }
  });
  const otsu = (bestBin + 1) / BINS;
  return Math.min(0.6, Math.max(FAINTEST, otsu * 0.85, noise(counts, total) * 5));
}

/** The spread of the paper's own values: most of a photo is paper. */
function noise(counts: Float64Array, total: number): number {
  let seen = 0;
  for (const [bin, count] of counts.entries()) {
    seen += count;
    if (seen >= total * 0.6) return (bin + 1) / counts.length / 2;
  }
  return 0;
}

/** Opacity of the ink, 0 to 255, with a soft edge: strokes stay smooth. */
export function inkOpacity(field: Field, threshold: number): Uint8ClampedArray {
  const from = threshold * (1 - SOFT);
  const to = threshold * (1 + SOFT);
  const out = new Uint8ClampedArray(field.data.length);
  field.data.forEach((value, i) => {
    const t = Math.min(1, Math.max(0, (value - from) / (to - from)));
    out[i] = 255 * t * t * (3 - 2 * t);
  });
  return out;
}

/** Takes the lines of ruled paper away: long, level, and fainter than the pen. Where the pen
 * crosses them it is stronger, so the stroke stays. */
export function withoutRules(field: Field, threshold: number): Field {
  const { width, height } = field;
  const pen = penStrength(field, threshold);
  const longest = Math.max(40, Math.round(width / 12));
  const data = field.data.slice();
  const faint = (i: number) => {
    const value = field.data[i] ?? 0;
    return value > threshold * 0.5 && value < pen * 0.62;
  };
  for (let y = 0; y < height; y++) {
    let [start, inRow] = [0, 0];
    for (let x = 0; x <= width; x++) {
      if (x < width && faint(y * width + x)) {
        inRow++;
        continue;
      }
      if (x - start >= longest) data.fill(0, y * width + start, y * width + x);
      start = x + 1;
    }
    // A row that is mostly rule: also its short pieces between strokes.
    if (inRow < width / 4) continue;
    for (let i = y * width; i < (y + 1) * width; i++) if (faint(i)) data[i] = 0;
  }
  return { width, height, data };
}

/** How dark the pen is where it is sure to be ink. */
function penStrength({ data }: Field, threshold: number): number {
  const sure = data.filter((value) => value > threshold).sort();
  return sure[Math.floor(sure.length * 0.8)] ?? 1;
}

/** Makes specks see-through, and whatever large thing runs over the edge of the picture (the desk
 * beside the sheet, a shadow). A speck is small against the largest stroke. */
export function withoutSpecks(opacity: Uint8ClampedArray, width: number): Uint8ClampedArray {
  const height = opacity.length / width;
  const parts = connected(opacity, width);
  const inside = parts.filter((part) => !part.onEdge || part.pixels.length < opacity.length / 200);
  const largest = Math.max(0, ...inside.map((part) => part.pixels.length));
  const least = Math.max(6, largest * 0.004, (width * height) / 250_000);
  const out = new Uint8ClampedArray(opacity.length);
  for (const part of inside) {
    if (part.pixels.length < least) continue;
    for (const i of part.pixels) out[i] = opacity[i] ?? 0;
  }
  return out;
}

interface Part {
  pixels: number[];
  onEdge: boolean;
}

/** Groups of touching pixels (also at their corners) that are not see-through. */
function connected(opacity: Uint8ClampedArray, width: number): Part[] {
  const height = opacity.length / width;
  const seen = new Uint8Array(opacity.length);
  const parts: Part[] = [];
  for (let first = 0; first < opacity.length; first++) {
    if (seen[first] === 1 || (opacity[first] ?? 0) < 16) continue;
    const part: Part = { pixels: [first], onEdge: false };
    seen[first] = 1;
    for (let n = 0; n < part.pixels.length; n++) {
      const at = part.pixels[n] ?? 0;
      const x = at % width;
      const y = (at - x) / width;
      if (x === 0 || y === 0 || x === width - 1 || y === height - 1) part.onEdge = true;
      for (let dy = -1; dy <= 1; dy++) {
        for (let dx = -1; dx <= 1; dx++) {
          const [nx, ny] = [x + dx, y + dy];
          if (nx < 0 || ny < 0 || nx >= width || ny >= height) continue;
          const next = ny * width + nx;
          if (seen[next] === 1 || (opacity[next] ?? 0) < 16) continue;
          seen[next] = 1;
          part.pixels.push(next);
        }
      }
    }
    parts.push(part);
  }
  return parts;
}
