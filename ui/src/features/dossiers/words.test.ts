import { describe, expect, it } from "vitest";
import type { DossierDto } from "../../generated/types";
import { roman, underHeadings } from "./words";

const dossier = (id: string, large: string, small = "") => ({ id, large, small }) as DossierDto;

describe("the year's list", () => {
  it("puts dossiers under their headings, those of one large heading together", () => {
    const headings = underHeadings([
      dossier("1", "Tổ chức"),
      dossier("2", "Kinh tế", "Chợ"),
      dossier("3", "Tổ chức"),
      dossier("4", "Tổ chức", "Tuyển dụng"),
      dossier("5", "Kinh tế", "Chợ"),
    ]);
    const shape = headings.map((one) => [one.large, one.small, one.dossiers.map(({ id }) => id)]);
    expect(shape).toEqual([
      ["Tổ chức", "", ["1", "3"]],
      ["Tổ chức", "Tuyển dụng", ["4"]],
      ["Kinh tế", "Chợ", ["2", "5"]],
    ]);
  });

  it("numbers large headings as the decree does", () => {
    expect([1, 4, 9, 14, 38].map(roman)).toEqual(["I", "IV", "IX", "XIV", "XXXVIII"]);
  });
});
