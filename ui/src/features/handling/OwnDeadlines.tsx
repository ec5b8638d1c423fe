import { useEffect, useId, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { OfficePersonDto } from "../../generated/types";
import { Button } from "../../shared/Button";
import { cx } from "../../shared/cx";
import unseen from "../../shared/hidden.module.css";
import box from "../../shared/SuggestField.module.css";
import { useNamedDays } from "../calendar/useNamedDays";
import { showDay, todayHere } from "../intake/days";
import { parseDue } from "./days";
import type { Part } from "./draft";
import css from "./OwnDeadlines.module.css";

interface OwnDeadlinesProps {
  /** Who leads and supports. */
  people: ReadonlyArray<{ person: OfficePersonDto; part: Part }>;
  /** What was typed for each, by account. */
  value: Readonly<Record<string, string>>;
  onChange: (value: Record<string, string>) => void;
  /** When a field is left: the same, with days written out. */
  onLeave: (value: Record<string, string>) => void;
  /** Nobody works longer than until that day; empty where nothing ends it. */
  latest: string;
  problem: string | undefined;
}

/** A deadline of their own for those who lead and support (Art. 23(2)); closed until it is wanted, so
 * that who gives all the same goes on with one key. */
export function OwnDeadlines(props: OwnDeadlinesProps) {
  const { people, value, onChange, onLeave, latest, problem } = props;
  const { t } = useTranslation();
  const id = useId();
  const root = useRef<HTMLFieldSetElement>(null);
  const [open, setOpen] = useState(() => Object.values(value).some((typed) => typed.trim() !== ""));
  const opened = useRef(false);
  const today = todayHere();
  const named = useNamedDays();
  useEffect(() => {
    if (open && opened.current) root.current?.querySelector("input")?.focus();
  }, [open]);
  const isWrong = (typed: string) => {
    const day = parseDue(typed, today, today, named);
    if (day === null) return true;
    return day !== "" && (day < today || (latest !== "" && day > latest));
  };
  // What is wrong is never hidden.
  const shown = open || problem !== undefined;
  const anyWrong = people.some(({ person }) => isWrong(value[person.account] ?? ""));
  const count = people.filter(({ person }) => (value[person.account] ?? "").trim() !== "").length;
  return (
    <div>
      <Button
        tone="quiet"
        icon={shown ? "chevronDown" : "chevronRight"}
        aria-expanded={shown}
        aria-controls={`${id}-list`}
        onClick={() => {
          opened.current = true;
          setOpen(!open);
        }}
        data-testid="own-deadlines"
      >
        {count === 0 ? t("act.own.title") : t("act.own.titleSome", { count })}
      </Button>
      {shown && (
        <fieldset ref={root} id={`${id}-list`} className={css.list} aria-describedby={`${id}-note`}>
          <legend className={unseen.hidden}>{t("act.own.title")}</legend>
          {people.map(({ person, part }, i) => {
            const typed = value[person.account] ?? "";
            const marked = isWrong(typed) || (!anyWrong && i === 0);
            return (
              <div key={person.account} className={css.person}>
                <label className={css.who} htmlFor={`${id}-${person.account}`}>
                  <span className={css.name}>{person.name}</span>
                  <span className={css.part}>
                    {t(`role.${part}`)} · {person.unit}
                  </span>
                </label>
                <input
                  id={`${id}-${person.account}`}
                  className={cx(box.input, css.day, problem !== undefined && marked && box.wrong)}
                  defaultValue={typed}
                  placeholder={t("act.duePlaceholder")}
                  autoComplete="off"
                  spellCheck={false}
                  aria-invalid={problem !== undefined && marked}
                  data-testid="own-deadline"
                  data-account={person.account}
                  onInput={(event) =>
                    onChange({ ...value, [person.account]: event.currentTarget.value })
                  }
                  onBlur={(event) => {
                    const day = parseDue(event.currentTarget.value, today, today, named);
                    if (day !== null && day !== "") event.currentTarget.value = showDay(day);
                    onLeave({ ...value, [person.account]: event.currentTarget.value });
                  }}
                />
              </div>
            );
          })}
          <p
            id={`${id}-note`}
            className={problem === undefined ? css.note : box.problem}
            data-testid={problem === undefined ? "own-note" : "field-problem"}
          >
            {problem ??
              (latest === ""
                ? t("act.own.hint")
                : t("act.own.hintUntil", { day: showDay(latest) }))}
          </p>
        </fieldset>
      )}
    </div>
  );
}
