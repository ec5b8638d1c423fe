import { expect, it } from "vitest";
import { sampleLetter } from "../../testing/letters";
import { confidenceOf, doubtfulFields, nextDoubtful } from "./fields";

const read = (confidence: Record<string, number>) =>
  sampleLetter({
    readings: Object.entries(confidence).map(([field, sure]) => ({
      field,
      confidence: sure,
      places: [],
    })),
  });

it("the least sure field is looked at first", () => {
  const letter = read({ issuer: 0.7, notation: 0.95, issued_on: 0.4, subject: 0.79 });
  expect(doubtfulFields(letter)).toEqual(["issued_on", "issuer", "subject"]);
});

it("an empty field that every paper has is doubtful, an empty deadline is not", () => {
  const letter = sampleLetter({ readings: [] });
  letter.fields.notation = "";
  letter.fields.due = "";
  expect(doubtfulFields(letter)).toEqual(["notation"]);
  expect(confidenceOf(letter, "due")).toBe(1);
});

it("Enter goes through the doubtful fields once and then accepts the letter", () => {
  const doubtful = doubtfulFields(read({ issuer: 0.5, subject: 0.3 }));
  expect(nextDoubtful(doubtful, new Set(["subject"]))).toBe("issuer");
  expect(nextDoubtful(doubtful, new Set(["subject", "issuer"]))).toBeNull();
});

it("when all fields are sure one Enter accepts the letter", () => {
  expect(nextDoubtful(doubtfulFields(read({ issuer: 0.97, subject: 0.93 })), new Set())).toBeNull();
});
