import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { cx } from "../../shared/cx";
import box from "../../shared/SuggestField.module.css";
import { parseDay, showDay, todayHere } from "./days";

interface DayBoxProps {
  id: string;
  value: string;
  onDay: (day: string) => void;
  testId: string;
}

/** A day as a person types it; what is no day changes nothing and is marked. */
export function DayBox({ id, value, onDay, testId }: DayBoxProps) {
  const { t } = useTranslation();
  const field = useRef<HTMLInputElement>(null);
  const [wrong, setWrong] = useState(false);
  useEffect(() => {
    if (field.current === null || document.activeElement === field.current) return;
    field.current.value = showDay(value);
    setWrong(false);
  }, [value]);
  const commit = () => {
    const day = parseDay(field.current?.value ?? "", todayHere());
    setWrong(day === null);
    if (day === null) return;
    if (field.current !== null) field.current.value = showDay(day);
    onDay(day);
  };
  return (
    <input
      ref={field}
      id={id}
      className={cx(box.input, wrong && box.wrong)}
      defaultValue={showDay(value)}
      placeholder={t("intake.dayHint")}
      autoComplete="off"
      aria-invalid={wrong}
      onInput={() => setWrong(false)}
      onBlur={commit}
      onKeyDown={(event) => {
        if (event.key === "Enter") commit();
      }}
      data-testid={testId}
    />
  );
}
