import { useTranslation } from "react-i18next";
import type { DocumentDetail } from "../../generated/types";
import { keyLabel } from "../../keymap";
import { Badge } from "../../shared/Badge";
import { Button } from "../../shared/Button";
import { IconButton } from "../../shared/IconButton";
import { useNow } from "../../shared/useNow";
import { dueInWords } from "../list/due";
import css from "./Header.module.css";
import { isUrgency, stateWord } from "./words";

interface HeaderProps {
  detail: DocumentDetail;
  leader: boolean;
  canSign: boolean;
  signing: boolean;
  panelOpen: boolean;
  onSign: () => void;
  onWrite: () => void;
  onPanel: () => void;
}

/** What the document is and what can be done with it; the first act is the main one. */
export function Header(props: HeaderProps) {
  const { detail, leader, canSign, signing, panelOpen, onSign, onWrite, onPanel } = props;
  const { t } = useTranslation();
  const now = useNow(60_000);
  const { row } = detail;
  const due = dueInWords(row, now, t);
  const express = row.urgency.startsWith("express");
  const write =
    leader && detail.direction === "incoming" ? "document.direction" : "document.opinion";
  return (
    <header className={css.header}>
      <div className={css.what}>
        <p className={css.line}>
          <strong className={css.notation}>{row.notation ?? t("list.noNumber")}</strong>
          <span className={css.issuer}>{row.issuer}</span>
          {isUrgency(row.urgency) && row.urgency !== "normal" && (
            <Badge tone="danger" solid={express}>
              {t(`urgency.${row.urgency}`)}
            </Badge>
          )}
          <Badge tone="neutral">{stateWord(row.state, t)}</Badge>
          {due !== null && (
            <Badge tone={due.tone} icon="clock">
              {due.words}
            </Badge>
          )}
        </p>
        <h1 className={css.subject} title={row.subject}>
          {row.subject}
        </h1>
      </div>
      <div className={css.acts} role="toolbar" aria-label={t("document.acts")}>
        {canSign && (
          <Button
            tone="main"
            icon="sign"
            shortcut={signing ? undefined : keyLabel("main")}
            disabled={signing}
            onClick={onSign}
            data-testid="sign-open"
          >
            {t("document.sign")}
          </Button>
        )}
        <Button
          tone={canSign ? "plain" : "main"}
          icon="opinion"
          shortcut={canSign ? undefined : keyLabel("main")}
          onClick={onWrite}
          data-testid="opinion-open"
        >
          {t(write)}
        </Button>
        <IconButton
          icon="panel"
          label={panelOpen ? t("document.panelHide") : t("document.panelShow")}
          shortcut={keyLabel("panel")}
          pressed={panelOpen}
          onClick={onPanel}
          data-testid="panel-toggle"
        />
      </div>
    </header>
  );
}
