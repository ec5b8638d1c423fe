import { expect, it } from "vitest";
import { dragged } from "./cropping";

const picture = { width: 400, height: 200 };
const area = { x: 100, y: 50, width: 200, height: 100 };

it("moves one edge with its handle and leaves the others", () => {
  expect(dragged(area, "e", 20, 99, picture)).toEqual({ ...area, width: 220 });
  expect(dragged(area, "nw", 10, 5, picture)).toEqual({ x: 110, y: 55, width: 190, height: 95 });
});

it("never leaves the picture", () => {
  expect(dragged(area, "all", 999, -999, picture)).toEqual({ ...area, x: 200, y: 0 });
  expect(dragged(area, "s", 0, 999, picture)).toEqual({ ...area, height: 150 });
});

it("never turns inside out", () => {
  expect(dragged(area, "w", 999, 0, picture).width).toBeGreaterThan(0);
  expect(dragged(area, "n", 0, 999, picture).height).toBeGreaterThan(0);
});
