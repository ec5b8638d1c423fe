import { expect, it } from "vitest";
import { findKinds, kindCode, kindName } from "./kinds";

it("an abbreviation without marks finds its kind first", () => {
  expect(findKinds("qd")[0]?.text).toBe("Quyết định");
  expect(findKinds("ttr")[0]?.text).toBe("Tờ trình");
});

it("a name or an abbreviation is a kind, anything else is none", () => {
  expect(kindCode("quyet dinh")).toBe("QĐ");
  expect(kindCode("CV")).toBe("CV");
  expect(kindCode("Thông báo")).toBe("TB");
  expect(kindCode("quyết")).toBeNull();
  expect(kindName("GM")).toBe("Giấy mời");
});
