import type { AgencyDto, RecipientDto, TextRun } from "../../generated/types";
import { linesOf } from "./recipients";

/** A gap of so many heights of a line ends what belongs together. */
const GAP = 3;

interface Line {
  y: number;
  h: number;
  words: TextRun[];
}

/** The words of the left half of a page as lines: who receives it stands left of who signs it. */
function linesOn(runs: readonly TextRun[]): Line[] {
  const lines: Line[] = [];
  for (const run of runs.filter(({ x, text }) => x < 0.5 && text.trim() !== "")) {
    const middle = run.y + run.h / 2;
    const line = lines.find(({ y, h }) => middle > y && middle < y + h);
    if (line === undefined) lines.push({ y: run.y, h: run.h, words: [run] });
    else line.words.push(run);
  }
  return lines.sort((a, b) => a.y - b.y);
}

function textOf({ words }: Line): string {
  const inOrder = words.toSorted((a, b) => a.x - b.x);
  return inOrder
    .map(({ text }) => text.trim())
    .join(" ")
    .normalize("NFC");
}

/** What stands under “Nơi nhận” on a page, each without the signs around it; none where the page does
 * not say it. */
export function placesOn(runs: readonly TextRun[]): string[] | null {
  const lines = linesOn(runs);
  const head = lines.findIndex((line) => /^nơi nhận\s*:?$/i.test(textOf(line)));
  if (head < 0) return null;
  const items: string[] = [];
  let above = lines[head];
  for (const line of lines.slice(head + 1)) {
    if (above !== undefined && line.y - above.y > GAP * line.h) break;
    above = line;
    const text = textOf(line);
    const last = items.pop();
    if (/^[-–+]/.test(text)) items.push(...(last === undefined ? [] : [last]), text);
    // What does not fit goes on in the next line.
    else if (last !== undefined) items.push(`${last} ${text}`);
    else break;
  }
  return linesOf(items.join("\n"));
}

function spelled(name: string): string {
  return name
    .normalize("NFC")
    .toLowerCase()
    .replaceAll("uỷ", "ủy")
    .replace(/\bubnd\b/, "ủy ban nhân dân")
    .replace(/\bhđnd\b/, "hội đồng nhân dân");
}

/** The agency of that name among those that were found, if there is exactly one to send to. */
export function agencyCalled(name: string, found: readonly AgencyDto[]): RecipientDto | undefined {
  const same = found.filter((one) => one.is_valid && spelled(one.name) === spelled(name));
  const [only] = same;
  return same.length === 1 && only?.code != null ? { code: only.code, name: only.name } : undefined;
}
