import { describe, expect, it } from "vitest";
import { type Photo, photoOfSignature, scanOfSeal } from "./photo";
import { DECREE_BLUE, type Pixels, SEAL_RED } from "./pixels";
import { finished, handwriting, INK_CHOICES, inkArea, millimetres, seal } from "./recipe";

/** How much of the ink was found, and how much of what was found is ink (or touches it). */
function agreement({ truth }: Photo, made: Pixels) {
  let [ink, found, shown, right] = [0, 0, 0, 0];
  truth.forEach((value, i) => {
    const visible = (made.data[i * 4 + 3] ?? 0) > 100;
    if (value === 1) ink++;
    if (value === 1 && visible) found++;
    if (visible) shown++;
    if (visible && near(truth, made.width, i)) right++;
  });
  return { found: found / ink, right: shown === 0 ? 0 : right / shown };
}

function near(truth: Uint8Array, width: number, i: number): boolean {
  for (let dy = -2; dy <= 2; dy++) {
    for (let dx = -2; dx <= 2; dx++) if (truth[i + dy * width + dx] === 1) return true;
  }
  return false;
}

describe("handwriting on paper", () => {
  it.each([
    ["even light", {}],
    ["a lamp at one side", { light: [245, 95] as const }],
    ["a dim room and a noisy camera", { light: [120, 90] as const, noise: 9 }],
    ["ruled paper", { ruled: 24 }],
    ["ruled paper in uneven light", { ruled: 24, light: [240, 120] as const, noise: 6 }],
    ["a pale blue pen", { ink: [70, 90, 170] as const }],
  ])("is found whole and clean in %s", (_, change) => {
    const photo = photoOfSignature(change);
    const { found, right } = agreement(photo, handwriting(photo.pixels, DECREE_BLUE, INK_CHOICES));
    expect(found).toBeGreaterThan(0.95);
    expect(right).toBeGreaterThan(0.97);
  });

  it("becomes one colour, the decree's blue, with smooth edges and clear paper", () => {
    const { data } = handwriting(photoOfSignature().pixels, DECREE_BLUE, INK_CHOICES);
    const opacities = new Set<number>();
    const colours = new Set<string>();
    for (let i = 0; i < data.length; i += 4) {
      colours.add(data.subarray(i, i + 3).join());
      opacities.add(data[i + 3] ?? 0);
    }
    expect([...colours]).toEqual([DECREE_BLUE.join()]);
    expect(opacities.has(0)).toBe(true);
    expect(opacities.has(255)).toBe(true);
    expect(opacities.size).toBeGreaterThan(4);
  });

  it("is cut out by itself, with a little space and nothing lost", () => {
    const photo = photoOfSignature({ light: [245, 110], noise: 6 });
    const made = handwriting(photo.pixels, DECREE_BLUE, INK_CHOICES);
    const area = inkArea(made);
    if (area === null) throw new Error("no ink");
    expect(area.width).toBeLessThan(photo.pixels.width * 0.95);
    const outside = photo.truth.findIndex((value, i) => {
      const [x, y] = [i % photo.pixels.width, Math.floor(i / photo.pixels.width)];
      const inside =
        x >= area.x && x < area.x + area.width && y >= area.y && y < area.y + area.height;
      return value === 1 && !inside;
    });
    expect(outside).toBe(-1);
  });

  it("is not invented on an empty sheet", () => {
    const bare = photoOfSignature({ noise: 8, light: [240, 140], ink: [235, 235, 228] });
    const made = handwriting(bare.pixels, DECREE_BLUE, INK_CHOICES);
    let visible = 0;
    for (let i = 3; i < made.data.length; i += 4) if ((made.data[i] ?? 0) > 100) visible++;
    expect(visible / (made.width * made.height)).toBeLessThan(0.003);
  });
});

describe("the seal", () => {
  it("is taken from a scan without the black print that crosses it", () => {
    const photo = scanOfSeal(200);
    const made = seal(photo.pixels, SEAL_RED, INK_CHOICES);
    const { found, right } = agreement(photo, made);
    expect(found).toBeGreaterThan(0.95);
    expect(right).toBeGreaterThan(0.97);
  });

  it("has its true size: pixels by the scanner's resolution", () => {
    const area = inkArea(seal(scanOfSeal(425).pixels, SEAL_RED, INK_CHOICES));
    // 425 pixels at 300 dpi are the 36 mm of a commune's seal; the space around it is 2 % a side.
    expect(millimetres((area?.width ?? 0) / 1.04, 300)).toBeCloseTo(36, 0);
  });

  it("stays as it is when it comes see-through already", () => {
    const made = seal(scanOfSeal(100).pixels, SEAL_RED, INK_CHOICES);
    expect(seal(made, SEAL_RED, INK_CHOICES)).toBe(made);
  });
});

it("a finished picture is no finer than its size on paper can show", () => {
  const photo = photoOfSignature({ width: 1600, height: 800 });
  const made = handwriting(photo.pixels, DECREE_BLUE, INK_CHOICES);
  const area = inkArea(made);
  if (area === null) throw new Error("no ink");
  expect(finished(made, area, 20).width).toBe(472);
  expect(finished(made, area, 90).width).toBe(area.width);
});
