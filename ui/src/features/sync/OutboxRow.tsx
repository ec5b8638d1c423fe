import { useTranslation } from "react-i18next";
import type { OutboxEntry } from "../../generated/types";
import { Button } from "../../shared/Button";
import { cx } from "../../shared/cx";
import { formatDateTime, formatShort } from "../../shared/format";
import { Icon, type IconName } from "../../shared/icons/Icon";
import css from "./Outbox.module.css";

interface OutboxRowProps {
  entry: OutboxEntry;
  onOpen: (document: string) => void;
  onDismiss: ((id: string) => void) | undefined;
}

const KIND_ICONS: Record<string, IconName> = {
  add_opinion: "opinion",
  link_revision: "sign",
  mark_read: "eye",
};
const KINDS = ["add_opinion", "link_revision", "mark_read"] as const;
const STATE_ICONS: Record<OutboxEntry["state"], IconName> = {
  waiting: "save",
  received: "received",
  conflict: "warning",
  rejected: "warning",
};

/** One act: what, on which document, when, and where it stands. */
export function OutboxRow({ entry, onOpen, onDismiss }: OutboxRowProps) {
  const { t, i18n } = useTranslation();
  const kind = KINDS.find((known) => known === entry.kind);
  const refused = entry.state === "conflict" || entry.state === "rejected";
  const needsPerson = refused && !entry.dismissed;
  const known = entry.problem !== null && i18n.exists(`problem.${entry.problem}`);
  const now = Date.now();
  return (
    <li
      className={cx(css.row, needsPerson && css.attention)}
      data-testid="outbox-row"
      data-state={entry.state}
      data-kind={entry.kind}
    >
      <Icon name={KIND_ICONS[entry.kind] ?? "document"} size={20} className={css.kindIcon} />
      <div className={css.what}>
        <p className={css.line}>
          <span className={css.kind}>
            {kind === undefined ? entry.kind : t(`sync.kind.${kind}`)}
          </span>
          <button type="button" className={css.title} onClick={() => onOpen(entry.document)}>
            {entry.document_title}
          </button>
        </p>
        {refused && (
          <p className={css.problem}>
            {t(known ? (`problem.${entry.problem}` as "problem.OTHER") : "problem.OTHER")}
            {entry.problem !== null && <span className={css.code}> ({entry.problem})</span>}
          </p>
        )}
        {needsPerson && (
          <div className={css.acts}>
            <Button onClick={() => onOpen(entry.document)}>{t("sync.openDocument")}</Button>
            {onDismiss !== undefined && (
              <Button
                tone="quiet"
                title={t("sync.dismissHint")}
                onClick={() => onDismiss(entry.id)}
                data-testid="outbox-dismiss"
              >
                {t("sync.dismiss")}
              </Button>
            )}
          </div>
        )}
      </div>
      <p className={cx(css.state, css[entry.state])}>
        <span className={css.stateWord}>
          <Icon name={STATE_ICONS[entry.state]} />
          {t(`sync.state.${entry.state}`)}
        </span>
        <span className={css.when} title={formatDateTime(entry.received_at ?? entry.at)}>
          {formatShort(entry.received_at ?? entry.at, now)}
          {entry.receipt !== null && ` · ${t("sync.receipt", { number: entry.receipt })}`}
        </span>
      </p>
    </li>
  );
}
