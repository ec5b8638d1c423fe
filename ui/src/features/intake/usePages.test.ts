import { expect, it } from "vitest";
import { dragged, moved } from "./usePages";

it("a page goes one place up or down, but not out of the letter", () => {
  expect(moved(3, 1, -1)).toEqual([1, 0, 2]);
  expect(moved(3, 1, 1)).toEqual([0, 2, 1]);
  expect(moved(3, 0, -1)).toBeNull();
  expect(moved(3, 2, 1)).toBeNull();
});

it("a page is dragged in front of another or to the end; where it is already, nothing happens", () => {
  expect(dragged(4, 0, 3)).toEqual([1, 2, 0, 3]);
  expect(dragged(4, 3, 0)).toEqual([3, 0, 1, 2]);
  expect(dragged(4, 1, 4)).toEqual([0, 2, 3, 1]);
  expect(dragged(4, 1, 1)).toBeNull();
  expect(dragged(4, 1, 2)).toBeNull();
});
