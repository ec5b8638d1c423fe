import { useTranslation } from "react-i18next";
import type { TaskDto } from "../../generated/types";
import { Badge } from "../../shared/Badge";
import { Icon } from "../../shared/icons/Icon";
import css from "./Tasks.module.css";
import { dueOf, STATE_TONES, stateOf } from "./words";

/** What a task is, how it stands and until when; for every list of tasks. */
export function TaskLines({ task }: { task: TaskDto }) {
  const { t } = useTranslation();
  const state = stateOf(task);
  const due = dueOf(task, t);
  return (
    <>
      <span className={css.entryTitle}>{task.title}</span>
      <span className={css.entryHead}>
        <Badge tone={STATE_TONES[state]}>{t(`task.state.${state}`)}</Badge>
        <Badge tone={due.tone} {...(due.tone === "neutral" ? {} : { icon: "clock" as const })}>
          {due.words}
        </Badge>
        {task.asked && <Badge tone="warn">{t("task.asked")}</Badge>}
        {task.unsent && (
          <span className={css.unsent} title={t("list.savedHere")}>
            <Icon name="save" />
          </span>
        )}
      </span>
      <span className={css.quiet}>
        {[task.lead.name, task.lead.unit, t("task.percent", { count: task.percent })].join(" · ")}
      </span>
    </>
  );
}
