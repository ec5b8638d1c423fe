import { expect, it } from "vitest";
import { activityCode, activityName, findActivities } from "./activities";

const KNOWN = [
  { code: "to-chuc", name: "Tổ chức bộ máy, biên chế" },
  { code: "dat-dai", name: "Đất đai, môi trường" },
  { code: "van-thu", name: "Văn thư, lưu trữ" },
];

it("a field is found by its words without marks, the one that begins so first", () => {
  const found = (text: string) => findActivities(KNOWN, text).map((option) => option.id);
  expect(found("dat")).toEqual(["dat-dai"]);
  expect(found("bien che")).toEqual(["to-chuc"]);
  expect(found("v")).toEqual(["van-thu"]);
  expect(found("t")).toEqual(["to-chuc", "dat-dai", "van-thu"]);
  expect(found("giao duc")).toEqual([]);
});

it("a name means its field however it is typed, nothing means none, and anything else is no field", () => {
  expect(activityCode(KNOWN, "đất đai, môi trường")).toBe("dat-dai");
  expect(activityCode(KNOWN, "van thu, luu tru")).toBe("van-thu");
  expect(activityCode(KNOWN, " ")).toBe("");
  expect(activityCode(KNOWN, "giáo dục")).toBeNull();
  expect(activityName(KNOWN, "dat-dai")).toBe("Đất đai, môi trường");
  expect(activityName(KNOWN, "bo-roi")).toBe("bo-roi");
});
