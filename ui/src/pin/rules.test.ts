import { expect, it } from "vitest";
import { isReady, newPinProblem, type Typed, type Wanted } from "./rules";

const nothing: Typed = { pin: "", fresh: "", again: "", consent: false };
const sign: Wanted = { mode: "sign", finalTry: false, min: 4, max: 8 };
const change: Wanted = { ...sign, mode: "change" };

it("the last try is never spent without consent, in any mode", () => {
  const typed = { ...nothing, pin: "1234", fresh: "5678", again: "5678" };
  for (const mode of ["sign", "change", "pad"] as const) {
    const wanted = { ...sign, mode, finalTry: true };
    expect(isReady(typed, wanted), mode).toBe(false);
    expect(isReady({ ...typed, consent: true }, wanted), mode).toBe(true);
  }
});

it("a reader with a keypad asks for nothing here but the consent", () => {
  expect(isReady({ ...nothing, consent: true }, { ...sign, mode: "pad" })).toBe(false);
});

it("a new PIN has the token's length, differs from the old one and is typed twice", () => {
  const typed = { ...nothing, pin: "1234" };
  expect(newPinProblem({ ...typed, fresh: "12" }, change)).toBe("tooShort");
  expect(newPinProblem({ ...typed, fresh: "123456789" }, change)).toBe("tooLong");
  expect(newPinProblem({ ...typed, fresh: "1234" }, change)).toBe("sameAsOld");
  expect(newPinProblem({ ...typed, fresh: "5678", again: "567" }, change)).toBe("notAlike");
  expect(isReady({ ...typed, fresh: "5678", again: "" }, change)).toBe(false);
  expect(isReady({ ...typed, fresh: "5678", again: "5678" }, change)).toBe(true);
});

it("letters with marks count by their bytes, as tokens do", () => {
  expect(newPinProblem({ ...nothing, pin: "1", fresh: "ữữữ" }, change)).toBe("tooLong");
});
