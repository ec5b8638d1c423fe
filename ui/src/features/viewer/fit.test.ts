import { expect, it } from "vitest";
import { AT_100, fitOf, nextStep, scaleFor } from "./fit";

const room = { width: 840, height: 626, margin: 16, widestMm: 210, tallestMm: 297 };

it("fits the width until something else was chosen", () => {
  expect(fitOf(undefined)).toBe("width");
  expect(fitOf("fit")).toBe("width");
  expect(scaleFor(undefined, room)).toBeCloseTo(808 / 210);
});

it("a whole page is as high as the room, or as wide where that is less", () => {
  expect(scaleFor("page", room)).toBeCloseTo(594 / 297);
  expect(scaleFor("page", { ...room, width: 242 })).toBeCloseTo(1);
});

it("the real size is 96 pixels an inch whatever the room", () => {
  expect(scaleFor("1", { ...room, width: 10 })).toBeCloseTo(AT_100);
});

it("fitting leaves a page legible in a narrow room and a page in a wide one", () => {
  expect(scaleFor("fit", { ...room, width: 40 })).toBe(0.5);
  expect(scaleFor("fit", { ...room, width: 9000 })).toBeCloseTo(AT_100 * 1.5);
});

it("steps go from any size to the nearest step and end at the last", () => {
  expect(nextStep(1.04, 1)).toBe(1.1);
  expect(nextStep(1.04, -1)).toBe(1);
  expect(nextStep(3, 1)).toBeUndefined();
  expect(nextStep(0.5, -1)).toBeUndefined();
});
