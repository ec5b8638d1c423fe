import { describe, expect, it } from "vitest";
import type { AgencyDto, TextRun } from "../../generated/types";
import { agencyCalled, placesOn } from "./places";

/** The words of a line, one after another from `x`. */
function line(text: string, y: number, x = 0.15): TextRun[] {
  const words = text.split(" ");
  return words.map((word, i) => {
    return { text: word, x: x + i * 0.02, y, w: 0.02, h: 0.01, line_end: i === words.length - 1 };
  });
}

const agency = (code: string | null, name: string, is_valid = true): AgencyDto => {
  const ends = { valid_from: null, valid_to: null, successors: [] };
  return { code, name, symbol: null, parent: null, ...ends, is_valid };
};

describe("what stands under “Nơi nhận”", () => {
  it("is read left of who signs, its long lines joined, its signs left out", () => {
    const runs = [
      ...line("Trân trọng./.", 0.5),
      ...line("Nơi nhận:", 0.6),
      ...line("CHỦ TỊCH", 0.6, 0.6),
      ...line("- Ủy ban nhân dân phường", 0.615),
      ...line("An Phú Tây;", 0.63),
      ...line("- Lưu: VT.", 0.645),
      ...line("Nguyễn Văn A", 0.645, 0.6),
      ...line("- chân trang", 0.95),
    ];
    expect(placesOn(runs)).toEqual(["Ủy ban nhân dân phường An Phú Tây", "Lưu: VT"]);
  });

  it("is none where the page does not say it, in a sentence neither", () => {
    expect(placesOn(line("Nơi nhận văn bản gửi báo cáo", 0.4))).toBeNull();
    expect(placesOn([])).toBeNull();
  });

  it("is an agency where exactly one that exists is called so", () => {
    const found = [agency("H99.102", "UBND phường An Phú Tây"), agency("H99.1", "Phường An Phú")];
    const asked = "Uỷ ban nhân dân phường An Phú Tây";
    expect(agencyCalled(asked, found)?.code).toBe("H99.102");
    expect(agencyCalled("Như trên", found)).toBeUndefined();
    expect(agencyCalled("Sở A", [agency("1", "Sở A"), agency("2", "Sở A")])).toBeUndefined();
    expect(agencyCalled("Sở A", [agency("1", "Sở A", false)])).toBeUndefined();
    expect(agencyCalled("Sở A", [agency(null, "Sở A")])).toBeUndefined();
  });
});
