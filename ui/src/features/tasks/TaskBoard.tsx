import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useRead } from "../../api/query";
import type { TaskDto, TaskTallyDto } from "../../generated/types";
import { Badge } from "../../shared/Badge";
import { Empty } from "../../shared/Empty";
import { ErrorMessage } from "../../shared/ErrorMessage";
import { Segmented } from "../../shared/Segmented";
import { TaskLines } from "./TaskRow";
import css from "./Tasks.module.css";
import { grouped, STATES, type TaskGroup } from "./words";

type By = "unit" | "state";

/** How all tasks that the person sees stand, by unit or by state, overdue first. */
export function TaskBoard({ onChoose }: { onChoose: (id: string) => void }) {
  const { t } = useTranslation();
  const [by, setBy] = useState<By>("unit");
  const { data, error } = useRead("documents", "task_board", {});
  if (data === undefined) {
    return error === null ? null : <ErrorMessage error={error} className={css.error} />;
  }
  const groups = grouped(data.open, by);
  const overdue = data.open.filter((task) => task.overdue).length;
  const soon = data.open.filter((task) => task.soon).length;
  return (
    <section className={css.board} aria-label={t("task.board")} data-testid="task-board">
      <div className={css.boardHead}>
        <Segmented
          label={t("task.by.label")}
          value={by}
          options={(["unit", "state"] as const).map((value) => ({
            value,
            label: t(`task.by.${value}`),
          }))}
          onChange={setBy}
        />
        <span className={css.entryHead}>
          <span className={css.quiet}>{t("task.openCount", { count: data.open.length })}</span>
          {overdue > 0 && (
            <Badge tone="danger" icon="clock">
              {t("task.overdueCount", { count: overdue })}
            </Badge>
          )}
          {soon > 0 && <Badge tone="warn">{t("task.soonCount", { count: soon })}</Badge>}
        </span>
      </div>
      {groups.length === 0 && (
        <Empty icon="check" title={t("task.calm.title")} text={t("task.calm.text")} />
      )}
      <div className={css.groups}>
        {groups.map((group) => (
          <Group
            key={group.key}
            group={group}
            name={nameOf(group.key, by)}
            accepted={
              by === "unit" ? data.accepted.find(({ unit }) => unit === group.key) : undefined
            }
            onChoose={onChoose}
          />
        ))}
      </div>
    </section>
  );

  function nameOf(key: string, what: By): string {
    const state = STATES.find((one) => one === key);
    if (what === "state" && state !== undefined) return t(`task.state.${state}`);
    return key === "" ? t("task.noUnit") : key;
  }
}

interface GroupProps {
  group: TaskGroup;
  name: string;
  accepted: TaskTallyDto | undefined;
  onChoose: (id: string) => void;
}

function Group({ group, name, accepted, onChoose }: GroupProps) {
  const { t } = useTranslation();
  return (
    <section className={css.group} aria-label={name} data-testid="task-group" data-key={group.key}>
      <h2 className={css.groupHead}>
        <span className={css.groupName}>{name}</span>
        {group.overdue > 0 && (
          <Badge tone="danger">{t("task.overdueCount", { count: group.overdue })}</Badge>
        )}
        <span className={css.quiet}>{t("task.openCount", { count: group.tasks.length })}</span>
      </h2>
      {accepted !== undefined && (
        <p className={css.tally} data-testid="task-tally">
          {t("task.tally", { inTime: accepted.in_time, late: accepted.late })}
        </p>
      )}
      <ul className={css.cards}>
        {group.tasks.map((task) => (
          <Card key={task.id} task={task} onChoose={onChoose} />
        ))}
      </ul>
    </section>
  );
}

function Card({ task, onChoose }: { task: TaskDto; onChoose: (id: string) => void }) {
  return (
    <li>
      <button
        type="button"
        className={css.card}
        onClick={() => onChoose(task.id)}
        data-testid="task-card"
        data-overdue={task.overdue}
      >
        <TaskLines task={task} />
      </button>
    </li>
  );
}
