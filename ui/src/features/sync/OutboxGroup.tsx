import { useTranslation } from "react-i18next";
import type { OutboxEntry } from "../../generated/types";
import page from "../../views/Page.module.css";
import css from "./Outbox.module.css";
import { OutboxRow } from "./OutboxRow";

interface OutboxGroupProps {
  title: string;
  entries: readonly OutboxEntry[];
  empty?: string;
  note?: string | undefined;
  onOpen: (document: string) => void;
  onDismiss?: (id: string) => void;
  onAgain?: (id: string) => void;
}

/** Acts that stand at the same point of their way. */
export function OutboxGroup(props: OutboxGroupProps) {
  const { title, entries, empty, note, onOpen, onDismiss, onAgain } = props;
  const { t } = useTranslation();
  return (
    <section className={page.group} aria-label={title}>
      <h2 className={page.groupTitle}>
        {title}
        <span className={page.count}>{entries.length}</span>
      </h2>
      {note !== undefined && <p className={page.quiet}>{note}</p>}
      {entries.length === 0 ? (
        <p className={css.empty}>{empty}</p>
      ) : (
        <ul className={css.rows} aria-label={t("sync.title")}>
          {entries.map((entry) => (
            <OutboxRow
              key={entry.id}
              entry={entry}
              onOpen={onOpen}
              onDismiss={onDismiss}
              onAgain={onAgain}
            />
          ))}
        </ul>
      )}
    </section>
  );
}
