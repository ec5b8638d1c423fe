import { expect, it } from "vitest";
import { addWorkingDays, parseDue, weekday, workingDaysUntil } from "./days";

/** A Friday. */
const TODAY = "2026-11-20";

it("counts working days over the week's end", () => {
  expect(addWorkingDays(TODAY, 1)).toBe("2026-11-23");
  expect(addWorkingDays(TODAY, 5)).toBe("2026-11-27");
  expect(addWorkingDays("2026-11-21", 1)).toBe("2026-11-23");
  expect(workingDaysUntil(TODAY, "2026-11-20")).toBe(0);
  expect(workingDaysUntil(TODAY, "2026-11-22")).toBe(0);
  expect(workingDaysUntil(TODAY, "2026-11-27")).toBe(5);
});

it.each([
  ["", ""],
  ["+3", "2026-11-25"],
  ["25", "2026-11-25"],
  ["5", "2026-12-05"],
  ["5/1", "2027-01-05"],
  ["20/11", "2026-11-20"],
  ["24-12-2026", "2026-12-24"],
  ["19/11/2026", "2026-11-19"],
  ["31/2", null],
  ["mai", null],
])("reads %j as the deadline %j", (typed, day) => {
  expect(parseDue(typed, TODAY)).toBe(day);
});

it("names the weekday", () => {
  expect(weekday("2026-11-25")).toBe("wed");
});
