import type { TFunction } from "i18next";
import type { DocumentRow } from "../../generated/types";
import { daysBetween, formatShort, formatTime } from "../../shared/format";

export interface Due {
  words: string;
  tone: "danger" | "warn" | "neutral";
}

type Deadline = Pick<DocumentRow, "due_at" | "due_is_day" | "overdue">;

/** From how many days on a deadline is no longer near. */
const NEAR_DAYS = 2;

/** A deadline in the office's words; none where there is no deadline. */
export function dueInWords(row: Deadline, now: number, t: TFunction): Due | null {
  if (row.due_at === null) return null;
  const days = daysBetween(now, row.due_at);
  if (row.overdue) {
    return days < 0
      ? { words: t("due.overdue_days", { count: -days }), tone: "danger" }
      : { words: t("due.overdue_hours", { time: formatTime(row.due_at) }), tone: "danger" };
  }
  if (!row.due_is_day && days === 0) {
    return { words: t("due.hour", { time: formatTime(row.due_at) }), tone: "warn" };
  }
  if (days <= 0) return { words: t("due.today"), tone: "warn" };
  if (days === 1) return { words: t("due.tomorrow"), tone: "warn" };
  if (days <= 14) {
    return { words: t("due.days", { count: days }), tone: days <= NEAR_DAYS ? "warn" : "neutral" };
  }
  return { words: t("due.at", { when: formatShort(row.due_at, now) }), tone: "neutral" };
}
