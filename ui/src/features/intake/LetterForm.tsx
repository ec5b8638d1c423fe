import { type KeyboardEvent, type Ref, useEffect, useId } from "react";
import { useTranslation } from "react-i18next";
import type { LetterDetail } from "../../generated/types";
import { isKey, keyLabel } from "../../keymap";
import { Button } from "../../shared/Button";
import { cx } from "../../shared/cx";
import { ErrorMessage } from "../../shared/ErrorMessage";
import { Icon } from "../../shared/icons/Icon";
import { type Option, SuggestField } from "../../shared/SuggestField";
import box from "../../shared/SuggestField.module.css";
import { findActivities } from "./activities";
import { offered } from "./agencies";
import { confidenceOf, type FieldName, placesOf, readingOf } from "./fields";
import { findKinds } from "./kinds";
import css from "./LetterForm.module.css";
import { Loupe } from "./Loupe";
import { type LetterFormControl, shown } from "./useLetterForm";

const URGENCIES = ["normal", "urgent", "very_urgent", "express", "express_timed"] as const;

interface LetterFormProps {
  detail: LetterDetail;
  form: LetterFormControl;
  /** Values of the batch in words, and how to change them. */
  batch: React.ReactNode;
  children?: React.ReactNode;
  onInFocus: (field: FieldName | null) => void;
  /** Escape leaves the form. */
  onBack: () => void;
}

/** The fields of the register beside the page: what is unsure is amber and comes first. */
export function LetterForm(props: LetterFormProps) {
  const { detail, form, batch, children, onInFocus, onBack } = props;
  const { t } = useTranslation();
  const { inFocus, doubtful } = form;
  useEffect(() => onInFocus(inFocus), [inFocus, onInFocus]);
  const onKey = (event: KeyboardEvent) => {
    const key = event.nativeEvent;
    if (isKey(key, "back")) onBack();
    else if (isKey(key, "intake.acceptAll")) form.acceptLetter();
    else if (
      isKey(key, "intake.accept") &&
      event.target instanceof Element &&
      event.target.matches("input, textarea, select")
    ) {
      form.enter();
    } else return;
    event.preventDefault();
    event.stopPropagation();
  };
  const hintIcon = detail.duplicates.length > 0 ? "copy" : doubtful.length === 0 ? "check" : "eye";
  const problem = (field: FieldName) =>
    form.wrong === field ? t(`intake.wrong.${field}`) : undefined;
  const line = (field: FieldName, className?: string | undefined) => (
    <Line
      field={field}
      detail={detail}
      form={form}
      problem={problem(field)}
      className={className}
    />
  );
  const findAgencies = (text: string): Promise<Option[]> => offered(text, form.issuedOn(), t);
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the keys of the fields inside.
    <div className={css.form} onKeyDown={onKey} data-testid="letter-form">
      <Loupe pages={detail.pages} place={placesOf(detail, inFocus ?? "notation")[0]} />
      <div className={css.body}>
        {children}
        {form.error !== null && <ErrorMessage error={form.error} />}
        <div className={css.grid}>
          <Suggested
            field="issuer"
            detail={detail}
            form={form}
            problem={problem("issuer")}
            className={css.wide}
            find={findAgencies}
            onChosen={(option) => form.chooseIssuer(option.id === "" ? null : option.id)}
          />
          {line("notation")}
          {line("issued_on")}
          <Suggested
            field="kind"
            detail={detail}
            form={form}
            problem={problem("kind")}
            find={findKinds}
            onChosen={() => form.choose("kind")}
          />
          <Urgency detail={detail} form={form} />
          <Subject detail={detail} form={form} problem={problem("subject")} />
          {detail.activities.length > 0 && (
            <Suggested
              field="activity"
              detail={detail}
              form={form}
              problem={problem("activity")}
              className={css.wide}
              find={(text) => findActivities(detail.activities, text)}
              onChosen={() => form.choose("activity")}
            />
          )}
          {line("signer_name")}
          {line("signer_position")}
          {line("due")}
        </div>
      </div>
      <div className={css.foot}>
        {batch}
        <p className={css.hint} role="status" data-doubtful={doubtful.length}>
          <Icon name={hintIcon} />
          {detail.duplicates.length > 0
            ? t("intake.decideDuplicate")
            : doubtful.length === 0
              ? t("intake.allSure")
              : t("intake.doubtful", { count: doubtful.length })}
        </p>
        <Button
          ref={form.accept}
          tone="main"
          icon="check"
          shortcut={keyLabel("intake.accept")}
          className={css.accept}
          disabled={!form.ready || form.pending}
          onClick={() => form.acceptLetter()}
          data-testid="letter-accept"
        >
          {t("intake.accept")}
        </Button>
      </div>
    </div>
  );
}

interface FieldProps {
  field: FieldName;
  detail: LetterDetail;
  form: LetterFormControl;
  problem: string | undefined;
  className?: string | undefined;
}

/** How sure a reading is, in words, where somebody should look. */
function Sureness({ field, detail }: Pick<FieldProps, "field" | "detail">) {
  const { t } = useTranslation();
  const confidence = confidenceOf(detail, field);
  // No page says the field of activity: the clerk sees where it comes from.
  if (confidence >= 0.8 && field === "activity" && readingOf(detail, field) !== undefined) {
    return <span className={css.learned}>{t("intake.learned")}</span>;
  }
  if (confidence >= 0.8) return null;
  return (
    <span className={css.unsure}>
      <Icon name="eye" />
      {t(confidence === 0 ? "intake.notFound" : "intake.unsure")}
    </span>
  );
}

function Line({ field, detail, form, problem, className }: FieldProps) {
  const { t } = useTranslation();
  const id = useId();
  const { ref, ...events } = form.bind(field);
  return (
    <div className={className}>
      <label className={box.label} htmlFor={id}>
        {t(`intake.field.${field}`)}
        <Sureness field={field} detail={detail} />
      </label>
      <input
        {...events}
        id={id}
        ref={ref}
        className={cx(
          box.input,
          form.doubtful.includes(field) && box.doubtful,
          problem !== undefined && box.wrong,
        )}
        defaultValue={shown(detail, field)}
        autoComplete="off"
        spellCheck={false}
        placeholder={field === "issued_on" || field === "due" ? t("intake.dayHint") : undefined}
        aria-invalid={problem !== undefined}
        aria-describedby={problem === undefined ? undefined : `${id}-note`}
        data-testid={`field-${field}`}
      />
      {problem !== undefined && (
        <p id={`${id}-note`} className={box.problem}>
          {problem}
        </p>
      )}
    </div>
  );
}

interface SuggestedProps extends FieldProps {
  find: (text: string) => Option[] | Promise<Option[]>;
  onChosen: (option: Option) => void;
}

function Suggested({ field, detail, form, problem, className, find, onChosen }: SuggestedProps) {
  const { t } = useTranslation();
  const { ref, ...events } = form.bind(field);
  return (
    <div className={className}>
      <SuggestField
        {...events}
        inputRef={ref as Ref<HTMLInputElement>}
        label={t(`intake.field.${field}`)}
        labelEnd={<Sureness field={field} detail={detail} />}
        defaultValue={shown(detail, field)}
        find={find}
        onChosen={onChosen}
        problem={problem}
        doubtful={form.doubtful.includes(field)}
        testId={`field-${field}`}
      />
    </div>
  );
}

function Urgency({ detail, form }: Pick<FieldProps, "detail" | "form">) {
  const { t } = useTranslation();
  const id = useId();
  const { ref, ...events } = form.bind("urgency");
  return (
    <div>
      <label className={box.label} htmlFor={id}>
        {t("intake.field.urgency")}
        <Sureness field="urgency" detail={detail} />
      </label>
      <select
        {...events}
        id={id}
        ref={ref}
        className={cx(box.input, form.doubtful.includes("urgency") && box.doubtful)}
        defaultValue={detail.fields.urgency}
        data-testid="field-urgency"
      >
        {URGENCIES.map((urgency) => (
          <option key={urgency} value={urgency}>
            {t(`urgency.${urgency}`)}
          </option>
        ))}
      </select>
    </div>
  );
}

function Subject({ detail, form, problem }: Omit<FieldProps, "field">) {
  const { t } = useTranslation();
  const id = useId();
  const { ref, ...events } = form.bind("subject");
  return (
    <div className={css.wide}>
      <label className={box.label} htmlFor={id}>
        {t("intake.field.subject")}
        <Sureness field="subject" detail={detail} />
      </label>
      <textarea
        {...events}
        id={id}
        ref={ref}
        rows={3}
        className={cx(
          box.input,
          form.doubtful.includes("subject") && box.doubtful,
          problem !== undefined && box.wrong,
        )}
        defaultValue={detail.fields.subject}
        spellCheck={false}
        aria-invalid={problem !== undefined}
        aria-describedby={problem === undefined ? undefined : `${id}-note`}
        data-testid="field-subject"
      />
      {problem !== undefined && (
        <p id={`${id}-note`} className={box.problem}>
          {problem}
        </p>
      )}
    </div>
  );
}
