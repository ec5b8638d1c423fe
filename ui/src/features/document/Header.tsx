import { useTranslation } from "react-i18next";
import type { DocumentDetail } from "../../generated/types";
import { keyLabel } from "../../keymap";
import { Badge } from "../../shared/Badge";
import { Button } from "../../shared/Button";
import { IconButton } from "../../shared/IconButton";
import { useMedia } from "../../shared/useMedia";
import { useNow } from "../../shared/useNow";
import { ActMenu } from "../handling/ActMenu";
import { ACT_ICONS, actName, allowedActs, mainAct } from "../handling/acts";
import type { Acting } from "../handling/useHandling";
import { dueInWords } from "../list/due";
import css from "./Header.module.css";
import { isUrgency, rowState } from "./words";

interface HeaderProps {
  detail: DocumentDetail;
  leader: boolean;
  /** As whom this person can sign it now. */
  signsAs: "leader" | "agency" | null;
  signing: boolean;
  panelOpen: boolean;
  acting: Acting;
  onSign: () => void;
  onWrite: () => void;
  onPanel: () => void;
  onTask: (() => void) | undefined;
}

/** Below this width urgency, state and deadline need the room beside the number. */
const CROWDED = "(max-width: 1499px)";

/** What the document is and what can be done with it; the first act is the main one. */
export function Header(props: HeaderProps) {
  const { detail, leader, signsAs, signing, panelOpen, acting, onSign, onWrite, onPanel, onTask } =
    props;
  const { t } = useTranslation();
  const now = useNow(60_000);
  // Where there is little room, what the document is comes before the key.
  const narrow = useMedia(CROWDED);
  const { row } = detail;
  const due = dueInWords(row, now, t);
  const express = row.urgency.startsWith("express");
  const allowed = allowedActs(acting.handling);
  const first = mainAct(acting.handling);
  // Where a direction can be given with its receivers, words alone are an opinion.
  const write =
    leader && detail.direction === "incoming" && !allowed.includes("direct")
      ? "document.direction"
      : "document.opinion";
  const isNumberAsked = acting.handling?.outgoing?.numbered != null;
  const writesFirst = signsAs === null && first === null && acting.known;
  return (
    <header className={css.header}>
      <div className={css.what}>
        <p className={css.line}>
          <strong className={css.notation}>
            {row.notation ?? t(isNumberAsked ? "issuing.numberWaits" : "list.noNumber")}
          </strong>
          <span className={css.issuer}>{row.issuer}</span>
          {isUrgency(row.urgency) && row.urgency !== "normal" && (
            <Badge tone="danger" solid={express}>
              {t(`urgency.${row.urgency}`)}
            </Badge>
          )}
          <Badge tone="neutral">{rowState(row, t)}</Badge>
          {due !== null && (
            <Badge tone={due.tone} icon="clock">
              {due.words}
            </Badge>
          )}
        </p>
        <h2 className={css.subject} title={row.subject} data-testid="document-subject">
          {row.subject}
        </h2>
      </div>
      <div className={css.acts} role="toolbar" aria-label={t("document.acts")}>
        {signsAs !== null && (
          <Button
            tone="main"
            icon="sign"
            shortcut={signing ? undefined : keyLabel("main")}
            disabled={signing}
            onClick={onSign}
            data-testid="sign-open"
          >
            {t(signsAs === "agency" ? "document.seal" : "document.sign")}
          </Button>
        )}
        {first !== null && (
          <Button
            tone={acting.form === null ? "main" : "plain"}
            disabled={acting.form !== null}
            icon={ACT_ICONS[first]}
            shortcut={acting.form === null && !narrow ? keyLabel("main") : undefined}
            aria-busy={acting.busy}
            onClick={() => acting.start(first)}
            data-testid={`act-${first}`}
          >
            {t(actName(first, acting.handling))}
          </Button>
        )}
        <Button
          tone={writesFirst ? "main" : "plain"}
          icon="opinion"
          shortcut={writesFirst ? keyLabel("main") : undefined}
          onClick={onWrite}
          data-testid="opinion-open"
        >
          {t(write)}
        </Button>
        <ActMenu
          acts={allowed.filter((act) => act !== first)}
          acting={acting}
          onTask={signing || acting.form !== null ? undefined : onTask}
        />
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
