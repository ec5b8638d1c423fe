import { type KeyboardEvent, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { DocumentDetail } from "../../generated/types";
import { isKey, isTyping } from "../../keymap";
import { CommandError } from "../../platform";
import { Badge } from "../../shared/Badge";
import { ErrorMessage } from "../../shared/ErrorMessage";
import { FormFoot } from "../../shared/FormFoot";
import { useKept } from "../handling/kept";
import type { Acting } from "../handling/useHandling";
import { WordsField } from "../handling/WordsField";
import css from "./Issuing.module.css";
import { deliveryTone, statusWord } from "./words";

interface RecallFormProps {
  detail: DocumentDetail;
  acting: Acting;
}

interface RecallDraft {
  /** Codes of those who are asked. */
  to: string[];
  reason: string;
}

/** From whom a document is wanted back, and why: they are told. Who has refused it or was asked before
 * cannot be asked. */
export function RecallForm({ detail, acting }: RecallFormProps) {
  const { t } = useTranslation();
  const root = useRef<HTMLFormElement>(null);
  const able = (acting.handling?.outgoing?.deliveries ?? []).filter((one) => one.may_recall);
  const [only] = able;
  // Where there is one only, there is nothing to choose.
  const empty: RecallDraft = {
    to: able.length === 1 && only !== undefined ? [only.code] : [],
    reason: "",
  };
  const { value, kept, change, keep, clear } = useKept(`draft.act.${detail.row.id}.recall`, empty);
  const chosen = value.to.filter((code) => able.some((one) => one.code === code));
  const refused = acting.error == null ? null : CommandError.from(acting.error);
  /** Nobody is named: the core would ask all of them. */
  const [nobody, setNobody] = useState(false);
  const [mended, setMended] = useState(false);
  const said = refused?.code === "ACT_FIELD" ? (refused.args.field ?? "") : null;
  const faulty = nobody ? "to" : mended ? null : said;

  // biome-ignore lint/correctness/useExhaustiveDependencies: each refusal leads back to its field.
  useEffect(() => {
    const wrong = root.current?.querySelector<HTMLElement>('[aria-invalid="true"]');
    const first = root.current?.querySelector<HTMLElement>(able.length > 1 ? "input" : "textarea");
    (wrong ?? first)?.focus();
  }, [faulty, acting.error]);

  const mark = (code: string, on: boolean) => {
    setNobody(false);
    setMended(true);
    change({ to: on ? [...chosen, code] : chosen.filter((one) => one !== code) });
  };
  const send = () => {
    if (acting.busy) return;
    setNobody(chosen.length === 0);
    if (chosen.length === 0) return;
    setMended(false);
    keep();
    void acting.submit({ act: "recall", to: chosen, reason: value.reason.trim() }).then((done) => {
      if (done) clear();
    });
  };
  const onSendKey = (event: KeyboardEvent) => {
    if (!isKey(event.nativeEvent, "act.send")) return;
    event.preventDefault();
    event.stopPropagation();
    if (!event.nativeEvent.repeat) send();
  };
  const onKey = (event: KeyboardEvent) => {
    if (event.defaultPrevented) return;
    // Enter on a box would send the form half filled in.
    if (event.key === "Enter" && !isTyping(event.target)) event.preventDefault();
    if (!isKey(event.nativeEvent, "back")) return;
    event.preventDefault();
    event.stopPropagation();
    acting.close();
  };
  return (
    <form
      ref={root}
      className={css.form}
      noValidate
      onKeyDownCapture={onSendKey}
      onKeyDown={onKey}
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
      data-testid="act-form-recall"
    >
      {refused !== null && refused.code !== "ACT_FIELD" && <ErrorMessage error={refused} />}
      <fieldset className={css.askedBack}>
        <legend>{t("issuing.recallFrom")}</legend>
        {able.map((one) => (
          <label key={one.code} className={css.choice} data-testid="recall-choice">
            <input
              type="checkbox"
              checked={chosen.includes(one.code)}
              aria-invalid={faulty === "to"}
              onChange={(event) => mark(one.code, event.currentTarget.checked)}
            />
            <span>{one.name}</span>
            <Badge tone={deliveryTone(one.statuses.at(-1)?.code)}>
              {one.statuses.length === 0
                ? t("issuing.noAnswer")
                : statusWord(one.statuses.at(-1)?.code ?? "", t)}
            </Badge>
          </label>
        ))}
        {faulty === "to" && (
          <p className={css.problem} data-testid="field-problem">
            {t("issuing.problem.recall")} (ACT_FIELD)
          </p>
        )}
      </fieldset>
      <WordsField
        label={t("issuing.recallWhy")}
        defaultValue={value.reason}
        rows={3}
        onInput={(reason) => {
          setMended(true);
          change({ reason });
        }}
        onBlur={keep}
        problem={faulty === "reason" ? `${t("act.problem.reason")} (ACT_FIELD)` : undefined}
        phrases={null}
        facts={{}}
      />
      <FormFoot
        edge="panel"
        kept={kept}
        busy={acting.busy}
        label={t("act.do.recall")}
        onCancel={acting.close}
      />
    </form>
  );
}
