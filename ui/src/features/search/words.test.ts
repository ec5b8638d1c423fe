import { expect, it } from "vitest";
import { pieces } from "./words";

const hits = (text: string, words: string[]) =>
  pieces(text, words)
    .filter((piece) => piece.hit)
    .map((piece) => piece.text);

it("marks words that begin like what was looked for, marks or none", () => {
  expect(hits("Báo cáo phòng chống bão", ["bao", "chong"])).toEqual(["Báo", "chống", "bão"]);
  expect(hits("05/GM-UBND", ["5", "gm"])).toEqual(["05", "GM"]);
  expect(hits("Đường liên xã", ["lien"])).toEqual(["liên"]);
  expect(hits("cabao", ["bao"])).toEqual([]);
});

it("loses nothing of the text", () => {
  const text = "V/v: “hoà giải” – 12/01/2026.";
  expect(
    pieces(text, ["hoa", "12"])
      .map((piece) => piece.text)
      .join(""),
  ).toBe(text);
  expect(pieces("", ["a"])).toEqual([]);
});
