import { TextField } from "../../shared/TextField";
import { parseDay, showDay, todayHere } from "../intake/days";

export const DAY_MS = 86_400_000;

/** The instant at which a day begins in Vietnam; none where no day is written. */
export function dayStart(text: string): number | null {
  const day = parseDay(text, todayHere());
  return day ? Date.parse(`${day}T00:00:00+07:00`) : null;
}

interface DayFieldProps {
  name: string;
  label: string;
  problem: string | undefined;
  /** Nothing stands there until somebody writes. */
  empty?: boolean;
  testId: string;
}

/** A day as people write it; today where nothing else is typed. */
export function DayField({ name, label, problem, empty = false, testId }: DayFieldProps) {
  return (
    <TextField
      name={name}
      label={label}
      problem={problem}
      defaultValue={empty ? "" : showDay(todayHere())}
      autoComplete="off"
      onBlur={(event) => {
        const day = parseDay(event.target.value, todayHere());
        if (day) event.target.value = showDay(day);
      }}
      data-testid={testId}
    />
  );
}
