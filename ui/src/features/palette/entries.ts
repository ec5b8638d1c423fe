import type { IconName } from "../../shared/icons/Icon";
import { fold } from "../intake/kinds";

/** The groups of the palette, in their order. */
const GROUPS = ["act", "section", "settings", "incoming", "outgoing"] as const;
export type Group = (typeof GROUPS)[number];

/** Something that the palette can do. */
export interface Entry {
  id: string;
  group: Group;
  icon: IconName;
  title: string;
  /** What tells it from others alike; it is found by it too. */
  note?: string;
  /** The key that does the same, as printed on keys. */
  shortcut?: string;
  run: () => void;
}

/** How well something is meant: 0 its name begins so, 1 words of it do, 2 it is within, 3 it is in
 * the note. None where a word is missing. */
function rank({ title, note = "" }: Entry, wanted: readonly string[]): number | null {
  const [name, more] = [fold(title), fold(note)];
  if (!wanted.every((word) => name.includes(word) || more.includes(word))) return null;
  if (name.startsWith(wanted.join(" "))) return 0;
  const words = name.split(/[^\p{L}\p{N}]+/u);
  if (wanted.every((word) => words.some((one) => one.startsWith(word)))) return 1;
  return wanted.every((word) => name.includes(word)) ? 2 : 3;
}

/** What is meant by `text`, without marks and capitals, the best first within its group, and the
 * group with the best first. All of it where nothing was typed. */
export function matching(entries: readonly Entry[], text: string): Entry[] {
  const wanted = fold(text)
    .split(/\s+/)
    .filter((word) => word !== "");
  const found = entries.flatMap((entry) => {
    const at = rank(entry, wanted);
    return at === null ? [] : [{ entry, at }];
  });
  const best = (group: Group) =>
    Math.min(...found.filter((one) => one.entry.group === group).map((one) => one.at));
  const groups = GROUPS.filter((group) => found.some((one) => one.entry.group === group));
  return groups
    .toSorted((a, b) => best(a) - best(b))
    .flatMap((group) =>
      found.filter((one) => one.entry.group === group).sort((a, b) => a.at - b.at),
    )
    .map((one) => one.entry);
}
