import { expect, it } from "vitest";
import { Seen } from "./seen";

const pages = [
  { page: 0, top: 0, height: 1000 },
  { page: 1, top: 1010, height: 1000 },
];
const look = (seen: Seen, top: number, times: number, height = 600) =>
  Array.from({ length: times }, () => seen.look(pages, { top, height }, 100)).flat();

it("a page of which only the upper half was on the screen is not read", () => {
  const seen = new Seen();
  expect(look(seen, 0, 50, 500)).toEqual([]);
});

it("a page is read once all of it has been on the screen long enough", () => {
  const seen = new Seen();
  expect(look(seen, 0, 4)).toEqual([]);
  expect(look(seen, 500, 4)).toEqual([0]);
});

it("leafing through without stopping reads nothing", () => {
  const seen = new Seen();
  expect([0, 400, 800, 1200, 1600].flatMap((top) => look(seen, top, 2))).toEqual([]);
});

it("tells again of a page that could not be counted", () => {
  const seen = new Seen();
  look(seen, 0, 9, 1010);
  seen.forget(0);
  expect(look(seen, 0, 1, 1010)).toEqual([0]);
});

it("tells of each page once", () => {
  const seen = new Seen();
  expect(look(seen, 0, 30, 2010)).toEqual([0, 1]);
});
