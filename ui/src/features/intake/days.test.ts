import { expect, it } from "vitest";
import { parseDay, showDay, todayHere } from "./days";

const TODAY = "2026-11-22";

it.each([
  ["5/1/26", "2026-01-05"],
  ["05/01/2026", "2026-01-05"],
  ["5.1.2026", "2026-01-05"],
  ["5-1-26", "2026-01-05"],
  ["5 1 26", "2026-01-05"],
  ["050126", "2026-01-05"],
  ["05012026", "2026-01-05"],
  ["2026-01-05", "2026-01-05"],
  ["", ""],
])("takes %s as the day %s", (typed, day) => expect(parseDay(typed, TODAY)).toBe(day));

it("fills in the year and the month that are left out with the last such day", () => {
  expect(parseDay("20/11", TODAY)).toBe("2026-11-20");
  expect(parseDay("24/12", TODAY)).toBe("2025-12-24");
  expect(parseDay("22", TODAY)).toBe("2026-11-22");
  expect(parseDay("30", TODAY)).toBe("2026-10-30");
  expect(parseDay("31", "2026-01-05")).toBe("2025-12-31");
});

it.each(["31/2/26", "0/1/26", "5/13/26", "ngày 5", "5/1/26/7", "1/1/1600", "12345"])(
  "takes %s for no day",
  (typed) => expect(parseDay(typed, TODAY)).toBeNull(),
);

it("shows days as an office writes them", () => {
  expect(showDay("2026-01-05")).toBe("05/01/2026");
  expect(showDay("")).toBe("");
});

it("counts days in Vietnam's time", () => {
  expect(todayHere(Date.UTC(2026, 10, 21, 18))).toBe("2026-11-22");
});
