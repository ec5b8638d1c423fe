import { expect, it } from "vitest";
import { type Turns, turned, turnedBox, turnedSize } from "./turning";

const box = { x: 0.1, y: 0.2, w: 0.3, h: 0.05 };
const near = (a: typeof box, b: typeof box) => {
  for (const side of ["x", "y", "w", "h"] as const) expect(a[side]).toBeCloseTo(b[side]);
};

it("four quarter turns to either side are none", () => {
  for (const by of [1, -1] as const) {
    let turns: Turns = 0;
    for (let i = 0; i < 4; i++) turns = turned(turns, by);
    expect(turns).toBe(0);
  }
  expect(turned(0, -1)).toBe(3);
});

it("a page on its side is as wide as it was high", () => {
  const a4 = { width_mm: 210, height_mm: 297 };
  expect(turnedSize(a4, 1)).toEqual({ width_mm: 297, height_mm: 210 });
  expect(turnedSize(a4, 2)).toEqual(a4);
});

it("a box near the top left goes to the top right, the bottom right, the bottom left", () => {
  near(turnedBox(box, 1), { x: 0.75, y: 0.1, w: 0.05, h: 0.3 });
  near(turnedBox(box, 2), { x: 0.6, y: 0.75, w: 0.3, h: 0.05 });
  near(turnedBox(box, 3), { x: 0.2, y: 0.6, w: 0.05, h: 0.3 });
});

it("turning a box once and again is turning it twice", () => {
  near(turnedBox(turnedBox(box, 1), 1), turnedBox(box, 2));
  near(turnedBox(turnedBox(box, 1), 3), box);
});
