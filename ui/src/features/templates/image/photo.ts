import { blank, type Pixels, type Rgb } from "./pixels";

/** A generated photo of a sheet with ink on it: for tests of what the eye would judge. */
export interface Photo {
  pixels: Pixels;
  /** 1 where the pen was. */
  truth: Uint8Array;
}

interface PhotoChoices {
  width: number;
  height: number;
  /** Brightness of the paper at the left and the right edge. */
  light: readonly [number, number];
  /** The spread of the camera's noise. */
  noise: number;
  /** Distance of ruled lines; 0 for plain paper. */
  ruled: number;
  ink: Rgb;
}

const GOOD_PHOTO: PhotoChoices = {
  width: 480,
  height: 240,
  light: [235, 235],
  noise: 3,
  ruled: 0,
  ink: [40, 44, 70],
};

/** A curve like a signature on paper under the given light; the same choices, the same photo. */
export function photoOfSignature(change: Partial<PhotoChoices> = {}): Photo {
  const choices = { ...GOOD_PHOTO, ...change };
  const { width, height } = choices;
  const truth = new Uint8Array(width * height);
  for (let t = 0; t < 1; t += 1 / 4000) {
    const x = width * (0.15 + 0.7 * t) + Math.sin(t * 31) * width * 0.05;
    const y = height * (0.5 + 0.26 * Math.sin(t * 17) * Math.cos(t * 5));
    dot(truth, width, x, y, 2.2 + Math.sin(t * 40));
  }
  return { pixels: lit(truth, choices), truth };
}

/** A round red seal of that many pixels across, with black print running through it. */
export function scanOfSeal(diameter: number): Photo {
  const side = Math.round(diameter * 1.5);
  const choices = { ...GOOD_PHOTO, width: side, height: side };
  const truth = new Uint8Array(side * side);
  const middle = side / 2;
  for (let y = 0; y < side; y++) {
    for (let x = 0; x < side; x++) {
      const distance = Math.hypot(x - middle, y - middle);
      const ring = distance <= diameter / 2 && distance >= diameter / 2 - 5;
      const star = distance < diameter / 6 && (x + y) % 9 < 6;
      if (ring || star) truth[y * side + x] = 1;
    }
  }
  const pixels = lit(truth, { ...choices, ink: [205, 40, 45] });
  for (let x = 0; x < side; x++) {
    for (let y = Math.round(side * 0.8); y < side * 0.8 + 4; y++) {
      if (truth[y * side + x] !== 1) pixels.data.set([30, 30, 30], (y * side + x) * 4);
    }
  }
  return { pixels, truth };
}

function dot(truth: Uint8Array, width: number, x: number, y: number, radius: number): void {
  for (let dy = -4; dy <= 4; dy++) {
    for (let dx = -4; dx <= 4; dx++) {
      if (dx * dx + dy * dy > radius * radius) continue;
      truth[Math.round(y + dy) * width + Math.round(x + dx)] = 1;
    }
  }
}

/** A lens is never quite sharp: how much of a pixel's neighbourhood is ink. */
function blurred(truth: Uint8Array, width: number, i: number): number {
  let sum = 0;
  for (let dy = -1; dy <= 1; dy++) {
    for (let dx = -1; dx <= 1; dx++) sum += truth[i + dy * width + dx] ?? 0;
  }
  return sum / 9;
}

function lit(truth: Uint8Array, choices: PhotoChoices): Pixels {
  const { width, height, light, noise, ruled, ink } = choices;
  const out = blank(width, height);
  let seed = 20_261_121;
  const random = () => {
    seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
    return seed / 2 ** 32 - 0.5;
  };
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const i = y * width + x;
      const paper = light[0] + ((light[1] - light[0]) * x) / width;
      const rule = ruled > 0 && y % ruled < 2 ? [0.78, 0.84, 0.92] : [1, 1, 0.97];
      const coverage = blurred(truth, width, i);
      const shake = (random() + random()) * noise * 2;
      for (let c = 0; c < 3; c++) {
        const bare = paper * (rule[c] ?? 1);
        const covered = (ink[c] ?? 0) * (paper / 235);
        out.data[i * 4 + c] = bare + (covered - bare) * coverage + shake;
      }
      out.data[i * 4 + 3] = 255;
    }
  }
  return out;
}
