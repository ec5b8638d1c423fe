import type { ActivityDto } from "../../generated/types";
import type { Option } from "../../shared/SuggestField";
import { fold } from "./kinds";

/** The name of a field of activity; the code itself where the agency has it no more. */
export function activityName(known: readonly ActivityDto[], code: string): string {
  return known.find((each) => each.code === code)?.name ?? code;
}

/** The field that somebody means by `text`, with or without marks; the empty text means none. */
export function activityCode(known: readonly ActivityDto[], text: string): string | null {
  const wanted = fold(text);
  if (wanted === "") return "";
  const exact = known.find(({ code, name }) => fold(name) === wanted || code === text.trim());
  return exact?.code ?? null;
}

/** The fields whose names have all words that were typed, the ones that begin so first. */
export function findActivities(known: readonly ActivityDto[], text: string): Option[] {
  const wanted = fold(text);
  const words = wanted.split(/\s+/);
  return known
    .filter(({ name }) => words.every((word) => fold(name).includes(word)))
    .sort((a, b) => rank(a.name, wanted) - rank(b.name, wanted))
    .map(({ code, name }) => ({ id: code, text: name, note: "" }));
}

function rank(name: string, wanted: string): number {
  return fold(name).startsWith(wanted) ? 0 : 1;
}
