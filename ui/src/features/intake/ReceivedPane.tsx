import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { ReceivedDto } from "../../generated/types";
import { host } from "../../platform";
import { Button } from "../../shared/Button";
import { ErrorMessage } from "../../shared/ErrorMessage";
import { formatDateTime } from "../../shared/format";
import { Icon } from "../../shared/icons/Icon";
import { SafeWord } from "../../shared/SafeWord";
import { showDay } from "./days";
import list from "./ReceivedList.module.css";
import css from "./RegisteredCard.module.css";
import { VoidDialog } from "./VoidDialog";

interface ReceivedPaneProps {
  entry: ReceivedDto;
  /** Counts up when the first button is to take the focus. */
  focus: number;
  onOpenDocument: (id: string) => void;
}

/** What the sender says of a document, its number once it has one, and the way back until it is sent. */
export function ReceivedPane({ entry, focus, onOpenDocument }: ReceivedPaneProps) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [asking, setAsking] = useState(false);
  const first = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (focus > 0) first.current?.focus();
  }, [focus]);
  const undo = useMutation({
    mutationFn: (reason: string) =>
      host().call("registration_undo", { document: entry.document, reason }),
    onSettled: () => client.invalidateQueries({ queryKey: ["documents"] }),
  });
  const done = entry.registered;
  const facts = [
    ["notation", entry.notation],
    ["issued_on", entry.issued_on && showDay(entry.issued_on)],
    ["issuer", entry.issuer],
    ["subject", entry.subject],
    ["urgency", t(`urgency.${entry.urgency}` as "urgency.normal")],
  ] as const;
  return (
    <div className={list.pane}>
      <div className={css.card} data-testid="axis-pane" data-id={entry.document}>
        <div className={css.body}>
          {done === null ? (
            <p className={css.confirmed}>
              <Icon name="incoming" size={20} />
              {t("axis.waits")}
            </p>
          ) : (
            <div className={css.number}>
              {done.number === null ? (
                <>
                  <p className={css.waits}>
                    <Icon name="clock" size={20} />
                    {t("intake.waitsForNumber")}
                  </p>
                  <p>{t("intake.provisional", { number: done.provisional })}</p>
                </>
              ) : (
                <p className={css.given} data-testid="axis-number">
                  {t("document.arrival", { number: done.number })}
                </p>
              )}
              <SafeWord received={!done.can_undo} />
            </div>
          )}
          {undo.error !== null && <ErrorMessage error={undo.error} />}
          <dl className={css.facts}>
            {facts
              .filter(([, value]) => value !== "")
              .map(([field, value]) => (
                <div key={field}>
                  <dt>{t(`intake.field.${field}`)}</dt>
                  <dd>{value}</dd>
                </div>
              ))}
            <div>
              <dt>{t("axis.arrived")}</dt>
              <dd>{formatDateTime(entry.arrived_at)}</dd>
            </div>
          </dl>
        </div>
        <div className={css.foot}>
          <Button
            ref={first}
            icon="incoming"
            onClick={() => onOpenDocument(entry.document)}
            data-testid="axis-open"
          >
            {t("intake.openDocument")}
          </Button>
          {done?.can_undo === true && (
            <Button icon="undo" onClick={() => setAsking(true)} data-testid="axis-undo">
              {t("intake.undoRegistration")}
            </Button>
          )}
          <p className={css.note}>
            {done?.can_undo === true ? t("intake.undoWhile") : t("axis.note")}
          </p>
        </div>
        {done !== null && (
          <VoidDialog
            open={asking}
            card={done}
            onClose={() => setAsking(false)}
            onYes={(reason) => undo.mutate(reason)}
          />
        )}
      </div>
    </div>
  );
}
