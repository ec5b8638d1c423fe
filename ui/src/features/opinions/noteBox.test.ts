import { expect, it } from "vitest";
import { boxAbout, boxBetween, boxInSight, isClick, keptOn } from "./noteBox";

it("a box may be drawn from any of its corners", () => {
  const [a, b] = [
    { x: 0.25, y: 0.5 },
    { x: 0.75, y: 0.625 },
  ];
  const box = { x: 0.25, y: 0.5, w: 0.5, h: 0.125 };
  expect(boxBetween(a, b)).toEqual(box);
  expect(boxBetween(b, a)).toEqual(box);
  expect(boxBetween({ x: 0.75, y: 0.5 }, { x: 0.25, y: 0.625 })).toEqual(box);
});

it("a box never leaves its page and never gets too small to be seen", () => {
  const moved = keptOn({ x: 0.9, y: -0.2, w: 0.5, h: 0.25 });
  expect(moved).toEqual({ x: 0.5, y: 0, w: 0.5, h: 0.25 });
  const small = keptOn({ x: 1, y: 1, w: -0.3, h: 0 });
  expect(small.w).toBeGreaterThan(0);
  expect(small.h).toBeGreaterThan(0);
  expect(small.x + small.w).toBeLessThanOrEqual(1);
  expect(small.y + small.h).toBeLessThanOrEqual(1);
  expect(keptOn({ x: 0, y: 0, w: 2, h: 2 })).toEqual({ x: 0, y: 0, w: 1, h: 1 });
});

it("a click is no box: a usual one is put about it", () => {
  const point = { x: 0.5, y: 0.5 };
  expect(isClick(boxBetween(point, point))).toBe(true);
  expect(isClick(boxAbout(point))).toBe(false);
});

it("a new box is in the middle of what can be seen of the page", () => {
  const page = { left: 100, top: -500, right: 300, bottom: 500 };
  const view = { left: 0, top: 0, right: 1000, bottom: 600 };
  const box = boxInSight(page, view);
  expect(box.x + box.w / 2).toBeCloseTo(0.5);
  expect(box.y + box.h / 2).toBeCloseTo(0.75);
});
