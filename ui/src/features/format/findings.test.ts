import { describe, expect, it } from "vitest";
import { FORMAT_RULES } from "../../generated/formatRules";
import type { FormatFinding, FormatReview } from "../../generated/types";
import { i18n } from "../../i18n";
import { faultsOf, pageRanges, reasonOf, Words } from "./findings";

function finding(change: Partial<FormatFinding> = {}): FormatFinding {
  return {
    part: "margin_left",
    aspect: "distance",
    severity: "must",
    clause: "I.3",
    page: 0,
    place: { x: 0, y: 0.1, w: 0.1, h: 0.8 },
    measured: { unit: "mm", value: 25.44 },
    wanted: [
      { unit: "mm", value: 30 },
      { unit: "mm", value: 35 },
    ],
    ...change,
  };
}

const review = (...findings: FormatFinding[]): FormatReview => ({
  checked: true,
  unchecked: [],
  empty: [],
  findings,
});

const wordsOf = (language: "vi" | "en") => new Words(i18n.getFixedT(language), language);

describe("the faults of a letter", () => {
  it("that repeat over the pages are one line, with what was measured from the least to the most", () => {
    const pages = [0, 1, 2, 5].map((page) =>
      finding({ page, measured: { unit: "mm", value: 25 + page } }),
    );
    const [fault, ...others] = faultsOf(review(...pages));
    expect(others).toEqual([]);
    if (fault === undefined) throw new Error("one fault");
    const words = wordsOf("vi");
    expect(words.pages(fault)).toBe("1–3, 6");
    expect(words.what(fault)).toBe("Lề trái: đo được 25 mm đến 30 mm");
    expect(words.todo(fault)).toBe("đặt 30 mm đến 35 mm");
  });

  it("that read differently are different faults", () => {
    const wrong = (text: string) =>
      finding({ part: "number", aspect: "wording", measured: { unit: "text", text }, wanted: [] });
    expect(faultsOf(review(wrong("Số 1/"), wrong("Số: 1/"), wrong("Số 1/")))).toHaveLength(2);
  });

  it("come before what is only advised", () => {
    const soft = finding({ part: "body", aspect: "justified", severity: "should" });
    const faults = faultsOf(review(soft, finding({ page: 3 })));
    expect(faults.map(({ places }) => places[0]?.severity)).toEqual(["must", "should"]);
  });

  it.each(["vi", "en"] as const)(
    "have words for every rule, and say what to do, in %s",
    (language) => {
      const words = wordsOf(language);
      for (const { part, aspect } of FORMAT_RULES) {
        for (const measured of [null, { unit: "text", text: "Số" } as const]) {
          const [fault] = faultsOf(review(finding({ part, aspect, measured })));
          if (fault === undefined) throw new Error(part);
          const all = `${words.what(fault)} ${words.todo(fault)}`;
          expect(all, `${part} ${aspect}`).not.toMatch(/format\.|undefined|{{/);
          expect(words.todo(fault), `${part} ${aspect}`).toMatch(/\p{L}{2,}/u);
        }
      }
    },
  );
});

it("pages are told as people write them", () => {
  expect(pageRanges([4, 0, 1, 2])).toBe("1–3, 5");
  expect(pageRanges([])).toBe("");
});

describe("the reason of a draft that is sent back", () => {
  const more = (count: number) => `và ${count} điểm khác`;

  it("names each chosen fault with its remedy, clause and pages, behind what was written", () => {
    const faults = faultsOf(review(finding()));
    const words = wordsOf("vi");
    const reason = reasonOf(faults, "Đề nghị sửa:", words, more);
    expect(reason).toBe(
      "Đề nghị sửa:\nLề trái: đo được 25,4 mm; đặt 30 mm đến 35 mm (I.3, trang 1)",
    );
    expect(reasonOf(faults, reason, words, more)).toBe(reason);
  });

  it("is never longer than the core takes, and counts what is left out", () => {
    const all = FORMAT_RULES.map(({ part, aspect }) => finding({ part, aspect }));
    const reason = reasonOf(faultsOf(review(...all)), "", wordsOf("vi"), more);
    expect(reason.length).toBeLessThanOrEqual(500);
    const told = reason.split("\n").length - 1;
    expect(reason).toMatch(new RegExp(`và ${all.length - told} điểm khác$`));
  });
});
