import { expect, it } from "vitest";
import { fileMark, pageRange, printWidth } from "./printing";

it("takes one page, several, or all where nothing is typed", () => {
  expect(pageRange("3", 5)).toEqual({ first: 2, last: 2 });
  expect(pageRange(" 2 - 4 ", 5)).toEqual({ first: 1, last: 3 });
  expect(pageRange("2–4", 5)).toEqual({ first: 1, last: 3 });
  expect(pageRange("", 5)).toEqual({ first: 0, last: 4 });
});

it("refuses what is no range and pages that are not there", () => {
  for (const typed of ["a", "1,3", "-2", "2-", "1-2-3"]) expect(pageRange(typed, 5)).toBe("form");
  for (const typed of ["0", "6", "4-2", "1-6"]) expect(pageRange(typed, 5)).toBe("outside");
});

it("refuses more pages than the printer is given at once", () => {
  expect(pageRange("", 101)).toBe("many");
  expect(pageRange("2-101", 101)).toEqual({ first: 1, last: 100 });
});

it("a page is drawn at 200 dots per inch", () => {
  expect(printWidth({ width_mm: 210, height_mm: 297 })).toBe(1654);
});

it("the paper names the state of the file by its first digits", () => {
  expect(fileMark(`3fa9c2d41b07${"0".repeat(52)}`)).toBe("3FA9C2D41B07");
});
