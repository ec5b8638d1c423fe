import { describe, expect, it } from "vitest";
import { daysBetween, formatDateTime, formatDay, formatShort, formatSize } from "./format";

const at = (text: string) => Date.parse(text);

describe("dates and sizes as the office writes them", () => {
  it("shows Vietnam's time whatever the machine's zone is", () => {
    expect(formatDateTime(at("2026-01-04T17:30:00Z"))).toBe("00:30, 05/01/2026");
  });

  it("shortens to the hour today, to the day this year", () => {
    const now = at("2026-11-21T03:00:00Z");
    expect(formatShort(at("2026-11-21T01:14:00Z"), now)).toBe("08:14");
    expect(formatShort(at("2026-11-20T01:14:00Z"), now)).toBe("20/11");
    expect(formatShort(at("2025-11-20T01:14:00Z"), now)).toBe("20/11/2025");
  });

  it("counts calendar days across Vietnam's midnight", () => {
    expect(daysBetween(at("2026-11-21T16:59:00Z"), at("2026-11-21T17:01:00Z"))).toBe(1);
  });

  it("writes days and sizes", () => {
    expect(formatDay("2026-01-05")).toBe("05/01/2026");
    expect(formatSize(1_363_148, "vi")).toBe("1,3 MB");
    expect(formatSize(1_363_148, "en")).toBe("1.3 MB");
    expect(formatSize(21_504, "vi")).toBe("21 KB");
  });
});
