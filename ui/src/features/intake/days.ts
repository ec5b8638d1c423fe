const two = (n: number) => String(n).padStart(2, "0");

/** What a person typed for a day (`5/1/26`, `5-1-2026`, `05012026`, `5/1`, `5`), as `YYYY-MM-DD`;
 * `""` for nothing, `null` for what is no day. What is left out is taken from `today`
 * (`YYYY-MM-DD`): the last such day, as letters are from the past. */
export function parseDay(typed: string, today: string): string | null {
  const text = typed.trim();
  if (text === "") return "";
  const written = /^(\d{4})-(\d{1,2})-(\d{1,2})$/.exec(text);
  if (written !== null) return day(Number(written[1]), Number(written[2]), Number(written[3]));
  const parts = /^\d{6}$|^\d{8}$/.test(text)
    ? [text.slice(0, 2), text.slice(2, 4), text.slice(4)]
    : text.split(/[\s./-]+/);
  if (parts.length > 3 || !parts.every((part) => /^\d{1,4}$/.test(part))) return null;
  const [date = 0, month, year] = parts.map(Number);
  const [thisYear = 0, thisMonth = 1] = today.split("-").map(Number);
  if (year !== undefined) return day(year < 100 ? 2000 + year : year, month ?? 0, date);
  if (month !== undefined) return last(day(thisYear, month, date), day(thisYear - 1, month, date));
  const before = thisMonth === 1 ? day(thisYear - 1, 12, date) : day(thisYear, thisMonth - 1, date);
  return last(day(thisYear, thisMonth, date), before);

  function last(near: string | null, far: string | null): string | null {
    return near !== null && near <= today ? near : far;
  }
}

function day(year: number, month: number, date: number): string | null {
  const at = new Date(Date.UTC(year, month - 1, date));
  const real = at.getUTCMonth() === month - 1 && at.getUTCDate() === date;
  return real && year >= 1945 && year < 2200 ? `${year}-${two(month)}-${two(date)}` : null;
}

/** `2026-01-05` as a person reads and types it: `05/01/2026`; nothing for nothing. */
export function showDay(iso: string): string {
  const [year, month, date] = iso.split("-");
  return date === undefined ? "" : `${date}/${month}/${year}`;
}

/** Today in Vietnam, `YYYY-MM-DD`. */
export function todayHere(now: number = Date.now()): string {
  return new Date(now + 7 * 3_600_000).toISOString().slice(0, 10);
}
