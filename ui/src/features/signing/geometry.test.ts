import { describe, expect, it } from "vitest";
import type { TextRun } from "../../generated/types";
import { boxAboveName, keepInside, START_SIZE, usualBox } from "./geometry";

const A4 = { width_mm: 210, height_mm: 297 };

function run(text: string, x: number, y: number, line_end = false): TextRun {
  return { text, x, y, w: text.length * 0.01, h: 0.012, line_end };
}

describe("the place of the signature", () => {
  it("starts low at the right, inside the decree's margin", () => {
    const box = usualBox(A4, START_SIZE);
    expect(box.x_mm + box.w_mm).toBe(190);
    expect(box.y_mm).toBeGreaterThan(A4.height_mm / 2);
  });

  it("stands between the signer's title and name, as high as the gap allows", () => {
    const runs = [
      run("CHỦ TỊCH", 0.62, 0.8, true),
      run("Nguyễn ", 0.62, 0.88),
      run("Văn ", 0.69, 0.88),
      run("A", 0.73, 0.88, true),
    ];
    const box = boxAboveName(runs, "Nguyễn Văn A", A4, START_SIZE);
    const titleBottom = (0.8 + 0.012) * 297;
    expect(box?.y_mm).toBeGreaterThanOrEqual(titleBottom);
    expect((box?.y_mm ?? 0) + (box?.h_mm ?? 0)).toBeLessThanOrEqual(0.88 * 297);
    expect((box?.x_mm ?? 0) + START_SIZE.w_mm / 2).toBeCloseTo(((0.62 + 0.74) / 2) * 210, 0);
  });

  it("finds the name in decomposed Unicode too", () => {
    const runs = [run("Nguyễn Văn A".normalize("NFD"), 0.6, 0.9, true)];
    expect(boxAboveName(runs, "Nguyễn Văn A".normalize("NFC"), A4, START_SIZE)).not.toBeNull();
  });

  it("is not guessed from a name inside a sentence", () => {
    const runs = [run("Nguyễn Văn A đã trình bày báo cáo", 0.2, 0.4, true)];
    expect(boxAboveName(runs, "Nguyễn Văn A", A4, START_SIZE)).toBeNull();
  });

  it("never leaves the page nor becomes too small to read", () => {
    expect(keepInside({ x_mm: 500, y_mm: -9, w_mm: 1, h_mm: 1 }, A4)).toEqual({
      x_mm: 180,
      y_mm: 0,
      w_mm: 30,
      h_mm: 12,
    });
  });
});
