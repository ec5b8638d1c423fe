import { useId } from "react";
import { useTranslation } from "react-i18next";
import { cx } from "../../shared/cx";
import { SuggestField } from "../../shared/SuggestField";
import box from "../../shared/SuggestField.module.css";
import { findKinds } from "../intake/kinds";
import { DraftFileField } from "./DraftFileField";
import css from "./Drafts.module.css";
import type { DraftForm } from "./useDraftForm";

const URGENCIES = ["normal", "urgent", "very_urgent", "express", "express_timed"] as const;
/** Ours for what is none of the decree's kinds: no draft is of it. */
const NO_KIND = "KHAC";

interface DraftFieldsProps {
  form: DraftForm;
  /** The word on the button that chooses the PDF. */
  choose: string;
  /** What is so while no PDF was chosen. */
  without: string;
}

/** The PDF of a draft and what stands on it. What is missing or wrong is said at its field, by the
 * core's word. */
export function DraftFields({ form, choose, without }: DraftFieldsProps) {
  const { t } = useTranslation();
  const id = useId();
  const { value, change, keep, problem } = form;
  return (
    <div className={css.fields}>
      <DraftFileField
        file={value.file}
        choose={choose}
        without={without}
        problem={problem("file")}
        onChosen={(file) => {
          change({ file });
          keep();
        }}
      />
      <SuggestField
        label={t("intake.field.kind")}
        defaultValue={value.kind}
        find={(text) => findKinds(text).filter((kind) => kind.id !== NO_KIND)}
        onChosen={(option) => change({ kind: option.text })}
        onInput={(kind) => change({ kind })}
        onFocus={() => undefined}
        onBlur={keep}
        inputRef={() => undefined}
        problem={problem("kind")}
        doubtful={false}
        testId="draft-kind"
      />
      <Labelled
        id={`${id}-symbol`}
        label={t("draft.symbol")}
        problem={problem("symbol")}
        note={t("draft.symbolNote")}
      >
        <input
          id={`${id}-symbol`}
          className={cx(box.input, problem("symbol") !== undefined && box.wrong)}
          defaultValue={value.symbol}
          autoComplete="off"
          spellCheck={false}
          placeholder={t("draft.symbolHint")}
          aria-invalid={problem("symbol") !== undefined}
          aria-describedby={`${id}-symbol-note`}
          data-testid="draft-symbol"
          onInput={(event) => change({ symbol: event.currentTarget.value })}
          onBlur={keep}
        />
      </Labelled>
      <Labelled id={`${id}-urgency`} label={t("intake.field.urgency")} problem={problem("urgency")}>
        <select
          id={`${id}-urgency`}
          className={box.input}
          defaultValue={value.urgency}
          data-testid="draft-urgency"
          onChange={(event) => change({ urgency: event.target.value })}
          onBlur={keep}
        >
          {URGENCIES.map((urgency) => (
            <option key={urgency} value={urgency}>
              {t(`urgency.${urgency}`)}
            </option>
          ))}
        </select>
      </Labelled>
      <Labelled
        id={`${id}-subject`}
        label={t("intake.field.subject")}
        problem={problem("subject")}
        className={css.wide}
      >
        <textarea
          id={`${id}-subject`}
          rows={3}
          className={cx(box.input, problem("subject") !== undefined && box.wrong)}
          defaultValue={value.subject}
          spellCheck={false}
          aria-invalid={problem("subject") !== undefined}
          aria-describedby={`${id}-subject-note`}
          data-testid="draft-subject"
          onInput={(event) => change({ subject: event.currentTarget.value })}
          onBlur={keep}
        />
      </Labelled>
    </div>
  );
}

interface LabelledProps {
  id: string;
  label: string;
  problem: string | undefined;
  note?: string;
  className?: string | undefined;
  children: React.ReactNode;
}

function Labelled({ id, label, problem, note, className, children }: LabelledProps) {
  return (
    <div className={className}>
      <label className={box.label} htmlFor={id}>
        {label}
      </label>
      {children}
      {problem !== undefined ? (
        <p id={`${id}-note`} className={box.problem} data-testid="field-problem">
          {problem}
        </p>
      ) : (
        note !== undefined && (
          <p id={`${id}-note`} className={css.note}>
            {note}
          </p>
        )
      )}
    </div>
  );
}
