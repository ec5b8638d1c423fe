import { describe, expect, it } from "vitest";
import { keepInside } from "./geometry";

const A4 = { width_mm: 210, height_mm: 297 };
const RULE = { edge_mm: 5, least_w_mm: 22, least_h_mm: 11, most_w_mm: null, most_h_mm: null };

describe("the place of the signature", () => {
  it("keeps the core's distance from every edge, and the least size", () => {
    expect(keepInside({ x_mm: 500, y_mm: -9, w_mm: 1, h_mm: 1 }, A4, RULE)).toEqual({
      x_mm: 183,
      y_mm: 5,
      w_mm: 22,
      h_mm: 11,
    });
    expect(keepInside({ x_mm: -3, y_mm: 900, w_mm: 900, h_mm: 40 }, A4, RULE)).toEqual({
      x_mm: 5,
      y_mm: 252,
      w_mm: 200,
      h_mm: 40,
    });
  });

  it("does not move a box that keeps the rule", () => {
    const box = { x_mm: 5, y_mm: 252, w_mm: 60, h_mm: 40 };
    expect(keepInside(box, A4, RULE)).toEqual(box);
  });

  it("leaves a seal its true size", () => {
    const seal = { ...RULE, least_w_mm: 36, least_h_mm: 36, most_w_mm: 36, most_h_mm: 36 };
    expect(keepInside({ x_mm: 90, y_mm: 90, w_mm: 60, h_mm: 12 }, A4, seal)).toEqual({
      x_mm: 90,
      y_mm: 90,
      w_mm: 36,
      h_mm: 36,
    });
  });
});
