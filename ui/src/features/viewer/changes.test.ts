import { expect, it } from "vitest";
import type { FileHit, TextChange } from "../../generated/types";
import { countsOf, litOf, pageOf } from "./changes";

const hit = (page: number): FileHit => ({ page, boxes: [{ x: 0, y: 0, w: 0.1, h: 0.1 }] });
const change = (old: FileHit[], came: FileHit[]): TextChange => ({
  old,
  new: came,
  old_text: "",
  new_text: "",
});

const changes = [change([], [hit(0), hit(1)]), change([hit(1)], []), change([hit(2)], [hit(2)])];

it("words that came, went and were replaced are told apart", () => {
  expect(countsOf(changes)).toEqual({ added: 1, removed: 1, changed: 1 });
  expect(changes.map(pageOf)).toEqual([0, 1, 2]);
});

it("each side lights its own places, and goes to the change that both are at", () => {
  expect(litOf(changes, "old", { at: 2 })).toMatchObject({ tone: "gone", current: { at: 1 } });
  expect(litOf(changes, "new", { at: 2 })).toMatchObject({ tone: "new", current: { at: 2 } });
  expect(litOf(changes, "new", { at: 2 }).hits).toHaveLength(3);
});

it("a side that has no place of a change stays where it is", () => {
  expect(litOf(changes, "old", { at: 0 }).current).toBeNull();
  expect(litOf(changes, "new", null).current).toBeNull();
});
