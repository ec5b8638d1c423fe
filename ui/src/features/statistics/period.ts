/** A period of days, the first and the last included, as people name them. */
export const PERIOD_KINDS = ["month", "quarter", "year", "custom"] as const;
export type PeriodKind = (typeof PERIOD_KINDS)[number];

export interface Period {
  kind: PeriodKind;
  /** `YYYY-MM-DD`. */
  from: string;
  to: string;
}

const MONTHS: Record<PeriodKind, number> = { month: 1, quarter: 3, year: 12, custom: 0 };

const two = (n: number) => String(n).padStart(2, "0");

/** So many months, from the first of the month that is so many after the beginning of 1970. */
function months(kind: PeriodKind, first: number): Period {
  const at = (month: number) => `${Math.floor(month / 12)}-${two((((month % 12) + 12) % 12) + 1)}`;
  const last = first + MONTHS[kind] - 1;
  const [year = 0, month = 1] = at(last).split("-").map(Number);
  const days = new Date(Date.UTC(year, month, 0)).getUTCDate();
  return { kind, from: `${at(first)}-01`, to: `${at(last)}-${two(days)}` };
}

function monthOf(day: string): number {
  const [year = 0, month = 1] = day.split("-").map(Number);
  return year * 12 + month - 1;
}

/** The period of that kind that a day is in; of no fixed kind what was shown before. */
export function periodOf(kind: PeriodKind, day: string, before: Period | null = null): Period {
  if (kind === "custom") return { kind, from: before?.from ?? day, to: before?.to ?? day };
  const month = monthOf(day);
  return months(kind, month - (month % MONTHS[kind]));
}

/** The period before or after. */
export function moved(period: Period, by: -1 | 1): Period {
  if (period.kind === "custom") return period;
  return months(period.kind, monthOf(period.from) + by * MONTHS[period.kind]);
}

/** Year, and which month or quarter of it. */
export function partsOf(period: Period): { year: number; number: number } {
  const month = monthOf(period.from);
  return {
    year: Math.floor(month / 12),
    number: Math.floor((month % 12) / Math.max(1, MONTHS[period.kind])) + 1,
  };
}
