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

it("counts no holiday, and what is made up for", () => {
  const day = (day: string, kind: "holiday" | "make_up") =>
    [day, { day, kind, name: "Nghỉ bù" }] as const;
  const named = new Map([
    day("2026-11-21", "make_up"),
    day("2026-11-23", "holiday"),
    day("2026-11-24", "holiday"),
  ]);
  expect(addWorkingDays(TODAY, 1, named)).toBe("2026-11-21");
  expect(addWorkingDays(TODAY, 2, named)).toBe("2026-11-25");
  expect(workingDaysUntil(TODAY, "2026-11-25", named)).toBe(2);
  expect(parseDue("+2", TODAY, TODAY, named)).toBe("2026-11-25");
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
