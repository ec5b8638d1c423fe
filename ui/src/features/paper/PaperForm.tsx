import { type KeyboardEvent, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { DocumentDetail, HandlingActDto, LoanDto } from "../../generated/types";
import { isKey } from "../../keymap";
import { CommandError } from "../../platform";
import { ErrorMessage } from "../../shared/ErrorMessage";
import { FormFoot } from "../../shared/FormFoot";
import { TextField } from "../../shared/TextField";
import type { PaperActKind } from "../handling/acts";
import { useKept } from "../handling/kept";
import type { Acting } from "../handling/useHandling";
import { parseDay, showDay, todayHere } from "../intake/days";
import css from "../issuing/Issuing.module.css";

interface PaperFormProps {
  kind: PaperActKind;
  detail: DocumentDetail;
  acting: Acting;
}

interface PaperDraft {
  on: string;
  to: string;
  envelopes: string;
  borrower: string;
  permitted_by: string;
  note: string;
  /** The loan that came back. */
  loan: string;
}

const FIELDS = {
  mail: ["on", "to", "envelopes", "note"],
  lend: ["on", "borrower", "permitted_by", "note"],
  take_in: ["on"],
} as const satisfies Record<PaperActKind, readonly (keyof PaperDraft)[]>;

/** What is done on paper with a document that goes out, for the registers: envelopes to the post office,
 * the file copy given out and taken back. */
export function PaperForm({ kind, detail, acting }: PaperFormProps) {
  const { t } = useTranslation();
  const root = useRef<HTMLFormElement>(null);
  const outgoing = acting.handling?.outgoing;
  const loans = (outgoing?.loans ?? []).filter((one) => one.returned_on === null);
  const empty: PaperDraft = {
    on: showDay(todayHere()),
    to: [...(outgoing?.deliveries ?? []).map((one) => one.name), ...(outgoing?.places ?? [])]
      .join("; ")
      .slice(0, 300),
    envelopes: "1",
    borrower: "",
    permitted_by: "",
    note: "",
    loan: loans[0]?.id ?? "",
  };
  const { value, kept, change, keep, clear } = useKept(`draft.act.${detail.row.id}.${kind}`, empty);
  const refused = acting.error == null ? null : CommandError.from(acting.error);
  /** What the face itself cannot send: a day that is none, a number that is none. */
  const [unsent, setUnsent] = useState<string | null>(null);
  const [mended, setMended] = useState(false);
  const said = unsent ?? (refused?.code === "ACT_FIELD" ? (refused.args.field ?? "") : null);
  const faulty = mended ? null : said;

  // biome-ignore lint/correctness/useExhaustiveDependencies: each refusal leads back to its field.
  useEffect(() => {
    const wrong = root.current?.querySelector<HTMLElement>('[aria-invalid="true"]');
    (wrong ?? root.current?.querySelector<HTMLElement>("[data-first]"))?.focus();
  }, [faulty, acting.error]);

  const send = () => {
    if (acting.busy) return;
    const act = actOf(kind, value, loans);
    setUnsent(typeof act === "string" ? act : null);
    setMended(false);
    if (typeof act === "string") return;
    keep();
    void acting.submit(act).then((done) => {
      if (done) clear();
    });
  };
  const onSendKey = (event: KeyboardEvent) => {
    const isSent = isKey(event.nativeEvent, "act.send");
    if (!isSent && !isKey(event.nativeEvent, "back")) return;
    event.preventDefault();
    event.stopPropagation();
    if (!isSent) acting.close();
    else if (!event.nativeEvent.repeat) send();
  };
  return (
    <form
      ref={root}
      className={css.form}
      noValidate
      onKeyDownCapture={onSendKey}
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
      data-testid={`act-form-${kind}`}
    >
      {refused !== null && refused.code !== "ACT_FIELD" && <ErrorMessage error={refused} />}
      {kind === "take_in" && (
        <fieldset className={css.askedBack}>
          <legend>{t("paper.loan")}</legend>
          {loans.map((one) => (
            <label key={one.id} className={css.choice} data-testid="paper-loan">
              <input
                type="radio"
                name="loan"
                checked={one.id === value.loan}
                onChange={() => change({ loan: one.id })}
              />
              <span>{t("paper.lentTo", { who: one.borrower, day: showDay(one.on) })}</span>
            </label>
          ))}
        </fieldset>
      )}
      {FIELDS[kind].map((field) => (
        <TextField
          key={field}
          label={t(field === "on" ? `paper.on.${kind}` : `paper.field.${field}`)}
          defaultValue={value[field]}
          placeholder={field === "on" ? t("intake.dayHint") : undefined}
          inputMode={field === "envelopes" ? "numeric" : undefined}
          autoComplete="off"
          data-first={field === FIRST[kind] ? "" : undefined}
          problem={faulty === field ? `${t(`paper.problem.${field}`)} (ACT_FIELD)` : undefined}
          onInput={(event) => {
            if (faulty === field) setMended(true);
            change({ [field]: event.currentTarget.value });
          }}
          onBlur={(event) => {
            if (field === "on") {
              const day = parseDay(event.target.value, todayHere());
              if (day) event.target.value = showDay(day);
            }
            keep();
          }}
          data-testid={`paper-${field}`}
        />
      ))}
      {faulty === "loan" && (
        <p className={css.problem} data-testid="field-problem">
          {t("paper.problem.loan")} (ACT_FIELD)
        </p>
      )}
      <FormFoot
        edge="panel"
        kept={kept}
        busy={acting.busy}
        label={t(`act.do.${kind}`)}
        onCancel={acting.close}
      />
    </form>
  );
}

/** Where the hand begins: the day is today's already. */
const FIRST: Record<PaperActKind, keyof PaperDraft> = {
  mail: "to",
  lend: "borrower",
  take_in: "on",
};

/** The act, or the field that the face itself cannot send. */
function actOf(
  kind: PaperActKind,
  draft: PaperDraft,
  loans: readonly LoanDto[],
): HandlingActDto | keyof PaperDraft {
  const on = parseDay(draft.on, todayHere());
  if (!on) return "on";
  const note = draft.note.trim();
  switch (kind) {
    case "mail": {
      if (!/^\d{1,4}$/.test(draft.envelopes.trim())) return "envelopes";
      return { act: kind, on, to: draft.to.trim(), envelopes: Number(draft.envelopes), note };
    }
    case "lend": {
      const [borrower, permitted_by] = [draft.borrower.trim(), draft.permitted_by.trim()];
      return { act: kind, on, borrower, permitted_by, note };
    }
    case "take_in": {
      const chosen = loans.find((one) => one.id === draft.loan) ?? loans[0];
      return chosen === undefined ? "loan" : { act: kind, loan: chosen.id, on };
    }
  }
}
