import { describe, expect, it } from "vitest";
import { added, linesOf } from "./recipients";

const one = { code: "H99.102", name: "UBND phường An Phú Tây" };
const other = { code: "H99.11", name: "Sở Nội vụ" };

describe("recipients", () => {
  it("are each there once, in the order of naming, and who came twice is told", () => {
    expect(added([one], [other])).toEqual({ to: [one, other], twice: undefined });
    const again = { ...one, name: "Ủy ban nhân dân phường An Phú Tây" };
    expect(added([one], [other, again])).toEqual({ to: [one, other], twice: again });
  });

  it.each([
    ["- Như Điều 3;\n\n- Lưu: VT, KT.", ["Như Điều 3", "Lưu: VT, KT"]],
    ["  – Thường trực HĐND xã ", ["Thường trực HĐND xã"]],
    ["\n \n", []],
  ])("%j are the lines %j", (typed, lines) => {
    expect(linesOf(typed)).toEqual(lines);
  });
});
