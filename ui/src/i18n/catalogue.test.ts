import { describe, expect, it } from "vitest";
import { ERROR_CODES } from "../generated/errorCodes";
import { KEY_IDS } from "../keymap";
import en from "./en.json";
import vi from "./vi.json";

function flatten(tree: object, prefix = ""): Map<string, string> {
  const flat = new Map<string, string>();
  for (const [key, value] of Object.entries(tree)) {
    if (typeof value === "string") flat.set(prefix + key, value);
    else for (const [k, v] of flatten(value as object, `${prefix}${key}.`)) flat.set(k, v);
  }
  return flat;
}

/** What the server may say of an act that a person has done; the others are between machines. */
const REFUSALS = [
  ...["FORBIDDEN", "NOT_FOUND", "WRONG_STATE", "CAPACITY_ENDED", "NO_REDELEGATION"],
  ...["HEAD_MOVED", "NOT_AN_EXTENSION", "SIGNATURE_INVALID", "SIGNER_MISMATCH"],
  ...["CERTIFICATE_UNTRUSTED", "ALREADY_REGISTERED", "NUMBER_TAKEN", "LEASE_HELD", "LEASE_STALE"],
  ...[
    "YEAR_CLOSED",
    "OP_HASH_MISMATCH",
    "DIGEST_MISMATCH",
    "TOO_LARGE",
    "INVALID_REQUEST",
    "OTHER",
  ],
];
/** And of a call that it answers at once: a mandate, a post. */
const CALLS = REFUSALS.slice(0, 5).concat("INVALID_REQUEST");

const plural = /_(zero|one|other)$/;
const words = { vi: flatten(vi), en: flatten(en) };
const keys = (language: "vi" | "en") =>
  [...new Set([...words[language].keys()].map((key) => key.replace(plural, "")))].sort();

describe("the catalogues", () => {
  it("have the same keys in Vietnamese and English", () => {
    expect(keys("en")).toEqual(keys("vi"));
  });

  it.each(ERROR_CODES)("say of %s what happened, what is safe and what to do now", (code) => {
    for (const language of ["vi", "en"] as const) {
      for (const part of ["err", "safe", "rec"]) {
        expect(words[language].get(`${part}.${code}`), `${language} ${part}.${code}`).toMatch(
          /\p{L}{2,}.*[.!]$/u,
        );
      }
    }
  });

  it.each(REFUSALS)("say of %s what is so and what to do next", (code) => {
    for (const language of ["vi", "en"] as const) {
      expect(words[language].get(`problem.${code}`), language).toMatch(/\p{L}.*[.] \p{Lu}.*[.]$/u);
    }
  });

  it.each(CALLS)("say of %s at a call what to do next", (code) => {
    for (const language of ["vi", "en"] as const) {
      expect(words[language].get(`refusedCall.${code}`), language).toMatch(/\p{L}{2,}.*[.]$/u);
    }
  });

  it("have no words for error codes that do not exist", () => {
    for (const part of ["err", "safe", "rec"] as const) {
      expect(Object.keys(vi[part]).sort()).toEqual([...ERROR_CODES].sort());
    }
  });

  it("put the same facts into the same sentences", () => {
    const facts = (text: string | undefined) =>
      [...(text ?? "").matchAll(/{{(\w+)}}/g)].map((m) => m[1]).sort();
    for (const [key, text] of words.vi) {
      const english = words.en.get(key) ?? words.en.get(`${key}_other`);
      expect(facts(english), key).toEqual(facts(text));
    }
  });

  it("name every key of the keymap", () => {
    for (const id of KEY_IDS) {
      expect(words.vi.get(`key.${id.replace(".", "_")}`), id).toBeTruthy();
    }
  });

  it("are written in NFC, as the fonts and the search expect", () => {
    for (const [key, text] of words.vi) expect(text, key).toBe(text.normalize("NFC"));
  });
});
