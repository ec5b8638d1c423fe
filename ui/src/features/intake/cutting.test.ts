import { expect, it } from "vitest";
import { piecesOf } from "./cutting";

it("every page but the separator sheets is in one of the letters of a cut", () => {
  const split = { begins: [2, 5], blank: [3], sheets: [2] };
  expect(piecesOf(split, 6)).toEqual([[0, 1], [3, 4], [5]]);
});

it("a sheet at the beginning makes no empty letter", () => {
  expect(piecesOf({ begins: [1], blank: [], sheets: [0] }, 3)).toEqual([[1, 2]]);
});
