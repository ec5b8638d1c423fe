import { useTranslation } from "react-i18next";
import { useRead } from "../../api/query";
import info from "../document/Info.module.css";
import { TaskLines } from "./TaskRow";
import css from "./Tasks.module.css";

/** The tasks that were given from a document; nothing where there are none. */
export function DocumentTasks({ document }: { document: string }) {
  const { t } = useTranslation();
  const { data = [] } = useRead("documents", "document_tasks", { id: document });
  if (data.length === 0) return null;
  return (
    <>
      <h2 className={info.title}>{t("task.ofDocument")}</h2>
      <ul className={css.ofDocument} data-testid="document-tasks">
        {data.map((task) => (
          <li key={task.id}>
            <TaskLines task={task} />
          </li>
        ))}
      </ul>
    </>
  );
}
