import { expect, it } from "vitest";
import { sampleRow } from "../../testing/fakeHost";
import { changedFields, fieldsOf, NO_DRAFT, presentOf } from "./fields";

const PRESENT = presentOf(
  sampleRow(1, { kind: "Quyết định", subject: "Kiện toàn Ban Chỉ huy", urgency: "normal" }),
  "QĐ-UBND",
);

it("a kind is meant by its name or its abbreviation, with or without marks", () => {
  for (const kind of ["Quyết định", "qd", "QĐ", "quyet dinh"]) {
    expect(fieldsOf({ ...NO_DRAFT, kind }).kind, kind).toBe("decision");
  }
  expect(fieldsOf({ ...NO_DRAFT, kind: "quyết" }).kind).toBe("");
});

it("a new version sends what stands on it only where that is another", () => {
  expect(changedFields({ ...PRESENT, symbol: " QĐ-UBND ", kind: "qđ" }, PRESENT)).toBeNull();
  expect(changedFields({ ...PRESENT, urgency: "urgent" }, PRESENT)).toEqual({
    kind: "decision",
    symbol: "QĐ-UBND",
    subject: "Kiện toàn Ban Chỉ huy",
    urgency: "urgent",
  });
});
