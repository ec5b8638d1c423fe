import type { TFunction } from "i18next";
import type { TaskDto } from "../../generated/types";
import { showDay } from "../intake/days";

export const STATES = ["given", "in_progress", "reported", "accepted", "withdrawn"] as const;
export type TaskState = (typeof STATES)[number];

/** A state as the catalogue knows it. */
export function stateOf(task: Pick<TaskDto, "state">): TaskState {
  return STATES.find((state) => state === task.state) ?? "given";
}

export const STATE_TONES = {
  given: "accent",
  in_progress: "neutral",
  reported: "warn",
  accepted: "ok",
  withdrawn: "neutral",
} as const satisfies Record<TaskState, string>;

type DueTask = Pick<TaskDto, "state" | "due" | "days_left" | "overdue" | "soon">;

/** A deadline in words, with how pressing it is. */
export function dueOf(
  task: DueTask,
  t: TFunction,
): { words: string; tone: "danger" | "warn" | "neutral" } {
  const day = showDay(task.due);
  const isWorked = task.state === "given" || task.state === "in_progress";
  if (task.overdue) {
    const count = -task.days_left;
    const words =
      isWorked && count > 0
        ? t("task.late", { count })
        : t(isWorked ? "task.over" : "task.wasLate");
    return { words, tone: "danger" };
  }
  if (!isWorked) return { words: t("task.due", { day }), tone: "neutral" };
  const left = task.days_left === 0 ? t("task.today") : t("task.left", { count: task.days_left });
  return { words: left, tone: task.soon ? "warn" : "neutral" };
}

export interface TaskGroup {
  key: string;
  tasks: TaskDto[];
  overdue: number;
}

/** Tasks by unit or by state, the groups with most that is overdue first; the order inside stays. */
export function grouped(tasks: readonly TaskDto[], by: "unit" | "state"): TaskGroup[] {
  const groups = new Map<string, TaskGroup>();
  for (const task of tasks) {
    const key = by === "unit" ? task.lead.unit : stateOf(task);
    const group = groups.get(key) ?? { key, tasks: [], overdue: 0 };
    group.tasks.push(task);
    if (task.overdue) group.overdue += 1;
    groups.set(key, group);
  }
  return [...groups.values()].sort(
    (one, other) =>
      other.overdue - one.overdue ||
      other.tasks.length - one.tasks.length ||
      one.key.localeCompare(other.key, "vi"),
  );
}
