import type { TFunction } from "i18next";
import { type MouseEvent, memo } from "react";
import { useTranslation } from "react-i18next";
import type { TrayRow } from "../../generated/types";
import { Badge } from "../../shared/Badge";
import { cx } from "../../shared/cx";
import { Icon, type IconName } from "../../shared/icons/Icon";
import { isUrgency } from "../document/words";
import { dueInWords } from "../list/due";
import css from "./TrayRowView.module.css";

interface TrayRowViewProps {
  row: TrayRow;
  now: number;
  onMark: () => void;
}

/** What the tray says of a document: number, about what, how much of it was read, the mark. */
export const TrayRowView = memo(function TrayRowView({ row, now, onMark }: TrayRowViewProps) {
  const { t } = useTranslation();
  const due = dueInWords(row, now, t);
  const express = row.urgency === "express" || row.urgency === "express_timed";
  const [icon, words] = readingInWords(row, t);
  const mark = (event: MouseEvent) => {
    event.stopPropagation();
    onMark();
  };
  return (
    <div className={css.row}>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: the list has the key for it. */}
      {/* biome-ignore lint/a11y/useKeyWithClickEvents: the list has the key for it. */}
      <span
        className={cx(css.mark, row.marked && css.marked)}
        title={t(row.marked ? "tray.unmark" : "tray.mark")}
        onClick={mark}
        data-testid="tray-mark"
      >
        {row.marked && <Icon name="check" />}
      </span>
      <span className={css.head}>
        {isUrgency(row.urgency) && row.urgency !== "normal" && (
          <Badge tone="danger" solid={express}>
            {t(`urgency.${row.urgency}`)}
          </Badge>
        )}
        <span className={cx(css.notation, row.notation === null && css.none)}>
          {row.notation ?? row.kind}
        </span>
        {due !== null && <span className={cx(css.due, css[due.tone])}>{due.words}</span>}
      </span>
      <span className={css.subject}>{row.subject}</span>
      <span className={css.reading}>
        <Icon name={icon} />
        <span className={css.words}>{words}</span>
        {row.marked && <span className={css.toSign}>{t("tray.marked")}</span>}
      </span>
    </div>
  );
});

function readingInWords(row: TrayRow, t: TFunction): [IconName, string] {
  if (row.state === "coming") return ["download", t("tray.coming")];
  if (row.state === "no_file") return ["warning", t("tray.noFile")];
  switch (row.read) {
    case "all":
      return ["eye", t("tray.readAll")];
    case "some":
      return [
        "eye",
        t("tray.readSome", { read: row.pages_read, count: row.pages ?? row.pages_read }),
      ];
    case "none":
      return ["eyeOff", t("tray.readNone")];
  }
}
