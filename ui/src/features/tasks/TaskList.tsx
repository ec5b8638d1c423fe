import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import type { TaskDto } from "../../generated/types";
import { cx } from "../../shared/cx";
import { useListKeys } from "../../shared/useListKeys";
import { TaskLines } from "./TaskRow";
import css from "./Tasks.module.css";

interface TaskListProps {
  tasks: readonly TaskDto[];
  chosen: string | null;
  onChoose: (id: string) => void;
  /** To the task beside it. */
  onOpen: () => void;
}

/** Tasks, overdue first. One tab stop; the arrows move, Enter goes to the task. */
export function TaskList({ tasks, chosen, onChoose, onOpen }: TaskListProps) {
  const { t } = useTranslation();
  const list = useRef<HTMLDivElement>(null);
  const at = tasks.findIndex(({ id }) => id === chosen);
  const onKey = useListKeys({
    at,
    count: tasks.length,
    onMove: (to) => {
      const next = tasks[to];
      if (next !== undefined) onChoose(next.id);
    },
    onOpen,
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: whenever another one is chosen.
  useEffect(() => {
    list.current?.querySelector('[aria-selected="true"]')?.scrollIntoView?.({ block: "nearest" });
  }, [chosen]);
  return (
    <div
      ref={list}
      className={css.list}
      role="listbox"
      aria-label={t("nav.tasks")}
      aria-activedescendant={at >= 0 ? `task-${chosen}` : undefined}
      tabIndex={0}
      onKeyDown={onKey}
      data-testid="task-list"
    >
      {tasks.map((task) => (
        // biome-ignore lint/a11y/useKeyWithClickEvents: the list has the keys.
        // biome-ignore lint/a11y/useFocusableInteractive: the list has the focus.
        <div
          key={task.id}
          id={`task-${task.id}`}
          role="option"
          aria-selected={task.id === chosen}
          className={cx(css.entry, task.id === chosen && css.current)}
          onClick={() => onChoose(task.id)}
          onDoubleClick={onOpen}
          data-testid="task-row"
          data-state={task.state}
          data-overdue={task.overdue}
        >
          <TaskLines task={task} />
        </div>
      ))}
    </div>
  );
}
