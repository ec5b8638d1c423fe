import { useQueryClient } from "@tanstack/react-query";
import { useRef } from "react";
import { useTranslation } from "react-i18next";
import { reading } from "../../api/query";
import { IconButton } from "../../shared/IconButton";
import { type Option, SuggestField } from "../../shared/SuggestField";
import css from "./Tasks.module.css";

export interface Picked {
  id: string;
  title: string;
}

interface DocumentPickProps {
  picked: readonly Picked[];
  onPicked: (picked: Picked[]) => void;
}

/** Documents of this desk that show what a report says, found by a few letters. */
export function DocumentPick({ picked, onPicked }: DocumentPickProps) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const field = useRef<HTMLInputElement | null>(null);
  const find = async (text: string): Promise<Option[]> => {
    const part = { search: text, after: null, skip: 0, limit: 5 };
    const views = ["outgoing_all", "incoming_all"] as const;
    const pages = await Promise.all(
      views.map((view) =>
        client.fetchQuery(reading("documents", "documents_list", { view, ...part })),
      ),
    );
    return pages
      .flatMap(({ rows }) => rows)
      .filter(({ id }) => picked.every((one) => one.id !== id))
      .map((row) => ({ id: row.id, text: row.notation ?? row.subject, note: row.subject }));
  };
  return (
    <div>
      <SuggestField
        label={t("task.evidence")}
        defaultValue=""
        find={find}
        onChosen={({ id, text }) => {
          if (field.current !== null) field.current.value = "";
          onPicked([...picked, { id, title: text }]);
        }}
        onInput={() => undefined}
        onFocus={() => undefined}
        onBlur={() => undefined}
        inputRef={(element) => {
          field.current = element;
        }}
        problem={undefined}
        doubtful={false}
        mustChoose
        testId="task-evidence"
      />
      {picked.length > 0 && (
        <ul className={css.picked} aria-label={t("task.evidence")}>
          {picked.map(({ id, title }) => (
            <li key={id} data-testid="task-picked">
              <span>{title}</span>
              <IconButton
                icon="close"
                label={t("task.unpick", { title })}
                onClick={() => onPicked(picked.filter((one) => one.id !== id))}
              />
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
