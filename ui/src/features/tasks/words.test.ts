import { expect, it } from "vitest";
import type { TaskDto } from "../../generated/types";
import { i18n } from "../../i18n";
import { dueOf, grouped } from "./words";

const TASK: TaskDto = {
  id: "1",
  title: "Rà soát hộ nghèo",
  state: "in_progress",
  giver: "Nguyễn Văn A",
  lead: { account: "3", name: "Lê Văn C", unit: "Phòng Kinh tế" },
  due: "2026-12-10",
  days_left: 5,
  overdue: false,
  soon: false,
  percent: 0,
  asked: false,
  unsent: false,
};

const of = (change: Partial<TaskDto>, unit = "Phòng Kinh tế"): TaskDto => ({
  ...TASK,
  ...change,
  lead: { ...TASK.lead, unit },
});

it.each([
  [{}, "còn 5 ngày làm việc", "neutral"],
  [{ days_left: 2, soon: true }, "còn 2 ngày làm việc", "warn"],
  [{ days_left: 0, soon: true }, "hạn hôm nay", "warn"],
  [{ days_left: -3, overdue: true }, "quá hạn 3 ngày làm việc", "danger"],
  [{ days_left: 0, overdue: true }, "đã quá hạn", "danger"],
  [{ state: "accepted", overdue: true, days_left: -9 }, "hoàn thành quá hạn", "danger"],
  [{ state: "reported", days_left: -9 }, "hạn 10/12/2026", "neutral"],
] as const)("says a deadline in words: %j", (change, words, tone) => {
  expect(dueOf(of(change), i18n.t)).toEqual({ words, tone });
});

it("puts what is overdue first, by unit and by state", () => {
  const tasks = [
    of({ id: "1", overdue: true, days_left: -1 }, "Văn hóa"),
    of({ id: "2" }, "Kinh tế"),
    of({ id: "3" }, "Kinh tế"),
    of({ id: "4", state: "given" }, "An ninh"),
  ];
  const keys = (by: "unit" | "state") =>
    grouped(tasks, by).map(({ key, overdue, tasks: own }) => [key, overdue, own.length]);
  expect(keys("unit")).toEqual([
    ["Văn hóa", 1, 1],
    ["Kinh tế", 0, 2],
    ["An ninh", 0, 1],
  ]);
  expect(keys("state")).toEqual([
    ["in_progress", 1, 3],
    ["given", 0, 1],
  ]);
});
