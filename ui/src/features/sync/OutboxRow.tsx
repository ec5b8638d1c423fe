import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { ActChoice, OutboxEntry } from "../../generated/types";
import { Button } from "../../shared/Button";
import { Confirm } from "../../shared/Confirm";
import { cx } from "../../shared/cx";
import { ErrorMessage } from "../../shared/ErrorMessage";
import { formatDateTime, formatShort } from "../../shared/format";
import { Icon, type IconName } from "../../shared/icons/Icon";
import { copyText } from "../../shared/saveText";
import { useNotice } from "../../shared/Toasts";
import centre from "./Centre.module.css";
import css from "./Outbox.module.css";
import { RestButton } from "./Resting";
import { useKeptCopy } from "./useKeptCopy";

interface OutboxRowProps {
  entry: OutboxEntry;
  onOpen: (document: string) => void;
  onDismiss: ((id: string) => void) | undefined;
  onAgain: ((id: string) => void) | undefined;
}

const KIND_ICONS: Record<string, IconName> = {
  add_opinion: "opinion",
  link_revision: "sign",
  mark_read: "eye",
};
const KINDS = [
  "add_opinion",
  "link_revision",
  "mark_read",
  "register_incoming",
  "void_number",
  "present_document",
  "direct",
  "assign",
  "take_up",
  "resolve",
  "file",
  "return",
  "hand_over",
  "ask_extension",
  "answer_extension",
  "refuse",
  "answer_recall",
  "draft_document",
  "copy_document",
  "revise",
  "submit",
  "approve",
  "check_format",
  "initial",
  "take_back",
  "discard",
  "number",
  "issue",
  "recall",
  "mail",
  "lend",
  "take_in",
  "withdraw_registration",
  "dossier_plan",
  "dossier_start",
  "dossier_approve",
  "dossier_strike",
  "dossier_open",
  "dossier_amend",
  "dossier_add",
  "dossier_remove",
  "dossier_close",
  "dossier_reopen",
  "dossier_keep_back",
  "dossier_hand_over",
  "dossier_receive",
  "dossier_send_back",
  "task_give",
  "task_take_up",
  "task_report",
  "task_finish",
  "task_accept",
  "task_send_back",
  "task_ask_extension",
  "task_answer_extension",
  "task_withdraw",
  "calendar_set",
  "import_rows",
  "import_file",
  "calendar_clear",
] as const;
const STATE_ICONS: Record<OutboxEntry["state"], IconName> = {
  waiting: "save",
  received: "received",
  conflict: "warning",
  rejected: "warning",
};

/** Only a receipt that was checked is shown as proof. */
function receiptWord(verified: boolean | null) {
  if (verified === null) return "sync.receipt";
  return verified ? "sync.receiptVerified" : "sync.receiptBad";
}

/** One act: what, on which document, when, and where it stands. */
export function OutboxRow({ entry, onOpen, onDismiss, onAgain }: OutboxRowProps) {
  const { t, i18n } = useTranslation();
  const notice = useNotice();
  const [asking, setAsking] = useState(false);
  const keep = useKeptCopy(entry);
  const choose = (choice: ActChoice) => {
    switch (choice) {
      case "again":
        return onAgain?.(entry.id);
      case "sign_again":
      case "open":
        return onOpen(entry.document);
      case "copy_text":
        return void copyText(entry.text ?? "").then((done) => done && notice(t("sync.copied")));
      case "keep_copy":
        return keep.mutate();
      case "let_go":
        return setAsking(true);
    }
  };
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
            {t(known ? (`problem.${entry.problem}` as "problem.OTHER") : "problem.OTHER", {
              first: entry.first ?? "",
            })}
            {entry.problem !== null && <span className={css.code}> ({entry.problem})</span>}
          </p>
        )}
        {needsPerson && entry.text !== null && <p className={centre.words}>{entry.text}</p>}
        {needsPerson && (
          <div className={css.acts}>
            {entry.choices.map((choice) => (
              <Button
                key={choice}
                tone={choice === "let_go" ? "quiet" : "plain"}
                title={choice === "let_go" ? t("sync.dismissHint") : undefined}
                onClick={() => choose(choice)}
                data-testid={choice === "let_go" ? "outbox-dismiss" : `outbox-${choice}`}
              >
                {t(`sync.choice.${choice}`)}
              </Button>
            ))}
          </div>
        )}
        {keep.error !== null && <ErrorMessage error={keep.error} />}
        {entry.state === "waiting" && (
          <div className={css.acts}>
            <RestButton document={entry.document} title={entry.document_title} />
          </div>
        )}
        <Confirm
          open={asking}
          title={t("sync.dropTitle")}
          text={t("sync.dropText")}
          yes={t("sync.choice.let_go")}
          onYes={() => onDismiss?.(entry.id)}
          onClose={() => setAsking(false)}
        />
      </div>
      <p className={cx(css.state, entry.receipt_verified !== false && css[entry.state])}>
        <span className={css.stateWord}>
          <Icon name={STATE_ICONS[entry.state]} />
          {t(`sync.state.${entry.state}`)}
        </span>
        <span className={css.when} title={formatDateTime(entry.received_at ?? entry.at)}>
          {formatShort(entry.received_at ?? entry.at, now)}
        </span>
        {entry.receipt !== null && (
          <span className={css.when} data-verified={entry.receipt_verified}>
            {t(receiptWord(entry.receipt_verified), { number: entry.receipt })}
          </span>
        )}
      </p>
    </li>
  );
}
