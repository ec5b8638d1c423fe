import { expect, test } from "vitest";
import { pageRanges } from "./pageRanges";

test("pages in a row are written as one range", () => {
  expect(pageRanges([1, 2, 3, 5, 7, 8])).toBe("1–3, 5, 7–8");
  expect(pageRanges([4])).toBe("4");
  expect(pageRanges([])).toBe("");
});
