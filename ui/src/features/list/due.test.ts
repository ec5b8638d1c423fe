import { expect, it } from "vitest";
import { i18n } from "../../i18n";
import { dueInWords } from "./due";

const now = Date.parse("2026-11-21T03:00:00Z");
const day = 86_400_000;
const words = (due_at: number | null, due_is_day = true, overdue = false) =>
  dueInWords({ due_at, due_is_day, overdue }, now, i18n.t);

it("a document without a deadline has no words about one", () => {
  expect(words(null)).toBeNull();
});

it.each([
  [words(now + 2 * 3_600_000, false), "hạn 12:00", "warn"],
  [words(now + 3_600_000), "hạn hôm nay", "warn"],
  [words(now + day), "hạn ngày mai", "warn"],
  [words(now + 2 * day), "còn 2 ngày", "warn"],
  [words(now + 3 * day), "còn 3 ngày", "neutral"],
  [words(now + 30 * day), "hạn 21/12", "neutral"],
  [words(now - 2 * day, true, true), "quá 2 ngày", "danger"],
  [words(now - 3_600_000, false, true), "quá hạn 09:00", "danger"],
])("%o reads %s", (due, text, tone) => {
  expect(due).toEqual({ words: text, tone });
});
