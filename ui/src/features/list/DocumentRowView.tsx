import { memo } from "react";
import { useTranslation } from "react-i18next";
import type { DocumentRow } from "../../generated/types";
import { Badge } from "../../shared/Badge";
import { cx } from "../../shared/cx";
import unseen from "../../shared/hidden.module.css";
import { Icon } from "../../shared/icons/Icon";
import { rowState } from "../document/words";
import css from "./DocumentRowView.module.css";
import { dueInWords } from "./due";

interface DocumentRowViewProps {
  row: DocumentRow;
  compact: boolean;
  now: number;
  /** Chosen for an act on several. */
  marked: boolean;
  /** It goes out: it is ours, so its kind and where it stands say more than whose it is. */
  outgoing: boolean;
}

/** What a row says of a document: number, urgency, deadline; from whom, about what. */
export const DocumentRowView = memo(function DocumentRowView(props: DocumentRowViewProps) {
  const { row, compact, now, marked, outgoing } = props;
  const { t } = useTranslation();
  const due = dueInWords(row, now, t);
  const urgency = row.urgency as "normal" | "urgent" | "very_urgent" | "express" | "express_timed";
  const express = urgency === "express" || urgency === "express_timed";
  // What has no number yet is called by its kind.
  const unnumbered = outgoing ? row.kind : t("list.noNumber");
  return (
    <div className={cx(css.row, compact && css.compact, row.unread && css.unread)}>
      <span className={css.mark}>
        {marked && (
          <span className={css.marked} title={t("list.marked")} data-testid="row-marked">
            <Icon name="check" />
            <span className={unseen.hidden}>{t("list.marked")}: </span>
          </span>
        )}
        {row.unread && !marked && <span className={css.dot} title={t("list.unread")} />}
        {row.unread && <span className={unseen.hidden}>{t("list.unread")}: </span>}
      </span>
      <span className={css.head}>
        {urgency !== "normal" && (
          <Badge tone="danger" solid={express}>
            {t(`urgency.${urgency}`)}
          </Badge>
        )}
        <span className={cx(css.notation, row.notation === null && !outgoing && css.none)}>
          {row.notation ?? unnumbered}
        </span>
        {(!outgoing || row.notation !== null) && (
          <span className={css.issuer}>{outgoing ? row.kind : row.issuer}</span>
        )}
      </span>
      <span className={css.end}>
        {row.sent === "saved_here" && (
          <span className={css.sent} title={t("list.savedHere")}>
            <Icon name="save" />
            <span className={unseen.hidden}>{t("list.savedHere")}</span>
          </span>
        )}
        {row.sent === "needs_attention" && (
          <span className={cx(css.sent, css.attention)} title={t("list.attention")}>
            <Icon name="warning" />
            <span className={unseen.hidden}>{t("list.attention")}</span>
          </span>
        )}
        {outgoing && (
          <span className={cx(css.due, css.neutral)} data-testid="row-state">
            {rowState(row, t)}
          </span>
        )}
        {due !== null && (
          <span className={cx(css.due, css[due.tone])}>
            {due.tone !== "neutral" && <Icon name="clock" />}
            {due.words}
          </span>
        )}
      </span>
      <span className={css.subject}>{row.subject}</span>
    </div>
  );
});
