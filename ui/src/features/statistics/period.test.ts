import { describe, expect, it } from "vitest";
import { moved, partsOf, periodOf } from "./period";

describe("a period of statistics", () => {
  it("has its first and its last day, also of February in a leap year", () => {
    expect(periodOf("month", "2028-02-11")).toEqual({
      kind: "month",
      from: "2028-02-01",
      to: "2028-02-29",
    });
    expect(periodOf("quarter", "2026-11-30")).toMatchObject({
      from: "2026-10-01",
      to: "2026-12-31",
    });
    expect(periodOf("year", "2026-01-01")).toMatchObject({ from: "2026-01-01", to: "2026-12-31" });
  });

  it("moves over the end of a year", () => {
    const january = periodOf("month", "2026-01-31");
    expect(moved(january, -1)).toMatchObject({ from: "2025-12-01", to: "2025-12-31" });
    const last = periodOf("quarter", "2025-12-31");
    expect(moved(last, 1)).toMatchObject({ from: "2026-01-01", to: "2026-03-31" });
    expect(partsOf(last)).toEqual({ year: 2025, number: 4 });
  });

  it("keeps its days when a person takes to choosing them", () => {
    const month = periodOf("month", "2026-03-09");
    expect(periodOf("custom", "2026-11-23", month)).toEqual({ ...month, kind: "custom" });
  });
});
