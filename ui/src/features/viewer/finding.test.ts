import { expect, it } from "vitest";
import { firstHit, hitsOn, NOTHING, otherHit } from "./finding";

const hit = (page: number) => ({ page, boxes: [{ x: 0, y: 0, w: 1, h: 1 }] });

it("the first hit shown is the next one from where the reader is", () => {
  const found = { ...NOTHING, hits: [hit(0), hit(3), hit(7)] };
  expect(firstHit(found, 2)).toBe(1);
  expect(firstHit(found, 0)).toBe(0);
});

it("waits for the rest of the file before it goes back to the beginning", () => {
  const found = { ...NOTHING, hits: [hit(0)] };
  expect(firstHit(found, 5)).toBeNull();
  expect(firstHit({ ...found, done: true }, 5)).toBe(0);
  expect(firstHit({ ...NOTHING, done: true }, 0)).toBeNull();
});

it("goes around the end in both directions", () => {
  expect(otherHit(3, 2, 1)).toBe(0);
  expect(otherHit(3, 0, -1)).toBe(2);
  expect(otherHit(3, null, 1)).toBe(0);
  expect(otherHit(0, null, 1)).toBeNull();
});

it("a page knows which of all the hits are its own", () => {
  expect(hitsOn([hit(1), hit(2), hit(2)], 2).map((one) => one.at)).toEqual([1, 2]);
});
