import { useId, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { Button } from "../../shared/Button";
import { cx } from "../../shared/cx";
import box from "../../shared/SuggestField.module.css";
import { useNamedDays } from "../calendar/useNamedDays";
import { showDay, todayHere } from "../intake/days";
import css from "./DueField.module.css";
import { addWorkingDays, isWorked, parseDue, weekday, workingDaysUntil } from "./days";

interface DueFieldProps {
  label: string;
  defaultValue: string;
  onInput: (typed: string) => void;
  onBlur: () => void;
  problem: string | undefined;
  /** What holds where nothing is typed. */
  note: string;
  /** The day after which working days are counted. */
  from: string;
}

/** Working days that offices give most. */
const USUAL = [1, 3, 5, 7, 10] as const;

/** A deadline as a day: typed in any way people write days, `+3`, or one of the usual spans. What
 * it means is said below while it is typed. */
export function DueField(props: DueFieldProps) {
  const { label, defaultValue, onInput, onBlur, problem, note, from } = props;
  const { t } = useTranslation();
  const id = useId();
  const field = useRef<HTMLInputElement>(null);
  const [typed, setTyped] = useState(defaultValue);
  const today = todayHere();
  const named = useNamedDays();
  const day = parseDue(typed, today, from, named);
  const type = (text: string) => {
    setTyped(text);
    onInput(text);
  };
  return (
    <div>
      <label className={box.label} htmlFor={id}>
        {label}
      </label>
      <div className={css.line}>
        <input
          ref={field}
          id={id}
          className={cx(box.input, css.day, problem !== undefined && box.wrong)}
          defaultValue={defaultValue}
          placeholder={t("act.duePlaceholder")}
          autoComplete="off"
          spellCheck={false}
          aria-invalid={problem !== undefined}
          aria-describedby={`${id}-note`}
          data-testid="act-due"
          onInput={(event) => type(event.currentTarget.value)}
          onBlur={(event) => {
            // Only when it is left: what is being typed is never rewritten.
            if (day !== null && day !== "") event.currentTarget.value = showDay(day);
            type(event.currentTarget.value);
            onBlur();
          }}
        />
        <span
          className={css.usual}
          role="toolbar"
          aria-label={t(from === today ? "act.workingDays" : "act.workingDaysAfter")}
        >
          {USUAL.map((count) => (
            <Button
              key={count}
              className={css.span}
              aria-label={t("act.plusDays", { count })}
              title={t("act.plusDays", { count })}
              onClick={() => {
                const text = showDay(addWorkingDays(from, count, named));
                if (field.current !== null) field.current.value = text;
                type(text);
              }}
              data-testid={`due-plus-${count}`}
            >
              +{count}
            </Button>
          ))}
        </span>
      </div>
      <p
        id={`${id}-note`}
        className={problem === undefined ? css.note : box.problem}
        data-testid={problem === undefined ? "due-note" : "field-problem"}
      >
        {problem ??
          (day === ""
            ? note
            : day === null
              ? t("act.dueWrong")
              : t(isWorked(day, named) ? "act.dueMeans" : "act.dueOff", {
                  weekday: t(`weekday.${weekday(day)}`),
                  day: showDay(day),
                  count: workingDaysUntil(today, day, named),
                }))}
      </p>
    </div>
  );
}
