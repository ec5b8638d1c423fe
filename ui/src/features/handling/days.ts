import type { CalendarDayDto } from "../../generated/types";
import { parseDay } from "../intake/days";

const DAY_MS = 86_400_000;

function at(day: string): Date {
  return new Date(`${day}T00:00:00Z`);
}

function iso(date: Date): string {
  return date.toISOString().slice(0, 10);
}

/** The holidays and make-up days of the agency, by day. */
export type NamedDays = ReadonlyMap<string, CalendarDayDto>;

const NOTHING_NAMED: NamedDays = new Map();
/** No office is closed that long: whatever a calendar says, counting ends. */
const LONGEST_MS = 3 * 366 * DAY_MS;

/** Whether a day (`YYYY-MM-DD`) is worked: Saturdays, Sundays and holidays are free, make-up days not. */
export function isWorked(day: string, named: NamedDays): boolean {
  const kind = named.get(day)?.kind;
  if (kind !== undefined) return kind === "make_up";
  const date = at(day);
  return date.getUTCDay() !== 0 && date.getUTCDay() !== 6;
}

/** `count` working days after `today` (`YYYY-MM-DD`). */
export function addWorkingDays(today: string, count: number, named = NOTHING_NAMED): string {
  const date = at(today);
  const end = date.getTime() + LONGEST_MS;
  for (let left = count; left > 0 && date.getTime() < end; ) {
    date.setTime(date.getTime() + DAY_MS);
    if (isWorked(iso(date), named)) left -= 1;
  }
  return iso(date);
}

/** Working days after `today` until `day`, that day counted; 0 for today and before. */
export function workingDaysUntil(today: string, day: string, named = NOTHING_NAMED): number {
  let count = 0;
  const end = at(day).getTime();
  for (let time = at(today).getTime() + DAY_MS; time <= end && count < 1000; time += DAY_MS) {
    if (isWorked(iso(new Date(time)), named)) count += 1;
  }
  return count;
}

/** What a person typed for a deadline: `+3` (working days after `from`), `25` or `25/12` (the next
 * such day), a whole date. `YYYY-MM-DD`; `""` for nothing, `null` for what is no day. */
export function parseDue(
  typed: string,
  today: string,
  from = today,
  named = NOTHING_NAMED,
): string | null {
  const text = typed.trim();
  if (text === "") return "";
  const plus = /^\+\s*(\d{1,3})$/.exec(text);
  if (plus !== null) return addWorkingDays(from, Number(plus[1]), named);
  const parts = text.split(/[\s./-]+/);
  const [year = 0, month = 1] = today.split("-").map(Number);
  if (parts.length === 1 && /^\d{1,2}$/.test(text)) {
    const next = month === 12 ? [1, year + 1] : [month + 1, year];
    return coming(`${text}/${month}/${year}`, `${text}/${next[0]}/${next[1]}`, today);
  }
  if (parts.length === 2) {
    return coming(`${parts.join("/")}/${year}`, `${parts.join("/")}/${year + 1}`, today);
  }
  return parseDay(text, today);
}

function coming(near: string, far: string, today: string): string | null {
  const first = parseDay(near, today);
  return first !== null && first >= today ? first : parseDay(far, today);
}

const WEEKDAYS = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"] as const;

/** The weekday of a `YYYY-MM-DD`, as a key of the catalogue. */
export function weekday(day: string): (typeof WEEKDAYS)[number] {
  return WEEKDAYS[at(day).getUTCDay()] ?? "sun";
}
