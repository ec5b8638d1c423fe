import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { LetterDetail } from "../../generated/types";
import { host } from "../../platform";
import { Button } from "../../shared/Button";
import { ErrorMessage } from "../../shared/ErrorMessage";
import { Icon } from "../../shared/icons/Icon";
import { SafeWord } from "../../shared/SafeWord";
import { FIELDS } from "./fields";
import css from "./RegisteredCard.module.css";
import { shown } from "./useLetterForm";
import { VoidDialog } from "./VoidDialog";

interface RegisteredCardProps {
  detail: LetterDetail;
  /** Counts up when the first button is to take the focus. */
  focus: number;
  onReopen: () => void;
  onOpenDocument: (id: string) => void;
}

/** A letter that was confirmed or registered: what it says, its number, and the way back. */
export function RegisteredCard(props: RegisteredCardProps) {
  const { detail, focus, onReopen, onOpenDocument } = props;
  const first = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (focus > 0) first.current?.focus();
  }, [focus]);
  const { t } = useTranslation();
  const client = useQueryClient();
  const { card, fields } = detail;
  const [asking, setAsking] = useState(false);
  const undo = useMutation({
    mutationFn: (args: { document: string; reason: string }) =>
      host().call(card.can_undo ? "registration_undo" : "registration_withdraw", args),
    onSettled: () =>
      Promise.all(
        ["intake", "documents"].map((tag) => client.invalidateQueries({ queryKey: [tag] })),
      ),
  });
  const registered = card.state === "REGISTERED";
  const document = card.document;
  return (
    <div className={css.card} data-testid="registered-card">
      <div className={css.body}>
        {registered ? (
          <div className={css.number}>
            {card.number === null ? (
              <>
                <p className={css.waits}>
                  <Icon name="clock" size={20} />
                  {t("intake.waitsForNumber")}
                </p>
                <p>{t("intake.provisional", { number: card.provisional ?? "" })}</p>
              </>
            ) : (
              <p className={css.given} data-testid="arrival-number">
                {t("document.arrival", { number: card.number })}
              </p>
            )}
            <SafeWord received={!card.can_undo} />
          </div>
        ) : (
          <p className={css.confirmed}>
            <Icon name="check" size={20} />
            {t("intake.confirmedText")}
          </p>
        )}
        {undo.error !== null && <ErrorMessage error={undo.error} />}
        <dl className={css.facts}>
          {FIELDS.filter((field) => fields[field] !== "").map((field) => (
            <div key={field}>
              <dt>{t(`intake.field.${field}`)}</dt>
              <dd>
                {field === "urgency"
                  ? t(`urgency.${fields.urgency}` as "urgency.normal")
                  : shown(detail, field)}
              </dd>
            </div>
          ))}
        </dl>
      </div>
      <div className={css.foot}>
        {!registered && (
          <Button ref={first} icon="undo" onClick={onReopen} data-testid="letter-reopen">
            {t("intake.reopen")}
          </Button>
        )}
        {document !== null && (
          <>
            <Button
              ref={first}
              tone="main"
              icon="incoming"
              onClick={() => onOpenDocument(document)}
            >
              {t("intake.openDocument")}
            </Button>
            <Button icon="undo" onClick={() => setAsking(true)} data-testid="registration-undo">
              {t(card.can_undo ? "intake.undoRegistration" : "intake.voidRegistration")}
            </Button>
            <p className={css.note}>{t(card.can_undo ? "intake.undoWhile" : "intake.voidAfter")}</p>
          </>
        )}
      </div>
      <VoidDialog
        open={asking}
        card={card}
        onClose={() => setAsking(false)}
        onYes={(reason) => {
          if (document !== null) undo.mutate({ document, reason });
        }}
      />
    </div>
  );
}
