import { expect, it } from "vitest";
import type { OpinionDto } from "../../generated/types";
import { entriesOf, isOpen, marksOf } from "./notes";

const said = (id: string, change: Partial<OpinionDto> = {}): OpinionDto => ({
  id,
  kind: "opinion",
  text: "",
  author: "Trần Thị B",
  written_at: 0,
  received_at: null,
  place: null,
  settles: null,
  reopens: null,
  ...change,
});
const note = (id: string, page = 0, sha256 = "a") =>
  said(id, { place: { sha256, page, at: { x: 0.1, y: 0.1, w: 0.2, h: 0.1 } } });

it("the word that a note is dealt with stands at the note, not by itself", () => {
  const entries = entriesOf([note("n"), said("o"), said("done", { settles: "n" })]);
  expect(entries.map(({ opinion }) => opinion.id)).toEqual(["n", "o"]);
  expect(entries[0]?.words.map(({ id }) => id)).toEqual(["done"]);
  expect(entries.map(isOpen)).toEqual([false, false]);
});

it("a note is as the last word about it says, and keeps all of them", () => {
  const words = [said("done", { settles: "n" }), said("again", { reopens: "n" })];
  const [open] = entriesOf([note("n"), ...words]);
  expect(open?.words.map(({ id }) => id)).toEqual(["done", "again"]);
  expect(open && isOpen(open)).toBe(true);
  const [settled] = entriesOf([note("n"), ...words, said("done2", { settles: "n" })]);
  expect(settled && isOpen(settled)).toBe(false);
});

it("a word about a note that is not here is not hidden", () => {
  expect(entriesOf([said("done", { settles: "elsewhere" })])).toHaveLength(1);
});

it("open notes on the pages that are shown are marked, those of earlier versions are not", () => {
  const entries = entriesOf([note("1"), note("2", 3), note("old", 0, "b"), note("3", 1)]);
  const marks = marksOf(entries, "a", { note: "2" });
  expect(marks.hits.map(({ page }) => page)).toEqual([0, 3, 1]);
  expect(marks.current).toEqual({ at: 1 });
  expect(marksOf(entries, "a", { note: "old" }).current).toBeNull();
});

it("a note that is dealt with is marked only when it is gone to", () => {
  const entries = entriesOf([note("1"), said("done", { settles: "1" })]);
  expect(marksOf(entries, "a", null).hits).toEqual([]);
  expect(marksOf(entries, "a", { note: "1" }).hits).toHaveLength(1);
});

it("a note on a whole page leads to the page and covers nothing", () => {
  const whole = said("w", {
    place: { sha256: "a", page: 2, at: { x: 0, y: 0, w: 1, h: 1 } },
  });
  expect(marksOf(entriesOf([whole]), "a", null).hits).toEqual([{ page: 2, boxes: [] }]);
});
