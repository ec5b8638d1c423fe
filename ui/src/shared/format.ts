/** Dates and times as a Vietnamese office writes them, always in Vietnam's time (UTC+7, no
 * daylight saving), whatever the machine's zone is. */
const OFFSET_MS = 7 * 3_600_000;
const DAY_MS = 86_400_000;

function local(at: number): Date {
  return new Date(at + OFFSET_MS);
}

const two = (n: number) => String(n).padStart(2, "0");

/** `05/01/2026` */
export function formatDate(at: number): string {
  const d = local(at);
  return `${two(d.getUTCDate())}/${two(d.getUTCMonth() + 1)}/${d.getUTCFullYear()}`;
}

/** `15:00` */
export function formatTime(at: number): string {
  const d = local(at);
  return `${two(d.getUTCHours())}:${two(d.getUTCMinutes())}`;
}

/** `15:00, 05/01/2026` */
export function formatDateTime(at: number): string {
  return `${formatTime(at)}, ${formatDate(at)}`;
}

/** `15:00` today, `05/01` this year, else `05/01/2025`. */
export function formatShort(at: number, now: number): string {
  if (daysBetween(at, now) === 0) return formatTime(at);
  const date = formatDate(at);
  return local(at).getUTCFullYear() === local(now).getUTCFullYear() ? date.slice(0, 5) : date;
}

/** `YYYY-MM-DD` as `05/01/2026`. */
export function formatDay(day: string): string {
  const [year, month, date] = day.split("-");
  return `${date}/${month}/${year}`;
}

/** Whole calendar days from `from` to `to` in Vietnam. */
export function daysBetween(from: number, to: number): number {
  return Math.floor((to + OFFSET_MS) / DAY_MS) - Math.floor((from + OFFSET_MS) / DAY_MS);
}

/** Millimetres with the language's decimal sign: `15,4`. */
export function formatMm(mm: number, language: string): string {
  return mm.toLocaleString(language === "en" ? "en-GB" : "vi-VN", { maximumFractionDigits: 1 });
}

/** `1,2 MB`: sizes with the language's decimal sign. */
export function formatSize(bytes: number, language: string): string {
  const number = (value: number) =>
    value.toLocaleString(language === "en" ? "en-GB" : "vi-VN", { maximumFractionDigits: 1 });
  if (bytes < 1024) return `${bytes} B`;
  if (bytes < 1024 * 1024) return `${number(Math.round(bytes / 1024))} KB`;
  return `${number(bytes / (1024 * 1024))} MB`;
}
