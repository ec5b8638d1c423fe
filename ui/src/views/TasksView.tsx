import { Tabs } from "@base-ui/react/tabs";
import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { useRead } from "../api/query";
import { TaskBoard } from "../features/tasks/TaskBoard";
import { TaskForm } from "../features/tasks/TaskForm";
import { TaskList } from "../features/tasks/TaskList";
import { TaskPane } from "../features/tasks/TaskPane";
import type { TaskCountsDto, TaskFilter } from "../generated/types";
import { Button } from "../shared/Button";
import { Empty } from "../shared/Empty";
import { ErrorMessage } from "../shared/ErrorMessage";
import { Segmented } from "../shared/Segmented";
import css from "./TasksView.module.css";

const FILTERS: ReadonlyArray<readonly [TaskFilter, keyof TaskCountsDto | null]> = [
  ["to_do", "to_do"],
  ["to_answer", "to_answer"],
  ["given", "given"],
  ["overdue", "overdue"],
  ["open", "open"],
  ["ended", null],
];

interface TasksViewProps {
  onOpenDocument: (id: string, direction: string) => void;
}

/** Nhiệm vụ: what is to be done and to be answered, the task that is chosen, and the board. */
export function TasksView({ onOpenDocument }: TasksViewProps) {
  const { t } = useTranslation();
  const { data: counts } = useRead("documents", "task_counts", {});
  const [wanted, setWanted] = useState<TaskFilter | null>(null);
  const [chosen, setChosen] = useState<string | null>(null);
  const [board, setBoard] = useState(false);
  const [giving, setGiving] = useState(false);
  const pane = useRef<HTMLDivElement>(null);
  // Who has nothing to do begins with what waits for an answer, or with what was given.
  const first = FILTERS.find(([, count]) => count !== null && (counts?.[count] ?? 0) > 0)?.[0];
  const filter = wanted ?? first ?? "to_do";
  const { data, error } = useRead("documents", "tasks_list", { filter }, { keepOld: true });
  const tasks = data?.tasks ?? [];
  const current = tasks.find(({ id }) => id === chosen) ?? tasks[0];
  const inside = () =>
    pane.current?.querySelector<HTMLElement>("button:not(:disabled), [tabindex]")?.focus();
  const show = (id: string, where: TaskFilter) => {
    setBoard(false);
    setWanted(where);
    setChosen(id);
  };
  const head = (
    <header className={css.head}>
      <h1 className={css.title}>{t("nav.tasks")}</h1>
      <Segmented
        label={t("task.views.label")}
        value={board ? "board" : "list"}
        options={(["list", "board"] as const).map((value) => ({
          value,
          label: t(`task.views.${value}`),
        }))}
        onChange={(value) => setBoard(value === "board")}
      />
      {data?.may_give === true && (
        <Button icon="plus" onClick={() => setGiving(true)} data-testid="task-give">
          {t("task.give")}
        </Button>
      )}
    </header>
  );
  return (
    <main className={css.view} data-testid="tasks" data-board={board}>
      {board ? (
        <div className={css.whole}>
          {head}
          <TaskBoard onChoose={(id) => show(id, "open")} />
        </div>
      ) : (
        <>
          <div className={css.side}>
            {head}
            <Tabs.Root value={filter} onValueChange={(value) => setWanted(value as TaskFilter)}>
              <Tabs.List className={css.tabs} aria-label={t("list.filters")}>
                {FILTERS.map(([one, count]) => (
                  <Tabs.Tab key={one} value={one} className={css.tab} data-testid={`tasks-${one}`}>
                    {t(`task.filter.${one}`)}
                    {count !== null && (
                      <span
                        className={css.count}
                        data-overdue={
                          (one === "overdue" && (counts?.overdue ?? 0) > 0) || undefined
                        }
                      >
                        {counts?.[count] ?? ""}
                      </span>
                    )}
                  </Tabs.Tab>
                ))}
              </Tabs.List>
            </Tabs.Root>
            {error !== null && <ErrorMessage error={error} className={css.error} />}
            {tasks.length > 0 && (
              <TaskList
                tasks={tasks}
                chosen={current?.id ?? null}
                onChoose={setChosen}
                onOpen={inside}
              />
            )}
          </div>
          <div ref={pane} style={{ display: "contents" }}>
            {current !== undefined && (
              <TaskPane key={current.id} id={current.id} onOpenDocument={onOpenDocument} />
            )}
            {data !== undefined && current === undefined && (
              <div className={css.nothing}>
                <Empty
                  icon="task"
                  title={t(`task.empty.${filter}`)}
                  text={t(data.may_give ? "task.emptyGiver" : "task.emptyText")}
                />
              </div>
            )}
          </div>
        </>
      )}
      {giving && (
        <TaskForm
          onClose={() => setGiving(false)}
          onGiven={(id) => {
            setGiving(false);
            show(id, "given");
          }}
        />
      )}
    </main>
  );
}
