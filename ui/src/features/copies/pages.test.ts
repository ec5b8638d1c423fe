import { expect, test } from "vitest";
import { readPages, writePages } from "./pages";

test("pages are read in their order, each once, and written the shortest way", () => {
  expect(readPages("5, 1-2, 2", 6)).toEqual([1, 2, 5]);
  expect(writePages([1, 2, 5])).toBe("1-2, 5");
  expect(writePages([])).toBe("");
  expect(readPages(" 3 – 4; 6 ", 6)).toEqual([3, 4, 6]);
  expect(readPages("", 6)).toEqual([]);
});

test("what names no page of the document is not read", () => {
  for (const text of ["0", "7", "3-2", "2-7", "một", "1.5", "-1"]) {
    expect(readPages(text, 6)).toBeNull();
  }
});
