import { expect, it } from "vitest";
import { boxOn } from "./selected";

const rect = (left: number, top: number, right: number, bottom: number) => ({
  left,
  top,
  right,
  bottom,
});
const page = rect(100, 200, 300, 400);

it("lines that are selected make one box, in fractions of their page", () => {
  expect(boxOn(page, [rect(150, 220, 300, 230), rect(100, 230, 180, 240)])).toEqual({
    x: 0,
    y: 0.1,
    w: 1,
    h: 0.1,
  });
});

it("what is selected on the next page is left out, and a box never leaves its page", () => {
  expect(boxOn(page, [rect(250, 390, 320, 405), rect(100, 420, 300, 430)])).toEqual({
    x: 0.75,
    y: 0.95,
    w: 0.25,
    h: 0.05,
  });
  expect(boxOn(page, [rect(100, 420, 300, 430)])).toBeNull();
});
