import { parseDay } from "../intake/days";

const DAY_MS = 86_400_000;

function at(day: string): Date {
  return new Date(`${day}T00:00:00Z`);
}

function iso(date: Date): string {
  return date.toISOString().slice(0, 10);
}

/** Saturdays and Sundays are free. Public holidays are not known here: they differ by year and are
 * moved by the government's notice. */
function isWorkingDay(date: Date): boolean {
  return date.getUTCDay() !== 0 && date.getUTCDay() !== 6;
}

/** `count` working days after `today` (`YYYY-MM-DD`). */
export function addWorkingDays(today: string, count: number): string {
  const date = at(today);
  for (let left = count; left > 0; ) {
    date.setTime(date.getTime() + DAY_MS);
    if (isWorkingDay(date)) left -= 1;
  }
  return iso(date);
}

/** Working days after `today` until `day`, that day counted; 0 for today and before. */
export function workingDaysUntil(today: string, day: string): number {
  let count = 0;
  const end = at(day).getTime();
  for (let time = at(today).getTime() + DAY_MS; time <= end && count < 1000; time += DAY_MS) {
    if (isWorkingDay(new Date(time))) count += 1;
  }
  return count;
}

/** What a person typed for a deadline: `+3` (working days after `from`), `25` or `25/12` (the next
 * such day), a whole date. `YYYY-MM-DD`; `""` for nothing, `null` for what is no day. */
export function parseDue(typed: string, today: string, from = today): string | null {
  const text = typed.trim();
  if (text === "") return "";
  const plus = /^\+\s*(\d{1,3})$/.exec(text);
  if (plus !== null) return addWorkingDays(from, Number(plus[1]));
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
